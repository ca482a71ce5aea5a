"""The sheet Kaynak read back: of the programme of 2024, and of a template that lists whole cost tables."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from kars_xl.base.place import Place
from kars_xl.model.cost_rows import CostRow
from kars_xl.reading.grid import open_grid
from kars_xl.reading.kaynak_sheet import SourceRow, place_in_form, read_source_rows
from kars_xl.reports.diff.edition import origins_of
from kars_xl.reports.trace.book import Book
from kars_xl.reports.trace.facts import Origins

# A row for each cost table (`kaynak` and not `tutar`), told by its total's cell.
BY_TABLE = """
Kaynak: her tutarın geldiği form, sayfa ve hücre

Faaliyet|Faaliyet adı|Harcama birimi|Dosya|Sayfa|Hücre|Bütçe (TL)|Bütçe dışı (TL)|Toplam (TL)|Revizyon|Formu dolduran|\
Dosyanın özeti (SHA-256)
F.1.1.1|Yedek Ödenek|Fen İşleri Müdürlüğü|fen.xlsx|PH 1.1|C41|60000.5|40|60040.5|2|A. Er|5e5e
F.1.1.1|Yedek Ödenek|Zabıta Müdürlüğü|zabita.xlsx|PH 1.1|C62|1000|0|1000|0||5e5e
F.1.1.2|Köprü yapımı|Fen İşleri Müdürlüğü|fen.xlsx|PH 1.1||7|0|7|0||5e5e
"""


@pytest.fixture
def by_table(tmp_path: Path) -> Path:
    book = openpyxl.Workbook()
    book.active.title = "Formlar"
    for line in BY_TABLE.strip().splitlines():
        book.active.append(
            [float(text) if text.replace(".", "").isdigit() else text or None for text in line.split("|")]
        )
    book.save(tmp_path / "program.xlsx")
    return tmp_path / "program.xlsx"


def rows_of(path: Path) -> tuple[SourceRow, ...]:
    rows = read_source_rows(open_grid(str(path)).sheets)
    assert rows is not None
    return rows


def test_the_rows_of_2024_add_up_to_the_programme(merged: Path) -> None:
    rows = rows_of(merged)
    assert sum(row.kurus for row in rows if row.code.startswith("F.")) == 253_748_000_00
    assert sum(row.kurus for row in rows if row.column == "general") == 349_601_000_00
    assert {row.code[:2] for row in rows} == {"F.", "PG", ""}
    for row in rows:
        if row.code or row.column:  # a row of a general table names the cells of all its figures
            assert len(row.places) == (3 if row.is_indicator else 1)
        assert len(row.digest) == 64
        assert row.item is None or not row.is_indicator
        assert row.file.endswith(".xlsx")
    first = rows[0]
    assert (first.code, first.item, first.item_text) == ("F.1.1.1", CostRow(3), "3 Mal ve Hizmet Alım Giderleri")
    assert (first.unit.name, first.kurus) == ("Mali Hizmetler Müdürlüğü", 60_000_00)
    assert first.places == (Place("mali_hizmetler_mudurlugu.xlsx", "PH 1.1", 40, 3),)


def test_rows_of_a_template_that_lists_kaynak_are_whole_tables(by_table: Path) -> None:
    first, second = rows_of(by_table)
    assert (first.code, first.item, first.kurus) == ("F.1.1.1", None, 60_040_50)
    assert (first.revision, first.filled_by, first.digest) == ("2", "A. Er", "5e5e")
    assert (second.unit.name, second.kurus, second.filled_by) == ("Zabıta Müdürlüğü", 1_000_00, "")


def test_trace_and_diff_take_the_same_from_a_whole_table(by_table: Path) -> None:
    """The wording of the activity is that of an economic code, and is not taken for one."""
    grid = open_grid(str(by_table))
    by_key = Origins(Book(grid)).by_key
    assert {key: [origin.text for origin in found] for key, found in by_key.items()} == {
        ("FMT", "F.1.1.1", "table"): ["60.040,50 TL", "1.000,00 TL"]
    }
    given = origins_of(read_source_rows(grid.sheets))["F.1.1.1"]
    assert [(origin.unit.name, origin.total, origin.costs) for origin in given] == [
        ("Fen İşleri Müdürlüğü", 60_040_50, None),
        ("Zabıta Müdürlüğü", 1_000_00, None),
    ]


@pytest.mark.parametrize("name", ["plan.xlsx", "zabita_mudurlugu.xlsx", "tablo_11_mali_hizmetler.xlsx"])
def test_other_workbooks_have_no_such_sheet(name: str, inputs: Path) -> None:
    assert read_source_rows(open_grid(str(inputs / name)).sheets) is None


@pytest.mark.parametrize(
    ("cell", "at"), [("C40", (40, 3)), (" AB7 ", (7, 28)), ("C", None), ("40", None), ("{{ hucre }}", None)]
)
def test_the_place_that_a_cell_names(cell: str, at: tuple[int, int] | None) -> None:
    place = place_in_form("fen.xlsx", "PH 1.1", cell)
    assert place == (None if at is None else Place("fen.xlsx", "PH 1.1", *at))
