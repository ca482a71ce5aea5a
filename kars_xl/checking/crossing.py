"""Which cell is wrong where totals do not hold: the one where a row and a column cross that are off by the same.

With d the amount by which one cell is off, one row and one column each fail to add up, both by d: the cell is where
they cross. That holds for parts, for totals and for the corner alike.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar


class Sum(Protocol):
    """A total with its parts, which do not add up to it; cells are told apart by identity."""

    @property
    def cells(self) -> Sequence[Any]: ...

    @property
    def total(self) -> Any: ...

    def excess(self, cell: Any) -> Any:
        """By how much `cell` is too great if it alone is wrong; None where that can't be told."""


S = TypeVar("S", bound=Sum)
Crossing = tuple[Any, Any, S, S]  # cell, excess, the line of the first list, that of the second
Possible = Callable[[Any, Any], bool]


def crossings(lines: list[S], across: list[S], possible: Possible = lambda cell, excess: True) -> list[Crossing[S]]:
    """Cells that alone explain their line and the one across it. Takes both out of the lists.

    `possible` says whether a cell can be too great by an amount. What fits several lines is not told by guess.
    """
    pairs = [pair for line in lines for other in across if (pair := _pair(line, other, possible))]
    found = [pair for pair in pairs if sum(other[2] is pair[2] or other[3] is pair[3] for other in pairs) == 1]
    for _, _, line, other in found:
        lines.remove(line)
        across.remove(other)
    found += _one_line(lines, across, possible)
    found += [(cell, excess, line, other) for cell, excess, other, line in _one_line(across, lines, possible)]
    return found


def _pair(line: S, other: S, possible: Possible) -> Crossing[S] | None:
    cell = _common(line, other)
    excess = None if cell is None else line.excess(cell)
    fits = excess is not None and excess == other.excess(cell) and possible(cell, excess)
    return (cell, excess, line, other) if fits else None


def _common(line: Sum, other: Sum) -> Any:
    return next((cell for cell in line.cells if any(cell is twin for twin in other.cells)), None)


def _one_line(lines: list[S], across: list[S], possible: Possible) -> list[Crossing[S]]:
    """One line with several wrong cells, each of which spoils a total across it."""
    if len(lines) != 1 or len(across) < 2 or (in_total := lines[0].excess(lines[0].total)) is None:
        return []
    line = lines[0]
    found: list[Crossing[S]] = []
    for other in across:
        cell = _common(line, other)
        excess = None if cell is None else other.excess(cell)
        if excess is None or not possible(cell, excess):
            return []
        in_total -= excess if cell is line.total else -excess
        found.append((cell, excess, line, other))
    if in_total:
        return []
    lines.clear()
    across.clear()
    return found
