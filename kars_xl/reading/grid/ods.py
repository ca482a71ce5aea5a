"""Reads .ods straight from content.xml, for the same reasons as ooxml: formulas, errors, formats, hiding."""

from __future__ import annotations

import zipfile
from decimal import Decimal, InvalidOperation
from typing import IO, Any
from xml.etree import ElementTree

from kars_xl.base.atomic import DAMAGED
from kars_xl.base.money import exact
from kars_xl.reading.grid.cells import Cell, CellValue, ExcelError, Grid, Sheet, UnreadableFile, Unseen
from kars_xl.reading.grid.package import DAMAGE, Stream, guard

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_CALCEXT = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_MAX_CELLS = 500_000
_HIDDEN = ("collapse", "filter")


def read_ods(path: str, stream: IO[bytes]) -> Grid:
    """The spreadsheet in `stream`. Raises UnreadableFile (KX001, KX002, KX003)."""
    try:
        with zipfile.ZipFile(stream) as package:
            guard(package)
            if b"manifest:encryption-data" in package.read("META-INF/manifest.xml"):
                raise UnreadableFile("KX002", "manifest.xml")
            return _grid(path, Stream(package))
    except DAMAGE as error:
        raise UnreadableFile("KX001", DAMAGED) from error


def _grid(path: str, parts: Stream) -> Grid:
    hidden_tables: set[str] = set()
    sheets = []
    for element in parts.elements("content.xml", "style", "table"):
        if element.tag == _TABLE + "table":
            sheets.append(_sheet(path, element, hidden_tables))
        elif any(found.get(_TABLE + "display") == "false" for found in element.iter(_STYLE + "table-properties")):
            hidden_tables.add(element.get(_STYLE + "name", ""))
    return Grid(path, sheets)


def _sheet(path: str, table: ElementTree.Element, hidden_tables: set[str]) -> Sheet:
    sheet = Sheet(path, table.get(_TABLE + "name", ""), hidden=table.get(_TABLE + "style-name", "") in hidden_tables)
    hidden_columns = _hidden_columns(table)
    number = 1
    for row in table.iter(_TABLE + "table-row"):
        repeat = int(row.get(_TABLE + "number-rows-repeated", "1"))
        hidden = sheet.hidden or row.get(_TABLE + "visibility") in _HIDDEN
        # Rows are repeated in thousands only where they are empty; a filled repeat is bounded like a clerk's sheet.
        for offset in range(min(repeat, 1000)):
            if not _row(sheet, row, number + offset, hidden, hidden_columns):
                break
        number += repeat
    return sheet


def _hidden_columns(table: ElementTree.Element) -> set[int]:
    hidden: set[int] = set()
    number = 1
    for column in table.iter(_TABLE + "table-column"):
        repeat = int(column.get(_TABLE + "number-columns-repeated", "1"))
        if column.get(_TABLE + "visibility") in _HIDDEN:
            hidden.update(range(number, min(number + repeat, 16385)))
        number += repeat
    return hidden


def _row(sheet: Sheet, row: ElementTree.Element, number: int, hidden: bool, hidden_columns: set[int]) -> bool:
    """Adds a row's cells; False where it had none."""
    column = 1
    found = False
    for element in row:
        if element.tag not in (_TABLE + "table-cell", _TABLE + "covered-table-cell"):
            continue
        repeat = int(element.get(_TABLE + "number-columns-repeated", "1"))
        value, number_format = _value(element)
        formula = element.get(_TABLE + "formula")
        if value is not None or formula is not None:
            found = True
            if len(sheet.cells) > _MAX_CELLS:
                raise UnreadableFile("KX003", f"{_MAX_CELLS} hücreden fazla")
            shown: dict[str, Any] = {"formula": formula, "number_format": number_format}
            for at in range(column, column + min(repeat, 1024)):
                is_hidden = Unseen.HIDDEN if hidden or at in hidden_columns else ""
                sheet.cells[number, at] = Cell(sheet.file, sheet.name, number, at, value, unseen=is_hidden, **shown)
        column += repeat
    return found


def _value(element: ElementTree.Element) -> tuple[CellValue, str]:
    """(value, number format) of a cell; the format tells only percent and date, which is all that is asked of it."""
    kind = element.get(_OFFICE + "value-type")
    text = "\n".join("".join(paragraph.itertext()) for paragraph in element.findall(_TEXT + "p"))
    if element.get(_CALCEXT + "value-type") == "error":
        return ExcelError(text or "#HATA"), "General"
    if kind in ("float", "percentage", "currency"):
        try:
            raw = element.get(_OFFICE + "value", "")
            number = exact(float(raw)) if "." in raw or "e" in raw.lower() else Decimal(raw)
        except (InvalidOperation, ValueError):
            return text or None, "General"
        return number, "0.00%" if kind == "percentage" else "General"
    if kind in ("date", "time"):
        return Decimal(0), "dd.mm.yyyy"
    if kind == "boolean":
        return element.get(_OFFICE + "boolean-value") == "true", "General"
    return text or None, "General"
