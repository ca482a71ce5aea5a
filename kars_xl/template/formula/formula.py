"""A formula as pieces: what of it are references, calls and texts, and which of them may be ranges."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from kars_xl.template.formula.reference import Ref
from kars_xl.template.layout.placeholders import Text


@dataclass(frozen=True, slots=True, eq=False)
class Literal:
    """A string literal with placeholders."""

    text: Text


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """A function call; each argument is a list of pieces."""

    name: str
    arguments: tuple[tuple[Piece, ...], ...]


Piece = str | Ref | Call | Literal
Expression = tuple[Piece, ...]


@dataclass(slots=True)
class Parsed:
    """A formula's pieces and what is wrong with it: facts of KX502, and unknown paths of KX501."""

    pieces: Expression
    faults: list[dict[str, str]] = field(default_factory=list)
    paths: list[tuple[str, str]] = field(default_factory=list)


def shifted(pieces: Expression, rows: int, columns: int) -> Expression:
    """The pieces as they read in a cell that many rows and columns away."""

    def move(piece: Piece) -> Piece:
        if isinstance(piece, Ref):
            return piece.shifted(rows, columns)
        if isinstance(piece, Call):
            return Call(piece.name, tuple(shifted(a, rows, columns) for a in piece.arguments))
        return piece

    return pieces if not (rows or columns) else tuple(move(piece) for piece in pieces)


def bare_references(argument: Expression) -> list[Ref]:
    """The references of an argument that is one reference, or several joined by commas in brackets; else []."""
    if len(argument) == 1 and isinstance(argument[0], Ref):
        return [argument[0]]
    if len(argument) >= 3 and argument[0] == "(" and argument[-1] == ")":
        inner = argument[1:-1]
        if all(isinstance(p, Ref) if i % 2 == 0 else p == "," for i, p in enumerate(inner)) and len(inner) % 2:
            return [piece for piece in inner if isinstance(piece, Ref)]
    return []


def union(pieces: Expression) -> list[Ref]:
    """The references of a formula that is one or a union of several, in brackets or (as names have it) without."""
    return bare_references(pieces) or bare_references(("(", *pieces, ")"))


def range_references(call: Call) -> list[Ref]:
    """The references of an additive call that are its ranges: those that it goes through cell by cell."""
    # Only operators go through arrays cell by cell in every reader: a function in there takes one value.
    return [
        piece
        for at, argument in enumerate(call.arguments)
        if not is_criterion(ADDITIVE[call.name], at)
        for piece in argument
        if isinstance(piece, Ref)
    ]


def misplaced_ranges(pieces: Expression, function: str = "") -> Iterator[tuple[Ref, str]]:
    """Ranges that stand where readers expect one value, each with the function around it ("" for none).

    There Excel takes one cell of the range, another reader all of them, and a third the first.
    """
    for piece in pieces:
        if isinstance(piece, Ref):
            if not piece.is_cell:
                yield piece, function
        elif isinstance(piece, Call):
            allowed = {id(ref) for argument in _range_arguments(piece) for ref in bare_references(argument)}
            if piece.name == "SUMPRODUCT":
                allowed |= {id(ref) for ref in range_references(piece)}
            for argument in piece.arguments:
                for ref, around in misplaced_ranges(argument, piece.name):
                    if id(ref) not in allowed:
                        yield ref, around


def _range_arguments(call: Call) -> list[Expression]:
    """The arguments of a call that may be ranges."""
    if call.name in SEVERAL:
        return list(call.arguments)
    if call.name in ADDITIVE:
        return [a for at, a in enumerate(call.arguments) if not is_criterion(ADDITIVE[call.name], at)]
    where = LOOKUPS.get(call.name)
    return [] if where is None else list(call.arguments[where : where + 1])


def is_criterion(criteria: tuple[int, int] | None, at: int) -> bool:
    """Whether an additive call's argument number `at` is a single value and not a range."""
    if criteria is None:
        return False
    first, step = criteria
    return at == first or (step > 0 and at >= first and (at - first) % step == 0)


ALLOWED_FUNCTIONS = frozenset({
    "SUM", "SUMIF", "SUMIFS", "SUMPRODUCT", "COUNT", "COUNTA", "COUNTBLANK", "COUNTIF", "COUNTIFS", "IF",
    "IFERROR", "AND", "OR", "NOT", "ROUND", "ABS", "MIN", "MAX", "AVERAGE", "INDEX", "MATCH", "VLOOKUP",
    "ISBLANK", "ISNUMBER", "ISTEXT", "LEN", "LEFT", "RIGHT", "MID", "TRIM", "CONCATENATE", "PRODUCT", "MOD",
    "INT", "ROW", "ROWS", "COLUMN", "COLUMNS", "EXACT", "SUBSTITUTE", "UPPER", "LOWER", "VALUE", "FIXED",
    "N", "T", "HYPERLINK", "YEAR", "DATE", "TRUE", "FALSE",
})  # fmt: skip

# The rules that Excel writes by itself for "cells that contain …" use these too; only the viewer computes them.
RULE_FUNCTIONS = ALLOWED_FUNCTIONS | {
    "ISERROR", "SEARCH", "FIND", "TODAY", "FLOOR", "WEEKDAY", "ROUNDDOWN", "MONTH", "DAY", "EDATE",
}  # fmt: skip

# Excel stores English names whatever its language, so a Turkish name in the file was never understood by Excel.
TURKISH_FUNCTIONS = {
    "TOPLA": "SUM", "ETOPLA": "SUMIF", "ÇOKETOPLA": "SUMIFS", "TOPLA.ÇARPIM": "SUMPRODUCT", "BAĞ_DEĞ_SAY": "COUNT",
    "BAĞ_DEĞ_DOLU_SAY": "COUNTA", "BOŞLUKSAY": "COUNTBLANK", "EĞERSAY": "COUNTIF", "ÇOKEĞERSAY": "COUNTIFS",
    "EĞER": "IF", "EĞERHATA": "IFERROR", "VE": "AND", "YADA": "OR", "DEĞİL": "NOT", "YUVARLA": "ROUND",
    "MUTLAK": "ABS", "MİN": "MIN", "MAK": "MAX", "ORTALAMA": "AVERAGE", "İNDİS": "INDEX", "KAÇINCI": "MATCH",
    "DÜŞEYARA": "VLOOKUP", "EBOŞSA": "ISBLANK", "ESAYIYSA": "ISNUMBER", "EMETİNSE": "ISTEXT", "UZUNLUK": "LEN",
    "SOLDAN": "LEFT", "SAĞDAN": "RIGHT", "PARÇAAL": "MID", "KIRP": "TRIM", "BİRLEŞTİR": "CONCATENATE",
    "ÇARPIM": "PRODUCT", "TAMSAYI": "INT", "SATIR": "ROW", "SATIRSAY": "ROWS", "SÜTUN": "COLUMN",
    "SÜTUNSAY": "COLUMNS", "ÖZDEŞ": "EXACT", "YERİNEKOY": "SUBSTITUTE", "BÜYÜKHARF": "UPPER", "KÜÇÜKHARF": "LOWER",
    "SAYIYAÇEVİR": "VALUE", "SAYIDÜZENLE": "FIXED", "KÖPRÜ": "HYPERLINK", "YIL": "YEAR", "TARİH": "DATE",
    "DOĞRU": "TRUE", "YANLIŞ": "FALSE", "METNEÇEVİR": "TEXT", "BUGÜN": "TODAY", "ŞİMDİ": "NOW",
    "YUKARIYUVARLA": "ROUNDUP", "AŞAĞIYUVARLA": "ROUNDDOWN",
}  # fmt: skip

# Functions that take any number of cells and ranges: one reference may become several arguments.
# The value is what stands in the place of no cells at all; None makes the whole call 0.
SEVERAL: dict[str, str | None] = {
    "SUM": "0", "MIN": "0", "MAX": "0", "PRODUCT": "0", "AND": "TRUE", "OR": "FALSE",
    "COUNT": None, "COUNTA": None, "AVERAGE": None,
}  # fmt: skip
NESTABLE = frozenset(("SUM", "MIN", "MAX", "PRODUCT", "AND", "OR"))

# Functions whose result over two ranges is the sum of their results over each: a range in pieces becomes a sum.
# The value tells which arguments are single values: (first, step), step 0 for only that one; None for none.
ADDITIVE: dict[str, tuple[int, int] | None] = {
    "SUMIF": (1, 0), "COUNTIF": (1, 0), "SUMIFS": (2, 2), "COUNTIFS": (1, 2), "COUNTBLANK": None, "SUMPRODUCT": None,
    "ROWS": None,
}  # fmt: skip

# Functions with one argument (counted from 0) that must be one range.
LOOKUPS = {"INDEX": 0, "MATCH": 1, "VLOOKUP": 1, "COLUMNS": 0}


def turkish(name: str) -> str | None:
    """The English name of a Turkish function or constant."""
    return TURKISH_FUNCTIONS.get(name.replace("i", "İ").replace("ı", "I").upper())


def function_fault(name: str, allowed: frozenset[str]) -> dict[str, str] | None:
    """The reason and facts of KX502 for a function's name, or None if it is allowed."""
    if name in allowed:
        return None
    if name == "TEXT":
        return {"reason": "text", "function": name}
    if english := turkish(name):
        return {"reason": "turkish", "function": name, "english": english}
    return {"reason": "function", "function": name}


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
