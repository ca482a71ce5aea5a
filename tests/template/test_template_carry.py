"""What goes along with the rows: merges, formats, rules, links, print set-up, protection, pictures, comments."""

from __future__ import annotations

import struct
import zipfile
import zlib
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule, ColorScaleRule, DataBarRule, FormulaRule, IconSetRule, Rule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.pagebreak import Break

from kars_xl.template.nodes import Node
from tests.helpers.template_bench import Bench, grow

BLOCKS = {
    "S": {
        "A1": "Başlık", "A2": "{{ hedef.ad }}", "A3": "{{ faaliyet.kod }}", "B3": "{{ faaliyet.gider }}",
        "A4": "Ara toplam", "B4": "=SUM(B3:B3)", "A5": "Genel toplam", "B5": "=SUM(B4:B4)",
    }
}  # fmt: skip
NAMES = {"her_hedef": "S!$2:$4", "her_faaliyet": "S!$3:$3"}
# Rows of the output: 1 title; 2 target 1, 3–4 activities, 5 total; 6 target 2, 7, 8; 9 target 3, 10; 11 grand total.


def test_merges_move_repeat_and_grow(bench: Bench, three: Node) -> None:
    def dress(book: Any) -> None:
        for merge in ("A1:C1", "A2:B2", "D2:D4", "E1:E5", "F3:G3", "F5:F7"):
            book["S"].merge_cells(merge)

    filled = bench.fill(three, BLOCKS, NAMES, dress)
    assert sorted(str(m) for m in filled.formulas["S"].merged_cells.ranges) == sorted(
        ["A1:C1", "A2:B2", "A6:B6", "A9:B9", "D2:D5", "D6:D8", "D9:D10", "E1:E11", "F3:G3", "F4:G4", "F7:G7", "F11:F13"]
    )


def test_merged_cells_keep_their_own_borders(bench: Bench) -> None:
    def dress(book: Any) -> None:
        side = Side("thin")
        for address in ("A1", "B1", "C1"):
            book["S"][address].border = Border(left=side, right=side, top=side, bottom=side)
        book["S"].merge_cells("A1:C1")

    filled = bench.fill(grow({}), {"S": {"A1": "{{ yil }}"}}, dress=dress)
    assert filled.value("S!A1") == 2024
    assert filled.formulas["S"]["C1"].border.right.style == "thin"


def test_rows_columns_and_their_settings(bench: Bench, three: Node) -> None:
    def dress(book: Any) -> None:
        sheet = book["S"]
        sheet.row_dimensions[3].height = 33
        sheet.row_dimensions[4].hidden = True
        sheet.row_dimensions[3].outlineLevel = 1
        sheet.column_dimensions["A"].width = 40.7109375
        sheet.column_dimensions["C"].hidden = True
        sheet.freeze_panes = "B3"
        sheet.sheet_view.zoomScale = 80
        sheet.sheet_view.showGridLines = False
        sheet.sheet_properties.tabColor = "FF8800"
        sheet.auto_filter.ref = "A1:B4"
        book.create_sheet("Gizli").sheet_state = "hidden"

    filled = bench.fill(three, BLOCKS, NAMES, dress)
    sheet = filled.formulas["S"]
    assert [row for row in range(1, 12) if sheet.row_dimensions[row].height == 33] == [3, 4, 7]
    assert [row for row in range(1, 12) if sheet.row_dimensions[row].hidden] == [5, 8, 10]
    assert [row for row in range(1, 12) if sheet.row_dimensions[row].outlineLevel] == [3, 4, 7]
    assert sheet.column_dimensions["A"].width == pytest.approx(40.7109375, abs=0.001)
    assert sheet.column_dimensions["C"].hidden
    assert sheet.freeze_panes == "B3"
    assert sheet.sheet_view.zoomScale == 80
    assert sheet.sheet_view.showGridLines is False
    assert sheet.sheet_properties.tabColor.rgb == "FFFF8800"
    assert sheet.auto_filter.ref == "A1:B10"
    assert filled.formulas["Gizli"].sheet_state == "hidden"


def test_styles_are_carried(bench: Bench) -> None:
    def dress(book: Any) -> None:
        cell = book["S"]["A1"]
        cell.font = Font(name="Times New Roman", size=13, bold=True, italic=True, underline="double", color="00112233")
        cell.fill = PatternFill("solid", fgColor="FFAABBCC")
        cell.border = Border(left=Side("medium", color="FF0000FF"), bottom=Side("double"))
        cell.alignment = Alignment("right", "top", text_rotation=45, wrap_text=True, indent=2)
        cell.number_format = '#,##0.00 "TL"'
        cell.protection = Protection(locked=False, hidden=True)
        book["S"]["B1"].number_format = "mm-dd-yy"
        book["S"]["C1"].fill = PatternFill("lightUp", fgColor="FF00FF00", bgColor="FFFFFFFF")
        book["S"]["D1"].font = Font(color="FF0000", strike=True, vertAlign="superscript")
        book["S"]["E1"].alignment = Alignment("center", "center", shrink_to_fit=True)

    filled = bench.fill(grow({}), {"S": {"A1": 5, "B1": 45000, "C1": "x", "D1": "x", "E1": "x"}}, dress=dress)
    cell = filled.formulas["S"]["A1"]
    assert (cell.font.name, cell.font.sz, cell.font.b, cell.font.i, cell.font.u) == (
        "Times New Roman",
        13,
        True,
        True,
        "double",
    )
    assert (cell.font.color.rgb, cell.fill.fgColor.rgb, cell.fill.fill_type) == ("FF112233", "FFAABBCC", "solid")
    assert (cell.border.left.style, cell.border.left.color.rgb, cell.border.bottom.style) == (
        "medium",
        "FF0000FF",
        "double",
    )
    alignment = cell.alignment
    assert (alignment.horizontal, alignment.vertical, alignment.textRotation) == ("right", "top", 45)
    assert (alignment.wrap_text, alignment.indent) == (True, 2)
    assert cell.number_format == '#,##0.00 "TL"'
    assert (cell.protection.locked, cell.protection.hidden) == (False, True)
    assert filled.formulas["S"]["B1"].number_format == "mm-dd-yy"
    assert filled.formulas["S"]["C1"].fill.fill_type == "lightUp"
    assert filled.formulas["S"]["D1"].font.vertAlign == "superscript"
    assert filled.formulas["S"]["E1"].alignment.shrink_to_fit


def test_page_set_up(bench: Bench, three: Node) -> None:
    def dress(book: Any) -> None:
        sheet = book["S"]
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.paperSize = 9
        sheet.page_setup.fitToHeight = 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.page_margins.left = 0.4
        sheet.page_margins.header = 0.2
        sheet.print_options.horizontalCentered = True
        sheet.print_title_rows = "1:1"
        sheet.print_title_cols = "A:B"
        sheet.print_area = "A1:B5"
        sheet.oddHeader.center.text = "{{ kurum.ad }}"
        sheet.oddHeader.center.size = 9
        sheet.oddFooter.right.text = "Sayfa &P / &N"
        for row in (1, 4, 5):
            sheet.row_breaks.append(Break(row))

    filled = bench.fill(three, BLOCKS, NAMES, dress)
    sheet = filled.formulas["S"]
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.page_setup.fitToHeight) == (
        "landscape",
        9,
        0,
    )
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_margins.left, sheet.page_margins.header) == (0.4, 0.2)
    assert sheet.print_options.horizontalCentered
    assert (sheet.print_title_rows, sheet.print_title_cols) == ("$1:$1", "$A:$B")
    assert sheet.print_area == "'S'!$A$1:$B$11"
    # A break at the end of a block ends a page after each block; one after the last row is of no use.
    assert [b.id for b in sheet.row_breaks.brk] == [1, 5, 8, 10]
    assert [head.text for head in filled.layout.sheets and [sheet.oddFooter.right]] == ["Sayfa &P / &N"]
    with zipfile.ZipFile(filled.path) as package:
        xml = package.read("xl/worksheets/sheet1.xml").decode()
    assert "KARS &amp;&amp; ÇEVRESİ</oddHeader>" in xml


def test_print_titles_of_a_block_are_its_first(bench: Bench, three: Node) -> None:
    def dress(book: Any) -> None:
        book["S"].print_title_rows = "2:2"

    assert bench.fill(three, BLOCKS, NAMES, dress).formulas["S"].print_title_rows == "$2:$2"
    assert bench.fill(grow({}), BLOCKS, NAMES, dress).formulas["S"].print_title_rows is None


def test_protection_without_password(bench: Bench) -> None:
    def dress(book: Any) -> None:
        protection = book["S"].protection
        protection.sheet = True
        protection.autoFilter = protection.sort = protection.formatRows = False
        protection.selectLockedCells = True
        protection.objects = True
        protection.password = "gizli"

    protection = bench.fill(grow({}), {"S": {"A1": 1}}, dress=dress).formulas["S"].protection
    assert protection.sheet
    assert not protection.password
    assert (protection.autoFilter, protection.sort, protection.formatRows) == (False, False, False)
    assert (protection.selectLockedCells, protection.selectUnlockedCells, protection.objects) == (True, False, True)
    assert (protection.formatCells, protection.insertRows) == (True, True)


def test_conditional_formats_are_expanded_once(bench: Bench, three: Node) -> None:
    red = PatternFill("solid", bgColor="FFFF0000")

    def dress(book: Any) -> None:
        rules = book["S"].conditional_formatting
        rules.add("A3:B3", FormulaRule(formula=["$B3>15"], fill=red, font=Font(bold=True), stopIfTrue=True))
        rules.add("B3:B4", CellIsRule(operator="between", formula=["$B$5", "B3"], font=Font(color="FF00FF00")))
        rules.add("C3", FormulaRule(formula=["C3>C4"], fill=red))
        rules.add("D2:D4", ColorScaleRule("min", None, "FFFFFFFF", "max", None, "FF00FF00"))

    filled = bench.fill(three, BLOCKS, NAMES, dress)
    found = {str(group.sqref): group.rules for group in filled.formulas["S"].conditional_formatting}
    assert sorted(found) == ["A3:B4 A7:B7", "B3:B5 B7:B8 B10", "C3", "C4 C7", "D2:D10"]
    [rule] = found["A3:B4 A7:B7"]
    assert (rule.type, rule.formula, rule.stopIfTrue, rule.priority) == ("expression", ["$B3>15"], True, 1)
    assert rule.dxf.fill.bgColor.rgb == "FFFF0000"
    assert rule.dxf.font.b
    [rule] = found["B3:B5 B7:B8 B10"]
    assert (rule.operator, rule.formula) == ("between", ["$B$11", "B3"])
    # The first activity's total is two rows below it: not the same formula as in the others.
    assert found["C3"][0].formula == ["C3>C5"]
    assert found["C4 C7"][0].formula == ["C4>C5"]


def test_every_kind_of_conditional_format(bench: Bench) -> None:
    fill = DifferentialStyle(fill=PatternFill("solid", bgColor="FFFF0000"))

    def dress(book: Any) -> None:
        rules = book["S"].conditional_formatting
        for rule in (
            DataBarRule("min", None, "max", None, color="FF638EC6", showValue=False),
            IconSetRule("3Arrows", "percent", [0, 33, 67], reverse=True),
            ColorScaleRule("num", 1, "FFFFFFFF", "percentile", 50, "FF888888", "max", None, "FF000000"),
            Rule("top10", rank=3, percent=True, dxf=fill),
            Rule("aboveAverage", aboveAverage=False, equalAverage=True, dxf=fill),
            Rule("duplicateValues", dxf=fill),
            Rule("containsText", operator="containsText", text="x", formula=['NOT(ISERROR(SEARCH("x",A1)))'], dxf=fill),
            Rule("containsBlanks", formula=["LEN(TRIM(A1))=0"], dxf=fill),
        ):
            rules.add("A1:A9", rule)

    filled = bench.fill(grow({}), {"S": {"A1": 1}}, dress=dress)
    [group] = filled.formulas["S"].conditional_formatting
    assert [rule.type for rule in group.rules] == [
        "dataBar", "iconSet", "colorScale", "top10", "aboveAverage", "duplicateValues", "expression", "expression",
    ]  # fmt: skip


def test_validations_are_expanded_once(bench: Bench, three: Node) -> None:
    def dress(book: Any) -> None:
        def add(cells: str, *arguments: object, **options: object) -> None:
            validation = DataValidation(*arguments, **options)
            for address in cells.split():
                validation.add(address)
            book["S"].add_data_validation(validation)

        add("B3", "decimal", operator="greaterThanOrEqual", formula1="0", showErrorMessage=True, error="Sayı yazın",
            errorTitle="Hata", errorStyle="warning", promptTitle="Tutar", prompt="TL")  # fmt: skip
        add("C3 E3", "list", formula1='"Evet,Hayır"')
        add("D3", "list", formula1="$A$5:$A$5")
        add("F3", "custom", formula1="F3<B4")
        add("G3", "whole", operator="between", formula1="1", formula2="B3")
        add("H2", None, prompt="{{ hedef.ad }} için")

    filled = bench.fill(three, BLOCKS, NAMES, dress)
    found = {" ".join(sorted(str(v.sqref).split())): v for v in filled.formulas["S"].data_validations.dataValidation}
    assert sorted(found) == ["B3:B4 B7", "C3:C4 C7 E3:E4 E7", "D3:D4 D7", "F3", "F4 F7", "G3:G4 G7", "H2", "H6", "H9"]
    first = found["B3:B4 B7"]
    assert (first.type, first.operator, first.formula1, first.error) == (
        "decimal",
        "greaterThanOrEqual",
        "0",
        "Sayı yazın",
    )
    assert (first.errorStyle, first.errorTitle, first.promptTitle, first.prompt) == ("warning", "Hata", "Tutar", "TL")
    assert found["C3:C4 C7 E3:E4 E7"].formula1 == '"Evet,Hayır"'
    assert found["D3:D4 D7"].formula1 == "$A$11:$A$11"
    assert (found["F3"].formula1, found["F4 F7"].formula1) == ("F3<B5", "F4<B5")
    assert (found["G3:G4 G7"].formula1, found["G3:G4 G7"].formula2) == ("1", "B3")
    assert found["H6"].prompt == "Hedef 2 için"


def test_links_follow_their_cells(bench: Bench, three: Node) -> None:
    def dress(book: Any) -> None:
        index = book["Dizin"]
        index["A1"].hyperlink = Hyperlink("A1", location="'PH {{ hedef.kod }}'!A2", tooltip="Git: {{ hedef.kod }}")
        index["B1"].hyperlink = "mailto:{{ hedef.kod }}@kars.bel.tr"
        index["C2"].hyperlink = Hyperlink("C2", location="Dizin!A1")
        book["PH {{ hedef.kod }}"]["A2"].hyperlink = Hyperlink("A2", location="Dizin!A1")

    filled = bench.fill(
        three,
        {
            "PH {{ hedef.kod }}": {"A1": "{{ faaliyet.kod }}", "A2": "Dizine dön"},
            "Dizin": {"A1": "{{ hedef.ad }}", "B1": "{{ hedef.kod }}", "C1": 5, "C2": "=A1", "A2": "x"},
        }
        | {"Dizin": {"A1": "{{ hedef.ad }}", "B1": "=1+1", "C2": "son"}},
        {"her_hedef": "Dizin!$1:$1", "her_faaliyet": "'PH {{ hedef.kod }}'!$1:$1"},
        dress,
    )
    index = filled.formulas["Dizin"]
    assert [index[f"A{row}"].hyperlink.location for row in (1, 2, 3)] == ["'PH 1'!A3", "'PH 2'!A2", "'PH 3'!A1"]
    assert index["A2"].hyperlink.tooltip == "Git: 2"
    assert index["A2"].value == "Hedef 2"
    assert (index["B2"].value, index["B2"].hyperlink.target) == ("=1+1", "mailto:2@kars.bel.tr")
    assert filled.value("Dizin!B2") == 2
    assert index["C4"].hyperlink.location == "Dizin!A1"
    assert filled.formulas["PH 2"]["A2"].hyperlink.location == "Dizin!A2"


def test_names_follow_their_cells(bench: Bench, three: Node) -> None:
    def dress(book: Any) -> None:
        book["S"].defined_names["Yerel"] = DefinedName("Yerel", attr_text="S!$A$1:$B$5")

    filled = bench.fill(three, BLOCKS, NAMES | {"Toplamlar": "S!$B$4", "Genel": "S!$B$5"}, dress)
    names = {name: defined.attr_text for name, defined in filled.formulas.defined_names.items()}
    assert names == {"Toplamlar": "S!$B$5,S!$B$8,S!$B$10", "Genel": "S!$B$11"}
    assert filled.formulas["S"].defined_names["Yerel"].attr_text == "S!$A$1:$B$11"
    empty = bench.fill(grow({}), BLOCKS, NAMES | {"Toplamlar": "S!$B$4"})
    assert "Toplamlar" not in empty.formulas.defined_names


def test_comments_are_carried(bench: Bench, three: Node) -> None:
    def dress(book: Any) -> None:
        comment = Comment("{{ faaliyet.ad }} için not", "Mali Hizmetler")
        comment.width, comment.height = 300, 90
        book["S"]["B3"].comment = comment

    filled = bench.fill(three, BLOCKS, NAMES, dress)
    comments = {cell.coordinate: cell.comment for row in filled.formulas["S"] for cell in row if cell.comment}
    assert sorted(comments) == ["B3", "B4", "B7"]
    assert comments["B7"].text.endswith("Faaliyet F.2.1 için not")
    assert comments["B7"].author == "Mali Hizmetler"


def png(width: int, height: int) -> bytes:
    """A red picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\x00" + b"\xff\x00\x00" * width for _ in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


@pytest.mark.parametrize("positioning", [1, 2])
def test_pictures_are_carried_in_their_size(bench: Bench, three: Node, tmp_path: Path, positioning: int) -> None:
    path = tmp_path / "picture.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("S")
        sheet.write("A1", "{{ faaliyet.kod }}")
        sheet.write("A3", "{{ faaliyet.ad }}")
        sheet.write("A4", "Son")
        book.define_name("her_faaliyet", "=S!$1:$1")
        options = {
            "image_data": BytesIO(png(50, 30)), "x_offset": 5, "y_offset": 4, "x_scale": 2, "y_scale": 1.5,
            "object_position": positioning, "description": "Belediye arması",
        }  # fmt: skip
        sheet.insert_image("B3", "arma.png", options)
    three.fields = {**three.fields, "faaliyet": {"ad": "yok"}}
    filled = bench.fill_file(three, path)
    [image] = filled.layout.sheets[0].images
    at = image.anchor
    assert (at.row, at.col, at.x, at.y) == (5, 2, 5, 4)
    assert (at.width, at.height) == (pytest.approx(100, abs=1), pytest.approx(45, abs=1))
    with zipfile.ZipFile(filled.path) as package:
        assert package.read("xl/media/image1.png") == png(50, 30)
        assert "Belediye arması" in package.read("xl/drawings/drawing1.xml").decode()


def test_rich_text_keeps_its_fonts(bench: Bench, tmp_path: Path) -> None:
    path = tmp_path / "rich.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("S")
        bold = book.add_format({"bold": True, "font_color": "#FF0000"})
        sheet.write_rich_string("A1", "Yıl: ", bold, "{{ yil }}", " mali yılı")
    filled = bench.fill_file(grow({}), path)
    assert filled.value("S!A1") == "Yıl: 2024 mali yılı"
    with zipfile.ZipFile(filled.path) as package:
        strings = package.read("xl/sharedStrings.xml").decode()
    assert "<b/>" in strings
    assert "<t>2024</t>" in strings


def test_document_properties(bench: Bench) -> None:
    def dress(book: Any) -> None:
        book.properties.title = "{{ yil }} Performans Programı"
        book.properties.creator = "Mali Hizmetler Müdürlüğü"
        book.properties.keywords = "bütçe"

    properties = bench.fill(grow({}), {"S": {"A1": 1}}, dress=dress).formulas.properties
    assert (properties.title, properties.creator, properties.keywords) == (
        "2024 Performans Programı", "Mali Hizmetler Müdürlüğü", "bütçe",
    )  # fmt: skip
    assert properties.created.year == 2024


def test_the_normal_font_and_default_sizes_are_the_template_s(bench: Bench) -> None:
    def dress(book: Any) -> None:
        book._fonts[0] = Font(name="Arial", sz=10)
        book["S"].sheet_format.defaultRowHeight = 18
        book["S"].sheet_format.defaultColWidth = 20

    filled = bench.fill(grow({}), {"S": {"A1": 1, "B2": 2}}, dress=dress)
    assert filled.formulas._fonts[0].name == "Arial"
    assert filled.formulas["S"].sheet_format.defaultRowHeight == 18
    assert filled.formulas["S"].column_dimensions["A"].width == pytest.approx(20)


def test_an_ampersand_before_a_g_is_no_picture(bench: Bench) -> None:
    """XlsxWriter counts the "&G" in an escaped "A&&G" as the place of a picture."""

    def dress(book: Any) -> None:
        book["S"].oddHeader.left.text = book["S"].oddFooter.right.text = "{{ kurum.ad }}"

    filled = bench.fill(grow({}, kurum={"ad": "A&G KÖYÜ"}), {"S": {"A1": 1}}, None, dress)
    with zipfile.ZipFile(filled.path) as package:
        xml = package.read("xl/worksheets/sheet1.xml").decode()
    assert "A&amp;&amp;G KÖYÜ</oddHeader>" in xml
    assert "A&amp;&amp;G KÖYÜ</oddFooter>" in xml


def test_days_counted_from_1904_stay_the_same_and_shared_formulas_are_moved(bench: Bench, three: Node) -> None:
    """Macs counted so; and Excel writes a formula that was filled down in its first cell only."""
    path = bench.template({"S": {"A1": 1, "A2": 2, "B1": "=$A1+A1+1", "B2": 0, "C1": date(2024, 5, 6)}}, dress=_old_mac)
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    for old, new in (
        ("<f>$A1+A1+1</f>", '<f t="shared" ref="B1:B2" si="0">$A1+A1+1</f>'),
        ('<c r="B2" t="n"><v>0</v></c>', '<c r="B2"><f t="shared" si="0"/><v>0</v></c>'),
    ):
        assert old in sheet, sheet
        sheet = sheet.replace(old, new)
    parts["xl/worksheets/sheet1.xml"] = sheet.encode()
    with zipfile.ZipFile(path, "w") as package:
        for name, data in parts.items():
            package.writestr(name, data)
    filled = bench.fill_file(three, path)
    assert filled.value("S!C1") == datetime(2024, 5, 6)
    assert (filled.formula("S!B2"), filled.value("S!B2")) == ("=$A2+A2+1", 5)


def _old_mac(book: Any) -> None:
    book.epoch = CALENDAR_MAC_1904
