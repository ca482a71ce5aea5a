"""What the commands of mail do with their letters, and how they answer."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kars_xl.cli.base import progress, respond

if TYPE_CHECKING:
    from kars_xl.findings.finding import Finding
    from kars_xl.year.folder.folder import Folder
    from kars_xl.year.mail.letter import Letters
    from kars_xl.year.mail.send import Handled
    from kars_xl.year.mail.smtp import Server

_STATES = {
    "draft": "taslak yazıldı",
    "planned": "gönderilecek",
    "sent": "gönderildi",
    "already": "daha önce gitmiş",
    "uncertain": "gitmiş olabilir",
    "failed": "gönderilemedi",
}
_WIDTH = max(map(len, _STATES.values()))


@dataclass(frozen=True, slots=True)
class Done:
    """What came of the letters, one row for machines each; findings and notes."""

    messages: tuple[dict[str, object], ...]
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]


def written(kind: str, folder: Folder, letters: Letters, sender: str) -> Done:
    """The letters as drafts."""
    from kars_xl.year.mail.compose import write_drafts
    from kars_xl.year.mail.letter import FINAL, as_one
    from kars_xl.year.mail.send import Handled

    # The programme goes to all as a single draft: nobody wants to press Send thirty times.
    to_write = as_one(letters.letters) if kind == FINAL else letters.letters
    drafts = write_drafts(kind, to_write, folder.mail, sender)
    rows = []
    for letter, file in zip(to_write, drafts.files, strict=True):
        handled = Handled(letter, letter.to, state="draft" if file else "failed")
        rows.append({**_row(handled), "draft": file or None})
    notes = [*letters.notes]
    if count := sum(map(bool, drafts.files)):
        notes.append(f"{count} taslak yazıldı: {folder.mail}. Göndermek için dosyaya çift tıklayın.")
    if drafts.old:
        names = ", ".join(Path(path).name for path in drafts.old)
        notes.append(f"Önceki çağrılardan kalan taslaklar (artık gerekmiyor olabilir, silinmedi): {names}")
    return Done(tuple(rows), (*letters.findings, *drafts.findings), tuple(notes))


def to_be_sent(folder: Folder, letters: Letters, sender: str, options: dict[str, Any]) -> Done:
    """The letters sent, or with --dry-run what would be."""
    from kars_xl.year.mail.send import UnreadableLog, is_meant, plan_sending, send

    again: tuple[str, ...] = options["again"]
    for item in again:
        if not any(is_meant(letter, item) for letter in letters.letters):
            raise click.BadParameter(f"“{item}” için gönderilecek bir ileti yok.", param_hint="'--again'")
    if options["dry_run"]:
        try:
            sending = plan_sending(letters.letters, folder.log, again)
        except UnreadableLog as error:
            raise click.ClickException(str(error)) from error
    else:
        server = _server(sender, options)
        show = progress(options["style"])
        sending = send(letters.letters, server, sender, folder.log, again=again, progress=show)
    rows = tuple(_row(handled) for handled in sending.handled)
    return Done(rows, (*letters.findings, *sending.findings), letters.notes)


def _server(sender: str, options: dict[str, Any]) -> Server:
    from kars_xl.year.mail.smtp import PORTS, NoCredentials, Server, credentials

    if not sender:
        raise click.UsageError("--send için gönderenin adresini --from ile verin.")
    host, security = options["host"], options["security"]
    if not host:
        raise click.UsageError("--send için posta sunucusunu --smtp-host ile verin.")
    try:
        user, password = credentials(host, sender)
    except NoCredentials as error:
        raise click.UsageError(str(error)) from error
    return Server(host, options["port"] or PORTS[security], security, user, password, options["ca"])


def answer_with(command: str, done: Done, style: str, everything: bool) -> None:
    """Prints the answer; leaves with 1 where an error is among the findings."""
    from kars_xl.findings.as_text import findings_text

    def say() -> None:
        for row in done.messages:
            click.echo(_line(row))
        if text := findings_text(done.findings, everything=everything):
            click.echo(("\n" if done.messages else "") + text.rstrip())
        if not done.messages:
            click.echo("Gönderilecek ileti yok.")
        for note in done.notes:
            click.echo(note)

    respond(command, style, done.findings, lambda: {"messages": list(done.messages), "notes": list(done.notes)}, say)


def _row(handled: Handled) -> dict[str, object]:
    letter = handled.letter
    return {
        "kind": letter.kind,
        "unit": letter.unit.name,
        "to": list(letter.to),
        "subject": letter.subject,
        "files": [attachment.name for attachment in letter.attachments],
        "state": handled.state,
        "accepted": list(handled.got),
        "reason": handled.reason,
        "message_id": handled.message_id or None,
        "draft": None,
    }


def _line(row: dict[str, Any]) -> str:
    what = ", ".join(row["files"])
    to = ", ".join(row["to"])
    who = f"{row['unit']} <{to}>" if row["unit"] else to
    return f"{_STATES[row['state']]:<{_WIDTH}}  {who}" + (f"  [{what}]" if what else "")
