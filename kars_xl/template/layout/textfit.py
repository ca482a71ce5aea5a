"""How high a row must be for its wrapped texts: Excel fits no row with merged cells, and viewers fit none."""

from __future__ import annotations

from bisect import bisect_left
from functools import lru_cache
from math import ceil
from typing import Any

from kars_xl.template.laid import LaidColumn, LaidSheet, Layout

HIGHEST_ROW = 409.5
_SAFETY = 1.05
_PIXELS_PER_CHARACTER = 7
_PADDING = 5  # pixels: two at each side and the grid line
_INDENT = 9
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
_ARIAL = (1.0, 1.275)


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
        if used:
            count += 1
        if wide > room:
            # A word longer than the line is broken where the line ends.
            full = ceil(wide / max(room, _WIDEST)) - 1
            count += full
            wide -= full * max(room, _WIDEST)
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
        self._default = (default * _PIXELS_PER_CHARACTER if default else 64) * _POINTS_PER_PIXEL
        self._rooms: dict[tuple[int, int, int], float] = {}

    def width(self, column: int) -> float:
        at = bisect_left(self._lasts, column)
        found = self._columns[at] if at < len(self._columns) else None
        if found is None or not found.first <= column:
            return self._default
        if found.hidden:
            return 0.0
        if found.width is None:
            return self._default
        return round(found.width * _PIXELS_PER_CHARACTER) * _POINTS_PER_PIXEL

    def room(self, first: int, last: int, style: dict[str, Any]) -> float:
        key = first, last, int(style.get("indent", 0))
        if key not in self._rooms:
            padding = _PADDING + _INDENT * key[2]
            wide = sum(self.width(c) for c in range(first, last + 1))
            self._rooms[key] = max(wide - padding * _POINTS_PER_PIXEL, 1.0)
        return self._rooms[key]


def fit_rows(layout: Layout, formulas: bool) -> None:
    """Raise rows to their wrapped texts' height: constant texts, or (`formulas`) what formulas came to."""
    wraps = [_wraps(style) for style in layout.styles]
    for sheet in layout.sheets:
        spans = {(m[0], m[1]): m for m in sheet.merges}
        columns: Columns | None = None
        tall: list[tuple[int, int, float]] = []
        for (row, col), cell in sheet.cells.items():
            if not wraps[cell.style] or (cell.formula is not None) is not formulas:
                continue
            if not isinstance(cell.value, str):
                continue
            columns = columns or Columns(sheet.columns, sheet.page.default_column_width)
            style = layout.styles[cell.style]
            _, first, last_row, last = spans.get((row, col), (row, col, row, col))
            need = _height(cell.value, columns.room(first, last, style), style)
            if last_row > row:
                tall.append((row, last_row, need))
            else:
                _raise(sheet, row, need)
        for row, last_row, need in tall:
            have = sum(height_of(sheet, r) for r in range(row, last_row))
            _raise(sheet, last_row, need - have)


def _wraps(style: dict[str, Any]) -> bool:
    wraps = style.get("text_wrap") or style.get("align") in ("justify", "distributed")
    return bool(wraps and not style.get("rotation"))


def _height(text: str, room: float, style: dict[str, Any]) -> float:
    size, font = float(style.get("font_size", 11)), str(style.get("font_name", "Calibri"))
    return lines(text, room, size, bool(style.get("bold")), font) * line_height(size, font)


def height_of(sheet: LaidSheet, row: int) -> float:
    """The height that a row has now, in points."""
    return sheet.row_heights.get(row) or sheet.page.default_row_height or 15.0


def _raise(sheet: LaidSheet, row: int, need: float) -> None:
    if need > height_of(sheet, row):
        sheet.row_heights[row] = min(need, HIGHEST_ROW)
