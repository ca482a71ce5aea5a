"""The merge rules: what is summed, what must agree, what can't be told."""

from __future__ import annotations

from msgspec.structs import replace

from kars_xl.checking.rules import check_against_plan
from kars_xl.checking.source import published
from kars_xl.model.cost_rows import BUDGET_ROWS, CostRow
from kars_xl.model.programme import Costs
from kars_xl.model.units import Unit
from kars_xl.reading.files import Reading
from kars_xl.reading.tables import Document
from tests.helpers.form_tables import MATRIX, cost_table, document, merged_forms, target_table
from tests.helpers.found import codes, only

ROAD = "F.1.1.1\tYol yapımı\t60.000,00"
FEN, ZABITA = "Fen İşleri Müdürlüğü", "Zabıta Müdürlüğü"


def form(
    amount: str = "60.000,00", *, name: str = "fen.txt", unit: str = FEN, revision: int = 0, **more: str
) -> Document:
    row = f"F.1.1.1\t{more.pop('called', 'Yol yapımı')}\t{amount}"
    return document(
        target_table(row, **more), cost_table("Yol yapımı", amount), name=name, unit=unit, revision=revision
    )


def finance() -> Document:
    """Without the reserve, which MATRIX has in a column that is not its own."""
    rows = MATRIX.replace("9\tYedek Ödenek\t1.000,00\t0,00", "9\tYedek Ödenek\t0,00\t1.000,00")
    return document(rows.replace("9.000,00\t0,00", "8.000,00\t1.000,00"), name="mali.txt")


def test_one_form_and_the_finance_form_make_a_programme() -> None:
    merged = merged_forms([form(), finance()])
    assert merged.findings == ()
    (activity,) = merged.programme.activities
    assert activity.costs == Costs.of({CostRow(3): 60_000_00})
    assert activity.units == (Unit(FEN),)
    assert merged.programme.administration == Costs.of(dict.fromkeys(BUDGET_ROWS[:-1], 1_000_00))
    assert merged.programme.transfers == Costs.of({CostRow.RESERVE: 1_000_00})
    assert merged.programme.year == 2024
    assert merged.programme.institution.name == "T.C. KARS BELEDİYE BAŞKANLIĞI"


def test_an_activity_of_two_units_is_summed_by_code_and_lists_both() -> None:
    other = document(
        target_table(ROAD.replace("60.000", "40.000")),
        cost_table("Yol yapımı", "40.000,00", code=6),
        name="z.txt",
        unit=ZABITA,
    )
    merged = merged_forms([form(), other, finance()])
    assert merged.findings == ()
    (activity,) = merged.programme.activities
    assert activity.costs == Costs.of({CostRow(3): 60_000_00, CostRow(6): 40_000_00})
    assert activity.units == (Unit(FEN), Unit(ZABITA))
    assert [given.sender.unit.name for given in merged.contributions] == [FEN, ZABITA]


def test_the_same_activity_twice_from_one_unit_is_an_error_that_names_both_files() -> None:
    found = only(merged_forms([form(), form(name="kopya.txt"), finance()]).findings, "KX204")
    assert (found.place.file, [place.file for place in found.related]) == ("kopya.txt", ["fen.txt"])


def test_latest_takes_the_highest_revision_and_says_so() -> None:
    old, new = form("50.000,00", name="eski.txt", revision=1), form("70.000,00", name="yeni.txt", revision=2)
    merged = merged_forms([old, new, finance()], latest=True)
    assert codes(merged.findings) == ["KX209"]
    assert merged.replaced == {"eski.txt"}
    assert merged_forms([old, new, finance()]).replaced == frozenset()
    assert merged.programme.activity_costs.total == 70_000_00
    assert only(merged.findings, "KX209").related[0].file == "eski.txt"
    tie = merged_forms([form(revision=1), form(name="kopya.txt", revision=1), finance()], latest=True)
    assert "KX204" in codes(tie.findings)


def test_an_indicator_in_two_forms_must_have_one_value() -> None:
    same = form(name="z.txt", unit=ZABITA)
    assert "KX205" not in codes(merged_forms([form(), same, finance()]).findings)
    other = form(name="z.txt", unit=ZABITA, indicators="PG.1.1.1\tOnarılan yol (km)\t4,00\t5,00\t7,00")
    found = only(merged_forms([form(), other, finance()]).findings, "KX205")
    assert (found.place.file, found.place.cell, found.key) == ("z.txt", "E8", "PG.1.1.1")


def test_wording_that_differs_is_a_warning_and_the_first_wins_without_a_plan() -> None:
    merged = merged_forms([form(), form(name="z.txt", unit=ZABITA, called="Yol yapmak"), finance()])
    found = only(merged.findings, "KX207")
    assert found.severity == "warning"
    assert "Yol yapmak" in found.message
    assert merged.programme.activities[0].name == "Yol yapımı"


def test_the_plans_wording_wins() -> None:
    plan = merged_forms([form(called="Yol yapım işleri"), finance()]).programme
    merged = merged_forms([form(), finance()], plan)
    assert merged.programme.activities[0].name == "Yol yapım işleri"
    assert "KX207" in codes(merged.findings)


def test_a_blank_target_takes_the_objectives_text() -> None:
    merged = merged_forms([form(target=""), finance()])
    assert merged.programme.targets[0].name == "Yol ağını yenilemek"
    assert only(merged.findings, "KX310").place.cell == "B5"


def test_an_amount_typed_over_in_the_target_table_is_an_error_at_its_cell() -> None:
    wrong = document(target_table(ROAD.replace("60.000", "90.000")), cost_table("Yol yapımı"), name="f.txt", unit=FEN)
    found = only(merged_forms([wrong, finance()]).findings, "KX301")
    assert found.place.cell == "E11"
    assert dict(found.values) == {"expected": "60000.00", "found": "90000.00", "PHT": "90000.00", "FMT": "60000.00"}


def test_a_typed_total_that_differs_is_recomputed_with_a_warning() -> None:
    table = cost_table("Yol yapımı").replace(
        "Toplam Bütçe Kaynak İhtiyacı\t\t60.000,00", "Toplam Bütçe Kaynak İhtiyacı\t\t1,00"
    )
    merged = merged_forms([document(target_table(ROAD), table, unit=FEN), finance()])
    assert only(merged.findings, "KX108").severity == "warning"
    assert merged.programme.activity_costs.total == 60_000_00


def test_an_activity_without_cost_table_and_a_cost_table_without_activity_are_errors() -> None:
    alone = document(target_table(ROAD, "F.1.1.2\tKöprü yapımı\t0,00"), cost_table("Yol yapımı"), unit=FEN)
    assert only(merged_forms([alone, finance()]).findings, "KX302").key == "F.1.1.2"
    orphan = document(target_table(ROAD), cost_table("Yol yapımı"), cost_table("Bisiklet dağıtımı"), unit=FEN)
    assert "Bisiklet dağıtımı" in only(merged_forms([orphan, finance()]).findings, "KX303").message


def test_a_cost_table_is_never_told_to_the_wrong_activity() -> None:
    """Two names equally near: the table stays untold, and both faces of it are errors."""
    rows = ("F.1.1.1\tOkul yolu yapımı 1\t60.000,00", "F.1.1.2\tOkul yolu yapımı 2\t0,00")
    merged = merged_forms([document(target_table(*rows), cost_table("Okul yolu yapımı 3"), unit=FEN), finance()])
    assert "KX303" in codes(merged.findings)
    assert merged.contributions == ()


def test_blank_costs_and_blank_indicators_are_required() -> None:
    blank = document(
        target_table(ROAD.replace("60.000,00", "")), cost_table("Yol yapımı", "").replace("\t-", "\t"), unit=FEN
    )
    assert only(merged_forms([blank, finance()]).findings, "KX101").key == "F.1.1.1"
    indicator = form(indicators="PG.1.1.1\tOnarılan yol (km)\t4,00\t5,00\t")
    assert only(merged_forms([indicator, finance()]).findings, "KX101").place.cell == "E8"
    dash = form(indicators="PG.1.1.1\tOnarılan yol (km)\t-\t5,00\t-")
    assert merged_forms([dash, finance()]).findings == ()


def test_without_the_finance_form_there_are_no_totals() -> None:
    assert "KX203" in codes(merged_forms([form()]).findings)


def test_another_year_and_another_institution_are_errors() -> None:
    other = document(
        target_table(ROAD).replace("KARS", "IĞDIR").replace("2024", "2023"),
        cost_table("Köprü"),
        name="i.txt",
        unit=ZABITA,
    )
    found = merged_forms([form(), form(name="b.txt", unit="B"), other, finance()]).findings
    assert [item.place.file for item in found if item.code == "KX201"] == ["i.txt", "i.txt"]


def test_an_activity_under_two_targets_is_an_error() -> None:
    twice = document(
        target_table(ROAD), target_table(ROAD).replace("PG.1.1", "PG.1.2"), cost_table("Yol yapımı"), unit=FEN
    )
    second = next(table for table in twice.targets if table.indicators[0].code == "PG.1.2.1")
    second.heading.codes["target"] = "1.2"
    assert only(merged_forms([twice, finance()]).findings, "KX305").key == "F.1.1.1"


def test_codes_are_ordered_by_number() -> None:
    rows = [f"F.1.1.{n}\tYol {'x' * n}\t0,00" for n in (10, 2, 1)]
    tables = [cost_table(f"Yol {'x' * n}") for n in (10, 2, 1)]
    merged = merged_forms([document(target_table(*rows), *tables, unit=FEN), finance()])
    assert [activity.code for activity in merged.programme.activities] == ["F.1.1.1", "F.1.1.2", "F.1.1.10"]


def test_the_plan_tells_what_is_missing_unknown_and_not_responsible() -> None:
    plan = merged_forms([form(), finance()]).programme
    (target,) = plan.targets
    (activity,) = target.activities
    more = replace(activity, code="F.1.1.2", units=(Unit(ZABITA),))
    wider = replace(plan, targets=(replace(target, activities=(activity, more)),))
    found = check_against_plan(merged_forms([form(), finance()], wider), wider, "plan.xlsx")
    assert [(item.code, item.key) for item in found] == [("KX203", ZABITA)]
    narrower = replace(plan, targets=(replace(target, activities=(), indicators=()),))
    found = check_against_plan(merged_forms([form(), finance()], narrower), narrower, "plan.xlsx")
    assert sorted((item.code, item.key) for item in found) == [("KX202", "F.1.1.1"), ("KX202", "PG.1.1.1")]
    others = replace(plan, targets=(replace(target, activities=(replace(activity, units=(Unit(ZABITA),)),)),))
    found = check_against_plan(merged_forms([form(), finance()], others), others, "plan.xlsx")
    assert sorted(item.code for item in found) == ["KX203", "KX206"]


def test_a_published_source_is_taken_over_with_warnings_only() -> None:
    source = document(target_table(ROAD, "F.1.1.2\tKöprü yapımı\t5.000,00"), cost_table("Yol yapımı"), MATRIX)
    merged = published(Reading(), source).merged
    assert merged is not None
    assert [(found.code, found.severity) for found in merged.findings] == [
        ("KX302", "warning"),
        ("KX310", "warning"),
        ("KX312", "warning"),
    ]
    costs = {activity.code: activity.costs for activity in merged.programme.activities}
    assert costs["F.1.1.2"] == Costs.of({CostRow(3): 5_000_00})
