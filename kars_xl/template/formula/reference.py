"""A1 references: read once from a template's formula, written again for each instance."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from kars_xl.base.place import column_letters, column_number

LAST_ROW = 1_048_576
LAST_COLUMN = 16_384
_CORNER = r"(?:(\$?)([A-Za-z]{1,3}))?(?:(\$?)(\d+))?"
_REFERENCE = re.compile(rf"(?:('(?:[^']|'')+'|[^'!]+)!)?{_CORNER}(:{_CORNER})?\Z")
_PLAIN_SHEET = re.compile(r"[^\W\d]\w*\Z")
_LIKE_A_CELL = re.compile(r"([A-Za-z]{1,3}\d+|[Rr]\d*([Cc]\d*)?|[Cc]\d*)\Z")


@lru_cache(maxsize=1024)
def quoted(sheet: str) -> str:
    """A sheet's name as formulas write it."""
    if _PLAIN_SHEET.match(sheet) and sheet.isascii() and not _LIKE_A_CELL.match(sheet):
        return sheet
    return "'" + sheet.replace("'", "''") + "'"


@dataclass(frozen=True, slots=True, eq=False)
class Ref:
    """A reference of a template formula; `sheet` is the template sheet's title or None for the formula's own.

    Rows or columns are None where the whole column or row is meant. Equality is identity: each occurrence is its own.
    """

    text: str
    sheet: str | None
    row1: int | None
    col1: int | None
    row2: int | None
    col2: int | None
    fixed_row1: bool = False
    fixed_col1: bool = False
    fixed_row2: bool = False
    fixed_col2: bool = False
    is_range: bool = False

    @property
    def height(self) -> int:
        return 0 if self.row1 is None or self.row2 is None else self.row2 - self.row1 + 1

    @property
    def is_cell(self) -> bool:
        return self.height == 1 and self.col1 == self.col2

    def shifted(self, rows: int, columns: int) -> Ref:
        """The reference as it reads in a cell that many rows and columns away; wraps nothing, stays on the sheet."""

        def move(at: int | None, fixed: bool, by: int, last: int) -> int | None:
            return at if at is None or fixed else min(max(at + by, 1), last)

        return replace(
            self,
            row1=move(self.row1, self.fixed_row1, rows, LAST_ROW),
            row2=move(self.row2, self.fixed_row2, rows, LAST_ROW),
            col1=move(self.col1, self.fixed_col1, columns, LAST_COLUMN),
            col2=move(self.col2, self.fixed_col2, columns, LAST_COLUMN),
        )

    def written(self, sheet: str | None, rows: tuple[int, int] | None, as_range: bool | None = None) -> str:
        """The reference to output rows (None: as it is) of an output sheet (None: the formula's own).

        A single cell is written A1:A1 or A1, as `as_range` says, or as the template has it.
        """
        prefix = "" if sheet is None else quoted(sheet) + "!"
        left = ("$" if self.fixed_col1 else "") + column_letters(self.col1 or 0)
        if rows is None:
            if self.row1 is None:
                return f"{prefix}{left}:{'$' if self.fixed_col2 else ''}{column_letters(self.col2 or 0)}"
            rows = (self.row1, self.row2 or self.row1)
        first, last = rows
        one, two = "$" if self.fixed_row1 else "", "$" if self.fixed_row2 else ""
        if as_range is None:
            as_range = self.is_range
        if as_range or first != last or self.col1 != self.col2:
            right = ("$" if self.fixed_col2 else "") + column_letters(self.col2 or 0)
            return f"{prefix}{left}{one}{first}:{right}{two}{last}"
        return f"{prefix}{left}{one}{first}"

    def relative(self, sheet: str | None, rows: tuple[int, int] | None, anchor: tuple[int, int]) -> str:
        """The same as seen from a cell: equal texts mean "the same formula" in two cells."""
        first, last = rows or (self.row1, self.row2)

        def part(at: int | None, fixed: bool, base: int) -> str:
            return "" if at is None else f"{at}" if fixed else f"[{at - base}]"

        row, column = anchor
        return (
            f"{sheet or ''}!R{part(first, self.fixed_row1, row)}C{part(self.col1, self.fixed_col1, column)}"
            f":R{part(last, self.fixed_row2, row)}C{part(self.col2, self.fixed_col2, column)}"
        )


def parse_reference(text: str) -> Ref | None:
    """The reference that a token is; None if it is a name or something else."""
    match = _REFERENCE.match(text)
    if not match:
        return None
    sheet, fixed_c1, c1, fixed_r1, r1, to, fixed_c2, c2, fixed_r2, r2 = match.groups()
    if to is None:
        fixed_c2, c2, fixed_r2, r2 = fixed_c1, c1, fixed_r1, r1
    if (c1 is None, r1 is None) != (c2 is None, r2 is None) or not (c1 and r1 if to is None else c1 or r1):
        return None
    rows = None if r1 is None else (int(r1), int(r2))
    columns = None if c1 is None else (column_number(c1), column_number(c2))
    if rows and columns and not (1 <= rows[0] <= rows[1] <= LAST_ROW and columns[0] <= columns[1] <= LAST_COLUMN):
        return None
    (row1, row2), (col1, col2) = rows or (None, None), columns or (None, None)
    if sheet is not None and sheet.startswith("'"):
        sheet = sheet[1:-1].replace("''", "'")
    return Ref(text, sheet, row1, col1, row2, col2, *map(bool, (fixed_r1, fixed_c1, fixed_r2, fixed_c2, to)))
