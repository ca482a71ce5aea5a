"""Which findings are a unit's to mend: those on its own form, and what the plan misses of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from kars_xl.base.place import Place
from kars_xl.findings.finding import Finding
from kars_xl.findings.merged import Merged
from kars_xl.merging.revisions import is_finance
from kars_xl.model.programme import Programme
from kars_xl.model.units import Unit
from kars_xl.reading.tables import Document

# Of two files from one unit only the finance office, which has the folder, can take one away.
_OFFICE = ("KX204", "KX209")
_MISSING = "KX203"


@dataclass(frozen=True, slots=True)
class Concern:
    """A unit as the plan names it, the forms that count, and what is to be said to it, placed in these forms."""

    unit: Unit
    files: tuple[str, ...]
    findings: tuple[Finding, ...]


def concerns(
    documents: Sequence[Document], findings: Sequence[Finding], merged: Merged, plan: Programme
) -> tuple[list[Concern], list[Finding]]:
    """The units that sent forms, in the order of their files, and the findings that no letter tells anybody."""
    forms: dict[Unit, list[Document]] = {}
    for document in documents:
        if document.unit and document.file not in merged.replaced and not is_finance(document):
            forms.setdefault(plan.known.of(document.unit), []).append(document)
    told: dict[Unit, list[Finding]] = {unit: [] for unit in forms}
    rest: list[Finding] = []
    owner = {document.file: unit for unit, group in forms.items() for document in group}
    for found in findings:
        if found.place.file in merged.replaced:
            continue
        reached = False
        for unit, own in _recipients(found, owner, plan):
            if unit in told:
                told[unit].append(own)
                reached = True
        if not reached:
            rest.append(found)
    result = [
        Concern(unit, tuple(document.file for document in group), tuple(told[unit])) for unit, group in forms.items()
    ]
    return result, rest


def _recipients(found: Finding, owner: dict[str, Unit], plan: Programme) -> Iterator[tuple[Unit, Finding]]:
    """(unit, the finding as this unit sees it)."""
    if found.code in _OFFICE:
        return
    if found.code == _MISSING:
        named = dict(found.values).get("unit")
        for unit in [Unit(named)] if named else sorted(_who_owes(found.key, plan)):
            yield unit, replace(found, related=())
        return
    units = dict.fromkeys(owner[place.file] for place in (found.place, *found.related) if place.file in owner)
    for unit in units:
        yield unit, _within(found, {file for file, of in owner.items() if of == unit})


def _within(found: Finding, files: Collection[str]) -> Finding:
    """The finding with its places in `files` alone: a marked copy of another unit's form is not made along with it."""
    places = [place for place in (found.place, *found.related) if place.file in files]
    return replace(found, place=places[0], related=tuple(places[1:]))


def _who_owes(indicator: str, plan: Programme) -> set[Unit]:
    """The units of the target whose indicator the plan misses; of all else it says itself who owes it."""
    of = [target for target in plan.targets if indicator in [item.code for item in target.indicators]]
    return {unit for target in of for activity in target.activities for unit in activity.units}


def placed_in(found: Finding, files: Sequence[str]) -> Finding:
    """The finding on the first of `files` where it is about none of them, so that their marked copy lists it."""
    return found if found.place.file in files else replace(found, place=Place(files[0]))
