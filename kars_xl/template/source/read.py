"""Reads a template workbook once into plain records; nothing of openpyxl is needed after that but its styles."""

from __future__ import annotations

import os
import warnings
import zipfile
from typing import IO, Any

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from kars_xl.template.formula.formula import references_in
from kars_xl.template.formula.lint import ALLOWED_FUNCTIONS, RULE_FUNCTIONS
from kars_xl.template.formula.parse import FormulaParser
from kars_xl.template.formula.reference import parse_reference
from kars_xl.template.layout.placeholders import Text, UnknownPathError, compile_text
from kars_xl.template.layout.regions import LAST_COLUMN, LAST_ROW, loop_kind
from kars_xl.template.nodes import Problem, Problems
from kars_xl.template.records import Loop, Template, TemplateName, TemplateSheet
from kars_xl.template.source.chart_xml import read_theme
from kars_xl.template.source.package import Package
from kars_xl.template.source.read_sheet import SheetReader
from kars_xl.template.source.read_styles import StyleReader


def load(path: str | os.PathLike[str] | IO[bytes]) -> Template:
    """Read a template workbook; OSError if it can't be read, ValueError if it is no workbook."""
    with warnings.catch_warnings():
        # What openpyxl can't carry (extensions of newer Excels) is no concern of the template's author.
        warnings.simplefilter("ignore")
        try:
            workbook: Any = openpyxl.load_workbook(path, rich_text=True, keep_links=False)
        except (zipfile.BadZipFile, InvalidFileException, KeyError) as error:
            raise ValueError(f"Excel çalışma kitabı değil ({error})") from error
    package = Package(path)
    problems = Problems()
    styles = StyleReader(workbook)
    theme = read_theme(workbook.loaded_theme)
    meanings = {None: _names(workbook.defined_names)}
    meanings |= {ws.title: _names(ws.defined_names) for ws in workbook.worksheets}
    titles = {ws.title.casefold() for ws in workbook.worksheets}
    sheets: list[TemplateSheet] = []
    parsers: dict[str | None, FormulaParser] = {}
    for index, ws in enumerate(workbook.worksheets):
        local, common = meanings[ws.title], meanings[None]

        def meaning(name: str, local: dict[str, str] = local, common: dict[str, str] = common) -> str | None:
            return local.get(name.casefold(), common.get(name.casefold()))

        def has_sheet(title: str) -> bool:
            return title.casefold() in titles

        parser = FormulaParser(has_sheet, meaning, ALLOWED_FUNCTIONS)
        parsers[ws.title] = parser
        parsers.setdefault(None, parser)
        rule_parser = FormulaParser(has_sheet, meaning, RULE_FUNCTIONS)
        sheets.append(SheetReader(ws, index, parser, rule_parser, styles, package, theme, problems).read())
    names: list[TemplateName] = []
    for owner, scoped in (
        (None, workbook.defined_names),
        *((ws.title, ws.defined_names) for ws in workbook.worksheets),
    ):
        for name, defined in scoped.items():
            meaning_text = str(defined.attr_text or "")
            kind = loop_kind(name)
            if kind is None:
                if owner in parsers and not name.startswith("_xlnm") and not defined.hidden:
                    _add_name(name, meaning_text, owner, parsers[owner], names, problems)
                continue
            _add_loop(name, kind, meaning_text, owner, sheets, problems)
    _look(sheets)
    lost = [Problem("KX005", name, "", {"what": "grafik sayfası"}) for name in package.chart_sheets]
    lost += [Problem("KX005", sheet.title, cell, {"what": what}) for sheet in sheets for cell, what in sheet.lost]
    return Template(sheets, styles.table, names, _properties(workbook), _active(workbook), problems, lost)


def _look(sheets: list[TemplateSheet]) -> None:
    """Tell each sheet which of its columns formulas look into; they stay the same in every output."""
    columns: dict[str, set[int]] = {sheet.title.casefold(): set() for sheet in sheets}
    for sheet in sheets:
        formulas = (cell.formula for row in sheet.cells.values() for cell in row if cell.formula is not None)
        for ref in (ref for formula in formulas for ref in references_in(formula.pieces)):
            title = (ref.sheet or sheet.title).casefold()
            columns[title].update(range(ref.col1 or 1, (ref.col2 or LAST_COLUMN) + 1))
    for sheet in sheets:
        sheet.seen = frozenset(columns[sheet.title.casefold()])


def _names(defined: Any) -> dict[str, str]:
    return {name.casefold(): str(d.attr_text or "") for name, d in defined.items()}


def _active(workbook: Any) -> int:
    active = workbook.active
    return workbook.worksheets.index(active) if active in workbook.worksheets else 0


def _add_name(
    name: str, meaning: str, owner: str | None, parser: FormulaParser, names: list[TemplateName], problems: Problems
) -> None:
    parsed = parser.parse("=" + meaning)
    for fault in parsed.faults:
        problems.add("KX502", owner or "", "", formula=f"{name}={meaning}", where="name", **fault)
    if not parsed.faults:
        names.append(TemplateName(name, parsed, owner))


def _add_loop(
    name: str, kind: str, meaning: str, owner: str | None, sheets: list[TemplateSheet], problems: Problems
) -> None:
    ref = parse_reference(meaning)
    title = ref.sheet if ref is not None and ref.sheet is not None else owner
    sheet = next((s for s in sheets if title is not None and s.title.casefold() == title.casefold()), None)
    if ref is None or ref.row1 is None or ref.row2 is None or sheet is None or ref.row2 >= LAST_ROW:
        problems.add("KX503", sheet.title if sheet else title or "", "", name=name, reason="refers_to_nothing")
        return
    sheet.loops.append(Loop(name, kind, ref.row1, ref.row2))
    sheet.last_row = max(sheet.last_row, ref.row2)


def _properties(workbook: Any) -> dict[str, Text | str]:
    found: dict[str, Text | str] = {}
    properties = workbook.properties
    for name, value in (
        ("title", properties.title),
        ("subject", properties.subject),
        ("author", properties.creator),
        ("category", properties.category),
        ("keywords", properties.keywords),
        ("comments", properties.description),
        ("status", properties.contentStatus),
    ):
        # openpyxl signs the workbooks that it writes; that is no author.
        if value and not (name == "author" and value == "openpyxl"):
            found[name] = _text_or_plain(str(value))
    return found


def _text_or_plain(text: str) -> Text | str:
    try:
        return compile_text(text) or text
    except UnknownPathError:
        return text
