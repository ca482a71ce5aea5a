"""What a formula results in, as far as it can be known: a value, an error, or Unknown, which spreads. Known is what
every spreadsheet computes alike: arithmetic of numbers, and a closed list of functions. Not known are texts that had to
become numbers, the day, chance, what is hidden, other workbooks, names that lead nowhere. Cells are computed by need
and each once, without recursion from cell to cell, within `_MOST` looks at cells."""

import math
from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal
from itertools import chain, product
from typing import NamedTuple

from kars_xl.base.money import UnreadableNumber, read_number
from kars_xl.reading.grid import formula_functions as functions
from kars_xl.reading.grid.cells import Area, Cell, CellValue, ExcelError, Grid, Unknown
from kars_xl.reading.grid.formula_functions import Failed, Node, NotKnown, Scalar
from kars_xl.reading.grid.formula_tree import Parser, areas_of

_MOST = 8_000_000
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
        self.grid = grid
        self.sheets = {sheet.name.casefold(): sheet for sheet in grid.sheets}
        self.results: dict[tuple[str, int, int], Result] = {}
        self.trees: dict[tuple[str, str, int], tuple[Node, list[Area]]] = {}
        self.left = _MOST
        self.link, self.is_array = "", False  # of the cell that is computed
        self.offset: tuple[int, int] | None = None  # within the arrays that are gone through
        self.shape = (1, 1)  # of these arrays

    def fill(self) -> None:
        """Gives each formula cell without a stored result what it comes to."""
        for sheet in self.grid.sheets:
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
            if here.key in self.results:
                path.pop()
                continue
            self.link, self.is_array = "", here.key in self.grid.arrays
            try:
                tree, areas = self._tree(here)
                looked_at = () if here.key in entered else chain.from_iterable(map(self.cells, areas))
                needs = [it for it in looked_at if it.formula is not None and it.key not in self.results]
                entered.add(here.key)
                if any(need.key in entered for need in needs):
                    raise NotKnown(Unknown(circular=True))
                if needs:
                    path += needs
                    continue
                result = Result(functions.cell_value(self.scalar(tree)), self.link)
            except Failed as error:
                result = Result(ExcelError(str(error)), self.link)
            except NotKnown as unknown:
                result = Result(unknown.why, unknown.why.link)
            except (ArithmeticError, ValueError, RecursionError):  # beyond what numbers hold, or names in a circle
                result = Result(Unknown())
            self.results[here.key] = result
        return self.results[cell.key]

    def spend(self, looks: int) -> None:
        """Counts what was looked at, so that no formula takes for ever."""
        self.left -= looks
        if self.left < 0:
            raise NotKnown

    def cells(self, area: Area) -> Iterator[Cell]:
        sheet = self.sheets[area.sheet]
        self.spend(min(area.shape[0] * area.shape[1], len(sheet.cells)))
        return sheet.inside(*area[1:])

    def known(self, cell: Cell) -> Scalar | ExcelError:
        """The value of a cell that a formula looks at: computed, else as it is stored."""
        value = cell.value
        if cell.formula is not None and (found := self.results.get(cell.key)):
            self.link = self.link or found.link
            if not isinstance(found.value, Unknown):
                value = found.value
            elif found.value.circular or value is None:
                raise NotKnown(found.value)
        if isinstance(value, Unknown):
            raise NotKnown(value)
        return float(value) if isinstance(value, Decimal) else value

    def _values(self, node: Node) -> Iterator[Scalar | ExcelError]:
        for area in node[1]:
            yield from map(self.known, self.cells(area))

    def scalar(self, node: Node) -> Scalar:
        self.spend(1)
        kind, what, *parts = node
        if kind == "value":
            return what  # type: ignore[no-any-return]
        if kind == "error":
            raise Failed(what)
        if kind == "unknown":
            raise NotKnown(what)
        if kind == "call":
            return functions.FUNCTIONS[what][2](self, *parts)
        if kind == "op":
            found = functions.operation(what, *map(self.scalar, parts))
            self.spend(len(found) // 8 if isinstance(found, str) else 0)
            return found
        (area,) = what
        if area.shape != (1, 1):
            if self.offset is None or area.shape != self.shape:
                raise NotKnown
            row, column = area.row1 + self.offset[0], area.column1 + self.offset[1]
            area = Area(area.sheet, row, column, row, column)
        return functions.sound(next(map(self.known, self.cells(area)), None))

    def number(self, node: Node) -> float:
        return functions.number_of(self.scalar(node))

    def truth(self, node: Node) -> bool:
        return bool(self.number(node))

    def _argument(self, node: Node) -> float:
        """The number that SUM and its like take of an expression; a cell to which a call leads may be passed over."""
        value = self.scalar(node)
        if node[0] == "call" and not isinstance(value, float):
            raise NotKnown
        return functions.number_of(value)

    def numbers(self, nodes: list[Node]) -> list[float]:
        """The numbers that SUM and its like take of their arguments: of ranges no texts, and errors end it."""
        found: list[float] = []
        for node in nodes:
            if node[0] == "areas":
                found += [value for value in map(functions.sound, self._values(node)) if isinstance(value, float)]
            else:
                in_array = self.is_array or self.offset is not None
                found += self.elements(node) if in_array else [self._argument(node)]
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
        height, width = self.shape = shapes.pop() if shapes else (1, 1)
        found = []
        try:
            for at in product(range(height), range(width)):
                self.offset = at
                found.append(self._argument(node))
        finally:
            self.offset = None
        return found

    def _tree(self, cell: Cell) -> tuple[Node, list[Area]]:
        formula = str(cell.formula)
        key = (formula, cell.sheet, cell.row if "@" in formula or "[#This" in formula else 0)
        if key not in self.trees:
            parser = Parser(self, cell)
            self.trees[key] = parser.parsed(formula), parser.areas
        return self.trees[key]
