"""Reads .ods straight from content.xml, for the same reasons as ooxml: formulas, errors, formats, hiding."""

from __future__ import annotations

import zipfile
from decimal import Decimal, InvalidOperation
from typing import IO
from xml.etree import ElementTree

from kars_xl.grid.cells import Cell, CellValue, ExcelError, Grid, Sheet, UnreadableFile
from kars_xl.money import exact
from kars_xl.reasons import DAMAGED

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_CALCEXT = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_MAX_CONTENT = 256 * 2**20
_HIDDEN = ("collapse", "filter")


def read_ods(path: str, stream: IO[bytes]) -> Grid:
    """The spreadsheet in `stream`. Raises UnreadableFile (KX001, KX002, KX003)."""
    try:
        with zipfile.ZipFile(stream) as package:
            if package.getinfo("content.xml").file_size > _MAX_CONTENT:
                raise UnreadableFile("KX003", "content.xml")
            content = package.read("content.xml")
            if b"manifest:encryption-data" in package.read("META-INF/manifest.xml"):
                raise UnreadableFile("KX002", "manifest.xml")
        if b"<!DOCTYPE" in content[:4096]:
            raise UnreadableFile("KX003", "content.xml: DOCTYPE")
        root = ElementTree.fromstring(content)
    except (zipfile.BadZipFile, KeyError, ElementTree.ParseError, OSError, NotImplementedError) as error:
        raise UnreadableFile("KX001", DAMAGED) from error
    hidden_tables = {
        style.get(_STYLE + "name", "")
        for style in root.iter(_STYLE + "style")
        for properties in style.iter(_STYLE + "table-properties")
        if properties.get(_TABLE + "display") == "false"
    }
    return Grid(path, [_sheet(path, table, hidden_tables) for table in root.iter(_TABLE + "table")])


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
            for offset in range(min(repeat, 1024)):
                at = column + offset
                sheet.cells[number, at] = Cell(
                    sheet.file, sheet.name, number, at, value, formula, number_format, hidden or at in hidden_columns
                )
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
