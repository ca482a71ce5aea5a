"""Writes a laid-out, evaluated workbook with XlsxWriter: all of it or nothing, and the same bytes every time."""

import warnings
from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from typing import Any

from xlsxwriter.exceptions import XlsxWriterException
from xlsxwriter.image import Image
from xlsxwriter.utility import xl_range

from kars_xl.base.place import a1
from kars_xl.template.layout.pages import PIXELS_PER_CHARACTER
from kars_xl.template.nodes import RefusedError
from kars_xl.template.output.document import Document, DocumentSheet, insert_chart, link_of
from kars_xl.template.records import Area, LaidRow, LaidSheet, Layout
from kars_xl.template.source.read_settings import LONGEST_TEXTS


def compose(layout: Layout, created: datetime) -> bytes:
    """The workbook's file; raises RefusedError. The layout's cells are gone after that.
    `created` is the creation time in the document properties: the only thing that is not in the layout."""
    data = BytesIO()
    with warnings.catch_warnings(record=True) as refusals:
        warnings.simplefilter("always", UserWarning)
        try:
            _Writer(layout, data, created)
        except XlsxWriterException as error:
            raise RefusedError(str(error)) from error
    if refused := [str(found.message) for found in refusals if issubclass(found.category, UserWarning)]:
        raise RefusedError(*refused)
    return data.getvalue()


class _Writer:
    def __init__(self, layout: Layout, stream: BytesIO, created: datetime) -> None:
        self.layout = layout
        options: dict[str, Any] = {f"strings_to_{kind}": False for kind in ("numbers", "formulas", "urls")}
        options |= {"in_memory": True, "default_format_properties": {**layout.default_font}}
        self.book = book = Document(stream, options)
        book.set_properties({**layout.properties, "created": created})
        self.formats: list[Any] = [None] * len(layout.styles)
        worksheets = [book.add_worksheet(sheet.name, DocumentSheet) for sheet in layout.sheets]
        for self.sheet, self.worksheet in zip(layout.sheets, worksheets, strict=True):
            for chart in self.sheet.charts:
                result = insert_chart(book, self.worksheet, layout, self.sheet, chart)
                self._check(result, chart.part.anchor.row, chart.part.anchor.col)
        # The template's active sheet, or the first one that can be seen.
        visible = [i for i, sheet in enumerate(layout.sheets) if sheet.page.state == "visible"]
        active = layout.active if layout.active in visible else (visible or [0])[0]
        for number, (sheet, worksheet) in enumerate(zip(layout.sheets, worksheets, strict=True)):
            self.sheet, self.worksheet = sheet, worksheet
            _write_page(sheet, worksheet, self.format)
            self._rows()
            for row1, col1, row2, col2 in sheet.merges:
                # The cells' own styles (a border on the far side, say) are written over it afterwards.
                top = sheet.cells.get((row1, col1))
                style = self.format(top.style if top else None)
                self._check(worksheet.merge_range(row1 - 1, col1 - 1, row2 - 1, col2 - 1, "", style), row1, col1)
            self._cells()
            self._rules()
            for row, col, text, look in sheet.comments:
                self._check(worksheet.write_comment(row - 1, col - 1, text, look), row, col)
            self._images()
            sheet.cells.clear()  # XlsxWriter has them now, and of a thousand forms they are a quarter of a gigabyte
            if number == active:
                worksheet.activate()
        for name, meaning in layout.names:
            if book.define_name(name, meaning):
                raise RefusedError(name, meaning)
        book.close()

    def format(self, style: int | None) -> Any:
        if style is None:
            return None
        if self.formats[style] is None:
            self.formats[style] = self.book.add_format(self.layout.styles[style])
        return self.formats[style]

    def _check(self, result: Any, row: int, col: int) -> None:
        """XlsxWriter tells a refusal only by a negative number."""
        if isinstance(result, int) and result < 0:
            raise RefusedError(self.sheet.name, a1(row, col), str(result))

    def _rows(self) -> None:
        sheet, plain = self.sheet, LaidRow()
        for row in sorted({*sheet.rows, *sheet.row_heights}):
            laid = sheet.rows.get(row, plain)
            options = {"hidden": laid.hidden, "level": laid.level, "collapsed": laid.collapsed}
            style, height = self.format(laid.style), sheet.row_heights.get(row)
            self._check(self.worksheet.set_row(row - 1, height, style, options), row, 1)

    def _cells(self) -> None:
        worksheet = self.worksheet
        for place in (min, max) if self.sheet.cells else ():
            row, col = (place(numbers) for numbers in zip(*self.sheet.cells, strict=True))
            self._check(worksheet.reach(row, col), row, col)
        for (row, col), cell in self.sheet.cells.items():
            style = self.formats[cell.style] or self.format(cell.style)
            if cell.link is not None:
                shown = cell.value if isinstance(cell.value, str) and cell.value else "\u00a0"
                self._check(worksheet.write_url(row - 1, col - 1, link_of(shown, *cell.link), style), row, col)
            if cell.formula is None and cell.runs:
                parts = [item for font, part in cell.runs for item in (self.format(font), part) if item is not None]
                self._check(worksheet.write_rich_string(row - 1, col - 1, *parts, style), row, col)
            else:
                worksheet.put(row, col, style, cell.value, cell.formula)

    def _rules(self) -> None:
        for rule in self.sheet.conditional_formats:
            ranges = [f"{a1(row1, col1)}:{a1(row2, col2)}" for row1, col1, row2, col2 in rule.areas]
            areas = " ".join(ranges) if len(ranges) > 1 else xl_range(*_zero_based(rule.areas[0]))
            self.worksheet.add_rule(areas, rule.xml, self.format(rule.style))
        for rule in self.sheet.validations:
            if any(len(rule.xml.get(name, "")) > most for name, most in LONGEST_TEXTS.items()):
                raise RefusedError(self.sheet.name, a1(*rule.areas[0][:2]), "length")
            rule.xml.set("sqref", " ".join(xl_range(*_zero_based(area)) for area in rule.areas))
            self.worksheet.validations.append(rule.xml)

    def _images(self) -> None:
        for picture in self.sheet.images:
            at = picture.anchor
            options: dict[str, Any] = {"x_offset": at.x, "y_offset": at.y, "object_position": at.positioning}
            options |= {"image_data": BytesIO(picture.data), "description": picture.description}
            if at.width and at.height:
                own: Any = Image(BytesIO(picture.data))
                options["x_scale"] = at.width / (own.width * 96 / own.x_dpi)
                options["y_scale"] = at.height / (own.height * 96 / own.y_dpi)
            self._check(self.worksheet.insert_image(at.row - 1, at.col - 1, picture.name, options), at.row, at.col)


def _write_page(sheet: LaidSheet, worksheet: Any, style: Callable[[int | None], Any]) -> None:
    """Everything of a sheet but its cells."""
    page = sheet.page
    if page.state == "hidden":
        worksheet.hide()
    elif page.state == "veryHidden":
        worksheet.very_hidden()
    for name, arguments in page.calls:
        getattr(worksheet, name)(*arguments)
    worksheet.carried, worksheet.bands, worksheet.fit_page = page.carried, sheet.bands, page.fits
    if page.default_column_width:
        # XlsxWriter has no default width of its own for a sheet: the columns in use get it one by one.
        last = max((col for _, col in sheet.cells), default=1)
        worksheet.set_column_pixels(0, last - 1, round(page.default_column_width * PIXELS_PER_CHARACTER))
    for column in sheet.columns:
        options = {"hidden": column.hidden, "level": column.level, "collapsed": column.collapsed}
        width = page.default_column_width or None if column.width is None else column.width
        pixels = None if width is None else round(width * PIXELS_PER_CHARACTER)
        worksheet.set_column_pixels(column.first - 1, column.last - 1, pixels, style(column.style), options)
    if page.freeze:
        worksheet.freeze_panes(page.freeze[0] - 1, page.freeze[1] - 1)
    worksheet.set_h_pagebreaks(page.row_breaks)
    printed = []
    for area in page.print_areas:
        worksheet.print_area(*_zero_based(area))
        printed.append(worksheet.print_area_range)
    worksheet.print_area_range = ",".join(printed)  # XlsxWriter itself has one area
    if page.title_rows:
        worksheet.repeat_rows(page.title_rows[0] - 1, page.title_rows[1] - 1)
    if page.autofilter:
        worksheet.autofilter(*_zero_based(page.autofilter))


def _zero_based(area: Area) -> Area:
    row1, col1, row2, col2 = area
    return row1 - 1, col1 - 1, row2 - 1, col2 - 1
