"""The panel as an officer has it: a process that serves a working folder, and a real Chromium that shows its pages."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import IO
from urllib.parse import urlencode

import openpyxl
import pytest
import uvicorn
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from kars_xl.base.place import Place
from kars_xl.cli import main
from kars_xl.cli.panel import run_command
from kars_xl.findings import blocks
from kars_xl.panel.app import application
from kars_xl.panel.office import Office, Run
from kars_xl.reading.files import Progress
from tests.helpers.chrome import program
from tests.helpers.form_files import FINANCE_FILE, ZABITA, ZABITA_FILE, form, plan_of_two_units, write
from tests.helpers.form_tables import MATRIX
from tests.helpers.repository import INPUTS, REPOSITORY
from tests.helpers.workbook_edits import type_over

# The cell of Fen İşleri's form with the code 3 of its first activity, and the sheet that it stands on.
FEN_SHEET, FEN_CELL = "PH 7.3", "C35"
_PATIENCE = 60.0


@dataclass
class Panel:
    """A panel that runs: its folder, and its address with the secret that this ends in."""

    folder: Path
    address: str

    @property
    def port(self) -> int:
        return int(re.findall(r":(\d+)/", self.address)[0])

    @property
    def secret(self) -> str:
        return self.address.rpartition("=")[2]

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def client(self) -> Client:
        return Client(self.port, self.secret)


@dataclass
class Process(Panel):
    """A panel that is a process of its own, as a user has it."""

    process: subprocess.Popen[str]

    def end(self, how: int = signal.SIGINT) -> int:
        """Its exit code, after a signal."""
        self.process.send_signal(how)
        return self.process.wait(_PATIENCE)


def environment(state: Path) -> dict[str, str]:
    """Where a panel keeps whom it belongs to is the test's, not the user's."""
    return {**os.environ, "XDG_STATE_HOME": str(state), "PYTHONPATH": os.pathsep.join([str(REPOSITORY), *sys.path])}


def start(folder: Path, state: Path, *options: str) -> Process:
    """`kars-xl panel` as a process of its own."""
    command = [sys.executable, "-m", "kars_xl", "panel", str(folder), "--no-browser", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8", env=environment(state))
    assert process.stdout is not None
    return Process(folder, address_in(process.stdout), process)


def address_in(said: IO[str]) -> str:
    found = re.search(r"http://\S+", line := said.readline())
    assert found, line
    return found[0]


@contextmanager
def panel(folder: Path, state: Path, *options: str) -> Iterator[Process]:
    """A panel that ends with the test, whatever comes."""
    running = start(folder, state, *options)
    try:
        yield running
    finally:
        if running.process.poll() is None:
            running.process.kill()
        running.process.wait()
        assert running.process.stdout is not None
        running.process.stdout.close()


@contextmanager
def panel_here(folder: Path, run: Run | None = None) -> Iterator[Panel]:
    """A panel in a thread of this process; `run` does its jobs, as the commands do where it is None."""
    listening = socket.create_server(("127.0.0.1", 0))
    port, secret = listening.getsockname()[1], "gizli"
    office = Office(folder, run or the_command)
    pages = application(office, secret, port)
    server = uvicorn.Server(uvicorn.Config(pages, log_level="critical", timeout_graceful_shutdown=1))
    serving = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    office.start()
    serving.start()
    try:
        yield Panel(folder, f"http://127.0.0.1:{port}/?anahtar={secret}")
    finally:
        server.should_exit = True
        office.stop()
        serving.join()


def the_command(argv: Sequence[str], progress: Progress) -> blocks.Report:
    return run_command(main.commands, argv, progress)


@dataclass
class Client:
    """Requests as a browser sends them, each over a connection of its own; anything of them can be another."""

    port: int
    secret: str
    headers: dict[str, str] = field(default_factory=dict)
    token: str = ""

    def __post_init__(self) -> None:
        host = f"127.0.0.1:{self.port}"
        self.headers = {"Host": host, "Cookie": f"kars_xl_{self.port}={self.secret}", **self.headers}

    def get(self, path: str, **headers: str | None) -> Answer:
        return self.ask("GET", path, None, headers)

    def post(self, path: str, body: bytes = b"", *, token: str | None = None, **headers: str | None) -> Answer:
        """A form sent, with the token that the board has."""
        if token is None:
            token = self.token = self.token or token_in(self.get("/")[1])
        origin = {"Origin": f"http://127.0.0.1:{self.port}", "Content-Type": "application/x-www-form-urlencoded"}
        return self.ask("POST", f"{path}?{urlencode({'jeton': token})}", body, {**origin, **headers})

    def press(self, name: str, **typed: str) -> Answer:
        """The button of a job."""
        return self.post("/basla", urlencode({"is": name, **typed}).encode())

    def drop(self, *files: tuple[str, bytes], path: str = "/birak") -> Answer:
        body, kind = multipart(*files)
        return self.post(path, body, **{"Content-Type": kind})

    def ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str | None]) -> Answer:
        """`headers` over those of a browser; None leaves one away."""
        sent = {**self.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
        connection = HTTPConnection("127.0.0.1", self.port, timeout=_PATIENCE)
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        if body is not None and "Content-Length" not in sent:
            sent["Content-Length"] = str(len(body))
        for name, value in sent.items():
            if value is not None:
                connection.putheader(name, value)
        connection.endheaders(body)
        answer = connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
        connection.close()
        return answer, text

    def wait(self) -> str:
        """The page of the last job, once it is done."""
        until = time.monotonic() + _PATIENCE
        while "<progress" in (text := self.get("/is")[1]) or 'class="running"' in text:
            assert time.monotonic() < until, text
            time.sleep(0.05)
        return text

    def board(self) -> str:
        """The board, once the folder has been read."""
        until = time.monotonic() + _PATIENCE
        while "Birimler</h2>" not in (text := self.get("/")[1]) or 'class="running"' in text:
            assert time.monotonic() < until, text
            time.sleep(0.05)
        return text


Answer = tuple[HTTPResponse, str]


def token_in(text: str) -> str:
    found = re.search(r'data-token="(\w+)"', text)
    assert found, text
    return found[1]


def multipart(*files: tuple[str, bytes]) -> tuple[bytes, str]:
    """A form with dropped files as a browser sends it, and its content type."""
    parts = [
        b'--sinir\r\nContent-Disposition: form-data; name="dosya"; filename="%s"\r\n\r\n%s\r\n'
        % (name.encode().replace(b'"', b"%22"), data)
        for name, data in files
    ]
    return b"".join(parts) + b"--sinir--\r\n", "multipart/form-data; boundary=sinir"


# What lies in the folders


def year_with_the_plan(folder: Path) -> Path:
    """A working folder of 2024 before any form has come."""
    (folder / "inputs").mkdir(parents=True)
    shutil.copy(INPUTS / "plan.xlsx", folder / "inputs")
    return folder


def spoilt(source: Path, target: Path, place: Place, text: object) -> Path:
    """A form with something else in a cell."""
    shutil.copy(source, target)
    type_over(target, (place, text))
    return target


def corrected(source: Path, target: Path, revision: int, cells: Mapping[str, object]) -> Path:
    """A form sent again: a higher revision, and other values in cells of its sheet PH 7.3."""
    book = openpyxl.load_workbook(source)
    book["Kimlik"]["B11"].value = revision
    for cell, value in cells.items():
        book[FEN_SHEET][cell].value = value
    book.save(target)
    return target


# The browser


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium; the test is skipped without it."""
    path = program()
    expect.set_options(timeout=60_000)  # of a page on a busy machine
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


class Watched:
    """All that went wrong on a page: refused by its policy, thrown by its script, warned of, asked in a dialog."""

    def __init__(self, page: Page) -> None:
        self.log: list[str] = []
        page.on("console", self._told)
        page.on("pageerror", lambda error: self.log.append(f"{page.url}: {error}"))
        page.on("dialog", lambda dialog: (self.log.append(f"dialog: {dialog.message}"), dialog.dismiss()))

    def _told(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.log.append(f"{message.location}: {message.text}")


def small_year(folder: Path) -> tuple[Path, list[Path]]:
    """A working folder with a plan of two units, and the forms that are to come: theirs and the finance office's."""
    year, sent = folder / "2024", folder / "gelen"
    folder.mkdir(exist_ok=True)
    plan_of_two_units(year / "inputs")
    sent.mkdir()
    identity = ("Harcama Birimi\tMali Hizmetler Müdürlüğü", "Program Yılı\t2024", "Revizyon No\t0")
    table = write(sent / FINANCE_FILE, [MATRIX], sheet="Tablo 11", identity=identity)
    return year, [form(sent), form(sent, name=ZABITA_FILE, unit=ZABITA), table]
