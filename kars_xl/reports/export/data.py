"""The export of data as a job: a programme's source in, a folder with one file for each tidy table out."""

from __future__ import annotations

import errno
import os
import shutil
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
    target = Path(output) if output else _beside(path)
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


def _beside(source: str) -> Path:
    """program.xlsx → program_veri, beside it."""
    path = Path(source).resolve()
    return path.with_name(f"{path.name if path.is_dir() else path.stem}_veri")


def _refused(source: str, target: Path) -> Finding | None:
    if not Path(source).exists():
        return finding("KX007", Place(source))
    folder = Path(source).resolve() if Path(source).is_dir() else None
    if folder is not None and folder in (target.resolve(), *target.resolve().parents):
        # Merging the folder again would take the tables for forms.
        return finding(
            "KX006", Place(str(target)), remedy="elsewhere", reason="veri, formların klasörünün içine yazılamaz"
        )
    if target.exists() and not target.is_dir():
        return finding("KX006", Place(str(target)), remedy="elsewhere", reason="bu bir klasör değil, dosya")
    return None


def _write(target: Path, files: Mapping[str, bytes]) -> None:
    """All files or none: a new folder is moved into place whole; in an old one each file is tried first."""
    if target.exists():
        for name in files:
            if (path := target / name).exists():
                _try(path)
        for name, data in files.items():
            write_atomically(target / name, data)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=".kars-xl-", dir=target.parent))
    try:
        made = scratch / target.name
        for name, data in files.items():
            write_atomically(made / name, data)
        os.rename(made, target)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _try(path: Path) -> None:
    """OSError for a file that Excel has open or that is read-only: known before any other is replaced."""
    if not path.stat().st_mode & 0o200:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    with open(path, "r+b"):
        pass
