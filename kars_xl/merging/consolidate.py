"""Many documents become one programme. Nothing is guessed: what can't be told is a finding."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import starmap
from typing import Any, NamedTuple

from msgspec.structs import replace

from kars_xl.base.place import Place
from kars_xl.base.text import read_revision, squeeze
from kars_xl.findings.finding import Finding, Merged, finding
from kars_xl.merging import tables
from kars_xl.merging.notes import Notes
from kars_xl.model.programme import Goal, Institution, Objective, Programme, ProgrammeTable, Purpose
from kars_xl.model.sources import GeneralTableSource
from kars_xl.model.units import Unit
from kars_xl.reading.cell_values import why_unread
from kars_xl.reading.general.kinds import KINDS, in_order, name_of
from kars_xl.reading.general.without_totals import ReadTable, read_table
from kars_xl.reading.tables import Document, GeneralTable, Text

Owner = tuple[Unit | str, bool]


def consolidate(documents: Sequence[Document], plan: Programme | None = None, *, latest: bool = False) -> Merged:
    """The programme that the documents make together, its sources, and every finding on the way."""
    used, replaced, dropped = take_latest(documents) if latest else (list(documents), frozenset[str](), [])
    notes = Notes(plan, used)
    notes.findings += [*(found for document in used for found in document.findings), *dropped]
    named = Counter(text.value for document in used for text in institutions(document) if text.value).most_common(1)
    years_named = Counter(year for document in used for year, _ in years(document)).most_common(1)
    by_target = tables.target_tables(used, notes)
    contributions = tables.contributions_of(used, by_target, notes)
    activities = tables.activities_of(by_target, contributions, notes)
    targets = tuple(tables.target_of(code, found, activities, notes) for code, found in by_target.items())
    columns = tables.finance_columns(used, notes)
    administration, transfers = [column.costs for column in columns] or (None, None)
    units = {unit for target in targets for activity in target.activities for unit in activity.units}
    general_tables, table_sources = general_tables_of(used, plan, notes)
    given: list[Programme | Document] = [*([plan] if plan else []), *used]
    programme = Programme(
        plan.institution if plan else Institution(named[0][0] if named else ""),
        plan.year if plan else (years_named[0][0] if years_named else 0),
        goals=tuple(starmap(Goal, notes.named("goal", (target.goal for target in targets)))),
        objectives=tuple(starmap(Objective, notes.named("objective", (target.objective for target in targets)))),
        targets=targets,
        administration=administration,
        transfers=transfers,
        units=tuple(sorted(units)),
        general_tables=general_tables,
        # What the plan says of purpose and policies, else what the first document that has it says.
        purpose=next((item.purpose for item in given if item.purpose != Purpose()), Purpose()),
        policies=next((item.policies for item in given if item.policies), ()),
    )
    sources = (columns, tables.indicator_sources(used, notes), table_sources)
    return Merged(programme, tuple(contributions), tuple(notes.findings), len(used), *sources, replaced)


def institutions(document: Document) -> list[Text]:
    """Every name of the institution in a document."""
    headings = [table.heading.texts for table in document.tables] + [document.identity]
    return [texts["institution"] for texts in headings if "institution" in texts]


def years(document: Document) -> list[tuple[int, Place]]:
    """Every programme year that a document names, and where."""
    year = document.identity.get("year")
    found = [(int(year.value), year.place)] if year and year.value.isdigit() else []
    costs = [(table.year, table.year_place or table.place) for table in document.costs]
    targets = [(table.years[2], table.year_place or table.place) for table in document.targets if len(table.years) == 3]
    return found + [(year, place) for year, place in (*costs, *targets) if year]


class Choice(NamedTuple):
    """One sender's forms: `used` have the highest revision, `replaced` are the others, the highest of them first.
    `untold` are those whose revision can't be read: then none is replaced."""

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
    groups: dict[Owner, list[Document]] = defaultdict(list)
    for document in documents:
        groups[owner(document)].append(document)
    return [_choice(group) for group in groups.values()]


def _choice(group: Sequence[Document]) -> Choice:
    given = [(document, document.identity.get("revision")) for document in group] if len(group) > 1 else []
    untold = tuple(document for document, text in given if text and read_revision(text.value) is None)
    if untold:
        return Choice(tuple(group), (), untold)
    top = max(document.revision for document in group)
    used: list[Document] = []
    others: list[Document] = []
    for document in group:
        # A copy, byte for byte, of a form that is used says nothing else.
        copied = document.digest and any(document.digest == other.digest for other in used)
        (used if document.revision == top and not copied else others).append(document)
    return Choice(tuple(used), tuple(sorted(others, key=lambda document: -document.revision)))


def take_latest(documents: Sequence[Document]) -> tuple[list[Document], frozenset[str], list[Finding]]:
    """The forms that count, in their order; the files that they replace; and what is to be said of these."""
    found: list[Finding] = []
    made = choices(documents)
    kept = {id(document) for choice in made for document in choice.used}
    for choice in made:
        for document in choice.untold:
            revision = document.identity["revision"]
            facts: Any = {"label": "Revizyon No", "found": revision.value, "why": why_unread(revision.value)}
            found.append(finding("KX103", revision.place, remedy="count", **facts))
        if choice.replaced:
            newest, others = choice.used[0], [document.place for document in choice.replaced]
            unit, count = str(newest.unit or newest.file), str(len(choice.used) + len(others))
            facts = {"related": others, "revision": str(newest.revision)}
            found.append(finding("KX209", newest.place, unit=unit, count=count, **facts))
    replaced = frozenset(document.file for choice in made for document in choice.replaced)
    return [document for document in documents if id(document) in kept], replaced, found


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
    taken: dict[tuple[str, str], list[GivenTable]] = defaultdict(list)
    for document in documents:
        for given in given_tables(document, plan.general_tables if plan else ()):
            if given.read.table is not None:
                taken[given.key].append(given)
    made: list[ProgrammeTable] = []
    sources: list[GeneralTableSource] = []
    for first, *others in taken.values():
        if others:
            units = ", ".join(map(str, dict.fromkeys(it.document.unit or it.document.file for it in (first, *others))))
            name = first.planned.title if first.planned else name_of(first.source)
            facts = {"table": name, "key": name, "what": name, "units": units}
            notes.report("KX210", first.source.place, related=[it.source.place for it in others], **facts)
        table, planned, sender = first.read.table, first.planned, notes.sender(first.document)
        assert table is not None
        if planned is not None:
            # Called as the plan calls it (merge rule 5).
            if squeeze(table.caption) != squeeze(planned.caption):
                facts = {"what": planned.title, "found": table.caption, "expected": planned.caption}
                notes.report("KX207", first.source.caption.place, key=planned.title, **facts)
            table = replace(table, caption=planned.caption, number=planned.number)
        made.append(table)
        for row, places in zip(table.rows, first.read.places, strict=True):
            sources.append(GeneralTableSource(table=table.title, row=row.label, places=places, sender=sender))
    return in_order(made), tuple(sources)


def given_tables(document: Document, planned: Sequence[ProgrammeTable]) -> Iterator[GivenTable]:
    """The general tables of a document that are of a kind which a programme carries."""
    for source in document.general_tables:
        found = _planned(source, planned)
        kind, caption = (found.kind, found.caption) if found else (source.kind, source.caption.value)
        if kind in KINDS:
            yield GivenTable(document, source, found, read_table(source, kind), (kind, squeeze(caption)))


def _planned(source: GeneralTable, planned: Sequence[ProgrammeTable]) -> ProgrammeTable | None:
    """The plan's table of this caption, else its only one of this kind."""
    caption = squeeze(source.caption.value)
    named = [table for table in planned if caption and squeeze(table.caption) == caption]
    same = named or [table for table in planned if source.kind and table.kind == source.kind]
    return same[0] if len(same) == 1 else None
