"""Formulas in one spelling, so that equal texts mean the same formula whichever program saved it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import lru_cache, partial

from kars_xl.template.formula.formula import Call, Expression, excel_spelling
from kars_xl.template.formula.parse import FormulaParser
from kars_xl.template.formula.reference import LAST_COLUMN, LAST_ROW, Ref
from kars_xl.workbook.edits.align import Axis, Span
from kars_xl.workbook.edits.match import Matching, Pair

# Names a reference: sheet (None: the formula's own), rows and columns (None: all).
Refer = Callable[[str | None, Span | None, Span | None], str]

_PARSER = FormulaParser()
_UNREADABLE = ("syntax", "placeholder", "separator")
_GONE = "#REF!"
_REFERENCE_ERROR = re.compile(r"(?:'(?:[^']|'')*'!)?[^-+*/^&=<>(),'\s]*#REF![^-+*/^&=<>(),\s]*")
_LITERAL = re.compile(r'("(?:[^"]|"")*")')
_NUMBER = re.compile(r"(?<![\w.])(?:\d+\.?\d*|\.\d+)(?:E[+-]?\d+)?(?![\w.(])", re.ASCII)


def canonical(formula: str, refer: Refer) -> str:
    """The formula without blanks and $, names in capitals, numbers alike, its references as `refer` names them."""
    formula = excel_spelling(formula)
    parsed = _PARSER.parse("=" + formula)
    if "{{" in formula or any(fault["reason"] in _UNREADABLE for fault in parsed.faults):
        return _spelt(formula)
    return _joined(parsed.pieces, refer)


def _joined(pieces: Expression, refer: Refer) -> str:
    parts = []
    for piece in pieces:
        if isinstance(piece, Ref):
            rows = _span(piece.row1, piece.row2, LAST_ROW)
            columns = _span(piece.col1, piece.col2, LAST_COLUMN)
            parts.append(refer(piece.sheet, rows, columns))
        elif isinstance(piece, Call):
            name = piece.name.removeprefix("_XLFN.").removeprefix("_XLWS.")
            parts.append(f"{name}({','.join(_joined(argument, refer) for argument in piece.arguments)})")
        elif isinstance(piece, str):
            parts.append(_spelt(piece))
    return "".join(parts)


def _span(first: int | None, last: int | None, end: int) -> Span | None:
    """Rows or columns of a reference; None for all of them, however they are written (A:A, A1:A1048576)."""
    return None if first is None or last is None or (first, last) == (1, end) else (first, last)


@lru_cache(maxsize=4096)
def _spelt(text: str) -> str:
    """What stands between references; what is quoted stays as it is."""
    parts = _LITERAL.split(text)
    for at in range(0, len(parts), 2):
        plain = "".join(_REFERENCE_ERROR.sub(_GONE, parts[at]).upper().split())
        parts[at] = _NUMBER.sub(lambda number: f"{Decimal(number[0]).normalize():e}", plain)
    return "".join(parts)


Axes = tuple[Axis, ...]


class Formulas:
    """Compares formulas of a matched workbook."""

    def __init__(self, matching: Matching) -> None:
        self._moved = matching.moved
        self._pairs = {pair.written.name.casefold(): pair for pair in matching.pairs}
        # Which axis is taken of which axes: as matched, or in another reading of one sheet's rows or columns.
        self._readings: list[dict[int, Axis]] = [{}]
        for axes in (axes for pair in matching.pairs for axes in (pair.rows, pair.columns)):
            self._readings += [{id(axes): axis} for axis in axes[1:]]
        present = [*(pair.current for pair in matching.pairs), *matching.added]
        self._present = {sheet.name.casefold() for sheet in present}

    def same(self, pair: Pair, written: str, current: str) -> bool:
        """Whether `current` is what became of `written` by the moves of sheets, rows and columns alone."""
        if not self._moved and written == current.removeprefix("="):
            return True
        found = canonical(current, partial(self._as_it_is, pair))
        readings = (canonical(written, partial(self._moved_along, pair, reading)) for reading in self._readings)
        return found in readings

    def _as_it_is(self, pair: Pair, sheet: str | None, rows: Span | None, columns: Span | None) -> str:
        name = (sheet or pair.current.name).casefold()
        return _key(name, rows, columns) if name in self._present else _GONE

    def _moved_along(self, pair: Pair, reading: Mapping[int, Axis], sheet: str | None, *spans: Span | None) -> str:
        target = self._pairs.get(sheet.casefold()) if sheet else pair
        if target is None:
            return _GONE
        now = []
        for axes, span in zip((target.rows, target.columns), spans, strict=True):
            now.append(None if span is None else reading.get(id(axes), axes[0]).span(*span))
            if span is not None and now[-1] is None:
                return _GONE
        return _key(target.current.name.casefold(), *now)


def _key(sheet: str, rows: Span | None, columns: Span | None) -> str:
    return f"«{sheet}!{rows}{columns}»"
