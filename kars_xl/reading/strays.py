"""Figures in and around a table that no table has read: KX126, so that no money is passed over in silence."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from kars_xl.base.money import UnreadableNumber, read_number
from kars_xl.base.text import fold, lower, read_code
from kars_xl.findings.finding import Effect, Finding, finding
from kars_xl.reading.cell_values import CellReader, TableRows, has_digit
from kars_xl.reading.grid.cells import Cell

# "Giderler (225.000 TL)", "Döner Sermaye: 5000 TL"; in running text an amount stands within.
_IN_WORDS = re.compile(
    r"(?<![\d.,/])(?:(\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d{5,}(?:,\d+)?)|(\d[\d.,]*)(?=\s*(?:tl|₺|try|lira)))"
)
_AT_THE_END = re.compile(r"[\s(:=–-]*(?:tl|₺|try|lira)?[\s).*-]*$")
_LIRA = re.compile(r"^\s*(?:tl|₺|try|lira)")
# Figures that their own words say to be no money.
_NO_MONEY = re.compile(
    r"\b(?:tel|telefon\w*|faks|fax|gsm|dahili|tarih\w*|sayi\w*|sayfa\w*|no|numara\w*|sicil|kod\w*|yil\w*|tc|iban|nufus\w*|kisi\w*"
    r"|adet|posta|revizyon|surum\w*|ada|parsel|pafta|km|metre\w*|m2|ton|oran\w*|yuzde|gun|saat|evrak|dosya|madde\w*)\b"
)
_MONEY = re.compile(r"\b(?:tutar|oden|butce|maliyet|gider|toplam|kdv|tl|lira|bedel|ucret|ilave|ek|talep|fark)")
# Figures, names and other places within a formula.
_OF_ITS_OWN = re.compile(r"(?<![A-Za-z$\d])\d|!|\[")
_YEARS = range(1900, 2101)
_RUNNING, _MOST_FOR_A_CODE, _LONGEST_LABEL = 1000, 100, 100
_NO_PLACE = Effect.UNPLACED | Effect.UNREAD


class Strays:
    """Looks at each row of a sheet after it was read, and says what of it no table has taken."""

    def __init__(self, reader: CellReader) -> None:
        self.reader = reader
        self.found: list[Finding] = []
        self.apart: list[Finding] = []  # away from the tables, where only a form's own sheets count
        self.last = -1  # the last row of a table, or of figures right below it

    def look(self, row: list[Cell], table: TableRows | None, how: str, told: int) -> None:
        """`how` it was taken: a "row" of `table`, a heading's "label" or "columns", "" not; `told`: findings before."""
        adjoining = row[0].row <= self.last + 1
        within = bool(how) or (table is not None and not table.ended)
        if how:
            self.last = row[0].row
        if any(found.has(_NO_PLACE) for found in self.reader.findings[told:]):
            return
        seen = self.reader.seen
        left = [
            cell for cell in row if (cell.row, cell.column) not in seen and has_digit(cell) and not _is_derived(cell)
        ]
        given = [cell for cell in row if (cell.row, cell.column) in seen and _figure(cell)] if left else []
        strays = []
        for cell in left:
            value = _figure(cell)
            if value is None:
                is_stray = how != "label" and within and _is_in_words(cell, row, given, table, how)
            elif not value or (how == "row" and table is not None and table.knows(cell)):
                is_stray = False
            else:
                is_stray = _is_inside(cell, row, value, how) if within else _is_money(cell, row, value, near=adjoining)
            if is_stray:
                strays.append(cell)
        if strays:
            short, key = (table.short, table.key) if table is not None and within else ("", "")
            places = [cell.place for cell in strays[1:]]
            said = finding("KX126", strays[0].place, table=short, key=key, related=places, found=strays[0].text[:60])
            (self.found if within or adjoining else self.apart).append(said)
            self.last = row[0].row if adjoining else self.last


def _is_derived(cell: Cell) -> bool:
    """A formula over figures of its own sheet, which are looked at themselves."""
    return cell.formula is not None and not _OF_ITS_OWN.search(cell.formula)


def _is_inside(cell: Cell, row: list[Cell], value: Decimal, how: str) -> bool:
    """Whether a figure among a table's rows is neither a year or code of a heading, nor a running or page number."""
    whole = value == int(value)
    if how in ("label", "columns"):
        return value >= _MOST_FOR_A_CODE and not (whole and int(value) in _YEARS)
    before = any(other.column < cell.column and _figure(other) is None for other in row)
    return before or not (whole and value < _RUNNING)


def _is_money(cell: Cell, row: list[Cell], value: Decimal, *, near: bool) -> bool:
    """Whether a figure beside or below a table may be money by its size and the words in its row."""
    words = fold(" ".join(other.text for other in row if isinstance(other.value, str) and _figure(other) is None))
    if value == int(value) and (int(value) in _YEARS or (not words and value < _RUNNING)):
        return False
    return not _NO_MONEY.search(words) and (near or abs(value) >= _RUNNING or _MONEY.search(words) is not None)


def _is_in_words(cell: Cell, row: list[Cell], given: list[Cell], table: TableRows | None, how: str) -> bool:
    """An amount at the end of a label, or beside a row without an amount; one that was read is no other."""
    text = lower(cell.text)
    found = list(_IN_WORDS.finditer(text))
    if not found or len(text) > _LONGEST_LABEL:
        return False
    last, rest = found[-1], text[found[-1].end() :]
    if (value := _number(last[1] or last[2])) is None or value in (0, *map(_figure, given)):
        return False
    at_the_end = _AT_THE_END.fullmatch(rest) is not None
    if table is not None and table.named and how == "row":
        # An activity's name may tell of money.
        return at_the_end and not given and _LIRA.match(rest) is not None
    return at_the_end or (how == "row" and not given and cell is row[-1])


def _figure(cell: Cell) -> Decimal | None:
    """The figure that a cell shows; None for words, dates and percentages."""
    if isinstance(cell.value, Decimal):
        return None if cell.is_date or cell.is_percent else cell.value
    return _number(cell.value) if isinstance(cell.value, str) else None


@lru_cache(maxsize=1 << 14)
def _number(text: str) -> Decimal | None:
    """The figure of a text; None for words, percentages and codes."""
    code = read_code(text)
    if code is not None and "." in code[1] and all(int(part) < _MOST_FOR_A_CODE for part in code[1].split(".")):
        return None
    try:
        number = read_number(text)
    except UnreadableNumber:
        return None
    return None if number is None or number.percent else number.value
