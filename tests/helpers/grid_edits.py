"""A form edited as Excel edits it, in memory: what moves takes the references to it along, what is deleted is #REF!.

Works on a `Grid`, so that thousands of edits cost nothing; `save` writes one as a real package, results included.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from pathlib import Path

import xlsxwriter
from msgspec.structs import replace
from openpyxl.utils import column_index_from_string, get_column_letter

from kars_xl.reading.grid import Cell, ExcelError, Grid, Sheet
from kars_xl.reading.grid.cells import CellValue, Unseen
from kars_xl.reading.grid.formulas import Formulas

_REFERENCE = re.compile(
    r'("[^"]*")|(?<![A-Za-z0-9_.$])(?:(?P<sheet>\'(?:[^\']|\'\')+\'|[A-Za-zÇĞİÖŞÜçğıöşü_][\w.]*)!)?'
    r"\$?(?P<c1>[A-Z]{1,3})\$?(?P<r1>\d+)(?::\$?(?P<c2>[A-Z]{1,3})\$?(?P<r2>\d+))?(?![A-Za-z0-9_(])"
)
Merge = tuple[int, int, int, int]


def copy_of(grid: Grid) -> Grid:
    """A copy whose cells can be changed."""
    sheets = [
        Sheet(sheet.file, sheet.name, {at: replace(cell) for at, cell in sheet.cells.items()}, sheet.hidden)
        for sheet in grid.sheets
    ]
    return Grid(grid.file, sheets, grid.digest, grid.not_carried)


def sheet_named(grid: Grid, name: str) -> Sheet:
    return next(sheet for sheet in grid.sheets if sheet.name == name)


def address(cell: str) -> tuple[int, int]:
    letters = cell.rstrip("0123456789")
    return int(cell[len(letters) :]), column_index_from_string(letters)


def put(sheet: Sheet, at: tuple[int, int], value: CellValue, *, formula: str | None = None, style: str = "") -> Cell:
    """Types a value (or formula with its result) into a cell, blank or not; the number format stays unless given."""
    cell = sheet.cells.get(at)
    if cell is None:
        cell = sheet.cells[at] = Cell(sheet.file, sheet.name, *at, value)
    cell.value, cell.formula = value, formula
    cell.number_format = style or cell.number_format
    return cell


def recalculate(grid: Grid) -> None:
    """New results for all formulas, as Excel makes them after every edit."""
    for sheet in grid.sheets:
        for cell in sheet.cells.values():
            if cell.formula is not None and "[" not in cell.formula and "#REF!" not in cell.formula:
                cell.value = None
            elif cell.formula is not None and "#REF!" in cell.formula:
                cell.value = ExcelError("#REF!")
    Formulas(grid).fill()


def insert_rows(grid: Grid, sheet: Sheet, at: int, count: int = 1) -> None:
    _move(grid, sheet, at, count, rows=True)


def insert_columns(grid: Grid, sheet: Sheet, at: int, count: int = 1) -> None:
    _move(grid, sheet, at, count, rows=False)


def delete_rows(grid: Grid, sheet: Sheet, at: int, count: int = 1) -> None:
    _move(grid, sheet, at, -count, rows=True)


def delete_columns(grid: Grid, sheet: Sheet, at: int, count: int = 1) -> None:
    _move(grid, sheet, at, -count, rows=False)


def rename(grid: Grid, sheet: Sheet, name: str) -> None:
    old = sheet.name

    def renamed(found: re.Match[str], _owner: str) -> str:
        if found["sheet"] is None or _plain(found["sheet"]) != old:
            return found[0]
        return "'" + name.replace("'", "''") + "'" + found[0][len(found["sheet"]) :]

    _rewrite(grid, renamed)
    sheet.name = name
    for cell in sheet.cells.values():
        cell.sheet = name


def copy_sheet(grid: Grid, sheet: Sheet, name: str) -> Sheet:
    """A copy beside the sheet; its formulas point to the copy's own cells."""
    cells = {at: replace(cell, sheet=name) for at, cell in sheet.cells.items()}
    copy = Sheet(sheet.file, name, cells, sheet.hidden)
    grid.sheets.insert(grid.sheets.index(sheet) + 1, copy)
    return copy


def merge(sheet: Sheet, area: Merge) -> None:
    """Merges an area (top, left, bottom, right): Excel keeps the first value in it and drops all others."""
    inside = [at for at in sorted(sheet.cells) if area[0] <= at[0] <= area[2] and area[1] <= at[1] <= area[3]]
    for at in inside[1:]:
        del sheet.cells[at]
    if inside and inside[0] != area[:2]:
        _relocate(sheet, {inside[0]: area[:2]})


def hide(sheet: Sheet, *, rows: Iterable[int] = (), columns: Iterable[int] = (), whole: bool = False) -> None:
    sheet.hidden = sheet.hidden or whole
    rows, columns = set(rows), set(columns)
    for (row, column), cell in sheet.cells.items():
        if whole or row in rows or column in columns:
            cell.unseen = Unseen.HIDDEN


def _relocate(sheet: Sheet, moved: dict[tuple[int, int], tuple[int, int]]) -> None:
    taken = {at: sheet.cells.pop(at) for at in moved}
    for at, cell in taken.items():
        cell.row, cell.column = moved[at]
        sheet.cells[moved[at]] = cell


def _move(grid: Grid, sheet: Sheet, at: int, count: int, *, rows: bool) -> None:
    axis = 0 if rows else 1
    for key in [key for key in sheet.cells if count < 0 and at <= key[axis] < at - count]:
        del sheet.cells[key]
    step = (count, 0) if rows else (0, count)
    _relocate(sheet, {key: (key[0] + step[0], key[1] + step[1]) for key in sheet.cells if key[axis] >= at})

    def moved(found: re.Match[str], owner: str) -> str:
        target = _plain(found["sheet"]) if found["sheet"] else owner
        if target != sheet.name:
            return found[0]
        first, last = int(found["r1"]), int(found["r2"] or found["r1"])
        left, right = column_index_from_string(found["c1"]), column_index_from_string(found["c2"] or found["c1"])
        if rows:
            first, last = _shifted(first, last, at, count)
        else:
            left, right = _shifted(left, right, at, count)
        if first > last or left > right:
            return "#REF!"
        prefix = found["sheet"] + "!" if found["sheet"] else ""
        end = f":{get_column_letter(right)}{last}" if found["c2"] else ""
        return f"{prefix}{get_column_letter(left)}{first}{end}"

    _rewrite(grid, moved)


def _shifted(low: int, high: int, at: int, count: int) -> tuple[int, int]:
    """A span after `count` lines were inserted (deleted if negative) at `at`; low > high where nothing is left."""
    if count > 0:
        return low + count * (low >= at), high + count * (high >= at)
    end = at - count
    low = low if low < at else max(at, low + count) if low >= end else at
    high = high if high < at else high + count if high >= end else at - 1
    return low, high


def _rewrite(grid: Grid, change: Callable[[re.Match[str], str], str]) -> None:
    for sheet in grid.sheets:
        for cell in sheet.cells.values():
            if cell.formula is not None:
                owner = sheet.name
                cell.formula = _REFERENCE.sub(lambda m, o=owner: m[0] if m[1] else change(m, o), cell.formula)  # type: ignore[misc]


def _plain(name: str) -> str:
    return name[1:-1].replace("''", "'") if name.startswith("'") else name


def save(grid: Grid, path: Path, merges: dict[str, list[Merge]] | None = None) -> Path:
    """The grid as a real .xlsx with the results of its formulas."""
    with xlsxwriter.Workbook(str(path)) as book:
        formats: dict[str, xlsxwriter.format.Format] = {}
        for sheet in grid.sheets:
            target = book.add_worksheet(sheet.name)
            if sheet.hidden:
                target.hide()
            for top, left, bottom, right in (merges or {}).get(sheet.name, []):
                target.merge_range(top - 1, left - 1, bottom - 1, right - 1, "")
            for row in {at[0] for at in sheet.cells}:
                if all(cell.unseen == Unseen.HIDDEN for at, cell in sheet.cells.items() if at[0] == row):
                    target.set_row(row - 1, None, None, {"hidden": True})
            for column in {at[1] for at in sheet.cells}:
                if all(cell.unseen == Unseen.HIDDEN for at, cell in sheet.cells.items() if at[1] == column):
                    target.set_column(column - 1, column - 1, None, None, {"hidden": True})
            for cell in sheet.cells.values():
                style = formats.setdefault(cell.number_format, book.add_format({"num_format": cell.number_format}))
                _write(target, cell, style)
    return path


def _write(target: xlsxwriter.worksheet.Worksheet, cell: Cell, style: xlsxwriter.format.Format) -> None:
    row, column, value = cell.row - 1, cell.column - 1, cell.value
    plain: object = value.text if isinstance(value, ExcelError) else value
    if isinstance(value, Decimal):
        plain = float(value)
    if cell.formula is not None:
        target.write_formula(row, column, "=" + cell.formula, style, plain if plain is not None else "")
    elif isinstance(value, ExcelError):
        target.write_formula(row, column, "=#N/A", style, value.text)
    elif isinstance(value, bool):
        target.write_boolean(row, column, value, style)
    elif isinstance(value, Decimal):
        target.write_number(row, column, float(value), style)
    elif value is not None:
        target.write_string(row, column, value, style)
