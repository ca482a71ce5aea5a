"""Starts the panel and ends it: a free port of this computer, a secret, the officer's browser; a second panel on the
same folder joins the first; one whose window has been closed for a while ends by itself."""

import asyncio
import hashlib
import os
import secrets
import socket
import threading
import time
import webbrowser
from collections.abc import Callable
from contextlib import suppress
from http.client import HTTPConnection
from pathlib import Path

import msgspec
import uvicorn
from filelock import FileLock, Timeout
from msgspec import Struct
from platformdirs import user_state_path

from kars_xl.base.atomic import write_atomically
from kars_xl.panel.app import application
from kars_xl.panel.guard import KEY
from kars_xl.panel.office import Office, Run

_HOST = "127.0.0.1"
_GRACE = 2  # seconds that open pages get when the panel ends


class Running(Struct, frozen=True):
    """The panel of a folder, as a second one finds it."""

    port: int
    secret: str

    @property
    def address(self) -> str:
        return f"http://{_HOST}:{self.port}/?{KEY}={self.secret}"

    def answers(self) -> bool:
        connection = HTTPConnection(_HOST, self.port, timeout=2)
        with suppress(OSError):
            connection.request("GET", f"/?{KEY}={self.secret}")
            return connection.getresponse().status == 303
        return False


def serve(root: Path, run: Run, *, idle: float, opens: bool, say: Callable[[str], None]) -> None:
    """Shows `root` until Ctrl-C, or until no page of it has been open for `idle` seconds. `opens`: in the browser."""
    own = user_state_path("kars-xl", appauthor=False) / "panel"
    own.mkdir(parents=True, exist_ok=True, mode=0o700)
    # The secret is this user's: it does not lie in a folder that others share.
    file = own / hashlib.sha256(os.fsencode(root.resolve())).hexdigest()[:24]
    try:
        with FileLock(f"{file}.lock", timeout=0):
            _serve(root, run, file, idle, opens, say)
    except Timeout:
        _join(file, opens, say)


def _join(file: Path, opens: bool, say: Callable[[str], None]) -> None:
    # The first one may be about to start.
    for _ in range(50):
        with suppress(OSError, ValueError):
            first = msgspec.json.decode(file.read_bytes(), type=Running)
            if first.answers():
                say(f"Bu klasörün paneli zaten açık: {first.address}")
                if opens:
                    webbrowser.open(first.address)
                return
        time.sleep(0.1)
    say("Bu klasörün paneli zaten açık, ama yanıt vermiyor. Onu kapatıp yeniden deneyin.")


def _serve(root: Path, run: Run, file: Path, idle: float, opens: bool, say: Callable[[str], None]) -> None:
    listening = socket.create_server((_HOST, 0))
    running = Running(listening.getsockname()[1], secrets.token_urlsafe(32))
    office = Office(root, run)
    pages = application(office, running.secret, running.port)
    config = uvicorn.Config(pages, log_level="critical", timeout_graceful_shutdown=_GRACE, server_header=False)
    server = uvicorn.Server(config)

    async def shown() -> None:
        ending = asyncio.create_task(_end_when_left(server, office, idle))
        if opens:
            # Some browsers keep their caller waiting.
            threading.Thread(target=webbrowser.open, args=(running.address,), daemon=True).start()
        await server.serve(sockets=[listening])
        ending.cancel()

    # Ctrl-C is a way to end it, from the first line on.
    with suppress(KeyboardInterrupt):
        try:
            write_atomically(file, msgspec.json.encode(running))
            os.chmod(file, 0o600)
            office.start()
            say(f"Panel açıldı: {running.address}")
            say("Pencereyi kapatırsanız panel bir süre sonra kendiliğinden biter; hemen bitirmek için Ctrl-C.")
            asyncio.run(shown())
        finally:
            office.stop()
            file.unlink(missing_ok=True)


async def _end_when_left(server: uvicorn.Server, office: Office, idle: float) -> None:
    while not server.should_exit:
        await asyncio.sleep(min(1.0, idle / 4))
        if office.is_left_for(idle):
            server.should_exit = True
