"""The sheets of a changed workbook beside those that were written: renamed, removed, added, their lines moved."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Context, Decimal

from kars_xl.reading.grid.cells import Cell, CellValue, Grid, Sheet
from kars_xl.workbook.edits.align import DIFFERENT, SAME, Axis, align, difference
from kars_xl.workbook.edits.record import Record

# How much of its content a sheet must keep (in thousandths) to be known again under another name.
_ALIKE = 500
_DIGITS = 15
# Within these numbers are taken for equal where lines are looked for, whoever computed them.
_ROUNDED, _NOISE = Context(prec=12), Decimal("1e-9")

Token = object
_FORMULA: Token = ("=",)


@dataclass(frozen=True, slots=True)
class Pair:
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


@dataclass(frozen=True, slots=True)
class Matching:
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
    likeness = [(difference(kept[was], new[now]), was, now) for was in kept for now in new]
    for unlike, was, now in sorted(likeness):
        if unlike <= DIFFERENT - _ALIKE and was in missing and now in current:
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


def _token(cell: Cell) -> Token:
    """What a cell holds, rounded so that equal is equal; formulas are all alike, for their results follow others."""
    return _FORMULA if cell.formula is not None else _rounded(cell.value)


def _rounded(value: CellValue) -> Token:
    if isinstance(value, str):
        return plain_text(value)
    if isinstance(value, Decimal):
        return _ROUNDED.plus(value) if abs(value) > _NOISE else Decimal(0)
    return str(value)


def _pair(written: Sheet, current: Sheet) -> Pair:
    """Columns first, as heaps of cells whatever their rows; then the rows, cell by cell in the columns that stayed."""
    columns = align(_columns(written), _columns(current))
    rows = align(_rows(written, SAME), _rows(current, columns[0]))
    return Pair(written, current, rows, columns)


def _heap(tokens: Iterable[Token]) -> frozenset[Token]:
    """Tokens in any order, those that are equal numbered."""
    return frozenset((token, nth) for token, count in Counter(tokens).items() for nth in range(count))


def _columns(sheet: Sheet) -> dict[int, frozenset[Token]]:
    columns: defaultdict[int, list[Token]] = defaultdict(list)
    for (_, column), cell in sheet.cells.items():
        columns[column].append(_token(cell))
        if cell.formula is not None:
            # Columns of formulas are told apart by their results, as far as these did not follow an edit.
            columns[column].append((_FORMULA, _rounded(cell.value)))
    return {column: _heap(tokens) for column, tokens in columns.items()}


def _rows(sheet: Sheet, columns: Axis) -> dict[int, frozenset[Token]]:
    """Rows in use, their cells by the column as written; what stands in an inserted column does not count."""
    written = {column: columns.written(column) for _, column in sheet.cells}
    rows: defaultdict[int, list[Token]] = defaultdict(list)
    for (row, column), cell in sheet.cells.items():
        rows[row] += [(at, _token(cell)) for at in (written[column],) if at is not None]
    return {row: frozenset(tokens) for row, tokens in rows.items()}
