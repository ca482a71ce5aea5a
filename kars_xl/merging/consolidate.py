"""Many documents become one programme. Nothing is guessed: what can't be told is a finding."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from kars_xl.base.place import Place
from kars_xl.base.text import read_revision
from kars_xl.findings.finding import Finding, Merged, finding
from kars_xl.merging.costs import activities_of, contributions_of, finance_columns
from kars_xl.merging.general_tables import general_tables_of
from kars_xl.merging.notes import Notes
from kars_xl.merging.targets import goals_of, indicator_sources, objectives_of, target_of, target_tables
from kars_xl.model.general_tables import Purpose
from kars_xl.model.programme import Institution, Programme
from kars_xl.model.units import Unit
from kars_xl.reading.tables import Document, Text


def consolidate(documents: Sequence[Document], plan: Programme | None = None, *, latest: bool = False) -> Merged:
    """The programme that the documents make together, its sources, and every finding on the way."""
    used, replaced, dropped = take_latest(documents) if latest else (list(documents), frozenset[str](), [])
    notes = Notes(plan, used)
    notes.findings += [found for document in used for found in document.findings]
    notes.findings += dropped
    institution = _institution(used, plan)
    year = _year(used, plan)
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


def _institution(documents: Sequence[Document], plan: Programme | None) -> Institution:
    named = [text.value for document in documents for text in institutions(document) if text.value]
    common = Counter(named).most_common(1)
    return plan.institution if plan else Institution(common[0][0] if common else "")


def institutions(document: Document) -> list[Text]:
    """Every name of the institution in a document."""
    headings = [table.heading.texts for table in document.tables] + [document.identity]
    return [texts["institution"] for texts in headings if "institution" in texts]


def _year(documents: Sequence[Document], plan: Programme | None) -> int:
    common = Counter(year for document in documents for year, _ in years(document)).most_common(1)
    return plan.year if plan else (common[0][0] if common else 0)


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


Owner = tuple[Unit | str, bool]


class Choice(NamedTuple):
    """One sender's forms: `used` have the highest revision, `replaced` are the others, the highest of them first.

    `untold` are those whose revision can't be read: then none is replaced.
    """

    used: tuple[Document, ...]
    replaced: tuple[Document, ...] = ()
    untold: tuple[Document, ...] = ()


def is_finance(document: Document) -> bool:
    """True for the finance office's own form: Tablo 11's columns, and no unit's targets or costs."""
    given = any("general" in matrix.columns for matrix in document.matrices)
    return given and not document.costs and not document.targets


def owner(document: Document) -> Owner:
    """Whose form it is. Of Tablo 11 there is one, and it never replaces what the same office sends as a unit."""
    return ("", True) if is_finance(document) else (document.unit or document.file, False)


def choices(documents: Iterable[Document]) -> list[Choice]:
    """The forms of each sender, in order of the senders' first form."""
    groups: dict[Owner, list[Document]] = {}
    for document in documents:
        groups.setdefault(owner(document), []).append(document)
    return [_choice(group) for group in groups.values()]


def _choice(group: Sequence[Document]) -> Choice:
    untold = tuple(filter(_is_untold, group)) if len(group) > 1 else ()
    if untold:
        return Choice(tuple(group), (), untold)
    top = max(document.revision for document in group)
    used: list[Document] = []
    for document in group:
        # A copy, byte for byte, of a form that is used says nothing else.
        copied = document.digest and any(document.digest == other.digest for other in used)
        if document.revision == top and not copied:
            used.append(document)
    # By identity: two documents may be equal.
    kept = {id(document) for document in used}
    others = [document for document in group if id(document) not in kept]
    return Choice(tuple(used), tuple(sorted(others, key=lambda document: -document.revision)))


def _is_untold(document: Document) -> bool:
    return "revision" in document.identity and read_revision(document.identity["revision"].value) is None


def take_latest(documents: Sequence[Document]) -> tuple[list[Document], frozenset[str], list[Finding]]:
    """The forms that count, in their order; the files that they replace; and what is to be said of these."""
    found: list[Finding] = []
    replaced: list[str] = []
    kept: set[int] = set()
    for choice in choices(documents):
        kept.update(map(id, choice.used))
        for document in choice.untold:
            revision = document.identity["revision"]
            found.append(finding("KX103", revision.place, remedy="count", label="Revizyon No", found=revision.value))
        if choice.replaced:
            newest = choice.used[0]
            replaced += [document.file for document in choice.replaced]
            others = [document.place for document in choice.replaced]
            unit, count = str(newest.unit or newest.file), str(len(choice.used) + len(others))
            found.append(
                finding("KX209", newest.place, related=others, unit=unit, count=count, revision=str(newest.revision))
            )
    return [document for document in documents if id(document) in kept], frozenset(replaced), found
