"""A programme → the rows of its tidy tables, in the order of kars_xl.export.tables. Pure; amounts are exact TL."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from decimal import Decimal

from kars_xl.base.money import to_tl
from kars_xl.checking.indicator_names import unit_of
from kars_xl.checking.source import Source
from kars_xl.findings.merged import Merged
from kars_xl.model.cost_rows import COST_TABLE_ROWS, CostRow
from kars_xl.model.general_tables import ProgrammeTable
from kars_xl.model.programme import (
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
from kars_xl.reports.diff.origins import Origin, origins_of
from kars_xl.reports.export.source_rows import source_rows, years_of
from kars_xl.reports.export.tables import SHAPES, Row, Shape, Value, figure
from kars_xl.workbook.nodes.sources import COLUMN_NAMES

BUDGET, EXTRA = "Bütçe", "Bütçe dışı"
# What stands in an indicator's cell: a figure, the dash of "no value", nothing.
GIVEN, DASH, BLANK = "değer", "çizgi", "boş"
Tables = Mapping[str, tuple[Shape, list[Row]]]


def tables_of(source: Source) -> Tables:
    """Every tidy table by its attribute. The source must have no error."""
    assert source.merged is not None
    programme = source.merged.programme
    year = programme.year or None
    rows: dict[str, list[Row]] = {
        "programme": [(programme.institution.name or None,)],
        "targets": [(*_target(programme, target), target.note or None) for target in programme.targets],
        "activities": [
            (activity.code, activity.name, *_target(programme, target))
            for target in programme.targets
            for activity in target.activities
        ],
        "costs": list(_costs(source, source.merged)),
        "overheads": list(_overheads(programme)),
        "units": [
            (unit.name, activity.code, activity.name) for activity in programme.activities for unit in activity.units
        ],
        "indicators": list(_indicators(programme)),
        "general_tables": [row for table in programme.general_tables for row in _general(table)],
        "sources": list(source_rows(source)),
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


def _costs(source: Source, merged: Merged) -> Iterator[Row]:
    given: dict[str, list[Contribution]] = {}
    for part in merged.contributions:
        given.setdefault(part.activity, []).append(part)
    origins = origins_of(source.kaynak).activities
    for target in merged.programme.targets:
        above = _target(merged.programme, target)
        for activity in target.activities:
            for unit, costs in _shares(activity, given.get(activity.code, []), origins.get(activity.code, ())):
                for item in _items(costs, COST_TABLE_ROWS, known=activity.code not in source.assumed):
                    yield (activity.code, activity.name, *above, unit and unit.name, *item)


def _shares(
    activity: Activity, given: Sequence[Contribution], origins: Sequence[Origin]
) -> list[tuple[Unit | None, Costs]]:
    """What each unit spends for an activity; None for units that share what nobody has split among them."""
    if activity.costs is None:
        return []
    if len(activity.units) < 2:
        return [(activity.units[0] if activity.units else None, activity.costs)]
    for parts in (
        [(part.sender.unit, part.costs) for part in given],
        [(origin.unit, origin.costs) for origin in origins if origin.costs is not None],
    ):
        named = len(parts) > 1 and {unit for unit, _ in parts} <= set(activity.units)
        if named and total_costs(costs for _, costs in parts) == activity.costs:
            return list(parts)
    return [(None, activity.costs)]


def _items(costs: Costs, rows: Container[CostRow], *, known: bool = True) -> Iterator[Row]:
    """(source, code, item, amount) of the table's `rows` and of all with money; of unknown code in one without it."""
    if not known:
        yield BUDGET, None, None, to_tl(costs.budget_total)
    for row, kurus in costs:
        if (known or not row.is_budget) and (kurus or row in rows):
            yield BUDGET if row.is_budget else EXTRA, row.code, row.label, to_tl(kurus)


def _overheads(programme: Programme) -> Iterator[Row]:
    for column, costs in (("general", programme.administration), ("transfers", programme.transfers)):
        if costs is not None:
            yield from ((COLUMN_NAMES[column], *item) for item in _items(costs, tuple(CostRow)))


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


def _general(table: ProgrammeTable) -> Iterator[Row]:
    """One row for each figure; a line without columns is a row of its own."""
    head: tuple[Value, ...] = (table.title or None, KINDS.get(table.kind, table.kind))
    for number, row in enumerate(table.rows, start=1):
        figures: list[tuple[str | None, Decimal | None]] = list(zip(table.columns, row.values, strict=True))
        for column, value in figures or [(None, None)]:
            yield (*head, number, row.label or None, column, figure(value), row.subtotal, row.note or None)
