"""The sheet Bulgular: all findings of one file in a table, each with a link to its cell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from math import ceil
from typing import Any

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.hyperlink import Hyperlink

from kars_xl.base.text import writable
from kars_xl.findings.words import count_line, where
from kars_xl.reports.annotate.mark import LOOKS, Line, area_of

_TITLE = "Bulgular"
# Tells our sheet from one that a clerk named the same.
_MARK = "kars_xl_bulgular"
_HEADER = 5
_COLUMNS = (
    ("No", 5), ("Önem", 9), ("Kod", 8), ("Sayfa", 18), ("Hücre", 8), ("Ne yanlış", 62), ("Nasıl düzeltilir", 50)
)  # fmt: skip
_GUIDE = (
    "Hücre adresine tıklayın, o hücreye gidersiniz. İşaretli hücrenin üzerinde durunca notu açılır "
    "(düz çerçeve hata, kesik çerçeve uyarı, noktalı çerçeve öneri)."
)
_LINE_HEIGHT = 15
_CLEAN = "Bu dosyada düzeltilecek bir şey yok."
# A time for properties that a clerk's file does not state; "now" would make every copy another one.
FIXED_TIME = dt.datetime(2000, 1, 1)


def remove_list(book: Any) -> None:
    """Takes out the list of an earlier round."""
    for sheet in list(book.worksheets):
        if _MARK in sheet.defined_names:
            book.remove(sheet)


def add_list(book: Any, name: str, lines: Sequence[Line], remark: str = "") -> None:
    """The list as the first sheet of `book`, and the only one selected; `name` is the file's."""
    sheet = book.create_sheet(_TITLE, 0)
    reference = f"{quote_sheetname(sheet.title)}!$A$1"
    sheet.defined_names.add(DefinedName(_MARK, attr_text=reference, hidden=True))
    counts = count_line([line.finding for line in lines])
    _text(sheet, 1, 1, f"{_TITLE} – {name}").font = _font(sheet, bold=True, size=14)
    _text(sheet, 2, 1, counts).font = _font(sheet, bold=True)
    linked = any(area_of(book, line) for line in lines)
    _text(sheet, 3, 1, remark or (_GUIDE if linked else "" if lines else _CLEAN))
    if lines:
        _table(book, sheet, lines)
    _page(sheet, len(lines))
    _select_only(book, sheet)


def _table(book: Any, sheet: Any, lines: Sequence[Line]) -> None:
    side = Side("thin", "A6A6A6")
    border = Border(left=side, right=side, top=side, bottom=side)
    for column, (heading, _) in enumerate(_COLUMNS, start=1):
        cell = _text(sheet, _HEADER, column, heading)
        cell.font, cell.border = _font(sheet, bold=True), border
        cell.fill = PatternFill("solid", start_color="D9D9D9", end_color="D9D9D9")
        cell.alignment = Alignment(vertical="center", wrap_text=True)
    for row, line in enumerate(lines, start=_HEADER + 1):
        found, place = line.finding, line.place
        sheet.cell(row, 1, line.number)
        values = (line.severity, found.code, place.sheet or "dosyanın tümü", place.cell, _message(line), found.fix)
        for column, value in enumerate(values, start=2):
            _text(sheet, row, column, value)
        for column in range(1, len(_COLUMNS) + 1):
            cell = sheet.cell(row, column)
            cell.border, cell.alignment = border, Alignment(vertical="top", wrap_text=True)
        fill = LOOKS[found.severity][0]
        sheet.cell(row, 2).fill = PatternFill("solid", start_color=fill, end_color=fill)
        sheet.cell(row, 2).font = _font(sheet, bold=True)
        _link(book, sheet.cell(row, 5), line)
        # Not every program fits the height of a row to its text by itself.
        heights = [_lines(str(value), width) for value, (_, width) in zip(values, _COLUMNS[1:], strict=True)]
        sheet.row_dimensions[row].height = min(_LINE_HEIGHT * max(heights) + 3, 409)


def _lines(text: str, width: int) -> int:
    """How many lines `text` takes in a column of `width` digits; words that wrap leave some of it free."""
    return sum(max(1, ceil(len(part) * 1.03 / width)) for part in text.split("\n"))


def _message(line: Line) -> str:
    others = [where(place) for place in line.others]
    return line.finding.message + (f" (İlgili yer: {'; '.join(others[:5])})" if others else "")


def _link(book: Any, cell: Any, line: Line) -> None:
    if area := area_of(book, line):
        location = f"{quote_sheetname(line.place.sheet)}!{area.coord.partition(':')[0]}"
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=location, tooltip="Hücreye git")
        cell.font = _font(cell.parent, color="0563C1", underline="single")


def _text(sheet: Any, row: int, column: int, value: str) -> Any:
    """Text as text, whatever it begins with: what a clerk typed must never become a formula of ours."""
    cell = sheet.cell(row, column)
    cell.value = writable(value)[:32_000]
    cell.data_type = "s"
    if value[:1] in ("=", "+", "-", "@"):
        cell.quotePrefix = True
    return cell


def _font(sheet: Any, *, size: float = 0, **looks: Any) -> Font:
    """The workbook's own font, so that the list looks like the form that it came with."""
    own = sheet.parent._fonts[0]
    return Font(name=own.name, size=size or own.size or 11, **looks)


def _page(sheet: Any, count: int) -> None:
    for column, (_, width) in enumerate(_COLUMNS, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.oddFooter.right.text = "&P / &N"
    sheet.sheet_view.showGridLines = False
    if count:
        sheet.freeze_panes = sheet.cell(_HEADER + 1, 1)
        sheet.print_title_rows = f"{_HEADER}:{_HEADER}"
        sheet.auto_filter.ref = f"A{_HEADER}:{get_column_letter(len(_COLUMNS))}{_HEADER + count}"


def _select_only(book: Any, first: Any) -> None:
    """One sheet selected: with two, Excel types into both at once."""
    for sheet in book.worksheets:
        for view in sheet.views.sheetView:
            view.tabSelected = sheet is first
    for sheet in book.chartsheets:
        for view in sheet.sheetViews.sheetView:
            view.tabSelected = False
    book.active = first
    for view in book.views:
        view.firstSheet = 0
