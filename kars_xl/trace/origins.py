"""What the sheet Kaynak says: for each figure the form, sheet and cell that it came from, and who filled it in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from kars_xl.grid.cells import Cell, Sheet
from kars_xl.labels import economic_code_of, label_of
from kars_xl.model import IndicatorValue, Place
from kars_xl.money import format_tl, to_kurus
from kars_xl.text import fold, read_code
from kars_xl.trace.book import Address, Book
from kars_xl.trace.facts import Key
from kars_xl.values import CellReader, format_indicator

# The row of a cost table as a whole: of zeros only, or of a workbook whose Kaynak has no row for each figure.
WHOLE = "table"
_COLUMNS = {
    "dosya": "file",
    "sayfa": "sheet",
    "hucre": "cell",
    "hucreler": "cell",
    "satir": "item",
    "harcama birimi": "unit",
    "birim": "unit",
    "revizyon": "revision",
    "formu dolduran": "filled_by",
    "dolduran": "filled_by",
}
_AMOUNTS = (("butce disi", "extra"), ("butce", "budget"), ("toplam", "total"))
_NEEDED = {"file", "sheet", "cell", "unit"}


@dataclass(frozen=True, slots=True)
class Origin:
    """A form's cell as Kaynak names it, with the figure that was taken over: TL, or an indicator's value as shown."""

    key: Key
    file: str
    sheet: str
    cell: str
    item: str
    value: Decimal | None
    text: str
    unit: str = ""
    filled_by: str = ""
    revision: str = ""
    digest: str = ""

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
        found = [item.file for other, items in self.by_key.items() if other[:2] == key[:2] for item in items]
        return list(dict.fromkeys(found))

    def add(self, row: Sequence[Cell], origins: Sequence[Origin]) -> None:
        for origin in origins:
            self.by_key.setdefault(origin.key, []).append(origin)
        for cell in row:
            self.by_cell[cell.sheet, cell.row, cell.column] = list(origins)


def read_origins(book: Book) -> Origins:
    """All rows of the sheet that has the headings of Kaynak, however it is called; not `present` where none has."""
    origins = Origins()
    for sheet in book.sheets.values():
        found = _header(sheet)
        if found is not None:
            origins.present = True
            for row in sheet.rows():
                if row[0].row > found[0]:
                    _take(row, found[1], origins)
            break
    return origins


def _header(sheet: Sheet) -> tuple[int, Mapping[str, int]] | None:
    """(row, columns by name) of the heading."""
    for row in sheet.rows():
        columns: dict[str, int] = {}
        for cell in row:
            if isinstance(cell.value, str) and cell.formula is None and (name := _column(fold(cell.value))):
                columns.setdefault(name, cell.column)
        if columns.keys() >= _NEEDED:
            return row[0].row, columns
    return None


def _column(text: str) -> str:
    if text in _COLUMNS:
        return _COLUMNS[text]
    if "sha 256" in text:
        return "digest"
    return next((name for begin, name in _AMOUNTS if text.startswith(begin)), "")


def _take(row: list[Cell], columns: Mapping[str, int], origins: Origins) -> None:
    at = {cell.column: cell for cell in row}
    text = {name: at[column].text if column in at else "" for name, column in columns.items()}
    if not text["file"] or not text["cell"]:
        return
    left = [cell for cell in row if cell.column < columns["file"]]
    code = next((found for cell in left if (found := read_code(cell.text)) and found[0] in ("F", "PG")), None)
    cells = {name: at.get(columns[name]) for name in ("budget", "extra", "total") if name in columns}
    if code is not None and code[0] == "PG":
        given = list(_indicator(f"PG.{code[1]}", text, list(cells.values())))
    else:
        labels = [label for cell in left if (label := label_of(cell.text)[0]) in ("general", "transfers")]
        table, owner = ("FMT", f"F.{code[1]}") if code else ("TKT", labels[0] if labels else "")
        given = [_amount((table, owner, _item(text.get("item", ""))), text, cells)] if owner else []
    origins.add(row, given)


def _item(text: str) -> int | str:
    """The row of a cost table that Kaynak's text names."""
    label = label_of(text)[0]
    return economic_code_of(text) or (label if label.startswith("source") else WHOLE)


def _amount(key: Key, text: Mapping[str, str], cells: Mapping[str, Cell | None]) -> Origin:
    values = [cell.value for name in ("total", "budget", "extra") if (cell := cells.get(name)) is not None]
    value = next((found for found in values if isinstance(found, Decimal)), None)
    shown = "" if value is None else f"{format_tl(to_kurus(value)[0])} TL"
    return Origin(key, text["file"], text["sheet"], text["cell"], text.get("item", ""), value, shown, *_form(text))


def _indicator(code: str, text: Mapping[str, str], cells: Sequence[Cell | None]) -> Iterator[Origin]:
    """The three years of an indicator: Kaynak has their cells in one, and the values where amounts stand."""
    reader = CellReader()
    places = [part.strip() for part in text["cell"].split(",")]
    for index, (place, cell) in enumerate(zip(places, cells, strict=False)):
        read = reader.indicator(cell, code)
        value, shown = read.amount if read else None, format_indicator(read)
        yield Origin(("PHT", code, index), text["file"], text["sheet"], place, "", value, shown, *_form(text))


def _form(text: Mapping[str, str]) -> tuple[str, str, str, str]:
    return text["unit"], text.get("filled_by", ""), text.get("revision", ""), text.get("digest", "")


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
