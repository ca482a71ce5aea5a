"""Rows laid out without a workbook: sheets as their blocks of rows, and formulas written for every instance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kars_xl.template.formula.parse import FormulaParser
from kars_xl.template.layout.lay import Rows
from kars_xl.template.layout.regions import Instance, RowMap, loop_kind
from kars_xl.template.layout.render import FormulaWriter
from kars_xl.template.nodes import Node, Problems, compile_text
from kars_xl.template.records import Loop, PageSetup, TemplateSheet

Blocks = Mapping[str, tuple[int, int]]


class LaidRows:
    """`sheets` gives for each title the template's last row and its blocks (first and last row by name)."""

    def __init__(self, root: Node, sheets: Mapping[str, tuple[int, Blocks]]) -> None:
        self.root = root
        rows = Rows(root, Problems())
        templates = [_sheet(index, title, *sheet) for index, (title, sheet) in enumerate(sheets.items())]
        self.roots = [rows.bands(sheet) for sheet in templates]
        copies = [rows.copies(sheet, band) for sheet, band in zip(templates, self.roots, strict=True)]
        assert rows.problems.list() == []
        self.map = RowMap(list(sheets), self.roots, copies)
        self.parser = FormulaParser({title.casefold() for title in sheets})

    def instances(self, place: str) -> list[Instance]:
        """The instances of the innermost block around a template row, "Sheet!2"."""
        title, _, row = place.rpartition("!")
        template = self.map.sheet(title)
        assert template is not None
        bands = [band for band in self.roots[template].walk() if band.first <= int(row) <= band.last]
        return bands[-1].instances

    def write(self, place: str, formula: str) -> list[str]:
        """The formula (without "=") as each instance of a template row has it."""
        parsed = self.parser.parse("=" + formula)
        assert not parsed.faults
        writer = FormulaWriter(self.map, self.root)
        return [writer.write(parsed, instance) for instance in self.instances(place)]

    def seen(self, place: str, formula: str, cells: Sequence[tuple[int, int]]) -> list[str]:
        """The same as seen from a cell (row and column) of each instance."""
        pieces = self.parser.parse("=" + formula).pieces
        found = zip(self.instances(place), cells, strict=True)
        return [FormulaWriter(self.map, self.root, cell).write_pieces(pieces, instance) for instance, cell in found]

    def areas(self, place: str, meaning: str) -> list[str]:
        """A defined name's meaning as each instance of a template row has it."""
        parsed = self.parser.parse("=" + meaning)
        assert not parsed.faults
        return [FormulaWriter(self.map, self.root).write_areas(parsed, found) for found in self.instances(place)]


def _sheet(index: int, title: str, last_row: int, blocks: Blocks) -> TemplateSheet:
    loops = [Loop(name, loop_kind(name) or "", first, last) for name, (first, last) in blocks.items()]
    return TemplateSheet(index, title, compile_text(title), PageSetup(), last_row, {}, {}, [], loops)
