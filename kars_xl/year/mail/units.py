"""The letters to units: their empty forms, what is wrong with those that came back, and who is still awaited."""

import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from kars_xl.base.file_names import FINANCE_FORM, file_stem, form_files, free_name
from kars_xl.base.place import Place
from kars_xl.base.text import fold
from kars_xl.findings.finding import Effect, Finding, any_error, finding
from kars_xl.merging.consolidate import is_finance, years
from kars_xl.model.programme import Programme
from kars_xl.model.units import NO_UNIT, Unit
from kars_xl.pipeline import check_forms
from kars_xl.reading.files import Progress, Reading, read_files
from kars_xl.reading.grid import UnreadableFile, open_grid
from kars_xl.reading.recognise import recognise
from kars_xl.reports.units import UnitOverview
from kars_xl.year.folder.folder import Folder, Missed, read_entries, unit_at
from kars_xl.year.mail import letter
from kars_xl.year.mail.addresses import read_addresses
from kars_xl.year.mail.letter import Attachment, Letters, office_of, one_line, say_date, say_day, what_is_found, write


class Concern(Struct):
    """A unit as the plan names it, the forms that count, and what is to be said to it, placed in these forms."""

    unit: Unit
    files: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def forms_letters(folder: Folder, deadline: dt.date, progress: Progress = lambda _: None) -> Letters:
    """To each unit of the plan its form, to the finance unit its own as well."""
    reading, plan, made = _begun([], folder, progress)
    if plan is None:
        return made
    names = form_files(unit.name for unit in plan.asked)
    wanted = {unit: [(folder.forms / names[unit.name], unit)] for unit in plan.asked}
    if not any((folder.forms / name).exists() for name in names.values()):
        none = finding("KX703", Place(str(folder.forms)), unit="Birimler", reason="klasörde hiçbiri yok")
        return Letters(findings=[*made.findings, none])
    # The finance office may have no activity of its own.
    ours = office_of(plan)
    offices = [it for it in plan.units if it.email and (it == ours or fold(it.name).startswith("mali hizmetler"))]
    if office := max(offices, key=ours.__eq__, default=NO_UNIT):
        wanted.setdefault(office, []).append((folder.forms / FINANCE_FORM, NO_UNIT))
    for unit, forms in wanted.items():
        progress(f"form okunuyor: {unit}")
        to, files = _addresses(unit, plan, reading, made), _forms(forms, unit, plan, made)
        if len(files) == len(forms):
            made.letters.append(write(letter.FORMS, plan, unit, to, files, deadline=say_day(deadline)))
    return made


def reminder_letters(folder: Folder, deadline: dt.date, today: dt.date, progress: Progress = lambda _: None) -> Letters:
    """To each unit that the plan asks and that has sent no readable form; with its empty form, where that is there."""
    reading, plan, made = _begun([str(folder.inputs)], folder, progress)
    if plan is None:
        return made
    sent = {unit for document in reading.documents if not is_finance(document) for unit in document.unit.parts}
    facts: dict[str, Any] = {"deadline": say_day(deadline), "today": say_date(today), "days": (deadline - today).days}
    missed, _ = read_entries(folder.missed, Missed)
    names = form_files(unit.name for unit in plan.asked)
    for unit in plan.asked:
        if unit not in sent:
            to, path = _addresses(unit, plan, reading, made), folder.forms / names[unit.name]
            facts["missed"] = [one_line(str(it)) for it in missed if unit_at(it.address, plan) == unit]
            files = _forms([(path, unit)] if path.exists() else [], unit, plan, made)
            made.letters.append(write(letter.REMINDERS, plan, unit, to, files, **facts))
    # A file that could not be read may be the form that is awaited.
    said = (found for found in reading.findings if found.is_error and not found.has(Effect.NOTHING))
    made.findings += [found for found in said if found.place.file != reading.plan_file]
    return made


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
    reading, plan, made = _begun([str(folder.inputs)], folder, progress, keep=True)
    if plan is None:
        return made
    outcome = check_forms(reading)
    if outcome.merged is None:
        return Letters(findings=list(outcome.findings))
    found = concerns(outcome.units)
    taken: set[str] = set()
    silent = 0
    for concern in found:
        if not concern.findings or not (everything or any_error(concern.findings)):
            silent += 1
        else:
            to = _addresses(concern.unit, plan, reading, made)
            target = marked / free_name(file_stem(concern.unit.name), "", taken)
            # Where no copy could be written, which is said, there is no letter.
            if files := _marked_copies(concern, reading, target, made, progress):
                facts = {"deadline": say_day(deadline) if deadline else "", **what_is_found(concern.findings)}
                made.letters.append(write(letter.FINDINGS, plan, concern.unit, to, files, **facts))
    # What no letter tells is the caller's to see; who has sent nothing is no news here.
    ours = [unit for unit in outcome.units if unit.unit and not (unit.is_finance and unit.forms)]
    told = {id(item) for unit in ours for item in unit.findings}
    made.findings += [item for item in outcome.findings if item.is_error and id(item) not in told]
    made.tally = str(outcome.tally)
    if silent:
        made.notes.append(f"{silent} birimin formunda düzeltilecek hata yok; onlara ileti hazırlanmadı.")
    return made


def _begun(
    paths: Sequence[str], folder: Folder, progress: Progress, *, keep: bool = False
) -> tuple[Reading, Programme | None, Letters]:
    """What was read with the folder's plan, the plan, and letters to be; without a plan, what is wrong with it."""
    # One that is not there is told by where it would be.
    reading = read_files(paths, str(folder.plan or folder.inputs / "plan.xlsx"), progress, keep=keep)
    if reading.plan is None:
        return reading, None, Letters(findings=reading.findings)
    return reading, reading.plan.programme, Letters(plan=reading.plan.programme)


def _addresses(unit: Unit, plan: Programme, reading: Reading, made: Letters) -> tuple[str, ...]:
    """The unit's usable addresses; what is wrong with them is said where letters go by e-mail."""
    read, place = read_addresses(plan.known.of(unit).email), Place(reading.plan_file)
    made.unaddressed += read.unusable(place, f"{unit} için yazılan", unit.name)
    if not read.good and not read.bad:
        made.unaddressed.append(finding("KX701", place, values=[("unit", unit.name)], unit=unit.name))
    return read.good


def _marked_copies(
    concern: Concern, reading: Reading, target: Path, made: Letters, progress: Progress
) -> list[Attachment]:
    from kars_xl.reports.annotate import annotate

    # What is about none of its forms is listed in the first one's copy.
    first = Place(concern.files[0])
    placed = [it if it.place.file in concern.files else replace(it, place=first) for it in concern.findings]
    done = annotate(concern.files, concern.files, reading.grids, placed, str(target), progress)
    made.findings += [found for found in done.findings if found.is_error]
    return [Attachment.of(Path(path)) for path in done.written]


def _forms(forms: Sequence[tuple[Path, Unit]], unit: Unit, plan: Programme, made: Letters) -> list[Attachment]:
    """Those of the `forms`, with whose each must be, that can go to `unit`; of the others is said why not."""
    files = []
    for path, whose in forms:
        form = _form(path, plan, whose)
        if isinstance(form, Attachment):
            files.append(form)
        else:
            values = [("unit", unit.name)]
            made.findings.append(finding("KX703", Place(str(path)), values=values, unit=unit.name, reason=form))
    return files


def _form(path: Path, plan: Programme, unit: Unit) -> Attachment | str:
    """The form at `path`, if it is this unit's and this year's; else why not, in Turkish."""
    if not path.exists():
        return f"{path.name} forms klasöründe yok"
    try:
        document = recognise(open_grid(str(path)))
    except UnreadableFile as error:
        return f"{path.name} okunamadı ({error.reason})"
    if unit and document.unit != unit:
        return f"{path.name} başka bir birimin formu: “{document.unit}”"
    wrong = next((year for year, _ in years(document) if year != plan.year), None)
    if wrong is not None:
        return f"{path.name} {wrong} yılının formu, plan {plan.year} yılının"
    return Attachment.of(path)


def concerns(units: Iterable[UnitOverview]) -> list[Concern]:
    """The units that sent forms, with their findings as each sees them in its own; that one was replaced is no news."""
    sent = [Concern(unit.unit, unit.forms, unit.findings) for unit in units if unit.unit and not unit.is_finance]
    for concern in (found := [it for it in sent if it.files]):
        told = [item for item in concern.findings if not item.has(Effect.REVISION)]
        concern.findings = [seen(item.for_clerk, concern.files) for item in told]
    return found


def seen(found: Finding, forms: Sequence[str]) -> Finding:
    """A finding in one unit's forms alone: a marked copy of another unit's form is not made along with it."""
    own = [place for place in (found.place, *found.related) if place.file in forms]
    return replace(found, place=own[0], related=tuple(own[1:])) if own else replace(found, related=())
