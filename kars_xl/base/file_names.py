"""The names of the files that kars-xl writes for a unit, and of the finance office's form."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from kars_xl.base.text import fold, writable

FINANCE_FORM = "tablo_11_mali_hizmetler.xlsx"
_LONGEST_STEM = 60
# What Windows takes for a device, whatever stands behind the point.
DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))}


def file_stem(unit: str) -> str:
    """A file name that every mail program and file system takes: "Fen İşleri Müdürlüğü" → "fen_isleri_mudurlugu"."""
    stem = fold(unit).replace(" ", "_") or "birim"
    if stem in DEVICES:
        return f"{stem}_birimi"
    if len(stem) <= _LONGEST_STEM:
        return stem
    # Two units may begin alike for very long, and neither's form may be written over the other's.
    return f"{stem[: _LONGEST_STEM - 9]}_{hashlib.sha256(stem.encode()).hexdigest()[:8]}"


def free_name(stem: str, suffix: str, taken: set[str]) -> str:
    """`stem` + `suffix`, with _2, _3 … between where `taken` has that, capitals aside; the name goes into `taken`."""
    name, number = stem + suffix, 1
    while name.casefold() in taken:
        number += 1
        name = f"{stem}_{number}{suffix}"
    taken.add(name.casefold())
    return name


def form_files(units: Iterable[str]) -> dict[str, str]:
    """The file of each unit's form, no two alike even where `file_stem` makes the same of two names."""
    taken = {FINANCE_FORM}
    return {unit: free_name(file_stem(unit), ".xlsx", taken) for unit in units}


def short_names(files: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """For each file the shortest tail of its path that no other has: ("form.xlsx",) or ("gelen", "form.xlsx"). Tails
    are compared as file systems of Windows do, without regard to capitals; there is never a ".." in them."""
    whole = {file: Path(file).resolve() for file in files}
    paths = {file: tuple(map(writable, path.relative_to(path.anchor).parts or (file,))) for file, path in whole.items()}
    names: dict[str, tuple[str, ...]] = {}
    length = 1
    while len(names) < len(paths):
        tails = {parts: "/".join(parts[-length:]).casefold() for parts in paths.values()}
        sharing = Counter(tails.values())
        for file, parts in paths.items():
            if file not in names and (sharing[tails[parts]] == 1 or length >= len(parts)):
                names[file] = parts[-length:]
        length += 1
    return names
