"""Where a value stands."""

import re
from functools import lru_cache
from typing import NamedTuple

_CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})")


class Place(NamedTuple):
    """Where a value stands: file as named by the user, sheet ("" in a text file), row and column from 1."""

    file: str
    sheet: str = ""
    row: int = 0
    column: int = 0

    @property
    def cell(self) -> str:
        """A1 address; "" where the place is a whole sheet or file."""
        return a1(self.row, self.column) if self.row else ""


@lru_cache(maxsize=1024)
def column_letters(column: int) -> str:
    """1 → "A", 28 → "AB"; "" for 0."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@lru_cache(maxsize=1024)
def column_number(letters: str) -> int:
    """The number of "AB" or "ab" is 28. What follows the letters A to Z is not read; 0 is no column."""
    column = 0
    for letter in re.split("[^A-Za-z]", letters)[0].upper():
        column = column * 26 + ord(letter) - 64
    return column


def a1(row: int, column: int) -> str:
    """(40, 3) → "C40"."""
    return f"{column_letters(column)}{row}"


def cell_at(address: str) -> tuple[int, int] | None:
    """(row, column) of "C40"; None for any other text."""
    match = _CELL.fullmatch(address)
    return (int(match[2]), column_number(match[1])) if match else None
