"""A workbook whose formulas can be followed: its cells, what each formula says, and which cells a range holds."""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator

from kars_xl.base.place import a1, cell_at
from kars_xl.base.text import fold, lower, squeeze
from kars_xl.reading.grid.cells import Cell, CellValue, Grid, Sheet
from kars_xl.template.formula.formula import LAST_COLUMN, LAST_ROW, Parsed, Ref, excel_spelling
from kars_xl.template.formula.parse import FormulaParser

Address = tuple[str, int, int]  # sheet, row, column
_CALC = re.compile(r"\$?(?P<sheet>'.+'|.+)\.(?P<cell>\$?[A-Za-zıİ]{1,3}\$?[0-9]+)")
_CAPITALS = str.maketrans("ıiİ", "III", "$")
_SHOWN = 12


class Book:
    """The cells of a grid by address; formulas are parsed when they are asked for, each wording once."""

    def __init__(self, grid: Grid) -> None:
        self.file = grid.file
        self.sheets: dict[str, Sheet] = {sheet.name: sheet for sheet in grid.sheets}
        self._by_name = {name.casefold(): name for name in self.sheets}
        self._rows: dict[tuple[str, bool], dict[int, list[int]]] = {}
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

    def filled(self, ref: Ref, own: str) -> list[Address]:
        """The cells of a reference that hold anything, row by row."""
        sheet = self.sheet_of(ref, own)
        row1, col1, row2, col2 = bounds(ref)
        columns = {at: rows for at, rows in self._rows_of(sheet).items() if col1 <= at <= col2}
        cut = ((at, rows[bisect_left(rows, row1) : bisect_right(rows, row2)]) for at, rows in columns.items())
        return sorted((sheet, row, column) for column, rows in cut for row in rows)

    def heading(self, cell: Cell) -> str:
        """The nearest label above a cell in its column; "" where there is none."""
        rows = self._rows_of(cell.sheet, labels=True).get(cell.column, [])
        at = bisect_left(rows, cell.row)
        return self.sheets[cell.sheet].cells[rows[at - 1], cell.column].text if at else ""

    def _rows_of(self, sheet: str, *, labels: bool = False) -> dict[int, list[int]]:
        """By column the rows of a sheet's cells, or of its labels, from top to bottom."""
        if (sheet, labels) not in self._rows:
            columns = self._rows[sheet, labels] = defaultdict(list)
            for row, column in sorted(self.sheets[sheet].cells if sheet in self.sheets else ()):
                if not labels or is_label(self.sheets[sheet].cells[row, column]):
                    columns[column].append(row)
        return self._rows[sheet, labels]


def bounds(ref: Ref) -> tuple[int, int, int, int]:
    """First row and column, last row and column; a whole column has all rows."""
    return ref.row1 or 1, ref.col1 or 1, ref.row2 or LAST_ROW, ref.col2 or LAST_COLUMN


def formula_text(cell: Cell) -> str:
    """The formula as Excel shows it, with = before; that of an .ods in the same words."""
    return "=" + excel_spelling(cell.formula or "")


def is_label(cell: Cell) -> bool:
    """True for a text with letters that is no formula's result."""
    return isinstance(cell.value, str) and cell.formula is None and any(letter.isalpha() for letter in cell.value)


class WrongAddress(ValueError):
    """The address leads to no cell; the text says in Turkish what there is instead."""


def find_cell(book: Book, text: str) -> Address:
    """The address that `text` means in the workbook, as Excel or LibreOffice spell it ('PH 1.1'!$C$8, $'PH 1.1'.C8).
    Raises WrongAddress, also where the cell is blank."""
    name, separator, cell = text.strip().rpartition("!")
    if not separator and (spelt := _CALC.fullmatch(text.strip())):
        name, separator, cell = spelt["sheet"], ".", spelt["cell"]
    if not separator:
        reason = f'“{text}” bir hücre adresi değil; sayfayı da yazın: "Sayfa!Hücre". Sayfalar: {_listed(book)}.'
        raise WrongAddress(reason)
    sheet = _sheet(book, name)
    at = cell_at(cell.strip().translate(_CAPITALS).upper())
    if at is None:
        raise WrongAddress(f"“{cell.strip()}” bir hücre değil; tek bir hücre yazın, C8 gibi.")
    address = (sheet, *at)
    if book.cell(address) is None:
        raise WrongAddress(f"{sheet}!{a1(*address[1:])} boş. {_neighbours(book, address)}")
    return address


def _sheet(book: Book, text: str) -> str:
    """The sheet of that name; failing that the one whose title begins with it ("Tablo 11")."""
    name = text.strip().removeprefix("$")
    if len(name) > 1 and name[0] == name[-1] == "'":
        name = name[1:-1]
    name = name.replace("''", "'").strip()
    ways = [[sheet for sheet in book.sheets if of(sheet) == of(name)] for of in (str, lower, squeeze)]
    titles = {sheet: fold(next(of.rows())[0].text) for sheet, of in book.sheets.items() if of.cells}
    ways.append([sheet for sheet, title in titles.items() if f"{title} ".startswith(f"{fold(name) or '?'} ")])
    for found in ways:
        if len(found) == 1:
            return found[0]
    raise WrongAddress(f"“{name}” adında bir sayfa yok. Sayfalar: {_listed(book)}.")


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
