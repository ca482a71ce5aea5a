"""The printed pages of the official workbook, and what a reader needs who does not see them."""

from __future__ import annotations

import posixpath
import re
import shutil
import subprocess
import xml.etree.ElementTree as ElementTree
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.helpers.booklets import Booklet, booklet_of
from tests.helpers.oracles import not_there

A4 = (595, 842)
LEAST_INK = 0.03  # of the height between header and footer


@pytest.fixture(scope="module")
def booklet(merged: Path, tmp_path_factory: pytest.TempPathFactory) -> Booklet:
    return booklet_of(merged, tmp_path_factory.mktemp("pdf"))


@pytest.fixture(scope="module")
def book(merged: Path) -> Workbook:
    return openpyxl.load_workbook(merged, data_only=True)


def visible(book: Workbook) -> list[Worksheet]:
    return [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]


def sections(booklet: Booklet, book: Workbook) -> Iterator[tuple[Worksheet, range]]:
    """Each sheet with its pages, from 0."""
    starts = [section.first for section in booklet.sections] + [len(booklet.pages)]
    for number, section in enumerate(booklet.sections):
        yield book[section.title], range(starts[number], starts[number + 1])


def row_text(sheet: Worksheet, row: int) -> list[str]:
    return [str(cell.value) for cell in sheet[row] if cell.value not in (None, "")]


def flat(text: str) -> str:
    return re.sub(r"\s", "", text)


# Pages


def test_every_page_is_a4_and_lies_as_its_sheet_says(booklet: Booklet, book: Workbook) -> None:
    for sheet, pages in sections(booklet, book):
        assert sheet.page_setup.paperSize == 9, sheet.title
        landscape = sheet.page_setup.orientation == "landscape"
        assert {booklet.sizes[page] for page in pages} == {A4[::-1] if landscape else A4}, sheet.title
    assert book["İdare Performans Tablosu"].page_setup.orientation == "landscape"


def test_no_sheet_is_two_pages_wide(booklet: Booklet, book: Workbook) -> None:
    """What stands in the last printed column is on the page where its row is."""
    for sheet, pages in sections(booklet, book):
        if sheet.print_title_rows:
            heads = row_text(sheet, int(sheet.print_title_rows.rpartition("$")[2]))
            for page in pages:
                # A heading of two lines stands between its neighbours' in the page's text.
                missing = [word for word in heads[-1].split() if word not in booklet.pages[page]]
                assert missing == [], f"{sheet.title}, page {page + 1}"


def test_the_footer_names_the_section_and_the_page(booklet: Booklet, book: Workbook) -> None:
    for sheet, pages in sections(booklet, book):
        if sheet.title == "Kapak":
            continue
        named = sheet.oddFooter.left.text.strip()
        assert named, sheet.title
        for page in pages:
            foot = flat("\n".join(booklet.pages[page].rstrip().splitlines()[-3:]))
            assert flat(named) in foot, f"{sheet.title}, page {page + 1}"
            assert f"Sayfa{page + 1}/{len(booklet.pages)}" in foot


def test_headings_of_long_tables_are_on_each_of_their_pages(booklet: Booklet, book: Workbook) -> None:
    repeated = 0
    for sheet, pages in sections(booklet, book):
        if not sheet.print_title_rows:
            continue
        first, last = map(int, re.findall(r"\d+", sheet.print_title_rows))
        for page in pages:
            text = flat(booklet.pages[page])
            missing = [
                head for row in range(first, last + 1) for head in row_text(sheet, row) if flat(head) not in text
            ]
            # A heading of two lines stands between those of its neighbours in the page's text.
            assert len(missing) <= sum(" " in head for head in missing), f"{sheet.title}, page {page + 1}: {missing}"
            repeated += page > pages[0]
    assert repeated > 10


def headings(sheet: Worksheet) -> set[str]:
    """Rows with one bold text and nothing else, followed by what they head."""
    found = set()
    for row in range(1, sheet.max_row):
        cells = [cell for cell in sheet[row] if cell.value not in (None, "")]
        if len(cells) == 1 and isinstance(cells[0].value, str) and cells[0].font.b and row_text(sheet, row + 1):
            found.add(flat(cells[0].value))
    return found


def test_no_page_ends_with_a_heading(booklet: Booklet, book: Workbook) -> None:
    checked = 0
    for sheet, pages in sections(booklet, book):
        heads = headings(sheet)
        footer = flat(sheet.oddFooter.left.text or "") if sheet.oddFooter.left.text else ""
        for page in pages:
            lines = [flat(line) for line in booklet.pages[page].splitlines() if line.strip()]
            body = [line for line in lines if not (footer and line.startswith(footer)) and not line.startswith("Sayfa")]
            if body and page != pages[-1]:
                checked += 1
                assert body[-1] not in heads, f"{sheet.title}, page {page + 1}: {body[-1]}"
    assert checked > 50


def test_no_target_or_cost_table_is_cut(booklet: Booklet, book: Workbook) -> None:
    for sheet, pages in sections(booklet, book):
        for page in pages:
            text = booklet.pages[page]
            if sheet.title == "Performans Hedefleri":
                assert text.count("PERFORMANS HEDEFİ TABLOSU") == len(re.findall(r"^Genel Toplam\b", text, re.M)) == 1
            if sheet.title == "Faaliyet Maliyetleri":
                tables = len(re.findall(r"^Faaliyet Adı\b", text, re.M))
                assert 1 <= tables <= 2
                assert tables == len(re.findall(r"^Toplam Kaynak İhtiyacı\b", text, re.M))


def test_no_page_is_nearly_empty(booklet: Booklet, tmp_path: Path) -> None:
    if shutil.which("pdftoppm") is None:
        not_there("pdftoppm (poppler-utils) is not installed")
    subprocess.run(["pdftoppm", "-r", "24", "-gray", str(booklet.path), str(tmp_path / "s")], check=True)
    pages = sorted(tmp_path.glob("*.pgm"))
    assert len(pages) == len(booklet.pages)
    empty = [number for number, page in enumerate(pages, start=1) if ink(page) < LEAST_INK]
    assert empty == []


def ink(picture: Path) -> float:
    """The share of lines with anything dark in them, between header and footer."""
    head, size, _, data = picture.read_bytes().split(b"\n", 3)
    assert head == b"P5"
    width, height = map(int, size.split())
    lines = [data[at : at + width] for at in range(0, width * height, width)]
    body = lines[height // 10 : height - height // 10]
    return sum(min(line) < 200 for line in body) / len(body)


# For those who do not see the page


def test_the_document_says_its_title_and_language(merged: Path, book: Workbook) -> None:
    assert book.properties.title == "T.C. KARS BELEDİYE BAŞKANLIĞI – 2024 Mali Yılı Performans Programı"
    assert book.properties.language == "tr-TR"


def test_it_opens_on_its_cover_and_every_sheet_at_its_title(book: Workbook) -> None:
    assert book.active.title == visible(book)[0].title
    for sheet in visible(book):
        assert str(sheet["A1"].value or "").strip(), sheet.title
        for selection in sheet.sheet_view.selection:
            assert selection.sqref is None or str(selection.sqref) == "A1" or sheet.sheet_view.pane, sheet.title


def test_every_picture_and_chart_says_what_it_shows(merged: Path) -> None:
    with zipfile.ZipFile(merged) as package:
        for name in package.namelist():
            if not name.startswith("xl/drawings/drawing"):
                continue
            for shape in ElementTree.fromstring(package.read(name)).iter():
                if shape.tag.endswith("}cNvPr") and not any(item.tag.endswith("}decorative") for item in shape.iter()):
                    assert len(shape.get("descr", "")) > 10, f"{posixpath.basename(name)}: {shape.attrib}"


def test_no_data_row_is_merged(book: Workbook) -> None:
    """A screen reader and a filter need one cell per column: merges stay in headings."""
    sheet = book["İdare Performans Tablosu"]
    data = [row for row in range(1, sheet.max_row + 1) if str(sheet.cell(row, 2).value or "").startswith("F.")]
    assert len(data) == 88
    assert not [area for area in sheet.merged_cells.ranges if area.min_row in data]


def test_a_verdict_is_a_word_before_it_is_a_colour(book: Workbook) -> None:
    """Every cell that a rule may colour holds words or figures; none says something by its ground alone."""
    coloured = 0
    for sheet in visible(book):
        for area, rules in sheet.conditional_formatting._cf_rules.items():
            if not any(rule.dxf is not None and rule.dxf.fill is not None for rule in rules):
                continue
            for bounds in area.sqref.ranges:
                for row in sheet.iter_rows(bounds.min_row, bounds.max_row, bounds.min_col, bounds.min_col):
                    first = row[0].value
                    coloured += isinstance(first, str) and first.startswith(("TAMAM", "HATA"))
    assert coloured > 100
