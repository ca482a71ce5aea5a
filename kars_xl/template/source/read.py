"""Reads a template workbook once into plain records; nothing of openpyxl is needed after that but its styles."""

from __future__ import annotations

import os
import warnings
import zipfile
from typing import IO, Any

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from kars_xl.template.formula.formula import ALLOWED_FUNCTIONS, RULE_FUNCTIONS
from kars_xl.template.formula.parse import FormulaParser
from kars_xl.template.formula.reference import LAST_ROW, parse_reference
from kars_xl.template.layout.placeholders import Text, text_or_plain
from kars_xl.template.layout.regions import loop_kind
from kars_xl.template.nodes import Problem, Problems
from kars_xl.template.records import Loop, Template, TemplateName, TemplateSheet
from kars_xl.template.source.drawing import Package
from kars_xl.template.source.read_sheet import SheetReader
from kars_xl.template.source.read_styles import StyleReader, read_theme


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
    theme = read_theme(workbook.loaded_theme)
    styles = StyleReader(workbook, theme)
    titles = {ws.title.casefold() for ws in workbook.worksheets}
    common = _meanings(workbook.defined_names)
    sheets: list[TemplateSheet] = []
    parsers: dict[str | None, FormulaParser] = {}
    for index, ws in enumerate(workbook.worksheets):
        parser, rule_parser = (
            FormulaParser(titles, common | _meanings(ws.defined_names), allowed)
            for allowed in (ALLOWED_FUNCTIONS, RULE_FUNCTIONS)
        )
        parsers[ws.title] = parser
        parsers.setdefault(None, parser)
        reader = SheetReader(
            ws=ws, index=index, part=package.sheet(index), parser=parser, rule_parser=rule_parser, styles=styles,
            theme=theme, problems=problems,
        )  # fmt: skip
        sheets.append(reader.read())
    names: list[TemplateName] = []
    for owner, scoped in ((None, workbook), *((ws.title, ws) for ws in workbook.worksheets)):
        for name, defined in scoped.defined_names.items():
            meaning, kind = str(defined.attr_text or ""), loop_kind(name)
            if kind is not None:
                _add_loop(name, kind, meaning, owner, sheets, problems)
            elif owner in parsers and not name.startswith("_xlnm") and not defined.hidden:
                parsed = parsers[owner].parse("=" + meaning)
                for fault in parsed.faults:
                    problems.add("KX502", owner or "", "", formula=f"{name}={meaning}", where="name", **fault)
                if not parsed.faults:
                    names.append(TemplateName(name, parsed, owner))
    lost = [Problem("KX005", name, "", {"what": "grafik sayfası"}) for name in package.chart_sheets]
    lost += [Problem("KX005", sheet.title, cell, {"what": what}) for sheet in sheets for cell, what in sheet.lost]
    return Template(sheets, styles.table, names, _properties(workbook), _active(workbook), problems, lost)


def _meanings(defined: Any) -> dict[str, str]:
    return {name.casefold(): str(d.attr_text or "") for name, d in defined.items()}


def _active(workbook: Any) -> int:
    active = workbook.active
    return workbook.worksheets.index(active) if active in workbook.worksheets else 0


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
    """The document's properties by XlsxWriter's names for them."""
    properties = workbook.properties
    found = {
        "title": properties.title,
        "subject": properties.subject,
        # openpyxl signs the workbooks that it writes; that is no author.
        "author": properties.creator if properties.creator != "openpyxl" else None,
        "category": properties.category,
        "keywords": properties.keywords,
        "comments": properties.description,
        "status": properties.contentStatus,
    }
    return {name: text_or_plain(str(value)) for name, value in found.items() if value}
