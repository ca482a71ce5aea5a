"""What is called how: all wordings of a code, the one that is used, and whose wordings mean which activity."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from msgspec.structs import replace
from rapidfuzz import fuzz, process

from kars_xl.base.place import Place
from kars_xl.base.text import squeeze
from kars_xl.findings.finding import Finding, finding
from kars_xl.model.programme import Activity, Goal, Indicator, Objective, Programme, Target, by_code
from kars_xl.model.sources import Sender
from kars_xl.model.units import NO_UNIT, Unit, Units
from kars_xl.reading.tables import Document, IndicatorRow, Text

_ENOUGH, _CLEARLY, _SAME_TARGET = 84.0, 6.0, 90.0


class Notes:
    """What consolidation gathers on its way: findings, and the wordings of each (kind, code) in order of reading."""

    def __init__(self, plan: Programme | None, documents: Sequence[Document] = ()) -> None:
        self.findings: list[Finding] = []
        # What is wrong with a cell was said when it was read.
        self.told = {found.place for document in documents for found in document.findings}
        self._planned = planned_names(plan)
        self._texts: dict[tuple[str, str], list[Text]] = defaultdict(list)
        named = ((it.unit, *(Unit(table.heading.text("responsible")) for table in it.costs)) for it in documents)
        self.units = Units((*(plan.known if plan else ()), *chain.from_iterable(named)))
        indicators = (item for target in (plan.targets if plan else ()) for item in target.indicators)
        self._owners = {item.code: item.units for item in indicators if item.units}
        self._senders = {document.file: self.units.of(document.unit) for document in documents}

    def sender(self, document: Document, responsible: Text | None = None) -> Sender:
        """Whose form it is; where it does not say, the unit that a table of it names as `responsible`."""
        named = document.unit or Unit(responsible.value if responsible else "")
        return replace(document.sender, unit=self.units.of(named))

    def unit_at(self, place: Place) -> Unit:
        """Whose form a place is in."""
        return self._senders.get(place.file, NO_UNIT)

    def asks(self, row: IndicatorRow) -> bool:
        """Whether the form that a row is in has to give the indicator: not where the plan names other units for it."""
        owners = self._owners.get(row.code)
        return owners is None or not {*owners}.isdisjoint(self.unit_at(row.name.place).parts)

    def report(self, code: str, place: Place, **facts: object) -> None:
        self.findings.append(finding(code, place, **facts))  # type: ignore[arg-type]

    def call(self, kind: str, code: str, text: Text | None, *, first: bool = False) -> None:
        """Notes a wording; `first` puts it before those noted so far."""
        if text is not None and text.value:
            self._texts[kind, code].insert(0 if first else len(self._texts[kind, code]), text)

    def named(self, kind: str, codes: Iterable[str]) -> list[tuple[str, str]]:
        """(code, wording) of these codes and all others of the kind that were called something, in order."""
        called = (code for found, code in self._texts if found == kind)
        return [(code, self.name(kind, code)) for code in by_code([*called, *codes])]

    def name(self, kind: str, code: str) -> str:
        """The plan's wording, else the first (merge rule 5)."""
        texts = self._texts[kind, code]
        return self._planned.get((kind, code)) or (texts[0].value if texts else "")


def planned_names(plan: Programme | None) -> Mapping[tuple[str, str], str]:
    """How a plan calls things, by kind and code."""
    if plan is None:
        return {}
    named: dict[str, Sequence[Goal | Objective | Target | Indicator | Activity]] = {
        "goal": plan.goals,
        "objective": plan.objectives,
        "target": plan.targets,
        "indicator": [item for target in plan.targets for item in target.indicators],
        "activity": plan.activities,
    }
    return {(kind, item.code): item.name for kind, items in named.items() for item in items}


class Wanted(NamedTuple):
    """A wording that asks for its activity: the activity's name and the name of its target ("" where not given)."""

    name: str
    target: str = ""


class Known(NamedTuple):
    """An activity that wordings can mean."""

    code: str
    name: str
    target: str = ""


def match_names(wanted: Sequence[Wanted], known: Sequence[Known]) -> list[str | None]:
    """The code for each wording, None where no activity or more than one may be meant. Each activity is given once.
    Equal wording comes first; then, of what is left, the nearest if it is near and clearly nearer than any other."""
    found: list[str | None] = [None] * len(wanted)
    left = dict.fromkeys(range(len(wanted)))
    free = {activity.code: activity for activity in known}
    for index in list(left):
        equal = [activity for activity in free.values() if squeeze(activity.name) == squeeze(wanted[index].name)]
        equal = _of_target(wanted[index], equal) if len(equal) > 1 else equal
        if len(equal) == 1:
            found[index] = equal[0].code
            del left[index], free[equal[0].code]
    # The surest first, so that a doubtful wording does not take the activity that another one names better.
    for _ in range(len(left)):
        scored = [(*_nearest(wanted[index], list(free.values())), index) for index in left]
        _, code, index = max(scored, default=(0.0, "", 0))
        if not code:
            break
        found[index] = code
        del left[index], free[code]
    return found


def _of_target(wanted: Wanted, activities: list[Known]) -> list[Known]:
    """Those of `activities` whose target is worded as the one that was named with the activity."""
    named = squeeze(wanted.target)
    return [it for it in activities if not named or fuzz.ratio(named, squeeze(it.target)) >= _SAME_TARGET]


def _nearest(wanted: Wanted, free: list[Known]) -> tuple[float, str]:
    """(score, code) of the only activity whose wording is near; (0, "") where none is, or several are."""
    candidates = _of_target(wanted, free) or free
    names = [squeeze(activity.name) for activity in candidates]
    ranked = process.extract(squeeze(wanted.name), names, scorer=fuzz.ratio, score_cutoff=_ENOUGH, limit=2)
    if not ranked or (len(ranked) > 1 and ranked[0][1] - ranked[1][1] < _CLEARLY):
        return 0.0, ""
    return ranked[0][1], candidates[ranked[0][2]].code
