"""openpyxl styles become XlsxWriter format properties, once per distinct style."""

from __future__ import annotations

import colorsys
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree

from openpyxl.cell import Cell
from openpyxl.styles.borders import Border, Side
from openpyxl.styles.colors import COLOR_INDEX
from openpyxl.styles.numbers import BUILTIN_FORMATS_REVERSE

from kars_xl.template.page import StyleTable

_PATTERNS = (
    "none", "solid", "mediumGray", "darkGray", "lightGray", "darkHorizontal", "darkVertical", "darkDown",
    "darkUp", "darkGrid", "darkTrellis", "lightHorizontal", "lightVertical", "lightDown", "lightUp",
    "lightGrid", "lightTrellis", "gray125", "gray0625",
)  # fmt: skip
BORDERS = (
    "none", "thin", "medium", "dashed", "dotted", "thick", "double", "hair", "mediumDashed", "dashDot",
    "mediumDashDot", "dashDotDot", "mediumDashDotDot", "slantDashDot",
)  # fmt: skip
_UNDERLINES = {"single": 1, "double": 2, "singleAccounting": 33, "doubleAccounting": 34}
_HORIZONTAL = {"centerContinuous": "center_across"}
_VERTICAL = {"center": "vcenter", "justify": "vjustify", "distributed": "vdistributed"}


def _tinted(rgb: str, tint: float) -> str:
    if not tint:
        return rgb
    red, green, blue = (int(rgb[i : i + 2], 16) / 255 for i in (0, 2, 4))
    hue, light, saturation = colorsys.rgb_to_hls(red, green, blue)
    light = light * (1 + tint) if tint < 0 else light * (1 - tint) + tint
    parts = colorsys.hls_to_rgb(hue, min(max(light, 0), 1), saturation)
    return "".join(f"{round(part * 255):02X}" for part in parts)


class StyleReader:
    """Translates one workbook's styles; `table` collects what they become."""

    def __init__(self, workbook: Any, theme: Theme) -> None:
        self._theme = theme.order
        self._by_id: dict[int, int] = {}
        # An empty cell has the Normal style.
        self.table = StyleTable(normal=self.font(Cell(workbook.worksheets[0]).font) if workbook.worksheets else {})

    def index(self, styled: Any) -> int:
        """Index of the style of an openpyxl cell, row or column."""
        key = styled.style_id
        if key not in self._by_id:
            self._by_id[key] = self.table.add(self._translate(styled))
        return self._by_id[key]

    def colour(self, colour: Any) -> str | None:
        """#RRGGBB of an openpyxl Color; None if automatic."""
        if colour is None:
            return None
        if colour.type == "rgb" and isinstance(colour.rgb, str):
            return "#" + _tinted(colour.rgb[-6:].upper(), colour.tint or 0)
        if colour.type == "theme" and colour.theme < len(self._theme):
            return "#" + _tinted(self._theme[colour.theme].upper(), colour.tint or 0)
        if colour.type == "indexed" and colour.indexed < len(COLOR_INDEX) and colour.indexed < 64:
            return "#" + str(COLOR_INDEX[colour.indexed])[-6:]
        return None

    def font(self, font: Any, default_name: bool = True) -> dict[str, Any]:
        """Font properties; `default_name` off leaves out name and size (for differential formats)."""
        found: dict[str, Any] = {}
        if default_name:
            found |= {"font_name": font.name or "Calibri", "font_size": font.sz or 11, "font_scheme": "none"}
            found["font_family"] = int(font.family or 0)
            if font.charset:
                found["font_charset"] = font.charset
        for name, value in (("bold", font.b), ("italic", font.i), ("font_strikeout", font.strike)):
            if value:
                found[name] = True
        if font.u:
            found["underline"] = _UNDERLINES.get(font.u, 1)
        if font.vertAlign in ("superscript", "subscript"):
            found["font_script"] = 1 if font.vertAlign == "superscript" else 2
        # Theme colour 1 is the text colour, and XlsxWriter's own default.
        if (colour := self.colour(font.color)) and not (font.color.type == "theme" and font.color.theme == 1):
            found["font_color"] = colour
        return found

    def run_font(self, font: Any) -> dict[str, Any]:
        """Properties of a rich text run's font (openpyxl InlineFont)."""
        found = self.font(font, default_name=False)
        if font.rFont:
            found |= {"font_name": font.rFont, "font_scheme": "none", "font_family": int(font.family or 0)}
        if font.sz:
            found["font_size"] = font.sz
        return found

    def _fill(self, fill: Any) -> dict[str, Any]:
        if fill.tagname == "gradientFill":
            colours = [self.colour(stop.color) for stop in fill.stop]
            return {"pattern": 1, "bg_color": colours[0]} if colours and colours[0] else {}
        if fill.fill_type not in _PATTERNS[1:]:
            return {}
        front, back = self.colour(fill.fgColor), self.colour(fill.bgColor)
        if fill.fill_type == "solid":
            return {"pattern": 1, "bg_color": front} if front else {}
        found: dict[str, Any] = {"pattern": _PATTERNS.index(fill.fill_type)}
        if front:
            found["fg_color"] = front
        if back:
            found["bg_color"] = back
        return found

    def _border(self, border: Border) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name in ("left", "right", "top", "bottom"):
            side: Side | None = getattr(border, name)
            if side is not None and side.style in BORDERS[1:]:
                found[name] = BORDERS.index(side.style)
                if colour := self.colour(side.color):
                    found[f"{name}_color"] = colour
        diagonal = border.diagonal
        directions = (1 if border.diagonalUp else 0) + (2 if border.diagonalDown else 0)
        if diagonal is not None and diagonal.style in BORDERS[1:] and directions:
            found |= {"diag_border": BORDERS.index(diagonal.style), "diag_type": directions}
            if colour := self.colour(diagonal.color):
                found["diag_color"] = colour
        return found

    @staticmethod
    def _alignment(alignment: Any) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if alignment.horizontal and alignment.horizontal != "general":
            found["align"] = _HORIZONTAL.get(alignment.horizontal, alignment.horizontal)
        if alignment.vertical and alignment.vertical != "bottom":
            found["valign"] = _VERTICAL.get(alignment.vertical, alignment.vertical)
        if turn := alignment.textRotation:
            found["rotation"] = 270 if turn == 255 else 90 - turn if turn > 90 else turn
        if alignment.wrap_text:
            found["text_wrap"] = True
        if alignment.shrink_to_fit:
            found["shrink"] = True
        # With general alignment Excel ignores an indent, and XlsxWriter would align left for it.
        if alignment.indent and alignment.horizontal in ("left", "right", "distributed"):
            found["indent"] = int(alignment.indent)
        if alignment.readingOrder:
            found["reading_order"] = int(alignment.readingOrder)
        return found

    def _translate(self, styled: Any) -> dict[str, Any]:
        found = self.font(styled.font) | self._fill(styled.fill) | self._border(styled.border)
        found |= self._alignment(styled.alignment)
        if not styled.protection.locked:
            found["locked"] = False
        if styled.protection.hidden:
            found["hidden"] = True
        # A built-in number stays a number: 14 is "the reader's short date", whatever the country.
        if number_format := BUILTIN_FORMATS_REVERSE.get(styled.number_format, styled.number_format):
            found["num_format"] = number_format
        if styled.quotePrefix:
            found["quote_prefix"] = True
        return found

    def differential(self, dxf: Any) -> int | None:
        """Index of a conditional format's style; None if it changes nothing."""
        if dxf is None:
            return None
        found: dict[str, Any] = {}
        if dxf.font is not None:
            found |= self.font(dxf.font, default_name=False)
        if dxf.fill is not None:
            # In a differential format a plain fill's colour is the background colour.
            colour = self.colour(dxf.fill.bgColor) or self.colour(dxf.fill.fgColor)
            if colour:
                found["bg_color"] = colour
        if dxf.border is not None:
            found |= self._border(dxf.border)
        if dxf.numFmt is not None:
            found["num_format"] = dxf.numFmt.formatCode
        return self.table.add(found) if found else None


# The order of a theme's colours in a style's theme="n" attribute; the file has dk1 before lt1.
_ORDER = ("lt1", "dk1", "lt2", "dk2", *(f"accent{n}" for n in range(1, 7)), "hlink", "folHlink")
# The names by which charts call four of the colours besides, and the fonts.
_ALIASES = {"bg1": "lt1", "tx1": "dk1", "bg2": "lt2", "tx2": "dk2"}
_FONTS = {"majorFont": "+mj-lt", "minorFont": "+mn-lt"}
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours (RRGGBB) in the order that theme="n" counts them and by the names that charts call them; Latin fonts."""

    order: tuple[str, ...] = ()
    colours: dict[str, str] = field(default_factory=dict)
    fonts: dict[str, str] = field(default_factory=dict)


def read_theme(xml: bytes | None) -> Theme:
    """The theme as it stands in the package; nothing without one."""
    if not xml:
        return Theme()
    root = ElementTree.fromstring(xml)
    typed = {
        entry.tag.removeprefix(_DRAWING): colour.get("lastClr") or colour.get("val") or "000000"
        for entry in root.iterfind(f".//{_DRAWING}clrScheme/*")
        for colour in entry
    }
    colours = {name: typed.get(name, "000000") for name in _ORDER}
    fonts = {
        name: latin.get("typeface", "")
        for tag, name in _FONTS.items()
        for latin in root.iterfind(f".//{_DRAWING}{tag}/{_DRAWING}latin")
    }
    return Theme(tuple(colours.values()), colours | {alias: colours[name] for alias, name in _ALIASES.items()}, fonts)
