"""The tree below a figure: the cells that its formula takes it from, down to the forms' cells that Kaynak names."""

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from fnmatch import fnmatchcase
from operator import ge, gt, le, lt

from msgspec import Struct, field

from kars_xl.base.money import format_as, format_tl, to_kurus
from kars_xl.base.text import lower
from kars_xl.model.programme import IndicatorValue
from kars_xl.reading.cell_values import format_indicator
from kars_xl.reading.grid.cells import Cell, CellValue
from kars_xl.reports.trace.book import Address, Book, bounds, formula_text
from kars_xl.reports.trace.facts import INDICATOR, MONEY, SHARE, Fact, Origin, Origins, fact_by_place
from kars_xl.template.formula.formula import Call, Expression, Ref

NUMERATOR, DENOMINATOR = "pay", "payda"

# What of a formula can't be followed, by the reason that its parser gives.
_UNTRACEABLE = {
    "external": "başka bir dosyaya bağlantı", "name": "ad", "table": "Excel tablosu adı", "sheet": "olmayan sayfa",
    "three_d": "birden çok sayfaya başvuru", "ref_error": "bozuk başvuru (#BAŞV!)", "syntax": "okunamayan formül",
}  # fmt: skip
# Conditional calls: argument of the summed range (None: the first range itself), then where criteria begin.
_CONDITIONAL = {
    "SUMIF": (2, 0), "AVERAGEIF": (2, 0), "COUNTIF": (None, 0),
    "SUMIFS": (0, 1), "AVERAGEIFS": (0, 1), "MAXIFS": (0, 1), "MINIFS": (0, 1), "COUNTIFS": (None, 0),
}  # fmt: skip
# Blank cells of a bounded range are counted; of a whole column only what is filled counts.
_COUNTED_CELLS = 10_000
_CRITERION = re.compile(r"(<>|<=|>=|<|>|=)?(.*)", re.DOTALL)
_COMPARED: dict[str, Callable[[Decimal, Decimal], bool]] = {"<": lt, ">": gt, "<=": le, ">=": ge}
Test = Callable[[CellValue], bool]
_STRING = re.compile(r'"((?:[^"]|"")*)"')


class Precedents(Struct):
    """The cells of a formula in its order, each once; what part of a ratio they are; what can't be followed."""

    cells: dict[Address, str] = field(default_factory=dict)
    blanks: int = 0
    notes: list[str] = field(default_factory=list)


def precedents(book: Book, cell: Cell) -> Precedents:
    """The cells that the formula of `cell` takes its value from; nothing for a cell without a formula."""
    found = Precedents()
    if cell.formula is None:
        return found
    parsed = book.parsed(cell)
    _collect(book, cell.sheet, parsed.pieces, found)
    told = ((_UNTRACEABLE.get(fault["reason"]), fault.get("name") or fault.get("sheet")) for fault in parsed.faults)
    notes = (f"izlenemedi: {what}" + (f" “{name}”" if name else "") for what, name in told if what)
    found.notes = list(dict.fromkeys(notes))
    # Of a share the part comes before the whole, wherever the formula first asks for the whole.
    found.cells = dict(sorted(found.cells.items(), key=lambda item: (item[1] == DENOMINATOR, item[1] != NUMERATOR)))
    return found


def _collect(book: Book, own: str, pieces: Expression, found: Precedents) -> None:
    for before, piece, after in zip(("", *pieces), pieces, (*pieces[1:], ""), strict=False):
        if isinstance(piece, Ref):
            divided = isinstance(before, str) and before.endswith("/")
            role = DENOMINATOR if divided else NUMERATOR if isinstance(after, str) and after.startswith("/") else ""
            cells = book.filled(piece, own)
            row1, col1, row2, col2 = bounds(piece)
            if (size := (row2 - row1 + 1) * (col2 - col1 + 1)) <= _COUNTED_CELLS:
                found.blanks += size - len(cells)
            for address in cells:
                found.cells[address] = role or found.cells.get(address, "")
        elif isinstance(piece, Call) and piece.name in _CONDITIONAL:
            for address in _conditional(book, own, piece):
                found.cells.setdefault(address, "")
        elif isinstance(piece, Call):
            for argument in piece.arguments:
                _collect(book, own, argument, found)


def _conditional(book: Book, own: str, call: Call) -> Iterator[Address]:
    """The cells that a SUMIF and its like takes; where a criterion can't be told, all of the range."""
    summed_at, first = _CONDITIONAL[call.name]
    step = 2 if call.name.endswith("S") else len(call.arguments) or 1
    ranges = range(first, len(call.arguments) - 1, step)
    pairs = [(_range(call.arguments[at]), _criterion(book, own, call.arguments[at + 1])) for at in ranges]
    if not pairs or pairs[0][0] is None:
        return
    summed = pairs[0][0]
    if summed_at is not None and summed_at < len(call.arguments):
        summed = _range(call.arguments[summed_at]) or summed
    first_row, first_column = bounds(pairs[0][0])[:2]
    # From the side of the criterion's cells, since a summed range may be given by its first cell alone.
    for _, row, column in book.filled(pairs[0][0], own):
        by = row - first_row, column - first_column
        asked = ((book.value(_beside(book, own, ref, *by)), test) for ref, test in pairs if ref and test)
        address = _beside(book, own, summed, *by)
        if book.cell(address) is not None and all(test(value) for value, test in asked):
            yield address


def _beside(book: Book, own: str, ref: Ref, below: int = 0, right: int = 0) -> Address:
    """The cell that far from a reference's first one."""
    row, column = bounds(ref)[:2]
    return book.sheet_of(ref, own), row + below, column + right


def _range(argument: Expression) -> Ref | None:
    return argument[0] if len(argument) == 1 and isinstance(argument[0], Ref) else None


def _criterion(book: Book, own: str, argument: Expression) -> Test | None:
    """The test that a criterion is: a constant, a cell, or texts and cells joined by &; None for anything else."""
    texts: list[str] = []
    for piece in argument:
        if isinstance(piece, Ref) and piece.is_cell:
            texts.append(_plain(book.value(_beside(book, own, piece))))
        elif isinstance(piece, str):
            rest = _STRING.sub("", piece).replace("&", "").strip()
            if rest and len(argument) > 1:
                return None
            texts += [rest] if rest else [found.replace('""', '"') for found in _STRING.findall(piece)]
        else:
            return None
    return _test("".join(texts))


def _plain(value: CellValue) -> str:
    return format(value, "f") if isinstance(value, Decimal) else "" if value is None else str(value)


def _test(criterion: str) -> Test:
    """Excel's criterion: "F.1.1", ">0", "<>", "Toplam*"."""
    operator, text = _CRITERION.findall(criterion)[0]
    # In a file a number has a decimal point, whatever the country.
    number = Decimal(text) if re.fullmatch(r"[+-]?\d+(?:\.\d+)?", text) else None
    if compare := _COMPARED.get(operator):
        return lambda value: number is not None and isinstance(value, Decimal) and compare(value, number)
    # * and ?, which ~ before them makes plain.
    pattern = re.sub(r"~([*?~])|(\[)", lambda sign: f"[{sign[1] or sign[2]}]", lower(text))

    def equal(value: CellValue) -> bool:
        if number is not None and isinstance(value, Decimal):
            return value == number
        return fnmatchcase(lower(_plain(value)), pattern)

    return equal if operator != "<>" else lambda value: not equal(value)


class Node(Struct, eq=False):
    """A cell of the tree. `zeros` and `texts` count what is not followed: zeros and blanks, and plain texts. `step`
    counts the formulas from the cell that took a form's figure over."""

    content: Cell
    fact: Fact
    step: int = 0
    children: list[tuple[str, "Node"]] = field(default_factory=list)  # role ("pay", "payda", "") and cell
    zeros: int = 0
    texts: int = 0
    origins: list[Origin] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def address(self) -> Address:
        return self.content.sheet, self.content.row, self.content.column

    @property
    def sheet(self) -> str:
        return self.content.sheet

    @property
    def cell(self) -> str:
        return self.content.place.cell

    @property
    def value(self) -> CellValue:
        return self.content.value

    @property
    def text(self) -> str:
        """The value as a person reads it: an amount in TL, a share in percent, an indicator as printed."""
        cell, value, kind = self.content, self.content.value, self.fact.kind
        if not isinstance(value, Decimal):
            return cell.text if value is not None else "boş"
        if kind == INDICATOR:
            return format_indicator(IndicatorValue(value * 100 if cell.is_percent else value, cell.is_percent))
        if kind == MONEY:
            return f"{format_tl(to_kurus(value)[0])} TL"
        return format_as(value, "%" if kind == SHARE or cell.is_percent else cell.number_format)

    @property
    def formula(self) -> str:
        return formula_text(self.content) if self.content.formula is not None else ""


class Tree:
    """Builds trees of one workbook; a cell that several formulas use is one node."""

    def __init__(self, book: Book, facts: Mapping[Address, Fact]) -> None:
        self.book = book
        self.facts = facts
        self.origins = Origins(book)
        self._nodes: dict[Address, Node] = {}

    def leaf(self, address: Address, step: int = 0) -> Node:
        """The node of a filled cell, without what is below it."""
        cell = self.book.sheets[address[0]].cells[address[1:]]
        return Node(cell, self.facts.get(address) or fact_by_place(self.book, cell), step)

    def node(self, address: Address) -> Node:
        """The node of a filled cell with all that is below it. Chains may be long, so nothing here is recursive."""
        waiting: list[Node] = []
        root = self._new(address, waiting)
        while waiting:
            node = waiting.pop()
            found = precedents(self.book, node.content)
            node.zeros += found.blanks
            node.notes += found.notes
            for target, role in found.cells.items():
                other = self.book.sheets[target[0]].cells[target[1:]]
                # A zero adds nothing, and a plain text is a label or a code.
                zero = isinstance(other.value, Decimal) and not other.value
                text = isinstance(other.value, str) and other.formula is None
                if (zero or text) and not role:
                    node.zeros += zero
                    node.texts += text
                else:
                    node.children.append((role, self._new(target, waiting)))
            self._end(node)
            if node.formula and not found.cells and not node.origins:
                node.notes.append("formülün topladığı dolu hücre yok")
        return root

    def _new(self, address: Address, waiting: list[Node]) -> Node:
        """The node of a cell; where it is the first of it, all below it is `waiting`."""
        if address not in self._nodes:
            self._nodes[address] = self.leaf(address)
            waiting.append(self._nodes[address])
        return self._nodes[address]

    def _end(self, node: Node) -> None:
        """The forms' cells of a figure, or why there are none."""
        key, value = node.fact.key, node.value
        node.origins = self.origins.of(key) if key is not None else self.origins.by_cell.get(node.address, [])
        if node.origins:
            node.notes += _edited(node) if key is not None and isinstance(value, Decimal) else ()
        elif node.formula:
            return
        elif isinstance(value, str):
            node.notes.append("metin: izlenecek bir rakam değil")
        elif self.origins.present and isinstance(value, Decimal):
            if key is not None and not value:
                forms = ", ".join(self.origins.files_of(key))
                node.notes.append("sıfır: formda boş ya da sıfır" + (f" ({forms})" if forms else ""))
            else:
                node.notes.append("Kaynak sayfasında yok: bir formdan gelmiyor, elle yazılmış")


def _edited(node: Node) -> Iterator[str]:
    """Says where the figure is not what the forms gave: it was edited after the merge."""
    value, origins = node.value, node.origins
    assert isinstance(value, Decimal)
    if node.fact.kind == INDICATOR:
        # Of 0,2 with a percent format 20 is shown.
        own = value * 100 if node.content.is_percent else value
        given = next((origin.text or "boş" for origin in origins if origin.value != own), "")
        forms = "formda"
    else:
        kurus, _ = to_kurus(sum((origin.value or Decimal(0) for origin in origins), Decimal(0)))
        # Where Kaynak names a table only, what this figure was is not known.
        unknown = value and any(origin.whole for origin in origins)
        given = "" if unknown or kurus == to_kurus(value)[0] else f"{format_tl(kurus)} TL"
        forms = "formların toplamı" if len(origins) > 1 else "formda"
    if given:
        yield f"{forms} {given}, burada {node.text}: birleştirmeden sonra değiştirilmiş"
