"""Computes every formula of a layout, so that viewers which can't compute show figures and not zeros."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from kars_xl.aside import aside

from .layout import LaidCell, LaidSheet, Layout
from .nodes import Problem, TemplateError
from .paginate import paginate
from .reference import a1
from .rowmap import joined
from .textfit import fit_rows

_EPOCH = datetime(1899, 12, 30)
_GAP = 50  # rows without values that may lie within a block
_ERRORS = {
    "Div": "#DIV/0!", "Na": "#N/A", "Name": "#NAME?", "Null": "#NULL!", "Num": "#NUM!", "Ref": "#REF!",
    "Value": "#VALUE!", "Circ": "#CIRC!", "Spill": "#SPILL!", "Calc": "#CALC!", "NImpl": "#N/IMPL!",
}  # fmt: skip


def evaluate(layout: Layout) -> None:
    """Give formula cells their values, then fit rows and break pages; raises TemplateError (KX506) for error values."""
    start(layout)()


def start(layout: Layout) -> Callable[[], None]:
    """Starts what `evaluate` does; calling what is returned ends it.

    The engine keeps its memory to the end of the process, so it runs in one of its own.
    """
    values = aside(lambda: _values(layout))

    def finish() -> None:
        for cell, value in zip(_formula_cells(layout), values(), strict=True):
            cell.value = value
        fit_rows(layout, formulas=True)
        paginate(layout)

    return finish


def _formula_cells(layout: Layout) -> list[LaidCell]:
    return [cell for sheet in layout.sheets for cell in sheet.cells.values() if cell.formula is not None]


def _values(layout: Layout) -> list[object]:
    """The value of each formula, in the order of sheets and cells; raises TemplateError."""
    import formualizer

    options: Any = formualizer.EvaluationConfig()
    options.enable_parallel = False  # one order of adding up, so one result to the last bit
    book: Any = formualizer.Workbook(config=formualizer.WorkbookConfig(eval_config=options, enable_changelog=False))
    # Dates must come back as Excel stores them, whatever the cell's format.
    book.set_temporal_egress("serial")
    targets = [book.sheet(sheet.name) for sheet in layout.sheets]
    # Values first: one that comes after a formula that looks at it costs a search for what depends on it.
    for target, sheet in zip(targets, layout.sheets, strict=True):
        _give_values(target, sheet)
    for target, sheet in zip(targets, layout.sheets, strict=True):
        for (row, col), cell in sheet.cells.items():
            if cell.formula is not None:
                target.set_formula(row, col, cell.formula)
    book.evaluate_all()
    values: list[object] = []
    errors: dict[str, list[tuple[LaidSheet, int, int, str]]] = {}
    for sheet in layout.sheets:
        for (row, col), cell in sheet.cells.items():
            if cell.formula is None:
                continue
            value = book.get_value(sheet.name, row, col)
            if isinstance(value, dict):
                kind = str(value.get("kind", ""))
                errors.setdefault(cell.origin, []).append((sheet, row, col, _ERRORS.get(kind, kind)))
            elif isinstance(value, list):
                value = value[0][0] if value and value[0] else None
            elif value is None:
                value = 0.0
            values.append(value)
    if errors:
        raise TemplateError([_problem(origin, places) for origin, places in errors.items()])
    return values


def serial(value: date) -> float:
    """A date as Excel's day number."""
    moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
    return (moment - _EPOCH).total_seconds() / 86400


def _give_values(target: Any, sheet: LaidSheet) -> None:
    """Give the engine the values that formulas look at.

    They go in few blocks: the engine takes the longer for each the more it holds already. Formulas must not: those in
    blocks that refer to later sheets come out wrong.
    """
    lines: dict[int, list[tuple[int, Any]]] = {}
    seen = sheet.seen
    for (row, col), cell in sheet.cells.items():
        if cell.formula is None and cell.value is not None and cell.value != "" and (seen is None or col in seen):
            lines.setdefault(row, []).append((col, _plain(cell.value)))
    for first, beyond in joined([(row, row + _GAP) for row in lines]):
        last = beyond - _GAP
        width = max(col for row in range(first, last + 1) for col, _ in lines.get(row, ((1, None),)))
        block: list[list[Any]] = [[None] * width for _ in range(first, last + 1)]
        for row in range(first, last + 1):
            for col, value in lines.get(row, ()):
                block[row - first][col - 1] = value
        target.set_values_batch(first, 1, len(block), width, block)


def _plain(value: object) -> bool | float | str:
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float | Decimal):
        return float(value)
    if isinstance(value, date):
        return serial(value)
    return str(value)


def _problem(origin: str, places: list[tuple[LaidSheet, int, int, str]]) -> Problem:
    """One problem for a template cell, with the first of the output cells in which it fails."""
    template, _, address = origin.rpartition("!")
    sheet, row, col, error = places[0]
    formula = sheet.cells[row, col].formula or ""
    facts = {"sheet": sheet.name, "cell": a1(row, col), "formula": formula, "error": error, "count": str(len(places))}
    return Problem("KX506", template, address, facts)
