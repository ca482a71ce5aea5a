"""Two programmes compared: the real one with itself and its forms, a year on, and with rows moved and reworded."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from kars_xl.base.place import Place
from kars_xl.base.text import squeeze
from kars_xl.merging.adopt import adopt
from kars_xl.model.cost_rows import CostRow
from kars_xl.model.programme import Indicator, IndicatorValue, Programme
from kars_xl.reading.files import read_files
from kars_xl.reports.diff.changes import Pair
from tests.helpers.compared_programmes import amounts, assert_adds_up, between, difference, marked, town
from tests.helpers.repository import PUBLISHED


@pytest.fixture(scope="module")
def programme() -> Programme:
    """The published programme."""
    return adopt(read_files([str(PUBLISHED)]).documents[0]).merged.programme


# The real programme


def test_the_published_text_says_what_the_merged_workbook_says(merged: Path) -> None:
    """The forms were made from it: cost tables against cost tables there is no difference, letters mended or not.

    Six amounts differ between the text's own tables; both sides have those of the cost tables.
    """
    diff = difference(PUBLISHED, merged)
    assert diff.same
    assert diff.complete
    assert diff.total("activities") == Pair(253_748_000_00, 253_748_000_00)
    assert diff.total("grand") == Pair(603_349_000_00, 603_349_000_00)
    own = {change.item.code: change.pair for change in diff.activities}
    assert own["F.7.3.1"] == Pair(15_000_000_00, 15_000_000_00)
    # Four amounts have no cost table in the text: no code is made up for them.
    coded = {line.key: line.pair for line in diff.by_code}
    assert coded[""] == Pair(1_275_000_00, 1_275_000_00)
    assert_adds_up(diff)


def test_the_published_text_against_the_folder_of_forms(inputs: Path) -> None:
    assert difference(PUBLISHED, inputs).same


@pytest.mark.parametrize("reverse", [False, True])
def test_the_merged_workbook_against_the_plan(merged: Path, inputs: Path, reverse: bool) -> None:
    sides = [merged, inputs / "plan.xlsx"]
    assert difference(*(reversed(sides) if reverse else sides)).same


def test_the_merged_workbook_against_itself(merged: Path) -> None:
    diff = difference(merged, merged)
    assert diff.same
    assert len(diff.activities) == 88


def test_a_form_behind_a_changed_amount_is_told_from_the_merged_workbook(merged: Path, tmp_path: Path) -> None:
    """The old text has another amount of one activity: the form of the new one is on the sheet Kaynak."""
    text = PUBLISHED.read_text(encoding="utf-8")
    old = tmp_path / "gecen_yil.txt"
    rows = text.split("\n")
    # F.1.1.1's cost table: 60.000,00 under code 3 (line 793) and in its totals.
    changed = [
        row.replace("60.000,00", "50.000,00") if 785 <= number <= 806 else row for number, row in enumerate(rows, 1)
    ]
    old.write_text("\n".join(changed), encoding="utf-8")
    diff = difference(old, merged)
    assert amounts(diff) == {"F.1.1.1": (50_000_00, 60_000_00)}
    (line,) = [line for line in diff.by_form if line.pair.difference]
    assert (line.file, line.pair.difference, line.amounts) == ("mali_hizmetler_mudurlugu.xlsx", 10_000_00, 1)
    change = next(change for change in diff.activities if "amount" in change.marks)
    (part,) = change.parts
    (place,) = part.forms
    assert (place.sheet, place.file) == ("PH 1.1", "mali_hizmetler_mudurlugu.xlsx")
    (code,) = change.codes
    assert code.row is CostRow.GOODS_AND_SERVICES
    assert code.old_place == Place(str(old), "", 793, 3)


def next_year(old: Programme) -> Programme:
    """The same programme a year on: each indicator's years move by one, the new year's value is 7 more."""

    def shifted(item: Indicator) -> Indicator:
        last = item.values[2]
        more = last and last._replace(amount=(last.amount or Decimal(0)) + 7)
        return replace(item, values=(item.values[1], last, more))

    targets = tuple(replace(target, indicators=tuple(map(shifted, target.indicators))) for target in old.targets)
    return replace(old, year=old.year + 1, targets=targets)


def test_a_year_later_values_are_compared_by_their_year(programme: Programme) -> None:
    later = next_year(programme)
    diff = between(programme, later)
    changed = [value for change in diff.indicators for value in change.values]
    indicators = sum(len(target.indicators) for target in programme.targets)
    # 2023 and 2024 stand in both and agree; only what each programme aims at differs.
    assert {(value.old_year, value.new_year) for value in changed} == {(2024, 2025)}
    assert len(changed) == indicators
    assert all((value.new and value.new.amount) == ((value.old and value.old.amount) or 0) + 7 for value in changed)
    assert amounts(diff) == {}


def test_a_revised_expectation_is_found_a_year_later(programme: Programme) -> None:
    later = next_year(programme)
    first = later.targets[0].indicators[0]
    values = (first.values[0], IndicatorValue(Decimal(3), True), first.values[2])
    target = replace(later.targets[0], indicators=(replace(first, values=values), *later.targets[0].indicators[1:]))
    diff = between(programme, replace(later, targets=(target, *later.targets[1:])))
    revised = [value for change in diff.indicators for value in change.values if value.new_year == 2024]
    assert [(value.old_year, value.old, value.new) for value in revised] == [
        (2024, programme.targets[0].indicators[0].values[2], IndicatorValue(Decimal(3), True))
    ]


# Moved, renumbered, swapped, reworded


ROADS = ("Yol yapımı", "Kaldırım onarımı", "Park düzenlenmesi", "Çocuk kreşi açılması")


def test_swapped_codes_are_two_moves_and_no_new_wording() -> None:
    old = town(("1.1", {"F.1.1.1": ROADS[0], "F.1.1.2": ROADS[1]}))
    new = town(("1.1", {"F.1.1.1": ROADS[1], "F.1.1.2": ROADS[0]}))
    diff = between(old, new)
    assert sorted(marked(diff, "moved")) == ["F.1.1.1>F.1.1.2", "F.1.1.2>F.1.1.1"]
    assert not [entry for entry in diff.entries if {"reworded", "added", "removed"} & set(entry.marks)]
    assert amounts(diff) == {}


def test_swapped_codes_of_like_wordings_too() -> None:
    names = ("Büyükbaş hayvan kesiminin yapılması", "Küçükbaş hayvan kesiminin yapılması")
    old = town(("1.1", {"F.1.1.1": names[0], "F.1.1.2": names[1]}))
    new = town(("1.1", {"F.1.1.1": names[1], "F.1.1.2": names[0]}))
    assert len(marked(between(old, new), "moved")) == 2
    # One of them gone and the other in its place is no new wording under another code.
    diff = between(town(("1.1", {"F.1.1.1": names[0]})), town(("1.1", {"F.1.1.2": names[1]})))
    assert (marked(diff, "removed"), marked(diff, "added")) == (["F.1.1.1>"], [">F.1.1.2"])


def test_a_row_inserted_in_front_renumbers_and_does_not_reword() -> None:
    old = town(("1.1", {"F.1.1.1": "1. etap yol yapımı", "F.1.1.2": "2. etap yol yapımı"}))
    names = {"F.1.1.1": "Köprü onarımı", "F.1.1.2": "1. etap yol yapımı", "F.1.1.3": "2. etap yol yapımı"}
    diff = between(old, town(("1.1", names)))
    assert marked(diff, "added") == [">F.1.1.1"]
    assert marked(diff, "moved") == ["F.1.1.1>F.1.1.2", "F.1.1.2>F.1.1.3"]
    assert marked(diff, "reworded") == []


def test_another_thing_under_the_old_code_is_not_a_new_wording() -> None:
    old = town(("1.1", {"F.1.1.1": ROADS[0]}))
    diff = between(old, town(("1.1", {"F.1.1.1": ROADS[3]})))
    assert (marked(diff, "removed"), marked(diff, "added")) == (["F.1.1.1>"], [">F.1.1.1"])
    assert_adds_up(diff)


def test_moved_to_another_target_under_another_code() -> None:
    old = town(("1.1", {"F.1.1.1": ROADS[0], "F.1.1.2": ROADS[1]}), ("1.2", {"F.1.2.1": ROADS[2]}))
    new = town(("1.1", {"F.1.1.1": ROADS[1]}), ("1.2", {"F.1.2.1": ROADS[2], "F.1.2.2": ROADS[0]}))
    diff = between(old, new)
    assert marked(diff, "moved") == ["F.1.1.2>F.1.1.1", "F.1.1.1>F.1.2.2"]
    letters = len(squeeze(ROADS[0]))
    by_target = {line.key: line.pair.difference for line in diff.by_target if line.pair.difference}
    assert by_target == {"1.1": -letters * 100_00, "1.2": letters * 100_00}
    assert_adds_up(diff)


def test_moved_and_reworded_at_once_is_told_by_the_wording() -> None:
    before, after = "Yol ve kaldırım onarımının yapılması", "Yol ve kaldırım onarımlarının yapılması"
    old = town(("1.1", {"F.1.1.1": before}), ("1.2", {"F.1.2.1": ROADS[2]}))
    new = town(("1.1", {"F.1.1.1": ROADS[3]}), ("1.2", {"F.1.2.1": ROADS[2], "F.1.2.2": after}))
    diff = between(old, new)
    assert marked(diff, "moved") == marked(diff, "reworded") == ["F.1.1.1>F.1.2.2"]
    assert (marked(diff, "added"), marked(diff, "removed")) == ([">F.1.1.1"], [])


def test_of_two_like_wordings_none_is_taken_for_the_other() -> None:
    old = town(("1.1", {"F.1.1.1": "Yol ve kaldırım onarımının yapılması"}))
    names = ("Yol ve kaldırım onarımlarının yapılması", "Yol ve kaldırım onarımının yapılacağı")
    diff = between(old, town(("1.1", {"F.1.1.4": names[0], "F.1.1.5": names[1]})))
    assert marked(diff, "moved") == []
    assert marked(diff, "removed") == ["F.1.1.1>"]


def test_of_equal_wordings_each_stays_with_its_target() -> None:
    """Two targets change places; both have an activity of the same name, under the same number."""
    old = town(("1.1", {"F.1.1.1": "Proje", "F.1.1.2": ROADS[0]}), ("1.2", {"F.1.2.1": "Proje", "F.1.2.2": ROADS[1]}))
    new = town(("1.1", {"F.1.1.1": "Proje", "F.1.1.2": ROADS[1]}), ("1.2", {"F.1.2.1": "Proje", "F.1.2.2": ROADS[0]}))
    names = [target.name for target in old.targets]
    new = replace(
        new, targets=tuple(replace(item, name=name) for item, name in zip(new.targets, reversed(names), strict=True))
    )
    diff = between(old, new)
    assert sorted(marked(diff, "moved")) == ["1.1>1.2", "1.2>1.1"]
    assert sorted(marked(diff, "follows")) == [
        "F.1.1.1>F.1.2.1",
        "F.1.1.2>F.1.2.2",
        "F.1.2.1>F.1.1.1",
        "F.1.2.2>F.1.1.2",
    ]


def test_a_renumbered_target_takes_its_activities_along() -> None:
    old = town(("1.1", {"F.1.1.1": ROADS[0], "F.1.1.2": ROADS[1]}))
    moved = town(("1.3", {"F.1.3.1": ROADS[0], "F.1.3.2": ROADS[1]}))
    new = replace(moved, targets=(replace(moved.targets[0], name=old.targets[0].name),))
    diff = between(old, new)
    assert marked(diff, "moved") == ["1.1>1.3"]
    assert marked(diff, "follows") == ["F.1.1.1>F.1.3.1", "F.1.1.2>F.1.3.2"]


def test_a_target_worded_anew_is_known_by_its_activities() -> None:
    old = town(("1.1", {"F.1.1.1": ROADS[0], "F.1.1.2": ROADS[1]}))
    new = replace(old, targets=(replace(old.targets[0], name="Kent içi ulaşımı bütünüyle güçlendirmek"),))
    diff = between(old, new)
    assert marked(diff, "reworded") == ["1.1>1.1"]
    assert marked(diff, "moved") == marked(diff, "added") == []


@pytest.mark.parametrize(
    "name",
    ["YOL YAPIMI", "yol  yapımı.", "Yol yap ımı", "Yol yapımi", "Yol yapýmý"],
    ids=["capitals", "spaces", "torn", "dot", "pdf"],
)
def test_letters_and_spaces_are_no_new_wording(name: str) -> None:
    assert between(town(("1.1", {"F.1.1.1": ROADS[0]})), town(("1.1", {"F.1.1.1": name}))).same


def test_a_percent_sign_is_a_unit_and_not_punctuation() -> None:
    old = town(("1.1", {"F.1.1.1": "Tahsilat (%)"}))
    assert marked(between(old, town(("1.1", {"F.1.1.1": "Tahsilat"}))), "reworded") == ["F.1.1.1>F.1.1.1"]


def test_two_of_one_name_are_not_guessed() -> None:
    old = town(("1.1", {"F.1.1.1": ROADS[0]}), ("1.2", {"F.1.2.1": ROADS[0]}))
    new = town(("1.1", {"F.1.1.2": ROADS[1]}), ("1.2", {"F.1.2.2": ROADS[1], "F.1.2.3": ROADS[0]}))
    diff = between(old, new)
    assert marked(diff, "moved") == ["F.1.2.1>F.1.2.3"]
    assert marked(diff, "removed") == ["F.1.1.1>"]
