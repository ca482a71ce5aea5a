"""Kills panels at any moment of a job and looks at what they leave. A program without threads, so that it may fork.

    python -m tests.helpers.panel_killing JOB TIMES SEED FOLDER

What went wrong is printed as a JSON list. Python and the libraries are loaded once; each panel is a child.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path

import uvicorn.lifespan.on
import uvicorn.loops.auto
import uvicorn.protocols.http.h11_impl

import kars_xl.panel.serve
from kars_xl.cli import main
from tests.helpers.mail_files import contents
from tests.helpers.panels import Client, Panel, address_in, small_year

READY = (kars_xl.panel.serve, uvicorn.lifespan.on, uvicorn.loops.auto, uvicorn.protocols.http.h11_impl)
LOG, WAITING = "mail/birakilanlar.jsonl", ".birakilan"
NO_FORM = ("liste.xlsx", b"Mercimek")


@contextmanager
def forked(folder: Path) -> Iterator[tuple[Panel, int]]:
    """A panel and its process, which is gone afterwards."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        with suppress(BaseException):
            os.dup2(writing, 1)
            os.dup2(os.open(os.devnull, os.O_RDWR), 2)
            main(["panel", str(folder), "--no-browser"])
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as said:
        panel = Panel(folder, address_in(said))
        try:
            yield panel, child
        finally:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)


def kill_later(child: int, seconds: float) -> int:
    """The process that will do it."""
    killer = os.fork()
    if killer == 0:
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
        os._exit(0)
    return killer


@dataclass
class Case:
    """A job of the panel on a folder as it was `before`, and what the folder is once the job was left to its end."""

    job: str
    folder: Path
    original: Path
    sent: list[tuple[str, bytes]]
    before: dict[str, bytes] = field(default_factory=dict)
    after: dict[str, bytes] = field(default_factory=dict)
    seconds: float = 0.0

    def restore(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(self.original, self.folder)

    def begin(self, client: Client) -> bool:
        """Whether the panel has said that it does it."""
        with suppress(OSError, HTTPException):
            answer, _ = client.press("birlestir") if self.job == "merge" else client.drop(*self.sent)
            return answer.status == 303
        return False

    def end(self, client: Client) -> None:
        client.board()
        client.wait()
        while any(self.waiting()):
            time.sleep(0.02)
        client.wait()

    def waiting(self) -> Iterator[Path]:
        whole = [path for path in self.folder.glob(f"{WAITING}/*") if not path.name.startswith(".")]
        return (path for place in whole for path in place.glob("*"))

    def left(self) -> dict[str, bytes]:
        """What lies in the folder for all to see; when something was refused, of which its log tells, differs."""
        found = contents(self.folder)
        return {name: data for name, data in found.items() if "." not in map(first, name.split("/")) and name != LOG}

    def refused(self) -> set[str]:
        """What the log tells; its last line may be torn."""
        log = self.folder / LOG
        lines = log.read_bytes().split(b"\n") if log.exists() else [b""]
        return {json.loads(line)["name"] for line in lines[:-1]}

    def try_out(self, chance: random.Random) -> Iterator[str]:
        """One try; what is wrong with what it leaves, and with what becomes of that."""
        self.restore()
        seconds = chance.random() * self.seconds
        with forked(self.folder) as (panel, child):
            client = panel.client()
            client.board()
            killer = kill_later(child, seconds)
            began = self.begin(client)
            os.waitpid(killer, 0)
        where = f"{self.job} killed after {seconds:.3f} s"
        yield from self.faults(where, began)
        with forked(self.folder) as (panel, _):
            client = panel.client()
            self.end(client)
            if self.job == "collect" and began and self.left() != self.after:
                yield f"{where}: not collected by the next panel"
            if self.left() not in (self.before, self.after):
                yield f"{where}: the next panel made something else of it"
            self.begin(client)
            self.end(client)
            yield from self.unlike(f"{where}: done again")

    def faults(self, where: str, began: bool) -> Iterator[str]:
        left, refused = self.left(), self.refused()
        for name, data in left.items():
            if data not in (self.before.get(name), self.after.get(name)):
                yield f"{where}: half-written: {name}"
        yield from (f"{where}: lost: {name}" for name in self.before if name not in left)
        kept = [*left.values(), *(path.read_bytes() for path in self.waiting())]
        for name, data in self.sent if began and self.job == "collect" else ():
            if data not in kept and name not in refused:
                yield f"{where}: lost: {name}"

    def unlike(self, where: str) -> Iterator[str]:
        left = self.left()
        for name in sorted({*left, *self.after}):
            if left.get(name) != self.after.get(name):
                yield f"{where}: not as it should be: {name}"
        if self.job == "collect" and self.refused() != {NO_FORM[0]}:
            yield f"{where}: refused: {self.refused()}"
        if any(self.waiting()):
            yield f"{where}: still waiting"


def first(name: str) -> str:
    return name[:1]


def case(job: str, around: Path) -> Case:
    year, forms = small_year(around)
    sent = [(path.name, path.read_bytes()) for path in forms]
    if job == "merge":
        for name, data in sent:
            (year / "inputs" / name).write_bytes(data)
        main(["merge", str(year), "--draft"], standalone_mode=False)
        # Last week's workbook.
        book = next((year / "outputs").glob("*.xlsx"))
        book.write_bytes(b"old")
    else:
        sent.append(NO_FORM)
    original = around / "asil"
    shutil.copytree(year, original)
    made = Case(job, year, original, sent)
    made.before = made.left()
    with forked(year) as (panel, _):
        client = panel.client()
        client.board()
        started = time.monotonic()
        assert made.begin(client)
        made.end(client)
        made.seconds = time.monotonic() - started
    made.after = made.left()
    assert made.before != made.after, "the job does nothing"
    return made


def main_program(job: str, times: int, seed: str, around: Path) -> list[str]:
    os.environ["XDG_STATE_HOME"] = str(around / "state")
    made, chance = case(job, around), random.Random(f"{job} {seed}")
    return [wrong for _ in range(times) for wrong in made.try_out(chance)]


if __name__ == "__main__":
    found = main_program(sys.argv[1], int(sys.argv[2]), sys.argv[3], Path(sys.argv[4]))
    print(json.dumps(found))
