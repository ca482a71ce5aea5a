"""Target tables as they are merged: codes and wordings of goals, objectives and targets, values that must agree."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kars_xl.base.place import Place
from kars_xl.checking.book import book_of
from kars_xl.checking.tables import presence
from kars_xl.findings.finding import Finding, finding
from kars_xl.merging.notes import Notes
from kars_xl.merging.tables import (
    goal_code,
    indicator_sources,
    objective_code,
    target_code,
    target_of,
    target_tables,
)
from kars_xl.model.programme import Activity, Indicator, IndicatorValue, Target
from kars_xl.model.sources import IndicatorSource, Sender
from kars_xl.model.units import Unit
from kars_xl.reading.tables import GoalLine, TargetTable, Text
from tests.helpers.form_files import FEN
from tests.helpers.tables_by_hand import activity_row, at, form, indicator_row, target_table

SIX, SEVEN, NONE, SHARE = (
    IndicatorValue(Decimal(6)),
    IndicatorValue(Decimal(7)),
    IndicatorValue(None),
    IndicatorValue(Decimal(70), True),
)


def coded(code: str, **texts: str) -> TargetTable:
    return target_table(codes={"target": code}, **texts)


def test_tables_by_target_in_order_of_number() -> None:
    ten, two, again = coded("1.10"), coded("1.2"), coded("1.10")
    notes = Notes(None)
    found = target_tables([form(ten, two), form(again)], notes)
    assert [(code, [id(table) for table in tables]) for code, tables in found.items()] == [
        ("1.2", [id(two)]),
        ("1.10", [id(ten), id(again)]),
    ]
    assert notes.findings == []


@pytest.mark.parametrize(
    ("texts", "called"), [({"target": "Yolları onarmak"}, "Yolları onarmak"), ({}, "hedef tablosu")]
)
def test_a_table_of_which_no_code_tells_the_target(texts: dict[str, str], called: str) -> None:
    notes = Notes(None)
    assert target_tables([form(target_table(codes={}, **texts))], notes) == {}
    assert notes.findings == [finding("KX113", at(1, 1, sheet="PHT"), table="PHT", found=called)]


def test_what_goals_objectives_and_targets_are_called() -> None:
    table = coded("1.2.3", goal="Ulaşım", objective="Yol ağı", target="Yolları onarmak")
    document = form(table)
    document.goals = [
        GoalLine("goal", "7", Text("Listedeki amaç", at(2))),
        GoalLine("objective", "7.1", Text("Hedefi", at(3))),
    ]
    notes = Notes(None)
    target_tables([document], notes)
    kinds = ("goal", "objective", "target")
    names = {(kind, code): name for kind in kinds for code, name in notes.named(kind, ())}
    assert names == {
        ("goal", "7"): "Listedeki amaç",
        ("objective", "7.1"): "Hedefi",
        ("goal", "1"): "Ulaşım",
        ("objective", "1.2"): "Yol ağı",
        ("target", "1.2.3"): "Yolları onarmak",
    }
    assert notes.findings == []


@pytest.mark.parametrize(
    ("texts", "place"),
    [
        ({"objective": "Yol ağı"}, at(1, 2, sheet="PHT")),
        ({"objective": "Yol ağı", "target": ""}, at(2, 2, sheet="PHT")),
    ],
)
def test_a_blank_target_is_called_as_its_objective(texts: dict[str, str], place: Place) -> None:
    notes = Notes(None)
    target_tables([form(coded("1.2", **texts))], notes)
    facts = {"what": "Performans Hedefi", "read": "Hedefin metni kullanıldı."}
    blank = finding("KX310", place, table="PHT", key="1.2", **facts)
    assert list(presence.check_blanks(book_of([form(coded("1.2", **texts))], recomputed=True))) == [blank]
    assert notes.name("target", "1.2") == notes.name("objective", "1.2") == "Yol ağı"


def test_a_target_and_objective_without_any_wording() -> None:
    notes = Notes(None)
    target_tables([form(coded("1.2"))], notes)
    assert (notes.findings, notes.name("target", "1.2")) == ([], "")


@pytest.mark.parametrize(
    ("codes", "rows", "target"),
    [
        ({"target": "1.2", "objective": "9.9"}, ["PG.3.4.1"], "1.2"),
        ({"objective": "9.9"}, ["PG.3.4.1", "F.3.4.1", "F.3.5.1"], "3.4"),
        ({"objective": "9.9"}, ["PG.3.5.1", "F.3.4.1", "F.3.4.2"], "3.4"),
        ({"objective": "9.9"}, [], "9.9"),
        ({}, [], ""),
    ],
)
def test_the_targets_code(codes: dict[str, str], rows: list[str], target: str) -> None:
    given = [indicator_row(code, SIX, SIX, SIX) if code[0] == "P" else activity_row(code) for code in rows]
    assert target_code(target_table(*given, codes=codes)) == target


def test_codes_of_objective_and_goal_are_those_given_or_the_targets_first_parts() -> None:
    given, bare = target_table(codes={"objective": "5.1", "goal": "8"}), target_table(codes={})
    assert [objective_code(table, "1.2.3") for table in (given, bare)] == ["5.1", "1.2"]
    assert [goal_code(table, "1.2.3") for table in (given, bare)] == ["8", "1"]


# A target from all its tables


def made(*tables: TargetTable, notes: Notes | None = None) -> tuple[Target, list[Finding]]:
    notes = notes or Notes(None)
    before = len(notes.findings)
    return target_of("1.1", list(tables), {}, notes), notes.findings[before:]


def test_a_target_of_two_forms() -> None:
    notes = Notes(None)
    one = target_table(
        indicator_row("PG.1.1.10", SHARE, NONE, SIX, name="Onuncu"),
        indicator_row("PG.1.1.2", SIX, SIX, SEVEN, name="İkinci"),
        codes={"target": "1.1", "goal": "3"},
        target="Yollar",
        note="Bir not.",
    )
    other = target_table(
        indicator_row("PG.1.1.2", SIX, SIX, SEVEN, name="İkinci"),
        codes={"target": "1.1", "objective": "2.2"},
        note="Bir not.",
    )
    third = target_table(note="Başka not.")
    target_tables([form(one, other, third)], notes)
    activity = Activity("F.1.1.1", "Yol yapımı")
    target = target_of("1.1", [one, other, third], {"1.1": [activity], "9": []}, notes)
    indicators = (
        Indicator("PG.1.1.2", "İkinci", (SIX, SIX, SEVEN)),
        Indicator("PG.1.1.10", "Onuncu", (SHARE, NONE, SIX)),
    )
    assert target == Target("1.1", "Yollar", "3", "1.1", "Bir not. Başka not.", indicators, (activity,))
    assert notes.findings == []


@pytest.mark.parametrize(("years", "label"), [((2022, 2023, 2024), "2023"), ((2022, None, 2024), "t"), ((2022,), "t")])
def test_a_value_that_differs_between_forms(years: tuple[int | None, ...], label: str) -> None:
    first = target_table(indicator_row("PG.1.1.1", SIX, SHARE, SIX))
    other = target_table(indicator_row("PG.1.1.1", SIX, SEVEN, SIX, file="park.xlsx", row=8), years=years)
    same = target_table(indicator_row("PG.1.1.1", SIX, SHARE, SIX, file="spor.xlsx"))
    target, findings = made(first, other, same)
    assert target.indicators[0].values == (SIX, SHARE, SIX)
    place, related = at(8, 4, "park.xlsx", "PHT"), [at(10, 4, sheet="PHT")]
    facts = {"year": label, "found": "7", "other": "%70", "unit": "burada", "other_unit": "ilgili yerde"}
    assert findings == [finding("KX205", place, table="PHT", key="PG.1.1.1", related=related, **facts)]


def test_seventy_and_seventy_percent_are_two_values() -> None:
    plain = IndicatorValue(Decimal(70))
    tables = [target_table(indicator_row("PG.1.1.1", value, SIX, SIX)) for value in (plain, SHARE)]
    assert [found.code for found in made(*tables)[1]] == ["KX205"]


@pytest.mark.parametrize(("years", "label"), [((2022, 2023, 2024), "2024"), ((2022, 2023, None), "t+1"), ((), "t+1")])
def test_a_blank_value_is_said_and_the_next_form_counts(years: tuple[int | None, ...], label: str) -> None:
    blank = target_table(indicator_row("PG.1.1.1", SIX, SIX, None), years=years)
    given = target_table(indicator_row("PG.1.1.1", SIX, SIX, SEVEN, file="park.xlsx"))
    what = f"PG.1.1.1 göstergesinin {label} değeri"
    missing = finding("KX101", at(10, 5, sheet="PHT"), table="PHT", key="PG.1.1.1", what=what, blank="-")
    for tables in ([blank, given], [given, blank]):
        target, findings = made(*tables)
        assert (target.indicators[0].values[2], findings) == (SEVEN, [missing])
    target, findings = made(blank)
    assert (target.indicators[0].values, findings) == ((SIX, SIX, None), [missing])


def test_a_value_that_could_not_be_read_is_not_called_blank_too() -> None:
    document = form()
    document.findings.append(finding("KX103", at(10, 5, sheet="PHT"), found="?", why="rakam yok"))
    notes = Notes(None, [document])
    blank = target_table(indicator_row("PG.1.1.1", SIX, None, None))
    assert [found.place.column for found in made(blank, notes=notes)[1]] == [4]


def test_indicators_as_each_form_gave_them() -> None:
    row, other = indicator_row("PG.1.1.1", SIX, None, SHARE), indicator_row("PG.1.1.2", SIX, SIX, SIX, file="park.xlsx")
    first = form(target_table(row), digest="d", unit=FEN, revision="4", filled_by="Ayşe")
    second = form(target_table(), target_table(other), file="park.xlsx")
    sender = Sender(unit=Unit(FEN), revision=4, filled_by="Ayşe", digest="d")
    assert indicator_sources([first, second], Notes(None)) == (
        IndicatorSource(indicator="PG.1.1.1", values=row.values, places=row.places, sender=sender),
        IndicatorSource(indicator="PG.1.1.2", values=other.values, places=other.places),
    )


def test_goals_and_objectives_are_those_called_and_those_of_targets() -> None:
    notes = Notes(None)
    for kind, code, name in (
        ("goal", "10", "On"),
        ("goal", "2", "İki"),
        ("objective", "2.1", "İki bir"),
        ("objective", "7.1", "Yedi bir"),
        ("target", "3", "x"),
    ):
        notes.call(kind, code, Text(name, at(1)))
    assert notes.named("goal", ["1", "2"]) == [("1", ""), ("2", "İki"), ("10", "On")]
    assert notes.named("objective", ["1.1", "2.1"]) == [("1.1", ""), ("2.1", "İki bir"), ("7.1", "Yedi bir")]
