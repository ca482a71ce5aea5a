"""What a formula's words lead to: cells of other sheets, names, tables, other workbooks, and back to itself."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kars_xl.reading.grid.cells import Area, CellValue, ExcelError, Table, Unknown
from kars_xl.reading.grid.formulas import Formulas, Result
from tests.helpers.computed import UNKNOWN, Book, Written, cases, computed, same
from tests.helpers.computed import stored as value_of

NO_PLACE = ExcelError("#REF!")
CELLS: dict[str, Written] = {
    **{"A1": 1, "A2": 2, "A3": 3, "B2": 20, "Gelir!A1": 100, "Gelir!B2": 200, "Ek Gelir!A1": 1000, "Yılı'24!A1": 5},
    "Gelir!Z9": "=A1+B2",
}
NAMES = {
    **{"tutar": "Veri!$A$2", "oran": "0.5", "toplam": "=SUM(Veri!$A$1:$A$3)", "kolon": "Veri!$A:$A"},
    **{"satır": "Veri!$2:$2", "iç": "tutar*10", "boş": "", "kesik": "#REF!"},
    **{"yan": "Veri!A2", "yarım": "Veri!$A2", "yarısı": "Veri!A$2", "iki": "Veri!$A$1+Veri!A2"},
    **{"gelir!tutar": "Gelir!$A$1", "veri!yerel": "7", "ek gelir!oran": "0.25"},
}
REFERENCES = r"""
A2 → 2   $A$2 → 2   a2 → 2   A2+B2 → 22   A9 → 0   Veri!A2 → 2   veri!A2 → 2
Gelir!A1 → 100   GELIR!A1 → 100   'Gelir'!A1 → 100   'Ek Gelir'!A1 → 1000   'Yılı''24'!A1 → 5   Gelir!A9 → 0
SUM(Gelir!A1:B2) → 300   SUM('Ek Gelir'!A:A) → 1000   SUM(B2:A1) → 23   SUM(A2:A1) → 3   SUM(A$1:$A3) → 6
Gider!A1 → #REF!   SUM(Gider!A1:A2) → #REF!   IFERROR(Gider!A1,8) → 8   #REF! → #REF!   Gelir!#REF! → #REF!
SUM(Veri:Gelir!A1) → ?   XFD1048576 → 0   XFE1 → ?   A1048577 → ?   A0 → ?
# Names: of the workbook, and a sheet's own before them.
tutar → 2   Tutar*2 → 4   TUTAR → 2   oran → 0.5   toplam → 6   SUM(kolon) → 6   SUM(satır) → 22   iç → 20
Gelir!tutar → 100   yerel → 7   Veri!yerel → 7   Gelir!yerel → ?   'Ek Gelir'!oran → 0.25   Gelir!oran → 0.5
yok → ?   boş → ?   kesik → #REF!
# Without $ a name means another cell in each cell.
yan → ?   yarım → ?   yarısı → ?   iki → ?
"""


@pytest.mark.parametrize(("formula", "expected"), cases(REFERENCES))
def test_what_a_reference_leads_to(formula: str, expected: CellValue) -> None:
    assert same(Book({**CELLS, "Z99": "=" + formula}, names=NAMES).value("Z99"), expected)


@pytest.mark.parametrize("formula", ["[1]Sayfa1!$A$1", "1+'C:\\[Bütçe.xlsx]Mali'!$A$1", "SUM('[a]S'!$A$1:$A$3)"])
def test_of_a_link_to_another_workbook_the_formula_is_told(formula: str) -> None:
    assert same(computed(formula), Unknown("=" + formula))
    assert same(Book({"A1": "=ad*2"}, names={"ad": formula}).value("A1"), Unknown("=" + formula))


def test_a_name_means_what_it_means_on_the_sheet_of_its_formula() -> None:
    book = Book({**CELLS, "Z99": "=tutar", "Gelir!Z99": "=tutar"}, names=NAMES)
    assert (book.value("Z99"), book.value("Gelir!Z99"), book.value("Gelir!Z9")) == (2, 100, 300)


# Rows 11 to 14 of sheet Veri: headings, two rows, totals; beside it another without totals or headings.
TABLES = {
    "tablo1": Table(Area("veri", 11, 1, 14, 3), ("ad", "tutar", "ek tutar"), 1, 1),
    "düz": Table(Area("veri", 11, 5, 12, 6), ("x", "y"), 0, 0),
    "garip": Table(Area("veri", 11, 8, 12, 9), ("a'", "a@"), 0, 0),
    "gelirler": Table(Area("gelir", 1, 1, 2, 2), ("x", "tutar"), 0, 0),
}
IN_TABLES: dict[str, Written] = {
    **{"A11": "Ad", "A12": "a", "A13": "b", "B11": "Tutar", "B12": 10, "B13": 20, "B14": 30.5},
    **{"C11": "Ek Tutar", "C12": 100, "C13": 200, "C14": 300.5, "E11": 1, "F11": 2, "E12": 3, "F12": 4},
    **{"Gelir!A1": 5, "Gelir!B1": 6, "Gelir!B2": 7},
}
OF_TABLES = r"""
SUM(Tablo1[Tutar]) → 30   SUM(tablo1[TUTAR]) → 30   SUM(Tablo1[Ek Tutar]) → 300   SUM(Tablo1[]) → 330
SUM(Tablo1[[Tutar]]) → 30   SUM(Tablo1[[#Data],[Tutar]]) → 30   SUM(Tablo1[#Data]) → 330
Tablo1[[#Totals],[Tutar]] → 30.5   SUM(Tablo1[#Totals]) → 331   SUM(Tablo1[#All]) → 661
SUM(Tablo1[[#All],[Tutar]]) → 60.5   COUNTA(Tablo1[[#All],[Ad]]) → 3   SUM(Gelirler[Tutar]) → 13
SUM(Düz[x]) → 4   SUM(Düz[y]) → 6   SUM(Düz[]) → 10   SUM(Düz[[#Totals],[x]]) → #REF!   Gelirler[[#Totals],[x]] → #REF!
# Other marks, two columns, one that is not there, a table that is not there, a part that is escaped.
SUM(Tablo1[#Headers]) → ?   SUM(Tablo1[[Tutar]:[Ek Tutar]]) → ?   SUM(Tablo1[[Ad],[Tutar]]) → ?
SUM(Tablo1[Yok]) → ?   SUM(Yok[Tutar]) → ?   SUM(Tablo1['#]) → ?   SUM(Tablo1[x]) → ?
# From row 99 no row of the table is its own.
Tablo1[@Tutar] → #REF!   [@Tutar] → ?
"""


@pytest.mark.parametrize(("formula", "expected"), cases(OF_TABLES))
def test_what_a_part_of_a_table_gives(formula: str, expected: CellValue) -> None:
    assert same(Book({**IN_TABLES, "Z99": "=" + formula}, tables=TABLES).value("Z99"), expected)


OWN_ROWS = r"""
# Column a@, whose sign is escaped, is not column a' of this row.
Z12: Garip[a'@] → ?
Z12: Tablo1[@Tutar] → 10   Z13: Tablo1[@Tutar] → 20   Z13: [@Tutar] → 20   Z12: [@Tutar]*2 → 20
Z13: [@[Ek Tutar]] → 200   Z12: Tablo1[[#This Row],[Ek Tutar]] → 100   Z14: Tablo1[@Tutar] → 30.5
Z12: SUM(Tablo1[@]) → 110   Z11: SUM([Tutar]) → 30   Z14: SUM([Tutar]) → 30   Z15: SUM([Tutar]) → ?
Z15: Tablo1[@Tutar] → #REF!   Z10: Tablo1[@Tutar] → #REF!   Z10: [@Tutar] → ?
Gelir!Z1: [@Tutar] → 6   Gelir!Z2: [@Tutar] → 7   Gelir!Z3: [@Tutar] → ?
"""


@pytest.mark.parametrize(("formula", "expected"), cases(OWN_ROWS))
def test_a_row_of_a_table_is_the_row_of_the_formula(formula: str, expected: CellValue) -> None:
    at, _, formula = formula.partition(": ")
    assert same(Book({**IN_TABLES, at: "=" + formula}, tables=TABLES).value(at), expected)


def test_the_same_words_in_two_rows_mean_each_its_own() -> None:
    cells = {"Z12": "=Tablo1[@Tutar]", "Z13": "=Tablo1[@Tutar]", "Y12": "=[#This Row]", "Y13": "=[#This Row]"}
    book = Book(IN_TABLES | cells, tables={"tablo1": Table(Area("veri", 11, 2, 14, 2), ("tutar",), 1, 1)})
    assert [book.value(at) for at in cells] == [10, 20, 10, 20]


def test_a_formula_longer_than_excel_lets_it_be_is_not_known() -> None:
    """8192 letters, of which a text's two signs are two."""
    assert same(computed('"' + "x" * 8190 + '"'), "x" * 8190)
    assert same(computed('"' + "x" * 8191 + '"'), UNKNOWN)


def test_formulas_are_computed_in_the_order_in_which_they_need_each_other() -> None:
    chain = {f"A{row}": f"=A{row + 1}+1" for row in range(1, 3000)}
    assert same(Book({**chain, "A3000": 1}).value("A1"), 3000)
    assert same(Book({"A1": "=SUM(B1:B3)", "B1": "=B2*2", "B2": "=B3*2", "B3": 5}).value("A1"), 35)


@pytest.mark.parametrize(
    "cells",
    [
        {"A1": "=A1"},
        {"A1": "=A1+1"},
        {"A1": "=B1", "B1": "=A1"},
        {"A1": "=B1+C1", "B1": "=C1", "C1": "=SUM(A1:A3)"},
        {"A1": "=SUM(A1:A3)"},
        {"A1": "=SUM(B:B)", "B7": "=A1"},
    ],
)
def test_a_formula_that_needs_itself_is_in_a_circle(cells: dict[str, Written]) -> None:
    assert same(Book(cells).value("A1"), Unknown(circular=True))


def test_two_formulas_that_need_the_same_are_in_no_circle() -> None:
    cells: dict[str, Written] = {"A1": "=B1+C1", "B1": "=D1", "C1": "=D1+B1", "D1": "=E1", "E1": 4}
    assert same(Book(cells).value("A1"), 12)


def test_what_rests_on_what_is_not_known_is_not_known_either() -> None:
    link = Unknown("=[1]Sayfa1!A1")
    book = Book(
        {"A1": "=B1+1", "B1": "=[1]Sayfa1!A1", "C1": "=SUM(A1:B1)", "D1": "=BILINMEYEN()", "E1": "=D1", "F1": 5}
    )
    assert [book.value(at) for at in ("A1", "B1", "C1", "D1", "E1")] == [link, link, link, UNKNOWN, UNKNOWN]
    assert same(computed("A1+1", {"A1": link}), link)
    assert same(computed("IFERROR(A1,1)", {"A1": link}), link)


def test_a_result_that_is_stored_stands_where_the_formula_is_not_known() -> None:
    """A link's stored value is a figure; what rests on it says so."""
    book = Book({"A1": "=B1*2", "C1": "=D1*2", "E1": "=F1*2", "F1": "=SUM(A9:A8,B9)", "G1": "=A1+C1"})
    book.put("B1", Decimal(30), "=[1]Sayfa1!A1")
    book.put("D1", Decimal(40), "=BILINMEYEN(1)")
    book.put("F1", Decimal(50), "=2+3")
    found = {at: book.formulas.of(book.cell(at)) for at in ("A1", "C1", "E1", "G1")}
    assert found["A1"] == Result(Decimal(60), "=[1]Sayfa1!A1")
    assert found["C1"] == Result(Decimal(80))
    assert found["E1"] == Result(Decimal(10))  # what the formula comes to goes before what is stored
    assert found["G1"] == Result(Decimal(140), "=[1]Sayfa1!A1")


def test_the_first_link_is_told() -> None:
    book = Book({"A1": "=B1+C1"})
    book.put("B1", Decimal(1), "=[1]S!A1")
    book.put("C1", Decimal(2), "=[2]S!A1")
    assert book.formulas.of(book.cell("A1")) == Result(Decimal(3), "=[1]S!A1")
    book.put("D1", None, "=1/0+B1")
    book.put("E1", None, "=B1+1/0")
    assert [book.formulas.of(book.cell(at)) for at in ("D1", "E1")] == [
        Result(ExcelError("#DIV/0!")),
        Result(ExcelError("#DIV/0!"), "=[1]S!A1"),
    ]


def test_a_circle_is_none_the_better_for_a_stored_result() -> None:
    book = Book({"A1": "=B1+1"})
    book.put("B1", Decimal(5), "=B1*1")
    assert same(book.value("A1"), Unknown(circular=True))


def test_filling_gives_each_formula_without_a_result_its_own() -> None:
    book = Book({"A1": 5, "B1": "=A1*2", "Gelir!A1": "=Veri!B1", "Gelir!A2": "=[1]S!A1"})
    book.put("C1", Decimal(99), "=A1*2")
    book.formulas.fill()
    values: dict[str, CellValue] = {
        "B1": Decimal(10),
        "Gelir!A1": Decimal(10),
        "Gelir!A2": Unknown("=[1]S!A1"),
        "C1": Decimal(99),
    }
    for at, value in values.items():
        assert (book.cell(at).value, book.cell(at).formulas) == (value, book.formulas)
    assert book.cell("A1").formulas is None


@pytest.mark.parametrize(
    ("computes", "stored", "differs"),
    [
        *((5, 5, False), (5, 6, True), (5, -5, True), (0, 0, False), (0, 1, True), (0.3, "0,3", False)),
        *((0.3, "0,4", True), (1500, "1.500,00", False), (1500, "1.500,01", True), (1500, "1500 TL", False)),
        *((5, "beş", False), (5, "-", False), (5, "1,500", False), (5, None, False), (1, True, False)),
        *((5, ExcelError("#N/A"), False), ("a", 5, False), (UNKNOWN, 5, False), (ExcelError("#N/A"), 5, False)),
        *((None, 5, False), ("5", "6", False)),
        # Agreed to the ninth digit, and what is smaller than that of one lira.
        *((1e9, 1e9 + 0.5, False), (1e9, 1e9 + 5, True), (0, 1e-10, False), (0, 1e-8, True), (1e-10, 9e-10, False)),
        *((1, 1.00000001, True), (-1e9, -1e9 - 0.5, False)),
    ],
)  # fmt: skip
def test_whether_a_stored_result_is_plainly_another(computes: Written, stored: Written, differs: bool) -> None:
    assert Result(value_of(computes)).differs(value_of(stored)) is differs


@pytest.mark.parametrize(
    ("formula", "looks"),
    [
        # Two parts of the formula and six cells, once to find out what is needed and once for the sum.
        ("SUM(A1:B3)", 2 + 6 + 1 + 6),
        # Seven cells are fewer than the columns hold.
        ("SUM(A:B)", 2 + 7 + 1 + 7),
        ("A1*2", 3 + 1 + 3 + 1),
        # Eight letters of a text are as a cell.
        ('"12345678"&"1234567"', 3 + 0 + 3 + 1),
        ('"12345678"&"12345678"', 3 + 0 + 3 + 2),
        # A name is a hundred cells, that no name may lead to more and more others for ever.
        ("ad", 1 + 100 + 1 + 1),
    ],
)
def test_no_formula_takes_for_ever(formula: str, looks: int) -> None:
    """Of one that has no looks left the result is not known."""
    cells: dict[str, Written] = {"A1": 1, "A2": 2, "A3": 3, "B1": 4, "B2": 5, "B3": 6, "Z99": "=" + formula}
    whole = Book(cells, names={"ad": "5"})
    assert not isinstance(whole.value("Z99"), Unknown)
    assert Formulas(whole.grid).left - whole.formulas.left == looks
    assert Formulas(whole.grid).left == 8_000_000
    for left, is_known in ((looks, True), (looks - 1, False)):
        book = Book(cells, names={"ad": "5"})
        book.formulas.left = left
        assert (book.value("Z99") == whole.value("Z99")) is is_known
