"""What Excel takes as a formula: its limits, and references to sheets that are there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set

_TEXT = re.compile(r'"(?:[^"]|"")*"')
_SHEET = re.compile(r"(?:'((?:[^']|'')+)'|([^\W\d][\w.]*))!")
_FUNCTION = re.compile(r"([A-Z][A-Z0-9.]*)\(")
# Excel knows these only with the prefix _xlfn.
_NEWER = {
    "IFS", "SWITCH", "CONCAT", "TEXTJOIN", "MAXIFS", "MINIFS", "XLOOKUP", "XMATCH", "FILTER", "SORT", "SORTBY",
    "UNIQUE", "SEQUENCE", "LET", "LAMBDA", "IFNA", "XOR", "NUMBERVALUE", "SHEET", "SHEETS", "FORMULATEXT",
    "TEXTBEFORE", "TEXTAFTER", "VSTACK", "HSTACK", "DAYS", "ISFORMULA",
}  # fmt: skip


def formula_faults(formula: str, titles: Set[str]) -> Iterator[str]:
    """The faults of a formula in a workbook with sheets of these names (folded)."""
    if not formula:
        yield "an empty formula"
    if formula.startswith("="):
        yield f"{formula[:40]}: begins with ="
    if len(formula) > 8192:
        yield f"a formula of {len(formula)} characters"
    if any(len(text.replace('""', '"')) > 257 for text in _TEXT.findall(formula)):
        yield "a text of more than 255 characters in a formula"
    for title in sheets_of(formula) - titles:
        yield f"{formula[:60]}: no sheet {title}"
    bare = _TEXT.sub('""', formula)
    if "#REF!" in bare:
        yield f"{formula[:60]}: lost its cell"
    if "[" in bare:
        yield f"{formula[:60]}: another workbook"
    if ";" in bare:
        yield f"{formula[:60]}: a semicolon"
    yield from (f"{name} needs a prefix" for name in _FUNCTION.findall(bare) if name in _NEWER)
    yield from _nesting(re.sub(r"'(?:[^']|'')+'", "s", bare))


def sheets_of(formula: str) -> set[str]:
    """The sheets that a formula names (folded)."""
    bare = _TEXT.sub('""', formula)
    return {(quoted.replace("''", "'") or plain).casefold() for quoted, plain in _SHEET.findall(bare)}


def _nesting(formula: str) -> Iterator[str]:
    depth = deepest = 0
    counts = [0]
    for char in formula:
        if char == "(":
            depth += 1
            counts.append(1)
        elif char == ")":
            depth -= 1
            if depth < 0:
                break
            if counts.pop() > 255:
                yield "a function with more than 255 arguments"
        elif char == ",":
            counts[-1] += 1
        deepest = max(deepest, depth)
    if depth:
        yield f"{formula[:60]}: brackets that do not close"
    if deepest > 64:
        yield f"{deepest} levels of brackets"
