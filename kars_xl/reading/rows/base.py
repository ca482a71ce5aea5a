"""What all tables have in common while they are read: their columns, and how a row is looked at."""

from __future__ import annotations

import unicodedata

from kars_xl.base.place import Place
from kars_xl.base.text import read_code
from kars_xl.reading.cell_values import CellReader
from kars_xl.reading.grid.cells import Cell
from kars_xl.reading.labels import label_of
from kars_xl.reading.tables import Document, Heading

Labels = dict[str, Cell]


class TableRows:
    """A table that is being read: told its columns, then given row after row."""

    def __init__(self, heading: Heading, place: Place, reader: CellReader) -> None:
        self.heading = heading
        self.place = heading.place or place
        self.reader = reader
        self.columns: dict[str, int] = {}
        self.ended = False

    def columns_from(self, row: list[Cell], labels: Labels) -> None:
        """Takes a heading row."""
        raise NotImplementedError

    def take(self, row: list[Cell], labels: Labels) -> bool:
        """Reads a row of the table; False where it is none."""
        raise NotImplementedError

    def finish(self, document: Document) -> None:
        """Adds the table to the document."""
        raise NotImplementedError

    def continues(self) -> bool:
        """True while a repeated heading goes on with this table (a page break), and does not open another."""
        return not self.ended


def at(row: list[Cell], column: int) -> Cell | None:
    """The cell of a column; the sign with which a form marks its entry cells (◄) is none."""
    return next((cell for cell in row if cell.column == column and not is_mark(cell)), None)


def is_mark(cell: Cell) -> bool:
    return isinstance(cell.value, str) and all(unicodedata.category(ch) == "So" for ch in cell.value.strip() or "-")


def here(row: list[Cell], column: int) -> Place:
    return Place(row[0].file, row[0].sheet, row[0].row, column)


def code_cell(row: list[Cell], within: int) -> tuple[int, str, str] | None:
    """(index, kind, number) of the code among the row's first cells; an activity's before any other."""
    found = [
        (index, *code)
        for index, cell in enumerate(row[:within])
        if isinstance(cell.value, str) and (code := read_code(cell.value)) and "." in code[1]
    ]
    return next((code for code in found if code[1] == "F"), found[0] if found else None)


def starts_with_code(row: list[Cell]) -> bool:
    """True for a row of data, its code first or after a target's name; "Faaliyet Adı | F.1.1.1" is a heading."""
    found = code_cell(row, 2)
    if found is None or found[1] not in ("F", "PG"):
        return False
    return found[0] == 0 or label_of(row[0].text)[0] != "activity_name"


def looks_like_figure(cell: Cell) -> bool:
    """True for numbers, errors and text without words: "1.000,00 TL", "-"."""
    return not isinstance(cell.value, str) or not any(ch.isalpha() for ch in cell.text.replace("TL", ""))
