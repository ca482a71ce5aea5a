"""Charts of a template follow the rows that they show; what they cannot show is said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openpyxl.chart import PieChart, Reference

from kars_xl.template.layout.expand import expand
from kars_xl.template.nodes import Node
from kars_xl.template.source.read import load
from kars_xl.workbook.render import template_findings
from tests.helpers.chart_bench import (
    BLOCKS,
    COSTS,
    EACH,
    LIST,
    NESTED,
    C,
    bars,
    cached,
    charts,
    corners,
    drawn,
    inserted,
    references,
    words,
)
from tests.helpers.template_bench import Bench, grow


def test_series_grow_with_the_rows(bench: Bench, three: Node) -> None:
    def dress(book: Any) -> None:
        bars(book["S"], "D1", ("S!$A$2:$A$2", "S!$B$2:$B$2"), title="{{ kurum.ad }}, {{ yil }}")

    filled = bench.fill(three, LIST, EACH, dress)
    (chart,) = charts(filled.path)
    assert references(chart) == ["S!$A$2:$A$4", "S!$B$2:$B$4"]
    (categories,), (values,) = chart.iter(f"{C}cat"), chart.iter(f"{C}val")
    assert [e[0].tag for e in (categories, values)] == [f"{C}strRef", f"{C}numRef"]
    assert cached(categories) == ["F.1.1", "F.1.2", "F.2.1"]
    assert cached(values) == ["10", "20", "40"]
    assert words(chart) == "KARS & ÇEVRESİ, 2024"


def test_cached_values_are_those_of_the_formulas(bench: Bench, three: Node) -> None:
    cells = {"S": {**LIST["S"], "C2": "=B2*2"}}

    def dress(book: Any) -> None:
        book["S"]["C2"].number_format = "#,##0.0"
        bars(book["S"], "E1", ("S!$A$2:$A$2", "S!$C$2:$C$2"))

    (chart,) = charts(bench.fill(three, cells, EACH, dress).path)
    assert cached(next(chart.iter(f"{C}val"))) == ["20", "40", "80"]
    assert next(chart.iter(f"{C}formatCode")).text == "#,##0.0"


def test_numbers_as_categories(bench: Bench, three: Node) -> None:
    cells = {"S": {"A2": "{{ faaliyet.gider }}", "B2": "{{ faaliyet.gider }}"}}
    path = bench.fill(three, cells, EACH, lambda book: bars(book["S"], "D1", ("S!$A$2:$A$2", "S!$B$2:$B$2"))).path
    assert [e.tag for e in next(charts(path)[0].iter(f"{C}cat"))] == [f"{C}numRef"]


def test_a_chart_of_a_repeated_sheet_shows_its_own_sheet(bench: Bench, three: Node) -> None:
    title = "PH {{ hedef.kod }}"
    cells = {title: {"A1": "{{ hedef.ad }}", "A2": "{{ faaliyet.kod }}", "B2": "{{ faaliyet.gider }}", "A3": "Son"}}
    names = {"her_faaliyet": f"'{title}'!$2:$2"}

    def dress(book: Any) -> None:
        bars(book[title], "D1", (f"'{title}'!$A$2:$A$2", f"'{title}'!$B$2:$B$2"), title="{{ hedef.ad }}")

    filled = bench.fill(three, cells, names, dress)
    assert [references(chart)[1] for chart in charts(filled.path)] == ["'PH 1'!$B$2:$B$3", "'PH 2'!$B$2"]
    assert [words(chart) for chart in charts(filled.path)] == ["Hedef 1", "Hedef 2"]
    # The third target has no activities: nothing to show, and no empty frame either.
    assert [len(sheet._charts) for sheet in filled.formulas.worksheets] == [1, 1, 0]


def test_a_chart_in_a_repeated_block_is_repeated(bench: Bench, three: Node) -> None:
    def dress(book: Any) -> None:
        bars(book["S"], "D2", ("S!$A$3:$A$3", "S!$B$3:$B$3"), title="{{ hedef.ad }}")

    path = bench.fill(three, BLOCKS, NESTED, dress).path
    assert [references(chart)[1] for chart in charts(path)] == ["S!$B$3:$B$4", "S!$B$7"]
    assert [first for first, _ in corners(path)] == [2, 6]


def test_rows_that_stand_apart_make_a_union(bench: Bench, three: Node) -> None:
    def dress(book: Any) -> None:
        bars(book["S"], "D1", ("S!$A$3:$A$3", "S!$B$3:$B$3"))

    (chart,) = charts(bench.fill(three, BLOCKS, NESTED, dress).path)
    assert references(chart)[1] == "(S!$B$3:$B$4,S!$B$7)"
    assert cached(next(chart.iter(f"{C}val"))) == ["10", "20", "40"]


def test_a_chart_over_repeated_rows_grows_with_them(bench: Bench, tmp_path: Path) -> None:
    def draw(book: Any, sheet: Any) -> None:
        chart = inserted(book, sheet, {"type": "bar"}, "D1", object_position=1)
        chart.set_size({"height": 60})  # rows 1 to 3, each 20 pixels high
        inserted(book, sheet, {"type": "bar"}, "M1", object_position=2).set_size({"height": 60})

    template = drawn(tmp_path, draw)
    root = grow({"1": {f"F.1.{n}": 1.0 for n in range(1, 31)}})
    assert corners(template) == [(1, 4), (1, 4)]
    assert corners(bench.fill_file(root, template).path) == [(1, 33), (1, 4)]


def test_no_list_no_chart_and_no_values_no_series(bench: Bench) -> None:
    cells = {"S": {"A1": "Sabit", "B1": 5, "A2": "{{ faaliyet.kod }}", "B2": "{{ faaliyet.gider }}"}}

    def dress(book: Any) -> None:
        bars(book["S"], "D1", ("S!$A$2:$A$2", "S!$B$2:$B$2"))
        bars(book["S"], "D9", ("S!$A$1:$A$1", "S!$B$1:$B$1"), ("S!$A$1:$A$1", "S!$B$2:$B$2"))

    (chart,) = charts(bench.fill(grow({"1": {}}), cells, EACH, dress).path)
    assert references(chart) == ["S!$A$1", "S!$B$1"]


def test_title_from_a_cell_and_names_from_cells(bench: Bench, three: Node, tmp_path: Path) -> None:
    def draw(book: Any, sheet: Any) -> None:
        sheet.write("A3", "Toplam {{ yil }}")
        chart = book.add_chart({"type": "line"})
        chart.add_series({**COSTS, "name": "=S!$B$1"})
        chart.set_title({"name": "=S!$A$3"})
        sheet.insert_chart("D1", chart)

    (chart,) = charts(bench.fill_file(three, drawn(tmp_path, draw)).path)
    assert references(chart) == ["S!$A$5", "S!$B$1", "S!$A$2:$A$4", "S!$B$2:$B$4"]
    assert cached(next(chart.iter(f"{C}title"))) == ["Toplam 2024"]


def test_what_stays_behind_is_said(tmp_path: Path, three: Node) -> None:
    def draw(book: Any, sheet: Any) -> None:
        sheet.insert_textbox("D1", "not")
        alone = book.add_chart({"type": "pie"})
        alone.add_series(COSTS)
        book.add_chartsheet("Pasta").set_chart(alone)

    template = load(drawn(tmp_path, draw))
    found = template_findings("sablon.xlsx", template.lost)
    assert [(item.code, item.severity, item.place.sheet) for item in found] == [
        ("KX005", "warning", "Pasta"),
        ("KX005", "warning", "S"),
    ]
    assert "grafik sayfası" in found[0].message
    assert "TextBox 1" in found[1].message
    expand(template, three)


@pytest.mark.parametrize("reference", ["#REF!", "Silinmiş!$B$2:$B$9", "S!#REF!"])
def test_a_chart_of_deleted_cells_is_left_out_with_a_word(bench: Bench, three: Node, reference: str) -> None:
    def dress(book: Any) -> None:
        bars(book["S"], "D1", ("S!$A$2:$A$2", "S!$B$2:$B$2"), title="Araçlar")
        book["S"]._charts[0].series[0].val.numRef.f = reference

    path = bench.template(LIST, EACH, dress)
    template = load(path)
    assert charts(bench.fill_file(three, path).path) == []
    (problem,) = template.lost
    assert (problem.code, problem.sheet, problem.cell) == ("KX005", "S", "D1")
    assert "Araçlar" in problem.values["what"]


@pytest.mark.parametrize(
    ("values", "code", "reason"),
    [
        ("S!$A$2:$B$2", "KX505", "block"),
        ("S!$B:$B", "KX505", "whole"),
        ("yok", "KX502", "name"),
        ("OFFSET(S!$A$1,0,0)", "KX502", "function"),
        ("S!$B$2+1", "KX502", "chart"),
    ],
)
def test_what_can_be_no_series_names_the_chart(bench: Bench, three: Node, values: str, code: str, reason: str) -> None:
    def dress(book: Any) -> None:
        bars(book["S"], "D1", ("S!$A$2:$A$2", "S!$B$2:$B$2"), title="Giderler")
        book["S"]._charts[0].series[0].val.numRef.f = values

    problems = bench.problems(three, LIST, EACH, dress)
    assert (code, reason) in [(problem.code, problem.values["reason"]) for problem in problems]
    assert {(problem.sheet, problem.cell) for problem in problems} == {("S", "D1")}
    assert "Giderler" in template_findings("t.xlsx", problems)[0].message


def test_cells_of_several_sheets_are_no_series(bench: Bench, three: Node) -> None:
    cells = {"PH {{ hedef.kod }}": {"A1": "{{ hedef.ad }}", "B1": 1}, "Özet": {"A1": "x"}}
    values = "'PH {{ hedef.kod }}'!$B$1"
    problems = bench.problems(three, cells, dress=lambda book: bars(book["Özet"], "C1", (values, values), title="Özet"))
    assert [problem.values["reason"] for problem in problems] == ["sheets"]


def test_an_unknown_placeholder_in_a_title(bench: Bench, three: Node) -> None:
    def dress(book: Any) -> None:
        bars(book["S"], "D1", ("S!$A$2:$A$2", "S!$B$2:$B$2"), title="{{ yilllar }}")

    (problem,) = bench.problems(three, LIST, EACH, dress)
    assert (problem.code, problem.cell, problem.values["path"]) == ("KX501", "D1", "yilllar")


def test_charts_and_pictures_of_several_sheets_find_their_parts(bench: Bench, three: Node) -> None:
    cells = {**LIST, "İki": {"A1": "Sabit", "B1": 7}}

    def dress(book: Any) -> None:
        pie = PieChart()
        pie.add_data(Reference(book["İki"], range_string="'İki'!$B$1:$B$1"))
        book["İki"].add_chart(pie, "D1")
        bars(book["S"], "D1", ("S!$A$2:$A$2", "S!$B$2:$B$2"))
        bars(book["S"], "D20", ("S!$A$2:$A$2", "S!$B$2:$B$2"))

    filled = bench.fill(three, cells, EACH, dress)
    assert [[type(chart).__name__ for chart in sheet._charts] for sheet in filled.formulas.worksheets] == [
        ["BarChart", "BarChart"],
        ["PieChart"],
    ]
