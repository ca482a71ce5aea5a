"""Forms, findings and amounts by unit, and how they are counted, in every command and page alike."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct, field

from kars_xl.base.text import few, lower, sort_key
from kars_xl.findings.finding import COUNTED, SEVERITIES, Effect, Finding, Merged, any_error
from kars_xl.merging.consolidate import Owner, is_finance, owner
from kars_xl.model.programme import Programme
from kars_xl.model.units import NO_UNIT, Unit, Units
from kars_xl.reading.tables import Document

FINANCE = "Mali Hizmetler (Tablo 11)"


class UnitOverview(Struct, kw_only=True):
    """A unit, the finance office with its Tablo 11, or a `file` that is no unit's. `replaced` are forms that are not
    used because a later revision came. `kurus` is what the used ones cost together, None where they say nothing or not
    all of it can be read. `planned`: the plan names the unit."""

    unit: Unit = NO_UNIT
    file: str = ""
    forms: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    kurus: int | None = None
    replaced: list[str] = field(default_factory=list)
    is_finance: bool = False
    planned: bool = False

    @property
    def name(self) -> str:
        return self.unit.name or self.file

    @property
    def counted(self) -> list[Finding]:
        """What counts of the findings: not that nothing came, nor that a later revision is used."""
        absent = Effect.NOT_SENT if self.unit and not self.forms else Effect(0)
        return [found for found in self.findings if not found.has(absent | Effect.REVISION)]


class Tally(Struct, frozen=True):
    """How a round stands. A form that has not come is `missing` and no error of any form; a finding about two units is
    one; that a later revision is used is none. `expected` is None where no plan says it."""

    told: Sequence[Finding]
    came: int = 0
    expected: int | None = None
    missing: tuple[str, ...] = ()

    @property
    def counts(self) -> Mapping[str, int]:
        """The number of findings by severity."""
        return Counter(found.severity for found in self.told)

    @property
    def errors(self) -> int:
        return self.counts["error"]

    @property
    def forms(self) -> str:
        """ "18/21", or how many came where nobody knows how many should."""
        return f"{self.came}" + (f"/{self.expected}" if self.expected else "")

    @property
    def findings(self) -> str:
        """ "2 hata, 5 uyarı", or "hata yok, 5 uyarı"."""
        parts = [f"{self.counts[it]} {lower(COUNTED[it])}" for it in SEVERITIES if self.counts[it]]
        return ", ".join(parts if self.errors else ["hata yok", *parts])

    @property
    def short(self) -> str:
        return f"{self.findings}; gelen form {self.forms}"

    def __str__(self) -> str:
        missing = f" (gelmeyen: {few(self.missing, 3)})" if self.missing else ""
        return f"{self.short}{missing}"


def overview(
    documents: Sequence[Document], findings: Sequence[Finding], merged: Merged | None, plan: Programme | None
) -> list[UnitOverview]:
    """Units in alphabetical order, those of the plan that sent nothing included; then the other files with findings, ""
    for none. A finding belongs to every unit in whose form it has a place; what the plan misses is its unit's, too."""
    units: dict[Owner, UnitOverview] = {}
    of_file: dict[str, UnitOverview] = {}
    amounts = Counter[str]()
    for given in (*merged.contributions, *merged.columns) if merged else ():
        amounts[given.place.file] += given.costs.total
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
    for unit in plan.asked if plan else ():
        units.setdefault((unit, False), UnitOverview(unit=unit)).planned = True
    others: dict[str, UnitOverview] = {}
    for found in findings:
        if found.has(Effect.NOT_SENT) and found.table == "TKT":
            # That the finance office's form is missing is said at no file, but is that office's matter.
            units.setdefault(("", True), UnitOverview(unit=Unit(FINANCE), is_finance=True))
            groups = [units["", True]]
        else:
            groups = [of_file[place.file] for place in (found.place, *found.related) if place.file in of_file]
            groups = groups or [units[unit, False] for unit in _owing(found, plan) if (unit, False) in units]
            groups = [group for group in groups if group.forms] or groups
        file = found.place.file
        for group in groups or [others.setdefault(file, UnitOverview(file=file))]:
            if found not in group.findings[-1:]:
                group.findings.append(found)
    for group in units.values():
        # Without the cells that could not be read the sum would be a wrong figure that looks right.
        if any_error(group.findings):
            group.kurus = None
    ordered = (sorted(it.values(), key=lambda one: (not one.unit, sort_key(one.name))) for it in (units, others))
    return [group for groups in ordered for group in groups]


def _owing(found: Finding, plan: Programme | None) -> Iterator[Unit]:
    """The units that a finding about none of the forms is about; an indicator is owed by those of its target."""
    yield Unit(dict(found.values).get("unit", found.key))
    for target in plan.targets if plan and found.has(Effect.NOT_SENT) else ():
        if found.key in [indicator.code for indicator in target.indicators]:
            yield from sorted({unit for activity in target.activities for unit in activity.units})


def tally(findings: Iterable[Finding], units: Sequence[UnitOverview]) -> Tally:
    """The count of all findings about what came, and of the forms."""
    sent = {part for unit in units if unit.forms for part in unit.unit.parts if not unit.is_finance}
    absent = [unit for unit in units if unit.unit and not unit.forms and unit.unit not in sent]
    left = {id(found) for unit in units for found in unit.findings} - {id(it) for unit in units for it in unit.counted}
    told = [found for found in findings if id(found) not in left]
    planned = any(unit.planned for unit in units)
    wanted = [unit for unit in units if (unit.planned if planned else unit.unit) or unit.is_finance]
    return Tally(
        told,
        sum(bool(unit.forms) for unit in wanted),
        len(wanted) if planned else None,
        tuple(unit.name for unit in absent),
    )


def running_total(units: Iterable[UnitOverview]) -> tuple[int | None, int]:
    """What the forms cost together that can be relied on (kuruş), and how many more came that can't."""
    came = [unit.kurus for unit in units if unit.forms]
    sure = [kurus for kurus in came if kurus is not None]
    return sum(sure) if sure else None, len(came) - len(sure)
