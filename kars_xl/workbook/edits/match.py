"""What of a changed workbook is what was written: sheets that were renamed, rows and columns that moved.
Only lines that hold anything are paired; the blank ones between them follow from the numbers of their neighbours."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from decimal import Context, Decimal
from itertools import chain, islice

from msgspec import Struct
from msgspec.structs import replace
from rapidfuzz.distance import Levenshtein

from kars_xl.reading.grid.cells import Cell, CellValue, Grid, Sheet
from kars_xl.workbook.edits.record import Record

# Costs of an alignment in thousandths: of two lines that have nothing in common, and of a line without counterpart.
# A line that is wholly new in the old one's place is cheaper than one deleted and one inserted.
DIFFERENT = 1000
_ALONE = 600
_MOST = 1_000_000  # pairs of lines looked at
_LAST = 1 << 21  # beyond every line
_READINGS = 64

Content = Set[object]  # what a line holds; what it holds several times is numbered
Span = tuple[int, int]  # first and last
Lines = Mapping[int, Content]  # each line in use
# How much of its content a sheet must keep (in thousandths) to be known again under another name.
_ALIKE = 500
_DIGITS = 15
# Within these numbers are taken for equal where lines are looked for, whoever computed them.
_ROUNDED, _NOISE = Context(prec=12), Decimal("1e-9")

_FORMULA: object = ("=",)


class Axis(Struct, frozen=True):
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
        return None if at < 0 or line > self.runs[at][1] else line + self.runs[at][2]

    def written(self, line: int) -> int | None:
        """Where a current line stood; None if it was inserted."""
        return next((line - shift for first, last, shift in self.runs if first <= line - shift <= last), None)

    def span(self, first: int, last: int) -> Span | None:
        """Where a written range stands now: it ends with the lines that are left of it, None if there are none."""
        left = [run for run in self.runs if run[0] <= last and run[1] >= first]
        return (max(first, left[0][0]) + left[0][2], min(last, left[-1][1]) + left[-1][2]) if left else None


SAME = Axis(((1, _LAST, 0),))


def difference(one: Content, other: Content) -> int:
    """How far two contents differ, 0 … DIFFERENT."""
    most = max(len(one), len(other))
    return DIFFERENT - DIFFERENT * len(one & other) // most if most else 0


def align(written: Lines, current: Lines) -> tuple[Axis, ...]:
    """How two lists of lines correspond. Where a line was inserted beside its like, or deleted, either may be meant:
    the first axis takes whole blocks between blank lines, the others are other readings of the same lines."""
    old, new = sorted(written), sorted(current)
    pairs = _pairs([written[line] for line in old], [current[line] for line in new])
    moves = list(_moves(old, new, pairs))
    reach = [_reach(moves, at, current if move.count > 0 else written) for at, move in enumerate(moves)]
    end = _cut_off(old, new, pairs)
    several = sum(line >= move.line for move in end for line in old) > 1
    # One line without content was emptied rather than deleted.
    ways = (end, []) if several else ([], end)
    meant = [moves[0] for moves in reach]
    # The moves as meant, each of them wherever else it can be, and all as far as they can be: no free combination,
    # of which one might fit a formula that somebody changed.
    single = ([*meant[:at], move, *meant[at + 1 :]] for at, moves in enumerate(reach) for move in moves[1:])
    readings = islice(chain([meant], single, ([moves[end] for moves in reach] for end in (1, -1))), _READINGS)
    return tuple(dict.fromkeys(_axis([*reading, *way]) for reading in readings for way in ways))


def _pairs(old: Sequence[Content], new: Sequence[Content]) -> list[Span]:
    """Which line stands for which, as indexes from 0: equal ones first, then between them those most alike."""
    numbers = {content: at for at, content in enumerate({*old, *new})}
    pairs: list[Span] = []
    steps = Levenshtein.editops([numbers[one] for one in old], [numbers[one] for one in new])
    i = j = 0
    for equal in steps.as_matching_blocks():
        pairs += [(i + row, j + column) for row, column in _most_alike(old[i : equal.a], new[j : equal.b])]
        i, j = equal.a + equal.size, equal.b + equal.size
        pairs += zip(range(equal.a, i), range(equal.b, j), strict=True)
    # Lines with nothing in common stand in each other's place, but do not tell where others went.
    return [(i, j) for i, j in pairs if difference(old[i], new[j]) < DIFFERENT]


def _most_alike(old: Sequence[Content], new: Sequence[Content]) -> list[Span]:
    """The cheapest alignment of two lists; line by line where they are too long to look at all pairs."""
    if len(old) * len(new) > _MOST:
        return [(at, at) for at in range(min(len(old), len(new)))]
    costs = [[difference(one, other) for other in new] for one in old]
    total = [[_ALONE * (i + j) for j in range(len(new) + 1)] for i in range(len(old) + 1)]
    for i, line in enumerate(costs):
        for j, cost in enumerate(line):
            total[i + 1][j + 1] = min(total[i][j] + cost, total[i][j + 1] + _ALONE, total[i + 1][j] + _ALONE)
    pairs: list[Span] = []
    i, j = len(old), len(new)
    while i and j:
        if total[i][j] == total[i - 1][j - 1] + costs[i - 1][j - 1]:
            i, j = i - 1, j - 1
            pairs.append((i, j))
        elif total[i][j] == total[i - 1][j] + _ALONE:
            i -= 1
        else:
            j -= 1
    return pairs[::-1]


class _Move(Struct, frozen=True):
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


def _moves(written: Sequence[int], current: Sequence[int], pairs: Sequence[Span]) -> Iterator[_Move]:
    """Between two paired lines as many were inserted or deleted as there are more or fewer."""
    shift, before = 0, (0, 0)
    for was, now in ((written[i], current[j]) for i, j in pairs):
        if grown := now - was - shift:
            lines, after, latest = (current, before[1], now - grown) if grown > 0 else (written, before[0], was + grown)
            # They begin with the first line in use, else right after the last pair.
            at = bisect_right(lines, after)
            line = lines[at] if at < len(lines) and lines[at] <= latest else after + 1
            yield _Move(line, grown, shift)
        shift += grown
        before = was, now


def _cut_off(written: Sequence[int], current: Sequence[int], pairs: Sequence[Span]) -> list[_Move]:
    """The last lines, where nothing stands now: whether they were deleted or emptied shows only in formulas."""
    was, now = pairs[-1] if pairs else (-1, -1)
    if was + 1 == len(written) or now + 1 < len(current) or not pairs:
        return []
    first, last = written[was] + 1, written[-1]
    return [_Move(first, first - last - 1, current[now] - written[was])]


def _reach(moves: Sequence[_Move], at: int, lines: Lines) -> list[_Move]:
    """A move as it is meant, then wherever it can be shifted to without another content anywhere, from the top down.
    Meant is where its lines begin after a blank one, for so people select blocks; else the move as it is."""
    move, count = moves[at], abs(moves[at].count)
    floor = moves[at - 1].end if at else 1
    ceiling = moves[at + 1].start if at + 1 < len(moves) else max(lines, default=0) + 1
    up = down = 0
    while move.start + up > floor and lines.get(move.line + up - 1) == lines.get(move.line + up + count - 1):
        up -= 1
    while move.end + down < ceiling and lines.get(move.line + down) == lines.get(move.line + down + count):
        down += 1
    after_blank = (by for by in range(up, down + 1) if move.line + by in lines and move.line + by - 1 not in lines)
    meant = min(after_blank, key=abs, default=0)
    return [replace(move, line=move.line + by) for by in (meant, *range(up, down + 1))]


def _axis(moves: Sequence[_Move]) -> Axis:
    firsts, lasts = [1, *(move.end for move in moves)], [*(move.start - 1 for move in moves), _LAST]
    shifts = [*(move.shift for move in moves), moves[-1].shift + moves[-1].count if moves else 0]
    return Axis(
        tuple(run for run in zip(firsts, lasts, shifts, strict=True) if run[0] <= run[1]),
        tuple((move.line, move.line + move.count - 1) for move in moves if move.count > 0),
        tuple((move.line, move.line - move.count - 1) for move in moves if move.count < 0),
    )


class Pair(Struct, frozen=True):
    """A sheet as written and as it is now; of `rows` and `columns` the first is meant, the others may be."""

    written: Sheet
    current: Sheet
    rows: tuple[Axis, ...] = (SAME,)
    columns: tuple[Axis, ...] = (SAME,)

    @property
    def renamed(self) -> bool:
        return self.written.name != self.current.name

    @property
    def moved(self) -> bool:
        return self.renamed or self.rows[0].moved or self.columns[0].moved


class Matching(Struct, frozen=True):
    pairs: tuple[Pair, ...]
    removed: tuple[Sheet, ...]
    added: tuple[Sheet, ...]

    @property
    def moved(self) -> bool:
        """Whether references may read otherwise than they were written."""
        return bool(self.removed) or any(pair.moved for pair in self.pairs)


def match(record: Record, grid: Grid) -> Matching:
    """Sheets are known by their name, renamed ones by what stands in them."""
    current = {sheet.name: sheet for sheet in grid.sheets if sheet is not record.kept_on}
    found = [(sheet, current.pop(sheet.name)) for sheet in record.sheets if sheet.name in current]
    missing = {sheet.name: sheet for sheet in record.sheets if sheet.name not in {was.name for was, _ in found}}
    kept = {name: _heap(map(_token, sheet.cells.values())) for name, sheet in missing.items()}
    new = {name: _heap(map(_token, sheet.cells.values())) for name, sheet in current.items()}
    for unlike, was, now in sorted((difference(kept[was], new[now]), was, now) for was in kept for now in new):
        if unlike <= DIFFERENT - _ALIKE and was in missing and now in current:
            found.append((missing.pop(was), current.pop(now)))
    pairs = []
    for written, now_there in found:
        # Columns first, as heaps of cells whatever their rows; then the rows, cell by cell in the columns that stayed.
        columns = align(_columns(written), _columns(now_there))
        rows = align(_rows(written, SAME), _rows(now_there, columns[0]))
        pairs.append(Pair(written, now_there, rows, columns))
    return Matching(tuple(pairs), tuple(missing.values()), tuple(current.values()))


def same_number(one: Decimal, other: Decimal) -> bool:
    """Equal in the 15 digits that every spreadsheet keeps: half a unit of the last of them is rounding."""
    return one == other or abs(one - other) <= Decimal(5).scaleb(max(one.adjusted(), other.adjusted()) - _DIGITS)


def plain_text(text: str) -> str:
    """A text without what programs change as they save: line ends, kinds of blanks, blanks at the ends of lines."""
    return "\n".join(line.strip() for line in text.replace("\u00a0", " ").strip().splitlines())


def _token(cell: Cell) -> object:
    """What a cell holds, rounded so that equal is equal; formulas are all alike, for their results follow others."""
    return _FORMULA if cell.formula is not None else _rounded(cell.value)


def _rounded(value: CellValue) -> object:
    if isinstance(value, str):
        return plain_text(value)
    if isinstance(value, Decimal):
        return _ROUNDED.plus(value) if abs(value) > _NOISE else Decimal(0)
    return str(value)


def _heap(tokens: Iterable[object]) -> frozenset[object]:
    """Tokens in any order, those that are equal numbered."""
    return frozenset((token, nth) for token, count in Counter(tokens).items() for nth in range(count))


def _columns(sheet: Sheet) -> dict[int, frozenset[object]]:
    columns: defaultdict[int, list[object]] = defaultdict(list)
    for (_, column), cell in sheet.cells.items():
        columns[column].append(_token(cell))
        if cell.formula is not None:
            # Columns of formulas are told apart by their results, as far as these did not follow an edit.
            columns[column].append((_FORMULA, _rounded(cell.value)))
    return {column: _heap(tokens) for column, tokens in columns.items()}


def _rows(sheet: Sheet, columns: Axis) -> dict[int, frozenset[object]]:
    """Rows in use, their cells by the column as written; what stands in an inserted column does not count."""
    written = {column: columns.written(column) for _, column in sheet.cells}
    rows: defaultdict[int, list[object]] = defaultdict(list)
    for (row, column), cell in sheet.cells.items():
        rows[row] += [(at, _token(cell)) for at in (written[column],) if at is not None]
    return {row: frozenset(tokens) for row, tokens in rows.items()}
