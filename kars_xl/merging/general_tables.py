"""General tables of many documents become the programme's; each is given once, and by the unit that keeps it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from kars_xl.base.text import squeeze
from kars_xl.findings.finding import Finding, finding
from kars_xl.merging.notes import Notes
from kars_xl.model.general_tables import ProgrammeTable
from kars_xl.model.programme import Programme
from kars_xl.model.sources import GeneralTableSource
from kars_xl.reading.general.keepers import ORDER, in_order, keeper
from kars_xl.reading.general.kinds import name_of
from kars_xl.reading.general.without_totals import ReadTable, read_table
from kars_xl.reading.tables import Document, GeneralTable


class GivenTable(NamedTuple):
    """A table that a document gave, the one of the plan that it is, and its key among all."""

    document: Document
    source: GeneralTable
    planned: ProgrammeTable | None
    read: ReadTable
    key: tuple[str, str]


def general_tables_of(
    documents: Sequence[Document], plan: Programme | None, notes: Notes
) -> tuple[tuple[ProgrammeTable, ...], tuple[GeneralTableSource, ...]]:
    """The programme's general tables and where each of their rows came from."""
    taken: dict[tuple[str, str], list[GivenTable]] = {}
    for document in documents:
        for given in given_tables(document, plan.general_tables if plan else ()):
            if given.read.table is not None:
                taken.setdefault(given.key, []).append(given)
    tables: list[ProgrammeTable] = []
    sources: list[GeneralTableSource] = []
    for first, *others in taken.values():
        if others:
            notes.findings.append(_twice([first, *others]))
        table = _named(first, notes)
        tables.append(table)
        rows = zip(table.rows, first.read.places, strict=True)
        sender = notes.sender(first.document)
        sources += (
            GeneralTableSource(table=table.title, row=row.label, places=places, sender=sender) for row, places in rows
        )
    return in_order(tables), tuple(sources)


def given_tables(document: Document, planned: Sequence[ProgrammeTable]) -> list[GivenTable]:
    """The general tables of a document that are of a kind which a programme carries."""
    given = []
    for source in document.general_tables:
        found = _planned(source, planned)
        kind, caption = (found.kind, found.caption) if found else (source.kind, source.caption.value)
        if kind in ORDER:
            given.append(GivenTable(document, source, found, read_table(source, kind), (kind, squeeze(caption))))
    return given


def _planned(source: GeneralTable, planned: Sequence[ProgrammeTable]) -> ProgrammeTable | None:
    """The plan's table of this caption, else its only one of this kind."""
    caption = squeeze(source.caption.value)
    named = [table for table in planned if caption and squeeze(table.caption) == caption]
    same = named or [table for table in planned if source.kind and table.kind == source.kind]
    return same[0] if len(same) == 1 else None


def _named(given: GivenTable, notes: Notes) -> ProgrammeTable:
    """The table as read, called as the plan calls it (merge rule 5)."""
    assert given.read.table is not None
    table, planned = given.read.table, given.planned
    if planned is None:
        return table
    if squeeze(table.caption) != squeeze(planned.caption):
        facts = {"what": planned.title, "found": table.caption, "expected": planned.caption}
        notes.report("KX207", given.source.caption.place, key=planned.title, **facts)
    return replace(table, caption=planned.caption, number=planned.number)


def _twice(items: Sequence[GivenTable]) -> Finding:
    units = ", ".join(map(str, dict.fromkeys(given.document.unit or given.document.file for given in items)))
    place, *others = [given.source.place for given in items]
    name = items[0].planned.title if items[0].planned else name_of(items[0].source)
    return finding("KX210", place, table=name, key=name, related=others, what=name, units=units)


def propose_units(programme: Programme) -> Programme:
    """With the unit that by its name keeps each general table; a published source does not say who does."""
    tables = tuple(replace(table, unit=keeper(table.kind, programme.units)) for table in programme.general_tables)
    return replace(programme, general_tables=tables)
