"""The parts of a template's .xlsx file; what of them is carried over, by the lists in inventory.toml, and in words what
stays behind."""

import os
import posixpath
import re
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from kars_xl.base.place import cell_at
from kars_xl.template.nodes import Text, text_or_plain

_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/(\w+)")
_LISTS = tomllib.loads(Path(__file__).with_name("inventory.toml").read_text(encoding="utf-8"))
_ELEMENTS = {name: frozenset(attributes.split()) for name, attributes in _LISTS["elements"].items()}
_RELATIONS, _USUAL = frozenset(_LISTS["relations"].split()), frozenset(_LISTS["usual"])
_USUALLY, _WORDS = _LISTS["usually"], _LISTS["words"]
_WHATEVER, _OFF = frozenset("*-"), ("0", "false")
_ANYWHERE = ("id", "uid", "dyDescent", "Ignorable", "space")  # attributes that mean nothing to a reader


class Package:
    """The parts of an .xlsx file by name; raises what a file that is none makes the standard library raise."""

    def __init__(self, path: str | os.PathLike[str] | IO[bytes]) -> None:
        with zipfile.ZipFile(path) as package:
            read = {name: package.read(name) for name in package.namelist()}
        # What Excel calls "Strict Open XML" differs by its names.
        self._parts = {name: _STRICT.sub(rb"http://schemas.openxmlformats.org/\1/2006/\2", read[name]) for name in read}

    def part(self, name: str) -> bytes | None:
        return self._parts.get(name)

    def tree(self, name: str) -> Element:
        """A part's root, empty where there is no such part; tags without namespaces."""
        data = self._parts.get(name)
        root = ElementTree.fromstring(data) if data is not None else Element("")
        for element in root.iter():
            element.tag = element.tag.rpartition("}")[2]
        return root

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """A part's relations by their id: the last word of their kind, and the part or address that they lead to."""
        folder, name = posixpath.split(part)
        found = {}
        for relation in self.tree(posixpath.join(folder, "_rels", name + ".rels")):
            target = relation.get("Target", "")
            if relation.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            found[relation.get("Id", "")] = (relation.get("Type", "").rpartition("/")[2], target)
        return found

    def related(self, part: str, kind: str) -> str:
        """The first part to which a part has a relation of that kind; "" for none."""
        return next((target for found, target in self.relations(part).values() if found == kind), "")


def relation_id(element: Element) -> str:
    """The relation that an element names; "" for none."""
    return next((value for name, value in element.attrib.items() if name.endswith("}id")), "")


def yes(element: Element | None, name: str, *, default: bool = False) -> bool:
    """A true-or-false attribute; the default where there is none."""
    value = element.get(name) if element is not None else None
    return default if value is None else value in ("1", "true")


def number(element: Element | None, name: str) -> float | None:
    """An attribute that is a number; None where there is none."""
    value = element.get(name) if element is not None else None
    return None if value is None else float(value)


def read_properties(core: Element, application: Element) -> dict[str, Text | str]:
    """The document's properties by XlsxWriter's names for them."""
    names = {"title": "title", "subject": "subject", "creator": "author", "category": "category"}
    names |= {"keywords": "keywords", "description": "comments", "contentStatus": "status"}
    found = {new: core.findtext(old) for old, new in names.items()}
    found |= {name.lower(): application.findtext(name) for name in ("Manager", "Company")}
    # openpyxl signs the workbooks that it writes; that is no author.
    told = {name: value for name, value in found.items() if value and (name, value) != ("author", "openpyxl")}
    return {name: text_or_plain(value) for name, value in told.items()}


def placed(sheet: Element) -> Iterator[tuple[tuple[int, int], Element]]:
    """The cells of a sheet with their places, which a file may leave out."""
    row = 0
    for line in sheet.iterfind("sheetData/row"):
        row, col = int(line.get("r", row + 1)), 0
        for cell in line.iterfind("c"):
            row, col = cell_at(cell.get("r", "")) or (row, col + 1)
            yield (row, col), cell


def said(name: str, attribute: str = "") -> str:
    """A kind of relation, an element or its attribute in the words that people have for it."""
    both = f"{name} {attribute}".strip()
    return str(_WORDS.get(both) or _WORDS.get(name) or f"“{both}”")


def carried(element: Element) -> dict[str, str]:
    """The attributes of an element that are carried over."""
    known = _ELEMENTS[element.tag]
    return {name: value for name, value in element.attrib.items() if name in known or "*" in known}


def left_of(element: Element) -> Iterator[str]:
    """What of an element, and of those in it, is not carried over."""
    name = element.tag.rpartition("}")[2]
    known = _ELEMENTS.get(name)
    if known is None:
        # Of what newer Excels note, rules with formulas are read; a line may not be drawn, a mark may be off.
        read = name == "conditionalFormattings" and all(rule.find("f") is not None for rule in element.iter("cfRule"))
        if (
            not read
            and element.get("val") not in _OFF
            and element.get("w") != "0"
            and element.find("{*}noFill") is None
        ):
            yield said(name)
        return
    for key, value in element.attrib.items():
        attribute = key.rpartition("}")[2]
        carried = known & _WHATEVER or attribute in known or attribute in _ANYWHERE
        if not carried and value not in _USUALLY.get(f"{name} {attribute}", _USUAL):
            yield said(name, attribute)
    if name == "pane" and element.get("state", "split") == "split":
        yield said("pane", "state")
    for child in () if "-" in known else element:
        yield from left_of(child)


def left_by_relations(package: Package, part: str, seen: set[str]) -> Iterator[str]:
    """What a part, and the drawings and charts that it leads to, is related to and is not carried over."""
    seen.add(part)
    for kind, target in package.relations(part).values():
        if kind not in _RELATIONS:
            # LibreOffice writes a list of properties even where there is none.
            if kind != "custom-properties" or len(package.tree(target)):
                yield said(kind)
        elif kind in ("drawing", "chart") and target not in seen:
            yield from left_by_relations(package, target, seen)
