"""Which row (or column) of a changed sheet is which of the written one: inserted and deleted lines found by content.

A line's content is a number, equal for equal lines. Only lines that hold anything are paired; the blank ones between
them follow from the numbers of their neighbours.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice

# Costs of an alignment in thousandths: of two lines that have nothing in common, and of a line without counterpart.
# A line that is wholly new in the old one's place is cheaper than one deleted and one inserted.
DIFFERENT = 1000
_ALONE = 600
_BAND = 16
_MOST = 2_000_000  # pairs of lines looked at
_LAST = 1 << 21  # beyond every line
_READINGS = 64
_TAKE, _DROP, _ADD = 0, 1, 2

Span = tuple[int, int]  # first and last
Lines = Mapping[int, int]  # the content of each line in use
Cost = Callable[[int, int], int]  # how far two contents differ, 0 … DIFFERENT


@dataclass(frozen=True, slots=True)
class Axis:
    """The rows (or columns) of a sheet, written → current: runs of (first written, last written, shift)."""

    runs: tuple[tuple[int, int, int], ...]
    inserted: tuple[Span, ...] = ()  # current lines
    deleted: tuple[Span, ...] = ()  # written lines

    @property
    def moved(self) -> bool:
        return bool(self.inserted or self.deleted)

    def current(self, line: int) -> int | None:
        """Where a written line stands now; None if it was deleted."""
        at = bisect_right(self.runs, line, key=lambda run: run[0]) - 1
        if at < 0 or line > self.runs[at][1]:
            return None
        return line + self.runs[at][2]

    def written(self, line: int) -> int | None:
        """Where a current line stood; None if it was inserted."""
        return next((line - shift for first, last, shift in self.runs if first <= line - shift <= last), None)

    def span(self, first: int, last: int) -> Span | None:
        """Where a written range stands now: it ends with the lines that are left of it, None if there are none."""
        left = [run for run in self.runs if run[0] <= last and run[1] >= first]
        if not left:
            return None
        return max(first, left[0][0]) + left[0][2], min(last, left[-1][1]) + left[-1][2]


SAME = Axis(((1, _LAST, 0),))


def align(written: Lines, current: Lines, cost: Cost) -> tuple[Axis, ...]:
    """How two lists of lines correspond. Where a line was inserted beside its like, or deleted, either may be meant:
    the first axis takes whole blocks between blank lines, the others are other readings of the same lines."""
    old, new = sorted(written), sorted(current)
    known = lru_cache(maxsize=None)(cost)

    def between(i: int, j: int) -> int:
        one, other = written[old[i]], current[new[j]]
        return 0 if one == other else known(one, other)

    if old == new and sum(between(at, at) for at in range(len(old))) <= 2 * _ALONE:
        return (SAME,)
    # Lines with nothing in common stand in each other's place, but do not tell where others went.
    pairs = [(i, j) for i, j in _pairs(len(old), len(new), between) if between(i, j) < DIFFERENT]
    moves = _moves(old, new, pairs)
    reach = [_slide(moves, at, current if moves[at].count > 0 else written) for at in range(len(moves))]
    chosen = [
        _between_blanks(move, ends, current if move.count > 0 else written)
        for move, ends in zip(moves, reach, strict=True)
    ]
    end = _cut_off(old, new, pairs)
    several = sum(line >= move.line for move in end for line in old) > 1
    # One line without content was emptied rather than deleted.
    ways = (end, []) if several else ([], end)
    readings = ([*reading, *way] for way in ways for reading in _readings(chosen, moves, reach))
    return tuple(dict.fromkeys(_axis(reading) for reading in islice(readings, _READINGS)))


# Pairing lines


def _pairs(rows: int, columns: int, cost: Cost) -> list[Span]:
    """The cheapest alignment of two lists, as pairs of indexes from 0."""
    spread, reach, least = abs(rows - columns), _BAND, -1
    found = [(at, at) for at in range(min(rows, columns))]
    while (rows + 1) * (spread + 2 * reach + 1) <= _MOST:
        total, steps = _banded(rows, columns, cost, reach)
        if total == least:
            break
        least = total
        found = _traced(steps, rows, columns, min(0, columns - rows) - reach)
        # An alignment outside of the band would leave more lines alone than this one costs.
        if total <= _ALONE * (spread + 2 * (reach + 1)):
            break
        reach *= 4
    return found


def _banded(rows: int, columns: int, cost: Cost, reach: int) -> tuple[int, list[list[int]]]:
    """The least cost, and for each pair of positions within the band the step that leads there."""
    lowest, highest = min(0, columns - rows) - reach, max(0, columns - rows) + reach
    width = highest - lowest + 1
    far = DIFFERENT * (rows + columns + 1)
    before = [far] * (width + 1)
    steps: list[list[int]] = []
    for row in range(rows + 1):
        here, marks = [far] * (width + 1), [0] * width
        for offset in range(max(0, -lowest - row), min(width, columns - lowest - row + 1)):
            column = row + lowest + offset
            if row == column == 0:
                here[offset] = 0
                continue
            best, step = before[offset] + cost(row - 1, column - 1) if row and column else far, _TAKE
            if row and before[offset + 1] + _ALONE < best:
                best, step = before[offset + 1] + _ALONE, _DROP
            if column and offset and here[offset - 1] + _ALONE < best:
                best, step = here[offset - 1] + _ALONE, _ADD
            here[offset], marks[offset] = best, step
        steps.append(marks)
        before = here
    return before[columns - rows - lowest], steps


def _traced(steps: list[list[int]], rows: int, columns: int, lowest: int) -> list[Span]:
    """The alignment, read from its end."""
    pairs: list[Span] = []
    row, column = rows, columns
    while row or column:
        step = steps[row][column - row - lowest]
        row -= step != _ADD
        column -= step != _DROP
        if step == _TAKE:
            pairs.append((row, column))
    return pairs[::-1]


# From pairs to moves


@dataclass(frozen=True, slots=True)
class _Move:
    """`count` lines inserted at current `line`, or (negative) deleted from written `line` on; `shift` before that."""

    line: int
    count: int
    shift: int

    @property
    def start(self) -> int:
        """The written line before which it happens, or with which it begins."""
        return self.line - self.shift if self.count > 0 else self.line

    @property
    def end(self) -> int:
        """The first written line after it."""
        return self.start if self.count > 0 else self.line - self.count


def _moves(written: Sequence[int], current: Sequence[int], pairs: Sequence[Span]) -> list[_Move]:
    """Between two paired lines as many were inserted or deleted as there are more or fewer."""
    moves: list[_Move] = []
    shift = 0
    before = (0, 0)
    for was, now in ((written[i], current[j]) for i, j in pairs):
        grown = now - was - shift
        if grown > 0:
            moves.append(_Move(_first_in_use(current, before[1], now - grown), grown, shift))
        elif grown < 0:
            moves.append(_Move(_first_in_use(written, before[0], was + grown), grown, shift))
        shift += grown
        before = was, now
    return moves


def _cut_off(written: Sequence[int], current: Sequence[int], pairs: Sequence[Span]) -> list[_Move]:
    """The last lines, where nothing stands now: whether they were deleted or emptied shows only in formulas."""
    was, now = pairs[-1] if pairs else (-1, -1)
    if was + 1 == len(written) or now + 1 < len(current) or not pairs:
        return []
    first, last = written[was] + 1, written[-1]
    return [_Move(first, first - last - 1, current[now] - written[was])]


def _first_in_use(lines: Sequence[int], after: int, latest: int) -> int:
    """Where the lines begin that have no counterpart: with the first in use, else right after the last pair."""
    at = bisect_right(lines, after)
    return lines[at] if at < len(lines) and lines[at] <= latest else after + 1


def _slide(moves: Sequence[_Move], at: int, lines: Lines) -> Span:
    """How many lines up (negative) and down a move can be shifted without another content anywhere."""
    move, count = moves[at], abs(moves[at].count)
    floor = moves[at - 1].end if at else 1
    ceiling = moves[at + 1].start if at + 1 < len(moves) else max(lines, default=0) + 1
    up = down = 0
    while move.start + up > floor and lines.get(move.line + up - 1) == lines.get(move.line + up + count - 1):
        up -= 1
    while move.end + down < ceiling and lines.get(move.line + down) == lines.get(move.line + down + count):
        down += 1
    return up, down


def _between_blanks(move: _Move, reach: Span, lines: Lines) -> _Move:
    """The move where its lines begin after a blank one, if it can be shifted there: so people select blocks."""
    for by in sorted(range(reach[0], reach[1] + 1), key=abs):
        if move.line + by in lines and move.line + by - 1 not in lines:
            return replace(move, line=move.line + by)
    return move


def _readings(chosen: list[_Move], moves: list[_Move], reach: Sequence[Span]) -> Iterator[list[_Move]]:
    """The moves as chosen; each of them wherever else it can be shifted to; and all as far as they can be."""
    yield chosen
    for at, (up, down) in enumerate(reach):
        for by in range(up, down + 1):
            yield [*chosen[:at], replace(moves[at], line=moves[at].line + by), *chosen[at + 1 :]]
    for end in (0, 1):
        yield [replace(move, line=move.line + by[end]) for move, by in zip(moves, reach, strict=True)]


def _axis(moves: Sequence[_Move]) -> Axis:
    runs: list[tuple[int, int, int]] = []
    first = 1
    for move in moves:
        runs.append((first, move.start - 1, move.shift))
        first = move.end
    runs.append((first, _LAST, moves[-1].shift + moves[-1].count if moves else 0))
    return Axis(
        tuple(run for run in runs if run[0] <= run[1]),
        tuple((move.line, move.line + move.count - 1) for move in moves if move.count > 0),
        tuple((move.line, move.line - move.count - 1) for move in moves if move.count < 0),
    )
