"""The summaries by unit, by goal and by economic code: their sums computed another way, in three engines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path

import openpyxl
import pytest
from msgspec.structs import replace

from kars_xl.base.money import to_kurus
from kars_xl.base.place import Place
from kars_xl.base.text import code_key
from kars_xl.model.cost_rows import CostRow
from kars_xl.model.programme import Activity, Costs, Goal, Institution, Objective, Programme, Target, total_costs
from kars_xl.model.sources import Contribution, Sender
from kars_xl.model.units import Unit
from kars_xl.reading.files import Reading, read_files
from kars_xl.reading.grid import Grid, open_grid
from kars_xl.reading.grid.cells import Sheet
from kars_xl.reading.recognise import recognise
from kars_xl.workbook.nodes.programme import programme_tree
from kars_xl.workbook.render import PROGRAMME_TEMPLATE, render, template_path
from tests.helpers.oracles import DISTINCTIVE, ENGINES, Values, recomputed_grid, stored_results
from tests.helpers.repository import PUBLISHED

BY_UNIT, BY_GOAL, BY_CODE = "Birimlere Göre", "Amaçlara Göre", "Ekonomik Koda Göre"
GOALS_BY_CODE = "Amaç ve Ekonomik Koda Göre"
GENERAL, TRANSFERS, TOTAL = "Genel yönetim giderleri", "Diğer İdarelere Transfer + Yedek Ödenek", "Genel toplam"
ALL_ACTIVITIES = "Bütün faaliyetler"


def sheet(grid: Grid, name: str) -> Sheet:
    return next(found for found in grid.sheets if found.name == name)


def amounts_by(grid: Grid, name: str, columns: str, key: str = "A") -> dict[str, list[int]]:
    """Kuruş in `columns` of each row, by the text in column `key` (A's where that is empty); the first one counts."""
    found: dict[str, list[int]] = {}
    for row in sheet(grid, name).rows():
        cells = {cell.place.cell.rstrip("0123456789"): cell for cell in row}
        named = cells.get(key) or cells.get("A")
        if named is not None and all(
            column in cells and not isinstance(cells[column].value, str) for column in columns
        ):
            found.setdefault(named.text, [to_kurus(cells[column].value)[0] for column in columns])  # type: ignore[arg-type]
    return found


def parts(costs: Costs) -> list[int]:
    return [costs.budget_total, costs.extra_total, costs.total]


def verdicts(grid: Grid) -> dict[str, str]:
    """The first word of each summary's own verdict."""
    return {
        name: cell.text.partition(":")[0]
        for name in (BY_UNIT, BY_GOAL, BY_CODE)
        for cell in sheet(grid, name).cells.values()
        if cell.formula is not None and cell.text.partition(":")[0] in ("TAMAM", "HATA")
    }


# The real programme


@pytest.fixture(scope="module")
def forms(inputs: Path) -> Reading:
    return read_files([str(inputs)])


def test_the_goals_have_the_sums_of_the_published_table(grid: Grid) -> None:
    """İdare Performans Tablosu as published, its rows added up by the first numbers of their codes."""
    by_goal: dict[str, int] = defaultdict(int)
    by_target: dict[str, int] = defaultdict(int)
    for row in recognise(open_grid(str(PUBLISHED))).summaries[0].rows:
        assert row.amounts.total is not None
        goal, objective, _ = code_key(row.code)
        by_goal[str(goal)] += row.amounts.total.kurus or 0
        by_target[f"{goal}.{objective}"] += row.amounts.total.kurus or 0
    found = {code: row[0] for code, row in amounts_by(grid, BY_GOAL, "G").items()}
    totals = {name: found.pop(name) for name in (ALL_ACTIVITIES, GENERAL, TRANSFERS, TOTAL)}
    assert found == by_goal | by_target
    assert totals == {
        ALL_ACTIVITIES: 253_748_000_00,
        GENERAL: 349_601_000_00,
        TRANSFERS: 0,
        TOTAL: 603_349_000_00,
    }


def test_the_units_have_the_sums_of_their_forms(grid: Grid, forms: Reading) -> None:
    expected = {
        document.unit.name: sum(amount.kurus or 0 for table in document.costs for amount in table.amounts.values())
        for document in forms.documents
        if document.costs
    }
    found = {name: row[0] for name, row in amounts_by(grid, BY_UNIT, "F", "B").items() if name in expected}
    assert found == expected
    assert len(found) == 20
    assert amounts_by(grid, BY_UNIT, "F")[TOTAL] == [603_349_000_00]


def test_the_codes_have_the_published_figures_but_for_the_error_in_row_3(grid: Grid) -> None:
    matrix = recognise(open_grid(str(PUBLISHED))).matrices[0].columns
    found = amounts_by(grid, BY_CODE, "CDE")
    for code in range(1, 10):
        columns = [matrix[name][CostRow(code)].kurus for name in ("activity_column", "general", "transfers")]
        # The published activity column has 246.348.000 for the cost tables' 199.348.000.
        assert found[str(code)] == ([199_348_000_00, *columns[1:]] if code == 3 else columns)
    assert amounts_by(grid, BY_CODE, "F")[TOTAL] == [603_349_000_00]


def test_the_goals_by_code_have_the_sums_of_the_forms(grid: Grid, forms: Reading) -> None:
    expected: dict[str, list[int]] = defaultdict(lambda: [0] * 10)
    for table in (table for document in forms.documents for table in document.costs):
        goal, objective, _ = code_key(table.heading.codes["activity_name"])
        extra = sum(amount.kurus or 0 for row, amount in table.amounts.items() if not row.is_budget)
        row = [table.amounts[CostRow(number)].kurus or 0 for number in range(1, 9)] + [extra]
        for key in (str(goal), f"{goal}.{objective}"):
            expected[key] = [one + other for one, other in zip(expected[key], [*row, sum(row)], strict=True)]
    found = amounts_by(grid, GOALS_BY_CODE, "CDEFGHIJKL")
    assert found.pop("Fark: Ekonomik Koda Göre sayfasından") == [0] * 10
    assert found.pop(ALL_ACTIVITIES) == [
        sum(row[at] for code, row in expected.items() if "." not in code) for at in range(10)
    ]
    assert found == expected


def test_counts_of_activities_and_indicators_are_the_published_ones(grid: Grid) -> None:
    published = recognise(open_grid(str(PUBLISHED)))
    expected = {
        table.heading.codes.get("target") or ".".join(map(str, code_key(table.codes[0])[:2])): [
            len(table.activities),
            len(table.indicators),
        ]
        for table in published.targets
    }
    counts = {code: [one // 100, two // 100] for code, (one, two) in amounts_by(grid, BY_GOAL, "CD").items()}
    assert counts.pop(ALL_ACTIVITIES) == [88, 162]
    assert {code: count for code, count in counts.items() if "." in code} == expected
    assert amounts_by(grid, BY_UNIT, "C")[ALL_ACTIVITIES] == [88_00]


def test_every_summary_says_that_it_adds_up(grid: Grid) -> None:
    assert verdicts(grid) == dict.fromkeys((BY_UNIT, BY_GOAL, BY_CODE), "TAMAM")


# A town in which units share activities

PARKS, ROADS, WATER = "Park ve Bahçeler Müdürlüğü", "Fen İşleri Müdürlüğü", "Su ve Kanalizasyon Müdürlüğü"
FORM = Place("form.xlsx", "PH 1.1", 20, 3)


def costs(*budget: int, extra: int = 0) -> Costs:
    return Costs.of(dict(zip(CostRow, budget, strict=False)) | {CostRow.OTHER_DOMESTIC: extra})


OWN = {
    ("F.1.1.1", PARKS): costs(101_00, 0, 203_07),
    ("F.1.1.2", PARKS): costs(0, 0, 1_000_000_01, extra=55_00),
    ("F.1.1.2", ROADS): costs(0, 7_00, 0, 0, 0, 2_000_000_00),
    ("F.2.1.1", ROADS): costs(0, 0, 13_13),
}
TOGETHER, NOBODY = costs(0, 0, 77_77, extra=3_00), costs(0, 0, 11_00)


def town() -> tuple[Programme, list[Contribution]]:
    """F.1.1.2 is shared with a table from each unit, F.2.1.2 with one for both, F.2.1.3 is nobody's."""
    shared = total_costs(given for (code, _), given in OWN.items() if code == "F.1.1.2")
    first = (
        Activity("F.1.1.1", "Budama", (Unit(PARKS),), OWN["F.1.1.1", PARKS]),
        Activity("F.1.1.2", "Park yolu", (Unit(PARKS), Unit(ROADS)), shared),
    )
    second = (
        Activity("F.2.1.1", "Kaldırım", (Unit(ROADS),), OWN["F.2.1.1", ROADS]),
        Activity("F.2.1.2", "Çeşme", (Unit(WATER), Unit(PARKS)), TOGETHER),
        Activity("F.2.1.3", "Pano", (), NOBODY),
    )
    programme = Programme(
        Institution("YEŞİLOVA BELEDİYESİ"),
        2031,
        goals=(Goal("1", "Doğa"), Goal("2", "Yapı")),
        objectives=(Objective("1.1", "Yeşil alan"), Objective("2.1", "Yollar")),
        targets=(
            Target("1.1", "Bakım", "1", "1.1", "", (), first),
            Target("2.1", "Onarım", "2", "2.1", "", (), second),
        ),
        administration=costs(5_00, 0, 0, 0, 0, 0, 0, 0, 9_00),
        transfers=costs(0, 0, 0, 0, 4_00),
    )
    both = (("F.2.1.2", f"{WATER}, {PARKS}"), TOGETHER)
    return programme, [
        Contribution(activity=code, costs=item, place=FORM, sender=Sender(unit=Unit(unit)))
        for (code, unit), item in (*OWN.items(), both)
    ]


def written(path: Path, programme: Programme, given: Iterable[Contribution]) -> Path:
    """The official workbook; as a draft, since this town's figures of Tablo 11 came from no form."""
    tree = programme_tree(programme, tuple(given), draft=True)
    assert render(template_path(PROGRAMME_TEMPLATE), tree, str(path), programme, draft=True) == []
    return path


@pytest.fixture(scope="module")
def shared_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("town") / "town.xlsx", *town())


def test_a_shared_activity_costs_each_unit_what_its_own_table_says(shared_book: Path) -> None:
    found = amounts_by(open_grid(str(shared_book)), BY_UNIT, "DEF", "B")
    lines = {
        PARKS: parts(OWN["F.1.1.1", PARKS] + OWN["F.1.1.2", PARKS]),
        ROADS: parts(OWN["F.1.1.2", ROADS] + OWN["F.2.1.1", ROADS]),
        f"{PARKS}, {WATER} (birlikte)": parts(TOGETHER),
        "Sorumlu birimi belirtilmeyen faaliyetler": parts(NOBODY),
        "Budama": parts(OWN["F.1.1.1", PARKS]),
        f"Park yolu (ortak: {ROADS})": parts(OWN["F.1.1.2", PARKS]),
        f"Park yolu (ortak: {PARKS})": parts(OWN["F.1.1.2", ROADS]),
        "Kaldırım": parts(OWN["F.2.1.1", ROADS]),
        "Çeşme": parts(TOGETHER),
        "Pano": parts(NOBODY),
    }
    assert {name: found.get(name) for name in lines} == lines
    assert list(found)[:4] == list(lines)[1::-1] + list(lines)[2:4]
    activities = total_costs([*OWN.values(), TOGETHER, NOBODY])
    assert found[ALL_ACTIVITIES] == parts(activities)
    assert found[TOTAL] == parts(activities + costs(5_00, 0, 0, 0, 4_00, 0, 0, 0, 9_00))


def test_a_shared_activity_is_counted_once(shared_book: Path) -> None:
    found = amounts_by(open_grid(str(shared_book)), BY_UNIT, "C", "B")
    assert [found[name] for name in (PARKS, ROADS, ALL_ACTIVITIES)] == [[2_00], [2_00], [5_00]]


def test_without_forms_the_units_stand_together(tmp_path: Path) -> None:
    programme, _ = town()
    found = amounts_by(open_grid(str(written(tmp_path / "published.xlsx", programme, ()))), BY_UNIT, "DEF", "B")
    shared = next(activity.costs for activity in programme.activities if activity.code == "F.1.1.2")
    assert shared is not None
    assert found[f"{ROADS}, {PARKS} (birlikte)"] == parts(shared)
    assert found[PARKS] == parts(OWN["F.1.1.1", PARKS])


def test_an_objective_that_is_numbered_apart_from_its_goal_is_found_under_it(tmp_path: Path) -> None:
    programme, given = town()
    goals = (Goal("7", "Doğa"), Goal("8", "Yapı"))
    targets = tuple(replace(target, goal=code) for target, code in zip(programme.targets, "78", strict=True))
    apart = replace(programme, goals=goals, targets=targets)
    found = amounts_by(open_grid(str(written(tmp_path / "apart.xlsx", apart, given))), BY_GOAL, "EFG")
    assert found["7"] == parts(programme.targets[0].costs)
    assert found["8"] == parts(programme.targets[1].costs)


# What follows when somebody types over a cell


@pytest.fixture(scope="module")
def changed(shared_book: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Copies in which code 3 of an activity's cost table was raised by DISTINCTIVE kuruş."""
    folder = tmp_path_factory.mktemp("changed")
    copies = {}
    for code in ("F.2.1.1", "F.1.1.2"):
        table = next(
            table
            for table in recognise(open_grid(str(shared_book))).costs
            if table.heading.codes["activity_name"] == code
        )
        book = openpyxl.load_workbook(shared_book)
        cell = book[table.amounts[CostRow(3)].place.sheet][table.amounts[CostRow(3)].place.cell]
        cell.value = round((cell.value or 0) * 100 + DISTINCTIVE) / 100
        copies[code] = folder / f"{code}.xlsx"
        book.save(copies[code])
    return copies


@pytest.fixture(scope="module", params=ENGINES)
def recomputed(
    request: pytest.FixtureRequest,
    shared_book: Path,
    changed: dict[str, Path],
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, Grid]:
    paths = {"": shared_book, **changed}
    values: list[Values] = ENGINES[request.param](list(paths.values()), tmp_path_factory.mktemp("computed"))
    return {name: recomputed_grid(path, found) for (name, path), found in zip(paths.items(), values, strict=True)}


def moved(recomputed: dict[str, Grid], name: str, read: Callable[[Grid], dict[str, list[int]]]) -> dict[str, list[int]]:
    before, after = read(recomputed[""]), read(recomputed[name])
    rises = {key: [new - old for old, new in zip(before[key], after[key], strict=True)] for key in before}
    return {key: rise for key, rise in rises.items() if any(rise)}


def test_the_engines_agree_with_what_is_stored(recomputed: dict[str, Grid], shared_book: Path) -> None:
    stored = recomputed_grid(shared_book, stored_results(shared_book))
    for name, columns in ((BY_UNIT, "DEF"), (BY_GOAL, "EFG"), (BY_CODE, "CDEF"), (GOALS_BY_CODE, "CDEFGHIJKL")):
        assert amounts_by(recomputed[""], name, columns) == amounts_by(stored, name, columns)
    assert verdicts(recomputed[""]) == verdicts(stored) == dict.fromkeys((BY_UNIT, BY_GOAL, BY_CODE), "TAMAM")


def test_all_summaries_follow_a_cost_table(recomputed: dict[str, Grid]) -> None:
    rise = [DISTINCTIVE, 0, DISTINCTIVE]
    sums = [ALL_ACTIVITIES, TOTAL]
    unit = moved(recomputed, "F.2.1.1", lambda grid: amounts_by(grid, BY_UNIT, "DEF", "B"))
    assert unit == dict.fromkeys([ROADS, "Kaldırım", "Birim toplamı", *sums], rise)
    goal = moved(recomputed, "F.2.1.1", lambda grid: amounts_by(grid, BY_GOAL, "EFG"))
    assert goal == dict.fromkeys(["2", "2.1", *sums], rise)
    code = moved(recomputed, "F.2.1.1", lambda grid: amounts_by(grid, BY_CODE, "CF"))
    assert code == {key: [DISTINCTIVE, DISTINCTIVE] for key in ("3", "Bütçe toplamı", TOTAL)}
    both = moved(recomputed, "F.2.1.1", lambda grid: amounts_by(grid, GOALS_BY_CODE, "CEL"))
    assert both == {key: [0, DISTINCTIVE, DISTINCTIVE] for key in ("2", "2.1", ALL_ACTIVITIES)}
    assert set(verdicts(recomputed["F.2.1.1"]).values()) == {"TAMAM"}


def test_a_shared_cost_table_that_was_typed_over_is_not_divided_by_guess(recomputed: dict[str, Grid]) -> None:
    unit = moved(recomputed, "F.1.1.2", lambda grid: amounts_by(grid, BY_UNIT, "DEF", "B"))
    assert unit == {}
    goal = moved(recomputed, "F.1.1.2", lambda grid: amounts_by(grid, BY_GOAL, "EFG"))
    assert goal["1.1"] == [DISTINCTIVE, 0, DISTINCTIVE]
    assert verdicts(recomputed["F.1.1.2"]) == {BY_UNIT: "HATA", BY_GOAL: "TAMAM", BY_CODE: "TAMAM"}
