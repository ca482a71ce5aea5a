"""Looks and small tools that all template workbooks share: colours, styles, page set-up, repetition names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import xlsxwriter
from xlsxwriter.utility import xl_cell_to_rowcol

CREATED = dt.datetime(2024, 1, 1)  # fixed, so that the same script writes the same bytes

NAVY = "#17374B"  # headings
PALE = "#E9EFF3"  # label cells
MIDDLE = "#D3DFE6"  # total rows
LINE = "#AEBDC7"  # thin borders
GREY = "#5B6B76"  # secondary text
RED = "#A61C1C"  # draft mark, failed check
GREEN = "#1E6B3A"  # passed check
AMBER = "#8A6D00"  # attention: draft with findings, border of the cells to fill in
ENTRY = "#FFF9DB"  # cells to fill in

MONEY = "#,##0.00"
MONEY_DASH = '#,##0.00;-#,##0.00;"-"'  # the cost tables print zero as a dash
SHARE = "0.00%"
COUNT = "#,##0"
DATE = "dd.mm.yyyy"

PRINT_SCALE = 90  # with columns of 97 digits a portrait page is full, and two cost tables fit on it

Props = Mapping[str, object]

_BORDER: Props = {"border": 1, "border_color": LINE}
_ON_NAVY: Props = {"bold": True, "font_color": "#FFFFFF", "bg_color": NAVY, "border_color": "#FFFFFF"}
_ON_MIDDLE: Props = {"bold": True, "font_color": NAVY, "bg_color": MIDDLE}
# An amount that outgrows its column gets smaller instead of turning into ####.
_ONE_LINE: Props = {"text_wrap": False, "shrink": True}

# A cell names one or more of these; later ones win.
STYLES: Mapping[str, Props] = {
    "title": {"font_size": 15, "bold": True, "font_color": NAVY},
    "subtitle": {"font_color": GREY},
    "draft": {"font_size": 11, "bold": True, "font_color": RED},
    "note": {"font_size": 8, "font_color": GREY, "text_wrap": True},
    "link": {"font_size": 8, "font_color": NAVY, "underline": 1},
    "textlink": {"font_color": NAVY, "underline": 1, "text_wrap": True},
    "cell": {**_BORDER, "text_wrap": True},
    "heading": {**_BORDER, **_ON_NAVY, "align": "center", "text_wrap": True},
    "subheading": {**_BORDER, **_ON_MIDDLE, "align": "center", "text_wrap": True},
    "label": {**_BORDER, **_ON_MIDDLE, "bg_color": PALE, "align": "left", "indent": 1, "text_wrap": True},
    "total": {**_BORDER, **_ON_MIDDLE, "align": "left", "indent": 1},
    "entry": {
        "border": 1,
        "border_color": AMBER,
        "bg_color": ENTRY,
        "font_color": "#000000",
        "bold": False,
        "locked": False,
        "text_wrap": True,
    },
    "mark": {"font_color": AMBER, "bold": True},
    "bold": {"bold": True},
    "nowrap": {"text_wrap": False},
    "left": {"align": "left", "indent": 1},
    "right": {"align": "right", "indent": 1},
    "center": {"align": "center", "indent": 0},
    "top": {"valign": "top"},
    "small": {"font_size": 8},
    "money": {"num_format": MONEY, "align": "right", "indent": 1, **_ONE_LINE},
    "dash": {"num_format": MONEY_DASH, "align": "right", "indent": 1, **_ONE_LINE},
    "share": {"num_format": SHARE, "align": "right", "indent": 1, **_ONE_LINE},
    "count": {"num_format": COUNT, "align": "right", "indent": 1, **_ONE_LINE},
    "date": {"num_format": DATE, "align": "left"},
    "text": {"num_format": "@"},
    "open_right": {"right": 0, "text_wrap": False},  # a long label runs on into the blank cell beside it
    "open_left": {"left": 0},
}

_SIDE: tuple[tuple[str, object], ...] = (("", 1), ("_color", LINE))

_NORMAL: Props = {"font_name": "Arial", "font_size": 10, "font_scheme": "none"}
_FOUNDATION: Props = {"font_name": "Arial", "font_size": 9, "valign": "vcenter"}


class Book:
    """A template workbook that is being written; `styles` are named in STYLES."""

    def __init__(self, path: Path, title: str) -> None:
        # Column widths count digits of the workbook's own font: Arial has a metric twin on every system.
        self.file = xlsxwriter.Workbook(str(path), {"default_format_properties": dict(_NORMAL)})
        self.file.set_properties({"title": title, "subject": "Performans programı", "created": CREATED})
        self._formats: dict[tuple[tuple[str, object], ...], object] = {}

    def style(self, names: str, **extra: object) -> object:
        """The format that the space-separated style names (and `extra` properties) make together."""
        props: dict[str, object] = dict(_FOUNDATION)
        for name in names.split():
            props.update(STYLES[name])
        props.update(extra)
        key = tuple(sorted(props.items()))
        if key not in self._formats:
            self._formats[key] = self.file.add_format(props)
        return self._formats[key]

    def sheet(self, name: str, widths: str, tab: str = NAVY) -> Sheet:
        """A new sheet; `widths` are the column widths from A on, in characters."""
        return Sheet(self, name, [float(width) for width in widths.split()], tab)

    def close(self) -> None:
        self.file.close()


class Sheet:
    """One sheet, addressed as in Excel ("B5", "B5:E5", rows from 1)."""

    def __init__(self, book: Book, name: str, widths: list[float], tab: str) -> None:
        self.book = book
        self.name = name
        self.raw = book.file.add_worksheet(name)
        self.raw.hide_gridlines(2)
        self.raw.set_tab_color(tab)
        for column, width in enumerate(widths):
            self.raw.set_column(column, column, width, book.style(""))

    def put(self, cell: str, value: str | int | None, styles: str, **extra: object) -> None:
        """Writes text, a number, a formula (text with "=" first) or a styled blank."""
        row, column = xl_cell_to_rowcol(cell)
        style = self.book.style(styles, **extra)
        if value is None:
            result = self.raw.write_blank(row, column, None, style)
        elif isinstance(value, int):
            result = self.raw.write_number(row, column, value, style)
        elif value.startswith("="):
            result = self.raw.write_formula(row, column, value, style)
        else:
            result = self.raw.write_string(row, column, value, style)
        _accepted(result, self.name, cell)

    def row(self, row: int, styles: str, **cells: str | int | None) -> None:
        """Several cells of one row in one style, by column letter."""
        for column, value in cells.items():
            self.put(f"{column}{row}", value, styles)

    def merge(self, area: str, value: str | None, styles: str, **extra: object) -> None:
        """A merged heading area; only outside rows of data."""
        _accepted(self.raw.merge_range(area, value or "", self.book.style(styles, **extra)), self.name, area)

    def link(self, cell: str, target: str, text: str, styles: str = "link") -> None:
        """A link to a place in this workbook, such as 'İçindekiler'!A1."""
        result = self.raw.write_url(cell, f"internal:{target}", self.book.style(styles), text)
        _accepted(result, self.name, cell)

    def repeat(self, name: str, area: str) -> None:
        """Marks the rows of `area` as repeated: the sheet's own name her_<kind>."""
        first, _, last = area.partition(":")
        self.book.file.define_name(
            f"'{self.name}'!her_{name}", f"='{self.name}'!{_absolute(first)}:{_absolute(last or first)}"
        )

    def heights(self, heights: Mapping[int, float]) -> None:
        for row, height in heights.items():
            self.raw.set_row(row - 1, height)

    def titled(self, title: str, back_link: str | None = None) -> None:
        """Title in A1, programme in A2, draft mark in A3; the way back stands beside the printed area."""
        self.put("A1", title, "title")
        self.put("A2", PROGRAMME, "subtitle")
        self.put("A3", "{{ taslak }}", "draft")
        self.heights({1: 24, 2: 14, 3: 16})
        if back_link:
            self.link(back_link, "'İçindekiler'!A1", "◄ İçindekiler")

    def paged(self, area: str, section: str, *, landscape: bool = False, titles: str = "") -> None:
        """A4 print set-up: printed area, header, footer, rows "first:last" repeated on each page."""
        page = self.raw
        page.set_paper(9)
        page.set_landscape() if landscape else page.set_portrait()
        page.set_margins(left=0.5, right=0.5, top=0.8, bottom=0.7)
        page.center_horizontally()
        page.set_print_scale(PRINT_SCALE)
        page.print_area(area)
        # The size stands before the font: digits right after &8 would be read as part of the size.
        small = '&8&"Arial,Regular"'
        draft = '&10&"Arial,Bold"{{ taslak }}'
        page.set_header(f"&L{small}{{{{ kurum.ad }}}}&C{draft}&R{small}{_HEADER_RIGHT}")
        page.set_footer(f"&L{small}{section}&R{small}Sayfa &P / &N")
        if titles:
            first, _, last = titles.partition(":")
            page.repeat_rows(int(first) - 1, int(last) - 1)

    def one_page_wide(self) -> None:
        """Shrinks to the page's width. Excel then ignores manual page breaks: not where there are any."""
        self.raw.fit_to_pages(1, 0)

    def group_line(self, area: str) -> None:
        """Draws the upper line of each cell that holds text: where a new group begins in an open column."""
        first = area.partition(":")[0]
        line = {f"{side}{what}": value for side in ("top", "left", "right") for what, value in _SIDE}
        options = {"type": "formula", "criteria": f'=${first}<>""', "format": self.book.file.add_format(line)}
        self.raw.conditional_format(area, options)

    def signal(self, area: str) -> None:
        """Colours verdicts by the word that they begin with; the words themselves are the first signal."""
        first = area.partition(":")[0]
        for word, colour, ground in (("TAMAM", GREEN, "#E3F1E7"), ("HATA", RED, "#F9DEDC"), ("TASLAK", AMBER, ENTRY)):
            style = self.book.file.add_format({"font_color": colour, "bg_color": ground, "bold": True})
            criteria = f'=LEFT({first},{len(word)})="{word}"'
            self.raw.conditional_format(area, {"type": "formula", "criteria": criteria, "format": style})

    def protect(self) -> None:
        """Locks all but the entry cells, without a password; clerks may still sort, filter and resize."""
        self.raw.protect(
            "",
            {
                "sort": True,
                "autofilter": True,
                "format_columns": True,
                "format_rows": True,
                "select_locked_cells": True,
                "select_unlocked_cells": True,
            },
        )


PROGRAMME = "{{ kurum.ad }} – {{ yil }} Mali Yılı Performans Programı"
_HEADER_RIGHT = "{{ yil }} Mali Yılı Performans Programı"


def _absolute(cell: str) -> str:
    letters = cell.rstrip("0123456789")
    return f"${letters}${cell[len(letters) :]}"


def _accepted(result: object, sheet: str, cell: str) -> None:
    """XlsxWriter only returns a negative number where it refuses a write."""
    if isinstance(result, int) and result < 0:
        raise ValueError(f"XlsxWriter refused {sheet}!{cell}")
