"""What formulas come to in a workbook of a few cells, without a file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from kars_xl.base.place import cell_at
from kars_xl.reading.grid.cells import Cell, CellValue, ExcelError, Grid, Sheet, Table, Unknown
from kars_xl.reading.grid.formulas import Formulas

UNKNOWN = Unknown()
Written = int | float | str | bool | ExcelError | Unknown | None
Cells = Mapping[str, Written]


def stored(value: CellValue | int | float) -> CellValue:
    """A value as cells hold it."""
    return Decimal(str(value)) if isinstance(value, int | float) and not isinstance(value, bool) else value


def cases(*tables: str) -> list[tuple[str, CellValue]]:
    """The examples of a text, "SUM(A1:A2) → 350", three spaces apart: numbers, "texts" and TRUE; ? is not known."""
    lines = [line for table in tables for line in table.strip().splitlines() if not line.startswith("# ")]
    parts = [part.partition(" → ") for line in lines for part in line.split("   ")]
    return [(formula, _value_of(told)) for formula, _, told in parts]


def _value_of(told: str) -> CellValue:
    if told.startswith(('"', "#")):
        return told.strip('"') if told.startswith('"') else ExcelError(told)
    return UNKNOWN if told == "?" else told == "TRUE" if told in ("TRUE", "FALSE") else Decimal(told)


class Book:
    """A workbook of `cells` by address, "B2" on sheet Veri or "Gelir!B2"; a text that begins with = is a formula."""

    def __init__(
        self,
        cells: Cells,
        *,
        names: Mapping[str, str] | None = None,
        tables: Mapping[str, Table] | None = None,
        arrays: Iterable[str] = (),
    ) -> None:
        self.grid = Grid("form.xlsx", [Sheet("form.xlsx", "Veri")], names=dict(names or {}), tables=dict(tables or {}))
        for address, value in cells.items():
            is_formula = isinstance(value, str) and value.startswith("=")
            self.put(address, None if is_formula else stored(value), str(value) if is_formula else None)
        self.grid.arrays = {self.cell(address).key for address in arrays}
        self.formulas = Formulas(self.grid)

    def put(self, address: str, value: CellValue, formula: str | None = None) -> Cell:
        name, _, place = address.rpartition("!")
        name = name or "Veri"
        sheet = next((sheet for sheet in self.grid.sheets if sheet.name == name), None)
        if sheet is None:
            self.grid.sheets.append(sheet := Sheet("form.xlsx", name))
        found = cell_at(place)
        assert found is not None
        sheet.cells[found] = Cell("form.xlsx", name, *found, value, formula=formula)
        return sheet.cells[found]

    def cell(self, address: str) -> Cell:
        name, _, place = address.rpartition("!")
        found = cell_at(place)
        assert found is not None
        return next(sheet for sheet in self.grid.sheets if sheet.name == (name or "Veri")).cells[found]

    def value(self, address: str) -> CellValue:
        """What the formula of a cell comes to."""
        return self.formulas.of(self.cell(address)).value


def computed(formula: str, cells: Cells | None = None, *, array: bool = False) -> CellValue:
    """What a formula comes to in cell Z99 beside `cells`."""
    return Book({**(cells or {}), "Z99": "=" + formula}, arrays=["Z99"] if array else []).value("Z99")


def same(found: CellValue, expected: CellValue | int | float) -> bool:
    """Whether a value is the expected one and of its kind: 1 is not TRUE, and numbers agree to the 14th digit."""
    wanted = stored(expected)
    if isinstance(found, Decimal) and isinstance(wanted, Decimal):
        return abs(found - wanted) <= abs(wanted) * Decimal("1e-14")
    return type(found) is type(wanted) and found == wanted
