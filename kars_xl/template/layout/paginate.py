"""Where pages end: no heading stands last on a page, and a table that fits on one page is not cut.

Only for sheets that hold several tables or headings and whose template leaves the page breaks to the program. Every
page then ends at a break of its own, so that a printer with slightly other measures can't move the ends.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from math import floor
from typing import NamedTuple

from kars_xl.template.laid import LaidCell, LaidRow, LaidSheet, Layout
from kars_xl.template.layout.textfit import Columns, height_of
from kars_xl.template.page import PageSetup

_PAPERS = {1: (612.0, 792.0), 5: (612.0, 1008.0), 8: (842.0, 1191.0), 9: (595.0, 842.0), 11: (420.0, 595.0)}
_SAFETY = 0.97  # programs and printers round rows and columns differently
_WIDER = 1.06  # Excel draws a digit in whole pixels, LibreOffice in its true width
_POINTS = 72.0
_MOST_BREAKS = 1023


class _Row(NamedTuple):
    """A printed row: its height in points, whether anything stands in it, and whether it is a heading."""

    number: int
    height: float
    filled: bool
    heading: bool


def paginate(layout: Layout) -> None:
    """Set the page breaks of the sheets that have none and need some."""
    for sheet in layout.sheets:
        floating = sheet.images or sheet.charts
        page = sheet.page
        if page.state == "visible" and page.print_areas and not page.row_breaks and not floating:
            _paginate(layout, sheet)


def _paginate(layout: Layout, sheet: LaidSheet) -> None:
    scale = _scale(sheet)
    size = _printable(sheet.page)
    if scale is None or size is None:
        return
    room = size[1] / scale * 100 * _SAFETY
    rows = _rows(layout, sheet)
    tables = _tables(rows)
    first, last = sheet.page.title_rows or (0, -1)
    repeated = range(first, last + 1)
    titles = sum(height_of(sheet, row) for row in repeated)
    # One list below its repeated heading needs no help: any of its rows may be the last one on a page.
    tables_below = sum(table[-1].number >= repeated.stop for table in tables)
    flows = tables_below > 1 or any(row.heading and row.number >= repeated.stop for row in rows)
    if not flows or any(row.height > room - titles for row in rows):
        return
    breaks = _ends(tables, room, room - titles)
    if 0 < len(breaks) <= _MOST_BREAKS:
        sheet.page = replace(sheet.page, row_breaks=breaks)
        if sheet.page.fit is not None:
            # Excel heeds no manual break on a sheet that it fits to the page's width.
            sheet.page = replace(sheet.page, fit=None, scale=scale)


def _printable(page: PageSetup) -> tuple[float, float] | None:
    """Width and height of the paper between the margins, in points; None for a paper of unknown size."""
    if page.paper not in _PAPERS:
        return None
    width, height = _PAPERS[page.paper]
    if page.landscape:
        width, height = height, width
    across, down = (page.margins[one] + page.margins[other] for one, other in (("left", "right"), ("top", "bottom")))
    return width - across * _POINTS, height - down * _POINTS


def _scale(sheet: LaidSheet) -> int | None:
    """The print scale in percent at which the sheet is one page wide; None where it isn't, or is fitted otherwise."""
    page, size = sheet.page, _printable(sheet.page)
    [(_, first, _, last)] = page.print_areas
    columns = Columns(sheet.columns, page.default_column_width)
    width = sum(columns.width(column) for column in range(first, last + 1)) * _WIDER
    if size is None or not width or page.fit not in (None, (1, 0)):
        return None
    fitting = floor(size[0] / width * 100)
    if page.fit is not None:
        return max(min(fitting, 100), 10)
    scale = page.scale or 100
    return scale if scale <= fitting else None


def _rows(layout: Layout, sheet: LaidSheet) -> list[_Row]:
    [(top, left, bottom, right)] = sheet.page.print_areas
    filled: dict[int, list[LaidCell]] = {}
    for (row, column), cell in sheet.cells.items():
        if left <= column <= right and cell.value not in (None, ""):
            filled.setdefault(row, []).append(cell)
    bold = [bool(style.get("bold")) for style in layout.styles]
    plain = LaidRow()
    found = []
    for row in range(top, bottom + 1):
        if sheet.rows.get(row, plain).hidden:
            continue
        cells = filled.get(row, [])
        heading = len(cells) == 1 and isinstance(cells[0].value, str) and bold[cells[0].style]
        found.append(_Row(row, height_of(sheet, row), bool(cells), heading))
    return found


def _tables(rows: list[_Row]) -> list[list[_Row]]:
    """Rows without a blank one between them; the blank ones end a table, and headings alone belong to the next one."""
    tables: list[list[_Row]] = [[]]
    for before, row in pairwise([_Row(0, 0.0, True, False), *rows]):
        begins = row.filled and not before.filled
        if begins and any(item.filled and not item.heading for item in tables[-1]):
            tables.append([])
        tables[-1].append(row)
    return tables


def _ends(tables: list[list[_Row]], first_room: float, room: float) -> list[int]:
    """The last rows of all pages but the last one; `room` in points, on the first page and on the others."""
    pages = _Pages(first_room, room, tables[0][0].number)
    for table in tables:
        if pages.left < _height(table) <= room:
            pages.turn(table[0])
        for at, row in enumerate(table):
            if row.height > pages.left:
                cut = at
                while cut and table[cut - 1].heading and table[cut - 1].number > pages.top:
                    cut -= 1
                pages.turn(table[cut])
                pages.left -= sum(before.height for before in table[cut:at])
            pages.left -= row.height
    return pages.ends


class _Pages:
    """The pages so far: their last rows, the first row of the open one and the room left on it."""

    def __init__(self, first_room: float, room: float, top: int) -> None:
        self.room, self.left, self.top = room, first_room, top
        self.ends: list[int] = []

    def turn(self, row: _Row) -> None:
        """The next page begins with this row, unless this one does."""
        if row.number > self.top:
            self.ends.append(row.number - 1)
            self.top, self.left = row.number, self.room


def _height(table: list[_Row]) -> float:
    """Without the blank rows at its end, which a page may cut off."""
    last = max((at for at, row in enumerate(table) if row.filled), default=-1)
    return sum(row.height for row in table[: last + 1])
