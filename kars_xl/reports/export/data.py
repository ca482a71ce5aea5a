"""The export of data as a job: a programme's source in, a folder with one file for each tidy table out."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kars_xl.base.atomic import system_reason, write_atomically
from kars_xl.base.place import Place
from kars_xl.checking.source import read_source
from kars_xl.findings.catalogue import finding
from kars_xl.findings.finding import Finding
from kars_xl.reading.files import Progress
from kars_xl.reports.export.rows import tables_of


@dataclass(frozen=True, slots=True)
class DataExport:
    """`rows` is each written file with its count of rows; nothing was written where `folder` is None."""

    findings: tuple[Finding, ...]
    folder: str | None = None
    rows: tuple[tuple[str, int], ...] = ()

    @property
    def failed(self) -> bool:
        return self.folder is None


def export_data(
    path: str,
    kind: str,
    output: str | None = None,
    *,
    plan: str | None = None,
    latest: bool = False,
    progress: Progress = lambda _: None,
) -> DataExport:
    """A merged workbook, a published programme or a folder of forms → its tidy tables in the folder `output`.

    `kind` is one of export.FORMATS. An error in the source, and nothing is written, as when forms are merged.
    """
    given = Path(path).resolve()
    # program.xlsx → program_veri, beside it.
    target = Path(output or given.with_name(f"{given.name if given.is_dir() else given.stem}_veri"))
    if problem := _refused(path, target):
        return DataExport((problem,))
    source = read_source([path], plan=plan, latest=latest, progress=progress)
    if source.failed:
        return DataExport(source.findings)
    progress("tablolar yazılıyor")
    from kars_xl.reports.export.write import WRITERS, Missing

    tables = {f"{shape.name}.{kind}": (shape, rows) for shape, rows in tables_of(source)}
    try:
        files = {name: WRITERS[kind](*table) for name, table in tables.items()}
    except Missing as error:
        problem = finding("KX012", Place(str(target)), what=kind.capitalize(), library=str(error))
        return DataExport((*source.findings, problem))
    try:
        _write(target, files)
    except OSError as error:
        place = Place(str(error.filename2 or error.filename or target))
        return DataExport((*source.findings, finding("KX006", place, reason=system_reason(error))))
    return DataExport(source.findings, str(target), tuple((name, len(rows)) for name, (_, rows) in tables.items()))


def _refused(source: str, target: Path) -> Finding | None:
    if not Path(source).exists():
        return finding("KX007", Place(source))
    if Path(source).is_dir() and target.resolve().is_relative_to(Path(source).resolve()):
        # Merging the folder again would take the tables for forms.
        reason = "veri, formların klasörünün içine yazılamaz"
        return finding("KX006", Place(str(target)), remedy="elsewhere", reason=reason)
    if target.exists() and not target.is_dir():
        return finding("KX006", Place(str(target)), remedy="elsewhere", reason="bu bir klasör değil, dosya")
    return None


def _write(target: Path, files: Mapping[str, bytes]) -> None:
    """All files or none: a new folder is moved into place whole; in an old one each file is tried first."""
    if target.exists():
        # A file that Excel has open or that is read-only is known before any other is replaced.
        for path in filter(Path.exists, (target / name for name in files)):
            if not path.stat().st_mode & 0o200:
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
            with open(path, "r+b"):
                pass
        for name, data in files.items():
            write_atomically(target / name, data)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".kars-xl-", dir=target.parent, ignore_cleanup_errors=True) as scratch:
        for name, data in files.items():
            write_atomically(Path(scratch, target.name, name), data)
        os.rename(Path(scratch, target.name), target)
