"""A file becomes sheets of cells; every cell keeps its Place from here on."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import zipfile
from pathlib import Path

from kars_xl.base.atomic import system_reason
from kars_xl.base.money import exact
from kars_xl.base.text import writable
from kars_xl.reading.grid.cells import Cell, CellValue, ExcelError, Grid, Sheet, UnreadableFile
from kars_xl.reading.grid.containers import EMPTY, OLE, TEXT, WORKBOOK, is_workbook_name, kind_of, packed
from kars_xl.reading.grid.ooxml import read_ooxml
from kars_xl.reading.grid.package import DAMAGE
from kars_xl.reading.grid.plain import read_plain

__all__ = ["SUFFIXES", "Cell", "ExcelError", "Grid", "Sheet", "UnreadableFile", "on_disk", "open_grid", "read_grid"]

SUFFIXES = (".xlsx", ".xlsm", ".xls", ".ods", ".csv", ".tsv", ".txt", ".md", ".docx")
_MAX_FILE = 64 * 2**20


def open_grid(path: str) -> Grid:
    """The file at `path` as a Grid; what it is shows in its bytes, not in its name.

    Raises UnreadableFile with KX001 (unreadable), KX002 (password), KX003 (too large or suspicious) or KX014 (no
    workbook and no text).
    """
    return read_grid(path, file_bytes(path))


def file_bytes(path: str) -> bytes:
    """What the file holds; one in an archive has a path below the archive's.

    Raises UnreadableFile with KX001 (unreadable) or KX003 (too large).
    """
    try:
        place = on_disk(path)
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
    grid = _read(path, data)
    fill_uncached(grid)
    grid.digest = hashlib.sha256(data).hexdigest()
    return grid


def _refuse_large(size: int) -> None:
    if size > _MAX_FILE:
        raise UnreadableFile("KX003", f"{size} bayt")


def _read(path: str, data: bytes) -> Grid:
    kind = kind_of(path, data)
    if kind not in (WORKBOOK, TEXT):
        promised = is_workbook_name(path) or (kind == EMPTY and not Path(path).suffix)
        raise UnreadableFile("KX001" if promised and not kind.remedy else "KX014", kind.what, kind.remedy)
    # An OLE container is either an old .xls or a workbook locked with a password.
    if data.startswith(OLE):
        if "DRMEncrypted".encode("utf-16-le") in data:
            raise UnreadableFile("KX019", "DRMEncryptedTransform")
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise UnreadableFile("KX002", "EncryptedPackage")
        from kars_xl.reading.grid.plain import read_xls

        return read_xls(path, data)
    if data.startswith(b"PK"):
        if b"mimetypeapplication/vnd.oasis.opendocument" in data[:200]:
            from kars_xl.reading.grid.ods import read_ods

            return read_ods(path, io.BytesIO(data))
        if _is_word(data):
            from kars_xl.reading.grid.plain import read_docx

            return read_docx(path, io.BytesIO(data))
        return read_ooxml(path, io.BytesIO(data))
    return read_plain(path, data)


def _is_word(data: bytes) -> bool:
    """By what the package lists: a workbook may have a document embedded."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return "word/document.xml" in package.namelist()
    except DAMAGE:
        return False


_ERRORS = {"Div": "#DIV/0!", "Ref": "#REF!", "Name": "#NAME?", "Value": "#VALUE!", "Num": "#NUM!", "Na": "#N/A"}


def fill_uncached(grid: Grid) -> None:
    """Gives each formula cell without a stored result its value; what can't be computed stays without one."""
    open_cells = [
        cell
        for sheet in grid.sheets
        for cell in sheet.cells.values()
        if cell.formula is not None and cell.value is None and "[" not in cell.formula
    ]
    if not open_cells:
        return
    import formualizer

    book = formualizer.Workbook()
    literal = formualizer.LiteralValue
    for sheet in grid.sheets:
        target = book.sheet(sheet.name)
        for (row, column), cell in sheet.cells.items():
            value = cell.value
            if isinstance(value, bool):
                target.set_value(row, column, literal.boolean(value))
            elif isinstance(value, str):
                target.set_value(row, column, literal.text(writable(value)))
            elif value is not None and not isinstance(value, ExcelError):
                target.set_value(row, column, literal.number(float(value)))
    computed = []
    for cell in open_cells:
        # The engine's parser raises types of its own for what it can't read.
        with contextlib.suppress(Exception):
            book.sheet(cell.sheet).set_formula(cell.row, cell.column, "=" + str(cell.formula).lstrip("="))
            computed.append(cell)
    book.evaluate_all()
    for cell in computed:
        cell.value = _result(book.get_value(cell.sheet, cell.row, cell.column))


def _result(result: object) -> CellValue:
    if isinstance(result, bool | str):
        return result
    if isinstance(result, int | float):
        return exact(result)
    if isinstance(result, dict):
        return ExcelError(_ERRORS.get(str(result.get("kind")), "#HATA"))
    return None
