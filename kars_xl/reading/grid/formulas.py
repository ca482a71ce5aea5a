"""What a formula results in, as far as it can be known: a value, an error, or Unknown, which spreads. Known is what
every spreadsheet computes alike: arithmetic of numbers, and a closed list of functions. Not known are texts that had to
become numbers, the day, chance, what is hidden, other workbooks, names that lead nowhere. Cells are computed by need
and each once, without recursion from cell to cell, within `_MOST` looks at cells."""

import math
import re
from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal
from itertools import chain, product
from typing import NamedTuple

from formualizer import ASTNode, ParserError, TokenizerError, parse

from kars_xl.base.money import UnreadableNumber, read_number
from kars_xl.reading.grid import formula_functions as functions
from kars_xl.reading.grid.cells import Area, Cell, CellValue, ExcelError, Grid, Unknown, leads_outside
from kars_xl.reading.grid.formula_functions import Failed, Node, NotKnown, Scalar
from kars_xl.template.formula.formula import LAST_COLUMN, LAST_ROW, excel_spelling, parse_reference
from kars_xl.template.formula.parse import tokens_of

_MOST = 8_000_000
_AGREE = 1e-9
_LONGEST = 8192
_OF_A_NAME = 100  # looks at cells that take as long
_CORNERS = re.compile(r"(.*!)?([^!:]+):([^!:]+)")
_TABLE = re.compile(r"([^\W\d][\w.]*)?\[(.*)\]")
_PART = re.compile(r"#[\w ]+|@|[^\[\],@#]+")
_SIGNS = {"+": ("*", 1.0), "-": ("*", -1.0), "%": ("/", 100.0)}
_UNKNOWN: Node = ("unknown", Unknown())


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
        shapes = {area.shape for area in _areas_of(node)} - {(1, 1)}
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
            parser = _Parser(self, cell)
            self.trees[key] = parser.parsed(formula), parser.areas
        return self.trees[key]


def _areas_of(node: object) -> Iterator[Area]:
    """The ranges that an expression holds, those in calls left out."""
    if isinstance(node, tuple) and node[:1] == ("areas",):
        yield from node[1]
    elif isinstance(node, tuple) and node[:1] != ("call",):
        for part in node:
            yield from _areas_of(part)


class _Parser:
    """Parses the formula of one cell; in `areas` are all ranges that it looks at."""

    def __init__(self, book: Formulas, cell: Cell) -> None:
        self.book, self.cell, self.sheet = book, cell, cell.sheet.casefold()
        self.areas: list[Area] = []

    def parsed(self, formula: str) -> Node:
        text = excel_spelling(formula)
        if leads_outside(text):
            return ("unknown", Unknown("=" + text))
        try:
            return self._node(parse("=" + text)) if len(text) <= _LONGEST else _UNKNOWN
        except (ParserError, TokenizerError):
            return _UNKNOWN

    def _node(self, tree: ASTNode) -> Node:
        self.book.spend(1)
        kind, sign = tree.node_type(), tree.get_operator()
        if kind == "Omitted":
            return ("value", None)
        if kind in ("Literal", "Reference"):
            return self._leaf(tree)
        parts = [self._node(part) for part in tree.children()]
        if kind == "Function":
            name = str(tree.get_function_name()).upper().removeprefix("_XLFN.")
            least, most, _ = functions.FUNCTIONS.get(name, (1, 0, None))
            return ("call", name, parts) if least <= len(parts) <= most else _UNKNOWN
        if kind == "BinaryOp" and sign in functions.OPERATORS:
            return ("op", sign, *parts)
        if kind == "UnaryOp" and sign in _SIGNS:
            sign, by = _SIGNS[sign]
            return ("op", sign, *parts, ("value", by))
        return _UNKNOWN

    def _leaf(self, tree: ASTNode) -> Node:
        token = tree.get_source_token()
        text = token.value if token else ""
        if token and str(token.subtype) == "Error":
            return ("error", text)
        if tree.node_type() == "Literal":
            return ("value", tree.get_literal_value())
        if ref := parse_reference(text) or parse_reference(_CORNERS.sub(r"\1\3:\2", text)):
            sheet = self.sheet if ref.sheet is None else ref.sheet.casefold()
            corners = (ref.row1 or 1, ref.col1 or 1, ref.row2 or LAST_ROW, ref.col2 or LAST_COLUMN)
            return _UNKNOWN if ":" in sheet else self._area(Area(sheet, *corners))
        if match := _TABLE.fullmatch(text):
            return self._structured(match[1] or "", match[2])
        sheet, _, name = text.casefold().rpartition("!")
        self.book.spend(_OF_A_NAME)  # names that name each other twice would double for ever
        names = self.book.grid.names
        meaning = names.get(f"{sheet.strip(chr(39)) or self.sheet}!{name}", names.get(name))
        references = [parse_reference(word.value) for word in tokens_of("=" + (meaning or "").lstrip("="))]
        fixed = ((ref.fixed_row1 or not ref.row1) and (ref.fixed_col1 or not ref.col1) for ref in references if ref)
        # Else it means another cell in each.
        return self.parsed(meaning) if meaning is not None and all(fixed) else _UNKNOWN

    def _area(self, area: Area) -> Node:
        if area.sheet not in self.book.sheets:
            return ("error", "#REF!")
        self.areas.append(area)
        return ("areas", (area,))

    def _structured(self, name: str, inner: str) -> Node:
        """Tablo1[Tutar], Tablo1[[#Totals],[Tutar]], [@Tutar]."""
        row, tables = self.cell.row, self.book.grid.tables
        inside = (t for t in tables.values() if t.area.sheet == self.sheet and t.area.row1 <= row <= t.area.row2)
        table = tables.get(name.casefold()) if name else next(inside, None)
        parts = [part.strip().casefold() for part in _PART.findall(inner) if part.strip()]
        marks = {part for part in parts if part.startswith(("#", "@"))}
        columns = [part for part in parts if part not in marks]
        if table is None or len(columns) > 1 or not set(columns) <= set(table.columns) or "'" in inner:
            return _UNKNOWN
        area = table.area
        first, last = area.row1 + table.heading, area.row2 - table.totals
        if marks & {"@", "#this row"}:
            first = last = row
        elif "#totals" in marks:
            first = last = area.row2 if table.totals else 0
        elif "#all" in marks:
            first, last = area.row1, area.row2
        elif marks - {"#data"}:
            return _UNKNOWN
        if not area.row1 <= first <= last <= area.row2:
            return ("error", "#REF!")
        left = area.column1 + table.columns.index(columns[0]) if columns else area.column1
        return self._area(Area(area.sheet, first, left, last, left if columns else area.column2))
