"""Makes the pictures of output pages for the documentation: merge, booklet as PDF, pdftoppm, one sheet of all sections.

Run from the top of the repository: python tools/make_pictures.py (needs LibreOffice, poppler-utils and pillow)
"""

from __future__ import annotations

import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from pypdf import PdfReader
from pypdf.generic import Destination

from kars_xl.export.job import export_pdf
from kars_xl.pipeline import merge

PICTURES = Path("docs/pictures")
# Pictures of a section's first page.
PAGES = {"performans_hedefi": "Performans Hedefleri", "idare_performans_tablosu": "İdare Performans Tablosu"}
CONTACT_SHEET = "kitapcik"

_SHOWN = 3  # pages of a section
_COLUMNS = 10
_CELL, _MARGIN, _CAPTION = 168, 8, 30  # pixels
_SHADES = 48  # colours of the contact sheet: what a page needs, at a third of the size


@dataclass(frozen=True)
class Section:
    """A section's pages, first and number of them, from 1."""

    title: str
    first: int
    count: int


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        workbook, booklet = Path(scratch) / "program.xlsx", Path(scratch) / "program.pdf"
        if merge(["inputs"], str(workbook)).failed:
            raise SystemExit("inputs birleştirilemedi")
        if export_pdf(str(workbook), str(booklet)).failed:
            raise SystemExit("PDF yapılamadı")
        found = sections(booklet)
        PICTURES.mkdir(parents=True, exist_ok=True)
        for name, title in PAGES.items():
            page = next(section.first for section in found if section.title == title)
            picture(booklet, page, 70, PICTURES / name)
        contact_sheet(booklet, found, Path(scratch)).save(PICTURES / f"{CONTACT_SHEET}.png", optimize=True)


def sections(booklet: Path) -> list[Section]:
    reader = PdfReader(booklet)
    starts = [(str(item.title), item) for item in reader.outline if isinstance(item, Destination)]
    pages = [(reader.get_destination_page_number(item) or 0) + 1 for _, item in starts] + [len(reader.pages) + 1]
    return [Section(title, pages[at], pages[at + 1] - pages[at]) for at, (title, _) in enumerate(starts)]


def picture(booklet: Path, page: int, dots: int, target: Path) -> Path:
    """A page as `target`.png, `dots` per inch."""
    options = ["-png", "-r", str(dots), "-f", str(page), "-l", str(page), "-singlefile"]
    subprocess.run(["pdftoppm", *options, str(booklet), str(target)], check=True)
    return target.with_suffix(".png")


def contact_sheet(booklet: Path, found: list[Section], scratch: Path) -> Image.Image:
    """The first pages of each section, small, with the section's name under the first of them."""
    shown = [(section, number) for section in found for number in range(min(section.count, _SHOWN))]
    rows = -(-len(shown) // _COLUMNS)
    height = round(_CELL * 2**0.5) + _CAPTION
    sheet = Image.new("RGB", (_COLUMNS * (_CELL + _MARGIN) + _MARGIN, rows * (height + _MARGIN) + _MARGIN), "#D9DEE2")
    draw = ImageDraw.Draw(sheet)
    font = ImageFont.truetype("LiberationSans-Regular.ttf", 11)
    for at, (section, number) in enumerate(shown):
        left = _MARGIN + at % _COLUMNS * (_CELL + _MARGIN)
        top = _MARGIN + at // _COLUMNS * (height + _MARGIN)
        with Image.open(picture(booklet, section.first + number, 60, scratch / str(at))) as page:
            page.thumbnail((_CELL, height - _CAPTION), Image.Resampling.LANCZOS)
            sheet.paste(page, (left, top))
        if not number:
            caption = f"{section.title}\n{section.count} sayfa"
            draw.text((left, top + height - _CAPTION + 3), caption, "#17374B", font, spacing=1)
    return sheet.quantize(_SHADES)


if __name__ == "__main__":
    main()
