"""Figures around tables, totals with money of their own, and money that two things claim: real forms, spoiled."""

from __future__ import annotations

import datetime
import shutil
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from kars_xl.pipeline import check, import_plan
from kars_xl.reading.grid import open_grid
from kars_xl.reading.recognise import recognise
from tests.helpers.form_files import COSTS, TARGET, write
from tests.helpers.grid_edits import put, sheet_named

LAW, FINANCE = "hukuk_isleri_mudurlugu.xlsx", "tablo_11_mali_hizmetler.xlsx"
SHEETS = {LAW: "PH 1.3", FINANCE: "Toplam Kaynak İhtiyacı"}
Cells = dict[str, object]
BUILDINGS = "Belediye hizmet binalarının ihtiyaç duyduğu bakım, onarım, mal ve hizmet alımlarını yapmak"


@pytest.fixture(scope="module")
def folder(inputs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The forms that a case needs: of both units, of the finance office, and the plan."""
    made = tmp_path_factory.mktemp("forms")
    for name in (LAW, FINANCE, "plan.xlsx"):
        shutil.copy(inputs / name, made / name)
    return made


def errors(folder: Path, cells: Cells, name: str = LAW) -> set[tuple[str, str]]:
    """Code and cell of each error that changed cells of a form newly have."""
    original = (folder / name).read_bytes()
    try:
        book = openpyxl.load_workbook(folder / name)
        for ref, value in cells.items():
            book[SHEETS[name]][ref] = value
        book.save(folder / name)
        found = check([str(folder)]).findings
    finally:
        (folder / name).write_bytes(original)
    lacking = ("KX203",)  # the other units' forms are not there
    return {(item.code, item.place.cell) for item in found if item.is_error and item.code not in lacking}


@pytest.mark.parametrize(
    ("cells", "cell"),
    [
        ({"D33": "Ek Ödenek", "D36": 50000}, "D36"),
        ({"D36": "50.000,00 TL"}, "D36"),
        ({"G40": 4500}, "G40"),
        ({"F3": 120000}, "F3"),
        ({"A48": "Ek talep", "C48": 45000}, "C48"),
        ({"B48": "Ek ödenek", "C48": 500}, "C48"),
        ({"A27": "F.1.3.6", "B27": "Yeni faaliyet", "C27": 5000, "E27": 5000}, "C27"),
        ({"A27": "Ek talep tutarı", "B27": 75000}, "B27"),
        ({"B10": 500000}, "B10"),
        ({"F23": 1234}, "F23"),
        ({"G13": 55}, "G13"),
        ({"C80": 812000}, "C80"),
        ({"C33": 225000}, "C33"),
        ({"C33": "2024 (225.000)", "C36": 0}, "C33"),
        ({"B36": "Mal ve Hizmet Alım Giderleri (225.000 TL)", "C36": 0}, "B36"),
        ({"B43": "Döner Sermaye 40.000 TL", "C43": None}, "B43"),
        ({"B23": "Kayıt (225.000 TL)", "C36": 0}, "B23"),
    ],
)
def test_a_figure_that_no_table_reads_is_refused(cells: Cells, cell: str, folder: Path) -> None:
    assert ("KX126", cell) in errors(folder, cells)


def test_a_code_in_a_heading_is_no_stray_figure_however_large_its_numbers(folder: Path) -> None:
    sheet = openpyxl.load_workbook(folder / LAW)[SHEETS[LAW]]
    codes = [cell.coordinate for row in sheet for cell in row if str(cell.value) == "1.3"]
    assert codes
    assert "KX126" not in {code for code, _ in errors(folder, dict.fromkeys(codes, "222.1"))}


@pytest.mark.parametrize(("ref", "value"), [("F8", 999), ("E21", 500000), ("D20", 5), ("F3", 45000)])
def test_a_figure_around_tablo_11_is_refused(ref: str, value: object, folder: Path) -> None:
    assert errors(folder, {ref: value}, FINANCE)


def test_a_figure_that_a_merge_covers_is_said_and_not_refused(inputs: Path) -> None:
    grid = open_grid(str(inputs / LAW))
    sheet = sheet_named(grid, SHEETS[LAW])
    put(sheet, (36, 4), Decimal(999))
    sheet.merge([(36, 3, 36, 4)])
    found = {(item.code, item.place.cell) for item in recognise(grid).findings}
    assert ("KX109", "D36") in found
    assert ("KX126", "D36") not in found


@pytest.mark.parametrize(
    "cells",
    [
        {},
        {"A48": "Telefon", "B48": 4742232150},
        {"A48": "Tel: 0474 223 21 50"},
        {"C70": 12},
        {"A48": "Yıl", "B48": 2024},
        {"A48": "Tarih", "B48": datetime.date(2024, 3, 1)},
        {"A70": "Sıra No", "B70": 7},
        {"A48": "Not: 2023 yılında 5.000 fidan dikildi, 250.000 TL harcandı ve iş bitti."},
        {"E36": "%10 artış öngörüldü"},
        {"F36": "=C36"},
        {"D36": 0},
        {"C42": 225000, "C47": 225000, "E23": 225000, "E25": 375000},
        {"C32": "HUKUK İŞLERİ MÜD."},
        {"C32": "Hukuk İşeri Müdürlüğü"},
        {"C32": "Hukuk İşleri Müdürlüğü; Zabıta Müdürlüğü"},
        {"B30": 1.3},
        {"A9": "Performans Hedefi"},
        {"C31": "Bin Kişilik Konser Salonu"},
        {"B12": "Alınan Hibe (Bin TL)"},
        {"C33": datetime.date(2024, 1, 1)},
        {"C11": datetime.date(2022, 12, 31), "D11": datetime.date(2023, 12, 31), "E11": datetime.date(2024, 12, 31)},
    ],
)
def test_what_is_no_money_and_what_is_spelt_otherwise_is_fine(cells: Cells, folder: Path) -> None:
    assert errors(folder, cells) == set()


@pytest.mark.parametrize(
    ("cells", "cell"),
    [
        ({"C36": 0, "C47": 225000}, "C47"),
        ({"C42": "=SUM(C34:C41)+100000"}, "C42"),
        ({"C43": None, "C44": None, "C45": None, "C46": 9000}, "C46"),
        ({"E25": "=SUM(E23:E24)+100"}, "E25"),
        ({"E26": 999999}, "E26"),
        ({"C23": "=C42+1"}, "C23"),
    ],
)
def test_a_total_with_money_that_has_no_row_is_an_error(cells: Cells, cell: str, folder: Path) -> None:
    assert ("KX127", cell) in errors(folder, cells)


def test_totals_alone_of_tablo_11_are_an_error(folder: Path) -> None:
    cells: Cells = {f"C{row}": 0 for row in range(6, 15)}
    assert ("KX127", "C15") in errors(folder, cells | {"C15": 349601000}, FINANCE)


@pytest.mark.parametrize(
    ("cells", "code", "cell"),
    [
        ({"C32": "ZABITA MÜD."}, "KX313", "C32"),
        ({"B30": "1.4"}, "KX313", "C30"),
        ({"C30": BUILDINGS}, "KX305", "C30"),
        ({"A9": "Performans Hedefi 1.4"}, "KX313", "B9"),
        ({"A8": "Hedef 1.4"}, "KX313", "B8"),
        ({"A7": "Amaç 2"}, "KX313", "B7"),
        ({"B9": BUILDINGS}, "KX313", "B9"),
        ({"B31": "F.1.3.4", "B52": "F.1.3.3"}, "KX313", "C31"),
        ({"A23": "F.1.3.4", "A24": "F.1.3.3"}, "KX313", "B23"),
        ({"A12": "PG.1.3.2", "A13": "PG.1.3.1"}, "KX313", "B12"),
    ],
)
def test_two_things_that_claim_one_amount_are_an_error(cells: Cells, code: str, cell: str, folder: Path) -> None:
    assert (code, cell) in errors(folder, cells)


def test_a_file_under_the_name_of_another_known_unit(folder: Path, tmp_path: Path) -> None:
    for name, as_name in ((LAW, "zabita_mudurlugu.xlsx"), (FINANCE, FINANCE), ("plan.xlsx", "plan.xlsx")):
        shutil.copy(folder / name, tmp_path / as_name)
    assert "KX313" in {item.code for item in check([str(tmp_path)]).findings}


def test_no_plan_is_made_of_amounts_in_thousands(tmp_path: Path) -> None:
    costs = COSTS.replace("Ekonomik Kod\t\t2024", "Ekonomik Kod\t\t2024 (Bin TL)")
    # Of no unit: a single unit's form is refused as such.
    source = write(tmp_path / "program.xlsx", (TARGET, costs), identity=())
    outcome = import_plan(str(source), str(tmp_path / "plan.xlsx"))
    assert "KX115" in {item.code for item in outcome.findings if item.is_error}
    assert not (tmp_path / "plan.xlsx").exists()
