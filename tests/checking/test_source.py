"""Which figures of forms, of a published programme and of a plan are missing or in doubt."""

from __future__ import annotations

import pytest

from kars_xl.base.place import Place
from kars_xl.checking.source import (
    Trust,
    forms_of,
    of_plan,
)
from kars_xl.findings.finding import Finding, Merged, finding
from kars_xl.model.programme import Activity, Costs, Indicator, IndicatorValue, Institution, Programme, Target
from kars_xl.reading.tables import CostTable, Document
from tests.helpers.source_forms import ONE, PARK, THREE, TWO, costs, finance, unit_form
from tests.helpers.tables_by_hand import (
    UNREADABLE,
    Given,
    form,
    matrix,
)


def unread(place: Place, **facts: str) -> Finding:
    """That a figure could not be read."""
    return finding("KX103", place, found="x", why="rakam yok", **facts)


def trust(*documents: Document) -> Trust:
    return forms_of(documents).trust


def test_of_forms_without_a_fault_every_figure_counts() -> None:
    source = forms_of([unit_form(), finance()])
    assert source.findings == ()
    assert source.merged is not None
    assert source.trust == Trust(programme=source.merged.programme, unread=frozenset(), blurred=frozenset(), lost=())
    assert source.programme == source.merged.programme
    assert source.is_forms
    assert source.strict == source.merged.findings


@pytest.mark.parametrize(
    "table",
    [
        costs(b3=UNREADABLE),
        costs(b5=UNREADABLE),
        costs(**{f"b{n}": None for n in range(1, 9)}, e0=None, e1=None, e2=None),
    ],
)
def test_an_activity_whose_costs_were_not_read_or_not_given_is_unread(table: CostTable) -> None:
    found = trust(unit_form(table), unit_form(code="F.1.2.1", file="b.xlsx", unit=PARK), finance())
    assert (found.unread, found.blurred, found.lost) == ({"F.1.1.1"}, frozenset(), ())


def test_what_one_unit_gave_twice_is_unread_and_what_two_units_gave_is_not() -> None:
    twice = trust(unit_form(), unit_form(file="b.xlsx"), finance())
    assert (twice.unread, twice.lost) == ({"F.1.1.1"}, ())
    assert trust(unit_form(), unit_form(file="b.xlsx", unit=PARK), finance()).unread == frozenset()


def test_an_error_of_a_figure_makes_its_activity_unread() -> None:
    document = unit_form()
    document.findings = [unread(Place("fen.xlsx", "FMT", 13, 3), table="FMT", key="F.1.1.1")]
    found = trust(document, finance())
    assert (found.unread, found.lost) == ({"F.1.1.1"}, ())
    # By its wording, where the table has no code.
    document.findings = [unread(Place("fen.xlsx"), table="FMT", key="F.1.1.1 adlı iş")]
    assert trust(document, finance()).unread == {"F.1.1.1"}
    # A warning, and an error that is not about whether a figure was read, leave it.
    document.findings = [
        unread(Place("fen.xlsx"), table="FMT", key="F.1.1.1", severity="warning"),
        finding("KX105", Place("fen.xlsx"), table="FMT", key="F.1.1.1", found="-1"),
    ]
    assert trust(document, finance()).unread == frozenset()


def test_money_of_nothing_that_is_known_is_lost() -> None:
    document = unit_form()
    costs_of_none = finding(
        "KX103", Place("fen.xlsx", "FMT", 90), table="FMT", key="F.9.9.9", found="x", why="rakam yok"
    )
    target_of_none = unread(Place("fen.xlsx", "PHT", 90), table="PHT")
    indicator = unread(Place("fen.xlsx", "PHT", 91), table="PHT", key="PG.1.1.1")
    other_table = unread(Place("fen.xlsx", "SHB", 92), table="İPT", key="F.9.9.9")
    document.findings = [costs_of_none, target_of_none, indicator, other_table]
    found = trust(document, finance())
    assert found.lost == (costs_of_none, target_of_none)
    assert found.unread == frozenset()


COLUMNS = [
    (finance(), True, True),
    (finance(general=None), False, True),
    (finance(transfers=None), True, False),
    (finance(general=0), True, True),
    (finance(general=UNREADABLE), False, True),
    (finance(transfers=UNREADABLE), True, False),
]


@pytest.mark.parametrize(("document", "general", "transfers"), COLUMNS)
def test_a_column_of_tablo_11_counts_if_it_was_given_and_read(
    document: Document, general: bool, transfers: bool
) -> None:
    programme = trust(unit_form(), document).programme
    assert (programme.administration is not None, programme.transfers is not None) == (general, transfers)


def test_without_the_finance_office_both_columns_are_unknown() -> None:
    programme = trust(unit_form()).programme
    assert (programme.administration, programme.transfers) == (None, None)
    document = finance()
    document.findings = [unread(Place("mali.xlsx"), table="TKT")]
    programme = trust(unit_form(), document).programme
    assert (programme.administration, programme.transfers) == (None, None)


def test_a_total_of_tablo_11_need_not_be_read() -> None:
    rows: dict[int | str, Given] = {**dict.fromkeys(range(1, 9), 100), "need_total": UNREADABLE}
    document = form(matrix({"general": rows}), file="mali.xlsx", unit="Mali Hizmetler Müdürlüğü")
    assert trust(unit_form(), document).programme.administration is not None
    rows[3] = UNREADABLE
    document = form(matrix({"general": rows}), file="mali.xlsx", unit="Mali Hizmetler Müdürlüğü")
    assert trust(unit_form(), document).programme.administration is None


def test_values_that_were_not_read_or_differ_are_blurred() -> None:
    def blurred(*given: Document) -> frozenset[tuple[str, int]]:
        return trust(*given, finance()).blurred

    blank = unit_form(values=(ONE, None, THREE))
    assert blurred(blank) == frozenset()
    row = blank.targets[0].indicators[0]
    blank.findings = [unread(row.places[1], table="PHT", key="PG.1.1.1")]
    assert blurred(blank) == {("PG.1.1.1", 1)}
    blank.findings = [unread(row.places[1], table="PHT", key="PG.1.1.1", severity="warning")]
    assert blurred(blank) == frozenset()
    # A remark on a value that was read is none.
    blank.findings = [finding("KX105", row.places[0], table="PHT", key="PG.1.1.1", found="-1")]
    assert blurred(blank) == frozenset()
    other = unit_form(file="b.xlsx", unit=PARK, values=(ONE, TWO, ONE))
    assert blurred(unit_form(), other) == {("PG.1.1.1", 2)}
    same = unit_form(file="b.xlsx", unit=PARK)
    assert blurred(unit_form(), same) == frozenset()


def plan(*findings: Finding, value_of_2024: IndicatorValue | None = None) -> Trust:
    """Of a plan with two activities and an indicator that has two of its three values."""
    activities = tuple(Activity(f"F.1.1.{n}", f"İş {n}") for n in (1, 2))
    indicators = (
        Indicator("PG.1.1.1", "Yol", (ONE, None, value_of_2024)),
        Indicator("PG.1.1.2", "Park", (None, ONE, TWO)),
    )
    target = Target("1.1", "Yollar", goal="1", objective="1.1", indicators=indicators, activities=activities)
    whole = Programme(Institution("Kars"), 2024, targets=(target,), administration=Costs.of({}), transfers=Costs.of({}))
    return of_plan(Merged(whole, findings=findings))


def said(code: str, table: str, key: str = "", severity: str = "") -> Finding:
    return finding(code, Place("plan.xlsx"), table=table, key=key, severity=severity, found="x", why="?")


def test_of_a_plan_without_a_fault_blanks_are_blanks() -> None:
    found = plan()
    assert (found.unread, found.blurred, found.lost) == (frozenset(), frozenset(), ())
    assert (found.programme.administration, found.programme.transfers) == (Costs.of({}), Costs.of({}))


def test_what_could_not_be_read_of_a_plan_is_no_blank() -> None:
    found = plan(said("KX103", "plan", "F.1.1.1"), said("KX103", "PHT", "PG.1.1.1"))
    assert found.unread == {"F.1.1.1"}
    assert found.blurred == {("PG.1.1.1", 1), ("PG.1.1.1", 2)}
    assert found.programme.administration == Costs.of({})
    both = plan(said("KX103", "plan", "F.1.1.1"), said("KX103", "plan", "F.1.1.2"))
    assert (both.unread, both.programme.transfers) == ({"F.1.1.1", "F.1.1.2"}, Costs.of({}))
    # Costs of no activity may be any others.
    found = plan(said("KX103", "plan", "F.1.1.1"), said("KX103", "plan", "yönetim"))
    assert (found.unread, found.programme.administration, found.programme.transfers) == ({"F.1.1.1"}, None, None)
    lost = said("KX103", "", "x")
    assert plan(lost, said("KX103", "TKT", "x")).lost == (lost,)


def test_a_remark_on_a_plan_makes_nothing_doubtful() -> None:
    remarks = [
        *(said("KX105", table, key) for table, key in (("plan", "F.1.1.1"), ("PHT", "PG.1.1.1"), ("", ""))),
        *(said("KX103", table, "F.1.1.1", "warning") for table in ("plan", "PHT", "")),
    ]
    found = plan(*remarks)
    assert (found.unread, found.blurred, found.lost) == (frozenset(), frozenset(), ())
