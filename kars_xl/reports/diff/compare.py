"""Two sources become their difference: which item is which of the other's by code and wording, and what became of
every item, amount and cell of the general tables."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, repeat

from msgspec.structs import replace
from rapidfuzz import fuzz

from kars_xl.base.place import Place
from kars_xl.base.text import code_key, fold, squeeze
from kars_xl.findings.finding import Merged
from kars_xl.merging.notes import Known, Wanted, match_names
from kars_xl.model.cost_rows import COLUMN_NAMES
from kars_xl.model.programme import Activity, Programme, Target
from kars_xl.reports.diff.amounts import activity_change, column_change, with_sums
from kars_xl.reports.diff.changes import SIDES, Count, CountChange, Difference, Entry, Gap, Item, Thing, ValueChange
from kars_xl.reports.diff.edition import Edition

_THINGS: Mapping[str, Callable[[Programme], Iterable[tuple[str, Thing]]]] = {
    "goal": lambda programme: (("", goal) for goal in programme.goals),
    "objective": lambda programme: (("", objective) for objective in programme.objectives),
    "target": lambda programme: ((target.objective, target) for target in programme.targets),
    "indicator": lambda programme: ((target.code, it) for target in programme.targets for it in target.indicators),
    "activity": lambda programme: ((target.code, it) for target in programme.targets for it in target.activities),
}
_Homes = Mapping[str, str]
_Counted = tuple[str, str, Count, Place | None]
_NOTHING: _Counted = ("", "", None, None)
# Of two wordings under one code: below this they are two things. Unlike indicators of one target reach 70 in a tenth
# of all pairs ("… Sayısı (adet)"), and under one code both wordings are shown.
_ALIKE = 70.0
_NEAR = 84.0
_CLEARLY = 6.0
_STEM = 4

_Items = Mapping[int, Item]
_Pairs = Iterator[tuple[int, int]]
_KEYS: Sequence[Callable[[Item], Hashable]] = (
    lambda item: (item.code, wording(item.name), item.home),
    lambda item: (wording(item.name), item.home),
    lambda item: (item.code, wording(item.name)),
    lambda item: wording(item.name),
)


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
    return replace(item, costs=None if it.code in side.source.trust.unread else it.costs, units=it.units)


def _marks(old: Item, new: Item) -> Iterator[str]:
    """What became of an item on both sides: moved, unless it only follows a target that has another code now."""
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


def _cells(merged: Merged) -> Mapping[tuple[str, ...], _Counted]:
    """By table, row and column (table, cell, what stands there, where); labels that come twice are told by number."""
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


def wording(text: str) -> str:
    """What is equal in two wordings that are the same: letters, figures, and the percent sign, which is a unit."""
    return squeeze(text.replace("%", " yüzde "))


def pair_items(old: Sequence[Item], new: Sequence[Item]) -> dict[int, int]:
    """Index in `new` by index in `old`; what has no partner is left out."""
    # What is not paired yet; the rules see it grow less.
    before, after, found = dict(enumerate(old)), dict(enumerate(new)), dict[int, int]()
    same = (_equal(before, after, key) for key in _KEYS)
    for one, other in chain(*same, _same_code(before, after), _nearest(before, after)):
        found[one] = other
        del before[one], after[other]
    return found


def _equal(old: _Items, new: _Items, key: Callable[[Item], Hashable]) -> _Pairs:
    """Those that are the only ones of their key on either side."""
    by_key: dict[Hashable, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for side, items in enumerate((old, new)):
        for index, item in items.items():
            if wording(item.name):
                by_key[key(item)][side].append(index)
    yield from ((one[0], other[0]) for one, other in by_key.values() if len(one) == len(other) == 1)


def _same_code(old: _Items, new: _Items) -> _Pairs:
    """What is alike under one code, unless another wording that is left is clearly nearer to either; a target that is
    worded anew is known by what is below it."""
    codes = Counter(item.code for item in (*old.values(), *new.values()))
    by_code = {item.code: index for index, item in new.items()}
    for one, item in list(old.items()):
        other = by_code.get(item.code)
        if other is None or codes[item.code] > 2:
            continue
        score = _score(item.name, new[other].name)
        alike = score >= _ALIKE and not _rival(old, new, one, other, score)
        inner, its = _inner(item), _inner(new[other])
        if alike or len(inner & its) * 2 > max(len(inner), len(its)):
            yield one, other


def _inner(item: Item) -> frozenset[str]:
    """The wordings of what is below a target."""
    below: Sequence[Thing] = (*item.thing.indicators, *item.thing.activities) if isinstance(item.thing, Target) else ()
    return frozenset(wording(it.name) for it in below)


def _rival(old: _Items, new: _Items, one: int, other: int, score: float) -> bool:
    names = [(old[one].name, item.name) for index, item in new.items() if index != other]
    names += [(item.name, new[other].name) for index, item in old.items() if index != one]
    enough = max(_NEAR, score + _CLEARLY)
    return any(_score(*pair) >= enough and _only_forms_differ(*pair) for pair in names)


def _nearest(old: _Items, new: _Items) -> _Pairs:
    """Wordings that are nearest to each other from both sides: within a target first, then anywhere."""
    homes = {item.home for item in old.values()} & {item.home for item in new.values()}
    for home in (*sorted(homes - {""}), None):
        before, after = (
            {index: item for index, item in items.items() if home is None or item.home == home} for items in (old, new)
        )
        there, back = _matched(before, after), _matched(after, before)
        for one, other in there.items():
            if back.get(other) == one and _only_forms_differ(before[one].name, after[other].name):
                yield one, other


def _matched(wanted: _Items, known: _Items) -> dict[int, int]:
    """What `match_names` says of each; indexes stand in for codes, which may be the same on both sides."""
    indexes = list(wanted)
    found = match_names(
        [Wanted(wanted[index].name) for index in indexes],
        [Known(str(index), item.name) for index, item in known.items()],
    )
    return {index: int(code) for index, code in zip(indexes, found, strict=True) if code is not None}


def _score(old: str, new: str) -> float:
    return float(fuzz.ratio(wording(old), wording(new)))


def _only_forms_differ(old: str, new: str) -> bool:
    """Whether words were only inflected, added or left out: one put in place of another names another thing. So
    "yapılması" may become "yapılacak" and "(yeni) park", but not "Küçükbaş" "Büyükbaş", nor "2. etap" "3. etap"."""
    before, after = Counter(fold(old).split()), Counter(fold(new).split())
    gone, come = list((before - after).elements()), list((after - before).elements())
    for word in list(gone):
        stem = word[:_STEM] if len(word) >= _STEM and word[:_STEM].isalpha() else None
        partner = next((other for other in come if other[:_STEM] == stem), None)
        if partner is not None:
            gone.remove(word)
            come.remove(partner)
    return not gone or not come or "".join(gone) == "".join(come)
