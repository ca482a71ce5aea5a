"""Many documents become one programme. Nothing is guessed: what can't be told is a finding."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from kars_xl.base.place import Place
from kars_xl.base.text import squeeze
from kars_xl.findings.finding import Merged
from kars_xl.merging.costs import activities_of, contributions_of, finance_columns
from kars_xl.merging.general_tables import general_tables_of
from kars_xl.merging.notes import Notes
from kars_xl.merging.revisions import take_latest
from kars_xl.merging.targets import goals_of, indicator_sources, objectives_of, target_of, target_tables
from kars_xl.model.general_tables import Purpose
from kars_xl.model.programme import Institution, Programme
from kars_xl.reading.tables import Document, Text


def consolidate(documents: Sequence[Document], plan: Programme | None = None, *, latest: bool = False) -> Merged:
    """The programme that the documents make together, its sources, and every finding on the way."""
    used, replaced, dropped = take_latest(documents) if latest else (list(documents), frozenset[str](), [])
    notes = Notes(plan, used)
    notes.findings += [found for document in used for found in document.findings]
    notes.findings += dropped
    institution = _institution(used, plan, notes)
    year = _year(used, plan, notes)
    tables = target_tables(used, notes)
    contributions = contributions_of(used, tables, notes)
    activities = activities_of(tables, contributions, notes)
    targets = tuple(target_of(code, found, activities, notes) for code, found in tables.items())
    columns = finance_columns(used, notes)
    administration, transfers = [column.costs for column in columns] or (None, None)
    goals, objectives = goals_of(targets, notes), objectives_of(targets, notes)
    units = tuple(sorted({unit for target in targets for activity in target.activities for unit in activity.units}))
    general_tables, table_sources = general_tables_of(used, plan, notes)
    programme = Programme(
        institution,
        year,
        goals=goals,
        objectives=objectives,
        targets=targets,
        administration=administration,
        transfers=transfers,
        units=units,
        general_tables=general_tables,
    )
    programme = _with_policies(programme, used, plan)
    findings = tuple(notes.findings)
    indicators = indicator_sources(used, notes)
    return Merged(programme, tuple(contributions), findings, len(used), columns, indicators, table_sources, replaced)


def _with_policies(programme: Programme, documents: Sequence[Document], plan: Programme | None) -> Programme:
    """With what the plan says of purpose and policies, else what the first document that has it says."""
    given: list[Programme | Document] = [plan] if plan else []
    given += documents
    purpose = next((item.purpose for item in given if item.purpose != Purpose()), Purpose())
    policies = next((item.policies for item in given if item.policies), ())
    return replace(programme, purpose=purpose, policies=policies)


def _institution(documents: Sequence[Document], plan: Programme | None, notes: Notes) -> Institution:
    named = [text for document in documents for text in institutions(document) if text.value]
    common = Counter(text.value for text in named).most_common(1)
    expected = plan.institution if plan else Institution(common[0][0] if common else "")
    seen: set[tuple[str, str]] = set()
    for text in named:
        other = (text.place.file, squeeze(text.value))
        if other[1] != squeeze(expected.name) and other not in seen:
            seen.add(other)
            notes.report("KX201", text.place, what="İdare", found=text.value, expected=expected.name)
    return expected


def institutions(document: Document) -> list[Text]:
    """Every name of the institution in a document."""
    headings = [table.heading.texts for table in document.tables] + [document.identity]
    return [texts["institution"] for texts in headings if "institution" in texts]


def _year(documents: Sequence[Document], plan: Programme | None, notes: Notes) -> int:
    given = [(year, place) for document in documents for year, place in years(document)]
    common = Counter(year for year, _ in given).most_common(1)
    expected = plan.year if plan else (common[0][0] if common else 0)
    seen: set[str] = set()
    for year, place in given:
        if year != expected and place.file not in seen:
            seen.add(place.file)
            notes.report("KX201", place, what="Program yılı", found=str(year), expected=str(expected))
    return expected


def years(document: Document) -> list[tuple[int, Place]]:
    """Every programme year that a document names, and where."""
    found = []
    year = document.identity.get("year")
    if year and year.value.isdigit():
        found.append((int(year.value), year.place))
    found += [(table.year, table.year_place or table.place) for table in document.costs if table.year]
    for table in document.targets:
        if len(table.years) == 3 and table.years[2]:
            found.append((table.years[2], table.year_place or table.place))
    return found
