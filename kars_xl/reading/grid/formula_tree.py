"""A formula as a tree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from formualizer import TokenizerError

from kars_xl.reading.grid.cells import Area, Cell, Unknown, leads_outside
from kars_xl.reading.grid.formula_functions import ARGUMENTS, FUNCTIONS
from kars_xl.reading.grid.formula_values import Node
from kars_xl.template.formula.formula import LAST_COLUMN, LAST_ROW, excel_spelling, parse_reference
from kars_xl.template.formula.parse import Token, tokens_of

if TYPE_CHECKING:
    from kars_xl.reading.grid.formulas import Formulas

_DEEP, _LONGEST = 100, 8192
_CORNERS = re.compile(r"(.*!)?([^!:]+):([^!:]+)")
_TABLE = re.compile(r"([^\W\d][\w.]*)?\[(.*)\]")
_PART = re.compile(r"#[\w ]+|@|[^\[\],@#]+")
PRECEDENCE = {"=": 1, "<>": 1, "<": 1, ">": 1, "<=": 1, ">=": 1, "&": 2, "+": 3, "-": 3, "*": 4, "/": 4, "^": 5}


def areas_of(node: object) -> Iterator[Area]:
    """The ranges that an expression holds, those in calls left out."""
    if isinstance(node, tuple) and node[:1] == ("areas",):
        yield from node[1]
    elif isinstance(node, tuple) and node[:1] != ("call",):
        for part in node:
            yield from areas_of(part)


class Parser:
    """A formula as a tree: tuples whose first item says what they are; what can't be known is a part of it."""

    def __init__(self, book: Formulas, sheet: str, cell: Cell) -> None:
        self.book, self.sheet, self.cell = book, sheet, cell
        self.areas: list[Area] = []
        self.tokens: list[Token] = []
        self.at = self.depth = 0

    def parsed(self, formula: str) -> tuple[Node, list[Area]]:
        return self._text(formula), self.areas

    def _text(self, formula: str) -> Node:
        text = excel_spelling(formula)
        unknown = Unknown("=" + text if leads_outside(text) else "")
        if len(text) > _LONGEST or unknown.link:
            return ("unknown", unknown)
        outer = self.tokens, self.at
        try:
            self.tokens = [token for token in tokens_of("=" + text) if token.kind != "Whitespace"]
            self.at = 0
            node = self._expression(1)
            return node if self.at == len(self.tokens) else ("unknown", unknown)
        except (TokenizerError, IndexError, RecursionError):
            return ("unknown", unknown)
        finally:
            self.tokens, self.at = outer

    def _next(self) -> Token | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def _expression(self, least: int) -> Node:
        self.depth += 1
        if self.depth > _DEEP:
            raise RecursionError
        left = self._operand()
        while (token := self._next()) and token.kind == "OpInfix":
            level = PRECEDENCE.get(token.value, 0)
            if level == 0:
                raise IndexError  # a union or an intersection
            if level < least:
                break
            self.at += 1
            left = ("op", token.value, left, self._expression(level + 1))
        self.depth -= 1
        return left

    def _operand(self) -> Node:
        token = self.tokens[self.at]
        self.at += 1
        if token.kind == "OpPrefix":
            found: Node = ("sign", token.value, self._operand())
            return found if token.value in "+-" else ("unknown", Unknown())
        if token.kind == "Paren":
            found = self._expression(1)
            self._close()
        elif token.kind == "Func":
            found = self._call(token.value[:-1].upper().removeprefix("_XLFN."))
        elif token.kind == "Operand":
            found = self._leaf(token)
        else:
            raise IndexError
        while (token := self._next() or Token("", "", "")).kind == "OpPostfix":
            self.at += 1
            found = ("%", found) if token.value == "%" else ("unknown", Unknown())
        return found

    def _close(self) -> None:
        if self.tokens[self.at].part != "Close":
            raise IndexError
        self.at += 1

    def _call(self, name: str) -> Node:
        nodes: list[Node] = []
        if self.tokens[self.at].part == "Close":
            self.at += 1
        else:
            while True:
                token = self.tokens[self.at]
                empty = (token.kind, token.part) == ("Sep", "Arg") or token.part == "Close"
                nodes.append(("value", None) if empty else self._expression(1))
                token = self.tokens[self.at]
                self.at += 1
                if token.part == "Close":
                    break
                if (token.kind, token.part) != ("Sep", "Arg"):
                    raise IndexError
        least, most = ARGUMENTS.get(name, (1, 255))
        if name not in FUNCTIONS or not least <= len(nodes) <= most:
            return ("unknown", Unknown())
        return ("call", name, nodes)

    def _leaf(self, token: Token) -> Node:
        text = token.value
        if token.part == "Text":
            return ("value", text[1:-1].replace('""', '"'))
        if token.part == "Number":
            return ("value", float(text))
        if token.part == "Logical":
            return ("value", text.upper() == "TRUE")
        if token.part == "Error" or "#REF!" in text:
            return ("error", "#REF!" if "#REF!" in text else text)
        if leads_outside(text):
            return ("unknown", Unknown(text))
        if (ref := parse_reference(text)) or (
            ref := parse_reference(_CORNERS.sub(lambda it: f"{it[1] or ''}{it[3]}:{it[2]}", text))
        ):
            sheet = self.sheet if ref.sheet is None else ref.sheet.casefold()
            if ":" in sheet:
                return ("unknown", Unknown())
            corners = (ref.row1 or 1, ref.col1 or 1, ref.row2 or LAST_ROW, ref.col2 or LAST_COLUMN)
            return self._area(Area(sheet, *corners))
        if match := _TABLE.fullmatch(text):
            return self._structured(match[1] or "", match[2])
        sheet, _, name = text.rpartition("!")
        own = f"{(sheet.strip(chr(39)) or self.sheet).casefold()}!{name.casefold()}"
        meaning = self.book.names.get(own, self.book.names.get(name.casefold()))
        if meaning is None:
            return ("unknown", Unknown())
        relative = [ref for word in tokens_of("=" + meaning.lstrip("=")) if (ref := parse_reference(word.value))]
        if any(
            not (ref.fixed_row1 or ref.row1 is None) or not (ref.fixed_col1 or ref.col1 is None) for ref in relative
        ):
            return ("unknown", Unknown())  # it means another cell in each
        return self._text(meaning)

    def _area(self, *areas: Area) -> Node:
        self.areas += areas
        return ("areas", areas)

    def _structured(self, name: str, inner: str) -> Node:
        """Tablo1[Tutar], Tablo1[[#Totals],[Tutar]], [@Tutar]."""
        row, sheet = self.cell.row, self.sheet
        inside = (t for t in self.book.tables.values() if t.area.sheet == sheet and t.area.row1 <= row <= t.area.row2)
        table = self.book.tables.get(name.casefold()) if name else next(inside, None)
        parts = [part.strip() for part in _PART.findall(inner) if part.strip()]
        columns = [part.casefold() for part in parts if not part.startswith(("#", "@"))]
        if table is None or len(columns) > 1 or not set(columns) <= set(table.columns) or "'" in inner or ":" in inner:
            return ("unknown", Unknown())
        area = table.area
        first, last = area.row1 + table.heading, area.row2 - table.totals
        marks = {part.casefold() for part in parts if part.startswith(("#", "@"))}
        if marks & {"@", "#this row"}:
            first = last = row
        elif "#totals" in marks:
            first = last = area.row2 if table.totals else 0
        elif "#all" in marks:
            first, last = area.row1, area.row2
        elif marks - {"#data"}:
            return ("unknown", Unknown())
        if not area.row1 <= first <= last <= area.row2:
            return ("error", "#REF!")
        left = area.column1 + table.columns.index(columns[0]) if columns else area.column1
        return self._area(Area(area.sheet, first, left, last, left if columns else area.column2))
