"""The rules, each a pure function that returns findings: those between tables, and what else forms are held against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kars_xl.base.place import Place
from kars_xl.checking.book import Book
from kars_xl.checking.general_tables import check_general_tables
from kars_xl.checking.quality import advise
from kars_xl.checking.rows import check_codes, check_units
from kars_xl.checking.tables import RULES
from kars_xl.findings.finding import Effect, Finding, Merged, finding
from kars_xl.model.programme import Programme
from kars_xl.model.units import Unit
from kars_xl.reading.tables import Document


def check_tables(book: Book) -> list[Finding]:
    """What the tables of a programme say against each other and by themselves."""
    return [found for rule in RULES for found in rule(book)]


def check_finance(merged: Merged) -> list[Finding]:
    """KX203 without the finance office's columns of Tablo 11. It is the fault of none of the forms that came."""
    if merged.columns:
        return []
    what = "Mali Hizmetler formu (Genel Yönetim Giderleri ve Transferler)"
    return [finding("KX203", Place(""), table="TKT", what=what)]


def run_checks(
    documents: Sequence[Document], merged: Merged, plan: Programme | None = None, plan_file: str = ""
) -> list[Finding]:
    """All findings about `merged` beyond those of merging and between tables, which stand in `merged.findings`."""
    used = [document for document in documents if document.file not in merged.replaced]
    found = check_against_plan(merged, plan, plan_file) if plan else []
    found += check_general_tables(used, merged, plan, plan_file)
    found += check_rows(used, merged.findings, plan)
    return found + advise(used, replace(merged, findings=(*merged.findings, *found)))


def check_rows(documents: Sequence[Document], told: Sequence[Finding], plan: Programme | None = None) -> list[Finding]:
    """KX111 and KX208; `told` is what is known of the tables: under another target a code is out of order."""
    moved = {found.key for found in told if found.has(Effect.MOVED)}
    return [*check_units(documents), *(found for found in check_codes(documents, plan) if found.key not in moved)]


def check_against_plan(merged: Merged, plan: Programme, plan_file: str) -> list[Finding]:
    """KX202, KX203 and KX206 of `merged`."""
    return [*_unknown(merged, plan), *_missing(merged, plan, plan_file), *_not_responsible(merged, plan)]


def _codes(programme: Programme) -> dict[str, str]:
    """Every target, indicator and activity code with the table that it stands in."""
    codes = {}
    for target in programme.targets:
        codes[target.code] = "PHT"
        codes |= {indicator.code: "PHT" for indicator in target.indicators}
        codes |= {activity.code: "FMT" for activity in target.activities}
    return codes


def _unknown(merged: Merged, plan: Programme) -> list[Finding]:
    known = _codes(plan)
    places = {given.activity: given.place for given in merged.contributions}
    found = []
    for code, table in _codes(merged.programme).items():
        if code not in known:
            place = places.get(code, _place_of_target(merged, code))
            found.append(finding("KX202", place, table=table, key=code))
    return found


def _place_of_target(merged: Merged, code: str) -> Place:
    """A cell of the same target's tables, for codes that have no cost table of their own."""
    for target in merged.programme.targets:
        codes = [target.code, *(item.code for item in target.indicators), *(item.code for item in target.activities)]
        for given in merged.contributions if code in codes else ():
            if given.activity in codes:
                return given.place
    return Place("")


def _missing(merged: Merged, plan: Programme, plan_file: str) -> list[Finding]:
    """What the plan expects and nobody sent; a unit of which nothing came is one finding."""
    sent = {(given.activity, unit) for given in merged.contributions for unit in given.sender.unit.parts}
    senders = {unit for _, unit in sent}
    # What came but could not be read has been said at its cell.
    told = merged.in_error
    have = _codes(merged.programme)
    found = []
    silent: dict[Unit, list[str]] = {}
    for activity in plan.activities:
        for unit in activity.units if activity.code not in told else ():
            if unit not in senders:
                silent.setdefault(unit, []).append(activity.code)
            elif (activity.code, unit) not in sent:
                what = f"{activity.code} ({unit})"
                code, whose = activity.code, [("unit", unit.name)]
                found.append(finding("KX203", Place(plan_file), table="FMT", key=code, values=whose, what=what))
    for unit, codes in silent.items():
        what = f"{unit} formu ({len(codes)} faaliyet: {', '.join(codes[:5])}{' …' if len(codes) > 5 else ''})"
        found.append(finding("KX203", Place(plan_file), key=unit.name, what=what))
    for target in plan.targets:
        expected = {unit for activity in target.activities for unit in activity.units}
        if expected and expected <= silent.keys():
            continue
        for indicator in target.indicators:
            if indicator.code not in have and indicator.code not in told:
                what = f"{indicator.code} göstergesi"
                found.append(finding("KX203", Place(plan_file), table="PHT", key=indicator.code, what=what))
    return found


def _not_responsible(merged: Merged, plan: Programme) -> list[Finding]:
    units = {activity.code: set(activity.units) for activity in plan.activities}
    return [
        finding("KX206", given.place, table="FMT", key=given.activity, unit=str(given.sender.unit))
        for given in merged.contributions
        if given.activity in units and not units[given.activity].issuperset(given.sender.unit.parts)
    ]
