"""Computes every formula of a layout, so that viewers which can't compute show figures and not zeros."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from kars_xl.base.place import a1
from kars_xl.template.layout.pages import fit_rows, paginate
from kars_xl.template.layout.regions import joined
from kars_xl.template.nodes import Problem, TemplateError
from kars_xl.template.records import LaidCell, LaidSheet, Layout

_EPOCH = datetime(1899, 12, 30)
_GAP = 50  # rows without values that may lie within a block
_LONGEST = 20_000  # rows of a block
_ERRORS = {
    "Div": "#DIV/0!", "Na": "#N/A", "Name": "#NAME?", "Null": "#NULL!", "Num": "#NUM!", "Ref": "#REF!",
    "Value": "#VALUE!", "Circ": "#CIRC!", "Spill": "#SPILL!", "Calc": "#CALC!", "NImpl": "#N/IMPL!",
}  # fmt: skip

Plain = bool | float | str | None


def evaluate(layout: Layout) -> None:
    """Give formula cells their values, then fit rows and break pages; raises TemplateError (KX506) for error values."""
    import formualizer

    options: Any = formualizer.EvaluationConfig()
    options.enable_parallel = False  # one order of adding up, so one result to the last bit
    book: Any = formualizer.Workbook(config=formualizer.WorkbookConfig(eval_config=options, enable_changelog=False))
    # Dates must come back as Excel stores them, whatever the cell's format.
    book.set_temporal_egress("serial")
    # Values first: one that comes after a formula that looks at it costs a search for what depends on it.
    for sheet in layout.sheets:
        target = book.sheet(sheet.name)
        for first, block in _blocks(sheet):
            target.set_values_batch(first, 1, len(block), len(block[0]), block)
    # One by one: those that are given in blocks and refer to later sheets come out wrong.
    for sheet in layout.sheets:
        target = book.sheet(sheet.name)
        for row, col, cell in _formulas(sheet):
            target.set_formula(row, col, cell.formula)
    book.evaluate_all()
    failed: dict[str, list[tuple[LaidSheet, int, int, str]]] = {}
    for sheet in layout.sheets:
        for row, col, cell in _formulas(sheet):
            value = book.get_value(sheet.name, row, col)
            if isinstance(value, list):
                value = value[0][0] if value and value[0] else None
            elif isinstance(value, dict):
                kind = str(value.get("kind", ""))
                failed.setdefault(cell.origin, []).append((sheet, row, col, _ERRORS.get(kind, kind)))
            elif value is None:
                value = 0.0
            cell.value = value
    if failed:
        raise TemplateError([_problem(origin, places) for origin, places in failed.items()])
    fit_rows(layout, formulas=True)
    paginate(layout)


def _formulas(sheet: LaidSheet) -> Iterator[tuple[int, int, LaidCell]]:
    return ((row, col, cell) for (row, col), cell in sheet.cells.items() if cell.formula is not None)


def _blocks(sheet: LaidSheet) -> Iterator[tuple[int, list[list[Plain]]]]:
    """The values that formulas look at.

    Few blocks, for the engine takes the longer for each the more it holds already; and no endless ones, for memory.
    """
    lines: dict[int, list[tuple[int, Plain]]] = {}
    for (row, col), cell in sheet.cells.items():
        if cell.formula is None and cell.value is not None and cell.value != "":
            lines.setdefault(row, []).append((col, _plain(cell.value)))
    for start, beyond in joined([(row, row + _GAP) for row in lines]):
        for first in range(start, beyond - _GAP + 1, _LONGEST):
            last = min(first + _LONGEST - 1, beyond - _GAP)
            width = max(col for row in range(first, last + 1) for col, _ in lines.get(row, ((1, None),)))
            block: list[list[Plain]] = [[None] * width for _ in range(first, last + 1)]
            for row in range(first, last + 1):
                for col, value in lines.get(row, ()):
                    block[row - first][col - 1] = value
            yield first, block


def _plain(value: object) -> bool | float | str:
    if isinstance(value, str | bool):
        return value
    if isinstance(value, int | float | Decimal):
        return float(value)
    if isinstance(value, date):
        return serial(value)
    return str(value)


def serial(value: date) -> float:
    """A date as Excel's day number."""
    moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
    return (moment - _EPOCH).total_seconds() / 86400


def _problem(origin: str, places: list[tuple[LaidSheet, int, int, str]]) -> Problem:
    """One problem for a template cell, with the first of the output cells in which it fails."""
    template, _, address = origin.rpartition("!")
    sheet, row, col, error = places[0]
    formula = sheet.cells[row, col].formula or ""
    facts = {"sheet": sheet.name, "cell": a1(row, col), "formula": formula, "error": error, "count": str(len(places))}
    return Problem("KX506", template, address, facts)
