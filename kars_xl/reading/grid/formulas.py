"""What a formula results in, as far as it can be known: a value, an error, or Unknown, which spreads.

Known is what every spreadsheet computes alike: arithmetic of numbers, and a closed list of functions. Not known are
texts that had to become numbers, the day, chance, what is hidden, other workbooks, names that lead nowhere. Cells are
computed by need and each once, without recursion from cell to cell, within `_MOST` looks at cells.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal
from itertools import product
from typing import Any, NamedTuple

from formualizer import TokenizerError

from kars_xl.base.money import UnreadableNumber, exact, read_number
from kars_xl.base.text import lower
from kars_xl.reading.grid.cells import Area, Cell, CellValue, ExcelError, Grid, Unknown, leads_outside
from kars_xl.template.formula.formula import LAST_COLUMN, LAST_ROW, excel_spelling, parse_reference
from kars_xl.template.formula.parse import Token, tokens_of

_MOST = 8_000_000
_DEEP, _LONGEST = 100, 8192
_LONGEST_NUMBER = 20  # letters of a number or date in words
_CORNERS = re.compile(r"(.*!)?([^!:]+):([^!:]+)")
_TABLE = re.compile(r"([^\W\d][\w.]*)?\[(.*)\]")
_PART = re.compile(r"#[\w ]+|@|[^\[\],@#]+")
_CRITERION = re.compile(r"(<=|>=|<|>|=)(-?\d+(?:\.\d+)?)")
_PRECEDENCE = {"=": 1, "<>": 1, "<": 1, ">": 1, "<=": 1, ">=": 1, "&": 2, "+": 3, "-": 3, "*": 4, "/": 4, "^": 5}
_AGREE = 1e-9


def _areas_of(node: object) -> Iterator[Area]:
    """The ranges that an expression holds, those in calls left out."""
    if isinstance(node, tuple) and node[:1] == ("areas",):
        yield from node[1]
    elif isinstance(node, tuple) and node[:1] != ("call",):
        for part in node:
            yield from _areas_of(part)


Node = tuple[Any, ...]
Scalar = float | str | bool | None


class _NotKnown(Exception):
    def __init__(self, why: Unknown = Unknown()) -> None:  # noqa: B008 (it is frozen)
        super().__init__()
        self.why = why


class _Failed(Exception):
    """An error value."""


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
                    raise _NotKnown(Unknown(circular=True))
                if needs:
                    path += needs
                    continue
                self.link, self.is_array = "", key in self.arrays
                self.results[key] = Result(_cell_value(self._scalar(tree)), self.link)
            except _Failed as error:
                self.results[key] = Result(ExcelError(str(error)), self.link)
            except RecursionError:
                self.results[key] = Result(Unknown())
            except _NotKnown as unknown:
                self.results[key] = Result(unknown.why, unknown.why.link)
        return self.results[cell.sheet, cell.row, cell.column]

    def _open(self, area: Area) -> Iterator[Cell]:
        """The formula cells of an area that are not computed yet."""
        for cell in self._cells(area):
            if cell.formula is not None and (cell.sheet, cell.row, cell.column) not in self.results:
                yield cell

    def _cells(self, area: Area) -> Iterator[Cell]:
        sheet = self.sheets.get(area.sheet)
        if sheet is None:
            raise _Failed("#REF!")
        height, width = area.row2 - area.row1 + 1, area.column2 - area.column1 + 1
        self.left -= min(height * width, len(sheet.cells))
        if self.left < 0:
            raise _NotKnown
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

    def _known(self, cell: Cell) -> Scalar | ExcelError:
        """The value of a cell that a formula looks at: computed, else as it is stored."""
        found = self.results.get((cell.sheet, cell.row, cell.column)) if cell.formula is not None else None
        self.link = self.link or (found.link if found else "")
        value = cell.value
        if found is not None:
            unknown = found.value if isinstance(found.value, Unknown) else None
            if unknown and (unknown.circular or value is None):
                raise _NotKnown(unknown)
            value = value if unknown else found.value
        if isinstance(value, Unknown):
            raise _NotKnown(value)
        return float(value) if isinstance(value, Decimal) else value

    def _values(self, node: Node) -> Iterator[Scalar | ExcelError]:
        for area in node[1]:
            yield from map(self._known, self._cells(area))

    def _scalar(self, node: Node) -> Scalar:
        kind = node[0]
        if kind == "value":
            return node[1]  # type: ignore[no-any-return]
        if kind == "error":
            raise _Failed(node[1])
        if kind == "unknown":
            raise _NotKnown(node[1])
        if kind == "areas":
            (area,) = node[1]
            if area.shape != (1, 1):
                if self.offset is None:
                    raise _NotKnown
                row, column = (0 if size == 1 else at for at, size in zip(self.offset, area.shape, strict=True))
                area = area._replace(row1=area.row1 + row, column1=area.column1 + column)
                area = area._replace(row2=area.row1, column2=area.column1)
            value = next(map(self._known, self._cells(area)), None)
            if isinstance(value, ExcelError):
                raise _Failed(value.text)
            return value
        if kind == "call":
            return _FUNCTIONS[node[1]](self, node[2])
        if kind == "%":
            return self.number(node[1]) / 100
        if kind == "sign":
            return self.number(node[2]) * (-1 if node[1] == "-" else 1)
        # Sums of a thousand summands lean to the left.
        signs = []
        while node[0] == "op":
            signs.append(node)
            node = node[2]
        value = self._scalar(node)
        for _, sign, _, right in reversed(signs):
            value = self._operation(sign, value, right)
        return value

    def _operation(self, sign: str, one: Scalar, node: Node) -> Scalar:
        """What a sign makes of a value and of what stands right of it."""
        two = self._scalar(node)
        if sign == "&":
            return _text(one) + _text(two)
        if _PRECEDENCE[sign] == 1:
            return _compared(sign, one, two)
        left, right = _number(one), _number(two)
        if sign in "+-":
            found = left + right if sign == "+" else left - right
            # What is left of two equal figures of binary noise is nothing.
            return 0.0 if abs(found) < 4e-15 * max(abs(left), abs(right)) else found
        if sign == "/" and right == 0:
            raise _Failed("#DIV/0!")
        if sign == "^" and (abs(right) > 100 or (left <= 0 and (right <= 0 or not right.is_integer()))):
            raise _NotKnown
        return left * right if sign == "*" else left / right if sign == "/" else left**right

    def number(self, node: Node) -> float:
        return _number(self._scalar(node))

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
                    raise _Failed(value.text)
                if isinstance(value, float):
                    found.append(value)
        return found

    def values(self, nodes: list[Node]) -> list[Scalar | ExcelError]:
        """All that stands in ranges; nothing else is known to be counted alike."""
        if any(node[0] != "areas" for node in nodes):
            raise _NotKnown
        return [value for node in nodes for value in self._values(node) if value is not None]

    def elements(self, node: Node) -> list[float]:
        """The numbers of an expression over ranges, gone through cell by cell."""
        shapes = {area.shape for area in _areas_of(node)} - {(1, 1)}
        if len(shapes) > 1 or self.offset is not None:
            raise _NotKnown
        height, width = shapes.pop() if shapes else (1, 1)
        if height * width > self.left:
            raise _NotKnown
        found = []
        for at in product(range(height), range(width)):
            self.offset = at
            try:
                found.append(self.number(node))
            finally:
                self.offset = None
        return found

    def scalar(self, node: Node) -> Scalar:
        return self._scalar(node)

    def _tree(self, cell: Cell) -> tuple[Node, list[Area]]:
        formula = str(cell.formula)
        row = cell.row if "@" in formula or "[#This" in formula else 0
        key = (formula, cell.sheet, row)
        if key not in self.trees:
            self.trees[key] = _Parser(self, cell.sheet.casefold(), cell).parsed(formula)
        return self.trees[key]


def _cell_value(value: Scalar) -> CellValue:
    if isinstance(value, float):
        if not math.isfinite(value):
            return ExcelError("#NUM!")
        return exact(float(f"{value:.15g}"))
    return Decimal(0) if value is None else value


def _number(value: Scalar) -> float:
    """What must be a number; a text that would have to become one is not known."""
    if isinstance(value, str):
        raise _NotKnown
    return float(value or 0)


def _text(value: Scalar) -> str:
    """A value within a text: only whole numbers are written alike everywhere."""
    if isinstance(value, str) or value is None:
        return value or ""
    if isinstance(value, bool) or not value.is_integer() or abs(value) >= 1e10:
        raise _NotKnown
    return str(int(value))


def _compared(sign: str, one: Scalar, two: Scalar) -> bool:
    blank: dict[type, Scalar] = {str: "", float: 0.0, bool: False}
    one = blank.get(type(two)) if one is None else one
    two = blank.get(type(one)) if two is None else two
    if type(one) is not type(two):
        if sign in ("=", "<>"):
            return sign == "<>"
        raise _NotKnown
    if isinstance(one, float) and isinstance(two, float):
        first, second = float(f"{one:.15g}"), float(f"{two:.15g}")
        return {"=": first == second, "<>": first != second, "<": first < second, ">": first > second,
                "<=": first <= second, ">=": first >= second}[sign]  # fmt: skip
    if sign not in ("=", "<>"):
        raise _NotKnown
    return _same(one, two) == (sign == "=")


def _same(one: object, two: object) -> bool:
    """Whether texts are equal but for capitals, in every language; where languages differ it is not known."""
    if one == two or not (isinstance(one, str) and isinstance(two, str)):
        return one == two
    anywhere, here = one.lower() == two.lower(), lower(one) == lower(two)
    if anywhere != here:
        raise _NotKnown
    return anywhere


def _rounded(way: str) -> Callable[[Formulas, list[Node]], Scalar]:
    def run(book: Formulas, nodes: list[Node]) -> Scalar:
        value, digits = book.number(nodes[0]), int(book.number(nodes[1])) if len(nodes) > 1 else 0
        if abs(digits) > 15 or abs(value) >= 1e15:
            raise _NotKnown
        plain = exact(float(f"{value:.15g}"))
        return (
            float(plain.quantize(Decimal(1).scaleb(-digits), rounding=way))
            if digits >= 0
            else float((plain.scaleb(digits)).quantize(Decimal(1), rounding=way).scaleb(-digits))
        )

    return run


def _if(book: Formulas, nodes: list[Node]) -> Scalar:
    chosen = nodes[1:2] if book.truth(nodes[0]) else nodes[2:3]
    return book.scalar(chosen[0]) if chosen else False


def _if_error(book: Formulas, nodes: list[Node]) -> Scalar:
    try:
        return book.scalar(nodes[0])
    except _Failed:
        return book.scalar(nodes[1])


def _mean(book: Formulas, nodes: list[Node]) -> Scalar:
    if not (found := book.numbers(nodes)):
        raise _Failed("#DIV/0!")
    return math.fsum(found) / len(found)


def _meets(value: Scalar | ExcelError, wanted: Scalar) -> bool:
    """Whether a cell meets the criterion of COUNTIF and SUMIF, or is what a lookup looks for."""
    if isinstance(wanted, str) and (match := _CRITERION.fullmatch(wanted)):
        return isinstance(value, float) and bool(_compared(match[1], value, float(match[2])))
    if isinstance(wanted, float):
        if isinstance(value, str) and _may_be_number(value):
            raise _NotKnown
        return isinstance(value, float) and bool(_compared("=", value, wanted))
    if not isinstance(wanted, str) or not wanted or set("<>=*?~") & set(wanted) or _may_be_number(wanted):
        raise _NotKnown
    return isinstance(value, str) and _same(value, wanted)


def _may_be_number(text: str) -> bool:
    """Whether some language reads a text as a number or a date; no code such as F.1.2.3."""
    short = len(text) <= _LONGEST_NUMBER and any(map(str.isdigit, text))
    return short and not (text[0].isalpha() and " " not in text)


def _one_area(book: Formulas, node: Node) -> tuple[Area, dict[tuple[int, int], Scalar | ExcelError]]:
    """A range, and what stands in it by row and column from 0."""
    if node[0] != "areas":
        raise _NotKnown
    (area,) = node[1]
    return area, {(it.row - area.row1, it.column - area.column1): book._known(it) for it in book._cells(area)}


def _count_if(book: Formulas, nodes: list[Node]) -> Scalar:
    wanted = book.scalar(nodes[1])
    return float(sum(_meets(value, wanted) for value in _one_area(book, nodes[0])[1].values()))


def _sum_if(book: Formulas, nodes: list[Node]) -> Scalar:
    (area, asked), wanted = _one_area(book, nodes[0]), book.scalar(nodes[1])
    summed, added = _one_area(book, nodes[-1] if len(nodes) > 2 else nodes[0])
    if summed.shape != area.shape:
        raise _NotKnown
    found = [added.get(at) for at, value in asked.items() if _meets(value, wanted)]
    if errors := [value.text for value in found if isinstance(value, ExcelError)]:
        raise _Failed(errors[0])
    return math.fsum(value for value in found if isinstance(value, float))


def _products(book: Formulas, nodes: list[Node]) -> Scalar:
    """SUMPRODUCT: of ranges what is no number is 0."""
    if any(node[0] != "areas" for node in nodes):
        if len(nodes) > 1:
            raise _NotKnown
        return math.fsum(book.elements(nodes[0]))
    known = [_one_area(book, node) for node in nodes]
    if len({area.shape for area, _ in known}) != 1:
        raise _NotKnown
    if errors := [value.text for _, values in known for value in values.values() if isinstance(value, ExcelError)]:
        raise _Failed(errors[0])
    factors = [{at: value for at, value in values.items() if isinstance(value, float)} for _, values in known]
    return math.fsum(math.prod(one.get(at, 0.0) for one in factors) for at in factors[0])


def _matched(book: Formulas, wanted: Scalar, values: dict[tuple[int, int], Scalar | ExcelError], column: bool) -> int:
    """The first row (or else column) in which the value stands; only an exact match is known."""
    found = [at[not column] for at, value in sorted(values.items()) if at[column] == 0 and _meets(value, wanted)]
    if not found:
        raise _Failed("#N/A")
    return found[0]


def _v_lookup(book: Formulas, nodes: list[Node]) -> Scalar:
    if len(nodes) < 4 or book.truth(nodes[3]):
        raise _NotKnown
    area, values = _one_area(book, nodes[1])
    column = int(book.number(nodes[2])) - 1
    if not 0 <= column < area.shape[1]:
        raise _NotKnown
    return _found(values.get((_matched(book, book.scalar(nodes[0]), values, column=True), column)))


def _match(book: Formulas, nodes: list[Node]) -> Scalar:
    area, values = _one_area(book, nodes[1])
    if len(nodes) < 3 or book.number(nodes[2]) != 0 or 1 not in area.shape:
        raise _NotKnown
    return _matched(book, book.scalar(nodes[0]), values, column=area.shape[1] == 1) + 1.0


def _index(book: Formulas, nodes: list[Node]) -> Scalar:
    area, values = _one_area(book, nodes[0])
    row, column = int(book.number(nodes[1])), int(book.number(nodes[2])) if len(nodes) > 2 else 1
    if len(nodes) == 2 and area.shape[0] == 1:
        row, column = 1, row
    if not (1 <= row <= area.shape[0] and 1 <= column <= area.shape[1]):
        raise _NotKnown
    return _found(values.get((row - 1, column - 1)))


def _found(value: Scalar | ExcelError) -> Scalar:
    if isinstance(value, ExcelError):
        raise _Failed(value.text)
    return value


def _mod(book: Formulas, nodes: list[Node]) -> Scalar:
    value, by = book.number(nodes[0]), book.number(nodes[1])
    if by == 0:
        raise _Failed("#DIV/0!")
    return value - by * math.floor(value / by)


_FUNCTIONS: dict[str, Callable[[Formulas, list[Node]], Scalar]] = {
    "SUM": lambda book, nodes: math.fsum(book.numbers(nodes)),
    "AVERAGE": _mean,
    "MIN": lambda book, nodes: min(book.numbers(nodes), default=0.0),
    "MAX": lambda book, nodes: max(book.numbers(nodes), default=0.0),
    "COUNT": lambda book, nodes: float(sum(isinstance(value, float) for value in book.values(nodes))),
    "COUNTA": lambda book, nodes: float(len(book.values(nodes))),
    "COUNTIF": _count_if,
    "SUMIF": _sum_if,
    "SUMPRODUCT": _products,
    "VLOOKUP": _v_lookup,
    "MATCH": _match,
    "INDEX": _index,
    "ABS": lambda book, nodes: abs(book.number(nodes[0])),
    "INT": lambda book, nodes: float(math.floor(book.number(nodes[0]))),
    "MOD": _mod,
    "ROUND": _rounded(ROUND_HALF_UP),
    "ROUNDUP": _rounded(ROUND_UP),
    "ROUNDDOWN": _rounded(ROUND_DOWN),
    "TRUNC": _rounded(ROUND_DOWN),
    "IF": _if,
    "IFERROR": _if_error,
    "AND": lambda book, nodes: all(list(map(book.truth, nodes))),
    "OR": lambda book, nodes: any(list(map(book.truth, nodes))),
    "NOT": lambda book, nodes: not book.truth(nodes[0]),
    "TRUE": lambda _, __: True,
    "FALSE": lambda _, __: False,
}
_ARGUMENTS = {"ABS": (1, 1), "INT": (1, 1), "MOD": (2, 2), "ROUND": (2, 2), "ROUNDUP": (2, 2), "ROUNDDOWN": (2, 2),
              "TRUNC": (1, 2), "IF": (2, 3), "IFERROR": (2, 2), "COUNTIF": (2, 2), "SUMIF": (2, 3),
              "VLOOKUP": (3, 4), "MATCH": (2, 3), "INDEX": (2, 3), "NOT": (1, 1), "TRUE": (0, 0),
              "FALSE": (0, 0)}  # fmt: skip


class _Parser:
    """A formula as a tree: tuples whose first item says what they are; what can't be known is a part of it."""

    def __init__(self, book: Formulas, sheet: str, cell: Cell) -> None:
        self.book, self.sheet, self.cell = book, sheet, cell
        self.areas: list[Area] = []
        self.tokens: list[Token] = []
        self.at = self.depth = 0

    def parsed(self, formula: str) -> tuple[Node, list[Area]]:
        return self._text(formula), self.areas

    def _text(self, formula: str) -> Node:
        text = excel_spelling(formula)
        unknown = Unknown("=" + text if leads_outside(text) else "")
        if len(text) > _LONGEST or unknown.link:
            return ("unknown", unknown)
        outer = self.tokens, self.at
        try:
            self.tokens = [token for token in tokens_of("=" + text) if token.kind != "Whitespace"]
            self.at = 0
            node = self._expression(1)
            return node if self.at == len(self.tokens) else ("unknown", unknown)
        except (TokenizerError, IndexError, RecursionError):
            return ("unknown", unknown)
        finally:
            self.tokens, self.at = outer

    def _next(self) -> Token | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def _expression(self, least: int) -> Node:
        self.depth += 1
        if self.depth > _DEEP:
            raise RecursionError
        left = self._operand()
        while (token := self._next()) and token.kind == "OpInfix":
            level = _PRECEDENCE.get(token.value, 0)
            if level == 0:
                raise IndexError  # a union or an intersection
            if level < least:
                break
            self.at += 1
            left = ("op", token.value, left, self._expression(level + 1))
        self.depth -= 1
        return left

    def _operand(self) -> Node:
        token = self.tokens[self.at]
        self.at += 1
        if token.kind == "OpPrefix":
            found: Node = ("sign", token.value, self._operand())
            return found if token.value in "+-" else ("unknown", Unknown())
        if token.kind == "Paren":
            found = self._expression(1)
            self._close()
        elif token.kind == "Func":
            found = self._call(token.value[:-1].upper().removeprefix("_XLFN."))
        elif token.kind == "Operand":
            found = self._leaf(token)
        else:
            raise IndexError
        while (token := self._next() or Token("", "", "")).kind == "OpPostfix":
            self.at += 1
            found = ("%", found) if token.value == "%" else ("unknown", Unknown())
        return found

    def _close(self) -> None:
        if self.tokens[self.at].part != "Close":
            raise IndexError
        self.at += 1

    def _call(self, name: str) -> Node:
        nodes: list[Node] = []
        if self.tokens[self.at].part == "Close":
            self.at += 1
        else:
            while True:
                token = self.tokens[self.at]
                empty = (token.kind, token.part) == ("Sep", "Arg") or token.part == "Close"
                nodes.append(("value", None) if empty else self._expression(1))
                token = self.tokens[self.at]
                self.at += 1
                if token.part == "Close":
                    break
                if (token.kind, token.part) != ("Sep", "Arg"):
                    raise IndexError
        least, most = _ARGUMENTS.get(name, (1, 255))
        if name not in _FUNCTIONS or not least <= len(nodes) <= most:
            return ("unknown", Unknown())
        return ("call", name, nodes)

    def _leaf(self, token: Token) -> Node:
        text = token.value
        if token.part == "Text":
            return ("value", text[1:-1].replace('""', '"'))
        if token.part == "Number":
            return ("value", float(text))
        if token.part == "Logical":
            return ("value", text.upper() == "TRUE")
        if token.part == "Error" or "#REF!" in text:
            return ("error", "#REF!" if "#REF!" in text else text)
        if leads_outside(text):
            return ("unknown", Unknown(text))
        if (ref := parse_reference(text)) or (
            ref := parse_reference(_CORNERS.sub(lambda it: f"{it[1] or ''}{it[3]}:{it[2]}", text))
        ):
            sheet = self.sheet if ref.sheet is None else ref.sheet.casefold()
            if ":" in sheet:
                return ("unknown", Unknown())
            corners = (ref.row1 or 1, ref.col1 or 1, ref.row2 or LAST_ROW, ref.col2 or LAST_COLUMN)
            return self._area(Area(sheet, *corners))
        if match := _TABLE.fullmatch(text):
            return self._structured(match[1] or "", match[2])
        sheet, _, name = text.rpartition("!")
        own = f"{(sheet.strip(chr(39)) or self.sheet).casefold()}!{name.casefold()}"
        meaning = self.book.names.get(own, self.book.names.get(name.casefold()))
        if meaning is None:
            return ("unknown", Unknown())
        relative = [ref for word in tokens_of("=" + meaning.lstrip("=")) if (ref := parse_reference(word.value))]
        if any(
            not (ref.fixed_row1 or ref.row1 is None) or not (ref.fixed_col1 or ref.col1 is None) for ref in relative
        ):
            return ("unknown", Unknown())  # it means another cell in each
        return self._text(meaning)

    def _area(self, *areas: Area) -> Node:
        self.areas += areas
        return ("areas", areas)

    def _structured(self, name: str, inner: str) -> Node:
        """Tablo1[Tutar], Tablo1[[#Totals],[Tutar]], [@Tutar]."""
        row, sheet = self.cell.row, self.sheet
        inside = (t for t in self.book.tables.values() if t.area.sheet == sheet and t.area.row1 <= row <= t.area.row2)
        table = self.book.tables.get(name.casefold()) if name else next(inside, None)
        parts = [part.strip() for part in _PART.findall(inner) if part.strip()]
        columns = [part.casefold() for part in parts if not part.startswith(("#", "@"))]
        if table is None or len(columns) > 1 or not set(columns) <= set(table.columns) or "'" in inner or ":" in inner:
            return ("unknown", Unknown())
        area = table.area
        first, last = area.row1 + table.heading, area.row2 - table.totals
        marks = {part.casefold() for part in parts if part.startswith(("#", "@"))}
        if marks & {"@", "#this row"}:
            first = last = row
        elif "#totals" in marks:
            first = last = area.row2 if table.totals else 0
        elif "#all" in marks:
            first, last = area.row1, area.row2
        elif marks - {"#data"}:
            return ("unknown", Unknown())
        if not area.row1 <= first <= last <= area.row2:
            return ("error", "#REF!")
        left = area.column1 + table.columns.index(columns[0]) if columns else area.column1
        return self._area(Area(area.sheet, first, left, last, left if columns else area.column2))
