"""Reads a sheet's settings from openpyxl."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from openpyxl.utils.cell import range_boundaries

from kars_xl.template.page import Area, PageSetup

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
    sizes, outline = ws.sheet_format, ws.sheet_properties.outlinePr
    return PageSetup(
        state=ws.sheet_state,
        tab_colour=colour(ws.sheet_properties.tabColor),
        zoom=view.zoomScale,
        gridlines=view.showGridLines is not False,
        row_column_headers=view.showRowColHeaders is not False,
        zeros=view.showZeros is not False,
        right_to_left=bool(view.rightToLeft),
        view=view.view or "normal",
        selection=view.selection[0].sqref if view.selection and view.pane is None else None,
        freeze=_freeze(view.pane),
        default_row_height=sizes.defaultRowHeight if sizes.customHeight or sizes.defaultRowHeight else None,
        default_column_width=sizes.defaultColWidth,
        outline_below=outline is None or outline.summaryBelow is not False,
        outline_right=outline is None or outline.summaryRight is not False,
        margins={
            name: value
            for name in ("left", "right", "top", "bottom", "header", "footer")
            if (value := getattr(margins, name)) is not None
        },
        paper=int(page.paperSize) if page.paperSize else None,
        landscape=page.orientation == "landscape",
        scale=page.scale,
        fit=_fit(ws),
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
        print_areas=[area(part) for part in _AREA.findall(str(ws.print_area or ""))],
        title_rows=_title_rows(ws),
        title_columns=_title_columns(ws),
        autofilter=area(ws.auto_filter.ref) if ws.auto_filter.ref else None,
        row_breaks=sorted(b.id for b in ws.row_breaks.brk),
        column_breaks=sorted(b.id for b in ws.col_breaks.brk),
        protection=_protection(ws.protection),
    )


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


def _protection(protection: Any) -> dict[str, bool] | None:
    """The file lists what is forbidden, XlsxWriter takes what is allowed."""
    if not protection.sheet:
        return None
    return {new: not getattr(protection, old) for old, new in _ALLOWANCES.items()}
