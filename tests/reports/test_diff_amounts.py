"""Amounts compared: percent, units, economic codes, and what nobody gave."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from kars_xl.model.cost_rows import CostRow
from kars_xl.model.programme import Costs
from kars_xl.model.units import Unit
from kars_xl.reports.diff.changes import Pair
from tests.helpers.compared_programmes import assert_adds_up, between, town

NAMES = ("Yol yapımı", "Kaldırım onarımı")


@pytest.mark.parametrize(
    ("old", "new", "percent"),
    [
        (300_00, 400_00, "+%33,33"),
        (400_00, 300_00, "-%25,00"),
        (0, 100, "yeni"),
        (100, 0, "-%100,00"),
        (0, 0, "%0,00"),
        (8, 9, "+%12,50"),
        (10**15, 10**15 + 1, "+%0,00"),
    ],
)
def test_percent(old: int, new: int, percent: str) -> None:
    assert Pair(old, new).percent == percent


def test_units_that_change_hands_and_amounts_that_move_between_codes() -> None:
    old = town(("1.1", {"F.1.1.1": NAMES[0]}))
    activity = old.targets[0].activities[0]
    total = activity.costs.total if activity.costs else 0
    moved = replace(activity, units=(Unit("Park Müdürlüğü"),), costs=Costs.of({CostRow(6): total}))
    diff = between(old, replace(old, targets=(replace(old.targets[0], activities=(moved,)),)))
    (change,) = diff.activities
    assert change.marks == ("amount", "units")
    assert {code.row.value: code.pair.difference for code in change.codes} == {3: -total, 6: total}
    assert {line.label: line.pair.difference for line in diff.by_unit if line.pair.difference} == {
        "Fen İşleri Müdürlüğü": -total,
        "Park Müdürlüğü": total,
    }
    assert_adds_up(diff)


def test_a_figure_nobody_gave_is_not_zero() -> None:
    """It is in no sum, on neither side, and the comparison says that it is not complete."""
    old = town(("1.1", {"F.1.1.1": NAMES[0], "F.1.1.2": NAMES[1]}))
    first = replace(old.targets[0].activities[0], costs=None)
    new = replace(old, targets=(replace(old.targets[0], activities=(first, old.targets[0].activities[1])),))
    diff = between(old, new)
    rest = old.targets[0].activities[1].costs
    assert rest is not None
    assert diff.total("activities") == Pair(rest.total, rest.total)
    assert not diff.complete
    assert not diff.same
    assert [(gap.side, gap.key) for gap in diff.gaps] == [("new", "F.1.1.1")]
    assert diff.activities[0].pair is None
    assert_adds_up(diff)


def test_a_missing_column_is_not_zero() -> None:
    old = town(("1.1", {"F.1.1.1": NAMES[0]}), administration=Costs.of({CostRow(1): 5_00}), transfers=Costs())
    diff = between(old, replace(old, administration=None))
    assert [gap.key for gap in diff.gaps] == ["general"]
    assert diff.total("general") is None
    assert diff.total("grand") == diff.total("activities")
