"""Which cell of a general table is wrong: where a row and a column cross, two that were swapped, else the total."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import product
from operator import attrgetter
from typing import Any, NamedTuple, TypeVar

from msgspec import Struct

from kars_xl.reading.general.equations import ZERO, Equation
from kars_xl.reading.tables import Amount, GeneralCell


class Fault(NamedTuple):
    """A cell that keeps `equations` from holding, what they say that it is, and what it may be `swapped` with."""

    cell: GeneralCell
    equations: tuple[Equation, ...]
    sums: tuple[Decimal, ...]
    swapped: GeneralCell | None = None


def faults_of(columns: Sequence[Equation], rows: Sequence[Equation]) -> list[Fault]:
    """The fewest cells that explain the equations that do not hold."""
    open_columns, open_rows = ([it for it in lines if not it.holds() and not it.unread] for lines in (columns, rows))
    crossed = crossings(open_columns, open_rows)
    found = [Fault(cell, (column, row), ((cell.value or ZERO) - excess,)) for cell, excess, column, row in crossed]
    found += [*_swaps(open_columns, open_rows), *_swaps(open_rows, open_columns)]
    return [*found, *(Fault(item.total, (item,), tuple(item.sums())) for item in (*open_columns, *open_rows))]


def _swaps(lines: list[Equation], across: list[Equation]) -> list[Fault]:
    """Two lines that are off by the same, one up and one down: two figures that have changed places."""
    if len(lines) != 2 or across:
        return []
    one, other = lines
    candidates = []
    # Two cells of two columns stand in one row, of two rows in one column.
    same = attrgetter("place.row" if one.line == "column" else "place.column")
    for cell, match in product(one.cells, other.cells):
        if same(cell) != same(match) or (cell is one.total) != (match is other.total):
            continue
        excess, lack = one.excess(cell), other.excess(match)
        difference = (cell.value or ZERO) - (match.value or ZERO)
        if excess is not None and lack is not None and excess == -lack == difference:
            candidates.append((cell, match))
    if len(candidates) != 1:
        return []
    cell, match = candidates[0]
    lines.clear()
    return [Fault(cell, (one, other), (match.value or ZERO,), match)]


class Sum(Struct, frozen=True, eq=False):
    """A total of an official table and its parts, which are `off` kuruş more than it; cells are told by identity."""

    cells: Sequence[Amount]
    total: Amount
    off: int

    def excess(self, cell: Amount) -> int:
        return -self.off if cell is self.total else self.off


S = TypeVar("S", Equation, Sum)
Crossing = tuple[Any, Any, S, S]  # cell, excess, the line of the first list, that of the second


def crossings(lines: list[S], across: list[S]) -> list[Crossing[S]]:
    """Cells that alone explain their line and the one across it, never by guess. Takes both out of the lists."""
    all_pairs = [pair for line in lines for other in across if (pair := _pair(line, other))]
    pairs = [pair for pair in all_pairs if pair[2].excess(pair[0]) == pair[1]]
    found = [pair for pair in pairs if sum(other[2] is pair[2] or other[3] is pair[3] for other in pairs) == 1]
    for _, _, line, other in found:
        lines.remove(line)
        across.remove(other)
    found += _one_line(lines, across)
    found += [(cell, excess, line, other) for cell, excess, other, line in _one_line(across, lines)]
    return found


def _pair(line: S, other: S) -> Crossing[S] | None:
    """The cell that two lines share, and by how much it is too great across the first; None where they share none."""
    cell = next((cell for cell in line.cells if any(cell is twin for twin in other.cells)), None)
    excess = None if cell is None else other.excess(cell)
    return None if excess is None else (cell, excess, line, other)


def _one_line(lines: list[S], across: list[S]) -> list[Crossing[S]]:
    """One line with several wrong cells, each of which spoils a total across it."""
    if len(lines) != 1 or len(across) < 2 or (in_total := lines[0].excess(lines[0].total)) is None:
        return []
    found = [pair for other in across if (pair := _pair(lines[0], other))]
    explained = sum(excess if cell is lines[0].total else -excess for cell, excess, *_ in found)
    if len(found) < len(across) or in_total != explained:
        return []
    lines.clear()
    across.clear()
    return found
