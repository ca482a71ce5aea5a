"""Texts, links, headers and looks of a template come out as they were, or are said (KX005)."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock

from kars_xl.template.nodes import Node
from tests.helpers.kept import BLOCKS, NAMES, Kept
from tests.helpers.package_edits import BOOK, SHEET, Package
from tests.helpers.template_bench import Bench, grow

BOLD, PLAIN = '<b/><sz val="11"/><rFont val="Arial"/>', '<sz val="11"/><rFont val="Arial"/>'


def rich(*runs: tuple[str, str]):
    """A1 as a rich text: what is in rPr, and the text."""
    xml = "".join(f'<r><rPr>{look}</rPr><t xml:space="preserve">{escape(text)}</t></r>' for look, text in runs)
    return lambda package: package.change(SHEET, '<c r="A1".*?</c>', f'<c r="A1" t="inlineStr"><is>{xml}</is></c>')


def letters(kept: Kept) -> list[tuple[str, bool, bool]]:
    """The parts of A1: text, bold, italic."""
    cell = openpyxl.load_workbook(kept.filled.path, rich_text=True)["S"]["A1"]
    runs = cell.value if isinstance(cell.value, CellRichText) else [str(cell.value)]
    parts = [(run.text, run.font) if isinstance(run, TextBlock) else (str(run), cell.font) for run in runs]
    return [(text, bool(font.b), bool(font.i)) for text, font in parts]


def test_a_rich_text_keeps_its_parts(bench: Bench, three: Node) -> None:
    kept = Kept(bench, three, rich((BOLD, "Önemli: "), (PLAIN, "tutarlar "), ("<i/>" + PLAIN, "TL")))
    assert letters(kept) == [("Önemli: ", True, False), ("tutarlar ", False, False), ("TL", False, True)]
    assert kept.lost == []


def test_blanks_beside_a_placeholder_stay_in_a_rich_text(bench: Bench, three: Node) -> None:
    kept = Kept(bench, three, rich((BOLD, "{{ yil }} "), (PLAIN, "performans programı")))
    assert letters(kept) == [("2024 ", True, False), ("performans programı", False, False)]


def test_of_a_rich_text_one_part_is_left_in_its_own_look(bench: Bench, three: Node) -> None:
    kept = Kept(bench, three, rich((BOLD, "Önemli"), ("<i/>" + PLAIN, "{{ bos }}")))
    assert letters(kept) == [("Önemli", True, False)]


def test_a_placeholder_broken_over_two_looks_is_said(bench: Bench, three: Node) -> None:
    kept = Kept(bench, three, rich((BOLD, "{{ yi"), (PLAIN, "l }} yılı")))
    assert letters(kept) == [("2024 yılı", False, False)]
    assert kept.lost == [("A1", "metin içindeki yazı biçimleri (yer tutucu ikiye bölünmüş)")]


def test_a_shadow_in_a_rich_text_is_said(bench: Bench, three: Node) -> None:
    assert Kept(bench, three, rich(("<shadow/>" + PLAIN, "a"), (PLAIN, "b"))).lost == [("A1", "gölgeli yazı")]


@pytest.mark.parametrize(("tint", "grey"), [("0.499984740745262", "FF7F7F7F"), ("0.34998626667073579", "FF595959")])
def test_tones_of_the_text_colour(bench: Bench, three: Node, tint: str, grey: str) -> None:
    font = f'<font><sz val="11"/><color theme="1" tint="{tint}"/><name val="Calibri"/></font>'
    kept = Kept(bench, three, lambda package: package.look("font", font))
    assert kept.filled.formulas["S"]["A1"].font.color.rgb == grey


def test_a_theme_with_a_text_colour_of_its_own(bench: Bench, three: Node) -> None:
    def change(package: Package) -> None:
        package.change("xl/theme/theme1.xml", "<a:dk1>.*?</a:dk1>", '<a:dk1><a:srgbClr val="1F3864"/></a:dk1>')
        package.look("font", '<font><sz val="11"/><color theme="1"/><name val="Calibri"/></font>')

    assert Kept(bench, three, change).filled.formulas["S"]["A1"].font.color.rgb == "FF1F3864"


# Links.


def link(target: str, more: str = ""):
    """A link of A1."""

    def change(package: Package) -> None:
        relation = package.relate("hyperlink", target, external=True) if target else ""
        package.element(f'<hyperlinks><hyperlink ref="A1" {relation} {more}/></hyperlinks>')

    return change


@pytest.mark.parametrize(
    "target",
    [
        "tel:+904740000000", "sms:+905550000000", "ekler/plan.docx", "../ortak/plan.xlsx",
        "\\\\sunucu\\ortak\\plan.docx",
        "https://www.ornek.bel.tr/", "mailto:bilgi@ornek.bel.tr",
    ],
)  # fmt: skip
def test_links_of_any_kind(bench: Bench, three: Node, target: str) -> None:
    kept = Kept(bench, three, link(target))
    assert kept.has(f'Target="{re.escape(target)}"', part="xl/worksheets/_rels/sheet1.xml.rels")
    assert kept.lost == []


def test_a_link_to_a_place_in_a_file(bench: Bench, three: Node) -> None:
    kept = Kept(bench, three, link("plan.xlsx", 'location="Plan!A1"'))
    assert kept.has('location="Plan!A1"')
    assert kept.has('Target="plan.xlsx"', part="xl/worksheets/_rels/sheet1.xml.rels")


def test_a_link_within_the_workbook(bench: Bench, three: Node) -> None:
    assert Kept(bench, three, link("", 'location="S!A5"')).has('location="S!A11"')


@pytest.mark.parametrize("place", ["Yok", "Butce_2024"])
def test_a_link_to_nowhere_is_said(bench: Bench, three: Node, place: str) -> None:
    assert Kept(bench, three, link("", f'location="{place}"')).lost == [("A1", f"köprü “{place}” (gittiği yer yok)")]


# Headers and footers.


def band(xml: str, attributes: str = ""):
    return lambda package: package.element(f"<headerFooter{attributes}>{xml}</headerFooter>")


def test_headers_of_the_first_and_of_even_pages(bench: Bench, three: Node) -> None:
    xml = "<oddHeader>&amp;Ltek</oddHeader>"
    xml += "<evenHeader>&amp;Rçift {{ yil }}</evenHeader><firstFooter>&amp;Cilk</firstFooter>"
    kept = Kept(bench, three, band(xml, ' differentOddEven="1" differentFirst="1"'))
    assert kept.has(
        'differentOddEven="1"', 'differentFirst="1"', "<oddHeader>&amp;Ltek<", "<evenHeader>&amp;Rçift 2024<"
    )
    assert kept.has("<firstFooter>&amp;Cilk<")
    assert kept.lost == []


def test_a_first_page_without_a_header(bench: Bench, three: Node) -> None:
    kept = Kept(bench, three, band("<oddHeader>&amp;Ltek</oddHeader>", ' differentFirst="1"'))
    assert kept.has('differentFirst="1"')
    assert not kept.has("<firstHeader>")


def test_a_picture_in_a_header_is_said(bench: Bench, three: Node) -> None:
    kept = Kept(bench, three, band("<oddHeader>&amp;L&amp;G&amp;C{{ kurum.ad }} &amp;&amp;G</oddHeader>"))
    assert kept.lost == [("", "üst ya da alt bilgideki resim")]
    assert kept.has("<oddHeader>&amp;L&amp;CKARS &amp;&amp; ÇEVRESİ &amp;&amp;G<")


def test_a_header_too_long_for_excel_is_refused(bench: Bench) -> None:
    def dress(book: openpyxl.Workbook) -> None:
        book["S"].oddHeader.left.text = "{{ kurum.ad }} " * 18

    [problem] = bench.problems(grow({}), {"S": {"A1": 1}}, dress=dress)
    assert (problem.code, problem.sheet, problem.cell) == ("KX508", "S", "")


# Names, properties, comments.


def names(bench: Bench, root: Node, **meanings: str) -> tuple[dict[str, str], list[str]]:
    """The names in the output, and those that are said to be lost."""
    filled = bench.fill(root, BLOCKS, NAMES | meanings)
    found = re.findall('<definedName name="(.*?)">(.*?)<', Package(filled.path).text(BOOK))
    lost = [problem.values["what"] for problem in filled.layout.lost]
    return dict(found), lost


def test_names_that_mean_another_thing_in_each_copy_are_said(bench: Bench, three: Node) -> None:
    kept, lost = names(bench, three, Fark="S!$B$4-S!$B$5", Oran="0.18", Toplam="SUM(S!$B$3:$B$3)")
    assert kept == {"Oran": "0.18", "Toplam": "SUM(S!$B$3:$B$4,S!$B$7)"}
    assert lost == ["“Fark” adı (her kopyada başka bir şey)"]


def test_dead_and_hidden_names_are_said(bench: Bench, three: Node) -> None:
    added = '<definedName name="Olu">#REF!</definedName><definedName name="Gizli" hidden="1">S!$A$1</definedName>'
    kept = Kept(bench, three, lambda package: package.change(BOOK, "<definedNames>", f"<definedNames>{added}"))
    assert kept.lost == [("", "“Olu” adı (gösterdiği hücreler silinmiş)"), ("", "gizli ad “Gizli”")]


def test_a_name_with_more_areas_than_excel_takes_is_said(bench: Bench) -> None:
    many = grow({str(number): {f"F.{number}": 1.0} for number in range(1100)})
    kept, lost = names(bench, many, Kalemler="S!$B$4")
    assert (kept, lost) == ({}, ["“Kalemler” adı (çok sayıda hücreye bölünüyor)"])


def test_who_the_document_is_of(bench: Bench, three: Node) -> None:
    def change(package: Package) -> None:
        package.change("docProps/app.xml", "</Properties>", "<Company>{{ kurum.ad }}</Company></Properties>")

    assert Kept(bench, three, change).has("<Company>KARS &amp; ÇEVRESİ<", part="docProps/app.xml")


def test_boxes_of_comments(bench: Bench, three: Node) -> None:
    def change(package: Package) -> None:
        package.comment("<t>{{ yil }} notu</t>")
        # As Excel writes it: no XML that every parser takes.
        package.put(
            "xl/drawings/vml9.vml",
            '<xml><v:shape id="1" style="position:absolute;width:200pt;height:90pt" fillcolor="#ccffcc [42]"><br>'
            '<x:ClientData ObjectType="Note"><x:Row>0</x:Row><x:Column>0</x:Column><x:Visible/></x:ClientData>'
            '</v:shape><v:shape id="2"><x:ClientData ObjectType="Button"></x:ClientData></v:shape></xml>',
            "application/vnd.openxmlformats-officedocument.vmlDrawing",
        )
        package.element(f"<legacyDrawing {package.relate('vmlDrawing', '../drawings/vml9.vml')}/>")

    kept = Kept(bench, three, change)
    assert kept.has(
        "width:200.25pt;height:90pt;", 'fillcolor="#ccffcc"', "<x:Visible/>", part="xl/drawings/vmlDrawing1.vml"
    )
    assert kept.has("2024 notu", part="xl/comments1.xml")
    assert kept.lost == [("", "form denetimi (onay kutusu, açılan kutu, düğme)")]


def test_title_rows_are_no_more_than_the_template_s(bench: Bench, three: Node) -> None:
    def dress(book: openpyxl.Workbook) -> None:
        book["S"].print_title_rows = "1:2"

    assert bench.fill(three, BLOCKS, NAMES, dress).formulas["S"].print_title_rows == "$1:$2"


def test_strict_open_xml_is_read(bench: Bench, three: Node) -> None:
    def change(package: Package) -> None:
        for name, data in package.parts.items():
            for word in (b"officeDocument", b"spreadsheetml", b"drawingml"):
                data = data.replace(b"schemas.openxmlformats.org/%s/2006" % word, b"purl.oclc.org/ooxml/%s" % word)
            package.parts[name] = data

    kept = Kept(bench, three, change)
    assert (kept.lost, kept.filled.value("S!B11")) == ([], 70)
