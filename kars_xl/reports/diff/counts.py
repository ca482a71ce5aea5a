"""The figures of the general tables (Tablo 1–10) that differ, cell by cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from kars_xl.base.place import Place
from kars_xl.base.text import squeeze
from kars_xl.findings.finding import Merged
from kars_xl.reports.diff.changes import Count, CountChange


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
            yield CountChange(
                named.table,
                named.cell,
                one.old if one else None,
                other.old if other else None,
                one.old_place if one else None,
                other.old_place if other else None,
            )


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
            cells: list[tuple[str, Count]] = list(zip(table.columns, row.values, strict=False))
            # A list has no figures: that the row is there is all it says, with what stands beside it.
            cells += [("", row.note or row.label)] if row.note or not cells else []
            for at, (column, figure) in enumerate(cells):
                key = (table.kind, squeeze(table.caption), label, str(seen[label]), column)
                cell = " ▸ ".join(filter(None, (row.label, column)))
                # Where the row's cells can't be told apart there is no place.
                place = own[0] if len(own) == 1 else own[at] if len(own) == len(cells) else None
                found[key] = CountChange(table.title, cell, figure, old_place=place)
    return found
