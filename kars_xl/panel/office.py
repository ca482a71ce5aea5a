"""What the panel knows and does: the folder as it is now, one job at a time, and what was dropped and refused."""

import datetime as dt
import shutil
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from tempfile import mkdtemp
from typing import IO, Any

from msgspec import Struct
from msgspec.structs import replace

from kars_xl.base.atomic import system_reason
from kars_xl.base.failure import unexpected
from kars_xl.base.file_names import DEVICES, free_name
from kars_xl.findings import blocks
from kars_xl.findings.finding import Effect, Finding
from kars_xl.model.programme import Programme
from kars_xl.reading.files import Progress
from kars_xl.reports.verdict import refusal
from kars_xl.year.collect.unpack import REFUSED
from kars_xl.year.folder.desk import Desk, Stamps, scan, watch
from kars_xl.year.folder.folder import Dropped, Folder, append, read_entries
from kars_xl.year.folder.next_step import State, state_of
from kars_xl.year.folder.status import Status
from kars_xl.year.mail.letter import attachment_name

Run = Callable[[Sequence[str], Progress], blocks.Report]
# Names of files and what is in them.
Files = Iterable[tuple[str, IO[bytes]]]

# Files that were dropped wait here until they are collected, also over the panel's end; no form is looked for in it.
_WAITING = ".birakilan"
_FIRST = 0.5  # seconds that reading waits for the first page to be asked for
_UNTAKEN = "toplanırken beklenmeyen bir hata oldu; bir daha bırakın"
_PICTURE = "resim"  # logos of signatures, in a mailbox by the hundred


class Job(Struct):
    """A command that runs, or has run: its title, what it is at, and in the end its `report`."""

    title: str
    argv: tuple[str, ...]
    at: str = ""
    report: blocks.Report | None = None


class _Ended(Exception):
    """The panel is over; nobody follows the folder any more."""


class Office:
    """A working folder at `root`, which may not be there yet. `mark` changes whenever a page would look different."""

    def __init__(self, root: Path, run: Run) -> None:
        self.root, self.folder, self._run = root, Folder(root), run
        self.desk = Desk(self.folder, partial(setattr, self, "at"))
        self.status: Status | None = None
        self.state: State | None = None
        self.at = ""  # what is being read
        self.job: Job | None = None
        self.version = 0
        self.plan: Programme | None = None
        self.open_pages, self._last = 0, time.monotonic()
        self._busy, self._looking = threading.Lock(), threading.Lock()
        self._collected = set[Path]()
        self._ended, self.shown = threading.Event(), threading.Event()

    @property
    def mark(self) -> tuple[int, str, str]:
        job = self.job
        return self.version, self.at, f"{job.title}: {job.at}" if job and job.report is None else ""

    @property
    def is_busy(self) -> bool:
        return self._busy.locked()

    def seen(self) -> None:
        """A page is asked for."""
        self._last = time.monotonic()

    def is_left_for(self, seconds: float) -> bool:
        """Whether nobody has looked, and nothing runs, for so long."""
        return not (self.open_pages or self.is_busy) and time.monotonic() - self._last > seconds

    def start(self) -> None:
        """Follows the folder in a thread of its own, until `stop`; what an earlier panel left waiting is collected."""
        for half in (self.root / _WAITING).glob(".*"):
            shutil.rmtree(half, ignore_errors=True)
        threading.Thread(target=self._follow, daemon=True).start()
        if any(self._waiting()):
            self.collect()

    def stop(self) -> None:
        self._ended.set()

    def _look(self) -> Stamps:
        folder = self.folder
        made = (folder.forms, folder.annotated, folder.mail, folder.outputs)
        beside = (stamps for place in made if place.is_dir() for stamps in scan(place).items())
        return dict(beside) | (dict(self.desk.look()) if folder.inputs.is_dir() else {})

    def _follow(self) -> None:
        with suppress(_Ended):
            for _ in watch(self._look, self._wait):
                try:
                    self.refresh()
                except Exception:
                    # The next change is looked at all the same.
                    self.at = " ".join(unexpected())
                    self.version += 1

    def _wait(self, seconds: float) -> None:
        # The first two looks follow each other at once: what lies there when the panel starts is not being copied. The
        # first page comes before the reading, which would make it wait.
        if self.version:
            self._ended.wait(seconds)
        else:
            self.shown.wait(_FIRST)
        if self._ended.is_set():
            raise _Ended

    def refresh(self) -> None:
        """Reads what changed."""
        with self._looking:
            if self.folder.inputs.is_dir():
                status, reading, outcome = self.desk.read(self.desk.look())
                self.plan = reading.plan.programme if reading.plan else None
                self.status, self.state = status, state_of(self.folder, reading, outcome)
            self.at = ""
            self.version += 1

    def begin(self, title: str, argv: Sequence[str], after: Callable[[blocks.Report], None] = lambda _: None) -> bool:
        """Starts a job, and `after` it what is to be done with its report; False while another one runs."""
        if not self._busy.acquire(blocking=False):
            return False
        job = self.job = Job(title, tuple(argv))

        def work() -> None:
            report = self._run(job.argv, lambda message: setattr(job, "at", message))
            try:
                after(report)
                self.refresh()
            except OSError as error:
                report = refusal(argv[0], [f"Kaydedilemedi: {system_reason(error)}"])
            except Exception:
                report = refusal(argv[0], unexpected())
            job.report = report
            self.version += 1
            self._busy.release()
            # What was dropped meanwhile.
            if any(self._waiting()):
                self.collect()

        # Ctrl-C does not wait for it: whatever it writes is there whole or not at all.
        threading.Thread(target=work, daemon=True).start()
        return True

    def _waiting(self) -> Iterator[Path]:
        """The drops that are whole and were not collected yet."""
        found = sorted((self.root / _WAITING).glob("*"))
        return (path for path in found if not path.name.startswith(".") and path not in self._collected)

    def keep(self, files: Files) -> None:
        """Puts what was dropped among what waits to be collected, all of it or nothing."""
        place = self.root / _WAITING
        place.mkdir(parents=True, exist_ok=True)
        half = Path(mkdtemp(prefix=".", dir=place))
        put(files, half)
        half.rename(place / f"{time.time_ns()}")

    def collect(self) -> bool:
        """Takes what waits into the folder."""
        waiting = list(self._waiting())
        argv = ("collect", *map(str, waiting), "-o", str(self.root))

        def after(report: blocks.Report) -> None:
            self._collected.update(waiting)
            now = dt.datetime.now().astimezone().isoformat(timespec="seconds")
            inputs = self.folder.inputs
            untaken = [it for it in report.findings if it.is_error and not Path(it.place.file).is_relative_to(inputs)]
            refused = list(refused_in(report, untaken))
            if not has_messages(report):
                refused += [(path.name, _UNTAKEN) for place in waiting for path in place.iterdir()]
            for name, reason in refused:
                append(self.folder.dropped, Dropped(now, name, reason))
            # What could not be written lies nowhere else: the next panel collects it again.
            whole = has_messages(report) and all(it.has(Effect.UNOPENED | Effect.NOTHING) for it in untaken)
            for place in waiting if whole else ():
                shutil.rmtree(place, ignore_errors=True)

        return self.begin("Bırakılan dosyalar toplanıyor", argv, after)

    def refused(self) -> list[Dropped]:
        """What was dropped and refused, and nobody has dealt with yet; newest first, each name once."""
        last: dict[tuple[str, str], Dropped] = {}
        for entry in read_entries(self.folder.dropped, Dropped)[0]:
            last[entry.name, entry.reason] = entry
        return [entry for entry in reversed(last.values()) if not entry.done]

    def deal_with(self, name: str, reason: str) -> None:
        """Strikes one of `refused` off."""
        for entry in self.refused():
            if (entry.name, entry.reason) == (name, reason):
                append(self.folder.dropped, replace(entry, done=True))
                self.version += 1


def put(files: Files, folder: Path) -> list[Path]:
    """Writes files that came from a browser into a folder; their names are not trusted."""
    taken, written = set[str](), []
    for name, stream in files:
        own = Path(attachment_name(name.replace("\\", "/").rpartition("/")[2]) or "dosya")
        is_odd = own.stem.partition(".")[0].casefold() in DEVICES or own.stem.startswith("~$")
        stem = f"_{own.stem}" if is_odd else own.stem
        written.append(folder / free_name(stem, own.suffix, taken))
        with open(written[-1], "wb") as target:
            shutil.copyfileobj(stream, target)
    return written


def _data(report: blocks.Report) -> Mapping[str, Any]:
    return {block.key: block.value for block in report.blocks if isinstance(block, blocks.Data)}


def has_messages(report: blocks.Report) -> bool:
    """Whether `collect` came to its end."""
    return "messages" in _data(report)


def refused_in(report: blocks.Report, untaken: Iterable[Finding]) -> Iterator[tuple[str, str]]:
    """(name, reason) of each file that `collect` did not take, and of what it could not open at all."""
    named = set[str]()
    for message in _data(report).get("messages", ()):
        for item in message["attachments"]:
            if item["result"] == REFUSED and item["reason"] != _PICTURE:
                named.add(item["name"])
                yield item["name"], item["reason"]
    for found in untaken:
        name = Path(found.place.file).name
        if name not in named:
            yield name, found.message
