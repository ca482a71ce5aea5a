"""Tablo 11 as it is merged: the finance office's two columns with their cells, and what is said where they lack."""

from __future__ import annotations

import pytest

from kars_xl.base.place import Place
from kars_xl.checking.book import book_of
from kars_xl.checking.rules import check_finance
from kars_xl.checking.tables.totals import check_totals
from kars_xl.findings.finding import ERROR, WARNING, Finding, finding
from kars_xl.merging.consolidate import consolidate
from kars_xl.merging.notes import Notes
from kars_xl.merging.tables import finance_columns
from kars_xl.model.cost_rows import CostRow
from kars_xl.model.programme import Costs
from kars_xl.model.sources import ColumnSource, Sender
from kars_xl.model.units import Unit
from kars_xl.reading.tables import Document, ResourceMatrix
from tests.helpers.tables_by_hand import Given, at, differs, form, matrix


def column(**cells: Given) -> dict[int | str, Given]:
    """A column of Tablo 11 with all economic codes; b3=100 is code 3, other cells by their keys."""
    found: dict[int | str, Given] = {n: cells.pop(f"b{n}", 0) for n in range(1, 10)}
    return found | cells


NOTHING: dict[str, dict[int | str, Given]] = {"transfers": {1: 0}}


def taken(*documents: Document, notes: Notes | None = None) -> tuple[tuple[ColumnSource, ...], list[Finding]]:
    notes = notes or Notes(None)
    before = len(notes.findings)
    return finance_columns(documents, notes), notes.findings[before:]


def said(table: ResourceMatrix, *findings: Finding) -> list[Finding]:
    """What is said of the table's sums; `findings` are those of reading it."""
    document = form(table, file="mali.xlsx")
    document.findings += findings
    return list(check_totals(book_of([document], recomputed=True)))


def test_tablo_11_gives_two_columns_with_all_their_cells() -> None:
    given = column(b1=7, b9=9, source0=1, source2=3, budget_total=16, extra_total=4, grand_total=20)
    table = matrix({"activity_column": column(b1=999), "general": given, "transfers": {5: 8}})
    document = form(table, file="mali.xlsx", digest="d", unit="Mali Hizmetler", filled_by="Ali", revision="2")
    (general, transfers), findings = taken(form(), document)
    assert findings == []
    rows = [*range(2, 11), 11, None, 12]
    places = {row: at(number, 4, "mali.xlsx", "TKT") for row, number in zip(CostRow, rows, strict=True) if number}
    sender = Sender(unit=Unit("Mali Hizmetler"), revision=2, filled_by="Ali", digest="d")
    costs = Costs.of(dict(zip(map(CostRow, (1, 9, "source0", "source2")), (7, 9, 1, 3), strict=True)))
    place = at(15, 4, "mali.xlsx", "TKT")
    assert general == ColumnSource(column="general", costs=costs, place=place, sender=sender, places=places)
    places = {CostRow(5): at(2, 5, "mali.xlsx", "TKT")}
    costs = Costs.of({CostRow(5): 8})
    place = at(1, 1, "mali.xlsx", "TKT")
    assert transfers == ColumnSource(column="transfers", costs=costs, place=place, sender=sender, places=places)


def test_without_tablo_11_there_is_nothing_and_twice_is_too_often() -> None:
    assert taken(form(file="a.xlsx"), form(matrix({"activity_column": column(b1=1)}))) == ((), [])
    what = "Mali Hizmetler formu (Genel Yönetim Giderleri, Diğer İdarelere Transfer + Yedek Ödenek)"
    lacking = finding("KX203", Place(""), table="TKT", what=what)  # the fault of none of the forms that came
    assert check_finance(consolidate([form(file="a.xlsx")])) == [lacking]
    forms = [form(matrix({"general": column(b1=n)} | NOTHING, file=file), file=file) for n, file in enumerate("abc", 1)]
    facts = {"table": "TKT", "key": "Tablo 11", "unit": "Mali Hizmetler"}
    for several in (forms[:2], forms):
        (general, _), findings = taken(*several)
        assert findings == [finding("KX204", at(1, 1, "b", "TKT"), related=[at(1, 1, "a", "TKT")], **facts)]
        assert general.costs.total == 1


@pytest.mark.parametrize(
    ("name", "called", "row", "number"),
    [("general", "Genel Yönetim Giderleri", 3, 2), ("transfers", "Diğer İdarelere Transfer + Yedek Ödenek", 4, 2)],
)
def test_a_blank_column_is_said(name: str, called: str, row: int, number: int) -> None:
    columns = {"general": column(b1=1), "transfers": column(b1=1)} | {
        name: dict.fromkeys([*range(1, 10), "grand_total"])
    }
    place = at(number, row, "mali.xlsx", "TKT")
    blank = finding("KX101", place, table="TKT", what=f"{called} sütunu", blank="0")
    assert taken(form(matrix(columns)))[1] == [blank]


@pytest.mark.parametrize("name", ["general", "transfers"])
def test_a_column_that_is_not_there_is_no_zero(name: str) -> None:
    called = {"general": "Genel Yönetim Giderleri", "transfers": "Diğer İdarelere Transfer + Yedek Ödenek"}
    (there,) = called.keys() - {name}
    columns, findings = taken(form(matrix({there: column(b1=1)})))
    assert [found.costs.total for found in columns] == [int(there == "general"), int(there == "transfers")]
    missing = finding("KX101", at(1, 1, "mali.xlsx", "TKT"), table="TKT", what=f"{called[name]} sütunu", blank="0")
    assert findings == [missing]


@pytest.mark.parametrize(("key", "what"), [(3, "3 Mal ve Hizmet Alım Giderleri"), ("source1", "Diğer Yurt İçi")])
def test_totals_of_a_row_of_tablo_11(key: int | str, what: str) -> None:
    columns = {
        "general": {key: 60_00} | column(b3=60_00),
        "transfers": {key: 5_00} | column(b3=5_00),
        "grand_total": {key: 66_00},
    }
    facts = {"key": what, "table": "TKT", "what": f"{what} ▸ Genel Toplam"}
    total = differs("KX127", at(2, 5, "mali.xlsx", "TKT"), "66,00", "65,00", ERROR, difference="1,00", **facts)
    assert said(matrix(columns)) == [total]


def test_rows_that_tablo_11_lacks_are_told() -> None:
    given = column(b1=7)
    del given[2], given[9]
    found = taken(form(matrix({"general": given, "transfers": {1: 0}})))[1]
    what = "Tablo 11'de 2, 9 ekonomik kodunun satırı"
    lacking = finding("KX101", at(1, 1, "mali.xlsx", "TKT"), table="TKT", severity=WARNING, what=what, blank="0")
    assert found == [lacking]


def test_totals_of_tablo_11() -> None:
    given = column(b3=60_00, source1=5_00, budget_total=61_00, extra_total=6_00, grand_total=64_00)
    wrong = [
        ("61,00", "60,00", "Toplam Bütçe Kaynak İhtiyacı"),
        ("6,00", "5,00", "Toplam Bütçe Dışı Kaynak İhtiyacı"),
        ("64,00", "65,00", "Genel Toplam"),
    ]
    assert said(matrix({"general": given} | NOTHING)) == [
        differs(
            *(("KX127",) if found > expected else ("KX108",)), at(row, 3, "mali.xlsx", "TKT"), found, expected,
            key=key, table="TKT", what=f"{key} ▸ Genel Yönetim Giderleri", difference="1,00",
        )
        for row, (found, expected, key) in enumerate(wrong, 12)
    ]  # fmt: skip


@pytest.mark.parametrize("missing", [1, 9])
def test_what_tablo_11_has_more_may_be_that_of_missing_rows(missing: int) -> None:
    given = column(b3=60_00, grand_total=70_00)
    del given[missing]
    found = said(matrix({"general": given, "transfers": {missing: 0}}))
    assert [item.severity for item in found] == [ERROR]


@pytest.mark.parametrize(("table", "silent"), [("TKT", True), ("PHT", False)])
def test_totals_of_a_spoiled_tablo_11_say_nothing_more(table: str, silent: bool) -> None:
    spoilt = finding("KX104", at(1, file="mali.xlsx"), table=table, found="#REF!")
    found = said(matrix({"general": column(b3=1, grand_total=2)} | NOTHING), spoilt)
    assert [item.code for item in found] == ([] if silent else ["KX127"])
