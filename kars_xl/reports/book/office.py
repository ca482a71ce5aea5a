"""LibreOffice, if the computer has it, turns a document into a tagged PDF; nothing in the document may run or be
fetched."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

LONGEST = 300.0  # seconds; the 2024 programme takes five
# Figures as on a Turkish computer (253.748.000,00); nothing in a foreign document may run or be fetched.
_SETTINGS = {
    ("Setup/L10N", "ooSetupSystemLocale"): "tr-TR",
    ("Office.Linguistic/General", "DefaultLocale"): "tr-TR",
    ("Office.Common/Security/Scripting", "DisableMacrosExecution"): "true",
    ("Office.Calc/Content/Update", "Link"): "2",
}
_WANTED = (
    "ExportBookmarks", "ExportBookmarksToPDFDestination", "UseTaggedPDF", "PDFUACompliance", "DisplayPDFDocumentTitle"
)  # fmt: skip
_PDF = {name: {"type": "boolean", "value": "true"} for name in _WANTED}
_PDF["InitialView"] = {"type": "long", "value": "1"}  # open with the bookmarks beside the page


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


def to_pdf(document: Path, folder: Path, longest: float = LONGEST) -> Path:
    """A document or workbook as a tagged PDF with its bookmarks, in `folder`, which is a scratch folder. Raises
    OfficeError where LibreOffice is missing, fails, or takes more than `longest` seconds."""
    program = find_office()
    if program is None:
        raise OfficeError("LibreOffice bu bilgisayarda bulunamadı")
    profile = folder / "profil"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    items = "".join(
        f'<item oor:path="/org.openoffice.{path}">'
        f'<prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for (path, name), value in _SETTINGS.items()
    )
    registry = f'<oor:items xmlns:oor="http://openoffice.org/2001/registry">{items}</oor:items>'
    start = '<?xml version="1.0" encoding="UTF-8"?>\n'
    (profile / "user" / "registrymodifications.xcu").write_text(start + registry, encoding="utf-8")
    options = ["--headless", "--norestore", f"-env:UserInstallation={profile.resolve().as_uri()}"]
    kind = "writer" if document.suffix.lower() == ".docx" else "calc"
    pdf_filter = f"pdf:{kind}_pdf_Export:{json.dumps(_PDF, separators=(',', ':'))}"
    made = folder / "pdf"
    try:
        code = _run([program, *options, "--convert-to", pdf_filter, "--outdir", str(made), str(document)], longest)
    except OSError as error:
        raise OfficeError("LibreOffice çalıştırılamadı") from error
    if code is None:
        raise OfficeError(f"LibreOffice {longest:.0f} saniyede bitiremedi")
    pdf = made / f"{document.stem}.pdf"
    # It says "no" by writing nothing; its exit code is 0 then as well.
    if code or not pdf.is_file() or not pdf.read_bytes().startswith(b"%PDF-"):
        raise OfficeError(f"LibreOffice belgeyi PDF'e çeviremedi (çıkış kodu {code})")
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
