"""Which findings are a unit's to mend: those on its own form, and what the plan misses of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from kars_xl.base.place import Place
from kars_xl.base.text import fold
from kars_xl.findings.finding import Finding
from kars_xl.findings.merged import Merged
from kars_xl.merging.revisions import is_finance
from kars_xl.model.programme import Programme
from kars_xl.reading.tables import Document

# Of two files from one unit only the finance office, which has the folder, can take one away.
_OFFICE = ("KX204", "KX209")
_MISSING = "KX203"


@dataclass(frozen=True, slots=True)
class Concern:
    """A unit as its forms name it, the forms that count, and what is to be said to it, placed in these forms."""

    unit: str
    files: tuple[str, ...]
    findings: tuple[Finding, ...]


def concerns(
    documents: Sequence[Document], findings: Sequence[Finding], merged: Merged, plan: Programme
) -> tuple[list[Concern], list[Finding]]:
    """The units that sent forms, in the order of their files, and the findings that no letter tells anybody."""
    forms: dict[str, list[Document]] = {}
    for document in documents:
        if document.unit and document.file not in merged.replaced and not is_finance(document):
            forms.setdefault(fold(document.unit), []).append(document)
    told: dict[str, list[Finding]] = {unit: [] for unit in forms}
    rest: list[Finding] = []
    owner = {document.file: unit for unit, group in forms.items() for document in group}
    for found in findings:
        if found.place.file in merged.replaced:
            continue
        reached = False
        for unit, own in _recipients(found, owner, merged, plan):
            if unit in told:
                told[unit].append(own)
                reached = True
        if not reached:
            rest.append(found)
    result = [
        Concern(group[0].unit, tuple(document.file for document in group), tuple(told[unit]))
        for unit, group in forms.items()
    ]
    return result, rest


def _recipients(
    found: Finding, owner: dict[str, str], merged: Merged, plan: Programme
) -> Iterator[tuple[str, Finding]]:
    """(folded unit, the finding as this unit sees it)."""
    if found.code in _OFFICE:
        return
    if found.code == _MISSING:
        named = dict(found.values).get("unit")
        for unit in [fold(named)] if named else sorted(_who_owes(found.key, merged, plan)):
            yield unit, replace(found, related=())
        return
    units = dict.fromkeys(owner[place.file] for place in (found.place, *found.related) if place.file in owner)
    for unit in units:
        yield unit, _within(found, {file for file, of in owner.items() if of == unit})


def _within(found: Finding, files: Collection[str]) -> Finding:
    """The finding with its places in `files` alone: a marked copy of another unit's form is not made along with it."""
    places = [place for place in (found.place, *found.related) if place.file in files]
    return replace(found, place=places[0], related=tuple(places[1:]))


def _who_owes(key: str, merged: Merged, plan: Programme) -> set[str]:
    """The units (folded) whose forms lack what the plan expects under `key`: an activity, an indicator, a table."""
    sent = {(given.activity, fold(given.unit)) for given in merged.contributions}
    for target in plan.targets:
        for activity in target.activities:
            if activity.code == key:
                return {fold(unit) for unit in activity.units if (key, fold(unit)) not in sent}
        if any(indicator.code == key for indicator in target.indicators):
            return {fold(unit) for activity in target.activities for unit in activity.units}
    return {fold(table.unit) for table in plan.information if table.unit and table.title == key}


def placed_in(found: Finding, files: Sequence[str]) -> Finding:
    """The finding on the first of `files` where it is about none of them, so that their marked copy lists it."""
    return found if found.place.file in files else replace(found, place=Place(files[0]))
