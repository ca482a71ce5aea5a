"""The sheets of a changed workbook beside those that were written: renamed, removed, added, their lines moved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Context, Decimal
from typing import Generic, TypeVar

from kars_xl.reading.grid.cells import Cell, CellValue, Grid, Sheet
from kars_xl.workbook.edits.align import DIFFERENT, SAME, Axis, Lines, align
from kars_xl.workbook.edits.record import Record, WrittenCell, WrittenSheet

# How much of its content a sheet must keep (in thousandths) to be known again under another name.
_ALIKE = 500
_DIGITS = 15
# Within these numbers are taken for equal where lines are looked for, whoever computed them.
_ROUNDED, _NOISE = Context(prec=12), Decimal("1e-9")

Token = object
_FORMULA: Token = ("=",)
Line = Mapping[int, Token]
C = TypeVar("C")


@dataclass(frozen=True, slots=True)
class Pair:
    """A sheet as written and as it is now; of `rows` and `columns` the first is meant, the others may be."""

    written: WrittenSheet
    current: Sheet
    rows: tuple[Axis, ...] = (SAME,)
    columns: tuple[Axis, ...] = (SAME,)

    @property
    def renamed(self) -> bool:
        return self.written.name != self.current.name

    @property
    def moved(self) -> bool:
        return self.renamed or self.rows[0].moved or self.columns[0].moved


@dataclass(frozen=True, slots=True)
class Matching:
    pairs: tuple[Pair, ...]
    removed: tuple[WrittenSheet, ...]
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
    kept = {name: _content(sheet) for name, sheet in missing.items()}
    new = {name: _content(sheet) for name, sheet in current.items()}
    likeness = [(_difference(kept[was], new[now]), was, now) for was in kept for now in new]
    for difference, was, now in sorted(likeness):
        if difference <= DIFFERENT - _ALIKE and was in missing and now in current:
            found.append((missing.pop(was), current.pop(now)))
    pairs = tuple(_pair(was, now) for was, now in found)
    return Matching(pairs, tuple(missing.values()), tuple(current.values()))


def same_number(one: Decimal, other: Decimal) -> bool:
    """Equal in the 15 digits that every spreadsheet keeps: half a unit of the last of them is rounding."""
    if one == other:
        return True
    return abs(one - other) <= Decimal(5).scaleb(max(one.adjusted(), other.adjusted()) - _DIGITS)


def plain_text(text: str) -> str:
    """A text without what programs change as they save: line ends, kinds of blanks, blanks at the ends of lines."""
    return "\n".join(line.strip() for line in text.replace("\u00a0", " ").strip().splitlines())


def _token(cell: WrittenCell | Cell) -> Token:
    """What a cell holds, rounded so that equal is equal; formulas are all alike, for their results follow others."""
    if cell.formula is not None:
        return _FORMULA
    return _rounded(cell.value)


def _rounded(value: CellValue) -> Token:
    if isinstance(value, str):
        return plain_text(value)
    if isinstance(value, Decimal):
        return _ROUNDED.plus(value) if abs(value) > _NOISE else Decimal(0)
    return str(value)


def _content(sheet: WrittenSheet | Sheet) -> Counter[Token]:
    return Counter(_token(cell) for cell in sheet.cells.values())


def _difference(one: Counter[Token], other: Counter[Token]) -> int:
    """How far two heaps of cells differ, 0 … DIFFERENT."""
    most = max(one.total(), other.total())
    return DIFFERENT - DIFFERENT * (one & other).total() // most if most else 0


def _pair(written: WrittenSheet, current: Sheet) -> Pair:
    """Columns first, as heaps of cells whatever their rows; then the rows, cell by cell in the columns that stayed."""
    heaps = _Contents[Counter[Token]](_difference, lambda heap: frozenset(heap.items()))
    columns = align(heaps.of(_heaps(written)), heaps.of(_heaps(current)), heaps.cost)
    stayed = {column: columns[0].written(column) for _, column in current.cells}
    lines = _Contents[Line](_line_difference, lambda line: frozenset(line.items()))
    rows = align(
        lines.of(_rows(written, lambda column: column)), lines.of(_rows(current, stayed.__getitem__)), lines.cost
    )
    return Pair(written, current, rows, columns)


class _Contents(Generic[C]):
    """Contents of lines by number: equal ones have one number, and are compared with others but once."""

    def __init__(self, difference: Callable[[C, C], int], key: Callable[[C], frozenset[object]]) -> None:
        self._difference, self._key = difference, key
        self._numbers: dict[frozenset[object], int] = {}
        self._contents: list[C] = []

    def of(self, lines: Mapping[int, C]) -> Lines:
        return {at: self._number(content) for at, content in lines.items()}

    def _number(self, content: C) -> int:
        key = self._key(content)
        if key not in self._numbers:
            self._numbers[key] = len(self._contents)
            self._contents.append(content)
        return self._numbers[key]

    def cost(self, one: int, other: int) -> int:
        return self._difference(self._contents[one], self._contents[other])


def _heaps(sheet: WrittenSheet | Sheet) -> dict[int, Counter[Token]]:
    heaps: dict[int, Counter[Token]] = {}
    for (_, column), cell in sheet.cells.items():
        heap = heaps.setdefault(column, Counter())
        heap[_token(cell)] += 1
        if cell.formula is not None:
            # Columns of formulas are told apart by their results, as far as these did not follow an edit.
            heap[_FORMULA, _rounded(cell.value)] += 1
    return heaps


def _rows(sheet: WrittenSheet | Sheet, column_of: Callable[[int], int | None]) -> dict[int, Line]:
    """Rows in use, their cells by the column as written; what stands in an inserted column does not count."""
    lines: dict[int, dict[int, Token]] = {}
    for (row, column), cell in sheet.cells.items():
        line = lines.setdefault(row, {})
        at = column_of(column)
        if at is not None:
            line[at] = (_FORMULA, _rounded(cell.value)) if cell.formula is not None else _token(cell)
    return dict(lines)


def _line_difference(one: Line, other: Line) -> int:
    """How many cells differ; a formula with another result does so by a quarter."""
    columns = one.keys() | other.keys()
    same = 0
    for column in columns:
        was, now = one.get(column), other.get(column)
        if was is not None and was == now:
            same += 4
        elif isinstance(was, tuple) and isinstance(now, tuple):
            same += 3
    return DIFFERENT - DIFFERENT * same // (4 * len(columns)) if columns else 0


def first_text(cells: Iterable[WrittenCell | Cell]) -> str:
    """The first wording among cells, by which a person knows their row again."""
    return next((plain_text(cell.value) for cell in cells if isinstance(cell.value, str) and cell.value.strip()), "")
