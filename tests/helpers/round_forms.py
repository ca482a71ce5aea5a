"""Forms of a new year filled in by the clerks of 2024: each blank cell gets what the same unit wrote then, and more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl
from openpyxl.cell import Cell, MergedCell
from openpyxl.worksheet.worksheet import Worksheet

_CODES = {str(code) for code in range(1, 10)}
_OUTSIDE = ("Döner Sermaye", "Diğer Yurt İçi", "Yurt Dışı")
_ACTIVITY, _MATRIX = "Faaliyet Adı", "Toplam Kaynak İhtiyacı"
# The two columns that the finance office fills in Tablo 11.
GENERAL, TRANSFERS = "general", "transfers"
# What is asked for grows by a quarter; figures of 2024 are whole lira, so that this is a whole number of kuruş.
GROWTH = 125

# An activity's code, or a column of Tablo 11, and the row's economic code (1 to 9) or source.
Key = tuple[str, str]


@dataclass(slots=True)
class Filled:
    """A form on the disk and what was written into it, in kuruş. `places` are (sheet, cell) of its amounts."""

    path: Path
    unit: str
    amounts: dict[Key, int] = field(default_factory=dict)
    places: dict[Key, tuple[str, str]] = field(default_factory=dict)

    @property
    def activities(self) -> Counter[str]:
        """Each activity's total."""
        found: Counter[str] = Counter()
        for (activity, _), amount in self.amounts.items():
            found[activity] += amount
        return found


def fill(
    empty: Path, before: Path, target: Path, *, revision: int = 0, typed: Mapping[Key, int | str | None] | None = None
) -> Filled:
    """`empty` filled in and saved as `target`. `typed` amounts are in kuruş; text stays text and None leaves blank."""
    book, old = openpyxl.load_workbook(empty), openpyxl.load_workbook(before, data_only=True)
    identity = book["Kimlik"]
    filled = Filled(target, str(identity["B6"].value))
    for sheet in book:
        if sheet is not identity and sheet.title in old.sheetnames:
            costs = dict(_cost_cells(sheet))
            _copy(sheet, old[sheet.title], costs.keys())
            for address, key in costs.items():
                filled.places[key] = sheet.title, address
                filled.amounts[key] = _grown(old[sheet.title][address].value or 0)
    for key, amount in {**filled.amounts, **(typed or {})}.items():
        title, address = filled.places[key]
        # A nought that is written says that no money is needed.
        book[title][address].value = amount / 100 if isinstance(amount, int) else amount
        filled.amounts[key] = amount if isinstance(amount, int) else 0
    for address, text in (("B7", "Işıl Çağrı Öğüt"), ("B8", "Şef"), ("B9", "0474 212 00 00"), ("B11", revision)):
        identity[address].value = text
    book.save(target)
    return filled


def _copy(sheet: Worksheet, old: Worksheet, besides: Collection[str]) -> None:
    """What the clerk wrote then into the cells that are open and blank now, an indicator's wherever it stands now."""
    rows = {row[0].value: row[0].row for row in old.iter_rows(max_col=1) if str(row[0].value).startswith("PG.")}
    for row in sheet.iter_rows():
        before = rows.get(row[0].value, row[0].row)
        for cell in row:
            if isinstance(cell, MergedCell) or cell.protection.locked or cell.coordinate in besides:
                continue
            if cell.value is None:
                then = old.cell(before, cell.column)
                assert not then.protection.locked, f"{sheet.title}!{cell.coordinate} was no input"
                cell.value = then.value
                # "%20" typed into a cell makes it one of percentages.
                cell.number_format = then.number_format


def _cost_cells(sheet: Worksheet) -> Iterator[tuple[str, Key]]:
    """The addresses of a sheet's open amounts with what they are amounts of."""
    if sheet.title == _MATRIX:
        for heading, name, general, transfers in sheet.iter_rows(min_row=6, max_col=4):
            if not general.protection.locked:
                key = _row_key(heading, name)
                yield general.coordinate, (GENERAL, key)
                yield transfers.coordinate, (TRANSFERS, key)
        return
    activity = ""
    for row in sheet.iter_rows(max_col=3):
        heading, name, amount = row
        if heading.value == _ACTIVITY:
            activity = str(name.value)
        elif activity and not amount.protection.locked:
            yield amount.coordinate, (activity, _row_key(heading, name))


def _row_key(heading: Cell, name: Cell) -> str:
    key = str(heading.value) if str(heading.value) in _CODES else str(name.value)
    assert key in {*_CODES, *_OUTSIDE}
    return key


def _grown(lira: float) -> int:
    """This year's kuruş."""
    assert lira == int(lira)
    return int(lira) * GROWTH
