"""What a template must not hold: every fault is named, all at once, with the template's sheet and cell."""

from __future__ import annotations

from typing import Any

import pytest
from openpyxl.formatting.rule import FormulaRule
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.formula import ArrayFormula

from kars_xl.template.nodes import Node
from tests.helpers.template_bench import Bench, grow


@pytest.mark.parametrize(
    ("formula", "facts"),
    [
        ("=OFFSET(A1,1,1)", {"reason": "function", "function": "OFFSET"}),
        ("=_xlfn.IFS(A1,1)", {"reason": "function", "function": "_XLFN.IFS"}),
        ("=TODAY()", {"reason": "function", "function": "TODAY"}),
        ("=TOPLA(B1:B3)", {"reason": "turkish", "function": "TOPLA", "english": "SUM"}),
        ("=eğer(B1,1,2)", {"reason": "turkish", "function": "EĞER", "english": "IF"}),
        ("=IF(B1,DOĞRU,1)", {"reason": "turkish", "function": "DOĞRU", "english": "TRUE"}),
        ("=TEXT(B1,\"#.##0\")", {"reason": "text", "function": "TEXT"}),
        ("=SUM(B1;B2)", {"reason": "separator"}),
        ("=[1]Sayfa!A1", {"reason": "external"}),
        ("='[Eski.xlsx]Sayfa'!A1*2", {"reason": "external"}),
        ("=SUM(S:T!A1)", {"reason": "three_d"}),
        ("=Yok!A1", {"reason": "sheet", "sheet": "Yok"}),
        ("=SUM(Yok)", {"reason": "name", "name": "Yok"}),
        ("=SUM(Tablo[Tutar])", {"reason": "table", "name": "Tablo"}),
        ("={{ yil }}+1", {"reason": "placeholder"}),
        ("=#REF!+1", {"reason": "ref_error"}),
        ("=S!#REF!+1", {"reason": "ref_error"}),
        ("=SUM(B1,B2", {"reason": "syntax"}),
        ("=B1:B3*2", {"reason": "range", "reference": "B1:B3", "function": ""}),
        ("=SUMPRODUCT(ABS(B1:B3))", {"reason": "range", "reference": "B1:B3", "function": "ABS"}),
        ("=COUNTIF(B1:B3,C1:C3)", {"reason": "range", "reference": "C1:C3", "function": "COUNTIF"}),
        ("=SUM((B1:B3>0)*B1:B3)", {"reason": "range", "reference": "B1:B3", "function": "SUM"}),
        ("=IF(B:B,1,2)", {"reason": "range", "reference": "B:B", "function": "IF"}),
    ],
)  # fmt: skip
def test_formulas_that_are_refused(bench: Bench, formula: str, facts: dict[str, str]) -> None:
    found = bench.problems(grow({}), {"S": {"B4": formula}, "T": {"A1": 1}})
    assert (found[0].code, found[0].sheet, found[0].cell) == ("KX502", "S", "B4")
    assert found[0].values == {"formula": formula, "where": "cell", **facts}


def test_array_formulas_are_refused(bench: Bench) -> None:
    [problem] = bench.problems(grow({}), {"S": {"C4": ArrayFormula("C4:C5", "=B1:B2*2")}})
    assert problem.values["reason"] == "array"


@pytest.mark.parametrize(
    ("text", "path", "reason"),
    [
        ("{{ yok }}", "yok", "unknown"),
        ("a {{ faaliyet.kod }}", "faaliyet.kod", "unknown"),
        ("{{ kurum.adı }}", "kurum.adı", "unknown"),
        ("{{ kurum }}", "kurum", "mapping"),
        ("{{ yil + 1 }}", "{{ yil + 1 }}", "syntax"),
        ("{{ yil", "{{ yil", "syntax"),
        ('="{{ yok.ad }}"', "yok.ad", "unknown"),
    ],
)
def test_unknown_placeholders(bench: Bench, three: Node, text: str, path: str, reason: str) -> None:
    [problem] = bench.problems(three, {"S": {"D7": text}})
    assert (problem.code, problem.sheet, problem.cell) == ("KX501", "S", "D7")
    assert problem.values == {"path": path, "reason": reason}


def test_all_faults_are_told_at_once_and_once_each(bench: Bench, three: Node) -> None:
    def dress(book: Any) -> None:
        book["S"].conditional_formatting.add("A1", FormulaRule(formula=["TOPLA(A1)>0"]))
        validation = DataValidation("list", formula1="=[1]Liste!A1:A3")
        validation.add("B2")
        book["S"].add_data_validation(validation)

    found = bench.problems(
        three,
        {"S": {"A1": "{{ faaliyet.yok }}", "B1": "=NOW()", "C1": "=$A$3:$A$4", "D1": "=A1"}},
        {"her_faaliyet": "S!$1:$1", "her_yok": "S!$5:$5", "Ad": "TOPLA(1)"},
        dress,
    )
    assert sorted((p.code, p.cell, p.values["reason"], p.values.get("where", "")) for p in found) == [
        ("KX501", "A1", "unknown", ""),
        ("KX502", "", "turkish", "name"),
        ("KX502", "A1", "turkish", "conditional_format"),
        ("KX502", "B1", "function", "cell"),
        ("KX502", "B2", "external", "validation"),
        ("KX502", "C1", "range", "cell"),
        ("KX503", "", "list", ""),
    ]


def test_error_values_name_both_cells(bench: Bench, three: Node) -> None:
    found = bench.problems(
        three,
        {"S": {"A1": "{{ faaliyet.gider }}", "B1": "=A1/(A1-20)", "C1": "=IFERROR(B1,0)"}},
        {"her_faaliyet": "S!$1:$1"},
    )
    assert [(p.code, p.sheet, p.cell) for p in found] == [("KX506", "S", "B1")]
    assert found[0].values == {
        "sheet": "S", "cell": "B2", "formula": "=A2/(A2-20)", "error": "#DIV/0!", "count": "1",
    }  # fmt: skip


def test_a_circle_is_an_error(bench: Bench) -> None:
    found = bench.problems(grow({}), {"S": {"A1": "=B1", "B1": "=A1"}})
    assert {p.values["error"] for p in found} == {"#CIRC!"}
