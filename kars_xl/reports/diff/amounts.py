"""What an activity, or a column of Tablo 11, cost and costs: in all, by unit and by economic code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from kars_xl.base.place import Place
from kars_xl.model.cost_rows import CostRow
from kars_xl.model.programme import Activity, Costs, total_costs
from kars_xl.model.units import Unit
from kars_xl.reports.diff.changes import ActivityChange, CodeChange, Entry, Pair, Part
from kars_xl.reports.diff.edition import Edition

_NOWHERE: Mapping[CostRow, Place] = {}


@dataclass(frozen=True, slots=True)
class _Share:
    """What one unit gave for an activity; costs None where only the total is known."""

    unit: Unit
    total: int
    costs: Costs | None = None
    place: Place | None = None
    form: Place | None = None
    cells: Mapping[CostRow, Place] = field(default_factory=dict)


def activity_change(entry: Entry, old: Edition, new: Edition) -> ActivityChange:
    """Both sides' amounts of one activity."""
    before = old.activity(entry.old) if entry.old else None
    after = new.activity(entry.new) if entry.new else None
    one, other = _known(old, before), _known(new, after)
    units = before.units if before else (), after.units if after else ()
    assumed = any(item and item.code in side.source.assumed for item, side in ((entry.old, old), (entry.new, new)))
    parts: tuple[Part, ...] = ()
    codes: tuple[CodeChange, ...] = ()
    if one is not None and other is not None:
        shares = _paired(_shares(old, before), _shares(new, after))
        parts = tuple(_part(*pair) for pair in shares)
        codes = () if assumed or entry.added or entry.removed else tuple(_codes(one, other, shares))
    # A unit that nobody named is no other unit.
    changed = all(units) and set(units[0]) != set(units[1])
    return ActivityChange(
        entry=entry,
        old=one,
        new=other,
        old_units=units[0],
        new_units=units[1],
        units_changed=changed,
        assumed=assumed,
        parts=parts,
        codes=codes,
    )


def column_changes(name: str, old: Edition, new: Edition) -> tuple[CodeChange, ...]:
    """The codes of Genel Yönetim Giderleri or the transfers that changed; none where a side is not known."""
    one, other = old.programme.column(name), new.programme.column(name)
    if one is None or other is None:
        return ()
    cells = [
        next((given.places for given in edition.merged.columns if given.column == name), _NOWHERE)
        for edition in (old, new)
    ]
    return tuple(_differing(None, one, other, cells[0], cells[1]))


def _known(edition: Edition, activity: Activity | None) -> Costs | None:
    """The costs; zero where the activity does not exist, None where its figure is not known."""
    if activity is None:
        return Costs()
    return None if activity.code in edition.source.trust.unread else activity.costs


def _shares(edition: Edition, activity: Activity | None) -> list[_Share]:
    """By unit what was given; the forms behind a merged workbook where they add up to what it says."""
    if activity is None or activity.costs is None:
        return []
    given = edition.contributions(activity.code)
    if not given:
        return [_Share(_together(activity.units), activity.costs.total, activity.costs)]
    origins = edition.origins.activities.get(activity.code, ())
    if origins and sum(item.total for item in origins) == activity.costs.total:
        cells = given[0].places if len(given) == len(origins) == 1 else _NOWHERE
        place = given[0].place
        by_code = len(origins) == 1 or _adds_up([item.costs for item in origins], activity.costs)
        whole = activity.costs if len(origins) == 1 else None
        return [
            _Share(item.unit, item.total, whole or (item.costs if by_code else None), place, item.form, cells)
            for item in origins
        ]
    is_forms = edition.source.is_forms
    return [
        _Share(
            item.sender.unit, item.costs.total, item.costs, item.place, item.place if is_forms else None, item.places
        )
        for item in given
    ]


def _adds_up(parts: Sequence[Costs | None], whole: Costs) -> bool:
    known = [part for part in parts if part is not None]
    return len(known) == len(parts) and total_costs(known) == whole


def _paired(old: Sequence[_Share], new: Sequence[_Share]) -> list[tuple[list[_Share], list[_Share]]]:
    """Shares of one unit beside each other. What a side gives for units together is compared for them together."""
    together = any(len(share.unit.parts) > 1 for share in (*old, *new))
    if together and _all_units(old) == _all_units(new):
        return [(list(old), list(new))]
    units = dict.fromkeys(share.unit for share in (*old, *new))
    return [
        ([share for share in old if share.unit == unit], [share for share in new if share.unit == unit])
        for unit in units
    ]


def _all_units(shares: Sequence[_Share]) -> frozenset[Unit]:
    return frozenset(unit for share in shares for unit in share.unit.parts)


def _together(units: Iterable[Unit]) -> Unit:
    """The one unit that these are spellings of, or all of them as one, each as it is spelt last."""
    named = {part: part for unit in units for part in unit.parts}
    return Unit("\n".join(map(str, sorted(named.values()))))


def _part(old: list[_Share], new: list[_Share]) -> Part:
    forms = tuple(share.form for share in new or old if share.form is not None)
    return Part(
        _together(share.unit for share in (*old, *new)),
        Pair(sum(share.total for share in old), sum(share.total for share in new)),
        old[0].place if old else None,
        new[0].place if new else None,
        forms,
    )


def _codes(old: Costs, new: Costs, shares: Sequence[tuple[list[_Share], list[_Share]]]) -> Iterator[CodeChange]:
    """Changes by unit where each unit's costs are known on both sides, else of the whole activity."""
    single = all(len(before) == 1 == len(after) for before, after in shares)
    pairs = [(before[0], after[0]) for before, after in shares] if single else []
    if not pairs or any(share.costs is None for pair in pairs for share in pair):
        cells = [_cells([share for pair in shares for share in pair[side]]) for side in (0, 1)]
        yield from _differing(None, old, new, cells[0], cells[1])
        return
    for before, after in pairs:
        if before.costs is not None and after.costs is not None:
            unit = after.unit if len(pairs) > 1 else None
            yield from _differing(unit, before.costs, after.costs, before.cells, after.cells)


def _cells(shares: Sequence[_Share]) -> Mapping[CostRow, Place]:
    return shares[0].cells if len(shares) == 1 else _NOWHERE


def _differing(
    unit: Unit | None, old: Costs, new: Costs, before: Mapping[CostRow, Place], after: Mapping[CostRow, Place]
) -> Iterator[CodeChange]:
    for row, kurus in old:
        if kurus != new[row]:
            yield CodeChange(row, unit, Pair(kurus, new[row]), before.get(row), after.get(row))
