"""What openpyxl loses or needs Pillow for, read from the package itself: header and footer as typed, drawings."""

from __future__ import annotations

import os
import posixpath
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from html import unescape
from typing import IO
from xml.etree import ElementTree

from kars_xl.template.source.drawing import Drawing, read_drawing

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_PACKAGE = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_HEADER = re.compile(rb"<(?:\w+:)?odd(Header|Footer)[^>]*>(.*?)</(?:\w+:)?odd\1>", re.DOTALL)


@dataclass(slots=True)
class SheetPart:
    header: str = ""
    footer: str = ""
    drawing: Drawing = field(default_factory=Drawing)


class Package:
    """The worksheets' parts of an .xlsx file, in the workbook's order."""

    def __init__(self, path: str | os.PathLike[str] | IO[bytes]) -> None:
        self._sheets: list[SheetPart] = []
        self.chart_sheets: list[str] = []  # their names: a sheet that is one chart has no cells to write
        with zipfile.ZipFile(path) as package:
            self._names = set(package.namelist())
            book = self._target(package, "", "officeDocument")
            if book is None:
                return
            targets = self._relations(package, book)
            for sheet in ElementTree.fromstring(package.read(book)).iter(f"{_MAIN}sheet"):
                kind, part = targets.get(sheet.get(f"{_RELATION}id", ""), ("", ""))
                if kind == "worksheet" and part in self._names:
                    self._sheets.append(self._read(package, part))
                elif kind == "chartsheet":
                    self.chart_sheets.append(sheet.get("name", ""))

    def sheet(self, index: int) -> SheetPart:
        """The part of worksheet number `index` (0 is the first; chart sheets don't count)."""
        return self._sheets[index] if index < len(self._sheets) else SheetPart()

    def _target(self, package: zipfile.ZipFile, part: str, kind: str) -> str | None:
        return next((target for found, target in self._relations(package, part).values() if found == kind), None)

    def _relations(self, package: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
        folder, name = posixpath.split(part)
        path = posixpath.join(folder, "_rels", f"{name}.rels")
        if path not in self._names:
            return {}
        found: dict[str, tuple[str, str]] = {}
        for relation in ElementTree.fromstring(package.read(path)).iter(f"{_PACKAGE}Relationship"):
            target = relation.get("Target", "")
            full = target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            found[relation.get("Id", "")] = (relation.get("Type", "").rpartition("/")[2], full)
        return found

    def _read(self, package: zipfile.ZipFile, part: str) -> SheetPart:
        sheet = SheetPart()
        for match in _HEADER.finditer(package.read(part)):
            text = unescape(match[2].decode("utf-8")).replace("_x000a_", "\n").replace("&G", "")
            if match[1] == b"Header":
                sheet.header = text
            else:
                sheet.footer = text
        drawing = self._target(package, part, "drawing")
        if drawing in self._names and drawing is not None:
            targets = self._relations(package, drawing)
            sheet.drawing = read_drawing(package.read(drawing), targets, self._reader(package))
        return sheet

    def _reader(self, package: zipfile.ZipFile) -> Callable[[str], bytes | None]:
        def read(part: str) -> bytes | None:
            return package.read(part) if part in self._names else None

        return read
