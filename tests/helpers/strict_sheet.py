"""The rules for one worksheet's XML, for strict_package.py."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Iterable, Iterator, Set
from itertools import pairwise
from typing import Protocol

from openpyxl.utils.cell import range_boundaries

from tests.helpers.strict_formula import formula_faults

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
LONGEST_TEXT = 32_767

# CT_Worksheet's sequence.
_ORDER = (
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr", "sheetProtection",
    "protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate", "customSheetViews", "mergeCells",
    "phoneticPr", "conditionalFormatting", "dataValidations", "hyperlinks", "printOptions", "pageMargins",
    "pageSetup", "headerFooter", "rowBreaks", "colBreaks", "customProperties", "cellWatches", "ignoredErrors",
    "smartTags", "drawing", "legacyDrawing", "legacyDrawingHF", "picture", "oleObjects", "controls",
    "webPublishItems", "tableParts", "extLst",
)  # fmt: skip
_ERRORS = {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"}
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384


class Book(Protocol):
    root: ElementTree.Element
    styles: ElementTree.Element
    strings: list[ElementTree.Element]
    titles: Set[str]


class SheetRules:
    """One worksheet of `book`, which knows the workbook's styles, texts and sheets."""

    def __init__(self, book: Book, root: ElementTree.Element) -> None:
        self.book, self.root = book, root
        self.styles = len(book.styles.findall(f"{MAIN}cellXfs/{MAIN}xf"))
        self.dxfs = len(book.styles.findall(f"{MAIN}dxfs/{MAIN}dxf"))

    def faults(self) -> Iterator[str]:
        yield from self._elements()
        yield from self._columns()
        yield from self._rows()
        yield from self._merges()
        yield from self._links()
        yield from self._rules()
        yield from self._page()

    def _elements(self) -> Iterator[str]:
        found = [child.tag.removeprefix(MAIN) for child in self.root]
        yield from (f"{name} does not belong here" for name in found if name not in _ORDER)
        places = [_ORDER.index(name) for name in found if name in _ORDER]
        yield from (f"{_ORDER[b]} stands after {_ORDER[a]}" for a, b in pairwise(places) if b < a)
        yield from (f"{name} twice" for name in twice(found) if name != "conditionalFormatting")
        for child in self.root:
            if "count" in child.attrib and int(child.attrib["count"]) != len(child):
                yield f"{child.tag.removeprefix(MAIN)} says {child.attrib['count']} and has {len(child)}"

    def _columns(self) -> Iterator[str]:
        spans = [(int(col.attrib["min"]), int(col.attrib["max"])) for col in self.root.iter(f"{MAIN}col")]
        yield from (f"columns {a} and {b}" for a, b in pairwise(spans) if b[0] <= a[1])
        yield from (f"columns {span}" for span in spans if not 1 <= span[0] <= span[1] <= _LAST_COLUMN)
        for col in self.root.iter(f"{MAIN}col"):
            if not 0 <= float(col.get("width", 0)) <= 255:
                yield f"a column is {col.get('width')} wide"

    def _rows(self) -> Iterator[str]:
        last = 0
        for row in self.root.iter(f"{MAIN}row"):
            number = int(row.attrib["r"])
            if not last < number <= _LAST_ROW:
                yield f"row {number} after row {last}"
            if float(row.get("ht", 0)) > 409.5:
                yield f"row {number} is {row.get('ht')} high"
            before, last = 0, number
            for cell in row.iter(f"{MAIN}c"):
                column, at = _position(cell)
                if at != number or not before < column <= _LAST_COLUMN:
                    yield f"{cell.attrib['r']} does not stand in order"
                before = column
                yield from (f"{cell.attrib['r']}: {fault}" for fault in self._cell(cell))

    def _cell(self, cell: ElementTree.Element) -> Iterator[str]:
        kind, value = cell.get("t", "n"), cell.findtext(f"{MAIN}v")
        if int(cell.get("s", 0)) >= self.styles:
            yield f"style {cell.get('s')} of {self.styles}"
        if kind == "s" and int(value or -1) not in range(len(self.book.strings)):
            yield f"text {value} of {len(self.book.strings)}"
        # An empty one is XlsxWriter's way to store the result "" of a formula; Excel takes it.
        if kind == "n" and value and not re.fullmatch(r"-?\d+(\.\d+)?([eE][+-]?\d+)?", value):
            yield f"{value!r} is no number"
        if kind == "b" and value not in ("0", "1"):
            yield f"{value!r} is no truth value"
        if kind == "e" and value not in _ERRORS:
            yield f"{value!r} is no error"
        if kind == "str" and len(value or "") > LONGEST_TEXT:
            yield f"{len(value or '')} characters"
        formula = cell.find(f"{MAIN}f")
        if formula is not None:
            yield from formula_faults(formula.text or "", self.book.titles)

    def _merges(self) -> Iterator[str]:
        areas = [item.attrib["ref"] for item in self.root.iter(f"{MAIN}mergeCell")]
        yield from (f"{area} is one cell and merged" for area in areas if ":" not in area)
        yield from (f"merged areas {a} and {b} overlap" for a, b in _overlaps(areas))

    def _links(self) -> Iterator[str]:
        links = [item.attrib for item in self.root.iter(f"{MAIN}hyperlink")]
        yield from (f"two links in {ref}" for ref in twice(link["ref"] for link in links))
        if len(links) > 65_530:
            yield f"{len(links)} links"
        names = {item.attrib["name"].casefold() for item in self.book.root.iter(f"{MAIN}definedName")}
        for link in links:
            place = link.get("location", "")
            if f"{REL}id" not in link and not place:
                yield f"link {link['ref']} leads nowhere"
            if place and f"{REL}id" not in link and place.casefold() not in names:
                sheet, mark, cell = place.rpartition("!")
                if mark and sheet.strip("'").replace("''", "'").casefold() not in self.book.titles:
                    yield f"link {link['ref']}: no sheet {sheet}"
                if not re.fullmatch(r"\$?[A-Z]{1,3}\$?\d+(:\$?[A-Z]{1,3}\$?\d+)?", cell):
                    yield f"link {link['ref']}: {place} is no place"
            if max(len(place), len(link.get("tooltip", ""))) > 255:
                yield f"link {link['ref']} has too long a place or tip"

    def _rules(self) -> Iterator[str]:
        """Conditional formats and validations."""
        rules = list(self.root.iter(f"{MAIN}cfRule"))
        yield from (f"priority {number} twice" for number in twice(rule.get("priority") for rule in rules))
        for rule in rules:
            if int(rule.get("dxfId", 0)) >= max(self.dxfs, 1):
                yield f"conditional format {rule.get('dxfId')} of {self.dxfs}"
            for formula in rule.iter(f"{MAIN}formula"):
                yield from formula_faults(formula.text or "", self.book.titles)
        validations = list(self.root.iter(f"{MAIN}dataValidation"))
        areas = [area for item in validations for area in item.attrib["sqref"].split()]
        yield from (f"validations {a} and {b} overlap" for a, b in _overlaps(areas))
        limits = {"promptTitle": 32, "errorTitle": 32, "prompt": 255, "error": 225}
        for item in validations:
            yield from (
                f"validation's {name} is too long" for name, most in limits.items() if len(item.get(name, "")) > most
            )
            for formula in (*item.iter(f"{MAIN}formula1"), *item.iter(f"{MAIN}formula2")):
                if len(formula.text or "") > 255:
                    yield f"validation {item.attrib['sqref']}: {len(formula.text or '')} characters"
                yield from formula_faults(formula.text or "", self.book.titles)

    def _page(self) -> Iterator[str]:
        for item in self.root.iterfind(f"{MAIN}headerFooter/*"):
            if len(item.text or "") > 255:
                yield f"{item.tag.removeprefix(MAIN)} has {len(item.text or '')} characters"
        for setup in self.root.iter(f"{MAIN}pageSetup"):
            if not 10 <= int(setup.get("scale", 100)) <= 400:
                yield f"print scale {setup.get('scale')}"
        for kind, last in (("rowBreaks", _LAST_ROW), ("colBreaks", _LAST_COLUMN)):
            ids = [int(item.attrib["id"]) for item in self.root.iterfind(f"{MAIN}{kind}/{MAIN}brk")]
            if len(ids) > 1023 or ids != sorted(set(ids)) or any(not 0 < number < last for number in ids):
                yield f"{kind}: {len(ids)}, in order and each once?"


def _position(cell: ElementTree.Element) -> tuple[int, int]:
    left, top, _, _ = range_boundaries(cell.attrib["r"])
    return int(left), int(top)


def twice(items: Iterable[object]) -> list[object]:
    return [item for item, count in Counter(items).items() if count > 1]


def _overlaps(areas: list[str]) -> Iterator[tuple[str, str]]:
    """Pairs of areas with a common cell, sought among those that share rows."""
    bounds = sorted((range_boundaries(area)[1], range_boundaries(area), area) for area in areas)
    open_areas: list[tuple[tuple[int, int, int, int], str]] = []
    for top, own, area in bounds:
        open_areas = [(other, name) for other, name in open_areas if other[3] >= top]
        for other, name in open_areas:
            if own[0] <= other[2] and other[0] <= own[2]:
                yield name, area
        open_areas.append((own, area))
