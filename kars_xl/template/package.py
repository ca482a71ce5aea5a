"""What openpyxl loses or needs Pillow for, read from the package itself: header and footer as typed, and pictures."""

from __future__ import annotations

import os
import posixpath
import re
import zipfile
from dataclasses import dataclass, field
from html import unescape
from xml.etree import ElementTree

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_PACKAGE = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_ANCHOR = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_HEADER = re.compile(rb"<(?:\w+:)?odd(Header|Footer)[^>]*>(.*?)</(?:\w+:)?odd\1>", re.DOTALL)
_EMU_PER_PIXEL = 9525


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture anchored at a template cell; offsets and size in pixels.

    A picture between two cells has its lower right corner in (`row2`, `col2`) and no size of its own.
    """

    row: int
    col: int
    x: float
    y: float
    data: bytes
    name: str
    description: str
    positioning: int  # XlsxWriter's object_position: 1 moves and sizes with cells, 2 moves, 3 neither
    width: float | None = None
    height: float | None = None
    row2: int | None = None
    col2: int | None = None
    x2: float = 0
    y2: float = 0


@dataclass(slots=True)
class SheetPart:
    header: str = ""
    footer: str = ""
    pictures: list[Picture] = field(default_factory=list)


class Package:
    """The worksheets' parts of an .xlsx file, in the workbook's order."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._sheets: list[SheetPart] = []
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
            sheet.pictures = self._pictures(package, drawing)
        return sheet

    def _pictures(self, package: zipfile.ZipFile, drawing: str) -> list[Picture]:
        targets = self._relations(package, drawing)
        found: list[Picture] = []
        for anchor in ElementTree.fromstring(package.read(drawing)):
            start, picture = anchor.find(f"{_ANCHOR}from"), anchor.find(f"{_ANCHOR}pic")
            if start is None or picture is None:
                continue
            blip = picture.find(f".//{_DRAWING}blip")
            _, media = targets.get(blip.get(f"{_RELATION}embed", "") if blip is not None else "", ("", ""))
            if media not in self._names:
                continue
            row, col, x, y = _corner(start)
            label = picture.find(f".//{_ANCHOR}cNvPr")
            positioning = {"twoCell": 1, "absolute": 3}.get(anchor.get("editAs", "twoCell"), 2)
            size, end = anchor.find(f"{_ANCHOR}ext"), anchor.find(f"{_ANCHOR}to")
            if size is not None:
                width, height = (int(size.get(k, "0")) / _EMU_PER_PIXEL for k in ("cx", "cy"))
                corner: tuple[int, int, float, float] | None = None
                positioning = 2
            else:
                width = height = 0.0
                corner = _corner(end) if end is not None else None
            found.append(
                Picture(
                    row,
                    col,
                    x,
                    y,
                    package.read(media),
                    posixpath.basename(media),
                    label.get("descr", "") if label is not None else "",
                    positioning,
                    width or None,
                    height or None,
                    *(corner or (None, None, 0, 0)),
                )
            )
        return found


def _corner(element: ElementTree.Element) -> tuple[int, int, float, float]:
    """Row and column (1-based) and the offsets inside that cell, in pixels."""
    values = {child.tag.removeprefix(_ANCHOR): int(child.text or 0) for child in element}
    return (
        values.get("row", 0) + 1,
        values.get("col", 0) + 1,
        values.get("colOff", 0) / _EMU_PER_PIXEL,
        values.get("rowOff", 0) / _EMU_PER_PIXEL,
    )
