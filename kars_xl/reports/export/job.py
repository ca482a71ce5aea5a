"""The export as a job: workbook in, booklet out."""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from kars_xl.base.atomic import system_reason, write_atomically
from kars_xl.base.place import Place
from kars_xl.findings.catalogue import finding
from kars_xl.findings.finding import Finding
from kars_xl.reading.files import Progress, Reading, open_file
from kars_xl.reading.grid import Grid
from kars_xl.reading.recognise import recognise
from kars_xl.reports.export.booklet import marks
from kars_xl.reports.export.office import LONGEST, OfficeError, to_pdf

_WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods")


@dataclass(frozen=True, slots=True)
class Export:
    """What was written, None where something kept it from being written; the findings say what."""

    findings: tuple[Finding, ...]
    written: str | None = None

    @property
    def failed(self) -> bool:
        return self.written is None


def export_pdf(
    source: str, output: str | None = None, *, progress: Progress = lambda _: None, longest: float = LONGEST
) -> Export:
    """A workbook → its printed pages as PDF at `output`, or beside it; hidden sheets are not printed.

    LibreOffice may take `longest` seconds.
    """
    target = output or str(Path(source).with_suffix(".pdf"))
    if problem := _refused(source, target):
        return Export((problem,))
    reading = Reading()
    progress("okunuyor")
    grid = open_file(source, reading)
    if grid is None:
        return Export(tuple(reading.findings))
    try:
        data = _booklet(source, grid, progress, longest)
    except OfficeError as error:
        return Export((finding("KX009", Place(target), reason=str(error)),))
    except OSError as error:
        return Export((finding("KX009", Place(target), reason=system_reason(error)),))
    try:
        write_atomically(target, data)
    except OSError as error:
        return Export((finding("KX006", Place(target), reason=system_reason(error)),))
    return Export((), target)


def _refused(source: str, target: str) -> Finding | None:
    """What is known to fail before LibreOffice is started."""
    if not Path(source).exists():
        return finding("KX007", Place(source))
    if Path(source).suffix.lower() not in _WORKBOOKS:
        return finding("KX001", Place(source), reason="PDF yalnız bir çalışma kitabından yapılır")
    if Path(target).suffix.lower() != ".pdf":
        return finding("KX006", Place(target), remedy="name", reason="PDF'in adı .pdf ile bitmeli")
    if Path(target).is_dir():
        return finding("KX006", Place(target), remedy="elsewhere", reason="bu bir klasör")
    if Path(target).exists() and not os.stat(target).st_mode & 0o200:
        # Moving a file into place would replace a read-only one without a word.
        return finding("KX006", Place(target), reason="dosya salt okunur")
    return None


def _booklet(source: str, grid: Grid, progress: Progress, longest: float) -> bytes:
    from kars_xl.reports.export.booklet import booklet

    with tempfile.TemporaryDirectory(prefix="kars-xl-", ignore_cleanup_errors=True) as scratch:
        # A copy: LibreOffice locks what it opens, beside the file, and the name may hold anything.
        copy = Path(scratch) / f"program{Path(source).suffix.lower()}"
        shutil.copyfile(source, copy)
        progress("LibreOffice sayfaları basıyor")
        pdf = to_pdf(copy, Path(scratch), longest)
        progress("yer imleri konuyor")
        return booklet(pdf, marks(recognise(grid), grid), Path(source).stem)
