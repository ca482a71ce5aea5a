"""One side of a comparison: a source with what of it can be compared, and what it is called."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from kars_xl.base.place import Place
from kars_xl.checking.rules import check_against_plan
from kars_xl.checking.source import Source, forms_of, source_of
from kars_xl.findings.finding import ERROR, Effect, Finding, Merged
from kars_xl.model.cost_rows import CostRow
from kars_xl.model.programme import Activity, Costs, Programme, total_costs
from kars_xl.model.sources import Contribution
from kars_xl.model.units import NO_UNIT, Unit
from kars_xl.reading.files import Progress, read_files
from kars_xl.reading.kaynak_sheet import SourceRow
from kars_xl.reading.tables import Document

# An error of these says that a form's figures are all missing.
_UNSENT = Effect.UNOPENED | Effect.NO_TABLE | Effect.NOT_SENT
NOWHERE: Mapping[CostRow, Place] = {}


class Edition(Struct, frozen=True, kw_only=True, dict=True):
    """A source as the report names it: its file, and where it is one unit's form the `unit` and the `revision`.
    `unsent` say which of its forms are missing as a whole."""

    file: str
    source: Source
    unsent: Sequence[Finding] = ()
    unit: Unit = NO_UNIT
    revision: int = 0

    @property
    def merged(self) -> Merged:
        assert self.source.merged is not None
        return self.source.merged

    @property
    def programme(self) -> Programme:
        """Without what of it is in doubt (kuruş)."""
        return self.source.trust.programme

    @cached_property
    def given(self) -> Mapping[str, Sequence[Contribution]]:
        """By activity the cost tables that were read."""
        found: dict[str, list[Contribution]] = defaultdict(list)
        for part in self.merged.contributions:
            found[part.activity].append(part)
        return found

    @cached_property
    def origins(self) -> "Mapping[str, Sequence[Share]]":
        """The forms behind a merged workbook's activities."""
        return origins_of(self.source.kaynak)

    def place(self, *key: str) -> Place | None:
        return self.source.places.get(key)

    def form(self, kind: str, *key: str) -> Place | None:
        """A cell of the form that a thing, or the column `kind`, comes from; None where the form is not known."""
        if self.source.is_forms:
            return {given.column: given.place for given in self.merged.columns}.get(kind) or self.place(kind, *key)
        # Kaynak has columns, and indicators with their values.
        owner = key[0] if kind == "value" else kind
        rows = (row for row in reversed(self.source.kaynak or ()) if row.places)
        return next((it.places[-1] for it in rows if owner == (it.code if it.is_indicator else it.column)), None)


def read_edition(
    path: str, *, latest: bool = True, progress: Progress = lambda _: None
) -> tuple[Edition | None, Sequence[Finding]]:
    """What `path` holds, with the findings of reading it; None where nothing could be read."""
    reading = read_files([path], None, progress, required=False)
    if not Path(path).is_dir():
        # A file that was named must hold something; in a folder it may lie by chance.
        reading.findings = [replace(it, severity=ERROR) if it.has(Effect.NO_TABLE) else it for it in reading.findings]
    source = source_of(reading, latest=latest)
    if source.merged is None:
        return None, reading.findings
    edition = Edition(file=path, source=source)
    if not source.is_forms:
        return edition, source.findings if source.documents else reading.findings
    met = [*reading.findings, *source.merged.findings]
    if not Path(path).is_dir():
        # The finance office's columns are missed in a programme, not in one unit's form.
        return one_form(source.documents), [found for found in met if not found.has(Effect.NOT_SENT)]
    known = replace(source.merged, findings=tuple(met))
    missing = check_against_plan(known, source.plan, reading.plan_file) if source.plan else []
    unsent = [found for found in (*reading.findings, *missing) if found.is_error and found.has(_UNSENT)]
    return replace(edition, unsent=unsent), [*met, *missing]


def one_form(documents: Sequence[Document]) -> Edition:
    """One unit's forms as they are, without a plan; they have one revision."""
    first, source = documents[0], forms_of(documents)
    return Edition(file=first.file, source=source, unit=first.unit, revision=first.revision)


class Share(Struct, frozen=True):
    """What one unit gave for an activity: its total in kuruş, its costs where they are known by code, the cells of the
    total and of each row, and a cell of the unit's form."""

    unit: Unit
    total: int
    costs: Costs | None = None
    place: Place | None = None
    form: Place | None = None
    cells: Mapping[CostRow, Place] = field(default_factory=dict)


def origins_of(rows: Iterable[SourceRow] | None) -> Mapping[str, Sequence[Share]]:
    """By activity what each form gave, as the rows of a workbook's sheet Kaynak say."""
    given: dict[tuple[str, Unit], list[SourceRow]] = defaultdict(list)
    for row in rows or ():
        if row.code and row.places and not row.is_indicator:
            given[row.code, row.unit].append(row)
    found: dict[str, list[Share]] = defaultdict(list)
    for (activity, unit), own in given.items():
        by_code = all(row.item is not None or not row.kurus for row in own)
        costs = total_costs(Costs.of({row.item: row.kurus}) for row in own if row.item is not None) if by_code else None
        found[activity].append(Share(unit, sum(row.kurus for row in own), costs, form=own[0].places[0]))
    return found


def shares_of(edition: Edition, activity: Activity | None) -> list[Share]:
    """By unit what was given; the forms behind a merged workbook where they add up to what it says."""
    if activity is None or activity.costs is None:
        return []
    given = edition.given.get(activity.code)
    if not given:
        return [Share(together(activity.units), activity.costs.total, activity.costs)]
    origins = edition.origins.get(activity.code, ())
    if origins and sum(item.total for item in origins) == activity.costs.total:
        cells = given[0].places if len(given) == len(origins) == 1 else NOWHERE
        known = [item.costs for item in origins if item.costs is not None]
        by_code = len(known) == len(origins) and total_costs(known) == activity.costs
        whole = activity.costs if len(origins) == 1 else None
        return [replace(it, costs=it.costs if by_code else whole, place=given[0].place, cells=cells) for it in origins]
    is_form = edition.source.is_forms
    told = ((it.sender.unit, it.costs, it.place, it.places) for it in given)
    return [Share(unit, costs.total, costs, at, at if is_form else None, cells) for unit, costs, at, cells in told]


def together(units: Iterable[Unit]) -> Unit:
    """The one unit that these are spellings of, or all of them as one, each as it is spelt last."""
    named = {part: part for unit in units for part in unit.parts}
    return Unit("\n".join(map(str, sorted(named.values()))))
