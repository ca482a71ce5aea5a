"""The intake as a job: mail files in, forms in the working folder and a report of every attachment out."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from kars_xl.base.atomic import system_reason
from kars_xl.base.place import Place
from kars_xl.findings import blocks
from kars_xl.findings.as_text import count_line, where
from kars_xl.findings.finding import Effect, Finding, any_error, finding
from kars_xl.model.programme import Programme
from kars_xl.reading.files import Progress, read_files
from kars_xl.reading.grid.archives import Part
from kars_xl.reports.verdict import as_verdict, next_step, stopped
from kars_xl.year.collect.store import Store, judge
from kars_xl.year.collect.unpack import REFUSED, SAME, TAKEN, Attachment, Envelope, envelopes, files_of
from kars_xl.year.folder.folder import Folder, Missed, append, read_entries, read_log

_SIGNS = {TAKEN: "+", SAME: "=", REFUSED: "-"}
_PICTURE = "resim"


class Collected(Struct):
    """The whole intake. `inputs` is the folder that the forms went into."""

    inputs: str
    messages: list[Envelope] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def attachments(self) -> list[Attachment]:
        return [attachment for message in self.messages for attachment in message.attachments]

    @property
    def failed(self) -> bool:
        """Whether something has to be done about what came, or about what kept it from being taken."""
        return any(found.is_error or found.has(Effect.LEFT | Effect.UNOPENED) for found in self.findings)


def collect(
    paths: Sequence[str], output: str, *, plan: str | None = None, progress: Progress = lambda _: None
) -> Collected:
    """Reads mailboxes, messages or plain workbooks and stores the forms in the working folder `output`. The sources are
    only read. What is in the folder already is left as it is, so that it can be called again and again."""
    path = Path(output)
    # One that is new, or empty, becomes a working folder.
    is_new = not path.exists() or (path.is_dir() and not any(path.iterdir()))
    folder = Folder(path, None, Path(plan) if plan else None) if is_new else Folder.of(path, plan)
    result = Collected(str(folder.inputs))
    files, result.findings = files_of(paths)
    programme = None
    if folder.plan is not None and (plan is not None or folder.plan.is_file()):
        reading = read_files([], str(folder.plan))
        # What is wrong with it matters only where it was asked for.
        result.findings += reading.findings if plan is not None and reading.plan is None else []
        programme = reading.plan.programme if reading.plan else None
    if any_error(result.findings):
        return result
    store = Store(folder, programme)
    # A mailbox holds those messages that went out from this folder as well.
    own = {sent.message_id for sent in read_log(folder.log) if sent.message_id}
    missed: list[tuple[Envelope, str]] = []
    for number, file in enumerate(files, start=1):
        progress(f"okunuyor {number}/{len(files)}: {file.name}")
        # What may hold a form, by the message that it came with, and the messages with which one came.
        left: dict[tuple[str, ...], Envelope] = {}
        came: set[tuple[str, ...]] = set()
        for envelope in envelopes(file):
            if envelope.letter is not None and envelope.letter.message_id in own:
                envelope.refuse_all("kendi gönderdiğiniz ileti")
            for item in envelope.items:
                before = len(result.findings)
                became = _take(store, programme, envelope, item, result.findings)
                envelope.attachments.append(became)
                if became.result != REFUSED:
                    came.add(envelope.first.steps)
                elif len(result.findings) > before:
                    missed.append((envelope, f"{became.name} ({became.reason.rstrip('.')})"))
                elif became.may_hold:
                    left.setdefault(envelope.first.steps, envelope)
            # The attached files themselves are let go; a mailbox may be larger than the memory.
            envelope.items = []
            envelope.letter = replace(envelope.letter, parts=()) if envelope.letter else None
            result.messages.append(envelope)
        for envelope in (it for whole, it in left.items() if whole not in came):
            unlike = [it for it in envelope.attachments if it.may_hold]
            if envelope.letter is None:
                places = [(envelope.place_of(Part(it.name)), it) for it in unlike]
                result.findings += [finding("KX014", at, reason=it.reason, remedy=it.remedy) for at, it in places]
            else:
                what = ", ".join(f"{it.name} ({it.reason})" for it in unlike)
                result.findings.append(finding("KX017", envelope.place_of(), values=[("what", what)], what=what))
                missed.append((envelope, what))
    result.findings += store.conflicts()
    try:
        # Where a form could not be written, all is collected anew.
        for envelope, what in missed if not store.failed else ():
            if letter := envelope.first.letter:
                # With it the folder is a working folder, where it is looked for.
                folder.inputs.mkdir(parents=True, exist_ok=True)
                date = letter.date.isoformat() if letter.date else ""
                entry = Missed(date, letter.sender, letter.address, letter.subject, what)
                if entry not in read_entries(folder.missed, Missed)[0]:
                    append(folder.missed, entry)
    except OSError as error:
        result.findings.append(finding("KX006", Place(str(folder.missed)), reason=system_reason(error)))
    if not files:
        result.findings.append(finding("KX008", Place(", ".join(paths))))
    return result


def _take(store: Store, plan: Programme | None, envelope: Envelope, item: Part, findings: list[Finding]) -> Attachment:
    """Puts a form into the store; what is to be said of it goes into `findings`."""
    form, told = judge(envelope, item, plan)
    findings += told
    if isinstance(form, Attachment):
        return form
    found = Attachment(item.name, REFUSED, unit=form.unit, revision=form.revision, sha256=form.digest)
    if same := next((stored for stored in store.forms if stored.digest == form.digest), None):
        return replace(found, result=SAME, file=same.file)
    if form.digest in store.sent_marked:
        return replace(found, reason="geri gönderdiğiniz işaretli kopyanın kendisi, düzeltilmemiş")
    if form.is_blank and form.digest in store.sent_blank:
        return replace(found, reason="gönderdiğiniz boş formun kendisi, doldurulmamış")
    sent = envelope.letter.date if envelope.letter else None
    if envelope.letter is None:
        # Of a file that came without a message, when it was last saved.
        with suppress(OSError, OverflowError, ValueError):
            sent = dt.datetime.fromtimestamp(Path(envelope.source).stat().st_mtime, dt.UTC)
    try:
        stored = store.put(form, sent)
    except OSError as error:
        reason, store.failed = system_reason(error), True
        findings.append(finding("KX006", envelope.place_of(item), reason=reason))
        return replace(found, reason=f"kaydedilemedi: {reason}")
    place, unit = Place(stored.file), form.unit.name
    if not form.unit:
        findings.append(finding("KX212", place, found=where(envelope.place_of(item))))
    elif form.by_address and envelope.letter is not None:
        findings.append(finding("KX211", place, key=unit, unit=unit, email=envelope.letter.address))
    return replace(found, result=TAKEN, file=stored.file)


def collect_report(collected: Collected) -> blocks.Report:
    """Every message with attachments, and a closing count."""
    messages, attachments = collected.messages, collected.attachments
    counts = Counter(attachment.result for attachment in attachments)
    without = sum(not message.attachments for message in messages)
    ends = [f"Eki olmayan {without} ileti var."] if without else []
    letters = sum(message.letter is not None for message in messages)
    became = f"{counts[TAKEN]} form alındı, {counts[SAME]} zaten vardı, {counts[REFUSED]} alınmadı"
    ends.append(f"{letters} ileti, {len(attachments)} ek ya da dosya: {became}.")
    folder = Path(collected.inputs)
    folder = folder.parent if folder.name == "inputs" else folder
    step = next_step("status", str(folder), what="kim gönderdi, ne yanlış, bakın")
    end = stopped(collected.findings, "Eksik toplandı") if collected.failed else [f"{became}.", step]
    parts = [
        blocks.Data(key="inputs", value=collected.inputs),
        blocks.Data(key="counts", value={result: counts[result] for result in (TAKEN, SAME, REFUSED)}),
        blocks.Data(key="messages", value=[_data(message) for message in messages]),
        *(
            blocks.Lines(title=message.title, lines=list(_lines(message, collected.inputs)), bullet="  ")
            for message in messages
            if message.attachments
        ),
        blocks.Lines(title="Sonuç", lines=ends, bullet="  ") if messages else blocks.Lines(lines=[]),
        blocks.Listed(findings=collected.findings, err=collected.failed),
        blocks.Lines(lines=[count_line(collected.findings)] if collected.findings else []),
        as_verdict(end, bad=collected.failed, err=collected.failed),
    ]
    return blocks.Report(command="collect", blocks=parts, findings=collected.findings, failed=collected.failed)


def _data(message: Envelope) -> dict[str, object]:
    """The message, with all that is blank as None, and what became of what is attached to it."""
    letter = {name: getattr(message.letter, name, None) for name in ("address", "date", "subject", "message_id")}
    given = map(blocks.plain, message.attachments)
    attachments = [{name: None if value == "" else value for name, value in item.items()} for item in given]
    sender = message.letter.sender if message.letter else None
    return {"source": message.source, "path": message.steps, "from": sender, **letter, "attachments": attachments}


def _lines(message: Envelope, inputs: str) -> Iterator[str]:
    """A line for each attachment; pictures, which are logos of signatures mostly, have one together."""
    pictures = [item for item in message.attachments if item.reason == _PICTURE]
    for item in message.attachments:
        if item not in pictures or len(pictures) == 1:
            became = f"alınmadı, {item.reason}"
            if item.result != REFUSED:
                file = Path(item.file)
                place = file.relative_to(inputs) if file.is_relative_to(inputs) else file
                whose = f"{item.unit}, revizyon {item.revision}" if item.unit else "birimi belirsiz"
                became = f"{whose} → {place}" if item.result == TAKEN else f"zaten var ({place})"
            yield f"{_SIGNS[item.result]} {item.name}: {became}"
    if len(pictures) > 1:
        yield f"{_SIGNS[REFUSED]} {', '.join(item.name for item in pictures)}: alınmadı, {_PICTURE}"
