"""The rows of a Faaliyet Maliyetleri Tablosu and of Tablo 11, which name economic codes and sources alike."""

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from msgspec.structs import replace

from kars_xl.base.text import fold
from kars_xl.model.cost_rows import BUDGET_ROWS, COST_TABLE_TOTALS, CostKey, CostRow, CostTotal
from kars_xl.reading.grid.cells import Cell
from kars_xl.reading.labels import cost_row_of, label_of
from kars_xl.reading.row_cells import at, figure_of, is_dated, of_year, year_of
from kars_xl.reading.rows.table_rows import Labels, TableRows
from kars_xl.reading.tables import Amount, CostTable, Document, ResourceMatrix

_MONEY = re.compile(r"\b(?:tutar|odenek|odenegi|butce|butcesi|maliyet|maliyeti|toplam|tl|lira)\w*")
_OTHER_YEAR = re.compile(r"\b(?:onceki|gecen|gecmis|gelecek|sonraki|izleyen) yil|\bt (?:[12]|[23])\b")


def cost_key(row: list[Cell], totals: Iterable[CostTotal] = COST_TABLE_TOTALS) -> CostKey | None:
    """What a cost row is by its number, name or label; None for no cost row, and where number and name contradict each
    other: which of them was changed by mistake can't be told."""
    texts = tuple(cell.text for cell in row if isinstance(cell.value, str))
    return _told(tuple(totals), texts, sum(isinstance(cell.value, str) for cell in row[:3]), row[0].text)


@lru_cache(maxsize=4096)
def _told(totals: tuple[CostTotal, ...], texts: tuple[str, ...], names: int, first: str) -> CostKey | None:
    """The one thing that a row's texts, of which so many may be its name, and its first cell say; in any table."""
    labels = {label_of(text)[0] for text in texts}
    found: set[CostKey] = {total for total in totals if total.value in labels}
    found |= {row for text in texts[:names] if (row := cost_row_of(text))}
    number = first.strip(" .-)")
    found |= {code for code in BUDGET_ROWS if number.isdecimal() and int(number) == code.code}
    return found.pop() if len(found) == 1 else None


class CostRows(TableRows):
    """Faaliyet Maliyetleri Tablosu: an amount for each economic code and extra-budget source, and three totals."""

    kind, short, named = CostTable, "FMT", False
    table: CostTable
    heading_text = "tutar"
    others: tuple[Cell, ...] = ()  # the headings of other columns
    rivals: tuple[Cell, ...] = ()  # those of them that may be of the amounts
    unsure = False  # whether it is told which column holds them

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.beside: dict[int, list[Cell]] = defaultdict(list)  # what stands in the other columns

    @staticmethod
    def is_row(row: list[Cell]) -> bool:
        """A row that is of costs by its wording; a bare number may be anything where no table is open."""
        named = any(isinstance(cell.value, str) and any(ch.isalpha() for ch in cell.text) for cell in row[:3])
        return named and cost_key(row) is not None

    def _started(self) -> bool:
        return bool(self.table.amounts or self.table.totals)

    def goes_on(self, row: list[Cell]) -> bool:
        return self._started() and super().goes_on(row)

    def columns_from(self, row: list[Cell], labels: Labels) -> None:
        beside = [cell for cell in row if cell.column > labels["economic_code"].column and not cell.is_mark]
        if beside:
            chosen, told = _amount_heading(beside, self.reader.year)
            self.columns["amount"] = chosen.column
            self.heading_text = chosen.text or self.heading_text
            self.table.year, self.table.year_place = year_of(chosen), chosen.place
            self.others = tuple(cell for cell in beside if cell is not chosen)
            self.rivals = () if told else tuple(cell for cell in self.others if not _is_share(cell))
            apart = [it for it in self.others if _is_other(it, self.table.year) or (told and is_dated(it))]
            self.known = {cell.column for cell in apart}

    def take(self, row: list[Cell], labels: Labels) -> bool:
        if self.ended:
            # A cost row below the table's end: the end was a row that another label was typed over.
            return self.is_row(row) and self._unknown(row)
        key, naming = self._key(row)
        if key is None and not self._started() and all(map(is_dated, row)):
            # The years stand a line below "Ekonomik Kod".
            self.columns_from(row, {"economic_code": replace(row[0], column=row[0].column - 1)})
            self.reader.seen.update((cell.row, cell.column) for cell in row)
            return True
        if key is None:
            return self._unknown(row)
        before = [cell for cell in naming[:3] if cell.column < self.columns.get("amount", 1 << 20)]
        named = [cell for cell in before if isinstance(cell.value, str) and not cell.looks_like_figure]
        name = named[-1] if named else naming[0]
        column = self.columns.setdefault("amount", max(row[-1].column, name.column + 1))
        money = {cell.column for cell in row if _is_money(cell)} if self.rivals else set()
        if rival := next((other for other in self.rivals if other.column in money), None):
            # The heading says of neither which year's amounts they are.
            self.unsure = self.refuse(rival)
            self.known |= {other.column for other in self.rivals}
            self.rivals = ()
        headed = {other.column for other in self.others}
        typed = [it for it in row if it.column > name.column and it.formula is None]
        strays = [it for it in typed if it.column not in headed and it.has_digit]
        if strays and at(row, column) is None:
            self.refuse(strays[0], code="KX112", heading=self.heading_text)
        for other in self.others if isinstance(key, CostRow) else ():
            if (cell := at(row, other.column)) is not None:
                self.beside[other.column].append(cell)
                year, value = year_of(other), figure_of(cell)
                if isinstance(key, CostRow) and year and value is not None:
                    self.table.other_years[year, key] = Amount(round(value * 100), cell.place)
        label = " ".join(part.text for part in row if part.column <= name.column)
        amount = self.amount(row, column, self.key, label, total=isinstance(key, CostTotal))
        if isinstance(key, CostTotal):
            self.table.totals.setdefault(key, amount)
            self.ended = key is CostTotal.NEED
        elif key in self.table.amounts or (key is CostRow.RESERVE and amount.kurus):
            # A cost table has no row for the reserve: with money it is another row under a wrong name.
            self.refuse(name)
        else:
            self.table.amounts[key] = amount
        return True

    def finish(self, document: Document) -> None:
        for cells in self.beside.values():
            typed = [cell for cell in cells if cell.formula is None and figure_of(cell)]
            if 2 * len(typed) < sum(cell.formula is not None for cell in cells):
                # A figure typed into a column of formulas is none of what the heading says.
                for cell in typed:
                    self.refuse(cell, code="KX126")
        if self.unsure:
            self.table.amounts = {key: found._replace(kurus=None) for key, found in self.table.amounts.items()}
            self.table.totals = {key: found._replace(kurus=None) for key, found in self.table.totals.items()}
        super().finish(document)

    def _key(self, row: list[Cell]) -> tuple[CostKey | None, list[Cell]]:
        """What the row is, and the cells that say so: those before the amounts, so that a label typed there is none."""
        column = self.columns.get("amount")
        before = [cell for cell in row if column is None or cell.column < column]
        if before and ((key := cost_key(before)) is not None or before[-1] is not row[-1]):
            return key, before
        return cost_key(row), row

    def _unknown(self, row: list[Cell]) -> bool:
        """A row among the cost rows that can't be told: an error where it holds a figure."""
        cell = at(row, self.columns.get("amount", 0))
        if cell is None or len(row) == 1 or not (cell.looks_like_figure or (self._started() and cell is not row[0])):
            return False
        return self.refuse(row[0])


class MatrixRows(TableRows):
    """Toplam Kaynak İhtiyacı (Tablo 11), or the finance form's part of it."""

    kind, short, named = ResourceMatrix, "TKT", False
    table: ResourceMatrix
    _COLUMNS = ("activity_column", "general", "transfers", "grand_total")

    @staticmethod
    def is_heading(labels: Labels) -> bool:
        return "economic_code" in labels and len(labels.keys() & set(MatrixRows._COLUMNS)) >= 2

    def columns_from(self, row: list[Cell], labels: Labels) -> None:
        self.columns = {name: labels[name].column for name in self._COLUMNS if name in labels}
        for cell in row:
            # Where the figures of such a column belong can't be told: its heading is unknown, or another's, or it
            # repeats one, because the table of another year stands beside this one.
            unknown = cell.column > labels["economic_code"].column and cell.column not in self.columns.values()
            label = label_of(cell.text)[0] if isinstance(cell.value, str) else ""
            if unknown or self.columns.get(label, cell.column) != cell.column:
                self._refuse_column(cell)
        self.table.columns = {name: {} for name in self.columns}

    def take(self, row: list[Cell], labels: Labels) -> bool:
        before = [cell for cell in row if cell.column < min(self.columns.values())]
        if not before:
            return False
        key = cost_key(before, CostTotal)
        if self.ended and key is None:
            return False
        if key is None or self.ended or key in next(iter(self.table.columns.values())):
            # Untold, below the table's end, or given before: its figures can't be told to a row.
            return any(cell not in before and cell.looks_like_figure for cell in row) and self.refuse(row[0])
        for other in row:
            # A column whose heading is gone.
            if other not in before and other.column not in self.columns.values() and _is_money(other):
                self._refuse_column(other)
        label = " ".join(part.text for part in before)
        for name, column in self.columns.items():
            recomputed = isinstance(key, CostTotal) or name in ("activity_column", "grand_total")
            self.table.columns[name].setdefault(key, self.amount(row, column, "", label, total=recomputed))
        self.ended = key is CostTotal.GRAND
        return True

    def _refuse_column(self, cell: Cell) -> None:
        if cell.column not in self.known:
            self.known.add(cell.column)
            self.refuse(cell)


def _is_money(cell: Cell) -> bool:
    """A figure that somebody typed and that is not zero; a share is none."""
    typed = cell.formula is None and not cell.is_percent
    return typed and cell.looks_like_figure and any(digit in cell.text for digit in "123456789")


def _amount_heading(cells: list[Cell], year: int | None) -> tuple[Cell, bool]:
    """The heading of a cost table's amounts, and whether it says so: by the year, else by what it calls them."""
    amounts = [cell for cell in cells if not _is_share(cell)] or cells
    years = [cell for cell in amounts if is_dated(cell)]
    named = [cell for cell in years or amounts if _MONEY.search(fold(cell.text))]
    for found in (of_year(amounts, 0, year), years, named, amounts):
        if len(found) == 1:
            return found[0], True
    return amounts[-1], False


def _is_other(cell: Cell, year: int | None) -> bool:
    return _is_share(cell) or bool(year_of(cell) and year_of(cell) != year) or bool(_OTHER_YEAR.search(fold(cell.text)))


def _is_share(cell: Cell) -> bool:
    return "%" in cell.text or label_of(cell.text)[0] == "share"
