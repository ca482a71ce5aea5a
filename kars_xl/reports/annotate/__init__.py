"""Hands findings back: a copy of each checked workbook, with its findings on its cells and in a list of their own.

The clerk's own file is only read. openpyxl carries the copy over, since it is the one library that changes a workbook
that somebody else made; what it loses is put back where that can be done, and said where it can't.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kars_xl.base.atomic import system_reason, write_atomically
from kars_xl.base.file_names import free_name, short_names
from kars_xl.base.place import Place
from kars_xl.findings.catalogue import finding
from kars_xl.findings.finding import Finding
from kars_xl.reading.grid import Grid
from kars_xl.reports.annotate.copy import NotCopied, annotated_copy
from kars_xl.reports.annotate.listing import list_workbook
from kars_xl.reports.annotate.mark import lines_of

_OWN_FOLDER = "bu klasör denetlenen formların klasörü, kopyalar form sanılır; başka bir klasör verin"
_OWN_FILE = "denetlenen dosyanın kendisi; başka bir klasör verin"
_OUTSIDE = "klasördeki bir kısayol klasörün dışına çıkıyor"
_MARKED = (".xlsx", ".xlsm")


@dataclass(slots=True)
class Annotated:
    """What was written, what is to be said of it, and the findings on the way (KX005, KX006)."""

    written: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Copy:
    """A copy's name and bytes; `reason` says why it is only a list, "" where it is a true copy."""

    name: str
    data: bytes
    findings: tuple[Finding, ...] = ()
    reason: str = ""


def annotate(
    paths: Sequence[str],
    files: Sequence[str],
    grids: Mapping[str, Grid],
    findings: Sequence[Finding],
    folder: str,
    progress: Callable[[str], None] = lambda _: None,
) -> Annotated:
    """A copy in `folder` of each file that was read (`files`) or that a finding names; `paths` are what was checked.
    `grids` are the cells of those that could be read.

    Of a file that is no .xlsx or .xlsm, or that can't be copied, the list of its findings alone is written.
    """
    result = Annotated()
    if any(Path(path).is_dir() and _is_within(folder, path) for path in paths):
        result.findings.append(finding("KX006", Place(folder), remedy="elsewhere", reason=_OWN_FOLDER))
        return result
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        result.findings.append(finding("KX006", Place(folder), reason=system_reason(error)))
        return result
    named = [place.file for found in findings for place in (found.place, *found.related)]
    sources = [file for file in dict.fromkeys([*files, *named]) if file and Path(file).is_file()]
    listed = []
    taken: set[str] = set()
    for number, (source, parts) in enumerate(short_names(sources).items(), start=1):
        progress(f"işaretleniyor {number}/{len(sources)}: {parts[-1]}")
        try:
            copied = _copy(source, grids.get(source), " ▸ ".join(parts), findings)
        except OSError as error:  # openpyxl puts sheets down in the system's folder for temporary files
            result.findings.append(finding("KX006", Place(str(Path(folder, *parts))), reason=system_reason(error)))
            continue
        target = Path(free_name(*os.path.splitext(str(Path(folder, *parts[:-1], copied.name))), taken))
        problem = _write(target, copied.data, sources, folder)
        if problem:
            result.findings.append(finding("KX006", Place(str(target)), reason=problem))
            continue
        result.written.append(str(target))
        result.findings += copied.findings
        if copied.reason:
            listed.append(f"{' ▸ '.join(parts)} {copied.reason}; bulguları ayrı bir listede: {target.name}")
    if result.written:
        result.notes.append(f"İşaretli kopyalar yazıldı ({len(result.written)} dosya): {folder}")
    result.notes += listed
    return result


def _copy(source: str, grid: Grid | None, name: str, findings: Sequence[Finding]) -> _Copy:
    path = Path(source)
    suffix = path.suffix.lower()
    try:
        data = path.read_bytes()
    except OSError:
        grid = None
    if grid is None:
        # What the reader refuses as too large or suspicious, openpyxl does not get to see.
        return _only_list(source, name, findings, "okunamadı")
    if suffix not in _MARKED:
        return _only_list(source, name, findings, f"{suffix} türünde olduğundan hücreleri işaretlenemedi")
    try:
        marked, about = annotated_copy(grid, data, name, findings, macros=suffix == ".xlsm")
    except NotCopied:
        return _only_list(source, name, findings, "iç yapısı yüzünden hücreleri işaretlenemedi")
    return _Copy(path.name, marked, about)


def _only_list(source: str, name: str, findings: Sequence[Finding], reason: str) -> _Copy:
    data = list_workbook(name, lines_of(source, findings), reason)
    return _Copy(f"{Path(source).name.replace('.', '_')}_bulgular.xlsx", data, reason=reason)


def _write(target: Path, data: bytes, sources: Sequence[str], folder: str) -> str:
    """The reason why it can't be written, else "". Nothing outside `folder` and no checked file is ever replaced."""
    if not _is_within(str(target.parent), folder):
        return _OUTSIDE
    try:
        if target.exists() and any(os.path.samefile(target, source) for source in sources):
            return _OWN_FILE
        write_atomically(target, data)
    except OSError as error:
        return system_reason(error)
    return ""


def _is_within(folder: str, path: str) -> bool:
    return Path(folder).resolve().is_relative_to(Path(path).resolve())
