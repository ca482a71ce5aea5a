"""The template's word is kept: what it holds comes out as it was, or is said (KX005), or the template is refused."""

from __future__ import annotations

import re

import pytest

from kars_xl.template.nodes import Node, TemplateError
from tests.helpers.kept import BLOCKS, NAMES, Kept
from tests.helpers.package_edits import STYLES, Package
from tests.helpers.template_bench import Bench, agree, grow

# Figures first: a sum over rows that repeat.


@pytest.mark.parametrize(
    ("formula", "written", "value"),
    [
        ("=SUM(3:3)", "=SUM(3:4,7:7)", 70),
        ("=MAX($3:$3)", "=MAX($3:$4,$7:$7)", 40),
        ("=COUNT(2:4)", "=COUNT(2:10)", 6),
        ('=COUNTIF(3:3,">15")', '=(COUNTIF(3:4,">15")+COUNTIF(7:7,">15"))', 2),
        ("=SUM(T!1:2)", "=SUM(T!1:2)", 3),
        ("=SUM(T!A:A)", "=SUM(T!A:A)", 6),
        ("=ROUNDUP(B5/3,0)", "=ROUNDUP(B11/3,0)", 24),
        ("=IF(ISERROR(B5),0,ROUNDDOWN(B5/3,1))", "=IF(ISERROR(B11),0,ROUNDDOWN(B11/3,1))", 23.3),
    ],
)
def test_whole_rows_are_the_copies_of_the_row(
    bench: Bench, three: Node, formula: str, written: str, value: float
) -> None:
    filled = bench.fill(three, BLOCKS | {"S": BLOCKS["S"] | {"D5": formula}}, NAMES)
    assert (filled.formula("S!D11"), filled.value("S!D11")) == (written, value)
    agree(filled)


def test_a_whole_row_of_another_sheet(bench: Bench, three: Node) -> None:
    filled = bench.fill(three, BLOCKS | {"T": {"A1": "=SUM(S!3:3)"}}, NAMES)
    assert (filled.formula("T!A1"), filled.value("T!A1")) == ("=SUM(S!3:4,S!7:7)", 70)


def test_a_running_total_goes_from_the_first_copy_to_its_own_row(bench: Bench, three: Node) -> None:
    filled = bench.fill(
        three,
        {"S": {"A1": "{{ faaliyet.kod }}", "B1": "{{ faaliyet.gider }}", "C1": "=SUM(B$1:B1)"}},
        {"her_faaliyet": "S!$1:$1"},
    )
    assert filled.column("S", "C") == [10, 30, 70]
    assert filled.formula("S!C3") == "=SUM(B$1:B3)"
    agree(filled)


def refused(bench: Bench, root: Node, **cells: object) -> tuple[str, str, str]:
    problem = bench.problems(root, BLOCKS | {"S": BLOCKS["S"] | cells}, NAMES)[0]
    return problem.code, problem.cell, problem.values.get("reason") or problem.values["error"]


def test_where_a_running_total_begins_is_told_or_asked(bench: Bench, three: Node) -> None:
    """Within blocks in one another it could begin at the first row of all, or at that of its block."""
    assert refused(bench, three, C3="=SUM(B$3:B3)") == ("KX505", "C3", "running")


@pytest.mark.parametrize("cells", [{"D5": "=SUM(D5:D6)"}, {"D5": "=D5+1"}, {"D5": "=E5", "E5": "=D5"}])
def test_a_formula_over_itself_is_refused(bench: Bench, three: Node, cells: dict[str, object]) -> None:
    assert refused(bench, three, **cells)[:2] == ("KX506", "D5")


def test_functions_that_depend_on_what_is_hidden_are_refused(bench: Bench, three: Node) -> None:
    assert refused(bench, three, D5="=SUBTOTAL(9,B3:B3)") == ("KX502", "D5", "function")


# Names that a program dropped.


def test_dropped_block_names_are_one_finding(bench: Bench, three: Node) -> None:
    [problem] = bench.problems(three, BLOCKS, {"her_hedef": "T!$1:$1"})
    assert (problem.code, problem.sheet, problem.cell) == ("KX503", "S", "A2")
    assert problem.values == {"name": "her_hedef, her_faaliyet", "reason": "lost"}


def test_of_two_block_names_only_the_dropped_one_is_named(bench: Bench, three: Node) -> None:
    cells = {"A1": "{{ hedef.ad }}", "A2": "{{ faaliyet.kod }}", "B2": "{{ faaliyet.gider }}", "A3": "{{ yok }}"}
    first, second = bench.problems(three, {"S": cells}, {"her_hedef": "S!$1:$2"})
    assert (first.code, first.cell, first.values["name"]) == ("KX503", "A2", "her_faaliyet")
    assert (second.code, second.cell, second.values) == ("KX501", "A3", {"path": "yok", "reason": "unknown"})


# Conditional formats.

EXPRESSION = '<cfRule type="expression"><formula>B3&gt;15</formula></cfRule>'
LOOKS: dict[str, tuple[str, tuple[str, ...]]] = {
    "no fill": ('<fill><patternFill patternType="none"><bgColor auto="1"/></patternFill></fill>', ()),
    "a pattern": ('<fill><patternFill patternType="lightGray"/></fill>', ("lightGray",)),
    "a pattern in colour": (
        '<fill><patternFill patternType="darkUp"><fgColor rgb="FF00B050"/></patternFill></fill>',
        ("darkUp", '<fgColor rgb="FF00B050"'),
    ),
    "the window's colour": ('<fill><patternFill><bgColor indexed="65"/></patternFill></fill>', ()),
    "grey text": ('<font><color theme="1" tint="0.5"/></font>', ('<color rgb="FF808080"',)),
    "red on yellow": (
        '<font><b/><color rgb="FF9C0006"/></font><fill><patternFill><bgColor rgb="FFFFFF00"/></patternFill></fill>',
        ("<b/>", "FF9C0006", '<bgColor rgb="FFFFFF00"'),
    ),
}


@pytest.mark.parametrize("name", LOOKS)
def test_no_rule_prints_black(bench: Bench, three: Node, name: str) -> None:
    look, patterns = LOOKS[name]
    kept = Kept(bench, three, lambda package: package.rule(EXPRESSION, look))
    assert "FF000000" not in kept.output.text(STYLES).partition("<dxfs")[2]
    assert kept.has(*patterns, part=STYLES)
    assert bool(kept.lost) == (name == "no fill")


def test_a_rule_with_a_gradient_is_said(bench: Bench, three: Node) -> None:
    gradient = '<fill><gradientFill degree="90"><stop position="0"><color theme="0"/></stop></gradientFill></fill>'
    assert Kept(bench, three, lambda package: package.rule(EXPRESSION, gradient)).lost == [("B3", "geçişli dolgu")]


def points(kind: str, *values: tuple[str, str], inside: str = "", more: str = "") -> str:
    marks = "".join(f'<cfvo type="{kind}" val="{value}"/>' for kind, value in values)
    return f'<cfRule type="{kind}"><{kind} {more}>{marks}{inside}</{kind}></cfRule>'


BLUE = '<color rgb="FF638EC6"/>'
COLOURS = '<color rgb="FFF8696B"/><color rgb="FF63BE7B"/>'
THRESHOLDS = {
    "icons": points("iconSet", ("percent", "0"), ("num", "$B$4"), ("formula", "$B$5/2"), more='iconSet="3Arrows"'),
    "colours": points("colorScale", ("num", "$B$1"), ("num", "$B$5"), inside=COLOURS),
    "bar": points("dataBar", ("num", "$B$1"), ("formula", "$B$5"), inside=BLUE),
}


@pytest.mark.parametrize("name", ["colours", "bar"])
def test_thresholds_in_cells_follow_them(bench: Bench, three: Node, name: str) -> None:
    kept = Kept(bench, three, lambda package: package.rule(THRESHOLDS[name]), {"B1": 5})
    assert kept.has(r'cfvo type="num" val="\$B\$1"', r'cfvo type="(num|formula)" val="\$B\$11"')
    assert kept.lost == []


def test_thresholds_of_icons_follow_their_cells(bench: Bench, three: Node) -> None:
    kept = Kept(bench, three, lambda package: package.rule(THRESHOLDS["icons"], cells="B3"))
    # Each target's total is a threshold of its own activities.
    found = re.findall(
        r'sqref="([\w :]*)">.*?val="(\$B\$\d+)"/><cfvo type="formula" val="(\$B\$11/2)"', kept.output.text()
    )
    assert found == [("B3:B4", "$B$5", "$B$11/2"), ("B7", "$B$8", "$B$11/2")]


def test_lengths_of_a_bar_are_said(bench: Bench, three: Node) -> None:
    bar = points(
        "dataBar", ("min", "0"), ("max", "0"), inside='<color rgb="FF638EC6"/>', more='minLength="{}" maxLength="90"'
    )
    assert Kept(bench, three, lambda package: package.rule(bar.format(10))).lost == []
    assert Kept(bench, three, lambda package: package.rule(bar.format(40))).lost == [("", "veri çubuğunun ayrıntıları")]


# What newer Excels note apart: lists and rules that look at other sheets.


def test_a_rule_that_looks_at_another_sheet(bench: Bench, three: Node) -> None:
    rule = (
        '<x14:conditionalFormattings><x14:conditionalFormatting><x14:cfRule type="expression" priority="3" id="{1}">'
        '<xm:f>B3&gt;T!$A$3</xm:f><x14:dxf><fill><patternFill><bgColor rgb="FFFF0000"/></patternFill></fill></x14:dxf>'
        "</x14:cfRule><xm:sqref>B3</xm:sqref></x14:conditionalFormatting></x14:conditionalFormattings>"
    )
    kept = Kept(bench, three, lambda package: package.extension(rule))
    assert kept.has(r'sqref="B3:B4 B7:B7"><cfRule type="expression".*<formula>B3&gt;T!\$A\$3</formula>')
    assert kept.lost == []


@pytest.mark.parametrize(
    ("kind", "formula", "written"),
    [("list", "T!$A$1:$A$3", r"T!\$A\$1:\$A\$3"), ("decimal", "T!$A$1", r"T!\$A\$1")],
)
def test_validations_that_look_at_another_sheet(
    bench: Bench, three: Node, kind: str, formula: str, written: str
) -> None:
    xml = (
        f'<x14:dataValidations count="1"><x14:dataValidation type="{kind}" operator="lessThan"><x14:formula1>'
        f"<xm:f>{formula}</xm:f></x14:formula1><xm:sqref>C3</xm:sqref></x14:dataValidation></x14:dataValidations>"
    )
    kept = Kept(bench, three, lambda package: package.extension(xml))
    assert kept.has(rf'<dataValidation type="{kind}"[^>]*sqref="C3:C4 C7"><formula1>{written}</formula1>')


def choices(bench: Bench, root: Node, formula: str, names: dict[str, str]) -> str:
    """The list from which a cell under the blocks takes its value."""
    xml = f'<dataValidation type="list" sqref="C5"><formula1>{formula}</formula1></dataValidation>'
    path = bench.template(BLOCKS, NAMES | names)
    package = Package(path)
    package.element(f"<dataValidations>{xml}</dataValidations>")
    filled = bench.fill_file(root, package.save(path))
    return re.findall("<formula1>(.*?)</formula1>", Package(filled.path).text())[0]


def test_a_list_is_one_range(bench: Bench) -> None:
    one = grow({"1": {"F.1": 1.0, "F.2": 2.0, "F.3": 3.0}})
    assert choices(bench, one, "$A$3:$A$3", {}) == "$A$3:$A$5"
    assert choices(bench, one, "Kodlar", {"Kodlar": "S!$A$3"}) == "$A$3:$A$5"
    assert choices(bench, one, "Sayilar", {"Sayilar": "T!$A$1:$A$3"}) == "T!$A$1:$A$3"
    assert choices(bench, grow({"1": {"F.1": 1.0}}), "Kodlar", {"Kodlar": "S!$A$3"}) == "$A$3:$A$3"
    assert choices(bench, one, "$A$1", {}) == "$A$1:$A$1"


def test_a_list_in_pieces_is_refused(bench: Bench, three: Node) -> None:
    with pytest.raises(TemplateError) as caught:
        choices(bench, three, "$A$3:$A$3", {})
    assert [(found.code, found.values["reason"]) for found in caught.value.problems] == [("KX505", "split")]
