"""Lays all sheets of a template out for a data tree, and writes their formulas from the row map."""

from collections.abc import Iterable, Iterator
from datetime import date

from kars_xl.base.place import a1
from kars_xl.template import nodes, records
from kars_xl.template.formula.formula import LAST_ROW, quoted
from kars_xl.template.layout.lay import Rows, page_of
from kars_xl.template.layout.objects import expand_rules, lay_charts, lay_pictures
from kars_xl.template.layout.pages import fit_rows
from kars_xl.template.layout.regions import Band, Instance, ReferenceFault, RowMap, SheetCopy
from kars_xl.template.layout.render import LONGEST_FORMULA, FormulaWriter, follow
from kars_xl.template.nodes import Node, Problem, Problems, Styled, TemplateError, Text, UnknownPathError, look_up
from kars_xl.template.records import Template, TemplateSheet

_LONGEST_BAND = 255  # letters that Excel takes for a header or footer
# What a part of a text has or lacks, whatever the cell has.
_OF_RUNS = ("bold", "italic", "underline", "font_strikeout", "font_script", "font_color")


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
    lost: list[Problem] = []
    names = list(_names(template, writer, copies, lost))
    properties = {name: problems.filled(text, {}, root) for name, text in template.properties.items()}
    if found_problems := problems.list():
        raise TemplateError(_together(found_problems, lay.kinds))
    styles, active = template.styles, min(active, max(len(laid) - 1, 0))
    layout = records.Layout(laid, styles.properties, names, properties, styles.normal, active, lost)
    fit_rows(layout, formulas=False)
    return layout


def _together(problems: list[Problem], kinds: set[str]) -> list[Problem]:
    """Several placeholders that stand in no block of their kind are one problem, and what formulas lack by that none:
    some programs drop the names that belong to one sheet, and with them the blocks."""
    astray: dict[str, list[Problem]] = {}
    for problem in problems:
        if problem.values.get("reason") == "unrepeated":
            problem.values["reason"] = "unknown"
            if (kind := problem.values["path"].partition(".")[0]) in kinds:
                astray.setdefault(f"her_{kind}", []).append(problem)
    together = [found for several in astray.values() for found in several]
    if len(together) < 2:
        return problems
    first = min(together, key=problems.index)
    facts = {"name": ", ".join(astray), "reason": "lost"}
    rest = [it for it in problems if "reference" not in it.values and it not in together]
    return [Problem("KX503", first.sheet, first.cell, facts), *rest]


class _Filling:
    """Fills one output sheet: `laid`."""

    def __init__(self, template: Template, lay: Rows, writer: FormulaWriter, sheet: TemplateSheet, copy: SheetCopy):
        self.template, self.writer, self.sheet, self.copy = template, writer, sheet, copy
        self.root, self.problems = lay.root, lay.problems
        self.laid = laid = records.LaidSheet(copy.name, sheet.title, page_of(sheet, copy, lay), columns=sheet.columns)
        writer.looked_at = laid.looked_at
        self._fill(copy.root)
        # Of a single cell that is left nothing is merged.
        laid.merges = [
            (first, col1, last, col2)
            for row1, col1, row2, col2 in sheet.merges
            for first, last in lay.spans(copy, row1, row2)
            if first < last or col1 < col2
        ]
        laid.bands = {name: self._band(text) for name, text in sheet.bands.items()}
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
        constant = cell.formula is None and cell.text is None and cell.link is None
        if constant and cell.laid is not None:
            return cell.laid
        laid = records.LaidCell(cell.value, None, cell.style, cell.origin)
        scope, table = instance.scope, self.template.styles
        try:
            if cell.formula is not None:
                laid.value = None
                laid.formula = "=" + self.writer.write(cell.formula, instance)
            elif cell.text is not None:
                path = cell.text.only_path
                value = cell.text.fill(scope, self.root) if path is None else look_up(path, scope, self.root)
                if isinstance(value, Styled):
                    laid.style, value = table.with_number_format(laid.style, value.number_format), value.value
                laid.value = value
            if cell.runs:
                self._runs(cell.runs, laid, scope)
        except (ReferenceFault, UnknownPathError) as error:
            self._trouble(error, cell.address, cell.formula_text, out, cell.col)
        if isinstance(laid.value, date):
            laid.style = table.for_date(laid.style)
        if cell.link is not None:
            self._link(cell, cell.link, instance, laid)
        if constant:
            cell.laid = laid
        return laid

    def _runs(self, runs: Iterable[tuple[int | None, Text | str]], laid: records.LaidCell, scope: nodes.Scope) -> None:
        """The parts of a text with their fonts; where but one of them is left, its font is the cell's."""
        found = [(look, text) for look, run in runs if (text := nodes.filled(run, scope, self.root))]
        if len(found) > 1 and isinstance(laid.value, str):
            laid.runs = found
        elif found and (look := next((look for look, text in found if text.strip()), None)) is not None:
            styles = self.template.styles
            plain = {name: value for name, value in styles.properties[laid.style].items() if name not in _OF_RUNS}
            laid.style = styles.add(plain | styles.properties[look])

    def _link(self, cell: records.TemplateCell, link: records.Link, instance: Instance, laid: records.LaidCell) -> None:
        where, to = link.location, ""
        if link.target:
            to = self._text(link.target, instance, cell.address) + ("#" + where if where else "")
        elif where:
            place = follow(where.lstrip("#"), self.writer.rows, instance)
            if place is None and any(item.name.casefold() == where.casefold() for item in self.template.names):
                place = where
            to = "internal:" + place if place else ""
        tip = self._text(link.tip, instance, cell.address) if link.tip else ""
        laid.link = (to, tip) if to else None

    def _text(self, text: Text | str, instance: Instance, address: str) -> str:
        return self.problems.filled(text, instance.scope, self.root, self.sheet.title, address)

    def _band(self, text: Text | str) -> str:
        """A header or footer."""
        # "&" starts a code in headers; one that comes from the data is only an ampersand.
        parts = (
            part if isinstance(part, str) else self._text(Text((part,)), self.copy.root, "").replace("&", "&&")
            for part in ((text,) if isinstance(text, str) else text.parts)
        )
        found = "".join(parts)
        if len(found.encode("utf-16-le")) // 2 > _LONGEST_BAND:
            self.problems.add("KX508", self.sheet.title, "", formula=found)
        return found

    def _trouble(self, error: Exception, address: str, formula: str, row: int, col: int) -> None:
        """Notes what is wrong with a template cell, seen as an output cell (row and column) was to be filled."""
        if isinstance(error, UnknownPathError):
            self.problems.unknown(error, self.sheet.title, address)
        else:
            facts = dict(zip(("reason", "reference", "count"), map(str, error.args), strict=True))
            facts["target"] = f"{self.copy.name}!{a1(row, col)}"
            self.problems.add("KX505", self.sheet.title, address, formula=formula, **facts)


def _names(
    template: Template, writer: FormulaWriter, copies: list[list[SheetCopy]], lost: list[Problem]
) -> Iterator[tuple[str, str]]:
    """Defined names as XlsxWriter takes them; one whose cells are all gone is left out, and so is (`lost`) one that
    Excel would not take or that means another thing in each place."""
    nowhere = Instance(Band("", "", 1, LAST_ROW), SheetCopy(-1, ""), None, None, {}, {}, -1)
    for item in template.names:
        at = writer.rows.sheet(item.owner) if item.owner is not None else None
        own = [] if at is None else [(f"{quoted(copy.name)}!{item.name}", copy.root) for copy in copies[at]]
        for full, instance in [(item.name, nowhere)] if at is None else own:
            try:
                text = writer.write_areas(item.meaning, instance)
                why = "çok sayıda hücreye bölünüyor" if len(text) >= LONGEST_FORMULA else ""
            except (ReferenceFault, UnknownPathError):
                # Formulas hold its meaning, and nothing needs the name.
                text, why = "", "her kopyada başka bir şey"
            if why:
                lost.append(Problem("KX005", item.owner or "", "", {"what": f"“{item.name}” adı ({why})"}))
            elif text:
                yield full, "=" + text
