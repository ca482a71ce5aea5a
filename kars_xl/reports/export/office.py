"""LibreOffice as a converter: where it is installed, and one run of it that leaves the user's own one alone."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

LONGEST = 300.0  # seconds; the 2024 programme takes five

# Figures as on a Turkish computer (253.748.000,00); nothing in a foreign workbook may run or be fetched.
_SETTINGS = {
    ("Setup/L10N", "ooSetupSystemLocale"): "tr-TR",
    ("Office.Linguistic/General", "DefaultLocale"): "tr-TR",
    ("Office.Common/Security/Scripting", "DisableMacrosExecution"): "true",
    ("Office.Calc/Content/Update", "Link"): "2",
}
_PDF = {"ExportBookmarks": True, "UseTaggedPDF": True, "DisplayPDFDocumentTitle": True}
# Open with the bookmarks beside the page.
_PDF_NUMBERS = {"InitialView": 1}


class OfficeError(Exception):
    """No PDF came of it; the argument is the reason in Turkish."""


def find_office() -> str | None:
    """The LibreOffice program: on PATH, or where its installers put it."""
    return shutil.which("soffice") or shutil.which("libreoffice") or next(_installed(), None)


def _installed() -> Iterator[str]:
    if sys.platform == "win32":
        folders = [Path(os.environ[name]) for name in ("ProgramFiles", "ProgramFiles(x86)") if name in os.environ]
        # The console program waits until the work is done; soffice.exe may not.
        places = [folder / "LibreOffice" / "program" / "soffice.com" for folder in folders]
    elif sys.platform == "darwin":
        folders = [Path("/Applications"), Path.home() / "Applications"]
        places = [folder / "LibreOffice.app" / "Contents" / "MacOS" / "soffice" for folder in folders]
    else:
        places = sorted(Path("/opt").glob("libreoffice*/program/soffice"), reverse=True)
    return (str(place) for place in places if place.is_file())


def to_pdf(workbook: Path, folder: Path, longest: float = LONGEST) -> Path:
    """The workbook as a tagged PDF with a bookmark per sheet, in `folder`, which is a scratch folder.

    Raises OfficeError where LibreOffice is missing, fails, or takes more than `longest` seconds.
    """
    program = find_office()
    if program is None:
        raise OfficeError("LibreOffice bu bilgisayarda bulunamadı")
    profile = folder / "profil"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_registry(), encoding="utf-8")
    options = ["--headless", "--norestore", f"-env:UserInstallation={profile.resolve().as_uri()}"]
    made = folder / "pdf"
    try:
        code = _run([program, *options, "--convert-to", _filter(), "--outdir", str(made), str(workbook)], longest)
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
    process = subprocess.Popen(
        command, stdin=nothing, stdout=nothing, stderr=nothing, start_new_session=sys.platform != "win32"
    )
    try:
        return process.wait(longest)
    except BaseException as stopped:  # Ctrl+C must not leave it running either
        _end(process)
        if isinstance(stopped, subprocess.TimeoutExpired):
            return None
        raise


def _end(process: subprocess.Popen[bytes]) -> None:
    """The program that was started is only a wrapper: the one that works is its child."""
    if sys.platform == "win32":
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(process.pid)], capture_output=True, check=False)
    else:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _filter() -> str:
    options = {name: {"type": "boolean", "value": str(value).lower()} for name, value in _PDF.items()}
    options |= {name: {"type": "long", "value": str(value)} for name, value in _PDF_NUMBERS.items()}
    return f"pdf:calc_pdf_Export:{json.dumps(options, separators=(',', ':'))}"


def _registry() -> str:
    items = "".join(
        f'<item oor:path="/org.openoffice.{path}">'
        f'<prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for (path, name), value in _SETTINGS.items()
    )
    schema = 'xmlns:oor="http://openoffice.org/2001/registry"'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<oor:items {schema}>{items}</oor:items>'
