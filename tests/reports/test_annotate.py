"""Findings handed back in a copy of the clerk's own workbook: what is marked, what stays, what is never touched."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from openpyxl.cell.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.utils import range_boundaries

from kars_xl.base.place import Place
from kars_xl.findings.finding import Finding, finding
from kars_xl.model.cost_rows import CostRow, CostTotal
from kars_xl.reading.files import read_files
from kars_xl.reading.grid import Grid, open_grid
from kars_xl.reading.recognise import recognise
from kars_xl.reading.tables import CostTable, TargetTable
from kars_xl.reports.annotate import Annotated, annotate, annotated_copy
from tests.helpers.cli_runs import run
from tests.helpers.form_files import FEN_FILE, FINANCE_FILE, ITFAIYE_FILE, real_forms
from tests.helpers.hostile_files import package as package_of
from tests.helpers.oracles import convert, stored_results
from tests.helpers.workbook_edits import type_over

HEADER = ("No", "Önem", "Kod", "Sayfa", "Hücre", "Ne yanlış", "Nasıl düzeltilir")
ALWAYS = '"kars-xl"<>""'
_PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360f8cf50"
    "0f0003860180f5a5b9c30000000049454e44ae426082"
)


def check(*arguments: object) -> dict[str, Any]:
    result = run("check", *arguments, "--format", "json")
    assert result.exit_code in (0, 1), result.output
    return dict(json.loads(result.stdout))


def cost_table(path: Path, number: int = 0) -> CostTable:
    return recognise(open_grid(str(path))).costs[number]


def target_table(path: Path) -> TargetTable:
    return recognise(open_grid(str(path))).targets[0]


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def marked(book: openpyxl.Workbook, sheet: str, cell: str) -> list[Any]:
    """Our rules on a cell."""
    return [
        rule
        for area in book[sheet].conditional_formatting
        if cell in area
        for rule in area.rules
        if rule.formula == [ALWAYS]
    ]


def listed(book: openpyxl.Workbook) -> list[tuple[Any, ...]]:
    """The rows of the list, without the heading rows."""
    rows = [tuple(cell.value for cell in row) for row in book.worksheets[0].iter_rows(max_col=7)]
    return rows[rows.index(HEADER) + 1 :] if HEADER in rows else []


def at(file: Path | str, sheet: str, cell: str, code: str = "KX105", **facts: str) -> Finding:
    """A finding on a cell, whatever stands there."""
    column, row, _, _ = range_boundaries(cell)
    return finding(code, Place(str(file), sheet, row, column), **({"found": "-1"} | facts))


def grids_of(*files: Path) -> Mapping[str, Grid]:
    return read_files([str(file) for file in files], keep=True).grids


def annotate_one(file: Path, folder: Path, *findings: Finding) -> Annotated:
    return annotate([str(file)], [str(file)], grids_of(file), findings, str(folder))


def make(path: Path, **parts: Any) -> Path:
    """A small workbook of XlsxWriter's: `parts` are its sheets, name=function that fills it."""
    with xlsxwriter.Workbook(str(path)) as book:
        for name, fill in parts.items():
            sheet = book.add_worksheet(name)
            sheet.write("A1", "Tutar")
            sheet.write("B2", -1)
            fill(book, sheet)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return real_forms(tmp_path, FEN_FILE, ITFAIYE_FILE, FINANCE_FILE)


@pytest.fixture
def spoiled(folder: Path) -> Path:
    """Forms with an unreadable amount, a negative one, a stale total, an amount as text and a missing value."""
    first, second = cost_table(folder / FEN_FILE), cost_table(folder / FEN_FILE, 1)
    type_over(
        folder / FEN_FILE,
        (first.amounts[CostRow(3)].place, "60.000,0O"),
        (first.amounts[CostRow(1)].place, -5),
        (second.totals[CostTotal.NEED].place, 17),
    )
    other = cost_table(folder / ITFAIYE_FILE)
    gap = target_table(folder / ITFAIYE_FILE).indicators[0].places[2]
    type_over(folder / ITFAIYE_FILE, (other.amounts[CostRow(3)].place, "1.500,00 TL"), (gap, None))
    return folder


# What is marked


def test_each_finding_is_a_note_and_a_frame_on_its_cell_and_a_line_of_the_list(spoiled: Path, tmp_path: Path) -> None:
    found = check(spoiled, "--annotate", tmp_path / "isaretli")
    codes = {item["code"] for item in found["findings"] if Path(item["file"]).name == FEN_FILE}
    assert {"KX103", "KX105", "KX108"} <= codes
    for name in (FEN_FILE, ITFAIYE_FILE, FINANCE_FILE):
        book = openpyxl.load_workbook(tmp_path / "isaretli" / name)
        assert book.worksheets[0].title == "Bulgular"
        own = [item for item in found["findings"] if Path(item["file"]).name == name]
        rows = listed(book)
        assert len(rows) == len(own)
        assert [row[0] for row in rows] == list(range(1, len(own) + 1))
        for item in own:
            severity = {"error": "HATA", "warning": "UYARI", "advice": "ÖNERİ"}[item["severity"]]
            assert any(
                row[1:3] == (severity, item["code"]) and item["message"] in row[5] and row[6] == item["fix"]
                for row in rows
            ), item
            if not item["cell"]:
                continue
            cell = book[item["sheet"]][item["cell"]]
            assert f"{severity} {item['code']}" in cell.comment.text
            assert item["message"] in cell.comment.text
            assert item["fix"] in cell.comment.text
            (rule,) = marked(book, item["sheet"], item["cell"])
            assert rule.dxf.border.left.style
            assert rule.dxf.fill.bgColor.rgb.endswith(("FFC7CE", "F8B878", "DDEBF7"))


def test_links_lead_to_the_cells(spoiled: Path, tmp_path: Path) -> None:
    check(spoiled, "--annotate", tmp_path / "isaretli")
    book = openpyxl.load_workbook(tmp_path / "isaretli" / FEN_FILE)
    sheet = book["Bulgular"]
    linked = 0
    for row, values in enumerate(listed(book), start=6):
        link = sheet.cell(row, 5).hyperlink
        if values[4]:
            title, _, cell = link.location.rpartition("!")
            assert (title.strip("'"), cell) == (values[3], values[4])
            assert book[title.strip("'")][cell].comment is not None
            linked += 1
        else:
            assert link is None
    assert linked >= 3


def test_worst_comes_first_and_one_cell_has_one_note(folder: Path, tmp_path: Path) -> None:
    form = folder / FEN_FILE
    annotate_one(form, tmp_path / "x", at(form, "PH 7.3", "C35", "KX106", read="1"), at(form, "PH 7.3", "C35"))
    book = openpyxl.load_workbook(tmp_path / "x" / FEN_FILE)
    assert [row[1:3] for row in listed(book)] == [("HATA", "KX105"), ("UYARI", "KX106")]
    text = book["PH 7.3"]["C35"].comment.text
    assert "2 bulgu" in text
    assert text.index("1. HATA KX105") < text.index("2. UYARI KX106")
    (rule,) = marked(book, "PH 7.3", "C35")
    assert rule.dxf.border.left.style == "thin"


def test_a_finding_about_a_file_or_sheet_is_listed_without_a_link(folder: Path, tmp_path: Path) -> None:
    form = folder / FEN_FILE
    unknown = finding("KX105", Place(str(form), "Olmayan sayfa", 3, 2), found="-1")
    annotate_one(form, tmp_path / "x", finding("KX004", Place(str(form))), unknown)
    book = openpyxl.load_workbook(tmp_path / "x" / FEN_FILE)
    assert [row[3:5] for row in listed(book)] == [("Olmayan sayfa", "B3"), ("dosyanın tümü", None)]
    assert all(cell.hyperlink is None for row in book["Bulgular"].iter_rows() for cell in row)


def test_whoever_gave_the_other_value_is_told_too(folder: Path, tmp_path: Path) -> None:
    one, other = folder / FEN_FILE, folder / ITFAIYE_FILE
    clash = finding(
        "KX205", Place(str(one), "PH 7.3", 12, 3), key="PG.1", year="2024", found="1", other="2",
        unit="Fen", other_unit="İtfaiye",
        related=[Place(str(other), "PH 5.3", 13, 4)],
    )  # fmt: skip
    annotate([str(folder)], [str(one), str(other)], grids_of(one, other), [clash], str(tmp_path / "x"))
    assert openpyxl.load_workbook(tmp_path / "x" / FEN_FILE)["PH 7.3"]["C12"].comment
    book = openpyxl.load_workbook(tmp_path / "x" / ITFAIYE_FILE)
    assert book["PH 5.3"]["D13"].comment
    ((_, _, _, sheet, cell, message, _),) = listed(book)
    assert (sheet, cell) == ("PH 5.3", "D13")
    assert f"{FEN_FILE} ▸ PH 7.3 ▸ C12" in message


def test_a_clean_form_says_so(folder: Path, tmp_path: Path) -> None:
    annotate_one(folder / FEN_FILE, tmp_path / "x")
    book = openpyxl.load_workbook(tmp_path / "x" / FEN_FILE)
    texts = [cell.value for row in book["Bulgular"].iter_rows() for cell in row if cell.value]
    assert texts == [f"Bulgular – {FEN_FILE}", "Sorun bulunmadı.", "Bu dosyada düzeltilecek bir şey yok."]


def test_a_merged_cell_carries_its_note_on_the_top_left(tmp_path: Path) -> None:
    form = make(tmp_path / "form.xlsx", Form=lambda _, sheet: sheet.merge_range("B4:D6", "birleşik"))
    annotate_one(form, tmp_path / "x", at(form, "Form", "C5"))
    book = openpyxl.load_workbook(tmp_path / "x" / "form.xlsx")
    assert book["Form"]["B4"].comment is not None
    assert isinstance(book["Form"]["C5"], MergedCell)
    assert marked(book, "Form", "D6")
    assert book["Bulgular"]["E6"].hyperlink.location.endswith("!B4")
    assert book["Bulgular"]["E6"].value == "C5"


def test_hidden_places_with_a_finding_are_shown_and_others_stay_hidden(tmp_path: Path) -> None:
    def hide(_: Any, sheet: Any) -> None:
        sheet.set_column("B:D", None, None, {"hidden": True})
        sheet.set_column("F:F", None, None, {"hidden": True})
        sheet.set_row(1, None, None, {"hidden": True})
        sheet.set_row(7, None, None, {"hidden": True})

    form = make(
        tmp_path / "form.xlsx",
        Form=hide,
        Gizli=lambda _, sheet: sheet.hide(),
        Saklı=lambda _, sheet: sheet.very_hidden(),
    )
    annotate_one(form, tmp_path / "x", at(form, "Form", "C2"), at(form, "Gizli", "B2"))
    book = openpyxl.load_workbook(tmp_path / "x" / "form.xlsx")
    sheet = book["Form"]
    assert not sheet.row_dimensions[2].hidden
    assert sheet.row_dimensions[8].hidden
    assert not sheet.column_dimensions["B"].hidden
    assert sheet.column_dimensions["F"].hidden
    assert (book["Gizli"].sheet_state, book["Saklı"].sheet_state) == ("visible", "veryHidden")


# What stays


def values(path: Path) -> Iterator[tuple[tuple[str, str], tuple[object, ...]]]:
    for sheet in open_grid(str(path)).sheets:
        for cell in sheet.cells.values():
            yield (sheet.name, cell.place.cell), (cell.value, cell.formula, cell.number_format)


def test_values_formulas_results_and_formats_stay(spoiled: Path, tmp_path: Path, inputs: Path) -> None:
    check(spoiled, inputs / "kultur_ve_sosyal_isler_mudurlugu.xlsx", "--annotate", tmp_path / "x")
    for source in (spoiled / FEN_FILE, spoiled / ITFAIYE_FILE, inputs / "kultur_ve_sosyal_isler_mudurlugu.xlsx"):
        copy = {key: value for key, value in values(tmp_path / "x" / source.name) if key[0] != "Bulgular"}
        assert copy == dict(values(source))
    results = stored_results(tmp_path / "x" / "kultur_ve_sosyal_isler_mudurlugu.xlsx")
    assert results
    assert results == stored_results(inputs / "kultur_ve_sosyal_isler_mudurlugu.xlsx")


def test_the_copy_has_the_findings_of_its_original(spoiled: Path, tmp_path: Path) -> None:
    """A clerk mends the copy and sends that: it must be read like the form."""

    def found_in(place: Path) -> list[tuple[str, ...]]:
        found = check(place)["findings"]
        return [(Path(item["file"]).name, item["sheet"], item["cell"], item["code"], item["message"]) for item in found]

    check(spoiled, "--annotate", tmp_path / "isaretli")
    assert found_in(tmp_path / "isaretli") == found_in(spoiled)


def test_a_mended_copy_that_comes_back_is_marked_afresh(spoiled: Path, tmp_path: Path) -> None:
    place = cost_table(spoiled / FEN_FILE).amounts[CostRow(3)].place
    book = openpyxl.load_workbook(spoiled / FEN_FILE)
    book[place.sheet][place.cell].comment = Comment("Bunu Ayşe Hanım'a soracağım.", "Şule Işık")
    book.save(spoiled / FEN_FILE)
    check(spoiled, "--annotate", tmp_path / "bir")
    first = tmp_path / "bir" / FEN_FILE
    text = openpyxl.load_workbook(first)[place.sheet][place.cell].comment.text
    assert "KX103" in text
    assert text.endswith("Bunu Ayşe Hanım'a soracağım.")
    type_over(first, (place, 60000))
    check(tmp_path / "bir", "--annotate", tmp_path / "iki")
    book = openpyxl.load_workbook(tmp_path / "iki" / FEN_FILE)
    assert [title for title in book.sheetnames if title.startswith("Bulgular")] == ["Bulgular"]
    own = book[place.sheet][place.cell].comment
    assert (own.text, own.author) == ("Bunu Ayşe Hanım'a soracağım.", "Şule Işık")
    assert not marked(book, place.sheet, place.cell)
    assert "KX103" not in [row[2] for row in listed(book)]
    negative = cost_table(spoiled / FEN_FILE).amounts[CostRow(1)].place
    assert len(marked(book, negative.sheet, negative.cell)) == 1
    assert book[negative.sheet][negative.cell].comment.text.count("KX105") == 1


def test_a_sheet_that_a_clerk_called_bulgular_stays(tmp_path: Path) -> None:
    form = make(tmp_path / "form.xlsx", Bulgular=lambda _, sheet: sheet.write("C3", "benim"))
    annotate_one(form, tmp_path / "x", at(form, "Bulgular", "B2"))
    book = openpyxl.load_workbook(tmp_path / "x" / "form.xlsx")
    assert len(book.sheetnames) == 2
    assert book.worksheets[0]["A1"].value == "Bulgular – form.xlsx"
    assert book["Bulgular"]["C3"].value == "benim"
    assert book["Bulgular"]["B2"].comment is not None


def test_protection_validation_and_own_rules_stay_and_ours_come_first(spoiled: Path, tmp_path: Path) -> None:
    check(spoiled, "--annotate", tmp_path / "x")
    source, copy = openpyxl.load_workbook(spoiled / FEN_FILE), openpyxl.load_workbook(tmp_path / "x" / FEN_FILE)
    for sheet in source:
        other = copy[sheet.title]
        assert other.protection.sheet == sheet.protection.sheet
        assert len(other.data_validations.dataValidation) == len(sheet.data_validations.dataValidation)
        assert other.print_area == sheet.print_area
        assert {str(area) for area in other.merged_cells.ranges} == {str(area) for area in sheet.merged_cells.ranges}
    assert any(sheet.protection.sheet for sheet in copy)

    def fill_red(book: Any, sheet: Any) -> None:
        sheet.conditional_format("A1:C9", {"type": "cell", "criteria": "<", "value": 0, "format": book.add_format()})

    form = make(tmp_path / "form.xlsx", Form=fill_red)
    annotate_one(form, tmp_path / "y", at(form, "Form", "B2"))
    rules = [
        (rule.formula == [ALWAYS], rule.priority)
        for area in openpyxl.load_workbook(tmp_path / "y" / "form.xlsx")["Form"].conditional_formatting
        for rule in area.rules
    ]
    assert len(rules) == 2
    assert min(rules, key=lambda rule: rule[1])[0]


def test_only_the_list_is_selected_and_excel_computes_on_opening(spoiled: Path, tmp_path: Path) -> None:
    check(spoiled, "--annotate", tmp_path / "x")
    book = openpyxl.load_workbook(tmp_path / "x" / FEN_FILE)
    assert book.active.title == "Bulgular"
    assert [sheet.title for sheet in book if sheet.sheet_view.tabSelected] == ["Bulgular"]
    assert book.calculation.fullCalcOnLoad


def test_an_amount_formatted_as_a_date_stays_a_number(tmp_path: Path) -> None:
    def write(book: Any, sheet: Any) -> None:
        sheet.write("B3", 15_000_000, book.add_format({"num_format": "dd.mm.yyyy"}))
        sheet.write("B4", 45_292.123456789, book.add_format({"num_format": "dd.mm.yyyy"}))

    form = make(tmp_path / "form.xlsx", Form=write)
    annotate_one(form, tmp_path / "x", at(form, "Form", "B3"))
    assert dict(values(tmp_path / "x" / "form.xlsx")).items() >= dict(values(form)).items()


def test_bold_words_inside_a_cell_and_text_that_looks_like_a_formula_stay(tmp_path: Path) -> None:
    def write(book: Any, sheet: Any) -> None:
        sheet.write_rich_string("C3", "düz ", book.add_format({"bold": True}), "kalın", " düz")
        sheet.write_string("C4", "=1+1")

    form = make(tmp_path / "form.xlsx", Form=write)
    annotate_one(form, tmp_path / "x", at(form, "Form", "C4"))
    book = openpyxl.load_workbook(tmp_path / "x" / "form.xlsx", rich_text=True)
    assert len(book["Form"]["C3"].value) == 3
    assert (book["Form"]["C4"].value, book["Form"]["C4"].data_type) == ("=1+1", "s")


def test_a_workbook_without_settings_of_calculation_is_marked(folder: Path, tmp_path: Path) -> None:
    form = tmp_path / "form.xlsx"
    with zipfile.ZipFile(folder / FEN_FILE) as old, zipfile.ZipFile(form, "w") as new:
        for name in old.namelist():
            new.writestr(name, re.sub(rb"<calcPr[^>]*/>", b"", old.read(name)))
    annotate_one(form, tmp_path / "x", at(form, "Kimlik", "B4"))
    assert openpyxl.load_workbook(tmp_path / "x" / "form.xlsx").calculation.fullCalcOnLoad


@pytest.mark.parametrize("entry", [0, 55_000])
def test_rows_formatted_far_below_the_last_entry_cost_nothing(folder: Path, tmp_path: Path, entry: int) -> None:
    """Thousands of empty rows with a look: the copy has those near what is filled in, and all that is filled in."""
    form = folder / FEN_FILE
    with zipfile.ZipFile(form) as package:
        text = package.read("xl/worksheets/sheet3.xml").decode()
    sheet = openpyxl.load_workbook(form).worksheets[2]
    last, filled = sheet.max_row, max(row[0].row for row in sheet if any(cell.value is not None for cell in row))
    looks = "".join(f'<row r="{row}"><c r="A{row}" s="3"/></row>' for row in range(last + 1, 60_000))
    if entry:
        looks = looks.replace(f'<c r="A{entry}" s="3"/>', f'<c r="A{entry}"><v>7</v></c>')
    path = package_of(tmp_path / "bol.xlsx", form, sheet3=text.replace("</sheetData>", looks + "</sheetData>"))
    before = openpyxl.load_workbook(path).worksheets[2]
    (written,) = annotate_one(path, tmp_path / "isaretli").written
    after = openpyxl.load_workbook(written)[before.title]
    assert (entry or filled) + 990 <= after.max_row <= (entry or filled) + 1000
    kept = {cell.coordinate: cell.value for row in before for cell in row if cell.value is not None}
    assert kept == {cell.coordinate: cell.value for row in after for cell in row if cell.value is not None}
    assert after.cell(last + 900, 1).style_id == after.cell(last + 1, 1).style_id != 0


def test_a_finding_is_never_written_as_a_formula(tmp_path: Path) -> None:
    form = make(tmp_path / "form.xlsx", Form=lambda *_: None)
    evil = ['=HYPERLINK("http://example.org")', "+1", "-1", "@SUM(A1)"]
    found = [
        Finding("KX103", "error", Place(str(form), "Form", 3 + number, 2), text, text)
        for number, text in enumerate(evil)
    ]
    annotate_one(form, tmp_path / "x", *found)
    sheet = openpyxl.load_workbook(tmp_path / "x" / "form.xlsx")["Bulgular"]
    for row, text in enumerate(evil, start=6):
        for column in (6, 7):
            cell = sheet.cell(row, column)
            assert (cell.value, cell.data_type, bool(cell.quotePrefix)) == (text, "s", True)
    assert all(
        cell.formula is None
        for page in open_grid(str(tmp_path / "x" / "form.xlsx")).sheets
        for cell in page.cells.values()
    )


def test_characters_that_no_workbook_can_hold_do_no_harm(tmp_path: Path) -> None:
    form = make(tmp_path / "form.xlsx", Form=lambda *_: None)
    annotate_one(form, tmp_path / "x", at(form, "Form", "B2", found="a\x0bb\ud800c\x00"))
    book = openpyxl.load_workbook(tmp_path / "x" / "form.xlsx")
    assert "a\ufffdb\ufffdc\ufffd" in book["Bulgular"]["F6"].value
    assert "a\ufffdb\ufffdc\ufffd" in book["Form"]["B2"].comment.text


# What is lost, and said


def lost(result: Annotated) -> str:
    return "; ".join(found.message for found in result.findings if found.code == "KX005")


def test_macros_of_an_xlsm_are_kept_and_those_of_an_xlsx_are_said_to_be_lost(tmp_path: Path) -> None:
    def macro(book: Any, sheet: Any) -> None:
        book.add_vba_project(io.BytesIO(b"makro"), True)
        sheet.insert_button("D4", {"macro": "calistir"})
        sheet.write_comment("B2", "önceki not", {"author": "Şule"})

    form = make(tmp_path / "form.xlsm", Form=macro)
    result = annotate_one(form, tmp_path / "x", at(form, "Form", "B2"), at(form, "Form", "B3"))
    copy = tmp_path / "x" / "form.xlsm"
    with zipfile.ZipFile(copy) as package:
        assert package.read("xl/vbaProject.bin") == b"makro"
        assert b"macroEnabled" in package.read("[Content_Types].xml")
        drawings = b"".join(package.read(name) for name in package.namelist() if name.endswith(".vml"))
        assert drawings.count(b'ObjectType="Note"') == 2
        assert b'ObjectType="Button"' in drawings
        assert len(package.namelist()) == len(set(package.namelist()))
    assert lost(result) == ""
    assert openpyxl.load_workbook(copy)["Form"]["B2"].comment.text.endswith("önceki not")

    renamed = Path(shutil.copy(form, tmp_path / "form.xlsx"))
    result = annotate_one(renamed, tmp_path / "y", at(renamed, "Form", "B2"))
    assert "makro, form denetimi (işaretli kopyada yok)" in lost(result)
    with zipfile.ZipFile(tmp_path / "y" / "form.xlsx") as package:
        assert not any("vba" in name for name in package.namelist())
        assert b"macroEnabled" not in package.read("[Content_Types].xml")


def test_shapes_and_header_pictures_are_said_to_be_lost_and_pictures_and_charts_kept(tmp_path: Path) -> None:
    def draw(book: Any, sheet: Any) -> None:
        sheet.insert_image("D4", "logo.png", {"image_data": io.BytesIO(_PNG)})
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=Form!$B$2:$B$3"})
        sheet.insert_chart("D8", chart)

    def shape(_: Any, sheet: Any) -> None:
        sheet.insert_textbox("D20", "kutu")
        sheet.set_header("&L&[Picture]", {"image_left": "logo.png", "image_data_left": io.BytesIO(_PNG)})

    form = make(tmp_path / "form.xlsx", Form=draw)
    assert lost(annotate_one(form, tmp_path / "x", at(form, "Form", "B2"))) == ""
    with zipfile.ZipFile(tmp_path / "x" / "form.xlsx") as package:
        assert [name for name in package.namelist() if name.startswith(("xl/media/", "xl/charts/chart"))]
    form = make(tmp_path / "form.xlsx", Form=draw, Öteki=shape)
    result = annotate_one(form, tmp_path / "x", at(form, "Form", "B2"))
    assert "şekil, üst ve alt bilgideki resim (işaretli kopyada yok)" in lost(result)
    assert "KX005" in [row[2] for row in listed(openpyxl.load_workbook(tmp_path / "x" / "form.xlsx"))]


def test_pictures_are_said_to_be_lost_where_pillow_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("openpyxl.reader.drawings.PILImage", None)
    image = {"image_data": io.BytesIO(_PNG)}
    form = make(tmp_path / "form.xlsx", Form=lambda _, sheet: sheet.insert_image("D4", "logo.png", image))
    assert "resim (işaretli kopyada yok)" in lost(annotate_one(form, tmp_path / "x", at(form, "Form", "B2")))


def test_extensions_that_openpyxl_drops_are_said_to_be_lost(tmp_path: Path) -> None:
    def extend(_: Any, sheet: Any) -> None:
        sheet.add_sparkline("D2", {"range": "Form!A2:C2"})
        sheet.conditional_format("A1:B9", {"type": "data_bar", "data_bar_2010": True})

    form = make(tmp_path / "form.xlsx", Form=extend)
    assert "koşullu biçim, mini grafik" in lost(annotate_one(form, tmp_path / "x", at(form, "Form", "B2")))


def test_a_value_under_a_merged_cell_is_said_to_be_lost(tmp_path: Path) -> None:
    def merge(_: Any, sheet: Any) -> None:
        sheet.merge_range("B4:C4", "birleşik")
        sheet.write("C4", 5)

    form = make(tmp_path / "form.xlsx", Form=merge)
    assert "birleşik hücrenin altında" in lost(annotate_one(form, tmp_path / "x", at(form, "Form", "B2")))


@pytest.mark.parametrize("name", ["form.csv", "form.ods"])
def test_other_kinds_of_files_get_a_list_alone(folder: Path, tmp_path: Path, name: str) -> None:
    source = tmp_path / name
    if name.endswith(".ods"):
        (saved,) = convert([folder / FEN_FILE], tmp_path, "ods")
        shutil.copy(saved, source)
    else:
        source.write_text("Tutar;-1\n", encoding="utf-8")
    result = annotate_one(source, tmp_path / "x", at(source, "", "B1"))
    suffix = source.suffix[1:]
    copy = tmp_path / "x" / f"form_{suffix}_bulgular.xlsx"
    assert result.written == [str(copy)]
    assert any(f".{suffix} türünde olduğundan" in note for note in result.notes)
    book = openpyxl.load_workbook(copy)
    assert book.sheetnames == ["Bulgular"]
    assert f".{suffix} türünde" in book["Bulgular"]["A3"].value
    assert [row[2:5] for row in listed(book)] == [("KX105", "dosyanın tümü", "B1")]
    assert book["Bulgular"]["E6"].hyperlink is None


def test_an_unreadable_file_and_one_that_openpyxl_refuses_get_a_list_alone(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "bozuk.xlsx").write_bytes(b"PK\x03\x04bozuk")
    found = check(folder, "--annotate", tmp_path / "x")
    assert "bozuk_xlsx_bulgular.xlsx" in [Path(name).name for name in found["written"]]
    rows = listed(openpyxl.load_workbook(tmp_path / "x" / "bozuk_xlsx_bulgular.xlsx"))
    assert [row[2] for row in rows] == ["KX001"]

    def refuse(*_: object, **__: object) -> None:
        raise TypeError("beklenmeyen öge")

    monkeypatch.setattr("openpyxl.load_workbook", refuse)
    result = annotate_one(folder / FEN_FILE, tmp_path / "y", at(folder / FEN_FILE, "PH 7.3", "C35"))
    assert [Path(name).name for name in result.written] == ["fen_isleri_mudurlugu_xlsx_bulgular.xlsx"]
    assert any("iç yapısı" in note for note in result.notes)


def test_a_workbook_of_the_strict_kind_gets_a_list_rather_than_an_empty_copy(folder: Path, tmp_path: Path) -> None:
    strict = tmp_path / "form.xlsx"
    names = {
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships": (
            b"http://purl.oclc.org/ooxml/officeDocument/relationships"
        ),
    }
    with zipfile.ZipFile(folder / FEN_FILE) as old, zipfile.ZipFile(strict, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            for transitional, other in names.items():
                content = content.replace(transitional, other)
            new.writestr(name, content)
    assert recognise(open_grid(str(strict))).costs
    result = annotate_one(strict, tmp_path / "x", at(strict, "PH 7.3", "C35"))
    assert [Path(name).name for name in result.written] == ["form_xlsx_bulgular.xlsx"]


# What is never touched, and where copies go


def test_the_clerks_files_are_not_touched(spoiled: Path, tmp_path: Path) -> None:
    before = {path: (digest(path), path.stat().st_mtime_ns) for path in spoiled.iterdir()}
    check(spoiled, "--annotate", tmp_path / "x")
    assert {path: (digest(path), path.stat().st_mtime_ns) for path in spoiled.iterdir()} == before


def test_the_folder_of_the_forms_is_refused(spoiled: Path, tmp_path: Path) -> None:
    before = sorted((path, digest(path)) for path in spoiled.iterdir())
    for target in (spoiled, spoiled / "isaretli", tmp_path / "x" / ".." / "gelen"):
        found = check(spoiled, "--annotate", target)
        assert found["written"] == []
        assert [item["message"] for item in found["findings"] if item["code"] == "KX006"]
    # Files that are named one by one: their copies would stand on them.
    found = check(spoiled / FEN_FILE, spoiled / FINANCE_FILE, "--annotate", spoiled)
    assert found["written"] == []
    assert len([item for item in found["findings"] if item["code"] == "KX006"]) == 2
    assert sorted((path, digest(path)) for path in spoiled.iterdir()) == before


def test_same_names_from_different_folders_do_not_collide(folder: Path, tmp_path: Path) -> None:
    (folder / "ek").mkdir()
    shutil.copy(folder / FEN_FILE, folder / "ek" / FEN_FILE.upper().replace("XLSX", "xlsx"))
    (folder / "form.csv").write_text("a", encoding="utf-8")
    shutil.copy(folder / ITFAIYE_FILE, folder / "form_csv_bulgular.xlsx")
    found = check(folder, "--annotate", tmp_path / "x")
    names = sorted(str(Path(name).relative_to(tmp_path / "x")).casefold() for name in found["written"])
    assert len(set(names)) == 6
    assert os.path.join("ek", FEN_FILE) in names
    assert os.path.join("gelen", FEN_FILE) in names
    assert "form_csv_bulgular_2.xlsx" in names
    assert sorted(names) == sorted(
        str(path.relative_to(tmp_path / "x")).casefold() for path in (tmp_path / "x").rglob("*") if path.is_file()
    )


def test_an_existing_copy_is_replaced_and_nothing_outside_the_folder(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "x"
    target.mkdir()
    (target / FEN_FILE).write_text("eski")
    check(folder / FEN_FILE, "--annotate", target)
    assert openpyxl.load_workbook(target / FEN_FILE).sheetnames[0] == "Bulgular"
    assert [path.name for path in target.iterdir()] == [FEN_FILE]
    outside = tmp_path / "disarida"
    outside.mkdir()
    (outside / FEN_FILE).write_text("dokunma")
    (folder / "ek").mkdir()
    shutil.copy(folder / FEN_FILE, folder / "ek")
    try:
        (target / "gelen").symlink_to(outside, target_is_directory=True)
    except OSError:
        pytest.skip("this system lets nobody make symbolic links")
    found = check(folder, "--annotate", target)
    assert (outside / FEN_FILE).read_text() == "dokunma"
    assert [item["code"] for item in found["findings"] if Path(item["file"]).parts[-2:] == ("gelen", FEN_FILE)][
        -1
    ] == "KX006"


def test_a_folder_that_cannot_be_written_gets_a_message(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "dosya").write_text("x")
    result = run("check", folder, "--annotate", tmp_path / "dosya" / "x")
    assert result.exit_code == 1
    assert "KX006" in result.stdout
    assert "Beklenmeyen" not in result.output


def test_a_copy_that_cannot_be_moved_into_place_loses_nothing(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / FEN_FILE).write_text("açık")

    def refuse(*_: object) -> None:
        raise PermissionError(13, "dosya açık")

    monkeypatch.setattr("kars_xl.base.atomic.os.replace", refuse)
    found = check(folder / FEN_FILE, "--annotate", tmp_path / "x")
    assert found["written"] == []
    assert "KX006" in [item["code"] for item in found["findings"]]
    assert [(path.name, path.read_text()) for path in (tmp_path / "x").iterdir()] == [(FEN_FILE, "açık")]


def test_the_answers_say_what_was_written(spoiled: Path, tmp_path: Path) -> None:
    (spoiled / "notlar.csv").write_text("a", encoding="utf-8")
    result = run("check", spoiled, "--annotate", tmp_path / "x", "--html", tmp_path / "rapor.html")
    assert f"İşaretli kopyalar kaydedildi (4 dosya): {tmp_path / 'x'}" in result.stdout
    assert "notlar.csv .csv türünde olduğundan" in result.stdout
    assert f"Rapor kaydedildi: {tmp_path / 'rapor.html'}" in result.stdout
    found = check(spoiled, "--annotate", tmp_path / "x", "--html", tmp_path / "rapor.html")
    names = [FEN_FILE, ITFAIYE_FILE, "notlar_csv_bulgular.xlsx", FINANCE_FILE, "rapor.html"]
    assert sorted(Path(name).name for name in found["written"]) == sorted(names)
    assert all(Path(name).is_file() for name in found["written"])
    assert check(spoiled)["written"] == []


def test_the_same_forms_make_the_same_copies_and_the_same_page(spoiled: Path, tmp_path: Path) -> None:
    def macro(book: Any, sheet: Any) -> None:
        book.add_vba_project(io.BytesIO(b"makro"), True)
        sheet.insert_button("D4", {"macro": "calistir"})

    make(spoiled / "makrolu.xlsm", Form=macro)
    (spoiled / "notlar.csv").write_text("a", encoding="utf-8")
    digests = []
    for seed in ("1", "2"):
        target = tmp_path / seed
        command = [sys.executable, "-m", "kars_xl", "check", str(spoiled), "--annotate", str(target)]
        command += ["--html", str(target / "rapor.html")]
        subprocess.run(command, env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, check=False)
        digests.append({path.name: digest(path) for path in target.iterdir()})
    assert len(digests[0]) == 6
    assert "rapor.html" in digests[0]
    assert digests[0] == digests[1]


def test_libreoffice_opens_the_copy_and_computes_what_it_stores(inputs: Path, tmp_path: Path) -> None:
    form = tmp_path / FEN_FILE
    shutil.copy(inputs / FEN_FILE, form)
    grid = open_grid(str(form))
    place = cost_table(form).amounts[CostRow(3)].place
    data, _ = annotated_copy(grid, form.read_bytes(), FEN_FILE, [at(form, place.sheet, place.cell)], macros=False)
    copy = tmp_path / "kopya.xlsx"
    copy.write_bytes(data)
    (saved,) = convert([copy], tmp_path)
    computed, stored = stored_results(saved), stored_results(copy)
    assert stored
    assert computed == pytest.approx(stored)
    book = openpyxl.load_workbook(saved)
    assert "KX105" in book[place.sheet][place.cell].comment.text
    assert book.sheetnames[0] == "Bulgular"
    assert book["Bulgular"]["E6"].hyperlink.location.replace("'", "").replace("$", "") in (
        f"{place.sheet}!{place.cell}",
        f"{place.sheet}.{place.cell}",
    )
