"""Last year's programme as the plan of a new year: what stays, what is asked for anew, what is kept to compare with."""

import re
from collections.abc import Iterator, Sequence
from typing import TypeVar

from msgspec.structs import replace

from kars_xl.base.text import squeeze
from kars_xl.model.programme import (
    Activity,
    Costs,
    Indicator,
    Institution,
    PastCosts,
    Programme,
    ProgrammeTable,
    Purpose,
    Target,
)
from kars_xl.model.sources import Contribution
from kars_xl.model.units import NO_UNIT, Unit, Units

# Beyond this distance none of a programme's three years is among those of the new one that can have figures yet.
MOST_YEARS = 2

_Facts = TypeVar("_Facts", Institution, Purpose)


def roll_over(programme: Programme, year: int, given: Sequence[Contribution] = ()) -> Programme:
    """The programme of `year`, one or two years later: every indicator value stays with its own year. Costs, Tablo 11's
    columns and the general tables' figures are those of the old year, so they are asked for anew; goals, targets with
    their notes, indicators, activities, units, policies and the tables' rows stay. What was `given` for the activities
    is kept beside it, for the new amounts to be held against."""
    years = year - programme.year
    costs: dict[tuple[str, Unit], Costs] = {}
    for item in given:
        key = (item.activity, item.sender.unit)
        costs[key] = costs.get(key, Costs()) + item.costs
    known = [(activity.code, NO_UNIT, activity.costs) for activity in programme.activities if activity.costs]
    known = [(code, unit, sum_) for (code, unit), sum_ in costs.items()] or known
    past = tuple(PastCosts(code, programme.year, unit, spent) for code, unit, spent in known if spent.total)
    past = past or programme.past

    def indicator(item: Indicator) -> Indicator:
        return replace(item, values=(*item.values, None, None)[years : years + 3])

    def table(known: ProgrammeTable) -> ProgrammeTable:
        """A list stays as it was, to be mended."""
        blank = (None,) * len(known.columns)
        # What is said beside a figure ("24.500 m2 kapalı") is as old as the figure.
        return replace(known, rows=tuple(row._replace(values=blank, note="") for row in known.rows))

    def target(known: Target) -> Target:
        activities = tuple(replace(activity, costs=None) for activity in known.activities)
        return replace(known, indicators=tuple(map(indicator, known.indicators)), activities=activities)

    targets, tables = tuple(map(target, programme.targets)), tuple(map(table, programme.general_tables))
    blank = replace(programme, administration=None, transfers=None)
    return replace(blank, year=year, targets=targets, general_tables=tables, past=past)


def with_known(programme: Programme, known: Programme) -> Programme:
    """With what a published programme does not say and a plan does: addresses, who keeps which table and fills which
    indicator, policies, limits."""
    owners = {item.code: item.units for target in known.targets for item in target.indicators}

    def owned(target: Target) -> Target:
        indicators = (replace(item, units=item.units or owners.get(item.code, ())) for item in target.indicators)
        return replace(target, indicators=tuple(indicators))

    keepers = {squeeze(table.title): table.unit for table in known.general_tables}
    tables = (replace(table, unit=keepers.get(squeeze(table.title), table.unit)) for table in programme.general_tables)
    return replace(
        programme,
        targets=tuple(map(owned, programme.targets)),
        limits=known.limits,
        institution=_filled(programme.institution, known.institution),
        units=tuple(Units((*programme.units, *known.units))),
        general_tables=tuple(tables),
        purpose=_filled(programme.purpose, known.purpose),
        policies=programme.policies or known.policies,
    )


def _filled(facts: _Facts, known: _Facts) -> _Facts:
    """`facts` with what is blank in them taken from `known`."""
    values = {name: getattr(facts, name) or getattr(known, name) for name in facts.__struct_fields__}
    return replace(facts, **values)


def wording_of_year(programme: Programme, year: int) -> Iterator[str]:
    """Codes of targets, indicators and activities whose wording names `year`, in order."""
    named = re.compile(rf"(?<!\d){year}(?!\d)")
    for target in programme.targets:
        if named.search(f"{target.name}\n{target.note}"):
            yield target.code
        below: tuple[Indicator | Activity, ...] = (*target.indicators, *target.activities)
        yield from (item.code for item in below if named.search(item.name))


def has_figures(programme: Programme) -> bool:
    """Whether any indicator has a value of an earlier year, for forms to show."""
    indicators = (item for target in programme.targets for item in target.indicators)
    return any(value is not None for item in indicators for value in item.values[:2])
