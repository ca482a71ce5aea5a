"""Activities as they are merged: what their cost tables sum to, their units, and the target table against them."""

from __future__ import annotations

from kars_xl.findings.finding import Finding
from kars_xl.merging.notes import Notes
from kars_xl.merging.tables import Tables, activities_of, contributions_of
from kars_xl.model.cost_rows import CostRow
from kars_xl.model.programme import Activity, Costs
from kars_xl.model.sources import Contribution, Sender
from kars_xl.model.units import Unit
from tests.helpers.form_files import FEN
from tests.helpers.tables_by_hand import (
    activity_row,
    at,
    cost_table,
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
    assert (found["1.1"][0].name, findings) == ("Yol yapılması", [])


def test_an_activity_under_a_second_target_is_left_out() -> None:
    rows = {"1.1": [target_table(activity_row())], "1.2": [target_table(activity_row(row=8), activity_row("F.1.2.1"))]}
    found, findings = merged(rows, given_by(), given_by(code="F.1.2.1"))
    assert {key: [item.code for item in items] for key, items in found.items()} == {
        "1.1": ["F.1.1.1"],
        "1.2": ["F.1.2.1"],
    }
    assert findings == []
