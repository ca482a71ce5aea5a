"""Lays all sheets of a template out for a data tree, then writes their formulas from the row map."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from kars_xl.base.addresses import a1
from kars_xl.template.charts import TemplateChart
from kars_xl.template.formula.reference import quoted
from kars_xl.template.laid import LaidCell, LaidComment, LaidSheet, Layout
from kars_xl.template.layout.carry import carry
from kars_xl.template.layout.lay import Rows
from kars_xl.template.layout.lay_charts import lay_charts
from kars_xl.template.layout.pictures import lay_pictures
from kars_xl.template.layout.placeholders import Text, UnknownPathError, look_up
from kars_xl.template.layout.regions import LAST_ROW, Band, Instance, SheetCopy
from kars_xl.template.layout.render import FormulaWriter, ReferenceFault, follow
from kars_xl.template.layout.rowmap import RowMap
from kars_xl.template.layout.rules import expand_rules
from kars_xl.template.layout.textfit import fit_rows
from kars_xl.template.nodes import Node, Problems, Styled, TemplateError
from kars_xl.template.records import Comment, Link, Template, TemplateCell, TemplateSheet


def expand(template: Template, root: Node) -> Layout:
    """Lay the template out for the data tree; raises TemplateError with every problem found."""
    return _Expansion(template, root).run()


class _Expansion:
    def __init__(self, template: Template, root: Node) -> None:
        self.template, self.root = template, root
        self.problems = Problems(dict(template.problems.found))
        self.lay = Rows(root, self.problems)

    def run(self) -> Layout:
        sheets = self.template.sheets
        roots = [self.lay.bands(sheet) for sheet in sheets]
        copies = [self.lay.copies(sheet, band) for sheet, band in zip(sheets, roots, strict=True)]
        self.rows = RowMap([sheet.title for sheet in sheets], roots, copies)
        self.writer = FormulaWriter(self.rows, self.root)
        laid: list[LaidSheet] = []
        active = 0
        for sheet, found in zip(sheets, copies, strict=True):
            if sheet.index == self.template.active:
                active = len(laid)
            for copy in found:
                laid.append(self._sheet(sheet, copy))
        names = list(self._names(copies))
        properties = {name: self._plain(text, None, "") for name, text in self.template.properties.items()}
        if problems := self.problems.list():
            raise TemplateError(problems)
        styles = self.template.styles
        active = min(active, max(len(laid) - 1, 0))
        layout = Layout(laid, styles.properties, names, properties, styles.normal, active)
        fit_rows(layout, formulas=False)
        return layout

    def _sheet(self, sheet: TemplateSheet, copy: SheetCopy) -> LaidSheet:
        assert copy.root is not None
        laid = LaidSheet(copy.name, sheet.title, sheet.page, columns=sheet.columns)
        laid.seen = sheet.seen
        self._fill(sheet, copy.root, laid)
        carry(sheet, copy, self.lay, laid)
        laid.header = self._header(sheet.header, copy, sheet)
        laid.footer = self._header(sheet.footer, copy, sheet)
        self._rules(sheet, copy, laid)
        laid.images = lay_pictures(sheet, self.lay.at_row, copy)
        self._charts(sheet, copy, laid)
        return laid

    def _fill(self, sheet: TemplateSheet, instance: Instance, laid: LaidSheet) -> None:
        """Cells, rows and comments of an instance and of those inside it, from top to bottom."""
        starts, children = iter(instance.starts), iter(instance.children)
        for part in instance.band.parts:
            if isinstance(part, Band):
                for inner in next(children):
                    self._fill(sheet, inner, laid)
                continue
            top, bottom = part
            shift = next(starts) - top
            for row in range(top, min(bottom, sheet.last_row) + 1):
                self._row(sheet, row, row + shift, instance, laid)

    def _row(self, sheet: TemplateSheet, row: int, out: int, instance: Instance, laid: LaidSheet) -> None:
        if row in sheet.rows:
            laid.rows[out] = sheet.rows[row]
            height = sheet.rows[row].height
            if height is not None:
                laid.row_heights[out] = height
        for cell in sheet.cells.get(row, ()):
            laid.cells[out, cell.col] = self._cell(sheet, cell, instance, out)
            if cell.comment is not None:
                laid.comments.append(self._comment(sheet, cell, cell.comment, instance, out))

    def _cell(self, sheet: TemplateSheet, cell: TemplateCell, instance: Instance, out: int) -> LaidCell:
        laid = LaidCell(cell.value, None, cell.style, None, cell.origin)
        if cell.formula is not None:
            laid.value = None
            try:
                laid.formula = "=" + self.writer.write(cell.formula, instance)
            except (ReferenceFault, UnknownPathError) as error:
                self._trouble(error, sheet, a1(cell.row, cell.col), cell.formula_text, instance, out, cell.col)
        elif cell.text is not None:
            self._text(sheet, cell, cell.text, instance, laid)
        if isinstance(laid.value, date):
            laid.style = self.template.styles.for_date(laid.style)
        if cell.link is not None:
            self._link(sheet, cell, cell.link, instance, laid)
        return laid

    def _comment(
        self, sheet: TemplateSheet, cell: TemplateCell, comment: Comment, instance: Instance, out: int
    ) -> LaidComment:
        text = self._plain(comment.filled or comment.text, instance, a1(cell.row, cell.col), sheet.title)
        return LaidComment(out, cell.col, text, comment.author, comment.width, comment.height)

    def _text(self, sheet: TemplateSheet, cell: TemplateCell, text: Text, instance: Instance, laid: LaidCell) -> None:
        styles = self.template.styles
        try:
            path = text.only_path
            if path is None:
                laid.value = text.fill(instance.scope, self.root)
            else:
                laid.value = look_up(path, instance.scope, self.root)
            if cell.runs:
                laid.runs = [
                    (style, filled.fill(instance.scope, self.root) if filled else plain)
                    for style, plain, filled in cell.runs
                ]
        except UnknownPathError as error:
            self.problems.add("KX501", sheet.title, a1(cell.row, cell.col), path=error.args[0], reason=error.args[1])
            return
        if isinstance(laid.value, Styled):
            laid.style = styles.with_number_format(laid.style, laid.value.number_format)
            laid.value = laid.value.value

    def _link(self, sheet: TemplateSheet, cell: TemplateCell, link: Link, instance: Instance, laid: LaidCell) -> None:
        address = a1(cell.row, cell.col)
        if link.target:
            laid.link = self._plain(link.target_text or link.target, instance, address, sheet.title)
            if link.location:
                laid.link += "#" + link.location
        elif link.location and (place := self._follow(link.location, instance)):
            laid.link = "internal:" + place
        if link.tip:
            laid.tip = self._plain(link.tip_text or link.tip, instance, address, sheet.title)

    def _follow(self, location: str, instance: Instance) -> str | None:
        place = follow(location.lstrip("#"), self.rows, instance)
        if place is None and any(item.name.casefold() == location.casefold() for item in self.template.names):
            return location
        return place

    def _plain(self, text: Text | str, instance: Instance | None, address: str, sheet: str = "") -> str:
        if isinstance(text, str):
            return text
        try:
            return text.fill(instance.scope if instance else {}, self.root)
        except UnknownPathError as error:
            self.problems.add("KX501", sheet, address, path=error.args[0], reason=error.args[1])
            return ""

    def _trouble(
        self,
        error: Exception,
        sheet: TemplateSheet,
        address: str,
        formula: str,
        instance: Instance,
        row: int,
        col: int,
    ) -> None:
        if isinstance(error, UnknownPathError):
            self.problems.add("KX501", sheet.title, address, path=error.args[0], reason=error.args[1])
            return
        reason, reference, count = error.args
        self.problems.add(
            "KX505",
            sheet.title,
            address,
            formula=formula,
            reason=reason,
            reference=reference,
            count=str(count),
            target=f"{instance.sheet.name}!{a1(row, col)}",
        )

    def _header(self, text: Text | str, copy: SheetCopy, sheet: TemplateSheet) -> str:
        if isinstance(text, str):
            return text
        # "&" starts a code in headers; one that comes from the data is only an ampersand.
        words = ""
        for part in text.parts:
            if isinstance(part, str):
                words += part
            else:
                words += self._plain(Text((part,)), copy.root, "", sheet.title).replace("&", "&&")
        return words

    def _rules(self, sheet: TemplateSheet, copy: SheetCopy, laid: LaidSheet) -> None:
        assert copy.root is not None
        root = copy.root

        def trouble(error: Exception, address: str, formula: str, row: int, col: int) -> None:
            self._trouble(error, sheet, address, formula, root, row, col)

        for source, target in (
            (sheet.conditional_formats, laid.conditional_formats),
            (sheet.validations, laid.validations),
        ):
            target += expand_rules(source, copy, sheet.last_row, self.writer, trouble)

    def _charts(self, sheet: TemplateSheet, copy: SheetCopy, laid: LaidSheet) -> None:
        def trouble(error: Exception, chart: TemplateChart, instance: Instance) -> None:
            at = chart.anchor
            self._trouble(error, sheet, a1(at.row, at.col), chart.title, instance, at.row, at.col)

        laid.charts = lay_charts(sheet, self.lay, copy, self.writer, trouble)

    def _names(self, copies: list[list[SheetCopy]]) -> Iterator[tuple[str, str]]:
        """Defined names as XlsxWriter takes them; one whose cells are all gone is left out."""
        nowhere = Instance(Band("", "", 1, LAST_ROW), SheetCopy(-1, ""), None, None, {}, {}, -1)
        for item in self.template.names:
            at = self.rows.sheet(item.owner) if item.owner is not None else None
            if at is None:
                places = [(item.name, nowhere)]
            else:
                places = [(f"{quoted(c.name)}!{item.name}", c.root) for c in copies[at] if c.root is not None]
            for full, instance in places:
                try:
                    text = self.writer.write_areas(item.meaning, instance)
                except (ReferenceFault, UnknownPathError):
                    # It means another thing in each place; formulas hold its meaning, and nothing needs the name.
                    continue
                if text:
                    yield full, "=" + text
