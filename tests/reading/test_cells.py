"""Cells and sheets by themselves: what a person sees of a cell, rows and rectangles of a sheet, and merged ranges."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kars_xl.base.place import Place
from kars_xl.reading.grid.cells import (
    Area,
    Cell,
    CellValue,
    ExcelError,
    ListRow,
    Sheet,
    Unknown,
    UnreadableFile,
    Unseen,
    leads_outside,
    within,
)


def cell(value: CellValue, number_format: str = "General", **more: object) -> Cell:
    made = Cell("a.xlsx", "S", 7, 3, value, number_format=number_format)
    for name, given in more.items():
        setattr(made, name, given)
    return made


def sheet(*rows: str) -> Sheet:
    """A sheet of letters, one for each cell; a point is a blank cell."""
    made = Sheet("a.xlsx", "S")
    for number, row in enumerate(rows, 1):
        for column, letter in enumerate(row, 1):
            if letter != ".":
                made.cells[number, column] = Cell("a.xlsx", "S", number, column, letter)
    return made


@pytest.mark.parametrize(
    ("formula", "outside"),
    [
        *(("[1]Sayfa1!A1", True), ("A1+[1]Sayfa1!A1", True), ("'C:\\x\\[kitap.xlsx]Sayfa'!A1", True), ("[1]!ad", True)),
        *(("'file:///x.ods'#$Sayfa.A1", True), ("SUM('[a.xlsx]Mali İşler'!A1:A3)", True), ("'[1]S'!A1", True)),
        *(("Sayfa1!A1", False), ("'Mali İşler'!A1", False), ("Tablo1[2024]", False)),
        ("Tablo1[Tutar]*Sayfa1!A1", False),
        *(("Tablo1[[#Totals],[Tutar]]+S!A1", False), ("A1", False), ("", False), ('"[a]"&"b"', False)),
    ],
)
def test_whether_a_formula_leads_to_another_workbook(formula: str, outside: bool) -> None:
    assert leads_outside(formula) is outside


# What a person sees, and why it is not the value; of money, and of an indicator, which may have any unit.
SEEN: list[tuple[Cell, tuple[str, str], tuple[str, str]]] = [
    (cell(Decimal(225000)), ("225000", ""), ("225000", "")),
    (cell(Decimal(225000), "#,##0.00"), ("225000", ""), ("225000", "")),
    (cell(Decimal(225000), '0".000"'), ("225000.000", "other"), ("225000.000", "other")),
    (cell(Decimal("0.5"), "0%"), ("50%", "other"), ("0.5", "")),
    (cell(Decimal(5), '0" km"'), ("5 km", "other"), ("5", "")),
    (cell(Decimal(225400), "#,##0,"), ("225", Unseen.SCALED), ("225", Unseen.SCALED)),
    (cell(Decimal(5), ";;;"), ("", Unseen.FORMAT), ("", Unseen.FORMAT)),
    (cell(Decimal(5), unseen=Unseen.STRUCK), ("5", Unseen.STRUCK), ("5", Unseen.STRUCK)),
    (cell(Decimal(5), "[>1]0;0.0", unseen=Unseen.STRUCK), ("5", Unseen.STRUCK), ("5", Unseen.STRUCK)),
    (cell(Decimal(5), ";;;", unseen=Unseen.STRUCK), ("", Unseen.FORMAT), ("", Unseen.FORMAT)),
    # What the file itself says that is seen goes before what its format would make of it.
    (cell(Decimal(5), shown="5,00"), ("5,00", ""), ("5,00", "")),
    (cell(Decimal(5), shown="6"), ("6", "other"), ("6", "other")),
    (cell(Decimal("0.5"), "0.00%", shown="50%"), ("50%", "other"), ("50%", "")),
    (cell(Decimal(0), ";;;"), ("", ""), ("", "")),
    # Texts, by the section for them.
    (cell("x"), ("x", ""), ("x", "")),
    (cell("x", "0;0;0;@"), ("x", ""), ("x", "")),
    (cell("x", "@", unseen=Unseen.HIDDEN), ("x", Unseen.HIDDEN), ("x", Unseen.HIDDEN)),
    (cell("x", '"y"@'), ("yx", "other"), ("yx", "other")),
    (cell("x", ";;;"), ("", Unseen.FORMAT), ("", Unseen.FORMAT)),
    (cell("x", '0;0;0;" "'), (" ", Unseen.FORMAT), (" ", Unseen.FORMAT)),
    # Errors, truths and blanks look like themselves.
    (cell(ExcelError("#N/A"), ";;;"), ("#N/A", ""), ("#N/A", "")),
    (cell(None, ";;;"), ("", ""), ("", "")),
    (cell(True, ";;;", unseen=Unseen.HIDDEN), ("True", Unseen.HIDDEN), ("True", Unseen.HIDDEN)),
]


@pytest.mark.parametrize(("given", "money", "other"), SEEN)
def test_what_a_person_sees(given: Cell, money: tuple[str, str], other: tuple[str, str]) -> None:
    assert (given.seen(money=True), given.seen(money=False)) == (money, other)


@pytest.mark.parametrize(
    ("given", "text"),
    [
        *((cell(Decimal("1.50")), "1.5"), (cell(Decimal(100)), "100"), (cell(Decimal("1E+3")), "1000")),
        *((cell("x "), "x "), (cell(None), ""), (cell(True), "True")),
        *((cell(ExcelError("#N/A")), "#N/A"), (cell(Unknown(), formula="A1"), "=A1")),
    ],
)
def test_the_text_of_a_cell(given: Cell, text: str) -> None:
    assert (given.text, given.text) == (text, text)
    assert (given.place, given.key) == (Place("a.xlsx", "S", 7, 3), ("S", 7, 3))


@pytest.mark.parametrize(
    ("value", "is_mark", "is_figure"),
    [
        *(("◄", True, True), (" ◄► ", True, True), ("◄ 5", False, True), ("", False, True), (" ", False, True)),
        *(("5", False, True), ("1.000,00 TL", False, True), ("5 lira", False, False), ("-", False, True)),
        *((Decimal(5), False, True), (ExcelError("#REF!"), False, True), ("Faiz", False, False)),
    ],
)
def test_marks_and_figures(value: CellValue, is_mark: bool, is_figure: bool) -> None:
    assert (cell(value).is_mark, cell(value).looks_like_figure) == (is_mark, is_figure)


def letters(cells: object) -> str:
    return "".join(it.value for it in cells)  # type: ignore[attr-defined]


def test_rows_go_from_top_to_bottom_and_left_to_right() -> None:
    made = sheet("ab", "...", ".c.d")
    made.cells = dict(reversed(made.cells.items()))
    assert [letters(row) for row in made.rows()] == ["ab", "cd"]
    assert list(Sheet("a", "S").rows()) == []


def test_a_list_is_read_by_its_headings() -> None:
    made = Sheet("a.xlsx", "S")
    rows = [["Kod ", None, "İş Adı", "Başka"], ["1", "x", " Yol\nyapımı "], [None, "y"], [None, None, None, "z"], ["2"]]
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            if value is not None:
                made.cells[number, column] = Cell("a.xlsx", "S", number, column, value)
    found = made.listed({"kod": "code", "is adi": "name", "yok": "other"})
    assert [(it.first.value, it.text("code"), it.text("name"), it.text("other")) for it in found] == [
        ("1", "1", "Yol yapımı", ""),
        ("2", "2", "", ""),
    ]
    assert Sheet("a", "S").listed({"kod": "code"}) == []
    assert ListRow(cell("x"), {}).text("name") == ""


CORNERS = [
    *(((1, 1, 1, 1), "a"), ((1, 1, 2, 2), "abde"), ((2, 2, 3, 3), "efhi"), ((3, 3, 9, 9), "i"), ((1, 3, 3, 3), "cfi")),
    *(((2, 1, 2, 3), "def"), ((4, 1, 9, 3), ""), ((1, 4, 3, 9), ""), ((2, 2, 1, 1), "")),
    ((1, 1, 1000, 1000), "abcdefghi"),
]


@pytest.mark.parametrize(("corners", "found"), CORNERS)
def test_the_cells_of_a_rectangle(corners: tuple[int, int, int, int], found: str) -> None:
    """The same in a sheet that has fewer cells than the rectangle, and in one that has more."""
    made = sheet("abc", "def", "ghi")
    assert letters(made.inside(*corners)) == found
    for row in range(100, 200):
        made.cells[row, 5000] = cell("x")
    assert letters(it for it in made.inside(*corners) if it.value != "x") == found


def looks(made: Sheet) -> dict[str, str]:
    return {str(it.value): str(it.unseen) for it in made.cells.values() if it.unseen}


def test_what_a_merged_range_covers_is_not_seen() -> None:
    made = sheet("abc", "def", "ghi")
    made.cells[2, 2].unseen = Unseen.STRUCK
    made.merge([(1, 1, 2, 2)])
    assert looks(made) == {"b": Unseen.COVERED, "d": Unseen.COVERED, "e": Unseen.STRUCK}
    made = sheet("abc", "def")
    made.merge([[1, 2, 1, 3], [2, 1, 2, 1]])
    assert looks(made) == {"c": Unseen.COVERED}


@pytest.mark.parametrize(
    ("rows", "ranges", "counted"),
    [
        # The cell of the last column belongs to all rows whose labels stand on its left.
        (["ab5", "cd.", "ef."], [(1, 3, 3, 3)], 3),
        (["ab5", "cd.", "ef."], [(1, 3, 2, 3)], 2),
        (["ab5", "cd.", "ef."], [(1, 3, 1, 3)], 1),
        (["ab5", "...", "ef."], [(1, 3, 3, 3)], 2),
        (["ab5", ".d.", "..."], [(1, 3, 3, 3)], 2),
        (["ab5", "..d", "..."], [(1, 3, 3, 3)], 1),  # what it covers itself is no label
        (["ab5", "...d", "..."], [(1, 3, 3, 3)], 1),  # nor is what stands on its right
        # A label that is merged over the same rows is one.
        (["ab5", "cd.", "ef."], [(1, 3, 3, 3), (1, 1, 3, 1), (1, 2, 3, 2)], 1),
        (["ab5", "cd.", "ef."], [(1, 1, 3, 1), (1, 2, 3, 2), (1, 3, 3, 3)], 1),
        (["ab5", "cd.", "ef."], [(1, 3, 3, 3), (1, 1, 3, 1)], 3),
        (["ab.", "cd5"], [(1, 3, 2, 3)], 1),  # its first cell is blank
    ],
)
def test_the_rows_with_labels_that_a_merged_figure_covers(
    rows: list[str], ranges: list[tuple[int, int, int, int]], counted: int
) -> None:
    made = sheet(*rows)
    made.merge(ranges)
    assert {it.rows for it in made.cells.values() if it.value == "5"} == {counted}
    assert {it.rows for it in made.cells.values() if it.column == 4} <= {1}


def test_the_first_rows_of_a_merged_range_are_enough() -> None:
    made = sheet("a5", *["b"] * 400)
    made.merge([(1, 2, 400, 2)])
    assert made.cells[1, 2].rows == 257


def test_a_hidden_row_counts_as_well() -> None:
    made = sheet("a5", "b.")
    made.cells[2, 1].unseen = Unseen.HIDDEN
    made.merge([(1, 2, 2, 2)])
    assert made.cells[1, 2].rows == 2


def test_the_columns_of_rows() -> None:
    rows = list(sheet("abcd", "e...", "..f.").rows())
    assert [letters(row) for row in within(rows, 2, 4)] == ["bc", "f"]
    assert [letters(row) for row in within(rows, 1, 2)] == ["a", "e"]
    assert within(rows, 5, 9) == []


@pytest.mark.parametrize(("area", "shape"), [((1, 1, 1, 1), (1, 1)), ((2, 3, 5, 9), (4, 7))])
def test_the_shape_of_an_area(area: tuple[int, int, int, int], shape: tuple[int, int]) -> None:
    assert Area("s", *area).shape == shape


def test_why_a_file_can_not_be_read() -> None:
    error = UnreadableFile("KX003", "çok büyük", "link")
    assert (str(error), error.code, error.reason, error.remedy) == ("çok büyük", "KX003", "çok büyük", "link")
    assert UnreadableFile("KX003", "x").remedy == ""
