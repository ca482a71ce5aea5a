"""The rows of a sheet as blocks that may be tables, with the lines above and below that may name them."""

import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise

from msgspec import Struct, field

from kars_xl.base.money import UnreadableNumber, read_number
from kars_xl.base.place import Place
from kars_xl.base.text import fold, lower, tidy
from kars_xl.reading.general.kinds import captions_of, is_contents, is_last_total, is_number_heading
from kars_xl.reading.grid.cells import Cell, Unseen, within
from kars_xl.reading.tables import GeneralCell

Row = list[Cell]
# A page break leaves a few blank lines within a table.
_PAGE_BREAK, _KEPT_LINES = 12, 4
_UNIT = (
    r"(?:(?:k?m\s?[23]|metre\s?kare|metre|mt|km|ha|hektar|dekar|da|dönüm|adet|ad|kişi|araç|personel|ton|kg|lt|litre"
    r"|kwh?|kva|tl)\.?)"
)
_FIGURE = r"[+-]?%?\s?\d+(?:[.,]\d+)*(?:\s\d{3})*(?:,\d+)?\s?%?"
EXCEL_ERROR = re.compile(r"#(?:[A-ZÇĞİÖŞÜ0-9/]+[!?]|N/A|YOK)")
# "12250m2", "5200(200m2 Kapalı + 5000m2 Açık)m2"
_STATED = re.compile(rf"({_FIGURE})\s*({_UNIT})?(?:\s*\((.*)\)\s*({_UNIT})?)?", re.DOTALL)
_PART = re.compile(rf"([^\d]*?)({_FIGURE})\s*({_UNIT})?(?![a-zçğıöşü])?([^\d]*)")
_PART_MARK = re.compile(r"\+|;|/|\n|,\s|\sve\s")
# What the parts of one figure are told apart by; "2 bodrum + 3 normal kat" are other things than its square metres.
_QUALIFIERS = re.compile(
    r"kapalı|açık|resm[iî]|kiralık|özmal|kadın|erkek|memur|işçi|sözleşmeli|dolu|boş|asil|vekil|faal|arızalı|hizmet dışı"
)
_BLANKS = {"yok", "bulunmamaktadir", "yoktur"}
# Bare figures in brackets below this are rather a kind of flat ("3+1") than parts of a sum.
_SMALLEST_BARE_PART = 10
_NOTHING = GeneralCell("", Place(""))


class Block(Struct):
    """Rows that follow each other; `above` and `below` are the nearest lines that are no rows of a table."""

    rows: list[Row]
    above: list[Row] = field(default_factory=list)
    below: list[Row] = field(default_factory=list)
    ended: bool = False

    def take(self, row: Row) -> None:
        """Adds a row; `ended` tells that the table's last total has come."""
        self.rows.append(row)
        first = row[0].value
        total = isinstance(first, str) and len(first) < 80 and is_last_total(first)
        self.ended = self.ended or (total and has_figures(row[1:]))


def repeats(row: Row, heading: Row) -> bool:
    alike = type(row[0].value) is type(heading[0].value) and row[0].value == heading[0].value
    return alike and [cell.text for cell in row] == [cell.text for cell in heading]


def has_figures(cells: Iterable[Cell]) -> bool:
    return any(map(is_figure, cells))


def blocks_of(rows: list[Row]) -> list[Block]:
    """All runs of rows with two cells or more; a line of one cell belongs to them where rows stand right around it."""
    blocks: list[Block] = []
    lines: list[Row] = []
    current: Block | None = None
    for index, row in enumerate(rows):
        if len(row) > 1 and not is_contents(row) and not captions_of(row):
            if current is not None and not lines and _joins(current, row):
                current.take(row)
                continue
            current = Block([row], above=lines[-_KEPT_LINES:])
            blocks.append(current)
            lines = []
        elif current is not None and not lines and _is_inner(current, row, rows[index + 1 : index + 2]):
            current.take(row)
        elif not row[0].text.strip().isdigit():
            # A page number between the halves of a table is no line of it.
            lines.append(row)
            if blocks and len(blocks[-1].below) < _KEPT_LINES:
                blocks[-1].below.append(row)
    return blocks


def _joins(block: Block, row: Row) -> bool:
    gap = row[0].row - block.rows[-1][0].row
    if gap > _PAGE_BREAK or (gap > 1 and block.ended):
        return False
    if repeats(row, block.rows[0]):
        return not block.ended
    heads = (block.ended or is_number_heading(row[0].text)) and not has_figures(row)
    if (gap == 1 and not heads) or _counts_on(block, row):
        return True
    if heads:
        return gap == 1 and len(block.rows) == 1
    figures = {cell.column for line in block.rows for cell in line[1:] if is_figure(cell)}
    if figures and not any(is_figure(cell) and cell.column in figures for cell in row):
        return False
    columns = {cell.column for line in block.rows for cell in line}
    return all(cell.column in columns for cell in row) and (bool(figures) or (gap == 2 and len(block.rows) == 1))


def _counts_on(block: Block, row: Row) -> bool:
    """Whether a row's number goes on with those above it: a form has numbered rows to spare."""
    last, first = block.rows[-1][0], row[0]
    if block.ended or last.column != first.column:
        return False
    numbers = [cell.text.strip(" .)-") for cell in (last, first)]
    return all(number.isdecimal() for number in numbers) and 0 < int(numbers[1]) - int(numbers[0]) <= _PAGE_BREAK


def _is_inner(block: Block, row: Row, following: list[Row]) -> bool:
    """A line of one cell within a table: a row without figures, or the second half of a long name."""
    if len(row) > 1 or block.ended or not following or len(following[0]) < 2 or captions_of(row):
        return False
    after = following[0]
    first = min(cell.column for line in block.rows for cell in line)
    beside = row[0].row == block.rows[-1][0].row + 1 and after[0].row == row[0].row + 1
    return beside and row[0].column <= first + 1 and has_figures(after) and not is_contents(row)


def side_by_side(block: Block) -> list[Block]:
    """The block cut at its empty columns where each side has words and figures of its own; else the block itself."""
    columns = sorted({cell.column for row in block.rows for cell in row})
    cuts = [after for before, after in pairwise(columns) if after > before + 1]
    if not cuts:
        return [block]
    sides = []
    for low, high in pairwise([columns[0], *cuts, columns[-1] + 1]):
        # A line of one cell is about all columns.
        above, below = (
            [part for row in lines for part in (within([row], low, high) if len(row) > 1 else [row])]
            for lines in (block.above, block.below)
        )
        sides.append(Block(within(block.rows, low, high), above, below))
    return sides if all(map(_stands_alone, sides)) else [block]


def _stands_alone(block: Block) -> bool:
    heading, *data = block.rows
    if len(heading) < 2 or has_figures(heading) or not data:
        return False
    named = [row for row in data if any(isinstance(cell.value, str) and not is_figure(cell) for cell in row[:2])]
    return 2 * len(named) >= len(data) and any(has_figures(row[1:]) for row in data)


def read_cell(cell: Cell | None, place: Place) -> GeneralCell:
    """The figure or words of `cell`; what can't be read has no reading, and is not guessed."""
    if cell is None:
        return GeneralCell("", place, blank=True)
    if isinstance(cell.value, str):
        read = _NOTHING if cell.unseen is Unseen.MIXED else read_text(cell.value)
        return read._replace(text=tidy(cell.value), place=cell.place)
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
def read_text(text: str) -> GeneralCell:
    """What a person meant by `text`, wherever it stands; no readings for a blank and for words."""
    plain = text.strip()
    if plain.isascii() and plain.isdecimal():
        return _NOTHING._replace(readings=(Decimal(plain),)) if len(plain) < 15 else _NOTHING
    if not any(ch.isdigit() for ch in plain):
        return _NOTHING._replace(blank=(not fold(plain) and "%" not in plain) or fold(plain) in _BLANKS)
    plain = _plain(plain)
    if match := _STATED.fullmatch(plain):
        stated = _readings(match[1])
        parts = _parts(match[3] or "", (match[2] or match[4] or "").strip(" ."))
        other = (total_of(parts),) if parts and total_of(parts) not in stated else ()
        return _NOTHING._replace(readings=(*stated, *other), parts=parts, percent="%" in match[1])
    parts = _parts(plain, "") if "+" in plain else ()
    # "100m2 Kapalı + 900m2 Açık": whether a total counts both is not said.
    return _NOTHING._replace(readings=tuple(dict.fromkeys((total_of(parts), *parts)))) if parts else _NOTHING


def _plain(text: str) -> str:
    return tidy(lower(unicodedata.normalize("NFKC", text)))


def unit_of(text: str) -> str:
    """The unit behind a figure: "12250m2" → "m2"; "" where none stands there."""
    match = _STATED.fullmatch(_plain(text))
    return (match[2] or "").replace(" ", "").rstrip(".") if match else ""


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
