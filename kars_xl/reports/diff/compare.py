"""Two sources become their difference: what was added, removed, reworded, moved, and what every amount became."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from kars_xl.base.text import code_key
from kars_xl.model.programme import Activity, Goal, Indicator, Objective, Target
from kars_xl.reports.diff.amounts import activity_change, column_changes
from kars_xl.reports.diff.changes import ActivityChange, Difference, Entry, Gap, IndicatorChange, Item, ValueChange
from kars_xl.reports.diff.pairing import Named, pair_items, wording
from kars_xl.reports.diff.source import Source
from kars_xl.reports.diff.sums import sums
from kars_xl.workbook.nodes.sources import COLUMN_NAMES


def compare(old: Source, new: Source) -> Difference:
    """All that differs between two sources."""
    goals = _headings("goal", old, new, old.programme.goals, new.programme.goals)
    objectives = _headings("objective", old, new, old.programme.objectives, new.programme.objectives)
    targets, homes = _targets(old, new)
    indicators = tuple(_indicator(entry, old, new) for entry in _children("indicator", old, new, homes))
    activities = tuple(activity_change(entry, old, new) for entry in _children("activity", old, new, homes))
    columns = tuple((name, column_changes(name, old, new)) for name in COLUMN_NAMES)
    notes = tuple(_notes(targets, old, new))
    below = [*(row.entry for row in indicators), *(row.entry for row in activities)]
    entries = [*goals, *objectives, *targets, *notes, *below]
    totals, by_target, by_unit, by_code, by_form = sums(old, new, targets, activities, indicators, columns, entries)
    gaps = tuple(_gaps(old, new, activities))
    return Difference(
        old=old.side,
        new=new.side,
        goals=goals,
        objectives=objectives,
        targets=targets,
        notes=notes,
        indicators=indicators,
        activities=activities,
        columns=columns,
        totals=totals,
        by_target=by_target,
        by_unit=by_unit,
        by_code=by_code,
        by_form=by_form,
        gaps=gaps,
    )


def _headings(
    kind: str, old: Source, new: Source, before: Sequence[Goal | Objective], after: Sequence[Goal | Objective]
) -> tuple[Entry, ...]:
    pairs = pair_items(
        [Named(item.code, item.name) for item in before], [Named(item.code, item.name) for item in after]
    )
    ones = [Item(item.code, item.name, "", old.place(kind, item.code)) for item in before]
    others = [Item(item.code, item.name, "", new.place(kind, item.code)) for item in after]
    return _entries(kind, ones, others, pairs)


def _entries(kind: str, before: Sequence[Item], after: Sequence[Item], pairs: Mapping[int, int]) -> tuple[Entry, ...]:
    """Pairs and what has no partner, in code order of what there is now."""
    found = [_entry(kind, before[one], after[other]) for one, other in pairs.items()]
    found += [Entry(kind, item, None) for index, item in enumerate(before) if index not in pairs]
    taken = set(pairs.values())
    found += [Entry(kind, None, item) for index, item in enumerate(after) if index not in taken]
    return tuple(sorted(found, key=lambda entry: (code_key(entry.item.code), entry.added)))


def _entry(kind: str, old: Item, new: Item) -> Entry:
    reworded = wording(old.name) != wording(new.name)
    return Entry(kind, old, new, reworded=reworded, moved=old.code != new.code)


def _targets(old: Source, new: Source) -> tuple[tuple[Entry, ...], tuple[dict[str, str], dict[str, str]]]:
    """The targets, and by target's code on each side a mark that is the same on both where they are one target."""
    before, after = old.programme.targets, new.programme.targets
    pairs = pair_items([_named(target) for target in before], [_named(target) for target in after])
    ones = [Item(item.code, item.name, item.objective, old.place("target", item.code)) for item in before]
    others = [Item(item.code, item.name, item.objective, new.place("target", item.code)) for item in after]
    olds = {target.code: f"old {target.code}" for target in before}
    news = {target.code: f"new {target.code}" for target in after}
    for one, other in pairs.items():
        olds[before[one].code] = news[after[other].code]
    return _entries("target", ones, others, pairs), (olds, news)


def _named(target: Target) -> Named:
    names = [*(item.name for item in target.indicators), *(item.name for item in target.activities)]
    return Named(target.code, target.name, "", frozenset(map(wording, names)))


def _children(
    kind: str, old: Source, new: Source, homes: tuple[Mapping[str, str], Mapping[str, str]]
) -> tuple[Entry, ...]:
    """Indicators or activities of both sides."""
    before, named = _items(kind, old, homes[0])
    after, others = _items(kind, new, homes[1])
    return tuple(_told_with_target(entry, homes) for entry in _entries(kind, before, after, pair_items(named, others)))


def _items(kind: str, source: Source, homes: Mapping[str, str]) -> tuple[list[Item], list[Named]]:
    """One side's indicators or activities, and how they are told."""
    items = []
    for target in source.programme.targets:
        things: tuple[Indicator | Activity, ...] = target.indicators if kind == "indicator" else target.activities
        items += [Item(thing.code, thing.name, target.code, source.place(kind, thing.code)) for thing in things]
    return items, [Named(item.code, item.name, homes[item.parent]) for item in items]


def _told_with_target(entry: Entry, homes: tuple[Mapping[str, str], Mapping[str, str]]) -> Entry:
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


def _indicator(entry: Entry, old: Source, new: Source) -> IndicatorChange:
    if entry.old is None or entry.new is None:
        return IndicatorChange(entry)
    before = _values(old, entry.old)
    after = _values(new, entry.new)
    return IndicatorChange(entry, tuple(_value(pair, before, after, old, new) for pair in _years(old, new)))


def _values(source: Source, item: Item) -> Indicator:
    return next(
        indicator
        for target in source.programme.targets
        if target.code == item.parent
        for indicator in target.indicators
        if indicator.code == item.code
    )


def _years(old: Source, new: Source) -> list[tuple[int, int]]:
    """(old index, new index) of the values to compare: those of one year, and what each programme aims at."""
    shift = new.programme.year - old.programme.year if old.programme.year and new.programme.year else 0
    same = [(index, index - shift) for index in range(3) if 0 <= index - shift < 3]
    return same if shift == 0 else [*same, (2, 2)]


def _value(pair: tuple[int, int], before: Indicator, after: Indicator, old: Source, new: Source) -> ValueChange:
    one, other = pair
    return ValueChange(
        old.programme.year - 2 + one,
        new.programme.year - 2 + other,
        before.values[one],
        after.values[other],
        old.place("value", before.code, str(one)),
        new.place("value", after.code, str(other)),
        (before.code, one) not in old.blurred and (after.code, other) not in new.blurred,
    )


def _notes(targets: Sequence[Entry], old: Source, new: Source) -> list[Entry]:
    """The explanations of targets on both sides that differ; one that is new, or gone, has an empty wording."""
    before = {target.code: target.note for target in old.programme.targets}
    after = {target.code: target.note for target in new.programme.targets}
    found = []
    for entry in targets:
        if entry.old is None or entry.new is None:
            continue
        one, other = before[entry.old.code], after[entry.new.code]
        if wording(one) != wording(other):
            item = Item(entry.old.code, one, "", old.place("note", entry.old.code))
            now = Item(entry.new.code, other, "", new.place("note", entry.new.code))
            found.append(Entry("note", item, now, reworded=True))
    return found


def _gaps(old: Source, new: Source, activities: Sequence[ActivityChange]) -> list[Gap]:
    """Every figure that is missing on a side, so that it is in no sum."""
    found = []
    for side, source in (("old", old), ("new", new)):
        found += [replace(gap, side=side) for gap in source.lost]
    for change in activities:
        for side, source, costs in (("old", old, change.old), ("new", new, change.new)):
            item = change.entry.old if side == "old" else change.entry.new
            if costs is None and item is not None:
                what = "okunamadı ya da belli değil" if item.code in source.unread else "verilmemiş"
                found.append(Gap(side, item.code, f"{item.code} tutarı {what}.", item.place))
    for name, label in COLUMN_NAMES.items():
        known = [getattr(source.programme, name) is not None for source in (old, new)]
        if known[0] != known[1]:
            side = "new" if known[0] else "old"
            found.append(Gap(side, name, f"{label} okunamadı ya da verilmemiş."))
    return found
