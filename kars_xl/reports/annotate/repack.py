"""Puts back what openpyxl's save loses: the stored results of formulas, and the same bytes for the same content.

It puts each sheet down in the system's temporary folder first, which may be full.
"""

from __future__ import annotations

import errno
import re
import zipfile
from collections.abc import Mapping
from decimal import Decimal
from functools import partial
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


def saved(book: Any, grid: Grid | None = None) -> bytes:
    """openpyxl's workbook as bytes, with the results that `grid`'s formulas have; OSError where there is no room."""
    from lxml.etree import SerialisationError

    modified = book.properties.modified.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    first, stream = BytesIO(), BytesIO()
    try:
        book.save(first)
    except SerialisationError as error:
        # Its text is the name of the system's own reason: IO_ENOSPC.
        number = getattr(errno, str(error).removeprefix("IO_"), errno.EIO)
        raise OSError(number, str(error)) from error
    read = {sheet.name: sheet.cells for sheet in grid.sheets} if grid else {}
    cells = {f"xl/worksheets/sheet{at}.xml": read.get(sheet.title) for at, sheet in enumerate(book.worksheets, 1)}
    with zipfile.ZipFile(first) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        # The order in which openpyxl adds a macro's parts changes from run to run.
        for name in sorted(old.namelist(), key=lambda part: (part != _CONTENT_TYPES, part)):
            content = old.read(name)
            if name == "docProps/core.xml":
                content = _MODIFIED.sub(rb"\g<1>" + modified + rb"\g<2>", content)
            elif known := cells.get(name):
                content = _FORMULA_CELL.sub(partial(_filled, known), content.decode()).encode()
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, content)
    return stream.getvalue()


def _filled(cells: Mapping[tuple[int, int], Cell], match: re.Match[str]) -> str:
    """The XML of a formula's cell with its stored result."""
    letters, row, rest, formula = match.groups()
    cell = cells.get((int(row), column_number(letters)))
    stored = _stored(cell) if cell else None
    return f'<c r="{letters}{row}"{rest}{stored[0]}>{formula}<v>{stored[1]}</v></c>' if stored else match[0]


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
