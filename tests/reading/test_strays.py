"""Which figures in and around a table are money that no table has read (KX126), row by row without a workbook."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

import pytest

from kars_xl.base.place import Place
from kars_xl.findings.finding import Finding, finding
from kars_xl.reading.around import Strays
from kars_xl.reading.cell_values import CellReader
from kars_xl.reading.grid.cells import Cell, CellValue, ExcelError, Unseen
from kars_xl.reading.rows.costs import CostRows
from kars_xl.reading.rows.lists import TargetRows
from kars_xl.reading.rows.table_rows import TableRows
from kars_xl.reading.tables import Heading

Values = list[CellValue | int | float]
PLACE = Place("a.xlsx", "FMT")


def row(values: Values, number: int = 7) -> list[Cell]:
    """The cells of a row side by side; None leaves one out."""
    written = ((at, Decimal(str(it)) if type(it) in (int, float) else it) for at, it in enumerate(values, 1))
    return [Cell("a.xlsx", "FMT", number, at, value) for at, value in written if value is not None]  # type: ignore[arg-type]


class Sheet:
    """A sheet whose rows are looked at one after the other; `read` are the columns that a table has taken."""

    def __init__(self, table: TableRows | None = None, *, of_form: bool = False) -> None:
        self.reader = table.reader if table else CellReader()
        self.table = table
        self.strays = Strays(self.reader, of_form=of_form)

    def look(
        self, cells: list[Cell], how: str = "", read: Iterable[int] = (), told: Iterable[Finding] = ()
    ) -> list[int]:
        """The columns of the figures that are told of the row."""
        self.reader.seen |= {(cells[0].row, column) for column in read}
        before = len(self.strays.found)
        self.strays.look(cells, self.table, how, list(told))
        return [at.column for found in self.strays.found[before:] for at in (found.place, *found.related)]


def costs() -> TableRows:
    """A cost table, whose rows have no names of their own."""
    return CostRows(Heading(codes={"activity_name": "F.1.2.3"}), PLACE, CellReader())


def target() -> TableRows:
    """A target table, whose rows are called by whoever filled it in."""
    return TargetRows(Heading(), PLACE, CellReader())


def strays(values: Values, how: str = "row", read: Iterable[int] = ()) -> list[int]:
    return Sheet(costs()).look(row(values), how, read)


@pytest.mark.parametrize(
    ("values", "read", "told"),
    [
        (["01", "Personel", 225000], [3], []),
        (["01", "Personel", 225000, 50000], [3], [4]),
        (["01", "Personel", 225000, 5, 0.5, -5], [3], [4, 5, 6]),
        (["01", "Personel", 225000, "5.000 TL", "(5)"], [3], [4, 5]),
        (["01", "Personel", 225000, 0, "0,00", "-"], [3], []),
        (["01", "Personel", 225000, "%20", "1.2.3", "20.3", "12.03.2024"], [3], []),
        (["01", "Personel", 225000, True, ExcelError("#DIV/0!"), "Not 5"], [3], []),
        # A running number or a code before the name; more than that is money.
        ([5, "Personel", 225000], [3], []),
        ([999, "Personel", 225000], [3], []),
        ([1000, "Personel", 225000], [3], [1]),
        ([1.5, "Personel", 225000], [3], [1]),
        ([-5, "Personel", 225000], [3], []),
        ([5, 7, "Personel", 225000], [4], []),
        (["Personel", 5, 225000], [3], [2]),
        # A year is money like any other figure.
        (["01", "Personel", 225000, 2024], [3], [4]),
    ],
)
def test_figures_in_a_row_of_a_table(values: Values, read: list[int], told: list[int]) -> None:
    assert strays(values, read=read) == told


@pytest.mark.parametrize("how", ["label", "columns"])
@pytest.mark.parametrize(
    ("value", "is_told"),
    [
        *((5, False), (99, False), (100, True), (225000, True), ("225.000", True), (99.99, False), (-5000, False)),
        *((1899, True), (1900, False), (2024, False), (2100, False), (2101, True), (2024.5, True), ("2024", False)),
        *(("1.2", False), ("%500", False)),
    ],
)
def test_figures_in_a_heading(value: CellValue | int, is_told: bool, how: str) -> None:
    """Codes are small, and years are what headings have."""
    assert strays(["Hedef", value], how) == ([2] if is_told else [])


def test_a_column_that_is_told_to_be_of_something_else_is_passed_over_in_rows() -> None:
    table = costs()
    table.known = {4}
    sheet = Sheet(table)
    assert sheet.look(row(["01", "Personel", 5, 225000, 7]), "row", [3]) == [5]
    assert sheet.look(row(["Hedef", "x", "x", 225000], 8), "columns") == [4]


@pytest.mark.parametrize(
    ("formula", "is_told"),
    [
        *(("C5*C6", False), ("SUM($C$5:C10)", False), ("=C5+AB12", False), ("SUM(C:C)", False)),
        *(("C5*2", True), ("1000", True), ("SUM(C5:C10)+1000", True), ("Sayfa2!C5", True), ("[1]S!A1", True)),
        *(("Tablo1[Tutar]", True), ("SUM(5:5)", True), ("", True), (None, True)),
    ],
)
def test_a_formula_over_figures_of_its_sheet_is_passed_over(formula: str | None, is_told: bool) -> None:
    cells = row(["01", "Personel", 5, 225000, 7])
    cells[3].formula = formula
    assert Sheet(costs()).look(cells, "row", [3]) == ([4, 5] if is_told else [5])


def test_dates_and_percentages_are_no_money() -> None:
    cells = row(["01", "Personel", 5, (date(2024, 1, 1) - date(1899, 12, 30)).days, 2000, 30000])
    cells[3].number_format, cells[4].number_format = "dd.mm.yyyy", "0%"
    assert Sheet(costs()).look(cells, "row", [3]) == [6]


def beside(values: Values, *, near: bool) -> bool:
    """Whether figures of a row are told that stands right below a table, or else anywhere on a form's sheet."""
    sheet = Sheet(of_form=not near)
    if near:
        sheet.look(row(["Personel"], 6), "row")
    return bool(sheet.look(row(values)))


@pytest.mark.parametrize(
    ("values", "anywhere", "below"),
    [
        *(([1500], True, True), ([1000], True, True), ([999], False, False), ([-1000], True, True)),
        ([-999], False, False),
        *((["Park", 500], False, True), (["Park", 0], False, False), (["Park", 5000], True, True)),
        (["Park", "500 TL"], False, True),
        # Words of money make one of the smallest figure.
        *((["Ek ödenek", 5], True, True), (["Talep", "500,50"], True, True), (["KDV", 5], True, True)),
        (["Gider", 5], True, True),
        *(([5, "TOPLAM"], True, True), (["İlave", 5], True, True), (["Tutar", 0], False, False)),
        (["Özek", 5], False, True),
        # Words of other figures make none of the largest.
        *((["Tel", 4742123456], False, False), (["Sicil No", 12345], False, False)),
        (["TC", 12345678901], False, False),
        *((["Nüfus", 115000], False, False), (["Alan (m²)", 12000], False, False)),
        (["Telefonu", 4742123456], False, False),
        *((["Tutar", 5000, "Sayfa"], False, False), (["Notlar", 5000], True, True), (["Katodu", 5000], True, True)),
        # Years, percentages, codes, dates.
        *((["Ek ödenek", 2024], False, False), (["Ek ödenek", 1900], False, False), (["Ek ödenek", 2101], True, True)),
        *((["Ek ödenek", "%20"], False, False), (["Ek ödenek", "1.2.3"], False, False)),
        (["Ek ödenek", "1.2.3.4"], False, False),
        *((["Ek ödenek", "12.03.2024"], False, False), (["Ek ödenek 5.000 TL"], False, False)),
        (["Ek ödenek", True], False, False),
    ],
)  # fmt: skip
def test_figures_beside_a_table(values: Values, anywhere: bool, below: bool) -> None:
    assert (beside(values, near=False), beside(values, near=True)) == (anywhere, below)


def test_what_is_far_from_any_table_is_passed_over_but_in_a_form() -> None:
    for table in (None, costs()):
        sheet = Sheet(table)
        if table:
            table.ended = True
        assert sheet.look(row(["Ek ödenek", 5000])) == []
        assert sheet.look(row(["Ek ödenek", 5000], 1)) == []
        sheet.look(row(["Faiz"], 20), "row")
        assert sheet.look(row(["Ek ödenek", 5000], 22)) == []
        assert sheet.look(row(["Ek ödenek", 5000], 21)) == [2]
        # It goes on from one figure to the next.
        assert sheet.look(row(["Park", 500], 22)) == [2]
        assert sheet.look(row(["Park"], 23)) == []
        assert sheet.look(row(["Park", 500], 24)) == []
    sheet = Sheet(of_form=True)
    assert sheet.look(row(["Ek ödenek", 5000])) == [2]
    assert sheet.look(row(["Park", 500], 8)) == []  # below a figure that is near no table


def test_while_a_table_is_open_all_rows_are_of_it() -> None:
    table = costs()
    sheet = Sheet(table)
    assert sheet.look(row(["Park", 5], 90)) == [2]
    (found,) = sheet.strays.found
    assert (found.table, found.key) == ("FMT", "F.1.2.3")
    table.ended = True
    assert sheet.look(row(["Park", 5], 91)) == []  # no row of the table was taken above it
    assert sheet.look(row(["Park", 5], 92), "row") == [2]


def test_the_finding_names_the_table_and_all_figures_of_the_row() -> None:
    long = "5" + " " * 70 + "TL"
    sheet = Sheet(costs())
    sheet.look(row(["01", "Personel", 1, long, 6, 7]), "row", [3])
    places = [Place("a.xlsx", "FMT", 7, column) for column in (4, 5, 6)]
    within = finding("KX126", places[0], table="FMT", key="F.1.2.3", related=places[1:], found=long[:60])
    assert sheet.strays.found == [within]
    assert sheet.table is not None
    sheet.table.ended = True
    sheet.look(row(["Park", 500], 8))
    assert sheet.strays.found[1:] == [finding("KX126", Place("a.xlsx", "FMT", 8, 2), found="500")]


def test_a_heading_has_a_table_only_where_one_is_open() -> None:
    sheet = Sheet()
    assert sheet.look(row(["Hedef", 225000]), "label") == [2]
    assert (sheet.strays.found[0].table, sheet.strays.found[0].key) == ("", "")
    assert sheet.look(row(["Personel", 225000], 8), "row") == [2]


def test_what_a_merged_cell_covers_is_told_as_unseen() -> None:
    sheet = Sheet(costs())
    cells = row(["01", "Personel", 5, "6" + " " * 70 + "TL", 7])
    cells[3].unseen = Unseen.COVERED
    assert sheet.look(cells, "row", [3]) == [4, 5]
    covered, stray = sheet.strays.found
    reason = Unseen.COVERED.value
    assert covered == finding("KX109", Place("a.xlsx", "FMT", 7, 4), found=cells[3].text[:60], reason=reason)
    assert (stray.code, stray.place.column) == ("KX126", 5)
    hidden = row(["01", "Personel", 5, 6], 8)
    hidden[3].unseen = Unseen.HIDDEN
    sheet.look(hidden, "row", [3])
    assert [found.code for found in sheet.strays.found] == ["KX109", "KX126", "KX126"]


@pytest.mark.parametrize(("code", "is_told"), [("KX103", False), ("KX113", False), ("KX105", True)])
def test_of_a_row_that_was_not_read_nothing_more_is_said(code: str, is_told: bool) -> None:
    """KX103 and KX113 say that a figure was not read or not placed, KX105 only that it is negative."""
    told = finding(code, PLACE, found="x", why="rakam yok")
    sheet = Sheet(costs())
    assert sheet.look(row(["01", "Personel", 5, 225000]), "row", [3], [told]) == ([4] if is_told else [])
    assert sheet.table is not None
    sheet.table.ended = True
    assert sheet.look(row(["Park", 500], 8)) == [2]  # right below it all the same


NAME = "Mal ve Hizmet Alımları"
FULL = NAME + " " * (100 - len(NAME) - 12) + "(225.000 TL)"  # a hundred letters


@pytest.mark.parametrize(
    ("values", "read", "told"),
    [
        # An amount at the end of a name.
        *(([f"{NAME} (225.000 TL)"], [], [1]), ([f"{NAME} 225.000"], [], [1]), ([f"{NAME}: 225.000,50 ₺"], [], [1])),
        *(([f"{NAME} = 12345"], [], [1]), ([f"{NAME} – 12345,5 TRY.-"], [], [1]), ([f"{NAME} 5 lira"], [], [1])),
        ([f"{NAME} 5 TL"], [], [1]),
        *(([f"{NAME} 1234"], [], []), ([f"{NAME} 12/12345"], [], []), ([f"{NAME} 2024"], [], [])),
        ([f"{NAME} (3)"], [], []),
        # It is the last that counts, if it is a figure at all, and another than what was read.
        *(([f"{NAME} 225.000 ile 0 TL"], [], []), ([f"{NAME} 0 TL ile 225.000"], [], [1])),
        ([f"{NAME} 1,234 TL"], [], []),
        *(([f"{NAME} (225.000 TL)", 225000], [2], []), ([f"{NAME} (225.000 TL)", 5], [2], [1])),
        ([f"{NAME} (225.000 TL)", 0], [2], [1]),
        *(([f"{NAME} (225.000 TL)", 1, 225000], [2, 3], []), ([f"{NAME} (225.000 TL)", "225.000,00"], [2], [])),
        # In the midst of words it is one where no amount was read and nothing stands behind.
        *((["225.000 TL ile kömür almak"], [], [1]), (["225.000 TL ile kömür almak", 5], [2], [])),
        (["225.000 TL ile kömür almak", "x"], [], []),
        *((["x", "225.000 TL ile kömür almak"], [], [2]), (["225.000 TL ile kömür almak", 0], [2], [])),
        # What is longer than a name tells a story.
        *(([FULL], [], [1]), ([" " + FULL], [], [])),
    ],
)  # fmt: skip
def test_amounts_in_words(values: Values, read: list[int], told: list[int]) -> None:
    assert strays(values, read=read) == told


@pytest.mark.parametrize(("how", "told"), [("row", [1, 2]), ("columns", [1]), ("", [1]), ("label", [])])
def test_amounts_in_words_of_other_rows(how: str, told: list[int]) -> None:
    """Only in a row may it stand in the midst of words; a heading's label may tell of money."""
    cells = row([f"{NAME} (225.000 TL)", "225.000 TL ile kömür almak"])
    assert Sheet(costs()).look(cells, how) == told


@pytest.mark.parametrize(
    ("how", "text", "read", "told"),
    [
        *(("row", "Kömür (225.000 TL)", [], [1]), ("row", "Kömür (225.000)", [], [])),
        ("row", "Kömür 12345 m yol", [], []),
        *(("row", "Kömür (225.000 TL)", [2], []), ("columns", "Kömür (225.000)", [], [1])),
        ("", "Kömür (225.000)", [], [1]),
    ],
)
def test_an_activitys_name_may_tell_of_figures(how: str, text: str, read: list[int], told: list[int]) -> None:
    """In a table whose rows have names of their own only an amount in lira beside no other is one."""
    assert Sheet(target()).look(row([text, 7] if read else [text]), how, read) == told


def test_outside_a_table_words_are_no_amounts() -> None:
    sheet = Sheet(of_form=True)
    assert sheet.look(row([f"{NAME} (225.000 TL)"])) == []
