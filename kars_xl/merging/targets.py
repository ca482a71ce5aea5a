"""Target tables of many documents become targets, objectives and goals; indicators given twice must agree."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from kars_xl.base.text import code_key, parent_code
from kars_xl.merging.notes import Notes
from kars_xl.model.programme import Activity, Goal, Indicator, IndicatorValue, Objective, Target, by_code
from kars_xl.model.sources import IndicatorSource
from kars_xl.reading.cell_values import format_indicator
from kars_xl.reading.tables import Document, IndicatorRow, TargetTable

Tables = Mapping[str, list[TargetTable]]
_YEARS = ("t-1", "t", "t+1")


def target_tables(documents: Sequence[Document], notes: Notes) -> Tables:
    """Target tables by the target's code, in code order; notes how goal, objective and target are called."""
    found: dict[str, list[TargetTable]] = defaultdict(list)
    for document in documents:
        for line in document.goals:
            notes.call(line.kind, line.code, line.text)
        for table in document.targets:
            code = target_code(table)
            if code:
                found[code].append(table)
            else:
                notes.report("KX113", table.place, table="PHT", found=table.heading.text("target") or "hedef tablosu")
    ordered = {code: found[code] for code in by_code(found)}
    for code, table in ((code, table) for code, tables in ordered.items() for table in tables):
        texts = table.heading.texts
        target, objective = texts.get("target"), texts.get("objective")
        if not (target and target.value) and objective:
            target = objective  # merge rule 8: a blank Performans Hedefi takes the Hedef's text
        notes.call("target", code, target)
        notes.call("objective", objective_code(table, code), objective)
        notes.call("goal", goal_code(table, code), texts.get("goal"))
    return ordered


def target_code(table: TargetTable) -> str:
    """The target's code: beside its label, else what its indicators' and activities' codes begin with."""
    children = Counter(parent_code(code) for code in table.codes)
    if code := table.heading.codes.get("target"):
        return _with_zeros(code, children)
    return children.most_common(1)[0][0] if children else table.heading.codes.get("objective", "")


def _with_zeros(code: str, known: Collection[str]) -> str:
    """1.10 that was typed as a number has become 1.1; the codes below it still say 1.10, all of them."""
    (whole,) = known if len(known) == 1 else (code,)
    return whole if "." in code and whole.rstrip("0") == code else code


def objective_code(table: TargetTable, code: str) -> str:
    found = table.heading.codes.get("objective")
    above = ".".join(map(str, code_key(code)[:2]))
    return _with_zeros(found, [above]) if found else above


def goal_code(table: TargetTable, code: str) -> str:
    return table.heading.codes.get("goal") or ".".join(map(str, code_key(code)[:1]))


def year_label(years: Sequence[int | None], index: int) -> str:
    """The year of a value's column, by its place in the table where the heading's year could not be read."""
    year = years[index] if index < len(years) else None
    return str(year) if year else _YEARS[index]


def target_of(
    code: str, tables: list[TargetTable], activities: Mapping[str, Sequence[Activity]], notes: Notes
) -> Target:
    """One target from all tables that forms gave of it."""
    texts = dict.fromkeys(table.heading.text("note") for table in tables if table.heading.text("note"))
    return Target(
        code=code,
        name=notes.name("target", code),
        goal=goal_code(tables[0], code),
        objective=objective_code(tables[0], code),
        note=" ".join(texts),
        indicators=_indicators(tables, notes),
        activities=tuple(activities.get(code, ())),
    )


def _indicators(tables: list[TargetTable], notes: Notes) -> tuple[Indicator, ...]:
    given: dict[str, list[tuple[IndicatorRow, TargetTable]]] = defaultdict(list)
    for table in tables:
        for row in table.indicators:
            given[row.code].append((row, table))
            notes.call("indicator", row.code, row.name)
    result = []
    for code in by_code(given):
        first, second, third = (_value(code, index, given[code], notes) for index in range(3))
        result.append(Indicator(code, notes.name("indicator", code), (first, second, third)))
    return tuple(result)


def _value(code: str, index: int, given: list[tuple[IndicatorRow, TargetTable]], notes: Notes) -> IndicatorValue | None:
    """The value that all forms give; a blank cell is reported, and so are two different values (merge rule 4)."""
    first: IndicatorRow | None = None
    for row, table in given:
        value, place = row.values[index], row.places[index]
        label = year_label(table.years, index)
        if value is None:
            if place not in notes.told:
                what = f"{code} göstergesinin {label} değeri"
                notes.report("KX101", place, table="PHT", key=code, what=what, blank="-")
        elif first is None:
            first = row
        elif value != first.values[index]:
            facts = {"found": format_indicator(value), "other": format_indicator(first.values[index])}
            related = [first.places[index]]
            notes.report("KX205", place, table="PHT", key=code, related=related, year=label, **facts)
    return first.values[index] if first else None


def indicator_sources(documents: Iterable[Document], notes: Notes) -> tuple[IndicatorSource, ...]:
    """Each indicator as each form gave it."""
    return tuple(
        IndicatorSource(indicator=row.code, values=row.values, places=row.places, sender=notes.sender(document))
        for document in documents
        for table in document.targets
        for row in table.indicators
    )


def goals_of(targets: Iterable[Target], notes: Notes) -> tuple[Goal, ...]:
    codes = by_code([*notes.codes("goal"), *(target.goal for target in targets)])
    return tuple(Goal(code, notes.name("goal", code)) for code in codes)


def objectives_of(targets: Iterable[Target], notes: Notes) -> tuple[Objective, ...]:
    codes = by_code([*notes.codes("objective"), *(target.objective for target in targets)])
    return tuple(Objective(code, notes.name("objective", code)) for code in codes)
