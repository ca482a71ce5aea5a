"""The parts of a template's .xlsx file."""

import os
import posixpath
import re
import zipfile
from collections.abc import Iterator
from typing import IO
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from kars_xl.base.place import cell_at
from kars_xl.template.nodes import Text, text_or_plain

_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/(\w+)")


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
