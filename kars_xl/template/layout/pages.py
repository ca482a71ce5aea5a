"""How high rows must be for their wrapped texts, and where pages end. Excel fits no row with merged cells, and viewers
fit none. No heading stands last on a page, and a table that fits on one page is not cut, nor are rows that share one
name in the first column: only for sheets that hold several of these and whose template leaves the page breaks to the
program. Every page then ends at a break of its own, so that a printer with slightly other measures moves none."""

from bisect import bisect_left
from collections.abc import Callable
from functools import cache, lru_cache, partial
from itertools import pairwise
from math import ceil, floor
from typing import Any, NamedTuple

from msgspec.structs import replace

from kars_xl.template.records import LaidCell, LaidColumn, LaidSheet, Layout, PageSetup

# How much wider than the metrics Excel draws a text in whole pixels: Arial by 2% at 9 points, by 3% at 8.
_SAFETY = 1.03
PIXELS_PER_CHARACTER = 7
_POINTS_PER_PIXEL = 0.75

# Advance widths in thousandths of the font size (Liberation Sans, which has Arial's metrics).
_REGULAR = {
    191: "'", 222: "ijl‘’", 260: "|", 278: " !,./:;I[\\]ftÎîİı\u00a0", 333: "()-`r“”²³", 334: "{}", 350: "•",
    355: '"', 389: "*", 400: "°", 469: "^", 500: "Jcksvxyzçş", 549: "±÷", 556: "#$0123456789?L_abdeghnopquâöûüğ–€₺§«»",
    584: "+<=>~×", 611: "FTZ", 667: "&ABEKPSVXYÂŞ", 722: "CDHNRUwÇÛÜ", 778: "GOQÖĞ", 833: "Mm½", 889: "%",
    944: "W", 1000: "—…", 1015: "@",
}  # fmt: skip
_BOLD = {
    238: "'", 278: " ,./I\\ijlÎîİı‘’\u00a0", 280: "|", 333: "!()-:;[]`ft²³", 350: "•", 389: "*r{}", 400: "°",
    474: '"', 500: "z“”", 549: "±÷", 556: "#$0123456789J_aceksvxyâçş–€₺§«»", 584: "+<=>^~×", 611: "?FLTZbdghnopquöûüğ",
    667: "EPSVXYŞ", 722: "&ABCDHKNRUÂÇÛÜ", 778: "GOQwÖĞ", 833: "M½", 889: "%m", 944: "W", 975: "@",
    1000: "—…",
}  # fmt: skip
_WIDTHS = tuple({char: float(w) for w, chars in table.items() for char in chars} for table in (_REGULAR, _BOLD))
_UNKNOWN = 667
_WIDEST = 1015

# Other fonts against Arial: how wide their text runs, how far their lines stand apart (in font sizes).
# Calibri is narrower, but a reader without it shows a wider font in its place.
_FONTS = {
    "calibri": (1.0, 1.32), "carlito": (1.0, 1.32), "aptos narrow": (0.92, 1.36), "aptos": (1.0, 1.36),
    "cambria": (0.96, 1.275), "times new roman": (0.92, 1.275), "liberation serif": (0.92, 1.275),
    "verdana": (1.18, 1.3), "tahoma": (1.0, 1.3), "segoe ui": (1.02, 1.4),
}  # fmt: skip
_ARIAL = (1.0, 1.22)
_PADDING = 1.5  # points above and below a cell's text together
# Points, by the numbers of paper sizes.
_PAPERS = {"1": (612.0, 792.0), "5": (612.0, 1008.0), "8": (842.0, 1191.0), "9": (595.0, 842.0), "11": (420.0, 595.0)}
_PRINT_SAFETY = 0.97  # programs and printers round rows and columns differently
_WIDER = 1.06  # Excel draws a digit in whole pixels, LibreOffice in its true width
_POINTS = 72.0


@lru_cache(maxsize=8192)
def lines(text: str, width: float, size: float, bold: bool = False, font: str = "Arial") -> int:
    """Lines that a text takes in a width (points, without padding) at a font size (points)."""
    stretch = _FONTS.get(font.lower(), _ARIAL)[0]
    room = width * 1000 / (size * stretch * _SAFETY)
    return sum(_paragraph(part, room, bold) for part in text.split("\n"))


def _paragraph(text: str, room: float, bold: bool) -> int:
    if len(text) * _WIDEST <= room:
        return 1
    blank = _WIDTHS[bold][" "]
    count, used = 1, 0.0
    for word in text.split(" "):
        wide = _wide(word, bold)
        if used and used + blank + wide <= room:
            used += blank + wide
            continue
        count += used > 0
        if wide > room:
            # A word longer than the line is broken where the line ends.
            full = ceil(wide / max(room, _WIDEST)) - 1
            count, wide = count + full, wide - full * max(room, _WIDEST)
        used = max(wide, 1)
    return count


@lru_cache(maxsize=8192)
def _wide(word: str, bold: bool) -> float:
    widths = _WIDTHS[bold]
    return sum([widths.get(char, _UNKNOWN) for char in word])


def line_height(size: float, font: str = "Arial") -> float:
    """Points from one line to the next, in whole pixels as Excel has them."""
    return ceil(size * _FONTS.get(font.lower(), _ARIAL)[1] / _POINTS_PER_PIXEL) * _POINTS_PER_PIXEL


class Columns:
    """Widths of a sheet's columns in points; `default` is the sheet's own default width in characters."""

    def __init__(self, columns: list[LaidColumn], default: float | None) -> None:
        self._columns = sorted(columns, key=lambda c: c.last)
        self._lasts = [c.last for c in self._columns]
        self._default = (default * PIXELS_PER_CHARACTER if default else 64) * _POINTS_PER_PIXEL

    def width(self, column: int) -> float:
        at = bisect_left(self._lasts, column)
        found = self._columns[at] if at < len(self._columns) else None
        if found is None or found.first > column or (found.width is None and not found.hidden):
            return self._default
        width = 0.0 if found.hidden else found.width or 0.0
        return round(width * PIXELS_PER_CHARACTER) * _POINTS_PER_PIXEL

    def room(self, first: int, last: int, style: dict[str, Any]) -> float:
        padding = 5 + 9 * int(style.get("indent", 0))  # pixels: two at each side, the grid line, and each indent
        wide = sum(self.width(c) for c in range(first, last + 1))
        return max(wide - padding * _POINTS_PER_PIXEL, 1.0)


def fit_rows(layout: Layout, formulas: bool) -> None:
    """Raise rows to their wrapped texts' height: constant texts, or (`formulas`) what formulas came to."""
    wraps = [
        (style.get("text_wrap") or style.get("align") in ("justify", "distributed")) and not style.get("rotation")
        for style in layout.styles
    ]
    for sheet in layout.sheets:
        spans = {(m[0], m[1]): m for m in sheet.merges}
        high = cache(partial(_high, layout, Columns(sheet.columns, sheet.page.default_column_width)))
        tall: list[tuple[int, int, float]] = []
        for (row, col), cell in sheet.cells.items():
            if not wraps[cell.style] or (cell.formula is None) is formulas or not isinstance(cell.value, str):
                continue
            _, first, last_row, last = spans.get((row, col), (row, col, row, col))
            need = high(cell.style, first, last)(cell.value)
            if last_row > row:
                tall.append((row, last_row, need))
            else:
                _raise(sheet, row, need)
        for row, last_row, need in tall:
            have = sum(height_of(sheet, r) for r in range(row, last_row))
            _raise(sheet, last_row, need - have)


def _high(layout: Layout, columns: Columns, number: int, first: int, last: int) -> Callable[[str], float]:
    """How high a text is in these columns, in points, by the number of its style."""
    style = layout.styles[number]
    size, font = float(style.get("font_size", 11)), str(style.get("font_name", "Calibri"))
    room, bold, line = columns.room(first, last, style), bool(style.get("bold")), line_height(size, font)
    return lambda text: lines(text, room, size, bold, font) * line + _PADDING


def height_of(sheet: LaidSheet, row: int) -> float:
    """The height that a row has now, in points."""
    return sheet.row_heights.get(row) or sheet.page.default_row_height or 15.0


def _raise(sheet: LaidSheet, row: int, need: float) -> None:
    if need > height_of(sheet, row):
        sheet.row_heights[row] = min(need, 409.5)  # the highest that there is


class _Row(NamedTuple):
    """A printed row: its height in points, whether anything stands in it, whether it is a heading, and whether it has
    a first column; without one it belongs to the row above."""

    number: int
    height: float
    filled: bool
    heading: bool
    opens: bool


def paginate(layout: Layout) -> None:
    """Set the page breaks of the sheets that have none and need some."""
    for sheet in layout.sheets:
        floating, page = sheet.images or sheet.charts, sheet.page
        if page.state == "visible" and len(page.print_areas) == 1 and not page.row_breaks and not floating:
            _paginate(layout, sheet)


def _paginate(layout: Layout, sheet: LaidSheet) -> None:
    size = _printable(sheet.page)
    if size is None or (scale := _scale(sheet, size[0])) is None:
        return
    room = size[1] / scale * 100 * _PRINT_SAFETY
    rows = _rows(layout, sheet)
    tables = _tables(rows)
    first, last = sheet.page.title_rows or (0, -1)
    repeated = range(first, last + 1)
    titles = sum(height_of(sheet, row) for row in repeated)
    # One list below its repeated heading needs no help: any of its rows may be the last one on a page.
    tables_below = sum(table[-1].number >= repeated.stop for table in tables)
    flows = tables_below > 1 or any(row.heading and row.number >= repeated.stop for row in rows)
    if not flows and any(row.filled and not row.opens for row in rows if row.number >= repeated.stop):
        flows, tables = bool(titles), _named(rows, repeated.stop)
    if not flows or any(row.height > room - titles for row in rows):
        return
    breaks = _ends(tables, room, room - titles)
    if 0 < len(breaks) <= 1023:
        # Excel heeds no manual break on a sheet that it fits to the page's width.
        old = sheet.page.carried["pageSetup"]
        setup = {name: value for name, value in old.items() if name not in ("scale", "fitToWidth", "fitToHeight")}
        if scale != 100:
            setup = {"paperSize": old["paperSize"], "scale": str(scale), **setup}
        carried = {**sheet.page.carried, "pageSetup": setup}
        sheet.page = replace(sheet.page, row_breaks=breaks, fits=False, carried=carried)


def _printable(page: PageSetup) -> tuple[float, float] | None:
    """Width and height of the paper between the margins, in points; None for a paper of unknown size."""
    setup, margins = page.carried.get("pageSetup", {}), page.carried["pageMargins"]
    if (paper := setup.get("paperSize")) not in _PAPERS:
        return None
    width, height = _PAPERS[paper]
    if setup.get("orientation") == "landscape":
        width, height = height, width
    left, right, top, bottom = (float(margins[side]) * _POINTS for side in ("left", "right", "top", "bottom"))
    return width - left - right, height - top - bottom


def _scale(sheet: LaidSheet, paper: float) -> int | None:
    """The print scale in percent at which the sheet is one page wide; None where it isn't, or is fitted otherwise."""
    page = sheet.page
    [(_, first, _, last)] = page.print_areas
    columns = Columns(sheet.columns, page.default_column_width)
    width = sum(columns.width(column) for column in range(first, last + 1)) * _WIDER
    setup = page.carried["pageSetup"]
    fitting, scale = floor(paper / width * 100) if width else 0, int(float(setup.get("scale", 100)))
    if page.fits:
        to_width = (setup.get("fitToWidth", "1"), setup.get("fitToHeight", "1")) == ("1", "0")
        return max(min(fitting, 100), 10) if width and to_width else None
    return scale if scale <= fitting else None


def _rows(layout: Layout, sheet: LaidSheet) -> list[_Row]:
    [(top, left, bottom, right)] = sheet.page.print_areas
    filled: dict[int, dict[int, LaidCell]] = {}
    for (row, column), cell in sheet.cells.items():
        if left <= column <= right and cell.value not in (None, ""):
            filled.setdefault(row, {})[column] = cell
    bold = [bool(style.get("bold")) for style in layout.styles]
    found = []
    for row in (row for row in range(top, bottom + 1) if not (row in sheet.rows and sheet.rows[row].hidden)):
        cells = list(filled.get(row, {}).values())
        heading = len(cells) == 1 and isinstance(cells[0].value, str) and bold[cells[0].style]
        found.append(_Row(row, height_of(sheet, row), bool(cells), heading, left in filled.get(row, ())))
    return found


def _tables(rows: list[_Row]) -> list[list[_Row]]:
    """Rows without a blank one between them; the blank ones end a table, and headings alone belong to the next one."""
    tables: list[list[_Row]] = [[]]
    for before, row in pairwise([_Row(0, 0.0, True, False, True), *rows]):
        begins = row.filled and not before.filled
        if begins and any(item.filled and not item.heading for item in tables[-1]):
            tables.append([])
        tables[-1].append(row)
    return tables


def _named(rows: list[_Row], start: int) -> list[list[_Row]]:
    """The rows of a list, each with those below it that have no name of their own; the first also holds its head."""
    tables: list[list[_Row]] = [[]]
    for row in rows:
        if row.opens and row.number > start:
            tables.append([])
        tables[-1].append(row)
    return tables


def _ends(tables: list[list[_Row]], first_room: float, room: float) -> list[int]:
    """The last rows of all pages but the last one; `room` in points, on the first page and on the others."""
    ends: list[int] = []
    left, top = first_room, tables[0][0].number

    def turn(row: _Row) -> None:
        """The next page begins with this row, unless this one does."""
        nonlocal left, top
        if row.number > top:
            ends.append(row.number - 1)
            left, top = room, row.number

    for table in tables:
        # Without the blank rows at its end, which a page may cut off.
        last = max((at for at, row in enumerate(table) if row.filled), default=-1)
        if left < sum(row.height for row in table[: last + 1]) <= room:
            turn(table[0])
        for at, row in enumerate(table):
            if row.height > left:
                cut = at
                while cut and table[cut - 1].heading and table[cut - 1].number > top:
                    cut -= 1
                turn(table[cut])
                left -= sum(before.height for before in table[cut:at])
            left -= row.height
    return ends
