"""Two sources become their difference: what became of every item, amount and cell of the general tables."""

from collections.abc import Iterator, Mapping, Sequence
from operator import attrgetter

from msgspec.structs import replace

from kars_xl.base.place import Place
from kars_xl.base.text import code_key, squeeze
from kars_xl.findings.finding import Merged
from kars_xl.model.programme import Activity, Goal, Indicator, Objective, Programme, Target
from kars_xl.reports.diff import changes
from kars_xl.reports.diff.amounts import activity_change, column_changes, with_sums
from kars_xl.reports.diff.changes import ActivityChange, CountChange, Difference, Entry, Gap, IndicatorChange, Item
from kars_xl.reports.diff.edition import Edition, Named, pair_items, wording
from kars_xl.workbook.nodes.lists import COLUMN_NAMES


def compare(old: Edition, new: Edition) -> Difference:
    """All that differs between two sources."""
    targets = _entries("target", old, new)
    homes = _homes(targets, old, new)
    below = {kind: _entries(kind, old, new, homes) for kind in ("indicator", "activity")}
    activities = tuple(activity_change(_told_with_target(entry, homes), old, new) for entry in below["activity"])
    diff = Difference(
        old=old.side,
        new=new.side,
        goals=_entries("goal", old, new),
        objectives=_entries("objective", old, new),
        targets=targets,
        notes=tuple(_notes(targets, old, new)),
        indicators=tuple(_indicator(_told_with_target(entry, homes), old, new) for entry in below["indicator"]),
        activities=activities,
        columns=tuple((name, column_changes(name, old, new)) for name in COLUMN_NAMES),
        counts=tuple(count_changes(old.merged, new.merged)),
        gaps=tuple(_gaps(old, new, activities)),
    )
    return with_sums(diff, old, new)


_Thing = Goal | Objective | Target | Indicator | Activity
_Homes = tuple[Mapping[str, str], Mapping[str, str]]


def _things(kind: str, programme: Programme) -> list[tuple[_Thing, str]]:
    """All of a kind, each with the code of what it stands under."""
    if kind in ("goal", "objective"):
        return [(item, "") for item in (programme.goals if kind == "goal" else programme.objectives)]
    if kind == "target":
        return [(target, target.objective) for target in programme.targets]
    below = attrgetter("indicators" if kind == "indicator" else "activities")
    return [(item, target.code) for target in programme.targets for item in below(target)]


def _entries(kind: str, old: Edition, new: Edition, homes: _Homes = ({}, {})) -> tuple[Entry, ...]:
    """Pairs and what has no partner, in code order of what there is now."""
    sides: list[list[Item]] = []
    named: list[list[Named]] = []
    for edition, home in zip((old, new), homes, strict=True):
        things = _things(kind, edition.programme)
        sides.append([Item(it.code, it.name, parent, edition.place(kind, it.code)) for it, parent in things])
        named.append([Named(it.code, it.name, home.get(parent, ""), _inner(it)) for it, parent in things])
    before, after = sides
    pairs = pair_items(*named)
    found = [
        Entry(kind, one, other, reworded=wording(one.name) != wording(other.name), moved=one.code != other.code)
        for one, other in ((before[at], after[to]) for at, to in pairs.items())
    ]
    found += [Entry(kind, item, None) for index, item in enumerate(before) if index not in pairs]
    taken = set(pairs.values())
    found += [Entry(kind, None, item) for index, item in enumerate(after) if index not in taken]
    return tuple(sorted(found, key=lambda entry: (code_key(entry.item.code), entry.added)))


def _inner(thing: _Thing) -> frozenset[str]:
    """The wordings of what is below a target."""
    below: Sequence[_Thing] = (*thing.indicators, *thing.activities) if isinstance(thing, Target) else ()
    return frozenset(wording(item.name) for item in below)


def _homes(targets: Sequence[Entry], old: Edition, new: Edition) -> _Homes:
    """By target's code on each side a mark that is the same on both where they are one target."""
    olds = {target.code: f"old {target.code}" for target in old.programme.targets}
    news = {target.code: f"new {target.code}" for target in new.programme.targets}
    for entry in targets:
        if entry.old and entry.new:
            olds[entry.old.code] = news[entry.new.code]
    return olds, news


def _told_with_target(entry: Entry, homes: _Homes) -> Entry:
    """Moved by its target or code, unless it only follows a target that has another code now."""
    if entry.old is None or entry.new is None:
        return entry
    stays = homes[0][entry.old.parent] == homes[1][entry.new.parent]
    renumbered = entry.old.code != entry.new.code
    follows = stays and renumbered and entry.old.parent != entry.new.parent
    follows = follows and _within(entry.old) == _within(entry.new)
    return replace(entry, moved=not follows and (renumbered or not stays), follows=follows)


def _within(item: Item) -> tuple[int, ...]:
    """The code without its target's; all of it where it does not begin with that."""
    code, parent = code_key(item.code), code_key(item.parent)
    return code[len(parent) :] if code[: len(parent)] == parent else code


def _indicator(entry: Entry, old: Edition, new: Edition) -> IndicatorChange:
    if entry.old is None or entry.new is None:
        return IndicatorChange(entry)
    before, after = old.indicator(entry.old), new.indicator(entry.new)
    values = (
        changes.ValueChange(
            old_year=old.programme.year - 2 + one,
            new_year=new.programme.year - 2 + other,
            old=before.values[one],
            new=after.values[other],
            readable=(before.code, one) not in old.source.trust.blurred
            and (after.code, other) not in new.source.trust.blurred,
            old_place=old.place("value", before.code, str(one)),
            new_place=new.place("value", after.code, str(other)),
        )
        for one, other in _years(old, new)
    )
    return IndicatorChange(entry, tuple(values))


def _years(old: Edition, new: Edition) -> list[tuple[int, int]]:
    """(old index, new index) of the values to compare: those of one year, and what each programme aims at."""
    shift = new.programme.year - old.programme.year if old.programme.year and new.programme.year else 0
    same = [(index, index - shift) for index in range(3) if 0 <= index - shift < 3]
    return same if shift == 0 else [*same, (2, 2)]


def _notes(targets: Sequence[Entry], old: Edition, new: Edition) -> Iterator[Entry]:
    """The explanations of targets on both sides that differ; one that is new, or gone, has an empty wording."""
    before = {target.code: target.note for target in old.programme.targets}
    after = {target.code: target.note for target in new.programme.targets}
    for was, now in ((entry.old.code, entry.new.code) for entry in targets if entry.old and entry.new):
        if wording(before[was]) != wording(after[now]):
            item = Item(was, before[was], "", old.place("note", was))
            yield Entry("note", item, Item(now, after[now], "", new.place("note", now)), reworded=True)


def _gaps(old: Edition, new: Edition, activities: Sequence[ActivityChange]) -> Iterator[Gap]:
    """Every figure that is missing on a side, so that it is in no sum."""
    sides = (("old", old), ("new", new))
    for side, edition in sides:
        for found in (*edition.source.trust.lost, *edition.unsent):
            yield Gap(side, "", found.message, found.place)
    for change in activities:
        for side, edition in sides:
            item = getattr(change.entry, side)
            if getattr(change, side) is None and item is not None:
                what = "okunamadı ya da belli değil" if item.code in edition.source.trust.unread else "verilmemiş"
                yield Gap(side, item.code, f"{item.code} tutarı {what}.", item.place)
    for name, label in COLUMN_NAMES.items():
        missing = [side for side, edition in sides if edition.programme.column(name) is None]
        if len(missing) == 1:
            yield Gap(missing[0], name, f"{label} okunamadı ya da verilmemiş.")


def count_changes(old: Merged, new: Merged) -> Iterator[CountChange]:
    """The cells that differ, and rows that are on one side only; nothing where the programmes are of two years."""
    if old.programme.year != new.programme.year:
        return
    before, after = _cells(old), _cells(new)
    for key in dict.fromkeys([*before, *after]):
        one, other = before.get(key), after.get(key)
        if one is None or other is None or one.old != other.old:
            named = other or one
            assert named is not None
            (first, place), (second, now) = ((it.old, it.old_place) if it else (None, None) for it in (one, other))
            yield CountChange(named.table, named.cell, first, second, place, now)


def _cells(merged: Merged) -> Mapping[tuple[str, ...], CountChange]:
    """By table, row and column what stands there; a row's label that comes twice is told by its number."""
    places: dict[str, list[Sequence[Place]]] = {}
    for source in merged.general_tables:
        places.setdefault(source.table, []).append(source.places)
    found: dict[tuple[str, ...], CountChange] = {}
    for table in merged.programme.general_tables:
        seen: dict[str, int] = {}
        own_places = places.get(table.title, [])
        for number, row in enumerate(table.rows):
            own = own_places[number] if number < len(own_places) else ()
            label = squeeze(row.label)
            seen[label] = seen.get(label, 0) + 1
            cells: list[tuple[str, changes.Count]] = list(zip(table.columns, row.values, strict=False))
            # A list has no figures: that the row is there is all it says, with what stands beside it.
            cells += [("", row.note or row.label)] if row.note or not cells else []
            for at, (column, figure) in enumerate(cells):
                key = (table.kind, squeeze(table.caption), label, str(seen[label]), column)
                cell = " ▸ ".join(filter(None, (row.label, column)))
                # Where the row's cells can't be told apart there is no place.
                place = own[0] if len(own) == 1 else own[at] if len(own) == len(cells) else None
                found[key] = CountChange(table.title, cell, figure, old_place=place)
    return found
