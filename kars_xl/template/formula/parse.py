"""Formulas are parsed once into pieces, then written for each instance with its own references."""

from collections.abc import Container, Mapping
from itertools import groupby, pairwise
from typing import NamedTuple

from formualizer import Tokenizer, TokenizerError
from msgspec import Struct, field

from kars_xl.template.formula import formula as language
from kars_xl.template.formula.formula import Expression, Parsed, Piece, parse_reference
from kars_xl.template.nodes import UnknownPathError, compile_text


class Token(NamedTuple):
    """A word of a formula: the tokenizer's names for its kind and what it is of that kind."""

    kind: str
    part: str
    value: str


def tokens_of(formula: str) -> list[Token]:
    """The words of "=…"; raises TokenizerError."""
    return [Token(str(found.token_type), str(found.subtype), found.value) for found in Tokenizer(formula).tokens()]


def moved(formula: str, rows: int, columns: int) -> str:
    """The text of "=…" as it reads that many rows and columns away; unchanged where it can't be read."""
    try:
        tokens = tokens_of(formula)
    except TokenizerError:
        return formula
    words = []
    for token in tokens:
        ref = parse_reference(token.value) if token.part == "Range" else None
        words.append(token.value if ref is None else ref.shifted(rows, columns).written(ref.sheet, None))
    return "=" + "".join(words)


class FormulaParser(Struct):
    """Parses the formulas of one sheet.
    `sheets` are the workbook's (None: any is there), `names` the meanings of the defined names, both in lower case."""

    sheets: Container[str] | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    allowed: frozenset[str] = language.ALLOWED_FUNCTIONS
    _cache: dict[str, Parsed] = field(default_factory=dict)

    def parse(self, formula: str) -> Parsed:
        """The formula ("=…") as pieces; faults are listed, not raised."""
        if formula not in self._cache:
            self._cache[formula] = self._parse(formula, depth=0)
        return self._cache[formula]

    def _parse(self, formula: str, depth: int) -> Parsed:
        try:
            tokens = [token for token in tokens_of(formula) if token.kind != "Whitespace"]
        except TokenizerError:
            return Parsed((), [{"reason": "placeholder" if "{{" in formula else "syntax"}])
        # Outside a string literal the tokenizer takes a placeholder for an array within an array.
        if any(a.value == b.value == "{" for a, b in pairwise(tokens)):
            return Parsed((), [{"reason": "placeholder"}])
        parsed = Parsed(())
        reader = _Reader(tokens, parsed, self, depth)
        parsed.pieces = reader.expression()
        if reader.at < len(tokens):
            parsed.faults.append({"reason": "syntax"})
        return parsed

    def operand(self, token: Token, parsed: Parsed, depth: int) -> Expression:
        """The pieces of one operand token."""
        text = token.value
        if token.part == "Text":
            try:
                compiled = compile_text(text[1:-1].replace('""', '"'))
                return (text,) if compiled is None else (language.Literal(compiled),)
            except UnknownPathError as error:
                parsed.paths.append((error.args[0], error.args[1]))
        if token.part in ("Text", "Number", "Logical"):
            return (text,)
        ref = parse_reference(text)
        sheet, _, rest = text.rpartition("!")
        if token.part == "Error" or "#REF!" in text:
            fault = {"reason": "ref_error"}
        elif "[" in sheet:
            fault = {"reason": "external"}
        elif "[" in rest:
            fault = {"reason": "table", "name": rest.partition("[")[0]}
        elif ":" in sheet:
            fault = {"reason": "three_d"}
        elif ref is not None:
            if ref.sheet is None or self.sheets is None or ref.sheet.casefold() in self.sheets:
                return (ref,)
            fault = {"reason": "sheet", "sheet": ref.sheet}
        elif english := language.turkish(text):
            fault = {"reason": "turkish", "function": text, "english": english}
        elif (meaning := self.names.get(text.casefold())) is not None and depth < 8:
            # The output's formula holds what the name means: a name can't follow the context of each cell.
            inner = self._parse("=" + meaning, depth + 1)
            parsed.faults += inner.faults
            parsed.paths += inner.paths
            return inner.pieces if len(inner.pieces) == 1 else ("(", *inner.pieces, ")")
        else:
            fault = {"reason": "name", "name": text}
        parsed.faults.append(fault)
        return (text,)


class _Reader(Struct):
    """Recursive descent over the tokens."""

    tokens: list[Token]
    parsed: Parsed
    parser: FormulaParser
    depth: int
    at: int = 0

    def expression(self, in_call: bool = False) -> Expression:
        """Pieces up to the end, a separator of the call, or a closing bracket."""
        pieces: list[Piece] = []
        in_array = 0
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            if token.kind == "Sep" and not in_array:
                if token.part == "Row":
                    self.parsed.faults.append({"reason": "separator"})
                elif not in_call:
                    self.parsed.faults.append({"reason": "syntax"})
                if in_call:
                    break
                pieces.append(token.value)
            elif token.kind == "Func" and token.part == "Open":
                pieces.append(self._call(token))
                continue
            elif token.kind in ("Func", "Paren") and token.part == "Close":
                break
            elif token.kind == "Paren":
                self.at += 1
                pieces += ["(", *self.expression(), ")"]
            elif token.kind == "Operand":
                pieces += self.parser.operand(token, self.parsed, self.depth)
            else:
                if token.kind == "Array":
                    in_array += 1 if token.part == "Open" else -1
                elif token.value in ("@", "#", ":"):
                    # Excel's files spell these out in words; an operator between references is the formula's own fault.
                    self.parsed.faults.append({"reason": "syntax"})
                pieces.append(token.value)
            self.at += 1
        # Neighbouring texts as one.
        runs = [(texts, list(run)) for texts, run in groupby(pieces, key=lambda piece: isinstance(piece, str))]
        return tuple(piece for texts, run in runs for piece in (["".join(map(str, run))] if texts else run))

    def _call(self, token: Token) -> language.Call:
        name = token.value[:-1].upper()
        if fault := language.function_fault(name, self.parser.allowed):
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
            if closing.kind != "Sep":
                break
        return language.Call(name, () if arguments == [()] else tuple(arguments))
