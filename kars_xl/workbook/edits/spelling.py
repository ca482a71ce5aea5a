"""Formulas in one spelling, so that equal texts mean the same formula whichever program saved it."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache

from kars_xl.template.formula.formula import Call, Expression
from kars_xl.template.formula.odf import excel_spelling
from kars_xl.template.formula.parse import FormulaParser
from kars_xl.template.formula.reference import LAST_COLUMN, LAST_ROW, Ref
from kars_xl.workbook.edits.align import Span

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
