"""Totals of every table against their parts: KX306; where a merge makes the total anew KX108, KX127 if it is larger."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from msgspec import Struct

from kars_xl.base.money import excess
from kars_xl.base.place import Place
from kars_xl.checking.book import Book
from kars_xl.checking.general.faults import crossings
from kars_xl.findings.finding import ERROR, Effect, Finding, amounts, finding
from kars_xl.merging.tables import target_code
from kars_xl.model.cost_rows import BUDGET_ROWS, EXTRA_ROWS, PART_TOTALS, CostKey, CostTotal
from kars_xl.reading.labels import display_name
from kars_xl.reading.tables import Amount, AmountRow, CostTable, ResourceMatrix, SummaryTable, TargetTable

_COLUMNS = ("Bütçe", "Bütçe Dışı", "Toplam")
_MATRIX = ("activity_column", "general", "transfers", "grand_total")
_SUMMARY = ("activities_total", "general", "transfers")


def check_totals(book: Book) -> Iterator[Finding]:
    """KX306, each cell once. A merge makes totals anew: it is said of those that somebody typed, and at the total."""
    found: dict[Place, Finding] = {}
    for item in _all(book):
        found.setdefault(item.place, item)
    yield from found.values()


def _all(book: Book) -> Iterator[Finding]:
    for table in book.targets:
        yield from _target(book, table)
    for entry in book.entries.values():
        for cost in entry.costs:
            for total, fault in cost_faults(book, cost, entry.code):
                yield _finding(book, "FMT", entry.code, total.title, fault)
    for summary in (table for document in book.documents for table in document.summaries):
        # A merge has nothing of it; money that has no row is lost all the same.
        yield from (it for it in _summary(book, summary) if not book.recomputed or it.has(Effect.LARGER))
    for matrix in book.matrices:
        yield from _own_columns(book, matrix) if book.recomputed else _matrix(book, matrix)


def _line(name: str, row: AmountRow) -> Line:
    return Line(name, (row.budget, row.extra, row.total))


def _said(book: Book, table: str, key: str, found: Iterable[Fault], columns: Sequence[str]) -> Iterator[Finding]:
    for fault in found:
        what = " ▸ ".join(filter(None, (fault.line, columns[fault.column])))
        yield _finding(book, table, key or fault.line, what, fault)


def _finding(book: Book, table: str, key: str, what: str, fault: Fault) -> Finding:
    return finding(
        ("KX127" if fault.is_larger else "KX108") if book.recomputed else "KX306",
        fault.amount.place,
        table=table,
        key=key,
        related=[other.place for other in fault.related],
        what=what,
        basis="satır ve sütun toplamlarına göre" if fault.crossing else "parçalarının toplamı",
        **amounts(fault.amount.kurus or 0, fault.expected),
    )


def _target(book: Book, table: TargetTable) -> Iterator[Finding]:
    if book.recomputed and book.is_spoiled("PHT", table.place.file, severity=ERROR):
        return  # a row that was refused is missing in its total's parts
    key = target_code(table)
    rows = [_line(row.code, row.amounts) for row in table.activities]
    above: Line | None = None
    for name in ("subtotal", "grand_total"):
        if name not in table.totals:
            continue
        total = _line(display_name(name), table.totals[name])
        # A wrong subtotal is repeated below.
        figures = [[cell.kurus if cell else None for cell in line.cells] for line in (total, above or total)]
        if above is None or figures[0] != figures[1]:
            # What forms are asked for is a row's cost table, and a formula follows the rows.
            told = [it for it in _by_column(rows, total) if it.is_larger or not it.amount.formula]
            yield from _said(book, "PHT", key, told if book.recomputed else faults(rows, total), _COLUMNS)
        above = total


def _by_column(parts: Sequence[Line], total: Line) -> Iterator[Fault]:
    """What each column by itself says of its total."""
    for column, below in enumerate(total.cells):
        lines = [Line(line.name, (line.cells[column],)) for line in parts] or [_NOTHING]
        yield from (fault._replace(column=column) for fault in faults(lines, Line(total.name, (below,))))


def cost_faults(book: Book, table: CostTable, code: str = "") -> list[tuple[CostTotal, Fault]]:
    """The totals of a cost table that are not the sum of its rows."""
    found = _column([*table.amounts.items(), *table.totals.items()], CostTotal.NEED, recomputed=book.recomputed)
    if book.recomputed and book.is_spoiled("FMT", table.place.file, code):
        # What was read with a warning may be missing in a sum, and never makes it larger.
        is_read = not book.is_spoiled("FMT", table.place.file, code, severity=ERROR)
        return [(total, fault) for total, fault in found if is_read and fault.is_larger]
    return found


def _column(
    column: Iterable[tuple[CostKey, Amount]], last: CostTotal, *, recomputed: bool
) -> list[tuple[CostTotal, Fault]]:
    """One column: rows, their two totals, and the `last` of both. A `recomputed` total without rows is of nothing."""
    cells = dict(column)
    bad: list[tuple[CostTotal, Fault]] = []
    rows: list[Line] = []
    printed: list[Line] = []
    for total in PART_TOTALS:
        own = [Line("", (amount,)) for row, amount in cells.items() if row in total.rows]
        rows += own
        if total not in cells or not cells[total].given:
            printed += own
        else:
            printed.append(Line("", (cells[total],)))
            bad += [(total, fault) for fault in faults(own or [_NOTHING] * recomputed, printed[-1])]
    whole = Line("", (cells.get(last),))
    if faults(printed, whole):  # one that adds up what is wrong above it is right in itself
        bad += [(last, fault) for fault in faults(rows or printed, whole)]
    return bad


def _summary(book: Book, table: SummaryTable) -> Iterator[Finding]:
    rows = [_line(row.code, row.amounts) for row in table.rows]
    totals = {name: _line(display_name(name), row.amounts) for name, row in table.totals.items()}
    yield from _said(book, "İPT", "", faults(rows, totals.get("activities_total")), _COLUMNS)
    above = [totals[name] for name in _SUMMARY if name in totals]
    if "activities_total" in totals:
        yield from _said(book, "İPT", "", faults(above, totals.get("grand_total")), _COLUMNS)


def _own_columns(book: Book, table: ResourceMatrix) -> Iterator[Finding]:
    """Tablo 11 as forms give it: each column that only it has, and the rows' totals that somebody typed."""
    file = table.place.file
    if book.is_spoiled("TKT", file, severity=ERROR):
        return
    is_whole = not book.is_spoiled("TKT", file)
    for name in ("general", "transfers"):
        cells = table.columns.get(name, {})
        for total, fault in _column(cells.items(), CostTotal.GRAND, recomputed=True):
            if fault.is_larger or is_whole:
                yield _finding(book, "TKT", total.title, f"{total.title} ▸ {display_name(name)}", fault)
    others = [cells for name, cells in table.columns.items() if name != "grand_total"]
    for key, sum_of_row in table.columns.get("grand_total", {}).items():
        parts = [Line("", (cells[key],)) for cells in others if key in cells]
        what = f"{key.title} ▸ {display_name('grand_total')}"
        for fault in faults(parts, Line("", (sum_of_row,))):
            if fault.is_larger or (is_whole and not sum_of_row.formula):
                yield _finding(book, "TKT", key.title, what, fault)


def _matrix(book: Book, table: ResourceMatrix) -> Iterator[Finding]:
    columns = [name for name in _MATRIX if name in table.columns]
    if "grand_total" not in columns:
        columns.append("grand_total")
    names = [display_name(name) for name in columns]

    def line(key: CostKey) -> Line:
        return Line(key.title, tuple(table.columns.get(name, {}).get(key) for name in columns))

    keys = {key for column in table.columns.values() for key in column}
    sums: tuple[tuple[CostTotal, Sequence[CostKey]], ...] = (
        (CostTotal.BUDGET, BUDGET_ROWS),
        (CostTotal.EXTRA, EXTRA_ROWS),
        (CostTotal.GRAND, PART_TOTALS if keys & set(PART_TOTALS) else (*BUDGET_ROWS, *EXTRA_ROWS)),
    )
    for total, parts in sums:
        if lines := [line(part) for part in parts if part in keys]:
            yield from _said(book, "TKT", "", faults(lines, line(total) if total in keys else None), names)


class Line(NamedTuple):
    """A row: its name and its cells, the last of which is its total. A cell that the table has not is None."""

    name: str
    cells: tuple[Amount | None, ...]


_NOTHING = Line("", (None,))


class Fault(NamedTuple):
    """A cell that does not add up; `crossing` where its row and its column say the same. Amounts in kuruş."""

    line: str
    column: int
    amount: Amount
    expected: int
    crossing: bool
    related: tuple[Amount, ...]

    @property
    def is_larger(self) -> bool:
        return (self.amount.kurus or 0) > self.expected


class _Sum(Struct, frozen=True, eq=False):
    """A total and its parts, which are `off` kuruş more than it."""

    cells: Sequence[Amount]
    total: Amount
    off: int

    def excess(self, cell: Amount) -> int:
        return -self.off if cell is self.total else self.off


def faults(parts: Sequence[Line], total: Line | None) -> list[Fault]:
    """The cells of a table that do not add up; none where a cell could not be read or a total is not there. What no
    single cell explains is said at the totals: of rows each at its own, of columns that are off by the same at the last
    one."""
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
        for column, below in enumerate(total.cells if total and parts else ())
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
