"""Puts back what openpyxl's save loses: the stored results of formulas, and the same bytes for the same content.

It puts each sheet down in the system's temporary folder first, which may be full.
"""

from __future__ import annotations

import errno
import re
import zipfile
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from kars_xl.base.place import column_number
from kars_xl.base.text import writable
from kars_xl.reading.grid import Cell, ExcelError, Grid

_FORMULA_CELL = re.compile(r'<c r="([A-Z]+)(\d+)"([^>]*)>(<f\b[^>]*(?:/>|>[^<]*</f>))<v\s*(?:/>|></v>)</c>')
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")
_ERRORS = {"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"}
_EPOCH = (1980, 1, 1, 0, 0, 0)
_CONTENT_TYPES = "[Content_Types].xml"

Results = Mapping[str, Mapping[tuple[int, int], Cell]]


def results_of(grid: Grid) -> Results:
    """The formula cells of a file by the name of their sheet."""
    return {
        sheet.name: {at: cell for at, cell in sheet.cells.items() if cell.formula is not None} for sheet in grid.sheets
    }


def saved(book: Any) -> bytes:
    """openpyxl's workbook as bytes; OSError where there is no room."""
    from lxml.etree import SerialisationError

    stream = BytesIO()
    try:
        book.save(stream)
    except SerialisationError as error:
        # Its text is the name of the system's own reason: IO_ENOSPC.
        number = getattr(errno, str(error).removeprefix("IO_"), errno.EIO)
        raise OSError(number, str(error)) from error
    return stream.getvalue()


def repack(data: bytes, sheets: Iterable[str], results: Results, modified: datetime) -> bytes:
    """openpyxl's package anew. `sheets` are its worksheets' names in order, `modified` the time that it states."""
    parts = {f"xl/worksheets/sheet{number}.xml": name for number, name in enumerate(sheets, start=1)}
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        # The order in which openpyxl adds a macro's parts changes from run to run.
        for name in sorted(old.namelist(), key=lambda part: (part != _CONTENT_TYPES, part)):
            content = old.read(name)
            if name == "docProps/core.xml":
                stamp = modified.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
                content = _MODIFIED.sub(rb"\g<1>" + stamp + rb"\g<2>", content)
            elif results.get(parts.get(name, "")):
                content = _with_results(content.decode("utf-8"), results[parts[name]]).encode("utf-8")
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, content)
    return stream.getvalue()


def _with_results(xml: str, cells: Mapping[tuple[int, int], Cell]) -> str:
    def fill(match: re.Match[str]) -> str:
        letters, row, rest, formula = match.groups()
        cell = cells.get((int(row), column_number(letters)))
        stored = _stored(cell) if cell else None
        if stored is None:
            return match[0]
        kind, value = stored
        return f'<c r="{letters}{row}"{rest}{kind}>{formula}<v>{value}</v></c>'

    return _FORMULA_CELL.sub(fill, xml)


def _stored(cell: Cell) -> tuple[str, str] | None:
    """(attribute, content) of a stored result; None where there is none that a file can hold."""
    value = cell.value
    if isinstance(value, bool):
        return ' t="b"', str(int(value))
    if isinstance(value, Decimal):
        return "", str(value)
    if isinstance(value, str):
        return ' t="str"', escape(writable(value))
    if isinstance(value, ExcelError) and value.text in _ERRORS:
        return ' t="e"', value.text
    return None
