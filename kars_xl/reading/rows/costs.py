"""The rows of a Faaliyet Maliyetleri Tablosu and of Tablo 11, which name economic codes and sources alike."""

from __future__ import annotations

import re
from functools import lru_cache

from kars_xl.base.place import Place
from kars_xl.base.text import fold
from kars_xl.findings.catalogue import finding
from kars_xl.model.cost_rows import BUDGET_ROWS, COST_TABLE_TOTALS, CostKey, CostRow, CostTotal
from kars_xl.reading.cell_values import CellReader, Labels, TableRows, at, here, is_mark, looks_like_figure, year_of
from kars_xl.reading.grid.cells import Cell
from kars_xl.reading.labels import cost_row_of, label_of
from kars_xl.reading.tables import CostTable, Document, Heading, ResourceMatrix


def cost_key(row: list[Cell], labels: Labels) -> CostKey | None:
    """What a cost row is by its number, name or label; None for no cost row.

    A number and a name that contradict each other are no cost row: whether the name or the number was changed by
    mistake can't be told.
    """
    totals = tuple(total for total in COST_TABLE_TOTALS if total.value in labels)
    return _told(totals, tuple(cell.value for cell in row[:3] if isinstance(cell.value, str)), row[0].text)


@lru_cache(maxsize=4096)
def _told(totals: tuple[CostTotal, ...], names: tuple[str, ...], first: str) -> CostKey | None:
    """The one thing that labels of totals, the names, and the number in the first cell say; the same in every table."""
    found: set[CostKey] = {*totals, *(row for name in names if (row := cost_row_of(name)))}
    number = first.strip(" .-)")
    found |= {code for code in BUDGET_ROWS if number.isdecimal() and int(number) == code.code}
    return found.pop() if len(found) == 1 else None


class CostRows(TableRows):
    """Faaliyet Maliyetleri Tablosu: an amount for each economic code and extra-budget source, and three totals."""

    def __init__(self, heading: Heading, place: Place, reader: CellReader) -> None:
        super().__init__(heading, place, reader)
        self.table = CostTable(heading, self.place)
        self.key = heading.codes.get("activity_name") or heading.text("activity_name")
        self.heading_text = ""
        self.headed: dict[int, Cell] = {}  # other columns with a heading
        self.rivals: set[int] = set()  # those of them that may hold the amounts

    @staticmethod
    def is_row(row: list[Cell], labels: Labels) -> bool:
        """A row that is of costs by its wording; a bare number may be anything where no table is open."""
        named = any(isinstance(cell.value, str) and any(ch.isalpha() for ch in cell.text) for cell in row[:3])
        return named and cost_key(row, labels) is not None

    def started(self) -> bool:
        return bool(self.table.amounts or self.table.totals)

    def goes_on(self, row: list[Cell]) -> bool:
        """Whether a row with another table's label is one of this table, spoiled: it has a figure for an amount."""
        cell = at(row, self.columns.get("amount", 0))
        return self.started() and not self.ended and cell is not None and len(row) > 1 and looks_like_figure(cell)

    def columns_from(self, row: list[Cell], labels: Labels) -> None:
        beside = [cell for cell in row if cell.column > labels["economic_code"].column and not is_mark(cell)]
        if beside:
            chosen, told = _amount_heading(beside)
            self.columns["amount"] = chosen.column
            self.heading_text = chosen.text
            self.table.year, self.table.year_place = year_of(chosen), chosen.place
            self.headed = {cell.column: cell for cell in beside if cell is not chosen}
            self.rivals = set() if told else {column for column, cell in self.headed.items() if not _is_share(cell)}

    def take(self, row: list[Cell], labels: Labels) -> bool:
        if self.ended:
            # A cost row below the table's end: the end was a row that another label was typed over.
            return self.is_row(row, labels) and self._unknown(row)
        key, naming = self._key(row, labels)
        if key is None:
            return self._unknown(row)
        name = self._name_cell(naming)
        column = self.columns.setdefault("amount", max(row[-1].column, name.column + 1))
        cell = at(row, column)
        for other in row if self.rivals else ():
            if other.column in self.rivals and _is_money(other):
                # The heading says of neither which year's amounts they are.
                rival = self.headed[other.column]
                self.rivals.clear()
                self.reader.findings.append(finding("KX113", rival.place, table="FMT", key=self.key, found=rival.text))
        beyond = (other for other in row if other.column > name.column and other.column not in self.headed)
        if cell is None and (stray := next((other for other in beyond if any(map(str.isdigit, other.text))), None)):
            heading, found = self.heading_text or "tutar", stray.text
            self.reader.findings.append(
                finding("KX112", stray.place, table="FMT", key=self.key, found=found, heading=heading)
            )
        label = " ".join(part.text for part in row if part.column <= name.column)
        amount = self.reader.amount(cell, here(row, column), "FMT", self.key, label, total=isinstance(key, CostTotal))
        if isinstance(key, CostTotal):
            self.table.totals.setdefault(key, amount)
            self.ended = key is CostTotal.NEED
        elif key in self.table.amounts or (key is CostRow.RESERVE and amount.kurus):
            # A cost table has no row for the reserve: with money it is another row under a wrong name.
            self.reader.findings.append(finding("KX113", name.place, table="FMT", key=self.key, found=name.text))
        else:
            self.table.amounts[key] = amount
        return True

    def _key(self, row: list[Cell], labels: Labels) -> tuple[CostKey | None, list[Cell]]:
        """What the row is, and the cells that say so: those before the amounts, so that a label typed there is none."""
        column = self.columns.get("amount")
        before = [cell for cell in row if column is None or cell.column < column]
        if before:
            texts = {cell.text: cell for cell in before if isinstance(cell.value, str)}
            key = cost_key(before, {label_of(text)[0]: cell for text, cell in texts.items()})
            if key is not None or before[-1] is not row[-1]:
                return key, before
        return cost_key(row, labels), row

    def _name_cell(self, row: list[Cell]) -> Cell:
        """The last cell of the row that names it, left of the amounts."""
        before = [cell for cell in row[:3] if cell.column < self.columns.get("amount", 1 << 20)]
        named = [cell for cell in before if isinstance(cell.value, str) and not looks_like_figure(cell)]
        return named[-1] if named else row[0]

    def _unknown(self, row: list[Cell]) -> bool:
        """A row among the cost rows that can't be told: an error where it holds a figure."""
        column = self.columns.get("amount", 0)
        cell = at(row, column)
        if cell is None or len(row) == 1 or not (looks_like_figure(cell) or (self.started() and cell is not row[0])):
            return False
        self.reader.findings.append(finding("KX113", row[0].place, table="FMT", key=self.key, found=row[0].text))
        return True

    def finish(self, document: Document) -> None:
        document.tables.append(self.table)


class MatrixRows(TableRows):
    """Toplam Kaynak İhtiyacı (Tablo 11), or the finance form's part of it."""

    _COLUMNS = ("activity_column", "general", "transfers", "grand_total")

    def __init__(self, heading: Heading, place: Place, reader: CellReader) -> None:
        super().__init__(heading, place, reader)
        self.table = ResourceMatrix(heading, self.place)
        self.reported: set[int] = set()  # columns whose figures were said to belong nowhere

    @staticmethod
    def is_heading(labels: Labels) -> bool:
        return "economic_code" in labels and len(labels.keys() & set(MatrixRows._COLUMNS)) >= 2

    def columns_from(self, row: list[Cell], labels: Labels) -> None:
        self.columns = {name: labels[name].column for name in self._COLUMNS if name in labels}
        for cell in row:
            # Where the figures of such a column belong can't be told: its heading is unknown, or another's.
            strange = cell.column > labels["economic_code"].column and cell.column not in self.columns.values()
            if strange or self._comes_twice(cell):
                self._report_column(cell)
        self.table.columns = {name: {} for name in self.columns}

    def goes_on(self, row: list[Cell]) -> bool:
        """Whether a row with another table's label is one of this table, spoiled: it has a figure for an amount."""
        cells = [at(row, column) for column in self.columns.values()]
        return not self.ended and any(cell is not None and looks_like_figure(cell) for cell in cells)

    def take(self, row: list[Cell], labels: Labels) -> bool:
        before = [cell for cell in row if cell.column < min(self.columns.values())]
        if not before:
            return False
        key = self._key(before)
        if self.ended and key is None:
            return False
        if key is None or self.ended or key in next(iter(self.table.columns.values())):
            # Untold, below the table's end, or given before: its figures can't be told to a row.
            figures = [cell for cell in row if cell not in before and looks_like_figure(cell)]
            if figures:
                self.reader.findings.append(finding("KX113", row[0].place, table="TKT", found=row[0].text))
            return bool(figures)
        for other in row:
            # A column whose heading is gone.
            if other not in before and other.column not in self.columns.values() and _is_money(other):
                self._report_column(other)
        for name, column in self.columns.items():
            recomputed = isinstance(key, CostTotal) or name in ("activity_column", "grand_total")
            cell = at(row, column)
            label = " ".join(part.text for part in before)
            amount = self.reader.amount(cell, here(row, column), "TKT", "", label, total=recomputed)
            self.table.columns[name].setdefault(key, amount)
        self.ended = key is CostTotal.GRAND
        return True

    def _comes_twice(self, cell: Cell) -> bool:
        """A heading that another one repeats: the table of another year stands beside this one."""
        label = label_of(cell.text)[0] if isinstance(cell.value, str) else ""
        return label in self.columns and self.columns[label] != cell.column

    def _report_column(self, cell: Cell) -> None:
        """Once for each column."""
        if cell.column not in self.reported:
            self.reported.add(cell.column)
            self.reader.findings.append(finding("KX113", cell.place, table="TKT", found=cell.text))

    @staticmethod
    def _key(before: list[Cell]) -> CostKey | None:
        """What a row is by the cells before its amounts; "grand_total" beside an economic code is neither."""
        labels = {label_of(cell.text)[0]: cell for cell in before if isinstance(cell.value, str)}
        if "grand_total" not in labels:
            return cost_key(before, labels)
        others = [cell for cell in before if cell is not labels["grand_total"]]
        return CostTotal.GRAND if not others or cost_key(others, {}) is None else None

    def finish(self, document: Document) -> None:
        document.tables.append(self.table)


def _is_money(cell: Cell) -> bool:
    """A figure that somebody typed and that is not zero; a share is none."""
    typed = cell.formula is None and not cell.is_percent
    return typed and looks_like_figure(cell) and any(digit in cell.text for digit in "123456789")


_MONEY = re.compile(r"\b(?:tutar|odenek|odenegi|butce|butcesi|maliyet|maliyeti|toplam|tl|lira)\w*")


def _amount_heading(cells: list[Cell]) -> tuple[Cell, bool]:
    """The heading of a cost table's amounts, and whether it says so: by its year, else by what it calls them."""
    amounts = [cell for cell in cells if not _is_share(cell)] or cells
    years = [cell for cell in amounts if year_of(cell)]
    named = [cell for cell in years or amounts if _MONEY.search(fold(cell.text))]
    for found in (years, named, amounts):
        if len(found) == 1:
            return found[0], True
    return amounts[-1], False


def _is_share(cell: Cell) -> bool:
    return "%" in cell.text or label_of(cell.text)[0] == "share"
