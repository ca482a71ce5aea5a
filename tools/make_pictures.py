"""Makes the pictures of output pages for the documentation: merge, LibreOffice to PDF, pdftoppm to PNG.

Run from the top of the repository: python tools/make_pictures.py
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from kars_xl.pipeline import merge

PICTURES = Path("docs/pictures")
# Page of the booklet by name of the picture.
PAGES = {"performans_hedefi": 4, "idare_performans_tablosu": 81}
# Figures are shown as on a Turkish computer: 253.748.000,00.
_LOCALE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>tr-TR</value>
</prop></item></oor:items>"""


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        workbook = Path(scratch) / "program.xlsx"
        outcome = merge(["inputs"], str(workbook))
        if outcome.failed:
            raise SystemExit("inputs birleştirilemedi")
        booklet = to_pdf(workbook)
        PICTURES.mkdir(parents=True, exist_ok=True)
        for name, page in PAGES.items():
            options = ["-png", "-r", "70", "-f", str(page), "-l", str(page), "-singlefile"]
            subprocess.run(["pdftoppm", *options, str(booklet), str(PICTURES / name)], check=True)


def to_pdf(workbook: Path) -> Path:
    """The workbook as PDF beside it, by a LibreOffice with a fresh Turkish profile."""
    profile = workbook.parent / "profil"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_LOCALE, encoding="utf-8")
    command = ["soffice", "--headless", f"-env:UserInstallation={profile.as_uri()}", "--convert-to", "pdf"]
    subprocess.run([*command, "--outdir", str(workbook.parent), str(workbook)], check=True, capture_output=True)
    return workbook.with_suffix(".pdf")


if __name__ == "__main__":
    main()
