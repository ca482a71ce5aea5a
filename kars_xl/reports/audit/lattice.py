"""A table of amounts with totals to the right and below: which cells can't be right (KX306)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kars_xl.base.money import excess
from kars_xl.checking.crossing import crossings
from kars_xl.reading.tables import Amount


@dataclass(frozen=True, slots=True)
class Line:
    """A row: its name and its cells, the last of which is its total. A cell that the table has not is None."""

    name: str
    cells: tuple[Amount | None, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell that does not add up; `crossing` where its row and its column say the same. Amounts in kuruş."""

    line: str
    column: int
    amount: Amount
    expected: int
    crossing: bool
    related: tuple[Amount, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Sum:
    """A total and its parts, which are `off` kuruş more than it."""

    cells: Sequence[Amount]
    total: Amount
    off: int

    def excess(self, cell: Amount) -> int:
        return -self.off if cell is self.total else self.off


def faults(parts: Sequence[Line], total: Line | None) -> list[Fault]:
    """The cells of a table that do not add up; none where a cell could not be read or a total is not there.

    What no single cell explains is said at the totals: of rows each at its own, of columns that are off by the same
    at the last one.
    """
    lines = [*parts, *([total] if total else [])]
    if any(cell is not None and cell.kurus is None for line in lines for cell in line.cells):
        return []
    rows = [
        item
        for line in lines
        if any(cell and cell.given for cell in line.cells[:-1])
        for item in _off(line.cells[:-1], line.cells[-1])
    ]
    columns = [
        item
        for column, below in enumerate(total.cells if total else ())
        for item in _off([line.cells[column] for line in parts], below)
    ]
    places = {id(cell): (line.name, column) for line in lines for column, cell in enumerate(line.cells) if cell}

    def fault(amount: Amount, more: int, *, crossing: bool = False, related: Sequence[Amount] = ()) -> Fault:
        return Fault(*places[id(amount)], amount, (amount.kurus or 0) + more, crossing, tuple(related))

    found = [fault(cell, -more, crossing=True) for cell, more, *_ in crossings(rows, columns)]
    found += [fault(row.total, row.off) for row in rows]
    by_excess: dict[int, list[Amount]] = {}
    for item in columns:
        by_excess.setdefault(item.off, []).append(item.total)
    return found + [fault(cells[-1], off, related=cells[:-1]) for off, cells in by_excess.items()]


def _off(parts: Iterable[Amount | None], total: Amount | None) -> list[_Sum]:
    """The sum, if its total is given and is not what its parts make."""
    if total is None or not total.given:
        return []
    given = [part for part in parts if part is not None]
    off = excess(sum(part.kurus or 0 for part in given), total.kurus or 0)
    return [_Sum([*given, total], total, off)] if off else []
