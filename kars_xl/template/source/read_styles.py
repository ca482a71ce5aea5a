"""A workbook's styles become XlsxWriter format properties, once per distinct style."""

from collections.abc import Sequence
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from msgspec import Struct, field

from kars_xl.base.colours import PALETTE, Colour, colour_of, rgb
from kars_xl.base.number_format import BUILTIN_FORMATS, is_date_format
from kars_xl.template.records import StyleTable, code_of
from kars_xl.template.source.package import left_of, said, yes

_PATTERNS = (
    "none", "solid", "mediumGray", "darkGray", "lightGray", "darkHorizontal", "darkVertical", "darkDown",
    "darkUp", "darkGrid", "darkTrellis", "lightHorizontal", "lightVertical", "lightDown", "lightUp",
    "lightGrid", "lightTrellis", "gray125", "gray0625",
)  # fmt: skip
BORDERS = (
    "none", "thin", "medium", "dashed", "dotted", "thick", "double", "hair", "mediumDashed", "dashDot",
    "mediumDashDot", "dashDotDot", "mediumDashDotDot", "slantDashDot",
)  # fmt: skip
_NONE = Element("")  # an element that is not there
SIDES = ("left", "right", "top", "bottom")
_PLAIN = ("Calibri", 11.0)  # the font of a workbook that names none
_UNDERLINES = {"single": 1, "double": 2, "singleAccounting": 33, "doubleAccounting": 34}
_VERTICAL = {"center": "vcenter", "justify": "vjustify", "distributed": "vdistributed"}
# A built-in format stays one when its code is spelled out; those of dates and negative numbers are each country's own.
_BUILTIN = {code: number for number, code in BUILTIN_FORMATS.items() if number not in (14, 22, 37, 38, 39, 40)}
# The names by which charts call a theme's colours, in the order of their numbers in styles; four have others besides.
_ORDER = ("lt1", "dk1", "lt2", "dk2", *(f"accent{n}" for n in range(1, 7)), "hlink", "folHlink")
_ALIASES = {"bg1": "lt1", "tx1": "dk1", "bg2": "lt2", "tx2": "dk2"}
_FONTS = {"majorFont": "+mj-lt", "minorFont": "+mn-lt"}
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


class StyleReader:
    """Translates the styles of a workbook (its styles part); `table` collects what they become.
    `lost` are the words for what stays behind of a style, by its number; `named` says whether cells have styles that
    the office gave a name."""

    def __init__(self, part: Element, theme: "Theme") -> None:
        self._theme = theme
        self._fonts, self._fills, self._borders, self._formats, self._styles, self._differential = (
            part.findall(path)
            for path in ("fonts/font", "fills/fill", "borders/border", "numFmts/numFmt", "cellXfs/xf", "dxfs/dxf")
        )
        self._palette = [rgb(it.get("rgb", "")) for it in part.iterfind("colors/indexedColors/rgbColor")] or PALETTE
        own = {found.get("xfId") for found in part.iterfind("cellStyles/cellStyle") if found.get("builtinId") is None}
        self.named = any(style.get("xfId") in own for style in self._styles)
        self._codes = {found.get("numFmtId"): found.get("formatCode", "") for found in self._formats}
        self._by_id: dict[str, int] = {}
        self.lost: dict[str | None, list[str]] = {}
        self.table = StyleTable(normal=self.font(self._parts(Element("xf"))[0], *_PLAIN))
        self.plain = self.table.add(self._translate(Element("xf")))

    def index(self, number: str | None) -> int:
        """Index of the style that a cell, row or column names by its number; None names the plain one."""
        if number is not None and number not in self._by_id:
            style = self._styles[int(number)]
            self._by_id[number] = self.table.add(self._translate(style))
            self.lost[number] = [word for part in (*style, *self._parts(style)) for word in left_of(part)]
        return self.plain if number is None else self._by_id[number]

    def shows_date(self, style: int) -> bool:
        return is_date_format(code_of(self.table.properties[style]))

    def merged(self, first: int, last: int) -> int:
        """Index of the style of the first of several merged cells: lines that it lacks are the last one's."""
        return self.table.add(self._lines(last, ("right", "bottom")) | self.table.properties[first])

    def covered(self, first: int, sides: tuple[str, ...]) -> int:
        """Index of the style of a cell that another covers: that one's lines on these sides, and its protection."""
        guard = {"locked": False} if "locked" in self.table.properties[first] else {}
        return self.table.add(self.table.properties[self.plain] | self._lines(first, sides) | guard)

    def _lines(self, style: int, sides: tuple[str, ...]) -> dict[str, Any]:
        names = [name for side in sides for name in (side, f"{side}_color")]
        return {name: value for name, value in self.table.properties[style].items() if name in names}

    def colour(self, colour: Element | None) -> str | None:
        """#RRGGBB of a colour; None if automatic."""
        found = None if colour is None else colour_of(colour.attrib, self._theme.colours, self._palette)
        return found and "#{:02X}{:02X}{:02X}".format(*found)

    def font(self, font: Element, name: str = "", size: float = 0) -> dict[str, Any]:
        """Font properties of a run of rich text or a rule; with the `name` and `size` that a cell's has without any."""
        given = {child.tag: child for child in font}
        words = {tag: child.get("val", "") for tag, child in given.items()}
        found: dict[str, Any] = {}
        if name := words.get("rFont") or words.get("name") or name:
            found |= {"font_name": name, "font_scheme": "none", "font_family": int(words.get("family") or 0)}
            found |= {"font_charset": charset} if (charset := int(words.get("charset") or 0)) else {}
        if size := float(words.get("sz") or size):
            found["font_size"] = size
        flags = (("bold", "b"), ("italic", "i"), ("font_strikeout", "strike"))
        found |= {name: True for name, tag in flags if tag in given and yes(given[tag], "val", default=True)}
        if words.get("u", "none") != "none":
            found["underline"] = _UNDERLINES.get(words["u"], 1)
        if script := {"superscript": 1, "subscript": 2}.get(words.get("vertAlign", "")):
            found["font_script"] = script
        # Theme colour 1 is the text colour: black, and XlsxWriter's own default.
        colour = given.get("color")
        code = self.colour(colour)
        if colour is not None and code and (colour.get("theme"), code) != ("1", "#000000"):
            found["font_color"] = code
        return found

    def _fill(self, fill: Element, in_rule: bool = False) -> dict[str, Any]:
        """Of a gradient its first colour. A plain fill's colour is the front one, in a rule the background's."""
        if (stop := fill.find("gradientFill/stop/color")) is not None and not in_rule:
            return {"pattern": 1, "bg_color": first} if (first := self.colour(stop)) else {}
        pattern = fill.find("patternFill")
        kind = "" if pattern is None else pattern.get("patternType", "solid" if in_rule else "")
        front, back = (self.colour(fill.find(f"patternFill/{name}Color")) for name in ("fg", "bg"))
        if kind in _PATTERNS[2:]:
            colours = {"fg_color": front, "bg_color": back}
            return {"pattern": _PATTERNS.index(kind)} | {name: code for name, code in colours.items() if code}
        if in_rule:
            return {"bg_color": back or front} if back or front else {}
        return {"pattern": 1, "bg_color": front} if front and kind == "solid" else {}

    def _border(self, border: Element) -> dict[str, Any]:
        found: dict[str, Any] = {}
        directions = yes(border, "diagonalUp") + 2 * yes(border, "diagonalDown")
        for side in border:
            name, line = side.tag, side.get("style")
            if line not in BORDERS[1:] or not (name in SIDES or (name == "diagonal" and directions)):
                continue
            if name in SIDES:
                found[name] = BORDERS.index(line)
            else:
                name, found["diag_border"], found["diag_type"] = "diag", BORDERS.index(line), directions
            if colour := self.colour(side.find("color")):
                found[f"{name}_color"] = colour
        return found

    @staticmethod
    def _alignment(alignment: Element) -> dict[str, Any]:
        found: dict[str, Any] = {}
        across, down = alignment.get("horizontal", "general"), alignment.get("vertical", "bottom")
        if across != "general":
            found["align"] = "center_across" if across == "centerContinuous" else across
        if down != "bottom":
            found["valign"] = _VERTICAL.get(down, down)
        if turn := int(alignment.get("textRotation", 0)):
            found["rotation"] = 270 if turn == 255 else 90 - turn if turn > 90 else turn
        flags = (("text_wrap", "wrapText"), ("shrink", "shrinkToFit"))
        found |= {name: True for name, flag in flags if yes(alignment, flag)}
        # With general alignment Excel ignores an indent, and XlsxWriter would align left for it.
        if (indent := int(alignment.get("indent", 0))) and across in ("left", "right", "distributed"):
            found["indent"] = indent
        if order := int(alignment.get("readingOrder", 0)):
            found["reading_order"] = order
        return found

    def _parts(self, style: Element) -> list[Element]:
        """A style's font, fill and border."""
        kinds = (self._fonts, "fontId"), (self._fills, "fillId"), (self._borders, "borderId")
        return [parts[int(style.get(name, 0))] if parts else _NONE for parts, name in kinds]

    def _translate(self, style: Element) -> dict[str, Any]:
        font, fill, border = self._parts(style)
        found = self.font(font, *_PLAIN) | self._fill(fill) | self._border(border)
        alignment, protection = (next(style.iterfind(name), _NONE) for name in ("alignment", "protection"))
        found |= self._alignment(alignment)
        found |= {} if yes(protection, "locked", default=True) else {"locked": False}
        found |= {"hidden": True} if yes(protection, "hidden") else {}
        # A built-in number stays a number: 14 is "the reader's short date", whatever the country.
        number = style.get("numFmtId", "0")
        code = self._codes.get(number)
        if number_format := int(number) if code is None else _BUILTIN.get(code, code):
            found["num_format"] = number_format
        if yes(style, "quotePrefix"):
            found["quote_prefix"] = True
        return found

    def differential(self, rule: Element) -> tuple[int | None, list[str]]:
        """Index of the style that a conditional format names by number or holds, and in words what of it stays behind;
        None if it changes nothing."""
        number, style = rule.get("dxfId"), rule.find("dxf")
        if number is not None:
            style = self._differential[int(number)]
        if style is None:
            return None, []
        lost = [word for part in style for word in left_of(part)]
        parts = (next(style.iterfind(name), _NONE) for name in ("font", "fill", "border", "numFmt"))
        font, fill, border, number_format = parts
        pattern = style.find("fill/patternFill")
        lost += [said("noFillRule")] if pattern is not None and pattern.get("patternType") == "none" else []
        found = self.font(font) | self._fill(fill, in_rule=True) | self._border(border)
        found |= {"num_format": code} if (code := number_format.get("formatCode")) else {}
        return self.table.add(found) if found else None, lost


class Theme(Struct, frozen=True):
    """Its colours by their numbers; those (RRGGBB) and its Latin fonts by the names that charts call them."""

    colours: Sequence[Colour] = ()
    named: dict[str, str] = field(default_factory=dict)
    fonts: dict[str, str] = field(default_factory=dict)


def read_theme(xml: bytes | None) -> Theme:
    """The theme as it stands in the package; nothing without one."""
    if not xml:
        return Theme()
    root = ElementTree.fromstring(xml)
    typed = {
        entry.tag.removeprefix(DRAWING): colour.get("lastClr") or colour.get("val") or "000000"
        for entry in root.iterfind(f".//{DRAWING}clrScheme/*")
        for colour in entry
    }
    named = {name: typed.get(name, "000000") for name in _ORDER}
    fonts = {
        name: latin.get("typeface", "")
        for tag, name in _FONTS.items()
        for latin in root.iterfind(f".//{DRAWING}{tag}/{DRAWING}latin")
    }
    aliases = {alias: named[name] for alias, name in _ALIASES.items()}
    return Theme([rgb(code) for code in named.values()], named | aliases, fonts)
