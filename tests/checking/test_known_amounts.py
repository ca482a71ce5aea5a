"""Amounts against last year's, the other units' and the whole: what is said, and what is not."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from msgspec.structs import replace

from kars_xl.base.place import Place
from kars_xl.checking.known_amounts import check_known_amounts
from kars_xl.checking.source import read_source
from kars_xl.findings.finding import Finding, Merged
from kars_xl.model.cost_rows import CostRow
from kars_xl.model.programme import Costs, Limits, PastCosts, Programme
from kars_xl.model.sources import Contribution
from kars_xl.model.units import Unit
from kars_xl.pipeline import check, make_forms, merge
from kars_xl.reading.grid import open_grid
from kars_xl.reading.plan import read_plan
from kars_xl.workbook.nodes.programme import programme_tree
from kars_xl.workbook.render import PLAN_TEMPLATE, render, template_path
from kars_xl.year.folder.roll_over import roll_over
from tests.helpers.cli_runs import run

FEN = Unit("Fen İşleri Müdürlüğü")


@pytest.fixture(scope="module")
def real(inputs: Path) -> tuple[Programme, Merged]:
    """The plan and the forms of 2024; the amounts of these forms are those of the year before, too."""
    source = read_source([str(inputs)])
    plan = source.plan
    return replace(plan, past=past(source.merged.contributions)), source.merged


def past(given: Sequence[Contribution], factor: Callable[[Contribution], float] = lambda _: 1) -> tuple[PastCosts, ...]:
    def scaled(item: Contribution) -> Costs:
        return Costs(tuple(round(kurus * factor(item)) for kurus in item.costs.amounts))

    return tuple(PastCosts(item.activity, 2023, item.sender.unit, scaled(item)) for item in given)


def changed(merged: Merged, change: Callable[[Contribution], Costs]) -> Merged:
    """With what each cost table holds changed."""
    return replace(merged, contributions=tuple(replace(it, costs=change(it)) for it in merged.contributions))


def times(factor: str, of: Callable[[Contribution], bool]) -> Callable[[Contribution], Costs]:
    def change(item: Contribution) -> Costs:
        scaled = tuple(int(kurus * Decimal(factor)) for kurus in item.costs.amounts)
        return Costs(scaled) if of(item) else item.costs

    return change


def told(found: Sequence[Finding]) -> list[tuple[str, str]]:
    return [(str(item.code), item.key) for item in found]


def test_nothing_is_said_of_the_real_programme(real: tuple[Programme, Merged]) -> None:
    """Neither against the same amounts, nor where nothing is known, nor after a year of inflation that is uneven."""
    plan, merged = real
    assert told(check_known_amounts(merged, plan)) == []
    assert told(check_known_amounts(merged, None)) == []
    assert told(check_known_amounts(merged, replace(plan, past=()))) == []
    uneven = past(merged.contributions, lambda item: (0.3, 0.5, 0.7, 0.9, 1.4)[len(item.activity) % 5])
    assert told(check_known_amounts(merged, replace(plan, past=uneven))) == []


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("factor", ["0.001", "1000"])
def test_a_unit_in_thousands_or_in_thousandths_is_one_finding(
    real: tuple[Programme, Merged], factor: str, known: bool
) -> None:
    """Each unit in its turn, by last year's amounts and where there are none by its peers'."""
    plan, merged = real
    plan = plan if known else replace(plan, past=())
    units = {item.sender.unit for item in merged.contributions}
    for unit in units:
        spoiled = changed(merged, times(factor, lambda item, unit=unit: item.sender.unit == unit))
        found = [*check_known_amounts(spoiled, plan)]
        if known:
            assert told(found) == [("KX220", unit.name)], unit
        else:
            # A few units' amounts are as many times larger or smaller than the others' as in no other unit's form.
            assert {code for code, _ in told(found)} <= {"KX220", "KX222"}, unit
            assert ("KX220", unit.name) in told(found), unit


def test_the_sentence_says_both_amounts_and_how_far_they_are_apart(real: tuple[Programme, Merged]) -> None:
    plan, merged = real
    spoiled = changed(merged, times("0.001", lambda item: item.sender.unit == FEN))
    (found,) = check_known_amounts(spoiled, plan)
    # 23.000.000 TL in the published programme
    assert "Fen İşleri Müdürlüğü tutarları 2023 yılına göre 1.000 kat küçük: 23.000,00 TL" in found.message
    assert "23.000.000,00 TL" in found.message
    assert found.severity == "warning"


def test_one_cell_with_too_many_digits_is_a_jump_and_a_large_share(real: tuple[Programme, Merged]) -> None:
    """3.200.000.500 for 3.200.500 in the form of one activity."""
    plan, merged = real
    huge = Costs.of({CostRow.GOODS_AND_SERVICES: 320_000_050_000})
    first = max((it for it in merged.contributions if it.sender.unit == FEN), key=lambda it: it.costs.total)
    spoiled = changed(merged, lambda item: huge if item is first else item.costs)
    assert ("KX222", first.activity) in told(check_known_amounts(spoiled, replace(plan, past=())))
    found = told(check_known_amounts(spoiled, plan))
    # Fen İşleri's whole is 139 times last year's then, which says it for all that is in its form.
    assert found == [("KX220", FEN.name)]
    twelvefold = Costs.of({CostRow.CAPITAL: first.costs.total * 12})
    mild = changed(merged, lambda item: twelvefold if item is first else item.costs)
    assert ("KX221", first.activity) in told(check_known_amounts(mild, plan))


def test_thresholds_stand_in_the_plan(real: tuple[Programme, Merged]) -> None:
    plan, merged = real
    first = next(it for it in merged.contributions if it.costs.total and it.sender.unit == FEN)
    tripled = changed(merged, times("3", lambda item: item is first))
    assert told(check_known_amounts(tripled, plan)) == []
    strict = replace(plan, limits=Limits(Decimal(3), Decimal(100), Decimal(25)))
    assert told(check_known_amounts(tripled, strict)) == [("KX221", first.activity)]
    small = replace(plan, limits=Limits(Decimal(10), Decimal(100), Decimal(15)), past=())
    # F.1.4.2 has 17,7% of the activities' costs in the published programme.
    assert told(check_known_amounts(merged, small)) == [("KX222", "F.1.4.2")]


def test_what_had_money_and_has_none(real: tuple[Programme, Merged]) -> None:
    plan, merged = real
    first = next(it for it in merged.contributions if it.costs.total and it.sender.unit == FEN)
    found = [*check_known_amounts(changed(merged, lambda it: Costs() if it is first else it.costs), plan)]
    assert [(item.code, item.severity, item.place) for item in found] == [("KX223", "warning", first.place)]
    gone = replace(plan, past=(*plan.past, PastCosts("F.9.9.9", 2023, FEN, Costs.of({CostRow.CAPITAL: 5_000_000_00}))))
    # The plan was changed on purpose, or not: who makes the forms of it is told, and nobody at each check afterwards.
    assert told(check_known_amounts(merged, gone)) == []
    found = [*check_known_amounts(Merged(gone), gone, "plan.xlsx")]
    assert [(item.code, item.severity, item.place) for item in found] == [("KX223", "advice", Place("plan.xlsx"))]
    assert "5.000.000,00 TL" in found[0].message
    # What has not come yet has not vanished.
    unsent = replace(merged, contributions=tuple(it for it in merged.contributions if it.activity != first.activity))
    assert told(check_known_amounts(unsent, plan)) == []


@pytest.fixture(scope="module")
def next_year(inputs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The working folder of 2025 with the amounts of 2024 in its plan; forms of the new year, filled with the same."""
    root = tmp_path_factory.mktemp("2025")
    known = read_plan(open_grid(str(inputs / "plan.xlsx")))
    plan = roll_over(known.programme, 2025, known.contributions)
    (root / "inputs").mkdir()
    tree = programme_tree(plan)
    assert not render(template_path(PLAN_TEMPLATE), tree, str(root / "inputs" / "plan.xlsx"))
    assert not make_forms(str(root / "inputs" / "plan.xlsx"), str(root / "forms"), filled=False).failed
    return root


def test_last_years_amounts_stand_beside_the_entry_cells(next_year: Path) -> None:
    """Of Fen İşleri's F.7.3.1 by code, with the change as a formula; the plan that is read back has them all."""
    plan = read_plan(open_grid(str(next_year / "inputs" / "plan.xlsx"))).programme
    assert sum(item.costs.total for item in plan.past) == 253_748_000_00
    (had,) = (item for item in plan.past if item.activity == "F.7.3.1" and item.unit == FEN)
    assert (had.year, had.costs.total) == (2024, 15_000_000_00)
    sheet = openpyxl.load_workbook(next_year / "forms" / "fen_isleri_mudurlugu.xlsx")["PH 7.3"]
    heads = [row for row in sheet.iter_rows() if row[0].value == "Ekonomik Kod"]
    (head,) = (row for row in heads if sheet.cell(row[0].row - 2, 2).value == "F.7.3.1")
    assert [cell.value for cell in head[2:5]] == [2025, "2024 ödeneği", "Değişim (%)"]
    for at, row in enumerate(CostRow, start=1):
        if row.is_budget and row is not CostRow.RESERVE:
            entry, known, change = sheet[head[0].row + at][2:5]
            assert (entry.value, known.value) == (None, had.costs[row] // 100), row
            assert change.value.startswith("=IF(")
            assert not entry.protection.locked
            assert known.protection.locked


def test_a_form_with_last_years_amounts_reads_as_one_without(next_year: Path) -> None:
    """What stands beside the entry cells is nobody's wish for this year."""
    plan, forms = str(next_year / "inputs" / "plan.xlsx"), sorted((next_year / "forms").glob("*_mudurlugu.xlsx"))
    found = [item for form in forms for item in check([str(form)], plan=plan).findings]
    assert {str(item.code) for item in found if item.is_error and item.table in ("FMT", "PHT")} == {"KX101"}
    assert not [item for item in found if item.code in ("KX126", "KX113", "KX112")]


def test_merge_and_check_say_it_and_it_keeps_nothing_from_being_written(
    inputs: Path, next_year: Path, tmp_path: Path
) -> None:
    known = read_plan(open_grid(str(inputs / "plan.xlsx")))
    tenfold = tuple(
        PastCosts(it.activity, 2023, it.sender.unit, Costs(tuple(k // 1000 for k in it.costs.amounts)))
        for it in known.contributions
    )
    plan = tmp_path / "plan.xlsx"
    gone = PastCosts("F.9.9.9", 2023, FEN, Costs.of({CostRow.CAPITAL: 5_000_00}))
    tree = programme_tree(replace(known.programme, past=(*tenfold, gone)), known.contributions)
    assert not render(template_path(PLAN_TEMPLATE), tree, str(plan))
    forms = [str(path) for path in inputs.glob("*.xlsx") if path.name != "plan.xlsx"]
    outcome = merge(forms, str(tmp_path / "out.xlsx"), plan=str(plan))
    assert outcome.written
    said = [item for item in outcome.findings if item.code == "KX220"]
    assert len(said) == 20
    checked = check(forms, plan=str(plan)).findings
    assert said == [item for item in checked if item.code == "KX220"]
    # What is no longer in the plan is said with the forms that are made of it.
    assert not [item for item in (*outcome.findings, *checked) if item.code == "KX223"]
    made = make_forms(str(plan), str(tmp_path / "forms"), filled=False)
    assert [item.key for item in made.findings if item.code == "KX223"] == ["F.9.9.9"]


@pytest.mark.parametrize(("this_year", "code", "severity"), [(None, "KX112", "error"), (7, "KX126", "warning")])
def test_this_years_amount_in_last_years_column(
    next_year: Path, tmp_path: Path, this_year: int | None, code: str, severity: str
) -> None:
    """What the plan has there is last year's; another figure is somebody's wish in the wrong column."""
    form = tmp_path / "fen_isleri_mudurlugu.xlsx"
    book = openpyxl.load_workbook(next_year / "forms" / form.name)
    sheet = book["PH 7.3"]
    head = next(row[0].row for row in sheet.iter_rows() if row[0].value == "Ekonomik Kod")
    sheet.cell(head + 1, 4).value = 425_000
    sheet.cell(head + 1, 3).value = this_year
    book.save(form)
    found = [
        it
        for it in check([str(form)], plan=str(next_year / "inputs" / "plan.xlsx")).findings
        if "425.000" in it.message
    ]
    assert [(item.code, item.severity, item.place.cell) for item in found] == [(code, severity, f"D{head + 1}")]


def test_a_figure_typed_over_the_change_is_told(next_year: Path, tmp_path: Path) -> None:
    form = tmp_path / "fen_isleri_mudurlugu.xlsx"
    book = openpyxl.load_workbook(next_year / "forms" / form.name)
    sheet = book["PH 7.3"]
    head = next(row[0].row for row in sheet.iter_rows() if row[0].value == "Ekonomik Kod")
    sheet.cell(head + 1, 5).value = 425_000
    book.save(form)
    found = [
        it for it in check([str(form)], plan=str(next_year / "inputs" / "plan.xlsx")).findings if "425" in it.message
    ]
    assert [(item.code, item.severity, item.place.cell) for item in found] == [("KX126", "error", f"E{head + 1}")]


def test_status_says_it_below_the_unit(inputs: Path, next_year: Path, tmp_path: Path) -> None:
    """Fen İşleri's form of 2025 in thousands, in a working folder with last year's amounts."""
    import shutil

    folder = tmp_path / "2025"
    shutil.copytree(next_year, folder)
    form = folder / "inputs" / "fen_isleri_mudurlugu.xlsx"
    book = openpyxl.load_workbook(folder / "forms" / form.name)
    for sheet in book:
        for row in sheet.iter_rows(max_col=4):
            entry, had = row[2:4] if len(row) == 4 else (row[0], row[0])
            if not entry.protection.locked and isinstance(had.value, int) and had.value > 0:
                entry.value = had.value / 1000
    book.save(form)
    said = run("status", folder).stdout
    assert "2024 yılına göre 1.000 kat küçük: 23.000,00 TL" in " ".join(said.split())
