"""Where every template row went: references are answered from here, in runs of rows and never cell by cell."""

from __future__ import annotations

from kars_xl.template.formula.reference import Ref
from kars_xl.template.layout.regions import Band, Instance, SheetCopy

Run = tuple[int, int]
Rect = tuple[str | None, Run | None]  # output sheet (None: the formula's own), output rows (None: as they are)


class RowMap:
    """The laid-out rows of all template sheets."""

    def __init__(self, titles: list[str], roots: list[Band], copies: list[list[SheetCopy]]) -> None:
        self.roots = roots
        self.copies = copies
        self._at = {title.casefold(): i for i, title in enumerate(titles)}
        self._bands = [list(root.walk()) for root in roots]
        for bands in self._bands:
            for band in bands:
                band.seal()
        self._kinds = [tuple(sorted({k for b in bands for k in b.kinds})) for bands in self._bands]
        self._doubled = [any(b.repeats_context for b in bands) for bands in self._bands]
        self._cache: dict[tuple[object, ...], list[tuple[SheetCopy, list[Run]]]] = {}

    def sheet(self, title: str) -> int | None:
        """Index of a template sheet, whatever the case of its name."""
        return self._at.get(title.casefold())

    def rects(self, ref: Ref, instance: Instance) -> list[Rect]:
        """The rectangles that a reference means in a cell of that instance, in output order."""
        own = instance.sheet
        if ref.sheet is None:
            template = own.template
            if ref.row1 is not None and ref.row1 == ref.row2 and (row := own_row(ref.row1, instance)):
                return [(None, (row, row))]
        else:
            template = self._at[ref.sheet.casefold()]
        if ref.row1 is None or ref.row2 is None:
            if ref.sheet is None:
                return [(None, None)]
            return [(copy.name, None) for copy in self._copies(template, instance)]
        found = self._runs(template, ref.row1, ref.row2, instance)
        if ref.sheet is None:
            return [(None, run) for copy, runs in found if copy is own for run in runs]
        return [(copy.name, run) for copy, runs in found for run in runs]

    def first(self, template: int, row: int, instance: Instance) -> tuple[SheetCopy, int] | None:
        """The first output row of a template row that shares the instance's context; None if there is none."""
        for copy, runs in self._runs(template, row, row, instance):
            return copy, runs[0][0]
        return None

    def _copies(self, template: int, instance: Instance) -> list[SheetCopy]:
        if instance.sheet.template == template:
            return [instance.sheet]
        return [found.sheet for found in self.roots[template].sharing(instance.context)]

    def _runs(self, template: int, row1: int, row2: int, instance: Instance) -> list[tuple[SheetCopy, list[Run]]]:
        context = instance.context
        inside = instance.sheet.template == template and self._doubled[template]
        # The answer depends on the context only as far as that sheet knows its kinds.
        known = [context.get(kind) for kind in self._kinds[template]]
        key = (template, row1, row2, *known, id(instance) if inside else 0)
        found = self._cache.get(key)
        if found is None:
            found = self._cache[key] = self._search(template, row1, row2, instance, inside)
        return found

    def _search(
        self, template: int, row1: int, row2: int, instance: Instance, inside: bool
    ) -> list[tuple[SheetCopy, list[Run]]]:
        by_copy: dict[SheetCopy, list[Run]] = {}
        for band in self._bands[template]:
            for at, (top, bottom) in enumerate(band.segments):
                first, last = max(row1, top), min(row2, bottom)
                if first > last:
                    continue
                # A node listed twice makes two instances with one context: the one in the cell's own block counts.
                own = (around for around in instance.around() if inside and band in around.band.walk())
                block = next(own, None)
                for copy in band.sharing(instance.context):
                    if block is not None and block not in copy.around():
                        continue
                    start = copy.starts[at] - top
                    by_copy.setdefault(copy.sheet, []).append((start + first, start + last))
        order = {copy: i for i, copy in enumerate(self.copies[template])}
        return [(copy, joined(by_copy[copy])) for copy in sorted(by_copy, key=order.__getitem__)]


def own_row(row: int, instance: Instance) -> int | None:
    """Output row of a template row that lies in the instance itself or in a block around it; None for others."""
    for around in instance.around():
        for (top, bottom), start in zip(around.band.segments, around.starts, strict=True):
            if top <= row <= bottom:
                return start + row - top
    return None


def joined(runs: list[Run]) -> list[Run]:
    """Sorted runs with neighbours joined."""
    ordered = sorted(runs)
    found = ordered[:1]
    for first, last in ordered[1:]:
        if first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return found
