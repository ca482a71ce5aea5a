"""The tree below a figure: the cells that its formula takes it from, down to the forms' cells that Kaynak names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from kars_xl.base.money import format_as, format_tl, to_kurus
from kars_xl.base.place import a1
from kars_xl.model.programme import IndicatorValue
from kars_xl.reading.cell_values import format_indicator
from kars_xl.reading.grid.cells import Cell, CellValue
from kars_xl.reports.trace.book import Address, Book, formula_text, is_zero
from kars_xl.reports.trace.facts import INDICATOR, MONEY, SHARE, Fact, Origin, Origins, fact_by_place
from kars_xl.reports.trace.precedents import precedents


@dataclass(slots=True, eq=False)
class Node:
    """A cell of the tree. `zeros` and `texts` count what is not followed: zeros and blanks, and plain texts."""

    address: Address
    value: CellValue
    text: str
    fact: Fact
    formula: str = ""
    children: list[tuple[str, Node]] = field(default_factory=list)  # role ("pay", "payda", "") and cell
    zeros: int = 0
    texts: int = 0
    origins: list[Origin] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def sheet(self) -> str:
        return self.address[0]

    @property
    def cell(self) -> str:
        return a1(*self.address[1:])


class Tree:
    """Builds trees of one workbook; a cell that several formulas use is one node."""

    def __init__(self, book: Book, facts: Mapping[Address, Fact], origins: Origins) -> None:
        self.book = book
        self.facts = facts
        self.origins = origins
        self._nodes: dict[Address, Node] = {}

    def fact(self, cell: Cell) -> Fact:
        address = (cell.sheet, cell.row, cell.column)
        return self.facts.get(address) or fact_by_place(self.book, cell)

    def node(self, address: Address) -> Node:
        """The node of a filled cell with all that is below it. Chains may be long, so nothing here is recursive."""
        waiting: list[Node] = []
        root = self._new(address, waiting)
        while waiting:
            node = waiting.pop()
            cell = self.book.sheets[node.sheet].cells[node.address[1:]]
            found = precedents(self.book, cell)
            node.zeros += found.blanks
            node.notes += found.notes
            for target, role in found.cells.items():
                other = self.book.cell(target)
                zero = other is None or is_zero(other.value)
                # A zero adds nothing, and a plain text is a label or a code.
                idle = zero or (other is not None and isinstance(other.value, str) and other.formula is None)
                if other is None or (idle and not role):
                    node.zeros += zero
                    node.texts += not zero
                else:
                    node.children.append((role, self._new(target, waiting)))
            self._end(node, cell)
            if node.formula and not found.cells and not node.origins:
                node.notes.append("formülün topladığı dolu hücre yok")
        return root

    def _new(self, address: Address, waiting: list[Node]) -> Node:
        """The node of a cell; where it is the first of it, all below it is `waiting`."""
        if address not in self._nodes:
            cell = self.book.sheets[address[0]].cells[address[1:]]
            fact = self.fact(cell)
            formula = formula_text(cell) if cell.formula is not None else ""
            self._nodes[address] = Node(address, cell.value, shown(cell, fact.kind), fact, formula)
            waiting.append(self._nodes[address])
        return self._nodes[address]

    def _end(self, node: Node, cell: Cell) -> None:
        """The forms' cells of a figure, or why there are none."""
        key = node.fact.key
        node.origins = self.origins.of(key) if key is not None else self.origins.by_cell.get(node.address, [])
        if node.origins:
            self._compare(node)
        elif not node.formula and self.origins.present and isinstance(cell.value, Decimal):
            if key is not None and not cell.value:
                forms = ", ".join(self.origins.files_of(key))
                node.notes.append("sıfır: formda boş ya da sıfır" + (f" ({forms})" if forms else ""))
            else:
                node.notes.append("Kaynak sayfasında yok: bir formdan gelmiyor, elle yazılmış")
        elif not node.formula and isinstance(cell.value, str):
            node.notes.append("metin: izlenecek bir rakam değil")

    @staticmethod
    def _compare(node: Node) -> None:
        """Says where the figure is not what the forms gave: it was edited after the merge."""
        key, value = node.fact.key, node.value
        if key is None or not isinstance(value, Decimal):
            return
        if node.fact.kind == INDICATOR:
            # Of 0,2 with a percent format 20 is shown.
            own = value * 100 if node.text.endswith("%") else value
            differing = [origin for origin in node.origins if origin.value != own]
            if differing:
                given = differing[0].text or "boş"
                node.notes.append(f"formda {given}, burada {node.text}: birleştirmeden sonra değiştirilmiş")
            return
        if any(origin.whole for origin in node.origins) and value:
            # Kaynak names the table only: what this figure was is not known.
            return
        given_sum = sum((origin.value or Decimal(0) for origin in node.origins), Decimal(0))
        if to_kurus(given_sum)[0] != to_kurus(value)[0]:
            forms = "formların toplamı" if len(node.origins) > 1 else "formda"
            amount = format_tl(to_kurus(given_sum)[0])
            node.notes.append(f"{forms} {amount} TL, burada {node.text}: birleştirmeden sonra değiştirilmiş")


def shown(cell: Cell, kind: str) -> str:
    """A cell's value as a person reads it: an amount in TL, a share in percent, an indicator as printed."""
    value = cell.value
    if not isinstance(value, Decimal):
        return cell.text if value is not None else "boş"
    if kind == INDICATOR:
        return format_indicator(IndicatorValue(value * 100 if cell.is_percent else value, cell.is_percent))
    if kind == MONEY:
        return f"{format_tl(to_kurus(value)[0])} TL"
    return format_as(value, "%" if kind == SHARE or cell.is_percent else cell.number_format)
