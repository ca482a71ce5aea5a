"""From paths to documents: which files of a folder are read, and which of them is the plan."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from msgspec import Struct, field

from kars_xl.base.place import Place
from kars_xl.findings.finding import Finding, Merged, finding
from kars_xl.reading.grid import SUFFIXES, Grid, UnreadableFile, open_grid
from kars_xl.reading.kaynak_sheet import read_source_rows
from kars_xl.reading.plan import is_plan, read_plan
from kars_xl.reading.recognise import recognise
from kars_xl.reading.tables import Document

Progress = Callable[[str], None]


class Reading(Struct):
    """What a set of paths held: forms as documents, the plan if one was among them, findings about the files.

    `files` are all that were looked at, readable or not; `grids` their cells, where they were to be kept.
    """

    files: list[str] = field(default_factory=list)
    grids: dict[str, Grid] = field(default_factory=dict)
    documents: list[Document] = field(default_factory=list)
    plan: Merged | None = None
    plan_file: str = ""
    findings: list[Finding] = field(default_factory=list)

    def add(self, other: Reading, *, plan_wanted: bool) -> None:
        """What another path held. Of several plans the one called plan.xlsx counts, else the first; KX013 says so."""
        if other.plan is not None:
            if not plan_wanted:
                return
            if self.plan is not None:
                if not _by_its_name(other.plan_file) or _by_its_name(self.plan_file):
                    self.findings.append(_second_plan(other.plan_file, self.plan_file))
                    return
                self.findings = [found for found in self.findings if found.place.file != self.plan_file]
                self.findings.append(_second_plan(self.plan_file, other.plan_file))
            self.plan, self.plan_file = other.plan, other.plan_file
        self.documents += other.documents
        self.findings += other.findings


def _by_its_name(plan: str) -> bool:
    return Path(plan).name.lower() == "plan.xlsx"


def _second_plan(path: str, used: str) -> Finding:
    name = Path(used).name if Path(used).name != Path(path).name else used
    return finding("KX013", Place(path), what=name, related=[Place(used)])


def list_files(paths: Sequence[str]) -> tuple[list[str], list[Finding]]:
    """The files to read, folders with their subfolders, in order of name; a missing path is a finding (KX007)."""
    files: list[str] = []
    findings: list[Finding] = []
    for path in map(Path, paths):
        if path.is_dir():
            within = ((found, found.relative_to(path).parts) for found in path.rglob("*"))
            seen = [found for found, parts in within if not any(part.startswith((".", "~$")) for part in parts)]
            inside = sorted(str(found) for found in seen if found.is_file() and found.suffix.lower() in SUFFIXES)
            files += inside
            if not inside:
                findings.append(finding("KX008", Place(str(path))))
        elif path.is_file():
            files.append(str(path))
        else:
            findings.append(finding("KX007", Place(str(path))))
    return list(dict.fromkeys(files)), findings


def read_files(
    paths: Sequence[str],
    plan: str | None = None,
    progress: Progress = lambda _: None,
    *,
    required: bool = True,
    plans: bool = True,
    keep: bool = False,
    see: Callable[[Grid], None] = lambda _: None,
) -> Reading:
    """Reads all that `paths` hold, each file once; `see` may look at the cells of each while they are there.

    Files that can't be read, or hold no official table, are findings; so is a lack of tables where they are `required`.
    Without `plans`, a plan is passed over; with `keep`, the cells of all files stay in the reading.
    """
    reading = Reading()
    reading.files, reading.findings = list_files(paths)

    def look(grid: Grid) -> None:
        see(grid)
        if keep:
            reading.grids[grid.file] = grid

    if plan is not None and (grid := open_file(plan, reading)) is not None:
        look(grid)
        if is_plan(grid):
            _take_plan(grid, reading)
        else:
            reason = "plan çalışma kitabı değil (Performans Hedefleri ve Faaliyetler listeleri yok)"
            reading.findings.append(finding("KX001", Place(plan), reason=reason))
    for number, path in enumerate(reading.files, start=1):
        progress(f"okunuyor {number}/{len(reading.files)}: {Path(path).name}")
        reading.add(read_file(path, plans=plans, see=look), plan_wanted=plan is None)
    if required and paths and not reading.documents and not any(found.is_error for found in reading.findings):
        reading.findings.append(finding("KX008", Place(", ".join(paths))))
    return reading


def read_file(path: str, *, plans: bool = True, see: Callable[[Grid], None] = lambda _: None) -> Reading:
    """What one file holds."""
    reading = Reading()
    grid = open_file(path, reading)
    if grid is not None:
        see(grid)
        take_grid(grid, reading, plan_wanted=plans)
    return reading


def take_grid(grid: Grid, reading: Reading, *, plan_wanted: bool = False) -> None:
    """What one file holds goes into `reading`: a document, the plan if one is wanted, or a finding."""
    if is_plan(grid):
        if plan_wanted and reading.plan is None:
            _take_plan(grid, reading)
        return
    document = recognise(grid)
    if not document.unit:
        document.kaynak = read_source_rows(grid.sheets)
    if grid.not_carried:
        reading.findings.append(finding("KX005", Place(grid.file), what=", ".join(grid.not_carried)))
    if document.tables or document.general_tables or document.goals:
        reading.documents.append(document)
    else:
        # A file that names its unit is a form, so its figures are missed; any other may lie here by chance.
        severity = "error" if document.unit else ""
        reading.findings += [finding("KX004", Place(grid.file), severity=severity), *document.findings]


def _take_plan(grid: Grid, reading: Reading) -> None:
    reading.plan = read_plan(grid)
    reading.plan_file = grid.file
    reading.findings += reading.plan.findings


def open_file(path: str, reading: Reading) -> Grid | None:
    """The file's cells; None where it can't be read, which is a finding then."""
    if not Path(path).exists():
        reading.findings.append(finding("KX007", Place(path)))
        return None
    try:
        return open_grid(path)
    except UnreadableFile as error:
        reading.findings.append(finding(error.code, Place(path), reason=error.reason))
        return None
