"""Which activity a table without a code means: by wording, tolerant of small differences, never by guess."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rapidfuzz import fuzz, process

from kars_xl.base.text import squeeze

_ENOUGH = 84.0
_CLEARLY = 6.0
_SAME_TARGET = 90.0


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

    Equal wording comes first; then, among the activities left over, the nearest wording wins if it is near and clearly
    nearer than any other.
    """
    found: list[str | None] = [None] * len(wanted)
    left = dict.fromkeys(range(len(wanted)))
    free = {activity.code: activity for activity in known}
    for index in list(left):
        equal = [activity for activity in free.values() if squeeze(activity.name) == squeeze(wanted[index].name)]
        if len(equal) > 1:
            equal = _of_target(wanted[index], equal)
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
    if not wanted.target:
        return activities
    named = squeeze(wanted.target)
    return [activity for activity in activities if fuzz.ratio(named, squeeze(activity.target)) >= _SAME_TARGET]


def _nearest(wanted: Wanted, free: list[Known]) -> tuple[float, str]:
    """(score, code) of the only activity whose wording is near; (0, "") where none is, or several are."""
    candidates = _of_target(wanted, free) or free
    names = [squeeze(activity.name) for activity in candidates]
    ranked = process.extract(squeeze(wanted.name), names, scorer=fuzz.ratio, score_cutoff=_ENOUGH, limit=2)
    if not ranked or (len(ranked) > 1 and ranked[0][1] - ranked[1][1] < _CLEARLY):
        return 0.0, ""
    return ranked[0][1], candidates[ranked[0][2]].code
