"""What the sheet Kaynak says: for each figure the form, sheet and cell that it came from, and who filled it in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from kars_xl.base.money import format_tl, to_kurus
from kars_xl.base.place import Place
from kars_xl.model.programme import IndicatorValue
from kars_xl.reading.cell_values import CellReader, format_indicator
from kars_xl.reading.grid.cells import Cell
from kars_xl.reading.kaynak_sheet import SourceRow, read_source_rows
from kars_xl.reports.trace.book import Address, Book
from kars_xl.reports.trace.facts import Key

# The row of a cost table as a whole: of zeros only, or of a workbook whose Kaynak has no row for each figure.
WHOLE = "table"


@dataclass(frozen=True, slots=True)
class Origin:
    """A form's cell in a row of Kaynak, with the figure that was taken over: TL, or an indicator's value as shown."""

    row: SourceRow
    key: Key
    cell: str
    value: Decimal | None
    text: str

    @property
    def whole(self) -> bool:
        return self.key[2] == WHOLE


@dataclass(slots=True)
class Origins:
    """The rows of Kaynak by the figure that they are of, and by their own cells."""

    present: bool = False
    by_key: dict[Key, list[Origin]] = field(default_factory=dict)
    by_cell: dict[Address, list[Origin]] = field(default_factory=dict)

    def of(self, key: Key) -> list[Origin]:
        """The forms' cells of a figure; failing those the tables that it stands in."""
        return self.by_key.get(key) or self.by_key.get((key[0], key[1], WHOLE), [])

    def files_of(self, key: Key) -> list[str]:
        """The forms that gave anything of the same activity, column or indicator."""
        found = [item.row.file for other, items in self.by_key.items() if other[:2] == key[:2] for item in items]
        return list(dict.fromkeys(found))


def read_origins(book: Book) -> Origins:
    """What the book's Kaynak says; not `present` where it has none."""
    rows = read_source_rows(book.sheets.values())
    origins = Origins(present=rows is not None)
    for row in rows or ():
        found = list(_indicator(row) if row.is_indicator else _amount(row))
        for origin in found:
            origins.by_key.setdefault(origin.key, []).append(origin)
        origins.by_cell |= {(cell.sheet, cell.row, cell.column): found for cell in row.cells}
    return origins


def _amount(row: SourceRow) -> Iterator[Origin]:
    """A figure of a cost table or of Tablo 11; nothing where the row says neither."""
    owner = row.code or row.column
    if not owner:
        return
    budget, extra, total = row.figures
    values = [cell.value for cell in (total, budget, extra) if cell is not None]
    value = next((found for found in values if isinstance(found, Decimal)), None)
    shown = "" if value is None else f"{format_tl(to_kurus(value)[0])} TL"
    yield Origin(row, ("FMT" if row.code else "TKT", owner, row.item or WHOLE), row.cell, value, shown)


def _indicator(row: SourceRow) -> Iterator[Origin]:
    """The three years of an indicator: Kaynak has their cells in one, and the values where amounts stand."""
    reader = CellReader()
    for index, (place, cell) in enumerate(row.years):
        read = reader.indicator(cell, row.code)
        value, shown = read.amount if read else None, format_indicator(read)
        yield Origin(row, ("PHT", row.code, index), place, value, shown)


def figure_in(cell: Cell | None, key: Key) -> tuple[Decimal | None, str]:
    """A form's cell read as the merge reads it: its figure (TL, or an indicator's as shown), and that as text."""
    reader = CellReader()
    if key[0] == "PHT":
        value: IndicatorValue | None = reader.indicator(cell, key[1])
        return (value.amount if value else None), format_indicator(value) or (cell.text if cell else "boş")
    amount = reader.amount(cell, cell.place if cell else Place(""), key[0], key[1])
    if amount.kurus is None:
        return None, cell.text if cell else ""
    return Decimal(amount.kurus).scaleb(-2), f"{format_tl(amount.kurus)} TL" if amount.given else "boş"
