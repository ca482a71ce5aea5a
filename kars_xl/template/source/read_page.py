"""Reads a sheet's settings from openpyxl."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from openpyxl.utils.cell import range_boundaries

from kars_xl.template.page import Area, Call, PageSetup

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
    page, sizes, margins, outline = ws.page_setup, ws.sheet_format, ws.page_margins, ws.sheet_properties.outlinePr
    options = {
        "scale_with_doc": ws.HeaderFooter.scaleWithDoc is not False,
        "align_with_margins": ws.HeaderFooter.alignWithMargins is not False,
    }
    return PageSetup(
        state=ws.sheet_state,
        calls=list(_calls(ws, colour(ws.sheet_properties.tabColor))),
        outline=(
            outline is None or outline.summaryBelow is not False,
            outline is None or outline.summaryRight is not False,
        ),
        default_row_height=sizes.defaultRowHeight,
        default_column_width=sizes.defaultColWidth,
        margins={side: getattr(margins, side) for side in ("left", "right", "top", "bottom")},
        paper=int(page.paperSize) if page.paperSize else None,
        landscape=page.orientation == "landscape",
        scale=page.scale,
        fit=_fit(ws),
        header_options=options | {"margin": margins.header},
        footer_options=options | {"margin": margins.footer},
        freeze=_freeze(ws.sheet_view.pane),
        print_areas=[area(part) for part in _AREA.findall(str(ws.print_area or ""))],
        title_rows=_title_rows(ws),
        title_columns=_title_columns(ws),
        autofilter=area(ws.auto_filter.ref) if ws.auto_filter.ref else None,
        row_breaks=sorted(b.id for b in ws.row_breaks.brk),
        column_breaks=sorted(b.id for b in ws.col_breaks.brk),
    )


def _calls(ws: Any, tab_colour: str | None) -> Iterator[Call]:
    """What XlsxWriter is asked for, in its words, where the sheet differs from what it does by itself."""
    view, page, options = ws.sheet_view, ws.page_setup, ws.print_options
    protection = ws.protection
    # 0 prints grid lines, 1 only shows them, 2 neither.
    gridlines = 2 if view.showGridLines is False else 0 if options.gridLines else 1
    # The file lists what is forbidden, XlsxWriter takes what is allowed.
    allowed = {new: not getattr(protection, old) for old, new in _ALLOWANCES.items()}
    for name, wanted, *arguments in (
        ("set_tab_color", tab_colour, tab_colour),
        ("set_zoom", view.zoomScale, view.zoomScale),
        ("hide_gridlines", True, gridlines),
        ("hide_row_col_headers", view.showRowColHeaders is False),
        ("hide_zero", view.showZeros is False),
        ("right_to_left", view.rightToLeft),
        ("set_pagebreak_view", view.view == "pageBreakPreview"),
        ("set_page_view", view.view == "pageLayout"),
        ("set_default_row", ws.sheet_format.defaultRowHeight, ws.sheet_format.defaultRowHeight),
        ("center_horizontally", options.horizontalCentered),
        ("center_vertically", options.verticalCentered),
        ("print_across", page.pageOrder == "overThenDown"),
        ("set_start_page", page.useFirstPageNumber and page.firstPageNumber is not None, page.firstPageNumber),
        ("print_black_and_white", page.blackAndWhite),
        ("print_row_col_headers", options.headings),
        ("protect", protection.sheet, "", allowed),
    ):
        if wanted:
            yield name, tuple(arguments)


def _freeze(pane: Any) -> tuple[int, int] | None:
    if pane is None or pane.state not in ("frozen", "frozenSplit"):
        return None
    return int(pane.ySplit or 0) + 1, int(pane.xSplit or 0) + 1


def _fit(ws: Any) -> tuple[int, int] | None:
    wanted = ws.sheet_properties.pageSetUpPr
    if wanted is None or not wanted.fitToPage:
        return None
    width, height = ws.page_setup.fitToWidth, ws.page_setup.fitToHeight
    return 1 if width is None else int(width), 1 if height is None else int(height)


def _title_rows(ws: Any) -> tuple[int, int] | None:
    if not ws.print_title_rows:
        return None
    first, _, last = str(ws.print_title_rows).replace("$", "").partition(":")
    return int(first), int(last or first)


def _title_columns(ws: Any) -> tuple[int, int] | None:
    if not ws.print_title_cols:
        return None
    first, _, last = str(ws.print_title_cols).replace("$", "").partition(":")
    return area(f"{first}1")[1], area(f"{last or first}1")[1]
