"""The PDF as LibreOffice made it becomes the booklet: bookmarks of its tables too, its language and title."""

import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from msgspec import Struct
from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import Destination, Fit, NameObject, TextStringObject

from kars_xl.base.atomic import system_reason, write_atomically
from kars_xl.base.place import Place
from kars_xl.findings.finding import Finding, finding
from kars_xl.reading.files import Progress, Reading, open_file
from kars_xl.reading.grid import Grid
from kars_xl.reading.recognise import recognise
from kars_xl.reading.tables import Document
from kars_xl.reports.export import Export

LONGEST = 300.0  # seconds; the 2024 programme takes five
# Figures as on a Turkish computer (253.748.000,00); nothing in a foreign workbook may run or be fetched.
_SETTINGS = {
    ("Setup/L10N", "ooSetupSystemLocale"): "tr-TR",
    ("Office.Linguistic/General", "DefaultLocale"): "tr-TR",
    ("Office.Common/Security/Scripting", "DisableMacrosExecution"): "true",
    ("Office.Calc/Content/Update", "Link"): "2",
}
_WANTED = ("ExportBookmarks", "UseTaggedPDF", "DisplayPDFDocumentTitle")
_PDF = {name: {"type": "boolean", "value": "true"} for name in _WANTED}
_PDF["InitialView"] = {"type": "long", "value": "1"}  # open with the bookmarks beside the page
_ABOVE = 18.0  # points from a text's base line to where the page is scrolled to


def export_pdf(
    source: str, output: str | None = None, *, progress: Progress = lambda _: None, longest: float = LONGEST
) -> Export:
    """A workbook → its pages but for hidden sheets as PDF at `output`, or beside it, in at most `longest` seconds."""
    target = output or str(Path(source).with_suffix(".pdf"))
    if problem := _refused(source, target):
        return Export((problem,))
    reading = Reading()
    progress("okunuyor")
    grid = open_file(source, reading)
    if grid is None:
        return Export(tuple(reading.findings))
    try:
        with tempfile.TemporaryDirectory(prefix="kars-xl-", ignore_cleanup_errors=True) as scratch:
            # A copy: LibreOffice locks what it opens, beside the file, and the name may hold anything.
            copy = Path(scratch) / f"program{Path(source).suffix.lower()}"
            shutil.copyfile(source, copy)
            progress("LibreOffice sayfaları basıyor")
            pdf = to_pdf(copy, Path(scratch), longest)
            progress("yer imleri konuyor")
            data = booklet(pdf, list(marks(recognise(grid), grid)), Path(source).stem)
    except (OfficeError, OSError) as error:
        reason = system_reason(error) if isinstance(error, OSError) else str(error)
        return Export((finding("KX009", Place(target), reason=reason),))
    try:
        write_atomically(target, data)
    except OSError as error:
        return Export((finding("KX006", Place(target), reason=system_reason(error)),))
    return Export((), target)


def _refused(source: str, target: str) -> Finding | None:
    """What is known to fail before LibreOffice is started."""
    if not Path(source).exists():
        return finding("KX007", Place(source))
    if Path(source).suffix.lower() not in (".xlsx", ".xlsm", ".xls", ".ods"):
        return finding("KX001", Place(source), reason="PDF yalnız bir çalışma kitabından yapılır")
    if Path(target).suffix.lower() != ".pdf":
        return finding("KX006", Place(target), remedy="name", reason="PDF'in adı .pdf ile bitmeli")
    if Path(target).is_dir():
        return finding("KX006", Place(target), remedy="elsewhere", reason="bu bir klasör")
    if Path(target).exists() and not os.stat(target).st_mode & 0o200:
        # Moving a file into place would replace a read-only one without a word.
        return finding("KX006", Place(target), reason="dosya salt okunur")
    return None


class OfficeError(Exception):
    """No PDF came of it; the argument is the reason in Turkish."""


def find_office() -> str | None:
    """The LibreOffice program: on PATH, or where its installers put it."""
    if found := shutil.which("soffice") or shutil.which("libreoffice"):
        return found
    if sys.platform == "win32":
        folders = [Path(os.environ[name]) for name in ("ProgramFiles", "ProgramFiles(x86)") if name in os.environ]
        # The console program waits until the work is done; soffice.exe may not.
        places = [folder / "LibreOffice" / "program" / "soffice.com" for folder in folders]
    elif sys.platform == "darwin":
        folders = [Path("/Applications"), Path.home() / "Applications"]
        places = [folder / "LibreOffice.app" / "Contents" / "MacOS" / "soffice" for folder in folders]
    else:
        places = sorted(Path("/opt").glob("libreoffice*/program/soffice"), reverse=True)
    return next((str(place) for place in places if place.is_file()), None)


def to_pdf(workbook: Path, folder: Path, longest: float = LONGEST) -> Path:
    """The workbook as a tagged PDF with a bookmark per sheet, in `folder`, which is a scratch folder. Raises
    OfficeError where LibreOffice is missing, fails, or takes more than `longest` seconds."""
    program = find_office()
    if program is None:
        raise OfficeError("LibreOffice bu bilgisayarda bulunamadı")
    profile = folder / "profil"
    (profile / "user").mkdir(parents=True)
    items = "".join(
        f'<item oor:path="/org.openoffice.{path}">'
        f'<prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for (path, name), value in _SETTINGS.items()
    )
    registry = f'<oor:items xmlns:oor="http://openoffice.org/2001/registry">{items}</oor:items>'
    start = '<?xml version="1.0" encoding="UTF-8"?>\n'
    (profile / "user" / "registrymodifications.xcu").write_text(start + registry, encoding="utf-8")
    options = ["--headless", "--norestore", f"-env:UserInstallation={profile.resolve().as_uri()}"]
    pdf_filter = f"pdf:calc_pdf_Export:{json.dumps(_PDF, separators=(',', ':'))}"
    made = folder / "pdf"
    try:
        code = _run([program, *options, "--convert-to", pdf_filter, "--outdir", str(made), str(workbook)], longest)
    except OSError as error:
        raise OfficeError("LibreOffice çalıştırılamadı") from error
    if code is None:
        raise OfficeError(f"LibreOffice {longest:.0f} saniyede bitiremedi")
    pdf = made / f"{workbook.stem}.pdf"
    # It says "no" by writing nothing; its exit code is 0 then as well.
    if code or not pdf.is_file() or not pdf.read_bytes().startswith(b"%PDF-"):
        raise OfficeError(f"LibreOffice kitabı PDF'e çeviremedi (çıkış kodu {code})")
    return pdf


def _run(command: list[str], longest: float) -> int | None:
    """Exit code; None where time ran out, and then all that it started is ended."""
    nothing = subprocess.DEVNULL
    new = sys.platform != "win32"
    process = subprocess.Popen(command, stdin=nothing, stdout=nothing, stderr=nothing, start_new_session=new)
    try:
        return process.wait(longest)
    except BaseException as stopped:  # Ctrl+C must not leave it running either
        # What was started is only a wrapper: the program that works is its child.
        if sys.platform == "win32":
            subprocess.run(["taskkill", "/F", "/T", "/PID", str(process.pid)], capture_output=True, check=False)
        else:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if isinstance(stopped, subprocess.TimeoutExpired):
            return None
        raise


class Mark(Struct, frozen=True):
    """A bookmark: its sheet and title, what stands beside the table's name, and in its first cell (texts of cells)."""

    sheet: str
    title: str
    beside: str
    opening: str


def booklet(pdf: Path, marks: Sequence[Mark], title: str) -> bytes:
    """The finished PDF; `marks` come under their sheet's bookmark, `title` is for a workbook that has none."""
    reader = PdfReader(pdf)
    writer = PdfWriter(clone_from=reader)
    writer.pdf_header = reader.pdf_header
    root: Any = writer.root_object
    root.pop("/Outlines", None)
    for sheet, pages in _sections(reader):
        own = [mark for mark in marks if mark.sheet == sheet]
        above = writer.add_outline_item(title=sheet, page_number=pages.start, is_open=False)
        for mark, page, top in _places(reader, pages, own):
            writer.add_outline_item(title=mark.title, page_number=page, parent=above, fit=Fit.xyz(top=top))
    root[NameObject("/Lang")] = TextStringObject("tr-TR")
    if not (reader.metadata and reader.metadata.title):
        writer.add_metadata({"/Title": title})
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def _sections(reader: PdfReader) -> list[tuple[str, range]]:
    """The sheets and their pages from 0, as LibreOffice marked them; one without printed pages has no mark."""
    items = [item for item in reader.outline if isinstance(item, Destination)]
    starts = ((str(item.title), reader.get_destination_page_number(item)) for item in items)
    known = [(title, page) for title, page in starts if page is not None]
    return [(title, range(page, end)) for (title, page), (_, end) in pairwise([*known, ("", len(reader.pages))])]


def _places(reader: PdfReader, pages: range, marks: Sequence[Mark]) -> Iterator[tuple[Mark, int, float]]:
    """Each mark's page and height on it. They stand in order, so each is sought from the last one's page on."""
    text = cache(lambda number: _PageText(reader.pages[number]))
    for mark in marks:
        for number in pages:
            if (top := text(number).height_of(mark)) is not None:
                yield mark, number, top + _ABOVE
                pages = range(number, pages.stop)
                break


class _PageText:
    """The text of a page, and at which height (points from below) each part of it stands."""

    def __init__(self, page: PageObject) -> None:
        self.text = ""
        self._heights: list[tuple[int, float]] = []
        page.extract_text(visitor_text=self._take)

    def _take(self, text: str, matrix: list[float], place: list[float], *_: Any) -> None:
        self._heights.append((len(self.text), place[4] * matrix[1] + place[5] * matrix[3] + matrix[5]))
        self.text += text

    def height_of(self, mark: Mark) -> float | None:
        """Where the mark's table begins; None where it is not on this page."""
        own = next(self._find(mark.beside), None)
        if own is None:
            return None
        return min((height for height in self._find(mark.opening) if height >= own), default=own)

    def _find(self, cell: str) -> Iterator[float]:
        """The heights at which a cell's text stands, however its lines are broken, but not within a longer code."""
        words = r"\s+".join(map(re.escape, cell.split()))
        for match in re.finditer(rf"(?<![\w.]){words}(?!\w|\.\w)", self.text) if words else ():
            yield next(height for start, height in reversed(self._heights) if start <= match.start())


def marks(document: Document, grid: Grid) -> Iterator[Mark]:
    """The target and cost tables from the first to the last; one whose place can't be told on a page is left out."""
    cells = {sheet.name: sheet.cells for sheet in grid.sheets}
    order = list(cells)
    found = [(table.place, table.heading, "target") for table in document.targets]
    found += [(table.place, table.heading, "activity_name") for table in document.costs]
    found.sort(key=lambda item: (order.index(item[0].sheet), item[0].row))
    for start, heading, label in found:
        named, own = heading.texts.get(label), cells[start.sheet]
        if named is None or not named.value:
            continue
        row = named.place.row
        before = (own[row, at].text.strip() for at in range(named.place.column - 1, 0, -1) if (row, at) in own)
        if beside := next((text for text in before if any(map(str.isdigit, text))), ""):
            title = " ".join(f"{heading.codes.get(label, '')} {named.value}".split())
            opening = own.get((start.row, start.column))
            yield Mark(start.sheet, title, beside, opening.text if opening else "")
