"""Values and cells as they land in the file; the file as a whole; the height of rows."""

from __future__ import annotations

import os
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.styles import Alignment, Font

from kars_xl.template.layout.evaluate import evaluate
from kars_xl.template.layout.expand import expand
from kars_xl.template.layout.pages import line_height, lines
from kars_xl.template.nodes import Node, RefusedError, Styled, spoken
from kars_xl.template.source.read import load
from tests.helpers.template_bench import CREATED, Bench, agree, grow, write


@pytest.mark.parametrize(
    "text", ["=1+1", "+90 474", "-5", "@ad", '=HYPERLINK("x")', "00123", "1.500", "http://x.tr", "{=A1}", " boşluk "]
)
def test_text_stays_text(bench: Bench, text: str) -> None:
    filled = bench.fill(grow({}, metin=text), {"S": {"A1": "{{ metin }}", "A2": "{{ metin }}!", "A3": "=A1"}})
    assert (filled.value("S!A1"), filled.formulas["S"]["A1"].data_type) == (text, "s")
    assert filled.value("S!A2") == text + "!"
    assert filled.value("S!A3") == text


def test_a_lone_placeholder_keeps_its_type(bench: Bench) -> None:
    values = {
        "tam": 5, "kesir": 0.1, "para": Decimal("308748000.07"), "evet": True, "gun": date(2024, 3, 1),
        "an": datetime(2024, 3, 1, 12), "oran": Styled(Decimal("0.125"), "0.0%"), "bos": None, "yazi": "",
    }  # fmt: skip

    def dress(book: Any) -> None:
        for row in range(1, 10):
            book["S"].cell(row, 1).font = Font(bold=True)

    cells = {f"A{row}": f" {{{{ {name} }}}} " for row, name in enumerate(values, 1)}
    filled = bench.fill(
        grow({}, **values),
        {"S": {**cells, "B1": "=SUM(A1:A3)", "B2": "=YEAR(A5)", "B3": "=COUNTA(A1:A9)"}},
        dress=dress,
    )
    assert filled.column("S", "A") == [
        5, 0.1, 308748000.07, True, datetime(2024, 3, 1), datetime(2024, 3, 1, 12), 0.125, None, None,
    ]  # fmt: skip
    sheet = filled.formulas["S"]
    assert [sheet.cell(row, 1).number_format for row in (5, 7)] == ["dd.mm.yyyy", "0.0%"]
    assert all(sheet.cell(row, 1).font.b for row in range(1, 10))
    assert [filled.value(f"S!B{row}") for row in (1, 2, 3)] == [pytest.approx(308748005.17), 2024, 7]
    agree(filled)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""), (5, "5"), (2.5, "2,5"), (Decimal("1200.00"), "1200"), (Decimal("0.10"), "0,1"),
        (1e21, "1000000000000000000000"),
        (True, "Evet"), (date(2024, 12, 31), "31.12.2024"), (Styled(Decimal("0.7"), "0%"), "%70"),
        (Styled(3, "0.00"), "3"), ("İ", "İ"),
    ],
)  # fmt: skip
def test_values_within_a_text(value: object, text: str) -> None:
    assert spoken(value) == text


def test_cached_values_of_every_type(bench: Bench) -> None:
    filled = bench.fill(
        grow({}),
        {"S": {"A1": "=1/3", "A2": '="a"&"b"', "A3": "=1=1", "A4": '=""', "A5": "=Z9", "A6": "=DATE(2024,1,2)"}},
    )
    assert filled.column("S", "A") == [pytest.approx(1 / 3), "ab", True, None, 0, 45293]


def test_the_same_input_gives_the_same_bytes(bench: Bench, three: Node) -> None:
    cells = {"S": {"A1": "{{ faaliyet.kod }}", "B1": "{{ faaliyet.gider }}", "B2": "=SUM(B1:B1)"}}
    path = bench.template(cells, {"her_faaliyet": "S!$1:$1"})
    written = []
    for name in ("bir.xlsx", "iki.xlsx"):
        layout = expand(load(path), three)
        evaluate(layout)
        write(layout, bench.folder / name, CREATED)
        written.append((bench.folder / name).read_bytes())
    assert written[0] == written[1]


def test_one_template_fills_many_times(bench: Bench, three: Node) -> None:
    template = load(bench.template({"S": {"A1": "{{ faaliyet.kod }}"}}, {"her_faaliyet": "S!$1:$1"}))
    assert [len(expand(template, root).sheets[0].cells) for root in (three, grow({}), three)] == [3, 0, 3]


def test_nothing_is_lost_when_writing_fails(bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "çıktı.xlsx"
    target.write_bytes(b"eski")
    layout = expand(load(bench.template({"S": {"A1": 1}})), grow({}))
    evaluate(layout)

    def refuse(*_: object) -> None:
        raise PermissionError(13, "açık")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(PermissionError):
        write(layout, target, CREATED)
    assert target.read_bytes() == b"eski"
    assert {path.name for path in tmp_path.iterdir()} == {"çıktı.xlsx", "template.xlsx"}


def test_refusals_are_errors(bench: Bench, tmp_path: Path) -> None:
    layout = expand(load(bench.template({"S": {"C3": "{{ metin }}"}})), grow({}, metin="x" * 32_768))
    evaluate(layout)
    with pytest.raises(RefusedError) as caught:
        write(layout, tmp_path / "x.xlsx", CREATED)
    assert caught.value.args == ("S", "C3", "length")
    assert not (tmp_path / "x.xlsx").exists()


def test_origin_of_cells(bench: Bench, three: Node) -> None:
    filled = bench.fill(three, {"S": {"A1": "{{ faaliyet.kod }}"}}, {"her_faaliyet": "S!$1:$1"})
    cell = filled.layout.sheet("S").cells[3, 1]
    assert cell.origin == "S!A1"


# Heights of rows


def wrapped(book: Any, cells: str, width: float, merge: str | None = None) -> None:
    sheet = book["S"]
    for address in cells.split():
        sheet[address].alignment = Alignment(wrap_text=True)
        sheet[address].font = Font(name="Arial", sz=10)
    sheet.column_dimensions["A"].width = width
    if merge:
        sheet.merge_cells(merge)


LONG = "Şehrimizin ulaşım altyapısının güçlendirilmesi için yapılacak çalışmalar " * 4


@pytest.mark.parametrize(("width", "count"), [(20, 16), (40, 8), (80, 4), (200, 2)])
def test_rows_grow_with_their_text(bench: Bench, width: float, count: int) -> None:
    filled = bench.fill(
        grow({}, metin=LONG.strip()),
        {"S": {"A1": "{{ metin }}", "A3": "=A1"}},
        dress=lambda b: wrapped(b, "A1 A3", width),
    )
    heights = {row: filled.formulas["S"].row_dimensions[row].height for row in (1, 2, 3)}
    assert heights[1] == pytest.approx(count * line_height(10), abs=line_height(10))
    assert heights[2] is None
    assert heights[3] == heights[1]


def test_rows_never_shrink_and_short_texts_need_nothing(bench: Bench) -> None:
    def dress(book: Any) -> None:
        wrapped(book, "A1 A2 A3", 30)
        book["S"].row_dimensions[1].height = 60
        book["S"]["A3"].alignment = Alignment(wrap_text=False)

    filled = bench.fill(grow({}, metin=LONG), {"S": {"A1": "kısa", "A2": "kısa", "A3": "{{ metin }}"}}, dress=dress)
    assert [filled.formulas["S"].row_dimensions[row].height for row in (1, 2, 3)] == [60, None, None]


def test_merged_cells_count_their_whole_width(bench: Bench) -> None:
    def dress(book: Any) -> None:
        wrapped(book, "A1 A3", 20, "A1:C1")
        book["S"].column_dimensions["B"].width = book["S"].column_dimensions["C"].width = 20
        book["S"].merge_cells("A3:C5")

    filled = bench.fill(grow({}, metin=LONG), {"S": {"A1": "{{ metin }}", "A3": "{{ metin }}"}}, dress=dress)
    heights = filled.layout.sheets[0].row_heights
    assert heights[1] == lines(LONG, (3 * 140 - 5) * 0.75, 10) * line_height(10) + 1.5
    # Two rows of 15 points are there already; the last takes what is missing.
    assert heights[5] == heights[1] - 30
    assert 3 not in heights


def test_lines_of_text() -> None:
    assert lines("", 100, 10) == 1
    assert lines("bir\niki\n", 100, 10) == 3
    assert lines("W" * 100, 100, 10) == 10
    assert lines("aa bb", 1, 10) >= 2
    assert lines(LONG, 200, 10, bold=True) >= lines(LONG, 200, 10)
    assert lines(LONG, 200, 10, font="Times New Roman") <= lines(LONG, 200, 10)
    assert [line_height(size) for size in (10, 11, 12)] == [12.75, 13.5, 15.0]
    assert line_height(11, "Calibri") == 15


# Any tree

trees = st.lists(st.lists(st.integers(0, 10**7), max_size=4), max_size=5).map(
    lambda targets: {
        str(n): {f"F.{n}.{m}": cost / 100 for m, cost in enumerate(costs, 1)} for n, costs in enumerate(targets, 1)
    }
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tree=trees)
def test_totals_of_any_tree(bench: Bench, tree: dict[str, dict[str, float]]) -> None:
    root = grow(tree)
    filled = bench.fill(
        root,
        {
            "FMT": {
                "A2": "{{ faaliyet.kod }}", "B2": "{{ faaliyet.gider }}", "B3": "=SUM(B2)", "C2": "=IF(B$3=0,0,B2/B$3)",
            },
            "PHT": {
                "A1": "{{ hedef.kod }}", "B1": "=B3", "A2": "{{ faaliyet.kod }}", "B2": "=FMT!B2", "B3": "=SUM(B2:B2)",
                "B4": "=SUM(B3)", "C4": "=SUM(B2)", "D4": "=SUM('PH {{ hedef.kod }}'!B2)",
            },
            "PH {{ hedef.kod }}": {"A1": "{{ faaliyet.kod }}", "B1": "=PHT!B2", "B2": "=SUM(B1:B1)"},
            "Özet": {"A1": "=PHT!B4", "A2": "=COUNTA(FMT!A2)", "A3": '=COUNTIF(PHT!B2:B2,">=0")', "A4": "=SUM(FMT!C2)"},
        },
        {
            "her_faaliyet": "FMT!$2:$2", "her_hedef": "PHT!$1:$3", "her_faaliyet_2": "PHT!$2:$2",
            "her_faaliyet_3": "'PH {{ hedef.kod }}'!$1:$1",
        },
    )  # fmt: skip
    costs = [cost for activities in tree.values() for cost in activities.values()]
    total = pytest.approx(sum(costs))
    last = filled.values["PHT"].max_row
    assert [filled.value(f"PHT!{column}{last}") for column in "BCD"] == [total, total, total]
    assert [filled.value(f"Özet!A{row}") for row in (1, 2, 3)] == [total, len(costs), len(costs)]
    assert filled.value("Özet!A4") == pytest.approx(1 if sum(costs) else 0)
    assert len(filled.values.sheetnames) == 3 + len(tree)
    agree(filled)


def test_the_file_opens_as_openpyxl_reads_it(bench: Bench) -> None:
    """A sheet without any cell, and a name with every Turkish letter."""
    filled = bench.fill(grow({}), {"ÇĞİÖŞÜ çğıöşü": {}})
    assert openpyxl.load_workbook(filled.path).sheetnames == ["ÇĞİÖŞÜ çğıöşü"]


def test_a_read_only_target_is_left_alone(bench: Bench, tmp_path: Path) -> None:
    target = tmp_path / "korumalı.xlsx"
    target.write_bytes(b"eski")
    target.chmod(0o444)
    layout = expand(load(bench.template({"S": {"A1": 1}})), grow({}))
    with pytest.raises(PermissionError):
        write(layout, target, CREATED)
    assert target.read_bytes() == b"eski"


def test_merges_that_come_to_overlap_are_refused(bench: Bench, tmp_path: Path) -> None:
    layout = expand(load(bench.template({"S": {"A1": 1}})), grow({}))
    layout.sheets[0].merges += [(1, 1, 2, 2), (2, 2, 3, 3)]
    with pytest.raises(RefusedError):
        write(layout, tmp_path / "x.xlsx", CREATED)
