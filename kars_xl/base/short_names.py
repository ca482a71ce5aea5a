"""Names for files that tell them apart: the file's name, with as many of its folders as are needed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path


def short_names(files: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """For each file the shortest tail of its path that no other has: ("form.xlsx",) or ("gelen", "form.xlsx").

    Tails are compared as file systems of Windows do, without regard to capitals; there is never a ".." in them.
    """
    paths = {file: _parts(file) for file in files}
    names: dict[str, tuple[str, ...]] = {}
    length = 1
    while len(names) < len(paths):
        tails = Counter(_key(parts[-length:]) for parts in set(paths.values()))
        for file, parts in paths.items():
            if file not in names and (tails[_key(parts[-length:])] == 1 or length >= len(parts)):
                names[file] = parts[-length:]
        length += 1
    return names


def _parts(file: str) -> tuple[str, ...]:
    path = Path(file).resolve()
    return path.relative_to(path.anchor).parts or (file,)


def _key(parts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(part.casefold() for part in parts)
