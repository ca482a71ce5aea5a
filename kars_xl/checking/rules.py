"""The rules, each a pure function that returns findings: those between tables, and what else forms are held against."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

from msgspec.structs import replace

from kars_xl.base.money import format_decimal
from kars_xl.base.place import Place
from kars_xl.base.text import code_key, parent_code
from kars_xl.checking.book import Book
from kars_xl.checking.general.rules import check_general_tables
from kars_xl.checking.indicator_names import PERCENT, unit_of
from kars_xl.checking.known_amounts import check_known_amounts, check_last_year
from kars_xl.checking.quality import advise
from kars_xl.checking.tables import RULES
from kars_xl.findings.finding import Effect, Finding, Merged, finding
from kars_xl.merging.tables import target_code, year_label
from kars_xl.model.programme import Programme, Target, by_code
from kars_xl.model.sources import Contribution
from kars_xl.model.units import Unit
from kars_xl.reading.cell_values import format_indicator
from kars_xl.reading.tables import ActivityRow, Document, IndicatorRow, TargetTable


def check_tables(book: Book) -> list[Finding]:
    """What the tables of a programme say against each other and by themselves."""
    return [found for rule in RULES for found in rule(book)]


def check_finance(merged: Merged) -> list[Finding]:
    """KX203 without the finance office's columns of Tablo 11. It is the fault of none of the forms that came."""
    what = "Mali Hizmetler formu (Genel Yönetim Giderleri, Diğer İdarelere Transfer + Yedek Ödenek)"
    return [] if merged.columns else [finding("KX203", Place(""), table="TKT", what=what)]


def run_checks(
    documents: Sequence[Document], merged: Merged, plan: Programme | None = None, plan_file: str = ""
) -> list[Finding]:
    """All findings about `merged` beyond those of merging and between tables, which stand in `merged.findings`."""
    used = [document for document in documents if document.file not in merged.replaced]
    found = check_against_plan(merged, plan, plan_file) if plan else []
    found += [*check_known_amounts(merged, plan, plan_file), *(check_last_year(used, plan) if plan else ())]
    found += check_general_tables(used, merged, plan, plan_file)
    found += check_rows(used, merged.findings, plan)
    return found + advise(used, replace(merged, findings=(*merged.findings, *found)))


def check_rows(documents: Sequence[Document], told: Sequence[Finding], plan: Programme | None = None) -> list[Finding]:
    """KX111 and KX208; `told` is what is known of the tables: under another target a code is out of order."""
    moved = {found.key for found in told if found.has(Effect.MOVED)}
    return [*check_units(documents), *(found for found in check_codes(documents, plan) if found.key not in moved)]


def check_against_plan(merged: Merged, plan: Programme, plan_file: str) -> list[Finding]:
    """KX202, KX203 and KX206 of `merged`, and KX215 where an activity came from who is responsible, too."""
    units = {activity.code: set(activity.units) for activity in plan.activities}
    own: dict[str, list[Contribution]] = defaultdict(list)
    others: list[Contribution] = []
    for given in merged.contributions:
        if units.get(given.activity, set()).issuperset(given.sender.unit.parts):
            own[given.activity].append(given)
        elif given.activity in units:
            others.append(given)
    found = [*_unknown(merged, plan), *_missing(merged, plan, plan_file)]
    for given in others:
        facts: Any = {"table": "FMT", "key": given.activity, "unit": str(given.sender.unit)}
        twice = [it for it in own[given.activity] if it.sender.unit]
        if twice:
            facts |= {"related": [it.place for it in twice], "other": str(twice[0].sender.unit)}
        found.append(finding("KX215" if twice else "KX206", given.place, **facts))
    return found


def _codes(targets: Sequence[Target]) -> dict[str, str]:
    """Every target, indicator and activity code with the table that it stands in."""
    codes = {}
    for target in targets:
        codes[target.code] = "PHT"
        codes |= {indicator.code: "PHT" for indicator in target.indicators}
        codes |= {activity.code: "FMT" for activity in target.activities}
    return codes


def _unknown(merged: Merged, plan: Programme) -> Iterator[Finding]:
    known = _codes(plan.targets)
    places = {given.activity: given.place for given in merged.contributions}
    for target in merged.programme.targets:
        codes = _codes([target])
        for code in (code for code in codes if code not in known):
            # What has no cost table of its own is said at one of the same target.
            near = next((given.place for given in merged.contributions if given.activity in codes), Place(""))
            yield finding("KX202", places.get(code, near), table=codes[code], key=code)


def _missing(merged: Merged, plan: Programme, plan_file: str) -> Iterator[Finding]:
    """What the plan expects and nobody sent; a unit of which nothing came is one finding."""
    sent = {(given.activity, unit) for given in merged.contributions for unit in given.sender.unit.parts}
    gave = {(given.indicator, unit) for given in merged.indicators for unit in given.sender.unit.parts}
    senders = {unit for _, unit in (*sent, *gave)}
    # What came but could not be read has been said at its cell.
    told = merged.in_error
    have = _codes(merged.programme.targets)
    silent: dict[Unit, list[str]] = {}
    for activity in plan.activities:
        for unit in activity.units if activity.code not in told else ():
            if unit not in senders:
                silent.setdefault(unit, []).append(activity.code)
            elif (activity.code, unit) not in sent:
                facts: Any = {"what": f"{activity.code} ({unit})", "values": [("unit", unit.name)]}
                yield finding("KX203", Place(plan_file), table="FMT", key=activity.code, **facts)
    named = [item for target in plan.targets for item in target.indicators if item.units and item.code not in told]
    owning: dict[Unit, list[str]] = {}
    for code, unit in ((item.code, unit) for item in named for unit in item.units):
        if unit in senders and (code, unit) not in gave:
            facts = {"what": f"{code} göstergesi ({unit})", "values": [("unit", unit.name)]}
            yield finding("KX203", Place(plan_file), table="PHT", key=code, **facts)
        elif unit not in senders and unit not in silent:
            owning.setdefault(unit, []).append(code)
    for what, owed in (("faaliyet", silent), ("gösterge", owning)):
        for unit, codes in owed.items():
            said = f"{unit} formu ({len(codes)} {what}: {', '.join(codes[:5])}{' …' if len(codes) > 5 else ''})"
            yield finding("KX203", Place(plan_file), key=unit.name, what=said)
    for target in plan.targets:
        expected = set(target.units)
        lacking = [it.code for it in target.indicators if not it.units and it.code not in have and it.code not in told]
        for code in lacking if not expected or expected - silent.keys() else ():
            yield finding("KX203", Place(plan_file), table="PHT", key=code, what=f"{code} göstergesi")


Row = IndicatorRow | ActivityRow

# What a dot that was meant to group thousands makes of a figure, or one that was not.
_SLIPS = (Decimal(1000), Decimal("0.001"))
# Three values are of one size where none is more than this many times another.
_ONE_SIZE = 2


def check_units(documents: Sequence[Document]) -> list[Finding]:
    """KX111: at most one for a row, at the first value that does not fit."""
    found = []
    tables = [table for document in documents for table in document.targets]
    for years, row in ((table.years, row) for table in tables for row in table.indicators):
        odd, reason = _misfits(row)
        if odd:
            first, *related = [row.places[index] for index in odd]
            facts: Any = {"label": row.name.value, "related": related, "year": year_label(years, odd[0])}
            shown = format_indicator(row.values[odd[0]])
            found.append(finding("KX111", first, table="PHT", key=row.code, found=shown, reason=reason, **facts))
    return found


def _misfits(row: IndicatorRow) -> tuple[list[int], str]:
    """Which of the row's three values do not fit, and why."""
    unit = unit_of(row.name.value)
    percent = [index for index, value in enumerate(row.values) if value and value.percent]
    given = {index: value for index, value in enumerate(row.values) if value and value.amount}
    plain = {index: value.amount for index, value in given.items() if value.amount and not value.percent}
    if percent and unit not in (PERCENT, ""):
        return percent, f"göstergenin birimi {unit}"
    if percent and plain:
        if not unit and len(percent) < len(plain):
            return percent, f"aynı satırda {format_decimal(next(iter(plain.values())))} var"
        return list(plain), f"aynı satırda {format_indicator(row.values[percent[0]])} var"
    for index, value in plain.items():
        # 0,7 beside 70, both without a percent sign.
        if unit == PERCENT and 0 < value < 1 and value * 100 in plain.values():
            return [index], f"aynı satırda {format_decimal(value * 100)} var"
        # One of three values a thousandth of the others, or a thousand times as much: 1 beside 1.250 and 1.500.
        others = [other for at, other in plain.items() if at != index]
        sizes = [(value * factor, *others) for factor in _SLIPS]
        if unit != PERCENT and len(others) == 2 and any(0 < max(it) <= _ONE_SIZE * min(it) for it in sizes):
            return [index], f"diğer yıllar {format_decimal(others[0])} ve {format_decimal(others[1])}"
    return [], ""


def check_codes(documents: Sequence[Document], plan: Programme | None = None) -> list[Finding]:
    """KX208: codes of another target or depth, given twice or out of order in a table; gaps within a target."""
    tables = [table for document in documents for table in document.targets]
    each = [(table, rows) for table in tables for rows in (table.indicators, table.activities)]
    return [*(found for table, rows in each for found in _in_table(table, rows)), *_gaps(documents, plan)]


def _finding(code: str, text: str, row: Row, related: Sequence[Place] = ()) -> Finding:
    return finding("KX208", row.name.place, table="PHT", key=code, related=related, found=text)


def _in_table(table: TargetTable, rows: Sequence[Row]) -> Iterator[Finding]:
    target = target_code(table)
    # Some institutions number within the objective where it has one target only.
    parents = (target, table.heading.codes.get("objective", target))
    strange = [row for row in rows if parent_code(row.code) not in parents]
    if strange:
        # A table under the wrong heading has all its codes wrong; one finding says it.
        codes = ", ".join(row.code for row in strange[:3]) + (" …" if len(strange) > 3 else "")
        related = [row.name.place for row in strange[1:]]
        yield _finding(strange[0].code, f"{codes} (performans hedefinin kodu {target or 'yok'})", strange[0], related)
    first: dict[str, Row] = {}
    for row in rows:
        earlier = first.setdefault(row.code, row)
        if earlier is not row:
            yield _finding(row.code, f"{row.code} bu tabloda iki kez var", row, [earlier.name.place])
    own = [row for row in first.values() if row not in strange]
    for before, after in pairwise(own):
        if code_key(after.code) < code_key(before.code):
            yield _finding(after.code, f"{after.code}, {before.code} satırından sonra geliyor", after)
            return


def _gaps(documents: Sequence[Document], plan: Programme | None) -> Iterator[Finding]:
    """Numbers left out within a target, all forms and the plan together. Other units' forms may hold the missing codes,
    so where there is no plan one form by itself tells nothing."""
    giving = [document for document in documents if document.targets]
    if plan is None and len(giving) < 2 and not any(document.summaries for document in giving):
        return
    planned: dict[tuple[str, str], set[str]] = defaultdict(set)
    for code in _codes(plan.targets) if plan else ():
        planned[parent_code(code), code.partition(".")[0]].add(code)
    # The first row of each code; those of other targets left out.
    given: dict[tuple[str, str], dict[str, Row]] = defaultdict(dict)
    for table in (table for document in giving for table in document.targets):
        target = target_code(table)
        rows: list[Row] = [*table.indicators, *table.activities]
        for row in rows:
            if parent_code(row.code) == target:
                given[target, row.code.partition(".")[0]].setdefault(row.code, row)
    for kind, own in given.items():
        for before, after in pairwise(["0", *by_code({*own, *planned[kind]})]):
            if after in own and code_key(after)[-1] > code_key(before)[-1] + 1:
                missing = f"{after.rpartition('.')[0]}.{code_key(before)[-1] + 1}"
                yield _finding(after, f"{after} var, {missing} yok", own[after])
