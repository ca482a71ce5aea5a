"""Excel's strictness without Excel: the rules that make it offer a repair, read from the package's own XML.

Written against ECMA-376 part 1 (order of elements, unique ids) and Excel's published limits; nothing of kars_xl and no
workbook library is used, so that none of their mistakes is shared.
"""

from __future__ import annotations

import posixpath
import re
import xml.etree.ElementTree as ElementTree
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.helpers.strict_formula import formula_faults, sheets_of
from tests.helpers.strict_sheet import LONGEST_TEXT, MAIN, REL, SheetRules, twice

_RELS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"

_NAME = re.compile(r"[^\W\d][\w.?\\]{0,254}\Z|_xlnm\.\w+\Z")
_LOOKS_LIKE_A_CELL = re.compile(r"(?:\$?[A-Z]{1,3}\$?\d+|R\d*C?\d*|C\d*)\Z", re.IGNORECASE)


def faults(path: Path) -> list[str]:
    """Everything in a workbook that Excel would mend or refuse."""
    with zipfile.ZipFile(path) as package:
        return list(_Package(package).faults())


class _Package:
    def __init__(self, package: zipfile.ZipFile) -> None:
        self.names = package.namelist()
        self.parts = {name: package.read(name) for name in self.names}
        self.xml: dict[str, ElementTree.Element] = {}
        self.broken: list[str] = []
        for name, data in self.parts.items():
            if name.endswith((".xml", ".rels", ".vml")):
                if b"<!DOCTYPE" in data:
                    self.broken.append(f"{name}: a document type")
                try:
                    self.xml[name] = ElementTree.fromstring(data)
                except ElementTree.ParseError as error:
                    self.broken.append(f"{name}: {error}")

    def faults(self) -> Iterator[str]:
        found = self.broken or [*self._names(), *self._content_types()]
        for name in () if self.broken else self.xml:
            found += self._relations(name)
        # The workbook can be followed only where all its parts can be found.
        yield from found or _Book(self).faults()

    def _names(self) -> Iterator[str]:
        for name, count in Counter(name.lower() for name in self.names).items():
            if count > 1:
                yield f"{name}: {count} parts of one name"
        for name in self.names:
            if name.startswith("/") or ".." in name.split("/") or "\\" in name:
                yield f"{name}: no name for a part"

    def _content_types(self) -> Iterator[str]:
        root = self.xml["[Content_Types].xml"]
        defaults = {item.attrib["Extension"].lower() for item in root.iter(f"{_TYPES}Default")}
        overrides = [item.attrib["PartName"] for item in root.iter(f"{_TYPES}Override")]
        yield from (f"[Content_Types].xml: {name} twice" for name in twice(overrides))
        for name in overrides:
            if name.removeprefix("/") not in self.parts:
                yield f"[Content_Types].xml: no part {name}"
        for name in self.names:
            known = f"/{name}" in overrides or name.rpartition(".")[2].lower() in defaults
            if not known and name != "[Content_Types].xml" and not name.endswith("/"):
                yield f"{name}: no content type"
            if name.startswith("xl/worksheets/sheet") and f"/{name}" not in overrides:
                yield f"{name}: only the default content type"

    def relations(self, name: str) -> dict[str, tuple[str, str]]:
        """Id → (part or address, mode) of a part's relationships."""
        folder, _, own = name.rpartition("/")
        links = self.xml.get(posixpath.join(folder, "_rels", f"{own}.rels"))
        found = {}
        for link in links.iter(f"{_RELS}Relationship") if links is not None else ():
            target, mode = link.attrib["Target"], link.get("TargetMode", "Internal")
            if mode == "Internal":
                target = posixpath.normpath(posixpath.join("/", folder, target)).removeprefix("/")
            found[link.attrib["Id"]] = (target, mode)
        return found

    def _relations(self, name: str) -> Iterator[str]:
        root = self.xml[name]
        if name.endswith(".rels"):
            links = [link.attrib["Id"] for link in root.iter(f"{_RELS}Relationship")]
            yield from (f"{name}: id {identity} twice" for identity in twice(links))
            return
        known = self.relations(name)
        for identity, (target, mode) in known.items():
            if mode == "Internal" and target not in self.parts:
                yield f"{name}: {identity} leads to {target}, which is not there"
        for element in root.iter():
            for attribute, value in element.attrib.items():
                if attribute.startswith(REL) and value not in known:
                    yield f"{name}: {value} is no relationship of it"


class _Book:
    def __init__(self, package: _Package) -> None:
        self.package = package
        self.root = package.xml["xl/workbook.xml"]
        links = package.relations("xl/workbook.xml")
        self.sheets = [(item.attrib["name"], item) for item in self.root.iter(f"{MAIN}sheet")]
        self.parts = {name: links[item.attrib[f"{REL}id"]][0] for name, item in self.sheets}
        self.titles = {name.casefold() for name, _ in self.sheets}
        self.styles = package.xml["xl/styles.xml"]
        strings = package.xml.get("xl/sharedStrings.xml")
        self.strings = list(strings) if strings is not None else []

    def faults(self) -> Iterator[str]:
        yield from self._sheet_names()
        yield from self._defined_names()
        yield from self._styles()
        yield from self._strings()
        selected = 0
        for name, part in self.parts.items():
            root = self.package.xml[part]
            selected += sum(view.get("tabSelected") == "1" for view in root.iter(f"{MAIN}sheetView"))
            yield from (f"{name}: {fault}" for fault in SheetRules(self, root).faults())
            yield from (f"{name}: {fault}" for fault in self._attached(part))
        if selected != 1:
            yield f"{selected} sheets are selected"

    def _sheet_names(self) -> Iterator[str]:
        names = [name for name, _ in self.sheets]
        yield from (f"two sheets {name}" for name in twice(name.casefold() for name in names))
        yield from (f"sheetId {identity} twice" for identity in twice(item.get("sheetId") for _, item in self.sheets))
        for name in names:
            if not 1 <= len(name) <= 31 or re.search(r"[\[\]:*?/\\]", name) or name.strip("'") != name:
                yield f"{name!r} is no name for a sheet"
            if name.casefold() == "history":
                yield f"{name!r} is Excel's own"
        visible = [item.get("state", "visible") == "visible" for _, item in self.sheets]
        active = [int(view.get("activeTab", 0)) for view in self.root.iter(f"{MAIN}workbookView")]
        if not all(at < len(visible) and visible[at] for at in active):
            yield "the active sheet can't be seen"

    def _defined_names(self) -> Iterator[str]:
        names = list(self.root.iter(f"{MAIN}definedName"))
        scoped = [(item.attrib["name"].casefold(), item.get("localSheetId")) for item in names]
        yield from (f"name {name} twice" for name in twice(scoped))
        for item in names:
            name, meaning = item.attrib["name"], item.text or ""
            if not _NAME.match(name) or _LOOKS_LIKE_A_CELL.match(name):
                yield f"{name!r} is no name"
            if int(item.get("localSheetId", 0)) >= len(self.sheets):
                yield f"name {name}: of a sheet that is not there"
            yield from (f"name {name}: {fault}" for fault in formula_faults(meaning, self.titles))
            if name in ("_xlnm.Print_Titles", "_xlnm.Print_Area", "_xlnm._FilterDatabase"):
                own = self.sheets[int(item.attrib["localSheetId"])][0]
                if sheets_of(meaning) != {own.casefold()}:
                    yield f"name {name}: {meaning} is not on its sheet {own}"

    def _styles(self) -> Iterator[str]:
        counts = {}
        for child in self.styles:
            kind = child.tag.removeprefix(MAIN)
            counts[kind] = len(child)
            if "count" in child.attrib and int(child.attrib["count"]) != len(child):
                yield f"styles: {kind} says {child.attrib['count']} and has {len(child)}"
        own = [item.attrib for item in self.styles.iter(f"{MAIN}numFmt")]
        yield from (f"styles: number format {number} twice" for number in twice(item["numFmtId"] for item in own))
        yield from (f"styles: number format {item['formatCode']}" for item in own if len(item["formatCode"]) > 255)
        limits = {"cellXfs": 65_490, "fonts": 1024, "fills": 65_430, "borders": 65_430, "numFmts": 250}
        yield from (f"styles: {counts[kind]} {kind}" for kind, most in limits.items() if counts.get(kind, 0) > most)
        ids = {"fontId": "fonts", "fillId": "fills", "borderId": "borders", "xfId": "cellStyleXfs"}
        for style in self.styles.iterfind(f"{MAIN}cellXfs/{MAIN}xf"):
            for attribute, kind in ids.items():
                if int(style.get(attribute, 0)) >= counts.get(kind, 0):
                    yield f"styles: {attribute} {style.get(attribute)} of {counts.get(kind, 0)}"
            number = style.get("numFmtId", "0")
            if int(number) >= 164 and number not in {item["numFmtId"] for item in own}:
                yield f"styles: number format {number} is not there"
        if any(len(name.attrib["val"]) > 31 for name in self.styles.iter(f"{MAIN}name") if "val" in name.attrib):
            yield "styles: a font's name is too long"

    def _strings(self) -> Iterator[str]:
        root = self.package.xml.get("xl/sharedStrings.xml")
        if root is not None and int(root.get("uniqueCount", len(root))) != len(root):
            yield f"strings: uniqueCount is {root.get('uniqueCount')}, there are {len(root)}"
        for number, item in enumerate(self.strings):
            length = sum(len(text.text or "") for text in item.iter(f"{MAIN}t"))
            if length > LONGEST_TEXT:
                yield f"strings: number {number} has {length} characters"

    def _attached(self, part: str) -> Iterator[str]:
        """Comments, drawings and charts of a sheet."""
        for target, _ in self.package.relations(part).values():
            root = self.package.xml.get(target)
            if root is None:
                continue
            if "comments" in target:
                authors = len(list(root.iter(f"{MAIN}author")))
                comments = list(root.iter(f"{MAIN}comment"))
                yield from (f"two comments in {ref}" for ref in twice(item.get("ref") for item in comments))
                yield from (
                    f"comment {item.get('ref')}: no author"
                    for item in comments
                    if int(item.attrib["authorId"]) >= authors
                )
            if "/drawings/drawing" in target:
                shapes = [item.attrib for item in root.iter() if item.tag.endswith("}cNvPr")]
                yield from (f"{target}: shape {identity} twice" for identity in twice(item["id"] for item in shapes))
                for chart, _ in self.package.relations(target).values():
                    yield from self._chart(chart)

    def _chart(self, part: str) -> Iterator[str]:
        root = self.package.xml.get(part)
        for item in root.iter() if root is not None else ():
            if item.tag.endswith("/chart}f"):
                yield from (f"{part}: {fault}" for fault in formula_faults(item.text or "", self.titles))
