"""Tables that count the same people: their totals and classes of staff side by side."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from msgspec import Struct, field

from kars_xl.base.place import Place
from kars_xl.reading.general.equations import ZERO, Line, lines_of
from kars_xl.reading.general.kinds import STAFF, classes_in, is_people, is_percent, post_state, staff_class
from kars_xl.reading.row_cells import YEAR
from kars_xl.reading.tables import GeneralTable

TOTAL = "toplam"
_WORKERS = ("surekli isci", "gecici isci")


class Count(NamedTuple):
    """How many people of one class a table counts: the figure, what else it may mean, where it stands."""

    name: str
    value: Decimal
    place: Place
    also: tuple[Decimal, ...] = ()

    @property
    def meanings(self) -> set[Decimal]:
        return {self.value, *self.also}


class Counted(Struct):
    """A table, its number among all, and how many people of each class it counts. `pairs` are its counts that differ
    from others, each with theirs, which the `majority` has or not; `others` are the tables with those, by number."""

    at: int
    table: GeneralTable
    counts: Mapping[str, Count]
    pairs: list[tuple[Count, Count]] = field(default_factory=list)
    others: dict[int, tuple[GeneralTable, Count]] = field(default_factory=dict)
    majority: bool = True

    @property
    def classes(self) -> frozenset[str]:
        """The classes that it has people of."""
        classes = self.counts.items()
        return frozenset(name for name, count in classes if name not in (TOTAL, *_WORKERS) and any(count.meanings))


def disagreements(tables: Sequence[GeneralTable], mended: Mapping[Place, Decimal]) -> list[Counted]:
    """The tables that count other people than most; `mended` has what wrong totals should be by their places."""
    by_year: dict[str, list[Counted]] = defaultdict(list)
    for at, table in enumerate(tables):
        if counts := _counts(table, mended):
            by_year[max(YEAR.findall(table.caption.value), default="")].append(Counted(at, table, counts))
    for group in by_year.values():
        _compare(_one_of_each(group))
    return [item for group in by_year.values() for item in group if item.pairs]


def _one_of_each(group: Sequence[Counted]) -> list[Counted]:
    """Of several tables of a kind the one that agrees with most others; the rest may count a part of the people."""
    chosen: list[Counted] = []
    for kind in STAFF:
        own = [item for item in group if item.table.kind == kind]
        others = [item for item in group if item.table.kind != kind]
        fitting = [item for item in own if any(_agree(item, other) for other in others)]
        if all(_agree(own[0], item) for item in own[1:]):
            fitting += own
        chosen += fitting[:1]
    return sorted(chosen, key=lambda item: item.at)


def _agree(one: Counted, other: Counted) -> bool:
    """Whether all classes that both have are the same; their totals are only where they count the same classes."""
    shared = one.counts.keys() & other.counts.keys()
    if len({one.classes, other.classes} - {frozenset()}) > 1:
        shared -= {TOTAL}
    return bool(shared) and all(one.counts[name].meanings & other.counts[name].meanings for name in shared)


def _compare(group: Sequence[Counted]) -> None:
    """Each table against the value that most tables have for a class; the earlier of two without a majority."""
    for name in dict.fromkeys(name for item in group for name in item.counts):
        having = [item for item in group if name in item.counts]
        # Totals must agree only where they count the same classes; which of several the others count can't be told.
        classes = dict.fromkeys(item.classes for item in having if name == TOTAL and item.classes)
        several = [[item for item in having if item.classes == own] for own in classes]
        for items in several if len(several) > 1 else [having]:
            votes = Counter(value for item in items for value in item.counts[name].meanings)
            top = max(votes.values())
            leading = [value for value in votes if votes[value] == top]
            # Without a majority the first table is the one that the others are held against.
            expected = next(count for item in items if (count := item.counts[name]).meanings & set(leading))
            common = next(value for value in leading if value in expected.meanings)
            same = {item.at: item for item in items if common in item.counts[name].meanings}
            for item in items:
                if item.at not in same:
                    item.pairs.append((item.counts[name], expected))
                    item.majority &= top > len(items) / 2 and top > 1
                    # Of another table the first of its counts stays.
                    item.others = {at: (it.table, it.counts[name]) for at, it in same.items()} | item.others


def _counts(table: GeneralTable, mended: Mapping[Place, Decimal]) -> dict[str, Count]:
    """How many people a table counts by class, and "toplam"; {} for one that does not tell."""
    if table.kind not in STAFF:
        return {}
    columns, rows = lines_of(table)
    # A row without a name may be the total.
    unnamed = not any(row.total for row in table.rows) and any(not row.name for row in rows)
    if unnamed or not _is_a_count(columns):
        return {}
    for lines, across in ((columns, rows), (rows, columns)):
        if any(staff_class(line.name) for line in lines):
            return _by_class(lines, across, mended)
    # Without classes: the total of the one line that stands for all.
    matrix, across = (columns, rows) if len(rows) > 1 or len(columns) < 2 else (rows, columns)
    whole = _count(_whole(matrix), "Toplam", across, mended)
    named = classes_in(table.caption.value)
    return {} if whole is None or len(named) > 1 else {next(iter(named), TOTAL): whole}


def _is_a_count(columns: Sequence[Line]) -> bool:
    """Whether the columns together, or the only one, count people: not years side by side, nor posts with a vacancy."""
    headings = [line.name for line in columns]
    states = set(map(post_state, headings))
    vacant = "filled" not in states and bool(states & {"posts", "vacant"})
    if vacant or sum(YEAR.search(heading) is not None for heading in headings) > 1:
        return False
    return len(headings) == 1 or any(line.total for line in columns) or all(map(is_people, headings))


def _by_class(lines: list[Line], across: list[Line], mended: Mapping[Place, Decimal]) -> dict[str, Count]:
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


def _filled(lines: list[Line]) -> list[Line]:
    """Where lines tell filled posts from vacant ones, the filled."""
    return [line for line in lines if post_state(line.name) == "filled"] or lines


def _whole(lines: list[Line]) -> list[Line]:
    """The line of all classes: the last total that is no class's own; without one, all lines together."""
    lines = _filled(lines)
    totals = [line for line in lines if line.total and not staff_class(line.name)]
    return totals[-1:] or [line for line in lines if not line.total]


def _count(lines: list[Line], name: str, across: list[Line], mended: Mapping[Place, Decimal]) -> Count | None:
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
