"""The book that a council votes on: made from the 2024 workbook by the command, laid out by the real LibreOffice, and
read back as Word document and as PDF."""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import time
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import docx
import pytest
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from openpyxl import load_workbook
from openxml_audit import FileFormat, OpenXmlValidator
from pypdf import PdfReader

from kars_xl.base.text import fold
from kars_xl.checking.source import source_of
from kars_xl.reading.files import read_files
from kars_xl.reading.grid import open_grid
from kars_xl.reports.audit import audit
from kars_xl.reports.book import export_book, has_appendix
from kars_xl.reports.book.office import to_pdf
from kars_xl.reports.book.sheets import Box, Table
from kars_xl.reports.book.word import Book
from tests.helpers.booklets import Booklet
from tests.helpers.cli_runs import run
from tests.helpers.libreoffice_edits import office_edited_document
from tests.helpers.oracles import not_there
from tests.helpers.word_dumps import DUMP, lines

# The contents of the published book, its tables and its figures.
CONTENTS = """\
I- GENEL BİLGİLER
A- Yetki, Görev ve Sorumluluklar
B- Teşkilat Yapısı
C- Fiziksel Kaynaklar
D- İnsan Kaynakları
E- Diğer Hususlar
II- PERFORMANS BİLGİLERİ
A-Temel Politika ve Öncelikler
B- Amaç ve Hedefler
C- Performans Hedef ve Göstergeleri ile Faaliyetler
Performans Hedefi Tabloları
Faaliyet Maliyetleri Tabloları
D- İdare Performans Tablosu
E- İdarenin Toplam Kaynak İhtiyacı
III. EKLER
Faaliyetlerden Sorumlu Harcama Birimleri
Tablo 1 Hizmet Binaları ve Diğer Gayrimenkuller
Tablo 2 Hizmet Taşıtları
Tablo 3 Kullanıcı Donanımları
Tablo 4 Kullanılan Yazılımlar
Tablo 5 Sistem Donanımları
Tablo 6 Kadroya göre Personel Dağılımı
Tablo 7 Kadroya Göre Doluluk
Tablo 8 Cinsiyete Göre Personel Dağılımı
Tablo 9 Personel Eğitim Durumu
Tablo 10 Personel Yaş Dağılımı
Tablo 11 Toplam Kaynak İhtiyacı
Şekil 1 Mevzuat Analizi
Şekil 2 Teşkilat Şeması
Şekil 3 Kadroya Göre Doluluk
Şekil 4 Cinsiyete Göre Personel Dağılımı
Şekil 5 Personel Eğitim Durumu
Şekil 6 Personel Yaş Dağılımı
"""
_ENTRY = re.compile(r"(.+?)\s*\.{3,}\s*(\d+)$")


@pytest.fixture(scope="module")
def folder(merged: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workbook, and beside it the book as both kinds, by the command."""
    folder = tmp_path_factory.mktemp("kitapcik")
    book = shutil.copy(merged, folder / "program.xlsx")
    for kind in ("docx", "pdf"):
        assert run("export", book, "--to", kind).exit_code == 0
    return folder


@pytest.fixture
def no_office(monkeypatch: pytest.MonkeyPatch) -> None:
    """For a document whose page numbers nobody looks at."""
    monkeypatch.setenv("PATH", "")


@pytest.fixture(scope="module")
def made(folder: Path) -> Booklet:
    return Booklet(folder / "program.pdf")


@pytest.fixture(scope="module")
def word(folder: Path) -> Any:
    return docx.Document(str(folder / "program.docx"))


def contents(made: Booklet) -> list[tuple[str, int]]:
    """What the lists of contents say, in their order."""
    first = next(number for number, page in enumerate(made.pages) if "İÇİNDEKİLER" in page)
    lines = [line for page in made.pages[first : first + 3] for line in page.splitlines()]
    return [(" ".join(found[1].split()), int(found[2])) for found in map(_ENTRY.match, lines) if found]


def plain(text: str) -> str:
    return fold(re.sub(r"[-–.]", " ", text))


# Contents


def test_every_heading_of_the_published_contents_has_its_place(made: Booklet) -> None:
    ours = [plain(text) for text, _ in contents(made)]
    theirs = [plain(text) for text in CONTENTS.splitlines()]
    assert [text for text in theirs if text not in ours] == []
    places = [ours.index(text) for text in theirs]
    assert places == sorted(places), "in another order than the published ones"


def test_page_numbers_of_the_contents_are_where_the_headings_stand(made: Booklet) -> None:
    entries = contents(made)
    assert len(entries) > 40
    last_list = max(number for number, page in enumerate(made.pages) if "ŞEKİLLER\n" in page)
    for text, number in entries:
        lines = [" ".join(line.split()) for line in made.pages[number - 1].splitlines()]
        assert any(line == text or text.startswith(line) for line in lines if len(line) >= 5), (text, number)
        before = [page for page in made.pages[last_list + 1 : number - 1] if f"\n{text}\n" in page]
        assert before == [], f"{text} stands before page {number}"
    assert {str(number + 1) for number in range(2, len(made.pages))} == {
        page.strip().splitlines()[-1].strip() for page in made.pages[2:]
    }


def test_the_summary_is_two_pages(made: Booklet) -> None:
    pages = dict(contents(made))
    assert pages["I- GENEL BİLGİLER"] - pages["MECLİS ÖZETİ"] == 2
    first, second = made.pages[pages["MECLİS ÖZETİ"] - 1 :][:2]
    assert "603.349.000,00" in first
    assert "F.1.4.2" in first
    assert "Temizlik İşleri Müdürlüğü" in second
    assert "yedek ödenek" in second


def test_captions_are_counted_by_word_itself(word: Any) -> None:
    captions = [it for it in word.paragraphs if it.style.name == "Caption"]
    numbers: dict[str, list[int]] = {"Tablo": [], "Şekil": []}
    for caption in captions:
        kind, number = caption.text.split()[:2]
        numbers[kind].append(int(number))
        assert f"SEQ {kind}" in "".join(it.text for it in caption._p.iter(qn("w:instrText")))
    assert numbers["Tablo"] == list(range(1, 12))
    assert numbers["Şekil"] == list(range(1, len(numbers["Şekil"]) + 1))


def test_a_reference_says_what_its_table_is_called(word: Any) -> None:
    paragraph = next(it for it in word.paragraphs if "bkz." in it.text)
    told = next(it.text for it in paragraph._p.iter(qn("w:instrText"))).split()
    assert told[0] == "REF"
    starts = {it.get(qn("w:name")): it.getparent() for it in word.element.iter(qn("w:bookmarkStart"))}
    assert "".join(it.text for it in starts[told[1]].iter(qn("w:t"))) == "Tablo 11 Toplam Kaynak İhtiyacı"
    assert "Tablo 11 Toplam Kaynak İhtiyacı" in paragraph.text


# Figures


def test_the_book_is_the_programme(folder: Path, merged: Path) -> None:
    """Every figure of the tables, and every word of them."""
    book, ours = (source_of(read_files([str(path)])).merged for path in (folder / "program.docx", merged))
    assert book is not None
    assert ours is not None
    assert book.programme == ours.programme


def test_the_audit_says_of_the_book_what_it_says_of_the_workbook(folder: Path, merged: Path) -> None:
    said = [
        sorted((it.severity, it.code, it.key) for it in audit([str(path)]).findings)
        for path in (folder / "program.docx", merged)
    ]
    assert said[0] == said[1]
    assert not any(severity == "error" for severity, _, _ in said[0])


def test_every_figure_of_the_sheets_stands_in_the_book(folder: Path, word: Any) -> None:
    """Money of every sheet but those left out, each as often as there, read by other libraries."""
    texts = [cell.text for table in word.tables for row in table._tbl.tr_lst for cell in _cells(row)]
    book = load_workbook(folder / "program.xlsx", data_only=True)
    for name in ("Performans Hedefleri", "Faaliyet Maliyetleri", "Toplam Kaynak İhtiyacı", "Birimlere Göre"):
        area = book[name][book[name].print_area.rpartition("!")[2].replace("$", "")]
        amounts = [
            cell.value
            for row in area
            for cell in row
            if cell.number_format == "#,##0.00" and isinstance(cell.value, int | float)
        ]
        shown = {f"{value:,.2f}".translate(str.maketrans(",.", ".,")) for value in amounts}
        assert len(shown) > 10
        assert shown - set(texts) == set(), name


class _Cell:
    def __init__(self, element: Any) -> None:
        self.text = "".join(it.text or "" for it in element.iter(qn("w:t")))


def _cells(row: Any) -> Iterator[_Cell]:
    return (_Cell(it) for it in row.iterchildren(qn("w:tc")))


def test_figures_are_printed_in_turkish_and_none_is_cut_off(made: Booklet) -> None:
    text = "\n".join(made.pages)
    assert "253.748.000,00" in text
    assert "603.349.000,00" in text
    assert "253,748,000" not in text
    assert not re.search(r"###|#(REF|N/A|NAME|VALUE|DIV/0|NUM|NULL)|Err:5\d\d|\{\{|\}\}", text)


# For everybody


def test_tables_repeat_their_headings_and_say_what_they_are(word: Any) -> None:
    for table in word.tables:
        first = table._tbl.tr_lst[0]
        if table.style is not None and table.style.name == "Kitapçık Tablosu":
            assert first.trPr.find(qn("w:tblHeader")) is not None
        assert all(row.trPr.find(qn("w:cantSplit")) is not None for row in table._tbl.tr_lst)
    named = [it for table in word.tables for it in table._tbl.tblPr.iter(qn("w:tblCaption")) if it.get(qn("w:val"))]
    assert len(named) > 27 + 88
    assert all(it.get("descr") for it in word.element.iter(qn("wp:docPr")))
    assert {it.get(qn("w:val")) for it in word.styles.element.iter(qn("w:lang"))} == {"tr-TR"}


def test_the_pdf_says_its_language_title_and_structure(made: Booklet) -> None:
    reader = PdfReader(made.path)
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "tr-TR"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/StructTreeRoot"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None
    assert reader.metadata.title == "T.C. KARS BELEDİYE BAŞKANLIĞI – 2024 Mali Yılı Performans Programı"


def test_every_target_and_activity_has_a_bookmark_to_its_page(made: Booklet) -> None:
    reader = PdfReader(made.path)

    def flat(items: Any) -> Iterator[Any]:
        for item in items:
            yield from flat(item) if isinstance(item, list) else [item]

    found = {str(it.title).split()[0]: reader.get_destination_page_number(it) for it in flat(reader.outline)}
    codes = [code for code in found if re.fullmatch(r"F\.\d+(\.\d+)+|\d+\.\d+", code)]
    assert len(codes) == 27 + 88
    for code in codes:
        page = made.pages[found[code] or 0]
        assert re.search(rf"^(Performans Hedefi |Faaliyet Adı\s+)?{re.escape(code)}(\s|$)", page, re.MULTILINE), code


def test_libreoffice_opens_the_document_and_writes_it_again(folder: Path, tmp_path: Path) -> None:
    again = office_edited_document(folder / "program.docx", tmp_path / "lo")
    assert len(docx.Document(str(again)).tables) == len(docx.Document(str(folder / "program.docx")).tables)


def test_the_document_is_what_the_published_schemas_ask_for(folder: Path) -> None:
    """By the schemas, and what Microsoft's own validator asks beyond them: Word opens it without a repair."""
    validator = OpenXmlValidator(file_format=FileFormat.OFFICE_2019, max_errors=20)
    for path in (folder / "program.docx", Path("templates/kitapcik.docx")):
        assert [str(error) for error in validator.validate(path).errors] == []


# What is for whom


@pytest.mark.usefixtures("no_office")
def test_who_filled_in_what_is_not_in_the_book_unless_asked_for(folder: Path, made: Booklet, tmp_path: Path) -> None:
    result = run("export", folder / "program.xlsx", "--to", "docx", "-o", tmp_path / "ekli.docx", "--ekler")
    assert result.exit_code == 0
    digest = re.compile(r"[0-9a-f]{40}")
    assert not any(digest.search(page) or "_mudurlugu.xlsx" in page for page in made.pages)
    text = " ".join(
        cell.text for sheet in open_grid(str(tmp_path / "ekli.docx")).sheets for cell in sheet.cells.values()
    )
    assert digest.search(text)
    assert "fen_isleri_mudurlugu.xlsx" in text
    assert has_appendix(tmp_path / "ekli.docx")
    assert not has_appendix(folder / "program.docx")
    assert "Denetim" in run("export", folder / "program.xlsx", "--to", "docx", "-o", tmp_path / "b.docx").stdout


@pytest.mark.usefixtures("no_office")
def test_what_changed_since_last_year_stands_in_the_summary(folder: Path, inputs: Path, tmp_path: Path) -> None:
    """The plan of a folder that was begun from this very programme: everything is new money, and the sums are known."""
    year = tmp_path / "2025"
    assert run("init", year, "--from", folder / "program.xlsx").exit_code == 0
    plan = year / "inputs" / "plan.xlsx"
    done = export_book(str(folder / "program.xlsx"), "docx", str(tmp_path / "b.docx"), plan=str(plan))
    assert done.written is not None
    texts = [it.text for it in docx.Document(done.written).paragraphs]
    assert "Faaliyetlerin toplamı 2024 yılında 253.748.000,00 TL idi; fark 0,00 TL (%0,00)." in texts
    shutil.copy(plan, tmp_path / "plan.xlsx")
    book = load_workbook(tmp_path / "plan.xlsx")
    sheet = book["Geçen Yıl"]
    row = next(it for it in range(1, sheet.max_row + 1) if "F.1.4.2" in [cell.value for cell in sheet[it]])
    cell = next(it for it in sheet[row] if it.value == 45_000_000)
    cell.value = 15_000_000
    book.save(tmp_path / "plan.xlsx")
    done = export_book(str(folder / "program.xlsx"), "docx", str(tmp_path / "b.docx"), plan=str(tmp_path / "plan.xlsx"))
    document = docx.Document(str(done.written))
    table = next(it for it in document.tables if it.cell(0, 0).text == "Kod" and "Fark (TL)" in it.cell(0, 4).text)
    assert table.cell(1, 0).text == "F.1.4.2"
    assert [cell.text for cell in table.rows[1].cells][3:] == ["15.000.000,00", "+30.000.000,00"]
    assert len(table.rows) == 2


@pytest.mark.usefixtures("no_office")
def test_a_draft_says_so_on_each_page(inputs: Path, tmp_path: Path) -> None:
    shutil.copytree(inputs, tmp_path / "inputs")
    (tmp_path / "inputs" / "fen_isleri_mudurlugu.xlsx").unlink()
    assert run("merge", tmp_path / "inputs", "-o", tmp_path / "t.xlsx", "--draft").exit_code in (0, 1)
    done = export_book(str(tmp_path / "t.xlsx"), "docx", str(tmp_path / "t.docx"))
    assert done.written is not None, [it.message for it in done.findings]
    document = docx.Document(done.written)
    assert all("TASLAK" in section.header.paragraphs[0].text for section in [*document.sections][1:])


@pytest.mark.usefixtures("no_office")
def test_sections_that_nobody_wrote_are_named(folder: Path, word: Any) -> None:
    said = run("export", folder / "program.xlsx", "--to", "docx", "--format", "json")
    verdict = json.loads(said.stdout)["verdict"]
    assert "Metni yazılmamış bölümler: SUNUŞ, A- Yetki, Görev ve Sorumluluklar" in verdict
    texts = [it.text for it in word.paragraphs]
    assert texts.count("Bu bölüme metin girilmemiştir.") == verdict.partition("Kitapçıkta olmayan")[0].count("- ") + 1
    assert not any(it.style.name == "Yönerge" for it in word.paragraphs)


# The office's template


def test_a_review_sees_what_an_edit_of_the_template_changed() -> None:
    assert DUMP.read_text(encoding="utf-8").splitlines() == list(lines()), "renew: python -m tests.helpers.word_dumps"


def test_an_edit_of_the_template_shows_without_a_line_of_python(folder: Path, tmp_path: Path) -> None:
    """Another text, an added section and another font, saved by LibreOffice."""
    template = docx.Document(str(Path("templates/kitapcik.docx")))
    guidance = next(it for it in template.paragraphs if it.style.name == "Yönerge" and "sunuş" in it.text)
    guidance.text, guidance.style = (
        "Değerli hemşehrilerim, {{ onceki_yil }} yılında hazırlandı.",
        template.styles["Normal"],
    )
    last = next(it for it in template.paragraphs if it.text == "III. EKLER")
    last.insert_paragraph_before("F- Risk Yönetimi", style="Heading 2")
    last.insert_paragraph_before("Riskler yılda iki kez değerlendirilir.")
    template.styles["Tablo Metni"].font.name = "Liberation Serif"
    template.save(str(tmp_path / "kitapcik.docx"))
    edited = office_edited_document(tmp_path / "kitapcik.docx", tmp_path / "lo")
    done = export_book(str(folder / "program.xlsx"), "pdf", str(tmp_path / "b.pdf"), template=str(edited))
    assert done.written is not None, [it.message for it in done.findings]
    assert "SUNUŞ" not in done.empty
    book = Booklet(Path(done.written))
    text = "\n".join(book.pages)
    assert "Değerli hemşehrilerim, 2023 yılında hazırlandı." in text
    assert "Riskler yılda iki kez değerlendirilir." in text
    assert "F- Risk Yönetimi" in [entry for entry, _ in contents(book)]
    fonts = {str(font) for page in PdfReader(book.path).pages for font in _fonts(page)}
    assert any("LiberationSerif" in font for font in fonts)


def _fonts(page: Any) -> Iterator[Any]:
    return (it.get_object()["/BaseFont"] for it in page["/Resources"].get("/Font", {}).get_object().values())


@pytest.mark.usefixtures("no_office")
@pytest.mark.parametrize("broken", ["{{ kurum.adi }}", "{{ özet: toplam }}", "{{ bkz: Yok Böyle Tablo }}"])
def test_a_placeholder_that_there_is_not_is_named(folder: Path, tmp_path: Path, broken: str) -> None:
    template = docx.Document("templates/kitapcik.docx")
    template.add_paragraph(broken)
    template.save(str(tmp_path / "sablon.docx"))
    result = run(
        "export",
        folder / "program.xlsx",
        "--to",
        "docx",
        "-o",
        tmp_path / "b.docx",
        "--template",
        tmp_path / "sablon.docx",
    )
    assert result.exit_code == 1
    assert "KX501" in result.stderr
    assert broken.strip("{} ") in result.stderr
    assert not (tmp_path / "b.docx").exists()


@pytest.mark.usefixtures("no_office")
def test_a_placeholder_that_word_has_broken_into_runs_is_filled(folder: Path, tmp_path: Path) -> None:
    template = docx.Document("templates/kitapcik.docx")
    paragraph = template.add_paragraph("Yıl ")
    for part in ("{", "{ y", "il ", "}", "} bitti; {{ onceki_yil }}."):
        paragraph.add_run(part).bold = part == "{ y"
    template.save(str(tmp_path / "sablon.docx"))
    done = export_book(
        str(folder / "program.xlsx"), "docx", str(tmp_path / "b.docx"), template=str(tmp_path / "sablon.docx")
    )
    assert done.written is not None
    assert any(it.text == "Yıl 2024 bitti; 2023." for it in docx.Document(done.written).paragraphs)


@pytest.mark.usefixtures("no_office")
def test_a_template_that_shows_other_figures_is_refused(folder: Path, tmp_path: Path) -> None:
    """The book is read back: without one of the official tables it is no book of this programme."""
    template = docx.Document("templates/kitapcik.docx")
    place = next(it for it in template.paragraphs if it.text == "{{ sayfa: Faaliyet Maliyetleri }}")
    place.text = ""
    template.save(str(tmp_path / "sablon.docx"))
    done = export_book(
        str(folder / "program.xlsx"), "docx", str(tmp_path / "b.docx"), template=str(tmp_path / "sablon.docx")
    )
    assert done.written is None
    assert [it.code for it in done.findings] == ["KX504"]
    assert not (tmp_path / "b.docx").exists()


def test_words_of_a_table_are_no_placeholders() -> None:
    book = Book(docx.Document("templates/kitapcik.docx"))
    table = Table([1.0, 1.0], [[Box("Kod"), Box("Ad")], [Box("F.1"), Box("{{ kurum.ad }} \x0b {{ bkz: x }}")]])
    book.fill(lambda name: None if ":" in name else name.upper(), lambda name: [table] if ":" in name else None)
    book.append("Ek", [table])
    assert "{{ kurum.ad }} \ufffd {{ bkz: x }}" in [
        cell.text for it in book.document.tables for cell in it.rows[1].cells
    ]
    assert "YIL MALİ YILI" in [it.text for it in book.document.paragraphs]


def test_nothing_is_fetched_for_a_linked_picture(folder: Path, tmp_path: Path) -> None:
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

    template = docx.Document("templates/kitapcik.docx")
    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/arma.png"
        picture = next(template.element.iter(qn("a:blip")))
        del picture.attrib[qn("r:embed")]
        picture.set(qn("r:link"), template.part.relate_to(address, RELATIONSHIP_TYPE.IMAGE, is_external=True))
        template.save(str(tmp_path / "sablon.docx"))
        to_pdf(tmp_path / "sablon.docx", tmp_path)
        server.shutdown()
    assert asked == []


# What goes wrong

SOURCE = "program.xlsx"


@pytest.fixture
def place(merged: Path, tmp_path: Path) -> Iterator[Path]:
    shutil.copy(merged, tmp_path / SOURCE)
    yield tmp_path
    left = {path.name for path in tmp_path.iterdir()} - {SOURCE, "eski.pdf", "program.docx", "programs", "yazilar.txt"}
    assert left == set(), "something half done was left behind"


def office_that(folder: Path, does: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program of LibreOffice's name on PATH that does something else."""
    if os.name == "nt":
        not_there("a shell script as a program")
    program = folder / "programs" / "soffice"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\n{does}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")


def failed(folder: Path, *arguments: object) -> str:
    """What was said where nothing could be written."""
    before = (folder / "eski.pdf").read_bytes() if (folder / "eski.pdf").is_file() else None
    result = run("export", folder / SOURCE, *arguments, "--to", "pdf")
    assert result.exit_code == 1, result.output
    assert "Kaydedilmedi: " in result.stderr
    assert before is None or (folder / "eski.pdf").read_bytes() == before
    return result.stderr


def test_without_libreoffice_word_is_written_and_pdf_says_how_to_get_it(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    (place / "eski.pdf").write_bytes(b"eski")
    said = failed(place, "-o", place / "eski.pdf")
    assert "KX009" in said
    assert "LibreOffice bu bilgisayarda bulunamadı" in said
    assert "libreoffice.org" in said
    assert run("export", place / SOURCE, "--to", "docx").exit_code == 0
    with zipfile.ZipFile(place / "program.docx") as package:
        assert b"updateFields" in package.read("word/settings.xml"), "Word counts the pages when it opens it"


def test_an_office_that_fails_or_writes_nothing(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    office_that(place, "exit 77", monkeypatch)
    assert "çıkış kodu 77" in failed(place)
    (place / "programs" / "soffice").write_text("#!/bin/sh\nexit 0\n")
    assert "çıkış kodu 0" in failed(place)


def test_an_office_that_hangs_is_ended_with_its_children(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    office_that(place, f"(sleep 3; echo geç > {place}/programs/geç) & sleep 60", monkeypatch)
    begun = time.monotonic()
    (found,) = export_book(str(place / SOURCE), "pdf", longest=0.5).findings
    assert (found.code, "saniyede bitiremedi" in found.message) == ("KX009", True)
    time.sleep(4)
    assert time.monotonic() - begun < 60
    assert not (place / "programs" / "geç").exists()


def test_a_target_that_can_not_be_written(place: Path) -> None:
    old = place / "eski.pdf"
    old.write_bytes(b"eski")
    old.chmod(0o444)
    assert "KX006" in failed(place, "-o", old)
    assert "KX006" in failed(place, "-o", place / SOURCE), "never over the workbook itself"
    assert "KX006" in failed(place, "-o", place / SOURCE / "kitap.pdf"), "a file is no folder"
    old.unlink()
    old.mkdir()
    assert "KX006" in failed(place, "-o", old)
    assert (place / SOURCE).stat().st_size > 1000


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 yok", b"%PDF-1.7"])
def test_a_source_that_is_no_workbook(data: bytes, place: Path) -> None:
    (place / SOURCE).write_bytes(data)
    assert ("KX014" if data.startswith(b"%PDF") else "KX001") in failed(place)


def test_a_source_that_is_not_there_or_of_another_kind(place: Path) -> None:
    assert "KX007" in run("export", place / "yok.xlsx", "--to", "pdf").stderr
    (place / "yazilar.txt").write_text("pazartesi")
    assert "KX001" in run("export", place / "yazilar.txt", "--to", "pdf").stderr
