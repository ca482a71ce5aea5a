"""Pictures of the template, laid where their rows went."""

from __future__ import annotations

from collections.abc import Callable

from kars_xl.template.laid import LaidImage
from kars_xl.template.layout.regions import SheetCopy
from kars_xl.template.layout.textfit import Columns
from kars_xl.template.records import TemplateSheet
from kars_xl.template.source.drawing import Anchor

_PIXELS_PER_POINT = 4 / 3


def lay_pictures(
    sheet: TemplateSheet, rows_of: Callable[[SheetCopy, int], list[int]], copy: SheetCopy
) -> list[LaidImage]:
    """One picture for each instance of its row, in the size that it has in the template."""
    found = []
    for picture in sheet.pictures:
        at = picture.anchor
        width, height = size(at, sheet)
        for row in rows_of(copy, at.row):
            found.append(
                LaidImage(
                    row,
                    at.col,
                    at.x,
                    at.y,
                    width,
                    height,
                    picture.data,
                    picture.name,
                    picture.description,
                    at.positioning,
                )
            )
    return found


def size(anchor: Anchor, sheet: TemplateSheet) -> tuple[float | None, float | None]:
    """Width and height in pixels; between two cells they follow from the template's columns and rows."""
    if anchor.row2 is None or anchor.col2 is None:
        return anchor.width, anchor.height
    columns = Columns(sheet.columns, sheet.page.default_column_width)
    width = sum(columns.width(c) for c in range(anchor.col, anchor.col2)) * _PIXELS_PER_POINT
    height = sum(_row_height(sheet, r) for r in range(anchor.row, anchor.row2)) * _PIXELS_PER_POINT
    return max(width + anchor.x2 - anchor.x, 1), max(height + anchor.y2 - anchor.y, 1)


def _row_height(sheet: TemplateSheet, row: int) -> float:
    laid = sheet.rows.get(row)
    return (laid.height if laid else None) or sheet.page.default_row_height or 15.0
