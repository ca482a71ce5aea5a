"""The report of an intake: message by message what became of each attachment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from operator import attrgetter
from pathlib import Path

from kars_xl.findings import blocks
from kars_xl.findings.words import count_line
from kars_xl.year.collect.job import Collected
from kars_xl.year.collect.unpack import REFUSED, SAME, TAKEN, Attachment, Envelope

_SIGNS = {TAKEN: "+", SAME: "=", REFUSED: "-"}
_PICTURE = "resim"
_ATTACHMENT = (
    *(blocks.Column(attrgetter(name), name=name) for name in ("name", "result")),
    blocks.Column(lambda item: item.file or None, name="file"),
    blocks.Column(lambda item: item.unit.name or None, name="unit"),
    blocks.Column(attrgetter("revision"), name="revision"),
    blocks.Column(lambda item: item.sha256 or None, name="sha256"),
    blocks.Column(lambda item: item.reason or None, name="reason"),
)


def _of_letter(name: str, field: str = "") -> blocks.Column:
    return blocks.Column(lambda message: getattr(message.letter, field or name, None), name=name)


_MESSAGE = (
    blocks.Column(attrgetter("source"), name="source"),
    blocks.Column(attrgetter("steps"), name="path"),
    _of_letter("from", "sender"),
    *map(_of_letter, ("address", "date", "subject", "message_id")),
    blocks.Column(
        lambda message: [blocks.record(_ATTACHMENT, item) for item in message.attachments], name="attachments"
    ),
)


def collect_report(collected: Collected) -> blocks.Report:
    """Every message with attachments, and a closing count."""
    messages, attachments = collected.messages, collected.attachments
    counts = Counter(attachment.result for attachment in attachments)
    ends = []
    if without := sum(not message.attachments for message in messages):
        ends.append(f"Eki olmayan {without} ileti var.")
    letters = sum(message.letter is not None for message in messages)
    became = f"{counts[TAKEN]} form alındı, {counts[SAME]} zaten vardı, {counts[REFUSED]} alınmadı"
    ends.append(f"{letters} ileti, {len(attachments)} ek ya da dosya: {became}.")
    parts = [
        blocks.Data(key="inputs", value=collected.inputs),
        blocks.Data(key="counts", value={result: counts[result] for result in (TAKEN, SAME, REFUSED)}),
        blocks.Data(key="messages", value=[blocks.record(_MESSAGE, message) for message in messages]),
        *(
            blocks.Lines(title=_heading(message), lines=list(_lines(message, collected.inputs)), bullet="  ")
            for message in messages
            if message.attachments
        ),
        blocks.Lines(title="Sonuç", lines=ends, bullet="  ") if messages else blocks.Lines(lines=[]),
        blocks.Listed(findings=collected.findings, err=collected.failed),
        blocks.Lines(lines=[count_line(collected.findings)]),
    ]
    return blocks.Report(command="collect", blocks=parts, findings=collected.findings)


def _heading(message: Envelope) -> str:
    where = " ▸ ".join((Path(message.source).name, *message.steps))
    letter = message.letter
    if letter is None:
        return where
    date = f"{letter.date:%d.%m.%Y %H:%M}" if letter.date else "tarihi yok"
    subject = f"“{letter.subject}”" if letter.subject else "konusuz"
    return " – ".join([where, date, letter.sender or "göndereni yok", subject])


def _lines(message: Envelope, inputs: str) -> Iterator[str]:
    """A line for each attachment; pictures, which are logos of signatures mostly, have one together."""
    pictures = [item for item in message.attachments if item.reason == _PICTURE]
    for item in message.attachments:
        if item not in pictures or len(pictures) == 1:
            yield f"{_SIGNS[item.result]} {item.name}: {_became(item, inputs)}"
    if len(pictures) > 1:
        yield f"{_SIGNS[REFUSED]} {', '.join(item.name for item in pictures)}: alınmadı, {_PICTURE}"


def _became(item: Attachment, inputs: str) -> str:
    if item.result == REFUSED:
        return f"alınmadı, {item.reason}"
    file = Path(item.file)
    place = file.relative_to(inputs) if file.is_relative_to(inputs) else file
    whose = f"{item.unit}, revizyon {item.revision}" if item.unit else "birimi belirsiz"
    return f"{whose} → {place}" if item.result == TAKEN else f"zaten var ({place})"
