"""Lays all sheets of a template out for a data tree, writes their formulas from the row map, and computes them."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from kars_xl.base.place import a1
from kars_xl.template import nodes, records
from kars_xl.template.formula.formula import LAST_ROW, quoted
from kars_xl.template.layout.lay import Rows, page_of
from kars_xl.template.layout.objects import expand_rules, lay_charts, lay_pictures
from kars_xl.template.layout.pages import fit_rows, paginate
from kars_xl.template.layout.regions import Band, Instance, RowMap, SheetCopy, joined
from kars_xl.template.layout.render import FormulaWriter, ReferenceFault, follow
from kars_xl.template.nodes import Node, Problem, Problems, Styled, TemplateError, Text, UnknownPathError, look_up
from kars_xl.template.records import Template, TemplateSheet


def expand(template: Template, root: Node) -> records.Layout:
    """Lay the template out for the data tree; raises TemplateError with every problem found."""
    problems = Problems(dict(template.problems.found))
    lay = Rows(root, problems)
    bands = [lay.bands(sheet) for sheet in template.sheets]
    copies = [lay.copies(sheet, band) for sheet, band in zip(template.sheets, bands, strict=True)]
    writer = FormulaWriter(RowMap([sheet.title for sheet in template.sheets], bands, copies), root)
    laid: list[records.LaidSheet] = []
    active = 0
    for sheet, found in zip(template.sheets, copies, strict=True):
        active = len(laid) if sheet.index == template.active else active
        laid += [_Filling(template, lay, writer, sheet, copy).laid for copy in found]
    names = list(_names(template, writer, copies))
    properties = {name: problems.filled(text, {}, root) for name, text in template.properties.items()}
    if found_problems := problems.list():
        raise TemplateError(found_problems)
    styles, active = template.styles, min(active, max(len(laid) - 1, 0))
    layout = records.Layout(laid, styles.properties, names, properties, styles.normal, active)
    fit_rows(layout, formulas=False)
    return layout


class _Filling:
    """Fills one output sheet: `laid`."""

    def __init__(self, template: Template, lay: Rows, writer: FormulaWriter, sheet: TemplateSheet, copy: SheetCopy):
        self.template, self.writer, self.sheet, self.copy = template, writer, sheet, copy
        self.root, self.problems = lay.root, lay.problems
        self.laid = laid = records.LaidSheet(copy.name, sheet.title, page_of(sheet, copy, lay), columns=sheet.columns)
        self._fill(copy.root)
        # Of a single cell that is left nothing is merged.
        laid.merges = [
            (first, col1, last, col2)
            for row1, col1, row2, col2 in sheet.merges
            for first, last in lay.spans(copy, row1, row2)
            if first < last or col1 < col2
        ]
        laid.header, laid.footer = self._header(sheet.header), self._header(sheet.footer)
        laid.conditional_formats, laid.validations = (
            expand_rules(rules, copy, sheet.last_row, writer, self._trouble)
            for rules in (sheet.conditional_formats, sheet.validations)
        )
        laid.images = lay_pictures(sheet, lay, copy)
        laid.charts = lay_charts(sheet, lay, copy, writer, self._trouble)

    def _fill(self, instance: Instance) -> None:
        """Cells, rows and comments of an instance and of those inside it, from top to bottom."""
        laid, starts, children = self.laid, iter(instance.starts), iter(instance.children)
        for part in instance.band.parts:
            if isinstance(part, Band):
                for inner in next(children):
                    self._fill(inner)
                continue
            rows = range(part[0], min(part[1], self.sheet.last_row) + 1)
            for out, row in enumerate(rows, next(starts)):
                if row in self.sheet.rows:
                    laid.rows[out] = self.sheet.rows[row]
                    if (height := laid.rows[out].height) is not None:
                        laid.row_heights[out] = height
                for cell in self.sheet.cells.get(row, ()):
                    laid.cells[out, cell.col] = self._cell(cell, instance, out)
                    if cell.comment is not None:
                        text, options = cell.comment
                        laid.comments.append((out, cell.col, self._text(text, instance, cell.address), options))

    def _cell(self, cell: records.TemplateCell, instance: Instance, out: int) -> records.LaidCell:
        laid = records.LaidCell(cell.value, None, cell.style, None, cell.origin)
        scope, table = instance.scope, self.template.styles
        try:
            if cell.formula is not None:
                laid.value = None
                laid.formula = "=" + self.writer.write(cell.formula, instance)
            elif cell.text is not None:
                path = cell.text.only_path
                value = cell.text.fill(scope, self.root) if path is None else look_up(path, scope, self.root)
                if cell.runs:
                    laid.runs = [(look, nodes.filled(run, scope, self.root)) for look, run in cell.runs]
                if isinstance(value, Styled):
                    laid.style, value = table.with_number_format(laid.style, value.number_format), value.value
                laid.value = value
        except (ReferenceFault, UnknownPathError) as error:
            self._trouble(error, cell.address, cell.formula_text, out, cell.col)
        if isinstance(laid.value, date):
            laid.style = table.for_date(laid.style)
        if cell.link is not None:
            self._link(cell, cell.link, instance, laid)
        return laid

    def _link(self, cell: records.TemplateCell, link: records.Link, instance: Instance, laid: records.LaidCell) -> None:
        where = link.location
        if link.target:
            laid.link = self._text(link.target, instance, cell.address) + ("#" + where if where else "")
        elif where:
            place = follow(where.lstrip("#"), self.writer.rows, instance)
            if place is None and any(item.name.casefold() == where.casefold() for item in self.template.names):
                place = where
            laid.link = "internal:" + place if place else None
        if link.tip:
            laid.tip = self._text(link.tip, instance, cell.address)

    def _text(self, text: Text | str, instance: Instance, address: str) -> str:
        return self.problems.filled(text, instance.scope, self.root, self.sheet.title, address)

    def _header(self, text: Text | str) -> str:
        if isinstance(text, str):
            return text
        # "&" starts a code in headers; one that comes from the data is only an ampersand.
        parts = (
            part if isinstance(part, str) else self._text(Text((part,)), self.copy.root, "").replace("&", "&&")
            for part in text.parts
        )
        return "".join(parts)

    def _trouble(self, error: Exception, address: str, formula: str, row: int, col: int) -> None:
        """Notes what is wrong with a template cell, seen as an output cell (row and column) was to be filled."""
        if isinstance(error, UnknownPathError):
            self.problems.unknown(error, self.sheet.title, address)
        else:
            facts = dict(zip(("reason", "reference", "count"), map(str, error.args), strict=True))
            facts["target"] = f"{self.copy.name}!{a1(row, col)}"
            self.problems.add("KX505", self.sheet.title, address, formula=formula, **facts)


def _names(template: Template, writer: FormulaWriter, copies: list[list[SheetCopy]]) -> Iterator[tuple[str, str]]:
    """Defined names as XlsxWriter takes them; one whose cells are all gone is left out."""
    nowhere = Instance(Band("", "", 1, LAST_ROW), SheetCopy(-1, ""), None, None, {}, {}, -1)
    for item in template.names:
        at = writer.rows.sheet(item.owner) if item.owner is not None else None
        own = [] if at is None else [(f"{quoted(copy.name)}!{item.name}", copy.root) for copy in copies[at]]
        for full, instance in [(item.name, nowhere)] if at is None else own:
            # Where it means another thing in each place, formulas hold its meaning, and nothing needs the name.
            with suppress(ReferenceFault, UnknownPathError):
                if text := writer.write_areas(item.meaning, instance):
                    yield full, "=" + text


_EPOCH = datetime(1899, 12, 30)
_GAP = 50  # rows without values that may lie within a block
_LONGEST = 20_000  # rows of a block
_ERRORS = {
    "Div": "#DIV/0!", "Na": "#N/A", "Name": "#NAME?", "Null": "#NULL!", "Num": "#NUM!", "Ref": "#REF!",
    "Value": "#VALUE!", "Circ": "#CIRC!", "Spill": "#SPILL!", "Calc": "#CALC!", "NImpl": "#N/IMPL!",
}  # fmt: skip

Plain = bool | float | str | None


def evaluate(layout: records.Layout) -> None:
    """Give formula cells their values, then fit rows and break pages; raises TemplateError (KX506) for error values."""
    import formualizer

    options: Any = formualizer.EvaluationConfig()
    options.enable_parallel = False  # one order of adding up, so one result to the last bit
    book: Any = formualizer.Workbook(config=formualizer.WorkbookConfig(eval_config=options, enable_changelog=False))
    # Dates must come back as Excel stores them, whatever the cell's format.
    book.set_temporal_egress("serial")
    # Values first: one that comes after a formula that looks at it costs a search for what depends on it.
    for sheet in layout.sheets:
        target = book.sheet(sheet.name)
        for first, block in _blocks(sheet):
            target.set_values_batch(first, 1, len(block), len(block[0]), block)
    # One by one: those that are given in blocks and refer to later sheets come out wrong.
    for sheet in layout.sheets:
        target = book.sheet(sheet.name)
        for row, col, cell in _formulas(sheet):
            target.set_formula(row, col, cell.formula)
    book.evaluate_all()
    failed: dict[str, list[tuple[records.LaidSheet, int, int, str]]] = {}
    for sheet in layout.sheets:
        for row, col, cell in _formulas(sheet):
            value = book.get_value(sheet.name, row, col)
            if isinstance(value, list):
                value = value[0][0] if value and value[0] else None
            elif isinstance(value, dict):
                kind = str(value.get("kind", ""))
                failed.setdefault(cell.origin, []).append((sheet, row, col, _ERRORS.get(kind, kind)))
            elif value is None:
                value = 0.0
            cell.value = value
    if failed:
        problems = []
        for origin, places in failed.items():
            sheet, row, col, error = places[0]
            facts = {"sheet": sheet.name, "cell": a1(row, col), "formula": sheet.cells[row, col].formula or ""}
            facts |= {"error": error, "count": str(len(places))}
            template, _, address = origin.rpartition("!")
            problems.append(Problem("KX506", template, address, facts))
        raise TemplateError(problems)
    fit_rows(layout, formulas=True)
    paginate(layout)


def _formulas(sheet: records.LaidSheet) -> Iterator[tuple[int, int, records.LaidCell]]:
    return ((row, col, cell) for (row, col), cell in sheet.cells.items() if cell.formula is not None)


def _blocks(sheet: records.LaidSheet) -> Iterator[tuple[int, list[list[Plain]]]]:
    """The values that formulas look at.
    Few blocks, for the engine takes the longer for each the more it holds already; and no endless ones, for memory."""
    lines: dict[int, list[tuple[int, Plain]]] = {}
    for (row, col), cell in sheet.cells.items():
        if cell.formula is None and cell.value is not None and cell.value != "":
            lines.setdefault(row, []).append((col, _given(cell.value)))
    for start, beyond in joined([(row, row + _GAP) for row in lines]):
        for first in range(start, beyond - _GAP + 1, _LONGEST):
            last = min(first + _LONGEST - 1, beyond - _GAP)
            width = max(col for row in range(first, last + 1) for col, _ in lines.get(row, ((1, None),)))
            block: list[list[Plain]] = [[None] * width for _ in range(first, last + 1)]
            for row in range(first, last + 1):
                for col, value in lines.get(row, ()):
                    block[row - first][col - 1] = value
            yield first, block


def _given(value: object) -> bool | float | str:
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return float(value)
    if isinstance(value, date):
        return serial(value)
    return value if isinstance(value, bool) else str(value)


def serial(value: date) -> float:
    """A date as Excel's day number."""
    moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
    return (moment - _EPOCH).total_seconds() / 86400
