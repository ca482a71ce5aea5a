"""Activities as they are merged: what their cost tables sum to, their units, and the target table against them."""

from __future__ import annotations

import pytest

from kars_xl.findings.catalogue import ERROR, WARNING, finding
from kars_xl.findings.finding import Finding
from kars_xl.merging.costs import activities_of, contributions_of
from kars_xl.merging.notes import Notes
from kars_xl.merging.targets import Tables
from kars_xl.model.cost_rows import CostRow
from kars_xl.model.programme import Activity, Costs
from kars_xl.model.sources import Contribution, Sender
from kars_xl.model.units import Unit
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
    target_table,
)

PARK = "Park ve Bahçeler Müdürlüğü"


def given_by(
    file: str = "fen.xlsx", unit: str = FEN, code: str = "F.1.1.1", row: int = 30, **costs: int
) -> Contribution:
    amounts = Costs.of({CostRow(3): costs.get("b3"), CostRow("source0"): costs.get("e0")})
    return Contribution(activity=code, costs=amounts, place=at(row, file=file), sender=Sender(unit=Unit(unit)))


def merged(
    targets: Tables, *given: Contribution, notes: Notes | None = None
) -> tuple[dict[str, list[Activity]], list[Finding]]:
    notes = notes or Notes(None)
    before = len(notes.findings)
    return dict(activities_of(targets, given, notes)), notes.findings[before:]


def test_an_activity_is_the_sum_of_its_tables_and_all_their_units() -> None:
    rows = {"1.1": [target_table(activity_row(total=3_00)), target_table(activity_row(file="park.xlsx", total=4_00))]}
    given = (given_by(b3=1_00, e0=2_00), given_by("park.xlsx", f"{PARK}; {FEN}", b3=4_00))
    found, findings = merged(rows, *given)
    costs = Costs.of({CostRow(3): 5_00, CostRow("source0"): 2_00})
    assert (found, findings) == ({"1.1": [Activity("F.1.1.1", "Yol yapımı", (Unit(FEN), Unit(PARK)), costs)]}, [])


def test_activities_stand_in_order_below_their_targets() -> None:
    rows = {
        "2.1": [target_table()],
        "1.1": [target_table(activity_row("F.1.1.10"), activity_row("F.1.1.9")), target_table(activity_row("F.1.1.2"))],
    }
    given = [given_by(code=f"F.1.1.{n}") for n in (2, 9, 10)]
    found, _ = merged(rows, *given)
    assert {key: [item.code for item in items] for key, items in found.items()} == {
        "2.1": [],
        "1.1": ["F.1.1.2", "F.1.1.9", "F.1.1.10"],
    }


def test_the_target_tables_wording_goes_before_that_of_the_cost_table() -> None:
    rows = {
        "1.1": [
            target_table(activity_row(name="Yol yapılması")),
            target_table(activity_row(name="Yol bakımı", file="park.xlsx", row=9)),
        ]
    }
    notes = Notes(None)
    contributions_of([form(cost_table(budget={3: 1}, activity_name="Yol işleri"), unit=FEN)], rows, notes)
    found, findings = merged(rows, given_by(), given_by("park.xlsx"), notes=notes)
    assert found["1.1"][0].name == "Yol yapılması"
    assert [(item.code, item.key, item.place.row, dict(item.values)["found"]) for item in findings] == [
        ("KX207", "F.1.1.1", 9, "Yol bakımı"),
        ("KX207", "F.1.1.1", 1, "Yol işleri"),
    ]


def test_an_activity_under_a_second_target_is_said_and_left_out() -> None:
    rows = {"1.1": [target_table(activity_row())], "1.2": [target_table(activity_row(row=8), activity_row("F.1.2.1"))]}
    found, findings = merged(rows, given_by(), given_by(code="F.1.2.1"))
    assert {key: [item.code for item in items] for key, items in found.items()} == {
        "1.1": ["F.1.1.1"],
        "1.2": ["F.1.2.1"],
    }
    place = at(8, 2, sheet="PHT")
    assert findings == [finding("KX305", place, table="PHT", key="F.1.1.1", found="1.1 ve 1.2")]


def test_every_form_that_lists_an_activity_must_cost_it() -> None:
    rows = {"1.1": [target_table(activity_row()), target_table(activity_row(file="park.xlsx", row=7))]}
    alone = finding("KX302", at(7, 2, "park.xlsx", "PHT"), table="PHT", key="F.1.1.1")
    assert merged(rows, given_by())[1] == [alone]
    found, findings = merged(rows)
    assert found["1.1"] == [Activity("F.1.1.1", "Yol yapımı", (), None)]
    assert [item.code for item in findings] == ["KX302", "KX302"]


@pytest.mark.parametrize(
    ("file", "code", "silent"),
    [("fen.xlsx", "F.1.1.1", True), ("a.xlsx", "F.1.1.1", False), ("fen.xlsx", "F.1.1.2", False)],
)
def test_a_cost_table_that_could_not_be_read_is_not_missing(file: str, code: str, silent: bool) -> None:
    notes = Notes(None)
    notes.unreadable.add((file, code))
    findings = merged({"1.1": [target_table(activity_row())]}, notes=notes)[1]
    assert [item.code for item in findings] == ([] if silent else ["KX302"])


# The target table's amounts against the cost tables


def compared(row: dict[str, Given], *given: Contribution, notes: Notes | None = None) -> list[Finding]:
    return merged({"1.1": [target_table(activity_row(**row))]}, *given, notes=notes)[1]


TABLES = {"table": "PHT", "table_a": "performans hedefi tablosunda", "table_b": "maliyet tablosunda"}


def test_amounts_of_the_target_table_that_agree_or_say_nothing() -> None:
    costs = given_by(b3=60_00, e0=5_00)
    assert compared({"total": 65_00, "budget": 60_00, "extra": 5_00}, costs) == []
    assert compared({"total": None, "budget": None, "extra": None}, costs) == []
    assert compared({"total": UNREADABLE}, costs) == []


@pytest.mark.parametrize(
    ("row", "column", "found", "expected"),
    [
        ({"total": 66_00, "budget": 61_00, "extra": 6_00}, 5, "66,00", "65,00"),
        ({"total": 65_00, "budget": 61_00, "extra": 6_00}, 3, "61,00", "60,00"),
        ({"budget": 60_00, "extra": 6_00}, 4, "6,00", "5,00"),
        ({"total": None, "extra": 0}, 4, "0,00", "5,00"),
    ],
)
def test_the_first_amount_that_differs_is_an_error(
    row: dict[str, Given], column: int, found: str, expected: str
) -> None:
    place = at(20, column, sheet="PHT")
    error = differs("KX301", place, found, expected, ERROR, related=[at(30)], **TABLES)
    assert compared(row, given_by(b3=60_00, e0=5_00)) == [error]


def test_a_formula_that_differs_may_be_stale_and_is_a_warning() -> None:
    place = at(20, 5, sheet="PHT")
    facts = {"table": "PHT", "related": [at(30)], "what": "F.1.1.1 tutarı"}
    stale = differs("KX108", place, "66,00", "65,00", WARNING, **facts)
    assert compared({"total": computed(66_00), "budget": 1}, given_by(b3=60_00, e0=5_00)) == [stale]


def test_a_formula_that_points_to_one_of_two_tables_is_explained() -> None:
    two = (given_by(b3=60_00), given_by(b3=5_00, row=40))
    assert compared({"total": computed(60_00), "budget": 1}, *two) == []
    assert compared({"total": computed(5_00)}, *two) == []
    assert told(compared({"total": computed(61_00)}, *two)) == [("KX108", WARNING, "E20")]
    assert told(compared({"total": 60_00}, *two)) == [("KX301", ERROR, "E20")]
    # With one table the formula of another column is no explanation.
    assert told(compared({"budget": computed(65_00)}, given_by(b3=60_00, e0=5_00))) == [("KX108", WARNING, "C20")]


@pytest.mark.parametrize(
    ("code", "file", "table", "key", "explained"),
    [
        ("KX103", "fen.xlsx", "FMT", "F.1.1.1", True),
        ("KX108", "fen.xlsx", "FMT", "F.1.1.1", True),
        ("KX105", "fen.xlsx", "FMT", "F.1.1.1", False),
        ("KX108", "park.xlsx", "FMT", "F.1.1.1", False),
        ("KX108", "fen.xlsx", "PHT", "F.1.1.1", False),
        ("KX108", "fen.xlsx", "FMT", "F.1.1.2", False),
    ],
)
def test_a_formula_is_explained_by_what_was_found_in_the_table_it_points_to(
    code: str, file: str, table: str, key: str, explained: bool
) -> None:
    notes = Notes(None)
    notes.report(code, at(9, file=file), table=table, key=key, severity=WARNING, found="?", what="?", expected="?")
    found = compared({"total": computed(66_00)}, given_by(b3=65_00), notes=notes)
    assert told(found) == ([] if explained else [("KX108", WARNING, "E20")])
