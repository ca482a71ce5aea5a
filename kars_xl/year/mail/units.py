"""The letters to units: their empty forms, what is wrong with those that came back, and who is still awaited."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kars_xl.base.file_names import FINANCE_FORM, file_stem, free_name
from kars_xl.base.place import Place
from kars_xl.base.system_reasons import system_reason
from kars_xl.base.text import fold, sort_key
from kars_xl.findings.catalogue import finding
from kars_xl.findings.finding import Finding
from kars_xl.findings.severity import any_error
from kars_xl.merging.consolidate import years
from kars_xl.merging.revisions import is_finance
from kars_xl.model.programme import Programme
from kars_xl.pipeline import check_forms
from kars_xl.reading.files import Progress, Reading, read_files
from kars_xl.reading.grid import UnreadableFile, open_grid
from kars_xl.reading.recognise import recognise
from kars_xl.year.folder.folder import Folder
from kars_xl.year.mail import texts
from kars_xl.year.mail.addresses import read_addresses
from kars_xl.year.mail.concerns import Concern, concerns, placed_in
from kars_xl.year.mail.letter import FINDINGS, FORMS, REMINDERS, Attachment, Letter, Letters

_FINANCE = "mali hizmetler"


@dataclass(slots=True)
class _Desk:
    """The plan at hand while letters are written, and what is found on the way."""

    programme: Programme
    file: str
    letters: list[Letter] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def addresses(self, unit: str) -> tuple[str, ...]:
        """The unit's usable addresses; without any there is no letter, which is said."""
        written = ", ".join(item.email for item in self.programme.units if fold(item.name) == fold(unit) and item.email)
        read = read_addresses(written)
        for found, reason in read.bad:
            whose = f"{unit} için yazılan"
            self.findings.append(
                finding("KX702", Place(self.file), values=[("unit", unit)], whose=whose, found=found, reason=reason)
            )
        if not read.good and not read.bad:
            self.findings.append(finding("KX701", Place(self.file), values=[("unit", unit)], unit=unit))
        return read.good

    def write(self, kind: str, unit: str, to: tuple[str, ...], text: texts.Text, files: Sequence[Attachment]) -> None:
        self.letters.append(Letter(kind, unit, to, text.subject, text.body, tuple(files)))

    def done(self, notes: Sequence[str] = ()) -> Letters:
        return Letters(tuple(self.letters), tuple(self.findings), tuple(notes), self.programme.year)


def forms_letters(folder: Folder, deadline: dt.date, progress: Progress = lambda _: None) -> Letters:
    """To each unit of the plan its form, to the finance unit its own as well."""
    reading = read_files([], str(_plan_of(folder)), progress)
    if reading.plan is None:
        return Letters(findings=tuple(reading.findings))
    desk = _Desk(reading.plan.programme, reading.plan_file)
    programme = desk.programme
    named = _units(programme)
    finance = next((unit.name for unit in programme.units if fold(unit.name).startswith(_FINANCE) and unit.email), "")
    if finance and fold(finance) not in map(fold, named):
        named.append(finance)
    asked = set(map(fold, _units(programme)))
    for unit in named:
        progress(f"form okunuyor: {unit}")
        to = desk.addresses(unit)
        files = []
        try:
            if fold(unit) in asked:
                files.append(_form(folder.forms / f"{file_stem(unit)}.xlsx", programme, unit))
            if unit == finance:
                files.append(_form(folder.forms / FINANCE_FORM, programme))
        except _NoForm as error:
            path, reason = error.args
            desk.findings.append(finding("KX703", Place(str(path)), values=[("unit", unit)], unit=unit, reason=reason))
            continue
        if to:
            text = texts.forms_text(programme, unit, [file.name for file in files], deadline)
            desk.write(FORMS, unit, to, text, files)
    return desk.done()


def reminder_letters(folder: Folder, deadline: dt.date, today: dt.date, progress: Progress = lambda _: None) -> Letters:
    """To each unit that the plan asks and that has sent no readable form."""
    reading = _read(folder, progress)
    if reading.plan is None:
        return Letters(findings=tuple(reading.findings))
    desk = _Desk(reading.plan.programme, reading.plan_file)
    sent = {fold(document.unit) for document in reading.documents if not is_finance(document)}
    for unit in _units(desk.programme):
        if fold(unit) not in sent and (to := desk.addresses(unit)):
            desk.write(REMINDERS, unit, to, texts.reminder_text(desk.programme, unit, deadline, today), ())
    # A file that could not be read may be the form that is awaited.
    desk.findings += [found for found in reading.findings if found.is_error and found.place.file != desk.file]
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

    Findings about no unit's form are the caller's to see; those of forms are told to the units alone.
    """
    reading = _read(folder, progress)
    if reading.plan is None:
        return Letters(findings=tuple(reading.findings))
    desk = _Desk(reading.plan.programme, reading.plan_file)
    outcome = check_forms(reading, latest=True)
    if outcome.merged is None:
        return Letters(findings=outcome.findings)
    found, rest = concerns(reading.documents, outcome.findings, outcome.merged, desk.programme)
    stems: set[str] = set()
    silent = 0
    for concern in found:
        if not concern.findings or not (everything or any_error(concern.findings)):
            silent += 1
            continue
        to = desk.addresses(concern.unit)
        if to:
            files = _marked_copies(concern, marked / free_name(file_stem(concern.unit), "", stems), desk, progress)
            if not files:
                continue  # it could not be written, which is said
            names = [file.name for file in files]
            text = texts.findings_text(desk.programme, concern.unit, names, concern.findings, deadline)
            desk.write(FINDINGS, concern.unit, to, text, files)
    # Who has sent nothing, Tablo 11's office included, is no news here.
    awaited = set(map(fold, _units(desk.programme)))
    desk.findings += [item for item in rest if item.is_error and not _is_awaited(item, awaited)]
    notes = [f"{silent} birimin formunda düzeltilecek hata yok; onlara ileti hazırlanmadı."] if silent else []
    return desk.done(notes)


def _is_awaited(found: Finding, units: Collection[str]) -> bool:
    """That a form has not come, be it one of these units (folded) or Tablo 11."""
    return fold(found.key) in units or (found.code == "KX203" and found.table == "TKT")


def _marked_copies(concern: Concern, target: Path, desk: _Desk, progress: Progress) -> list[Attachment]:
    from kars_xl.reports.annotate import annotate

    placed = [placed_in(found, concern.files) for found in concern.findings]
    done = annotate(concern.files, concern.files, placed, str(target), progress)
    desk.findings += [found for found in done.findings if found.is_error]
    return [Attachment.of(Path(path)) for path in done.written]


def _read(folder: Folder, progress: Progress) -> Reading:
    return read_files([str(folder.inputs)], str(_plan_of(folder)), progress)


def _plan_of(folder: Folder) -> Path:
    """A plan that is not there is told by where it would be."""
    return folder.plan or folder.inputs / "plan.xlsx"


def _units(programme: Programme) -> list[str]:
    """The units that get forms, each once, in alphabetical order."""
    asked = [unit for activity in programme.activities for unit in activity.units]
    asked += [table.unit for table in programme.information if table.unit]
    return sorted({fold(unit): unit for unit in reversed(asked)}.values(), key=sort_key)


class _NoForm(Exception):
    """There is nothing to attach: the arguments are the path, and why in Turkish."""


def _form(path: Path, programme: Programme, unit: str = "") -> Attachment:
    """The form at `path`, if it is this unit's and this year's; raises _NoForm."""
    try:
        file = Attachment.of(path)
        document = recognise(open_grid(str(path)))
    except FileNotFoundError as error:
        raise _NoForm(path, f"{path.name} forms klasöründe yok") from error
    except UnreadableFile as error:
        raise _NoForm(path, f"{path.name} okunamadı ({error.reason})") from error
    except OSError as error:
        raise _NoForm(path, f"{path.name} okunamadı ({system_reason(error)})") from error
    if unit and fold(document.unit) != fold(unit):
        raise _NoForm(path, f"{path.name} başka bir birimin formu: “{document.unit}”")
    wrong = next((year for year, _ in years(document) if year != programme.year), None)
    if wrong is not None:
        raise _NoForm(path, f"{path.name} {wrong} yılının formu, plan {programme.year} yılının")
    return file
