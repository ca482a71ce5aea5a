"""Merged against the plan, finding by finding: unknown codes (KX202), what nobody sent (KX203), other units (KX206)."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from kars_xl.base.place import Place
from kars_xl.checking.rules import check_against_plan
from kars_xl.findings.finding import WARNING, Finding, Merged, finding
from kars_xl.model.programme import Activity, Costs, Indicator, Institution, Programme, Target
from kars_xl.model.sources import Contribution, Sender
from kars_xl.model.units import Unit

PLAN = "plan.xlsx"
FEN, ZABITA, PARK = "Fen İşleri Müdürlüğü", "Zabıta Müdürlüğü", "Park ve Bahçeler Müdürlüğü"


def target(code: str, indicators: Sequence[str] = (), **units: Sequence[str]) -> Target:
    """A target with indicators "1", "2" …; `units` are those of its activities F1, F2 …"""
    return Target(
        code,
        f"Hedef {code}",
        code[0],
        code,
        indicators=tuple(Indicator(f"PG.{code}.{n}", "", (None, None, None)) for n in indicators),
        activities=tuple(Activity(f"F.{code}.{n[1:]}", "", tuple(map(Unit, given))) for n, given in units.items()),
    )


def programme(*targets: Target) -> Programme:
    return Programme(Institution("KARS"), 2024, targets=targets)


def sent(activity: str, unit: str = FEN, row: int = 5) -> Contribution:
    place = Place("fen.xlsx", "FMT", row, 3)
    return Contribution(activity=activity, costs=Costs(), place=place, sender=Sender(unit=Unit(unit)))


def against(
    plan: Programme, *contributions: Contribution, merged: Programme | None = None, told: Sequence[Finding] = ()
) -> list[Finding]:
    return check_against_plan(Merged(merged or plan, contributions, tuple(told)), plan, PLAN)


def missing(what: str, key: str, table: str = "", unit: str = "") -> Finding:
    values = [("unit", unit)] if unit else []
    return finding("KX203", Place(PLAN), table=table, key=key, values=values, what=what)


def unknown(key: str, table: str, place: Place) -> Finding:
    return finding("KX202", place, table=table, key=key)


def test_what_came_as_planned_is_not_remarked() -> None:
    plan = programme(target("1.1", "12", F1=[FEN], F2=[FEN, ZABITA]), target("1.2", "1"))
    given = (sent("F.1.1.1"), sent("F.1.1.2"), sent("F.1.1.2", "ZABITA MÜDÜRLÜĞÜ"))
    assert against(plan, *given) == []


def test_an_unknown_code_is_shown_at_a_cell_of_its_own_or_of_its_target() -> None:
    merged = programme(target("1.1", "1", F1=[FEN]), target("1.2", "12", F1=[FEN], F2=[FEN]), target("1.3", "1"))
    first, second = sent("F.1.2.1", row=8), sent("F.1.2.2", row=9)
    given = (sent("F.1.1.1", row=7), first, second)
    plan = programme(target("1.1", "1", F1=[FEN]), target("1.2", "1"))
    assert against(plan, *given, merged=merged) == [
        unknown("PG.1.2.2", "PHT", first.place),
        unknown("F.1.2.1", "FMT", first.place),
        unknown("F.1.2.2", "FMT", second.place),
        # Nothing of that target was costed: there is no cell to show.
        unknown("1.3", "PHT", Place("")),
        unknown("PG.1.3.1", "PHT", Place("")),
    ]


def test_an_unknown_target_is_shown_at_the_first_of_its_cost_tables() -> None:
    merged = programme(target("2.1", "1", F1=[FEN], F2=[FEN]))
    given = (sent("F.2.1.1", row=3), sent("F.2.1.2", row=4))
    found = against(programme(), *given, merged=merged)
    assert [(item.key, item.table, item.place.row) for item in found] == [
        ("2.1", "PHT", 3),
        ("PG.2.1.1", "PHT", 3),
        ("F.2.1.1", "FMT", 3),
        ("F.2.1.2", "FMT", 4),
    ]


def test_a_unit_that_sent_nothing_is_one_finding_however_many_activities_it_has() -> None:
    five = {f"F{n}": [ZABITA] for n in range(1, 6)}
    codes = "F.1.1.1, F.1.1.2, F.1.1.3, F.1.1.4, F.1.1.5"
    for activities, count, dots in ((five, 5, ""), (five | {"F6": [ZABITA]}, 6, " …")):
        plan = programme(target("1.1", "", **activities), target("1.2", "", F1=[FEN]))
        what = f"Zabıta Müdürlüğü formu ({count} faaliyet: {codes}{dots})"
        assert against(plan, sent("F.1.2.1")) == [missing(what, ZABITA)]


def test_an_activity_that_one_of_its_units_did_not_cost() -> None:
    plan = programme(target("1.1", "", F1=[FEN, ZABITA], F2=[FEN], F3=[FEN], F4=[PARK]))
    given = (sent("F.1.1.1"), sent("F.1.1.3", ZABITA), sent("F.1.1.4", PARK))
    assert [item for item in against(plan, *given) if item.code == "KX203"] == [
        missing("F.1.1.1 (Zabıta Müdürlüğü)", "F.1.1.1", "FMT", ZABITA),
        missing("F.1.1.2 (Fen İşleri Müdürlüğü)", "F.1.1.2", "FMT", FEN),
        missing("F.1.1.3 (Fen İşleri Müdürlüğü)", "F.1.1.3", "FMT", FEN),
    ]


def test_an_indicator_that_no_form_gives_unless_all_units_of_its_target_are_silent() -> None:
    plan = programme(
        target("1.1", "12", F1=[FEN]),
        target("1.2", "1", F1=[ZABITA]),
        target("1.3", "1", F1=[FEN, ZABITA]),
        target("1.4", "1"),
    )
    merged = programme(target("1.1", "1", F1=[FEN]))
    given = (sent("F.1.1.1"), sent("F.1.3.1"))
    assert against(plan, *given, merged=merged) == [
        missing("Zabıta Müdürlüğü formu (2 faaliyet: F.1.2.1, F.1.3.1)", ZABITA),
        missing("PG.1.1.2 göstergesi", "PG.1.1.2", "PHT"),
        missing("PG.1.3.1 göstergesi", "PG.1.3.1", "PHT"),
        missing("PG.1.4.1 göstergesi", "PG.1.4.1", "PHT"),
    ]


@pytest.mark.parametrize("severity", ["", WARNING])
def test_what_could_not_be_read_has_been_said_at_its_cell_and_a_warning_is_no_such_word(severity: str) -> None:
    plan = programme(target("1.1", "1", F1=[FEN], F2=[FEN]))
    told = [
        finding("KX103", Place("f"), key=key, severity=severity, found="?", why="?") for key in ("F.1.1.1", "PG.1.1.1")
    ]
    found = against(plan, sent("F.1.1.2"), merged=programme(target("1.1", "", F2=[FEN])), told=told)
    assert [item.key for item in found] == (["F.1.1.1", "PG.1.1.1"] if severity else [])


def test_a_unit_that_the_plan_does_not_name_for_an_activity() -> None:
    plan = programme(target("1.1", "", F1=[FEN, PARK], F2=[PARK]))
    other = sent("F.1.1.2", "fen işleri müdürlüğü", 6)
    given = (
        sent("F.1.1.1", "FEN İŞLERİ MÜDÜRLÜĞÜ"),
        sent("F.1.1.1", PARK),
        sent("F.1.1.2", PARK),
        sent("F.1.1.2", ""),
        other,
        sent("F.9.9.9"),
    )
    assert against(plan, *given) == [
        finding(
            "KX215",
            other.place,
            table="FMT",
            key="F.1.1.2",
            related=[given[2].place],
            unit="fen işleri müdürlüğü",
            other=PARK,
        ),
    ]
