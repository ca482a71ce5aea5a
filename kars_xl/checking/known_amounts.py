"""Amounts against what is known of them: last year's in the plan, the other units', the whole. KX220 to KX223, warnings
alone: an odd amount may be right."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from msgspec import Struct, field

from kars_xl.base.money import format_decimal, format_tl
from kars_xl.base.place import Place
from kars_xl.findings.finding import ADVICE, WARNING, Finding, Merged, finding
from kars_xl.model.cost_rows import CostRow
from kars_xl.model.programme import Limits, Programme
from kars_xl.model.sources import Contribution
from kars_xl.model.units import NO_UNIT, Unit
from kars_xl.reading.tables import Document

# Fewer peers or activities tell nothing of what is usual.
_PEERS, _ACTIVITIES = 5, 8
# A unit with small amounts that is in thousands is still this much nearer to its peers than to its own last year.
_OF_PEERS = 3

Given = Mapping[str, Sequence[Contribution]]


class _Known(Struct):
    """What things cost in the year before, in kuruş."""

    year: str = ""
    units: dict[Unit, int] = field(default_factory=lambda: defaultdict(int))
    activities: dict[str, int] = field(default_factory=lambda: defaultdict(int))


def check_known_amounts(merged: Merged, plan: Programme | None, plan_file: str = "") -> Iterator[Finding]:
    """What is odd; of a unit that as a whole is out of scale nothing more is said of its activities."""
    limits = plan.limits if plan else Limits()
    known = _Known()
    for item in plan.past if plan else ():
        known.year = str(item.year)
        known.units[item.unit] += item.costs.total
        known.activities[item.activity] += item.costs.total
    by_unit: dict[Unit, list[Contribution]] = defaultdict(list)
    by_activity: dict[str, list[Contribution]] = defaultdict(list)
    for given in merged.contributions:
        by_activity[given.activity].append(given)
        if len(given.sender.unit.parts) == 1:
            by_unit[given.sender.unit].append(given)
    told = [*_out_of_scale(by_unit, known, limits)]
    strange = {found.key for found in told}
    usual = {code: own for code, own in by_activity.items() if all(it.sender.unit.name not in strange for it in own)}
    yield from told
    yield from _against_last_year(usual, known, limits)
    yield from _large(usual, by_activity, known, limits)
    if plan is not None:
        yield from _vanished({it.code for it in plan.activities}, by_activity, merged.in_error, known, plan_file)


def _out_of_scale(by_unit: Mapping[Unit, Sequence[Contribution]], known: _Known, limits: Limits) -> Iterator[Finding]:
    """Units of which all may be in thousands, or in kuruş: by their last year's, where there is none by their peers."""
    amounts = {unit: [kurus for it in given for _, kurus in it.costs if kurus] for unit, given in by_unit.items()}
    typical = {unit: _middle(own) for unit, own in amounts.items() if own}
    ranked = sorted(typical.values())
    for unit, given in by_unit.items():
        if before := known.units.get(unit, 0):
            facts = _far(sum(it.costs.total for it in given), before, limits.scale)
            facts |= {"basis": f"{known.year} yılına", "compared": "geçen yılki toplam"}
        elif unit in typical and len(ranked) > _PEERS:
            (peers := ranked.copy()).remove(typical[unit])
            facts = _far(typical[unit], _middle(peers), limits.scale / _OF_PEERS)
            facts |= {"basis": "diğer birimlere", "compared": "ortanca tutar, diğer birimlerde"}
        else:
            continue
        if "found" in facts:
            place, *related = (it.place for it in given)
            yield finding("KX220", place, table="FMT", key=unit.name, unit=unit.name, related=related, **facts)


def _middle(amounts: Sequence[int]) -> int:
    """The median; of an even number the larger of the two."""
    return sorted(amounts)[len(amounts) // 2]


def _far(found: int, known: int, limit: Decimal) -> dict[str, Any]:
    """The facts of a finding where one of two amounts (kuruş) is `limit` times the other; else none."""
    small, large = sorted((found, known))
    if small <= 0 or large < limit * small:
        return {}
    times = format_decimal((Decimal(large) / small).quantize(Decimal(1)))
    way = "büyük" if found > known else "küçük"
    return {"found": format_tl(found), "expected": format_tl(known), "times": times, "way": way}


def _against_last_year(activities: Given, known: _Known, limits: Limits) -> Iterator[Finding]:
    """Activities that cost many times what they did, or as good as nothing of it."""
    for code, given in activities.items():
        found, before = sum(it.costs.total for it in given), known.activities.get(code, 0)
        if facts := _far(found, before, limits.growth if found > before else limits.scale):
            yield finding("KX221", _largest(given), table="FMT", key=code, year=known.year, **facts)


def _large(usual: Given, activities: Given, known: _Known, limits: Limits) -> Iterator[Finding]:
    """Activities with an unusual share of all; not where they had it last year, too."""
    costs = {code: sum(it.costs.total for it in given) for code, given in activities.items()}
    whole, before = sum(costs.values()), sum(known.activities.values())
    for code, given in usual.items() if sum(map(bool, costs.values())) >= _ACTIVITIES else ():
        share = Decimal(costs[code] * 100) / whole
        if share >= limits.share and not (before and known.activities.get(code, 0) * 100 >= limits.share * before):
            shown = f"%{format_decimal(share.quantize(Decimal(1)))}"
            facts: Any = {"found": format_tl(costs[code]), "share": shown, "total": format_tl(whole)}
            yield finding("KX222", _largest(given), table="FMT", key=code, **facts)


def _largest(given: Sequence[Contribution]) -> Place:
    """Where the largest of an activity's cost tables has its total."""
    return max(given, key=lambda it: it.costs.total).place


def _vanished(
    planned: set[str], activities: Given, in_error: frozenset[str], known: _Known, plan_file: str
) -> Iterator[Finding]:
    """Activities that had money for which those who are to spend it ask for none; or, before any form came, that are
    gone from the plan: that is for who makes the forms of it, and no unit's matter afterwards."""
    for code, kurus in known.activities.items():
        given = activities.get(code, ())
        facts: Any = {"table": "FMT", "key": code, "year": known.year, "expected": format_tl(kurus)}
        if kurus and code not in planned and not activities:
            yield finding("KX223", Place(plan_file), what="planda yok", severity=ADVICE, **facts)
        elif kurus and given and code not in in_error and not any(it.costs.total for it in given):
            yield finding("KX223", given[0].place, what="ödenek istenmiyor", **facts)


def check_last_year(documents: Sequence[Document], plan: Programme) -> Iterator[Finding]:
    """Figures in a form's column of last year that are not what the plan has there: this year's, in the wrong column.
    An error where this year's cell is blank."""
    had: dict[tuple[str, int, Unit, CostRow], int] = defaultdict(int)
    for item in plan.past:
        whose = item.unit if len(item.unit.parts) == 1 else NO_UNIT
        for row, kurus in item.costs:
            had[item.activity, item.year, whose, row] += kurus
    years = {item.year for item in plan.past}
    forms = [(document.unit, table) for document in documents for table in document.costs if document.unit and years]
    for unit, table in forms:
        code = table.heading.codes.get("activity_name", "")
        for (year, row), amount in table.other_years.items():
            known = {had.get((code, year, whose, row), 0) for whose in (unit, NO_UNIT)}
            if year in years and amount.kurus not in known:
                own = table.amounts.get(row)
                facts: Any = {"table": "FMT", "key": code, "label": row.title, "found": format_tl(amount.kurus)}
                if own is None or not own.kurus:
                    yield finding("KX112", amount.place, heading=str(table.year or plan.year), **facts)
                else:
                    yield finding("KX126", amount.place, severity=WARNING, **facts)
