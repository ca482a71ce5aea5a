"""A unit sent its form again: which revision is used, and what it changed against the one before.

What changed is a flat list of figures and wordings.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, replace
from decimal import Decimal

from kars_xl.base.place import Place
from kars_xl.base.text import squeeze
from kars_xl.findings.finding import Merged
from kars_xl.merging.consolidate import Choice, choices
from kars_xl.model.programme import IndicatorValue
from kars_xl.model.units import Unit
from kars_xl.reading.tables import Document
from kars_xl.reports.diff.changes import (
    ACTIVITIES,
    GRAND,
    ActivityChange,
    CodeChange,
    Difference,
    Entry,
    Gap,
    IndicatorChange,
    Pair,
)
from kars_xl.reports.diff.compare import compare
from kars_xl.reports.diff.edition import one_form
from kars_xl.workbook.nodes.sources import COLUMN_NAMES

# What a figure or wording is: kuruş, an indicator's value, a count of a general table, or text; None where none is.
Figure = int | IndicatorValue | Decimal | str | None
AMOUNT, VALUE, COUNT = "amount", "value", "count"
ADDED, REMOVED = "added", "removed"
WORDING, CODE, GAP = "wording", "code", "gap"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs. `key` and `name` say of what it is, `item` which figure of it.

    Of a GAP, a figure that could not be read or told to any activity, `name` is what was found.
    """

    kind: str
    key: str
    name: str
    item: str = ""
    _: KW_ONLY
    old: Figure = None
    new: Figure = None
    old_place: Place | None = None
    new_place: Place | None = None

    @property
    def place(self) -> Place | None:
        """The cell that now holds it, or that held it."""
        return self.new_place or self.old_place


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A unit's forms that are used, the one before that they are compared with, and all that are not used.

    `total` is what the forms cost in kuruş, before and now; None where a figure of it is not known on both sides.
    """

    unit: Unit
    used: tuple[Document, ...]
    replaced: tuple[Document, ...]
    before: tuple[Document, ...] = ()
    changes: tuple[Change, ...] = ()
    total: Pair | None = None


def revisions_of(documents: Sequence[Document]) -> tuple[Revision, ...]:
    """Every unit of which a later revision replaced another, in order of the units' first form."""
    return tuple(_revision(choice) for choice in choices(documents) if choice.replaced)


def _revision(choice: Choice) -> Revision:
    newest = choice.used[0]
    revision = Revision(unit=newest.unit, used=choice.used, replaced=choice.replaced)
    older = [document for document in choice.replaced if document.revision < newest.revision]
    before = tuple(document for document in older if document.revision == older[0].revision)
    if not before:
        # Only copies of the used form were left aside.
        return revision
    old, new = one_form(before), one_form(choice.used)
    diff = compare(old, new)
    total = (diff.total(GRAND) or diff.total(ACTIVITIES)) if diff.complete else None
    return replace(revision, before=before, changes=changes_of(diff, old.merged, new.merged), total=total)


def changes_of(diff: Difference, old: Merged, new: Merged) -> tuple[Change, ...]:
    """All that differs: what can't be compared first, then figures, then rows that came or went, then wordings."""
    known = {change.entry.item.code for change in diff.activities}
    found = [_gap(gap) for gap in dict.fromkeys(diff.gaps) if gap.key not in known]
    found += [row for change in diff.activities for row in _amounts(change)]
    found += [_code(code, "", COLUMN_NAMES[name]) for name, codes in diff.columns for code in codes]
    found += [row for change in diff.indicators for row in _values(change)]
    found += _counts(old, new)
    found += [row for change in diff.activities for row in _listed(change)]
    found += [_entry(entry) for entry in diff.entries if entry.kind != "activity" and (entry.added or entry.removed)]
    found += [row for entry in (*diff.entries, *diff.notes) for row in _wordings(entry)]
    return tuple(found)


def _gap(gap: Gap) -> Change:
    old, new = (gap.place if gap.side == side else None for side in ("old", "new"))
    return Change(GAP, "", gap.what, old_place=old, new_place=new)


def _amounts(change: ActivityChange) -> Iterator[Change]:
    """Each economic code that differs; the whole amount where one side's is not known."""
    entry = change.entry
    if entry.added or entry.removed:
        return
    item = entry.item
    if change.changed:
        for code in change.codes:
            yield _code(code, item.code, item.name)
    elif change.pair is None and change.old != change.new:
        old, new = (None if costs is None else costs.total for costs in (change.old, change.new))
        old_place = entry.old.place if entry.old else None
        yield Change(AMOUNT, item.code, item.name, old=old, new=new, old_place=old_place, new_place=item.place)


def _code(change: CodeChange, key: str, name: str) -> Change:
    old, new = change.pair.old, change.pair.new
    return Change(
        AMOUNT, key, name, change.row.title, old=old, new=new, old_place=change.old_place, new_place=change.new_place
    )


def _values(change: IndicatorChange) -> Iterator[Change]:
    item = change.entry.item
    for value in change.values:
        if value.changed:
            change_of = Change(VALUE, item.code, item.name, str(value.new_year), old=value.old, new=value.new)
            yield replace(change_of, old_place=value.old_place, new_place=value.new_place)


def _listed(change: ActivityChange) -> Iterator[Change]:
    """An activity that came or went, with its amount."""
    entry = change.entry
    if entry.added:
        yield replace(_entry(entry), new=change.new.total if change.new else None)
    elif entry.removed:
        yield replace(_entry(entry), old=change.old.total if change.old else None)


def _entry(entry: Entry) -> Change:
    """What came or went."""
    item = entry.item
    if entry.added:
        return Change(ADDED, item.code, item.name, new_place=item.place)
    return Change(REMOVED, item.code, item.name, old_place=item.place)


def _wordings(entry: Entry) -> Iterator[Change]:
    if entry.old is None or entry.new is None:
        return
    old, new = entry.old, entry.new
    if entry.moved or entry.follows:
        recoded = Change(CODE, new.code, new.name, old=old.code, new=new.code)
        yield replace(recoded, old_place=old.place, new_place=new.place)
    if entry.reworded:
        reworded = Change(WORDING, new.code, "", entry.kind, old=old.name, new=new.name)
        yield replace(reworded, old_place=old.place, new_place=new.place)


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell of a general table: the table's title, the row's label, the column's heading, what stands there."""

    title: str
    label: str
    column: str
    figure: Figure
    place: Place | None


def _counts(old: Merged, new: Merged) -> Iterator[Change]:
    """The cells of the general tables that differ, and rows that are in one revision only."""
    before, after = _cells(old), _cells(new)
    for key in [*before, *(key for key in after if key not in before)]:
        one, other = before.get(key), after.get(key)
        shown = other or one
        assert shown is not None
        change = Change(
            COUNT,
            "",
            shown.title,
            " ▸ ".join(filter(None, (shown.label, shown.column))),
            old=one.figure if one else None,
            new=other.figure if other else None,
            old_place=one.place if one else None,
            new_place=other.place if other else None,
        )
        if change.old != change.new:
            yield change


def _cells(merged: Merged) -> Mapping[tuple[str, ...], _Cell]:
    """By table, row and column; a row's label that comes twice is told by its number among its likes."""
    places: dict[str, list[Sequence[Place]]] = {}
    for source in merged.general_tables:
        places.setdefault(source.table, []).append(source.places)
    found: dict[tuple[str, ...], _Cell] = {}
    for table in merged.programme.general_tables:
        seen: dict[str, int] = {}
        own_places = places.get(table.title, [])
        for number, row in enumerate(table.rows):
            own = own_places[number] if number < len(own_places) else ()
            label = squeeze(row.label)
            seen[label] = seen.get(label, 0) + 1
            base = (table.kind, squeeze(table.caption), label, str(seen[label]))
            cells: list[tuple[str, Figure]] = list(zip(table.columns, row.values, strict=False))
            # A list has no figures: that the row is there is all it says, with what stands beside it.
            cells += [("", row.note or row.label)] if row.note or not cells else []
            for at, (column, figure) in enumerate(cells):
                found[(*base, column)] = _Cell(table.title, row.label, column, figure, _place(own, at, len(cells)))
    return found


def _place(own: Sequence[Place], number: int, count: int) -> Place | None:
    """The cell of a figure; None where the row's cells can't be told apart."""
    if len(own) == 1:
        return own[0]
    return own[number] if len(own) == count else None
