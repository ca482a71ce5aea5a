"""Cost tables of many documents become activities: told to their activity, summed by economic code, compared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from kars_xl.base.place import Place
from kars_xl.findings.catalogue import ERROR, WARNING, amounts
from kars_xl.merging.notes import Known, Notes, Wanted, match_names
from kars_xl.merging.targets import Tables
from kars_xl.model.cost_rows import BUDGET_ROWS, COST_TABLE_ROWS, PART_TOTALS, CostRow, CostTotal
from kars_xl.model.programme import Activity, Costs, by_code, total_costs
from kars_xl.model.sources import ColumnSource, Contribution
from kars_xl.model.units import Unit
from kars_xl.reading.tables import ActivityRow, Amount, CostTable, Document, ResourceMatrix, costs_of

# Findings of a table's parts that make its totals differ, too.
_SPOILED = ("KX102", "KX103", "KX104", "KX107", "KX112", "KX113")
_COLUMNS = {"general": "Genel Yönetim Giderleri", "transfers": "Transferler ve Yedek Ödenek"}
_TOTALS = {
    CostTotal.BUDGET: "Bütçe toplamı",
    CostTotal.EXTRA: "Bütçe dışı toplamı",
    CostTotal.NEED: "Toplam kaynak ihtiyacı",
    CostTotal.GRAND: "Genel toplam",
}


def contributions_of(documents: Sequence[Document], targets: Tables, notes: Notes) -> list[Contribution]:
    """One for each cost table that could be told to an activity; an activity twice from one unit is reported."""
    known = known_activities(targets)
    known_codes = {activity.code for activity in known}
    found: list[Contribution] = []
    for document in documents:
        for table, code in zip(document.costs, cost_codes(document, known), strict=True):
            name = table.heading.texts.get("activity_name")
            if code in known_codes:
                notes.call("activity", str(code), name)
                found += _contribution(document, table, str(code), notes)
            else:
                facts = {
                    "found": (name.value if name else "") or code or "?",
                    "present": "yalnız maliyet tablosunda",
                    "absent": "başka tabloda karşılığı",
                }
                notes.report("KX303", name.place if name else table.place, table="FMT", key=code or "", **facts)
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
        notes.unreadable.add((table.place.file, code))
        return []
    costs = costs_of(table.amounts)
    _check_totals(table, code, costs, notes)
    responsible = table.heading.texts.get("responsible")
    sender = notes.sender(document, responsible)
    if not sender.unit:
        place = responsible.place if responsible else table.place
        what = f"{code} faaliyetinin sorumlu harcama birimi"
        notes.report("KX310", place, table="FMT", key=code, what=what, read="")
    total = table.totals.get(CostTotal.NEED)
    place = total.place if total else table.place
    places = {row: amount.place for row, amount in table.amounts.items()}
    return [Contribution(activity=code, costs=costs, place=place, sender=sender, places=places)]


def _check_totals(table: CostTable, code: str, costs: Costs, notes: Notes) -> None:
    """KX108: a warning where all parts are there; with rows missing, what the total has more of may be theirs."""
    complete = table.amounts.keys() >= set(COST_TABLE_ROWS)
    if not notes.reported(_SPOILED, table.place.file, "FMT", code):
        _report_totals(table.totals, costs, notes, "FMT", code, severity="" if complete else ERROR)


def _report_totals(
    totals: Mapping[CostTotal, Amount], costs: Costs, notes: Notes, table: str, key: str, severity: str = ""
) -> None:
    """One finding for one cause: a formula that adds up what is wrong above it is right in itself."""
    found = {total: amount.kurus for total, amount in totals.items() if amount.given}
    for total, kurus in found.items():
        if kurus is None or kurus == costs[total]:
            continue
        parts = [found.get(part, costs[part]) for part in PART_TOTALS]
        if total not in PART_TOTALS and totals[total].formula and kurus == sum(part or 0 for part in parts):
            continue
        facts = amounts(kurus, costs[total])
        grave = severity if kurus > costs[total] else ""
        place = totals[total].place
        notes.report("KX108", place, table=table, key=key, severity=grave, what=_TOTALS[total], **facts)


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
            if seen.setdefault(code, target) != target:
                place, found = rows[code][0].name.place, f"{seen[code]} ve {target}"
                notes.report("KX305", place, table="PHT", key=code, found=found)
            else:
                result[target].append(_activity(code, rows[code], given[code], notes))
    return result


def _activity(code: str, rows: list[ActivityRow], given: list[Contribution], notes: Notes) -> Activity:
    for row in rows:
        own = [part for part in given if part.place.file == row.name.place.file]
        if own:
            _compare(row, own, notes)
        elif (row.name.place.file, code) not in notes.unreadable:
            # Every form that lists the activity must cost it, or its share of the total would be missed.
            notes.report("KX302", row.name.place, table="PHT", key=code)
    units = tuple(dict.fromkeys(notes.units.of(unit) for part in given for unit in part.sender.unit.parts))
    costs = total_costs(part.costs for part in given) if given else None
    return Activity(code, notes.name("activity", code), units, costs)


def _compare(row: ActivityRow, own: list[Contribution], notes: Notes) -> None:
    """The target table against the cost tables of the same file. One finding a row, however many columns differ."""
    costs = total_costs(part.costs for part in own)
    related = [part.place for part in own]
    for amount, expected in (
        (row.amounts.total, costs.total),
        (row.amounts.budget, costs.budget_total),
        (row.amounts.extra, costs.extra_total),
    ):
        if amount is None or not amount.given or amount.kurus is None or amount.kurus == expected:
            continue
        facts = amounts(amount.kurus, expected) | {"table": "PHT", "key": row.code, "related": related}
        if amount.formula and _explained(amount, own, row.code, notes):
            return
        if amount.formula:
            # A formula's stored result may be stale; the figure itself stands in the cost table.
            notes.report("KX108", amount.place, what=f"{row.code} tutarı", **facts)
        else:
            tables = {"table_a": "performans hedefi tablosunda", "table_b": "maliyet tablosunda"}
            notes.report("KX301", amount.place, **tables, **facts)
        return


def _explained(amount: Amount, own: Sequence[Contribution], code: str, notes: Notes) -> bool:
    """Whether a formula differs only because of what was found already in the cost table that it points to."""
    if len(own) > 1 and any(amount.kurus == part.costs.total for part in own):
        return True
    return any(notes.reported((*_SPOILED, "KX108"), file, "FMT", code) for file in {part.place.file for part in own})


def finance_columns(documents: Sequence[Document], notes: Notes) -> tuple[ColumnSource, ...]:
    """Tablo 11's columns of the finance office, general and transfers (merge rule 6).

    Their lack is an error, since totals need them; then there is nothing.
    """
    given = [(item, matrix) for item in documents for matrix in item.matrices if set(_COLUMNS) & matrix.columns.keys()]
    if not given:
        what = "Mali Hizmetler formu (Genel Yönetim Giderleri ve Transferler)"
        # It is the fault of none of the forms that came.
        notes.report("KX203", Place(""), table="TKT", what=what)
        return ()
    if len(given) > 1:
        places = [matrix.place for _, matrix in given]
        notes.report("KX204", places[1], table="TKT", key="Tablo 11", unit="Mali Hizmetler", related=places[:1])
    document, matrix = given[0]
    if missing := [str(row.code) for row in BUDGET_ROWS if not any(row in rows for rows in matrix.columns.values())]:
        what = f"Tablo 11'de {', '.join(missing)} ekonomik kodunun satırı"
        notes.report("KX101", matrix.place, table="TKT", severity=WARNING, what=what, blank="0")
    if not notes.reported(_SPOILED, matrix.place.file, "TKT"):
        _check_rows(matrix, notes)
    return tuple(_column(document, matrix, name, notes) for name in _COLUMNS)


def _check_rows(matrix: ResourceMatrix, notes: Notes) -> None:
    """KX108: a row's total that is not the sum of its columns."""
    for key, total in matrix.columns.get("grand_total", {}).items():
        parts = [rows[key] for name, rows in matrix.columns.items() if name != "grand_total" and key in rows]
        expected = sum(part.kurus or 0 for part in parts)
        if isinstance(key, CostTotal):
            what = _TOTALS[key]
        else:
            what = f"{key.code} ekonomik kodunun" if key.is_budget else key.label
        if total.given and total.kurus not in (None, expected) and not total.formula:
            facts = amounts(total.kurus or 0, expected)
            notes.report("KX108", total.place, table="TKT", what=f"{what} toplamı", **facts)


def _column(document: Document, matrix: ResourceMatrix, name: str, notes: Notes) -> ColumnSource:
    amounts = matrix.columns.get(name, {})
    if not any(amount.given for key, amount in amounts.items() if key in BUDGET_ROWS):
        place = next(iter(amounts.values())).place if amounts else matrix.place
        notes.report("KX101", place, table="TKT", what=f"{_COLUMNS[name]} sütunu", blank="0")
    costs = costs_of(amounts)
    totals = {key: amount for key, amount in amounts.items() if isinstance(key, CostTotal)}
    if not notes.reported(_SPOILED, matrix.place.file, "TKT"):
        complete = amounts.keys() >= set(BUDGET_ROWS) or not amounts
        _report_totals(totals, costs, notes, "TKT", "", severity="" if complete else ERROR)
    total = amounts.get(CostTotal.GRAND)
    place = total.place if total else matrix.place
    places = {row: amounts[row].place for row in CostRow if row in amounts}
    return ColumnSource(column=name, costs=costs, place=place, sender=notes.sender(document), places=places)
