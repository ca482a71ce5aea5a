"""What openpyxl loses or needs Pillow for, read from the package itself: header and footer as typed, drawings."""

from __future__ import annotations

import os
import re
import zipfile
from dataclasses import dataclass, field
from html import unescape
from typing import IO
from xml.etree import ElementTree

from openpyxl.packaging.relationship import get_dependents, get_rels_path

from kars_xl.template.source.drawing import Drawing, read_drawing

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_HEADER = re.compile(rb"<(?:\w+:)?odd(Header|Footer)[^>]*>(.*?)</(?:\w+:)?odd\1>", re.DOTALL)


@dataclass(slots=True)
class SheetPart:
    header: str = ""
    footer: str = ""
    drawing: Drawing = field(default_factory=Drawing)


class Package:
    """The worksheets' parts of an .xlsx file, in the workbook's order, and the names of its chart sheets."""

    def __init__(self, path: str | os.PathLike[str] | IO[bytes]) -> None:
        self._sheets: list[SheetPart] = []
        self.chart_sheets: list[str] = []  # a sheet that is one chart has no cells to write
        with zipfile.ZipFile(path) as self._zip:
            self._names = set(self._zip.namelist())
            book = next((part for kind, part in self._relations("").values() if kind == "officeDocument"), None)
            if book is None:
                return
            targets = self._relations(book)
            for sheet in ElementTree.fromstring(self._zip.read(book)).iter(f"{_MAIN}sheet"):
                kind, part = targets.get(sheet.get(f"{_RELATION}id", ""), ("", ""))
                if kind == "worksheet" and part in self._names:
                    self._sheets.append(self._read(part))
                elif kind == "chartsheet":
                    self.chart_sheets.append(sheet.get("name", ""))

    def sheet(self, index: int) -> SheetPart:
        """The part of worksheet number `index` (0 is the first; chart sheets don't count)."""
        return self._sheets[index] if index < len(self._sheets) else SheetPart()

    def _relations(self, part: str) -> dict[str, tuple[str, str]]:
        """A part's relations by their id: the last word of their kind, and the part that they lead to."""
        path = get_rels_path(part)
        found = get_dependents(self._zip, path) if path in self._names else ()
        return {relation.Id: (relation.Type.rpartition("/")[2], relation.target) for relation in found}

    def _part(self, name: str) -> bytes | None:
        return self._zip.read(name) if name in self._names else None

    def _read(self, part: str) -> SheetPart:
        sheet = SheetPart()
        for match in _HEADER.finditer(self._zip.read(part)):
            text = unescape(match[2].decode("utf-8")).replace("_x000a_", "\n").replace("&G", "")
            if match[1] == b"Header":
                sheet.header = text
            else:
                sheet.footer = text
        for kind, drawing in self._relations(part).values():
            if kind == "drawing" and (data := self._part(drawing)) is not None:
                sheet.drawing = read_drawing(data, self._relations(drawing), self._part)
        return sheet
