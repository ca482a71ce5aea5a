"""The rule of formulas by itself, on rows laid out without a workbook: what each reference becomes in each instance."""

from __future__ import annotations

import pytest

from kars_xl.template.layout.regions import joined
from kars_xl.template.layout.render import ReferenceFault, follow, string_literal
from kars_xl.template.nodes import Node
from tests.helpers.laid_rows import LaidRows
from tests.helpers.template_bench import grow

SHEETS = {
    "FMT": (4, {"her_faaliyet": (2, 2)}),
    "PHT": (4, {"her_hedef": (1, 3), "her_faaliyet_2": (2, 2)}),
    "PH {{ hedef.kod }}": (3, {"her_faaliyet_3": (2, 2)}),
    "Özet": (9, {}),
}


@pytest.fixture
def rows(three: Node) -> LaidRows:
    """Target 1 with F.1.1 and F.1.2, target 2 with F.2.1, target 3 with none. Where the template's rows went:

    FMT: 1; 2 → 2 3 4; 3 → 5.  PHT: 1 → 1 5 8; 2 → 2 3, 6; 3 → 4 7 9; 4 → 10.  PH 1: 1; 2 → 2 3; 3 → 4.  PH 2: 1 2 3.
    PH 3: 1; 3 → 2.
    """
    return LaidRows(three, SHEETS)


@pytest.mark.parametrize(
    ("place", "formula", "written"),
    [
        # One cell: the same activity's, the target's own, the sheet's, a whole column or row.
        ("PHT!2", "FMT!$B$2*2", ["FMT!$B$2*2", "FMT!$B$3*2", "FMT!$B$4*2"]),
        ("PHT!2", "A1&A3&A4", ["A1&A4&A10", "A1&A4&A10", "A5&A7&A10"]),
        ("PHT!2", "pht!A1", ["PHT!A1", "PHT!A1", "PHT!A5"]),
        ("FMT!2", "PHT!A1&FMT!A1&A3", ["PHT!A1&FMT!A1&A5", "PHT!A1&FMT!A1&A5", "PHT!A5&FMT!A1&A5"]),
        ("FMT!2", "'PH {{ hedef.kod }}'!A3", ["'PH 1'!A4", "'PH 1'!A4", "'PH 2'!A3"]),
        ("PH {{ hedef.kod }}!3", "PHT!A1&A1", ["PHT!A1&A1", "PHT!A5&A1", "PHT!A8&A1"]),
        ("Özet!1", "FMT!A1&FMT!B3&FMT!B:B&B:B&2:3", ["FMT!A1&FMT!B5&FMT!B:B&B:B&2:3"]),
        ("Özet!1", "FMT!B2:B3", ["FMT!B2:B5"]),
        # Several cells in a function that takes several; a block of one row is one cell.
        ("PHT!3", "SUM(FMT!B2)", ["SUM(FMT!B2:B3)", "SUM(FMT!B4)", "SUM(0)"]),
        ("PHT!3", "SUM(FMT!B2:B2)", ["SUM(FMT!B2:B3)", "SUM(FMT!B4)", "SUM(0)"]),
        ("PHT!3", "MAX(B2:C2,7)", ["MAX(B2:C3,7)", "MAX(B6:C6,7)", "MAX(7)"]),
        ("Özet!1", "SUM(PHT!B2,(PHT!B1,FMT!B1:B2))", ["SUM(PHT!B2:B3,PHT!B6,PHT!B1,PHT!B5,PHT!B8,FMT!B1:B4)"]),
        ("Özet!1", "SUM(PHT!A2:A4)", ["SUM(PHT!A2:A4,PHT!A6:A7,PHT!A9:A10)"]),
        ("Özet!1", "SUM(PHT!A:A,'PH {{ hedef.kod }}'!A:A)", ["SUM(PHT!A:A,'PH 1'!A:A,'PH 2'!A:A,'PH 3'!A:A)"]),
        ("PH {{ hedef.kod }}!1", "SUM('PH {{ hedef.kod }}'!A:A,A2)", [
            "SUM('PH 1'!A:A,A2:A3)", "SUM('PH 2'!A:A,A2)", "SUM('PH 3'!A:A)",
        ]),
        ("PHT!3", "COUNTA(B2)+COUNT(B2)+AVERAGE(B2)", [
            "COUNTA(B2:B3)+COUNT(B2:B3)+AVERAGE(B2:B3)", "COUNTA(B6)+COUNT(B6)+AVERAGE(B6)", "0+0+0",
        ]),
        # Functions that add: one call for each piece; ranges that fall into the same pieces go together.
        ("PHT!2", "COUNTIF(FMT!B2,1)", ["COUNTIF(FMT!B2:B2,1)", "COUNTIF(FMT!B3:B3,1)", "COUNTIF(FMT!B4:B4,1)"]),
        ("PHT!2", "ROWS(FMT!B2)", ["ROWS(FMT!B2)", "ROWS(FMT!B3)", "ROWS(FMT!B4)"]),
        ("PHT!2", "SUMPRODUCT(FMT!B2*2)", ["SUMPRODUCT(FMT!B2*2)", "SUMPRODUCT(FMT!B3*2)", "SUMPRODUCT(FMT!B4*2)"]),
        ("Özet!1", "SUMPRODUCT({1,2},{3,4})", ["SUMPRODUCT({1,2},{3,4})"]),
        ("Özet!1", 'SUMIF(PHT!A1:A2,"x",PHT!B2:B3)', [
            '(SUMIF(PHT!A1:A3,"x",PHT!B2:B4)+SUMIF(PHT!A5:A6,"x",PHT!B6:B7)+SUMIF(PHT!A8:A8,"x",PHT!B9:B9))',
        ]),
        ("Özet!1", 'SUMIF(FMT!A1:A2,"x",FMT!B2:B2)', ['SUMIF(FMT!A1:A4,"x",FMT!B2:B4)']),
        ("Özet!1", "SUMPRODUCT((PHT!B2:B2>0)*PHT!B2:B2*B1)", [
            "(SUMPRODUCT((PHT!B2:B3>0)*PHT!B2:B3*B1)+SUMPRODUCT((PHT!B6:B6>0)*PHT!B6:B6*B1))",
        ]),
        ("Özet!1", "COUNTIF('PH {{ hedef.kod }}'!A:A,1)", [
            "(COUNTIF('PH 1'!A:A,1)+COUNTIF('PH 2'!A:A,1)+COUNTIF('PH 3'!A:A,1))",
        ]),
        ("PHT!3", 'SUMIF(FMT!A2:A2,A1,FMT!B2:B2)', [
            "SUMIF(FMT!A2:A3,A1,FMT!B2:B3)", "SUMIF(FMT!A4:A4,A5,FMT!B4:B4)", "0",
        ]),
        # Functions that look into one range.
        ("PHT!3", "INDEX(FMT!B2:B2,1)", ["INDEX(FMT!B2:B3,1)", "INDEX(FMT!B4:B4,1)", "NA()"]),
        ("PHT!3", "MATCH(A1,FMT!B2,0)", ["MATCH(A1,FMT!B2:B3,0)", "MATCH(A5,FMT!B4,0)", "NA()"]),
        ("PHT!3", "COLUMNS(FMT!B2:D2)", ["COLUMNS(FMT!B2:D3)", "COLUMNS(FMT!B4:D4)", "0"]),
        ("Özet!1", "MATCH(A1)+INDEX()", ["MATCH(A1)+INDEX()"]),
        ("Özet!1", "IF(A1>0,ROUND(B1,2),-5%)", ["IF(A1>0,ROUND(B1,2),-5%)"]),
    ],
)  # fmt: skip
def test_what_a_reference_becomes(rows: LaidRows, place: str, formula: str, written: list[str]) -> None:
    assert rows.write(place, formula) == written


@pytest.mark.parametrize(
    ("formula", "fault"),
    [
        ("FMT!B2", ("several", "FMT!B2", 3)),
        ("FMT!B2:B2+1", ("several", "FMT!B2:B2", 3)),
        ("PHT!B1", ("several", "PHT!B1", 3)),
        ("PHT!B2:B3", ("several", "PHT!B2:B3", 3)),
        ("AND(PHT!A1>0,FMT!A1)", ("several", "PHT!A1", 3)),
        ("SUM(PHT!B2+1)", ("several", "PHT!B2", 2)),
        ("INDEX(PHT!A2:A2,1)", ("split", "PHT!A2:A2", 2)),
        ("SUMIF(PHT!A2:A2,1,FMT!B2:B2)", ("split", "PHT!A2:A2", 2)),
        ("SUMIF(FMT!B2:B2,1,PHT!A2:A2)", ("split", "PHT!A2:A2", 2)),
        # As many pieces, but not of the same rows.
        ("SUMIF(PHT!A1:A1,1,PHT!B1:B2)", ("split", "PHT!A1:A1", 3)),
    ],
)
def test_what_one_place_can_not_take(rows: LaidRows, formula: str, fault: tuple[str, str, int]) -> None:
    with pytest.raises(ReferenceFault) as caught:
        rows.write("Özet!1", formula)
    assert caught.value.args == fault


def test_a_whole_column_does_not_go_with_rows_piece_by_piece(three: Node) -> None:
    rows = LaidRows(three, {"PH {{ hedef.kod }}": (3, {}), "Özet": (1, {})})
    with pytest.raises(ReferenceFault, match="split"):
        rows.write("Özet!1", "COUNTIFS('PH {{ hedef.kod }}'!A:A,1,'PH {{ hedef.kod }}'!B1:B2,1)")


def test_a_single_cell_goes_with_every_piece(rows: LaidRows) -> None:
    first, second = "SUMPRODUCT(PHT!B2:B3*FMT!C1)", "SUMPRODUCT(PHT!B6:B6*FMT!C1)"
    assert rows.write("Özet!1", "SUMPRODUCT(PHT!B2:B2*FMT!C1)") == [f"({first}+{second})"]


def test_no_cell_where_one_is_needed(rows: LaidRows) -> None:
    with pytest.raises(ReferenceFault) as caught:
        rows.write("PHT!3", "B2")
    assert caught.value.args == ("several", "B2", 2)
    del rows.root.lists["faaliyet"][0]
    fewer = LaidRows(rows.root, SHEETS)
    with pytest.raises(ReferenceFault) as caught:
        fewer.write("PHT!2", "FMT!B2")
    assert caught.value.args == ("none", "FMT!B2", 0)


def test_at_most_250_arguments_and_8192_characters(rows: LaidRows) -> None:
    ones = ",".join("1" * 250)
    assert rows.write("Özet!1", f"COUNTA({ones})") == [f"COUNTA({ones})"]
    assert rows.write("Özet!1", f"SUM({ones},2)") == [f"SUM(SUM({ones}),SUM(2))"]
    with pytest.raises(ReferenceFault) as caught:
        rows.write("Özet!1", f"COUNTA({ones},2)")
    assert caught.value.args == ("arguments", "", 251)
    assert rows.write("Özet!1", "1" * 8191) == ["1" * 8191]
    with pytest.raises(ReferenceFault) as caught:
        rows.write("Özet!1", "1" * 8192)
    assert caught.value.args == ("length", "", 8193)


def test_formulas_of_two_cells_are_compared_as_seen_from_each(rows: LaidRows) -> None:
    seen = rows.seen("PHT!2", "FMT!B2+$C2", [(row, 4) for row in (2, 3, 6)])
    # Each looks at FMT one column to its left in the row that F.… has there, and at its own row.
    assert seen == ["FMT!R[0]C[-2]:R[0]C[-2]+!R[0]C3:R[0]C3"] * 2 + ["FMT!R[-2]C[-2]:R[-2]C[-2]+!R[0]C3:R[0]C3"]


@pytest.mark.parametrize(
    ("place", "meaning", "written"),
    [
        ("Özet!1", "PHT!$B$2", ["PHT!$B$2:$B$3,PHT!$B$6"]),
        ("Özet!1", "PHT!$B$2,FMT!$C$2:$C$2", ["PHT!$B$2:$B$3,PHT!$B$6,FMT!$C$2:$C$4"]),
        ("PHT!3", "(FMT!$B$2,FMT!$C$2)", ["FMT!$B$2:$B$3,FMT!$C$2:$C$3", "FMT!$B$4,FMT!$C$4", ""]),
        ("Özet!1", "SUM(FMT!$B$2)*0.5", ["SUM(FMT!$B$2:$B$4)*0.5"]),
    ],
)
def test_what_a_defined_name_means(rows: LaidRows, place: str, meaning: str, written: list[str]) -> None:
    assert rows.areas(place, meaning) == written


@pytest.mark.parametrize(
    ("place", "target", "written"),
    [
        ("Özet!1", "PHT!A3", "PHT!A4"),
        ("Özet!1", "PHT!C2", "PHT!C2"),
        ("Özet!1", "'Özet'!$B$4:$C$5", "'Özet'!B4"),
        ("Özet!1", "b7", "'Özet'!B7"),
        ("PHT!2", "FMT!B2", "FMT!B2"),
        ("PHT!2", "A3", "PHT!A4"),
        ("Özet!1", "'PH {{ hedef.kod }}'!A3", "'PH 1'!A4"),
        ("Özet!1", "Yok!A1", None),
        ("Özet!1", "FMT!A:A", None),
        ("Özet!1", "FMT!2:2", None),
        ("Özet!1", "Toplam", None),
        ("Özet!1", "", None),
    ],
)
def test_links_follow_their_cell_to_its_first_instance(
    rows: LaidRows, place: str, target: str, written: str | None
) -> None:
    assert follow(target, rows.map, rows.instances(place)[0]) == written


def test_a_link_to_a_row_that_is_nowhere(rows: LaidRows) -> None:
    third = rows.instances("PHT!3")[2]
    assert follow("PHT!A2", rows.map, third) is None
    assert follow("PHT!A1", rows.map, third) == "PHT!A8"


@pytest.mark.parametrize(
    ("place", "formula", "written"),
    [
        ("Özet!1", 'HYPERLINK("#PHT!A3","#PHT!A3")', ['HYPERLINK("#PHT!A4","#PHT!A3")']),
        ("Özet!1", 'HYPERLINK("https://www.kars.bel.tr","x")', ['HYPERLINK("https://www.kars.bel.tr","x")']),
        ("Özet!1", 'HYPERLINK("#Yok!A3")', ['HYPERLINK("#Yok!A3")']),
        ("Özet!1", 'HYPERLINK("x#PHT!A3")', ['HYPERLINK("x#PHT!A3")']),
        ("Özet!1", 'HYPERLINK(A1,"#PHT!A3")', ['HYPERLINK(A1,"#PHT!A3")']),
        ("Özet!1", 'HYPERLINK("#PHT!A"&3,"x")', ['HYPERLINK("#PHT!A"&3,"x")']),
        ("FMT!2", "HYPERLINK(\"#'PH {{ hedef.kod }}'!A3\",\"{{ hedef.ad }}\")", [
            "HYPERLINK(\"#'PH 1'!A4\",\"Hedef 1\")", "HYPERLINK(\"#'PH 1'!A4\",\"Hedef 1\")",
            "HYPERLINK(\"#'PH 2'!A3\",\"Hedef 2\")",
        ]),
        ("FMT!2", 'HYPERLINK("https://kars.bel.tr/{{ hedef.kod }}",A1)', [
            'HYPERLINK("https://kars.bel.tr/1",A1)', 'HYPERLINK("https://kars.bel.tr/1",A1)',
            'HYPERLINK("https://kars.bel.tr/2",A1)',
        ]),
        ("PHT!2", 'HYPERLINK(A1&"#PHT!A3","x")', [
            'HYPERLINK(A1&"#PHT!A3","x")', 'HYPERLINK(A1&"#PHT!A3","x")', 'HYPERLINK(A5&"#PHT!A3","x")',
        ]),
    ],
)  # fmt: skip
def test_hyperlinks(rows: LaidRows, place: str, formula: str, written: list[str]) -> None:
    assert rows.write(place, formula) == written


def test_texts_are_filled_doubled_and_cut() -> None:
    root = grow({"1": {}}, not_='"x"', uzun="a" * 300, tam="b" * 255)
    rows = LaidRows(root, {"S": (1, {})})
    assert rows.write("S!1", 'LEN("{{ not_ }}")') == ['LEN("""x""")']
    assert rows.write("S!1", 'LEN("{{ uzun }}")') == [f'LEN(("{"a" * 255}"&"{"a" * 45}"))']
    assert rows.write("S!1", 'LEN("{{ tam }}")') == [f'LEN("{"b" * 255}")']
    assert rows.write("S!1", 'LEN("{{ bos }}")') == ['LEN("")']
    assert string_literal("") == '""'


def twice() -> LaidRows:
    """A target that the list has twice, so that two blocks have one context: rows 1, 2 2, 3 3, 4 and again."""
    root = grow({"1": {"F.1.1": 1.0, "F.1.2": 2.0}})
    root.lists["hedef"] = root.lists["hedef"] * 2
    blocks = {"her_hedef": (1, 4), "her_faaliyet": (2, 2), "her_faaliyet_2": (3, 3)}
    return LaidRows(root, {"PHT": (5, blocks), "Özet": (1, {})})


@pytest.mark.parametrize(
    ("place", "formula", "written"),
    [
        ("PHT!4", "SUM(A2)", ["SUM(A2:A3)", "SUM(A8:A9)"]),
        ("PHT!1", "SUM(A1:A4)", ["SUM(A1:A6)", "SUM(A7:A12)"]),
        # Of the rows that repeat for activities only those of the activity itself.
        ("PHT!2", "SUM(A1:A4)+A1", [
            "SUM(A1:A2,A4,A6)+A1", "SUM(A1,A3,A5:A6)+A1", "SUM(A7:A8,A10,A12)+A7", "SUM(A7,A9,A11:A12)+A7",
        ]),
        # From an activity to itself in the other list of the same block.
        ("PHT!2", "A3", ["A4", "A5", "A10", "A11"]),
        ("PHT!3", "SUM(A2:A2)", ["SUM(A2)", "SUM(A3)", "SUM(A8)", "SUM(A9)"]),
        ("PHT!5", "SUM(A2)", ["SUM(A2:A3,A8:A9)"]),
        ("Özet!1", "SUM(PHT!A3,PHT!A5)", ["SUM(PHT!A4:A5,PHT!A10:A11,PHT!A13)"]),
    ],
)  # fmt: skip
def test_a_node_listed_twice_refers_to_its_own_block(place: str, formula: str, written: list[str]) -> None:
    assert twice().write(place, formula) == written


def test_two_cells_are_too_many_for_one_place() -> None:
    with pytest.raises(ReferenceFault) as caught:
        twice().write("Özet!1", "PHT!A1")
    assert caught.value.args == ("several", "PHT!A1", 2)


@pytest.mark.parametrize(
    ("runs", "wanted"),
    [
        ([(5, 6), (1, 2)], [(1, 2), (5, 6)]),
        ([(1, 2), (3, 3), (5, 5)], [(1, 3), (5, 5)]),
        ([(1, 9), (2, 3), (10, 10)], [(1, 10)]),
        ([(4, 4)], [(4, 4)]),
    ],
)
def test_runs_of_neighbouring_rows_are_one(runs: list[tuple[int, int]], wanted: list[tuple[int, int]]) -> None:
    assert joined(runs) == wanted
