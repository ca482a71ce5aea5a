"""Computes the formulas of a laid-out workbook."""

import gc
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from kars_xl.base.place import a1
from kars_xl.template import records
from kars_xl.template.formula.formula import LAST_COLUMN
from kars_xl.template.layout.pages import fit_rows, paginate
from kars_xl.template.layout.regions import joined
from kars_xl.template.nodes import Problem, TemplateError

_EPOCH = datetime(1899, 12, 30)
_GAP = 50  # rows without values that may lie within a block
_LONGEST = 20_000  # rows of a block
_AT_ONCE = 60_000  # formulas that the engine holds
_ERRORS = {
    "Div": "#DIV/0!", "Na": "#N/A", "Name": "#NAME?", "Null": "#NULL!", "Num": "#NUM!", "Ref": "#REF!",
    "Value": "#VALUE!", "Circ": "#CIRC!", "Spill": "#SPILL!", "Calc": "#CALC!", "NImpl": "#N/IMPL!",
}  # fmt: skip

_ERROR_WORD = re.compile(r"#[A-Z/]+[!?]?")

Plain = bool | float | str | None


def evaluate(layout: records.Layout) -> None:
    """Give formula cells their values, then fit rows and break pages; raises TemplateError (KX506) for error values."""
    failed: dict[str, Problem] = {}
    groups = _groups(layout)
    if len(groups) > 1:
        gc.collect()  # what a layout is made of knows its parent, and is let go only so
    for sheets in groups:
        _compute(layout, sheets, failed)
        if len(groups) > 1:
            _give_back()
    if failed:
        raise TemplateError(list(failed.values()))
    fit_rows(layout, formulas=True)
    paginate(layout)


def _groups(layout: records.Layout) -> list[list[records.LaidSheet]]:
    """The sheets in groups, each of which looks at itself and those before it only: the engine takes 2,5 kB a formula.
    All are one group where there are few formulas, or sheets look at one another."""
    count = {sheet.name: len(list(_formulas(sheet))) for sheet in layout.sheets}
    if sum(count.values()) <= _AT_ONCE:
        return [layout.sheets]
    import graphlib

    sheets = {sheet.name: sheet for sheet in layout.sheets}
    graph = {name: {looked[0] or name for looked in sheet.looked_at} - {name} for name, sheet in sheets.items()}
    groups: list[list[records.LaidSheet]] = [[]]
    try:
        for name in graphlib.TopologicalSorter(graph).static_order():
            if count[name] and sum(count[sheet.name] for sheet in groups[-1]) + count[name] > _AT_ONCE:
                groups.append([])
            groups[-1].append(sheets[name])
    except graphlib.CycleError:
        return [layout.sheets]
    return groups


def _give_back() -> None:
    """Memory that an engine has left goes back to the system; C's library (glibc) keeps it."""
    import ctypes

    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


def _compute(layout: records.Layout, group: list[records.LaidSheet], failed: dict[str, Problem]) -> None:
    """Give the formula cells of some sheets their values; `failed` gets those that are errors, by template cell."""
    import formualizer

    options: Any = formualizer.EvaluationConfig()
    options.enable_parallel = False  # one order of adding up, so one result to the last bit
    book: Any = formualizer.Workbook(config=formualizer.WorkbookConfig(eval_config=options, enable_changelog=False))
    # Dates must come back as Excel stores them, whatever the cell's format.
    book.set_temporal_egress("serial")
    looked_at: dict[str, set[int]] = {sheet.name: set() for sheet in group}
    for sheet in group:
        for name, first, last in sheet.looked_at:
            looked_at.setdefault(name or sheet.name, set()).update(range(first or 1, (last or LAST_COLUMN) + 1))
    # What a value costs that comes after formulas depends on how many look at it, what a formula costs that comes after
    # a block of values, on the block: hence blocks on sheets without formulas, then formulas, then the other values.
    targets = [(sheet, book.sheet(sheet.name)) for sheet in layout.sheets if sheet.name in looked_at]
    computed = {sheet.name for sheet in group}
    filled = [(sheet, target, [*_formulas(sheet)] if sheet.name in computed else []) for sheet, target in targets]
    for sheet, target, formulas in filled:
        for row, col, block in () if formulas else _blocks(sheet, looked_at[sheet.name]):
            target.set_values_batch(row, col, len(block), len(block[0]), block)
    # One by one: those that are given in blocks and refer to later sheets come out wrong.
    for sheet, target, formulas in filled:
        for row, col, cell in formulas:
            try:
                target.set_formula(row, col, cell.formula)
            except RuntimeError as refused:
                # A formula that looks at its own cell.
                word = _ERROR_WORD.search(str(refused))
                _fail(failed, sheet, (row, col), word[0] if word else str(refused))
    for sheet, target, formulas in filled:
        for row, col, value in _values(sheet, looked_at[sheet.name]) if formulas else ():
            target.set_value(row, col, value)
    book.evaluate_all()
    for sheet, _, formulas in filled:
        for row, col, cell in formulas:
            found: Any = book.get_value(sheet.name, row, col)
            if isinstance(found, list):
                found = found[0][0] if found and found[0] else None
            elif isinstance(found, dict):
                kind = str(found.get("kind", ""))
                _fail(failed, sheet, (row, col), _ERRORS.get(kind, kind))
            cell.value = 0.0 if found is None else found


def _fail(failed: dict[str, Problem], sheet: records.LaidSheet, place: tuple[int, int], error: str) -> None:
    cell = sheet.cells[place]
    template, _, address = cell.origin.rpartition("!")
    facts = {"sheet": sheet.name, "cell": a1(*place), "formula": cell.formula or "", "error": error, "count": "0"}
    known = failed.setdefault(cell.origin, Problem("KX506", template, address, facts)).values
    known["count"] = str(int(known["count"]) + 1)


def _formulas(sheet: records.LaidSheet) -> Iterator[tuple[int, int, records.LaidCell]]:
    return ((row, col, cell) for (row, col), cell in sheet.cells.items() if cell.formula is not None)


def _values(sheet: records.LaidSheet, columns: set[int]) -> Iterator[tuple[int, int, bool | float | str]]:
    """The values in columns that formulas look at: of a large workbook a third, and the engine keeps them all. What
    formulas have come to is among them, and their "" is no empty cell."""
    for (row, col), cell in sheet.cells.items():
        value = cell.value
        if col in columns and value is not None and (value or cell.formula is not None or not isinstance(value, str)):
            yield row, col, as_held(value)


def _blocks(sheet: records.LaidSheet, columns: set[int]) -> Iterator[tuple[int, int, list[list[Plain]]]]:
    """The values that formulas look at, each block with its first row and column: few, for the engine takes the longer
    for each the more it holds; without empty columns, which cost as much as full ones; none endless, for memory."""
    filled: dict[int, dict[int, Plain]] = {}
    for row, col, value in _values(sheet, columns):
        filled.setdefault(col, {})[row] = value
    for left, right in joined([(col, col) for col in filled]):
        side_by_side = [filled.pop(col) for col in range(left, right + 1)]
        for start, beyond in joined([(row, row + _GAP) for row in set().union(*side_by_side)]):
            for first in range(start, beyond - _GAP + 1, _LONGEST):
                rows = range(first, min(first + _LONGEST, beyond - _GAP + 1))
                yield first, left, [[column.get(row) for column in side_by_side] for row in rows]


def as_held(value: object) -> bool | float | str:
    """A value as a workbook holds it: numbers are binary, a date is Excel's number of its day."""
    if isinstance(value, (str, bool)):
        return value
    if isinstance(value, (float, Decimal, int)):
        return float(value)
    if not isinstance(value, date):
        return str(value)
    moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
    return (moment - _EPOCH).total_seconds() / 86400
