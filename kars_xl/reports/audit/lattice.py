"""A table of amounts with totals to the right and below: which cells can't be right (KX306).

With d the amount by which one cell is off, one row and one column each fail to add up, both by d: the cell is where
they cross. That holds for parts, for totals and for the corner alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kars_xl.base.money import excess
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
    related: tuple[Amount, ...] = ()


def faults(parts: Sequence[Line], total: Line | None) -> list[Fault]:
    """The cells of a table that do not add up; none where a cell could not be read or a total is not there."""
    lines = [*parts, *([total] if total else [])]
    if not lines or any(cell is not None and cell.kurus is None for line in lines for cell in line.cells):
        return []
    width = len(lines[0].cells)
    across = [_row_residual(line) for line in lines]
    down = [_column_residual(parts, total, column) for column in range(width)]
    return _Search(lines, total, across, down).run()


def _kurus(amount: Amount | None) -> int:
    return amount.kurus or 0 if amount else 0


def _given(amount: Amount | None) -> bool:
    return amount is not None and amount.given


def _row_residual(line: Line) -> int:
    """Parts less total; 0 where the row has no total or nothing but a total."""
    *parts, total = line.cells
    if not _given(total) or not any(_given(part) for part in parts):
        return 0
    return excess(sum(map(_kurus, parts)), _kurus(total))


def _column_residual(parts: Sequence[Line], total: Line | None, column: int) -> int:
    if total is None or not _given(total.cells[column]):
        return 0
    return excess(sum(_kurus(line.cells[column]) for line in parts), _kurus(total.cells[column]))


class _Search:
    """Bad rows and bad columns are paired by the amount that they are off by; what is left is said at the totals."""

    def __init__(self, lines: list[Line], total: Line | None, across: list[int], down: list[int]) -> None:
        self.lines, self.total = lines, total
        self.across = {row: off for row, off in enumerate(across) if off}
        self.down = {column: off for column, off in enumerate(down) if off}
        self.found: list[Fault] = []

    def run(self) -> list[Fault]:
        for row, column in self._pairs():
            self._crossing(row, column, self.across[row])
        self._one_row_many_columns()
        self._one_column_many_rows()
        self._left()
        return self.found

    def _sign(self, row: int, column: int) -> tuple[int, int]:
        """How an excess in the cell shows in its row's and its column's residual."""
        last_row = self.total is not None and row == len(self.lines) - 1
        last_column = column == len(self.lines[row].cells) - 1
        return (-1 if last_column else 1), (-1 if last_row else 1)

    def _fits(self, row: int, column: int, off_row: int, off_column: int) -> bool:
        in_row, in_column = self._sign(row, column)
        return off_row * in_row == off_column * in_column and self.lines[row].cells[column] is not None

    def _pairs(self) -> list[tuple[int, int]]:
        """Rows and columns that are off by the same amount, where each has only one such partner."""
        pairs = [
            (row, column)
            for row, off_row in self.across.items()
            for column, off_column in self.down.items()
            if self._fits(row, column, off_row, off_column)
        ]
        rows = [row for row, _ in pairs]
        columns = [column for _, column in pairs]
        return [(row, column) for row, column in pairs if rows.count(row) == 1 and columns.count(column) == 1]

    def _crossing(self, row: int, column: int, off_row: int) -> None:
        amount = self.lines[row].cells[column]
        assert amount is not None
        excess = off_row * self._sign(row, column)[0]
        self.found.append(Fault(self.lines[row].name, column, amount, _kurus(amount) - excess, True))
        self.across.pop(row, None)
        self.down.pop(column, None)

    def _one_row_many_columns(self) -> None:
        """Several cells of one row are off."""
        if len(self.across) != 1 or len(self.down) < 2:
            return
        (row, off_row), columns = next(iter(self.across.items())), dict(self.down)
        excess = {column: off * self._sign(row, column)[1] for column, off in columns.items()}
        if sum(excess[column] * self._sign(row, column)[0] for column in columns) == off_row:
            for column in columns:
                self._crossing(row, column, excess[column] * self._sign(row, column)[0])

    def _one_column_many_rows(self) -> None:
        if len(self.down) != 1 or len(self.across) < 2:
            return
        (column, off_column), rows = next(iter(self.down.items())), dict(self.across)
        excess = {row: off * self._sign(row, column)[0] for row, off in rows.items()}
        if sum(excess[row] * self._sign(row, column)[1] for row in rows) == off_column:
            for row, off in rows.items():
                self._crossing(row, column, off)

    def _left(self) -> None:
        """Rows that do not add up, each at its total; columns, all in one at the last total of the total row."""
        for row, off in self.across.items():
            amount = self.lines[row].cells[-1]
            assert amount is not None
            fault = Fault(self.lines[row].name, len(self.lines[row].cells) - 1, amount, _kurus(amount) + off, False)
            self.found.append(fault)
        by_excess: dict[int, list[int]] = {}
        for column, off in self.down.items():
            by_excess.setdefault(off, []).append(column)
        for off, columns in by_excess.items():
            assert self.total is not None
            cells = [cell for column in columns if (cell := self.total.cells[column]) is not None]
            amount = cells[-1]
            self.found.append(
                Fault(self.total.name, columns[-1], amount, _kurus(amount) + off, False, tuple(cells[:-1]))
            )
