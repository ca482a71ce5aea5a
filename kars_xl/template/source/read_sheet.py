"""One sheet of a template as plain records."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.utils.cell import column_index_from_string

from kars_xl.base.place import a1
from kars_xl.template.charts import ChartReader
from kars_xl.template.formula.formula import Parsed, misplaced_ranges
from kars_xl.template.formula.parse import FormulaParser
from kars_xl.template.laid import LaidColumn, LaidRow
from kars_xl.template.layout.placeholders import Text, UnknownPathError, compile_text
from kars_xl.template.nodes import Problems
from kars_xl.template.records import Comment, Link, TemplateCell, TemplateSheet
from kars_xl.template.source.drawing import SheetPart
from kars_xl.template.source.read_page import read_page
from kars_xl.template.source.read_rules import read_conditional_formats, read_validations
from kars_xl.template.source.read_styles import StyleReader, Theme


@dataclass(slots=True, kw_only=True)
class SheetReader:
    """Reads one worksheet; `part` is what only the package tells of it, `index` its number among the worksheets."""

    ws: Any
    index: int
    part: SheetPart
    parser: FormulaParser
    rule_parser: FormulaParser
    styles: StyleReader
    theme: Theme
    problems: Problems

    def read(self) -> TemplateSheet:
        ws, part = self.ws, self.part
        cells: dict[int, list[TemplateCell]] = {}
        # The only private part of openpyxl: a sheet's cells without those that asking for them would make.
        for (row, _), cell in sorted(ws._cells.items()):
            found = self._cell(cell)
            if found is not None:
                cells.setdefault(row, []).append(found)
        rows = dict(self._rows())
        merges = [(m.min_row, m.min_col, m.max_row, m.max_col) for m in ws.merged_cells.ranges]
        charts = ChartReader(self.parser, self.theme, self._text, self._faults)
        laid = [chart for found in part.drawing.charts if (chart := charts.read(found)) is not None]
        lowest = (chart.part.anchor.row2 or chart.part.anchor.row for chart in laid)
        return TemplateSheet(
            index=self.index,
            title=ws.title,
            title_text=self._text(ws.title, ""),
            page=read_page(ws, self.styles.colour),
            last_row=max([*cells, *rows, *(m[2] for m in merges), *lowest, 1]),
            cells=cells,
            rows=rows,
            columns=list(self._columns()),
            merges=sorted(merges),
            pictures=part.drawing.pictures,
            charts=laid,
            lost=[*charts.lost, *(("", f"çizim nesnesi “{name}”") for name in part.drawing.lost)],
            header=self._text(part.header, "") or part.header,
            footer=self._text(part.footer, "") or part.footer,
            conditional_formats=read_conditional_formats(ws, self.rule_parser, self.styles, self._faults),
            validations=read_validations(ws, self.parser, self._faults),
        )

    def _text(self, text: str, address: str) -> Text | None:
        try:
            return compile_text(text)
        except UnknownPathError as error:
            self.problems.unknown(error, self.ws.title, address)
            return None

    def _faults(self, parsed: Parsed, address: str, formula: str, where: str) -> bool:
        """Report what is wrong with a formula; True if it can be used."""
        for fault in parsed.faults:
            self.problems.add("KX502", self.ws.title, address, formula=formula, where=where, **fault)
        for path, reason in parsed.paths:
            self.problems.add("KX501", self.ws.title, address, path=path, reason=reason)
        return not parsed.faults and not parsed.paths

    def _misplaced(self, parsed: Parsed, address: str, formula: str) -> bool:
        """Report ranges that stand where one value belongs; True if there are any."""
        found = list(misplaced_ranges(parsed.pieces))
        for ref, function in found:
            facts = {"reason": "range", "reference": ref.text, "function": function}
            self.problems.add("KX502", self.ws.title, address, formula=formula, where="cell", **facts)
        return bool(found)

    def _cell(self, cell: Any) -> TemplateCell | None:
        value = getattr(cell, "value", None)
        link, comment = getattr(cell, "hyperlink", None), getattr(cell, "comment", None)
        if value is None and not cell.has_style and link is None and comment is None:
            return None
        address = a1(cell.row, cell.column)
        origin = f"{self.ws.title}!{address}"
        found = TemplateCell(cell.row, cell.column, origin, self.styles.index(cell))
        if link is not None:
            found.link = self._link(link, address)
        if comment is not None:
            text = str(comment.text)
            options = {"author": str(comment.author or ""), "width": comment.width, "height": comment.height}
            found.comment = Comment(self._text(text, address) or text, options)
        if isinstance(value, CellRichText):
            self._rich(value, found, address)
        elif isinstance(value, str) and cell.data_type == "f":
            parsed = self.parser.parse(value)
            if self._faults(parsed, address, value, "cell") and not self._misplaced(parsed, address, value):
                found.formula, found.formula_text = parsed, value
        elif hasattr(value, "ref"):
            text = str(getattr(value, "text", "") or "")
            self.problems.add("KX502", self.ws.title, address, formula=text, where="cell", reason="array")
        elif isinstance(value, str):
            found.text = self._text(value, address)
            found.value = value
        else:
            found.value = value
        return found

    def _link(self, link: Any, address: str) -> Link:
        target, location, tip = str(link.target or ""), str(link.location or ""), str(link.tooltip or "")
        return Link(self._text(target, address) or target, location, self._text(tip, address) or tip)

    def _rich(self, value: CellRichText, found: TemplateCell, address: str) -> None:
        """Runs of one cell with their own fonts; a text without several fonts stays a plain text."""
        found.value = plain = "".join(map(str, value))
        found.text = self._text(plain, address)
        if not any(isinstance(part, TextBlock) for part in value):
            return
        # With a placeholder broken over two fonts the whole text is filled, in the cell's own font.
        with suppress(UnknownPathError):
            found.runs = [(self._run_style(part), compile_text(str(part)) or str(part)) for part in value]

    def _run_style(self, part: object) -> int | None:
        return self.styles.table.add(self.styles.run_font(part.font)) if isinstance(part, TextBlock) else None

    def _rows(self) -> Iterator[tuple[int, LaidRow]]:
        for number, d in self.ws.row_dimensions.items():
            style = self.styles.index(d) if d.customFormat else None
            row = LaidRow(d.height, bool(d.hidden), int(d.outlineLevel or 0), bool(d.collapsed), style)
            if row != LaidRow():
                yield number, row

    def _columns(self) -> Iterator[LaidColumn]:
        for d in self.ws.column_dimensions.values():
            first, last = d.min or d.index, d.max or d.index
            if isinstance(first, str):
                first = last = column_index_from_string(first)
            style = self.styles.index(d) if d.has_style else None
            width = d.width if d.customWidth else None
            if width is not None or d.hidden or d.outlineLevel or style is not None:
                yield LaidColumn(first, last, width, bool(d.hidden), int(d.outlineLevel or 0), bool(d.collapsed), style)
