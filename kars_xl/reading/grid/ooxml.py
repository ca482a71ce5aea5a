"""Reads .xlsx and .xlsm straight from the package's XML.

One pass yields what a form's reader must know of a cell and no fast library gives together: formula and stored value,
error values, number format, hidden rows and columns. Sparse, so a "used range" of a million rows costs nothing.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from decimal import Decimal, InvalidOperation
from typing import IO
from xml.etree import ElementTree

from kars_xl.base.atomic import DAMAGED
from kars_xl.base.money import BUILTIN_FORMATS, exact
from kars_xl.base.place import cell_at, column_letters, column_number
from kars_xl.reading.grid.cells import Cell, CellValue, ExcelError, Grid, Sheet, UnreadableFile
from kars_xl.reading.grid.package import DAMAGE, Stream, guard, local_name

_REL_ID = re.compile(r"^\{.*\}id$")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_MAX_ROW = 1 << 20
_MAX_COLUMN = 1 << 14
_MAX_CELLS = 500_000
_VALUE = re.compile(rb"<(?:\w+:)?v[\s>]")


def read_ooxml(path: str, stream: IO[bytes]) -> Grid:
    """The workbook in `stream`. Raises UnreadableFile (KX001, KX003)."""
    try:
        with zipfile.ZipFile(stream) as package:
            guard(package)
            return _Reader(path, package).read()
    except DAMAGE as error:
        raise UnreadableFile("KX001", DAMAGED) from error


class _Reader:
    def __init__(self, path: str, package: zipfile.ZipFile) -> None:
        self.path = path
        self.stream = Stream(package)
        self.elements = self.stream.elements
        self.names = set(package.namelist())
        self.count = self.values = 0

    def read(self) -> Grid:
        root = self._relations("").get("officeDocument", [("", "xl/workbook.xml")])[0][1]
        if root not in self.names:
            raise UnreadableFile("KX001", "xl/workbook.xml yok")
        relations = self._relations(root)
        targets = {rel_id: (kind, target) for kind, group in relations.items() for rel_id, target in group}
        strings = self._first(relations, "sharedStrings")
        self.strings = [_rich_text(element) for element in self.elements(strings, "si")] if strings else []
        self.formats = self._formats(self._first(relations, "styles"))
        sheets = []
        for element in self.elements(root, "sheet"):
            rel_id = next((value for key, value in element.attrib.items() if _REL_ID.match(key)), "")
            kind, part = targets.get(rel_id, ("", ""))
            if part not in self.names:
                raise UnreadableFile("KX001", f"“{element.get('name', '')}” sayfası dosyada yok")
            if kind == "worksheet":
                hidden = element.get("state", "visible") != "visible"
                sheets.append(self._sheet(part, element.get("name", ""), hidden))
        embedded = any("/embeddings/" in name or "/activeX/" in name for name in self.names)
        lost = {"makro": "vbaProject" in relations, "başka dosyaya bağlantı": "externalLink" in relations}
        lost["gömülü nesne"] = embedded
        return Grid(self.path, sheets, not_carried=tuple(name for name, there in lost.items() if there))

    def _relations(self, part: str) -> dict[str, list[tuple[str, str]]]:
        """Relations of a part by the last word of their type: (id, target part)."""
        folder, name = posixpath.split(part)
        rels = posixpath.join(folder, "_rels", name + ".rels")
        found: dict[str, list[tuple[str, str]]] = {}
        if rels in self.names:
            for element in self.elements(rels, "Relationship"):
                target = element.get("Target", "")
                if element.get("TargetMode") != "External":
                    target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
                kind = element.get("Type", "").rsplit("/", 1)[-1]
                found.setdefault(kind, []).append((element.get("Id", ""), target))
        return found

    def _first(self, relations: dict[str, list[tuple[str, str]]], kind: str) -> str:
        target = relations.get(kind, [("", "")])[0][1]
        return target if target in self.names else ""

    def _formats(self, part: str) -> list[str]:
        """Number format by style index."""
        if not part:
            return []
        codes = dict(BUILTIN_FORMATS)
        formats: list[str] = []
        for element in self.elements(part, "numFmt", "cellXfs"):
            if local_name(element.tag) == "numFmt":
                codes[int(element.get("numFmtId", "0"))] = element.get("formatCode", "General")
            else:
                formats = [codes.get(int(xf.get("numFmtId", "0")), "General") for xf in element]
        return formats

    def _sheet(self, part: str, name: str, hidden: bool) -> Sheet:
        sheet = Sheet(self.path, name, hidden=hidden)
        hidden_columns: set[int] = set()
        self.shared: dict[str, tuple[str, str]] = {}
        row_number = 0
        if not self.stream.small:
            self._refuse_millions(part)
        for element in self.elements(part, "col", "row"):
            if local_name(element.tag) == "row":
                row_number = int(element.get("r", row_number + 1))
                row_hidden = hidden or element.get("hidden") in ("1", "true")
                self._row(sheet, element, row_number, row_hidden, hidden_columns)
            elif element.get("hidden") in ("1", "true"):
                low, high = int(element.get("min", "1")), int(element.get("max", "1"))
                hidden_columns.update(range(low, min(high, _MAX_COLUMN) + 1))
        return sheet

    def _refuse_millions(self, part: str) -> None:
        """Counts the values of a large sheet before it is parsed, which takes ten times as long."""
        with self.stream.package.open(part) as stream:
            while chunk := stream.read(1 << 20):
                self.values += len(_VALUE.findall(chunk))
                if self.values > _MAX_CELLS:
                    raise UnreadableFile("KX003", f"{_MAX_CELLS} hücreden fazla")

    def _row(self, sheet: Sheet, row: ElementTree.Element, number: int, hidden: bool, columns: set[int]) -> None:
        column = 0
        for element in row:
            reference = element.get("r")
            column = column_number(reference.rstrip("0123456789")) if reference else column + 1
            formula = value = None
            inline = None
            for child in element:
                tag = local_name(child.tag)
                if tag == "v":
                    value = child.text or ""
                elif tag == "f":
                    formula = self._formula(child, reference or f"{column_letters(column)}{number}")
                elif tag == "is":
                    inline = _rich_text(child)
            content = self._value(element.get("t", "n"), value, inline)
            if formula is None and content in (None, ""):
                continue
            if (number, column) in sheet.cells or not (0 < number <= _MAX_ROW and 0 < column <= _MAX_COLUMN):
                raise UnreadableFile("KX001", f"{sheet.name}: “{reference or number}” hücresi geçersiz")
            self.count += 1
            if self.count > _MAX_CELLS:
                raise UnreadableFile("KX003", f"{_MAX_CELLS} hücreden fazla")
            style = int(element.get("s", "0"))
            number_format = self.formats[style] if style < len(self.formats) else "General"
            cell = Cell(sheet.file, sheet.name, number, column, content, formula=formula, number_format=number_format)
            cell.hidden = hidden or column in columns
            sheet.cells[number, column] = cell

    def _formula(self, element: ElementTree.Element, cell: str) -> str:
        """The formula's text; one that Excel shares with the cells it was filled into stands in the first of them."""
        shared = element.get("si") if element.get("t") == "shared" else None
        if element.text:
            if shared is not None:
                self.shared[shared] = (element.text, cell)
            return element.text
        if shared is None or shared not in self.shared:
            return "(paylaşılan formül)"
        from kars_xl.template.formula.parse import moved

        text, origin = self.shared[shared]
        (row, column), (first_row, first_column) = cell_at(cell) or (0, 0), cell_at(origin) or (0, 0)
        return moved("=" + text, row - first_row, column - first_column).removeprefix("=")

    def _value(self, kind: str, value: str | None, inline: str | None) -> CellValue:
        if kind == "inlineStr":
            return inline or None
        if kind == "str" and value == "":
            return ""  # a formula's result that is an empty text, which is not one without a result
        if not value:
            return None
        if kind == "s":
            index = int(value)
            if index < 0:
                raise UnreadableFile("KX001", f"metin numarası {index}")
            return self.strings[index] or None
        if kind == "str":
            return _unescape(value)
        if kind == "b":
            return value.strip() in ("1", "true")
        if kind == "e":
            return ExcelError(value)
        if kind == "d":
            return value
        try:
            number = exact(float(value)) if "." in value or "e" in value.lower() else Decimal(value)
        except (InvalidOperation, ValueError):
            return value
        return number if number.is_finite() else value


def _rich_text(element: ElementTree.Element) -> str:
    """Text of a string item: its runs joined, phonetic hints left out."""
    parts = []
    for child in element:
        tag = local_name(child.tag)
        if tag == "t":
            parts.append(child.text or "")
        elif tag == "r":
            parts.extend(grandchild.text or "" for grandchild in child if local_name(grandchild.tag) == "t")
    return _unescape("".join(parts))


def _unescape(text: str) -> str:
    if "_x" not in text:
        return text
    plain = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    # Halves of a surrogate pair come one by one; a half alone is no character.
    return plain.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
