"""Pictures of the template, laid where their rows went."""

from __future__ import annotations

from collections.abc import Callable

from .layout import LaidImage
from .package import Picture
from .read_sheet import TemplateSheet
from .regions import SheetCopy
from .textfit import Columns

_PIXELS_PER_POINT = 4 / 3


def lay_pictures(
    sheet: TemplateSheet, rows_of: Callable[[SheetCopy, int], list[int]], copy: SheetCopy
) -> list[LaidImage]:
    """One picture for each instance of its row, in the size that it has in the template."""
    found = []
    for picture in sheet.pictures:
        width, height = _size(picture, sheet)
        for row in rows_of(copy, picture.row):
            found.append(
                LaidImage(
                    row,
                    picture.col,
                    picture.x,
                    picture.y,
                    width,
                    height,
                    picture.data,
                    picture.name,
                    picture.description,
                    picture.positioning,
                )
            )
    return found


def _size(picture: Picture, sheet: TemplateSheet) -> tuple[float | None, float | None]:
    """Width and height in pixels; between two cells they follow from the template's columns and rows."""
    if picture.row2 is None or picture.col2 is None:
        return picture.width, picture.height
    columns = Columns(sheet.columns, sheet.page.default_column_width)
    width = sum(columns.width(c) for c in range(picture.col, picture.col2)) * _PIXELS_PER_POINT
    height = sum(_row_height(sheet, r) for r in range(picture.row, picture.row2)) * _PIXELS_PER_POINT
    return max(width + picture.x2 - picture.x, 1), max(height + picture.y2 - picture.y, 1)


def _row_height(sheet: TemplateSheet, row: int) -> float:
    laid = sheet.rows.get(row)
    return (laid.height if laid else None) or sheet.page.default_row_height or 15.0
