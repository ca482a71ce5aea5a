"""A formula as a tree: tuples whose first item says what they are; what can't be known is a part of it."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from formualizer import ASTNode, ParserError, TokenizerError, parse

from kars_xl.reading.grid.cells import Area, Cell, Unknown, leads_outside
from kars_xl.reading.grid.formula_functions import FUNCTIONS, OPERATORS, Node
from kars_xl.template.formula.formula import LAST_COLUMN, LAST_ROW, excel_spelling, parse_reference
from kars_xl.template.formula.parse import tokens_of

if TYPE_CHECKING:
    from kars_xl.reading.grid.formulas import Formulas

_LONGEST = 8192
_OF_A_NAME = 100  # looks at cells that take as long
_CORNERS = re.compile(r"(.*!)?([^!:]+):([^!:]+)")
_TABLE = re.compile(r"([^\W\d][\w.]*)?\[(.*)\]")
_PART = re.compile(r"#[\w ]+|@|[^\[\],@#]+")
_SIGNS = {"+": ("*", 1.0), "-": ("*", -1.0), "%": ("/", 100.0)}
_UNKNOWN: Node = ("unknown", Unknown())


def areas_of(node: object) -> Iterator[Area]:
    """The ranges that an expression holds, those in calls left out."""
    if isinstance(node, tuple) and node[:1] == ("areas",):
        yield from node[1]
    elif isinstance(node, tuple) and node[:1] != ("call",):
        for part in node:
            yield from areas_of(part)


class Parser:
    """Parses the formula of one cell; in `areas` are all ranges that it looks at."""

    def __init__(self, book: "Formulas", cell: Cell) -> None:
        self.book, self.cell, self.sheet = book, cell, cell.sheet.casefold()
        self.areas: list[Area] = []

    def parsed(self, formula: str) -> Node:
        text = excel_spelling(formula)
        if leads_outside(text):
            return ("unknown", Unknown("=" + text))
        try:
            return self._node(parse("=" + text)) if len(text) <= _LONGEST else _UNKNOWN
        except (ParserError, TokenizerError):
            return _UNKNOWN

    def _node(self, tree: ASTNode) -> Node:
        self.book.spend(1)
        kind, sign = tree.node_type(), tree.get_operator()
        if kind == "Omitted":
            return ("value", None)
        if kind in ("Literal", "Reference"):
            return self._leaf(tree)
        parts = [self._node(part) for part in tree.children()]
        if kind == "Function":
            name = str(tree.get_function_name()).upper().removeprefix("_XLFN.")
            least, most, _ = FUNCTIONS.get(name, (1, 0, None))
            return ("call", name, parts) if least <= len(parts) <= most else _UNKNOWN
        if kind == "BinaryOp" and sign in OPERATORS:
            return ("op", sign, *parts)
        if kind == "UnaryOp" and sign in _SIGNS:
            sign, by = _SIGNS[sign]
            return ("op", sign, *parts, ("value", by))
        return _UNKNOWN

    def _leaf(self, tree: ASTNode) -> Node:
        token = tree.get_source_token()
        text = token.value if token else ""
        if token and str(token.subtype) == "Error":
            return ("error", text)
        if tree.node_type() == "Literal":
            return ("value", tree.get_literal_value())
        if ref := parse_reference(text) or parse_reference(_CORNERS.sub(r"\1\3:\2", text)):
            sheet = self.sheet if ref.sheet is None else ref.sheet.casefold()
            corners = (ref.row1 or 1, ref.col1 or 1, ref.row2 or LAST_ROW, ref.col2 or LAST_COLUMN)
            return _UNKNOWN if ":" in sheet else self._area(Area(sheet, *corners))
        if match := _TABLE.fullmatch(text):
            return self._structured(match[1] or "", match[2])
        sheet, _, name = text.casefold().rpartition("!")
        self.book.spend(_OF_A_NAME)  # names that name each other twice would double for ever
        names = self.book.grid.names
        meaning = names.get(f"{sheet.strip(chr(39)) or self.sheet}!{name}", names.get(name))
        references = [parse_reference(word.value) for word in tokens_of("=" + (meaning or "").lstrip("="))]
        fixed = ((ref.fixed_row1 or not ref.row1) and (ref.fixed_col1 or not ref.col1) for ref in references if ref)
        # Else it means another cell in each.
        return self.parsed(meaning) if meaning is not None and all(fixed) else _UNKNOWN

    def _area(self, area: Area) -> Node:
        if area.sheet not in self.book.sheets:
            return ("error", "#REF!")
        self.areas.append(area)
        return ("areas", (area,))

    def _structured(self, name: str, inner: str) -> Node:
        """Tablo1[Tutar], Tablo1[[#Totals],[Tutar]], [@Tutar]."""
        row, tables = self.cell.row, self.book.grid.tables
        inside = (t for t in tables.values() if t.area.sheet == self.sheet and t.area.row1 <= row <= t.area.row2)
        table = tables.get(name.casefold()) if name else next(inside, None)
        parts = [part.strip().casefold() for part in _PART.findall(inner) if part.strip()]
        marks = {part for part in parts if part.startswith(("#", "@"))}
        columns = [part for part in parts if part not in marks]
        if table is None or len(columns) > 1 or not set(columns) <= set(table.columns) or "'" in inner:
            return _UNKNOWN
        area = table.area
        first, last = area.row1 + table.heading, area.row2 - table.totals
        if marks & {"@", "#this row"}:
            first = last = row
        elif "#totals" in marks:
            first = last = area.row2 if table.totals else 0
        elif "#all" in marks:
            first, last = area.row1, area.row2
        elif marks - {"#data"}:
            return _UNKNOWN
        if not area.row1 <= first <= last <= area.row2:
            return ("error", "#REF!")
        left = area.column1 + table.columns.index(columns[0]) if columns else area.column1
        return self._area(Area(area.sheet, first, left, last, left if columns else area.column2))
