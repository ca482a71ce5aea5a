"""The forms of a folder, read again only where a file changed. A file that can't be read keeps no other from it."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from kars_xl.base.place import Place
from kars_xl.base.system_reasons import system_reason
from kars_xl.findings.catalogue import finding
from kars_xl.findings.finding import Finding
from kars_xl.reading.files import Progress, Reading, open_file, read_files, take_grid
from kars_xl.reading.grid import SUFFIXES

# Size and time (ns) of a file; None where something else, or nothing, bears a file's name.
Stamp = tuple[int, int] | None
Stamps = Mapping[str, Stamp]


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


@dataclass(slots=True)
class _Known:
    stamp: Stamp
    reading: Reading


class Forms:
    """What the files of a folder hold, kept from one look to the next."""

    def __init__(self) -> None:
        self._known: dict[str, _Known] = {}
        self._plan: _Known | None = None

    def read(self, stamps: Stamps, plan: Path | None = None, progress: Progress = lambda _: None) -> Reading:
        """All of `stamps` as `merge` would read them, with `plan` as the plan where one was named."""
        whole = Reading()
        if plan is not None:
            self._take_plan(plan, whole)
        # The plan that was named, and what was looked at only to see whether it changed, is no form.
        files = [path for path in stamps if _may_be_form(Path(path).name) and path != str(plan)]
        for number, path in enumerate(files, start=1):
            known = self._known.get(path)
            if known is None or known.stamp != stamps[path] or known.stamp is None:
                progress(f"okunuyor {number}/{len(files)}: {Path(path).name}")
                known = self._known[path] = _Known(stamps[path], _read(path, stamps[path]))
            whole.add(known.reading, plan_wanted=plan is None)
        self._known = {path: known for path, known in self._known.items() if path in stamps}
        return whole

    def _take_plan(self, plan: Path, whole: Reading) -> None:
        stamp = _stamp(plan)
        if self._plan is None or self._plan.stamp != stamp:
            self._plan = _Known(stamp, read_files([], str(plan)))
        found = self._plan.reading
        whole.plan, whole.plan_file = found.plan, found.plan_file
        whole.findings += found.findings


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
