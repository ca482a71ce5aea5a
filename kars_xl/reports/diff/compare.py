"""Two sources become their difference: what became of every item, amount and cell of the general tables."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, repeat

from msgspec.structs import replace

from kars_xl.base.place import Place
from kars_xl.base.text import code_key, squeeze
from kars_xl.findings.finding import Merged
from kars_xl.model.programme import Indicator, Programme
from kars_xl.reports.diff import changes
from kars_xl.reports.diff.amounts import activity_change, column_changes, with_sums
from kars_xl.reports.diff.changes import CostChange, CountChange, Difference, Entry, Gap, Item
from kars_xl.reports.diff.edition import Edition
from kars_xl.reports.diff.pairs import pair_items, wording

_THINGS: Mapping[str, Callable[[Programme], Iterable[tuple[str, changes.Thing]]]] = {
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
    activities = tuple(activity_change(entry, old, new) for entry in _entries("activity", old, new, was, now))
    columns = column_changes(old, new)
    diff = Difference(
        old=old,
        new=new,
        goals=_entries("goal", old, new),
        objectives=_entries("objective", old, new),
        targets=targets,
        notes=tuple(_notes(targets, old, new)),
        indicators=tuple(_indicator(entry, old, new) for entry in _entries("indicator", old, new, was, now)),
        activities=activities,
        columns=columns,
        counts=tuple(count_changes(old.merged, new.merged)),
        gaps=tuple(_gaps((("old", old), ("new", new)), activities, columns)),
    )
    return with_sums(diff, old, new)


def _entries(kind: str, old: Edition, new: Edition, was: _Homes = {}, now: _Homes = {}) -> tuple[Entry, ...]:  # noqa: B006
    """Pairs and what has no partner, in code order of what there is now."""
    before, after = (
        [
            Item(it.code, it.name, parent, edition.place(kind, it.code), homes.get(parent, ""), it)
            for parent, it in _THINGS[kind](edition.programme)
        ]
        for edition, homes in ((old, was), (new, now))
    )
    pairs = pair_items(before, after)
    taken = set(pairs.values())
    found = [Entry(kind, before[at], after[to], tuple(_marks(before[at], after[to]))) for at, to in pairs.items()]
    found += [Entry(kind, item, None, ("removed",)) for at, item in enumerate(before) if at not in pairs]
    found += [Entry(kind, None, item, ("added",)) for at, item in enumerate(after) if at not in taken]
    return tuple(sorted(found, key=lambda entry: (code_key(entry.item.code), entry.old is None)))


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


def _indicator(entry: Entry, old: Edition, new: Edition) -> Entry:
    values = tuple(_values(entry.old, entry.new, old, new)) if entry.old and entry.new else ()
    return replace(entry, marks=(*entry.marks, "values"), values=values) if values else entry


def _values(one: Item, other: Item, old: Edition, new: Edition) -> Iterator[changes.ValueChange]:
    """The values that differ: of those of one year, and of what each programme aims at."""
    before, after = one.thing, other.thing
    assert isinstance(before, Indicator)
    assert isinstance(after, Indicator)
    first, second = old.programme.year, new.programme.year
    shift = second - first if first and second else 0
    years = [(at, at - shift) for at in range(3) if 0 <= at - shift < 3]
    for at, to in years if shift == 0 else [*years, (2, 2)]:
        blurred = (one.code, at) in old.source.trust.blurred or (other.code, to) in new.source.trust.blurred
        if blurred or before.values[at] != after.values[to]:
            yield changes.ValueChange(
                old_year=first - 2 + at,
                new_year=second - 2 + to,
                old=before.values[at],
                new=after.values[to],
                readable=not blurred,
                old_place=old.place("value", one.code, str(at)),
                new_place=new.place("value", other.code, str(to)),
            )


def _notes(targets: Sequence[Entry], old: Edition, new: Edition) -> Iterator[Entry]:
    """The explanations of targets on both sides that differ; one that is new, or gone, has an empty wording."""
    before = {target.code: target.note for target in old.programme.targets}
    after = {target.code: target.note for target in new.programme.targets}
    for was, now in ((entry.old.code, entry.new.code) for entry in targets if entry.old and entry.new):
        if wording(before[was]) != wording(after[now]):
            item = Item(was, before[was], "", old.place("note", was))
            yield Entry("note", item, Item(now, after[now], "", new.place("note", now)), ("reworded",))


def _gaps(
    sides: Sequence[tuple[str, Edition]], activities: Sequence[CostChange], columns: Sequence[CostChange]
) -> Iterator[Gap]:
    """Every figure that is missing on a side, so that it is in no sum."""
    for side, edition in sides:
        for found in (*edition.source.trust.lost, *edition.unsent):
            yield Gap(side, "", found.message, found.place)
    for change in activities:
        for (side, edition), item, costs in zip(sides, (change.old, change.new), change.costs, strict=True):
            if costs is None and item is not None:
                what = "okunamadı ya da belli değil" if item.code in edition.source.trust.unread else "verilmemiş"
                yield Gap(side, item.code, f"{item.code} tutarı {what}.", item.place)
    for column in columns:
        missing = [side for (side, _), costs in zip(sides, column.costs, strict=True) if costs is None]
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
            yield CountChange(title, cell, was, is_now, place, now)


_Counted = tuple[str, str, changes.Count, Place | None]
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
            cells: list[tuple[str, changes.Count]] = list(zip(table.columns, row.values, strict=False))
            # A list has no figures: that the row is there is all it says, with what stands beside it.
            cells += [("", row.note or row.label)] if row.note or not cells else []
            for at, (column, figure) in enumerate(cells):
                key = (table.kind, squeeze(table.caption), label, str(seen[label]), column)
                cell = " ▸ ".join(filter(None, (row.label, column)))
                # Where the row's cells can't be told apart there is no place.
                place = own[0] if len(own) == 1 else own[at] if len(own) == len(cells) else None
                found[key] = (table.title, cell, figure, place)
    return found
