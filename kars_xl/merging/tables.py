"""Target and cost tables of many documents become goals, targets, indicators and activities with their sums."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain

from kars_xl.base.text import code_key, parent_code
from kars_xl.findings.finding import WARNING
from kars_xl.merging.notes import Known, Notes, Wanted, match_names
from kars_xl.model.cost_rows import BUDGET_ROWS, COLUMN_NAMES, CostRow, CostTotal
from kars_xl.model.programme import Activity, Indicator, IndicatorValue, Target, by_code, total_costs
from kars_xl.model.sources import ColumnSource, Contribution, IndicatorSource
from kars_xl.model.units import Unit
from kars_xl.reading.cell_values import format_indicator
from kars_xl.reading.tables import CostTable, Document, IndicatorRow, ResourceMatrix, TargetTable, costs_of

Tables = Mapping[str, list[TargetTable]]
_YEARS = ("t-1", "t", "t+1")


def target_tables(documents: Sequence[Document], notes: Notes) -> Tables:
    """Target tables by the target's code, in code order; notes how goal, objective and target are called."""
    found: dict[str, list[TargetTable]] = defaultdict(list)
    for document in documents:
        for line in document.goals:
            notes.call(line.kind, line.code, line.text)
        for table in document.targets:
            if code := target_code(table):
                found[code].append(table)
            else:
                notes.report("KX113", table.place, table="PHT", found=table.heading.text("target") or "hedef tablosu")
    ordered = {code: found[code] for code in by_code(found)}
    for code, table in ((code, table) for code, tables in ordered.items() for table in tables):
        texts = table.heading.texts
        # Merge rule 8: a blank Performans Hedefi takes the Hedef's text.
        notes.call("target", code, texts.get("target" if table.heading.text("target") else "objective"))
        notes.call("objective", objective_code(table, code), texts.get("objective"))
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
    above = ".".join(map(str, code_key(code)[:2]))
    return _with_zeros(table.heading.codes.get("objective") or above, [above])


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
    name, goal, objective = notes.name("target", code), goal_code(tables[0], code), objective_code(tables[0], code)
    note = " ".join(dict.fromkeys(filter(None, (table.heading.text("note") for table in tables))))
    return Target(code, name, goal, objective, note, tuple(_indicators(tables, notes)), tuple(activities.get(code, ())))


def _indicators(tables: list[TargetTable], notes: Notes) -> Iterator[Indicator]:
    given: dict[str, list[tuple[IndicatorRow, TargetTable]]] = defaultdict(list)
    for table in tables:
        for row in table.indicators:
            given[row.code].append((row, table))
            notes.call("indicator", row.code, row.name)
    for code in by_code(given):
        owners_first = sorted(given[code], key=lambda item: not notes.asks(item[0]))
        first, second, third = (_value(code, index, owners_first, notes) for index in range(3))
        yield Indicator(code, notes.name("indicator", code), (first, second, third))


def _value(code: str, index: int, given: list[tuple[IndicatorRow, TargetTable]], notes: Notes) -> IndicatorValue | None:
    """The value that all forms give; a blank cell is reported, and so are two different values (merge rule 4). Who need
    not give it has given nothing with a blank or a dash."""
    first: IndicatorRow | None = None
    for row, table in given:
        value, place = row.values[index], row.places[index]
        if (value is None or value.amount is None) and not notes.asks(row):
            continue
        label = year_label(table.years, index)
        if value is None and place not in notes.told:
            notes.report("KX101", place, table="PHT", key=code, what=f"{code} göstergesinin {label} değeri", blank="-")
        first = row if first is None and value is not None else first
        if first is not None and value not in (None, first.values[index]):
            unit, other_unit = (notes.unit_at(it).name for it in (place, first.places[index]))
            if not unit or not other_unit or unit == other_unit:
                unit, other_unit = "burada", "ilgili yerde"
            facts = {"found": format_indicator(value), "other": format_indicator(first.values[index])}
            facts |= {"unit": unit, "other_unit": other_unit}
            notes.report("KX205", place, table="PHT", key=code, related=[first.places[index]], year=label, **facts)
    return first.values[index] if first else None


def indicator_sources(documents: Iterable[Document], notes: Notes) -> tuple[IndicatorSource, ...]:
    """Each indicator as each form gave it; who need not give it and left it blank gave none."""
    return tuple(
        IndicatorSource(indicator=row.code, values=row.values, places=row.places, sender=notes.sender(document))
        for document in documents
        for table in document.targets
        for row in table.indicators
        if notes.asks(row) or any(value and value.amount is not None for value in row.values)
    )


def contributions_of(documents: Sequence[Document], targets: Tables, notes: Notes) -> list[Contribution]:
    """One for each cost table that could be told to an activity; an activity twice from one unit is reported."""
    known = known_activities(chain.from_iterable(targets.values()))
    known_codes = {activity.code for activity in known}
    found: list[Contribution] = []
    for document in documents:
        for table, code in zip(document.costs, cost_codes(document, known), strict=True):
            if code in known_codes:
                notes.call("activity", str(code), table.heading.texts.get("activity_name"))
                found += _contribution(document, table, str(code), notes)
    _report_duplicates(found, notes)
    return found


def known_activities(tables: Iterable[TargetTable]) -> list[Known]:
    """Every activity of the target tables once, with the wording of its target."""
    known: dict[str, Known] = {}
    for table in tables:
        target = table.heading.text("target") or table.heading.text("objective")
        for row in table.activities:
            known.setdefault(row.code, Known(row.code, row.name.value, target))
    return list(known.values())


def cost_codes(document: Document, known: Sequence[Known]) -> list[str | None]:
    """The activity of each cost table of a document, by its code, else by its wording; None where it can't be told."""
    headings = [table.heading for table in document.costs]
    codes = [heading.codes.get("activity_name") for heading in headings]
    wanted = [Wanted(it.text("activity_name"), it.text("target")) for it in headings if "activity_name" not in it.codes]
    if not wanted:
        return codes  # else each form would go through the activities of all
    told = iter(match_names(wanted, [activity for activity in known if activity.code not in codes]))
    return [next(told) if code is None else code for code in codes]


def _contribution(document: Document, table: CostTable, code: str, notes: Notes) -> list[Contribution]:
    amounts = table.amounts.values()
    if not any(amount.given for amount in amounts):
        first = table.amounts.get(CostRow.GOODS_AND_SERVICES)
        place = first.place if first else table.place
        notes.report("KX101", place, table="FMT", key=code, what=f"{code} faaliyetinin tutarı", blank="0")
    if any(amount.kurus is None for amount in amounts):
        return []
    sender = notes.sender(document, table.heading.texts.get("responsible"))
    place = table.totals[CostTotal.NEED].place if CostTotal.NEED in table.totals else table.place
    places = {row: amount.place for row, amount in table.amounts.items()}
    return [Contribution(activity=code, costs=costs_of(table.amounts), place=place, sender=sender, places=places)]


def _report_duplicates(contributions: Sequence[Contribution], notes: Notes) -> None:
    """The same activity twice from one unit: one finding for each pair of files, however many activities. A table that
    names several units is that of any of them, so with another of one of these it is there twice."""
    first: dict[tuple[str, Unit], Contribution] = {}
    pairs: dict[tuple[Unit, str, str], list[tuple[Contribution, Contribution]]] = defaultdict(list)
    for given in contributions:
        units = given.sender.unit.parts or [given.sender.unit]
        known = [first.setdefault((given.activity, unit), given) for unit in units]
        if earlier := next((it for it in known if it is not given), None):
            pairs[given.sender.unit, earlier.place.file, given.place.file].append((earlier, given))
    for (unit, _, _), twice in pairs.items():
        codes = [given.activity for _, given in twice]
        key = ", ".join(codes[:3]) + (f" ve {len(codes) - 3} faaliyet daha" if len(codes) > 3 else "")
        related = [earlier.place for earlier, _ in twice]
        whose = ", ".join(map(str, unit.parts)) or "aynı birim"
        notes.report("KX204", twice[0][1].place, table="FMT", key=key, unit=whose, related=related)


def activities_of(targets: Tables, contributions: Sequence[Contribution], notes: Notes) -> Mapping[str, list[Activity]]:
    """Activities by target's code, each with the sum of its cost tables and all its units (merge rule 2)."""
    given: dict[str, list[Contribution]] = defaultdict(list)
    for contribution in contributions:
        given[contribution.activity].append(contribution)
    result: dict[str, list[Activity]] = {target: [] for target in targets}
    seen: set[str] = set()
    for target, tables in targets.items():
        rows = [row for table in tables for row in table.activities]
        for row in reversed(rows):
            notes.call("activity", row.code, row.name, first=True)
        for code in by_code({row.code for row in rows} - seen):
            own = given[code]
            units = tuple(dict.fromkeys(notes.units.of(unit) for part in own for unit in part.sender.unit.parts))
            costs = total_costs(part.costs for part in own) if own else None
            result[target].append(Activity(code, notes.name("activity", code), units, costs))
            seen.add(code)
    return result


def finance_columns(documents: Sequence[Document], notes: Notes) -> tuple[ColumnSource, ...]:
    """Tablo 11's columns of the finance office, general and transfers (merge rule 6); () where nobody gave them."""
    given = [(it, matrix) for it in documents for matrix in it.matrices if set(COLUMN_NAMES) & matrix.columns.keys()]
    if not given:
        return ()
    if len(given) > 1:
        places = [matrix.place for _, matrix in given]
        notes.report("KX204", places[1], table="TKT", key="Tablo 11", unit="Mali Hizmetler", related=places[:1])
    document, matrix = given[0]
    if missing := [str(row.code) for row in BUDGET_ROWS if not any(row in rows for rows in matrix.columns.values())]:
        what = f"Tablo 11'de {', '.join(missing)} ekonomik kodunun satırı"
        notes.report("KX101", matrix.place, table="TKT", severity=WARNING, what=what, blank="0")
    return tuple(_column(document, matrix, name, notes) for name in COLUMN_NAMES)


def _column(document: Document, matrix: ResourceMatrix, name: str, notes: Notes) -> ColumnSource:
    amounts = matrix.columns.get(name, {})
    if not any(amount.given for key, amount in amounts.items() if key in BUDGET_ROWS):
        place = next(iter(amounts.values())).place if amounts else matrix.place
        notes.report("KX101", place, table="TKT", what=f"{COLUMN_NAMES[name]} sütunu", blank="0")
    place = amounts[CostTotal.GRAND].place if CostTotal.GRAND in amounts else matrix.place
    places, sender = {row: amounts[row].place for row in CostRow if row in amounts}, notes.sender(document)
    return ColumnSource(column=name, costs=costs_of(amounts), place=place, sender=sender, places=places)
