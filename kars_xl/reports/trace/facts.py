"""What a cell is: the row and column of the official table that it stands in, told by the recognised tables."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import chain

from msgspec import Struct

from kars_xl.base.money import format_tl, to_kurus
from kars_xl.base.place import Place
from kars_xl.base.text import lower, tidy
from kars_xl.merging.tables import cost_codes, known_activities, target_code, year_label
from kars_xl.model.cost_rows import CostRow
from kars_xl.model.programme import IndicatorValue
from kars_xl.reading.cell_values import CellReader, format_indicator
from kars_xl.reading.grid.cells import Cell
from kars_xl.reading.kaynak_sheet import SourceRow, read_source_rows
from kars_xl.reading.labels import display_name
from kars_xl.reading.tables import AmountRow, CostTable, Document, ResourceMatrix, SummaryRow, TargetTable
from kars_xl.reports.trace.book import Address, Book, is_label

MONEY, SHARE, INDICATOR, OTHER = "money", "share", "indicator", ""
# Tables in the order in which a figure goes from the form to the grand total.
ORDER = ("FMT", "PHT", "İPT", "TKT", "")

# What a form gives a figure of: table, activity or column or indicator, row ("table" for all) or year (0-2).
Key = tuple[str, str, CostRow | int | str]

_PARTS = {"budget": "bütçe", "extra": "bütçe dışı", "total": "toplam"}
# The row of a cost table as a whole: of zeros only, or of a workbook whose Kaynak has no row for each figure.
WHOLE = "table"


class Fact(Struct, frozen=True):
    """What a cell is: its table (short name, "" for none), its label's parts, and what a form gives it for."""

    parts: tuple[str, ...]
    table: str = ""
    kind: str = OTHER
    key: Key | None = None

    @property
    def label(self) -> str:
        return " ▸ ".join(self.parts)


def facts_of(document: Document) -> Mapping[Address, Fact]:
    """Each figure of the recognised tables; what stands in no table is not there."""
    known = known_activities(document.targets)
    names = {activity.code: f"{activity.code} {activity.name}".strip() for activity in known}
    codes = cost_codes(document, known)
    found: dict[Address, Fact] = {}
    tables = (
        *(_costs(table, code or "", names) for table, code in zip(document.costs, codes, strict=True)),
        *map(_target, document.targets),
        *(_summary_row(row) for table in document.summaries for row in (*table.rows, *table.totals.values())),
        *map(_matrix, document.matrices),
    )
    for place, fact in chain.from_iterable(tables):
        found.setdefault((place.sheet, place.row, place.column), fact)
    return found


def _costs(table: CostTable, code: str, names: Mapping[str, str]) -> Iterator[tuple[Place, Fact]]:
    name = names.get(code) or " ".join(filter(None, (code, table.heading.text("activity_name"))))
    for row, amount in table.amounts.items():
        yield amount.place, Fact((name, row.title), "FMT", MONEY, ("FMT", code, row) if code else None)
    yield from ((amount.place, Fact((name, total.title), "FMT", MONEY)) for total, amount in table.totals.items())


def _target(table: TargetTable) -> Iterator[tuple[Place, Fact]]:
    for row in table.indicators:
        name = f"{row.code} {row.name.value}".strip()
        for index, place in enumerate(row.places):
            yield place, Fact((name, year_label(table.years, index)), "PHT", INDICATOR, ("PHT", row.code, index))
    for activity in table.activities:
        yield from _amounts(activity.amounts, "PHT", f"{activity.code} {activity.name.value}".strip())
    for label, amounts in table.totals.items():
        yield from _amounts(amounts, "PHT", f"Performans Hedefi {target_code(table)}".strip(), display_name(label))


def _amounts(row: AmountRow, table: str, *parts: str) -> Iterator[tuple[Place, Fact]]:
    for part, name in _PARTS.items():
        if (amount := getattr(row, part)) is not None:
            yield amount.place, Fact((*parts, name), table, MONEY)


def _summary_row(row: SummaryRow) -> Iterator[tuple[Place, Fact]]:
    name = display_name(row.label) if row.label else f"{row.code} {row.name.value}".strip()
    yield from _amounts(row.amounts, "İPT", name)
    for share, part in zip(row.shares, _PARTS.values(), strict=True):
        if share is not None:
            yield share.place, Fact((name, f"{part} payı"), "İPT", SHARE)


def _matrix(table: ResourceMatrix) -> Iterator[tuple[Place, Fact]]:
    for column, rows in table.columns.items():
        name = "transfer + yedek ödenek" if column == "transfers" else lower(display_name(column))
        for row, amount in rows.items():
            key = ("TKT", column, row) if isinstance(row, CostRow) and column in ("general", "transfers") else None
            yield amount.place, Fact((row.title, name), "TKT", MONEY, key)


def fact_by_place(book: Book, cell: Cell) -> Fact:
    """A cell outside the official tables, by the first text of its row and the nearest heading above it."""
    cells = book.sheets[cell.sheet].cells
    beside = [cells[cell.row, column] for column in range(1, cell.column) if (cell.row, column) in cells]
    row = next((item.text for item in beside if is_label(item)), "")
    return Fact(tuple(tidy(text) for text in (row, book.heading(cell)) if text))


class Origin(Struct, frozen=True):
    """A form's cell in a row of Kaynak, with the figure that was taken over: TL, or an indicator's value as shown."""

    row: SourceRow
    key: Key
    cell: str
    value: Decimal | None
    text: str

    @property
    def whole(self) -> bool:
        return self.key[2] == WHOLE


class Origins:
    """The rows of a book's Kaynak by the figure that they are of, and by their own cells; `present` tells of one."""

    def __init__(self, book: Book) -> None:
        rows = read_source_rows(book.sheets.values())
        self.present = rows is not None
        self.by_key: dict[Key, list[Origin]] = defaultdict(list)
        self.by_cell: dict[Address, list[Origin]] = {}
        for row in rows or ():
            found = list(origins_in(row))
            for origin in found:
                self.by_key[origin.key].append(origin)
            self.by_cell |= {(cell.sheet, cell.row, cell.column): found for cell in row.cells}

    def of(self, key: Key) -> list[Origin]:
        """The forms' cells of a figure; failing those the tables that it stands in."""
        return self.by_key.get(key) or self.by_key.get((key[0], key[1], WHOLE), [])

    def files_of(self, key: Key) -> Iterable[str]:
        """The forms that gave anything of the same activity, column or indicator."""
        same = (origin for other, found in self.by_key.items() if other[:2] == key[:2] for origin in found)
        return dict.fromkeys(origin.row.file for origin in same)


def origins_in(row: SourceRow) -> Iterator[Origin]:
    """The figure of a cost table or of Tablo 11, an indicator's three; nothing where the row says neither."""
    owner = row.code or row.column
    if row.is_indicator:
        # Kaynak has the cells of the years in one, and the values where amounts stand.
        reader = CellReader()
        for index, (place, cell) in enumerate(row.years):
            read = reader.indicator(cell, owner)
            value = read.amount if read else None
            yield Origin(row, ("PHT", owner, index), place, value, format_indicator(read))
    elif owner:
        budget, extra, total = row.figures
        values = [cell.value for cell in (total, budget, extra) if cell is not None]
        value = next((found for found in values if isinstance(found, Decimal)), None)
        shown = "" if value is None else f"{format_tl(to_kurus(value)[0])} TL"
        yield Origin(row, ("FMT" if row.code else "TKT", owner, row.item or WHOLE), row.cell, value, shown)


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
