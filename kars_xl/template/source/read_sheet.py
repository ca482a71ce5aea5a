"""One sheet of a template as plain records."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.utils.cell import column_index_from_string

from kars_xl.base.addresses import a1
from kars_xl.template.charts import ChartReader
from kars_xl.template.formula.formula import Parsed, misplaced_ranges
from kars_xl.template.formula.parse import FormulaParser
from kars_xl.template.laid import LaidColumn, LaidRow
from kars_xl.template.layout.placeholders import Text, UnknownPathError, compile_text
from kars_xl.template.nodes import Problems
from kars_xl.template.records import Comment, Link, TemplateCell, TemplateSheet
from kars_xl.template.source.chart_xml import Theme
from kars_xl.template.source.package import Package
from kars_xl.template.source.read_page import read_page
from kars_xl.template.source.read_rules import read_conditional_formats, read_validations
from kars_xl.template.source.read_styles import StyleReader


class SheetReader:
    """Reads one worksheet."""

    def __init__(
        self,
        ws: Any,
        index: int,
        parser: FormulaParser,
        rule_parser: FormulaParser,
        styles: StyleReader,
        package: Package,
        theme: Theme,
        problems: Problems,
    ) -> None:
        self.ws, self.index, self.parser, self.rule_parser = ws, index, parser, rule_parser
        self.styles, self.package, self.theme, self.problems = styles, package, theme, problems

    def read(self) -> TemplateSheet:
        ws, part = self.ws, self.package.sheet(self.index)
        cells: dict[int, list[TemplateCell]] = {}
        for (row, _), cell in sorted(ws._cells.items()):
            found = self._cell(cell)
            if found is not None:
                cells.setdefault(row, []).append(found)
        rows = dict(self._rows())
        columns = list(self._columns())
        merges = [(m.min_row, m.min_col, m.max_row, m.max_col) for m in ws.merged_cells.ranges]
        charts = ChartReader(self.parser, self.theme, self._text, self._faults)
        laid = [chart for found in part.drawing.charts if (chart := charts.read(found)) is not None]
        last_row = max([*cells, *rows, *(m[2] for m in merges), *(c.anchor.row2 or c.anchor.row for c in laid), 1])
        page = read_page(ws, self.styles.colour)
        return TemplateSheet(
            index=self.index,
            title=ws.title,
            title_text=self._text(ws.title, ""),
            page=page,
            last_row=last_row,
            cells=cells,
            rows=rows,
            columns=columns,
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
            self.problems.add("KX501", self.ws.title, address, path=error.args[0], reason=error.args[1])
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
        found = TemplateCell(cell.row, cell.column, origin, self.styles.index(cell._style))
        if link is not None:
            found.link = self._link(link, address)
        if comment is not None:
            text = str(comment.text)
            found.comment = Comment(
                text, self._text(text, address), str(comment.author or ""), comment.width, comment.height
            )
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
        return Link(target, location, tip, self._text(target, address), self._text(tip, address))

    def _rich(self, value: CellRichText, found: TemplateCell, address: str) -> None:
        """Runs of one cell with their own fonts; a text without several fonts stays a plain text."""
        plain = "".join(str(part) for part in value)
        blocks = [part for part in value if isinstance(part, TextBlock)]
        found.value = plain
        found.text = self._text(plain, address)
        if not blocks:
            return
        runs: list[tuple[int | None, str, Text | None]] = []
        for part in value:
            style = None
            if isinstance(part, TextBlock):
                style = self.styles.table.add(self.styles.run_font(part.font))
            try:
                runs.append((style, str(part), compile_text(str(part))))
            except UnknownPathError:
                return  # a placeholder broken over two fonts: the whole text is filled, in the cell's own font
        found.runs = runs

    def _rows(self) -> Iterator[tuple[int, LaidRow]]:
        for number, d in self.ws.row_dimensions.items():
            style = self.styles.index(d._style) if d.customFormat else None
            row = LaidRow(d.height, bool(d.hidden), int(d.outlineLevel or 0), bool(d.collapsed), style)
            if row != LaidRow():
                yield number, row

    def _columns(self) -> Iterator[LaidColumn]:
        for d in self.ws.column_dimensions.values():
            first, last = d.min or d.index, d.max or d.index
            if isinstance(first, str):
                first = last = column_index_from_string(first)
            style = self.styles.index(d._style) if d.has_style else None
            width = d.width if d.customWidth else None
            if width is not None or d.hidden or d.outlineLevel or style is not None:
                yield LaidColumn(first, last, width, bool(d.hidden), int(d.outlineLevel or 0), bool(d.collapsed), style)
