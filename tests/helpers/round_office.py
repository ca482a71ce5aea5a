"""The finance office during a year's round: it types commands, its mail server sends, its mailbox fills."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from kars_xl.year.mail.smtp import Server
from tests.helpers.cli_runs import run
from tests.helpers.mail_files import ISTANBUL
from tests.helpers.mail_server import PASSWORD, SENDER, Office, Received, address_of

DEADLINE, DEADLINE_SAID = "20.11.2099", "20 Kasım 2099 Cuma"


@dataclass(slots=True)
class FinanceOffice:
    """A working folder, and beside it the mailbox; `office` is what the server has seen."""

    folder: Path
    server: Server
    office: Office
    seen: int = 0
    clock: dt.datetime = field(default_factory=lambda: dt.datetime.now(ISTANBUL) - dt.timedelta(days=2))

    def run(self, *arguments: object, code: int = 0) -> dict[str, Any]:
        """The answer of a command as JSON; it ends with `code`."""
        done = run(*arguments, "--format", "json")
        assert done.exit_code == code, done.output
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer

    def text(self, *arguments: object, code: int = 0) -> str:
        """What a command says to people; it ends with `code`."""
        done = run(*arguments)
        assert done.exit_code == code, done.output
        assert "Traceback" not in done.output
        return done.output

    def mail(self, kind: str, *arguments: object, apart: bool = False) -> tuple[dict[str, Any], list[Received]]:
        """Letters of a kind sent: the answer, and what reached the server. `apart`: by a program of its own."""
        options = ["--send", "--from", SENDER, "--smtp-host", self.server.host, "--smtp-port", str(self.server.port)]
        options += ["--smtp-ca", str(self.server.ca)]
        command = ["mail", kind, str(self.folder), *map(str, arguments), *options]
        answer = _as_a_program(command) if apart else self.run(*command)
        new = self.office.received[self.seen :]
        self.seen += len(new)
        return answer, new

    def next_step(self) -> str:
        """The command that is proposed, without its options."""
        argv = self.run("guide", self.folder)["argv"]
        return " ".join(argv[:2] if argv[:1] == ["mail"] else argv[:1])

    def reply(self, unit: str, *attached: tuple[str, Path]) -> EmailMessage:
        """A unit's message with its form, an hour after the one before."""
        self.clock += dt.timedelta(hours=1)
        message = EmailMessage()
        message["From"], message["To"] = f"{unit} <{address_of(unit)}>", SENDER
        message["Subject"], message["Date"] = f"Ynt: {unit} – formumuz", format_datetime(self.clock)
        message["Message-ID"] = f"<{self.clock:%Y%m%d%H%M}@birim.kars.bel.tr>"
        message.set_content("İyi çalışmalar, formumuz ektedir.\n")
        for name, path in attached:
            message.add_attachment(path.read_bytes(), maintype="application", subtype="octet-stream", filename=name)
        return message


def letters_folder(path: Path, messages: Sequence[EmailMessage]) -> Path:
    """Messages saved one by one into a folder."""
    path.mkdir()
    for number, message in enumerate(messages, start=1):
        (path / f"{number} İleti.eml").write_bytes(message.as_bytes())
    return path


def _as_a_program(command: Sequence[str]) -> dict[str, Any]:
    """With the password from the environment, as somebody's script would."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "KARS_XL_SMTP_PAROLA": PASSWORD}
    line = [sys.executable, "-m", "kars_xl", *command, "--format", "json"]
    done = subprocess.run(line, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer
