"""Amounts of the five tables as the formula engine computed them, against the exact sums in whole kuruş."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kars_xl.base.money import excess, format_tl
from kars_xl.base.place import Place
from kars_xl.model.cost_rows import EXTRA_ROWS, CostRow
from kars_xl.model.programme import Activity, Costs, Programme
from kars_xl.reading.tables import Amount, AmountRow, CostTable, Document, ResourceMatrix, SummaryTable, TargetTable

_TURKISH = {
    "subtotal": "ara toplam",
    "grand_total": "genel toplam",
    "budget_total": "bütçe toplamı",
    "extra_total": "bütçe dışı toplamı",
    "need_total": "toplam kaynak ihtiyacı",
    "activity_column": "faaliyet toplamı",
    "activities_total": "performans hedefleri maliyetleri toplamı",
    "general": "genel yönetim giderleri",
    "transfers": "diğer idarelere transfer",
}

# A comparison: what the figure is, the figure as laid out, and what it must be (kuruş).
Comparison = tuple[str, Amount | None, int]


class Difference(NamedTuple):
    """A cell of the output that does not hold what it must; both values as a person reads them."""

    place: Place
    what: str
    found: str
    expected: str


def amount_differences(document: Document, programme: Programme) -> Iterator[Difference]:
    """Every amount of `document` that is not the programme's."""
    for what, amount, expected in _comparisons(document, programme):
        if amount is not None and (amount.kurus is None or excess(amount.kurus, expected)):
            yield Difference(amount.place, what, format_tl(amount.kurus), format_tl(expected))


def _comparisons(document: Document, programme: Programme) -> Iterator[Comparison]:
    activities = {activity.code: activity for activity in programme.activities}
    targets = {target.code: target.costs for target in programme.targets}
    for table in document.tables:
        if isinstance(table, CostTable):
            yield from _cost_table(table, activities)
        elif isinstance(table, TargetTable):
            code = table.heading.codes.get("target", "")
            for row in table.activities:
                yield from _amount_row(row.code, row.amounts, _costs(activities.get(row.code)))
            for label, row_amounts in table.totals.items():
                if code in targets:
                    yield from _amount_row(f"PH {code} {_TURKISH[label]}", row_amounts, targets[code])
        elif isinstance(table, SummaryTable):
            for summary in table.rows:
                yield from _amount_row(summary.code, summary.amounts, _costs(activities.get(summary.code)))
            totals = _totals(programme)
            for label, summary in table.totals.items():
                yield from _amount_row(_TURKISH[label], summary.amounts, totals[label])
        elif isinstance(table, ResourceMatrix):
            yield from _matrix(table, programme)


def _costs(activity: Activity | None) -> Costs:
    return activity.costs or Costs() if activity else Costs()


def _totals(programme: Programme) -> dict[str, Costs]:
    totals = programme.totals
    return {
        "activities_total": totals.activities,
        "general": totals.administration,
        "transfers": totals.transfers,
        "grand_total": totals.grand,
    }


def _cost_table(table: CostTable, activities: dict[str, Activity]) -> Iterator[Comparison]:
    code = table.heading.codes.get("activity_name", "")
    costs = _costs(activities.get(code))
    for row, amount in table.amounts.items():
        name = row.code or f"bütçe dışı {EXTRA_ROWS.index(row) + 1}"
        yield f"{code} / {name}", amount, costs[row]
    for total, amount in table.totals.items():
        yield f"{code} {_TURKISH[total.value]}", amount, costs[total]


def _amount_row(what: str, row: AmountRow, costs: Costs) -> Iterator[Comparison]:
    yield f"{what} bütçe", row.budget, costs.budget_total
    yield f"{what} bütçe dışı", row.extra, costs.extra_total
    yield f"{what} toplam", row.total, costs.total


def _matrix(table: ResourceMatrix, programme: Programme) -> Iterator[Comparison]:
    totals = _totals(programme)
    columns = {"activity_column": "activities_total"}
    for name, cells in table.columns.items():
        costs = totals[columns.get(name, name)]
        for key, amount in cells.items():
            row = key.label if isinstance(key, CostRow) else _TURKISH[key.value]
            yield f"Tablo 11 {_TURKISH[name]} / {row}", amount, costs[key]
