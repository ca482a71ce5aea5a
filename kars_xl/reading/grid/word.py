"""Reads .docx straight from the package's XML, as Word shows it: tables in order, their rows running on. What stands
below a heading of the first two levels is a sheet of its own, without a name. What is deleted, moved away or hidden is
not there; what is inserted, in a content control or a field's result is."""

import re
from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element

from kars_xl.reading.grid.cells import Cell, Grid, Sheet
from kars_xl.reading.grid.package import Stream, attribute, child_of, first_of, is_on, local_name, opened
from kars_xl.reading.grid.styles import look_of_runs, look_where

_GONE = frozenset(
    ("del", "moveFrom", "Fallback", "rt", "instrText", "delInstrText", "txbxContent", "rPr", "pPr", "sdtPr", "sdtEndPr")
)
_SIGNS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_BLOCKS = ("p", "tbl")
_DEEPEST = 20  # styles that are based on each other
_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


def read_docx(path: str, data: bytes) -> Grid:
    """The tables and paragraphs of the document in `data`. Raises UnreadableFile (KX001, KX002, KX003)."""
    with opened(data) as package:
        return Grid(path, _Reader(path, package).sheets)


def _inside(element: Element, *wanted: str) -> Iterator[Element]:
    """The wanted elements below one, whatever they are wrapped in; not those within others of them."""
    for child in element:
        tag = local_name(child.tag)
        if tag in wanted:
            yield child
        elif tag not in _GONE:
            yield from _inside(child, *wanted)


class _Reader:
    def __init__(self, path: str, stream: Stream) -> None:
        self.sheets = [Sheet(path, "")]
        self.row = 0
        self.fields: list[bool] = []  # of the open fields: whether the result has begun
        self.unsolved = ""  # the instruction of a field that has no result
        self.counts: dict[str, list[int]] = {}
        part = stream.main()[0]
        related = stream.relations(part)
        styles = stream.elements(first_of(related, "styles"), "style")
        self.styles = {attribute(style, "styleId"): style for style in styles}
        numbering = first_of(related, "numbering")
        self.levels = {attribute(it, "abstractNumId"): it for it in stream.elements(numbering, "abstractNum")}
        lists = stream.elements(numbering, "num")
        self.lists = {attribute(it, "numId"): attribute(child_of(it, "abstractNumId")) for it in lists}
        self.merged: list[list[int]] = []
        for body in stream.elements(part, "body"):
            self._blocks(_inside(body, *_BLOCKS))
        self._end_sheet()
        for element in stream.elements(first_of(stream.relations(""), "core-properties"), "category"):
            # A book says so in its properties; a merged workbook, on a sheet.
            self.sheets.append(Sheet(path, "", {(1, 1): Cell(path, "", 1, 1, element.text)}))

    def _end_sheet(self) -> None:
        self.sheets[-1].merge(self.merged)
        self.merged = []

    def _is_heading(self, paragraph: Element) -> bool:
        """Whether it heads a chapter or a section, by its outline level or its style's."""
        style, level = attribute(child_of(paragraph, "pPr", "pStyle")), child_of(paragraph, "pPr", "outlineLvl")
        for _ in range(_DEEPEST):
            if level is not None:
                return attribute(level) in ("0", "1")
            level = child_of(self.styles.get(style), "pPr", "outlineLvl")
            style = attribute(child_of(self.styles.get(style), "basedOn"))
        return False

    def _blocks(self, blocks: Iterable[Element]) -> None:
        lines: list[Element] = []
        for block in blocks:
            if local_name(block.tag) == "tbl":
                self._table(block)
                continue
            if self._is_heading(block) and not lines:
                self._end_sheet()
                self.sheets.append(Sheet(self.sheets[0].file, ""))
            lines.append(block)
            if not _joins(block):
                self.row += 1
                self._put(self.row, 1, lines)
                lines = []
            for box in _inside(block, "txbxContent"):
                self._blocks(_inside(box, *_BLOCKS))

    def _table(self, table: Element) -> None:
        open_merges: dict[int, list[int]] = {}
        for row in _inside(table, "tr"):
            properties = child_of(row, "trPr")
            if is_on(properties, "del"):
                continue
            self.row += 1
            here, column = self.row, 1 + int(attribute(child_of(properties, "gridBefore"), otherwise="0"))
            for cell in _inside(row, "tc"):
                look = child_of(cell, "tcPr")
                span = int(attribute(child_of(look, "gridSpan"), otherwise="1"))
                merge = child_of(look, "vMerge")
                if merge is None or attribute(merge) == "restart":
                    open_merges.pop(column, None)
                if merge is not None:
                    if column not in open_merges:
                        open_merges[column] = [here, column, here, column + span - 1]
                        self.merged.append(open_merges[column])
                    open_merges[column][2] = here
                blocks = [] if is_on(look, "cellDel") else list(_inside(cell, *_BLOCKS))
                tables = [block for block in blocks if local_name(block.tag) == "tbl"]
                if len([inner for inside in tables for inner in inside.iter() if local_name(inner.tag) == "tc"]) > 1:
                    self._blocks(blocks)  # a table in a table has rows of its own
                else:
                    lines = list[Element]()
                    for block in blocks:
                        for part in (block, *_inside(block, "txbxContent")):
                            lines += [part] if local_name(part.tag) == "p" else _inside(part, "p")
                    self._put(here, column, lines, hidden=is_on(properties, "hidden"))
                column += span

    def _put(self, row: int, column: int, paragraphs: list[Element], *, hidden: bool = False) -> None:
        """A cell of paragraphs: their text, and what their runs' look makes of it."""
        runs: list[tuple[str, bool, bool]] = []
        for paragraph in paragraphs:
            runs.append((self._number(paragraph), False, False))
            self._runs(paragraph, runs, attribute(child_of(paragraph, "pPr", "pStyle")))
            runs.append(("" if _joins(paragraph) else "\n", False, False))
        text = "".join(run[0] for run in runs).strip()
        formula, self.unsolved = None if text else self.unsolved or None, ""
        if text or formula:
            sheet = self.sheets[-1]
            cell = sheet.cells[row, column] = Cell(sheet.file, "", row, column, text or None, formula)
            cell.unseen = look_where(hidden, look_of_runs(runs))

    def _runs(self, element: Element, runs: list[tuple[str, bool, bool]], style: str) -> None:
        for child in element:
            tag = local_name(child.tag)
            if tag == "r":
                own = child_of(child, "rPr")
                looks = [] if own is None else [own]
                looks += [*self._inherited(attribute(child_of(own, "rStyle"))), *self._inherited(style)]
                struck = _told(looks, "strike", "dstrike")
                raised = next(filter(None, (attribute(child_of(look, "vertAlign")) for look in looks)), "")
                text = "" if _told(looks, "vanish", "specVanish") else "".join(self._text(child))
                runs.append((text, struck, raised in ("superscript", "subscript")))
            elif tag == "fldSimple":
                before = len(runs)
                self._runs(child, runs, style)
                if not any(run[0] for run in runs[before:]):
                    self.unsolved = attribute(child, "instr").strip() or "?"
            elif tag not in _GONE:
                self._runs(child, runs, style)

    def _text(self, run: Element) -> Iterator[str]:
        """The parts of a run; of a field only its result."""
        for child in run:
            tag = local_name(child.tag)
            if tag == "fldChar":
                kind = attribute(child, "fldCharType")
                if kind == "begin":
                    self.fields.append(False)
                elif kind == "separate" and self.fields:
                    self.fields[-1] = True
                elif kind == "end" and self.fields and not self.fields.pop() and all(self.fields):
                    # One within another's instruction is not to be seen.
                    self.unsolved = self.unsolved or "?"
            elif all(self.fields):
                if tag == "t":
                    yield child.text or ""
                elif tag == "sym":
                    yield chr(int(attribute(child, "char") or "FFFD", 16))
                else:
                    yield _SIGNS.get(tag, "")

    def _inherited(self, style: str) -> Iterator[Element]:
        """The run properties of a style and of those that it is based on, the nearest first."""
        for _ in range(_DEEPEST):
            element = self.styles.get(style)
            if (look := child_of(element, "rPr")) is not None:
                yield look
            style = attribute(child_of(element, "basedOn"))

    def _number(self, paragraph: Element) -> str:
        """The number that Word puts before a paragraph of a list ("1.2. "); "" where it is in none."""
        given = child_of(paragraph, "pPr", "numPr")
        style = self.styles.get(attribute(child_of(paragraph, "pPr", "pStyle")))
        given = child_of(style, "pPr", "numPr") if given is None else given
        name = self.lists.get(attribute(child_of(given, "numId")), "")
        if name not in self.levels:
            return ""
        depth = int(attribute(child_of(given, "ilvl"), otherwise="0"))
        levels = {attribute(level, "ilvl"): level for level in _inside(self.levels[name], "lvl")}

        def told(at: int, name: str, otherwise: str = "") -> str:
            return attribute(child_of(levels.get(str(at)), name), otherwise=otherwise)

        starts = [int(told(at, "start", "1")) for at in range(9)]
        counts = self.counts.setdefault(name, [start - 1 for start in starts])
        counts[depth:] = [counts[depth] + 1, *(start - 1 for start in starts[depth + 1 :])]

        def count(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            return _counted(max(counts[at], starts[at]), told(at, "numFmt"))

        is_plain = told(depth, "numFmt") in ("bullet", "none")
        return "" if is_plain else re.sub("%([1-9])", count, told(depth, "lvlText")) + " "


def _counted(number: int, kind: str) -> str:
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
    return is_on(child_of(paragraph, "pPr", "rPr"), "del", "moveFrom", "vanish")


def _told(looks: list[Element], *names: str) -> bool:
    """Whether one of these marks is set in the nearest of some properties that has any of them."""
    return is_on(next((look for look in looks if any(local_name(it.tag) in names for it in look)), None), *names)
