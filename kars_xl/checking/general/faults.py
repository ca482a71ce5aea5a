"""Which cell of a general table is wrong: where a row and a column cross, two that were swapped, else the total; and
percentages, against the counts that they are shares of, and their sum against 100."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import permutations, product
from operator import attrgetter
from typing import Any, NamedTuple, TypeVar

from msgspec import Struct

from kars_xl.base.place import Place
from kars_xl.reading.general.blocks import total_of
from kars_xl.reading.general.equations import ZERO, Equation, Line, counted_rows, counting, lines_of
from kars_xl.reading.general.kinds import is_plain_percent
from kars_xl.reading.tables import Amount, GeneralCell, GeneralTable

_HUNDRED = Decimal(100)
# The kinds whose rows are all the people, so that their shares are the whole.
_PARTITIONS = ("staff_by_cadre", "gender", "education", "age", "service")
_FEWEST = 2
# A rate is of a line nearby; in a long list only the shares of the total are looked for.
_MOST_LINES = 12


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


class WrongShare(NamedTuple):
    """A percentage and what it should be; with `is_sum` the cells' sum is what differs from `expected`."""

    cell: GeneralCell
    found: Decimal
    expected: Decimal
    is_sum: bool = False


def wrong_shares(table: GeneralTable, mended: Mapping[Place, Decimal]) -> Iterator[WrongShare]:
    """Percentages that fit neither their counts nor 100; `mended` has what wrong counts should be by their places."""
    columns, rows = lines_of(table)
    counted = counted_rows(table)
    ids = set(map(id, counted))
    for at, column in enumerate(table.columns):
        if column.role == "percent":
            shares = Line(column.heading.value, column.total, [row.cells[at] for row in counted])
            yield from _wrong(table, shares, columns, rows, mended)
    for row in table.rows:
        if id(row) not in ids:
            shares = Line(row.label.value, row.total, [row.cells[at] for at in counting(table)])
            yield from _wrong(table, shares, rows, columns, mended)


def _wrong(
    table: GeneralTable, line: Line, counts: list[Line], across: list[Line], mended: Mapping[Place, Decimal]
) -> Iterator[WrongShare]:
    """The wrong ones of a line of percentages, beside lines of counts, which the lines `across` cut cell by cell."""
    shares, marks = line.cells, [other.total for other in across]
    given = [at for at, cell in enumerate(shares) if cell.value is not None]
    if len(given) < _FEWEST:
        return
    exponents = [int(shares[at].readings[0].as_tuple().exponent) for at in given]
    slack = Decimal(1).scaleb(max(-2, min(0, *exponents)))
    best: dict[int, list[Decimal]] = {}
    most: list[int] = []
    for base in _bases([other.cells for other in counts], marks, mended):
        fitting = [at for at in given if any(abs(share - shares[at].readings[0]) <= slack for share in base[at])]
        # None of nothing and all of the whole fit any base.
        if len(fitting) > len(most) and any(shares[at].value not in (ZERO, _HUNDRED) for at in fitting):
            best, most = base, fitting
    if len(most) >= _FEWEST and 2 * len(most) > len(given):
        for at in given:
            if at not in most and best[at]:
                yield WrongShare(shares[at], shares[at].readings[0], best[at][0].quantize(slack))
    elif len(most) < _FEWEST:
        # The shares make 100 even where no total says so, if they are those of everybody.
        yield from _sum(shares, marks, slack, table.kind in _PARTITIONS and is_plain_percent(line.name))


def _bases(
    counts: Sequence[Sequence[GeneralCell]], marks: Sequence[bool], mended: Mapping[Place, Decimal]
) -> Iterator[dict[int, list[Decimal]]]:
    """What the percentages would be: each count's share of its line's total, and of the count beside it."""
    meanings = [
        [[*(cell.readings or (ZERO,)), *([mended[cell.place]] if cell.place in mended else [])] for cell in line]
        for line in counts
    ]
    for line in meanings:
        last = max((at for at, mark in enumerate(marks) if mark), default=None)
        whole = line[last] if last is not None else [total_of(cell[0] for cell in line)]
        yield {at: _shares(cell, whole) for at, cell in enumerate(line)}
    for one, other in permutations(meanings[:_MOST_LINES], 2):
        yield {at: _shares(cell, other[at]) for at, cell in enumerate(one)}


def _shares(parts: Sequence[Decimal], wholes: Sequence[Decimal]) -> list[Decimal]:
    return [part * _HUNDRED / whole for whole in wholes if whole for part in parts]


def _sum(shares: Sequence[GeneralCell], marks: Sequence[bool], slack: Decimal, is_whole: bool) -> Iterator[WrongShare]:
    """Percentages of one's own making: their sum is the total's, or 100 where the table counts everybody."""
    given = [(cell, mark) for cell, mark in zip(shares, marks, strict=True) if cell.value is not None]
    parts = [cell for cell, mark in given if not mark]
    whole = next((cell for cell, mark in given if mark), None)
    room = slack * len(parts)
    is_whole = is_whole if whole is None else abs(whole.readings[0] - _HUNDRED) <= room
    found = total_of(cell.readings[0] for cell in parts)
    if is_whole and len(parts) >= _FEWEST and abs(found - _HUNDRED) > room:
        yield WrongShare(whole or parts[-1], found, _HUNDRED, is_sum=True)
