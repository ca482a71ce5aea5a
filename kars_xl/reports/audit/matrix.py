"""Tablo 11 by economic code against the cost tables (KX308), and the reserve's column (KX312)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kars_xl.base.money import excess, format_tl, to_tl
from kars_xl.base.place import Place
from kars_xl.checking.rows import reserve_outside
from kars_xl.findings.catalogue import amounts, finding
from kars_xl.findings.finding import Finding
from kars_xl.model.cost_rows import CostRow
from kars_xl.model.programme import total_costs
from kars_xl.reading.tables import Amount, ResourceMatrix
from kars_xl.reports.audit.book import IN, PARTS, Book, Entry, Figure, parts_of


@dataclass(frozen=True, slots=True)
class RowDifference:
    """A row of Tablo 11's activity column beside what the cost tables have for it (kuruş).

    `assigned` is what of the activities without a cost table can only belong to this row.
    """

    row: CostRow
    amount: Amount
    costs: int
    assigned: int = 0

    @property
    def expected(self) -> int:
        return self.costs + self.assigned

    @property
    def difference(self) -> int:
        return excess(self.amount.kurus or 0, self.expected)


def check_matrix(book: Book) -> list[Finding]:
    """KX308 by row, KX312 for a reserve outside its column."""
    found = []
    for table in book.matrices:
        found += [_row_finding(item) for item in row_differences(book, table) if item.difference]
        found += reserve_outside(table)
    return found


def row_differences(book: Book, table: ResourceMatrix) -> list[RowDifference]:
    """The rows of the activity column; [] where the table has none, there are no cost tables, or one can't be read.

    Activities without a cost table add to some row, nobody knows which. They explain rows that are higher than their
    cost tables if together they make just the difference, and belong to the one row that differs if there is only one.
    """
    column = table.columns.get("activity_column")
    parts = [parts_of(cost) for entry in book.entries.values() for cost in entry.costs]
    if not column or not parts or None in parts:
        return []
    costs = total_costs(part for part in parts if part is not None)
    rows = [
        RowDifference(row, amount, costs[row])
        for row, amount in column.items()
        if isinstance(row, CostRow) and amount.kurus is not None
    ]
    missing = without_cost_table(book)
    budget = _explained([item for item in rows if item.row.is_budget], missing[0])
    return budget + _explained([item for item in rows if not item.row.is_budget], missing[1])


def _explained(rows: list[RowDifference], missing: int) -> list[RowDifference]:
    differing = [item for item in rows if item.difference]
    if not missing or not differing:
        return rows
    if len(differing) == 1:
        share: Mapping[CostRow, int] = {differing[0].row: missing}
    elif all(item.difference > 0 for item in differing) and sum(item.difference for item in differing) == missing:
        share = {item.row: item.difference for item in differing}
    else:
        return rows
    return [RowDifference(item.row, item.amount, item.costs, share.get(item.row, 0)) for item in rows]


def without_cost_table(book: Book) -> tuple[int, int]:
    """What the activities without a cost table cost together by the other tables: budget and extra-budget (kuruş)."""
    budget = extra = 0
    for entry in book.entries.values():
        figures = entry.figures()
        if not entry.costs and figures:
            own = figures[-1]
            extra += own.extra or 0
            budget += own.budget if own.budget is not None else (own.total or 0)
    return budget, extra


def _row_finding(item: RowDifference) -> Finding:
    facts = amounts(item.amount.kurus or 0, item.expected)
    if item.assigned:
        facts["expected"] += f" (maliyet tablosu olmayan faaliyetlerin {format_tl(item.assigned)} TL tutarıyla)"
    facts["values"] += [("difference", str(to_tl(item.difference)))]
    return finding(
        "KX308",
        item.amount.place,
        table="TKT",
        key=str(item.row.code or item.row.label),
        what=item.row.title,
        **facts,
    )


_PART = {"total": "", "budget": " (bütçe)", "extra": " (bütçe dışı)"}


def check_amounts(book: Book) -> list[Finding]:
    """KX301: at most one for an activity, at the table that stands alone with its figure."""
    return [found for entry in book.entries.values() for found in _differences(entry)]


def _differences(entry: Entry) -> Iterator[Finding]:
    figures = entry.figures()
    for part in PARTS:
        given = [figure for figure in figures if figure.part(part) is not None]
        if len({figure.part(part) for figure in given}) > 1:
            yield _difference(entry, given, part)
            return


def odd_one(figures: list[Figure], part: str) -> tuple[Figure, list[Figure]]:
    """The figure that is doubted, and those it is held against: the majority, else the cost tables."""
    counts = Counter(figure.part(part) for figure in figures)
    value, count = counts.most_common(1)[0]
    if count == 1:
        # The cost table is where the figure is made; the others repeat it.
        value = next((figure.part(part) for figure in figures if figure.table == "FMT"), figures[-1].part(part))
    odd = next(figure for figure in figures if figure.part(part) != value)
    return odd, [figure for figure in figures if figure is not odd]


def _difference(entry: Entry, figures: list[Figure], part: str) -> Finding:
    odd, others = odd_one(figures, part)
    found, expected = odd.part(part) or 0, others[0].part(part) or 0
    if len({other.part(part) for other in others}) == 1:
        table_b = " ve ".join(IN[other.table] for other in others)
    else:
        table_b = f"{IN[others[1].table]} {format_tl(others[1].part(part))}, {IN[others[0].table]}"
    facts = amounts(found, expected)
    facts["values"] += [(figure.table, str(to_tl(figure.part(part) or 0))) for figure in figures]
    return finding(
        "KX301",
        odd.place,
        table=odd.table,
        key=entry.code,
        label=entry.name,
        related=[other.place for other in others],
        table_a=IN[odd.table] + _PART[part],
        table_b=table_b,
        **facts,
    )


def check_presence(book: Book) -> list[Finding]:
    """KX302 for activities without a cost table, KX303 for those that a list lacks or that only one table has."""
    has_costs = bool(book.costs)
    has_summary = any(table.rows for table in book.summaries)
    has_responsible = any(entry.responsibles for entry in book.entries.values())
    found = []
    for entry in book.entries.values():
        if has_costs and not entry.costs:
            figure = entry.figures()[0]
            values = [("amount", str(to_tl(figure.total or 0)))]
            table = "PHT" if entry.targets else "İPT"
            found.append(finding("KX302", entry.place, table=table, key=entry.code, label=entry.name, values=values))
        for lacking, table, there in (
            (has_summary and not entry.summaries, "İPT", "performans hedefi tablosunda"),
            (has_responsible and not entry.responsibles, "SHB", "performans hedefi tablosunda"),
        ):
            if lacking:
                found.append(_lacking(table, entry.code, entry.name, entry.place, there, IN[table]))
    for orphan in book.orphans:
        only = f"yalnız {IN[orphan.table]}"
        found.append(
            _lacking(orphan.table, orphan.code, orphan.label, orphan.name.place, only, "başka tabloda karşılığı")
        )
    return found


def _lacking(table: str, code: str, name: str, place: Place, present: str, absent: str) -> Finding:
    full = name if name.startswith(code) else f"{code} {name}"
    return finding("KX303", place, table=table, key=code, label=name, found=full, present=present, absent=absent)
