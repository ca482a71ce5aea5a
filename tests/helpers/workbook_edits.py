"""Templates edited as an office edits them in Excel: what moves takes the references to it along.

Everything is found by what stands in it; no address of the shipped templates is taken for granted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from copy import copy
from pathlib import Path

import openpyxl
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token
from openpyxl.utils import column_index_from_string, get_column_letter, quote_sheetname
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.worksheet import Worksheet

from kars_xl.base.place import Place
from kars_xl.workbook.render import PROGRAMME_TEMPLATE, template_path

_REFERENCE = re.compile(
    r"(?:(?P<sheet>'(?:[^']|'')+'|[^'!]+)!)?"
    r"(?P<first>\$?[A-Z]{1,3}\$?\d+)(?::(?P<last>\$?[A-Z]{1,3}\$?\d+))?"
)
_ADDRESS = re.compile(r"(\$?)([A-Z]+)(\$?)(\d+)")


def sheet_with(book: Workbook, text: str) -> Worksheet:
    """The only sheet with a cell that holds exactly this text."""
    found = [sheet for sheet in book if any(cell.value == text for cell in cells_of(sheet))]
    assert len(found) == 1, f"{text!r} stands on {len(found)} sheets"
    return found[0]


def find(sheet: Worksheet, text: str) -> Cell:
    """The first cell of a sheet that holds exactly this text."""
    return next(cell for cell in cells_of(sheet) if cell.value == text)


def cells_of(sheet: Worksheet) -> Iterator[Cell]:
    for row in sheet.iter_rows():
        yield from row


def formulas(book: Workbook) -> Iterator[Cell]:
    for sheet in book:
        yield from (cell for cell in cells_of(sheet) if cell.data_type == "f")


def repetition(sheet: Worksheet, kind: str) -> CellRange:
    """The rows that a sheet repeats for each node of a kind."""
    return CellRange(sheet.defined_names[f"her_{kind}"].attr_text.rpartition("!")[2].replace("$", ""))


def edited(source: Path | str, target: Path, change: Callable[[Workbook], object]) -> Path:
    """A copy of a workbook with a change made to it."""
    book = openpyxl.load_workbook(source)
    change(book)
    book.save(target)
    return target


def edited_template(folder: Path, change: Callable[[Workbook], object]) -> Path:
    """A copy of the official template, in `folder`, with a change made to it."""
    return edited(template_path(PROGRAMME_TEMPLATE), folder / "sablon.xlsx", change)


def type_over(path: Path, *edits: tuple[Place, object]) -> None:
    """Other values in cells of a workbook."""
    book = openpyxl.load_workbook(path)
    for place, value in edits:
        book[place.sheet][place.cell] = value
    book.save(path)


# Moving and renaming


def move_columns(sheet: Worksheet, rows: range, to: Mapping[int, int]) -> None:
    """Cells of `rows` go to other columns, with their looks, their merged areas and all references to them."""
    areas = [area for area in sheet.merged_cells.ranges if area.min_row in rows and area.max_row in rows]
    moved = [
        (area.min_row, to.get(area.min_col, area.min_col), area.max_row, to.get(area.max_col, area.max_col))
        for area in areas
    ]
    for area in list(areas):
        sheet.unmerge_cells(area.coord)
    was = {
        (row, column): (sheet.cell(row, column).value, copy(sheet.cell(row, column)._style))
        for row in rows
        for column in to
    }
    for (row, column), (value, style) in was.items():
        cell = sheet.cell(row, to[column])
        cell.value, cell._style = value, style
    for top, left, bottom, right in moved:
        sheet.merge_cells(start_row=top, start_column=left, end_row=bottom, end_column=right)
    _rewrite(sheet.parent, lambda owner, token: _moved(owner, token, sheet.title, rows, to))


def swap_widths(sheet: Worksheet, to: Mapping[int, int]) -> None:
    """The columns' widths move with their cells. openpyxl keeps alike columns as one, under the first one's letter."""
    widths = {
        column: given.width
        for given in list(sheet.column_dimensions.values())
        for column in range(given.min, given.max + 1)
    }
    for letter in list(sheet.column_dimensions):
        del sheet.column_dimensions[letter]
    for column, width in widths.items():
        sheet.column_dimensions[get_column_letter(to.get(column, column))].width = width


def rename(sheet: Worksheet, title: str) -> None:
    """Another name for a sheet, in formulas, names, print ranges and links too."""
    old, book = sheet.title, sheet.parent
    quoted = (quote_sheetname(old), old)
    _rewrite(book, lambda _, token: _renamed(token, quoted, title))
    for other in book:
        for cell in cells_of(other):
            if cell.hyperlink is not None and cell.hyperlink.location:
                cell.hyperlink.location = _renamed(cell.hyperlink.location, quoted, title)
        for name in other.defined_names.values():
            name.attr_text = _renamed(name.attr_text, quoted, title)
    sheet.title = title


def _rewrite(book: Workbook, change: Callable[[str, str], str]) -> None:
    """Every reference of every formula through `change`, which gets the formula's sheet and the reference."""
    for cell in formulas(book):
        parsed = Tokenizer(cell.value)
        for token in parsed.items:
            if token.type == Token.OPERAND and token.subtype == Token.RANGE:
                token.value = change(cell.parent.title, token.value)
        cell.value = parsed.render()


def _moved(owner: str, reference: str, title: str, rows: range, to: Mapping[int, int]) -> str:
    found = _REFERENCE.fullmatch(reference)
    if found is None or (found["sheet"] or owner).strip("'") != title:
        return reference
    first, last = _ADDRESS.fullmatch(found["first"]), _ADDRESS.fullmatch(found["last"] or found["first"])
    assert first is not None
    assert last is not None
    if int(first[4]) not in rows or int(last[4]) not in rows:
        return reference
    columns = range(column_index_from_string(first[2]), column_index_from_string(last[2]) + 1)
    after = sorted(to.get(column, column) for column in columns)
    assert after == list(range(after[0], after[-1] + 1)), f"{reference} would fall apart"
    ends = [
        f"{dollar}{get_column_letter(column)}{row_dollar}{row}"
        for (dollar, _, row_dollar, row), column in ((first.groups(), after[0]), (last.groups(), after[-1]))
    ]
    prefix = f"{found['sheet']}!" if found["sheet"] else ""
    return prefix + (":".join(ends) if found["last"] else ends[0])


def _renamed(reference: str, quoted: tuple[str, str], title: str) -> str:
    sheet, mark, rest = reference.rpartition("!")
    return f"{quote_sheetname(title)}{mark}{rest}" if mark and sheet.lstrip("#") in quoted else reference
