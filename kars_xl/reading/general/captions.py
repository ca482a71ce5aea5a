"""The line that names a table: "Tablo 6 Kadroya göre Personel Dağılımı", in other numbering or wording too."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from kars_xl.base.text import fold, tidy
from kars_xl.reading.grid.cells import Cell
from kars_xl.reading.tables import Text

_CAPTION = re.compile(
    r"(?:ek\s+)?(?:(?P<before>\d{1,3}(?:[.\-]\d{1,3})*)\s*[.):\-]*\s*)?(?:tablo|[çÇ][iİ]zelge|cetvel)\b(?:\s*no\b)?\s*[:.\-–]?\s*"
    r"(?P<after>(?:[a-z][.\-])?\d{1,3}(?:[.\-]\d{1,3})*(?:\.(?=\s|$))?|[ivx]{1,5}\b)?\s*[.:)\-–—]*\s*(?P<text>.*)",
    re.IGNORECASE | re.DOTALL,
)
_WORD = re.compile(r"ablo|zelge|etvel", re.IGNORECASE)
# Dots or a tab and a page number: a line of the table of contents.
_CONTENTS = re.compile(r"\.{4,}|…{2,}|\t\s*\d+\s*$")
_NO_CAPTION = re.compile(r"(?:şekil|grafik|resim|harita|kaynak|not)\b", re.IGNORECASE)
_LONGEST = 140


class Caption(NamedTuple):
    text: Text
    number: str = ""


def is_contents(row: list[Cell]) -> bool:
    """A line of the table of contents: "Tablo 1 Hizmet Binaları ..... | 16"."""
    text = row[0].value
    if not isinstance(text, str):
        return False
    if ("...." in text or "……" in text or "\t" in text) and _CONTENTS.search(text):
        return True
    return len(row) > 1 and _numbered(text) is not None and row[-1].text.strip(" .").isdigit()


def captions_of(row: list[Cell]) -> list[Caption]:
    """The captions with a number that a row holds, and nothing else; more than one where tables stand side by side."""
    if len(row) > 4 or not isinstance(row[0].value, str):
        return []
    first = _numbered(row[0].text)
    if first is None:
        return []
    found = [Caption(Text(tidy(first[1]), row[0].place), first[0])]
    for cell in row[1:]:
        if not isinstance(cell.value, str):
            return []
        if other := _numbered(cell.text):
            found.append(Caption(Text(tidy(other[1]), cell.place), other[0]))
        elif not found[-1].text.value:
            # "Tablo 6" in one cell and its words in the next.
            found[-1] = Caption(Text(tidy(cell.text), cell.place), found[-1].number)
    return found


@lru_cache(maxsize=4096)
def _numbered(text: str) -> tuple[str, str] | None:
    """(number, wording) of a caption with "Tablo"; None for prose that begins with the word."""
    if len(text) > _LONGEST or not _WORD.search(text):
        return None
    match = _CAPTION.fullmatch(text.strip())
    if match is None or _CONTENTS.search(text):
        return None
    number, wording = (match["after"] or match["before"] or "").rstrip("."), match["text"]
    if not number or wording[:1] in ("'", "’", "`") or (wording.endswith(".") and len(wording.split()) > 8):
        return None
    return number, wording


def loose_caption(row: list[Cell]) -> Caption | None:
    """A line above a table that may name it: short, and no sentence."""
    cell = row[0]
    if len(row) > 1 or not isinstance(cell.value, str) or len(cell.text) > _LONGEST or not fold(cell.text):
        return None
    text = tidy(cell.text)
    if text.endswith((".", ";", ",", ":")) or _NO_CAPTION.match(text) or text.isdigit() or text.startswith("■"):
        return None
    return Caption(Text(text, cell.place))
