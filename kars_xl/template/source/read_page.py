"""A sheet's settings."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from xml.etree.ElementTree import Element

from kars_xl.base.place import column_number
from kars_xl.template.formula.reference import LAST_COLUMN, LAST_ROW, parse_reference
from kars_xl.template.page import Area, Call, PageSetup
from kars_xl.template.source.package import number, yes

# One of the ranges of a print area; the sheet's name before it may hold anything, commas too. LibreOffice writes all
# of it in small letters where the name begins with Ş.
_AREA = re.compile(r"!(\$?[A-Z]+\$?\d+(?::\$?[A-Z]+\$?\d+)?)(?=,|\Z)", re.IGNORECASE)

_TITLE_ROWS = re.compile(r"!\$?(\d+):\$?(\d+)")
_TITLE_COLUMNS = re.compile(r"!\$?([A-Z]+):\$?([A-Z]+)(?=,|\Z)", re.IGNORECASE)
# Inches, where a sheet says nothing.
_MARGINS = {"left": 0.75, "right": 0.75, "top": 1.0, "bottom": 1.0, "header": 0.5, "footer": 0.5}
_ALLOWANCES = {
    "objects": "objects", "scenarios": "scenarios", "formatCells": "format_cells", "formatColumns": "format_columns",
    "formatRows": "format_rows", "insertColumns": "insert_columns", "insertRows": "insert_rows",
    "insertHyperlinks": "insert_hyperlinks", "deleteColumns": "delete_columns", "deleteRows": "delete_rows",
    "selectLockedCells": "select_locked_cells", "sort": "sort", "autoFilter": "autofilter",
    "pivotTables": "pivot_tables", "selectUnlockedCells": "select_unlocked_cells",
}  # fmt: skip
_USUALLY_ALLOWED = ("objects", "scenarios", "selectLockedCells", "selectUnlockedCells")


def area(text: str) -> Area:
    """A range's text as (row1, col1, row2, col2); ValueError for any other text."""
    ref = parse_reference(text)
    if ref is None:
        raise ValueError(text)
    return ref.row1 or 1, ref.col1 or 1, ref.row2 or LAST_ROW, ref.col2 or LAST_COLUMN


def areas(text: str) -> list[Area]:
    """Ranges with blanks between them, sorted."""
    return sorted({area(part) for part in text.split()})


def read_page(
    sheet: Element, state: str, printed: Mapping[str, str], colour: Callable[[Element | None], str | None]
) -> PageSetup:
    """Settings of a worksheet; `printed` are its own defined names."""
    page, sizes, band = sheet.find("pageSetup"), sheet.find("sheetFormatPr"), sheet.find("headerFooter")
    outline, margins = sheet.find("sheetPr/outlinePr"), sheet.find("pageMargins")
    inches = {side: usual if margins is None else number(margins, side) or 0.0 for side, usual in _MARGINS.items()}
    options = {
        "scale_with_doc": yes(band, "scaleWithDoc", default=True),
        "align_with_margins": yes(band, "alignWithMargins", default=True),
    }
    titles, filtered = printed.get("_xlnm.Print_Titles", ""), sheet.find("autoFilter")
    rows, columns = _TITLE_ROWS.search(titles), _TITLE_COLUMNS.search(titles)
    scale, paper = number(page, "scale"), number(page, "paperSize")
    return PageSetup(
        state=state,
        calls=list(_calls(sheet, colour(sheet.find("sheetPr/tabColor")))),
        outline=(yes(outline, "summaryBelow", default=True), yes(outline, "summaryRight", default=True)),
        default_row_height=_row_height(sizes),
        default_column_width=number(sizes, "defaultColWidth"),
        margins={side: inches[side] for side in ("left", "right", "top", "bottom")},
        paper=int(paper) if paper else None,
        landscape=page is not None and page.get("orientation") == "landscape",
        scale=None if scale is None else int(scale),
        fit=_fit(sheet, page),
        header_options=options | {"margin": inches["header"]},
        footer_options=options | {"margin": inches["footer"]},
        freeze=_freeze(sheet.find("sheetViews/sheetView/pane")),
        print_areas=[area(part) for part in _AREA.findall(printed.get("_xlnm.Print_Area", ""))],
        title_rows=(int(rows[1]), int(rows[2])) if rows else None,
        title_columns=(column_number(columns[1]), column_number(columns[2])) if columns else None,
        autofilter=area(filtered.get("ref", "")) if filtered is not None else None,
        row_breaks=_breaks(sheet, "rowBreaks"),
        column_breaks=_breaks(sheet, "colBreaks"),
    )


def _row_height(sizes: Element | None) -> float | None:
    return 15.0 if sizes is None else number(sizes, "defaultRowHeight")


def _breaks(sheet: Element, kind: str) -> list[int]:
    return sorted(int(found.get("id", 0)) for found in sheet.iterfind(f"{kind}/brk"))


def _calls(sheet: Element, tab_colour: str | None) -> Iterator[Call]:
    """What XlsxWriter is asked for, in its words, where the sheet differs from what it does by itself."""
    view, page, options = (sheet.find(name) for name in ("sheetViews/sheetView", "pageSetup", "printOptions"))
    protection, height = sheet.find("sheetProtection"), _row_height(sheet.find("sheetFormatPr"))
    shown = view.get("view") if view is not None else None
    zoom, first = number(view, "zoomScale"), number(page, "firstPageNumber")
    # 0 prints grid lines, 1 only shows them, 2 neither.
    gridlines = 2 if not yes(view, "showGridLines", default=True) else 0 if yes(options, "gridLines") else 1
    # The file lists what is forbidden, XlsxWriter takes what is allowed.
    allowed = {new: not yes(protection, old, default=old not in _USUALLY_ALLOWED) for old, new in _ALLOWANCES.items()}
    for name, wanted, *arguments in (
        ("set_tab_color", tab_colour, tab_colour),
        ("set_zoom", zoom, int(zoom or 0)),
        ("hide_gridlines", True, gridlines),
        ("hide_row_col_headers", not yes(view, "showRowColHeaders", default=True)),
        ("hide_zero", not yes(view, "showZeros", default=True)),
        ("right_to_left", yes(view, "rightToLeft")),
        ("set_pagebreak_view", shown == "pageBreakPreview"),
        ("set_page_view", shown == "pageLayout"),
        ("set_default_row", height, height),
        ("center_horizontally", yes(options, "horizontalCentered")),
        ("center_vertically", yes(options, "verticalCentered")),
        ("print_across", page is not None and page.get("pageOrder") == "overThenDown"),
        ("set_start_page", yes(page, "useFirstPageNumber") and first is not None, int(first or 0)),
        ("print_black_and_white", yes(page, "blackAndWhite")),
        ("print_row_col_headers", yes(options, "headings")),
        ("protect", yes(protection, "sheet"), "", allowed),
    ):
        if wanted:
            yield name, tuple(arguments)


def _freeze(pane: Element | None) -> tuple[int, int] | None:
    if pane is None or pane.get("state") not in ("frozen", "frozenSplit"):
        return None
    return int(number(pane, "ySplit") or 0) + 1, int(number(pane, "xSplit") or 0) + 1


def _fit(sheet: Element, page: Element | None) -> tuple[int, int] | None:
    if not yes(sheet.find("sheetPr/pageSetUpPr"), "fitToPage"):
        return None
    width, height = number(page, "fitToWidth"), number(page, "fitToHeight")
    return 1 if width is None else int(width), 1 if height is None else int(height)


def band(sheet: Element, name: str) -> str:
    """The header or footer of that name (oddHeader …); its pictures stay behind."""
    return sheet.findtext(f"headerFooter/{name}", "").replace("_x000a_", "\n").replace("&G", "")
