"""What the mail commands answer: who is written what, what came of it, and what comes next."""

from collections import Counter
from collections.abc import Iterator, Sequence
from operator import attrgetter

from kars_xl.findings import blocks
from kars_xl.findings.finding import ADVICE, Finding, any_error
from kars_xl.reports.verdict import as_verdict, next_step
from kars_xl.year.mail.letter import Handled, Letters, Sending

_STATES = {
    "draft": "taslak kaydedildi",
    "listed": "dağıtımda",
    "planned": "gönderilecek",
    "sent": "gönderildi",
    "already": "daha önce gitmiş",
    "uncertain": "gitmiş olabilir",
    "failed": "gönderilemedi",
}


def mail_report(name: str, letters: Letters, done: Sending, notes: Sequence[str]) -> blocks.Report:
    """Each letter with what came of it, what was wrong, and what comes next."""

    def who(handled: Handled) -> str:
        to = ", ".join(handled.letter.to)
        return f"{handled.letter.unit} <{to}>" if handled.letter.unit and to else to or str(handled.letter.unit)

    def files(handled: Handled) -> list[str]:
        return [attachment.name for attachment in handled.letter.attachments]

    columns = (
        blocks.Column(who, "Kime"),
        blocks.Column(lambda handled: _STATES[handled.state], "Durumu", words=True),
        blocks.Column(lambda handled: ", ".join(files(handled)), "Ekler", words=True),
        *blocks.attributes("letter.kind", "letter.unit", "letter.to", "letter.subject"),
        blocks.Column(files, name="files"),
        blocks.Column(attrgetter("state"), name="state"),
        blocks.Column(attrgetter("got"), name="accepted"),
        blocks.Column(attrgetter("reason"), name="reason"),
        blocks.Column(lambda handled: handled.message_id or None, name="message_id"),
        blocks.Column(lambda handled: handled.draft or None, name="draft"),
    )
    findings = (*letters.findings, *done.findings)
    end = [*([f"Formlarda {letters.tally}."] if letters.tally else []), *_end(done, findings)]
    table = blocks.Table(columns=columns, rows=done.handled, look="letters")
    parts = [
        table if done.handled else blocks.Lines(lines=[]),
        blocks.Listed(findings=findings),
        blocks.Lines(lines=notes),
        as_verdict(end, bad=any_error(findings)),
        blocks.Data(key="messages", value=[blocks.record(columns, handled) for handled in done.handled]),
        blocks.Data(key="notes", value=notes),
    ]
    return blocks.Report(command=name, blocks=parts, findings=findings)


def _end(done: Sending, findings: Sequence[Finding]) -> Iterator[str]:
    """How many letters became what, and what comes next."""
    counts = Counter(_STATES[handled.state] for handled in done.handled)
    yield f"{', '.join(f'{count} ileti: {state}' for state, count in counts.items()) or 'Gönderilecek ileti yok'}."
    if any(found.severity != ADVICE for found in findings):
        yield next_step(what="yukarıda söylenenleri giderip komutu yeniden verin.")
    elif any(handled.draft for handled in done.handled):
        yield next_step(what="taslaklara çift tıklayıp gönderin ya da komutu --send ile yeniden verin.")
