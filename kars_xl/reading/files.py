"""From paths to documents: which files of a folder are read, and which of them is the plan."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from msgspec import Struct, field

from kars_xl.base.place import Place
from kars_xl.findings.finding import Finding, Merged, finding
from kars_xl.reading.grid import Grid, UnreadableFile, file_bytes, read_grid
from kars_xl.reading.grid.archives import Unpacking, read_zip
from kars_xl.reading.grid.containers import ARCHIVE, OWN_PAGE, is_litter, is_workbook_name, kind_of
from kars_xl.reading.grid.limits import limited
from kars_xl.reading.kaynak_sheet import is_own, read_source_rows
from kars_xl.reading.plan import is_plan, read_plan
from kars_xl.reading.recognise import recognise
from kars_xl.reading.tables import Document

Progress = Callable[[str], None]
See = Callable[[Grid], None]
# How many archives may lie within another.
_DEEPEST = 8


class Reading(Struct):
    """What a set of paths held: forms as documents, the plan if one was among them, findings about the files. `files`
    are all that were looked at, readable or not, but kars-xl's own pages; `grids` their cells, where they were to be
    kept; `outputs` those that were merged from forms, by the record in them."""

    files: list[str] = field(default_factory=list)
    grids: dict[str, Grid] = field(default_factory=dict)
    documents: list[Document] = field(default_factory=list)
    plan: Merged | None = None
    plan_file: str = ""
    findings: list[Finding] = field(default_factory=list)
    outputs: set[str] = field(default_factory=set)

    def without_outputs(self) -> None:
        """Takes what was merged from forms before away from among the forms, and says so (KX015)."""
        if any(document.unit for document in self.documents):
            self.findings += [finding("KX015", Place(it.file)) for it in self.documents if it.file in self.outputs]
            self.documents = [document for document in self.documents if document.file not in self.outputs]

    def add(self, other: "Reading", *, plan_wanted: bool) -> None:
        """What another path held. Of several plans the one called plan.xlsx counts, else the first; KX013 says so."""
        self.files += other.files
        self.outputs |= other.outputs
        if other.plan is not None:
            if not plan_wanted:
                return
            if self.plan is not None:
                first, second = (Path(it.plan_file).name.lower() == "plan.xlsx" for it in (self, other))
                better = second and not first
                used, passed = (other.plan_file, self.plan_file) if better else (self.plan_file, other.plan_file)
                name = Path(used).name if Path(used).name != Path(passed).name else used
                self.findings = [found for found in self.findings if found.place.file != passed]
                self.findings.append(finding("KX013", Place(passed), what=name, related=[Place(used)]))
                if not better:
                    return
            self.plan, self.plan_file = other.plan, other.plan_file
        self.documents += other.documents
        self.findings += other.findings


def list_files(paths: Sequence[str]) -> tuple[list[str], list[Finding]]:
    """The files to read, folders with their subfolders, in order of name; a missing path is a finding (KX007)."""
    files: list[str] = []
    findings: list[Finding] = []
    for path in map(Path, paths):
        inside = sorted(map(str, files_in(path))) if path.is_dir() else [str(path)] if path.is_file() else []
        files += inside
        if not inside:
            findings.append(finding("KX008" if path.is_dir() else "KX007", Place(str(path))))
    return list(dict.fromkeys(files)), findings


def files_in(folder: Path) -> Iterator[Path]:
    """The files of a folder and of those below it, and folders that can't be looked into, but what is litter."""
    refused: list[Path] = []
    for parent, folders, files in os.walk(folder, onerror=lambda error: refused.append(Path(error.filename))):
        folders[:] = [name for name in folders if not is_litter(name)]
        # What leads to another folder is not followed, which might never end.
        linked = (name for name in folders if Path(parent, name).is_symlink())
        yield from (Path(parent, name) for name in (*files, *linked) if not is_litter(name))
    yield from refused


def read_files(
    paths: Sequence[str],
    plan: str | None = None,
    progress: Progress = lambda _: None,
    *,
    required: bool = True,
    plans: bool = True,
    keep: bool = False,
    see: See = lambda _: None,
) -> Reading:
    """Reads all that `paths` hold, each file once; `see` may look at the cells of each while they are there. Files that
    can't be read, or hold no official table, are findings; so is a lack of tables where they are `required`. Without
    `plans`, a plan is passed over; with `keep`, the cells of all files stay in the reading."""
    reading = Reading()
    files, reading.findings = list_files(paths)

    def look(grid: Grid) -> None:
        see(grid)
        if keep:
            reading.grids[grid.file] = grid

    if plan is not None and (grid := open_file(plan, reading)) is not None:
        look(grid)
        if is_plan(grid):
            take_grid(grid, reading, plan_wanted=True)
        else:
            reason = "plan çalışma kitabı değil (Performans Hedefleri ve Faaliyetler listeleri yok)"
            reading.findings.append(finding("KX001", Place(plan), reason=reason))
    for number, path in enumerate(files, start=1):
        progress(f"okunuyor {number}/{len(files)}: {Path(path).name}")
        for found in read_file(path, plans=plans, see=look, named=path in paths):
            reading.add(found, plan_wanted=plan is None)
    if required and paths and not reading.documents and not any(found.is_error for found in reading.findings):
        reading.findings.append(finding("KX008", Place(", ".join(paths))))
    return reading


def read_file(path: str, *, plans: bool = True, see: See = lambda _: None, named: bool = True) -> list[Reading]:
    """What one file holds, and each file of an archive; what was `named` by the user must hold something."""
    try:
        data = file_bytes(path)
    except UnreadableFile as error:
        return [Reading([path], findings=[_unread(path, error, named)])]
    return list(_held(path, data, plans, see, named, 0, Unpacking()))


def held_files(path: str) -> list[str]:
    """The file itself; of an archive the files that it holds."""
    found = [path]
    with suppress(UnreadableFile):
        if not is_workbook_name(path) and kind_of(path, data := file_bytes(path)) == ARCHIVE:
            found += [str(Path(path, part.name)) for part in read_zip(data) if not part.refused]
    return found


def _held(
    path: str, data: bytes, plans: bool, see: See, named: bool, depth: int, unpacking: Unpacking
) -> Iterator[Reading]:
    kind, reading = kind_of(path, data), Reading([path])
    if kind == OWN_PAGE and not named:
        return  # a report of kars-xl, beside what it is about
    yield reading
    try:
        if kind != ARCHIVE:
            with limited():
                grid = read_grid(path, data)
                see(grid)
                take_grid(grid, reading, plan_wanted=plans)
        elif depth >= _DEEPEST:
            raise UnreadableFile("KX003", "arşivler çok fazla iç içe")
        for part in read_zip(data, unpacking) if kind == ARCHIVE else ():
            inside = str(Path(path, part.name))
            if part.refused:
                error = UnreadableFile(part.code or "KX014", part.refused, part.remedy)
                yield Reading(findings=[_unread(inside, error, named=True)])
            else:
                yield from _held(inside, part.data, plans, see, False, depth + 1, unpacking)
    except UnreadableFile as error:
        reading.findings.append(_unread(path, error, named))


def _unread(path: str, error: UnreadableFile, named: bool) -> Finding:
    # What is no workbook lies in a folder by chance, unless its name says otherwise.
    severity = "error" if named or is_workbook_name(path) else ""
    return finding(error.code, Place(path), severity=severity, remedy=error.remedy, reason=error.reason)


def take_grid(grid: Grid, reading: Reading, *, plan_wanted: bool = False) -> None:
    """What one file holds goes into `reading`: a document, the plan if one is wanted, or a finding."""
    if is_plan(grid):
        if plan_wanted:
            reading.plan, reading.plan_file = read_plan(grid), grid.file
            reading.findings += reading.plan.findings
        return
    document = recognise(grid)
    if not document.unit:
        document.kaynak = read_source_rows(grid.sheets)
    if grid.not_carried:
        reading.findings.append(finding("KX005", Place(grid.file), what=", ".join(grid.not_carried)))
    if document.tables or document.general_tables or document.goals:
        reading.documents.append(document)
        if not document.unit and is_own(grid):
            reading.outputs.add(grid.file)
    else:
        # A file that names its unit is a form, so its figures are missed; any other may lie here by chance.
        severity = "error" if document.unit else ""
        reading.findings += [finding("KX004", Place(grid.file), severity=severity), *document.findings]


def open_file(path: str, reading: Reading) -> Grid | None:
    """The file's cells; None where it can't be read, which is a finding then."""
    reading.files.append(path)
    try:
        with limited():
            return read_grid(path, file_bytes(path))
    except UnreadableFile as error:
        reading.findings.append(_unread(path, error, named=True))
        return None
