"""The one rule of formulas: a reference becomes all instances that share the referring cell's context."""

from __future__ import annotations

import pytest
from openpyxl.workbook.defined_name import DefinedName

from kars_xl.template.nodes import Node
from tests.helpers.template_bench import Bench, Cells, Filled, agree, grow

COSTS: Cells = {"A1": "Kod", "B1": "Tutar", "A2": "{{ faaliyet.kod }}", "B2": "{{ faaliyet.gider }}", "C2": "=B2*2"}
TARGETS: Cells = {"A1": "{{ hedef.kod }}", "A2": "{{ faaliyet.kod }}", "A3": "son"}
NAMES = {"her_faaliyet": "FMT!$2:$2", "her_hedef": "PHT!$1:$3", "her_faaliyet_2": "PHT!$2:$2"}


def laid(bench: Bench, root: Node, cells: Cells, **more: Cells) -> Filled:
    """A cost sheet with a row for each activity, a sheet of targets' blocks with the cells given, and more sheets."""
    filled = bench.fill(root, {"FMT": COSTS, "PHT": {**TARGETS, **cells}, **more}, NAMES)
    agree(filled)
    return filled


def test_from_a_row_to_the_same_activity_elsewhere(bench: Bench, three: Node) -> None:
    filled = laid(bench, three, {"B2": "=FMT!B2", "C2": "=$B2+FMT!$C$2"})
    # Rows of PHT: 1, F.1.1, F.1.2, son, 2, F.2.1, son, 3, son.
    assert [filled.formula(f"PHT!B{row}") for row in (2, 3, 6)] == ["=FMT!B2", "=FMT!B3", "=FMT!B4"]
    assert filled.formula("PHT!C3") == "=$B3+FMT!$C$3"


def test_from_a_target_to_its_activities_in_a_flat_list(bench: Bench, three: Node) -> None:
    filled = laid(bench, three, {"B3": "=SUM(FMT!B2)", "C3": "=SUM(FMT!$B$2:$B$2)+1", "D3": "=MAX(FMT!B2:C2)"})
    assert [filled.formula(f"PHT!B{row}") for row in (4, 7, 9)] == ["=SUM(FMT!B2:B3)", "=SUM(FMT!B4)", "=SUM(0)"]
    assert filled.formula("PHT!C4") == "=SUM(FMT!$B$2:$B$3)+1"
    assert filled.formula("PHT!D7") == "=MAX(FMT!B4:C4)"
    assert [filled.value(f"PHT!B{row}") for row in (4, 7, 9)] == [30, 40, 0]


def test_from_an_activity_to_its_target(bench: Bench, three: Node) -> None:
    filled = bench.fill(
        three,
        {"PHT": {**TARGETS, "B3": "=COUNTA(A2:A2)"}, "FMT": {**COSTS, "D2": "=PHT!B3", "E2": "=PHT!A1"}},
        NAMES,
    )
    assert [filled.formula(f"FMT!D{row}") for row in (2, 3, 4)] == ["=PHT!B4", "=PHT!B4", "=PHT!B7"]
    assert filled.column("FMT", "E") == [None, "1", "1", "2"]
    agree(filled)


def test_a_range_over_headings_and_blocks_grows(bench: Bench, three: Node) -> None:
    filled = laid(bench, three, {}, Özet={"A1": "=SUM(FMT!B1:B2)", "A2": "=COUNTA(FMT!A1:A9)", "A3": "=SUM(FMT!B:B)",
                                         "A4": "=COUNTA(PHT!$A$1:$A$3)", "A5": "=SUM(FMT!2:2)"})  # fmt: skip
    assert [filled.formula(f"Özet!A{row}") for row in range(1, 6)] == [
        "=SUM(FMT!B1:B4)", "=COUNTA(FMT!A1:A11)", "=SUM(FMT!B:B)", "=COUNTA(PHT!$A$1:$A$9)", "=SUM(FMT!2:4)",
    ]  # fmt: skip


def test_additive_functions_add_up_over_pieces(bench: Bench, three: Node) -> None:
    """COUNTIF over rows that are not neighbours is a sum of COUNTIFs; so with every function that adds."""
    formulas = {
        "A1": '=COUNTIF(PHT!A2:A2,"F*")',
        "A2": '=SUMIF(PHT!A2:A2,"F.1*",PHT!B2:B2)',
        "A3": '=SUMIFS(PHT!B2,PHT!A2,"F*",PHT!B2,">10")',
        "A4": "=SUMPRODUCT((PHT!B2:B2>10)*PHT!B2:B2)",
        "A5": "=ROWS(PHT!A2)",
        "A6": "=COUNTBLANK(PHT!B2)*2",
        "A7": "=SUMPRODUCT((PHT!B2:B2>0)*PHT!B2:B2*(PHT!A2:A2=A9))",
        "A9": "F.2.1",
    }
    filled = laid(bench, three, {"B2": "=FMT!B2"}, Özet=formulas)
    assert filled.formula("Özet!A1") == '=(COUNTIF(PHT!A2:A3,"F*")+COUNTIF(PHT!A6:A6,"F*"))'
    assert filled.formula("Özet!A2") == '=(SUMIF(PHT!A2:A3,"F.1*",PHT!B2:B3)+SUMIF(PHT!A6:A6,"F.1*",PHT!B6:B6))'
    assert [filled.value(f"Özet!A{row}") for row in range(1, 8)] == [3, 30, 60, 60, 3, 0, 40]


def test_empty_lists(bench: Bench) -> None:
    """What stands for no cells: nothing in a sum, 0 for a call that has nothing else, not found in a lookup."""
    formulas = {
        "A1": "=SUM(FMT!B2,5)", "A2": "=MIN(FMT!B2)", "A3": "=AND(FMT!B2:B2)", "A4": "=OR(FMT!B2:B2)",
        "A5": "=COUNT(FMT!B2,A1)", "A6": "=AVERAGE(FMT!B2)", "A7": "=SUMPRODUCT(FMT!B2:B2*FMT!C2:C2)",
        "A8": '=IFERROR(VLOOKUP(1,FMT!A2:B2,2,0),"yok")', "A9": "=IFERROR(INDEX(FMT!B2:B2,MATCH(1,FMT!A2:A2,0)),7)",
        "A10": "=PRODUCT(FMT!B2,3)", "A11": '=SUMIF(FMT!A2:A2,"x",FMT!B2:B2)', "A12": "=ROWS(FMT!A2:A2)",
    }  # fmt: skip
    filled = laid(bench, grow({}), {}, Özet=formulas)
    assert [filled.formula(f"Özet!A{row}") for row in range(1, 13)] == [
        "=SUM(5)", "=MIN(0)", "=AND(TRUE)", "=OR(FALSE)", "=COUNT(A1)", "=0", "=0",
        '=IFERROR(NA(),"yok")', "=IFERROR(NA(),7)", "=PRODUCT(3)", "=0", "=0",
    ]  # fmt: skip


def test_lookups_need_one_range(bench: Bench, three: Node) -> None:
    filled = laid(bench, three, {}, Özet={
        "A1": "=VLOOKUP(\"F.1.2\",FMT!A2:B2,2,0)", "A2": "=INDEX(FMT!$B$2:$B$2,MATCH(\"F.2.1\",FMT!$A$2:$A$2,0))",
    })  # fmt: skip
    assert filled.column("Özet", "A") == [20, 40]
    assert filled.formula("Özet!A2") == '=INDEX(FMT!$B$2:$B$4,MATCH("F.2.1",FMT!$A$2:$A$4,0))'


@pytest.mark.parametrize(
    ("formula", "reason", "reference", "count"),
    [
        ("=FMT!B2", "several", "FMT!B2", "3"),
        ("=FMT!B2*2+1", "several", "FMT!B2", "3"),
        ("=IF(FMT!B2>0,1,2)", "several", "FMT!B2", "3"),
        ("=ROUND(FMT!B2:B2,2)", "several", "FMT!B2:B2", "3"),
        ("=SUM(FMT!B2*2)", "several", "FMT!B2", "3"),
        ("=PHT!B2", "several", "PHT!B2", "2"),
        ("=INDEX(PHT!A2:A2,1)", "split", "PHT!A2:A2", "2"),
        ("=SUMIF(PHT!A2:A2,FMT!A2,PHT!B2:B2)", "several", "FMT!A2", "3"),
        ("=SUMPRODUCT(ABS(FMT!B2:B2)*FMT!C2:C2)", "several", "FMT!B2:B2", "3"),
        ("=SUMIF(PHT!A2:A2,1,FMT!B2:B2)", "split", "PHT!A2:A2", "2"),
    ],
)
def test_a_place_for_one_cell_does_not_take_several(
    bench: Bench, three: Node, formula: str, reason: str, reference: str, count: str
) -> None:
    [problem] = bench.problems(three, {"FMT": COSTS, "PHT": TARGETS, "Özet": {"B4": formula}}, NAMES)
    assert (problem.code, problem.sheet, problem.cell) == ("KX505", "Özet", "B4")
    assert problem.values == {
        "formula": formula, "reason": reason, "reference": reference, "count": count, "target": "Özet!B4",
    }  # fmt: skip


def test_a_cell_that_is_nowhere(bench: Bench, three: Node) -> None:
    del three.lists["faaliyet"][0]
    [problem] = bench.problems(three, {"FMT": COSTS, "PHT": {**TARGETS, "B2": "=FMT!B2"}}, NAMES)
    assert (problem.sheet, problem.cell) == ("PHT", "B2")
    assert (problem.values["reason"], problem.values["target"]) == ("none", "PHT!B2")


def scattered(count: int) -> Node:
    """Targets with one activity each: its rows are not neighbours in the targets' blocks."""
    return grow({str(n): {f"F.{n}": float(n)} for n in range(1, count + 1)})


def test_more_arguments_than_a_function_takes(bench: Bench) -> None:
    filled = laid(bench, scattered(600), {"B2": "=FMT!B2"}, Ö={"A1": "=SUM(PHT!B2:B2)", "A2": "=MAX(PHT!B2,7)"})
    assert filled.formula("Ö!A1").startswith("=SUM(SUM(PHT!B2,PHT!B5,")
    assert filled.value("Ö!A1") == 600 * 601 / 2
    assert filled.value("Ö!A2") == 600


def test_too_many_or_too_long(bench: Bench) -> None:
    sheets = {"FMT": COSTS, "PHT": TARGETS, "Ö": {"A1": "=COUNTA(PHT!A2)", "A2": "=SUM(PHT!A2,PHT!A2,PHT!A2,PHT!A2)"}}
    found = bench.problems(scattered(300), sheets, NAMES)
    assert [(p.code, p.cell, p.values["reason"]) for p in found] == [
        ("KX505", "A1", "arguments"), ("KX505", "A2", "length"),
    ]  # fmt: skip


def test_string_literals_are_filled(bench: Bench, three: Node) -> None:
    long = "uzun " * 80
    three.lists["hedef"][0].fields = {"kod": "1", "ad": 'Tırnak " ve = işareti', "uzun": long}
    for target in three.lists["hedef"][1:]:
        target.fields = {**target.fields, "uzun": ""}
    filled = laid(
        bench,
        three,
        {"B1": '=IF(A1="{{ hedef.kod }}","{{ hedef.ad }}: {{ yil }}","x")', "C1": '=LEN("{{ hedef.uzun }}")'},
    )
    assert filled.formula("PHT!B1") == '=IF(A1="1","Tırnak "" ve = işareti: 2024","x")'
    assert filled.value("PHT!B5") == "Hedef 2: 2024"
    assert filled.value("PHT!C1") == 400


def test_hyperlink_formulas_follow_their_cell(bench: Bench, three: Node) -> None:
    filled = bench.fill(
        three,
        {
            "PH {{ hedef.kod }}": {"A1": "{{ hedef.ad }}", "B1": "=HYPERLINK(\"#Dizin!B2\",\"geri\")"},
            "Dizin": {"A1": "x", "B2": '=HYPERLINK("#\'PH {{ hedef.kod }}\'!A1","{{ hedef.ad }}")',
                      "C2": '=HYPERLINK("https://www.kars.bel.tr","{{ yil }}")'},
        },
        {"her_hedef": "Dizin!$2:$2"},
    )  # fmt: skip
    assert filled.formula("Dizin!B3") == '=HYPERLINK("#\'PH 2\'!A1","Hedef 2")'
    assert filled.value("Dizin!B3") == "Hedef 2"
    assert filled.formula("PH 3!B1") == '=HYPERLINK("#Dizin!B4","geri")'
    assert filled.formula("Dizin!C2") == '=HYPERLINK("https://www.kars.bel.tr","2024")'


def test_names_in_formulas_mean_the_context_too(bench: Bench, three: Node) -> None:
    def dress(book: object) -> None:
        for name, meaning in (
            ("Tutar", "FMT!$B$2"), ("İkisi", "FMT!$B$2,FMT!$C$2"), ("Oran", "0.5"), ("Yarım", "FMT!$B$2*Oran"),
        ):  # fmt: skip
            book.defined_names[name] = DefinedName(name, attr_text=meaning)  # type: ignore[attr-defined]

    filled = bench.fill(
        three,
        {
            "FMT": COSTS,
            "PHT": {**TARGETS, "B2": "=Tutar*Oran", "C2": "=Yarım", "B3": "=SUM(Tutar)", "C3": "=SUM(İkisi)"},
        },
        NAMES,
        dress,
    )
    agree(filled)
    assert filled.formula("PHT!B3") == "=FMT!$B$3*0.5"
    assert filled.formula("PHT!C3") == "=(FMT!$B$3*0.5)"
    assert filled.formula("PHT!B4") == "=SUM(FMT!$B$2:$B$3)"
    assert filled.formula("PHT!C4") == "=SUM(FMT!$B$2:$B$3,FMT!$C$2:$C$3)"
    names = {name: defined.attr_text for name, defined in filled.formulas.defined_names.items()}
    assert names == {"Tutar": "FMT!$B$2:$B$4", "İkisi": "FMT!$B$2:$B$4,FMT!$C$2:$C$4", "Oran": "0.5"}


def test_constants_arrays_and_spaces_stay(bench: Bench, three: Node) -> None:
    formula = '=IF( A1 = "x" , SUM({1,2;3,4}) , -5% )'
    filled = laid(bench, three, {}, Ö={"A1": "x", "B1": formula})
    assert filled.formula("Ö!B1") == '=IF(A1="x",SUM({1,2;3,4}),-5%)'
    assert filled.value("Ö!B1") == 10


def test_sheet_names_are_quoted_where_needed(bench: Bench) -> None:
    root = grow({})
    root.lists["birim"] = [Node("birim", n, {"ad": n}) for n in ("A1", "O'Hara", "Düz", "R1C1", "Plain", "1 b")]
    filled = bench.fill(root, {"{{ birim.ad }}": {"A1": 1}, "Son": {"A1": "=SUM('{{ birim.ad }}'!A1)"}})
    assert filled.formula("Son!A1") == "=SUM('A1'!A1,'O''Hara'!A1,'Düz'!A1,'R1C1'!A1,Plain!A1,'1 b'!A1)"
    assert filled.value("Son!A1") == 6
    agree(filled)


def test_sheets_computed_one_after_the_other_come_to_the_same(
    bench: Bench, three: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kars_xl.template.layout.evaluate._AT_ONCE", 1)
    filled = laid(
        bench,
        three,
        {},
        Son={"A1": "=Ara!A1*2", "B1": '=IF(Ara!B1="","yok",Ara!B1)', "C1": "=COUNTA(Ara!B1:B2)", "D1": "=Ara!C1"},
        Ara={"A1": "=Ön!A1+A2", "A2": "=Ön!A2", "B1": '=IF(Ön!A1>0,"","x")', "C1": "=Ön!A1>1"},
        Ön={"A1": 1.1, "A2": 2.2},
    )
    assert [filled.value(f"Son!{cell}") for cell in ("A1", "B1", "C1", "D1")] == [pytest.approx(6.6), "yok", 1, True]


def test_sheets_that_look_at_one_another_are_computed_together(
    bench: Bench, three: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kars_xl.template.layout.evaluate._AT_ONCE", 1)
    filled = laid(bench, three, {}, Bir={"A1": "=İki!A1+1", "A2": 5}, İki={"A1": "=Bir!A2*2", "A2": "=Bir!A1"})
    agree(filled)
    assert filled.value("İki!A2") == 11
