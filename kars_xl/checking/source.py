"""From paths to a programme: whatever holds it, where each figure stands, and how far it can be trusted."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import product

from msgspec import Struct
from msgspec.structs import replace

from kars_xl.base.place import Place
from kars_xl.checking.book import book_of, parts_of
from kars_xl.checking.general.rules import check_general_tables
from kars_xl.checking.rules import check_finance, check_tables, run_checks
from kars_xl.checking.tables.wording import namings
from kars_xl.findings.finding import ERROR, Effect, Finding, Merged, any_error
from kars_xl.merging.adopt import adopt, lowered
from kars_xl.merging.consolidate import consolidate, is_finance
from kars_xl.merging.tables import target_code
from kars_xl.model.cost_rows import CostRow
from kars_xl.model.programme import Programme
from kars_xl.reading.files import Progress, Reading, read_files
from kars_xl.reading.kaynak_sheet import SourceRow
from kars_xl.reading.tables import Document

# An error of these says that a figure was not read, or is not what the parts that were read add up to.
_DOUBTS = Effect.UNREAD | Effect.UNPLACED | Effect.TWICE | Effect.RECOMPUTED


class Trust(Struct, frozen=True, kw_only=True):
    """`programme` is the merged one without the columns of Tablo 11 that are missing or in doubt. `unread` are
    activities without a reliable amount, `blurred` values (indicator, year's index), `lost` what has no activity."""

    programme: Programme
    unread: frozenset[str]
    blurred: frozenset[tuple[str, int]]
    lost: tuple[Finding, ...]


def of_plan(merged: Merged) -> Trust:
    """A plan's cells without a figure are blank; what could not be read must not pass for that."""
    errors = [found for found in merged.findings if found.is_error and found.has(_DOUBTS)]
    programme = merged.programme
    known = {activity.code for activity in programme.activities}
    unread = {found.key for found in errors if found.table == "plan"}
    if not unread <= known:
        programme = replace(programme, administration=None, transfers=None)
    values = {found.key for found in errors if found.table == "PHT"}
    indicators = [item for target in programme.targets for item in target.indicators if item.code in values]
    blurred = {(item.code, at) for item in indicators for at, value in enumerate(item.values) if value is None}
    lost = tuple(found for found in errors if not found.table)
    return Trust(programme=programme, unread=frozenset(unread & known), blurred=frozenset(blurred), lost=lost)


def of_documents(merged: Merged, documents: Sequence[Document], findings: Sequence[Finding]) -> Trust:
    """`findings` are those of merging the documents, as of forms."""
    errors = [found for found in findings if found.is_error and found.has(_DOUBTS)]
    book = book_of(documents, recomputed=True)
    # The activities that a finding's key can mean: a cost table without a code is known by its wording.
    named: dict[str, set[str]] = defaultdict(set)
    for entry, table in book.costed:
        named[table.heading.text("activity_name")].add(entry.code)
        named[entry.code].add(entry.code)
    unread = {code for found in errors if found.table == "FMT" for code in named.get(found.key, {found.key})}
    # What one unit gave twice: which of the two counts can't be told, and their sum does not.
    counted = Counter((given.activity, given.sender.unit) for given in merged.contributions)
    unread |= {activity for (activity, _), count in counted.items() if count > 1}
    # Cost tables that nobody filled in, or with a cell that could not be read.
    filled = [(entry, table, any(amount.given for amount in table.amounts.values())) for entry, table in book.costed]
    unread |= {entry.code for entry, table, given in filled if not given or parts_of(table) is None}
    columns = {"administration": "general", "transfers": "transfers"}.items()
    unknown = {field: None for field, name in columns if not _column(name, documents, errors)}
    known = {activity.code for activity in merged.programme.activities}
    # What was given twice is known by its activities; all else that no activity was told for is lost money.
    untold = [found for found in errors if not found.has(Effect.TWICE)]
    lost = [found for found in untold if not (unread & known & named.get(found.key, {found.key}))]
    return Trust(
        programme=replace(merged.programme, **unknown),
        unread=frozenset(unread & known),
        blurred=_blurred(merged, documents),
        lost=tuple(found for found in lost if found.table == "FMT" or (found.table == "PHT" and not found.key)),
    )


def _column(name: str, documents: Sequence[Document], errors: Sequence[Finding]) -> bool:
    """Whether a column of Tablo 11 was given and read."""
    columns = [matrix.columns.get(name, {}) for document in documents for matrix in document.matrices]
    unread = any(it.kurus is None for column in columns for key, it in column.items() if isinstance(key, CostRow))
    blank = any(column and not any(amount.given for amount in column.values()) for column in columns)
    return not (unread or blank or any(found.table == "TKT" for found in errors))


def _blurred(merged: Merged, documents: Sequence[Document]) -> frozenset[tuple[str, int]]:
    """Values that could not be read, or that two forms give differently."""
    errors = {found.place for document in documents for found in document.findings if found.is_error}
    seen: dict[tuple[str, int], object] = {}
    found: set[tuple[str, int]] = set()
    for row, index in product(merged.indicators, range(3)):
        key, value = (row.indicator, index), row.values[index]
        if row.places[index] in errors if value is None else seen.setdefault(key, value) != value:
            found.add(key)
    return frozenset(found)


class Source(Struct, frozen=True, kw_only=True, dict=True):
    """What some paths hold, merged into one programme (kuruş); `merged` is None where nothing was read. `is_forms`
    tells that the files are directorates' forms, so that a figure's own cell is its origin; else it is a published
    programme, taken as tolerantly as it was made, or a plan alone. `documents` are those that count. `assumed` are
    activities whose economic code nobody gave. `strict` are the findings of merging, as grave as they are in a form."""

    reading: Reading
    merged: Merged | None = None
    is_forms: bool = False
    documents: Sequence[Document] = ()
    assumed: frozenset[str] = frozenset()
    strict: tuple[Finding, ...] = ()

    @property
    def plan(self) -> Programme | None:
        """What the office's plan among the paths says."""
        return self.reading.plan.programme if self.reading.plan else None

    @property
    def kaynak(self) -> tuple[SourceRow, ...] | None:
        """The list of sources of a merged workbook; None where there is none."""
        return None if self.is_forms or not self.documents else self.documents[0].kaynak

    @property
    def read(self) -> tuple[Finding, ...]:
        """What reading found in the files that count."""
        replaced = self.merged.replaced if self.merged else frozenset[str]()
        return tuple(found for found in self.reading.findings if found.place.file not in replaced)

    @property
    def failed(self) -> bool:
        return any_error(self.findings)

    @property
    def programme(self) -> Programme | None:
        """None where there is an error: what can't be relied on is not given."""
        return None if self.merged is None or self.failed else self.merged.programme

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """All findings. Forms are held against every rule; of a published source a missing figure is an error."""
        if self.merged is None:
            return tuple(self.reading.findings)
        if self.is_forms:
            met = replace(self.merged, findings=(*self.read, *self.merged.findings))
            return (*met.findings, *run_checks(self.reading.documents, met, self.plan, self.reading.plan_file))
        grave = ((it, replace(it, severity=ERROR)) for it in self.merged.findings)
        return (*self.read, *(raised if it.has(_DOUBTS) and raised in self.strict else it for it, raised in grave))

    @cached_property
    def places(self) -> Mapping[tuple[str, ...], Place]:
        """The first place of each: (kind, code) for wordings, ("value", indicator, "0".."2"), ("note", target)."""
        tables = [table for document in self.documents for table in document.targets]
        found: dict[tuple[str, ...], Place] = {}
        for kind, code, _, text in namings(self.documents, tables):
            found.setdefault((kind, code), text.place)
        for table in tables:
            if "note" in table.heading.texts:
                found.setdefault(("note", target_code(table)), table.heading.texts["note"].place)
            for row, index in product(table.indicators, range(3)):
                found.setdefault(("value", row.code, str(index)), row.places[index])
        return found

    @cached_property
    def trust(self) -> Trust:
        """Which figures are missing or in doubt, and the programme without them."""
        assert self.merged is not None
        return of_documents(self.merged, self.documents, self.strict) if self.documents else of_plan(self.merged)


def read_source(
    paths: Sequence[str], *, plan: str | None = None, latest: bool = True, progress: Progress = lambda _: None
) -> Source:
    """Whatever `paths` hold: forms as a merge takes them, one published programme, or a plan alone."""
    return source_of(read_files(paths, plan, progress), latest=latest)


def source_of(reading: Reading, *, latest: bool = True) -> Source:
    """Forms, a published programme or a plan, told by what was read."""
    documents = reading.documents
    if not documents and reading.plan is not None:
        return Source(reading=reading, merged=reading.plan, strict=reading.plan.findings)
    if len(documents) == 1 and not documents[0].unit and not is_finance(documents[0]):
        return published(reading, documents[0])
    return forms(reading, latest=latest)


def forms(reading: Reading, *, latest: bool = True) -> Source:
    """Everything that was read as forms, merged with the plan among it; of the forms those of highest revision, or with
    `latest` False all."""
    reading.without_outputs()
    if not reading.documents:
        return Source(reading=reading)
    plan = reading.plan.programme if reading.plan else None
    merged = consolidate(reading.documents, plan, latest=latest)
    used = [document for document in reading.documents if document.file not in merged.replaced]
    merged = replace(merged, findings=(*merged.findings, *_made_anew(used, merged, plan)))
    return Source(reading=reading, merged=merged, is_forms=True, documents=used, strict=merged.findings)


def _made_anew(documents: Sequence[Document], merged: Merged, plan: Programme | None = None) -> list[Finding]:
    """What the tables say against each other, of which a merge makes its own."""
    return [*check_tables(book_of(documents, recomputed=True, plan=plan)), *check_finance(merged)]


def forms_of(documents: Sequence[Document]) -> Source:
    """Documents as forms, without a plan."""
    return forms(Reading(documents=list(documents)), latest=False)


def published(reading: Reading, document: Document) -> Source:
    """One document of those that were read, as a published programme; what `adopt` says of it are warnings."""
    adopted = adopt(document)
    known = [adopted.document]
    added = [*_made_anew(known, adopted.merged), *check_general_tables(known, adopted.merged)]
    # Different wording in a published source is no news where the plan is just being made from it.
    said = [lowered(it) for it in added if not (it.has(Effect.WORDING) and it.key.startswith(("F.", "PG.")))]
    merged = replace(adopted.merged, findings=(*adopted.merged.findings, *said))
    strict = (*adopted.strict, *added)
    return Source(reading=reading, merged=merged, documents=known, assumed=adopted.assumed, strict=strict)
