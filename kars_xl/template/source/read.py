"""Reads a template workbook once into plain records."""

import os
import zipfile
import zlib
from collections.abc import Iterable
from typing import IO
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from kars_xl.template import records
from kars_xl.template.formula.formula import LAST_ROW, RULE_FUNCTIONS, parse_reference
from kars_xl.template.formula.parse import FormulaParser
from kars_xl.template.layout.regions import loop_kind
from kars_xl.template.nodes import Problem, Problems
from kars_xl.template.source.package import Package, left_by_relations, left_of, read_properties, relation_id, said, yes
from kars_xl.template.source.read_sheet import SheetReader
from kars_xl.template.source.read_styles import StyleReader, read_theme

_READ_APART = ("_xlnm.Print_Area", "_xlnm.Print_Titles", "_xlnm._FilterDatabase")  # of the names that Excel gives

Defined = tuple[str, str, str | None, bool]  # name, meaning, the sheet that it belongs to (None: the workbook), hidden


def load(path: str | os.PathLike[str] | IO[bytes]) -> records.Template:
    """Read a template workbook; OSError if it can't be read, ValueError if it is no workbook."""
    try:
        return _read(Package(path))
    except (zipfile.BadZipFile, zlib.error, EOFError, ElementTree.ParseError, LookupError, RuntimeError) as error:
        raise ValueError(f"Excel çalışma kitabı değil ({error})") from error


def _read(package: Package) -> records.Template:
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
    sheets: list[records.TemplateSheet] = []
    parsers: dict[str | None, FormulaParser] = {}
    for index, (sheet, target) in enumerate(worksheets):
        title = titles[index]
        meanings = {name.casefold(): meaning for name, meaning, owner, _ in names if owner in (None, title)}
        known = {name.casefold() for name in titles}
        parsers[title] = parser = FormulaParser(known, meanings)
        parsers.setdefault(None, parser)
        reader = SheetReader(
            package=package, part=target, index=index, title=title, state=sheet.get("state", "visible"),
            printed={name: meaning for name, meaning, owner, _ in names if owner == title}, strings=strings,
            parser=parser, rule_parser=FormulaParser(known, meanings, RULE_FUNCTIONS), styles=styles, theme=theme,
            problems=problems, epoch=1462 if yes(book.find("workbookPr"), "date1904") else 0,
        )  # fmt: skip
        sheets.append(reader.read())
    left: list[records.TemplateName] = []
    of_book = (*left_of(book), *left_by_relations(package, "", set()), *left_by_relations(package, part, set()))
    left_behind = [("", "", what) for what in of_book]
    left_behind += [("", "", said("cellStyle"))] * styles.named
    left_behind += [(s.get("name", ""), "", "grafik sayfası") for s, kind, _ in kinds if kind == "chartsheet"]
    for name, meaning, owner, hidden in names:
        if (kind := loop_kind(name)) is not None:
            _add_loop(name, kind, meaning, owner, sheets, problems)
        elif owner in parsers and hidden and not name.startswith("_xl"):
            left_behind.append((owner or "", "", f"gizli ad “{name}”"))
        elif name.startswith("_xlnm.") and name not in _READ_APART:
            left_behind.append((owner or "", "", f"gelişmiş süzgecin “{name}” adı"))
        elif owner in parsers and not name.startswith("_xl"):
            parsed = parsers[owner].parse("=" + meaning)
            if any(fault["reason"] == "ref_error" for fault in parsed.faults):
                left_behind.append((owner or "", "", f"“{name}” adı (gösterdiği hücreler silinmiş)"))
                continue
            for fault in parsed.faults:
                problems.add("KX502", owner or "", "", formula=f"{name}={meaning}", where="name", **fault)
            if not parsed.faults:
                left.append(records.TemplateName(name, parsed, owner))
    left_behind += [(sheet.title, *lost) for sheet in sheets for lost in sheet.lost]
    lost: dict[tuple[str, str], Problem] = {}  # once for each sheet, at the first of its cells
    for title, cell, what in left_behind:
        lost.setdefault((title, what), Problem("KX005", title, cell, {"what": what}))
    view = book.find("bookViews/workbookView")
    active = kinds[int(view.get("activeTab", 0)) if view is not None else 0][0].get("name", "") if kinds else ""
    opens = titles.index(active) if active in titles else 0
    core, application = (package.tree(package.related("", f"{kind}-properties")) for kind in ("core", "extended"))
    properties = read_properties(core, application)
    return records.Template(sheets, styles.table, left, properties, opens, problems, list(lost.values()))


def _defined(book: Element, titles: list[str]) -> Iterable[Defined]:
    """The defined names: the workbook's, then each sheet's."""
    sheets = [sheet.get("name", "") for sheet in book.iterfind("sheets/sheet")]
    found = []
    for name in book.iterfind("definedNames/definedName"):
        local = name.get("localSheetId")
        owner = None if local is None else sheets[int(local)] if int(local) < len(sheets) else ""
        found.append((name.get("name", ""), name.text or "", owner, yes(name, "hidden")))
    order = [None, *titles]
    return sorted((item for item in found if item[2] in order), key=lambda item: order.index(item[2]))


def _add_loop(
    name: str, kind: str, meaning: str, owner: str | None, sheets: list[records.TemplateSheet], problems: Problems
) -> None:
    ref = parse_reference(meaning)
    title = ref.sheet if ref is not None and ref.sheet is not None else owner
    sheet = next((s for s in sheets if title is not None and s.title.casefold() == title.casefold()), None)
    if ref is None or ref.row1 is None or ref.row2 is None or sheet is None or ref.row2 >= LAST_ROW:
        problems.add("KX503", sheet.title if sheet else title or "", "", name=name, reason="refers_to_nothing")
        return
    sheet.loops.append(records.Loop(name, kind, ref.row1, ref.row2))
    sheet.last_row = max(sheet.last_row, ref.row2)
