"""The report of an intake: message by message in the terminal, and the same as JSON."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from kars_xl.base.text_templates import fill
from kars_xl.year.collect.eml import Letter
from kars_xl.year.collect.job import REFUSED, SAME, TAKEN, Attachment, Collected, Message


def report_text(collected: Collected) -> str:
    """Every message with attachments, and a closing count."""
    counts = Counter(attachment.result for attachment in collected.attachments)
    return fill("year/collect/report.txt", collected=collected, counts=counts, heading=_heading, became=_became)


def report_json(collected: Collected) -> dict[str, object]:
    """The keys that the answer for machines has of its own."""
    counts = Counter(attachment.result for attachment in collected.attachments)
    return {
        "inputs": collected.inputs,
        "counts": {result: counts[result] for result in (TAKEN, SAME, REFUSED)},
        "messages": [_message(message) for message in collected.messages],
    }


def _heading(message: Message) -> str:
    where = " ▸ ".join((Path(message.source).name, *message.steps))
    facts = _facts(message.letter) if message.letter else []
    return " – ".join([where, *facts])


def _facts(letter: Letter) -> list[str]:
    date = f"{letter.date:%d.%m.%Y %H:%M}" if letter.date else "tarihi yok"
    return [date, letter.sender or "göndereni yok", f"“{letter.subject}”" if letter.subject else "konusuz"]


def _became(item: Attachment, inputs: str) -> str:
    if item.result == REFUSED:
        return f"alınmadı, {item.reason}"
    file = Path(item.file)
    place = file.relative_to(inputs) if file.is_relative_to(inputs) else file
    whose = f"{item.unit}, revizyon {item.revision}" if item.unit else "birimi belirsiz"
    return f"{whose} → {place}" if item.result == TAKEN else f"zaten var ({place})"


def _message(message: Message) -> dict[str, object]:
    letter = message.letter
    return {
        "source": message.source,
        "path": list(message.steps),
        "from": letter.sender if letter else None,
        "address": letter.address if letter else None,
        "date": letter.date.isoformat() if letter and letter.date else None,
        "subject": letter.subject if letter else None,
        "message_id": letter.message_id if letter else None,
        "attachments": [
            {
                "name": item.name,
                "result": item.result,
                "file": item.file or None,
                "unit": item.unit.name or None,
                "revision": item.revision,
                "sha256": item.sha256 or None,
                "reason": item.reason or None,
            }
            for item in message.attachments
        ],
    }
