"""What every spreadsheet computes alike, in every language: operators, and functions over the nodes of their arguments.
A text that would have to become a number, and all on which spreadsheets differ, is not known."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from kars_xl.base.money import exact
from kars_xl.base.text import lower
from kars_xl.reading.grid.cells import Area, CellValue, ExcelError, Unknown

if TYPE_CHECKING:
    from kars_xl.reading.grid.formulas import Formulas

_LONGEST_TEXT = (1 << 15) - 1  # letters that a cell holds
_LONGEST_NUMBER = 20  # letters of a number or date in words
# Whole numbers only: what ">1.5" says, the language decides.
_CRITERION = re.compile(r"(<=|>=|<|>|=)(-?\d+)")

Node = tuple[Any, ...]
Scalar = float | str | bool | None
_Function = Callable[["Formulas", list[Node]], Scalar]
_COMPARED: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq, "<>": operator.ne, "<": operator.lt, ">": operator.gt, "<=": operator.le, ">=": operator.ge,
}  # fmt: skip
OPERATORS = (*_COMPARED, "&", "+", "-", "*", "/", "^")


class NotKnown(Exception):
    def __init__(self, why: Unknown = Unknown()) -> None:  # noqa: B008 (it is frozen)
        super().__init__()
        self.why = why


class Failed(Exception):
    """An error value."""


def cell_value(value: Scalar) -> CellValue:
    if isinstance(value, float):
        return exact(_rounded_off(value)) if math.isfinite(value) else ExcelError("#NUM!")
    return Decimal(0) if value is None else value


def _rounded_off(value: float) -> float:
    """A number in the digits that a spreadsheet keeps."""
    return float(f"{value:.15g}")


def number_of(value: Scalar) -> float:
    if isinstance(value, str):
        raise NotKnown
    return float(value or 0)


def _text_of(value: Scalar) -> str:
    """A value within a text: only whole numbers are written alike everywhere."""
    if isinstance(value, str) or value is None:
        return value or ""
    if isinstance(value, bool) or not value.is_integer() or abs(value) >= 1e10:
        raise NotKnown
    return str(int(value))


def sound(value: Scalar | ExcelError) -> Scalar:
    """The value of a cell; raises Failed for an error."""
    if isinstance(value, ExcelError):
        raise Failed(value.text)
    return value


def operation(sign: str, one: Scalar, two: Scalar) -> Scalar:
    """What an operator makes of two values."""
    if sign == "&":
        joined = _text_of(one) + _text_of(two)
        if len(joined) > _LONGEST_TEXT:
            raise NotKnown
        return joined
    if sign in _COMPARED:
        return _compared(sign, one, two)
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


def _compared(sign: str, one: Scalar, two: Scalar) -> bool:
    blank: dict[type, Scalar] = {str: "", float: 0.0, bool: False}
    one = blank.get(type(two)) if one is None else one
    two = blank.get(type(one)) if two is None else two
    if isinstance(one, float) and isinstance(two, float):
        return _COMPARED[sign](_rounded_off(one), _rounded_off(two))
    if sign not in ("=", "<>"):
        raise NotKnown
    return (type(one) is type(two) and _same(one, two)) == (sign == "=")


def _same(one: object, two: object) -> bool:
    """Whether texts are equal but for capitals, in every language; where languages differ it is not known."""
    if one == two or not (isinstance(one, str) and isinstance(two, str)):
        return one == two
    anywhere, here = one.lower() == two.lower(), lower(one) == lower(two)
    if anywhere != here:
        raise NotKnown
    return anywhere


def _meets(value: Scalar | ExcelError, wanted: Scalar) -> bool:
    """Whether a cell meets the criterion of COUNTIF and SUMIF, or is what a lookup looks for."""
    if isinstance(wanted, str) and (match := _CRITERION.fullmatch(wanted)):
        if match[1] != "=":
            return isinstance(value, float) and _compared(match[1], value, float(match[2]))
        wanted = float(match[2])
    if isinstance(wanted, float):
        if isinstance(value, str) and _may_be_number(value):
            raise NotKnown
        return isinstance(value, float) and _compared("=", value, wanted)
    if not isinstance(wanted, str) or not wanted or set("<>=*?~") & set(wanted) or _may_be_number(wanted):
        raise NotKnown
    return isinstance(value, str) and _same(value, wanted)


def _may_be_number(text: str) -> bool:
    """Whether some language reads a text as a number or a date; no code such as F.1.2.3."""
    short = len(text) <= _LONGEST_NUMBER and any(map(str.isdigit, text))
    return short and not (text[0].isalpha() and " " not in text)


def _rounded(way: str, book: Formulas, nodes: list[Node]) -> Scalar:
    value, digits = book.number(nodes[0]), int(book.number(nodes[1])) if len(nodes) > 1 else 0
    if abs(digits) > 12 or abs(value) >= 1e15:
        raise NotKnown
    places = exact(_rounded_off(value)).scaleb(digits)
    return float(places.quantize(Decimal(1), rounding=way).scaleb(-digits))


def _if(book: Formulas, nodes: list[Node]) -> Scalar:
    chosen = nodes[1:2] if book.truth(nodes[0]) else nodes[2:3]
    return book.scalar(chosen[0]) if chosen else False


def _if_error(book: Formulas, nodes: list[Node]) -> Scalar:
    try:
        return book.scalar(nodes[0])
    except Failed:
        return book.scalar(nodes[1])


def _mean(book: Formulas, nodes: list[Node]) -> Scalar:
    found = book.numbers(nodes)
    return operation("/", math.fsum(found), float(len(found)))


def _one_area(book: Formulas, node: Node) -> tuple[Area, dict[tuple[int, int], Scalar | ExcelError]]:
    """A range, and what stands in it by row and column from 0."""
    if node[0] != "areas":
        raise NotKnown
    (area,) = node[1]
    return area, {(it.row - area.row1, it.column - area.column1): book.known(it) for it in book.cells(area)}


def _count_if(book: Formulas, nodes: list[Node]) -> Scalar:
    wanted = book.scalar(nodes[1])
    return float(sum(_meets(value, wanted) for value in _one_area(book, nodes[0])[1].values()))


def _sum_if(book: Formulas, nodes: list[Node]) -> Scalar:
    (area, asked), wanted = _one_area(book, nodes[0]), book.scalar(nodes[1])
    summed, added = _one_area(book, nodes[-1] if len(nodes) > 2 else nodes[0])
    if summed.shape != area.shape:
        raise NotKnown
    found = [sound(added.get(at)) for at, value in asked.items() if _meets(value, wanted)]
    return math.fsum(value for value in found if isinstance(value, float))


def _products(book: Formulas, nodes: list[Node]) -> Scalar:
    """SUMPRODUCT: of ranges what is no number is 0."""
    if len(nodes) == 1 and nodes[0][0] != "areas":
        return math.fsum(book.elements(nodes[0]))
    known = [_one_area(book, node) for node in nodes]
    if len({area.shape for area, _ in known}) != 1:
        raise NotKnown
    factors = [{at: value for at in values if isinstance(value := sound(values[at]), float)} for _, values in known]
    return math.fsum(math.prod(one.get(at, 0.0) for one in factors) for at in factors[0])


def _matched(wanted: Scalar, values: dict[tuple[int, int], Scalar | ExcelError], column: bool) -> int:
    """The first row (or else column) in which the value stands; only an exact match is known."""
    if isinstance(wanted, str) and _CRITERION.fullmatch(wanted):
        raise NotKnown
    found = [at[not column] for at, value in sorted(values.items()) if at[column] == 0 and _meets(value, wanted)]
    if not found:
        raise Failed("#N/A")
    return found[0]


def _v_lookup(book: Formulas, nodes: list[Node]) -> Scalar:
    area, values = _one_area(book, nodes[1])
    column = int(book.number(nodes[2])) - 1
    if book.truth(nodes[3]) or not 0 <= column < area.shape[1]:
        raise NotKnown
    return sound(values.get((_matched(book.scalar(nodes[0]), values, column=True), column)))


def _match(book: Formulas, nodes: list[Node]) -> Scalar:
    area, values = _one_area(book, nodes[1])
    if book.number(nodes[2]) != 0 or 1 not in area.shape:
        raise NotKnown
    return _matched(book.scalar(nodes[0]), values, column=area.shape[1] == 1) + 1.0


def _index(book: Formulas, nodes: list[Node]) -> Scalar:
    area, values = _one_area(book, nodes[0])
    row, column = int(book.number(nodes[1])), int(book.number(nodes[2])) if len(nodes) > 2 else 1
    if len(nodes) == 2 and area.shape[0] == 1:
        row, column = 1, row
    elif len(nodes) == 2 and area.shape[1] > 1:
        raise NotKnown  # a whole row
    if not (1 <= row <= area.shape[0] and 1 <= column <= area.shape[1]):
        raise NotKnown
    return sound(values.get((row - 1, column - 1)))


def _mod(book: Formulas, nodes: list[Node]) -> Scalar:
    value, by = book.number(nodes[0]), book.number(nodes[1])
    return value - by * math.floor(number_of(operation("/", value, by)))


def _truths(book: Formulas, nodes: list[Node]) -> list[bool]:
    """What AND and OR look at. Blank cells they pass over, and of arrays they take all at once."""
    found = [book.scalar(node) for node in nodes]
    if None in found or book.offset is not None:
        raise NotKnown
    return [bool(number_of(value)) for value in found]


# How many arguments a function takes, at least and at most, and what it makes of them.
FUNCTIONS: dict[str, tuple[int, int, _Function]] = {
    "SUM": (1, 255, lambda book, nodes: math.fsum(book.numbers(nodes))),
    "AVERAGE": (1, 255, _mean),
    "MIN": (1, 255, lambda book, nodes: min(book.numbers(nodes), default=0.0)),
    "MAX": (1, 255, lambda book, nodes: max(book.numbers(nodes), default=0.0)),
    "COUNT": (1, 255, lambda book, nodes: float(sum(isinstance(value, float) for value in book.values(nodes)))),
    "COUNTA": (1, 255, lambda book, nodes: float(len(book.values(nodes)))),
    "COUNTIF": (2, 2, _count_if),
    "SUMIF": (2, 3, _sum_if),
    "SUMPRODUCT": (1, 255, _products),
    "VLOOKUP": (4, 4, _v_lookup),
    "MATCH": (3, 3, _match),
    "INDEX": (2, 3, _index),
    "ABS": (1, 1, lambda book, nodes: abs(book.number(nodes[0]))),
    "INT": (1, 1, lambda book, nodes: float(math.floor(book.number(nodes[0])))),
    "MOD": (2, 2, _mod),
    "ROUND": (2, 2, partial(_rounded, ROUND_HALF_UP)),
    "ROUNDUP": (2, 2, partial(_rounded, ROUND_UP)),
    "ROUNDDOWN": (2, 2, partial(_rounded, ROUND_DOWN)),
    "TRUNC": (1, 2, partial(_rounded, ROUND_DOWN)),
    "IF": (2, 3, _if),
    "IFERROR": (2, 2, _if_error),
    "AND": (1, 255, lambda book, nodes: all(_truths(book, nodes))),
    "OR": (1, 255, lambda book, nodes: any(_truths(book, nodes))),
    "NOT": (1, 1, lambda book, nodes: not book.truth(nodes[0])),
    "TRUE": (0, 0, lambda _, __: True),
    "FALSE": (0, 0, lambda _, __: False),
}
