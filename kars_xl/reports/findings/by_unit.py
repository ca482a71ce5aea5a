"""Who sent what, and what is wrong in it: forms, findings and amounts by unit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from kars_xl.base.text import sort_key
from kars_xl.findings.codes import Effect
from kars_xl.findings.finding import Finding, Merged
from kars_xl.merging.consolidate import Owner, is_finance, owner
from kars_xl.model.programme import Costs, Programme
from kars_xl.model.units import NO_UNIT, Unit, Units
from kars_xl.reading.tables import Document

FINANCE = "Mali Hizmetler (Tablo 11)"


@dataclass(slots=True, kw_only=True)
class UnitOverview:
    """A unit, the finance office with its Tablo 11, or a `file` that is no unit's.

    `replaced` are forms that are not used because a later revision came. `kurus` is what the used ones cost together,
    None where they say nothing or not all of it can be read. `planned`: the plan names the unit.
    """

    unit: Unit = NO_UNIT
    file: str = ""
    forms: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    kurus: int | None = None
    replaced: list[str] = field(default_factory=list)
    is_finance: bool = False
    planned: bool = False

    @property
    def is_unit(self) -> bool:
        return bool(self.unit)

    @property
    def name(self) -> str:
        return self.unit.name or self.file

    def count(self, severity: str) -> int:
        return sum(found.severity == severity for found in self.findings)


def overview(
    documents: Sequence[Document], findings: Sequence[Finding], merged: Merged | None, plan: Programme | None
) -> list[UnitOverview]:
    """Units in alphabetical order, those of the plan that sent nothing included; then the other files with findings.

    A finding belongs to the unit whose form it is in. What the plan misses of a unit is the unit's, too. A finding
    about no file stands under the name "".
    """
    units: dict[Owner, UnitOverview] = {}
    of_file: dict[str, UnitOverview] = {}
    amounts = dict(_amounts(documents, merged)) if merged else {}
    unused = merged.replaced if merged else frozenset()
    known = plan.known if plan else Units()
    for document in documents:
        unit, file = known.of(document.unit), "" if document.unit else document.file
        mine = UnitOverview(unit=unit, file=file, is_finance=is_finance(document))
        own = units.setdefault(owner(document), mine)
        of_file[document.file] = own
        (own.replaced if document.file in unused else own.forms).append(document.file)
        if document.file in amounts:
            own.kurus = (own.kurus or 0) + amounts[document.file]
    for unit in (unit for activity in (plan.activities if plan else ()) for unit in activity.units):
        units.setdefault((unit, False), UnitOverview(unit=unit)).planned = True
    others: dict[str, UnitOverview] = {}
    for found in findings:
        file = found.place.file
        if _is_no_tablo_11(found):
            group = units.setdefault(("", True), UnitOverview(unit=Unit(FINANCE), is_finance=True))
        else:
            missed = Unit(dict(found.values).get("unit", found.key))
            group = of_file.get(file) or units.get((missed, False)) or others.setdefault(file, UnitOverview(file=file))
        group.findings.append(found)
    for group in units.values():
        if any(found.is_error for found in group.findings):
            # Without the cells that could not be read the sum would be a wrong figure that looks right.
            group.kurus = None
    return [*_sorted(units.values()), *_sorted(others.values())]


def _is_no_tablo_11(found: Finding) -> bool:
    """That the finance office's form is missing is said at no file, but is that office's matter."""
    return found.has(Effect.NOT_SENT) and found.table == "TKT"


def _sorted(groups: Iterable[UnitOverview]) -> list[UnitOverview]:
    return sorted(groups, key=lambda group: (not group.is_unit, sort_key(group.name)))


def _amounts(documents: Sequence[Document], merged: Merged) -> Iterator[tuple[str, int]]:
    """(file, kuruş): its cost tables' sum, and in the finance office's form the columns that only it gives."""
    given: dict[str, int] = {}
    for part in merged.contributions:
        given[part.place.file] = given.get(part.place.file, 0) + part.costs.total
    own = (merged.programme.administration or Costs()) + (merged.programme.transfers or Costs())
    for document in documents:
        if any("general" in table.columns for table in document.matrices):
            # Consolidation takes the first one; a second is an error of its own.
            given[document.file] = given.get(document.file, 0) + own.total
            break
    yield from given.items()
