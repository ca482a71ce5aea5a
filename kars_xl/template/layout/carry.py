"""What moves with the rows besides cells: merges, page breaks, print ranges, the filter, the frozen panes."""

from __future__ import annotations

from kars_xl.template.laid import LaidSheet
from kars_xl.template.layout.lay import Rows
from kars_xl.template.layout.regions import LAST_ROW, SheetCopy
from kars_xl.template.records import TemplateSheet


def carry(sheet: TemplateSheet, copy: SheetCopy, rows: Rows, laid: LaidSheet) -> None:
    """Set the ranges of an output sheet from those of its template."""
    page = sheet.page
    for row1, col1, row2, col2 in sheet.merges:
        for first, last in rows.spans(copy, row1, row2):
            if first < last or col1 < col2:
                laid.merges.append((first, col1, last, col2))
    breaks = {row for at in page.row_breaks for row in rows.breaks(copy, at)}
    laid.row_breaks = sorted(row for row in breaks if row < copy.last_row)
    laid.column_breaks = page.column_breaks
    areas = [
        (first, col1, last, col2)
        for row1, col1, row2, col2 in page.print_areas
        for first, last in [_hull(rows.spans(copy, row1, min(row2, sheet.last_row)))]
        if last
    ]
    if areas:
        # XlsxWriter prints one area: several become the one around them.
        tops, lefts, bottoms, rights = zip(*areas, strict=True)
        laid.print_area = (min(tops), min(lefts), max(bottoms), max(rights))
    if page.title_rows:
        laid.title_rows = next(iter(rows.spans(copy, *page.title_rows)), None)
    laid.title_columns = page.title_columns
    if page.autofilter:
        row1, col1, row2, col2 = page.autofilter
        first, last = _hull(rows.spans(copy, row1, row2))
        laid.autofilter = (first, col1, last, col2) if last else None
    if page.freeze:
        assert copy.root is not None
        below = [first for first, _ in copy.root.spread(page.freeze[0], LAST_ROW)]
        laid.freeze = (min(below), page.freeze[1])


def _hull(spans: list[tuple[int, int]]) -> tuple[int, int]:
    """First and last row of all spans; (0, 0) if there is none."""
    return (min(a for a, _ in spans), max(b for _, b in spans)) if spans else (0, 0)
