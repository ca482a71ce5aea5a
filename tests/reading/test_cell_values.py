"""From a cell to a figure: what amounts and indicators are read as, and the finding for what is not plain."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace

from kars_xl.base.place import Place
from kars_xl.findings.finding import Finding, finding
from kars_xl.model.programme import IndicatorValue
from kars_xl.reading.cell_values import CellReader, format_indicator, why_unread
from kars_xl.reading.grid.cells import Cell, CellValue, ExcelError, Unseen
from kars_xl.reading.row_cells import year_of
from kars_xl.reading.tables import Amount

PLACE, ELSEWHERE = Place("fen.xlsx", "FMT", 7, 3), Place("fen.xlsx", "FMT", 9, 3)
BEYOND = 10**14  # lira: a hundred trillion, more than Excel keeps to the kuruş


def cell(value: CellValue, formula: str | None = None, number_format: str = "General", **more: object) -> Cell:
    sheet = str(more.get("sheet", "FMT"))
    unseen = Unseen.HIDDEN if more.get("hidden") else ""
    return Cell("fen.xlsx", sheet, 7, 3, value, formula=formula, number_format=number_format, unseen=unseen)


def serial(day: date) -> Decimal:
    """The number that a spreadsheet keeps for a day: it counts 31 December 1899 as 1, and a 29 February 1900."""
    return Decimal((day - date(1899, 12, 31)).days + 1)


def amount(given: Cell | None, *, total: bool = False) -> tuple[Amount, list[Finding]]:
    reader = CellReader()
    return reader.amount(given, ELSEWHERE, "FMT", "F.1.1.1", "Mal ve Hizmet", total=total), reader.findings


def indicator(given: Cell | None) -> tuple[IndicatorValue | None, list[Finding]]:
    reader = CellReader()
    return reader.indicator(given, "PG.1.1.1", "Açılan yol"), reader.findings


UNSTORED = "formülün sonucu dosyada kayıtlı değil"


def said(
    code: str, found: str, read: str = "", *, table: str = "FMT", sheet: str = "FMT", why: str = "rakam yok"
) -> Finding:
    """The finding as a reader of that cell should have it."""
    key, label = ("F.1.1.1", "Mal ve Hizmet") if table == "FMT" else ("PG.1.1.1", "Açılan yol")
    facts = {"found": found, **({"read": read} if read else {})}
    place = Place("fen.xlsx", sheet, 7, 3)
    return finding(code, place, table=table, key=key, label=label, values=list(facts.items()), **facts, why=why)


@pytest.mark.parametrize(
    ("value", "kurus"),
    [
        (Decimal("60000"), 6_000_000),
        (Decimal("0.01"), 1),
        (Decimal("0"), 0),
        (Decimal("1.10000000001"), 110),
        (Decimal("1.000001"), 100),
        (Decimal(BEYOND) - Decimal("0.01"), BEYOND * 100 - 1),
    ],
)
def test_plain_amounts_are_read_in_silence(value: Decimal, kurus: int) -> None:
    assert amount(cell(value)) == (Amount(kurus, PLACE), [])
    assert amount(cell(value, "A1*2")) == (Amount(kurus, PLACE, formula=True), [])


def test_an_amount_that_is_not_there_is_zero_at_the_place_of_its_row() -> None:
    assert amount(None) == (Amount(0, ELSEWHERE, given=False), [])
    assert amount(cell(None)) == (Amount(0, PLACE, given=False), [])
    assert amount(cell("-")) == (Amount(0, PLACE), [])


def test_a_formula_without_stored_result_can_not_be_read_but_as_a_total() -> None:
    assert amount(cell(None, "=A1+A2")) == (Amount(None, PLACE, formula=True), [said("KX103", "=A1+A2", why=UNSTORED)])
    assert amount(cell(None, "A1+A2")) == (Amount(None, PLACE, formula=True), [said("KX103", "=A1+A2", why=UNSTORED)])
    reader = CellReader()
    assert reader.amount(cell(None, "A1"), ELSEWHERE, "FMT", "F.1.1.1").kurus is None
    assert amount(cell(None, "A1+A2"), total=True) == (Amount(0, PLACE, given=False, formula=True), [])


@pytest.mark.parametrize(
    ("given", "code", "found", "why"),
    [
        (cell(ExcelError("#REF!")), "KX104", "#REF!", ""),
        (cell(True), "KX103", "DOĞRU", "rakam yok"),
        (cell(False), "KX103", "YANLIŞ", "rakam yok"),
        (cell("1,500"), "KX103", "1,500", "birden çok anlama gelebilir"),
        (cell("45O.000"), "KX103", "45O.000", "O harfi var"),
        (cell("bin 500"), "KX103", "bin 500", "harf var"),
        (cell("14..,.-"), "KX103", "14..,.-", "birden çok nokta ya da virgül var"),
        (cell("12 50"), "KX103", "12 50", "rakamların arasında boşluk var"),
        (cell("5-6"), "KX103", "5-6", "yazılışı bir sayıya uymuyor"),
        (cell("%20"), "KX103", "%20", "yüzde işareti var"),
        (cell(serial(date(2024, 2, 3)), number_format="dd.mm.yyyy"), "KX107", "03.02.2024", ""),
        (cell(Decimal(10) ** 9, number_format="d/m/yy"), "KX107", "1000000000", ""),
        (cell(Decimal(BEYOND)), "KX103", "100000000000000", "çok büyük"),
        (cell(-Decimal(BEYOND)), "KX103", "-100000000000000", "çok büyük"),
        (cell("₺" + 30 * " " + "100.000.000.000.000"), "KX103", "₺" + 30 * " " + "100.000.0", "çok büyük"),
    ],
)
def test_what_is_no_amount(given: Cell, code: str, found: str, why: str) -> None:
    assert amount(given) == (Amount(None, PLACE), [said(code, found, why=why)])
    assert amount(given, total=True) == (Amount(None, PLACE), [said(code, found, why=why)])
    assert amount(replace(given, formula="A1*2"))[0] == Amount(None, PLACE, formula=True)


@pytest.mark.parametrize(
    ("given", "kurus", "code", "found", "read"),
    [
        (cell(Decimal("1.005")), 101, "KX106", "1,005", "1,01"),
        (cell(Decimal("1.0000011")), 100, "KX106", "1,0000011", "1,00"),
        (cell(Decimal("1.000001005")), 100, "KX106", "1,000001005", "1,00"),
        (cell(Decimal("1.995000")), 200, "KX106", "1,995", "2,00"),
        (cell(" 60.000,00 TL"), 60_000_00, "KX102", " 60.000,00 TL", "60.000,00"),
    ],
)
def test_what_is_read_with_a_remark_but_not_of_a_total(
    given: Cell, kurus: int, code: str, found: str, read: str
) -> None:
    assert amount(given) == (Amount(kurus, PLACE), [said(code, found, read)])
    assert amount(given, total=True) == (Amount(kurus, PLACE), [])


def test_what_nobody_sees_is_said_but_not_of_a_total() -> None:
    given = cell(Decimal("0.01"), hidden=True)
    found, findings = amount(given)
    assert found == Amount(1, PLACE)
    assert [(item.code, item.message) for item in findings] == [
        ("KX109", "Görünmeyen rakam var: 0,01 (gizli satır, sütun ya da sayfada).")
    ]
    assert amount(given, total=True) == (Amount(1, PLACE), [])


def test_what_is_remarked_of_a_total_too() -> None:
    for total in (False, True):
        assert amount(cell(Decimal("-0.01")), total=total) == (Amount(-1, PLACE), [said("KX105", "-0,01")])
        for formula in ("[1]Sayfa1!A1", "='C:\\[Bütçe.xlsx]Sayfa1'!A1*2"):
            linked = said("KX110", "=" + formula.lstrip("="))
            assert amount(cell(Decimal(5), formula), total=total) == (Amount(500, PLACE, formula=True), [linked])


def test_what_is_nothing_to_remark() -> None:
    assert amount(cell(Decimal(0), hidden=True)) == (Amount(0, PLACE), [])
    assert amount(cell(Decimal(5), "Tablo1[Tutar]*2"))[1] == []
    assert amount(cell("60.000,00", sheet=""))[1] == []  # a text file holds nothing but text


def test_a_row_without_a_name_has_no_label() -> None:
    reader = CellReader()
    reader.amount(cell(True), PLACE, "TKT", "")
    assert [(found.table, found.key, found.label) for found in reader.findings] == [("TKT", "", "")]
    reader.indicator(cell(True), "PG.1.1.1")
    assert reader.findings[1].label == ""


@pytest.mark.parametrize(
    ("given", "value"),
    [
        (None, None),
        (cell(None), None),
        (cell("-"), IndicatorValue(None)),
        (cell("- ", sheet=""), IndicatorValue(None)),
        (cell(Decimal(6)), IndicatorValue(Decimal(6))),
        (cell(Decimal("0.375"), number_format="0.0%"), IndicatorValue(Decimal("37.5"), True)),
        (cell("37,5%", sheet=""), IndicatorValue(Decimal("37.5"), True)),
        (cell("6.000", sheet=""), IndicatorValue(Decimal(6000))),
        (cell(Decimal("0.375"), "A1/A2", "0.0%"), IndicatorValue(Decimal("37.5"), True)),
    ],
)
def test_indicator_values_that_are_plain(given: Cell | None, value: IndicatorValue | None) -> None:
    assert indicator(given) == (value, [])


@pytest.mark.parametrize(
    ("given", "value", "code", "found", "read"),
    [
        (cell("% 37,50"), IndicatorValue(Decimal("37.5"), True), "KX102", "% 37,50", "%37,5"),
        (cell("6000"), IndicatorValue(Decimal(6000)), "KX102", "6000", "6.000"),
        (cell("1,500"), None, "KX103", "1,500", ""),
        (cell(None, "A1/A2"), None, "KX103", "=A1/A2", ""),
        (cell(ExcelError("#DIV/0!"), "A1/0"), None, "KX104", "#DIV/0!", ""),
        (cell(serial(date(2023, 12, 31)), number_format="d.mm.yy"), None, "KX107", "31.12.2023", ""),
    ],
)
def test_indicator_values_with_a_remark(
    given: Cell, value: IndicatorValue | None, code: str, found: str, read: str
) -> None:
    why = why_unread(found)
    assert indicator(given) == (value, [said(code, found, read, table="PHT", why=why)])


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        (None, ""),
        (IndicatorValue(None), "-"),
        (IndicatorValue(Decimal("6000.0")), "6.000"),
        (IndicatorValue(Decimal("37.5"), True), "%37,5"),
        (IndicatorValue(Decimal(0)), "0"),
    ],
)
def test_indicators_as_printed(value: IndicatorValue | None, printed: str) -> None:
    assert format_indicator(value) == printed


@pytest.mark.parametrize(
    ("heading", "year"),
    [("2024", 2024), ("Bütçe 1999 (t+1) 2031", 1999), ("12024", None), ("20245", None), ("1899", None), ("t+1", None)],
)
def test_the_year_in_a_heading(heading: str, year: int | None) -> None:
    assert year_of(cell(heading)) == year
    if heading.isdigit():
        assert year_of(cell(Decimal(heading))) == year
