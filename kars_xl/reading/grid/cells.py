"""The grid: sheets of cells, sparse, each cell knowing its Place. Rows and columns count from 1."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import KW_ONLY, dataclass, field
from decimal import Decimal
from typing import NamedTuple

from kars_xl.base.money import bare_format, is_date_format
from kars_xl.base.place import Place
from kars_xl.base.text import fold, tidy


@dataclass(frozen=True, slots=True)
class ExcelError:
    """An error value such as #REF!; never a blank."""

    text: str


CellValue = str | Decimal | bool | ExcelError | None


@dataclass(slots=True)
class Cell:
    """One cell as stored. `value` None with a formula: the formula has no stored result."""

    file: str
    sheet: str
    row: int
    column: int
    value: CellValue
    _: KW_ONLY
    formula: str | None = None
    number_format: str = "General"
    hidden: bool = False
    _number: str = field(default="", init=False, repr=False, compare=False)

    @property
    def place(self) -> Place:
        return Place(self.file, self.sheet, self.row, self.column)

    @property
    def text(self) -> str:
        """The value as label text; numbers without trailing zeros, errors as they show."""
        value = self.value
        if isinstance(value, str):
            return value
        if isinstance(value, Decimal):
            # A recogniser asks again and again, and a number once read stays as it is.
            self._number = self._number or format(value.normalize(), "f")
            return self._number
        if isinstance(value, ExcelError):
            return value.text
        return "" if value is None else str(value)

    @property
    def is_date(self) -> bool:
        return isinstance(self.value, Decimal) and is_date_format(self.number_format)

    @property
    def is_percent(self) -> bool:
        return "%" in bare_format(self.number_format)


class ListRow(NamedTuple):
    """A row of a list: its first cell, and its cells by the names of their columns."""

    first: Cell
    cells: dict[str, Cell]

    def text(self, name: str) -> str:
        """What stands in the column `name`; "" where nothing does."""
        return tidy(self.cells[name].text) if name in self.cells else ""


@dataclass(slots=True)
class Sheet:
    """A sheet's non-blank cells by (row, column), in row order."""

    file: str
    name: str
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    hidden: bool = False

    def rows(self) -> Iterator[list[Cell]]:
        """Each row that holds anything, its cells from left to right."""
        row: list[Cell] = []
        for key in sorted(self.cells):
            cell = self.cells[key]
            if row and row[0].row != cell.row:
                yield row
                row = []
            row.append(cell)
        if row:
            yield row

    def listed(self, names: Mapping[str, str], needed: Set[str]) -> list[ListRow]:
        """The rows below the headings in the first row, `names` by folded heading; [] where that lacks `needed`."""
        heading, *rows = [*self.rows()] or [[]]
        columns = {cell.column: names[fold(cell.text)] for cell in heading if fold(cell.text) in names}
        if not needed <= set(columns.values()):
            return []
        named = [(row, {columns[cell.column]: cell for cell in row if cell.column in columns}) for row in rows]
        return [ListRow(row[0], cells) for row, cells in named if cells]


@dataclass(slots=True)
class Grid:
    """A file as sheets, with its SHA-256 and what of it kars-xl does not carry on (macros, links, objects)."""

    file: str
    sheets: list[Sheet]
    digest: str = ""
    not_carried: tuple[str, ...] = ()


def within(rows: Iterable[list[Cell]], low: int, high: int) -> list[list[Cell]]:
    """The cells of `rows` in the columns from `low` to before `high`; rows that have none there are left out."""
    cut = ([cell for cell in row if low <= cell.column < high] for row in rows)
    return [row for row in cut if row]


class UnreadableFile(Exception):
    """The file can't be read; `code` is the finding it becomes, `reason` a fact for its sentence.

    `remedy` names one of the code's other remedies.
    """

    def __init__(self, code: str, reason: str, remedy: str = "") -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
        self.remedy = remedy
