"""A workbook whose formulas can be followed: its cells, what each formula says, and which cells a range holds."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from decimal import Decimal

from kars_xl.base.place import a1, column_number
from kars_xl.base.text import fold, lower, squeeze
from kars_xl.reading.grid.cells import Cell, CellValue, Grid, Sheet
from kars_xl.template.formula.formula import Parsed, excel_spelling
from kars_xl.template.formula.parse import FormulaParser
from kars_xl.template.formula.reference import LAST_COLUMN, LAST_ROW, Ref

Address = tuple[str, int, int]  # sheet, row, column

# Blank cells of a bounded range are counted; of a whole column only what is filled counts.
_COUNTED_CELLS = 10_000


class Book:
    """The cells of a grid by address; formulas are parsed when they are asked for, each wording once."""

    def __init__(self, grid: Grid) -> None:
        self.file = grid.file
        self.digest = grid.digest
        self.sheets: dict[str, Sheet] = {sheet.name: sheet for sheet in grid.sheets}
        self._by_name = {name.casefold(): name for name in self.sheets}
        self._columns: dict[str, dict[int, list[int]]] = {}
        self._headings: dict[str, dict[int, list[int]]] = {}
        self._parser = FormulaParser(self._by_name)

    def cell(self, address: Address) -> Cell | None:
        sheet = self.sheets.get(address[0])
        return sheet.cells.get(address[1:]) if sheet else None

    def value(self, address: Address) -> CellValue:
        cell = self.cell(address)
        return cell.value if cell else None

    def formulas(self) -> Iterator[Cell]:
        """Every cell with a formula."""
        return (cell for sheet in self.sheets.values() for cell in sheet.cells.values() if cell.formula is not None)

    def parsed(self, cell: Cell) -> Parsed:
        """The formula of a cell that has one, as pieces."""
        return self._parser.parse(formula_text(cell))

    def sheet_of(self, ref: Ref, own: str) -> str:
        """The sheet that a reference in a formula of the sheet `own` points to."""
        return own if ref.sheet is None else self._by_name.get(ref.sheet.casefold(), ref.sheet)

    def filled(self, ref: Ref, own: str) -> Iterator[Address]:
        """The cells of a reference that hold anything, column by column within a row's order of the sheet."""
        sheet = self.sheet_of(ref, own)
        columns = self._index(sheet)
        row1, col1, row2, col2 = bounds(ref)
        if row1 == row2 and col1 == col2:
            if row1 in columns.get(col1, ()):
                yield sheet, row1, col1
            return
        found = []
        for column, rows in columns.items():
            if col1 <= column <= col2:
                found += [(row, column) for row in rows[bisect_left(rows, row1) : bisect_right(rows, row2)]]
        for row, column in sorted(found):
            yield sheet, row, column

    def blanks(self, ref: Ref, filled: int) -> int:
        """How many cells of a bounded reference are blank, of which `filled` are not."""
        row1, col1, row2, col2 = bounds(ref)
        size = (row2 - row1 + 1) * (col2 - col1 + 1)
        return size - filled if size <= _COUNTED_CELLS else 0

    def heading(self, cell: Cell) -> str:
        """The nearest label above a cell in its column; "" where there is none."""
        if cell.sheet not in self._headings:
            self._headings[cell.sheet] = self._rows(cell.sheet, is_label)
        rows = self._headings[cell.sheet].get(cell.column, ())
        at = bisect_left(rows, cell.row)
        return self.sheets[cell.sheet].cells[rows[at - 1], cell.column].text if at else ""

    def _index(self, sheet: str) -> dict[int, list[int]]:
        """The filled rows of each column of a sheet."""
        if sheet not in self._columns:
            self._columns[sheet] = self._rows(sheet, lambda _: True)
        return self._columns[sheet]

    def _rows(self, sheet: str, wanted: Callable[[Cell], bool]) -> dict[int, list[int]]:
        """By column, the rows of the cells that are wanted, from top to bottom."""
        columns: dict[int, list[int]] = {}
        for (row, column), cell in self.sheets[sheet].cells.items() if sheet in self.sheets else ():
            if wanted(cell):
                columns.setdefault(column, []).append(row)
        for rows in columns.values():
            rows.sort()
        return columns


def bounds(ref: Ref) -> tuple[int, int, int, int]:
    """First row and column, last row and column; a whole column has all rows."""
    return ref.row1 or 1, ref.col1 or 1, ref.row2 or LAST_ROW, ref.col2 or LAST_COLUMN


def formula_text(cell: Cell) -> str:
    """The formula as Excel shows it, with = before; that of an .ods in the same words."""
    return "=" + excel_spelling(cell.formula or "")


def is_label(cell: Cell) -> bool:
    """True for a text with letters that is no formula's result."""
    return isinstance(cell.value, str) and cell.formula is None and any(letter.isalpha() for letter in cell.value)


def is_zero(value: CellValue) -> bool:
    """True for a number that is zero; a blank is none."""
    return isinstance(value, Decimal) and not value


_CELL = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")
_CAPITALS = str.maketrans("ıiİ", "III")
_SHOWN = 12


class WrongAddress(ValueError):
    """The address leads to no cell; the text says in Turkish what there is instead."""


def find_cell(book: Book, text: str) -> Address:
    """The address that `text` means in the workbook. Raises WrongAddress, also where the cell is blank."""
    name, separator, cell = text.strip().rpartition("!")
    if not separator:
        raise WrongAddress(
            f'“{text}” bir hücre adresi değil; sayfayı da yazın: "Sayfa!Hücre". Sayfalar: {_listed(book)}.'
        )
    sheet = _sheet(book, name)
    match = _CELL.fullmatch(cell.strip().translate(_CAPITALS).upper())
    if match is None:
        raise WrongAddress(f"“{cell.strip()}” bir hücre değil; tek bir hücre yazın, C8 gibi.")
    address = (sheet, int(match[2]), column_number(match[1]))
    if book.cell(address) is None:
        raise WrongAddress(f"{sheet}!{a1(*address[1:])} boş. {_neighbours(book, address)}")
    return address


def _sheet(book: Book, text: str) -> str:
    """The sheet of that name; failing that the one whose title begins with it ("Tablo 11")."""
    name = text.strip()
    if len(name) > 1 and name[0] == name[-1] == "'":
        name = name[1:-1]
    name = name.replace("''", "'").strip()
    for wanted, of in ((name, str), (lower(name), lower), (squeeze(name), squeeze)):
        found = [sheet for sheet in book.sheets if of(sheet) == wanted]
        if len(found) == 1:
            return found[0]
    words = fold(name)
    titled = [sheet for sheet, title in _titles(book) if words and f"{fold(title)} ".startswith(f"{words} ")]
    if len(titled) == 1:
        return titled[0]
    raise WrongAddress(f"“{name}” adında bir sayfa yok. Sayfalar: {_listed(book)}.")


def _titles(book: Book) -> Iterator[tuple[str, str]]:
    for name, sheet in book.sheets.items():
        row = next(sheet.rows(), None)
        if row:
            yield name, row[0].text


def _listed(book: Book) -> str:
    names = [name for name, sheet in book.sheets.items() if not sheet.hidden]
    more = f" ve {len(names) - _SHOWN} sayfa daha" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more


def _neighbours(book: Book, address: Address) -> str:
    """What is filled in the cell's row, else where the sheet's filled cells are."""
    sheet, row, _ = address
    cells = book.sheets[sheet].cells
    if not cells:
        return "Sayfada dolu hücre yok."
    beside = [a1(*at) for at in sorted(cells) if at[0] == row]
    if beside:
        return f"O satırda dolu olanlar: {', '.join(beside[:_SHOWN])}{' …' if len(beside) > _SHOWN else ''}."
    last = a1(max(at[0] for at in cells), max(at[1] for at in cells))
    return f"Sayfanın dolu alanı: {a1(min(at[0] for at in cells), min(at[1] for at in cells))}:{last}."
