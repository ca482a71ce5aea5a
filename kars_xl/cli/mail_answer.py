"""What the commands of mail do with their letters, and how they answer."""

from collections.abc import Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import click

from kars_xl.cli.base import Progress
from kars_xl.findings import blocks
from kars_xl.findings.finding import Finding

if TYPE_CHECKING:
    from kars_xl.year.folder.folder import Folder
    from kars_xl.year.mail.letter import Handled, Letters, Sending
    from kars_xl.year.mail.smtp import Server

_STATES = {
    "draft": "taslak yazıldı",
    "planned": "gönderilecek",
    "sent": "gönderildi",
    "already": "daha önce gitmiş",
    "uncertain": "gitmiş olabilir",
    "failed": "gönderilemedi",
}


def to_be_sent(folder: "Folder", letters: "Letters", options: dict[str, Any], progress: Progress) -> "Sending":
    """The letters sent, or with --dry-run what would be."""
    from kars_xl.year.mail.send import UnreadableLog, is_meant, plan_sending, send

    again: tuple[str, ...] = options["again"]
    for item in again:
        if not any(is_meant(letter, item) for letter in letters.letters):
            raise click.BadParameter(f"“{item}” için gönderilecek bir ileti yok.", param_hint="'--again'")
    if options["dry_run"]:
        try:
            return plan_sending(letters.letters, folder.log, again)
        except UnreadableLog as error:
            raise click.ClickException(str(error)) from error
    return send(letters.letters, _server(options), options["sender"], folder.log, again=again, progress=progress)


def _server(options: dict[str, Any]) -> "Server":
    from kars_xl.year.mail.smtp import PASSWORD, PORTS, Server, credentials, keyring_service

    host, security = options["host"], options["security"]
    for given, what in ((options["sender"], "gönderenin adresini --from"), (host, "posta sunucusunu --smtp-host")):
        if not given:
            raise click.UsageError(f"--send için {what} ile verin.")
    user, password = credentials(host, options["sender"])
    if not password:
        raise click.UsageError(
            f"{user} kullanıcısının parolası yok. {PASSWORD} ortam değişkenine yazın ya da bir kez şunu çalıştırıp "
            f'bilgisayarın parola kasasına koyun: keyring set {keyring_service(host)} "{user}" '
            "(kasa için: pip install kars-xl[mail])"
        )
    return Server(host, options["port"] or PORTS[security], security, user, password, options["ca"])


def answer(name: str, sent: "Sequence[Handled]", findings: Sequence[Finding], notes: Sequence[str]) -> blocks.Report:
    """Whose letter became what, what was found, and notes."""
    letters = blocks.Table(columns=_COLUMNS, rows=sent, look="letters")
    parts = [
        letters if sent else blocks.Lines(lines=["Gönderilecek ileti yok."]),
        blocks.Listed(findings=findings),
        blocks.Lines(lines=notes),
        blocks.Data(key="messages", value=[blocks.record(_COLUMNS, handled) for handled in sent]),
        blocks.Data(key="notes", value=notes),
    ]
    return blocks.Report(command=name, blocks=parts, findings=findings)


def _who(handled: "Handled") -> str:
    to = ", ".join(handled.letter.to)
    return f"{handled.letter.unit} <{to}>" if handled.letter.unit else to


def _files(handled: "Handled") -> list[str]:
    return [attachment.name for attachment in handled.letter.attachments]


_COLUMNS = (
    blocks.Column(_who, "Kime"),
    blocks.Column(lambda handled: _STATES[handled.state], "Durumu", words=True),
    blocks.Column(lambda handled: ", ".join(_files(handled)), "Ekler", words=True),
    blocks.Column(lambda handled: handled.letter.kind, name="kind"),
    blocks.Column(lambda handled: handled.letter.unit, name="unit"),
    blocks.Column(lambda handled: handled.letter.to, name="to"),
    blocks.Column(lambda handled: handled.letter.subject, name="subject"),
    blocks.Column(_files, name="files"),
    blocks.Column(attrgetter("state"), name="state"),
    blocks.Column(attrgetter("got"), name="accepted"),
    blocks.Column(attrgetter("reason"), name="reason"),
    blocks.Column(lambda handled: handled.message_id or None, name="message_id"),
    blocks.Column(lambda handled: handled.draft or None, name="draft"),
)
