"""The styles of an .xlsx: what a style index says of a cell's number format, colours and strike, each told once."""

import colorsys
from collections.abc import Mapping, Sequence
from functools import cached_property
from xml.etree.ElementTree import Element

from kars_xl.base.number_format import format_of, sections_of
from kars_xl.reading.grid.cells import Unseen
from kars_xl.reading.grid.package import Stream, child_of, is_on, local_name

Colour = tuple[int, int, int]
BLACK, WHITE = (0, 0, 0), (255, 255, 255)
_NEAR = 12  # of 255: what nobody tells apart
_BYTES = bytes.fromhex(
    """
    000000 FFFFFF FF0000 00FF00 0000FF FFFF00 FF00FF 00FFFF 800000 008000 000080 808000 800080 008080 C0C0C0 808080
    9999FF 993366 FFFFCC CCFFFF 660066 FF8080 0066CC CCCCFF 000080 FF00FF FFFF00 00FFFF 800080 800000 008080 0000FF
    00CCFF CCFFFF CCFFCC FFFF99 99CCFF FF99CC CC99FF FFCC99 3366FF 33CCCC 99CC00 FFCC00 FF9900 FF6600 666699 969696
    003366 339966 003300 333300 993300 993366 333399 333333
    """
)
_INDEXED: list[Colour] = [(_BYTES[at], _BYTES[at + 1], _BYTES[at + 2]) for at in range(0, len(_BYTES), 3)]
_NAMED = {f"color{number}": colour for number, colour in enumerate(_INDEXED, start=1)}
_NAMED |= {"black": BLACK, "white": WHITE, "yellow": (255, 255, 0), "cyan": (0, 255, 255)}
# A theme's colours stand light, dark, light, dark in the order of their numbers.
_ORDER = (1, 0, 3, 2, *range(4, 12))


def alike(one: Colour, other: Colour) -> bool:
    """Whether text of one colour can't be read on the other."""
    return all(abs(a - b) <= _NEAR for a, b in zip(one, other, strict=True))


def rgb(text: str) -> Colour:
    """A colour from its last six hexadecimal digits; black where these are none."""
    try:
        red, green, blue = bytes.fromhex(text[-6:])
    except ValueError:
        return BLACK
    return red, green, blue


def look_of_runs(runs: Sequence[tuple[str, bool, bool]]) -> Unseen | str:
    """What runs of (text, struck, raised) make of a cell: struck as a whole, or in a part that one can't read."""
    marks: set[tuple[bool, bool]] = set()
    before = ""
    for text, struck, raised in runs:
        if text.strip():
            # The raised digit of "m2" is of its unit.
            marks.add((struck, raised and any(map(str.isdigit, text)) and not before[-1:].isalpha()))
            before = text.rstrip()
    if marks == {(True, False)}:
        return Unseen.STRUCK
    return Unseen.MIXED if marks - {(False, False)} else ""


class Styles:
    """Looks by style index, as the cells write it ("12")."""

    def __init__(self, stream: Stream, part: str, theme: str) -> None:
        self._stream, self._theme_part = stream, theme
        self._looks: dict[str, tuple[str, Unseen | str]] = {}
        elements = stream.elements(part, "numFmts", "fonts", "fills", "cellXfs", "indexedColors")
        found = {local_name(element.tag): element for element in elements}
        self._fonts, self._fills, self._styles = (list(found.get(name, ())) for name in ("fonts", "fills", "cellXfs"))
        self._palette = [rgb(colour.get("rgb", "")) for colour in found.get("indexedColors", ())]
        self._palette = self._palette or [*_INDEXED[:8], *_INDEXED]
        formats = found.get("numFmts", ())
        self._formats = {int(form.get("numFmtId", "0")): form.get("formatCode", "General") for form in formats}

    def look(self, index: str) -> tuple[str, Unseen | str]:
        """The number format of a style, and why its contents are not seen; "" where they are."""
        if index not in self._looks:
            at = int(index)
            style: Mapping[str, str] = self._styles[at].attrib if 0 <= at < len(self._styles) else {}
            number = int(style.get("numFmtId", "0"))
            form = format_of(number, self._formats.get(number, ""))
            self._looks[index] = form, self._unseen(style, form)
        return self._looks[index]

    def _unseen(self, style: Mapping[str, str], form: str) -> Unseen | str:
        font, fill = (
            elements[at] if (at := int(style.get(name, "0"))) < len(elements) else None
            for elements, name in ((self._fonts, "fontId"), (self._fills, "fillId"))
        )
        if is_on(font, "strike"):
            return Unseen.STRUCK
        pattern = next(iter(() if fill is None else fill), None)
        kind = "none" if pattern is None else pattern.get("patternType", "none")
        if kind not in ("none", "solid"):
            return ""
        back = self._colour(pattern, "fgColor", WHITE) if kind == "solid" else WHITE
        named = _NAMED.get(sections_of(form)[0].colour)
        return Unseen.COLOUR if alike(named or self._colour(font, "color", BLACK), back) else ""

    def _colour(self, parent: Element | None, name: str, otherwise: Colour) -> Colour:
        element = child_of(parent, name)
        if element is None:
            return otherwise
        given = element.attrib
        colour = otherwise
        if "rgb" in given:
            colour = rgb(given["rgb"])
        elif "theme" in given and int(given["theme"]) < len(self._theme):
            colour = self._theme[int(given["theme"])]
        elif "indexed" in given and int(given["indexed"]) < len(self._palette):
            colour = self._palette[int(given["indexed"])]
        tint = float(given.get("tint", "0"))
        if not tint:
            return colour
        hue, light, saturation = colorsys.rgb_to_hls(*(part / 255 for part in colour))
        light = light * (1 + tint) if tint < 0 else light * (1 - tint) + tint
        red, green, blue = (round(part * 255) for part in colorsys.hls_to_rgb(hue, light, saturation))
        return red, green, blue

    @cached_property
    def _theme(self) -> list[Colour]:
        scheme = next(self._stream.elements(self._theme_part, "clrScheme"), None)
        given = [next(iter(slot)).attrib for slot in (() if scheme is None else scheme)]
        colours = [rgb(colour.get("lastClr") or colour.get("val", "")) for colour in given]
        return [colours[at] for at in _ORDER] if len(colours) >= len(_ORDER) else [WHITE, BLACK]
