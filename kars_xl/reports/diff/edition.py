"""One side of a comparison: a source with what of it can be compared, and what it is called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from kars_xl.base.place import Place
from kars_xl.checking.rules import check_against_plan
from kars_xl.checking.source import Source, forms_of, source_of
from kars_xl.findings.catalogue import ERROR
from kars_xl.findings.finding import Finding, Merged
from kars_xl.model.cost_rows import CostRow
from kars_xl.model.programme import Activity, Costs, Indicator, Programme
from kars_xl.model.sources import Contribution
from kars_xl.model.units import Unit
from kars_xl.reading.files import Progress, read_files
from kars_xl.reading.kaynak_sheet import SourceRow
from kars_xl.reading.tables import Document
from kars_xl.reports.diff.changes import Gap, Item, Side

# An error of these says that a form's figures are all missing.
_UNSENT = ("KX001", "KX002", "KX003", "KX004", "KX203")
_NO_MATRIX = "KX203"


@dataclass(frozen=True, kw_only=True)
class Edition:
    """A source as the report names it; `unsent` say which of its forms are missing as a whole."""

    side: Side
    source: Source
    unsent: Sequence[Finding] = ()

    @property
    def merged(self) -> Merged:
        assert self.source.merged is not None
        return self.source.merged

    @property
    def programme(self) -> Programme:
        """Without what of it is in doubt (kuruş)."""
        return self.source.trust.programme

    @property
    def lost(self) -> tuple[Gap, ...]:
        return tuple(Gap("", "", found.message, found.place) for found in (*self.source.trust.lost, *self.unsent))

    @cached_property
    def origins(self) -> Origins:
        """The forms behind a merged workbook's figures."""
        return origins_of(self.source.kaynak)

    def place(self, *key: str) -> Place | None:
        return self.source.places.get(key)

    def form(self, *key: str) -> Place | None:
        """The cell of a form that a thing comes from; None where the form is not known."""
        if not self.source.is_forms:
            return self.origins.places.get(key)
        column = next((given.place for given in self.merged.columns if key == (given.column,)), None)
        return column or self.place(*key)

    def indicator(self, item: Item) -> Indicator:
        below = (target.indicators for target in self.programme.targets if target.code == item.parent)
        return next(found for indicators in below for found in indicators if found.code == item.code)

    def activity(self, item: Item) -> Activity:
        below = (target.activities for target in self.programme.targets if target.code == item.parent)
        return next(found for activities in below for found in activities if found.code == item.code)

    def is_sure(self, indicator: Indicator, index: int) -> bool:
        """Whether the value could be read."""
        return (indicator.code, index) not in self.source.trust.blurred

    def contributions(self, code: str) -> list[Contribution]:
        return [given for given in self.merged.contributions if given.activity == code]


def read_edition(
    path: str, *, latest: bool = False, progress: Progress = lambda _: None
) -> tuple[Edition | None, Sequence[Finding]]:
    """What `path` holds, with the findings of reading it; None where nothing could be read."""
    reading = read_files([path], None, progress, required=False)
    if not Path(path).is_dir():
        # A file that was named must hold something; in a folder it may lie by chance.
        reading.findings = [replace(it, severity=ERROR) if it.code == "KX004" else it for it in reading.findings]
    source = source_of(reading, latest=latest)
    if source.merged is None:
        return None, reading.findings
    if not source.is_forms:
        return _edition(path, source), source.findings if source.documents else reading.findings
    met = [*reading.findings, *source.merged.findings]
    if not Path(path).is_dir():
        # The finance office's columns are missed in a programme, not in one unit's form.
        return one_form(source.documents), [found for found in met if found.code != _NO_MATRIX]
    known = replace(source.merged, findings=tuple(met))
    missing = check_against_plan(known, source.plan, reading.plan_file) if source.plan else []
    unsent = [found for found in (*reading.findings, *missing) if found.is_error and found.code in _UNSENT]
    return replace(_edition(path, source), unsent=unsent), [*met, *missing]


def one_form(documents: Sequence[Document]) -> Edition:
    """One unit's forms as they are, without a plan; they have one revision."""
    first = documents[0]
    edition = _edition(first.file, forms_of(documents))
    return replace(edition, side=replace(edition.side, unit=first.unit, revision=first.revision))


def _edition(path: str, source: Source) -> Edition:
    assert source.merged is not None
    programme = source.merged.programme
    return Edition(side=Side(path, programme.institution.name, programme.year), source=source)


@dataclass(frozen=True, slots=True)
class Origin:
    """What one unit's form gave for an activity: its total in kuruş, a cell of it, its costs where listed by code."""

    unit: Unit
    total: int
    form: Place
    costs: Costs | None = None


@dataclass(frozen=True, slots=True)
class Origins:
    """By activity what each form gave; and the cells of forms by ("value", indicator, "0".."2") and ("general",)."""

    activities: Mapping[str, tuple[Origin, ...]] = field(default_factory=dict)
    places: Mapping[tuple[str, ...], Place] = field(default_factory=dict)


@dataclass(slots=True)
class _Given:
    form: Place
    total: int = 0
    rows: dict[CostRow, int] = field(default_factory=dict)
    by_code: bool = True

    def add(self, row: SourceRow) -> None:
        self.total += row.kurus
        if row.item is not None:
            self.rows[row.item] = self.rows.get(row.item, 0) + row.kurus
        elif row.kurus:
            self.by_code = False


def origins_of(rows: Iterable[SourceRow] | None) -> Origins:
    """What the rows of a workbook's sheet Kaynak say of its forms; nothing where it has none."""
    given: dict[tuple[str, Unit], _Given] = {}
    places: dict[tuple[str, ...], Place] = {}
    for row in rows or ():
        forms = row.places
        if not forms:
            continue
        if row.is_indicator:
            places |= {("value", row.code, str(index)): form for index, form in enumerate(forms)}
        elif row.code:
            given.setdefault((row.code, row.unit), _Given(forms[0])).add(row)
        elif row.column:
            places[row.column,] = forms[0]
    found: dict[str, tuple[Origin, ...]] = {}
    for (activity, unit), item in given.items():
        costs = Costs.of(item.rows) if item.by_code else None
        found[activity] = (*found.get(activity, ()), Origin(unit, item.total, item.form, costs))
    return Origins(found, places)
