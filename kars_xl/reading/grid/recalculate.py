"""Computes formulas that were saved without a result, as programs do that write workbooks but can't calculate."""

from __future__ import annotations

from kars_xl.base.money import exact
from kars_xl.base.text import writable
from kars_xl.reading.grid.cells import Cell, CellValue, ExcelError, Grid

_ERRORS = {"Div": "#DIV/0!", "Ref": "#REF!", "Name": "#NAME?", "Value": "#VALUE!", "Num": "#NUM!", "Na": "#N/A"}


def fill_uncached(grid: Grid) -> None:
    """Gives each formula cell without a stored result its value; what can't be computed stays without one."""
    open_cells = [
        cell
        for sheet in grid.sheets
        for cell in sheet.cells.values()
        if cell.formula is not None and cell.value is None and "[" not in cell.formula
    ]
    if not open_cells:
        return
    import formualizer

    book = formualizer.Workbook()
    literal = formualizer.LiteralValue
    for sheet in grid.sheets:
        target = book.sheet(sheet.name)
        for (row, column), cell in sheet.cells.items():
            value = cell.value
            if isinstance(value, bool):
                target.set_value(row, column, literal.boolean(value))
            elif isinstance(value, str):
                target.set_value(row, column, literal.text(writable(value)))
            elif value is not None and not isinstance(value, ExcelError):
                target.set_value(row, column, literal.number(float(value)))
    failed = {id(cell) for cell in open_cells if not _set_formula(book.sheet(cell.sheet), cell)}
    book.evaluate_all()
    for cell in open_cells:
        if id(cell) not in failed:
            cell.value = _value(book.get_value(cell.sheet, cell.row, cell.column))


def _set_formula(sheet: object, cell: Cell) -> bool:
    try:
        sheet.set_formula(cell.row, cell.column, "=" + str(cell.formula).lstrip("="))  # type: ignore[attr-defined]
    except Exception:  # the engine's parser raises types of its own for what it can't read
        return False
    return True


def _value(result: object) -> CellValue:
    if isinstance(result, bool | str):
        return result
    if isinstance(result, int | float):
        return exact(result)
    if isinstance(result, dict):
        return ExcelError(_ERRORS.get(str(result.get("kind")), "#HATA"))
    return None
