"""The smallest folder that has each finding of e-mail (KX7xx)."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

from msgspec.structs import replace

from kars_xl.findings.finding import Finding
from kars_xl.pipeline import make_forms, merge
from kars_xl.year.folder.folder import SENDING, Folder, Sent, append
from kars_xl.year.mail.final import final_letters, read_recipients
from kars_xl.year.mail.send import plan_sending, send
from kars_xl.year.mail.smtp import STARTTLS, Server
from kars_xl.year.mail.units import forms_letters
from tests.helpers.form_files import FEN, finance, form
from tests.helpers.mail_server import SENDER, free_port, letter_to, write_addresses
from tests.helpers.repository import INPUTS


def to_units(folder: Path, addresses: dict[str, str], *, forms: bool = True) -> Iterable[Finding]:
    (folder / "inputs").mkdir()
    plan = folder / "inputs" / "plan.xlsx"
    shutil.copy(INPUTS / "plan.xlsx", plan)
    write_addresses(plan, addresses)
    if forms:
        make_forms(str(plan), str(folder / "forms"), filled=False)
    made = forms_letters(Folder.of(folder), dt.date(2099, 11, 20))
    return [*made.findings, *made.unaddressed]


def no_server(folder: Path) -> Iterable[Finding]:
    server = Server("localhost", free_port(), STARTTLS, SENDER, "parola", timeout=5)
    return send([letter_to(FEN)], server, SENDER, folder / "gonderim.jsonl", waits=()).findings


def broken_off(folder: Path) -> Iterable[Finding]:
    one, log = letter_to(FEN), folder / "gonderim.jsonl"
    append(log, Sent("2026-11-23T10:15:00+03:00", one.kind, FEN, one.to[0], "<1@x>", sha256=one.digest, state=SENDING))
    return plan_sending([one], log).findings


def moved_deadline(folder: Path) -> Iterable[Finding]:
    one, log = replace(letter_to(FEN), deadline="27 Kasım 2026 Cuma"), folder / "gonderim.jsonl"
    old = Sent("2026-11-10T10:15:00+03:00", one.kind, FEN, one.to[0], "<1@x>", sha256=one.digest)
    append(log, replace(old, deadline="20 Kasım 2026 Cuma"))
    return plan_sending([one], log).findings


def draft_programme(folder: Path) -> Iterable[Finding]:
    (folder / "gelen").mkdir()
    form(folder / "gelen")
    finance(folder / "gelen")
    workbook = folder / "program.xlsx"
    merge([str(folder / "gelen")], str(workbook), draft=True)
    return final_letters(workbook, read_recipients(["vali@kars.gov.tr"]), make_pdf=False).findings


MAIL_EXAMPLES: dict[str, Callable[[Path], Iterable[Finding]]] = {
    "KX701": lambda folder: to_units(folder, {FEN: ""}),
    "KX702": lambda folder: to_units(folder, {FEN: "fen@kars"}),
    "KX703": lambda folder: to_units(folder, {}, forms=False),
    "KX704": no_server,
    "KX705": broken_off,
    "KX706": draft_programme,
    "KX707": moved_deadline,
}
