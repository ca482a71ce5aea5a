"""The functions that every spreadsheet computes alike, over the nodes of their arguments."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal
from typing import TYPE_CHECKING

from kars_xl.base.money import exact
from kars_xl.reading.grid.cells import Area, ExcelError
from kars_xl.reading.grid.formula_values import Failed, Node, NotKnown, Scalar, meets

if TYPE_CHECKING:
    from kars_xl.reading.grid.formulas import Formulas


def _rounded(way: str) -> Callable[[Formulas, list[Node]], Scalar]:
    def run(book: Formulas, nodes: list[Node]) -> Scalar:
        value, digits = book.number(nodes[0]), int(book.number(nodes[1])) if len(nodes) > 1 else 0
        if abs(digits) > 15 or abs(value) >= 1e15:
            raise NotKnown
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
    except Failed:
        return book.scalar(nodes[1])


def _mean(book: Formulas, nodes: list[Node]) -> Scalar:
    if not (found := book.numbers(nodes)):
        raise Failed("#DIV/0!")
    return math.fsum(found) / len(found)


def _one_area(book: Formulas, node: Node) -> tuple[Area, dict[tuple[int, int], Scalar | ExcelError]]:
    """A range, and what stands in it by row and column from 0."""
    if node[0] != "areas":
        raise NotKnown
    (area,) = node[1]
    return area, {(it.row - area.row1, it.column - area.column1): book.known(it) for it in book.cells(area)}


def _count_if(book: Formulas, nodes: list[Node]) -> Scalar:
    wanted = book.scalar(nodes[1])
    return float(sum(meets(value, wanted) for value in _one_area(book, nodes[0])[1].values()))


def _sum_if(book: Formulas, nodes: list[Node]) -> Scalar:
    (area, asked), wanted = _one_area(book, nodes[0]), book.scalar(nodes[1])
    summed, added = _one_area(book, nodes[-1] if len(nodes) > 2 else nodes[0])
    if summed.shape != area.shape:
        raise NotKnown
    found = [added.get(at) for at, value in asked.items() if meets(value, wanted)]
    if errors := [value.text for value in found if isinstance(value, ExcelError)]:
        raise Failed(errors[0])
    return math.fsum(value for value in found if isinstance(value, float))


def _products(book: Formulas, nodes: list[Node]) -> Scalar:
    """SUMPRODUCT: of ranges what is no number is 0."""
    if any(node[0] != "areas" for node in nodes):
        if len(nodes) > 1:
            raise NotKnown
        return math.fsum(book.elements(nodes[0]))
    known = [_one_area(book, node) for node in nodes]
    if len({area.shape for area, _ in known}) != 1:
        raise NotKnown
    if errors := [value.text for _, values in known for value in values.values() if isinstance(value, ExcelError)]:
        raise Failed(errors[0])
    factors = [{at: value for at, value in values.items() if isinstance(value, float)} for _, values in known]
    return math.fsum(math.prod(one.get(at, 0.0) for one in factors) for at in factors[0])


def _matched(book: Formulas, wanted: Scalar, values: dict[tuple[int, int], Scalar | ExcelError], column: bool) -> int:
    """The first row (or else column) in which the value stands; only an exact match is known."""
    found = [at[not column] for at, value in sorted(values.items()) if at[column] == 0 and meets(value, wanted)]
    if not found:
        raise Failed("#N/A")
    return found[0]


def _v_lookup(book: Formulas, nodes: list[Node]) -> Scalar:
    if len(nodes) < 4 or book.truth(nodes[3]):
        raise NotKnown
    area, values = _one_area(book, nodes[1])
    column = int(book.number(nodes[2])) - 1
    if not 0 <= column < area.shape[1]:
        raise NotKnown
    return _found(values.get((_matched(book, book.scalar(nodes[0]), values, column=True), column)))


def _match(book: Formulas, nodes: list[Node]) -> Scalar:
    area, values = _one_area(book, nodes[1])
    if len(nodes) < 3 or book.number(nodes[2]) != 0 or 1 not in area.shape:
        raise NotKnown
    return _matched(book, book.scalar(nodes[0]), values, column=area.shape[1] == 1) + 1.0


def _index(book: Formulas, nodes: list[Node]) -> Scalar:
    area, values = _one_area(book, nodes[0])
    row, column = int(book.number(nodes[1])), int(book.number(nodes[2])) if len(nodes) > 2 else 1
    if len(nodes) == 2 and area.shape[0] == 1:
        row, column = 1, row
    if not (1 <= row <= area.shape[0] and 1 <= column <= area.shape[1]):
        raise NotKnown
    return _found(values.get((row - 1, column - 1)))


def _found(value: Scalar | ExcelError) -> Scalar:
    if isinstance(value, ExcelError):
        raise Failed(value.text)
    return value


def _mod(book: Formulas, nodes: list[Node]) -> Scalar:
    value, by = book.number(nodes[0]), book.number(nodes[1])
    if by == 0:
        raise Failed("#DIV/0!")
    return value - by * math.floor(value / by)


FUNCTIONS: dict[str, Callable[[Formulas, list[Node]], Scalar]] = {
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
ARGUMENTS = {"ABS": (1, 1), "INT": (1, 1), "MOD": (2, 2), "ROUND": (2, 2), "ROUNDUP": (2, 2), "ROUNDDOWN": (2, 2),
              "TRUNC": (1, 2), "IF": (2, 3), "IFERROR": (2, 2), "COUNTIF": (2, 2), "SUMIF": (2, 3),
              "VLOOKUP": (3, 4), "MATCH": (2, 3), "INDEX": (2, 3), "NOT": (1, 1), "TRUE": (0, 0),
              "FALSE": (0, 0)}  # fmt: skip
