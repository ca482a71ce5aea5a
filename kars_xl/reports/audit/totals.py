"""Totals of every table against their parts (KX306)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kars_xl.base.money import excess
from kars_xl.base.place import Place
from kars_xl.checking.general.faults import crossings
from kars_xl.findings.catalogue import amounts, finding
from kars_xl.findings.finding import Finding
from kars_xl.merging.targets import target_code
from kars_xl.model.cost_rows import BUDGET_ROWS, EXTRA_ROWS, PART_TOTALS, CostKey, CostTotal
from kars_xl.reading.labels import display_name
from kars_xl.reading.tables import Amount, AmountRow, CostTable, ResourceMatrix, SummaryTable, TargetTable
from kars_xl.reports.audit.book import Book, Entry

_COLUMNS = ("Bütçe", "Bütçe Dışı", "Toplam")
_MATRIX = ("activity_column", "general", "transfers", "grand_total")
_SUMMARY = ("activities_total", "general", "transfers")


def check_totals(book: Book) -> list[Finding]:
    """KX306, each cell once."""
    found: dict[Place, Finding] = {}
    for item in _all(book):
        found.setdefault(item.place, item)
    return list(found.values())


def _all(book: Book) -> Iterator[Finding]:
    for table in book.targets:
        yield from _target(table)
    for entry in book.entries.values():
        for cost in entry.costs:
            yield from _cost(cost, entry)
    for summary in book.summaries:
        yield from _summary(summary)
    for matrix in book.matrices:
        yield from _matrix(matrix)


def _line(name: str, row: AmountRow) -> Line:
    return Line(name, (row.budget, row.extra, row.total))


def _said(table: str, key: str, found: Sequence[Fault], columns: Sequence[str]) -> Iterator[Finding]:
    for fault in found:
        what = " ▸ ".join(filter(None, (fault.line, columns[fault.column])))
        yield _finding(table, key or fault.line, what, fault)


def _finding(table: str, key: str, what: str, fault: Fault) -> Finding:
    return finding(
        "KX306",
        fault.amount.place,
        table=table,
        key=key,
        related=[other.place for other in fault.related],
        what=what,
        basis="satır ve sütun toplamlarına göre" if fault.crossing else "parçalarının toplamı",
        **amounts(fault.amount.kurus or 0, fault.expected),
    )


def _target(table: TargetTable) -> Iterator[Finding]:
    key = target_code(table)
    rows = [_line(row.code, row.amounts) for row in table.activities]
    subtotal, grand = table.totals.get("subtotal"), table.totals.get("grand_total")
    totals = [_line(display_name(name), row) for name, row in (("subtotal", subtotal), ("grand_total", grand)) if row]
    yield from _said("PHT", key, faults(rows, totals[0] if totals else None), _COLUMNS)
    if len(totals) == 2:
        yield from _said("PHT", key, faults(totals[:1], totals[1]), _COLUMNS)


def _cost(table: CostTable, entry: Entry) -> Iterator[Finding]:
    """A cost table is one column; its total row's parts are the two totals above it."""
    need = table.totals.get(CostTotal.NEED)
    columns = [
        ([Line("", (amount,)) for row, amount in table.amounts.items() if row in total.rows], table.totals[total])
        for total in PART_TOTALS
        if total in table.totals
    ]
    bad: dict[Place, Fault] = {}
    for lines, total in columns:
        if lines:
            for fault in faults(lines, Line("", (total,))):
                bad[fault.amount.place] = fault
    whole = faults([Line("", (total,)) for _, total in columns], Line("", (need,))) if columns and need else []
    for fault in whole:
        # A wrong total above makes the last one fail, too: right by its parts, it is not the one to blame.
        excess = fault.expected - (need.kurus or 0 if need else 0)
        causes = [item for item in bad.values() if (item.amount.kurus or 0) - item.expected == excess]
        if not causes:
            bad[fault.amount.place] = fault
    names = {amount.place: total.title for total, amount in table.totals.items()}
    for place, fault in bad.items():
        yield _finding("FMT", entry.code, names[place], fault)


def _summary(table: SummaryTable) -> Iterator[Finding]:
    rows = [_line(row.code, row.amounts) for row in table.rows]
    totals = {name: _line(display_name(name), row.amounts) for name, row in table.totals.items()}
    yield from _said("İPT", "", faults(rows, totals.get("activities_total")), _COLUMNS)
    above = [totals[name] for name in _SUMMARY if name in totals]
    if "activities_total" in totals:
        yield from _said("İPT", "", faults(above, totals.get("grand_total")), _COLUMNS)


def _matrix(table: ResourceMatrix) -> Iterator[Finding]:
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
        (CostTotal.GRAND, PART_TOTALS),
    )
    for total, parts in sums:
        if lines := [line(part) for part in parts if part in keys]:
            yield from _said("TKT", "", faults(lines, line(total) if total in keys else None), names)


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
