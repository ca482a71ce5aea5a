"""What the cells of a row say before any is read as a figure: codes, marks, and which year a heading means."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache

from kars_xl.base.money import UnreadableNumber, read_number
from kars_xl.base.place import Place
from kars_xl.base.text import fold, lower, read_code, tidy
from kars_xl.reading.grid.cells import Cell
from kars_xl.reading.labels import label_of
from kars_xl.reading.tables import Text

YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_SYMBOL = re.compile(r"(?<![^\W\d])t\s*(?:([+−–-])\s*(\d))?(?!\w)")
_AMOUNT = re.compile(r"\d{1,3}(?:\.\d{3})+")
_CODE = re.compile(r"\s*\d{1,2}(?:\.\d{1,2})+\.?\s*")
_MINUS = str.maketrans("−–", "--")
_PART_OF_YEAR = re.compile(r"\b(?:ocak|haziran|temmuz|aralik|ceyrek|donem|ilk|\d+ ?ay|alti ay)")
_REALISED = re.compile(r"\b(?:gercekles|tahmin|yil ?sonu|sonuc|fiili|kesin|harcama)")
_LONGEST_TITLE = 80
_YEAR_IN_TITLE = re.compile(
    r"(20\d\d)(?: mali)? yili|.*\b(20\d\d)(?: mali)?(?: yili)?(?: idare)? (?:performans programi|kaynak ihtiyaci).*"
    r"|performans programi (20\d\d)"
)


def at(row: list[Cell], column: int) -> Cell | None:
    """The cell of a column; the sign with which a form marks its entry cells (◄) is none."""
    for cell in row:  # asked for every figure: no generator
        if cell.column == column and not cell.is_mark:
            return cell
    return None


def here(row: list[Cell], column: int) -> Place:
    return Place(row[0].file, row[0].sheet, row[0].row, column)


def text_of(cell: Cell | None, place: Place) -> Text:
    """What a cell says on one line; "" at `place` where there is none."""
    return Text(tidy(cell.text), cell.place) if cell else Text("", place)


def code_cell(row: list[Cell], within: int) -> tuple[int, str, str] | None:
    """(index, kind, number) of the code among the row's first cells; an activity's before any other. A number without F
    or PG is one only at the row's start or before a wording, so that an amount is none."""
    found = []
    for index, cell in enumerate(row[:within]):
        code = read_code(cell.value) if isinstance(cell.value, str) else None
        if code and "." in code[1]:
            named = not all(it.looks_like_figure for it in row[index + 1 : index + 2])
            if code[0] or named or not (index or _AMOUNT.fullmatch(cell.text.strip())):
                found.append((index, *code))
    return next((code for code in found if code[1] == "F"), found[0] if found else None)


def starts_with_code(row: list[Cell]) -> bool:
    """True for a row of data, its code first or after a target's name; "Faaliyet Adı | F.1.1.1" is a heading."""
    found = code_cell(row, 2)
    if found is None or found[1] not in ("F", "PG"):
        return False
    return found[0] == 0 or label_of(row[0].text)[0] != "activity_name"


def year_of(cell: Cell) -> int | None:
    """The year that a heading names, as number, as date or within its text."""
    match = YEAR.search(cell.day if cell.is_date else cell.text)
    return int(match[0]) if match else None


def years_off(cell: Cell, year: int | None) -> int | None:
    """How many years a heading is from the programme's, by its year or as "t+2"; None where it does not say."""
    if (own := year_of(cell)) is not None:
        return None if year is None else own - year
    match = _SYMBOL.search(lower(cell.text)) if isinstance(cell.value, str) else None
    return int((match[1] or "+").translate(_MINUS) + (match[2] or "0")) - 1 if match else None


def is_dated(cell: Cell) -> bool:
    """Whether a heading says of which year its column is."""
    return year_of(cell) is not None or years_off(cell, None) is not None


def of_year(cells: Sequence[Cell], off: int, year: int | None) -> list[Cell]:
    """The columns of a year by their headings; of several the ones that say how it ended, or is to be."""
    own = [cell for cell in cells if years_off(cell, year) == off]
    whole = [cell for cell in own if not _PART_OF_YEAR.search(fold(cell.text))]
    told = [cell for cell in whole if (_REALISED.search(fold(cell.text)) is not None) == (off < 0)]
    return next((found for found in (own, whole, told) if len(found) == 1), own)


def programme_years(sheet: list[list[Cell]]) -> Iterator[int]:
    """What titles and headings call the programme's year: "2025 MALİ YILI", "2025 Kaynak İhtiyacı (TL)"."""
    texts = (cell.value for row in sheet for cell in row[:4] if isinstance(cell.value, str) and "20" in cell.value)
    for text in texts:
        if len(text) <= _LONGEST_TITLE and (match := _YEAR_IN_TITLE.fullmatch(fold(text))):
            yield int(match[1] or match[2] or match[3])


def figure_of(cell: Cell) -> Decimal | None:
    """The figure that a cell shows; None for words, dates and percentages."""
    if isinstance(cell.value, Decimal):
        return None if cell.is_date or cell.is_percent else cell.value
    return number_of(cell.value) if isinstance(cell.value, str) else None


@lru_cache(maxsize=1 << 14)
def number_of(text: str) -> Decimal | None:
    """The figure of a text; None for words, percentages and codes."""
    try:
        number = None if _CODE.fullmatch(text) else read_number(text)
    except UnreadableNumber:
        return None
    return None if number is None or number.percent else number.value
