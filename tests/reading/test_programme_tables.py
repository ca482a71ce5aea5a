"""The general tables (Tablo 1–10) from the published text to plan, forms and workbook, and their faults."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from msgspec.structs import replace
from openpyxl.worksheet.worksheet import Worksheet

from kars_xl.findings.finding import Finding
from kars_xl.merging.consolidate import consolidate, given_tables
from kars_xl.model.programme import Programme, ProgrammeTable
from kars_xl.model.units import Unit
from kars_xl.pipeline import check_forms, import_plan, make_forms, merge
from kars_xl.reading.files import read_files
from kars_xl.reading.general.kinds import keeper
from kars_xl.reading.grid import Grid, open_grid
from kars_xl.reading.plan import read_plan
from kars_xl.reading.recognise import recognise
from kars_xl.workbook.nodes.programme import programme_tree
from kars_xl.workbook.render import PROGRAMME_TEMPLATE, render, template_path
from tests.helpers.form_files import checked, form
from tests.helpers.repository import PUBLISHED
from tests.helpers.workbook_edits import edited_template

PHYSICAL, STAFF = "Fiziksel Kaynaklar", "İnsan Kaynakları"
STAFF_FORM = "insan_kaynaklari_ve_egitim_mudurlugu.xlsx"
_FIGURE = re.compile(r"\d[\d.]*")


def published_tables() -> dict[str, list[list[str]]]:
    """The printed tables by number, row by row as text, without the package's own reader."""
    text = PUBLISHED.read_text(encoding="utf-8").split("\n## Performans Hedefi Tabloları")[0]
    text = re.sub(r"</?b>", "", text.split("### C- Fiziksel Kaynaklar")[1])
    found: dict[str, list[list[str]]] = {}
    rows: list[list[str]] = []
    for line in text.splitlines():
        if match := re.match(r"Tablo (\d+) ", line):
            rows = found.setdefault(match[1], [])
        elif line.startswith(("##", "Amaç")):
            rows = []
        elif line.strip():
            rows.append([cell.strip() for cell in line.split("\t")])
    return found


def shown_tables(grid: Grid) -> dict[str, list[list[str]]]:
    """The workbook's tables by number as plain text, blanks left out."""
    found: dict[str, list[list[str]]] = {}
    for sheet in (sheet for sheet in grid.sheets if sheet.name in (PHYSICAL, STAFF)):
        rows: list[list[str]] = []
        for row in sheet.rows():
            if match := re.match(r"Tablo (\d+) ", row[0].text):
                rows = found.setdefault(match[1], [])
            else:
                rows.append([cell.text for cell in row if cell.text])
    return found


def figures(cells: list[str]) -> list[Decimal]:
    """The leading figures of the cells that begin with one: "12250m2", "88.145 m2", "5"."""
    matches = (_FIGURE.match(cell) for cell in cells)
    return [Decimal(match[0].replace(".", "")) for match in matches if match]


def test_every_published_figure_is_in_the_workbook(merged: Path) -> None:
    """All rows of all ten tables; only the total of Tablo 1, which its rows do not give, is another one."""
    printed, shown = published_tables(), shown_tables(open_grid(str(merged)))
    assert list(printed) == list(shown) == [str(number) for number in range(1, 11)]
    compared = 0
    for number, table in printed.items():
        rows = {next((cell for cell in row if not cell.isdigit()), ""): row for row in shown[number]}
        for row in table[1:]:
            label = next(cell for cell in row if not cell.isdigit())
            if label == "Toplam Fiziki Alan":
                assert figures(rows["Toplam"][1:]) == [Decimal(87864)]
                continue
            own = rows.get(label) or rows["Toplam"]
            mine, theirs = own[own.index(own[0]) :], [cell for cell in row if cell != label]
            expected = figures(theirs)
            found = [value for cell in mine if cell != label and cell[:1].isdigit() for value in figures([cell])]
            assert found[: len(expected)] == expected or set(expected) <= set(found), (number, label)
            compared += len(expected)
    assert compared > 190


def test_the_wording_of_an_area_is_kept_beside_its_figure(merged: Path) -> None:
    rows = {row[1]: row[2:] for row in shown_tables(open_grid(str(merged)))["1"] if len(row) > 2}
    assert rows["Asfalt Tesisi"] == ["10000", "10000(100m2Kapalı+900m2Açık)m2"]
    assert rows["Su Arıtma Tesisi"] == ["24500", "24500m2 (Kapalı+Açık Toplam)"]


def test_totals_and_shares_are_formulas(merged: Path) -> None:
    book = openpyxl.load_workbook(merged)
    values = openpyxl.load_workbook(merged, data_only=True)
    for name in (PHYSICAL, STAFF):
        totals = [row for row in book[name].iter_rows() if any(cell.value == "Toplam" for cell in row[:2])]
        assert len(totals) == (3 if name == PHYSICAL else 5)
        for row in totals:
            amounts = [cell for cell in row if cell.value is not None and cell.value != "Toplam"]
            assert amounts
            assert all(str(cell.value).startswith("=") for cell in amounts)
    staff = {str(row[0].value): row for row in values[STAFF].iter_rows()}
    assert staff["Kadın"][7].value == 37
    assert staff["Kadın"][8].value == pytest.approx(37 / 172)
    assert staff["Lise"][8].value == pytest.approx(51 / 156)
    assert staff["Doluluk Oranı (%)"][7].value == pytest.approx(172 / 587)


def test_the_plan_names_the_units_and_carries_every_row(tmp_path: Path) -> None:
    plan = tmp_path / "plan.xlsx"
    outcome = import_plan(str(PUBLISHED), str(plan))
    assert outcome.merged is not None
    assert {found.severity for found in outcome.findings if found.table == "Tablo 1"} == {"warning", "advice"}
    read = read_plan(open_grid(str(plan)))
    assert read.findings == ()
    assert read.programme.general_tables == outcome.merged.programme.general_tables
    units = {table.number: table.unit.name for table in read.programme.general_tables}
    assert set(map(units.get, ("1", "2"))) == {"Destek Hizmetleri Müdürlüğü"}
    assert set(map(units.get, ("3", "4", "5"))) == {"Bilgi İşlem Müdürlüğü"}
    assert set(map(units.get, ("6", "7", "8", "9", "10"))) == {"İnsan Kaynakları ve Eğitim Müdürlüğü"}


def test_a_unit_is_proposed_only_where_its_name_says_so() -> None:
    def kept(kind: str, *names: str) -> str:
        return keeper(kind, [Unit(name) for name in names]).name

    assert kept("age", "Park Müdürlüğü", "Personel ve Eğitim Müdürlüğü") == "Personel ve Eğitim Müdürlüğü"
    assert kept("hardware", "Destek Hizmetleri Müdürlüğü", "Bilgi İşlem Birimi") == "Bilgi İşlem Birimi"
    assert kept("hardware", "Park Müdürlüğü") == ""
    assert kept("buildings", "Emlak Müdürlüğü", "Emlak ve İstimlak Müdürlüğü") == ""


def without_units(programme: Programme) -> tuple[ProgrammeTable, ...]:
    return tuple(replace(table, unit=Unit()) for table in programme.general_tables)


def test_forms_and_workbook_give_back_what_the_plan_has(inputs: Path, merged: Path) -> None:
    planned = without_units(read_plan(open_grid(str(inputs / "plan.xlsx"))).programme)
    reading = read_files([str(inputs)])
    assert reading.plan is not None
    assert consolidate(reading.documents, reading.plan.programme).programme.general_tables == planned
    assert consolidate([recognise(open_grid(str(merged)))]).programme.general_tables == planned


def test_kaynak_names_the_cells_of_every_row(inputs: Path, merged: Path) -> None:
    sheet = next(sheet for sheet in open_grid(str(merged)).sheets if sheet.name == "Kaynak")
    rows = [[cell.text for cell in row] for row in sheet.rows() if row[0].text == "Genel bilgi"]
    planned = read_plan(open_grid(str(inputs / "plan.xlsx"))).programme.general_tables
    expected = [(table.title, row.label) for table in planned for row in table.rows]
    assert sorted((row[1], row[2]) for row in rows) == sorted(expected)
    women = next(row for row in rows if row[2] == "Kadın")
    assert women[3:7] == ["İnsan Kaynakları ve Eğitim Müdürlüğü", STAFF_FORM, "Tablo 8", "C6, D6"]
    form = openpyxl.load_workbook(inputs / STAFF_FORM)["Tablo 8"]
    assert [form["C6"].value, form["D6"].value] == [24, 13]


# Faults in a form


def spoiled(inputs: Path, folder: Path, sheet: str, change: Callable[[Worksheet], None]) -> list[Finding]:
    """All findings on the staff form with one sheet changed, against the plan; without those about other units."""
    book = openpyxl.load_workbook(inputs / STAFF_FORM)
    change(book[sheet])
    book.save(folder / STAFF_FORM)
    reading = read_files([str(folder)], str(inputs / "plan.xlsx"))
    found = check_forms(reading).findings
    return [item for item in found if item.table.startswith("Tablo ") or "Tablo " in item.key]


def put(cell: str, value: object) -> Callable[[Worksheet], None]:
    def change(sheet: Worksheet) -> None:
        sheet[cell] = value

    return change


def cells_of_code(found: list[Finding], code: str) -> list[tuple[str, str, str]]:
    return [(item.severity, item.place.sheet, item.place.cell) for item in found if item.code == code]


def test_an_unreadable_figure_is_said_at_its_cell(inputs: Path, tmp_path: Path) -> None:
    found = spoiled(inputs, tmp_path, "Tablo 8", put("C6", "yirmi dört"))
    assert cells_of_code(found, "KX103") == [("error", "Tablo 8", "C6")]


def test_a_negative_count_is_an_error(inputs: Path, tmp_path: Path) -> None:
    assert cells_of_code(spoiled(inputs, tmp_path, "Tablo 8", put("C6", -24)), "KX105") == [("error", "Tablo 8", "C6")]


def test_figures_need_a_heading_and_a_label(inputs: Path, tmp_path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        sheet["E6"] = 3
        sheet["C8"] = 2

    assert cells_of_code(spoiled(inputs, tmp_path, "Tablo 8", change), "KX101") == [
        ("error", "Tablo 8", "C8"),
        ("error", "Tablo 8", "E5"),
    ]


def test_a_table_without_figures_is_missing(inputs: Path, tmp_path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        for cell in ("C6", "D6", "C7", "D7"):
            sheet[cell] = None

    assert cells_of_code(spoiled(inputs, tmp_path, "Tablo 8", change), "KX101") == [("error", "Tablo 8", "C6")]


def test_a_table_that_was_deleted_is_expected_still(inputs: Path, tmp_path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        sheet.delete_rows(1, 60)

    found = [item for item in spoiled(inputs, tmp_path, "Tablo 8", change) if item.code == "KX203"]
    assert [item.key for item in found] == ["Tablo 8 Cinsiyete Göre Personel Dağılımı"]


def test_a_new_class_and_a_new_row_come_through(inputs: Path, tmp_path: Path) -> None:
    """What a form has room for reaches the programme; nothing of it is lost on the way."""

    def change(sheet: Worksheet) -> None:
        for cell, value in {"E5": "Sözleşmeli", "E6": 3, "E7": 4, "B8": "Belirtmeyen", "C8": 1}.items():
            sheet[cell] = value

    found = spoiled(inputs, tmp_path, "Tablo 8", change)
    assert not [item for item in found if item.place.sheet == "Tablo 8" and item.severity == "error"]
    document = recognise(open_grid(str(tmp_path / STAFF_FORM)))
    table = next(item.read.table for item in given_tables(document, ()) if item.source.kind == "gender")
    assert table is not None
    assert table.columns == ("Memur", "İşçi", "Sözleşmeli")
    assert [(row.label, row.values) for row in table.rows] == [
        ("Kadın", (24, 13, 3)),
        ("Erkek", (80, 55, 4)),
        ("Belirtmeyen", (1, None, None)),
    ]


def test_a_typed_total_is_computed_anew_and_said(inputs: Path, tmp_path: Path) -> None:
    found = spoiled(inputs, tmp_path, "Tablo 6", put("C13", 180))
    assert cells_of_code(found, "KX108") == [("warning", "Tablo 6", "C13")]


def test_two_forms_with_one_table_are_an_error(tmp_path: Path) -> None:
    table = "Tablo 2 Hizmet Taşıtları\nTaşıtın Cinsi\tAdet\nBinek Otomobil\t13\nKamyon\t16\n"
    first = form(tmp_path, table, name="bir.xlsx", unit="Destek Hizmetleri Müdürlüğü")
    second = form(tmp_path, table, name="iki.xlsx", unit="Fen İşleri Müdürlüğü")
    found = [item for item in checked(first, second) if item.code == "KX210"]
    assert [(item.severity, Path(item.place.file).name) for item in found] == [("error", "bir.xlsx")]
    assert [Path(place.file).name for place in found[0].related] == ["iki.xlsx"]


# The template


def test_columns_that_the_template_lacks_lose_no_figure_silently(inputs: Path, tmp_path: Path) -> None:
    """An office that cuts the tables to one class of staff gets no workbook, and is told where."""

    def change(book: openpyxl.Workbook) -> None:
        for row in book[STAFF].iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and re.search(r"_sondan_[2-6]\b", cell.value):
                    cell.value = None

    outcome = merge([str(inputs)], str(tmp_path / "out.xlsx"), template=str(edited_template(tmp_path, change)))
    assert outcome.written == ()
    assert {found.place.sheet for found in outcome.findings if found.code == "KX504"} == {STAFF}


def test_a_programme_without_general_tables_has_a_line_instead(inputs: Path, tmp_path: Path) -> None:
    merged = read_plan(open_grid(str(inputs / "plan.xlsx")))
    programme = replace(merged.programme, general_tables=())
    path = tmp_path / "out.xlsx"
    tree = programme_tree(programme, merged.sources)
    assert not [item for item in render(template_path(PROGRAMME_TEMPLATE), tree, str(path)) if item.is_error]
    sheet = next(sheet for sheet in open_grid(str(path)).sheets if sheet.name == STAFF)
    texts = [cell.text for cell in sheet.cells.values()]
    assert "Bu programda personel tablosu yok." in texts
    assert not any(text.startswith("Tablo") for text in texts)


def test_a_unit_with_tables_and_no_activity_has_a_form(inputs: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(inputs / "plan.xlsx")
    for row in book["Genel Bilgi Tabloları"].iter_rows(min_row=2):
        if row[0].value and str(row[0].value) == "1":
            row[3].value = "Emlak ve İstimlak Müdürlüğü"
    plan = tmp_path / "plan.xlsx"
    book.save(plan)
    outcome = make_forms(str(plan), str(tmp_path / "formlar"), filled=True)
    assert not outcome.failed
    form = recognise(open_grid(str(tmp_path / "formlar" / "emlak_ve_istimlak_mudurlugu.xlsx")))
    assert [item.source.kind for item in given_tables(form, ())] == ["buildings"]


def test_an_office_without_the_sheets_gets_a_workbook_without_them(inputs: Path, tmp_path: Path) -> None:
    def change(book: openpyxl.Workbook) -> None:
        del book[PHYSICAL]

    path = tmp_path / "out.xlsx"
    outcome = merge([str(inputs)], str(path), template=str(edited_template(tmp_path, change)))
    assert outcome.written == (str(path),), [found.message for found in outcome.findings if found.is_error]
    assert PHYSICAL not in [sheet.name for sheet in open_grid(str(path)).sheets]
    assert [found.key for found in outcome.findings if found.code == "KX507"] == ["Fiziksel Kaynaklar tabloları"]
