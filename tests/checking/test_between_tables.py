"""What forms' tables say against each other: wordings, targets, missing tables, and amounts that differ."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kars_xl.checking import tables
from kars_xl.checking.book import book_of
from kars_xl.checking.tables import amounts, owners, presence, wording
from kars_xl.findings.finding import ERROR, WARNING, Finding, finding
from kars_xl.reading.tables import Document
from tests.helpers.form_files import FEN
from tests.helpers.found import told
from tests.helpers.tables_by_hand import (
    UNREADABLE,
    Given,
    activity_row,
    at,
    computed,
    cost_table,
    differs,
    form,
    full,
    target_table,
)


def test_every_rule_in_the_folder_is_run_once() -> None:
    files = Path(tables.__file__).parent.glob("*.py")
    written = [name for file in files for name in re.findall(r"^def (check\w*)", file.read_text("utf-8"), re.MULTILINE)]
    assert len(written) > 10
    assert sorted(rule.__name__ for rule in tables.RULES) == sorted(written)


def test_every_other_wording_is_told_of_each_once() -> None:
    first = form(
        target_table(activity_row(name="Yol yapılması")),
        cost_table(budget={3: 1}, activity_name="Yol işleri"),
        unit=FEN,
    )
    other = form(target_table(activity_row(name="Yol bakımı", file="park.xlsx", row=9)), file="park.xlsx")
    found = list(wording.check_wording(book_of([first, other], recomputed=True)))
    assert [(item.code, item.key, item.place.row, dict(item.values)["found"]) for item in found] == [
        ("KX207", "F.1.1.1", 9, "Yol bakımı"),
        ("KX207", "F.1.1.1", 1, "Yol işleri"),
    ]


def test_an_activity_under_a_second_target() -> None:
    twice = form(
        target_table(activity_row()),
        target_table(activity_row(row=8), activity_row("F.1.2.1"), codes={"target": "1.2"}),
    )
    for recomputed in (True, False):
        found = list(owners.check_targets(book_of([twice], recomputed=recomputed)))
        place = at(8, 2, sheet="PHT")
        facts = {"label": "Yol yapımı", "found": "1.1 ve 1.2"}
        assert found == [finding("KX305", place, table="PHT", key="F.1.1.1", **facts)]


@pytest.mark.parametrize(("recomputed", "severity"), [(True, ERROR), (False, ERROR)])
def test_a_code_of_another_target_unless_all_are(recomputed: bool, severity: str) -> None:
    other = form(target_table(activity_row("F.1.2.1"), codes={"target": "1.2"}))
    strange = form(target_table(activity_row(), activity_row("F.1.2.2", row=21)))
    found = list(owners.check_targets(book_of([other, strange], recomputed=recomputed)))
    assert [(item.code, item.severity, item.key) for item in found] == [("KX305", severity, "F.1.2.2")]
    heading = form(target_table(activity_row("F.1.2.2"), activity_row("F.1.2.3", row=21)))
    assert list(owners.check_targets(book_of([other, heading], recomputed=recomputed))) == []


def missing(*documents: Document) -> list[tuple[str, str, int]]:
    found = presence.check_presence(book_of(documents, recomputed=True))
    return [(item.code, item.place.file, item.place.row) for item in found]


def test_every_form_that_lists_an_activity_must_cost_it() -> None:
    fen = form(target_table(activity_row()), cost_table(budget={3: 1}))
    park = form(target_table(activity_row(file="park.xlsx", row=7)), file="park.xlsx")
    assert missing(fen, park) == [("KX302", "park.xlsx", 7)]
    assert missing(form(target_table(activity_row())), park) == [("KX302", "fen.xlsx", 20), ("KX302", "park.xlsx", 7)]
    # One table of the two is enough for a programme that stands as it is.
    assert list(presence.check_presence(book_of([fen, park]))) == []


def test_a_cost_table_that_could_not_be_read_is_not_missing() -> None:
    assert missing(form(target_table(activity_row()), cost_table(budget={3: UNREADABLE}))) == []


# Amounts


def compared(row: dict[str, Given], *costs: dict[str, Given], findings: tuple[Finding, ...] = ()) -> list[Finding]:
    """What is said of an activity's row beside cost tables with their total in C30."""
    given = [cost_table(**full(**cost), totals={"need_total": None}) for cost in costs]
    document = form(target_table(activity_row(**row)), *given)
    document.findings += findings
    return list(amounts.check_amounts(book_of([document], recomputed=True)))


TABLES = {"table": "PHT", "label": "Yol yapımı", "table_b": "maliyet tablosunda"}
COSTS: dict[str, Given] = {"b3": 60_00, "e0": 5_00}


def test_amounts_of_the_target_table_that_agree_or_say_nothing() -> None:
    assert compared({"total": 65_00, "budget": 60_00, "extra": 5_00}, COSTS) == []
    assert compared({"total": None, "budget": None, "extra": None}, COSTS) == []
    assert compared({"total": UNREADABLE}, COSTS) == []


@pytest.mark.parametrize(
    ("row", "column", "found", "expected", "part"),
    [
        ({"total": 66_00, "budget": 61_00, "extra": 6_00}, 5, "66,00", "65,00", ""),
        ({"total": 65_00, "budget": 61_00, "extra": 6_00}, 3, "61,00", "60,00", " (bütçe)"),
        ({"budget": 60_00, "extra": 6_00}, 4, "6,00", "5,00", " (bütçe dışı)"),
        ({"total": None, "extra": 0}, 4, "0,00", "5,00", " (bütçe dışı)"),
    ],
)
def test_the_first_amount_that_differs_is_an_error(
    row: dict[str, Given], column: int, found: str, expected: str, part: str
) -> None:
    place = at(20, column, sheet="PHT")
    (error,) = compared(row, COSTS)
    facts = {"related": [at(30)], "table_a": f"performans hedefi tablosunda{part}"} | TABLES
    plain = differs("KX301", place, found, expected, ERROR, **facts)
    assert (error.code, error.severity, error.place, error.message) == ("KX301", ERROR, place, plain.message)
    assert error.related == plain.related
    assert error.values[:2] == plain.values


def test_a_formula_that_differs_may_be_stale_and_is_a_warning_unless_it_has_more() -> None:
    place = at(20, 5, sheet="PHT")
    facts = {"table": "PHT", "related": [at(30)], "what": "F.1.1.1 tutarı"}
    stale = differs("KX108", place, "64,00", "65,00", WARNING, **facts)
    assert compared({"total": computed(64_00), "budget": 1}, COSTS) == [stale]
    more = differs("KX127", place, "66,00", "65,00", ERROR, difference="1,00", **facts)
    assert compared({"total": computed(66_00), "budget": 1}, COSTS) == [more]


def test_a_formula_that_points_to_one_of_two_tables_is_explained() -> None:
    two: tuple[dict[str, Given], ...] = ({"b3": 60_00}, {"b3": 5_00})
    assert compared({"total": computed(60_00), "budget": 1}, *two) == []
    assert compared({"total": computed(5_00)}, *two) == []
    assert told(compared({"total": computed(61_00)}, *two)) == [("KX108", WARNING, "E20")]
    assert told(compared({"total": 60_00}, *two)) == [("KX301", ERROR, "E20")]
    # With one table the formula of another column is no explanation.
    assert told(compared({"budget": computed(65_00)}, COSTS)) == [("KX127", ERROR, "C20")]


@pytest.mark.parametrize(
    ("code", "table", "key", "explained"),
    [
        ("KX103", "FMT", "F.1.1.1", True),
        ("KX105", "FMT", "F.1.1.1", False),
        ("KX103", "PHT", "F.1.1.1", False),
        ("KX103", "FMT", "F.1.1.2", False),
    ],
)
def test_a_formula_is_explained_by_what_was_found_in_the_table_it_points_to(
    code: str, table: str, key: str, explained: bool
) -> None:
    spoilt = finding(code, at(9), table=table, key=key, found="?", why="?")
    found = compared({"total": computed(66_00)}, {"b3": 65_00}, findings=(spoilt,))
    assert told(found) == ([] if explained else [("KX127", ERROR, "E20")])


def test_a_formula_is_explained_by_a_total_that_is_wrong_there() -> None:
    costs = cost_table(**full(b3=65_00), totals={"need_total": 66_00})
    document = form(target_table(activity_row(total=computed(66_00))), costs)
    assert list(amounts.check_amounts(book_of([document], recomputed=True))) == []
