"""The figures of the official workbook of 2024: bound to the tables' cells, and told without colour."""

from __future__ import annotations

import zipfile
from collections import defaultdict
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pytest

from kars_xl.pipeline import merge
from kars_xl.reading.grid import open_grid
from kars_xl.reading.recognise import recognise
from kars_xl.workbook.render import PROGRAMME_TEMPLATE, template_path
from tests.helpers.chart_bench import XDR, A, C
from tests.helpers.repository import PUBLISHED

RESOURCES = ("Şekil 6", "Şekil 7", "Şekil 8", "Şekil 9")


def charts(path: Path) -> dict[str, ElementTree.Element]:
    """The charts of a workbook by the number in their titles."""
    with zipfile.ZipFile(path) as package:
        parts = [package.read(name) for name in sorted(package.namelist()) if name.startswith("xl/charts/chart")]
    roots = [ElementTree.fromstring(part) for part in parts]
    return {title(root).partition(":")[0]: root for root in roots}


def title(chart: ElementTree.Element) -> str:
    element = chart.find(f"{C}chart/{C}title")
    assert element is not None
    return "".join(text.text or "" for text in element.iter(f"{A}t"))


def shown(series: ElementTree.Element) -> dict[str, float]:
    """What a series shows to a reader that looks at no sheet: value by category."""
    names, values = (points(series, kind) for kind in ("cat", "val"))
    return {name: float(values[at]) for at, name in names.items()}


def points(series: ElementTree.Element, kind: str) -> dict[str, str]:
    found = series.find(f"{C}{kind}")
    assert found is not None
    return {point.get("idx", ""): point[0].text or "" for point in found.iter(f"{C}pt")}


def live(path: Path, reference: str) -> list[Any]:
    """The values of a reference's cells, as the workbook has them."""
    book = openpyxl.load_workbook(path, data_only=True)
    sheet, _, area = reference.rpartition("!")
    return [cell.value for row in book[sheet.strip("'")][area.replace("$", "")] for cell in row]


@pytest.fixture(scope="module")
def figures(merged: Path) -> dict[str, ElementTree.Element]:
    return charts(merged)


def only_series(chart: ElementTree.Element) -> ElementTree.Element:
    (series,) = chart.iter(f"{C}ser")
    return series


def test_units_show_the_sums_that_they_sign(figures: dict[str, ElementTree.Element], inputs: Path) -> None:
    signed = {}
    for path in inputs.glob("*mudurlugu.xlsx"):
        sheet = openpyxl.load_workbook(path, data_only=True)["Kontrol"]
        (row,) = (cell.row for cell in sheet["A"] if cell.value == "İmzalanacak toplam (TL)")
        signed[str(sheet["A2"].value).partition(" – ")[0]] = sheet.cell(row, 6).value
    assert shown(only_series(figures["Şekil 8"])) == signed
    assert len(signed) == 20


def test_goals_and_totals_show_the_published_sums(figures: dict[str, ElementTree.Element]) -> None:
    published = recognise(open_grid(str(PUBLISHED)))
    goals: dict[str, int] = defaultdict(int)
    for row in published.summaries[0].rows:
        assert row.amounts.total is not None
        goals["Amaç " + row.code.split(".")[1]] += row.amounts.total.kurus or 0
    assert {name: round(value * 100) for name, value in shown(only_series(figures["Şekil 7"])).items()} == goals
    assert list(shown(only_series(figures["Şekil 6"])).values()) == [253_748_000, 349_601_000, 0]


def test_every_series_shows_the_cells_that_it_names(merged: Path, figures: dict[str, ElementTree.Element]) -> None:
    for chart in figures.values():
        for series in chart.iter(f"{C}ser"):
            reference = series.find(f"{C}val/{C}numRef/{C}f")
            assert reference is not None
            assert reference.text
            assert live(merged, reference.text) == [float(value) for value in points(series, "val").values()]
    assert set(RESOURCES) <= figures.keys()


def test_every_chart_is_told_without_colour(figures: dict[str, ElementTree.Element]) -> None:
    for chart in figures.values():
        series = list(chart.iter(f"{C}ser"))
        assert all(s.find(f"{C}dLbls/{C}showVal[@val='1']") is not None for s in series), title(chart)
        looks = {fill(s) for s in series}
        assert len(looks) == len(series), title(chart)
        assert (chart.find(f"{C}chart/{C}legend") is not None) == (len(series) > 1)


def fill(series: ElementTree.Element) -> str:
    """A series' fill as grey: its kind, and the lightness of its colours in steps of which the eye tells two apart."""
    look = series.find(f"{C}spPr")
    assert look is not None
    kind = look[0]
    greys = [grey(colour.get("val", "")) // 64 for colour in kind.iter(f"{A}srgbClr")]
    return f"{kind.tag} {kind.get('prst')} {greys}"


def grey(rgb: str) -> int:
    red, green, blue = (int(rgb[at : at + 2], 16) for at in (0, 2, 4))
    return (299 * red + 587 * green + 114 * blue) // 1000


def test_every_chart_has_an_alternative_text(merged: Path, figures: dict[str, ElementTree.Element]) -> None:
    found = []
    with zipfile.ZipFile(merged) as package:
        for name in package.namelist():
            if name.startswith("xl/drawings/drawing"):
                drawing = ElementTree.fromstring(package.read(name))
                found += [label.get("descr", "") for label in drawing.iter(f"{XDR}cNvPr")]
    assert len(found) == len(figures)
    assert len(set(found)) == len(found)
    assert all(len(text) > 40 and "{{" not in text for text in found)


def test_the_organisation_has_a_box_for_each_unit(merged: Path) -> None:
    sheet = openpyxl.load_workbook(merged)["Teşkilat"]
    boxes = [str(cell.value) for cell in sheet["C"] if cell.border.left.style == "thick"]
    assert len(boxes) == 20
    assert {"Fen İşleri Müdürlüğü", "Zabıta Müdürlüğü"} <= set(boxes)


def test_the_workbook_stays_small_enough_for_mail(merged: Path) -> None:
    assert merged.stat().st_size < 400_000


@pytest.mark.parametrize("gone", ["Personel Şekilleri", "Şekiller"])
def test_an_office_without_a_sheet_of_figures(inputs: Path, tmp_path: Path, gone: str) -> None:
    path = without(tmp_path, gone)
    output = tmp_path / "program.xlsx"
    outcome = merge([str(inputs)], str(output), template=str(path))
    assert outcome.written == (str(output),)
    assert gone not in openpyxl.load_workbook(output).sheetnames


def test_without_the_table_no_figure_of_it(inputs: Path, tmp_path: Path) -> None:
    """Who takes the table by units out of the template gets the other figures, and a word about the missing one."""
    output = tmp_path / "program.xlsx"
    outcome = merge([str(inputs)], str(output), template=str(without(tmp_path, "İnsan Kaynakları")))
    assert outcome.written == (str(output),)
    said = [found for found in outcome.findings if found.code == "KX005"]
    assert [found.place.sheet for found in said] == ["Personel Şekilleri"] * 4
    assert "Kadroya Göre Doluluk" in said[0].message
    assert set(charts(output)) == set(RESOURCES)


def without(folder: Path, sheet: str) -> Path:
    """The official template after somebody deleted a sheet."""
    book = openpyxl.load_workbook(template_path(PROGRAMME_TEMPLATE))
    del book[sheet]
    path = folder / "sablon.xlsx"
    book.save(path)
    return path
