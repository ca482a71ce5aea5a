"""Tablo 11: by economic code against the cost tables (KX308), and its reserve (KX312)."""

from collections.abc import Iterator
from itertools import chain, product
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from kars_xl.base.money import excess, format_tl, to_tl
from kars_xl.checking.book import Book, parts_of
from kars_xl.findings.finding import Finding, amounts, finding
from kars_xl.model.cost_rows import CostRow
from kars_xl.model.programme import total_costs
from kars_xl.reading.labels import display_name
from kars_xl.reading.tables import Amount, ResourceMatrix


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
