"""Reads a sheet's settings from openpyxl."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from openpyxl.utils.cell import range_boundaries

from .page import Area, PageSetup

# One of the ranges of a print area; the sheet's name before it may hold anything, commas too.
_AREA = re.compile(r"!(\$?[A-Z]+\$?\d+(?::\$?[A-Z]+\$?\d+)?)(?=,|\Z)")

_ALLOWANCES = {
    "objects": "objects", "scenarios": "scenarios", "formatCells": "format_cells", "formatColumns": "format_columns",
    "formatRows": "format_rows", "insertColumns": "insert_columns", "insertRows": "insert_rows",
    "insertHyperlinks": "insert_hyperlinks", "deleteColumns": "delete_columns", "deleteRows": "delete_rows",
    "selectLockedCells": "select_locked_cells", "sort": "sort", "autoFilter": "autofilter",
    "pivotTables": "pivot_tables", "selectUnlockedCells": "select_unlocked_cells",
}  # fmt: skip


def area(text: str) -> Area:
    """A range's text as (row1, col1, row2, col2)."""
    col1, row1, col2, row2 = range_boundaries(text)
    return int(row1 or 1), int(col1 or 1), int(row2 or row1 or 1), int(col2 or col1 or 1)


def read_page(ws: Any, colour: Callable[[Any], str | None]) -> PageSetup:
    """Settings of an openpyxl worksheet."""
    view, page, options, margins = ws.sheet_view, ws.page_setup, ws.print_options, ws.page_margins
    found = PageSetup(
        state=ws.sheet_state,
        tab_colour=colour(ws.sheet_properties.tabColor),
        zoom=view.zoomScale,
        gridlines=view.showGridLines is not False,
        row_column_headers=view.showRowColHeaders is not False,
        zeros=view.showZeros is not False,
        right_to_left=bool(view.rightToLeft),
        view=view.view or "normal",
        selection=view.selection[0].sqref if view.selection and view.pane is None else None,
        margins={
            name: value
            for name in ("left", "right", "top", "bottom", "header", "footer")
            if (value := getattr(margins, name)) is not None
        },
        paper=int(page.paperSize) if page.paperSize else None,
        landscape=page.orientation == "landscape",
        scale=page.scale,
        centre_horizontally=bool(options.horizontalCentered),
        centre_vertically=bool(options.verticalCentered),
        across=page.pageOrder == "overThenDown",
        first_page=page.firstPageNumber if page.useFirstPageNumber else None,
        black_and_white=bool(page.blackAndWhite),
        print_gridlines=bool(options.gridLines),
        print_headers=bool(options.headings),
        header_options={
            "scale_with_doc": ws.HeaderFooter.scaleWithDoc is not False,
            "align_with_margins": ws.HeaderFooter.alignWithMargins is not False,
        },
        row_breaks=sorted(b.id for b in ws.row_breaks.brk),
        column_breaks=sorted(b.id for b in ws.col_breaks.brk),
    )
    if ws.sheet_format.customHeight or ws.sheet_format.defaultRowHeight:
        found.default_row_height = ws.sheet_format.defaultRowHeight
    found.default_column_width = ws.sheet_format.defaultColWidth
    outline = ws.sheet_properties.outlinePr
    if outline is not None:
        found.outline_below, found.outline_right = (
            outline.summaryBelow is not False,
            outline.summaryRight is not False,
        )
    fit = ws.sheet_properties.pageSetUpPr
    if fit is not None and fit.fitToPage:
        width, height = page.fitToWidth, page.fitToHeight
        found.fit = (1 if width is None else int(width), 1 if height is None else int(height))
    pane = view.pane
    if pane is not None and pane.state in ("frozen", "frozenSplit"):
        found.freeze = (int(pane.ySplit or 0) + 1, int(pane.xSplit or 0) + 1)
    if ws.print_area:
        found.print_areas = [area(part) for part in _AREA.findall(str(ws.print_area))]
    if ws.print_title_rows:
        first, _, last = str(ws.print_title_rows).replace("$", "").partition(":")
        found.title_rows = (int(first), int(last or first))
    if ws.print_title_cols:
        first, _, last = str(ws.print_title_cols).replace("$", "").partition(":")
        found.title_columns = (area(f"{first}1")[1], area(f"{last or first}1")[1])
    if ws.auto_filter.ref:
        found.autofilter = area(ws.auto_filter.ref)
    if ws.protection.sheet:
        # The file lists what is forbidden, XlsxWriter takes what is allowed.
        found.protection = {new: not getattr(ws.protection, old) for old, new in _ALLOWANCES.items()}
    return found
