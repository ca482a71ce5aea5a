"""A folder in, what its forms hold out: read again only where a file changed; a broken file is a finding (KX001)."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from kars_xl.base.atomic import system_reason
from kars_xl.base.place import Place
from kars_xl.findings.catalogue import finding
from kars_xl.findings.finding import Finding
from kars_xl.reading.files import Progress, Reading, open_file, read_files, take_grid
from kars_xl.reading.grid import SUFFIXES

# Size and time (ns) of a file; None where something else, or nothing, bears a file's name.
Stamp = tuple[int, int] | None
Stamps = Mapping[str, Stamp]
# Seconds between two looks.
PERIOD = 1.0


def scan(folder: Path, more: Iterable[Path | None] = ()) -> tuple[Stamps, list[Finding]]:
    """What may be a form below `folder`, and the files `more`, in order of name; folders that can't be looked into."""
    findings: list[Finding] = []

    def refused(error: OSError) -> None:
        # What was removed while we looked is no fault.
        if _is_there(error.filename):
            findings.append(finding("KX001", Place(str(error.filename)), reason=system_reason(error)))

    found: list[Path] = [] if os.path.isdir(folder) else [folder]
    for parent, folders, files in () if os.path.isfile(folder) else os.walk(folder, onerror=refused):
        folders[:] = [name for name in folders if not _is_hidden(name)]
        found += [Path(parent, name) for name in (*files, *folders) if _may_be_form(name)]
    stamps = {str(path): _stamp(path) for path in sorted(found, key=str) if _is_there(path)}
    stamps |= {str(path): _stamp(path) for path in more if path is not None and _is_there(path)}
    return stamps, findings


def _is_there(path: str | Path) -> bool:
    """False only for what is surely not there; what may not be looked at is."""
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return True


def _is_hidden(name: str) -> bool:
    return name.startswith((".", "~$"))


def _may_be_form(name: str) -> bool:
    return not _is_hidden(name) and Path(name).suffix.lower() in SUFFIXES


def _stamp(path: Path) -> Stamp:
    try:
        facts = path.stat()
    except OSError:
        return None
    return (facts.st_size, facts.st_mtime_ns) if stat.S_ISREG(facts.st_mode) else None


class Forms:
    """What the files of a folder hold, kept from one look to the next."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[Stamp, Reading]] = {}

    def read(self, stamps: Stamps, plan: Path | None = None, progress: Progress = lambda _: None) -> Reading:
        """All of `stamps` as `merge` would read them, with `plan` as the plan where one was named."""
        whole = Reading()
        if plan is not None:
            stamp = _stamp(plan)
            if not self._is_known(str(plan), stamp):
                self._known[str(plan)] = (stamp, read_files([], str(plan)))
            found = self._known[str(plan)][1]
            whole.plan, whole.plan_file = found.plan, found.plan_file
            whole.findings += found.findings
        # The plan that was named, and what was looked at only to see whether it changed, is no form.
        files = [path for path in stamps if _may_be_form(Path(path).name) and path != str(plan)]
        for number, path in enumerate(files, start=1):
            if not self._is_known(path, stamps[path]):
                progress(f"okunuyor {number}/{len(files)}: {Path(path).name}")
                self._known[path] = (stamps[path], _read(path, stamps[path]))
            whole.add(self._known[path][1], plan_wanted=plan is None)
        self._known = {path: known for path, known in self._known.items() if path in stamps}
        return whole

    def _is_known(self, path: str, stamp: Stamp) -> bool:
        """Whether it was read as it is now; what is no file is looked at each time."""
        return stamp is not None and path in self._known and self._known[path][0] == stamp


def _read(path: str, stamp: Stamp) -> Reading:
    """One file; nothing where it was removed meanwhile."""
    reading = Reading()
    if stamp is None and _is_there(path):
        reason = "bu bir klasör" if os.path.isdir(path) else "dosya değil ya da erişim izni yok"
        reading.findings.append(finding("KX001", Place(path), reason=reason))
        return reading
    try:
        grid = open_file(path, reading)
        if grid is not None:
            take_grid(grid, reading, plan_wanted=True)
    except Exception as error:
        # A fault of kars-xl in one file must not hide what all the others hold; it is said to be one.
        reason = f"kars-xl bu dosyada beklenmeyen bir hatayla karşılaştı ({type(error).__name__})"
        return Reading(findings=[finding("KX001", Place(path), reason=reason)])
    return reading if _is_there(path) else Reading()


def watch(look: Callable[[], Stamps], wait: Callable[[float], None] = time.sleep) -> Iterator[Stamps]:
    """What is there whenever it differs from what was yielded last, for ever.

    A file is taken as it is once two looks in a row find it the same; till then as it was yielded before, so that
    one which is still being copied neither shows as broken nor makes its unit's earlier form vanish.
    """
    shown: dict[str, Stamp] | None = None
    before = look()
    while True:
        wait(PERIOD)
        now = look()
        earlier = shown or {}
        settled = {
            path: stamp if path in before and before[path] == stamp else earlier[path]
            for path, stamp in now.items()
            if (path in before and before[path] == stamp) or path in earlier
        }
        before = now
        if settled != shown:
            shown = settled
            yield settled
