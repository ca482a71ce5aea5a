"""Letters given to a server, and what came of them."""

from __future__ import annotations

from pathlib import Path

from kars_xl.year.folder.folder import Sent, read_entries
from kars_xl.year.mail.letter import Letter, Sending
from kars_xl.year.mail.send import send
from kars_xl.year.mail.smtp import Server
from tests.helpers.mail_server import SENDER, Office, letter_to

FEN, ZABITA, HUKUK = (
    letter_to("Fen İşleri Müdürlüğü"),
    letter_to("Zabıta Müdürlüğü"),
    letter_to("Hukuk İşleri Müdürlüğü"),
)
ALL = (FEN, ZABITA, HUKUK)
QUICK = (0.01, 0.02)


def sent(server: Server, log: Path, *letters: Letter, again: tuple[str, ...] = ()) -> Sending:
    return send(letters, server, SENDER, log, again=again, waits=QUICK)


def states(done: Sending) -> list[str]:
    return [handled.state for handled in done.handled]


def recipients(office: Office) -> list[str]:
    return [address for received in office.received for address in received.to]


def logged(log: Path) -> list[str]:
    return [entry.state for entry in read_entries(log, Sent)[0]]
