"""What must add up: totals of every table and their parts (KX306; where a merge makes the total anew KX108, KX127 if it
is larger); Tablo 11 by economic code and the cost tables (KX308), and its reserve (KX312)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, product
from typing import Any, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from kars_xl.base.money import excess, format_tl, to_tl
from kars_xl.base.place import Place
from kars_xl.checking.book import Book, parts_of
from kars_xl.checking.general.faults import Sum, crossings
from kars_xl.findings.finding import ERROR, Finding, amounts, finding
from kars_xl.merging.tables import target_code
from kars_xl.model.cost_rows import BUDGET_ROWS, EXTRA_ROWS, PART_TOTALS, CostKey, CostRow, CostTotal
from kars_xl.model.programme import total_costs
from kars_xl.reading.labels import display_name
from kars_xl.reading.tables import Amount, CostTable, ResourceMatrix, SummaryTable, TargetTable

_COLUMNS = ("Bütçe", "Bütçe Dışı", "Toplam")  # of an AmountRow, behind its place
_MATRIX = ("activity_column", "general", "transfers", "grand_total")


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


def check_totals(book: Book) -> Iterator[Finding]:
    """KX306, each cell once. A merge makes totals anew: it is said of those that somebody typed, and at the total."""
    seen: set[Place] = set()
    for table, key, what, fault in _all(book):
        if fault.amount.place not in seen:
            seen.add(fault.amount.place)
            code = ("KX127" if fault.is_larger else "KX108") if book.recomputed else "KX306"
            facts = amounts(fault.amount.kurus or 0, fault.expected) | {"table": table, "key": key, "what": what}
            facts["related"] = [other.place for other in fault.related]
            facts["basis"] = "satır ve sütun toplamlarına göre" if fault.crossing else "parçalarının toplamı"
            yield finding(code, fault.amount.place, **facts)


_Told = tuple[str, str, str, Fault]  # table, key, what is wrong, and its fault


def _all(book: Book) -> Iterator[_Told]:
    for table in book.targets:
        yield from _target(book, table)
    for entry, cost in book.costed:
        yield from (("FMT", entry.code, it.title, fault) for it, fault in cost_faults(book, cost, entry.code))
    for summary in (table for document in book.documents for table in document.summaries):
        # A merge has nothing of it; money that has no row is lost all the same.
        yield from (told for told in _summary(summary) if not book.recomputed or told[-1].is_larger)
    for matrix in book.matrices:
        yield from _own_columns(book, matrix) if book.recomputed else _matrix(matrix)


def _named(table: str, key: str, found: Iterable[Fault], columns: Sequence[str]) -> Iterator[_Told]:
    for fault in found:
        yield table, key or fault.line, " ▸ ".join(filter(None, (fault.line, columns[fault.column]))), fault


def _target(book: Book, table: TargetTable) -> Iterator[_Told]:
    if book.recomputed and book.is_spoiled("PHT", table.place.file, severity=ERROR):
        return  # a row that was refused is missing in its total's parts
    rows = [Line(row.code, row.amounts[1:]) for row in table.activities]
    above: list[int | None] = []
    for name in ("subtotal", "grand_total"):
        if name not in table.totals:
            continue
        total = Line(display_name(name), table.totals[name][1:])
        figures = [cell.kurus if cell else None for cell in total.cells]
        # A wrong subtotal is repeated below.
        if figures != above:
            # What forms are asked for is a row's cost table, and a formula follows the rows.
            told = [it for it in _by_column(rows, total) if it.is_larger or not it.amount.formula]
            yield from _named("PHT", target_code(table), told if book.recomputed else faults(rows, total), _COLUMNS)
        above = figures


def _by_column(parts: Sequence[Line], total: Line) -> Iterator[Fault]:
    """What each column by itself says of its total."""
    for column, below in enumerate(total.cells):
        lines = [Line(line.name, (line.cells[column],)) for line in parts] or [_NOTHING]
        yield from (fault._replace(column=column) for fault in faults(lines, Line(total.name, (below,))))


def _is_sure(book: Book, fault: Fault, table: str, file: str, key: str = "") -> bool:
    """Whether a total can be held against its parts: what was refused is missing in a sum; what was read with a warning
    may be missing, and never makes it larger."""
    if not book.recomputed or not book.is_spoiled(table, file, key):
        return True
    return fault.is_larger and not book.is_spoiled(table, file, key, severity=ERROR)


def cost_faults(book: Book, table: CostTable, code: str = "") -> list[tuple[CostTotal, Fault]]:
    """The totals of a cost table that are not the sum of its rows."""
    cells: dict[CostKey, Amount] = dict([*table.amounts.items(), *table.totals.items()])
    found = _column(cells, CostTotal.NEED, recomputed=book.recomputed)
    return [(total, fault) for total, fault in found if _is_sure(book, fault, "FMT", table.place.file, code)]


def _column(cells: Mapping[CostKey, Amount], last: CostTotal, *, recomputed: bool) -> list[tuple[CostTotal, Fault]]:
    """One column: rows, their two totals, and the `last` of both. A `recomputed` total without rows is of nothing."""
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


def _summary(table: SummaryTable) -> Iterator[_Told]:
    rows = [Line(row.code, row.amounts[1:]) for row in table.rows]
    totals = {name: Line(display_name(name), row.amounts[1:]) for name, row in table.totals.items()}
    yield from _named("İPT", "", faults(rows, totals.get("activities_total")), _COLUMNS)
    above = [totals[name] for name in ("activities_total", "general", "transfers") if name in totals]
    if "activities_total" in totals:
        yield from _named("İPT", "", faults(above, totals.get("grand_total")), _COLUMNS)


def _own_columns(book: Book, table: ResourceMatrix) -> Iterator[_Told]:
    """Tablo 11 as forms give it: each column that only it has, and the rows' totals that somebody typed."""
    columns = table.columns
    found: list[tuple[CostKey, str, Fault]] = [
        (total, name, fault)
        for name in ("general", "transfers")
        for total, fault in _column(columns.get(name, {}), CostTotal.GRAND, recomputed=True)
    ]
    for key, sum_of_row in columns.get("grand_total", {}).items():
        parts = [Line("", (cells[key],)) for name, cells in columns.items() if key in cells and name != "grand_total"]
        told = faults(parts, Line("", (sum_of_row,)))
        found += [(key, "grand_total", it) for it in told if it.is_larger or not sum_of_row.formula]
    for key, name, fault in found:
        if _is_sure(book, fault, "TKT", table.place.file):
            yield "TKT", key.title, f"{key.title} ▸ {display_name(name)}", fault


def _matrix(table: ResourceMatrix) -> Iterator[_Told]:
    columns = [name for name in _MATRIX if name in table.columns or name == "grand_total"]
    names = [display_name(name) for name in columns]

    def line(key: CostKey) -> Line:
        return Line(key.title, tuple(table.columns.get(name, {}).get(key) for name in columns))

    keys = {key for column in table.columns.values() for key in column}
    whole = PART_TOTALS if keys & set(PART_TOTALS) else CostTotal.GRAND.rows
    sums = ((CostTotal.BUDGET, BUDGET_ROWS), (CostTotal.EXTRA, EXTRA_ROWS), (CostTotal.GRAND, whole))
    for total, parts in sums:
        if lines := [line(part) for part in parts if part in keys]:
            yield from _named("TKT", "", faults(lines, line(total) if total in keys else None), names)


def faults(parts: Sequence[Line], total: Line | None) -> list[Fault]:
    """The cells of a table that do not add up; none where a cell could not be read or a total is not there. What no
    single cell explains is said at the totals: of each row, and once for columns that are off by the same."""
    lines = [*parts, *([total] if total else [])]
    if any(cell is not None and cell.kurus is None for line in lines for cell in line.cells):
        return []
    filled = [line.cells for line in lines if any(cell and cell.given for cell in line.cells[:-1])]
    rows = [off for cells in filled if (off := _off(cells[:-1], cells[-1]))]
    grid = zip(*(line.cells for line in lines), strict=True) if total and parts else ()
    columns = [off for *cells, below in grid if (off := _off(cells, below))]
    places = {id(cell): (line.name, column) for line in lines for column, cell in enumerate(line.cells) if cell}

    def fault(amount: Amount, more: int, *, crossing: bool = False, related: Sequence[Amount] = ()) -> Fault:
        return Fault(*places[id(amount)], amount, (amount.kurus or 0) + more, crossing, tuple(related))

    found = [fault(cell, -more, crossing=True) for cell, more, *_ in crossings(rows, columns)]
    found += [fault(row.total, row.off) for row in rows]
    by_excess: dict[int, list[Amount]] = {}
    for item in columns:
        by_excess.setdefault(item.off, []).append(item.total)
    return found + [fault(cells[-1], off, related=cells[:-1]) for off, cells in by_excess.items()]


def _off(parts: Iterable[Amount | None], total: Amount | None) -> Sum | None:
    """The sum, if its total is given and is not what its parts make."""
    if total is None or not total.given:
        return None
    given = [part for part in parts if part is not None]
    off = excess(sum(part.kurus or 0 for part in given), total.kurus or 0)
    return Sum([*given, total], total, off) if off else None


class RowDifference(Struct, frozen=True):
    """A row of Tablo 11's activity column beside what the cost tables have for it (kuruş); of that `assigned` is what
    of the activities without a cost table can only belong to this row."""

    row: CostRow
    amount: Amount
    expected: int
    assigned: int = 0

    @property
    def difference(self) -> int:
        return excess(self.amount.kurus or 0, self.expected)


def check_matrix(book: Book) -> Iterator[Finding]:
    """KX308 by row; a merge makes the column of the activities anew."""
    tables = book.matrices if not book.recomputed else ()
    for item in (item for table in tables for item in row_differences(book, table) if item.difference):
        facts = amounts(item.amount.kurus or 0, item.expected)
        if item.assigned:
            facts["expected"] += f" (maliyet tablosu olmayan faaliyetlerin {format_tl(item.assigned)} TL tutarıyla)"
        facts["values"] += [("difference", str(to_tl(item.difference)))]
        key, what = str(item.row.code or item.row.label), item.row.title
        yield finding("KX308", item.amount.place, table="TKT", key=key, what=what, **facts)


def row_differences(book: Book, table: ResourceMatrix) -> list[RowDifference]:
    """The rows of the activity column; [] where the table has none, there are no cost tables, or one can't be read.
    Activities without a cost table add to some row, nobody knows which. They explain rows that are higher than their
    cost tables if together they make just the difference, and belong to the one row that differs if one does."""
    column = table.columns.get("activity_column")
    parts = [parts_of(cost) for _, cost in book.costed]
    if not column or not parts or None in parts:
        return []
    costs = total_costs(part for part in parts if part is not None)
    given = [(row, it) for row, it in column.items() if isinstance(row, CostRow) and it.kurus is not None]
    rows = [RowDifference(row, amount, costs[row]) for row, amount in given]
    # What they cost by the other tables.
    without = [entry.figures()[-1:] for entry in book.entries.values() if not entry.costs]
    budget = sum((own.budget if own.budget is not None else own.total) or 0 for own in chain(*without))
    extra = sum(own.extra or 0 for own in chain(*without))
    explained = _explained([item for item in rows if item.row.is_budget], budget)
    return explained + _explained([item for item in rows if not item.row.is_budget], extra)


def _explained(rows: list[RowDifference], missing: int) -> list[RowDifference]:
    differences = {item.row: item.difference for item in rows if item.difference}
    if missing and len(differences) == 1:
        differences = dict.fromkeys(differences, missing)
    elif not missing or sum(differences.values()) != missing or min(differences.values(), default=0) < 0:
        return rows
    shares = [differences.get(item.row, 0) for item in rows]
    return [replace(it, expected=it.expected + own, assigned=own) for it, own in zip(rows, shares, strict=True)]


def check_reserve(book: Book) -> Iterator[Finding]:
    """KX312 for the reserve in another column than the transfers'."""
    proper = "Diğer İdarelere Transfer Edilecek Kaynaklar + Yedek Ödenek Toplamı"
    for table, name in product(book.matrices, ("activity_column", "general")):
        amount = table.columns.get(name, {}).get(CostRow.RESERVE)
        if amount is not None and amount.kurus:
            facts: Any = {"key": CostRow.RESERVE.title, "values": [("found", str(to_tl(amount.kurus)))]}
            facts |= {"found": format_tl(amount.kurus), "column": display_name(name), "proper": proper}
            yield finding("KX312", amount.place, table="TKT", **facts)
