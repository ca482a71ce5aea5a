"""Counts and areas as general tables print them: "88.145 m2", "12 adet", "5200(200m2Kapalı+5000m2Açık)m2"."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from kars_xl.base.money import UnreadableNumber, read_number
from kars_xl.base.place import Place
from kars_xl.base.text import fold, lower, tidy
from kars_xl.reading.grid.cells import Cell
from kars_xl.reading.tables import GeneralCell

_UNIT = (
    r"(?:(?:k?m\s?[23]|metre\s?kare|metre|mt|km|ha|hektar|dekar|da|dönüm|adet|ad|kişi|araç|personel|ton|kg|lt|litre"
    r"|kwh?|kva|tl)\.?)"
)
_FIGURE = r"[+-]?%?\s?\d+(?:[.,]\d+)*(?:\s\d{3})*(?:,\d+)?\s?%?"
EXCEL_ERROR = re.compile(r"#(?:[A-ZÇĞİÖŞÜ0-9/]+[!?]|N/A|YOK)")
_PLAIN = re.compile(rf"({_FIGURE})\s*{_UNIT}?")
_WITH_UNIT = re.compile(rf"{_FIGURE}\s*({_UNIT})\s*(?:\(.*)?", re.DOTALL)
_WITH_BRACKETS = re.compile(rf"({_FIGURE})\s*({_UNIT})?\s*\((.*)\)\s*({_UNIT})?", re.DOTALL)
_PART = re.compile(rf"([^\d]*?)({_FIGURE})\s*({_UNIT})?(?![a-zçğıöşü])?([^\d]*)")
_PART_MARK = re.compile(r"\+|;|/|\n|,\s|\sve\s")
# What the parts of one figure are told apart by; "2 bodrum + 3 normal kat" are other things than its square metres.
_QUALIFIERS = re.compile(
    r"kapalı|açık|resm[iî]|kiralık|özmal|kadın|erkek|memur|işçi|sözleşmeli|dolu|boş|asil|vekil|faal|arızalı|hizmet dışı"
)
_NOTHING = {"yok", "bulunmamaktadir", "yoktur"}
# Bare figures in brackets below this are rather a kind of flat ("3+1") than parts of a sum.
_SMALLEST_BARE_PART = 10


class _Meaning(NamedTuple):
    readings: tuple[Decimal, ...] = ()
    parts: tuple[Decimal, ...] = ()
    percent: bool = False
    blank: bool = False


def read_cell(cell: Cell | None, place: Place) -> GeneralCell:
    """The figure or words of `cell`; what can't be read has no reading, and is not guessed."""
    if cell is None:
        return GeneralCell("", place, blank=True)
    if isinstance(cell.value, str):
        meaning = read_text(cell.value)
        text = tidy(cell.value)
        return GeneralCell(text, cell.place, meaning.readings, meaning.parts, meaning.percent, meaning.blank)
    if isinstance(cell.value, Decimal) and not cell.is_date:
        value = cell.value * 100 if cell.is_percent else cell.value
        return GeneralCell(cell.text, cell.place, (value,), percent=cell.is_percent)
    return GeneralCell(cell.text, cell.place, blank=cell.value is None and cell.formula is None)


def is_figure(cell: Cell) -> bool:
    """True for a figure that can be read, not for dashes."""
    if isinstance(cell.value, str):
        return bool(read_text(cell.value).readings)
    return isinstance(cell.value, Decimal) and not cell.is_date


@lru_cache(maxsize=8192)
def read_text(text: str) -> _Meaning:
    """What a person meant by `text`; no readings for a blank and for words."""
    plain = text.strip()
    if plain.isascii() and plain.isdecimal():
        return _Meaning((Decimal(plain),)) if len(plain) < 15 else _Meaning()
    if not any(ch.isdigit() for ch in plain):
        return _Meaning(blank=(not fold(plain) and "%" not in plain) or fold(plain) in _NOTHING)
    plain = tidy(lower(unicodedata.normalize("NFKC", plain)))
    if match := _PLAIN.fullmatch(plain):
        return _Meaning(_readings(match[1]), percent="%" in match[1])
    return _compound(plain)


def unit_of(text: str) -> str:
    """The unit behind a figure: "12250m2" → "m2"; "" where none stands there."""
    match = _WITH_UNIT.fullmatch(tidy(lower(unicodedata.normalize("NFKC", text))))
    return match[1].replace(" ", "").rstrip(".") if match else ""


def total_of(parts: Iterable[Decimal]) -> Decimal:
    """The sum; nothing sums to zero."""
    return sum(parts, Decimal(0))


def _readings(text: str) -> tuple[Decimal, ...]:
    """The figures that `text` can mean: one, or two for "1,500" (1,5 or 1500)."""
    try:
        number = read_number(text)
    except UnreadableNumber:
        if re.fullmatch(r"\d{1,3},\d{3}", text):
            return Decimal(text.replace(",", ".")), Decimal(text.replace(",", ""))
        return ()
    return (number.value,) if number else ()


def _compound(plain: str) -> _Meaning:
    if match := _WITH_BRACKETS.fullmatch(plain):
        stated = _readings(match[1])
        parts = _parts(match[3], (match[2] or match[4] or "").strip(" ."))
        other = (total_of(parts),) if parts and total_of(parts) not in stated else ()
        return _Meaning((*stated, *other), parts, "%" in match[1])
    parts = _parts(plain, "") if "+" in plain else ()
    # "100m2 Kapalı + 900m2 Açık": whether a total counts both is not said.
    return _Meaning(tuple(dict.fromkeys((total_of(parts), *parts)))) if parts else _Meaning()


def _parts(inner: str, unit: str) -> tuple[Decimal, ...]:
    """The figures that a bracket gives as parts of the one before it; () where it says anything else."""
    parts = []
    for segment in _PART_MARK.split(inner):
        match = _PART.fullmatch(segment.strip())
        if match is None or len(readings := _readings(match[2])) != 1 or "%" in match[2]:
            return ()
        own, words = (match[3] or "").strip(" ."), match[1] + match[4]
        named = _QUALIFIERS.search(words) is not None
        bare = not own and not fold(words)
        if not (named or (own and own.replace(" ", "") == unit.replace(" ", "")) or bare):
            return ()
        parts.append(readings[0])
    if len(parts) < 2 or (max(parts) < _SMALLEST_BARE_PART and not _QUALIFIERS.search(inner)):
        return ()
    return tuple(parts)
