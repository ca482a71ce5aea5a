"""The merge of the real 2024 forms against the programme as it was published."""

from __future__ import annotations

import re
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from kars_xl.base.money import share_percent
from kars_xl.merging.consolidate import consolidate
from kars_xl.model.cost_rows import CostRow, CostTotal
from kars_xl.model.programme import IndicatorValue, Institution
from kars_xl.reading.cell_values import format_indicator
from kars_xl.reading.grid import Grid, open_grid
from kars_xl.reading.grid.cells import CellValue
from kars_xl.reading.recognise import recognise
from kars_xl.reading.tables import Document, ResourceMatrix, SummaryRow

SHEETS = [
    "Kapak",
    "İçindekiler",
    "Teşkilat",
    "Fiziksel Kaynaklar",
    "İnsan Kaynakları",
    "Personel Şekilleri",
    "Amaç ve Hedefler",
    "Performans Hedefleri",
    "Faaliyet Maliyetleri",
    "İdare Performans Tablosu",
    "Toplam Kaynak İhtiyacı",
    "Harcama Birimleri",
    "Birimlere Göre",
    "Amaçlara Göre",
    "Ekonomik Koda Göre",
    "Amaç ve Ekonomik Koda Göre",
    "Şekiller",
    "Denetim",
    "Kaynak",
]


def total(row: SummaryRow) -> int:
    assert row.amounts.total is not None
    assert row.amounts.total.kurus is not None
    return row.amounts.total.kurus


def test_the_sheets_stand_in_order(grid: Grid) -> None:
    assert [sheet.name for sheet in grid.sheets if not sheet.hidden] == SHEETS


def test_the_totals_and_their_shares(document: Document) -> None:
    totals = document.summaries[0].totals
    assert {name: total(row) for name, row in totals.items()} == {
        "activities_total": 253_748_000_00,
        "general": 349_601_000_00,
        "transfers": 0,
        "grand_total": 603_349_000_00,
    }
    assert printed_share(totals["activities_total"]) == "%42,06"
    assert printed_share(totals["general"]) == "%57,94"
    assert printed_share(totals["grand_total"]) == "%100,00"


def printed_share(row: SummaryRow) -> str:
    """The share of the total column as its cell's format %0.00 shows it."""
    share = row.shares[2]
    assert share is not None
    assert share.value is not None
    assert share.value.amount is not None
    return share_percent(int((share.value.amount * 10**8).to_integral_value()), 100 * 10**8)


def test_every_summary_row_is_the_published_one_but_for_its_base(
    document: Document, published_document: Document
) -> None:
    """The published table gives activities shares of their own total, and the totals shares of the grand total."""
    mine = {row.code: row for row in document.summaries[0].rows}
    theirs = published_document.summaries[0].rows
    assert len(theirs) == len(mine) == 88
    for row in theirs:
        assert total(mine[row.code]) == total(row), row.code
        assert row.shares[2] is not None
        assert share_percent(total(row), 253_748_000_00) == format_printed(row.shares[2].value), row.code
        assert printed_share(mine[row.code]) == share_percent(total(row), 603_349_000_00), row.code


def format_printed(value: IndicatorValue | None) -> str:
    assert value is not None
    assert value.amount is not None
    return share_percent(int(value.amount * 100), 100 * 100)


def test_the_matrix_is_the_published_one_but_for_its_error_in_row_3(
    document: Document, published_document: Document
) -> None:
    mine, theirs = document.matrices[0], published_document.matrices[0]
    assert amounts(mine, "general") == amounts(theirs, "general")
    assert amounts(mine, "transfers") == amounts(theirs, "transfers")
    column = amounts(mine, "activity_column")
    assert (column[5], column[6]) == (600_000_00, 53_800_000_00)
    assert column[3] == 199_348_000_00
    assert amounts(theirs, "activity_column")[3] == 246_348_000_00
    assert amounts(mine, "grand_total")["grand_total"] == 603_349_000_00


def amounts(table: ResourceMatrix, column: str) -> dict[int | str, int | None]:
    return {key.value: amount.kurus for key, amount in table.columns[column].items()}


def test_every_cost_table_is_the_published_one(document: Document, published_document: Document) -> None:
    """The 80 printed cost tables, told by their total wording, against those of the workbook, code by code."""
    mine: dict[tuple[int | None, ...], int] = {}
    for table in document.costs:
        key = tuple(amount.kurus for row, amount in table.amounts.items() if row.is_budget)
        mine[key] = mine.get(key, 0) + 1
    for table in published_document.costs:
        key = tuple(amount.kurus for row, amount in table.amounts.items() if row.is_budget)
        assert mine.get(key, 0) > 0
        mine[key] -= 1
    # What is left are the eight activities that have no printed cost table: four with money, four without.
    left = sorted(sum(filter(None, key)) for key, count in mine.items() for _ in range(count))
    assert left == [0, 0, 0, 0, 150_000_00, 225_000_00, 300_000_00, 600_000_00]


def test_all_indicators_are_the_published_ones(document: Document, published_document: Document) -> None:
    def values(document: Document) -> dict[str, list[str]]:
        rows = [row for table in document.targets for row in table.indicators]
        return {row.code: [format_indicator(value) for value in row.values] for row in rows}

    assert values(document) == values(published_document)


def test_the_output_is_a_programme_that_reads_as_the_forms_do(document: Document, inputs: Path) -> None:
    from kars_xl.reading.files import read_files

    forms = read_files([str(inputs)])
    assert forms.plan is not None
    plan = forms.plan.programme
    mine, theirs = consolidate([document]).programme, consolidate(forms.documents, plan).programme
    # Address and telephone stand on the cover, which is no table.
    assert mine == replace(theirs, institution=Institution(theirs.institution.name))


def test_every_total_is_a_formula_and_every_cost_a_figure(grid: Grid, document: Document) -> None:
    cells = {(sheet.name, key): cell for sheet in grid.sheets for key, cell in sheet.cells.items()}

    def formula(place: object) -> str | None:
        return cells[place.sheet, (place.row, place.column)].formula  # type: ignore[attr-defined]

    for cost in document.costs:
        assert all(formula(amount.place) is None for amount in cost.amounts.values())
        assert all(formula(amount.place) for amount in cost.totals.values())
    for target in document.targets:
        rows = [row.amounts for row in target.activities] + list(target.totals.values())
        assert all(formula(amount.place) for row in rows for amount in (row.budget, row.extra, row.total) if amount)
    for row in (*document.summaries[0].rows, *document.summaries[0].totals.values()):
        parts = (row.amounts.budget, row.amounts.extra, row.amounts.total, *row.shares)
        assert all(part is not None and formula(part.place) for part in parts)
    assert all(formula(amount.place) for amount in document.matrices[0].columns["activity_column"].values())


def sources(grid: Grid) -> list[dict[str, CellValue]]:
    """The rows of Kaynak by their headings."""
    sheet = next(sheet for sheet in grid.sheets if sheet.name == "Kaynak")
    rows = list(sheet.rows())
    head = next(at for at, row in enumerate(rows) if row[0].text == "Tablo")
    names = {cell.column: cell.text.partition("\n")[0] for cell in rows[head]}
    return [{names[cell.column]: cell.value for cell in row} for row in rows[head + 1 :]]


@pytest.fixture(scope="module")
def forms(inputs: Path) -> dict[str, Grid]:
    return {path.name: open_grid(str(path)) for path in inputs.glob("*.xlsx")}


def form_value(forms: dict[str, Grid], row: dict[str, CellValue], cell: str) -> CellValue:
    grid = forms[str(row["Dosya"])]
    assert grid.digest == row["Dosyanın özeti (SHA-256)"]
    sheet = next(sheet for sheet in grid.sheets if sheet.name == row["Sayfa"])
    return next((found.value for found in sheet.cells.values() if found.place.cell == cell), None)


def test_each_figure_is_traced_to_the_cell_of_its_form(grid: Grid, document: Document, forms: dict[str, Grid]) -> None:
    """Kaynak names file, sheet, cell and SHA-256; that cell of that form holds the figure, and none is left out."""
    expected: dict[tuple[CellValue, str], Decimal] = {}
    for table in document.costs:
        code = table.heading.codes["activity_name"]
        amounts = {row.title: amount for row, amount in table.amounts.items()}
        if not any(amount.kurus for amount in amounts.values()):
            amounts = {"Toplam Kaynak İhtiyacı": table.totals[CostTotal.NEED]}
        for name, amount in amounts.items():
            if amount.kurus or len(amounts) == 1:
                expected[code, name] = Decimal(amount.kurus or 0) / 100
    for column, name in (("general", "Genel Yönetim Giderleri"), ("transfers", "")):
        for key, amount in document.matrices[0].columns[column].items():
            if isinstance(key, CostRow) and amount.kurus:
                expected[name, key.title] = Decimal(amount.kurus) / 100
    found: dict[tuple[CellValue, str], Decimal] = {}
    for row in sources(grid):
        if row["Tablo"] in ("Gösterge", "Genel bilgi"):
            continue
        value = form_value(forms, row, str(row["Hücre"]))
        assert value == row["Toplam (TL)"] == row.get("Bütçe (TL)", 0) + row.get("Bütçe dışı (TL)", 0)  # type: ignore[operator]
        key = row.get("Kod", row["Faaliyet, sütun ya da gösterge"]), str(row["Satır"])
        found[key] = found.get(key, Decimal(0)) + value
    assert found == expected
    assert len(expected) > 88


def test_each_indicator_is_traced_to_its_cells_in_every_form_that_gave_it(grid: Grid, forms: dict[str, Grid]) -> None:
    rows = [row for row in sources(grid) if row["Tablo"] == "Gösterge"]
    given = {
        (name, indicator.code)
        for name, form in forms.items()
        if name != "plan.xlsx"
        for table in recognise(form).targets
        for indicator in table.indicators
    }
    assert {(row["Dosya"], row["Kod"]) for row in rows} == given
    assert len(rows) == len(given) > 162
    for row in rows:
        cells = str(row["Hücre"]).split(", ")
        values = [row.get(name) for name in ("Bütçe (TL)", "Bütçe dışı (TL)", "Toplam (TL)")]
        assert [form_value(forms, row, cell) for cell in cells] == values


def test_the_workbook_links_to_its_sections_and_back(merged: Path) -> None:
    with zipfile.ZipFile(merged) as package:
        sheets = sorted(
            (name for name in package.namelist() if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", name)),
            key=lambda name: int(re.findall(r"\d+", name)[0]),
        )
        links = [re.findall(r'location="([^"]+)"', package.read(name).decode()) for name in sheets]
    contents = links[SHEETS.index("İçindekiler")]
    for name in SHEETS[2:]:
        assert any(name in link for link in contents), name
    assert sum("Performans Hedefleri" in link for link in contents) >= 27
    for index, name in enumerate(SHEETS[2:], start=2):
        assert any("İçindekiler" in link for link in links[index]), name
