"""A small programme in which no figure is zero and no two are alike: a template's broken sum can't hide in it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import count

from kars_xl.model import (
    Activity,
    ColumnSource,
    Contribution,
    Costs,
    Goal,
    Indicator,
    IndicatorSource,
    IndicatorValue,
    Institution,
    Objective,
    Place,
    Programme,
    Source,
    Target,
    Unit,
)

_UNITS = ("Birinci Deneme Müdürlüğü", "İkinci Deneme Müdürlüğü")
_PLACE = Place("deneme.xlsx", "PH", 1, 1)
_ACTIVITIES = {"1.1": 2, "1.2": 1, "2.1": 3}


def probe_programme(year: int) -> tuple[Programme, list[Source]]:
    """Three targets of two goals, six activities, one of them shared; every cell of every table is filled."""
    figures = _figures()
    targets = []
    sources: list[Source] = []
    for code, number in _ACTIVITIES.items():
        activities = []
        for index in range(1, number + 1):
            sharing = _UNITS if index == 1 else _UNITS[:1]
            parts = [_costs(figures, 8) for _ in sharing]
            name = f"Deneme faaliyeti {code} {index}"
            total = sum(parts[1:], parts[0])
            activity = Activity(f"F.{code}.{index}", name, sharing, total)
            activities.append(activity)
            sources += [
                Contribution(activity.code, unit, part, _PLACE, 1, "Deneme", "0" * 64)
                for unit, part in zip(sharing, parts, strict=True)
            ]
        indicators = tuple(_indicator(code, index) for index in (1, 2))
        sources += [IndicatorSource(item.code, _UNITS[0], item.values, (_PLACE,) * 3) for item in indicators]
        name, note = f"Deneme hedefi {code}", f"Deneme notu {code}"
        targets.append(Target(code, name, code[0], code, note, indicators, tuple(activities)))
    goals = tuple(Goal(code, f"Deneme amacı {code}") for code in ("1", "2"))
    objectives = tuple(Objective(code, f"Deneme stratejik hedefi {code}") for code in _ACTIVITIES)
    units = tuple(Unit(name, "deneme@example.org") for name in _UNITS)
    institution = Institution("T.C. DENEME BELEDİYE BAŞKANLIĞI")
    general, transfers = _costs(figures, 9), _costs(figures, 9)
    for column, costs in (("general", general), ("transfers", transfers)):
        sources.append(ColumnSource(column, _UNITS[0], costs, _PLACE))
    programme = Programme(institution, year, goals, objectives, tuple(targets), general, transfers, units)
    return programme, sources


def _figures() -> Iterator[int]:
    """Kuruş amounts that no two sums of few of them have in common: each has a digit of its own base."""
    return (10_007 * step * step + 13 * step for step in count(3))


def _costs(figures: Iterator[int], codes: int) -> Costs:
    budget = tuple(next(figures) if code < codes else 0 for code in range(9))
    return Costs(budget, (next(figures), next(figures), next(figures)))


def _indicator(code: str, index: int) -> Indicator:
    base = Decimal(10 * int(code.replace(".", "")) + index)
    values = (IndicatorValue(base), IndicatorValue(base + 100), IndicatorValue(base + 200))
    return Indicator(f"PG.{code}.{index}", f"Deneme göstergesi {code} {index} (adet)", values)
