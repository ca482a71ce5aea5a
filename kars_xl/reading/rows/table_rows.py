"""A table that is being read, whichever it is."""

from typing import Any, ClassVar

from kars_xl.base.place import Place
from kars_xl.findings.finding import finding
from kars_xl.reading.cell_values import CellReader
from kars_xl.reading.grid.cells import Cell
from kars_xl.reading.row_cells import at, here
from kars_xl.reading.tables import Amount, Document, Heading, Table

Labels = dict[str, Cell]


class TableRows:
    """A table that is being read: told its columns by a heading row, then given row after row."""

    kind: ClassVar[type[Table]]
    short: ClassVar[str]  # what findings call the table
    named: ClassVar[bool] = True  # its rows have names of their own

    def __init__(self, heading: Heading, place: Place, reader: CellReader) -> None:
        self.heading = heading
        self.table: Table = self.kind(heading, heading.place or place)
        self.key = heading.codes.get("activity_name") or heading.text("activity_name")  # whose costs it has
        self.reader = reader
        self.columns: dict[str, int] = {}
        self.known: set[int] = set()  # other columns: told to be of something else, or refused as a whole
        self.ended = False  # until then a repeated heading (a page break) goes on with this table

    def columns_from(self, row: list[Cell], labels: Labels) -> None:
        raise NotImplementedError

    def take(self, row: list[Cell], labels: Labels) -> bool:
        """Reads a row of the table; False where it is none."""
        raise NotImplementedError

    def finish(self, document: Document) -> None:
        document.tables.append(self.table)

    def goes_on(self, row: list[Cell]) -> bool:
        """Whether a row with another table's label is one of this table, spoiled: it has a figure for an amount."""
        cells = [at(row, column) for column in self.columns.values()]
        return not self.ended and any(cell is not None and cell.looks_like_figure for cell in cells)

    def amount(self, row: list[Cell], column: int, key: str, label: str = "", *, total: bool = True) -> Amount:
        return self.reader.amount(at(row, column), here(row, column), self.short, key, label, total=total)

    def refuse(self, cell: Cell, found: str = "", code: str = "KX113", **facts: Any) -> bool:
        """A finding at a cell that can't be told."""
        facts["found"] = found or cell.text
        self.reader.findings.append(finding(code, cell.place, table=self.short, key=self.key, **facts))
        return True
