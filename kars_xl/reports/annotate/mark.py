"""Marks findings on the cells of a workbook, a note that says them and a frame that shows them, and lists all of them.
The frame is a conditional format, so that the cell's own look stays beneath it, and a marked copy that comes back
mended can be marked anew without a trace of the old marks."""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from math import ceil
from typing import Any

from msgspec import Struct
from openpyxl.comments import Comment
from openpyxl.formatting.formatting import ConditionalFormatting, ConditionalFormattingList
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.hyperlink import Hyperlink

from kars_xl.base.place import Place
from kars_xl.base.text import writable
from kars_xl.findings.as_text import count_line, where
from kars_xl.findings.finding import ADVICE, ERROR, HEADINGS, SEVERITIES, WARNING, Finding

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
_TITLE = "Bulgular"
# Tells our sheet from one that a clerk named the same.
_MARK = "kars_xl_bulgular"
_HEADER = 5
_COLUMNS = (
    ("No", 5), ("Önem", 9), ("Kod", 8), ("Sayfa", 18), ("Hücre", 8), ("Ne yanlış", 62), ("Nasıl düzeltilir", 50)
)  # fmt: skip
_GUIDE = (
    "Hücre adresine tıklayın, o hücreye gidersiniz. İşaretli hücrenin üzerinde durunca notu açılır "
    "(düz çerçeve hata, kesik çerçeve uyarı, noktalı çerçeve öneri)."
)
# A time for properties that a clerk's file does not state; "now" would make every copy another one.
FIXED_TIME = dt.datetime(2000, 1, 1)


class Line(Struct, frozen=True):
    """A finding with its number in the list, and where it stands in this file."""

    number: int
    finding: Finding
    place: Place


def unmark(book: Any) -> None:
    """Takes off the list and the marks of an earlier round; a note of the clerk's own under them comes back."""
    for sheet in list(book.worksheets):
        if _MARK in sheet.defined_names:
            book.remove(sheet)
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
    cell = CellRange(min_row=row, max_row=row, min_col=column, max_col=column)
    return next((area for area in book[sheet].merged_cells.ranges if cell <= area), cell)


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
        parts.append(f"{line.number}. {HEADINGS[found.severity]} {found.code}\n{found.message}\n➜ {found.fix}")
    text = writable("\n\n".join(parts))[:30_000]
    if own is not None:
        text += f"\n\n{_OWN_NOTE.format(author=own.author or '')}\n{own.text}"
    # A note of this width has 58 letters a line.
    height = 18 * sum(max(1, ceil(len(row) / 58)) for row in text.split("\n"))
    return Comment(text, "kars-xl", width=380, height=min(height + 12, 700))


def _frame(sheet: Any, areas: dict[str, list[str]]) -> None:
    """Frames before all rules that the sheet has of its own, so that none of them covers a mark."""
    for area in sheet.conditional_formatting:
        for rule in area.rules:
            rule.priority += len(LOOKS)
    for priority, (severity, (fill, line, kind)) in enumerate(LOOKS.items(), start=1):
        if severity in areas:
            colour, border = PatternFill("solid", fill, fill), Border(*[Side(kind, line)] * 4)
            rule = FormulaRule(formula=[_ALWAYS], fill=colour, border=border)
            rule.priority = priority
            sheet.conditional_formatting.add(" ".join(areas[severity]), rule)


def lines_of(file: str, findings: Iterable[Finding]) -> list[Line]:
    """What concerns `file`, worst first: its own findings, and those of other files that name a place in it. Whoever
    filled this form must know too that another form gives another value."""
    lines: list[Line] = []
    for found in sorted(findings, key=lambda found: SEVERITIES.index(found.severity)):
        if place := next((place for place in (found.place, *found.related) if place.file == file), None):
            lines.append(Line(len(lines) + 1, found, place))
    return lines


def add_list(book: Any, name: str, lines: Sequence[Line], remark: str = "") -> None:
    """The list as the first sheet of `book`, and the only one selected; `name` is the file's."""
    sheet = book.create_sheet(_TITLE, 0)
    sheet.defined_names.add(DefinedName(_MARK, attr_text=f"{quote_sheetname(sheet.title)}!$A$1", hidden=True))
    _text(sheet, 1, 1, f"{_TITLE} – {name}").font = _font(sheet, bold=True, size=14)
    _text(sheet, 2, 1, count_line([line.finding for line in lines])).font = _font(sheet, bold=True)
    linked = any(area_of(book, line) for line in lines)
    _text(sheet, 3, 1, remark or (_GUIDE if linked else "" if lines else "Bu dosyada düzeltilecek bir şey yok."))
    if lines:
        _table(book, sheet, lines)
    _page(sheet, len(lines))
    _select_only(book, sheet)


def _table(book: Any, sheet: Any, lines: Sequence[Line]) -> None:
    border, grey = Border(*[Side("thin", "A6A6A6")] * 4), PatternFill("solid", "D9D9D9", "D9D9D9")
    for column, (heading, _) in enumerate(_COLUMNS, start=1):
        cell = _text(sheet, _HEADER, column, heading)
        cell.font, cell.border, cell.fill = _font(sheet, bold=True), border, grey
        cell.alignment = Alignment(vertical="center", wrap_text=True)
    for row, line in enumerate(lines, start=_HEADER + 1):
        found, place = line.finding, line.place
        others = [other for other in dict.fromkeys((found.place, *found.related)) if other != place]
        related = "; ".join(map(where, others[:5]))
        message = f"{found.message} (İlgili yer: {related})" if related else found.message
        values = (HEADINGS[found.severity], found.code, place.sheet or "dosyanın tümü", place.cell, message, found.fix)
        texts = (_text(sheet, row, column, value) for column, value in enumerate(values, start=2))
        for cell in (sheet.cell(row, 1, line.number), *texts):
            cell.border, cell.alignment = border, Alignment(vertical="top", wrap_text=True)
        colour = LOOKS[found.severity][0]
        sheet.cell(row, 2).fill = PatternFill("solid", colour, colour)
        sheet.cell(row, 2).font = _font(sheet, bold=True)
        if area := area_of(book, line):
            cell = sheet.cell(row, 5)
            location = f"{quote_sheetname(place.sheet)}!{area.coord.partition(':')[0]}"
            cell.hyperlink = Hyperlink(ref=cell.coordinate, location=location, tooltip="Hücreye git")
            cell.font = _font(sheet, color="0563C1", underline="single")
        # Not every program fits a row to its text by itself, and words that wrap leave some of a line free.
        heights = [
            sum(max(1, ceil(len(part) * 1.03 / width)) for part in str(value).split("\n"))
            for value, (_, width) in zip(values, _COLUMNS[1:], strict=True)
        ]
        sheet.row_dimensions[row].height = min(15 * max(heights) + 3, 409)


def _text(sheet: Any, row: int, column: int, value: str) -> Any:
    """Text as text, whatever it begins with: what a clerk typed must never become a formula of ours."""
    cell = sheet.cell(row, column)
    cell.value = writable(value)[:32_000]
    cell.data_type = "s"
    if value[:1] in ("=", "+", "-", "@"):
        cell.quotePrefix = True
    return cell


def _font(sheet: Any, *, size: float = 0, **looks: Any) -> Font:
    """The workbook's own font, so that the list looks like the form that it came with."""
    own = sheet.parent._fonts[0]
    return Font(name=own.name, size=size or own.size or 11, **looks)


def _page(sheet: Any, count: int) -> None:
    for column, (_, width) in enumerate(_COLUMNS, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.oddFooter.right.text = "&P / &N"
    sheet.sheet_view.showGridLines = False
    if count:
        sheet.freeze_panes = sheet.cell(_HEADER + 1, 1)
        sheet.print_title_rows = f"{_HEADER}:{_HEADER}"
        sheet.auto_filter.ref = f"A{_HEADER}:{get_column_letter(len(_COLUMNS))}{_HEADER + count}"


def _select_only(book: Any, first: Any) -> None:
    """One sheet selected: with two, Excel types into both at once."""
    views = [(sheet, view) for sheet in book.worksheets for view in sheet.views.sheetView]
    views += [(sheet, view) for sheet in book.chartsheets for view in sheet.sheetViews.sheetView]
    for sheet, view in views:
        view.tabSelected = sheet is first
    book.active = first
    for view in book.views:
        view.firstSheet = 0
