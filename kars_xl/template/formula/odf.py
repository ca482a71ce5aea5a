"""Formulas of OpenDocument files in Excel's spelling."""

from __future__ import annotations

import re

_PREFIX = re.compile(r"(?:of|oooc|msoxl):=?")
_PARTS = re.compile(r"""("(?:[^"]|"")*")|\[((?:'(?:[^']|'')*'|[^\]'])*)\]|;""")
_CORNER = re.compile(r"\$?('(?:[^']|'')*'|[^.:'$]*)\.([^:]*)")


def excel_spelling(formula: str) -> str:
    """of:=SUM([.A1:.A3];['PH 1.1'.$B$2]) → SUM(A1:A3,'PH 1.1'!$B$2); any other formula without its "="."""
    prefix = _PREFIX.match(formula)
    text = _PARTS.sub(_part, formula[prefix.end() :]) if prefix else formula
    return text.lstrip("=")


def _part(found: re.Match[str]) -> str:
    literal, reference = found[1], found[2]
    if literal is not None:
        return str(literal)
    if reference is None:
        return ","
    corners = _CORNER.findall(reference)
    if not corners:
        return str(reference)
    sheet = corners[0][0]
    return (f"{sheet}!" if sheet else "") + ":".join(cell for _, cell in corners)
