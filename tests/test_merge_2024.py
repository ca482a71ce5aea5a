"""The merge of the real 2024 forms against the programme as it was published."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from kars_xl.consolidate import consolidate
from kars_xl.grid import Grid, open_grid
from kars_xl.model import IndicatorValue, Institution
from kars_xl.money import share_percent
from kars_xl.recognise import recognise
from kars_xl.tables import Document, ResourceMatrix, SummaryRow
from kars_xl.values import format_indicator

PUBLISHED = Path(__file__).parent / "data" / "kars_2024.txt"
SHEETS = [
    "Kapak",
    "İçindekiler",
    "Amaç ve Hedefler",
    "Performans Hedefleri",
    "Faaliyet Maliyetleri",
    "İdare Performans Tablosu",
    "Toplam Kaynak İhtiyacı",
    "Harcama Birimleri",
    "Denetim",
    "Kaynak",
]


@pytest.fixture(scope="module")
def published() -> Document:
    return recognise(open_grid(str(PUBLISHED)))


@pytest.fixture(scope="module")
def grid(merged: Path) -> Grid:
    return open_grid(str(merged))


@pytest.fixture(scope="module")
def output(grid: Grid) -> Document:
    return recognise(grid)


def total(row: SummaryRow) -> int:
    assert row.amounts.total is not None
    assert row.amounts.total.kurus is not None
    return row.amounts.total.kurus


def test_the_sheets_stand_in_order(grid: Grid) -> None:
    assert [sheet.name for sheet in grid.sheets] == SHEETS


def test_the_totals_and_their_shares(output: Document) -> None:
    totals = output.summaries[0].totals
    assert {name: total(row) for name, row in totals.items()} == {
        "activities_total": 253_748_000_00,
        "general": 349_601_000_00,
        "transfers": 0,
        "grand_total": 603_349_000_00,
    }
    assert printed_share(totals["activities_total"]) == "42,06%"
    assert printed_share(totals["general"]) == "57,94%"
    assert printed_share(totals["grand_total"]) == "100,00%"


def printed_share(row: SummaryRow) -> str:
    """The share of the total column as its cell's format 0.00% shows it."""
    share = row.shares[2]
    assert share is not None
    assert share.value is not None
    assert share.value.amount is not None
    return share_percent(int((share.value.amount * 10**8).to_integral_value()), 100 * 10**8)


def test_every_summary_row_is_the_published_one(output: Document, published: Document) -> None:
    mine = {row.code: row for row in output.summaries[0].rows}
    theirs = published.summaries[0].rows
    assert len(theirs) == len(mine) == 88
    for row in theirs:
        assert total(mine[row.code]) == total(row), row.code
        assert row.shares[2] is not None
        assert printed_share(mine[row.code]) == format_printed(row.shares[2].value), row.code


def format_printed(value: IndicatorValue | None) -> str:
    assert value is not None
    assert value.amount is not None
    return share_percent(int(value.amount * 100), 100 * 100)


def test_the_matrix_is_the_published_one_but_for_its_error_in_row_3(output: Document, published: Document) -> None:
    mine, theirs = output.matrices[0], published.matrices[0]
    assert amounts(mine, "general") == amounts(theirs, "general")
    assert amounts(mine, "transfers") == amounts(theirs, "transfers")
    column = amounts(mine, "activity_column")
    assert (column[5], column[6]) == (600_000_00, 53_800_000_00)
    assert column[3] == 199_348_000_00
    assert amounts(theirs, "activity_column")[3] == 246_348_000_00
    assert amounts(mine, "grand_total")["grand_total"] == 603_349_000_00


def amounts(table: ResourceMatrix, column: str) -> dict[int | str, int | None]:
    return {key: amount.kurus for key, amount in table.columns[column].items()}


def test_every_cost_table_is_the_published_one(output: Document, published: Document) -> None:
    """The 80 printed cost tables, told by their total wording, against those of the workbook, code by code."""
    mine: dict[tuple[int | None, ...], int] = {}
    for table in output.costs:
        key = tuple(amount.kurus for amount in table.budget.values())
        mine[key] = mine.get(key, 0) + 1
    for table in published.costs:
        key = tuple(amount.kurus for amount in table.budget.values())
        assert mine.get(key, 0) > 0
        mine[key] -= 1
    # What is left are the eight activities that have no printed cost table: four with money, four without.
    left = sorted(sum(filter(None, key)) for key, count in mine.items() for _ in range(count))
    assert left == [0, 0, 0, 0, 150_000_00, 225_000_00, 300_000_00, 600_000_00]


def test_all_indicators_are_the_published_ones(output: Document, published: Document) -> None:
    def values(document: Document) -> dict[str, list[str]]:
        rows = [row for table in document.targets for row in table.indicators]
        return {row.code: [format_indicator(value) for value in row.values] for row in rows}

    assert values(output) == values(published)


def test_the_output_is_a_programme_that_reads_as_the_forms_do(output: Document, inputs: Path) -> None:
    from kars_xl.files import read_files

    forms = read_files([str(inputs)])
    assert forms.plan is not None
    plan = forms.plan.programme
    mine, theirs = consolidate([output]).programme, consolidate(forms.documents, plan).programme
    # Address and telephone stand on the cover, which is no table.
    assert mine == replace(theirs, institution=Institution(theirs.institution.name))


def test_every_total_is_a_formula_and_every_cost_a_figure(grid: Grid, output: Document) -> None:
    cells = {(sheet.name, key): cell for sheet in grid.sheets for key, cell in sheet.cells.items()}

    def formula(place: object) -> str | None:
        return cells[place.sheet, (place.row, place.column)].formula  # type: ignore[attr-defined]

    for cost in output.costs:
        assert all(formula(amount.place) is None for amount in (*cost.budget.values(), *cost.extra.values()))
        assert all(formula(amount.place) for amount in cost.totals.values())
    for target in output.targets:
        rows = [row.amounts for row in target.activities] + list(target.totals.values())
        assert all(formula(amount.place) for row in rows for amount in (row.budget, row.extra, row.total) if amount)
    for row in (*output.summaries[0].rows, *output.summaries[0].totals.values()):
        parts = (row.amounts.budget, row.amounts.extra, row.amounts.total, *row.shares)
        assert all(part is not None and formula(part.place) for part in parts)
    assert all(formula(amount.place) for amount in output.matrices[0].columns["activity_column"].values())


def test_each_activity_is_traced_to_the_cell_of_its_form(grid: Grid, output: Document, inputs: Path) -> None:
    """The Kaynak sheet names file, sheet, cell and SHA-256; that cell of that form holds the activity's total."""
    sheet = next(sheet for sheet in grid.sheets if sheet.name == "Kaynak")
    expected = {row.code: total(row) for row in output.summaries[0].rows}
    seen = set()
    for row in sheet.rows():
        texts = [cell.text for cell in row]
        if not re.fullmatch(r"F\.\d+\.\d+\.\d+", texts[0]):
            continue
        file = next(text for text in texts if text.endswith(".xlsx"))
        form_sheet = next(text for text in texts if text.startswith("PH "))
        address = next(text for text in texts[2:] if re.fullmatch(r"[A-Z]{1,2}\d+", text))
        form = open_grid(str(inputs / file))
        assert form.digest in texts
        source = next(found for found in form.sheets if found.name == form_sheet)
        value = next(cell.value for cell in source.cells.values() if cell.place.cell == address)
        assert value == Decimal(expected[texts[0]]) / 100
        seen.add(texts[0])
    assert seen == set(expected)


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
