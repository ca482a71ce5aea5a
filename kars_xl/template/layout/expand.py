"""Lays all sheets of a template out for a data tree, then writes their formulas from the row map."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from kars_xl.base.place import a1
from kars_xl.template.formula.formula import LAST_ROW, quoted
from kars_xl.template.layout.lay import Rows, merges, page_of
from kars_xl.template.layout.objects import expand_rules, lay_charts, lay_pictures
from kars_xl.template.layout.pages import fit_rows
from kars_xl.template.layout.regions import Band, Instance, RowMap, SheetCopy
from kars_xl.template.layout.render import FormulaWriter, ReferenceFault, follow
from kars_xl.template.nodes import Node, Problems, Scope, Styled, TemplateError, Text, UnknownPathError, filled, look_up
from kars_xl.template.records import (
    LaidCell,
    LaidComment,
    LaidSheet,
    Layout,
    Link,
    Template,
    TemplateCell,
    TemplateSheet,
)


def expand(template: Template, root: Node) -> Layout:
    """Lay the template out for the data tree; raises TemplateError with every problem found."""
    problems = Problems(dict(template.problems.found))
    lay = Rows(root, problems)
    bands = [lay.bands(sheet) for sheet in template.sheets]
    copies = [lay.copies(sheet, band) for sheet, band in zip(template.sheets, bands, strict=True)]
    writer = FormulaWriter(RowMap([sheet.title for sheet in template.sheets], bands, copies), root)
    laid: list[LaidSheet] = []
    active = 0
    for sheet, found in zip(template.sheets, copies, strict=True):
        if sheet.index == template.active:
            active = len(laid)
        laid += [_Filling(template, lay, writer, sheet, copy).sheet_filled() for copy in found]
    names = list(_names(template, writer, copies))
    properties = {name: _plain(text, {}, root, problems) for name, text in template.properties.items()}
    if found_problems := problems.list():
        raise TemplateError(found_problems)
    styles = template.styles
    layout = Layout(laid, styles.properties, names, properties, styles.normal, min(active, max(len(laid) - 1, 0)))
    fit_rows(layout, formulas=False)
    return layout


def _plain(text: Text | str, scope: Scope, root: Node, problems: Problems, sheet: str = "", cell: str = "") -> str:
    """The text filled; "" where a placeholder leads nowhere, which is a problem of that sheet and cell."""
    try:
        return filled(text, scope, root)
    except UnknownPathError as error:
        problems.unknown(error, sheet, cell)
        return ""


class _Filling:
    """Fills one output sheet."""

    def __init__(
        self, template: Template, lay: Rows, writer: FormulaWriter, sheet: TemplateSheet, copy: SheetCopy
    ) -> None:
        self.template, self.lay, self.writer, self.sheet, self.copy = template, lay, writer, sheet, copy
        self.root, self.problems = lay.root, lay.problems
        self.laid = LaidSheet(copy.name, sheet.title, page_of(sheet, copy, lay), columns=sheet.columns)

    def sheet_filled(self) -> LaidSheet:
        sheet, copy, laid = self.sheet, self.copy, self.laid
        self._fill(copy.root)
        laid.merges += merges(sheet, copy, self.lay)
        laid.header, laid.footer = self._header(sheet.header), self._header(sheet.footer)
        laid.conditional_formats, laid.validations = (
            expand_rules(rules, copy, sheet.last_row, self.writer, self._trouble)
            for rules in (sheet.conditional_formats, sheet.validations)
        )
        laid.images = lay_pictures(sheet, self.lay, copy)
        laid.charts = lay_charts(sheet, self.lay, copy, self.writer, self._trouble)
        return laid

    def _fill(self, instance: Instance) -> None:
        """Cells, rows and comments of an instance and of those inside it, from top to bottom."""
        starts, children = iter(instance.starts), iter(instance.children)
        for part in instance.band.parts:
            if isinstance(part, Band):
                for inner in next(children):
                    self._fill(inner)
                continue
            top, bottom = part
            shift = next(starts) - top
            for row in range(top, min(bottom, self.sheet.last_row) + 1):
                self._row(row, row + shift, instance)

    def _row(self, row: int, out: int, instance: Instance) -> None:
        laid = self.laid
        if row in self.sheet.rows:
            laid.rows[out] = self.sheet.rows[row]
            if (height := laid.rows[out].height) is not None:
                laid.row_heights[out] = height
        for cell in self.sheet.cells.get(row, ()):
            laid.cells[out, cell.col] = self._cell(cell, instance, out)
            if cell.comment is not None:
                text = self._text(cell.comment.text, instance, cell.address)
                laid.comments.append(LaidComment(out, cell.col, text, cell.comment.options))

    def _cell(self, cell: TemplateCell, instance: Instance, out: int) -> LaidCell:
        laid = LaidCell(cell.value, None, cell.style, None, cell.origin)
        try:
            if cell.formula is not None:
                laid.value = None
                laid.formula = "=" + self.writer.write(cell.formula, instance)
            elif cell.text is not None:
                self._fill_text(cell, cell.text, instance, laid)
        except (ReferenceFault, UnknownPathError) as error:
            self._trouble(error, cell.address, cell.formula_text, out, cell.col)
        if isinstance(laid.value, date):
            laid.style = self.template.styles.for_date(laid.style)
        if cell.link is not None:
            self._link(cell, cell.link, instance, laid)
        return laid

    def _fill_text(self, cell: TemplateCell, text: Text, instance: Instance, laid: LaidCell) -> None:
        path, scope = text.only_path, instance.scope
        laid.value = text.fill(scope, self.root) if path is None else look_up(path, scope, self.root)
        if cell.runs:
            laid.runs = [(style, filled(run, scope, self.root)) for style, run in cell.runs]
        if isinstance(laid.value, Styled):
            laid.style = self.template.styles.with_number_format(laid.style, laid.value.number_format)
            laid.value = laid.value.value

    def _link(self, cell: TemplateCell, link: Link, instance: Instance, laid: LaidCell) -> None:
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
        return _plain(text, instance.scope, self.root, self.problems, self.sheet.title, address)

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
            return
        reason, reference, count = error.args
        facts = {"formula": formula, "reason": reason, "reference": reference, "count": str(count)}
        target = f"{self.copy.name}!{a1(row, col)}"
        self.problems.add("KX505", self.sheet.title, address, **facts, target=target)


def _names(template: Template, writer: FormulaWriter, copies: list[list[SheetCopy]]) -> Iterator[tuple[str, str]]:
    """Defined names as XlsxWriter takes them; one whose cells are all gone is left out."""
    nowhere = Instance(Band("", "", 1, LAST_ROW), SheetCopy(-1, ""), None, None, {}, {}, -1)
    for item in template.names:
        at = writer.rows.sheet(item.owner) if item.owner is not None else None
        own = [] if at is None else [(f"{quoted(copy.name)}!{item.name}", copy.root) for copy in copies[at]]
        for full, instance in [(item.name, nowhere)] if at is None else own:
            try:
                text = writer.write_areas(item.meaning, instance)
            except (ReferenceFault, UnknownPathError):
                # It means another thing in each place; formulas hold its meaning, and nothing needs the name.
                continue
            if text:
                yield full, "=" + text
