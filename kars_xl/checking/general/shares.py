"""Percentages in general tables: against the counts that they are shares of, and their sum against 100."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import permutations
from typing import NamedTuple

from kars_xl.base.place import Place
from kars_xl.reading.general.blocks import total_of
from kars_xl.reading.general.equations import ZERO, Line, counted_rows, counting, lines_of
from kars_xl.reading.general.kinds import is_plain_percent
from kars_xl.reading.tables import GeneralCell, GeneralTable

_HUNDRED = Decimal(100)
# The kinds whose rows are all the people, so that their shares are the whole.
_PARTITIONS = ("staff_by_cadre", "gender", "education", "age", "service")
_FEWEST = 2
# A rate is of a line nearby; in a long list only the shares of the total are looked for.
_MOST_LINES = 12


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
