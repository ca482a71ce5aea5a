"""Tables that count the same people: their totals and classes of staff side by side."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from kars_xl.base.place import Place
from kars_xl.reading.general.equations import ZERO, counted_rows, counting
from kars_xl.reading.general.kinds import STAFF, classes_in, is_people, is_percent, post_state, staff_class
from kars_xl.reading.tables import GeneralCell, GeneralTable

TOTAL = "toplam"
_WORKERS = ("surekli isci", "gecici isci")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


class _Line(NamedTuple):
    """A column, or where the classes are rows a row: its name, whether it is a total, its cells."""

    name: str
    total: bool
    cells: list[GeneralCell]


class Count(NamedTuple):
    """How many people of one class a table counts: the figure, what else it may mean, where it stands."""

    name: str
    value: Decimal
    place: Place
    also: tuple[Decimal, ...] = ()

    @property
    def meanings(self) -> set[Decimal]:
        return {self.value, *self.also}


class Disagreement(NamedTuple):
    """A table whose counts differ from others: pairs of its count and theirs, and whether theirs is the majority's.

    `others` are the tables that agree among themselves, each with the first of its counts that is meant.
    """

    table: GeneralTable
    pairs: tuple[tuple[Count, Count], ...]
    others: tuple[tuple[GeneralTable, Count], ...]
    majority: bool


class _Counted(NamedTuple):
    """A table, its number among all, and how many people of each class it counts."""

    at: int
    table: GeneralTable
    counts: Mapping[str, Count]

    @property
    def classes(self) -> frozenset[str]:
        """The classes that it has people of."""
        classes = self.counts.items()
        return frozenset(name for name, count in classes if name not in (TOTAL, *_WORKERS) and any(count.meanings))


def disagreements(tables: Sequence[GeneralTable], mended: Mapping[Place, Decimal]) -> list[Disagreement]:
    """The tables that count other people than most; `mended` has what wrong totals should be by their places."""
    by_year: dict[str, list[_Counted]] = defaultdict(list)
    for at, table in enumerate(tables):
        if counts := _counts(table, mended):
            by_year[max(_YEAR.findall(table.caption.value), default="")].append(_Counted(at, table, counts))
    return [found for group in by_year.values() for found in _compare(_one_of_each(group))]


def _one_of_each(group: Sequence[_Counted]) -> list[_Counted]:
    """Of several tables of a kind the one that agrees with most others; the rest may count a part of the people."""
    chosen: set[int] = set()
    for kind in STAFF:
        own = [item for item in group if item.table.kind == kind]
        others = [item for item in group if item.table.kind != kind]
        fitting = [item for item in own if any(_agree(item, other) for other in others)]
        if all(_agree(own[0], item) for item in own[1:]):
            fitting += own
        chosen.update(item.at for item in fitting[:1])
    return [item for item in group if item.at in chosen]


def _agree(one: _Counted, other: _Counted) -> bool:
    """Whether all classes that both have are the same; their totals are only where they count the same classes."""
    shared = one.counts.keys() & other.counts.keys()
    if len({one.classes, other.classes} - {frozenset()}) > 1:
        shared -= {TOTAL}
    return bool(shared) and all(one.counts[name].meanings & other.counts[name].meanings for name in shared)


def _compare(group: Sequence[_Counted]) -> list[Disagreement]:
    """Each table against the value that most tables have for a class; the earlier of two without a majority."""
    differing: dict[int, list[tuple[Count, Count, bool]]] = defaultdict(list)
    agreeing: dict[int, dict[int, Count]] = defaultdict(dict)
    for name in dict.fromkeys(name for item in group for name in item.counts):
        for values in _comparable(group, name):
            votes = Counter(value for count in values.values() for value in count.meanings)
            top = max(votes.values())
            leading = [value for value in votes if votes[value] == top]
            # Without a majority the first table is the one that the others are held against.
            expected = next(count for count in values.values() if count.meanings & set(leading))
            common = next(value for value in leading if value in expected.meanings)
            majority = top > len(values) / 2 and top > 1
            same = {at: count for at, count in values.items() if common in count.meanings}
            for at in values.keys() - same.keys():
                differing[at].append((values[at], expected, majority))
                # Of another table the first of its counts stays.
                agreeing[at] = {**same, **agreeing[at]}
    by_number = {item.at: item.table for item in group}
    return [
        Disagreement(
            by_number[at],
            tuple((count, theirs) for count, theirs, _ in pairs),
            tuple((by_number[other], count) for other, count in sorted(agreeing[at].items())),
            all(majority for _, _, majority in pairs),
        )
        for at, pairs in sorted(differing.items())
    ]


def _comparable(group: Sequence[_Counted], name: str) -> list[dict[int, Count]]:
    """The counts of a class that must agree, by number of table; totals only where the same classes are counted."""
    having = {item.at: item.counts[name] for item in group if name in item.counts}
    by_classes: dict[frozenset[str], dict[int, Count]] = defaultdict(dict)
    for item in group:
        if name == TOTAL and item.at in having and item.classes:
            by_classes[item.classes][item.at] = having[item.at]
    # Which of several groups the tables without classes count can't be told.
    return list(by_classes.values()) if len(by_classes) > 1 else [having]


def _counts(table: GeneralTable, mended: Mapping[Place, Decimal]) -> dict[str, Count]:
    """How many people a table counts by class, and "toplam"; {} for one that does not tell."""
    if table.kind not in STAFF:
        return {}
    columns, rows = counting(table), counted_rows(table)
    if not any(row.total for row in table.rows) and any(not row.label.value for row in rows):
        # A row without a name may be the total.
        return {}
    if not _is_a_count([table.columns[at].heading.value for at in columns], bool(table.total_columns)):
        return {}
    upright = [
        _Line(table.columns[at].heading.value, table.columns[at].total, [row.cells[at] for row in rows])
        for at in columns
    ]
    turned = [_Line(row.label.value, row.total, [row.cells[at] for at in columns]) for row in rows]
    for lines, across in ((upright, turned), (turned, upright)):
        if any(staff_class(line.name) for line in lines):
            return _by_class(lines, across, mended)
    # Without classes: the total of the one line that stands for all.
    matrix, across = (upright, turned) if len(turned) > 1 or len(upright) < 2 else (turned, upright)
    whole = _count(_whole(matrix), "Toplam", across, mended)
    named = classes_in(table.caption.value)
    if whole is None or len(named) > 1:
        return {}
    return {next(iter(named), TOTAL): whole}


def _is_a_count(headings: Sequence[str], has_total: bool) -> bool:
    """Whether the columns together, or the only one, count people: not years side by side, nor posts with a vacancy."""
    if sum(_YEAR.search(heading) is not None for heading in headings) > 1:
        return False
    states = {post_state(heading) for heading in headings}
    if "filled" not in states and states & {"posts", "vacant"}:
        return False
    return len(headings) == 1 or has_total or all(map(is_people, headings))


def _by_class(lines: list[_Line], across: list[_Line], mended: Mapping[Place, Decimal]) -> dict[str, Count]:
    """The count of each class, and of all; `lines` are the classes', `across` cut them cell by cell."""
    found: dict[str, Count] = {}
    for name in dict.fromkeys(name for line in lines if (name := staff_class(line.name))):
        own = _filled([line for line in lines if staff_class(line.name) == name])
        # A class with columns of its own for women and men has a total beside them, or is their sum.
        chosen = [line for line in own if line.total] or own
        if len(chosen) in (1, len(own)) and (count := _count(chosen, own[0].name, across, mended)):
            found[name] = count
    whole = _count(_whole(lines), "Toplam", across, mended)
    workers = [found[name] for name in _WORKERS if name in found]
    if workers and "isci" not in found:
        both = sum((worker.value for worker in workers), ZERO)
        found["isci"] = Count("İşçi", both, workers[0].place, tuple(worker.value for worker in workers))
    if whole is not None:
        found[TOTAL] = whole
    return found


def _filled(lines: list[_Line]) -> list[_Line]:
    """Where lines tell filled posts from vacant ones, the filled."""
    return [line for line in lines if post_state(line.name) == "filled"] or lines


def _whole(lines: list[_Line]) -> list[_Line]:
    """The line of all classes: the last total that is no class's own; without one, all lines together."""
    lines = _filled(lines)
    totals = [line for line in lines if line.total and not staff_class(line.name)]
    return totals[-1:] or [line for line in lines if not line.total]


def _count(lines: list[_Line], name: str, across: list[_Line], mended: Mapping[Place, Decimal]) -> Count | None:
    """The figure of one class: in the filled posts' cell, else in the total's, else the sum of the line."""
    filled = [at for at, other in enumerate(across) if post_state(other.name) == "filled"]
    totals = [at for at, other in enumerate(across) if other.total and not is_percent(other.name)]
    wholes = filled[:1] or totals[-1:] or [at for at, other in enumerate(across) if not other.total]
    cells = [line.cells[at] for line in lines for at in wholes]
    if not cells or any(not cell.readings and not cell.blank for cell in cells):
        return None
    value = sum((cell.value or ZERO for cell in cells), ZERO)
    also = tuple(mended[cell.place] for cell in cells if cell.place in mended) if len(cells) == 1 else ()
    return Count(name, value, cells[0].place, also)
