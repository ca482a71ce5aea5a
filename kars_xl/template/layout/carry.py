"""What moves with the rows besides cells: merges, page breaks, print ranges, the filter, the frozen panes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from kars_xl.template.formula.reference import LAST_ROW
from kars_xl.template.layout.lay import Rows
from kars_xl.template.layout.regions import SheetCopy
from kars_xl.template.page import Area, PageSetup
from kars_xl.template.records import TemplateSheet


def merges(sheet: TemplateSheet, copy: SheetCopy, rows: Rows) -> Iterator[Area]:
    """The merged cells of an output sheet; of a single cell that is left nothing is merged."""
    for row1, col1, row2, col2 in sheet.merges:
        for first, last in rows.spans(copy, row1, row2):
            if first < last or col1 < col2:
                yield first, col1, last, col2


def page_of(sheet: TemplateSheet, copy: SheetCopy, rows: Rows) -> PageSetup:
    """The settings of an output sheet: the template's, with the ranges where its rows went."""

    def hull(area: Area) -> list[Area]:
        """The area from the first to the last row of all that its rows became."""
        row1, col1, row2, col2 = area
        spans = rows.spans(copy, row1, row2)
        return [(min(a for a, _ in spans), col1, max(b for _, b in spans), col2)] if spans else []

    page, freeze = sheet.page, sheet.page.freeze
    if freeze:
        freeze = min(first for first, _ in copy.root.spread(freeze[0], LAST_ROW)), freeze[1]
    breaks = {row for at in page.row_breaks for row in rows.breaks(copy, at)}
    areas = [found for a in page.print_areas for found in hull((a[0], a[1], min(a[2], sheet.last_row), a[3]))]
    if areas:
        # XlsxWriter prints one area: several become the one around them.
        tops, lefts, bottoms, rights = zip(*areas, strict=True)
        areas = [(min(tops), min(lefts), max(bottoms), max(rights))]
    return replace(
        page,
        row_breaks=sorted(row for row in breaks if row < copy.last_row),
        print_areas=areas,
        title_rows=next(iter(rows.spans(copy, *page.title_rows)), None) if page.title_rows else None,
        autofilter=next(iter(hull(page.autofilter)), None) if page.autofilter else None,
        freeze=freeze,
    )
