"""Cost tables of many documents become activities: told to their activity and summed by economic code."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from kars_xl.findings.finding import WARNING
from kars_xl.merging.notes import Known, Notes, Wanted, match_names
from kars_xl.merging.targets import Tables
from kars_xl.model.cost_rows import BUDGET_ROWS, CostRow, CostTotal
from kars_xl.model.programme import Activity, by_code, total_costs
from kars_xl.model.sources import ColumnSource, Contribution
from kars_xl.model.units import Unit
from kars_xl.reading.tables import ActivityRow, CostTable, Document, ResourceMatrix, costs_of

_COLUMNS = {"general": "Genel Yönetim Giderleri", "transfers": "Transferler ve Yedek Ödenek"}


def contributions_of(documents: Sequence[Document], targets: Tables, notes: Notes) -> list[Contribution]:
    """One for each cost table that could be told to an activity; an activity twice from one unit is reported."""
    known = known_activities(targets)
    known_codes = {activity.code for activity in known}
    found: list[Contribution] = []
    for document in documents:
        for table, code in zip(document.costs, cost_codes(document, known), strict=True):
            if code in known_codes:
                notes.call("activity", str(code), table.heading.texts.get("activity_name"))
                found += _contribution(document, table, str(code), notes)
    _report_duplicates(found, notes)
    return found


def known_activities(targets: Tables) -> list[Known]:
    """Every activity of the target tables once, with the wording of its target."""
    known: dict[str, Known] = {}
    for tables in targets.values():
        for table in tables:
            target = table.heading.text("target") or table.heading.text("objective")
            for row in table.activities:
                known.setdefault(row.code, Known(row.code, row.name.value, target))
    return list(known.values())


def cost_codes(document: Document, known: Sequence[Known]) -> list[str | None]:
    """The activity of each cost table of a document, by its code, else by its wording; None where it can't be told."""
    codes: list[str | None] = [table.heading.codes.get("activity_name") for table in document.costs]
    open_tables = [index for index, code in enumerate(codes) if code is None]
    if not open_tables:
        return codes
    headings = [document.costs[index].heading for index in open_tables]
    wanted = [Wanted(heading.text("activity_name"), heading.text("target")) for heading in headings]
    free = [activity for activity in known if activity.code not in codes]
    for index, code in zip(open_tables, match_names(wanted, free), strict=True):
        codes[index] = code
    return codes


def _contribution(document: Document, table: CostTable, code: str, notes: Notes) -> list[Contribution]:
    amounts = table.amounts.values()
    if not any(amount.given for amount in amounts):
        first = table.amounts.get(CostRow.GOODS_AND_SERVICES)
        place = first.place if first else table.place
        notes.report("KX101", place, table="FMT", key=code, what=f"{code} faaliyetinin tutarı", blank="0")
    if any(amount.kurus is None for amount in amounts):
        return []
    costs = costs_of(table.amounts)
    sender = notes.sender(document, table.heading.texts.get("responsible"))
    total = table.totals.get(CostTotal.NEED)
    place = total.place if total else table.place
    places = {row: amount.place for row, amount in table.amounts.items()}
    return [Contribution(activity=code, costs=costs, place=place, sender=sender, places=places)]


def _report_duplicates(contributions: Sequence[Contribution], notes: Notes) -> None:
    """The same activity twice from one unit: one finding for each pair of files, however many activities.

    A table that names several units is that of any of them, so with another of one of these it is there twice.
    """
    first: dict[tuple[str, Unit], Contribution] = {}
    pairs: dict[tuple[Unit, str, str], list[tuple[Contribution, Contribution]]] = defaultdict(list)
    for given in contributions:
        units = given.sender.unit.parts or [given.sender.unit]
        earlier = next((known for unit in units if (known := first.get((given.activity, unit)))), None)
        for unit in units:
            first.setdefault((given.activity, unit), given)
        if earlier is not None:
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
    seen: dict[str, str] = {}
    for target, tables in targets.items():
        rows: dict[str, list[ActivityRow]] = defaultdict(list)
        for table in tables:
            for row in table.activities:
                rows[row.code].append(row)
        for code in by_code(rows):
            for row in reversed(rows[code]):
                notes.call("activity", code, row.name, first=True)
            if seen.setdefault(code, target) == target:
                result[target].append(_activity(code, given[code], notes))
    return result


def _activity(code: str, given: list[Contribution], notes: Notes) -> Activity:
    units = tuple(dict.fromkeys(notes.units.of(unit) for part in given for unit in part.sender.unit.parts))
    costs = total_costs(part.costs for part in given) if given else None
    return Activity(code, notes.name("activity", code), units, costs)


def finance_columns(documents: Sequence[Document], notes: Notes) -> tuple[ColumnSource, ...]:
    """Tablo 11's columns of the finance office, general and transfers (merge rule 6).

    () where nobody gave them.
    """
    given = [(item, matrix) for item in documents for matrix in item.matrices if set(_COLUMNS) & matrix.columns.keys()]
    if not given:
        return ()
    if len(given) > 1:
        places = [matrix.place for _, matrix in given]
        notes.report("KX204", places[1], table="TKT", key="Tablo 11", unit="Mali Hizmetler", related=places[:1])
    document, matrix = given[0]
    if missing := [str(row.code) for row in BUDGET_ROWS if not any(row in rows for rows in matrix.columns.values())]:
        what = f"Tablo 11'de {', '.join(missing)} ekonomik kodunun satırı"
        notes.report("KX101", matrix.place, table="TKT", severity=WARNING, what=what, blank="0")
    return tuple(_column(document, matrix, name, notes) for name in _COLUMNS)


def _column(document: Document, matrix: ResourceMatrix, name: str, notes: Notes) -> ColumnSource:
    amounts = matrix.columns.get(name, {})
    if not any(amount.given for key, amount in amounts.items() if key in BUDGET_ROWS):
        place = next(iter(amounts.values())).place if amounts else matrix.place
        notes.report("KX101", place, table="TKT", what=f"{_COLUMNS[name]} sütunu", blank="0")
    costs = costs_of(amounts)
    total = amounts.get(CostTotal.GRAND)
    place = total.place if total else matrix.place
    places = {row: amounts[row].place for row in CostRow if row in amounts}
    return ColumnSource(column=name, costs=costs, place=place, sender=notes.sender(document), places=places)
