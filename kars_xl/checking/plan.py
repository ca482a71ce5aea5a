"""Checks of what was merged against the plan: what is unknown, what is missing, who was not responsible."""

from __future__ import annotations

from kars_xl.base.place import Place
from kars_xl.base.text import fold
from kars_xl.findings.catalogue import finding
from kars_xl.findings.finding import Finding
from kars_xl.findings.merged import Merged
from kars_xl.model.programme import Programme


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
        if code in codes:
            own = [given.place for given in merged.contributions if given.activity in codes]
            if own:
                return own[0]
    return Place("")


def _missing(merged: Merged, plan: Programme, plan_file: str) -> list[Finding]:
    """What the plan expects and nobody sent; a unit of which nothing came is one finding."""
    sent = {(given.activity, fold(given.unit)) for given in merged.contributions}
    senders = {unit for _, unit in sent}
    # What came but could not be read has been said at its cell.
    told = {found.key for found in merged.findings if found.is_error}
    have = _codes(merged.programme)
    found = []
    silent: dict[str, list[str]] = {}
    for activity in plan.activities:
        for unit in activity.units if activity.code not in told else ():
            if fold(unit) not in senders:
                silent.setdefault(unit, []).append(activity.code)
            elif (activity.code, fold(unit)) not in sent:
                what = f"{activity.code} ({unit})"
                code, whose = activity.code, [("unit", unit)]
                found.append(finding("KX203", Place(plan_file), table="FMT", key=code, values=whose, what=what))
    for unit, codes in silent.items():
        what = f"{unit} formu ({len(codes)} faaliyet: {', '.join(codes[:5])}{' …' if len(codes) > 5 else ''})"
        found.append(finding("KX203", Place(plan_file), key=unit, what=what))
    silent_units = {fold(unit) for unit in silent}
    for target in plan.targets:
        expected = {fold(unit) for activity in target.activities for unit in activity.units}
        if expected and expected <= silent_units:
            continue
        for indicator in target.indicators:
            if indicator.code not in have and indicator.code not in told:
                what = f"{indicator.code} göstergesi"
                found.append(finding("KX203", Place(plan_file), table="PHT", key=indicator.code, what=what))
    return found


def _not_responsible(merged: Merged, plan: Programme) -> list[Finding]:
    units = {activity.code: {fold(unit) for unit in activity.units} for activity in plan.activities}
    return [
        finding("KX206", given.place, table="FMT", key=given.activity, unit=given.unit)
        for given in merged.contributions
        if given.unit and given.activity in units and fold(given.unit) not in units[given.activity]
    ]
