"""One side of a comparison: a file or a folder of forms, read into a programme with what of it can't be relied on."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from kars_xl.base.place import Place
from kars_xl.checking.plan import check_against_plan
from kars_xl.findings.catalogue import CATALOGUE, ERROR
from kars_xl.findings.finding import Finding
from kars_xl.findings.merged import Merged
from kars_xl.merging.adopt import adopt
from kars_xl.merging.consolidate import consolidate
from kars_xl.merging.costs import cost_codes, known_activities
from kars_xl.merging.notes import Notes
from kars_xl.merging.targets import target_tables
from kars_xl.model.programme import Programme
from kars_xl.model.sources import Contribution
from kars_xl.model.units import NO_UNIT, Unit
from kars_xl.reading.files import Progress, Reading, list_files, open_file, read_files, take_grid
from kars_xl.reading.tables import Document
from kars_xl.reports.diff.changes import Gap, Side
from kars_xl.reports.diff.origins import Origins, read_origins
from kars_xl.reports.diff.places import Places, place_index

# An error of these says that a figure was not read, or is not what the parts that were read add up to.
_UNREAD = ("KX103", "KX104", "KX107", "KX108", "KX112", "KX113", "KX204", "KX303")
# An error of these says that a form's figures are all missing.
_UNSENT = ("KX001", "KX002", "KX003", "KX004", "KX203")
_NO_MATRIX = "KX203"


@dataclass(frozen=True, slots=True)
class Source:
    """What one side says. `unread` are activities without a reliable figure, `blurred` (code, year's index) of values.

    `assumed` are activities whose amount the reader put under an economic code; `origins` are the forms behind a
    merged workbook's figures; `is_forms` tells that the source's own files are the forms.
    """

    side: Side
    merged: Merged
    is_forms: bool = False
    places: Places = field(default_factory=dict)
    unread: frozenset[str] = frozenset()
    blurred: frozenset[tuple[str, int]] = frozenset()
    assumed: frozenset[str] = frozenset()
    lost: tuple[Gap, ...] = ()
    origins: Origins = field(default_factory=Origins)

    @property
    def programme(self) -> Programme:
        return self.merged.programme

    def place(self, *key: str) -> Place | None:
        return self.places.get(key)

    def form(self, *key: str) -> Place | None:
        """The cell of a form that a thing comes from; None where the form is not known."""
        if not self.is_forms:
            return self.origins.places.get(key)
        column = next((given.place for given in self.merged.columns if key == (given.column,)), None)
        return column or self.place(*key)

    def contributions(self, code: str) -> list[Contribution]:
        return [given for given in self.merged.contributions if given.activity == code]


def read_source(
    path: str, *, latest: bool = False, progress: Progress = lambda _: None
) -> tuple[Source | None, list[Finding]]:
    """What `path` holds, with the findings of reading it; None where nothing could be read."""
    reading, origins = _read(path, progress)
    if any(found.is_error for found in reading.findings) and not reading.documents and reading.plan is None:
        return None, reading.findings
    if Path(path).is_dir() and reading.documents:
        return _forms(path, reading, latest)
    if reading.documents:
        return _file(path, reading, origins)
    if reading.plan is not None:
        return _plan(path, reading.plan), reading.findings
    return None, reading.findings


def _read(path: str, progress: Progress) -> tuple[Reading, Origins]:
    if Path(path).is_dir():
        reading = read_files([path], None, progress)
        if reading.plan is not None:
            # A folder with nothing but a plan is a source too.
            reading.findings = [item for item in reading.findings if item.code != "KX008"]
        return reading, Origins()
    files, findings = list_files([path])
    reading = Reading(findings=findings)
    origins = Origins()
    for file in files:
        progress(f"okunuyor: {Path(file).name}")
        grid = open_file(file, reading)
        if grid is not None:
            take_grid(grid, reading, plan_wanted=True)
            origins = read_origins(grid)
    # A file that was named must hold something; in a folder it may lie by chance.
    reading.findings = [replace(item, severity=ERROR) if item.code == "KX004" else item for item in reading.findings]
    return reading, origins


def _side(path: str, merged: Merged, unit: Unit = NO_UNIT, revision: int = 0) -> Side:
    return Side(path, merged.programme.institution.name, merged.programme.year, unit, revision)


def _forms(path: str, reading: Reading, latest: bool) -> tuple[Source, list[Finding]]:
    """A folder, as `merge` reads it."""
    plan = reading.plan.programme if reading.plan else None
    merged = consolidate(reading.documents, plan, latest=latest)
    met = replace(merged, findings=(*reading.findings, *merged.findings))
    missing = check_against_plan(met, plan, reading.plan_file) if plan else []
    documents = [document for document in reading.documents if document.file not in merged.replaced]
    source = _checked(_side(path, merged), merged, documents, merged.findings, is_forms=True)
    unsent = [found for found in (*reading.findings, *missing) if found.is_error and found.code in _UNSENT]
    return replace(source, lost=(*source.lost, *map(_gap, unsent))), [*met.findings, *missing]


def _file(path: str, reading: Reading, origins: Origins) -> tuple[Source, list[Finding]]:
    """A single form as it is, anything else as tolerantly as `import` reads it."""
    document = reading.documents[0]
    if document.unit:
        source = forms_source([document])
        # The finance office's columns are missed in a programme, not in one unit's form.
        kept = [found for found in source.merged.findings if found.code != _NO_MATRIX]
        return source, [*reading.findings, *kept]
    given = len(document.tables)
    merged = adopt(document)
    assumed = {str(table.heading.codes.get("activity_name")) for table in document.tables[given:] if table.heading}
    strict = consolidate([document]).findings
    source = _checked(_side(path, merged), merged, [document], strict)
    findings = [replace(item, severity=ERROR) if _unread(item, strict) else item for item in merged.findings]
    return replace(source, assumed=frozenset(assumed), origins=origins), [*reading.findings, *findings]


def forms_source(documents: Sequence[Document]) -> Source:
    """One unit's forms as they are, without a plan; they have one revision."""
    merged = consolidate(documents)
    first = documents[0]
    side = _side(first.file, merged, first.unit, first.revision)
    return _checked(side, merged, documents, merged.findings, is_forms=True)


def _plan(path: str, merged: Merged) -> Source:
    """A plan's cells without a figure are blank; what could not be read must not pass for that."""
    errors = [found for found in merged.findings if found.is_error and found.code in _UNREAD]
    programme = merged.programme
    known = {activity.code for activity in programme.activities}
    unread = {found.key for found in errors if found.table == "plan"}
    if not unread <= known:
        programme = replace(programme, general=None, transfers=None)
    values = {found.key for found in errors if found.table == "PHT"}
    indicators = [item for target in programme.targets for item in target.indicators if item.code in values]
    blurred = {(item.code, at) for item in indicators for at, value in enumerate(item.values) if value is None}
    return Source(
        _side(path, merged),
        replace(merged, programme=programme),
        unread=frozenset(unread & known),
        blurred=frozenset(blurred),
        lost=_lost(found for found in errors if not found.table),
    )


def _unread(found: Finding, strict: Sequence[Finding]) -> bool:
    """Whether a finding that `adopt` made a warning of says that a figure is missing in the comparison."""
    if found.code not in _UNREAD or CATALOGUE[found.code].severity != ERROR:
        return found.code == "KX108" and replace(found, severity=ERROR) in strict
    return True


def _checked(
    side: Side, merged: Merged, documents: Sequence[Document], findings: Sequence[Finding], *, is_forms: bool = False
) -> Source:
    """The source with all that was not read reliably taken out of its figures."""
    errors = [found for found in findings if found.is_error and found.code in _UNREAD]
    named = _codes_by_name(documents)
    unread = {code for found in errors if found.table == "FMT" for code in named.get(found.key, {found.key})}
    unread |= _twice(merged.contributions) | _blank(documents, named)
    programme = merged.programme
    general, transfers = (_column(name, documents, errors) for name in ("general", "transfers"))
    programme = replace(
        programme,
        general=programme.general if general else None,
        transfers=programme.transfers if transfers else None,
    )
    known = {activity.code for activity in programme.activities}
    # What was given twice is known by its activities; all else that no activity was told for is lost money.
    untold = [found for found in errors if found.code != "KX204"]
    lost = [found for found in untold if not (unread & known & named.get(found.key, {found.key}))]
    return Source(
        side,
        replace(merged, programme=programme),
        is_forms,
        place_index(documents),
        frozenset(unread & known),
        _blurred(documents),
        lost=_lost(found for found in lost if found.table == "FMT" or (found.table == "PHT" and not found.key)),
    )


def _lost(findings: Iterable[Finding]) -> tuple[Gap, ...]:
    """Figures that could not be told to any activity."""
    return tuple(_gap(found) for found in findings if found.is_error and found.code in _UNREAD)


def _gap(found: Finding) -> Gap:
    return Gap("", "", found.message, found.place)


def _codes_by_name(documents: Sequence[Document]) -> Mapping[str, set[str]]:
    """The activities that a finding's key can mean: a cost table without a code is known by its wording."""
    notes = Notes(None)
    known = known_activities(target_tables(documents, notes))
    found: dict[str, set[str]] = defaultdict(set)
    for document in documents:
        for table, code in zip(document.costs, cost_codes(document, known), strict=True):
            if code is not None:
                found[table.heading.text("activity_name")].add(code)
                found[code].add(code)
    return found


def _twice(contributions: Sequence[Contribution]) -> set[str]:
    """Activities that one unit gave twice: which of the two counts can't be told, and their sum does not."""
    counted = Counter((given.activity, given.sender.unit) for given in contributions)
    return {activity for (activity, _), count in counted.items() if count > 1}


def _blank(documents: Sequence[Document], named: Mapping[str, set[str]]) -> set[str]:
    """Activities with a cost table that nobody filled in, or with a cell that could not be read."""
    found: set[str] = set()
    for document in documents:
        for table in document.costs:
            amounts = [*table.budget.values(), *table.extra.values()]
            if not any(amount.given for amount in amounts) or any(amount.kurus is None for amount in amounts):
                key = table.heading.codes.get("activity_name") or table.heading.text("activity_name")
                found |= named.get(key, set())
    return found


def _column(name: str, documents: Sequence[Document], errors: Sequence[Finding]) -> bool:
    """Whether a column of Tablo 11 was given and read."""
    if any(found.table == "TKT" for found in errors):
        return False
    for document in documents:
        for matrix in document.matrices:
            amounts = matrix.columns.get(name, {})
            parts = [amount for key, amount in amounts.items() if isinstance(key, int) or key.startswith("source")]
            if any(amount.kurus is None for amount in parts):
                return False
            if amounts and not any(amount.given for amount in amounts.values()):
                return False
    return True


def _blurred(documents: Sequence[Document]) -> frozenset[tuple[str, int]]:
    """Values that could not be read, or that two forms give differently."""
    errors = {found.place for document in documents for found in document.findings if found.is_error}
    seen: dict[tuple[str, int], object] = {}
    found: set[tuple[str, int]] = set()
    for document in documents:
        for table in document.targets:
            for row in table.indicators:
                for index, (value, place) in enumerate(zip(row.values, row.places, strict=True)):
                    key = (row.code, index)
                    differs = value is not None and seen.setdefault(key, value) != value
                    if differs or (value is None and place in errors):
                        found.add(key)
    return frozenset(found)
