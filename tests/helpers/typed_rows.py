"""A file's rows written as Python values, without a workbook: what the recogniser makes of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from kars_xl.base.place import Place
from kars_xl.findings.finding import Finding
from kars_xl.reading.grid.cells import Cell, CellValue, Grid, Sheet
from kars_xl.reading.recognise import recognise
from kars_xl.reading.tables import Document

FILE, SHEET = "form.xlsx", "PH 1.1"
_NUMBER = re.compile(r"-?\d+,\d+")


class Typed(NamedTuple):
    """A cell with more than a value."""

    value: CellValue | int
    formula: str | None = None
    form: str = "General"
    unseen: str = ""


Given = Typed | CellValue | int | float
Rows = Sequence[Sequence[Given]]


def place(row: int, column: int, sheet: str = SHEET) -> Place:
    return Place(FILE, sheet, row, column)


def cells_of(row: int, values: Sequence[Given], sheet: str = SHEET) -> list[Cell]:
    """The cells of a row from column A on; None leaves one out."""
    found = []
    for column, value in enumerate(values, start=1):
        given = value if isinstance(value, Typed) else Typed(value)  # type: ignore[arg-type]
        if given.value is None and given.formula is None:
            continue
        plain = given.value if not isinstance(given.value, int | float) or isinstance(given.value, bool) else None
        own = Decimal(str(given.value)) if plain is None and given.value is not None else plain
        cell = Cell(FILE, sheet, row, column, own, given.formula, given.form)
        cell.unseen = given.unseen
        found.append(cell)
    return found


def sheet_of(rows: Rows, name: str = SHEET) -> Sheet:
    """The rows from row 1 on; an empty one is a blank row."""
    cells = [cell for number, row in enumerate(rows, start=1) for cell in cells_of(number, row, name)]
    return Sheet(FILE, name, {(cell.row, cell.column): cell for cell in cells})


def read(*sheets: Rows) -> Document:
    """The document that sheets of these rows are; they are called PH 1.1, PH 1.2 and so on."""
    named = [sheet_of(rows, f"PH 1.{number}") for number, rows in enumerate(sheets, start=1)]
    return recognise(Grid(FILE, named))


def said(found: Sequence[Finding]) -> list[tuple[str, str]]:
    """Code and cell of each finding."""
    return [(str(item.code), item.place.cell) for item in found]


def lines(*texts: str) -> list[list[Given]]:
    """Rows whose cells are kept apart by bars; a blank one is left out, and what has a decimal comma is a number."""
    return [[_typed(cell.strip()) for cell in text.split("|")] if text else [] for text in texts]


def _typed(text: str) -> Given:
    return float(text.replace(",", ".")) if _NUMBER.fullmatch(text) else text or None
