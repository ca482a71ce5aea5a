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
from kars_xl.findings.finding import Finding, finding
from kars_xl.reading.grid import Grid
from kars_xl.reports.annotate.copy import NotCopied, annotated_copy, list_workbook
from kars_xl.reports.annotate.mark import lines_of

_OWN_FOLDER = "bu klasör denetlenen formların klasörü, kopyalar form sanılır; başka bir klasör verin"
_OWN_FILE = "denetlenen dosyanın kendisi; başka bir klasör verin"
_MARKED = (".xlsx", ".xlsm")


@dataclass(slots=True)
class Annotated:
    """What was written, what is to be said of it, and the findings on the way (KX005, KX006)."""

    written: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


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
    try:
        if any(Path(path).is_dir() and _is_within(folder, path) for path in paths):
            result.findings.append(finding("KX006", Place(folder), remedy="elsewhere", reason=_OWN_FOLDER))
            return result
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
        target = Path(folder, *parts)
        try:
            name, data, about, reason = _copy(source, grids.get(source), " ▸ ".join(parts), findings)
            target = Path(free_name(*os.path.splitext(target.with_name(name)), taken))
            problem = _refused(target, sources, folder)
            if not problem:
                write_atomically(target, data)
        except OSError as error:  # openpyxl puts sheets down in the system's folder for temporary files
            problem = system_reason(error)
        if problem:
            result.findings.append(finding("KX006", Place(str(target)), reason=problem))
            continue
        result.written.append(str(target))
        result.findings += about
        if reason:
            listed.append(f"{' ▸ '.join(parts)} {reason}; bulguları ayrı bir listede: {target.name}")
    if result.written:
        result.notes.append(f"İşaretli kopyalar yazıldı ({len(result.written)} dosya): {folder}")
    result.notes += listed
    return result


def _copy(
    source: str, grid: Grid | None, name: str, findings: Sequence[Finding]
) -> tuple[str, bytes, tuple[Finding, ...], str]:
    """A copy's name and bytes, what is to be said of it, and why it is only a list, "" where it is a true copy."""
    path = Path(source)
    suffix = path.suffix.lower()
    if grid is None:
        # What the reader refuses as too large or suspicious, openpyxl does not get to see.
        reason = "okunamadı"
    elif suffix not in _MARKED:
        reason = f"{suffix} türünde olduğundan hücreleri işaretlenemedi"
    else:
        try:
            return path.name, *annotated_copy(grid, path.read_bytes(), name, findings, macros=suffix == ".xlsm"), ""
        except NotCopied:
            reason = "iç yapısı yüzünden hücreleri işaretlenemedi"
    data = list_workbook(name, lines_of(source, findings), reason)
    return f"{path.name.replace('.', '_')}_bulgular.xlsx", data, (), reason


def _refused(target: Path, sources: Sequence[str], folder: str) -> str:
    """Why nothing may be written there, else "": no checked file and nothing outside `folder` is ever replaced."""
    if not _is_within(str(target.parent), folder):
        return "klasördeki bir kısayol klasörün dışına çıkıyor"
    return _OWN_FILE if target.exists() and any(os.path.samefile(target, source) for source in sources) else ""


def _is_within(folder: str, path: str) -> bool:
    return Path(folder).resolve().is_relative_to(Path(path).resolve())
