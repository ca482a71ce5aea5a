"""Cost tables as they are merged: whose, for which activity, what they amount to, and each word about the rest."""

from __future__ import annotations

import pytest

from kars_xl.base.place import Place
from kars_xl.checking.book import book_of
from kars_xl.checking.tables import presence
from kars_xl.checking.tables.totals import check_totals
from kars_xl.findings.finding import ERROR, WARNING, Finding, finding
from kars_xl.merging.notes import Notes
from kars_xl.merging.tables import Tables, contributions_of, cost_codes, known_activities
from kars_xl.model.cost_rows import CostRow
from kars_xl.model.programme import Costs
from kars_xl.model.sources import Contribution, Sender
from kars_xl.model.units import Unit
from kars_xl.reading.tables import CostTable, Document
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

PARK = "Park ve Bahçeler Müdürlüğü"
KNOWN: Tables = {"1.1": [target_table(activity_row(), activity_row("F.1.1.2", name="Köprü onarımı"), target="Ulaşım")]}


def contributed(*documents: Document, targets: Tables = KNOWN) -> tuple[list[Contribution], list[Finding]]:
    notes = Notes(None, documents)
    return contributions_of(documents, targets, notes), notes.findings


# A cost table becomes a contribution


def test_a_contribution_is_what_the_table_gives_and_where() -> None:
    table = cost_table("F.1.1.2", {1: 100, 3: 250, 8: 7}, {0: 5, 2: 9}, {"need_total": 371})
    document = form(table, digest="abc", unit=FEN, filled_by="Ayşe", revision="Rev. 3")
    given, found = contributed(document)
    rows = [CostRow(key) for key in (1, 3, 8, "source0", "source2")]
    places = dict(zip(rows, map(at, (11, 13, 18, 20, 22)), strict=True))
    costs = Costs.of(dict(zip(rows, (100, 250, 7, 5, 9), strict=True)))
    sender = Sender(unit=Unit(FEN), revision=3, filled_by="Ayşe", digest="abc")
    assert given == [Contribution(activity="F.1.1.2", costs=costs, place=at(30), sender=sender, places=places)]
    assert found == []


def test_a_table_without_total_stands_where_it_begins() -> None:
    ((given,), _) = contributed(form(cost_table(budget={3: 1}), unit=FEN))
    assert given.place == at(1, 1)
    assert contributed(form(cost_table(budget={9: 4}), unit=FEN))[0][0].costs[CostRow.RESERVE] == 4


def test_whose_a_table_is() -> None:
    ((first, second), found) = contributed(
        form(cost_table(budget={3: 1}, responsible=PARK), unit=FEN),
        form(cost_table(budget={3: 1}, responsible=PARK), file="park.txt"),
    )
    assert ([first.sender.unit.name, second.sender.unit.name], found) == ([FEN, PARK], [])


@pytest.mark.parametrize(("texts", "place"), [({}, at(1, 1)), ({"responsible": ""}, at(1, 2))])
def test_a_table_of_nobody_is_said_at_the_line_that_is_missing(texts: dict[str, str], place: Place) -> None:
    ((given,), found) = contributed(form(cost_table(budget={3: 1}, **texts)))
    assert (given.sender.unit.name, found) == ("", [])
    document = form(target_table(activity_row()), cost_table(budget={3: 1}, **texts))
    what = "F.1.1.1 faaliyetinin sorumlu harcama birimi"
    nobodys = finding("KX310", place, table="FMT", key="F.1.1.1", what=what, read="")
    assert list(presence.check_blanks(book_of([document], recomputed=True))) == [nobodys]


@pytest.mark.parametrize(
    ("budget", "extra", "place"),
    [({}, {}, at(1, 1)), ({1: None, 4: None}, {0: None}, at(1, 1)), ({1: None, 3: None}, {}, at(13))],
)
def test_a_table_without_any_amount(budget: dict[int, Given], extra: dict[int, Given], place: Place) -> None:
    ((given,), found) = contributed(form(cost_table(budget=budget, extra=extra), unit=FEN))
    blank = finding("KX101", place, table="FMT", key="F.1.1.1", what="F.1.1.1 faaliyetinin tutarı", blank="0")
    assert (given.costs, found) == (Costs(), [blank])


def test_one_amount_is_enough_and_one_unreadable_too_much() -> None:
    assert told(contributed(form(cost_table(budget={1: None}, extra={1: 0}), unit=FEN))[1]) == []
    for table in (cost_table(budget={1: 5, 3: UNREADABLE}), cost_table(budget={1: 5}, extra={2: UNREADABLE})):
        assert contributed(form(table, unit=FEN)) == ([], [])


@pytest.mark.parametrize(
    ("code", "texts", "called", "place"),
    [
        ("F.9.9.9", {"activity_name": "Bisiklet dağıtımı"}, "F.9.9.9 Bisiklet dağıtımı", at(1, 2)),
        ("F.9.9.9", {"activity_name": ""}, "F.9.9.9", at(1, 2)),
        ("F.9.9.9", {}, "F.9.9.9", at(1, 1)),
        ("", {"activity_name": "Bisiklet dağıtımı"}, "Bisiklet dağıtımı", at(1, 2)),
        ("", {}, "?", at(1, 1)),
    ],
)
def test_a_table_of_no_activity(code: str, texts: dict[str, str], called: str, place: Place) -> None:
    document = form(cost_table(code, {3: 1}, **texts), unit=FEN)
    assert contributed(document) == ([], [])
    facts = {"found": called, "present": "yalnız maliyet tablosunda", "absent": "başka tabloda karşılığı"}
    untold = finding("KX303", place, table="FMT", key=code, label=called, **facts)
    assert list(presence.check_presence(book_of([document], recomputed=True))) == [untold]


def test_tables_without_code_are_told_by_their_names_to_what_is_left() -> None:
    known = known_activities([
        target_table(activity_row("F.1", name="Yol yapımı"), activity_row("F.2", name="Yol yapımı ve bakımı")),
        target_table(activity_row("F.1", name="Başka bir ad"), objective="Hedefin adı"),
        target_table(activity_row("F.3", name="Köprü onarımı"), objective="Ulaşım"),
    ])  # fmt: skip
    assert [(found.code, found.name, found.target) for found in known] == [
        ("F.1", "Yol yapımı", ""),
        ("F.2", "Yol yapımı ve bakımı", ""),
        ("F.3", "Köprü onarımı", "Ulaşım"),
    ]
    coded = form(cost_table("F.1"), cost_table("F.3"))
    assert cost_codes(coded, known) == ["F.1", "F.3"]
    named = form(
        cost_table("", activity_name="Köprü onarımı"),
        cost_table("F.1", activity_name="Köprü onarımı"),
        cost_table("", activity_name="Meyve dağıtımı"),
        cost_table("", activity_name="Yol yapımı"),
    )
    # F.1 is not free for a table of its name: another one has its code.
    assert cost_codes(named, known) == ["F.3", "F.1", None, None]
    assert cost_codes(form(cost_table("", activity_name="Yol yapımı")), known) == ["F.1"]


def test_of_activities_of_one_name_the_targets_wording_tells() -> None:
    known = known_activities(
        target_table(activity_row(f"F.{code}.1", name="Eğitim vermek"), target=target)
        for code, target in (("1.1", "Kadınların istihdamını artırmak"), ("1.2", "Çocukların okula devamını sağlamak"))
    )
    table = cost_table("", activity_name="Eğitim vermek", target="Çocukların okula devamını sağlamak")
    assert cost_codes(form(table), known) == ["F.1.2.1"]


# Totals


def totals(table: CostTable, *findings: Finding) -> list[Finding]:
    """What is said of the totals of a form's cost table; `findings` are those of reading the form."""
    document = form(target_table(activity_row()), table, unit=FEN)
    document.findings += findings
    return list(check_totals(book_of([document], recomputed=True)))


def test_totals_that_agree_are_blank_or_unreadable_are_not_remarked() -> None:
    right = {"budget_total": 60_00, "extra_total": 5_00, "need_total": 65_00}
    assert totals(cost_table(**full(b3=60_00, e1=5_00), totals=right)) == []
    assert totals(cost_table(**full(b3=60_00, e1=5_00), totals=dict.fromkeys(right))) == []
    assert totals(cost_table(**full(b3=60_00, e1=5_00), totals=dict.fromkeys(right, UNREADABLE))) == []


def test_each_typed_total_that_differs_is_told_at_its_cell() -> None:
    wrong = {"budget_total": 1_234_56, "extra_total": 4_00, "need_total": 64_00}
    assert totals(cost_table(**full(b3=60_00, e1=5_00), totals=wrong)) == [
        differs(
            "KX127", at(30), "1.234,56", "60,00", ERROR, what="Toplam Bütçe Kaynak İhtiyacı", difference="1.174,56"
        ),
        differs("KX108", at(31), "4,00", "5,00", WARNING, what="Toplam Bütçe Dışı Kaynak İhtiyacı"),
        differs("KX108", at(32), "64,00", "65,00", WARNING, what="Toplam Kaynak İhtiyacı"),
    ]


@pytest.mark.parametrize(
    ("given", "cells"),
    [
        # 90 + 5 is right by what stands above it.
        ({"budget_total": 90_00, "extra_total": 5_00, "need_total": computed(95_00)}, ["C30"]),
        ({"budget_total": 90_00, "need_total": computed(95_00)}, ["C30"]),
        ({"extra_total": 9_00, "need_total": computed(69_00)}, ["C30"]),
        ({"budget_total": UNREADABLE, "extra_total": 5_00, "need_total": computed(5_00)}, []),
        ({"budget_total": 90_00, "extra_total": 5_00, "need_total": 95_00}, ["C30"]),
        ({"budget_total": 90_00, "extra_total": 5_00, "need_total": computed(96_00)}, ["C30", "C32"]),
        # Whatever stands first, the others are looked at.
        ({"need_total": computed(95_00), "budget_total": 90_00, "extra_total": 5_00}, ["C31"]),
        # The last total is right by the rows, so that the one above it alone is wrong.
        ({"budget_total": 90_00, "extra_total": 5_00, "need_total": 65_00}, ["C30"]),
    ],
)
def test_a_formula_that_adds_up_what_is_wrong_above_it_is_right(given: dict[str, Given], cells: list[str]) -> None:
    assert [place for _, _, place in told(totals(cost_table(**full(b3=60_00, e1=5_00), totals=given)))] == cells


@pytest.mark.parametrize(("row", "label"), [("b3", "budget_total"), ("e1", "extra_total")])
def test_a_formula_of_a_part_is_no_sum_of_the_parts(row: str, label: str) -> None:
    """Although the other part is nothing, so that the two together are what stands there."""
    given = {"budget_total": 0, "extra_total": 0, label: computed(90_00)}
    cell = "C30" if label == "budget_total" else "C31"
    assert told(totals(cost_table(**full(**{row: 60_00}), totals=given))) == [("KX127", ERROR, cell)]


@pytest.mark.parametrize(
    ("missing", "more", "less"),
    [
        ((), ("KX127", ERROR), ("KX108", WARNING)),
        (("b1",), ("KX127", ERROR), ("KX108", WARNING)),
        (("b8",), ("KX127", ERROR), ("KX108", WARNING)),
        (("e0",), ("KX127", ERROR), ("KX108", WARNING)),
    ],
)
def test_what_a_total_has_more_may_be_that_of_rows_which_are_missing(
    missing: tuple[str, ...], more: tuple[str, str], less: tuple[str, str]
) -> None:
    for given, expected in ((70_00, more), (50_00, less)):
        parts = full(b3=60_00)
        for row in missing:
            del parts["budget" if row[0] == "b" else "extra"][int(row[1])]
        assert told(totals(cost_table(**parts, totals={"need_total": given}))) == [(*expected, "C30")]


def test_economic_code_9_more_is_no_row_less() -> None:
    parts = full(b3=60_00)
    parts["budget"][9] = 0
    assert told(totals(cost_table(**parts, totals={"need_total": 70_00}))) == [("KX127", ERROR, "C30")]


@pytest.mark.parametrize(
    ("code", "table", "key", "silent"),
    [
        ("KX103", "FMT", "F.1.1.1", True),
        ("KX113", "FMT", "F.1.1.1", True),
        ("KX106", "FMT", "F.1.1.1", False),
        ("KX103", "PHT", "F.1.1.1", False),
        ("KX103", "FMT", "F.1.1.2", False),
    ],
)
def test_totals_of_a_spoiled_table_say_nothing_more(code: str, table: str, key: str, silent: bool) -> None:
    spoilt = finding(code, at(1), table=table, key=key, found="?", read="?", why="?")
    found = totals(cost_table(**full(b3=1), totals={"need_total": 2}), spoilt)
    assert told(found) == ([] if silent else [("KX127", ERROR, "C30")])


# The same activity twice from one unit


def test_an_activity_twice_from_a_unit_names_both_places() -> None:
    unit = "FEN İŞLERİ MÜDÜRLÜĞÜ"
    first = form(cost_table(budget={3: 1}), unit=FEN)
    table = cost_table(budget={3: 1}, totals={"need_total": 1}, file="kopya.xlsx")
    again = form(table, file="kopya.xlsx", unit=unit)
    given, found = contributed(first, again)
    twice = finding("KX204", at(30, file="kopya.xlsx"), table="FMT", key="F.1.1.1", unit=FEN, related=[at(1, 1)])
    assert (len(given), found) == (2, [twice])
    assert contributed(first, form(cost_table(budget={3: 1}), unit=PARK))[1] == []


@pytest.mark.parametrize(
    ("count", "key"),
    [(3, "F.1, F.2, F.3"), (4, "F.1, F.2, F.3 ve 1 faaliyet daha"), (5, "F.1, F.2, F.3 ve 2 faaliyet daha")],
)
def test_a_form_that_came_twice_is_one_finding(count: int, key: str) -> None:
    codes = [f"F.{n}" for n in range(1, count + 1)]
    known: Tables = {"1": [target_table(*(activity_row(code) for code in codes))]}
    forms = [
        form(*(cost_table(code, {3: 1}, file=file, responsible="") for code in codes), file=file) for file in ("a", "b")
    ]
    found = contributed(*forms, targets=known)[1]
    (twice,) = [item for item in found if item.code == "KX204"]
    places = [at(1, 1, "a")] * count
    assert twice == finding("KX204", at(1, 1, "b"), table="FMT", key=key, unit="aynı birim", related=places)


def test_a_third_form_is_told_against_the_first() -> None:
    forms = [form(cost_table(budget={3: 1}, file=file), file=file, unit=FEN) for file in "abc"]
    found = contributed(*forms)[1]
    assert [(item.place.file, [place.file for place in item.related]) for item in found] == [("b", ["a"]), ("c", ["a"])]
