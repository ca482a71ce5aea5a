"""Reads .ods straight from its XML, for the same reasons as ooxml: formulas, errors, formats, hiding."""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from xml.etree.ElementTree import Element

from kars_xl.base.colours import rgb
from kars_xl.base.money import stored_number
from kars_xl.base.number_format import days_of
from kars_xl.reading.grid.cells import Cell, CellValue, ExcelError, Grid, Sheet, UnreadableFile, Unseen
from kars_xl.reading.grid.limits import MAX_CELLS, refuse_cells
from kars_xl.reading.grid.package import Stream, local_name, opened
from kars_xl.reading.grid.styles import BLACK, WHITE, alike, look_of_runs, look_where

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_CALCEXT = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_MAX_REPEATED = 1000
_MAX_SPACES = 1 << 15  # as many letters as a cell of Excel has
_HIDDEN = ("collapse", "filter")
_NOTES = ("annotation", "note", "ruby-text")
_SIGNS = {_TEXT + "tab": "\t", _TEXT + "line-break": "\n"}
_DATA = ("number-style", "currency-style", "percentage-style", "text-style")
_DIGITS = ("number", "scientific-number", "fraction")
_ERROR = re.compile(r"#(?!FMT)[A-ZÇĞİÖŞÜ0-9/]+[!?]?|Err:\d+")
_TIME = re.compile(r"PT(\d+)H(\d+)M(\d+)(?:[.,]\d+)?S")
_LENGTH = re.compile(r"(\d*\.?\d+)")
_SMALLEST = 0.03  # of a row's height or column's width, in whatever unit


def read_ods(path: str, data: bytes) -> Grid:
    """The spreadsheet in `data`. Raises UnreadableFile (KX001, KX002, KX003)."""
    with opened(data) as package:
        if b"manifest:encryption-data" in package.open("META-INF/manifest.xml").read():
            raise UnreadableFile("KX002", "manifest.xml")
        return _Reader(path, package).grid


def _repeat(element: Element, of: str) -> int:
    return max(1, int(element.get(f"{_TABLE}number-{of}", "1")))


class _Reader:
    def __init__(self, path: str, parts: Stream) -> None:
        self.styles: dict[tuple[str, str], Element] = {}
        self.blank_formats: set[str] = set()
        self.looks: dict[str, Unseen | str] = {}
        self.grid = Grid(path, [])
        for part in ("styles.xml", "content.xml"):
            for element in parts.elements(part, "style", *_DATA, "table"):
                if element.tag == _TABLE + "table":
                    self.grid.sheets.append(self._sheet(element))
                elif local_name(element.tag) == "style":
                    self.styles[element.get(_STYLE + "family", ""), element.get(_STYLE + "name", "")] = element
                elif not any(local_name(child.tag) in _DIGITS for child in element):
                    self.blank_formats.add(element.get(_STYLE + "name", ""))

    def _told(self, family: str, style: str | None, name: str, otherwise: str = "") -> str:
        """What a style, or the nearest that it is based on, says of a property."""
        for _ in range(20):
            element = self.styles.get((family, style or ""))
            for properties in () if element is None else (element, *element):
                for key, value in properties.items():
                    if local_name(key) == name:
                        return str(value)
            style = None if element is None else element.get(_STYLE + "parent-style-name")
        return otherwise

    def _is_away(self, element: Element, family: str, size: str) -> bool:
        length = _LENGTH.match(self._told(family, element.get(_TABLE + "style-name"), size))
        return element.get(_TABLE + "visibility") in _HIDDEN or (length is not None and float(length[1]) < _SMALLEST)

    def _sheet(self, table: Element) -> Sheet:
        away = self._told("table", table.get(_TABLE + "style-name"), "display") == "false"
        sheet = Sheet(self.grid.file, table.get(_TABLE + "name", ""), hidden=away)
        self.columns: list[tuple[bool, str]] = []  # of each: whether it is away, and the style of its cells
        for column in table.iter(_TABLE + "table-column"):
            style = column.get(_TABLE + "default-cell-style-name", "")
            told = self._is_away(column, "table-column", "column-width"), style
            self.columns += [told] * min(_repeat(column, "columns-repeated"), 16384 - len(self.columns))
        number = 1
        self.merged: list[tuple[int, int, int, int]] = []
        for row in table.iter(_TABLE + "table-row"):
            repeat = _repeat(row, "rows-repeated")
            hidden = away or self._is_away(row, "table-row", "row-height")
            for at in range(number, number + repeat):
                if not self._row(sheet, row, at, hidden):
                    break
                if at == number + _MAX_REPEATED:
                    raise UnreadableFile("KX003", f"{sheet.name}: {number}. satır {repeat} kez tekrarlanıyor")
            number += repeat
        sheet.merge(self.merged)
        return sheet

    def _row(self, sheet: Sheet, row: Element, number: int, hidden: bool) -> bool:
        """Adds a row's cells; False where it had none."""
        column, before = 1, len(sheet.cells)
        for element in row:
            if element.tag not in (_TABLE + "table-cell", _TABLE + "covered-table-cell"):
                continue
            repeat = _repeat(element, "columns-repeated")
            runs = [run for part in element.iterfind(_TEXT + "p") for run in (*self._runs(part), ("\n", False, False))]
            text = "".join(run[0] for run in runs).strip("\n")
            value, form = _value(element, text)
            formula = element.get(_TABLE + "formula")
            if value is not None or formula is not None:
                refuse_cells(len(sheet.cells) if repeat <= _MAX_REPEATED else MAX_CELLS + repeat)
                down, right = _repeat(element, "rows-spanned"), _repeat(element, "columns-spanned")
                self.merged += [(number, column, number + down - 1, column + right - 1)] if down * right > 1 else []
                currency = element.get(_OFFICE + "currency", "TRY")
                shown = text if currency in ("TRY", "TL") else f"{text} {currency}"
                for at in range(column, column + repeat):
                    away, style = self.columns[at - 1] if at <= len(self.columns) else (False, "")
                    style = element.get(_TABLE + "style-name") or row.get(_TABLE + "default-cell-style-name") or style
                    unseen = look_where(hidden or away, look_of_runs(runs) or self._look(style, text))
                    cell = Cell(sheet.file, sheet.name, number, at, value, formula, form, unseen)
                    cell.shown = shown if isinstance(value, Decimal) else ""
                    sheet.cells[number, at] = cell
            column += repeat
        return len(sheet.cells) > before

    def _look(self, style: str, text: str) -> Unseen | str:
        if not text and self._told("table-cell", style, "data-style-name") in self.blank_formats:
            return Unseen.FORMAT
        if style not in self.looks:
            told = partial(self._told, "table-cell", style)
            back, colour = told("background-color", "transparent"), told("color")
            window = told("use-window-font-color") == "true" or not colour
            white = back == "transparent"
            same = alike(BLACK if window else rgb(colour), WHITE if white else rgb(back)) and not (window and not white)
            self.looks[style] = Unseen.STRUCK if self._struck("table-cell", style) else Unseen.COLOUR if same else ""
        return self.looks[style]

    def _struck(self, family: str, style: str | None) -> bool:
        """LibreOffice says of a run only the type of its line."""
        line = self._told(family, style, "text-line-through-type", "none")
        return self._told(family, style, "text-line-through-style", line) != "none"

    def _runs(self, element: Element, style: str | None = None) -> Iterator[tuple[str, bool, bool]]:
        """The (text, struck, raised) runs of a paragraph; notes are none of its text."""
        style = element.get(_TEXT + "style-name") if element.tag == _TEXT + "span" else style
        struck = self._struck("text", style)
        raised = self._told("text", style, "text-position", "0% 100%").split()[0] not in ("0%", "0")
        yield element.text or "", struck, raised
        for child in element:
            if child.tag == _TEXT + "s":
                yield " " * min(int(child.get(_TEXT + "c", "1")), _MAX_SPACES), struck, raised
            elif child.tag in _SIGNS:
                yield _SIGNS[child.tag], struck, raised
            elif local_name(child.tag) not in _NOTES:
                yield from self._runs(child, style)
            yield child.tail or "", struck, raised


def _value(element: Element, text: str) -> tuple[CellValue, str]:
    """(value, number format) of a cell; the format tells only percent and date, for the text shows all else."""
    kind = element.get(_OFFICE + "value-type")
    if element.get(_CALCEXT + "value-type") == "error" or _ERROR.fullmatch(text):
        return ExcelError(text or "#HATA"), "General"
    if kind in ("float", "percentage", "currency"):
        if (number := stored_number(element.get(_OFFICE + "value", ""))) is None:
            return text or None, "General"
        return number, "0.00%" if kind == "percentage" else "General"
    if kind == "date":
        return days_of(element.get(_OFFICE + "date-value", "")), "dd.mm.yyyy"
    if kind == "time" and (time := _TIME.fullmatch(element.get(_OFFICE + "time-value", ""))):
        return Decimal(int(time[1]) * 60 + int(time[2])) / 1440, "[h]:mm"
    if kind == "boolean":
        return element.get(_OFFICE + "boolean-value") == "true", "General"
    return text or element.get(_OFFICE + "string-value") or None, "General"
