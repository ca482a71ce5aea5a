"""Where things lie in the working folder of a year, and its logs: what was sent, and what could not be taken."""

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct

from kars_xl.model.programme import Programme
from kars_xl.model.units import NO_UNIT, Unit

SENDING, SENT, FAILED = "sending", "sent", "failed"
_SEPARATORS = re.compile(r"[;,\s]+")


class _Below:
    def __init__(self, *names: str) -> None:
        self.names = names

    def __get__(self, folder: "Folder", _: object) -> Path:
        return folder.root.joinpath(*self.names)


class Folder(Struct, frozen=True):
    """A working folder, or a plain folder of forms (`gathered`) whose other parts lie beside it, in `root`. `chosen` is
    the plan that the user named; it wins over the one in the folder."""

    root: Path
    gathered: Path | None = None
    chosen: Path | None = None

    readme = _Below("OKUBENİ.txt")
    forms = _Below("forms")  # the empty forms that go out
    annotated = _Below("annotated")  # the marked copies of faulty forms
    mail = _Below("mail")  # the drafts
    log = _Below("mail", "gonderim.jsonl")  # the append-only log of what was sent
    missed = _Below("mail", "alinamayanlar.jsonl")  # what was sent to us and could not be taken
    dropped = _Below("mail", "birakilanlar.jsonl")  # what was dropped on the panel and refused
    outputs = _Below("outputs")  # the programme and the reports on it

    @classmethod
    def of(cls, path: str | Path, plan: str | Path | None = None) -> "Folder":
        """The working folder at `path`, which has `inputs` in it; else `path` is taken as a folder of forms itself."""
        here = Path(path)
        chosen = None if plan is None else Path(plan)
        if (here / "inputs").is_dir():
            return cls(here, None, chosen)
        # The parent of "." and of ".." is not told by their names.
        beside = here.parent if here.name not in ("", "..") else here.resolve().parent
        return cls(beside, here, chosen)

    @property
    def inputs(self) -> Path:
        """Where the forms that came back lie, at any depth."""
        return self.gathered or self.root / "inputs"

    @property
    def plan(self) -> Path | None:
        """The plan's path, which in a working folder need not be there yet; None where a plain folder has no plan."""
        if self.chosen is not None:
            return self.chosen
        plan = self.inputs / "plan.xlsx"
        return plan if self.gathered is None or plan.is_file() else None

    def programme(self, year: int) -> Path:
        """The official workbook of a year (0: not known)."""
        return self.outputs / f"performans_programi{f'_{year}' if year else ''}.xlsx"


def seen(folder: Path, pattern: str = "*") -> Iterator[Path]:
    """What lies in `folder` by a pattern, in order of name, but hidden files and what Excel keeps beside open ones."""
    yield from (path for path in sorted(folder.glob(pattern)) if not path.name.startswith((".", "~$")))


class _Entry(Struct, frozen=True):
    """`at` is ISO 8601 with offset."""

    at: str

    @property
    def when(self) -> datetime | None:
        """`at` as a time; None where there is none, or somebody has written something else into the log by hand."""
        with suppress(ValueError, OverflowError, OSError):
            return datetime.fromisoformat(self.at).astimezone()
        return None


class Sent(_Entry, frozen=True):
    """One message as it was handed over. `to` holds addresses with ", " between them.
    `state` is SENT once a server has accepted it. SENDING is written before the attempt and FAILED where it surely
    did not go out; a SENDING that nothing follows is a message of which only the recipient knows whether it came.
    `sha256` tells a repetition (see Letter.digest); `deadline` is the day that the message named, as it was written."""

    kind: str
    unit: str
    to: str
    message_id: str
    files: tuple[str, ...] = ()
    sha256: str = ""
    deadline: str = ""
    state: str = SENT


class Missed(_Entry, frozen=True):
    """An attachment that could not be taken: when its message was sent ("": not said), by whom, and why it was left."""

    sender: str
    address: str
    subject: str
    what: str

    def __str__(self) -> str:
        day = f"{self.at[8:10]}.{self.at[5:7]}.{self.at[:4]} tarihli " if self.at else ""
        return f"{day}“{self.subject or 'konusuz'}” iletisindeki {self.what}"


class Dropped(_Entry, frozen=True):
    """A file that was dropped on the panel and not taken, and why; `done` once somebody has dealt with it."""

    name: str
    reason: str
    done: bool = False


_E = TypeVar("_E", bound=_Entry)


def read_log(path: str | Path) -> list[Sent]:
    """The messages that servers have accepted, oldest first; none without a log. Unreadable lines are skipped."""
    return [entry for entry in read_entries(path, Sent)[0] if entry.state == SENT]


def read_entries(path: str | Path, kind: type[_E]) -> tuple[list[_E], list[int]]:
    """All lines of a log, and the numbers of those that can't be read (a torn last one aside). Raises OSError."""
    try:
        lines = Path(path).read_bytes().split(b"\n")
    except FileNotFoundError:
        return [], []
    read = [(number, _parse(line, kind)) for number, line in enumerate(lines, start=1) if line.strip()]
    damaged = [number for number, entry in read if entry is None and number < len(lines)]
    return [entry for _, entry in read if entry is not None], damaged


def append(path: str | Path, entry: _Entry) -> None:
    """One more line, on the disk when this returns. What an interrupted writer left of a last line is cut off."""
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    with open(target, "a+b") as stream:
        stream.seek(0)
        data = stream.read()
        last = data.rfind(b"\n") + 1
        if _parse(data[last:], type(entry)) is None:
            stream.truncate(last)
        elif last < len(data):
            stream.write(b"\n")
        stream.write(msgspec.json.encode(entry) + b"\n")
        stream.flush()
        os.fsync(stream.fileno())
    if os.name != "nt":
        # A new file's name is on the disk too; Windows knows no such thing and needs none.
        handle = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _parse(line: bytes, kind: type[_E]) -> _E | None:
    with suppress(ValueError):
        return msgspec.json.decode(line, type=kind)
    return None


def unit_at(address: str, plan: Programme | None) -> Unit:
    """The one unit of the plan with this e-mail address; none where it is several units', or none's."""
    named = plan.known if plan and address else ()
    found = [unit for unit in named if address in _SEPARATORS.split(unit.email.lower())]
    return found[0] if len(found) == 1 else NO_UNIT
