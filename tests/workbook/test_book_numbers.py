"""The numbers of the official workbook as a council reads them: one base of shares, and each kind of figure one way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from kars_xl.base.number_format import shown_number
from kars_xl.pipeline import merge
from kars_xl.reports.audit import audit
from tests.workbook.test_figures import charts, title

BASE = "Genel Toplam"
# The rows of the headings above each table of money with shares, and the column of the amounts beside each share.
SHARES = {
    "İdare Performans Tablosu": (6, {"E": "D", "G": "F", "I": "H"}),
    "Birimlere Göre": (5, {"G": "F"}),
    "Amaçlara Göre": (5, {"H": "G"}),
    "Ekonomik Koda Göre": (5, {"G": "F"}),
    "Şekiller": (7, {"D": "C"}),
}
AMOUNT = re.compile(r"-?\d{1,3}(\.\d{3})*,\d\d")
PERCENT = re.compile(r"-?%\d{1,3}(\.\d{3})*(,\d+)?")
COUNT = re.compile(r"-?\d{1,3}(\.\d{3})*(,\d*[1-9])?")
TARGETS = "Performans Hedefleri"


@pytest.fixture(scope="module")
def book(merged: Path) -> Any:
    return openpyxl.load_workbook(merged, data_only=True)


def figures(sheet: Any) -> Iterator[tuple[Any, str]]:
    """The cells with numbers, each with what it shows."""
    for row in sheet.iter_rows():
        for cell in row:
            if isinstance(cell.value, int | float):
                yield cell, shown_number(cell.number_format, Decimal(str(cell.value))).strip()


def row_of(sheet: Any, text: str) -> int:
    [row] = (cell.row for cell in sheet["A"] if cell.value and str(cell.value).casefold() == text.casefold())
    return int(row)


@pytest.mark.parametrize("name", SHARES)
def test_every_share_is_one_of_the_grand_total(book: Any, name: str) -> None:
    head, columns = SHARES[name]
    sheet, summary = book[name], book["İdare Performans Tablosu"]
    last = row_of(summary, BASE)
    for share, amount in columns.items():
        assert "genel toplamda" in sheet[f"{share}{head}"].value.casefold()
        whole = summary[f"{amount if sheet is summary else 'H'}{last}"].value
        found = [cell for cell in sheet[share] if cell.row > head and isinstance(cell.value, int | float)]
        assert len(found) >= 9
        for cell in found:
            own = sheet[f"{amount}{cell.row}"].value
            assert cell.value == pytest.approx(own / whole if whole else 0, abs=1e-12), cell.coordinate


def test_the_same_activity_has_one_share(book: Any) -> None:
    """It had one of all activities in one table and one of the grand total in the next."""
    tables = {"İdare Performans Tablosu": ("B", "I"), "Birimlere Göre": ("A", "G")}
    shares: set[float] = set()
    for name, (code, share) in tables.items():
        [row] = (cell.row for cell in book[name][code] if cell.value == "F.1.4.4")
        shares.add(book[name][f"{share}{row}"].value)
    assert [round(share, 12) for share in shares] == [round(9_000_000 / 603_349_000, 12)]


def test_personnel_is_shared_out_within_its_table(book: Any) -> None:
    headings = [cell.value for cell in book["İnsan Kaynakları"]["I"] if isinstance(cell.value, str)]
    assert set(headings) == {"Toplamdaki pay (%)"}
    assert len(headings) == 5


def test_each_kind_of_figure_is_shown_one_way(book: Any) -> None:
    """%20, 6.000 and 60.000,00; a zero as any other, and no dash for one."""
    kinds = dict.fromkeys(("percent", "amount", "count"), 0)
    for sheet in book:
        if sheet.title == "_kars_xl":
            continue
        for cell, shown in figures(sheet):
            if cell.number_format == "General":
                assert cell.value == int(cell.value), cell.coordinate  # codes, years, numbers of rows
                continue
            kind = "percent" if "%" in shown else "amount" if cell.number_format == "#,##0.00" else "count"
            pattern = {"percent": PERCENT, "amount": AMOUNT, "count": COUNT}[kind]
            assert pattern.fullmatch(shown), (sheet.title, cell.coordinate, shown)
            kinds[kind] += 1
    assert min(kinds.values()) > 200


def test_indicators_have_the_decimals_that_were_given(book: Any) -> None:
    sheet = book[TARGETS]
    rows = {sheet.cell(row, 1).value: row for row in range(1, sheet.max_row + 1)}
    shown = {cell.coordinate: text for cell, text in figures(sheet)}
    asked = {"PG.1.1.1": ["%20"] * 3, "PG.1.1.6": ["6.000"] * 3, "PG.1.3.6": ["0,7", "%70", "%70"]}
    for code, expected in asked.items():
        assert [shown[f"{column}{rows[code]}"] for column in "CDE"] == expected


@pytest.mark.parametrize("name", ["Faaliyet Maliyetleri", "Amaç ve Ekonomik Koda Göre", "İdare Performans Tablosu"])
def test_no_money_is_0_00(book: Any, name: str) -> None:
    assert "0,00" in {shown for cell, shown in figures(book[name]) if cell.value == 0}


def test_amounts_stand_below_each_other(book: Any) -> None:
    for sheet in book:
        for cell, _ in figures(sheet):
            if cell.number_format in ("#,##0.00", "%0.00"):
                found = cell.alignment
                assert (found.horizontal, found.indent) == ("right", 0), (sheet.title, cell.coordinate)


def test_the_reserve_is_named_wherever_it_is_in_the_figure(book: Any) -> None:
    wording = "Diğer İdarelere Transfer + Yedek Ödenek"
    for name in ("İdare Performans Tablosu", "Birimlere Göre", "Amaçlara Göre"):
        assert row_of(book[name], wording) < row_of(book[name], BASE)
    told = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value]
    assert not [text for text in told if "Transfer Edilecek" in text and "Yedek Ödenek" not in text]


def test_figures_are_numbered_from_one(merged: Path, book: Any) -> None:
    first = str(book["Teşkilat"]["A4"].value)
    titles = [first, *(title(chart) for chart in charts(merged).values())]
    assert [text.partition(":")[0] for text in titles] == [f"Şekil {number}" for number in range(1, 10)]
    assert [text.partition(": ")[2] for text in titles[1:5]] == [
        "Kadroya Göre Doluluk", "Cinsiyete Göre Personel Dağılımı", "Personel Eğitim Durumu", "Personel Yaş Dağılımı",
    ]  # fmt: skip


def test_no_column_of_a_table_is_without_a_heading(book: Any) -> None:
    """A heading is a row of dark cells; one that is merged names all of its columns."""
    for sheet in book:
        merged = {place for area in sheet.merged_cells.ranges for place in area.cells}
        blank: set[int] = set()
        for row in sheet.iter_rows():
            dark = [cell for cell in row if cell.fill.patternType and cell.fill.fgColor.rgb == "FF17374B"]
            if len(dark) > 2 or all(cell.value is None for cell in row):
                named = [cell for cell in dark if cell.value is not None or (cell.row, cell.column) in merged]
                blank = {cell.column for cell in dark if cell not in named}
            for cell in row:
                assert cell.value in (None, "") or cell.column not in blank, f"{sheet.title} {cell.coordinate}"
    costs = [row for row in book["Faaliyet Maliyetleri"].iter_rows() if row[0].value == "Ekonomik Kod"]
    merged_cells = {str(area) for area in book["Faaliyet Maliyetleri"].merged_cells.ranges}
    assert [row[2].value for row in costs] == [2024] * 88
    assert {f"A{row[0].row}:B{row[0].row}" for row in costs} <= merged_cells, "one heading for the code and its name"
    assert book["Toplam Kaynak İhtiyacı"]["A5"].value == "Ekonomik Kod"


def test_an_audit_of_what_merge_made_says_nothing_new(inputs: Path, tmp_path: Path) -> None:
    path = str(tmp_path / "program.xlsx")
    said = {(found.code, found.key) for found in merge([str(inputs)], path).findings}
    assert {(found.code, found.key) for found in audit([path]).findings} - said == set()


@pytest.mark.parametrize("name", ["İdare Performans Tablosu", "Harcama Birimleri"])
def test_every_page_of_a_list_of_targets_begins_with_a_target(book: Any, name: str) -> None:
    sheet = book[name]
    breaks = [found.id for found in sheet.row_breaks.brk]
    assert len(breaks) >= 5
    assert [row for row in breaks if not sheet.cell(row + 1, 1).value] == []


@pytest.mark.parametrize("name", [*SHARES, "Amaç ve Ekonomik Koda Göre"])
def test_the_tables_of_money_are_printed_at_seven_points_or_more(book: Any, name: str) -> None:
    """As LibreOffice draws the columns, 6% wider than Excel."""
    sheet = book[name]
    last = sheet[sheet.print_area.partition(":")[2].replace("$", "")].column
    widths = [sheet.column_dimensions[get_column_letter(column)].width for column in range(1, last + 1)]
    paper = 842 if sheet.page_setup.orientation == "landscape" else 595
    room = paper - 72 * (sheet.page_margins.left + sheet.page_margins.right)
    assert min(room / (sum(widths) * 7 * 0.75 * 1.06), 1) * 9 >= 7
