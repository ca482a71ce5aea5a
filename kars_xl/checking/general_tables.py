"""General tables against the plan and among themselves: missing, blank, from another unit, or wrongly added up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from kars_xl.base.place import Place
from kars_xl.checking.general.rules import check_arithmetic
from kars_xl.findings.finding import WARNING, Effect, Finding, Merged, finding
from kars_xl.merging.general_tables import GivenTable, given_tables
from kars_xl.model.programme import Programme
from kars_xl.reading.general.kinds import name_of
from kars_xl.reading.tables import Document


def check_general_tables(
    documents: Sequence[Document], merged: Merged, plan: Programme | None = None, plan_file: str = ""
) -> list[Finding]:
    """What does not add up in the tables that were taken, as warnings: totals are computed anew, and people who were
    counted differently keep nobody from merging. With a plan also what is missing, blank or from another unit.
    """
    given = [item for document in documents for item in given_tables(document, plan.general_tables if plan else ())]
    by_document = [
        replace(document, general_tables=[item.source for item in given if item.document is document])
        for document in documents
    ]
    totals = {found.place for item in given for found in item.read.findings if found.has(Effect.RECOMPUTED)}
    found = [item for source in given for item in source.read.findings]
    found += [
        replace(item, severity=WARNING) if item.is_error and not item.has(Effect.UNREAD) else item
        for item in check_arithmetic(by_document)
        if item.place not in totals
    ]
    found += _blank(given)
    if plan is not None and plan.general_tables:
        found += _against_plan(given, merged, plan, plan_file)
    return found


def _blank(given: Sequence[GivenTable]) -> Iterator[Finding]:
    """KX101 for a form's table whose rows have no figure at all."""
    for item in given:
        table = item.read.table
        if table is None or not table.columns or not item.document.unit or item.read.findings:
            continue
        if all(value is None for row in table.rows for value in row.values):
            what = f"{name_of(item.source)} tablosunun rakamları"
            yield finding("KX101", item.read.places[0][0], table=name_of(item.source), what=what, blank="0")


def _against_plan(given: Sequence[GivenTable], merged: Merged, plan: Programme, plan_file: str) -> Iterator[Finding]:
    senders = {item.document.unit for item in given}
    senders |= {unit for item in merged.contributions for unit in item.sender.unit.parts}
    asked = {unit for activity in plan.activities for unit in activity.units}
    have = {id(item.planned) for item in given}
    for table in plan.general_tables:
        # A unit from which nothing came is one finding already.
        silent = table.unit in asked and table.unit not in senders
        if table.unit and id(table) not in have and not silent:
            what = f"{table.title} ({table.unit})"
            whose = [("unit", table.unit.name)]
            yield finding("KX203", Place(plan_file), table=table.title, key=table.title, values=whose, what=what)
    for item in given:
        unit, place, name = item.document.unit, item.source.place, name_of(item.source)
        if item.planned is None:
            yield finding("KX202", place, table=name, key=item.source.caption.value or name, severity=WARNING)
        elif unit and item.planned.unit and unit != item.planned.unit:
            yield finding("KX206", place, table=name, key=item.planned.title, unit=unit.name)
