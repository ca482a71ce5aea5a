"""Amounts of the five tables as the formula engine computed them, against the exact sums in whole kuruş."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kars_xl.base.money import excess, format_tl
from kars_xl.base.place import Place
from kars_xl.base.text import squeeze
from kars_xl.model.cost_rows import EXTRA_ROWS, CostRow
from kars_xl.model.programme import Activity, Costs, Indicator, Programme
from kars_xl.reading.cell_values import format_indicator
from kars_xl.reading.tables import (
    Amount,
    AmountRow,
    CostTable,
    Document,
    ResourceMatrix,
    SummaryTable,
    TargetTable,
    Text,
)

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


def wording_differences(document: Document, programme: Programme) -> Iterator[Difference]:
    """Every name, unit and indicator value that is not the programme's; what the document lacks is no difference."""
    activities = {activity.code: activity for activity in programme.activities}
    indicators = {item.code: item for target in programme.targets for item in target.indicators}
    for table in document.tables:
        if isinstance(table, TargetTable):
            yield from _target_table(table, indicators, activities)
        elif isinstance(table, CostTable):
            activity = activities.get(table.heading.codes.get("activity_name", ""))
            if activity:
                yield from _name(table.heading.texts.get("activity_name"), activity.code, activity.name)
                yield from _units(table.heading.texts.get("responsible"), activity)
    for row in (row for summary in document.summaries for row in summary.rows):
        if row.code in activities:
            yield from _name(row.name, row.code, activities[row.code].name)
    for line in (line for responsibility in document.responsibilities for line in responsibility.rows):
        if line.code in activities:
            yield from _name(line.activity, line.code, activities[line.code].name)
            yield from _units(line.unit, activities[line.code])


def _target_table(
    table: TargetTable, indicators: dict[str, Indicator], activities: dict[str, Activity]
) -> Iterator[Difference]:
    for row in table.indicators:
        indicator = indicators.get(row.code)
        if indicator is None:
            continue
        yield from _name(row.name, row.code, indicator.name)
        for found, expected, place in zip(row.values, indicator.values, row.places, strict=True):
            if found != expected:
                yield Difference(place, f"{row.code} değeri", format_indicator(found), format_indicator(expected))
    for line in table.activities:
        if line.code in activities:
            yield from _name(line.name, line.code, activities[line.code].name)


def _name(text: Text | None, code: str, expected: str) -> Iterator[Difference]:
    """A name may stand with more around it (its code, a number), but it must stand there."""
    if text is not None and squeeze(expected) not in squeeze(text.value):
        yield Difference(text.place, f"{code} adı", f"“{text.value}”", f"“{expected}”")


def _units(text: Text | None, activity: Activity) -> Iterator[Difference]:
    if text is not None and any(squeeze(unit.name) not in squeeze(text.value) for unit in activity.units):
        yield Difference(
            text.place, f"{activity.code} birimi", f"“{text.value}”", f"“{', '.join(map(str, activity.units))}”"
        )
