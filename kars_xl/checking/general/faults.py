"""Which cell of a general table is wrong: where a row and a column cross, two that were swapped, else the total."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from kars_xl.checking.crossing import crossings
from kars_xl.reading.general.equations import ZERO, Equation
from kars_xl.reading.tables import GeneralCell


class Fault(NamedTuple):
    """A cell that keeps totals from holding, and what it should be; `swapped` is the cell whose figure it may have.

    `sums` are what the parts of a wrong total can mean; `equations` those that do not hold for it.
    """

    cell: GeneralCell
    equations: tuple[Equation, ...]
    expected: Decimal | None = None
    sums: tuple[Decimal, ...] = ()
    swapped: GeneralCell | None = None


def faults_of(columns: Sequence[Equation], rows: Sequence[Equation]) -> list[Fault]:
    """The fewest cells that explain the equations that do not hold."""
    open_columns, open_rows = (
        [equation for equation in equations if not equation.holds() and not equation.unread]
        for equations in (columns, rows)
    )
    found = [
        Fault(cell, (column, row), (cell.value or ZERO) - excess)
        for cell, excess, column, row in crossings(open_columns, open_rows, _possible)
    ]
    found += [*_swaps(open_columns, open_rows), *_swaps(open_rows, open_columns)]
    return [*found, *(_total(equation) for equation in (*open_columns, *open_rows))]


def _possible(cell: GeneralCell, excess: Decimal) -> bool:
    """No count is below zero."""
    return (cell.value or ZERO) >= excess


def unread_of(columns: Iterable[Equation], rows: Iterable[Equation]) -> list[Equation]:
    """Totals that can't be checked, because parts of them are no figures."""
    return [equation for equation in (*columns, *rows) if equation.unread and not equation.holds()]


def _total(equation: Equation) -> Fault:
    sums = tuple(equation.sums())
    expected = sums[0] if len(sums) == 1 else None
    return Fault(equation.total, (equation,), expected, sums)


def _swaps(lines: list[Equation], across: list[Equation]) -> list[Fault]:
    """Two lines that are off by the same, one up and one down: two figures that have changed places."""
    if len(lines) != 2 or across:
        return []
    one, other = lines
    candidates = []
    for cell in one.cells:
        match = next((twin for twin in other.cells if _beside(one, cell, twin)), None)
        if match is None or (cell is one.total) != (match is other.total):
            continue
        excess, lack = one.excess(cell), other.excess(match)
        difference = (cell.value or ZERO) - (match.value or ZERO)
        if excess is not None and lack is not None and excess == -lack == difference:
            candidates.append((cell, match))
    if len(candidates) != 1:
        return []
    cell, match = candidates[0]
    fault = Fault(cell, (one, other), match.value or ZERO, swapped=match)
    lines.clear()
    return [fault]


def _beside(line: Equation, cell: GeneralCell, twin: GeneralCell) -> bool:
    """Whether two cells of two columns stand in one row, or of two rows in one column."""
    if line.line == "column":
        return cell.place.row == twin.place.row
    return cell.place.column == twin.place.column
