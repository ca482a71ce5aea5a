"""The letters to units: their empty forms, what is wrong with those that came back, and who is still awaited."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from kars_xl.base.atomic import system_reason
from kars_xl.base.file_names import FINANCE_FORM, file_stem, form_files, free_name
from kars_xl.base.place import Place
from kars_xl.base.text import fold
from kars_xl.findings.finding import Effect, Finding, Merged, any_error, finding
from kars_xl.merging.consolidate import is_finance, years
from kars_xl.model.programme import Programme
from kars_xl.model.units import NO_UNIT, Unit
from kars_xl.pipeline import check_forms
from kars_xl.reading.files import Progress, Reading, read_files
from kars_xl.reading.grid import UnreadableFile, open_grid
from kars_xl.reading.recognise import recognise
from kars_xl.reading.tables import Document
from kars_xl.year.folder.folder import Folder, read_missed, unit_at
from kars_xl.year.mail import letter
from kars_xl.year.mail.addresses import read_addresses
from kars_xl.year.mail.letter import Attachment, Letter, Letters, one_line, say_date, say_day, what_is_found, write


class Concern(Struct):
    """A unit as the plan names it, the forms that count, and what is to be said to it, placed in these forms."""

    unit: Unit
    files: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


class _Desk(Struct):
    """The plan at hand while letters are written, and what is found on the way."""

    programme: Programme
    file: str
    letters: list[Letter] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def addresses(self, unit: Unit) -> tuple[str, ...]:
        """The unit's usable addresses; without any there is no letter, which is said."""
        read, place = read_addresses(self.programme.known.of(unit).email), Place(self.file)
        self.findings += read.unusable(place, f"{unit} için yazılan", unit.name)
        if not read.good and not read.bad:
            self.findings.append(finding("KX701", place, values=[("unit", unit.name)], unit=unit.name))
        return read.good

    def done(self, notes: Sequence[str] = ()) -> Letters:
        return Letters(tuple(self.letters), tuple(self.findings), tuple(notes), self.programme.year)


def forms_letters(folder: Folder, deadline: dt.date, progress: Progress = lambda _: None) -> Letters:
    """To each unit of the plan its form, to the finance unit its own as well."""
    reading = _read([], folder, progress)
    if reading.plan is None:
        return Letters(findings=tuple(reading.findings))
    desk = _Desk(reading.plan.programme, reading.plan_file)
    programme = desk.programme
    asked = programme.asked
    names = form_files(unit.name for unit in asked)
    # The finance office may have no activity of its own.
    offices = (unit for unit in programme.units if fold(unit.name).startswith("mali hizmetler") and unit.email)
    finance = next(offices, NO_UNIT)
    for unit in (*asked, *([finance] if finance and finance not in asked else [])):
        progress(f"form okunuyor: {unit}")
        to = desk.addresses(unit)
        files = []
        try:
            if unit in asked:
                files.append(_form(folder.forms / names[unit.name], programme, unit))
            if unit == finance:
                files.append(_form(folder.forms / FINANCE_FORM, programme))
        except _NoForm as error:
            facts = {"unit": unit.name, "reason": error.args[1]}
            desk.findings.append(finding("KX703", Place(str(error.args[0])), values=[("unit", unit.name)], **facts))
            continue
        if to:
            desk.letters.append(write(letter.FORMS, programme, unit, to, files, deadline=say_day(deadline)))
    return desk.done()


def reminder_letters(folder: Folder, deadline: dt.date, today: dt.date, progress: Progress = lambda _: None) -> Letters:
    """To each unit that the plan asks and that has sent no readable form."""
    reading = _read([str(folder.inputs)], folder, progress)
    if reading.plan is None:
        return Letters(findings=tuple(reading.findings))
    desk = _Desk(reading.plan.programme, reading.plan_file)
    sent = {unit for document in reading.documents if not is_finance(document) for unit in document.unit.parts}
    facts: dict[str, Any] = {"deadline": say_day(deadline), "today": say_date(today), "days": (deadline - today).days}
    missed = read_missed(folder.missed)
    for unit in desk.programme.asked:
        if unit not in sent and (to := desk.addresses(unit)):
            facts["missed"] = [one_line(str(it)) for it in missed if unit_at(it.address, desk.programme) == unit]
            desk.letters.append(write(letter.REMINDERS, desk.programme, unit, to, **facts))
    # A file that could not be read may be the form that is awaited.
    said = (found for found in reading.findings if found.is_error and not found.has(Effect.NOTHING))
    desk.findings += [found for found in said if found.place.file != desk.file]
    return desk.done()


def findings_letters(
    folder: Folder,
    marked: Path,
    *,
    deadline: dt.date | None = None,
    everything: bool = False,
    progress: Progress = lambda _: None,
) -> Letters:
    """To each unit whose form has errors its marked copy, written in `marked`; with `everything`, any finding will do.
    Findings about no unit's form are the caller's to see; those of forms are told to the units alone."""
    reading = _read([str(folder.inputs)], folder, progress, keep=True)
    if reading.plan is None:
        return Letters(findings=tuple(reading.findings))
    desk = _Desk(reading.plan.programme, reading.plan_file)
    outcome = check_forms(reading, latest=True)
    if outcome.merged is None:
        return Letters(findings=outcome.findings)
    found, rest = concerns(reading.documents, outcome.findings, outcome.merged, desk.programme)
    taken: set[str] = set()
    silent = 0
    for concern in found:
        if not concern.findings or not (everything or any_error(concern.findings)):
            silent += 1
        elif to := desk.addresses(concern.unit):
            target = marked / free_name(file_stem(concern.unit.name), "", taken)
            # Where no copy could be written, which is said, there is no letter.
            if files := _marked_copies(concern, reading, target, desk, progress):
                facts = {"deadline": say_day(deadline) if deadline else "", **what_is_found(concern.findings)}
                desk.letters.append(write(letter.FINDINGS, desk.programme, concern.unit, to, files, **facts))
    # Who has sent nothing, Tablo 11's office included, is no news here.
    asked = desk.programme.asked
    awaited = [it for it in rest if Unit(it.key) in asked or (it.has(Effect.NOT_SENT) and it.table == "TKT")]
    desk.findings += [item for item in rest if item.is_error and item not in awaited]
    notes = [f"{silent} birimin formunda düzeltilecek hata yok; onlara ileti hazırlanmadı."] if silent else []
    return desk.done(notes)


def _marked_copies(
    concern: Concern, reading: Reading, target: Path, desk: _Desk, progress: Progress
) -> list[Attachment]:
    from kars_xl.reports.annotate import annotate

    # What is about none of its forms is listed in the first one's copy.
    first = Place(concern.files[0])
    placed = [it if it.place.file in concern.files else replace(it, place=first) for it in concern.findings]
    done = annotate(concern.files, concern.files, reading.grids, placed, str(target), progress)
    desk.findings += [found for found in done.findings if found.is_error]
    return [Attachment.of(Path(path)) for path in done.written]


def _read(paths: Sequence[str], folder: Folder, progress: Progress, *, keep: bool = False) -> Reading:
    """With the folder's plan; one that is not there is told by where it would be."""
    return read_files(paths, str(folder.plan or folder.inputs / "plan.xlsx"), progress, keep=keep)


class _NoForm(Exception):
    """There is nothing to attach: the arguments are the path, and why in Turkish."""


def _form(path: Path, programme: Programme, unit: Unit = NO_UNIT) -> Attachment:
    """The form at `path`, if it is this unit's and this year's; raises _NoForm."""
    name = path.name
    try:
        file = Attachment.of(path)
        document = recognise(open_grid(str(path)))
    except FileNotFoundError as error:
        raise _NoForm(path, f"{name} forms klasöründe yok") from error
    except (UnreadableFile, OSError) as error:
        reason = error.reason if isinstance(error, UnreadableFile) else system_reason(error)
        raise _NoForm(path, f"{name} okunamadı ({reason})") from error
    if unit and document.unit != unit:
        raise _NoForm(path, f"{name} başka bir birimin formu: “{document.unit}”")
    wrong = next((year for year, _ in years(document) if year != programme.year), None)
    if wrong is not None:
        raise _NoForm(path, f"{name} {wrong} yılının formu, plan {programme.year} yılının")
    return file


def concerns(
    documents: Sequence[Document], findings: Sequence[Finding], merged: Merged, plan: Programme
) -> tuple[list[Concern], list[Finding]]:
    """The units that sent forms, in the order of their files, and the findings that no letter tells anybody."""
    concerned: dict[Unit, Concern] = {}
    for document in documents:
        if document.unit and document.file not in merged.replaced and not is_finance(document):
            unit = plan.known.of(document.unit)
            concerned.setdefault(unit, Concern(unit)).files.append(document.file)
    rest: list[Finding] = []
    for found in findings:
        if found.place.file not in merged.replaced:
            told = [(unit, own) for unit, own in _recipients(found, concerned, plan) if unit in concerned]
            for unit, own in told:
                concerned[unit].findings.append(own)
            if not told:
                rest.append(found)
    return list(concerned.values()), rest


def _recipients(found: Finding, concerned: Mapping[Unit, Concern], plan: Programme) -> Iterator[tuple[Unit, Finding]]:
    """(unit, the finding as this unit sees it)."""
    # Of two files from one unit only the finance office, which has the folder, can take one away.
    if found.has(Effect.TWICE | Effect.REVISION):
        return
    if found.has(Effect.NOT_SENT):
        # All else says itself who owes it; an indicator that the plan misses is owed by its target's units.
        of = [target for target in plan.targets if found.key in [item.code for item in target.indicators]]
        named = dict(found.values).get("unit")
        owing = {unit for target in of for activity in target.activities for unit in activity.units}
        yield from ((unit, replace(found, related=())) for unit in ([Unit(named)] if named else sorted(owing)))
        return
    owner = {file: concern for concern in concerned.values() for file in concern.files}
    all_places = [place for place in (found.place, *found.related) if place.file in owner]
    for unit in dict.fromkeys(owner[place.file].unit for place in all_places):
        # In its own forms alone: a marked copy of another unit's form is not made along with it.
        place, *related = (place for place in all_places if place.file in concerned[unit].files)
        yield unit, replace(found, place=place, related=tuple(related))
