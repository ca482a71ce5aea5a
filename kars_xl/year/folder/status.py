"""Where the round stands: of each unit whether its form came, which revision, what is wrong in it, what is filled."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from kars_xl.base.place import Place
from kars_xl.findings.finding import Effect, Finding, any_error, finding
from kars_xl.merging.consolidate import is_finance
from kars_xl.model.units import NO_UNIT, Unit
from kars_xl.reading.files import Reading
from kars_xl.reading.tables import Document
from kars_xl.reports.answer import Outcome
from kars_xl.reports.units import FINANCE, Tally, UnitOverview, running_total, tally
from kars_xl.year.folder.folder import Missed, Sent, unit_at


class Form(Struct, frozen=True):
    """A form that came: its file, its revision, and the file's time."""

    file: str
    revision: int
    at: datetime | None


class UnitStatus(Struct, frozen=True, kw_only=True):
    """A unit, or the finance office with Tablo 11. `forms` are used, the newest first; `replaced` are older revisions.
    `filled` of its `activities` have a cost; without a plan they are those of its own form. `rivals`: forms of one
    revision that differ and are of the same activities, so that which counts can't be told. `mailed`: when something
    of a kind ("forms", "findings", "reminders") was last sent to it; `missed` what it sent later than its form and
    could not be taken. `kurus` is None where it is not sure."""

    unit: Unit
    forms: tuple[Form, ...] = ()
    replaced: tuple[Form, ...] = ()
    rivals: tuple[Form, ...] = ()
    findings: tuple[Finding, ...] = ()
    kurus: int | None = None
    filled: int = 0
    activities: int = 0
    planned: bool = False
    mailed: tuple[tuple[str, datetime], ...] = ()
    missed: tuple[str, ...] = ()

    @property
    def sent(self) -> bool:
        return bool(self.forms)


class Other(Struct, frozen=True):
    """A file that is no unit's: can't be read, is no form, or does not say whose it is."""

    file: str
    findings: tuple[Finding, ...]
    is_form: bool = False


class Status(Struct, frozen=True, kw_only=True):
    """All of it. `strangers` sent a form though the plan does not name them; without a plan nobody is one. `running`:
    what the units' forms cost that can be relied on (kuruş), and how many more came that can't."""

    title: str
    has_plan: bool
    units: tuple[UnitStatus, ...]
    strangers: tuple[UnitStatus, ...]
    finance: UnitStatus | None
    others: tuple[Other, ...]
    findings: tuple[Finding, ...]
    tally: Tally
    running: tuple[int | None, int] = (None, 0)
    read: tuple[str, ...] = ()

    @property
    def senders(self) -> int:
        """How many of the units have sent."""
        return sum(unit.sent for unit in self.units)

    @property
    def kurus(self) -> int | None:
        """What the units' forms that came cost together; None where that is not sure."""
        came = [unit.kurus for unit in (*self.units, *self.strangers) if unit.sent]
        if None in came or not came or any(any_error(other.findings) or other.is_form for other in self.others):
            return None
        return sum(kurus or 0 for kurus in came)

    @property
    def whole(self) -> bool:
        """True where everything came that is expected, so that the sum is the programme's."""
        everybody = self.has_plan and all(unit.sent for unit in self.units)
        return everybody and self.finance is not None and self.finance.sent and self.kurus is not None


def status_of(
    reading: Reading,
    outcome: Outcome,
    times: Mapping[str, datetime],
    log: Iterable[Sent],
    missed: Sequence[Missed] = (),
    file: str = "",
) -> Status:
    """The state of the forms that were read and checked; `times` are those of the files; `missed` stands in `file`."""
    plan = reading.plan.programme if reading.plan else None
    documents = {document.file: document for document in reading.documents}
    mailed: dict[Unit, dict[str, datetime]] = defaultdict(dict)
    for sent in log:
        if at := sent.when:
            mailed[Unit(sent.unit)][sent.kind] = max(at, mailed[Unit(sent.unit)].get(sent.kind, at))
    planned: dict[Unit, set[str]] = defaultdict(set)
    for activity in plan.activities if plan else ():
        for unit in activity.units:
            planned[unit].add(activity.code)
    # A cost table that nobody filled in is read as zeros, and said to be blank.
    blank = {(found.place.file, found.key) for found in outcome.findings if found.has(Effect.BLANK)}
    given: dict[Unit, set[str]] = defaultdict(set)
    for part in outcome.merged.contributions if outcome.merged else ():
        for unit in part.sender.unit.parts if (part.place.file, part.activity) not in blank else ():
            given[unit].add(part.activity)

    senders: dict[Unit, list[Missed]] = defaultdict(list)
    for it in missed:
        senders[unit_at(it.address, plan)].append(it)

    def forms_of(files: Sequence[str]) -> tuple[Form, ...]:
        found = (Form(file, documents[file].revision, times.get(file)) for file in files)
        newest = sorted(found, key=lambda form: (form.revision, form.at.timestamp() if form.at else 0), reverse=True)
        return tuple(newest)

    def status(group: UnitOverview) -> UnitStatus:
        used = [documents[file] for file in group.forms]
        unit = Unit(FINANCE) if group.is_finance else group.unit
        # Two forms of one sender are rivals if they are of the same activities, or both give Tablo 11.
        forms = forms_of(group.forms)
        newest = max((form.at for form in forms if form.at), default=None)
        lost = [it for it in senders[unit] if not (newest and it.when and it.when < newest)]
        codes = [code for it in used for code in _codes([it]) | ({"TKT"} if is_finance(it) else set())]
        own = set() if group.is_finance else planned[unit] or _codes(used)
        return UnitStatus(
            unit=unit,
            forms=forms,
            replaced=forms_of(group.replaced),
            rivals=forms if len(codes) > len(set(codes)) else (),
            findings=_told(group.findings),
            kurus=group.kurus,
            filled=len(own & given[unit]),
            activities=len(own),
            planned=group.planned,
            missed=tuple(map(str, lost)),
            mailed=tuple(sorted(mailed[group.unit].items(), key=lambda item: item[1])),
        )

    groups = outcome.units
    units = [status(group) for group in groups if group.unit and not group.is_finance]
    finance = next((status(group) for group in groups if group.is_finance), None)
    if finance is None and plan is not None:
        finance = UnitStatus(unit=Unit(FINANCE))
    programme = outcome.merged.programme if outcome.merged else plan
    others = [group for group in groups if not group.unit and not group.is_finance]
    strange = tuple(finding("KX018", Place(file), sender=it.sender, what=str(it)) for it in senders[NO_UNIT])
    strays = [Other(group.name, tuple(group.findings), bool(group.forms)) for group in others]
    strays += [Other(file, strange)] if strange else []
    return Status(
        title=programme.title if programme else "",
        has_plan=plan is not None,
        units=tuple(unit for unit in units if unit.planned or plan is None),
        strangers=tuple(unit for unit in units if plan is not None and not unit.planned),
        finance=finance,
        others=tuple(strays),
        findings=(*_told(outcome.findings), *strange),
        tally=tally((*outcome.findings, *strange), groups),
        running=running_total(group for group in groups if group.unit and not group.is_finance),
        read=tuple(reading.files),
    )


def _told(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """All but that a revision replaced another, which is shown as such and nobody need mend."""
    return tuple(found for found in findings if not found.has(Effect.REVISION))


def _codes(documents: Iterable[Document]) -> set[str]:
    return {row.code for document in documents for table in document.targets for row in table.activities}
