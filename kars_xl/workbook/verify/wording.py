"""Names, units and indicator values of the output against the programme: a template may take the wrong field."""

from __future__ import annotations

from collections.abc import Iterator

from kars_xl.base.text import squeeze
from kars_xl.model.programme import Activity, Indicator, Programme
from kars_xl.reading.cell_values import format_indicator
from kars_xl.reading.tables import CostTable, Document, TargetTable, Text
from kars_xl.workbook.verify.figures import Difference


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
