"""A sheet's settings, columns, print set-up and protection, as XlsxWriter takes them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kars_xl.template.laid import LaidSheet
from kars_xl.template.page import PageSetup

PIXELS_PER_CHARACTER = 7


def write_page(sheet: LaidSheet, worksheet: Any, style: Callable[[int | None], Any]) -> None:
    """Everything of a sheet but its cells."""
    page = sheet.page
    _view(sheet, page, worksheet)
    _columns(sheet, page, worksheet, style)
    _paper(page, worksheet)
    _ranges(sheet, worksheet)
    if page.protection is not None:
        worksheet.protect("", page.protection)


def _view(sheet: LaidSheet, page: PageSetup, worksheet: Any) -> None:
    if page.state == "hidden":
        worksheet.hide()
    elif page.state == "veryHidden":
        worksheet.very_hidden()
    if page.tab_colour:
        worksheet.set_tab_color(page.tab_colour)
    if page.zoom:
        worksheet.set_zoom(page.zoom)
    # 0 hides no grid lines, 1 those of the paper, 2 both.
    worksheet.hide_gridlines(0 if page.print_gridlines else 1 if page.gridlines else 2)
    if page.print_gridlines and not page.gridlines:
        worksheet.hide_gridlines(2)
    if not page.row_column_headers:
        worksheet.hide_row_col_headers()
    if not page.zeros:
        worksheet.hide_zero()
    if page.right_to_left:
        worksheet.right_to_left()
    if page.view == "pageBreakPreview":
        worksheet.set_pagebreak_view()
    elif page.view == "pageLayout":
        worksheet.set_page_view()
    if sheet.freeze:
        worksheet.freeze_panes(sheet.freeze[0] - 1, sheet.freeze[1] - 1)
    if page.default_row_height:
        worksheet.set_default_row(page.default_row_height)
    worksheet.outline_settings(True, page.outline_below, page.outline_right, False)


def _columns(sheet: LaidSheet, page: PageSetup, worksheet: Any, style: Callable[[int | None], Any]) -> None:
    default = page.default_column_width
    if default:
        # XlsxWriter has no default width of its own for a sheet: the columns in use get it one by one.
        last = max((col for _, col in sheet.cells), default=1)
        worksheet.set_column_pixels(0, last - 1, pixels(default))
    for column in sheet.columns:
        options = {"hidden": column.hidden, "level": column.level, "collapsed": column.collapsed}
        width = pixels(column.width) if column.width is not None else pixels(default) if default else None
        worksheet.set_column_pixels(column.first - 1, column.last - 1, width, style(column.style), options)


def pixels(width: float) -> int:
    """A column width of the file (characters, padding included) in pixels."""
    return round(width * PIXELS_PER_CHARACTER)


def _paper(page: PageSetup, worksheet: Any) -> None:
    if page.margins:
        sides = {name: size for name, size in page.margins.items() if name not in ("header", "footer")}
        worksheet.set_margins(**sides)
    if page.paper:
        worksheet.set_paper(page.paper)
    if page.landscape:
        worksheet.set_landscape()
    if page.fit is not None:
        worksheet.fit_to_pages(*page.fit)
    elif page.scale and page.scale != 100:
        worksheet.set_print_scale(page.scale)
    if page.centre_horizontally:
        worksheet.center_horizontally()
    if page.centre_vertically:
        worksheet.center_vertically()
    if page.across:
        worksheet.print_across()
    if page.first_page is not None:
        worksheet.set_start_page(page.first_page)
    if page.black_and_white:
        worksheet.print_black_and_white()
    if page.print_headers:
        worksheet.print_row_col_headers()


def _ranges(sheet: LaidSheet, worksheet: Any) -> None:
    page = sheet.page
    header: dict[str, Any] = {**page.header_options}
    footer: dict[str, Any] = {**page.header_options}
    for options, name in ((header, "header"), (footer, "footer")):
        if name in page.margins:
            options["margin"] = page.margins[name]
    # XlsxWriter takes the G of "A&&G" (A&G, escaped) for a picture's place: it is shown another text, then given this.
    if sheet.header:
        worksheet.set_header(sheet.header.replace("&&", "++"), header)
        worksheet.header = sheet.header
    if sheet.footer:
        worksheet.set_footer(sheet.footer.replace("&&", "++"), footer)
        worksheet.footer = sheet.footer
    if sheet.row_breaks:
        worksheet.set_h_pagebreaks(sheet.row_breaks)
    if sheet.column_breaks:
        worksheet.set_v_pagebreaks(sheet.column_breaks)
    if sheet.print_area:
        worksheet.print_area(*_zero_based(sheet.print_area))
    if sheet.title_rows:
        worksheet.repeat_rows(sheet.title_rows[0] - 1, sheet.title_rows[1] - 1)
    if sheet.title_columns:
        worksheet.repeat_columns(sheet.title_columns[0] - 1, sheet.title_columns[1] - 1)
    if sheet.autofilter:
        worksheet.autofilter(*_zero_based(sheet.autofilter))


def _zero_based(area: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    row1, col1, row2, col2 = area
    return row1 - 1, col1 - 1, row2 - 1, col2 - 1
