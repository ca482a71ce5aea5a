"""Blocks of rows that repeat (`her_…` names), how they nest, and their instances once the data are laid out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from msgspec import Struct, field

from kars_xl.template.formula.formula import LAST_ROW, Ref
from kars_xl.template.nodes import Node, Problems

_LOOP_NAME = re.compile(r"her_(.+?)(?:_\d+)?\Z", re.IGNORECASE | re.DOTALL)

Key = tuple[str, ...]
Run = tuple[int, int]
Rect = tuple[str | None, Run | None]  # output sheet (None: the formula's own), output rows (None: as they are)


class ReferenceFault(Exception):
    """KX505; args: the reason, the reference as typed, the count."""


def loop_kind(name: str) -> str | None:
    """The kind that a defined name repeats (`her_faaliyet_2` → faaliyet); None for any other name."""
    return match[1] if (match := _LOOP_NAME.match(name)) else None


class Band(Struct, eq=False):
    """Template rows first … last which repeat for a kind; the kind "" is the sheet itself, to the last row of all."""

    kind: str
    name: str
    first: int
    last: int
    parent: Band | None = None
    children: list[Band] = field(default_factory=list)  # from top to bottom, like all that follows
    parts: list[tuple[int, int] | Band] = field(default_factory=list)  # own rows, and the children between them
    segments: list[tuple[int, int]] = field(default_factory=list)  # the own rows of `parts`
    instances: list[Instance] = field(default_factory=list)
    kinds: tuple[str, ...] = ()  # which the instances' contexts know
    repeats_context: bool = False
    _indexes: dict[Key, dict[Key, list[Instance]]] = field(default_factory=dict)

    def holds(self, first: int, last: int) -> bool:
        """Whether all of these template rows are the band's or of a band inside it."""
        return self.first <= first and last <= self.last

    def innermost(self, first: int, last: int) -> Band:
        """The innermost band, this one or one inside it, that holds these rows."""
        inner = next((band for band in self.children if band.holds(first, last)), None)
        return self if inner is None else inner.innermost(first, last)

    def walk(self) -> Iterator[Band]:
        yield self
        for child in self.children:
            yield from child.walk()

    def cut_segments(self) -> None:
        """Find the rows that belong to this band and to no band inside it."""
        self.parts.clear()
        row = self.first
        for child in self.children:
            if row < child.first:
                self.parts.append((row, child.first - 1))
            self.parts.append(child)
            row = child.last + 1
        if row <= self.last:
            self.parts.append((row, self.last))
        self.segments = [part for part in self.parts if not isinstance(part, Band)]

    def seal(self) -> None:
        """After layout: note what the instances' contexts have in common."""
        self.kinds = tuple(sorted({kind for instance in self.instances for kind in instance.context}))
        seen = {tuple(sorted(instance.context.items())) for instance in self.instances}
        self.repeats_context = len(seen) < len(self.instances)

    def sharing(self, context: dict[str, str]) -> list[Instance]:
        """The instances whose context agrees with the given one in every kind that both have, in output order."""
        common = tuple(kind for kind in self.kinds if kind in context)
        if (index := self._indexes.setdefault(common, {})) == {}:
            for instance in self.instances:
                # A kind that an instance lacks (no owner) agrees with everything: such instances are listed apart.
                own = instance.context
                key = tuple(own[kind] for kind in common) if all(k in own for k in common) else ()
                index.setdefault(key, []).append(instance)
        wanted = tuple(context[kind] for kind in common)
        found = index.get(wanted, [])
        if common and () in index:
            pairs = list(zip(common, wanted, strict=True))
            partial = [i for i in index[()] if all(i.context.get(k, v) == v for k, v in pairs)]
            found = sorted([*found, *partial], key=lambda i: i.order)
        return found


class Instance(Struct, eq=False):
    """One repetition of a band: where its own rows start, and what is around it."""

    band: Band
    sheet: SheetCopy
    node: Node | None
    parent: Instance | None
    context: dict[str, str]
    scope: dict[str, Node]
    order: int
    starts: list[int] = field(default_factory=list)  # output row of each of the band's segments
    children: list[list[Instance]] = field(default_factory=list)  # as band.children
    first: int = 0  # output rows, the inner blocks' included; last < first when there are none
    last: int = 0

    def around(self) -> Iterator[Instance]:
        """This instance, and those around it, innermost first."""
        found: Instance | None = self
        while found is not None:
            yield found
            found = found.parent

    def laid(self, first: int, last: int) -> Iterator[tuple[Instance, int, int, int]]:
        """The template rows first … last inside this instance, inner blocks included, unsorted: run by run whose they
        are, the first of them, and the output rows."""
        for (top, bottom), start in zip(self.band.segments, self.starts, strict=True):
            a, b = max(first, top), min(last, bottom)
            if a <= b:
                yield self, a, min(start + a - top, LAST_ROW), min(start + b - top, LAST_ROW)
        for band, copies in zip(self.band.children, self.children, strict=True):
            for copy in copies if band.first <= last and first <= band.last else ():
                yield from copy.laid(first, last)

    def spread(self, first: int, last: int) -> Iterator[tuple[int, int]]:
        """Their output rows alone."""
        return ((top, bottom) for _, _, top, bottom in self.laid(first, last))

    def span(self, first: int, last: int) -> tuple[int, int] | None:
        """First and last output row of template rows first … last inside this instance; None if nothing is left."""
        runs = list(self.spread(first, last))
        return (min(a for a, _ in runs), max(b for _, b in runs)) if runs else None


class SheetCopy:
    """One output sheet: the copy of the template sheet of an index for a node (or the only copy)."""

    root: Instance

    def __init__(self, template: int, name: str) -> None:
        self.template, self.name, self.last_row = template, name, 0


def nest(bands: list[Band], sheet: str, hangs: dict[str, set[str]], problems: Problems) -> Band:
    """The sheet's band tree; `hangs` tells for a kind which kinds of list its nodes have."""
    root = Band("", "", 1, LAST_ROW)
    ordered: list[Band] = []
    for first, last in sorted({(band.first, -band.last) for band in bands}):
        chain = _chain([band for band in bands if (band.first, -band.last) == (first, last)], hangs)
        for before, band in pairwise(chain):
            if (band.kind in hangs.get(before.kind, ())) == (before.kind in hangs.get(band.kind, ())):
                problems.add("KX503", sheet, "", name=band.name, reason="order", other=before.name)
        ordered += chain
    open_bands = [root]
    for band in ordered:
        while not open_bands[-1].holds(band.first, band.first):
            open_bands.pop()
        if not open_bands[-1].holds(band.first, band.last):
            problems.add("KX503", sheet, "", name=band.name, reason="overlap", other=open_bands[-1].name)
            continue
        band.parent = open_bands[-1]
        open_bands[-1].children.append(band)
        open_bands.append(band)
    for band in root.walk():
        band.cut_segments()
    return root


def _chain(bands: list[Band], hangs: dict[str, set[str]]) -> list[Band]:
    """Bands of equal rows, outermost first: the first of those that none of the others lists, then the next."""
    rest, found = list(bands), []
    while rest:
        listed = {kind for band in rest for kind in hangs.get(band.kind, ()) if kind != band.kind}
        outer = next((band for band in rest if band.kind not in listed), rest[0])
        rest.remove(outer)
        found.append(outer)
    return found


class RowMap:
    """The laid-out rows of all template sheets."""

    def __init__(self, titles: list[str], roots: list[Band], copies: list[list[SheetCopy]]) -> None:
        self.roots, self.copies = roots, copies
        self._at = {title.casefold(): i for i, title in enumerate(titles)}
        self._bands = [list(root.walk()) for root in roots]
        for band in (band for bands in self._bands for band in bands):
            band.seal()
        self._doubled = [any(b.repeats_context for b in bands) for bands in self._bands]
        self._order = {copy: at for found in copies for at, copy in enumerate(found)}

    def sheet(self, title: str) -> int | None:
        """Index of a template sheet, whatever the case of its name."""
        return self._at.get(title.casefold())

    def rects(self, ref: Ref, instance: Instance) -> list[Rect]:
        """The rectangles that a reference means in a cell of that instance, in output order."""
        own = instance.sheet
        if ref.sheet is None:
            template = own.template
            if ref.row1 is not None and ref.row2 is not None and (run := own_run(ref, ref.row1, ref.row2, instance)):
                return [(None, run)]
        else:
            template = self._at[ref.sheet.casefold()]
        if ref.row1 is None or ref.row2 is None:
            if ref.sheet is None:
                return [(None, None)]
            if own.template == template:
                return [(own.name, None)]
            return [(found.sheet.name, None) for found in self.roots[template].sharing(instance.context)]
        found = self._runs(template, ref.row1, ref.row2, instance)
        if ref.sheet is None:
            return [(None, run) for copy, runs in found if copy is own for run in runs]
        return [(copy.name, run) for copy, runs in found for run in runs]

    def first(self, template: int, row: int, instance: Instance) -> tuple[SheetCopy, int] | None:
        """The first output row of a template row that shares the instance's context; None if there is none."""
        return next(((copy, runs[0][0]) for copy, runs in self._runs(template, row, row, instance)), None)

    def _runs(self, template: int, row1: int, row2: int, instance: Instance) -> list[tuple[SheetCopy, list[Run]]]:
        inside = instance.sheet.template == template and self._doubled[template]
        by_copy: dict[SheetCopy, list[Run]] = {}
        for band in self._bands[template]:
            for at, (top, bottom) in enumerate(band.segments):
                first, last = max(row1, top), min(row2, bottom)
                if first > last:
                    continue
                # A node listed twice makes two instances with one context: the one in the cell's own block counts.
                own = (around for around in instance.around() if band in around.band.walk()) if inside else iter(())
                block = next(own, None)
                for copy in band.sharing(instance.context):
                    if block is not None and block not in copy.around():
                        continue
                    start = copy.starts[at] - top
                    by_copy.setdefault(copy.sheet, []).append((start + first, start + last))
        return [(copy, joined(by_copy[copy])) for copy in sorted(by_copy, key=self._order.__getitem__)]


def own_row(row: int, instance: Instance) -> int | None:
    """Output row of a template row that lies in the instance itself or in a block around it; None for others."""
    for around in instance.around():
        for (top, bottom), start in zip(around.band.segments, around.starts, strict=True):
            if top <= row <= bottom:
                return start + row - top
    return None


def own_run(ref: Ref, row1: int, row2: int, instance: Instance) -> Run | None:
    """What template rows of the formula's own sheet are by their place alone: one row around the instance; or rows from
    a fixed one ($) to the instance's own, the first copy's where that one repeats. None where the context tells."""
    running = ref.fixed_row1 != ref.fixed_row2 and instance.parent is not None
    fixed, own = (row1, row2) if ref.fixed_row1 else (row2, row1)
    if running and instance.band.holds(own, own) and (here := own_row(own, instance)):
        there = own_row(fixed, instance.parent) if instance.parent else None
        if there is None:
            copies = [run[0] for run in instance.sheet.root.spread(fixed, fixed)]
            nested = instance.parent is not instance.sheet.root
            there = None if nested or not copies else min(copies) if ref.fixed_row1 else max(copies)
        if there is None:
            raise ReferenceFault("running", ref.text, 0)
        return min(here, there), max(here, there)
    row = own_row(row1, instance) if row1 == row2 else None
    return (row, row) if row else None


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
