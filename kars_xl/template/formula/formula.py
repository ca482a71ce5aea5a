"""A formula as pieces: its A1 references, calls and texts, and which of them may be ranges."""

import re
from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct, field
from msgspec.structs import replace

from kars_xl.base.place import column_letters, column_number
from kars_xl.template.nodes import Text

LAST_ROW = 1_048_576
LAST_COLUMN = 16_384
_CORNER = r"(?:(\$?)([A-Za-z]{1,3}))?(?:(\$?)(\d+))?"
_REFERENCE = re.compile(rf"(?:('(?:[^']|'')+'|[^'!]+)!)?{_CORNER}(:{_CORNER})?\Z")
_PLAIN_SHEET = re.compile(r"[^\W\d]\w*\Z")
_LIKE_A_CELL = re.compile(r"([A-Za-z]{1,3}\d+|[Rr]\d*([Cc]\d*)?|[Cc]\d*)\Z")
ALLOWED_FUNCTIONS = frozenset({
    "SUM", "SUMIF", "SUMIFS", "SUMPRODUCT", "COUNT", "COUNTA", "COUNTBLANK", "COUNTIF", "COUNTIFS", "IF",
    "IFERROR", "AND", "OR", "NOT", "ROUND", "ROUNDUP", "ROUNDDOWN", "ABS", "MIN", "MAX", "AVERAGE", "INDEX",
    "MATCH", "VLOOKUP", "ISBLANK", "ISERROR", "ISNUMBER", "ISTEXT", "LEN", "LEFT", "RIGHT", "MID", "TRIM",
    "CONCATENATE", "PRODUCT", "MOD", "INT", "ROW", "ROWS", "COLUMN", "COLUMNS", "EXACT", "SUBSTITUTE", "UPPER",
    "LOWER", "VALUE", "FIXED", "N", "T", "HYPERLINK", "YEAR", "DATE", "TRUE", "FALSE",
})  # fmt: skip

# The rules that Excel writes by itself for "cells that contain …" use these too; only the viewer computes them.
RULE_FUNCTIONS = ALLOWED_FUNCTIONS | {"SEARCH", "FIND", "TODAY", "FLOOR", "WEEKDAY", "MONTH", "DAY", "EDATE"}

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
    "EHATALIYSA": "ISERROR", "DOĞRU": "TRUE", "YANLIŞ": "FALSE", "METNEÇEVİR": "TEXT", "BUGÜN": "TODAY", "ŞİMDİ": "NOW",
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
_PREFIX = re.compile(r"(?:of|oooc|msoxl):=?")
_PARTS = re.compile(r"""("(?:[^"]|"")*")|\[((?:'(?:[^']|'')*'|[^\]'])*)\]|;""")
_ODF_CORNER = re.compile(r"\$?('(?:[^']|'')*'|[^.:'$]*)\.([^:]*)")


@lru_cache(maxsize=1024)
def quoted(sheet: str) -> str:
    """A sheet's name as formulas write it."""
    plain = _PLAIN_SHEET.match(sheet) and sheet.isascii() and not _LIKE_A_CELL.match(sheet)
    return sheet if plain else "'" + sheet.replace("'", "''") + "'"


class Ref(Struct, frozen=True, eq=False):
    """A reference of a template formula; `sheet` is the template sheet's title or None for the formula's own. Rows or
    columns are None where the whole column or row is meant. Equality is identity: each occurrence is its own."""

    text: str
    sheet: str | None
    row1: int | None
    col1: int | None
    row2: int | None
    col2: int | None
    fixed_row1: bool = False
    fixed_col1: bool = False
    fixed_row2: bool = False
    fixed_col2: bool = False
    is_range: bool = False

    @property
    def height(self) -> int:
        return 0 if self.row1 is None or self.row2 is None else self.row2 - self.row1 + 1

    @property
    def is_cell(self) -> bool:
        return self.height == 1 and self.col1 is not None and self.col1 == self.col2

    def shifted(self, rows: int, columns: int) -> "Ref":
        """The reference as it reads in a cell that many rows and columns away; wraps nothing, stays on the sheet."""

        def move(at: int | None, fixed: bool, by: int, last: int) -> int | None:
            return at if at is None or fixed else min(max(at + by, 1), last)

        return replace(
            self,
            row1=move(self.row1, self.fixed_row1, rows, LAST_ROW),
            row2=move(self.row2, self.fixed_row2, rows, LAST_ROW),
            col1=move(self.col1, self.fixed_col1, columns, LAST_COLUMN),
            col2=move(self.col2, self.fixed_col2, columns, LAST_COLUMN),
        )

    def written(self, sheet: str | None, rows: tuple[int, int] | None, as_range: bool | None = None) -> str:
        """The reference to output rows (None: as it is) of an output sheet (None: the formula's own).
        A single cell is written A1:A1 or A1, as `as_range` says, or as the template has it."""
        prefix = "" if sheet is None else quoted(sheet) + "!"
        first, last = rows or (self.row1, self.row2)
        one = prefix + _corner(self.col1, self.fixed_col1, first, self.fixed_row1)
        is_range = self.is_range if as_range is None else as_range
        if is_range or first != last or self.col1 != self.col2 or first is None or self.col1 is None:
            return f"{one}:{_corner(self.col2, self.fixed_col2, last, self.fixed_row2)}"
        return one

    def relative(self, sheet: str | None, rows: tuple[int, int] | None, anchor: tuple[int, int]) -> str:
        """The same as seen from a cell: equal texts mean "the same formula" in two cells."""
        first, last = rows or (self.row1, self.row2)

        def part(at: int | None, fixed: bool, base: int) -> str:
            return "" if at is None else f"{at}" if fixed else f"[{at - base}]"

        row, column = anchor
        return (
            f"{sheet or ''}!R{part(first, self.fixed_row1, row)}C{part(self.col1, self.fixed_col1, column)}"
            f":R{part(last, self.fixed_row2, row)}C{part(self.col2, self.fixed_col2, column)}"
        )


def _corner(col: int | None, fixed_col: bool, row: int | None, fixed_row: bool) -> str:
    letters = "" if col is None else ("$" if fixed_col else "") + column_letters(col)
    return letters if row is None else f"{letters}{'$' if fixed_row else ''}{row}"


def parse_reference(text: str) -> Ref | None:
    """The reference that a token is; None if it is a name or something else."""
    match = _REFERENCE.match(text)
    if not match:
        return None
    sheet, fixed_c1, c1, fixed_r1, r1, to, fixed_c2, c2, fixed_r2, r2 = match.groups()
    if to is None:
        fixed_c2, c2, fixed_r2, r2 = fixed_c1, c1, fixed_r1, r1
    if (c1 is None, r1 is None) != (c2 is None, r2 is None) or not (c1 and r1 if to is None else c1 or r1):
        return None
    rows = None if r1 is None else (int(r1), int(r2))
    columns = None if c1 is None else (column_number(c1), column_number(c2))
    if rows and columns and not (1 <= rows[0] <= rows[1] <= LAST_ROW and columns[0] <= columns[1] <= LAST_COLUMN):
        return None
    (row1, row2), (col1, col2) = rows or (None, None), columns or (None, None)
    if sheet is not None and sheet.startswith("'"):
        sheet = sheet[1:-1].replace("''", "'")
    return Ref(text, sheet, row1, col1, row2, col2, *map(bool, (fixed_r1, fixed_c1, fixed_r2, fixed_c2, to)))


class Literal(Struct, frozen=True, eq=False):
    """A string literal with placeholders."""

    text: Text


class Call(Struct, frozen=True, eq=False):
    """A function call; each argument is a list of pieces."""

    name: str
    arguments: "tuple[Expression, ...]"


Piece = str | Ref | Call | Literal
Expression = tuple[Piece, ...]


class Parsed(Struct):
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
    return [piece for argument in _ranges(call) for piece in argument if isinstance(piece, Ref)]


def misplaced_ranges(pieces: Expression, function: str = "") -> Iterator[tuple[Ref, str]]:
    """Ranges that stand where readers expect one value, each with the function around it ("" for none).
    There Excel takes one cell of the range, another reader all of them, and a third the first."""
    for piece in pieces:
        if isinstance(piece, Ref):
            if not piece.is_cell:
                yield piece, function
        elif isinstance(piece, Call):
            # The arguments that may be ranges.
            arguments, where = list(piece.arguments), LOOKUPS.get(piece.name)
            if piece.name in ADDITIVE:
                arguments = _ranges(piece)
            elif piece.name not in SEVERAL:
                arguments = [] if where is None else arguments[where : where + 1]
            allowed = {id(ref) for argument in arguments for ref in bare_references(argument)}
            if piece.name == "SUMPRODUCT":
                allowed |= {id(ref) for ref in range_references(piece)}
            for argument in piece.arguments:
                for ref, around in misplaced_ranges(argument, piece.name):
                    if id(ref) not in allowed:
                        yield ref, around


def _ranges(call: Call) -> list[Expression]:
    """The arguments of an additive call that are no single values."""
    first, step = ADDITIVE[call.name] or (len(call.arguments), 0)
    single = range(first, len(call.arguments), step) if step else (first,)
    return [argument for at, argument in enumerate(call.arguments) if at not in single]


def turkish(name: str) -> str | None:
    """The English name of a Turkish function or constant."""
    return TURKISH_FUNCTIONS.get(name.replace("i", "İ").replace("ı", "I").upper())


def function_fault(name: str, allowed: frozenset[str]) -> dict[str, str] | None:
    """The reason and facts of KX502 for a function's name, or None if it is allowed."""
    if name in allowed:
        return None
    if english := turkish(name):
        return {"reason": "turkish", "function": name, "english": english}
    return {"reason": "text" if name == "TEXT" else "function", "function": name}


def excel_spelling(formula: str) -> str:
    """of:=SUM([.A1:.A3];['PH 1.1'.$B$2]) → SUM(A1:A3,'PH 1.1'!$B$2); any other formula without its "="."""
    prefix = _PREFIX.match(formula)
    text = _PARTS.sub(_part, formula[prefix.end() :]) if prefix else formula
    return text.lstrip("=")


def _part(found: re.Match[str]) -> str:
    literal, reference = found[1], found[2]
    if literal is not None or reference is None:
        return literal or ","
    if not (corners := _ODF_CORNER.findall(reference)):
        return str(reference)
    sheet = corners[0][0]
    return (f"{sheet}!" if sheet else "") + ":".join(cell for _, cell in corners)
