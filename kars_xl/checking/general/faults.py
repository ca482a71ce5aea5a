"""Which cell is wrong where totals do not hold: the one where a row and a column cross, else the total itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

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
    wrong_columns = [equation for equation in columns if not equation.holds()]
    wrong_rows = [equation for equation in rows if not equation.holds()]
    open_columns = [equation for equation in wrong_columns if not equation.unread]
    open_rows = [equation for equation in wrong_rows if not equation.unread]
    found = [
        *_crossings(open_columns, open_rows),
        *_one_line(open_columns, open_rows),
        *_one_line(open_rows, open_columns),
        *_swaps(open_columns, open_rows),
        *_swaps(open_rows, open_columns),
    ]
    return [*found, *(_total(equation) for equation in (*open_columns, *open_rows))]


def unread_of(columns: Iterable[Equation], rows: Iterable[Equation]) -> list[Equation]:
    """Totals that can't be checked, because parts of them are no figures."""
    return [equation for equation in (*columns, *rows) if equation.unread and not equation.holds()]


def _total(equation: Equation) -> Fault:
    sums = tuple(equation.sums())
    expected = sums[0] if len(sums) == 1 else None
    return Fault(equation.total, (equation,), expected, sums)


def _crossing(column: Equation, row: Equation) -> GeneralCell | None:
    """The cell that both count, if it alone being wrong explains both."""
    for cell in column.cells:
        if row.holds_cell(cell):
            excess = column.excess(cell)
            value = cell.value or ZERO
            return cell if excess is not None and excess == row.excess(cell) and value >= excess else None
    return None


def _at_crossing(cell: GeneralCell, excess: Decimal, column: Equation, row: Equation) -> Fault:
    value = cell.value or ZERO
    return Fault(cell, (column, row), value - excess)


def _crossings(columns: list[Equation], rows: list[Equation]) -> list[Fault]:
    """Pairs of a column and a row that one cell explains and no other cell does. Takes them out of the lists."""
    pairs = [(column, row, cell) for column in columns for row in rows if (cell := _crossing(column, row)) is not None]
    found = []
    for column, row, cell in pairs:
        if sum(other[0] is column or other[1] is row for other in pairs) == 1:
            excess = column.excess(cell)
            assert excess is not None
            found.append(_at_crossing(cell, excess, column, row))
            columns.remove(column)
            rows.remove(row)
    return found


def _one_line(lines: list[Equation], across: list[Equation]) -> list[Fault]:
    """One line with several wrong cells, each of which spoils a total across it."""
    if len(lines) != 1 or len(across) < 2:
        return []
    line = lines[0]
    found: list[Fault] = []
    sum_of_parts = ZERO
    for other in across:
        cell = next((cell for cell in other.cells if line.holds_cell(cell)), None)
        excess = other.excess(cell) if cell is not None else None
        if cell is None or excess is None or (cell.value or ZERO) < excess:
            return []
        sum_of_parts += -excess if cell is line.total else excess
        column, row = (line, other) if line.line == "column" else (other, line)
        found.append(_at_crossing(cell, excess, column, row))
    whole = line.excess(line.parts[0].cell) if line.parts else None
    if whole != sum_of_parts:
        return []
    lines.clear()
    across.clear()
    return found


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
