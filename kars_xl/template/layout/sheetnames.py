"""Sheet names that Excel accepts."""

from __future__ import annotations

import re

LONGEST = 31
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
# Names that differ only by these letters are one name to some readers and two to others.
_FOLD = str.maketrans("İIı", "iii")


def valid_sheet_name(name: str, taken: set[str]) -> str:
    """The name without what Excel forbids, cut to length, unlike any in `taken` (folded; it is added there)."""
    clean = " ".join(_FORBIDDEN.sub("-", name).split()).strip("'") or "Sayfa"
    if clean.casefold() == "history":
        clean += " 1"
    found, number = clean[:LONGEST].rstrip(), 1
    while _folded(found) in taken:
        number += 1
        tail = f" ({number})"
        found = clean[: LONGEST - len(tail)].rstrip() + tail
    taken.add(_folded(found))
    return found


def _folded(name: str) -> str:
    return name.translate(_FOLD).casefold()
