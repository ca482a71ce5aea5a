"""Makes the pictures of the documentation: pages of the programme and sheets of the year that the guide tells.

Run from the top of the repository: python tools/make_pictures.py (needs LibreOffice, poppler-utils and chromium)
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import docs_guide
import docs_template
from PIL import Image, ImageChops, ImageDraw, ImageFont
from playwright.sync_api import sync_playwright
from pypdf import PdfReader
from pypdf.generic import Destination

from kars_xl.reports.book import export_book
from kars_xl.reports.book.office import to_pdf

PICTURES = Path("docs/pictures")
PROGRAMME = "2025/outputs/performans_programi_2025.xlsx"
# Pictures of a section's first page.
PAGES = {"performans_hedefi": "Performans Hedefleri", "idare_performans_tablosu": "İdare Performans Tablosu"}
CONTACT_SHEET = "kitapcik"

# Sheets of the guide's year: the file, its pages one below the other, and how much of a page's height is shown.
SHEETS: dict[str, tuple[str, tuple[tuple[int, float], ...]]] = {
    "form": ("2025/forms/zabita_mudurlugu.xlsx", ((3, 1), (4, 0.47))),
    "kontrol": ("2025/forms/zabita_mudurlugu.xlsx", ((2, 1),)),
    "isaretli_form": ("2025/annotated/zabita_mudurlugu_r0.xlsx", ((1, 0.4), (5, 0.47))),
}
UNIT, PANEL = "zabita_mudurlugu", ("", "birim?ad=Zabıta Müdürlüğü", "iz?hucre=Toplam Kaynak İhtiyacı!F8")
_DOTS = 75  # per inch
_HEADER, _FOOTER = 0.063, 0.085  # how much of a page's height they take

_SHOWN = 3  # pages of a section
_COLUMNS = 10
_CELL, _MARGIN, _CAPTION = 168, 8, 30  # pixels
_SHADES = 48  # colours of the contact sheet: what a page needs, at a third of the size


class Section(NamedTuple):
    """A section's pages, first and number of them, from 1."""

    title: str
    first: int
    pages: int


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as inner:
        scratch = Path(inner)
        docs_guide.guide(docs_guide.GUIDE.read_text(encoding="utf-8"), Path(folder))
        programme, book = Path(folder) / PROGRAMME, scratch / "kitapcik.pdf"
        if export_book(str(programme), "pdf", str(book)).written is None:
            raise SystemExit("PDF yapılamadı")
        found = sections(booklet := to_pdf(programme, scratch))
        PICTURES.mkdir(parents=True, exist_ok=True)
        for name, title in PAGES.items():
            page = next(section.first for section in found if section.title == title)
            picture(booklet, page, 70, PICTURES / name)
        contact_sheet(book, sections(book), scratch).save(PICTURES / f"{CONTACT_SHEET}.png", optimize=True)
        audit = next(section.first for section in found if section.title == "Denetim")
        save("denetim", [content(booklet, audit, scratch)])
        for name, (file, pages) in SHEETS.items():
            own = scratch / name
            own.mkdir()
            pdf = to_pdf(Path(folder) / file, own)
            save(name, [content(pdf, page, own, part) for page, part in pages])
        panel(Path(folder) / "2025")
        changed = scratch / "ornek.xlsx"
        docs_template.merged_with_example(changed)
        example = to_pdf(changed, scratch)
        units = next(section.first for section in sections(example) if "Birim" in section.title)
        save("sablon_ornegi", [content(example, units, scratch, 0.4)])


def panel(year: Path) -> None:
    """The panel's pages, while the form with a fault is the unit's last."""
    year.joinpath("inputs", UNIT, f"{UNIT}_r1.xlsx").unlink()
    command = [sys.executable, "-m", "kars_xl", "panel", str(year), "--no-browser"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1100, "height": 760}, locale="tr-TR")
        page.goto(address := str(program.stdout and program.stdout.readline()).split()[-1])
        page.wait_for_selector("main table")
        for name, path in zip(("durum", "birim", "nereden"), PANEL, strict=True):
            page.goto(address.split("?")[0] + path)
            page.screenshot(path=PICTURES / f"panel_{name}.png")
        program.terminate()


def content(pdf: Path, page: int, scratch: Path, part: float = 1) -> Image.Image:
    """What stands on a page, or on its upper `part`, between header and footer, without the blank margins."""
    with Image.open(picture(pdf, page, _DOTS, scratch / f"sayfa_{page}")) as image:
        top, bottom = round(image.height * _HEADER), round(image.height * (1 - _FOOTER))
        inner = image.convert("RGB").crop((0, top, image.width, top + round((bottom - top) * part)))
    box = ImageChops.difference(inner, Image.new("RGB", inner.size, "white")).getbbox()
    assert box is not None, f"{pdf} page {page} is blank"
    left, top, right, bottom = box
    return inner.crop((max(left - 4, 0), max(top - 4, 0), right + 4, min(bottom + 4, inner.height)))


def save(name: str, images: list[Image.Image]) -> None:
    """The images one below the other as a picture of the documentation."""
    width = max(image.width for image in images)
    whole = Image.new("RGB", (width, sum(image.height + _MARGIN for image in images)), "white")
    top = 0
    for image in images:
        whole.paste(image, (0, top))
        top += image.height + _MARGIN
    whole.quantize(_SHADES).save(PICTURES / f"{name}.png", optimize=True)


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
    shown = [(section, number) for section in found for number in range(min(section.pages, _SHOWN))]
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
            caption = f"{section.title}\n{section.pages} sayfa"
            draw.text((left, top + height - _CAPTION + 3), caption, "#17374B", font, spacing=1)
    return sheet.quantize(_SHADES)


if __name__ == "__main__":
    main()
