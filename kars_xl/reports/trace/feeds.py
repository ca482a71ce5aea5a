"""Backwards: from a form's cell to every cell of the official workbook that it feeds, directly and through formulas."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from kars_xl.base.addresses import a1
from kars_xl.reading.grid.cells import CellValue
from kars_xl.reports.trace.book import Address, Book
from kars_xl.reports.trace.facts import ORDER, Fact
from kars_xl.reports.trace.precedents import precedents
from kars_xl.reports.trace.tree import Tree, shown


@dataclass(frozen=True, slots=True)
class Feed:
    """A cell that a figure goes into; `step` counts the formulas between, 0 for the cell that took it over."""

    address: Address
    fact: Fact
    value: CellValue
    text: str
    step: int

    @property
    def cell(self) -> str:
        return a1(*self.address[1:])


def dependents(book: Book) -> dict[Address, list[Address]]:
    """For each cell the cells whose formulas take their value from it."""
    found: dict[Address, list[Address]] = defaultdict(list)
    for cell in book.formulas():
        for address in precedents(book, cell).cells:
            found[address].append((cell.sheet, cell.row, cell.column))
    return found


def feeds_of(tree: Tree, starts: Iterable[Address]) -> list[Feed]:
    """All that follows from the cells `starts`, as the figure goes: cost table, target, summary, Tablo 11, the rest."""
    followers = dependents(tree.book)
    steps: dict[Address, int] = {}
    level = dict.fromkeys(starts)
    while level:
        steps.update(dict.fromkeys(level, max(steps.values(), default=-1) + 1))
        level = {address: None for one in level for address in followers.get(one, ()) if address not in steps}
    sheets = {name: number for number, name in enumerate(tree.book.sheets)}
    found = [_feed(tree, address, step) for address, step in steps.items()]
    return sorted(
        found, key=lambda feed: (ORDER.index(feed.fact.table), sheets[feed.address[0]], feed.step, feed.address)
    )


def _feed(tree: Tree, address: Address, step: int) -> Feed:
    cell = tree.book.cell(address)
    assert cell is not None
    fact = tree.fact(cell)
    return Feed(address, fact, cell.value, shown(cell, fact.kind), step)
