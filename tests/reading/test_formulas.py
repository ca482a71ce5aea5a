"""What formulas give: as LibreOffice has it or unknown, and unknown wherever Excel's result can't be known."""

from __future__ import annotations

import random
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from kars_xl.reading.grid import ExcelError, open_grid
from kars_xl.reading.grid.cells import Cell, Grid, Sheet, Unknown
from kars_xl.reading.grid.formulas import Formulas
from tests.helpers.oracles import libreoffice

DATA: dict[str, Any] = {
    "A1": 5000, "A2": 700.25, "A3": "1.000", "A5": -12.5, "A6": 0.1, "A7": 3, "A8": 2.675, "A9": 1e9,
    "B1": "a", "B2": "b", "B3": "İtfaiye", "B4": "F.1.2", "B5": "A", "B6": "itfaiye", "B7": 12, "B8": "12",
    "C1": 1, "C2": 2, "C3": 3, "C4": 4, "C5": 5, "C6": 6, "C7": 7, "C8": 8, "C9": 9, "D1": "=1/0", "D2": "=A1*2",
}  # fmt: skip
SUMS = ("SUM", "MIN", "MAX", "AVERAGE", "COUNT", "COUNTA")
ERRORS = {"#DIV/0!", "#N/A", "#NUM!", "#VALUE!", "#REF!", "#NAME?", "#NULL!"}


class Maker:
    """Formulas from a seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def of(self, *choices: Any) -> Any:
        return self.random.choice(choices)

    def cell(self) -> str:
        return f"Veri!{self.of('A', 'A', 'C', 'C', 'B', 'D')}{self.random.randint(1, 10)}"

    def area(self, column: str = "") -> str:
        first, last = sorted(self.random.sample(range(1, 11), 2))
        one, other = (column, column) if column else self.of("AA", "CC", "BB", "AC", "CD")
        return f"Veri!{one}{first}:{other}{last}"

    def figure(self) -> str:
        return str(self.of(0, 1, 2, 7, 10, 0.1, 0.5, 2.5, 1.005, 1000, 225000, 12345.678, 1e10))

    def number(self, depth: int = 0) -> str:
        if depth > 2:
            return self.of(self.cell, self.figure)()
        inner = lambda: self.number(depth + 1)  # noqa: E731
        makers = (
            self.cell, self.figure,
            lambda: f"({inner()}{self.of(*'+-*/^')}{inner()})",
            lambda: f"-{inner()}{self.of('%', '', '^2')}",
            lambda: f"{self.of(*SUMS)}({self.area()},{self.area()})",
            lambda: f"{self.of('SUM', 'MIN', 'MAX', 'AVERAGE')}({self.area()},{inner()})",
            lambda: f"{self.of('ROUND', 'ROUNDUP', 'ROUNDDOWN')}({inner()},{self.of(-2, -1, 0, 1, 2)})",
            lambda: f"{self.of('ABS', 'INT', 'N')}({inner()})",
            lambda: f"IF({self.truth(depth + 1)},{inner()},{inner()})",
            lambda: f"IFERROR({inner()},{inner()})",
            lambda: f"SUMIF(Veri!{self.of('B1:B8', 'C1:C8')},{self.criterion()},Veri!{self.of('A1:A8', 'C1:C8')})",
            lambda: f"SUMIFS(Veri!C1:C8,Veri!B1:B8,{self.criterion()},Veri!C1:C8,\"<\"&{self.random.randint(1, 9)})",
            lambda: f"COUNTIF(Veri!{self.of('B1:B8', 'C1:C8')},{self.criterion()})",
            lambda: f"COUNTBLANK({self.area()})",
            lambda: f"SUMPRODUCT(Veri!A1:A8{self.of(',', '*')}Veri!C1:C8)",
            lambda: f"SUMPRODUCT((Veri!C1:C8>{self.random.randint(1, 8)})*Veri!C1:C8)",
            lambda: f"VLOOKUP({self.text()},Veri!B1:C8,2,FALSE)",
            lambda: f"LEN({self.text()})",
            lambda: f"ROW({self.cell()})",
        )  # fmt: skip
        return str(self.of(*makers)())

    def truth(self, depth: int = 0) -> str:
        inner = lambda: self.number(depth + 1)  # noqa: E731
        return str(
            self.of(
                lambda: f"{inner()}{self.of('=', '<>', '<', '>', '<=', '>=')}{inner()}",
                lambda: f"{self.text()}{self.of('=', '<>')}{self.text()}",
                lambda: f"{self.of('AND', 'OR')}({inner()}>0,{inner()}<5)",
                lambda: f"NOT({inner()}=1)",
                lambda: f"{self.of('ISBLANK', 'ISNUMBER', 'ISTEXT')}({self.cell()})",
            )()
        )

    def text(self) -> str:
        return str(
            self.of(
                '"a"',
                '"İtfaiye"',
                '"F.1.2"',
                '"yok"',
                "Veri!B2",
                "Veri!B5",
                '"a"&7',
                "TRIM(Veri!B1)",
                "LEFT(Veri!B4,1)",
            )
        )

    def criterion(self) -> str:
        return str(self.of('"a"', '"İtfaiye"', '"F.1.2"', '">3"', '"<>4"', "5", '"<=2"', "Veri!C3", '"<>b"', '""'))


def written(path: Path, formulas: list[str]) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Veri"
    for at, value in DATA.items():
        sheet[at] = value
        if isinstance(value, str) and not value.startswith("="):
            sheet[at].data_type = "s"
    sheet = book.create_sheet("Hesap")
    for row, formula in enumerate(formulas, 1):
        sheet.cell(row, 1, "=" + formula)
    book.save(path)
    return path


def results(path: Path) -> dict[tuple[str, str], Cell]:
    return {
        (cell.sheet, cell.place.cell): cell for sheet in open_grid(str(path)).sheets for cell in sheet.cells.values()
    }


def test_a_formula_gives_what_libreoffice_gives_or_is_unknown(tmp_path: Path) -> None:
    makers = [Maker(seed) for seed in range(1500)]
    formulas = [maker.of(maker.number, maker.number, maker.truth, maker.text)() for maker in makers]
    path = written(tmp_path / "formulas.xlsx", formulas)
    theirs = libreoffice([path], tmp_path)[0]
    ours = results(path)
    wrong, known = [], 0
    for row, formula in enumerate(formulas, 1):
        value, expected = ours["Hesap", f"A{row}"].value, theirs["Hesap", f"A{row}"]
        if isinstance(value, Unknown):
            continue
        known += 1
        if not alike(value, expected):
            wrong.append(f"{formula}: {value!r}, not {expected!r}")
    assert wrong == []
    assert known > len(formulas) / 2


def alike(value: object, expected: object) -> bool:
    if isinstance(value, ExcelError):
        return str(expected) in ERRORS or str(expected).startswith("Err:")
    if isinstance(value, Decimal) and isinstance(expected, float | int):
        return abs(float(value) - expected) <= 1e-9 * max(1.0, abs(expected))
    return value == expected or (value == "" and expected is None)


@pytest.mark.parametrize("formula", ["10000000000^100", "ROUND(100000000000000,15)", "INT(10^300*10^10)", "ad_1", "x"])
def test_nothing_in_a_formula_ends_or_stalls_the_reading(formula: str) -> None:
    """What is beyond the numbers that there are; names that double with each step, or lead back to themselves."""
    names = {f"ad_{step}": f"ad_{step + 1}+ad_{step + 1}" for step in range(1, 40)} | {"ad_40": "1", "x": "x+1"}
    cell = Cell("form.xlsx", "S", 1, 1, None, formula=formula)
    Formulas(Grid("form.xlsx", [Sheet("form.xlsx", "S", {(1, 1): cell})], names=names)).fill()
    assert isinstance(cell.value, Unknown)
