"""A folder that is looked at, once or while forms arrive: only what changed is read again; a broken file is KX001."""

import os
import stat
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from msgspec import Struct

from kars_xl.base.atomic import system_reason
from kars_xl.base.place import Place
from kars_xl.findings.finding import Finding, finding
from kars_xl.pipeline import check_forms
from kars_xl.reading.files import Progress, Reading, files_in, read_file, read_files
from kars_xl.reading.grid import on_disk
from kars_xl.reports.answer import Outcome
from kars_xl.year.folder.folder import Folder, Missed, Sent, read_entries, read_log
from kars_xl.year.folder.status import Status, status_of

# Size and time (ns) of a file; None where something else, or nothing, bears a file's name.
Stamp = tuple[int, int] | None
Stamps = Mapping[str, Stamp]
# Seconds between two looks.
PERIOD = 1.0


def scan(folder: Path, *beside: Path) -> Stamps:
    """What may be a form below `folder`, and folders that can't be looked into, by name; and what is there `beside`."""
    found = sorted(files_in(folder), key=str) if os.path.isdir(folder) else [folder]
    return {str(path): _stamp(path) for path in (*found, *beside) if _is_there(path)}


def _is_there(path: str | Path) -> bool:
    """False only for what is surely not there; what may not be looked at is."""
    try:
        os.lstat(path)
    except OSError as error:
        return not isinstance(error, (FileNotFoundError, NotADirectoryError))
    return True


def _stamp(path: Path) -> Stamp:
    try:
        facts = path.stat()
    except OSError:
        return None
    return (facts.st_size, facts.st_mtime_ns) if stat.S_ISREG(facts.st_mode) else None


def read_forms(stamps: Stamps, plan: Path | None = None, progress: Progress = lambda _: None) -> Reading:
    """All of `stamps` as `merge` would read them, with `plan` as the plan where one was named."""
    whole = Reading() if plan is None else read_files([], str(plan))
    for number, (path, stamp) in enumerate(stamps.items(), start=1):
        progress(f"okunuyor {number}/{len(stamps)}: {Path(path).name}")
        found = [_unread(path, "dosya değil ya da erişim izni yok")] if stamp is None else _read(path, stamp)
        # What was removed meanwhile is not there.
        for reading in found if _is_there(path) else ():
            whole.add(reading, plan_wanted=plan is None)
    return whole


@lru_cache(maxsize=1000)
def _read(path: str, _: Stamp) -> list[Reading]:
    try:
        return read_file(path, named=False)
    except Exception as error:
        # A fault of kars-xl in one file must not hide what all the others hold; it is said to be one.
        return [_unread(path, f"kars-xl bu dosyada beklenmeyen bir hatayla karşılaştı ({type(error).__name__})")]


def _unread(path: str, reason: str) -> Reading:
    return Reading(findings=[finding("KX001", Place(path), reason=reason)])


def watch(look: Callable[[], Stamps], wait: Callable[[float], None] = time.sleep) -> Iterator[Stamps]:
    """What is there whenever it differs from what was yielded last, for ever. A file is taken as it is once two looks
    in a row find it the same; till then as it was yielded before, so that one which is still being copied neither shows
    as broken nor makes its unit's earlier form vanish."""
    shown: dict[str, Stamp] | None = None
    before = look()
    while True:
        wait(PERIOD)
        now = look()
        known = {**(shown or {}), **{path: stamp for path, stamp in now.items() if before.get(path, ()) == stamp}}
        settled = {path: known[path] for path in now if path in known}
        before = now
        if settled != shown:
            shown = settled
            yield settled


class Desk(Struct):
    """A folder and how it is looked at."""

    folder: Folder
    progress: Progress = lambda _: None

    @property
    def base(self) -> str:
        """The folder from which files are named; of a single form that in which it lies."""
        here = self.folder.inputs
        return str(here.parent if here.is_file() else here)

    def look(self) -> Stamps:
        """What is there; the plan that was named and the log of what was mailed only to see whether they changed."""
        return scan(self.folder.inputs, *self._beside)

    @property
    def _beside(self) -> list[Path]:
        return [path for path in (self.folder.chosen, self.folder.log, self.folder.missed) if path is not None]

    def status(self, stamps: Stamps) -> Status:
        """The state of the round as these files tell it."""
        return self.read(stamps)[0]

    def read(self, stamps: Stamps) -> tuple[Status, Reading, Outcome]:
        """The state of the round, the files themselves, and what is to be said of them."""
        beside = set(map(str, self._beside))
        forms = {path: stamp for path, stamp in stamps.items() if path not in beside}
        reading = read_forms(forms, self.folder.chosen, self.progress)
        log: list[Sent] = []
        missed: list[Missed] = []
        try:
            log = read_log(self.folder.log)
            missed, _ = read_entries(self.folder.missed, Missed)
        except OSError as error:
            reading.findings.append(finding("KX001", Place(str(self.folder.log)), reason=system_reason(error)))
        stamped = [(file, forms.get(str(on_disk(file)))) for file in reading.files]
        times = {file: datetime.fromtimestamp(stamp[1] // 10**9).astimezone() for file, stamp in stamped if stamp}
        outcome = check_forms(reading)
        return status_of(reading, outcome, times, log, missed, str(self.folder.missed)), reading, outcome

    def changes(self) -> Iterator[Status]:
        """The state whenever it has changed, for ever."""
        return map(self.status, watch(self.look))


def open_desk(path: str, plan: str | None, progress: Progress) -> tuple[Desk | None, list[Finding]]:
    """A desk for the folder at `path`; None where it, or the plan that was named, is not there or may not be seen."""
    try:
        folder = Folder.of(path, plan)
        missing = [name for name in (folder.inputs, folder.chosen) if name is not None and not name.exists()]
    except OSError as error:
        return None, [finding("KX001", Place(path), reason=system_reason(error))]
    if missing:
        return None, [finding("KX007", Place(str(name))) for name in missing]
    return Desk(folder, progress), []
