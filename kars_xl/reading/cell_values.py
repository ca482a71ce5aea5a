"""From a cell to a figure: amounts in kuruş and indicator values, with a finding for all that is not plain."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from decimal import Decimal
from functools import lru_cache
from typing import Any

from kars_xl.base.money import Number, UnreadableNumber, format_decimal, format_tl, read_number, to_kurus, visible
from kars_xl.base.place import Place
from kars_xl.base.text import read_code
from kars_xl.findings.catalogue import finding
from kars_xl.findings.finding import Finding
from kars_xl.model.programme import IndicatorValue
from kars_xl.reading.grid.cells import Cell, ExcelError
from kars_xl.reading.labels import label_of
from kars_xl.reading.tables import Amount, Document, Heading

# [1]Sayfa!A1, 'C:\\x\\[kitap.xlsx]Sayfa'!A1, 'file:///x.ods'#$Sayfa.A1; Tablo1[2024] is a table of the same workbook.
_EXTERNAL = re.compile(r"(?<![\w\]])\[[^\]]+\][^!\[\]]*!|'file:")
# Sums of binary numbers end in 1e-9 or so; what is nearer to a kuruş than this was meant as that kuruş.
_BINARY_NOISE = Decimal("0.000001")
# More than any budget, and about as much as Excel keeps to the kuruş.
_BEYOND = Decimal(10) ** 14
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


class CellReader:
    """Reads figures and collects what is wrong with them. `table` and `key` say in findings what a cell belongs to."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.label = ""

    def amount(
        self, cell: Cell | None, place: Place, table: str, key: str, label: str = "", *, total: bool = False
    ) -> Amount:
        """The amount in `cell` (kuruş); blank and dash are zero. `total`: a figure that will be recomputed anyway."""
        self.label = label
        if cell is None:
            return Amount(0, place, given=False)
        number = self._number(cell, table, key, total)
        formula = cell.formula is not None
        if number is None:
            return Amount(0, cell.place, given=not _is_blank(cell), formula=formula)
        if isinstance(number, UnreadableNumber) or number.percent:
            if not isinstance(number, UnreadableNumber):
                self._report("KX103", cell, table, key, found=cell.text)
            return Amount(None, cell.place, formula=formula)
        if abs(number.value) >= _BEYOND:
            self._report("KX103", cell, table, key, found=cell.text[:40])
            return Amount(None, cell.place, formula=formula)
        kurus, rounded = to_kurus(number.value)
        if rounded and abs(number.value * 100 - kurus) > _BINARY_NOISE * 100 and not total:
            self._report("KX106", cell, table, key, found=format_decimal(number.value), read=format_tl(kurus))
        if kurus < 0:
            self._report("KX105", cell, table, key, found=format_tl(kurus))
        if isinstance(cell.value, str) and cell.sheet and not total:
            self._report("KX102", cell, table, key, found=cell.value, read=format_tl(kurus))
        if cell.hidden and kurus and not total:
            self._report("KX109", cell, table, key, found=format_tl(kurus))
        if cell.formula and _EXTERNAL.search(cell.formula):
            self._report("KX110", cell, table, key, found="=" + cell.formula.lstrip("="))
        return Amount(kurus, cell.place, formula=formula)

    def indicator(self, cell: Cell | None, key: str, label: str = "") -> IndicatorValue | None:
        """The indicator value in `cell`; None where it is blank or unreadable (the latter with its finding)."""
        self.label = label
        if cell is None or (cell.formula is None and _is_blank(cell)):
            return None
        number = self._number(cell, "PHT", key, False)
        if isinstance(number, UnreadableNumber):
            return None
        if number is None:
            return None if _is_blank(cell) else IndicatorValue(None)
        if isinstance(cell.value, str):
            value = IndicatorValue(number.value, number.percent)
            if cell.sheet:
                self._report("KX102", cell, "PHT", key, found=cell.value, read=format_indicator(value))
            return value
        if cell.is_percent:
            return IndicatorValue(number.value * 100, True)
        return IndicatorValue(number.value)

    def _number(self, cell: Cell, table: str, key: str, total: bool) -> Number | UnreadableNumber | None:
        """The cell's figure; None for blank or dash; the exception as a value where it was reported as unreadable."""
        value = cell.value
        if value is None:
            if cell.formula is not None and not total:
                return self._unreadable(cell, table, key, "=" + cell.formula.lstrip("="))
            return None
        if isinstance(value, ExcelError):
            self._report("KX104", cell, table, key, found=value.text)
            return UnreadableNumber(value.text)
        if isinstance(value, bool):
            return self._unreadable(cell, table, key, "DOĞRU" if value else "YANLIŞ")
        if isinstance(value, Decimal):
            if cell.is_date:
                self._report("KX107", cell, table, key, found=_day(value))
                return UnreadableNumber(cell.text)
            return Number(value)
        try:
            return read_number(value)
        except UnreadableNumber:
            return self._unreadable(cell, table, key, value)

    def _unreadable(self, cell: Cell, table: str, key: str, found: str) -> UnreadableNumber:
        self._report("KX103", cell, table, key, found=found)
        return UnreadableNumber(found)

    def _report(self, code: str, cell: Cell, table: str, key: str, **facts: Any) -> None:
        values = [(name, facts[name]) for name in ("found", "read") if name in facts]
        self.findings.append(finding(code, cell.place, table=table, key=key, label=self.label, values=values, **facts))


def _is_blank(cell: Cell) -> bool:
    """Nothing to be seen, though people clear cells with the space bar and formulas with ""."""
    return cell.value is None or (isinstance(cell.value, str) and not visible(cell.value))


def _day(serial: Decimal) -> str:
    """The day that a spreadsheet's date number shows."""
    try:
        return (dt.date(1899, 12, 30) + dt.timedelta(days=int(serial))).strftime("%d.%m.%Y")
    except OverflowError:
        return str(serial)


def format_indicator(value: IndicatorValue | None) -> str:
    """As the programme prints it: "6.000", "37,5%", "-" for no value, "" for a blank."""
    if value is None:
        return ""
    if value.amount is None:
        return "-"
    return format_decimal(value.amount) + ("%" if value.percent else "")


def year_of(cell: Cell) -> int | None:
    """The year that a heading names, as number or within its text."""
    match = _YEAR.search(cell.text)
    return int(match[0]) if match else None


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
    return not isinstance(cell.value, str) or not _has_words(cell.value)


@lru_cache(maxsize=1 << 14)
def _has_words(text: str) -> bool:
    return any(map(str.isalpha, text.replace("TL", "")))
