"""Where things lie in the working folder of a year. Paths only: nothing is read or made here."""

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import msgspec
from msgspec import Struct


class Folder(Struct, frozen=True):
    """A working folder, or a plain folder of forms (`gathered`) whose other parts lie beside it, in `root`. `chosen` is
    the plan that the user named; it wins over the one in the folder."""

    root: Path
    gathered: Path | None = None
    chosen: Path | None = None

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
    def readme(self) -> Path:
        return self.root / "OKUBENİ.txt"

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

    @property
    def forms(self) -> Path:
        """The empty forms that go out."""
        return self.root / "forms"

    @property
    def annotated(self) -> Path:
        """The marked copies of faulty forms."""
        return self.root / "annotated"

    @property
    def mail(self) -> Path:
        """The drafts."""
        return self.root / "mail"

    @property
    def log(self) -> Path:
        """The append-only log of what was sent."""
        return self.mail / "gonderim.jsonl"

    @property
    def missed(self) -> Path:
        """What was sent and could not be taken."""
        return self.mail / "alinamayanlar.jsonl"

    @property
    def outputs(self) -> Path:
        """The programme and the reports on it."""
        return self.root / "outputs"

    def programme(self, year: int) -> Path:
        """The official workbook of a year (0: not known)."""
        return self.outputs / f"performans_programi{f'_{year}' if year else ''}.xlsx"


def seen(folder: Path, pattern: str = "*") -> Iterator[Path]:
    """What lies in `folder` by a pattern, in order of name, but hidden files and what Excel keeps beside open ones."""
    yield from (path for path in sorted(folder.glob(pattern)) if not path.name.startswith((".", "~$")))


SENDING, SENT, FAILED = "sending", "sent", "failed"


class Sent(Struct, frozen=True):
    """One message as it was handed over. `at` is ISO 8601 with offset, `to` holds addresses with ", " between them.

    `state` is SENT once a server has accepted it. SENDING is written before the attempt and FAILED where it surely
    did not go out; a SENDING that nothing follows is a message of which only the recipient knows whether it came.
    `sha256` tells a repetition (see Letter.digest); `deadline` is the day that the message named, as it was written.
    """

    at: str
    kind: str
    unit: str
    to: str
    message_id: str
    files: tuple[str, ...] = ()
    sha256: str = ""
    deadline: str = ""
    state: str = SENT

    @property
    def when(self) -> datetime | None:
        """`at` as a time; None where somebody has written something else into the log by hand."""
        try:
            return datetime.fromisoformat(self.at).astimezone()
        except (ValueError, OverflowError, OSError):
            return None


def read_log(path: str | Path) -> list[Sent]:
    """The messages that servers have accepted, oldest first; none without a log. Unreadable lines are skipped."""
    return [entry for entry in read_entries(path)[0] if entry.state == SENT]


def read_entries(path: str | Path) -> tuple[list[Sent], list[int]]:
    """All lines of the log, whatever their state, and the numbers of those that can't be read (a torn last one aside).
    OSError where it is there and can't be opened."""
    try:
        data = Path(path).read_bytes()
    except FileNotFoundError:
        return [], []
    lines = data.split(b"\n")
    read = [(number, _parse(line)) for number, line in enumerate(lines, start=1) if line.strip()]
    damaged = [number for number, entry in read if entry is None and number < len(lines)]
    return [entry for _, entry in read if entry is not None], damaged


def append(path: str | Path, sent: Sent) -> None:
    """One more line, on the disk when this returns. What an interrupted writer left of a last line is cut off."""
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    with open(target, "a+b") as stream:
        stream.seek(0)
        data = stream.read()
        last = data.rfind(b"\n") + 1
        if _parse(data[last:]) is None:
            stream.truncate(last)
        elif last < len(data):
            stream.write(b"\n")
        stream.write(msgspec.json.encode(sent) + b"\n")
        stream.flush()
        os.fsync(stream.fileno())
    if os.name != "nt":
        # A new file's name is on the disk too; Windows knows no such thing and needs none.
        handle = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _parse(line: bytes) -> Sent | None:
    try:
        return msgspec.json.decode(line, type=Sent)
    except ValueError:
        return None
