"""The rows of a sheet as blocks that may be tables, with the lines above and below that may name them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from kars_xl.reading.general.figures import is_figure
from kars_xl.reading.general.kinds import captions_of, is_contents, is_last_total, is_number_heading
from kars_xl.reading.grid.cells import Cell, within

Row = list[Cell]
# A page break leaves a few blank lines within a table.
_PAGE_BREAK = 12
_KEPT_LINES = 4


@dataclass(slots=True)
class Block:
    """Rows that follow each other; `above` and `below` are the nearest lines that are no rows of a table."""

    rows: list[Row]
    above: list[Row] = field(default_factory=list)
    below: list[Row] = field(default_factory=list)
    ended: bool = False

    def take(self, row: Row) -> None:
        """Adds a row; `ended` tells that the table's last total has come."""
        self.rows.append(row)
        self.ended = self.ended or _is_end(row)

    def has_figures(self) -> bool:
        return any(is_figure(cell) for row in self.rows for cell in row[1:])


def _is_end(row: Row) -> bool:
    first = row[0].value
    return isinstance(first, str) and len(first) < 80 and is_last_total(first) and _figures(row[1:]) > 0


def _figures(cells: Sequence[Cell]) -> int:
    return sum(is_figure(cell) for cell in cells)


def blocks_of(rows: list[Row]) -> list[Block]:
    """All runs of rows with two cells or more; a line of one cell belongs to them where rows stand right around it."""
    blocks: list[Block] = []
    lines: list[Row] = []
    current: Block | None = None
    for index, row in enumerate(rows):
        if len(row) > 1 and not is_contents(row) and not captions_of(row):
            if current is not None and not lines and _joins(current, row):
                current.take(row)
                continue
            current = Block([row], above=lines[-_KEPT_LINES:])
            blocks.append(current)
            lines = []
        elif current is not None and not lines and _is_inner(current, row, rows[index + 1 : index + 2]):
            current.take(row)
        elif not row[0].text.strip().isdigit():
            # A page number between the halves of a table is no line of it.
            lines.append(row)
            if blocks and len(blocks[-1].below) < _KEPT_LINES:
                blocks[-1].below.append(row)
    return blocks


def _joins(block: Block, row: Row) -> bool:
    """Whether a row with two cells or more goes on with the block above it."""
    gap = row[0].row - block.rows[-1][0].row
    if row[0].value == block.rows[0][0].value and _texts(row) == _texts(block.rows[0]):
        return gap <= _PAGE_BREAK and not block.ended
    if gap > _PAGE_BREAK or (gap > 1 and block.ended):
        return False
    if _counts_on(block, row):
        return True
    heads = (block.ended or is_number_heading(row[0].text)) and not _figures(row)
    if gap == 1 or heads:
        return not heads or (gap == 1 and len(block.rows) == 1)
    columns = {cell.column for line in block.rows for cell in line}
    figures = {cell.column for line in block.rows for cell in line[1:] if is_figure(cell)}
    own = {cell.column for cell in row if is_figure(cell)}
    if not figures:
        return gap == 2 and len(block.rows) == 1 and {cell.column for cell in row} <= columns
    return bool(own & figures) and {cell.column for cell in row} <= columns


def _counts_on(block: Block, row: Row) -> bool:
    """Whether a row's number goes on with those above it: a form has numbered rows to spare."""
    last, first = block.rows[-1][0], row[0]
    if block.ended or last.column != first.column:
        return False
    numbers = [cell.text.strip(" .)-") for cell in (last, first)]
    return all(number.isdecimal() for number in numbers) and 0 < int(numbers[1]) - int(numbers[0]) <= _PAGE_BREAK


def _texts(row: Row) -> list[str]:
    return [cell.text for cell in row]


def _is_inner(block: Block, row: Row, following: list[Row]) -> bool:
    """A line of one cell within a table: a row without figures, or the second half of a long name."""
    if len(row) > 1 or block.ended or not following or len(following[0]) < 2 or captions_of(row):
        return False
    after = following[0]
    first = min(cell.column for line in block.rows for cell in line)
    return (
        row[0].row == block.rows[-1][0].row + 1
        and after[0].row == row[0].row + 1
        and row[0].column <= first + 1
        and _figures(after) > 0
        and not is_contents(row)
    )


def side_by_side(block: Block) -> list[Block]:
    """The block cut at its empty columns where each side has words and figures of its own; else the block itself."""
    columns = sorted({cell.column for row in block.rows for cell in row})
    cuts = [after for before, after in pairwise(columns) if after > before + 1]
    if not cuts:
        return [block]
    sides = []
    for low, high in pairwise([columns[0], *cuts, columns[-1] + 1]):
        above, below = (_beside(lines, low, high) for lines in (block.above, block.below))
        side = Block(within(block.rows, low, high), above, below)
        if not _stands_alone(side):
            return [block]
        sides.append(side)
    return sides


def _beside(lines: list[Row], low: int, high: int) -> list[Row]:
    """What of the lines is about these columns: a line of one cell is about all."""
    return [part for row in lines for part in (within([row], low, high) if len(row) > 1 else [row])]


def _stands_alone(block: Block) -> bool:
    heading, *data = block.rows
    if len(heading) < 2 or _figures(heading) or not data:
        return False
    named = [row for row in data if any(isinstance(cell.value, str) and not is_figure(cell) for cell in row[:2])]
    return 2 * len(named) >= len(data) and any(_figures(row[1:]) for row in data)
