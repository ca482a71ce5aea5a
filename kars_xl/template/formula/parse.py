"""Formulas are parsed once into pieces, then written for each instance with its own references."""

from __future__ import annotations

from collections.abc import Container, Mapping
from itertools import pairwise
from types import MappingProxyType

from openpyxl.formula.tokenizer import Token, Tokenizer, TokenizerError

from kars_xl.template.formula.formula import (
    ALLOWED_FUNCTIONS,
    Call,
    Expression,
    Literal,
    Parsed,
    Piece,
    function_fault,
    turkish,
)
from kars_xl.template.formula.reference import parse_reference
from kars_xl.template.layout.placeholders import UnknownPathError, compile_text


class FormulaParser:
    """Parses the formulas of one sheet.

    `sheets` are the workbook's (None: any is there), `names` the meanings of the defined names, both in lower case.
    """

    def __init__(
        self,
        sheets: Container[str] | None = None,
        names: Mapping[str, str] = MappingProxyType({}),
        allowed: frozenset[str] = ALLOWED_FUNCTIONS,
    ) -> None:
        self._sheets, self._names, self._allowed = sheets, names, allowed
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
            if ref.sheet is not None and self._sheets is not None and ref.sheet.casefold() not in self._sheets:
                fault = {"reason": "sheet", "sheet": ref.sheet}
            else:
                return (ref,)
        elif english := turkish(text):
            fault = {"reason": "turkish", "function": text, "english": english}
        elif (meaning := self._names.get(text.casefold())) is not None and depth < 8:
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
