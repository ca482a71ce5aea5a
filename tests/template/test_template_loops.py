"""Blocks that repeat: rows, nested rows, sheets."""

from __future__ import annotations

import pytest

from kars_xl.template.nodes import Node, Problem
from tests.helpers.template_bench import Bench, grow


def test_rows_repeat_and_the_rows_below_move(bench: Bench, three: Node) -> None:
    filled = bench.fill(
        three,
        {
            "S": {
                "A1": "Kod",
                "A2": "{{ faaliyet.kod }}",
                "B2": "{{ faaliyet.gider }}",
                "A3": "Toplam",
                "B3": "=SUM(B2:B2)",
            }
        },
        {"her_faaliyet": "S!$2:$2"},
    )
    assert filled.column("S", "A") == ["Kod", "F.1.1", "F.1.2", "F.2.1", "Toplam"]
    assert filled.formula("S!B5") == "=SUM(B2:B4)"
    assert filled.value("S!B5") == 70


def test_an_empty_list_leaves_no_row_and_sums_to_nothing(bench: Bench) -> None:
    filled = bench.fill(
        grow({}),
        {"S": {"A1": "{{ faaliyet.kod }}", "A2": "=SUM(B1:B1)", "A3": "=COUNTA(A1:A1)", "A4": '=COUNTIF(A1:A1,"x")'}},
        {"her_faaliyet": "S!$1:$1"},
    )
    assert [filled.formula(f"S!A{row}") for row in (1, 2, 3)] == ["=SUM(0)", "=0", "=0"]
    assert filled.column("S", "A") == [0, 0, 0]


def test_nested_blocks_use_their_own_rows(bench: Bench, three: Node) -> None:
    filled = bench.fill(
        three,
        {
            "S": {
                "A1": "{{ hedef.ad }}",
                "A2": "{{ faaliyet.kod }}",
                "B2": "{{ faaliyet.gider }}",
                "A3": "Ara toplam",
                "B3": "=SUM(B2:B2)",
                "A4": "Genel",
                "B4": "=SUM(B3)",
                "C4": "=SUM(B2)",
            }
        },
        {"her_hedef": "S!$A$1:$C$3", "her_faaliyet": "S!$2:$2"},
    )
    assert filled.column("S", "A") == [
        "Hedef 1", "F.1.1", "F.1.2", "Ara toplam", "Hedef 2", "F.2.1", "Ara toplam", "Hedef 3", "Ara toplam", "Genel",
    ]  # fmt: skip
    assert [filled.formula(f"S!B{row}") for row in (4, 7, 9, 10)] == [
        "=SUM(B2:B3)", "=SUM(B6)", "=SUM(0)", "=SUM(B4,B7,B9)",
    ]  # fmt: skip
    assert filled.formula("S!C10") == "=SUM(B2:B3,B6)"
    assert filled.value("S!B10") == filled.value("S!C10") == 70


def test_bands_of_equal_rows_nest_by_their_lists(bench: Bench, three: Node) -> None:
    filled = bench.fill(
        three,
        {"S": {"A1": "{{ hedef.kod }}", "B1": "{{ faaliyet.kod }}"}},
        {"her_faaliyet": "S!$1:$1", "her_hedef": "S!$1:$1"},
    )
    assert filled.column("S", "A") == ["1", "1", "2"]
    assert filled.column("S", "B") == ["F.1.1", "F.1.2", "F.2.1"]


def test_one_kind_repeats_twice_on_a_sheet(bench: Bench, three: Node) -> None:
    filled = bench.fill(
        three,
        {
            "S": {
                "A1": "{{ faaliyet.kod }}",
                "A2": "-",
                "A3": "{{ faaliyet.gider }}",
                "A4": "=SUM(A3:A3)",
                "B1": "=A3*2",
            }
        },
        {"her_faaliyet": "S!$1:$1", "her_faaliyet_2": "S!$3:$3"},
    )
    assert filled.column("S", "A") == ["F.1.1", "F.1.2", "F.2.1", "-", 10, 20, 40, 70]
    # The same activity in the other block: its own row, not the block.
    assert [filled.formula(f"S!B{row}") for row in (1, 2, 3)] == ["=A5*2", "=A6*2", "=A7*2"]


def test_a_loop_takes_the_list_of_an_owner(bench: Bench, three: Node) -> None:
    """Inside an activity's block, a list that only its target has."""
    for target in three.lists["hedef"]:
        target.lists["gosterge"] = [Node("gosterge", f"PG.{target.key}", {"ad": f"PG {target.key}"}, target)]
    filled = bench.fill(
        three,
        {"S": {"A1": "{{ faaliyet.kod }}", "A2": "{{ gosterge.ad }}"}},
        {"her_faaliyet": "S!$1:$2", "her_gosterge": "S!$2:$2"},
    )
    assert filled.column("S", "A") == ["F.1.1", "PG 1", "F.1.2", "PG 1", "F.2.1", "PG 2"]


def test_a_sheet_with_a_placeholder_in_its_name_repeats(bench: Bench, three: Node) -> None:
    filled = bench.fill(
        three,
        {
            "PH {{ hedef.kod }}": {"A1": "{{ faaliyet.gider }}", "A2": "=SUM(A1:A1)", "B2": "{{ amac.ad }}"},
            "Özet {{ yil }}": {
                "A1": "{{ hedef.kod }}",
                "B1": "='PH {{ hedef.kod }}'!A2",
                "A2": "=SUM(B1:B1)",
                "B2": "=SUM('PH {{ hedef.kod }}'!A2,'PH {{ hedef.kod }}'!A1)",
                "C2": "=SUM('PH {{ hedef.kod }}'!A:A)",
            },
        },
        {"her_faaliyet": "'PH {{ hedef.kod }}'!$1:$1", "her_hedef": "'Özet {{ yil }}'!$1:$1"},
    )
    assert filled.values.sheetnames == ["PH 1", "PH 2", "PH 3", "Özet 2024"]
    assert filled.formula("PH 1!A3") == "=SUM(A1:A2)"
    assert filled.value("PH 3!B1") == "Amaç"
    assert [filled.formula(f"Özet 2024!B{row}") for row in (1, 2, 3)] == ["='PH 1'!A3", "='PH 2'!A2", "='PH 3'!A1"]
    assert filled.value("Özet 2024!A4") == 70
    assert filled.formula("Özet 2024!B4") == "=SUM('PH 1'!A3,'PH 2'!A2,'PH 3'!A1,'PH 1'!A1:A2,'PH 2'!A1)"
    assert filled.formula("Özet 2024!C4") == "=SUM('PH 1'!A:A,'PH 2'!A:A,'PH 3'!A:A)"


def test_sheet_names_are_made_valid_and_unique(bench: Bench) -> None:
    root = Node("", "", {})
    names = ["A/B", "a-b", "x" * 40, "X" * 40, "Ilgaz", "ılgaz", "'tırnak'"]
    root.lists["birim"] = [Node("birim", str(i), {"ad": name}) for i, name in enumerate(names)]
    filled = bench.fill(root, {"{{ birim.ad }}": {"A1": "=A2"}})
    assert filled.values.sheetnames == [
        "A-B", "a-b (2)", "x" * 31, "X" * 27 + " (2)", "Ilgaz", "ılgaz (2)", "tırnak",
    ]  # fmt: skip


def test_a_sheet_of_an_empty_list_is_not_there(bench: Bench) -> None:
    filled = bench.fill(grow({}), {"PH {{ hedef.kod }}": {"A1": 5}, "Son": {"A1": "=SUM('PH {{ hedef.kod }}'!A1)"}})
    assert filled.values.sheetnames == ["Son"]
    assert filled.value("Son!A1") == 0


def test_a_node_listed_twice_keeps_its_own_rows(bench: Bench) -> None:
    """The same activity in two units: each row computes from itself, although the contexts are the same."""
    root = grow({"1": {"F.1.1": 10.0}})
    activity = root.lists["faaliyet"][0]
    root.lists["faaliyet"] = [activity, activity]
    filled = bench.fill(
        root,
        {"S": {"A1": "{{ faaliyet.gider }}", "B1": "=A1*2", "C1": "=SUM(A1:A2)", "A2": "x", "A3": "=SUM(A1:A1)"}},
        {"her_faaliyet": "S!$1:$2"},
    )
    assert [filled.formula(f"S!{cell}") for cell in ("B1", "B3", "C3", "A5")] == [
        "=A1*2", "=A3*2", "=SUM(A3:A4)", "=SUM(A1,A3)",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("names", "values"),
    [
        (
            {"her_faaliyet": "S!$1:$3", "her_hedef": "S!$2:$4"},
            {"name": "her_hedef", "reason": "overlap", "other": "her_faaliyet"},
        ),
        ({"her_yok": "S!$1:$1"}, {"name": "her_yok", "reason": "list", "kind": "yok"}),
        ({"her_faaliyet": "#REF!"}, {"name": "her_faaliyet", "reason": "refers_to_nothing"}),
        ({"her_faaliyet": "S!#REF!"}, {"name": "her_faaliyet", "reason": "refers_to_nothing"}),
        ({"her_faaliyet": "S!$A:$B"}, {"name": "her_faaliyet", "reason": "refers_to_nothing"}),
        (
            {"her_faaliyet": "S!$1:$1", "her_bulgu": "S!$1:$1"},
            {"name": "her_bulgu", "reason": "order", "other": "her_faaliyet"},
        ),
    ],
)  # fmt: skip
def test_bad_loop_names(bench: Bench, three: Node, names: dict[str, str], values: dict[str, str]) -> None:
    [problem] = bench.problems(three, {"S": {"A1": "x"}}, names)
    assert problem == Problem("KX503", problem.sheet, "", values)


def test_sheet_scoped_loop_names(bench: Bench, three: Node) -> None:
    from openpyxl.workbook.defined_name import DefinedName

    def dress(book: object) -> None:
        for title in ("A", "B"):
            name = DefinedName("her_faaliyet", attr_text=f"{title}!$1:$1")
            book[title].defined_names["her_faaliyet"] = name  # type: ignore[index]

    filled = bench.fill(three, {"A": {"A1": "{{ faaliyet.kod }}"}, "B": {"A1": "=A!A1"}}, dress=dress)
    assert filled.column("B", "A") == ["F.1.1", "F.1.2", "F.2.1"]
