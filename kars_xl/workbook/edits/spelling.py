"""Formulas in one spelling, so that equal texts mean the same formula whichever program saved it."""

from __future__ import annotations

import re
from collections.abc import Callable
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
            parts.append(refer(piece.sheet, _rows(piece), _columns(piece)))
        elif isinstance(piece, Call):
            name = piece.name.removeprefix("_XLFN.").removeprefix("_XLWS.")
            parts.append(f"{name}({','.join(_joined(argument, refer) for argument in piece.arguments)})")
        elif isinstance(piece, str):
            parts.append(_spelt(piece))
    return "".join(parts)


def _rows(ref: Ref) -> Span | None:
    """Its rows; None for whole columns, however they are written (A:A, A1:A1048576)."""
    if ref.row1 is None or ref.row2 is None or (ref.row1 == 1 and ref.row2 == LAST_ROW):
        return None
    return ref.row1, ref.row2


def _columns(ref: Ref) -> Span | None:
    if ref.col1 is None or ref.col2 is None or (ref.col1 == 1 and ref.col2 == LAST_COLUMN):
        return None
    return ref.col1, ref.col2


@lru_cache(maxsize=4096)
def _spelt(text: str) -> str:
    """What stands between references; what is quoted stays as it is."""
    parts = _LITERAL.split(text)
    for at in range(0, len(parts), 2):
        plain = "".join(_REFERENCE_ERROR.sub(_GONE, parts[at]).upper().split())
        parts[at] = _NUMBER.sub(lambda number: f"{Decimal(number[0]).normalize():e}", plain)
    return "".join(parts)


Axes = tuple[Axis, ...]
Reading = tuple[Axes, Axis] | None  # axes, and which of them is taken


class Formulas:
    """Compares formulas of a matched workbook."""

    def __init__(self, matching: Matching) -> None:
        self._moved = matching.moved
        self._pairs = {pair.written.name.casefold(): pair for pair in matching.pairs}
        # As the sheets were matched, and with each other reading of one sheet's rows or columns.
        self._readings: list[Reading] = [None]
        for axes in (axes for pair in matching.pairs for axes in (pair.rows, pair.columns)):
            self._readings += [(axes, axis) for axis in axes[1:]]
        present = [*(pair.current for pair in matching.pairs), *matching.added]
        self._present = {sheet.name.casefold() for sheet in present}

    def same(self, pair: Pair, written: str, current: str) -> bool:
        """Whether `current` is what became of `written` by the moves of sheets, rows and columns alone."""
        if not self._moved and written == current.removeprefix("="):
            return True
        # The parser belongs to the template engine, which takes longer to import than most workbooks to compare.

        found = canonical(current, partial(self._as_it_is, pair))
        readings = (canonical(written, partial(self._moved_along, pair, reading)) for reading in self._readings)
        return found in readings

    def _as_it_is(self, pair: Pair, sheet: str | None, rows: Span | None, columns: Span | None) -> str:
        name = (sheet or pair.current.name).casefold()
        return _key(name, rows, columns) if name in self._present else _GONE

    def _moved_along(
        self, pair: Pair, reading: Reading, sheet: str | None, rows: Span | None, columns: Span | None
    ) -> str:
        target = self._pairs.get(sheet.casefold()) if sheet else pair
        if target is None:
            return _GONE
        if rows is not None and (rows := _read(target.rows, reading).span(*rows)) is None:
            return _GONE
        if columns is not None and (columns := _read(target.columns, reading).span(*columns)) is None:
            return _GONE
        return _key(target.current.name.casefold(), rows, columns)


def _read(axes: Axes, reading: Reading) -> Axis:
    return reading[1] if reading is not None and reading[0] is axes else axes[0]


def _key(sheet: str, rows: Span | None, columns: Span | None) -> str:
    return f"«{sheet}!{rows}{columns}»"
