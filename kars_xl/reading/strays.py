"""Figures in and around a table that no table has read: KX126, so that no money is passed over in silence."""

import re
from collections.abc import Sequence
from decimal import Decimal

from kars_xl.base.text import fold, lower
from kars_xl.findings.finding import Effect, Finding, finding
from kars_xl.reading.cell_values import CellReader
from kars_xl.reading.grid.cells import Cell, Unseen
from kars_xl.reading.row_cells import figure_of, number_of
from kars_xl.reading.rows.table_rows import TableRows

# "Giderler (225.000 TL)", "Döner Sermaye: 5000 TL": an amount, and what may stand behind it at a label's end.
_IN_WORDS = re.compile(r"(?<![\d.,/])(\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d{5,}(?:,\d+)?|\d[\d.,]*(?=\s*(?:tl|₺|try|lira)))")
_AT_THE_END = re.compile(r"[\s(:=–-]*(tl|₺|try|lira)?[\s).*-]*")
# What figures are by the words beside them: no money, or money however small.
_NO_MONEY = re.compile(
    r"\b(?:tel|telefon\w*|faks|fax|gsm|dahili|tarih\w*|sayi\w*|sayfa\w*|no|numara\w*|sicil|kod\w*|yil\w*|tc|iban|nufus\w*|kisi\w*"
    r"|adet|posta|revizyon|surum\w*|ada|parsel|pafta|km|metre\w*|m2|ton|oran\w*|yuzde|gun|saat|evrak|dosya|madde\w*)\b"
)
_MONEY = re.compile(r"\b(?:tutar|oden|butce|maliyet|gider|toplam|kdv|tl|lira|bedel|ucret|ilave|ek|talep|fark)")
# Figures of its own, and other places, within a formula; one over figures of its sheet has them looked at themselves.
_NOT_DERIVED = re.compile(r"(?<![A-Za-z$\d])\d|!|\[")
_YEARS = range(1900, 2101)
_LEAST, _LEAST_OF_A_HEADING, _LONGEST_LABEL = 1000, 100, 100  # less may be a page or running number, or a code


class Strays:
    """Looks at each row of a sheet after it was read; in `found` is what of it no table has taken."""

    def __init__(self, reader: CellReader, *, of_form: bool) -> None:
        self.reader = reader
        self.of_form = of_form  # then its sheets hold nothing else
        self.found: list[Finding] = []
        self.last = -1  # the last row of a table, or of figures right below it

    def look(self, row: list[Cell], table: TableRows | None, how: str, told: Sequence[Finding]) -> None:
        """`how` it was taken: a "row" of `table`, a heading's "label" or "columns", "" not; `told` was said of it."""
        number, near = row[0].row, row[0].row <= self.last + 1
        within = bool(how) or (table is not None and not table.ended)
        self.last = number if how else self.last
        if any(found.has(Effect.UNPLACED | Effect.UNREAD) for found in told):
            return
        seen = self.reader.seen
        left = [cell for cell in row if (cell.row, cell.column) not in seen and cell.has_digit]
        given = [figure_of(cell) for cell in row if (cell.row, cell.column) in seen] if left else []
        strays = []
        for cell in left if within or near or self.of_form else ():
            value = figure_of(cell)
            if cell.formula and not _NOT_DERIVED.search(cell.formula):
                continue
            if value is None:
                worded = within and isinstance(cell.value, str)
                is_stray = worded and how != "label" and _is_in_words(cell, row, [*filter(None, given)], table, how)
            elif within:
                known = how == "row" and table is not None and cell.column in table.known
                is_stray = not known and _is_within(cell, row, value, is_heading=how in ("label", "columns"))
            else:
                is_stray = _is_beside(row, value, near=near)
            if is_stray and cell.unseen is Unseen.COVERED:
                self.found.append(finding("KX109", cell.place, found=cell.text[:60], reason=cell.unseen))
            elif is_stray:
                strays.append(cell)
        if strays:
            short, key = (table.short, table.key) if table is not None and within else ("", "")
            places = [cell.place for cell in strays[1:]]
            found = strays[0].text[:60]
            self.found.append(finding("KX126", strays[0].place, table=short, key=key, related=places, found=found))
            self.last = number if near else self.last


def _is_within(cell: Cell, row: list[Cell], value: Decimal, *, is_heading: bool) -> bool:
    """Whether a figure among a table's rows is neither a year or code of a heading, nor a running or page number."""
    if is_heading:
        return value >= _LEAST_OF_A_HEADING and value not in _YEARS
    named = any(other.column < cell.column and figure_of(other) is None for other in row)
    return value != 0 and (named or value >= _LEAST or value != int(value))


def _is_beside(row: list[Cell], value: Decimal, *, near: bool) -> bool:
    """Whether a figure beside or below a table may be money by its size and the words in its row."""
    words = fold(" ".join(other.text for other in row if figure_of(other) is None))
    if value == 0 or value in _YEARS or _NO_MONEY.search(words):
        return False
    return abs(value) >= _LEAST or (bool(words) and (near or _MONEY.search(words) is not None))


def _is_in_words(cell: Cell, row: list[Cell], given: Sequence[Decimal], table: TableRows | None, how: str) -> bool:
    """An amount at the end of a label, or beside a row without an amount; one that was read is no other."""
    text = lower(cell.text)
    *_, last = (None, *_IN_WORDS.finditer(text))
    if last is None or len(text) > _LONGEST_LABEL or (number_of(last[0]) or 0) in (0, *given):
        return False
    end = _AT_THE_END.fullmatch(text[last.end() :])
    if table is not None and table.named and how == "row":
        return end is not None and bool(end[1]) and not given  # an activity's name may tell of money
    return end is not None or (how == "row" and not given and cell is row[-1])
