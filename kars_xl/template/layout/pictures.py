"""Pictures of the template, laid where their rows went."""

from __future__ import annotations

from collections.abc import Callable

from kars_xl.template.laid import LaidImage, LaidSheet
from kars_xl.template.layout.lay import Rows
from kars_xl.template.layout.regions import SheetCopy
from kars_xl.template.layout.textfit import Columns
from kars_xl.template.records import TemplateSheet
from kars_xl.template.source.drawing import Anchor

_PIXELS_PER_POINT = 4 / 3


def lay_pictures(sheet: TemplateSheet, rows: Rows, copy: SheetCopy) -> list[LaidImage]:
    """One picture for each instance of its row, in the size that it has in the template."""
    return [
        LaidImage(row, *template_size(picture.anchor, sheet), picture)
        for picture in sheet.pictures
        for row, _ in rows.spans(copy, picture.anchor.row, picture.anchor.row)
    ]


def template_size(anchor: Anchor, sheet: TemplateSheet) -> tuple[float | None, float | None]:
    """Width and height in pixels; between two cells they follow from the template's columns and rows."""

    def height(row: int) -> float:
        laid = sheet.rows.get(row)
        return (laid.height if laid else None) or sheet.page.default_row_height or 15.0

    return size(anchor, sheet, height)


def size(
    anchor: Anchor, sheet: TemplateSheet | LaidSheet, height: Callable[[int], float]
) -> tuple[float | None, float | None]:
    """Width and height in pixels; `height` tells how high a row of the sheet is, in points."""
    if anchor.row2 is None or anchor.col2 is None:
        return anchor.width, anchor.height
    columns = Columns(sheet.columns, sheet.page.default_column_width)
    across = sum(columns.width(c) for c in range(anchor.col, anchor.col2)) * _PIXELS_PER_POINT
    down = sum(height(r) for r in range(anchor.row, anchor.row2)) * _PIXELS_PER_POINT
    return max(across + anchor.x2 - anchor.x, 1), max(down + anchor.y2 - anchor.y, 1)
