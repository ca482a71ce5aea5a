"""Marks findings on the cells of a workbook: a note that says them, and a frame and fill that show them.

The frame is a conditional format, so that the cell's own look stays beneath it, and a marked copy that comes back
mended can be marked anew without a trace of the old marks.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from openpyxl.comments import Comment
from openpyxl.formatting.formatting import ConditionalFormatting, ConditionalFormattingList
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Border, PatternFill, Side
from openpyxl.worksheet.cell_range import CellRange

from kars_xl.base.place import Place
from kars_xl.base.text import writable
from kars_xl.findings.catalogue import ADVICE, ERROR, WARNING
from kars_xl.findings.finding import Finding
from kars_xl.findings.severity import HEADINGS, SEVERITIES

_AUTHOR = "kars-xl"
_BANNER = "kars-xl denetimi"
_OWN_NOTE = "— önceki not ({author}) —"
_OWN_NOTE_PATTERN = re.compile(r"\n\n— önceki not \((.*?)\) —\n(.*)\Z", re.DOTALL)
# Always true; the words are there to know the rule by.
_ALWAYS = '"kars-xl"<>""'
# Fill, frame and its line: the line's kind tells the severities apart where there is no colour. No fill is the pale
# yellow that forms give to the cells to be filled.
LOOKS = {
    ERROR: ("FFC7CE", "C00000", "thin"),
    WARNING: ("F8B878", "833C0B", "dashed"),
    ADVICE: ("DDEBF7", "1F4E79", "dotted"),
}
_LONGEST_NOTE = 30_000
_NOTE_WIDTH = 380
_LETTERS_A_LINE = 58
_LINE_HEIGHT = 18


def unmark(book: Any) -> None:
    """Takes off the marks of an earlier round; a note of the clerk's own under them comes back."""
    for sheet in book.worksheets:
        # There is no public way to the cells that exist alone; iter_rows() would make a million blank ones.
        for cell in list(sheet._cells.values()):
            if cell.comment is not None and cell.comment.text.startswith(_BANNER):
                own = _OWN_NOTE_PATTERN.search(cell.comment.text)
                cell.comment = Comment(own[2], own[1]) if own else None
        rules = ConditionalFormattingList()
        for area in sheet.conditional_formatting:
            for rule in area.rules:
                if rule.formula != [_ALWAYS]:
                    rules.add(ConditionalFormatting(area.sqref, pivot=area.pivot), rule)
        sheet.conditional_formatting = rules


def mark(book: Any, lines: Iterable[Line]) -> None:
    """Notes and frames on the cells of the lines that have one. A merged cell's stand on its top left."""
    cells: dict[tuple[str, str], list[Line]] = defaultdict(list)
    for line in lines:
        if area := area_of(book, line):
            cells[line.place.sheet, area.coord].append(line)
    areas: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for (title, coord), found in cells.items():
        cell = book[title][coord.partition(":")[0]]
        _uncover(book[title], cell.row, cell.column)
        cell.comment = _note(found, cell.comment)
        areas[title][found[0].finding.severity].append(coord)
    for title, by_severity in areas.items():
        _frame(book[title], by_severity)


def area_of(book: Any, line: Line) -> CellRange | None:
    """The cell of a line, or what it is merged into; None where its finding is about a whole sheet or file."""
    _, sheet, row, column = line.place
    if not row or not column or sheet not in (found.title for found in book.worksheets):
        return None
    for area in book[sheet].merged_cells.ranges:
        if area.min_row <= row <= area.max_row and area.min_col <= column <= area.max_col:
            return CellRange(area.coord)
    return CellRange(min_row=row, max_row=row, min_col=column, max_col=column)


def _uncover(sheet: Any, row: int, column: int) -> None:
    """A hidden sheet, row or column with a finding is shown in the copy, or nobody would see the mark."""
    sheet.sheet_state = "visible"
    if row in sheet.row_dimensions:
        given = sheet.row_dimensions[row]
        given.hidden = False
        given.height = given.height or None
    for given in sheet.column_dimensions.values():
        # One entry stands for all columns from min to max; reindex() fills these two in where the file has not.
        given.reindex()
        if given.hidden and given.min <= column <= given.max:
            given.hidden = False
            given.width = given.width or 13


def _note(lines: Sequence[Line], own: Comment | None) -> Comment:
    """One note for all findings of a cell; what the clerk had noted there stands below them."""
    parts = [f"{_BANNER}: {len(lines)} bulgu"]
    for line in lines:
        found = line.finding
        parts.append(f"{line.number}. {line.severity} {found.code}\n{found.message}\n➜ {found.fix}")
    text = writable("\n\n".join(parts))[:_LONGEST_NOTE]
    if own is not None:
        text += f"\n\n{_OWN_NOTE.format(author=own.author or '')}\n{own.text}"
    height = _LINE_HEIGHT * sum(max(1, ceil(len(row) / _LETTERS_A_LINE)) for row in text.split("\n"))
    return Comment(text, _AUTHOR, width=_NOTE_WIDTH, height=min(height + 12, 700))


def _frame(sheet: Any, areas: dict[str, list[str]]) -> None:
    """Frames before all rules that the sheet has of its own, so that none of them covers a mark."""
    for area in sheet.conditional_formatting:
        for rule in area.rules:
            rule.priority += len(LOOKS)
    for priority, (severity, (fill, line, kind)) in enumerate(LOOKS.items(), start=1):
        if severity in areas:
            side = Side(kind, line)
            rule = FormulaRule(
                formula=[_ALWAYS],
                fill=PatternFill("solid", start_color=fill, end_color=fill),
                border=Border(left=side, right=side, top=side, bottom=side),
            )
            rule.priority = priority
            sheet.conditional_formatting.add(" ".join(areas[severity]), rule)


@dataclass(frozen=True, slots=True)
class Line:
    """A finding with its number in the list, and where it stands in this file."""

    number: int
    finding: Finding
    place: Place

    @property
    def severity(self) -> str:
        """HATA, UYARI or ÖNERİ."""
        return HEADINGS[self.finding.severity]

    @property
    def others(self) -> tuple[Place, ...]:
        """The finding's other places, those in other files included."""
        return tuple(
            place for place in dict.fromkeys((self.finding.place, *self.finding.related)) if place != self.place
        )


def lines_of(file: str, findings: Iterable[Finding]) -> list[Line]:
    """What concerns `file`, worst first: its own findings, and those of other files that name a place in it.

    Whoever filled this form must know too that another form gives another value.
    """
    lines: list[Line] = []
    for found in sorted(findings, key=lambda found: SEVERITIES.index(found.severity)):
        if place := next((place for place in (found.place, *found.related) if place.file == file), None):
            lines.append(Line(len(lines) + 1, found, place))
    return lines
