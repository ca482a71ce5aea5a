"""Reads .docx straight from the package's XML, as Word shows it: tables in order, their rows running on.

What is deleted, moved away or hidden is not there; what is inserted, in a content control or a field's result is.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from typing import IO
from xml.etree.ElementTree import Element

from kars_xl.base.atomic import DAMAGED
from kars_xl.reading.grid.cells import Cell, Grid, Sheet, UnreadableFile, Unseen
from kars_xl.reading.grid.package import DAMAGE, Stream, guard, local_name
from kars_xl.reading.grid.styles import is_on, look_of_runs

_GONE = frozenset(
    ("del", "moveFrom", "Fallback", "rt", "instrText", "delInstrText", "txbxContent", "rPr", "pPr", "sdtPr", "sdtEndPr")
)
_SIGNS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_BLOCKS = ("p", "tbl")
_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


def read_docx(path: str, stream: IO[bytes]) -> Grid:
    """The tables and paragraphs of the document in `stream`. Raises UnreadableFile (KX001, KX002, KX003)."""
    try:
        with zipfile.ZipFile(stream) as package:
            guard(package)
            return Grid(path, [_Reader(path, Stream(package)).sheet])
    except DAMAGE as error:
        raise UnreadableFile("KX001", DAMAGED) from error


def _child(element: Element | None, *names: str) -> Element | None:
    """A child's child's … of these names; None where one is missing."""
    for name in names:
        element = (
            next((child for child in element if local_name(child.tag) == name), None) if element is not None else None
        )
    return element


def _val(element: Element | None, name: str = "val", otherwise: str = "") -> str:
    attributes = {} if element is None else element.attrib
    return next((value for key, value in attributes.items() if local_name(key) == name), otherwise)


def _inside(element: Element, *wanted: str) -> Iterator[Element]:
    """The wanted elements below one, whatever they are wrapped in; not those within others of them."""
    for child in element:
        tag = local_name(child.tag)
        if tag in wanted:
            yield child
        elif tag not in _GONE:
            yield from _inside(child, *wanted)


def _boxed(paragraph: Element, *wanted: str) -> Iterator[Element]:
    """The paragraphs (and tables) in the text boxes of a paragraph."""
    for box in _inside(paragraph, "txbxContent"):
        yield from _inside(box, *(wanted or ("p",)))


class _Reader:
    def __init__(self, path: str, stream: Stream) -> None:
        self.sheet = Sheet(path, "")
        self.row = 0
        self.fields: list[bool] = []  # of the open fields: whether the result has begun
        self.unsolved = ""  # the instruction of a field that has no result
        self.counts: dict[str, list[int]] = {}
        part = stream.main()[0]
        related = stream.relations(part)
        styles, numbers = (stream.related(related, kind) for kind in ("styles", "numbering"))
        self.styles = {_val(style, "styleId"): style for style in (stream.elements(styles, "style") if styles else ())}
        self.levels: dict[str, Element] = {}
        self.lists: dict[str, str] = {}
        for element in stream.elements(numbers, "abstractNum", "num") if numbers else ():
            if local_name(element.tag) == "num":
                self.lists[_val(element, "numId")] = _val(_child(element, "abstractNumId"))
            else:
                self.levels[_val(element, "abstractNumId")] = element
        merged: list[list[int]] = []
        for body in stream.elements(part, "body"):
            self._blocks(list(_inside(body, *_BLOCKS)), merged)
        self.sheet.merge(merged)

    def _blocks(self, blocks: list[Element], merged: list[list[int]]) -> None:
        lines: list[Element] = []
        for block in blocks:
            if local_name(block.tag) == "tbl":
                self._table(block, merged)
                continue
            lines.append(block)
            if not _joins(block):
                self.row += 1
                self._put(1, self._cell(lines))
                lines = []
            self._blocks(list(_boxed(block, *_BLOCKS)), merged)

    def _table(self, table: Element, merged: list[list[int]]) -> None:
        open_merges: dict[int, list[int]] = {}
        for row in _inside(table, "tr"):
            properties = _child(row, "trPr")
            if is_on(properties, "del"):
                continue
            self.row += 1
            here, column = self.row, 1 + int(_val(_child(properties, "gridBefore"), otherwise="0"))
            for cell in _inside(row, "tc"):
                look = _child(cell, "tcPr")
                span = int(_val(_child(look, "gridSpan"), otherwise="1"))
                merge = _child(look, "vMerge")
                if merge is None or _val(merge) == "restart":
                    open_merges.pop(column, None)
                if merge is not None and column not in open_merges:
                    open_merges[column] = [here, column, here, column + span - 1]
                    merged.append(open_merges[column])
                if merge is not None:
                    open_merges[column][2] = here
                blocks = [] if is_on(look, "cellDel") else list(_inside(cell, *_BLOCKS))
                tables = [block for block in blocks if local_name(block.tag) == "tbl"]
                if len([inner for inside in tables for inner in inside.iter() if local_name(inner.tag) == "tc"]) > 1:
                    self._blocks(blocks, merged)  # a table in a table has rows of its own
                else:
                    boxes = [part for block in blocks for part in (block, *_inside(block, "txbxContent"))]
                    lines = [
                        line
                        for part in boxes
                        for line in ([part] if local_name(part.tag) == "p" else _inside(part, "p"))
                    ]
                    self._put(column, self._cell(lines), here, hidden=is_on(properties, "hidden"))
                column += span

    def _put(self, column: int, found: tuple[str, Unseen | str], row: int = 0, *, hidden: bool = False) -> None:
        text, unseen = found
        formula, self.unsolved = self.unsolved, ""
        if text or formula:
            at = (row or self.row), column
            cell = Cell(self.sheet.file, "", *at, text or None, formula=None if text else formula)
            cell.unseen = Unseen.HIDDEN if hidden else unseen
            self.sheet.cells[at] = cell

    def _cell(self, paragraphs: list[Element]) -> tuple[str, Unseen | str]:
        """The text of paragraphs, and what their runs' look makes of it."""
        runs: list[tuple[str, bool, bool]] = []
        for paragraph in paragraphs:
            runs.append((self._number(paragraph), False, False))
            self._runs(paragraph, runs, ("p", _val(_child(paragraph, "pPr", "pStyle"))))
            runs.append(("" if _joins(paragraph) else "\n", False, False))
        return "".join(run[0] for run in runs).strip(), look_of_runs(runs)

    def _runs(self, element: Element, runs: list[tuple[str, bool, bool]], style: tuple[str, str]) -> None:
        for child in element:
            tag = local_name(child.tag)
            if tag == "r":
                look = _child(child, "rPr")
                looks = [look, *self._inherited(_val(_child(look, "rStyle"))), *self._inherited(style[1])]
                struck, raised = _told(looks, "strike", "dstrike"), _val(_first(looks, "vertAlign"))
                text = "" if _told(looks, "vanish", "specVanish") else "".join(self._text(child))
                runs.append((text, struck, raised in ("superscript", "subscript")))
            elif tag == "fldSimple":
                before = len(runs)
                self._runs(child, runs, style)
                if not any(run[0] for run in runs[before:]):
                    self.unsolved = _val(child, "instr").strip() or "?"
            elif tag not in _GONE:
                self._runs(child, runs, style)

    def _text(self, run: Element) -> Iterator[str]:
        """The parts of a run; of a field only its result."""
        for child in run:
            tag = local_name(child.tag)
            if tag == "fldChar":
                kind = _val(child, "fldCharType")
                if kind == "begin":
                    self.fields.append(False)
                elif kind == "separate" and self.fields:
                    self.fields[-1] = True
                elif kind == "end" and self.fields and not self.fields.pop():
                    self.unsolved = self.unsolved or "?"
            elif tag == "instrText" and self.fields and not self.fields[-1]:
                self.unsolved = ""
            elif all(self.fields):
                if tag == "t":
                    yield child.text or ""
                elif tag == "sym":
                    yield chr(int(_val(child, "char") or "FFFD", 16))
                else:
                    yield _SIGNS.get(tag, "")

    def _inherited(self, style: str) -> Iterator[Element]:
        """The run properties of a style and of those that it is based on, the nearest first."""
        for _ in range(20):
            element = self.styles.get(style)
            if (look := _child(element, "rPr")) is not None:
                yield look
            style = _val(_child(element, "basedOn"))

    def _number(self, paragraph: Element) -> str:
        """The number that Word puts before a paragraph of a list ("1.2. "); "" where it is in none."""
        given = _child(paragraph, "pPr", "numPr")
        style = self.styles.get(_val(_child(paragraph, "pPr", "pStyle")))
        given = _child(style, "pPr", "numPr") if given is None else given
        name = self.lists.get(_val(_child(given, "numId")), "")
        if name not in self.levels:
            return ""
        depth = int(_val(_child(given, "ilvl"), otherwise="0"))
        levels = {_val(level, "ilvl"): level for level in _inside(self.levels[name], "lvl")}
        starts = [int(_val(_child(levels.get(str(at)), "start"), otherwise="1")) for at in range(9)]
        counts = self.counts.setdefault(name, [start - 1 for start in starts])
        counts[depth:] = [counts[depth] + 1, *(start - 1 for start in starts[depth + 1 :])]

        def count(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            return _counted(max(counts[at], starts[at]), _val(_child(levels.get(str(at)), "numFmt")))

        if _val(_child(levels.get(str(depth)), "numFmt")) in ("bullet", "none"):
            return ""
        return re.sub("%([1-9])", count, _val(_child(levels.get(str(depth)), "lvlText"))) + " "


def _counted(number: int, kind: str) -> str:
    """A number as a list writes it."""
    if kind.endswith("Letter"):
        written = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
    elif kind.endswith("Roman"):
        written = ""
        for value, letters in _ROMAN:
            written += letters * (number // value)
            number %= value
    else:
        written = f"{number:02d}" if kind == "decimalZero" else str(number)
    return written.upper() if kind.startswith("upper") else written


def _joins(paragraph: Element) -> bool:
    """Whether the next paragraph goes on in the line of this one: its end is deleted or hidden."""
    return is_on(_child(paragraph, "pPr", "rPr"), "del", "moveFrom", "vanish")


def _first(looks: list[Element | None], *names: str) -> Element | None:
    """What the nearest of some properties says of one of these."""
    return next(
        (child for look in looks for child in (() if look is None else look) if local_name(child.tag) in names), None
    )


def _told(looks: list[Element | None], *names: str) -> bool:
    mark = _first(looks, *names)
    return mark is not None and _val(mark, otherwise="1") not in ("0", "false", "off")
