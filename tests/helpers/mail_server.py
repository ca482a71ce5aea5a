"""A real mail server on loopback, with TLS and passwords, that can be told to misbehave; and an office that writes."""

from __future__ import annotations

import shutil
import socket
import ssl
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Any

import openpyxl
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from kars_xl.base.text import fold
from kars_xl.model.units import Unit
from kars_xl.pipeline import make_forms
from kars_xl.year.mail.letter import Attachment, Letter
from kars_xl.year.mail.smtp import STARTTLS, TLS, Server

USER, PASSWORD = "mali@kars.bel.tr", "şifre: Ğüç1ü"
SENDER = "mali@kars.bel.tr"


@dataclass(slots=True)
class Received:
    """A message that the server accepted, and for whom."""

    to: tuple[str, ...]
    data: bytes

    @property
    def message(self) -> EmailMessage:
        return parsed(self.data)


@dataclass(slots=True)
class Office:
    """What the server is to do, and what it has seen. Answers are given once each, in order, then all is well."""

    received: list[Received] = field(default_factory=list)
    recipients: dict[str, list[str]] = field(default_factory=dict)
    data: list[str] = field(default_factory=list)
    sessions: Counter[str] = field(default_factory=Counter)
    refusal: Callable[[bytes, bytes], str] | None = None  # what is said to whoever logs in, by user and password

    async def handle_EHLO(self, _: SMTP, session: Session, __: Envelope, hostname: str, lines: list[str]) -> list[str]:
        session.host_name = hostname
        self.sessions["tls" if session.ssl else "plain"] += 1
        return lines

    async def handle_RCPT(self, _: SMTP, __: Session, envelope: Envelope, address: str, ___: list[str]) -> str:
        if answers := self.recipients.get(address):
            return answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _: Session, envelope: Envelope) -> str:
        answer = self.data.pop(0) if self.data else "250 OK"
        if answer == "drop":
            server.transport.abort()
            return ""
        if answer.startswith("250"):
            assert isinstance(envelope.content, bytes)
            self.received.append(Received(tuple(envelope.rcpt_tos), envelope.content))
        if answer == "250 then drop":
            server.transport.abort()
        return answer


class _Smtp(SMTP):
    """With a line that breaks while the text is still coming."""

    async def smtp_DATA(self, arg: str) -> None:
        office = self.event_handler
        if office.data and office.data[0] == "drop in the middle":
            office.data.pop(0)
            await self.push("354 go on")
            await self._reader.readline()
            self.transport.abort()
            return
        await super().smtp_DATA(arg)


@dataclass(frozen=True, slots=True)
class Certificates:
    """A certificate authority's file, and the server's certificate for "localhost" by it."""

    ca: Path
    server: ssl.SSLContext


def certificates(folder: Path) -> Certificates:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    return Certificates(folder / "ca.pem", context)


class _Controller(Controller):
    def factory(self) -> SMTP:
        with warnings.catch_warnings():
            # aiosmtpd does not count TLS from the first byte on as TLS.
            warnings.simplefilter("ignore", UserWarning)
            return _Smtp(self.handler, **self.SMTP_kwargs)


def _authenticated(server: SMTP, __: Session, ___: Envelope, mechanism: str, data: Any) -> AuthResult:
    assert isinstance(data, LoginPassword)
    if refusal := server.event_handler.refusal:
        return AuthResult(success=False, handled=False, message=refusal(data.login, data.password))
    good = (data.login.decode(), data.password.decode()) == (USER, PASSWORD)
    return AuthResult(success=good, handled=False)


@contextmanager
def mail_server(
    office: Office, made: Certificates, security: str = STARTTLS, *, mechanisms: str = "PLAIN LOGIN", offer: bool = True
) -> Iterator[Server]:
    """The server's settings as a client has them, while it runs; `offer` False keeps STARTTLS to itself."""
    settings: dict[str, Any] = {
        "authenticator": _authenticated,
        "auth_required": True,
        "auth_require_tls": security == STARTTLS and offer,
        "auth_exclude_mechanism": [name for name in ("PLAIN", "LOGIN") if name not in mechanisms],
        "server_hostname": "posta.kars.bel.tr",
        "timeout": 20,
    }
    if security == STARTTLS and offer:
        settings |= {"tls_context": made.server, "require_starttls": True}
    port = free_port()
    context = made.server if security == TLS else None
    controller = _Controller(office, hostname="localhost", port=port, ssl_context=context, **settings)
    controller.start()
    try:
        yield Server("localhost", port, security, USER, PASSWORD, str(made.ca), timeout=10)
    finally:
        controller.stop()


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("localhost", 0))
        return int(found.getsockname()[1])


def parsed(data: bytes) -> EmailMessage:
    message = BytesParser(policy=policy.default).parsebytes(data)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return message


def files_of(message: EmailMessage) -> dict[str, bytes]:
    """The attached files by name; each name is told by both of its headers."""
    found = {}
    for part in message.iter_attachments():
        name = part.get_filename()
        assert name == part.get_param("name")
        found[name] = part.get_content()
    return found


def text_of(message: EmailMessage) -> str:
    body = message.get_body()
    assert body is not None
    return body.get_content().replace("\r\n", "\n")


def letter_to(unit: str = "Fen İşleri Müdürlüğü", *to: str, data: bytes = b"form", kind: str = "forms") -> Letter:
    addresses = to or (f"{fold(unit).replace(' ', '.')}@kars.bel.tr",)
    files = (Attachment("Fen İşleri formu.xlsx", data),) if data else ()
    return Letter(kind, Unit(unit), addresses, f"2024 formu – {unit}", f"Sayın {unit},\n\n.nokta\nFrom ileti\n", files)


def working_folder(inputs: Path, folder: Path) -> Path:
    """A working folder with the real plan of 2024, in which each unit has an address, and the forms made from it."""
    (folder / "inputs").mkdir(parents=True)
    plan = folder / "inputs" / "plan.xlsx"
    shutil.copy(inputs / "plan.xlsx", plan)
    write_addresses(plan, {})
    make_forms(str(plan), str(folder / "forms"), filled=False)
    return folder


def address_of(unit: str) -> str:
    return f"{fold(unit).replace(' ', '.')}@kars.bel.tr"


def write_addresses(plan: Path, changed: dict[str, str]) -> None:
    """Every unit of the plan gets an address; `changed` ones another, "" for none."""
    book = openpyxl.load_workbook(plan)
    for row in book["Birimler"].iter_rows(min_row=2):
        if row[0].value:
            row[1].value = changed.get(row[0].value, address_of(row[0].value)) or None
    book.save(plan)


def write_institution(plan: Path, facts: dict[str, object]) -> None:
    """Fills in lines of the plan's sheet Kurum."""
    book = openpyxl.load_workbook(plan)
    rows = {row[0].value: row[1] for row in book["Kurum"].iter_rows()}
    for label, value in facts.items():
        rows[label].value = value
    book.save(plan)
