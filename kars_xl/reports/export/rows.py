"""A programme → the rows of its tidy tables, in the order of kars_xl.export.tables. Pure; amounts are exact TL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from kars_xl.base.money import to_tl
from kars_xl.checking.indicator_names import unit_of
from kars_xl.findings.merged import Merged
from kars_xl.model.general_tables import InformationTable
from kars_xl.model.programme import (
    ECONOMIC_CODES,
    EXTRA_SOURCES,
    Activity,
    Costs,
    IndicatorValue,
    Programme,
    Target,
    total_costs,
)
from kars_xl.model.sources import Contribution
from kars_xl.model.units import Unit
from kars_xl.reading.general.kinds import KINDS
from kars_xl.reports.export.source import Told
from kars_xl.reports.export.source_rows import source_rows, years_of
from kars_xl.reports.export.tables import SHAPES, Row, Shape, Value, figure
from kars_xl.workbook.nodes.sources import COLUMN_NAMES

BUDGET, EXTRA = "Bütçe", "Bütçe dışı"
# What stands in an indicator's cell: a figure, the dash of "no value", nothing.
GIVEN, DASH, BLANK = "değer", "çizgi", "boş"
_LAST_IN_TABLE = 8  # a cost table has no row for the reserve
Tables = Mapping[str, tuple[Shape, list[Row]]]


def tables_of(told: Told) -> Tables:
    """Every tidy table by its attribute. The source must have no error."""
    assert told.merged is not None
    programme = told.merged.programme
    year = programme.year or None
    rows: dict[str, list[Row]] = {
        "programme": [(programme.institution.name or None,)],
        "targets": [(*_target(programme, target), target.note or None) for target in programme.targets],
        "activities": [
            (activity.code, activity.name, *_target(programme, target))
            for target in programme.targets
            for activity in target.activities
        ],
        "costs": list(_costs(told, told.merged)),
        "overheads": list(_overheads(programme)),
        "units": [
            (unit.name, activity.code, activity.name) for activity in programme.activities for unit in activity.units
        ],
        "indicators": list(_indicators(programme)),
        "general_tables": [row for table in programme.information for row in _general(table)],
        "sources": list(source_rows(told)),
    }
    return {shape.attribute: (shape, [(year, *row) for row in rows[shape.attribute]]) for shape in SHAPES}


def prefixed(letters: str, code: str) -> str | None:
    """ "1.1" → "PH1.1", as the strategic plans' guide writes codes: a bare 1.1 becomes a date wherever it is opened."""
    return f"{letters}{code}" if code[:1].isdigit() else code or None


def _target(programme: Programme, target: Target) -> Row:
    objectives = {item.code: item.name for item in programme.objectives}
    goals = {item.code: item.name for item in programme.goals}
    return (
        prefixed("PH", target.code),
        target.name or None,
        prefixed("H", target.objective),
        objectives.get(target.objective) or None,
        prefixed("A", target.goal),
        goals.get(target.goal) or None,
    )


def _costs(told: Told, merged: Merged) -> Iterator[Row]:
    given: dict[str, list[Contribution]] = {}
    for part in merged.contributions:
        given.setdefault(part.activity, []).append(part)
    for target in merged.programme.targets:
        above = _target(merged.programme, target)
        for activity in target.activities:
            for unit, costs in _shares(told, activity, given.get(activity.code, [])):
                for item in _items(costs, _LAST_IN_TABLE, known=activity.code not in told.assumed):
                    yield (activity.code, activity.name, *above, unit and unit.name, *item)


def _shares(told: Told, activity: Activity, given: list[Contribution]) -> list[tuple[Unit | None, Costs]]:
    """What each unit spends for an activity; None for units that share what nobody has split among them."""
    if activity.costs is None:
        return []
    if len(activity.units) < 2:
        return [(activity.units[0] if activity.units else None, activity.costs)]
    for parts in (
        [(part.sender.unit, part.costs) for part in given],
        [(origin.unit, origin.costs) for origin in told.shares.get(activity.code, ()) if origin.costs is not None],
    ):
        named = len(parts) > 1 and {unit for unit, _ in parts} <= set(activity.units)
        if named and total_costs(costs for _, costs in parts) == activity.costs:
            return list(parts)
    return [(None, activity.costs)]


def _items(costs: Costs, last: int, *, known: bool = True) -> Iterator[Row]:
    """(source, code, item, amount) for each row of a cost table; an amount of unknown code is one without it."""
    if known:
        for code, name in ECONOMIC_CODES.items():
            if code <= last or costs.budget[code - 1]:
                yield BUDGET, code, name, to_tl(costs.budget[code - 1])
    else:
        yield BUDGET, None, None, to_tl(costs.budget_total)
    for name, kurus in zip(EXTRA_SOURCES, costs.extra, strict=True):
        yield EXTRA, None, name, to_tl(kurus)


def _overheads(programme: Programme) -> Iterator[Row]:
    for column, costs in (("general", programme.general), ("transfers", programme.transfers)):
        if costs is not None:
            yield from ((COLUMN_NAMES[column], *item) for item in _items(costs, len(ECONOMIC_CODES)))


def _indicators(programme: Programme) -> Iterator[Row]:
    for target in programme.targets:
        above = _target(programme, target)
        for indicator in target.indicators:
            unit = unit_of(indicator.name) or None
            for year, value in zip(years_of(programme), indicator.values, strict=True):
                yield (indicator.code, indicator.name, unit, *above, year, *_value(value))


def _value(value: IndicatorValue | None) -> tuple[Decimal | None, bool | None, str]:
    """(figure as printed, is it a percentage?, what stands there): 20% is 20 and True."""
    if value is None or value.amount is None:
        return None, None, BLANK if value is None else DASH
    return figure(value.amount), value.percent, GIVEN


def _general(table: InformationTable) -> Iterator[Row]:
    """One row for each figure; a line without columns is a row of its own."""
    head: tuple[Value, ...] = (table.title or None, KINDS.get(table.kind, table.kind))
    for number, row in enumerate(table.rows, start=1):
        figures: list[tuple[str | None, Decimal | None]] = list(zip(table.columns, row.values, strict=True))
        for column, value in figures or [(None, None)]:
            yield (*head, number, row.label or None, column, figure(value), row.subtotal, row.note or None)
