"""Two sources become their difference: what became of every item, amount and cell of the general tables."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, repeat

from msgspec.structs import replace

from kars_xl.base.place import Place
from kars_xl.base.text import code_key, squeeze
from kars_xl.findings.finding import Merged
from kars_xl.model.programme import Activity, Programme
from kars_xl.reports.diff.amounts import activity_change, column_change, with_sums
from kars_xl.reports.diff.changes import SIDES, Count, CountChange, Difference, Entry, Gap, Item, Thing, ValueChange
from kars_xl.reports.diff.edition import Edition
from kars_xl.reports.diff.pairs import pair_items, wording
from kars_xl.workbook.nodes.lists import COLUMN_NAMES

_THINGS: Mapping[str, Callable[[Programme], Iterable[tuple[str, Thing]]]] = {
    "goal": lambda programme: (("", goal) for goal in programme.goals),
    "objective": lambda programme: (("", objective) for objective in programme.objectives),
    "target": lambda programme: ((target.objective, target) for target in programme.targets),
    "indicator": lambda programme: ((target.code, it) for target in programme.targets for it in target.indicators),
    "activity": lambda programme: ((target.code, it) for target in programme.targets for it in target.activities),
}
_Homes = Mapping[str, str]


def compare(old: Edition, new: Edition) -> Difference:
    """All that differs between two sources."""
    targets = _entries("target", old, new)
    # By target's code on each side what is the same on both where they are one target.
    was = {it.old.code: it.new.code if it.new else f"old {it.old.code}" for it in targets if it.old}
    now = {it.new.code: it.new.code if it.old else f"new {it.new.code}" for it in targets if it.new}
    diff = Difference(
        old=old,
        new=new,
        goals=_entries("goal", old, new),
        objectives=_entries("objective", old, new),
        targets=targets,
        notes=tuple(_notes(targets)),
        indicators=tuple(map(_indicator, _entries("indicator", old, new, was, now))),
        activities=tuple(map(activity_change, _entries("activity", old, new, was, now))),
        columns=tuple(column_change(name, old, new) for name in COLUMN_NAMES),
        counts=tuple(count_changes(old.merged, new.merged)),
    )
    return with_sums(replace(diff, gaps=tuple(_gaps(diff))))


def _entries(kind: str, old: Edition, new: Edition, was: _Homes = {}, now: _Homes = {}) -> tuple[Entry, ...]:  # noqa: B006
    """Pairs and what has no partner, in code order of what there is now."""
    before, after = (
        [_item(kind, side, homes, *told) for told in _THINGS[kind](side.programme)]
        for side, homes in ((old, was), (new, now))
    )
    pairs = pair_items(before, after)
    taken = set(pairs.values())
    found = [Entry(kind, before[at], after[to], tuple(_marks(before[at], after[to]))) for at, to in pairs.items()]
    found += [Entry(kind, item, None, ("removed",)) for at, item in enumerate(before) if at not in pairs]
    found += [Entry(kind, None, item, ("added",)) for at, item in enumerate(after) if at not in taken]
    return tuple(sorted(found, key=lambda entry: (code_key(entry.item.code), entry.old is None)))


def _item(kind: str, side: Edition, homes: _Homes, parent: str, it: Thing) -> Item:
    item = Item(it.code, it.name, side, parent, side.place(kind, it.code), homes.get(parent, ""), it)
    if not isinstance(it, Activity):
        return item
    costs = None if it.code in side.source.trust.unread else it.costs
    return replace(item, costs=costs, units=it.units)


def _marks(old: Item, new: Item) -> Iterator[str]:
    """What became of an item that is on both sides: moved by its target or code, unless it only follows a target that
    has another code now."""
    if wording(old.name) != wording(new.name):
        yield "reworded"
    follows = old.home and old.home == new.home and old.parent != new.parent and _within(old) == _within(new)
    if old.code != new.code and follows:
        yield "follows"
    elif (old.code, old.home) != (new.code, new.home):
        yield "moved"


def _within(item: Item) -> tuple[int, ...]:
    """The code without its target's; all of it where it does not begin with that."""
    code, parent = code_key(item.code), code_key(item.parent)
    return code[len(parent) :] if code[: len(parent)] == parent else code


def _indicator(entry: Entry) -> Entry:
    values = tuple(_values(entry.old, entry.new)) if entry.old and entry.new else ()
    return replace(entry, marks=(*entry.marks, "values"), values=values) if values else entry


def _values(old: Item, new: Item) -> Iterator[ValueChange]:
    """The values that differ: of those of one year, and of what each programme aims at."""
    first, second = old.edition.programme.year, new.edition.programme.year
    shift = second - first if first and second else 0
    years = [(at, at - shift) for at in range(3) if 0 <= at - shift < 3]
    for at, to in years if shift == 0 else [*years, (2, 2)]:
        sides = ((old, at), (new, to))
        blurred = any((item.code, year) in item.edition.source.trust.blurred for item, year in sides)
        was, now = old.thing.values[at], new.thing.values[to]
        if blurred or was != now:
            before, after = (item.edition.place("value", item.code, str(year)) for item, year in sides)
            years_told = first - 2 + at, second - 2 + to
            yield ValueChange(*years_told, was, now, not blurred, old_place=before, new_place=after)


def _notes(targets: Sequence[Entry]) -> Iterator[Entry]:
    """The explanations of targets on both sides that differ; one that is new, or gone, has an empty wording."""
    for entry in targets:
        old, new = (
            it and Item(it.code, it.thing.note, it.edition, place=it.edition.place("note", it.code))
            for it in entry.sides
        )
        if old and new and wording(old.name) != wording(new.name):
            yield Entry("note", old, new, ("reworded",))


def _gaps(diff: Difference) -> Iterator[Gap]:
    """Every figure that is missing on a side, so that it is in no sum."""
    for side, edition in (("old", diff.old), ("new", diff.new)):
        for found in (*edition.source.trust.lost, *edition.unsent):
            yield Gap(side, "", found.message, found.place)
    for item, side in (told for change in diff.activities for told in zip(change.sides, SIDES, strict=True)):
        if item and item.costs is None:
            what = "okunamadı ya da belli değil" if item.code in item.edition.source.trust.unread else "verilmemiş"
            yield Gap(side, item.code, f"{item.code} tutarı {what}.", item.place)
    for column in diff.columns:
        missing = [side for side, costs in zip(SIDES, column.costs, strict=True) if costs is None]
        if len(missing) == 1:
            yield Gap(missing[0], column.kind, f"{column.item.name} okunamadı ya da verilmemiş.")


def count_changes(old: Merged, new: Merged) -> Iterator[CountChange]:
    """The cells that differ, and rows that are on one side only; nothing where the programmes are of two years."""
    if old.programme.year != new.programme.year:
        return
    before, after = _cells(old), _cells(new)
    for key in dict.fromkeys([*before, *after]):
        # What a side has not is blank there.
        title, cell, *_ = after.get(key) or before[key]
        (_, _, was, place), (_, _, is_now, now) = (side.get(key, _NOTHING) for side in (before, after))
        if was != is_now or not (key in before and key in after):
            yield CountChange(title, cell, was, is_now, old_place=place, new_place=now)


_Counted = tuple[str, str, Count, Place | None]
_NOTHING: _Counted = ("", "", None, None)


def _cells(merged: Merged) -> Mapping[tuple[str, ...], _Counted]:
    """By table, row and column (table, cell, what stands there, where); a row's label that comes twice is told by its
    number."""
    places: dict[str, list[Sequence[Place]]] = defaultdict(list)
    for source in merged.general_tables:
        places[source.table].append(source.places)
    found: dict[tuple[str, ...], _Counted] = {}
    for table in merged.programme.general_tables:
        seen = Counter[str]()
        for row, own in zip(table.rows, chain(places[table.title], repeat(())), strict=False):
            label = squeeze(row.label)
            seen[label] += 1
            cells: list[tuple[str, Count]] = list(zip(table.columns, row.values, strict=False))
            # A list has no figures: that the row is there is all it says, with what stands beside it.
            cells += [("", row.note or row.label)] if row.note or not cells else []
            for at, (column, figure) in enumerate(cells):
                key = (table.kind, squeeze(table.caption), label, str(seen[label]), column)
                cell = " ▸ ".join(filter(None, (row.label, column)))
                # Where the row's cells can't be told apart there is no place.
                place = own[0] if len(own) == 1 else own[at] if len(own) == len(cells) else None
                found[key] = (table.title, cell, figure, place)
    return found
