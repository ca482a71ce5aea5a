"""The five tables as laid out and computed, against the programme: amounts in whole kuruş, names word by word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from kars_xl.base.money import excess, format_tl
from kars_xl.base.place import Place
from kars_xl.base.text import squeeze
from kars_xl.model.cost_rows import EXTRA_ROWS, CostRow
from kars_xl.model.programme import Activity, Costs, Indicator, Programme
from kars_xl.reading.cell_values import format_indicator
from kars_xl.reading.tables import (
    ActivityRow,
    Amount,
    AmountRow,
    CostTable,
    Document,
    IndicatorRow,
    ResourceMatrix,
    SummaryRow,
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
# What an activity of which the programme knows nothing must cost; its name and units are not asked for.
_UNKNOWN = Activity("", "")

Activities = Mapping[str, Activity]


class Difference(NamedTuple):
    """A cell of the output that does not hold what it must; both values as a person reads them."""

    place: Place
    what: str
    found: str
    expected: str


def table_differences(document: Document, programme: Programme) -> Iterator[Difference]:
    """Every amount, name, unit and indicator value that is not the programme's; what the document lacks is none."""
    activities = {activity.code: activity for activity in programme.activities}
    indicators = {item.code: item for target in programme.targets for item in target.indicators}
    targets = {target.code: target.costs for target in programme.targets}
    sums = programme.totals
    totals = {"general": sums.administration, "transfers": sums.transfers, "grand_total": sums.grand}
    totals |= {"activities_total": sums.activities, "activity_column": sums.activities}
    for table in document.tables:
        if isinstance(table, CostTable):
            yield from _cost_table(table, activities)
        elif isinstance(table, TargetTable):
            code = table.heading.codes.get("target", "")
            for indicator in table.indicators:
                yield from _indicator(indicator, indicators.get(indicator.code))
            for row in table.activities:
                yield from _activity(row, activities)
            for label, amounts in table.totals.items() if code in targets else ():
                yield from _amounts(f"PH {code} {_TURKISH[label]}", amounts, targets[code])
        elif isinstance(table, SummaryTable):
            for summary in table.rows:
                yield from _activity(summary, activities)
            for label, summary in table.totals.items():
                yield from _amounts(_TURKISH[label], summary.amounts, totals[label])
        elif isinstance(table, ResourceMatrix):
            for column, cells in table.columns.items():
                for key, amount in cells.items():
                    name = key.label if isinstance(key, CostRow) else _TURKISH[key.value]
                    yield from _amount(f"Tablo 11 {_TURKISH[column]} / {name}", amount, totals[column][key])
        else:
            for line in table.rows:
                activity = activities.get(line.code, _UNKNOWN)
                yield from _name(line.activity, activity.code, activity.name)
                yield from _units(line.unit, activity)


def _cost_table(table: CostTable, activities: Activities) -> Iterator[Difference]:
    code = table.heading.codes.get("activity_name", "")
    activity = activities.get(code, _UNKNOWN)
    costs = activity.costs or Costs()
    for row, amount in table.amounts.items():
        name = row.code or f"bütçe dışı {EXTRA_ROWS.index(row) + 1}"
        yield from _amount(f"{code} / {name}", amount, costs[row])
    for total, amount in table.totals.items():
        yield from _amount(f"{code} {_TURKISH[total.value]}", amount, costs[total])
    yield from _name(table.heading.texts.get("activity_name"), activity.code, activity.name)
    yield from _units(table.heading.texts.get("responsible"), activity)


def _activity(row: ActivityRow | SummaryRow, activities: Activities) -> Iterator[Difference]:
    activity = activities.get(row.code, _UNKNOWN)
    yield from _amounts(row.code, row.amounts, activity.costs or Costs())
    yield from _name(row.name, row.code, activity.name)


def _indicator(row: IndicatorRow, indicator: Indicator | None) -> Iterator[Difference]:
    if indicator is None:
        return
    yield from _name(row.name, row.code, indicator.name)
    for found, expected, place in zip(row.values, indicator.values, row.places, strict=True):
        if found != expected:
            yield Difference(place, f"{row.code} değeri", format_indicator(found), format_indicator(expected))


def _amounts(what: str, row: AmountRow, costs: Costs) -> Iterator[Difference]:
    yield from _amount(f"{what} bütçe", row.budget, costs.budget_total)
    yield from _amount(f"{what} bütçe dışı", row.extra, costs.extra_total)
    yield from _amount(f"{what} toplam", row.total, costs.total)


def _amount(what: str, amount: Amount | None, expected: int) -> Iterator[Difference]:
    """`expected` in kuruş."""
    if amount is not None and (amount.kurus is None or excess(amount.kurus, expected)):
        yield Difference(amount.place, what, format_tl(amount.kurus), format_tl(expected))


def _name(text: Text | None, code: str, expected: str) -> Iterator[Difference]:
    """A name may stand with more around it (its code, a number), but it must stand there."""
    if text is not None and squeeze(expected) not in squeeze(text.value):
        yield Difference(text.place, f"{code} adı", f"“{text.value}”", f"“{expected}”")


def _units(text: Text | None, activity: Activity) -> Iterator[Difference]:
    if text is not None and any(squeeze(unit.name) not in squeeze(text.value) for unit in activity.units):
        yield Difference(
            text.place, f"{activity.code} birimi", f"“{text.value}”", f"“{', '.join(map(str, activity.units))}”"
        )
