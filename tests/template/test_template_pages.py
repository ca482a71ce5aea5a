"""Page breaks that the engine puts in: headings stay with what they head, short tables on one page."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from openpyxl.styles import Font
from openpyxl.worksheet.pagebreak import Break

from kars_xl.template.nodes import Node
from tests.helpers.template_bench import Bench, grow

# A4 with margins of an inch has 698 points between them: 33 rows of 20 points, less what is kept in reserve.
HEIGHT, FIT = 20, 33


def section(rows: int, start: int) -> dict[str, object]:
    """A heading in column A and rows of two cells below it, with a blank row after them."""
    cells: dict[str, object] = {f"A{start}": f"Bölüm {start}"}
    for row in range(start + 1, start + rows):
        cells |= {f"A{row}": f"satır {row}", f"B{row}": row}
    return cells


def sheet_of(*sizes: int) -> tuple[dict[str, object], int]:
    """Sections of these many rows, heading included, and the last row."""
    cells: dict[str, object] = {}
    start = 1
    for size in sizes:
        cells |= section(size, start)
        start += size + 1
    return cells, start - 2


def dressed(last: int, *more: Callable[[Any], None]) -> Callable[[Any], None]:
    def dress(book: Any) -> None:
        sheet = book["S"]
        for row in range(1, last + 1):
            sheet.row_dimensions[row].height = HEIGHT
            if str(sheet.cell(row, 1).value).startswith("Bölüm"):
                sheet.cell(row, 1).font = Font(bold=True)
        sheet.page_setup.paperSize = 9
        margins = sheet.page_margins
        margins.left = margins.right = margins.top = margins.bottom = 1
        sheet.print_area = f"A1:B{last}"
        for change in more:
            change(sheet)

    return dress


def breaks(bench: Bench, sizes: tuple[int, ...], *more: Callable[[Any], None], root: Node | None = None) -> list[int]:
    cells, last = sheet_of(*sizes)
    filled = bench.fill(root or grow({}), {"S": cells}, dress=dressed(last, *more))
    return [item.id for item in filled.formulas["S"].row_breaks.brk]


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ((10, 10), []),  # all on one page
        ((10, 15, 15), [27]),  # the third would be cut, so it begins a page
        ((20, 20, 20), [21, 42]),
        ((31, 40), [32, 65]),  # the second fits on no page: it begins one and goes on
        ((32, 5), [33]),  # no room for the heading and a row below it
    ],
)
def test_a_table_that_fits_on_a_page_is_not_cut(bench: Bench, sizes: tuple[int, ...], expected: list[int]) -> None:
    assert breaks(bench, sizes) == expected


def test_a_heading_within_a_long_table_goes_with_the_row_below(bench: Bench) -> None:
    """No blank row anywhere: only the headings can tell."""

    def filled_up(sheet: Any) -> None:
        for row in range(1, 71):
            if sheet.cell(row, 1).value is None:
                sheet.cell(row, 1).value, sheet.cell(row, 2).value = "satır", 1

    assert breaks(bench, (FIT - 2, 37), filled_up) == [FIT - 1, FIT - 1 + FIT]


def test_a_long_list_is_left_to_the_program(bench: Bench) -> None:
    """One table below its repeated heading: any row may be the last of a page."""

    def titled(sheet: Any) -> None:
        sheet.print_title_rows = "1:1"

    assert breaks(bench, (90,), titled) == []


@pytest.mark.parametrize(
    ("last", "named", "expected"),
    [
        (49, (2, 22, 30), [29]),  # the third would be cut, so it begins a page
        (33, (2, 22, 30), []),  # all on one page
        (90, (2,), [33, 65]),  # it fits on no page
        (90, range(2, 91), []),  # a list of which every row has a name
    ],
)
def test_rows_that_share_a_name_stay_with_it(bench: Bench, last: int, named: range, expected: list[int]) -> None:
    """Below a repeated heading rows with a blank first column belong to the last that has one."""

    def titled(sheet: Any) -> None:
        sheet.print_title_rows = "1:1"

    cells: dict[str, object] = {"A1": "Hedef", "B1": "Faaliyet"} | {f"B{row}": row for row in range(2, last + 1)}
    filled = bench.fill(grow({}), {"S": cells | {f"A{row}": "ad" for row in named}}, dress=dressed(last, titled))
    assert [item.id for item in filled.formulas["S"].row_breaks.brk] == expected


def test_an_office_that_breaks_its_pages_itself_keeps_them(bench: Bench) -> None:
    assert breaks(bench, (20, 20, 20), lambda sheet: sheet.row_breaks.append(Break(id=5))) == [5]


def test_a_sheet_fitted_to_the_width_gets_the_scale_instead(bench: Bench) -> None:
    """Excel heeds no manual break on a fitted sheet."""

    def wide(sheet: Any) -> None:
        sheet.column_dimensions["A"].width = sheet.column_dimensions["B"].width = 60
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0

    cells, last = sheet_of(40, 40)
    sheet = bench.fill(grow({}), {"S": cells}, dress=dressed(last, wide)).formulas["S"]
    assert [item.id for item in sheet.row_breaks.brk] == [41]
    assert not sheet.sheet_properties.pageSetUpPr or not sheet.sheet_properties.pageSetUpPr.fitToPage
    assert 60 <= sheet.page_setup.scale <= 68  # 451 points of paper, 671 of columns as LibreOffice draws them


def test_each_copy_of_a_repeated_sheet_has_its_own_breaks(bench: Bench, three: Node) -> None:
    def fitted(book: Any) -> None:
        sheet = book["S {{ hedef.kod }}"]
        sheet.page_setup.paperSize = 9
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.print_area = "A1:B4"
        for row in range(1, 5):
            sheet.row_dimensions[row].height = 330
        sheet["A1"].font = sheet["A3"].font = Font(bold=True)

    cells = {"A1": "{{ hedef.ad }}", "A2": "a", "B2": 1, "A3": "Faaliyetler", "A4": "{{ faaliyet.kod }}", "B4": 1}
    names = {"her_faaliyet": "'S {{ hedef.kod }}'!$4:$4"}
    filled = bench.fill(three, {"S {{ hedef.kod }}": cells}, names, fitted)
    ends = {sheet.title: [item.id for item in sheet.row_breaks.brk] for sheet in filled.formulas.worksheets}
    assert ends == {"S 1": [2, 4], "S 2": [2], "S 3": [2]}


def test_print_ranges_name_a_turkish_sheet_in_quotes(bench: Bench) -> None:
    """LibreOffice drops the print area of Şekiller!$A$1:$B$9, and prints what stands beside it too."""

    def dress(book: Any) -> None:
        book["Şekiller"].print_area = "A1:B9"

    filled = bench.fill(grow({}), {"Şekiller": {"A1": "Başlık", "B9": 1}}, dress=dress)
    with zipfile.ZipFile(filled.path) as package:
        assert ">'Şekiller'!$A$1:$B$9<" in package.read("xl/workbook.xml").decode()
