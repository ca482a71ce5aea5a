"""What a formula results in, as far as it can be known: a value, an error, or Unknown, which spreads.

Known is what every spreadsheet computes alike: arithmetic of numbers, and a closed list of functions. Not known are
texts that had to become numbers, the day, chance, what is hidden, other workbooks, names that lead nowhere. Cells are
computed by need and each once, without recursion from cell to cell, within `_MOST` looks at cells.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal
from itertools import product
from typing import NamedTuple

from kars_xl.base.money import UnreadableNumber, read_number
from kars_xl.reading.grid.cells import Area, Cell, CellValue, ExcelError, Grid, Unknown
from kars_xl.reading.grid.formula_functions import FUNCTIONS
from kars_xl.reading.grid.formula_tree import PRECEDENCE, Parser, areas_of
from kars_xl.reading.grid.formula_values import Failed, Node, NotKnown, Scalar, cell_value, compared, number_of, text_of

_MOST = 8_000_000
_LONGEST = (1 << 15) - 1  # letters that a cell holds
_AGREE = 1e-9


class Result(NamedTuple):
    """What a formula comes to, and the link to another workbook that it rests on ("" for none)."""

    value: CellValue
    link: str = ""

    def differs(self, stored: CellValue) -> bool:
        """Whether a stored result is plainly another one."""
        if isinstance(stored, str):
            with suppress(UnreadableNumber):
                number = read_number(stored)
                stored = number.value if number else stored
        if not isinstance(self.value, Decimal) or not isinstance(stored, Decimal):
            return False
        return not math.isclose(float(self.value), float(stored), rel_tol=_AGREE, abs_tol=_AGREE)


class Formulas:
    """The formulas of a workbook."""

    def __init__(self, grid: Grid) -> None:
        self.sheets = {sheet.name.casefold(): sheet for sheet in grid.sheets}
        self.names, self.tables, self.arrays = grid.names, grid.tables, grid.arrays
        self.is_array = False
        self.results: dict[tuple[str, int, int], Result] = {}
        self.trees: dict[tuple[str, str, int], tuple[Node, list[Area]]] = {}
        self.left = _MOST
        self.link = ""
        self.offset: tuple[int, int] | None = None  # within the arrays that are gone through

    def fill(self) -> None:
        """Gives each formula cell without a stored result what it comes to."""
        for sheet in self.sheets.values():
            for cell in sheet.cells.values():
                if cell.formula is not None:
                    cell.formulas = self
                    if cell.value is None:
                        cell.value = self.of(cell).value

    def of(self, cell: Cell) -> Result:
        """What the cell's formula comes to, whatever result is stored with it."""
        path, entered = [cell], set[tuple[str, int, int]]()
        while path:
            here = path[-1]
            key = (here.sheet, here.row, here.column)
            if key in self.results:
                path.pop()
                continue
            try:
                tree, areas = self._tree(here)
                needs = [] if key in entered else [need for area in areas for need in self._open(area)]
                entered.add(key)
                if any((need.sheet, need.row, need.column) in entered for need in needs):
                    raise NotKnown(Unknown(circular=True))
                if needs:
                    path += needs
                    continue
                self.link, self.is_array = "", key in self.arrays
                self.results[key] = Result(cell_value(self.scalar(tree)), self.link)
            except Failed as error:
                self.results[key] = Result(ExcelError(str(error)), self.link)
            except RecursionError:
                self.results[key] = Result(Unknown())
            except NotKnown as unknown:
                self.results[key] = Result(unknown.why, unknown.why.link)
        return self.results[cell.sheet, cell.row, cell.column]

    def _open(self, area: Area) -> Iterator[Cell]:
        """The formula cells of an area that are not computed yet."""
        for cell in self.cells(area):
            if cell.formula is not None and (cell.sheet, cell.row, cell.column) not in self.results:
                yield cell

    def cells(self, area: Area) -> Iterator[Cell]:
        sheet = self.sheets.get(area.sheet)
        if sheet is None:
            raise Failed("#REF!")
        height, width = area.row2 - area.row1 + 1, area.column2 - area.column1 + 1
        self.left -= min(height * width, len(sheet.cells))
        if self.left < 0:
            raise NotKnown
        if height * width <= len(sheet.cells):
            places = (
                (row, column)
                for row in range(area.row1, area.row2 + 1)
                for column in range(area.column1, area.column2 + 1)
            )
            yield from (sheet.cells[place] for place in places if place in sheet.cells)
            return
        for (row, column), cell in sheet.cells.items():
            if area.row1 <= row <= area.row2 and area.column1 <= column <= area.column2:
                yield cell

    def known(self, cell: Cell) -> Scalar | ExcelError:
        """The value of a cell that a formula looks at: computed, else as it is stored."""
        found = self.results.get((cell.sheet, cell.row, cell.column)) if cell.formula is not None else None
        self.link = self.link or (found.link if found else "")
        value = cell.value
        if found is not None:
            unknown = found.value if isinstance(found.value, Unknown) else None
            if unknown and (unknown.circular or value is None):
                raise NotKnown(unknown)
            value = value if unknown else found.value
        if isinstance(value, Unknown):
            raise NotKnown(value)
        return float(value) if isinstance(value, Decimal) else value

    def _values(self, node: Node) -> Iterator[Scalar | ExcelError]:
        for area in node[1]:
            yield from map(self.known, self.cells(area))

    def scalar(self, node: Node) -> Scalar:
        kind = node[0]
        if kind == "value":
            return node[1]  # type: ignore[no-any-return]
        if kind == "error":
            raise Failed(node[1])
        if kind == "unknown":
            raise NotKnown(node[1])
        if kind == "areas":
            (area,) = node[1]
            if area.shape != (1, 1):
                if self.offset is None:
                    raise NotKnown
                row, column = (0 if size == 1 else at for at, size in zip(self.offset, area.shape, strict=True))
                area = area._replace(row1=area.row1 + row, column1=area.column1 + column)
                area = area._replace(row2=area.row1, column2=area.column1)
            value = next(map(self.known, self.cells(area)), None)
            if isinstance(value, ExcelError):
                raise Failed(value.text)
            return value
        if kind == "call":
            return FUNCTIONS[node[1]](self, node[2])
        if kind == "%":
            return self.number(node[1]) / 100
        if kind == "sign":
            return self.number(node[2]) * (-1 if node[1] == "-" else 1)
        # Sums of a thousand summands lean to the left.
        signs = []
        while node[0] == "op":
            signs.append(node)
            node = node[2]
        value = self.scalar(node)
        for _, sign, _, right in reversed(signs):
            value = self._operation(sign, value, right)
        return value

    def _operation(self, sign: str, one: Scalar, node: Node) -> Scalar:
        """What a sign makes of a value and of what stands right of it."""
        two = self.scalar(node)
        if sign == "&":
            joined = text_of(one) + text_of(two)
            self.left -= len(joined) // 8
            if len(joined) > _LONGEST or self.left < 0:
                raise NotKnown
            return joined
        if PRECEDENCE[sign] == 1:
            return compared(sign, one, two)
        left, right = number_of(one), number_of(two)
        if sign in "+-":
            found = left + right if sign == "+" else left - right
            # What is left of two equal figures of binary noise is nothing.
            return 0.0 if abs(found) < 4e-15 * max(abs(left), abs(right)) else found
        if sign == "/" and right == 0:
            raise Failed("#DIV/0!")
        if sign == "^" and (abs(right) > 100 or (left <= 0 and (right <= 0 or not right.is_integer()))):
            raise NotKnown
        return left * right if sign == "*" else left / right if sign == "/" else left**right

    def number(self, node: Node) -> float:
        return number_of(self.scalar(node))

    def truth(self, node: Node) -> bool:
        return bool(self.number(node))

    def numbers(self, nodes: list[Node]) -> list[float]:
        """The numbers that SUM and its like take of their arguments: of ranges no texts, and errors end it."""
        found = []
        for node in nodes:
            if node[0] != "areas":
                found += self.elements(node) if self.is_array else [self.number(node)]
                continue
            for value in self._values(node):
                if isinstance(value, ExcelError):
                    raise Failed(value.text)
                if isinstance(value, float):
                    found.append(value)
        return found

    def values(self, nodes: list[Node]) -> list[Scalar | ExcelError]:
        """All that stands in ranges; nothing else is known to be counted alike."""
        if any(node[0] != "areas" for node in nodes):
            raise NotKnown
        return [value for node in nodes for value in self._values(node) if value is not None]

    def elements(self, node: Node) -> list[float]:
        """The numbers of an expression over ranges, gone through cell by cell."""
        shapes = {area.shape for area in areas_of(node)} - {(1, 1)}
        if len(shapes) > 1 or self.offset is not None:
            raise NotKnown
        height, width = shapes.pop() if shapes else (1, 1)
        if height * width > self.left:
            raise NotKnown
        found = []
        for at in product(range(height), range(width)):
            self.offset = at
            try:
                found.append(self.number(node))
            finally:
                self.offset = None
        return found

    def _tree(self, cell: Cell) -> tuple[Node, list[Area]]:
        formula = str(cell.formula)
        row = cell.row if "@" in formula or "[#This" in formula else 0
        key = (formula, cell.sheet, row)
        if key not in self.trees:
            self.trees[key] = Parser(self, cell.sheet.casefold(), cell).parsed(formula)
        return self.trees[key]
