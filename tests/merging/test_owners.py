"""Indicators that the plan gives to some of a target's units: who is asked, whose blank is none, who contradicts."""

from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest
from msgspec.structs import replace

from kars_xl.findings.finding import Finding
from kars_xl.model.programme import Programme
from kars_xl.model.units import Unit
from kars_xl.pipeline import check, make_forms
from kars_xl.reading.files import read_files
from kars_xl.reading.grid import open_grid
from kars_xl.reading.plan import read_plan
from kars_xl.reports.answer import Outcome
from kars_xl.workbook.nodes.programme import programme_tree
from kars_xl.workbook.render import PLAN_TEMPLATE, render, template_path

SHARED = "1.3"  # the target that these two share in the programme of 2024
YAZI, HUKUK = Unit("Yazı İşleri Müdürlüğü"), Unit("Hukuk İşleri Müdürlüğü")
FILES = {YAZI: "yazi_isleri_mudurlugu.xlsx", HUKUK: "hukuk_isleri_mudurlugu.xlsx"}


@dataclass
class Town:
    """The plan of 2024 with owners for the shared target's indicators, and the forms that it makes."""

    plan: Path
    forms: Path

    def check(self) -> Outcome:
        return check([str(self.forms)], plan=str(self.plan))

    def about(self, code: str) -> list[Finding]:
        return [found for found in self.check().findings if found.key == code and found.is_error]

    def cells(self, unit: Unit, code: str) -> tuple[openpyxl.Workbook, list[openpyxl.cell.Cell]]:
        book = openpyxl.load_workbook(self.forms / FILES[unit])
        sheet = book[f"PH {SHARED}"]
        (row,) = (row for row in sheet.iter_rows() if row[0].value == code)
        return book, list(row)

    def fill(self, unit: Unit, code: str, *values: object) -> None:
        """Writes values into the row as somebody who has taken the protection off."""
        book, row = self.cells(unit, code)
        sheet = row[0].parent
        for merged in [it for it in sheet.merged_cells.ranges if it.min_row == it.max_row == row[0].row]:
            sheet.unmerge_cells(str(merged))
        for column, value in enumerate(values, start=3):
            sheet.cell(row[0].row, column).value = value
        book.save(self.forms / FILES[unit])


def owned(programme: Programme, owners: dict[str, tuple[Unit, ...]]) -> Programme:
    targets = [
        replace(target, indicators=tuple(replace(it, units=owners.get(it.code, ())) for it in target.indicators))
        for target in programme.targets
    ]
    return replace(programme, targets=tuple(targets))


@pytest.fixture(scope="module")
def made(inputs: Path, tmp_path_factory: pytest.TempPathFactory) -> Town:
    folder = tmp_path_factory.mktemp("owners")
    merged = read_plan(open_grid(str(inputs / "plan.xlsx")))
    (target,) = (it for it in merged.programme.targets if it.code == SHARED)
    owners: dict[str, tuple[Unit, ...]] = {it.code: (YAZI,) for it in target.indicators}
    owners["PG.1.3.2"] = (HUKUK,)
    owners["PG.1.3.9"] = (YAZI, HUKUK)
    tree = programme_tree(owned(merged.programme, owners), merged.contributions)
    plan = folder / "plan.xlsx"
    assert not render(template_path(PLAN_TEMPLATE), tree, str(plan))
    outcome = make_forms(str(plan), str(folder / "forms"), filled=True)
    assert not outcome.failed
    return Town(plan, folder / "forms")


@pytest.fixture
def town(made: Town, tmp_path: Path) -> Town:
    import shutil

    shutil.copytree(made.forms, tmp_path / "forms")
    return Town(made.plan, tmp_path / "forms")


def test_each_unit_has_its_own_indicators_to_fill_and_sees_who_fills_the_others(made: Town) -> None:
    """The owner's row is open and yellow; the other unit's says whose it is, is locked, and is no row to be read."""
    for unit, other in ((HUKUK, YAZI), (YAZI, HUKUK)):
        code = "PG.1.3.2" if unit is HUKUK else "PG.1.3.1"
        _, row = made.cells(unit, code)
        assert [cell.protection.locked for cell in row[2:5]] == [False, False, False]
        _, row = made.cells(other, code)
        assert row[2].value == f"{unit} doldurur"
        assert all(cell.protection.locked for cell in row[2:5])
        reading = read_files([str(made.forms / FILES[other])], None, lambda _: None)
        codes = [it.code for document in reading.documents for table in document.targets for it in table.indicators]
        assert code not in codes
        assert "PG.1.3.9" in codes
    # Nobody is asked twice, but for what two are to give together.
    asked = [
        cell.value
        for file in FILES.values()
        for cell in openpyxl.load_workbook(made.forms / file)[f"PH {SHARED}"]["A"]
        if str(cell.value).startswith("PG.") and not cell.parent.cell(cell.row, 3).protection.locked
    ]
    assert sorted(asked) == sorted([*(f"PG.1.3.{number}" for number in range(1, 10)), "PG.1.3.9"])


def test_what_each_gives_is_merged(town: Town) -> None:
    outcome = town.check()
    assert not outcome.failed
    sources = [it for it in outcome.merged.indicators if it.indicator.startswith(f"PG.{SHARED}.")]
    assert sorted((it.indicator, it.sender.unit) for it in sources) == sorted(
        [
            *((f"PG.1.3.{number}", YAZI) for number in (1, 3, 4, 5, 6, 7, 8, 9)),
            ("PG.1.3.2", HUKUK),
            ("PG.1.3.9", HUKUK),
        ]
    )


@pytest.mark.parametrize("left", [(None, None, None), ("-", "-", "-"), ("-", None, "-")])
def test_who_is_not_the_owner_may_leave_it_blank_or_dashed(town: Town, left: tuple[str | None, ...]) -> None:
    """A form that was made before the plan named an owner."""
    before = town.check().merged.programme
    town.fill(HUKUK, "PG.1.3.1", *left)
    assert town.about("PG.1.3.1") == []
    assert town.check().merged.programme == before


def test_the_owners_blank_is_one(town: Town) -> None:
    town.fill(HUKUK, "PG.1.3.2", 3, 3, None)
    (found,) = town.about("PG.1.3.2")
    assert (found.code, Path(found.place.file).name) == ("KX101", FILES[HUKUK])


def test_two_owners_with_two_values_are_told_by_name_and_value(town: Town) -> None:
    town.fill(YAZI, "PG.1.3.9", 0.6, 0.61, 0.62)
    town.fill(HUKUK, "PG.1.3.9", 0.6, 0.61, 0.9)
    (found,) = town.about("PG.1.3.9")
    assert found.code == "KX205"
    assert all(word in found.message for word in (str(YAZI), str(HUKUK), "%62", "%90", "2024"))
    assert {Path(place.file).name for place in (found.place, *found.related)} == {*FILES.values()}


def test_another_value_from_who_is_not_the_owner_is_a_conflict(town: Town) -> None:
    """A figure is never passed over in silence."""
    value = next(
        it.values[2]
        for target in town.check().merged.programme.targets
        for it in target.indicators
        if it.code == "PG.1.3.1"
    )
    town.fill(HUKUK, "PG.1.3.1", None, None, float(value.amount) + 1)
    (found,) = town.about("PG.1.3.1")
    assert found.code == "KX205"


def test_what_the_owner_has_not_sent_is_missing_though_another_lists_it(town: Town) -> None:
    """The owner's form came without the row: the blank one of somebody else is no answer."""
    book, row = town.cells(HUKUK, "PG.1.3.2")
    row[0].parent.delete_rows(row[0].row)
    book.save(town.forms / FILES[HUKUK])
    town.fill(YAZI, "PG.1.3.2", None, None, None)
    found = town.about("PG.1.3.2")
    assert [(it.code, dict(it.values)["unit"]) for it in found if it.code == "KX203"] == [("KX203", HUKUK.name)]


def test_forms_say_which_shared_indicators_have_no_owner(inputs: Path, tmp_path: Path, made: Town) -> None:
    (found,) = make_forms(str(inputs / "plan.xlsx"), str(tmp_path / "a"), filled=False).findings
    # 1.3 with nine indicators, 2.1 and 3.3 with four each
    assert (found.code, found.severity) == ("KX216", "warning")
    assert found.message.startswith("Planda sorumlu birimi yazılmayan 17 göstergeyi")
    (found,) = make_forms(str(made.plan), str(tmp_path / "b"), filled=False).findings
    assert found.message.startswith("Planda sorumlu birimi yazılmayan 8 göstergeyi")


def test_a_unit_that_only_fills_indicators_gets_a_form_and_is_awaited(inputs: Path, tmp_path: Path) -> None:
    merged = read_plan(open_grid(str(inputs / "plan.xlsx")))
    arsiv = Unit("Arşiv Müdürlüğü", "arsiv@kars.bel.tr")
    programme = owned(merged.programme, {"PG.1.1.1": (arsiv,)})
    plan = tmp_path / "plan.xlsx"
    tree = programme_tree(replace(programme, units=(*programme.units, arsiv)), merged.contributions)
    assert not render(template_path(PLAN_TEMPLATE), tree, str(plan))
    assert not make_forms(str(plan), str(tmp_path / "forms"), filled=True).failed
    form = tmp_path / "forms" / "arsiv_mudurlugu.xlsx"
    assert not check([str(tmp_path / "forms")], plan=str(plan)).failed
    form.unlink()
    found = [it for it in check([str(tmp_path / "forms")], plan=str(plan)).findings if it.is_error]
    assert [(it.code, it.key) for it in found] == [("KX203", arsiv.name)]
    assert "1 gösterge: PG.1.1.1" in found[0].message


def test_a_figure_beside_who_fills_the_row_is_not_passed_over(town: Town) -> None:
    """The sentence alone says that the row is another unit's; with a figure in it the row is read."""
    town.fill(HUKUK, "PG.1.3.1", f"{YAZI} doldurur", None, 41)
    found = [(it.code, Path(it.place.file).name) for it in town.about("PG.1.3.1")]
    assert ("KX103", FILES[HUKUK]) in found
    assert ("KX205", FILES[HUKUK]) in found
