"""Values within a formula, and what is known of them alike in every spreadsheet and every language."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from typing import Any

from kars_xl.base.money import exact
from kars_xl.base.text import lower
from kars_xl.reading.grid.cells import CellValue, ExcelError, Unknown

_LONGEST_NUMBER = 20  # letters of a number or date in words
_CRITERION = re.compile(r"(<=|>=|<|>|=)(-?\d+(?:\.\d+)?)")

Node = tuple[Any, ...]
Scalar = float | str | bool | None


class NotKnown(Exception):
    def __init__(self, why: Unknown = Unknown()) -> None:  # noqa: B008 (it is frozen)
        super().__init__()
        self.why = why


class Failed(Exception):
    """An error value."""


def cell_value(value: Scalar) -> CellValue:
    if isinstance(value, float):
        if not math.isfinite(value):
            return ExcelError("#NUM!")
        return exact(float(f"{value:.15g}"))
    return Decimal(0) if value is None else value


def number_of(value: Scalar) -> float:
    """What must be a number; a text that would have to become one is not known."""
    if isinstance(value, str):
        raise NotKnown
    return float(value or 0)


def text_of(value: Scalar) -> str:
    """A value within a text: only whole numbers are written alike everywhere."""
    if isinstance(value, str) or value is None:
        return value or ""
    if isinstance(value, bool) or not value.is_integer() or abs(value) >= 1e10:
        raise NotKnown
    return str(int(value))


def compared(sign: str, one: Scalar, two: Scalar) -> bool:
    blank: dict[type, Scalar] = {str: "", float: 0.0, bool: False}
    one = blank.get(type(two)) if one is None else one
    two = blank.get(type(one)) if two is None else two
    if type(one) is not type(two):
        if sign in ("=", "<>"):
            return sign == "<>"
        raise NotKnown
    if isinstance(one, float) and isinstance(two, float):
        first, second = float(f"{one:.15g}"), float(f"{two:.15g}")
        return {"=": first == second, "<>": first != second, "<": first < second, ">": first > second,
                "<=": first <= second, ">=": first >= second}[sign]  # fmt: skip
    if sign not in ("=", "<>"):
        raise NotKnown
    return _same(one, two) == (sign == "=")


def _same(one: object, two: object) -> bool:
    """Whether texts are equal but for capitals, in every language; where languages differ it is not known."""
    if one == two or not (isinstance(one, str) and isinstance(two, str)):
        return one == two
    anywhere, here = one.lower() == two.lower(), lower(one) == lower(two)
    if anywhere != here:
        raise NotKnown
    return anywhere


def meets(value: Scalar | ExcelError, wanted: Scalar) -> bool:
    """Whether a cell meets the criterion of COUNTIF and SUMIF, or is what a lookup looks for."""
    if isinstance(wanted, str) and (match := _CRITERION.fullmatch(wanted)):
        return isinstance(value, float) and bool(compared(match[1], value, float(match[2])))
    if isinstance(wanted, float):
        if isinstance(value, str) and _may_be_number(value):
            raise NotKnown
        return isinstance(value, float) and bool(compared("=", value, wanted))
    if not isinstance(wanted, str) or not wanted or set("<>=*?~") & set(wanted) or _may_be_number(wanted):
        raise NotKnown
    return isinstance(value, str) and _same(value, wanted)


def _may_be_number(text: str) -> bool:
    """Whether some language reads a text as a number or a date; no code such as F.1.2.3."""
    short = len(text) <= _LONGEST_NUMBER and any(map(str.isdigit, text))
    return short and not (text[0].isalpha() and " " not in text)
