"""A template's formula: parsed once into pieces, then written for each instance with its own references."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from openpyxl.formula.tokenizer import Token, Tokenizer, TokenizerError

from .lint import ADDITIVE, ALLOWED_FUNCTIONS, LOOKUPS, SEVERAL, function_fault, turkish
from .placeholders import Text, UnknownPathError, compile_text
from .reference import Ref, parse_reference


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


class FormulaParser:
    """Parses the formulas of one template sheet; `has_sheet` and `name` answer for the workbook."""

    def __init__(
        self,
        has_sheet: Callable[[str], bool],
        name: Callable[[str], str | None],
        allowed: frozenset[str] = ALLOWED_FUNCTIONS,
    ) -> None:
        self._has_sheet = has_sheet
        self._name = name
        self._allowed = allowed
        self._cache: dict[str, Parsed] = {}

    def parse(self, formula: str) -> Parsed:
        """The formula ("=…") as pieces; faults are listed, not raised."""
        if formula not in self._cache:
            self._cache[formula] = self._parse(formula, depth=0)
        return self._cache[formula]

    def _parse(self, formula: str, depth: int) -> Parsed:
        parsed = Parsed(())
        try:
            tokens = _without_blanks(Tokenizer(formula).items)
        except (TokenizerError, IndexError):
            reason = "placeholder" if "{{" in formula else "syntax"
            parsed.faults.append({"reason": reason})
            return parsed
        # Outside a string literal the tokenizer takes a placeholder for an array within an array.
        if any(a.value == b.value == "{" for a, b in pairwise(tokens)):
            parsed.faults.append({"reason": "placeholder"})
            return parsed
        reader = _Reader(tokens, parsed, self, depth)
        parsed.pieces = reader.expression()
        if reader.at < len(tokens):
            parsed.faults.append({"reason": "syntax"})
        return parsed

    def operand(self, token: Token, parsed: Parsed, depth: int) -> Expression:
        """The pieces of one operand token."""
        text = token.value
        if token.subtype == Token.TEXT:
            return self._literal(text, parsed)
        if token.subtype in (Token.NUMBER, Token.LOGICAL):
            return (text,)
        if token.subtype == Token.ERROR:
            parsed.faults.append({"reason": "ref_error"})
            return (text,)
        return self._reference(text, parsed, depth)

    def _literal(self, text: str, parsed: Parsed) -> Expression:
        try:
            compiled = compile_text(text[1:-1].replace('""', '"'))
        except UnknownPathError as error:
            parsed.paths.append((error.args[0], error.args[1]))
            return (text,)
        return (text,) if compiled is None else (Literal(compiled),)

    def _reference(self, text: str, parsed: Parsed, depth: int) -> Expression:
        fault: dict[str, str] | None = None
        ref = parse_reference(text)
        sheet, _, rest = text.rpartition("!")
        if "#REF!" in text:
            fault = {"reason": "ref_error"}
        elif "[" in sheet:
            fault = {"reason": "external"}
        elif "[" in rest:
            fault = {"reason": "table", "name": rest.partition("[")[0]}
        elif ":" in sheet:
            fault = {"reason": "three_d"}
        elif ref is not None:
            if ref.sheet is not None and not self._has_sheet(ref.sheet):
                fault = {"reason": "sheet", "sheet": ref.sheet}
            else:
                return (ref,)
        elif english := turkish(text):
            fault = {"reason": "turkish", "function": text, "english": english}
        elif (meaning := self._name(text)) is not None and depth < 8:
            # The output's formula holds what the name means: a name can't follow the context of each cell.
            inner = self._parse("=" + meaning, depth + 1)
            parsed.faults += inner.faults
            parsed.paths += inner.paths
            return inner.pieces if len(inner.pieces) == 1 else ("(", *inner.pieces, ")")
        else:
            fault = {"reason": "name", "name": text}
        parsed.faults.append(fault)
        return (text,)

    def call_fault(self, name: str) -> dict[str, str] | None:
        return function_fault(name, self._allowed)


class _Reader:
    """Recursive descent over the tokens."""

    def __init__(self, tokens: list[Token], parsed: Parsed, parser: FormulaParser, depth: int) -> None:
        self.tokens, self.parsed, self.parser, self.depth = tokens, parsed, parser, depth
        self.at = 0

    def expression(self, in_call: bool = False) -> Expression:
        """Pieces up to the end, a separator of the call, or a closing bracket."""
        pieces: list[Piece] = []
        in_array = 0
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            if token.type == Token.SEP and not in_array:
                if token.subtype == Token.ROW:
                    self.parsed.faults.append({"reason": "separator"})
                elif not in_call:
                    self.parsed.faults.append({"reason": "syntax"})
                if in_call:
                    break
                pieces.append(token.value)
            elif token.type == Token.FUNC and token.subtype == Token.OPEN:
                pieces.append(self._call(token))
                continue
            elif token.type == Token.FUNC:
                break
            elif token.type == Token.PAREN and token.subtype == Token.OPEN:
                self.at += 1
                inner = self.expression()
                pieces += ["(", *inner, ")"]
            elif token.type == Token.PAREN:
                break
            elif token.type == Token.OPERAND:
                pieces += self.parser.operand(token, self.parsed, self.depth)
            else:
                if token.type == Token.ARRAY:
                    in_array += 1 if token.subtype == Token.OPEN else -1
                pieces.append(token.value)
            self.at += 1
        return _joined(pieces)

    def _call(self, token: Token) -> Call:
        name = token.value[:-1].upper()
        if fault := self.parser.call_fault(name):
            self.parsed.faults.append(fault)
        self.at += 1
        arguments: list[Expression] = []
        while self.at < len(self.tokens):
            arguments.append(self.expression(in_call=True))
            if self.at >= len(self.tokens):
                self.parsed.faults.append({"reason": "syntax"})
                break
            closing = self.tokens[self.at]
            self.at += 1
            if closing.type != Token.SEP:
                break
        return Call(name, () if arguments == [()] else tuple(arguments))


def _without_blanks(tokens: list[Token]) -> list[Token]:
    """The tokens without white space, but for a blank between two operands: that one intersects them."""
    kept: list[Token] = []
    for at, token in enumerate(tokens):
        if token.type == Token.WSPACE:
            after = tokens[at + 1] if at + 1 < len(tokens) else None
            starts = after is not None and (after.type == Token.OPERAND or after.subtype == Token.OPEN)
            ends = bool(kept) and (kept[-1].type == Token.OPERAND or kept[-1].subtype == Token.CLOSE)
            if not (starts and ends):
                continue
        kept.append(token)
    return kept


def _joined(pieces: list[Piece]) -> Expression:
    """Neighbouring texts as one."""
    found: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, str) and found and isinstance(found[-1], str):
            found[-1] += piece
        else:
            found.append(piece)
    return tuple(found)


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
