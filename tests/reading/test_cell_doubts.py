"""What else is said of a cell with a figure: how it looks, what its formula comes to, and of which year it is."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from kars_xl.base.place import Place
from kars_xl.findings.finding import Finding, finding
from kars_xl.model.programme import IndicatorValue
from kars_xl.reading.cell_values import CellReader, unseen_once
from kars_xl.reading.grid.cells import Cell, CellValue, ExcelError, Unknown, Unseen
from kars_xl.reading.tables import Amount
from tests.helpers.computed import Book

PLACE = Place("fen.xlsx", "FMT", 7, 3)
LABEL = {"table": "FMT", "key": "F.1.1.1", "label": "Mal ve Hizmet"}


def cell(value: CellValue, formula: str | None = None, number_format: str = "General", **more: object) -> Cell:
    made = Cell("fen.xlsx", "FMT", 7, 3, value, formula=formula, number_format=number_format)
    for name, given in more.items():
        setattr(made, name, given)
    return made


def amount(given: Cell, *, total: bool = False) -> tuple[Amount, list[Finding]]:
    reader = CellReader()
    return reader.amount(given, Place(""), *LABEL.values(), total=total), reader.findings


def indicator(given: Cell) -> tuple[IndicatorValue | None, list[Finding]]:
    reader = CellReader()
    return reader.indicator(given, "PG.1.1.1", "Açılan yol"), reader.findings


def said(code: str, **facts: str) -> Finding:
    """The finding as a reader of that cell should have it."""
    return finding(code, PLACE, **LABEL, values=[it for it in facts.items() if it[0] != "why"], **facts)


def said_of_indicator(code: str, **facts: str) -> Finding:
    about = {"table": "PHT", "key": "PG.1.1.1", "label": "Açılan yol"}
    return finding(code, PLACE, **about, values=[it for it in facts.items() if it[0] != "why"], **facts)


THOUSANDS = '#,##0" Bin TL"'
LONG = "₺" + " " * 38 + "5"  # forty letters


@pytest.mark.parametrize(
    ("given", "found", "shown"),
    [
        (cell(Decimal(225), number_format=THOUSANDS), "225", "225 Bin TL"),
        (cell(Decimal("0.5"), number_format="0%"), "0.5", "50%"),
        (cell(Decimal(225), number_format="_-#,##0 [$$-409]_-"), "225", "225 $"),
        (cell(Decimal(225), shown="225 USD"), "225", "225 USD"),
        (cell("5", number_format='0;0;0;" 6 "'), "5", "6"),
        # Of both no more than forty letters are quoted.
        (cell(LONG, number_format='@"0"'), LONG, LONG + "0"),
        (cell(LONG + "00", number_format='"1"@'), LONG + "0", "1" + LONG[:39]),
    ],
)
def test_a_figure_that_shows_as_another_is_not_read(given: Cell, found: str, shown: str) -> None:
    expected = said("KX120", found=found[:40], shown=shown[:40])
    assert amount(given) == (Amount(None, PLACE), [expected])
    assert amount(given, total=True) == (Amount(None, PLACE), [expected])


def test_a_percentage_is_another_figure_for_money_and_none_for_an_indicator() -> None:
    given = cell(Decimal("0.5"), number_format="0%")
    assert indicator(given) == (IndicatorValue(Decimal(50), True), [])
    assert indicator(cell(Decimal(70), number_format='0"%"')) == (IndicatorValue(Decimal(70), True), [])
    assert indicator(cell(Decimal(70), shown="70%")) == (IndicatorValue(Decimal(70), True), [])
    assert indicator(cell(Decimal(12), number_format='0" km"')) == (IndicatorValue(Decimal(12)), [])
    other = cell(Decimal(225), number_format='0".000"')
    assert indicator(other) == (None, [said_of_indicator("KX120", found="225", shown="225.000")])


@pytest.mark.parametrize("rows", [2, 3])
def test_one_figure_for_several_rows_is_none_for_each(rows: int) -> None:
    given = cell(Decimal(225000), number_format="[>9]#,##0_-;0", rows=rows)
    assert amount(given) == (Amount(None, PLACE), [said("KX121", found="225.000", count=str(rows))])
    assert amount(given, total=True)[0] == Amount(None, PLACE)
    assert indicator(cell(Decimal(5), rows=rows)) == (None, [said_of_indicator("KX121", found="5", count=str(rows))])
    for nothing in (None, Decimal(0), "-"):
        assert amount(cell(nothing, rows=rows))[1] == []


def test_the_figure_of_a_merged_cell_is_quoted_with_forty_letters() -> None:
    words = "Toplam tutar dahil Toplam tutar net KDV "
    given = cell(Decimal(5), number_format=f'[>0]"{words}"0;0', rows=2)
    assert amount(given)[1] == [said("KX121", found=words, count="2")]


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (cell(Decimal(225400), number_format="#,##0,"), Unseen.SCALED),
        (cell(Decimal(5), number_format=";;;"), Unseen.FORMAT),
        (cell("225", number_format=";;;"), Unseen.FORMAT),
        (cell(Decimal(5), unseen=Unseen.COLOUR), Unseen.COLOUR),
        (cell(Decimal(5), unseen=Unseen.STRUCK), Unseen.STRUCK),
    ],
)
def test_a_figure_that_nobody_sees_is_read_and_told(given: Cell, reason: Unseen) -> None:
    found, findings = amount(given)
    assert found.kurus is not None
    written = {"5": "5", "225": "225", "225400": "225.400"}[given.text]
    assert findings[0] == said("KX109", found=written, reason=reason.value)
    assert "KX109" not in {item.code for item in amount(given, total=True)[1]}


@pytest.mark.parametrize("nothing", [None, Decimal(0), "-", ""])
def test_of_nothing_that_nobody_sees_nothing_is_said(nothing: CellValue) -> None:
    assert amount(cell(nothing, unseen=Unseen.STRUCK))[1] == []


def test_a_text_of_which_a_part_is_struck_is_no_figure() -> None:
    assert amount(cell("225300", unseen=Unseen.MIXED)) == (
        Amount(None, PLACE),
        [said("KX103", found="225300", why="bir bölümünün üstü çizili")],
    )
    assert amount(cell("-", unseen=Unseen.MIXED)) == (Amount(0, PLACE), [])
    assert amount(cell(Decimal(5), unseen=Unseen.MIXED))[0] == Amount(500, PLACE)


@pytest.mark.parametrize(
    ("value", "code", "found"),
    [
        (Unknown(), "KX103", "=A1*2"),
        (Unknown(circular=True), "KX117", "=A1*2"),
        (Unknown("=[1]Mali!A1"), "KX118", "=[1]Mali!A1"),
        (Unknown("=[1]Mali!A1", circular=True), "KX117", "=[1]Mali!A1"),
    ],
)
def test_a_formula_whose_result_is_not_known_is_no_figure(value: CellValue, code: str, found: str) -> None:
    for formula in ("A1*2", "=A1*2"):
        told = said(code, found=found, why="formülün sonucu dosyada kayıtlı değil")
        assert amount(cell(value, formula)) == (Amount(None, PLACE, formula=True), [told])
    told = said_of_indicator(code, found=found, why="formülün sonucu dosyada kayıtlı değil")
    assert indicator(cell(value, "A1*2")) == (None, [told])


def formula_cell(formula: str, stored: CellValue, change: Callable[[Book], object] = lambda _: None) -> Cell:
    """C7 of a sheet with 5 in A1, with a stored result of its own."""
    book = Book({"FMT!A1": 5})
    change(book)
    made = book.put("FMT!C7", stored, formula)
    made.file = "fen.xlsx"
    book.formulas = type(book.formulas)(book.grid)
    book.formulas.fill()
    return made


def test_a_stored_result_that_the_formula_does_not_come_to_is_read_and_told() -> None:
    read = Amount(1500, PLACE, formula=True)
    assert amount(formula_cell("A1*2", Decimal(15))) == (read, [said("KX116", found="15", computed="10")])
    assert amount(formula_cell("A1*2.5", Decimal(15))) == (read, [said("KX116", found="15", computed="12,5")])
    assert amount(formula_cell("A1*3", Decimal(15))) == (read, [])
    assert amount(formula_cell("A1*2", Decimal(15)), total=True) == (read, [])  # it is recomputed anyway
    assert indicator(formula_cell("A1*2", Decimal(15)))[1] == [said_of_indicator("KX116", found="15", computed="10")]


def test_a_formula_that_rests_on_itself_is_no_figure_whatever_is_stored() -> None:
    circle = said("KX117", found="=C7+1")
    assert amount(formula_cell("=C7+1", Decimal(15))) == (Amount(None, PLACE, formula=True), [circle])
    assert amount(formula_cell("C7+1", Decimal(15)), total=True) == (Amount(1500, PLACE, formula=True), [])
    # A formula that is not known for another reason has its stored result.
    assert amount(formula_cell("BILINMEYEN()", Decimal(15))) == (Amount(1500, PLACE, formula=True), [])


def test_a_link_is_told_wherever_a_formula_rests_on_it() -> None:
    linked = "=[1]Mali!A1"
    own = formula_cell(linked, Decimal(15))
    assert amount(own) == (Amount(1500, PLACE, formula=True), [said("KX110", found=linked)])
    behind = formula_cell("B1*2", Decimal(30), lambda book: book.put("FMT!B1", Decimal(15), linked))
    assert amount(behind) == (Amount(3000, PLACE, formula=True), [said("KX110", found=linked)])
    wrong = formula_cell("B1*3", Decimal(30), lambda book: book.put("FMT!B1", Decimal(15), linked))
    assert amount(wrong)[1] == [said("KX110", found=linked), said("KX116", found="30", computed="45")]
    assert indicator(behind)[1] == [said_of_indicator("KX110", found=linked)]


def test_a_blank_or_a_dash_of_a_formula_is_held_against_nothing() -> None:
    for nothing in ("", "-"):
        assert amount(formula_cell("A1*2", nothing)) == (Amount(0, PLACE, given=nothing != "", formula=True), [])


def test_the_cells_that_were_read_are_known() -> None:
    reader = CellReader()
    reader.amount(cell(Decimal(5)), Place(""), "FMT", "F.1.1.1")
    other = cell(ExcelError("#N/A"))
    other.row, other.column = 9, 4
    reader.indicator(other, "PG.1.1.1")
    reader.amount(None, PLACE, "FMT", "F.1.1.1")
    assert reader.seen == {(7, 3), (9, 4)}


@pytest.mark.parametrize(
    ("years", "year"),
    [({}, None), ({2024: 1}, 2024), ({2024: 2, 2025: 1}, 2024), ({2024: 1, 2025: 1}, None), ({1: 1, 2: 5, 3: 5}, None)],
)
def test_the_programmes_year_is_what_most_headings_say(years: dict[int, int], year: int | None) -> None:
    reader = CellReader()
    reader.years.update(years)
    assert reader.year == year


def test_a_count_of_a_general_table_is_what_its_cell_shows() -> None:
    def told(given: Cell) -> list[Finding]:
        reader = CellReader()
        reader.count(given, "Kamyon")
        return reader.findings

    facts = {"found": "5", "shown": "5.000"}
    other = finding("KX120", PLACE, label="Kamyon", values=list(facts.items()), **facts)
    assert told(cell(Decimal(5), number_format='0".000"')) == [other]
    hidden = {"found": "5", "reason": Unseen.HIDDEN.value}
    unseen = finding("KX109", PLACE, label="Kamyon", values=list(hidden.items()), **hidden)
    assert told(cell(Decimal(5), unseen=Unseen.HIDDEN)) == [unseen]
    # A percentage or a unit is a count as well, and dates and texts are none.
    for form in ("0%", '0" km"', "dd.mm.yyyy", "0"):
        assert told(cell(Decimal(5), number_format=form)) == []
    assert told(cell("5", unseen=Unseen.HIDDEN)) == []
    assert told(cell(Decimal(0), unseen=Unseen.HIDDEN)) == []
    assert told(cell(ExcelError("#N/A"), unseen=Unseen.HIDDEN)) == []


def unseen(row: int, found: str, reason: str = "gizli", sheet: str = "FMT", key: str = "F.1") -> Finding:
    facts = {"found": found, "reason": reason}
    place = Place("a.xlsx", sheet, row, 3)
    return finding("KX109", place, table="FMT", key=key, label="Faiz", values=list(facts.items()), **facts)


def test_unseen_figures_of_a_sheet_are_one_finding_for_each_reason() -> None:
    first, alone, elsewhere = unseen(1, "5"), unseen(2, "6", "çizili"), unseen(3, "7", sheet="FMT 2")
    negative = finding("KX105", Place("a.xlsx", "FMT", 4, 3), found="-1")
    again = finding("KX105", Place("a.xlsx", "FMT", 4, 3), found="-1")
    given = [first, alone, negative, unseen(5, "8", key="F.2"), elsewhere, again, unseen(6, "9")]
    together = finding(
        "KX109",
        first.place,
        table="FMT",
        key="F.1",
        label="Faiz",
        values=[("found", "5"), ("reason", "gizli")],
        related=[Place("a.xlsx", "FMT", 5, 3), Place("a.xlsx", "FMT", 6, 3)],
        found="5 ve 2 rakam daha",
        reason="gizli",
    )
    assert list(unseen_once(given)) == [together, alone, negative, elsewhere, again]
    assert together.message == "Görünmeyen rakam var: 5 ve 2 rakam daha (gizli)."
    assert list(unseen_once([])) == []
