"""Reads a template workbook once into plain records."""

from __future__ import annotations

import os
import zipfile
import zlib
from collections.abc import Iterable
from typing import IO, NamedTuple
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from kars_xl.template.formula.formula import ALLOWED_FUNCTIONS, RULE_FUNCTIONS
from kars_xl.template.formula.parse import FormulaParser
from kars_xl.template.formula.reference import LAST_ROW, parse_reference
from kars_xl.template.layout.placeholders import Text, text_or_plain
from kars_xl.template.layout.regions import loop_kind
from kars_xl.template.nodes import Problem, Problems
from kars_xl.template.records import Loop, Template, TemplateName, TemplateSheet
from kars_xl.template.source.package import Package, relation_id, yes
from kars_xl.template.source.read_sheet import SheetReader
from kars_xl.template.source.read_styles import StyleReader, read_theme


class Defined(NamedTuple):
    """A defined name, and the sheet that it belongs to (None: the workbook)."""

    name: str
    meaning: str
    owner: str | None
    hidden: bool


def load(path: str | os.PathLike[str] | IO[bytes]) -> Template:
    """Read a template workbook; OSError if it can't be read, ValueError if it is no workbook."""
    try:
        return _read(Package(path))
    except (zipfile.BadZipFile, zlib.error, EOFError, ElementTree.ParseError, LookupError, RuntimeError) as error:
        raise ValueError(f"Excel çalışma kitabı değil ({error})") from error


def _read(package: Package) -> Template:
    part = package.related("", "officeDocument")
    book, relations = package.tree(part), package.relations(part)
    if book.tag != "workbook":
        raise ValueError("Excel çalışma kitabı değil")
    problems = Problems()
    theme = read_theme(package.part(package.related(part, "theme")))
    styles = StyleReader(package.tree(package.related(part, "styles")), theme)
    strings = package.tree(package.related(part, "sharedStrings")).findall("si")
    kinds = [(sheet, *relations.get(relation_id(sheet), ("", ""))) for sheet in book.iterfind("sheets/sheet")]
    worksheets = [(sheet, target) for sheet, kind, target in kinds if kind == "worksheet" and package.part(target)]
    titles = [sheet.get("name", "") for sheet, _ in worksheets]
    names = list(_defined(book, titles))
    epoch = 1462 if yes(book.find("workbookPr"), "date1904") else 0
    sheets: list[TemplateSheet] = []
    parsers: dict[str | None, FormulaParser] = {}
    for index, (sheet, target) in enumerate(worksheets):
        title = titles[index]
        meanings = {item.name.casefold(): item.meaning for item in names if item.owner in (None, title)}
        parser, rule_parser = (
            FormulaParser({name.casefold() for name in titles}, meanings, allowed)
            for allowed in (ALLOWED_FUNCTIONS, RULE_FUNCTIONS)
        )
        parsers[title] = parser
        parsers.setdefault(None, parser)
        reader = SheetReader(
            package=package, part=target, index=index, title=title, state=sheet.get("state", "visible"),
            printed={item.name: item.meaning for item in names if item.owner == title}, strings=strings,
            parser=parser, rule_parser=rule_parser, styles=styles, theme=theme, problems=problems,
            epoch=epoch,
        )  # fmt: skip
        sheets.append(reader.read())
    left: list[TemplateName] = []
    for name, meaning, owner, hidden in names:
        kind = loop_kind(name)
        if kind is not None:
            _add_loop(name, kind, meaning, owner, sheets, problems)
        elif owner in parsers and not name.startswith("_xlnm") and not hidden:
            parsed = parsers[owner].parse("=" + meaning)
            for fault in parsed.faults:
                problems.add("KX502", owner or "", "", formula=f"{name}={meaning}", where="name", **fault)
            if not parsed.faults:
                left.append(TemplateName(name, parsed, owner))
    lost = [
        Problem("KX005", sheet.get("name", ""), "", {"what": "grafik sayfası"})
        for sheet, kind, _ in kinds
        if kind == "chartsheet"
    ]
    lost += [Problem("KX005", sheet.title, cell, {"what": what}) for sheet in sheets for cell, what in sheet.lost]
    view = book.find("bookViews/workbookView")
    active = kinds[int(view.get("activeTab", 0)) if view is not None else 0][0].get("name", "") if kinds else ""
    opens = titles.index(active) if active in titles else 0
    properties = _properties(package.tree(package.related("", "core-properties")))
    return Template(sheets, styles.table, left, properties, opens, problems, lost)


def _defined(book: Element, titles: list[str]) -> Iterable[Defined]:
    """The defined names: the workbook's, then each sheet's."""
    sheets = [sheet.get("name", "") for sheet in book.iterfind("sheets/sheet")]
    found = []
    for name in book.iterfind("definedNames/definedName"):
        local = name.get("localSheetId")
        owner = None if local is None else sheets[int(local)] if int(local) < len(sheets) else ""
        found.append(Defined(name.get("name", ""), name.text or "", owner, yes(name, "hidden")))
    order = {title: number for number, title in enumerate(titles)}
    known = [item for item in found if item.owner is None or item.owner in order]
    return sorted(known, key=lambda item: -1 if item.owner is None else order[item.owner])


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


def _properties(core: Element) -> dict[str, Text | str]:
    """The document's properties by XlsxWriter's names for them."""
    names = {"title": "title", "subject": "subject", "creator": "author", "category": "category"}
    names |= {"keywords": "keywords", "description": "comments", "contentStatus": "status"}
    found = {new: core.findtext(old) for old, new in names.items()}
    if found["author"] == "openpyxl":
        # It signs the workbooks that it writes; that is no author.
        found["author"] = None
    return {name: text_or_plain(value) for name, value in found.items() if value}
