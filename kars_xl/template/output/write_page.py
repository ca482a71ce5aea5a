"""A sheet's settings, columns and print set-up, as XlsxWriter takes them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kars_xl.template.laid import LaidSheet
from kars_xl.template.page import Area, PageSetup

PIXELS_PER_CHARACTER = 7


def write_page(sheet: LaidSheet, worksheet: Any, style: Callable[[int | None], Any]) -> None:
    """Everything of a sheet but its cells."""
    page = sheet.page
    if page.state == "hidden":
        worksheet.hide()
    elif page.state == "veryHidden":
        worksheet.very_hidden()
    for name, arguments in page.calls:
        getattr(worksheet, name)(*arguments)
    worksheet.outline_settings(True, *page.outline, False)
    _columns(sheet, worksheet, style)
    _paper(page, worksheet)
    # XlsxWriter takes the G of "A&&G" (A&G, escaped) for a picture's place: it is shown another text, then given this.
    if sheet.header:
        worksheet.set_header(sheet.header.replace("&&", "++"), page.header_options)
        worksheet.header = sheet.header
    if sheet.footer:
        worksheet.set_footer(sheet.footer.replace("&&", "++"), page.footer_options)
        worksheet.footer = sheet.footer


def _columns(sheet: LaidSheet, worksheet: Any, style: Callable[[int | None], Any]) -> None:
    default = sheet.page.default_column_width
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
    worksheet.set_margins(**page.margins)
    if page.paper:
        worksheet.set_paper(page.paper)
    if page.landscape:
        worksheet.set_landscape()
    if page.fit is not None:
        worksheet.fit_to_pages(*page.fit)
    elif page.scale and page.scale != 100:
        worksheet.set_print_scale(page.scale)
    if page.freeze:
        worksheet.freeze_panes(page.freeze[0] - 1, page.freeze[1] - 1)
    worksheet.set_h_pagebreaks(page.row_breaks)
    worksheet.set_v_pagebreaks(page.column_breaks)
    for area in page.print_areas:
        worksheet.print_area(*_zero_based(area))
    if page.title_rows:
        worksheet.repeat_rows(page.title_rows[0] - 1, page.title_rows[1] - 1)
    if page.title_columns:
        worksheet.repeat_columns(page.title_columns[0] - 1, page.title_columns[1] - 1)
    if page.autofilter:
        worksheet.autofilter(*_zero_based(page.autofilter))


def _zero_based(area: Area) -> Area:
    row1, col1, row2, col2 = area
    return row1 - 1, col1 - 1, row2 - 1, col2 - 1
