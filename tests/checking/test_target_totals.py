"""Typed totals below a target's activities (KX108, KX127), and the reserve outside its column of Tablo 11 (KX312)."""

from __future__ import annotations

import pytest

from kars_xl.checking.book import book_of
from kars_xl.checking.tables import totals
from kars_xl.findings.finding import Finding, finding
from kars_xl.reading.tables import AmountRow, Document, TargetTable
from tests.helpers.tables_by_hand import (
    UNREADABLE,
    Given,
    activity_row,
    amount,
    at,
    computed,
    differs,
    form,
    matrix,
    target_table,
)

PROPER = "Diğer İdarelere Transfer Edilecek Kaynaklar + Yedek Ödenek Toplamı"


def check_target_totals(documents: list[Document]) -> list[Finding]:
    return list(totals.check_totals(book_of(documents, recomputed=True)))


def check_reserve(documents: list[Document]) -> list[Finding]:
    return list(totals.check_reserve(book_of(documents, recomputed=True)))


def table(label: str = "grand_total", **totals: Given) -> TargetTable:
    """Two activities of 10,00 + 1,00 and 20,00 + 2,00 TL; the given totals in row 30."""
    made = target_table(
        activity_row("F.1.1.1", 11_00, 10_00, 1_00), activity_row("F.1.1.2", 22_00, 20_00, 2_00, row=21)
    )
    cells = [
        amount(totals.get(name), at(30, column, sheet="PHT")) for name, column in zip(PARTS, (3, 4, 5), strict=True)
    ]
    made.totals[label] = AmountRow(at(30, 1, sheet="PHT"), *cells)
    return made


PARTS = ("budget", "extra", "total")
TRUE = {"budget": 30_00, "extra": 3_00, "total": 33_00}


def said(column: int, found: str, expected: str, label: str = "grand_total") -> Finding:
    place = at(30, column, sheet="PHT")
    called = {"grand_total": "Genel Toplam", "subtotal": "Ara Toplam"}[label]
    what = f"{called} ▸ {('Bütçe', 'Bütçe Dışı', 'Toplam')[column - 3]}"
    larger = float(found.replace(",", ".")) > float(expected.replace(",", "."))
    facts = {"key": "1.1", "table": "PHT", "what": what, "difference": "66,00" if found == "99,00" else "0,01"}
    return differs("KX127" if larger else "KX108", place, found, expected, **facts)


@pytest.mark.parametrize("label", ["grand_total", "subtotal"])
def test_a_typed_total_that_is_not_the_sum_is_told_by_column(label: str) -> None:
    assert check_target_totals([form(table(label, **TRUE))]) == []
    wrong = {
        "budget": said(3, "30,01", "30,00", label),
        "extra": said(4, "2,99", "3,00", label),
        "total": said(5, "99,00", "33,00", label),
    }
    for part, found in wrong.items():
        kurus = {"budget": 30_01, "extra": 2_99, "total": 99_00}[part]
        assert check_target_totals([form(table(label, **TRUE | {part: kurus}))]) == [found]
    both = table(label, budget=30_01, extra=3_00, total=99_00)
    assert check_target_totals([form(), form(both)]) == [wrong["budget"], wrong["total"]]


@pytest.mark.parametrize("given", [None, UNREADABLE, computed(9_00)])
def test_blank_unreadable_and_smaller_computed_totals_say_nothing(given: Given) -> None:
    assert check_target_totals([form(table(**TRUE | {"total": given}))]) == []


def test_a_formula_with_something_added_is_told() -> None:
    assert check_target_totals([form(table(**TRUE | {"total": computed(99_00)}))]) == [said(5, "99,00", "33,00")]


def test_a_wrong_subtotal_is_told_and_no_wrong_total_twice() -> None:
    made = table("subtotal", **TRUE | {"total": 99_00})
    made.totals["grand_total"] = table(**TRUE).totals["grand_total"]
    wrong = [said(5, "99,00", "33,00", "subtotal")]
    assert check_target_totals([form(made)]) == wrong
    made.totals["grand_total"] = made.totals["subtotal"]
    assert check_target_totals([form(made)]) == wrong


def test_without_readable_rows_there_is_no_sum() -> None:
    bare = table(**TRUE)
    bare.activities.clear()
    unread = table(**TRUE)
    unread.activities.append(activity_row("F.1.1.3", UNREADABLE, UNREADABLE, UNREADABLE, row=22))
    assert check_target_totals([form(unread), form(target_table())]) == []
    assert {item.code for item in check_target_totals([form(bare)])} == {"KX127"}


def test_the_reserve_outside_its_column() -> None:
    def told(column: int, found: str, name: str) -> Finding:
        place = at(2, column, "mali.xlsx", "TKT")
        machine = found.replace(".", "").replace(",", ".")
        facts = {"found": found, "column": name, "proper": PROPER}
        return finding("KX312", place, table="TKT", key="9 Yedek Ödenek", values=[("found", machine)], **facts)

    given = matrix({"activity_column": {9: 5}, "general": {9: 1_234_50}, "transfers": {9: 7}, "grand_total": {9: 8}})
    found = [told(3, "0,05", "Faaliyet Toplamı"), told(4, "1.234,50", "Genel Yönetim Giderleri")]
    assert check_reserve([form(), form(given)]) == found
    for column in ({9: 0}, {9: UNREADABLE}, {9: None}, {8: 5}):
        assert check_reserve([form(matrix({"general": column, "transfers": {9: 7}}))]) == []
