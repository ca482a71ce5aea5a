"""What the cells of a row say before any is read as a figure: codes, marks, and which year a heading means."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from kars_xl.base.place import Place
from kars_xl.reading.grid.cells import Cell, CellValue, ExcelError
from kars_xl.reading.row_cells import (
    at,
    code_cell,
    here,
    is_dated,
    of_year,
    starts_with_code,
    text_of,
    year_of,
    years_off,
)
from kars_xl.reading.tables import Text


def row(*values: CellValue | int, first: int = 1) -> list[Cell]:
    """Row 7 of a sheet, its cells side by side; None leaves one out."""
    written = ((column, Decimal(it) if type(it) is int else it) for column, it in enumerate(values, first))
    return [Cell("a.xlsx", "FMT", 7, column, value) for column, value in written if value is not None]


def heading(value: CellValue | int, number_format: str = "General") -> Cell:
    (cell,) = row(value)
    cell.number_format = number_format
    return cell


def day(year: int, month: int = 1) -> Decimal:
    """A day as a spreadsheet keeps it."""
    return Decimal((date(year, month, 15) - date(1899, 12, 30)).days)


def test_the_cell_of_a_column_is_the_one_that_marks_nothing() -> None:
    cells = row("Personel", "◄", 5, None, "◄ 6", "")
    found = [at(cells, column) for column in range(8)]
    assert [cell and cell.value for cell in found] == [None, "Personel", None, Decimal(5), None, "◄ 6", "", None]
    assert at([], 1) is None


def test_a_place_in_a_row_is_there_though_no_cell_is() -> None:
    assert here(row("x", first=3), 9) == Place("a.xlsx", "FMT", 7, 9)


def test_a_cells_text_is_on_one_line() -> None:
    other = Place("b.xlsx", "S", 1, 2)
    (cell,) = row(" Kömür\n  alımı ", first=4)
    assert text_of(cell, other) == Text("Kömür alımı", Place("a.xlsx", "FMT", 7, 4))
    assert text_of(heading(5), other) == Text("5", Place("a.xlsx", "FMT", 7, 1))
    assert text_of(None, other) == Text("", other)


CODES: list[tuple[list[Cell], tuple[int, str, str] | None]] = [
    (row("F.1.2.3", "Kömür alımı", 5), (0, "F", "1.2.3")),
    (row("PG.1.2.3", "Açılan yol"), (0, "PG", "1.2.3")),
    (row("Hedef", "F.1.2.3", "Kömür"), (1, "F", "1.2.3")),
    # An activity's before any other, and the first of two.
    (row("PH.1.2", "F.1.2.3"), (1, "F", "1.2.3")),
    (row("PG.1.2.3", "F.1.2.3", "F.1.2.4"), (1, "F", "1.2.3")),
    (row("PG.1.2.3", "PH.1.2", "x"), (0, "PG", "1.2.3")),
    # A bare number at the start or before a wording, no amount.
    (row("1.2.3", "Kömür"), (0, "", "1.2.3")),
    (row("1.2.3", 5), (0, "", "1.2.3")),
    (row("x", "1.2.3", "Kömür"), (1, "", "1.2.3")),
    (row("x", "1.2.3"), None),
    (row("x", "1.2.3", 5, "Kömür"), None),
    (row("x", "1.2.3", "5,00"), None),
    (row("x", "F.1.2.3", 5), (1, "F", "1.2.3")),
    (row("1.500", 5), None),
    (row(" 1.500 ", "5"), None),
    (row("1.500", "Kömür"), (0, "", "1.500")),
    (row("12.5", 5), (0, "", "12.5")),
    # No code: without a point, as a number, in an error, as words.
    (row("F.1", "Kömür"), None),
    (row("1", "Kömür"), None),
    (row(Decimal("1.2"), "Kömür"), None),
    (row(ExcelError("#REF!"), "Kömür"), None),
    (row("Kömür alımı", "Yol"), None),
    ([], None),
]


@pytest.mark.parametrize(("cells", "found"), CODES)
def test_the_code_of_a_row(cells: list[Cell], found: tuple[int, str, str] | None) -> None:
    assert code_cell(cells, 3) == found


def test_a_code_is_looked_for_among_the_first_cells_alone() -> None:
    cells = row("x", "y", "F.1.2.3", "Kömür")
    assert (code_cell(cells, 2), code_cell(cells, 3)) == (None, (2, "F", "1.2.3"))


@pytest.mark.parametrize(
    ("cells", "starts"),
    [
        (row("F.1.2.3", "Kömür"), True),
        (row("PG.1.2.3", "Yol"), True),
        (row("Yolları yapmak", "F.1.2.3", "Kömür"), True),
        (row("Yolları yapmak", "x", "F.1.2.3"), False),
        # The heading of a cost table names its activity; other labels stand in rows of data.
        (row("Faaliyet Adı", "F.1.2.3 "), False),
        (row("Amaç", "F.1.2.3"), True),
        (row("F.1.2.3", "Faaliyet Adı"), True),
        (row("1.2.3", "Kömür"), False),
        (row("PH.1.2", "Yolları yapmak"), False),
        (row("Kömür", "Yol"), False),
    ],
)
def test_whether_a_row_of_data_begins(cells: list[Cell], starts: bool) -> None:
    assert starts_with_code(cells) is starts


# How many years a heading is from 2024.
YEARS: list[tuple[Cell, int | None]] = [
    *((heading(text), 0) for text in ("2024", "2024 Yılı Bütçesi", "Bütçe (2024)", "2024-2026")),
    *((heading(2024), 0), (heading(day(2024), "dd.mm.yyyy"), 0), (heading(day(2023, 12), "mmm.yy"), -1)),
    *((heading(text), off) for text, off in (("2025", 1), ("2022", -2), ("1999", -25), ("2099", 75))),
    *((heading(text), None) for text in ("12024", "20245", "1899", "2100", "Bütçe", "", "24")),
    (heading(day(2024)), None),  # no date but 45306
    (heading(ExcelError("#REF!")), None),
    (heading(True), None),
]  # fmt: skip


@pytest.mark.parametrize(("cell", "off"), YEARS)
def test_the_year_of_a_heading(cell: Cell, off: int | None) -> None:
    assert years_off(cell, 2024) == off
    assert year_of(cell) == (None if off is None else 2024 + off)
    assert is_dated(cell) is (off is not None)
    assert years_off(cell, None) is None


# t is the year before the programme's.
SYMBOLS = {
    **{"t": -1, "T": -1, "(t)": -1, "t yılı": -1, "t+1": 0, "(T+1)": 0, "t + 1": 0, "t +2 tahmini": 1, "t+9": 8},
    **{"t-1": -2, "t−1": -2, "t–2": -3, "t - 1": -2, "Yıl (t+1)": 0, "t+1 bütçe t+2": 0},
    **{"at+1": None, "tl": None, "t_1": None, "_t": None, "yat": None, "5": None},
}  # fmt: skip


@pytest.mark.parametrize("text", SYMBOLS)
def test_the_year_of_a_symbol_is_counted_from_the_programmes(text: str) -> None:
    for programme in (2024, None):
        assert years_off(heading(text), programme) == SYMBOLS[text]
    assert is_dated(heading(text)) is (SYMBOLS[text] is not None)
    assert year_of(heading(text)) is None


def test_a_year_goes_before_a_symbol() -> None:
    assert years_off(heading("2026 (t+1)"), 2024) == 2
    assert years_off(heading("2026 (t+1)"), None) is None
    assert is_dated(heading("2026 (t+1)"))


# Headings, how far the wanted year is from 2024, and the columns that are of it.
COLUMNS: list[tuple[list[CellValue | int], int, list[int]]] = [
    (["2022", "2023", "2024"], -2, [1]),
    (["2022", "2023", "2024"], 0, [3]),
    ([2022, 2023, 2024], -1, [2]),
    (["t-1", "t", "t+1"], 0, [3]),
    (["2022", "2023"], 0, []),
    # Of a year's parts and the whole, the whole.
    (["2023 Ocak-Haziran", "2023", "2024"], -1, [2]),
    (["2023 ilk 6 ay", "2023", "2024"], -1, [2]),
    (["2024 I. Dönem", "2024 Aralık", "2024"], 0, [3]),
    # Of what was planned and what came of it, the latter for a year that is over, the former for the next.
    (["2023 Hedef", "2023 Gerçekleşme", "2024 Hedef"], -1, [2]),
    (["2023 Bütçe", "2023 Yıl Sonu Tahmini", "2024"], -1, [2]),
    (["2024 Bütçe", "2024 Harcama"], 0, [1]),
    (["2023 Hedef", "2023 Gerçekleşme (Haziran)", "2023 Gerçekleşme"], -1, [3]),
    # Where it can't be told, all.
    (["2023 Hedef", "2023 Plan"], -1, [1, 2]),
    (["2023 Gerçekleşme", "2023 Tahmin"], -1, [1, 2]),
    (["2024 Ocak", "2024 Haziran"], 0, [1, 2]),
    (["2023", "2023"], -1, [1, 2]),
]


@pytest.mark.parametrize(("headings", "off", "columns"), COLUMNS)
def test_the_columns_of_a_year(headings: list[CellValue | int], off: int, columns: list[int]) -> None:
    assert [cell.column for cell in of_year(row(*headings), off, 2024)] == columns
