"""The form's Kontrol sheet against last year's amounts, in the clerk's own program."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from msgspec.structs import replace

from kars_xl.pipeline import make_forms
from kars_xl.reading.grid import open_grid
from kars_xl.reading.plan import read_plan
from kars_xl.workbook.nodes.programme import programme_tree
from kars_xl.workbook.render import PLAN_TEMPLATE, render, template_path
from kars_xl.year.folder.roll_over import roll_over
from tests.helpers.oracles import fresh_formualizer, libreoffice

FORM = "destek_hizmetleri_mudurlugu.xlsx"
# What each of its activities' amounts are in the new year, as times last year's; None: left blank.
YEARS: dict[str, list[float | None]] = {
    "as last year": [1, 1, 1, 1, 1],
    "one twelve times": [12, 1, 1, 1, 1],
    "one a thousandth": [0.001, 1, 1, 1, 1],
    "one without": [0, 1, 1, 1, 1],
    "all in thousands": [0.001] * 5,
    "all in kurus": [100] * 5,
    "not begun": [None] * 5,
}
TOTAL = {
    "all in thousands": "BAKINIZ: toplam geçen yılın çok altında; bin TL mi yazıldı?",
    "all in kurus": "BAKINIZ: toplam geçen yılın çok üstünde; kuruş mu yazıldı?",
    "as last year": "TAMAM",
    "not begun": "TAMAM",
}
FIRST = {
    "as last year": "",
    "one twelve times": "BAKINIZ: geçen yılın 12 katı",
    "one a thousandth": "BAKINIZ: geçen yılın 1000'de biri",
    "one without": "BAKINIZ: geçen yıl ödeneği vardı",
    "not begun": "",
}


@pytest.fixture(scope="module")
def said(inputs: Path, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, list[str]]]:
    """By engine and year: what Kontrol says of the whole, then of each activity."""
    root = tmp_path_factory.mktemp("forms")
    known = read_plan(open_grid(str(inputs / "plan.xlsx")))
    plan = root / "plan.xlsx"
    rolled = roll_over(known.programme, 2025, known.contributions)
    assert not render(template_path(PLAN_TEMPLATE), programme_tree(rolled), str(plan))
    assert not make_forms(str(plan), str(root / "blank"), filled=False).failed
    paths = []
    for name, factors in YEARS.items():
        book = openpyxl.load_workbook(root / "blank" / FORM)
        tables = [(sheet, row) for sheet in book for row in sheet.iter_rows() if row[0].value == "Ekonomik Kod"]
        assert len(tables) == len(factors)
        for (sheet, head), factor in zip(tables, factors, strict=True):
            for row in sheet.iter_rows(min_row=head[0].row + 1, max_row=head[0].row + 12):
                if (
                    not row[2].protection.locked
                    and isinstance(row[3].value, int)
                    and row[3].value
                    and factor is not None
                ):
                    row[2].value = row[3].value * factor
        paths.append(root / f"{name}.xlsx")
        book.save(paths[-1])
    found = []
    for engine in (libreoffice, fresh_formualizer):
        scratch = tmp_path_factory.mktemp(engine.__name__)
        values = engine(paths, scratch)
        found.append({name: _said(path, it) for name, path, it in zip(YEARS, paths, values, strict=True)})
    return found


def _said(path: Path, values: dict[tuple[str, str], object]) -> list[str]:
    sheet = openpyxl.load_workbook(path)["Kontrol"]
    rows = [row[0].row for row in sheet.iter_rows() if str(row[0].value).startswith("F.")]
    return [str(values["Kontrol", "B6"]), *(str(values.get(("Kontrol", f"I{row}")) or "") for row in rows)]


@pytest.mark.parametrize("name", TOTAL)
def test_the_whole_is_held_against_last_years(said: list[dict[str, list[str]]], name: str) -> None:
    assert [engine[name][0] for engine in said] == [TOTAL[name]] * 2


@pytest.mark.parametrize("name", FIRST)
def test_each_activity_is(said: list[dict[str, list[str]]], name: str) -> None:
    for engine in said:
        assert engine[name][1] == FIRST[name]
        assert set(engine[name][2:]) == {""}
    if FIRST[name]:
        assert [engine[name][0] for engine in said] == ["BAKINIZ: 1 faaliyet"] * 2


def test_nothing_is_held_against_nothing(inputs: Path) -> None:
    """A first year: no amounts beside the cells, and no row that asks for anything."""
    sheet = openpyxl.load_workbook(inputs / FORM, data_only=True)["Kontrol"]
    assert sheet["B6"].value == "TAMAM"
    assert {sheet.cell(row, 9).value for row in range(13, 18)} <= {None, ""}


def test_a_share_of_the_whole_is_large_by_last_years_programme(inputs: Path, tmp_path: Path) -> None:
    """25% of 253.748.000 TL, the sum of the activities of 2024, stands in the form."""
    known = read_plan(open_grid(str(inputs / "plan.xlsx")))
    rolled = roll_over(replace(known.programme), 2025, known.contributions)
    plan = tmp_path / "plan.xlsx"
    assert not render(template_path(PLAN_TEMPLATE), programme_tree(rolled), str(plan))
    assert not make_forms(str(plan), str(tmp_path / "forms"), filled=False).failed
    assert openpyxl.load_workbook(tmp_path / "forms" / FORM)["Kontrol"]["I6"].value == 253_748_000 / 4
