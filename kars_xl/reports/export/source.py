"""Any source of a programme – forms, a merged workbook, a published text – → the programme, and where it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kars_xl.base.place import Place
from kars_xl.checking.forms import judge_forms
from kars_xl.findings.catalogue import finding
from kars_xl.findings.finding import Finding
from kars_xl.findings.merged import Merged
from kars_xl.findings.severity import any_error
from kars_xl.merging.revisions import is_finance
from kars_xl.model.programme import Programme
from kars_xl.reading.files import Progress, Reading, open_file, read_files
from kars_xl.reading.kaynak_sheet import SourceRow, read_source_rows
from kars_xl.reports.diff.origins import Origin, read_origins
from kars_xl.reports.diff.source import read_source


@dataclass(frozen=True, slots=True)
class Told:
    """What was read; `merged` is None where nothing was, and not to be relied on where a finding is an error.

    `assumed` are activities whose economic code the source does not say. `shares` are the parts of the units in an
    activity, and `rows` the list of sources, as a merged workbook's sheet Kaynak has them; None where it has none.
    """

    findings: tuple[Finding, ...]
    merged: Merged | None = None
    assumed: frozenset[str] = frozenset()
    shares: Mapping[str, tuple[Origin, ...]] = field(default_factory=dict)
    rows: tuple[SourceRow, ...] | None = None

    @property
    def failed(self) -> bool:
        return any_error(self.findings)

    @property
    def programme(self) -> Programme | None:
        """None where there is an error: what can't be relied on is not given."""
        return None if self.merged is None or self.failed else self.merged.programme


def read_programme(
    paths: Sequence[str], *, plan: str | None = None, latest: bool = False, progress: Progress = lambda _: None
) -> Told:
    """Forms as `merge` reads them, with all that keeps it from writing; one finished programme as `import` reads it."""
    reading = read_files(paths, plan, progress)
    documents = reading.documents
    if not documents:
        alone = [] if any_error(reading.findings) else [finding("KX008", Place(", ".join(paths)))]
        return Told((*reading.findings, *alone))
    if len(documents) == 1 and not documents[0].unit and not is_finance(documents[0]):
        return _finished(documents[0].file, reading)
    merged, findings = judge_forms(reading, latest=latest)
    return Told(findings, merged)


def _finished(file: str, reading: Reading) -> Told:
    """A workbook that was merged or made by hand, a published text."""
    source, findings = read_source(file)
    # A folder may hold more than the programme, and what else is wrong there was found before.
    others = [found for found in reading.findings if found.place.file != file]
    if source is None:
        return Told((*others, *findings))
    grid = open_file(file, Reading())
    rows = read_source_rows(grid.sheets) if grid is not None else None
    shares = read_origins(grid).activities if grid is not None and rows else {}
    return Told((*others, *findings), source.merged, source.assumed, shares, rows)
