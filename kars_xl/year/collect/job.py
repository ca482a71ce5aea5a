"""The intake as a job: mail files in, forms in the working folder and a report of every attachment out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from kars_xl.base.atomic import system_reason
from kars_xl.base.place import Place
from kars_xl.findings.catalogue import finding
from kars_xl.findings.finding import Finding
from kars_xl.findings.severity import any_error
from kars_xl.findings.words import where
from kars_xl.model.programme import Programme
from kars_xl.model.units import NO_UNIT, Unit
from kars_xl.reading.files import Progress, read_files
from kars_xl.year.collect.eml import Letter, Part
from kars_xl.year.collect.store import Form, Refused, Store, judge
from kars_xl.year.collect.unpack import Envelope, envelopes, files_of
from kars_xl.year.folder.folder import Folder, read_log

TAKEN, SAME, REFUSED = "taken", "same", "refused"
_OWN = "kendi gönderdiğiniz ileti"
_BLANK = "gönderdiğiniz boş formun kendisi, doldurulmamış"
_MARKED = "geri gönderdiğiniz işaretli kopyanın kendisi, düzeltilmemiş"


@dataclass(frozen=True, slots=True)
class Attachment:
    """What became of an attachment: `file` is where it lies now (TAKEN, SAME), `reason` why it does not (REFUSED)."""

    name: str
    result: str
    file: str = ""
    unit: Unit = NO_UNIT
    revision: int | None = None
    sha256: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """A message and its attachments; `letter` is None for files that came without one."""

    source: str
    steps: tuple[str, ...]
    letter: Letter | None
    attachments: tuple[Attachment, ...]


@dataclass(slots=True)
class Collected:
    """The whole intake. `inputs` is the folder that the forms went into."""

    inputs: str
    messages: list[Message] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def attachments(self) -> list[Attachment]:
        return [attachment for message in self.messages for attachment in message.attachments]

    @property
    def failed(self) -> bool:
        return any_error(self.findings)


def collect(
    paths: Sequence[str], output: str, *, plan: str | None = None, progress: Progress = lambda _: None
) -> Collected:
    """Reads mailboxes, messages or plain workbooks and stores the forms in the working folder `output`.

    The sources are only read. What is in the folder already is left as it is, so that it can be called again and again.
    """
    folder = _folder(output, plan)
    result = Collected(str(folder.inputs))
    files, result.findings = files_of(paths)
    programme = _plan(folder, plan is not None, result.findings)
    if any_error(result.findings):
        return result
    work = _Work(Store(folder, programme), programme, _own_messages(folder), result)
    for number, path in enumerate(files, start=1):
        progress(f"okunuyor {number}/{len(files)}: {path.name}")
        for envelope in envelopes(path):
            work.take(envelope)
    result.findings += work.store.conflicts()
    if not files:
        result.findings.append(finding("KX008", Place(", ".join(paths))))
    return result


def _folder(output: str, plan: str | None) -> Folder:
    """The working folder; one that is new, or empty, becomes one."""
    path = Path(output)
    is_new = not path.exists() or (path.is_dir() and not any(path.iterdir()))
    return Folder(path, None, Path(plan) if plan else None) if is_new else Folder.of(path, plan)


def _plan(folder: Folder, wanted: bool, findings: list[Finding]) -> Programme | None:
    """The plan's programme, if there is one; what is wrong with it matters only where it was asked for."""
    if folder.plan is None or not (wanted or folder.plan.is_file()):
        return None
    reading = read_files([], str(folder.plan))
    if wanted and reading.plan is None:
        findings += reading.findings
    return reading.plan.programme if reading.plan else None


def _own_messages(folder: Folder) -> frozenset[str]:
    """Identifiers of the messages that this folder sent; a mailbox holds those that went out as well."""
    return frozenset(sent.message_id for sent in read_log(folder.log) if sent.message_id)


@dataclass(slots=True)
class _Work:
    """One intake at work: where forms go, the plan if there is one, what this folder sent itself, the report so far."""

    store: Store
    plan: Programme | None
    own: frozenset[str]
    result: Collected

    def take(self, envelope: Envelope) -> None:
        is_own = envelope.letter is not None and envelope.letter.message_id in self.own
        attachments = tuple(
            Attachment(item.name, REFUSED, reason=_OWN) if is_own else self._attachment(envelope, item)
            for item in envelope.items
        )
        # The attached files themselves are let go; a mailbox may be larger than the memory.
        letter = replace(envelope.letter, parts=()) if envelope.letter else None
        self.result.messages.append(Message(envelope.source, envelope.steps, letter, attachments))

    def _attachment(self, envelope: Envelope, item: Part) -> Attachment:
        form = judge(envelope, item, self.plan)
        if isinstance(form, Refused):
            self.result.findings += form.findings
            return Attachment(item.name, REFUSED, reason=form.reason)
        found = Attachment(item.name, REFUSED, unit=form.unit, revision=form.revision, sha256=form.digest)
        if same := self.store.same(form.digest):
            return replace(found, result=SAME, file=same.file)
        if form.digest in self.store.sent_marked:
            return replace(found, reason=_MARKED)
        if form.is_blank and form.digest in self.store.sent_blank:
            return replace(found, reason=_BLANK)
        place = envelope.place_of(item)
        try:
            stored = self.store.put(form, _sent(envelope))
        except OSError as error:
            reason = system_reason(error)
            self.result.findings.append(finding("KX006", place, reason=reason))
            return replace(found, reason=f"yazılamadı: {reason}")
        self.result.findings += _about_unit(form, Place(stored.file), place, envelope.letter)
        return replace(found, result=TAKEN, file=stored.file)


def _sent(envelope: Envelope) -> dt.datetime | None:
    """When the message was sent; of a file that came without one, when it was last saved."""
    if envelope.letter is not None:
        return envelope.letter.date
    try:
        return dt.datetime.fromtimestamp(Path(envelope.source).stat().st_mtime, dt.UTC)
    except (OSError, OverflowError, ValueError):
        return None


def _about_unit(form: Form, place: Place, origin: Place, letter: Letter | None) -> list[Finding]:
    if not form.unit:
        return [finding("KX212", place, found=where(origin))]
    if form.by_address and letter is not None:
        return [finding("KX211", place, key=form.unit.name, unit=form.unit.name, email=letter.address)]
    return []
