"""A file becomes sheets of cells; every cell keeps its Place from here on."""

import hashlib
import os
from pathlib import Path

from kars_xl.base.atomic import system_reason
from kars_xl.reading.grid.archives import packed
from kars_xl.reading.grid.cells import Cell, ExcelError, Grid, Sheet, UnreadableFile
from kars_xl.reading.grid.containers import EMPTY, TEXT, WORKBOOK, is_workbook_name, kind_of, suffix_of
from kars_xl.reading.grid.ods import read_ods
from kars_xl.reading.grid.ooxml import read_ooxml
from kars_xl.reading.grid.plain import read_plain, read_xls
from kars_xl.reading.grid.word import read_docx

__all__ = ["SUFFIXES", "Cell", "ExcelError", "Grid", "Sheet", "UnreadableFile", "on_disk", "open_grid", "read_grid"]

SUFFIXES = (".xlsx", ".xlsm", ".xls", ".ods", ".csv", ".tsv", ".txt", ".md", ".docx")
_READERS = {".xls": read_xls, ".ods": read_ods, ".docx": read_docx, ".xlsx": read_ooxml, ".xlsm": read_ooxml}
_MAX_FILE = 64 * 2**20


def open_grid(path: str) -> Grid:
    """The file at `path` as a Grid; what it is shows in its bytes, not in its name. Raises UnreadableFile with KX001
    (unreadable), KX002 (password), KX003 (too large or suspicious) or KX014 (no workbook and no text)."""
    return read_grid(path, file_bytes(path))


def file_bytes(path: str) -> bytes:
    """What the file holds; one in an archive has a path below the archive's. Raises UnreadableFile with KX001
    (unreadable), KX003 (too large) or KX007 (there is none)."""
    try:
        place = on_disk(path)
        if not os.path.lexists(place):
            raise UnreadableFile("KX007", "")
        if place.is_symlink() and place.is_dir():
            raise UnreadableFile("KX014", "başka bir klasöre kısayol", "link")
        if not place.is_file():
            raise UnreadableFile("KX001", "dosya değil")
        _refuse_large(place.stat().st_size)
        data = place.read_bytes()
    except OSError as error:
        raise UnreadableFile("KX001", system_reason(error)) from error
    return data if place == Path(path) else packed(data, Path(path).relative_to(place).as_posix())


def on_disk(path: str | Path) -> Path:
    """The file on the disk that `path` leads to: itself, or the archive that it lies in."""
    return next((it for it in (Path(path), *Path(path).parents) if os.path.isfile(it)), Path(path))


def read_grid(path: str, data: bytes) -> Grid:
    """A file's bytes as a Grid; `path` is what its cells call it. Raises as `open_grid` does."""
    _refuse_large(len(data))
    kind = kind_of(path, data)
    if kind not in (WORKBOOK, TEXT):
        promised = is_workbook_name(path) or (kind == EMPTY and not Path(path).suffix)
        raise UnreadableFile("KX001" if promised and not kind.remedy else "KX014", kind.what, kind.remedy)
    grid = _READERS.get(suffix_of(path, data), read_plain)(path, data)
    if any(cell.formula is not None for sheet in grid.sheets for cell in sheet.cells.values()):
        from kars_xl.reading.grid.formulas import Formulas

        Formulas(grid).fill()
    grid.digest = hashlib.sha256(data).hexdigest()
    return grid


def _refuse_large(size: int) -> None:
    if size > _MAX_FILE:
        raise UnreadableFile("KX003", f"{size} bayt")
