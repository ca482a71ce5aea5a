"""The recogniser: the published programme whole, and tables as clerks, PDFs and other offices leave them."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from kars_xl.model.cost_rows import BUDGET_ROWS, CostRow, CostTotal
from kars_xl.model.programme import IndicatorValue
from kars_xl.reading.grid import open_grid
from kars_xl.reading.grid.plain import read_plain
from kars_xl.reading.recognise import recognise
from kars_xl.reading.tables import Document
from tests.helpers.form_tables import COST_ROWS, MATRIX, cost_table, document, target_table, workbook
from tests.helpers.repository import PUBLISHED


def test_the_published_programme_has_all_its_tables(published_document: Document) -> None:
    assert len(published_document.targets) == 27
    assert sum(len(table.indicators) for table in published_document.targets) == 162
    assert sum(len(table.activities) for table in published_document.targets) == 88
    assert len(published_document.costs) == 80
    assert [len(table.rows) for table in published_document.summaries] == [88]
    assert [sorted(table.columns) for table in published_document.matrices] == [
        ["activity_column", "general", "grand_total", "transfers"]
    ]
    # One activity more than there are: the last row stands in no other table.
    assert [len(table.rows) for table in published_document.responsibilities] == [89]
    assert [(line.kind, line.code) for line in published_document.goals][:3] == [
        ("goal", "1"),
        ("objective", "1.1"),
        ("objective", "1.2"),
    ]
    assert len(published_document.goals) == 8 + 27


def test_its_four_totals_of_activities_are_as_printed(published_document: Document) -> None:
    targets = sum(table.totals["grand_total"].total.kurus for table in published_document.targets)
    costs = sum(
        amount.kurus for table in published_document.costs for row, amount in table.amounts.items() if row.is_budget
    )
    summary = published_document.summaries[0].totals["activities_total"].amounts.total
    matrix = published_document.matrices[0].columns["activity_column"][CostTotal.GRAND]
    assert targets == 308_748_000_00
    assert costs == 252_473_000_00
    assert summary is not None
    assert summary.kurus == 253_748_000_00
    assert matrix.kurus == 300_748_000_00


def test_a_page_break_within_tables_loses_no_row(published_document: Document) -> None:
    split = next(table for table in published_document.targets if table.indicators[0].code == "PG.1.5.1")
    assert [row.code for row in split.activities] == ["F.1.5.1", "F.1.5.2", "F.1.5.3", "F.1.5.4"]
    codes = [row.code for row in published_document.summaries[0].rows]
    assert codes.index("F.1.4.2") == codes.index("F.1.4.1") + 1


def test_indicator_values_keep_percent_and_dash(published_document: Document) -> None:
    rows = {row.code: row.values for table in published_document.targets for row in table.indicators}
    assert rows["PG.1.1.1"][2] == IndicatorValue(Decimal(20), percent=True)
    assert rows["PG.7.3.7"][2] == IndicatorValue(Decimal("37.5"), percent=True)
    assert rows["PG.1.3.6"][0] == IndicatorValue(Decimal("0.7"))
    assert rows["PG.8.2.5"][2] == IndicatorValue(None)
    assert rows["PG.2.2.3"][0] == IndicatorValue(Decimal(1000))


def test_every_value_knows_its_line(published_document: Document) -> None:
    lines = PUBLISHED.read_text(encoding="utf-8").split("\n")
    for table in published_document.targets:
        for row in table.activities:
            assert row.code in lines[row.name.place.row - 1]


def test_a_cost_table_has_its_code_in_the_first_column_or_the_second() -> None:
    first = document(cost_table("Yol yapımı", "5.000,00", code=6))
    shifted = "\n".join("\t" + line for line in cost_table("Yol yapımı", "5.000,00", code=6).split("\n"))
    for found in (first, document(shifted), document("\n\n\n" + shifted.replace("\n", "\n\n"))):
        (table,) = found.costs
        assert {row.code: amount.kurus for row, amount in table.amounts.items() if amount.kurus} == {6: 5_000_00}
        assert table.year == 2024
        assert table.heading.text("responsible") == "Fen İşleri Müdürlüğü"


@pytest.mark.parametrize("missing", [row for row in range(17) if row not in (2, 7)])
def test_a_missing_row_spoils_nothing_else(missing: int) -> None:
    """Any one row of a cost table gone but the name (2) and the amount (7): the amount is read all the same."""
    lines = cost_table("Yol yapımı", "5.000,00").split("\n")
    del lines[missing]
    (table,) = document("\n".join(lines)).costs
    assert sum(amount.kurus or 0 for amount in table.amounts.values()) == 5_000_00


def test_headings_damaged_by_a_pdf_are_told() -> None:
    text = cost_table("Yol yapımı").replace("ş", "ř").replace("Ş", "Ř").replace("ğ", "đ")
    (table,) = document(text).costs
    assert table.totals[CostTotal.EXTRA].kurus == 0
    assert [row.code for row in table.amounts if row.is_budget] == [1, 2, 3, 4, 5, 6, 7, 8]


def test_tables_side_by_side_are_two_tables() -> None:
    left = cost_table("Yol yapımı", "5.000,00").split("\n")
    right = cost_table("Köprü yapımı", "7.000,00").split("\n")
    both = "\n".join(one + "\t" * (4 - one.count("\t")) + other for one, other in zip(left, right, strict=True))
    found = document(both)
    assert [table.heading.text("activity_name") for table in found.costs] == ["Yol yapımı", "Köprü yapımı"]
    assert [table.amounts[CostRow(3)].kurus for table in found.costs] == [5_000_00, 7_000_00]


def test_a_row_that_can_no_longer_be_told_is_an_error_and_not_a_skipped_row() -> None:
    renamed = cost_table("Yol yapımı").replace("3\tMal ve Hizmet Alım Giderleri", "X\tÇeşitli")
    contradicting = cost_table("Yol yapımı").replace("3\tMal ve Hizmet", "5\tMal ve Hizmet")
    for text in (renamed, contradicting):
        found = document(text)
        assert [(item.code, item.place.row) for item in found.findings] == [("KX113", 8)]


def test_a_row_given_twice_is_an_error() -> None:
    lines = cost_table("Yol yapımı").split("\n")
    found = document("\n".join([*lines[:8], lines[7], *lines[8:]]))
    assert [(item.code, item.place.row) for item in found.findings] == [("KX113", 9)]


def test_an_amount_in_another_column_is_an_error() -> None:
    text = cost_table("Yol yapımı").replace("Giderleri\t60.000,00", "Giderleri\t\t60.000,00")
    found = document(text)
    assert [(item.code, item.place.cell) for item in found.findings] == [("KX112", "D8")]


def test_a_target_row_without_its_code_is_an_error() -> None:
    text = target_table("F.1.1.1\tYol yapımı\t60.000,00").replace("F.1.1.1\t", "\t")
    assert [(item.code, item.place.row) for item in document(text).findings] == [("KX113", 11)]


def test_the_finance_form_is_a_matrix_without_activities() -> None:
    (table,) = document(MATRIX).matrices
    assert table.columns["general"][CostRow.RESERVE].kurus == 1_000_00
    assert table.columns["transfers"][CostRow(1)].kurus == 0


def test_units_and_codes_beside_names_are_told() -> None:
    text = "\n".join(
        [
            "FAALİYETLERDEN SORUMLU HARCAMA BİRİMLERİNE İLİŞKİN TABLO",
            "PERFORMANS HEDEFİ\tFAALİYETLER\tSORUMLU BİRİMLER",
            "Yolları onarmak\tYol yapımı\tFen İşleri Müdürlüğü",
            "\tF.1.1.2 Köprü yapımı\tFen İşleri Müdürlüğü",
        ]
    )
    (table,) = document(text).responsibilities
    assert [(row.code, row.activity.value, row.unit.value) for row in table.rows] == [
        ("", "Yol yapımı", "Fen İşleri Müdürlüğü"),
        ("F.1.1.2", "Köprü yapımı", "Fen İşleri Müdürlüğü"),
    ]


def test_merged_headings_blank_columns_and_number_cells(tmp_path: Path) -> None:
    """A hand-made sheet: the table starts at C5, amounts are numbers, the unit's value stands three cells away."""
    rows: list[list[object]] = [[], [], [], []]
    pad: list[object] = [None, None]
    rows.append([*pad, "İDARE ADI", None, None, "T.C. KARS BELEDİYE BAŞKANLIĞI"])
    rows.append([*pad, "FAALİYET ADI", None, None, "Yol yapımı"])
    rows.append([*pad, "Sorumlu Harcama Birimi", None, None, "Fen İşleri Müdürlüğü"])
    rows.append([*pad, "EKONOMİK KOD", None, None, 2024])
    rows += [[*pad, n, name, None, 1000.5 * n] for n, name in enumerate(COST_ROWS, start=1)]
    rows.append([*pad, "TOPLAM BÜTÇE KAYNAK İHTİYACI", None, None, "=SUM(F9:F16)"])
    path = workbook(tmp_path / "el_yapimi.xlsx", {"Sayfa1": rows})
    (table,) = recognise(open_grid(str(path))).costs
    assert [amount.kurus for row, amount in table.amounts.items() if row.is_budget] == [
        100_050 * n for n in range(1, 9)
    ]
    assert table.amounts[CostRow(1)].place.cell == "F9"


def test_markdown_and_html_marks_fall_off() -> None:
    grid = read_plain("p.md", "<b>Toplam</b>\t**1.000,00**\t*x*\n## Başlık".encode())
    assert [cell.value for cell in grid.sheets[0].cells.values()] == ["Toplam", "1.000,00", "x", "Başlık"]


@pytest.mark.parametrize(
    ("row", "spoiled", "told"),
    [
        # Found by the fuzz harness: each lost an amount without an error.
        ("\tGENEL TOPLAM", "\tYurt Dışı\t5,00\t0,00\t5,00\n\tYurt Dışı", "given twice"),
        ("5\tCari Transferler", "Genel Toplam\tCari Transferler", "a total beside a code"),
        ("5\tCari Transferler\t1", "\tGenel Toplam\t1", "the end in the middle"),
    ],
)
def test_no_row_of_the_finance_form_is_lost_to_another_label(row: str, spoiled: str, told: str) -> None:
    assert document(MATRIX).findings == []
    assert {found.code for found in document(MATRIX.replace(row, spoiled)).findings} == {"KX113"}, told


def test_a_cost_row_below_the_grand_total_is_an_error() -> None:
    text = cost_table("Yol yapımı").replace("5\tCari Transferler", "\tToplam Kaynak İhtiyacı")
    assert "KX113" in {found.code for found in document(text).findings}


def test_a_heading_typed_over_a_code_cuts_no_table_short() -> None:
    """Found by the fuzz harness: "İdare Adı" over the 7 of Tablo 11 lost all rows below it."""
    found = document(MATRIX.replace("7\tSermaye", "İdare Adı\tSermaye"))
    (table,) = found.matrices
    assert [row for row in table.columns["general"] if row in BUDGET_ROWS] == list(BUDGET_ROWS)
    text = cost_table("Yol yapımı", code=6).replace("4\tFaiz Giderleri\t-", "İdare Adı\tKars")
    assert "KX113" in {item.code for item in document(text).findings}


def test_the_reserve_in_a_cost_table_is_an_error() -> None:
    """Found by the fuzz harness: "Yedek Ödenek" over the label of the budget's total doubled the activity's cost."""
    text = cost_table("Yol yapımı").replace("Toplam Bütçe Kaynak İhtiyacı", "Yedek Ödenek")
    assert [item.code for item in document(text).findings] == ["KX113"]
