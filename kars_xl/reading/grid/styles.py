"""The styles of an .xlsx: what a style index says of a cell's number format, colours and strike, each told once."""

from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from xml.etree.ElementTree import Element

from kars_xl.base.colours import NUMBERED, PALETTE, THEME_ORDER, Colour, colour_of, rgb
from kars_xl.base.number_format import format_of, sections_of
from kars_xl.reading.grid.cells import Unseen
from kars_xl.reading.grid.package import child_of, elements_of, is_on, local_name

BLACK, WHITE = (0, 0, 0), (255, 255, 255)
_NEAR = 12  # of 255: what nobody tells apart
_NAMED = {f"color{number}": colour for number, colour in enumerate(NUMBERED, start=1)}
_NAMED |= {"black": BLACK, "white": WHITE, "yellow": (255, 255, 0), "cyan": (0, 255, 255)}


def alike(one: Colour, other: Colour) -> bool:
    """Whether text of one colour can't be read on the other."""
    return all(abs(a - b) <= _NEAR for a, b in zip(one, other, strict=True))


def look_of_runs(runs: Sequence[tuple[str, bool, bool]]) -> Unseen | str:
    """What runs of (text, struck, raised) make of a cell: struck as a whole, or in a part that one can't read."""
    marks: set[tuple[bool, bool]] = set()
    before = ""
    for text, struck, raised in runs:
        if text.strip():
            # The raised digit of "m2" is of its unit.
            marks.add((struck, raised and any(map(str.isdigit, text)) and not before[-1:].isalpha()))
            before = text.rstrip()
    return Unseen.STRUCK if marks == {(True, False)} else Unseen.MIXED if marks - {(False, False)} else ""


def look_where(hidden: bool, look: Unseen | str) -> Unseen | str:
    """The look of a cell that may be in a hidden row: a figure struck in part can't be read there either."""
    return Unseen.HIDDEN if hidden and look is not Unseen.MIXED else look


class Styles:
    """Looks by style index, as the cells write it ("12"). A style sheet and a theme are None where they are missing."""

    def __init__(self, sheet: bytes | None, theme: bytes | None) -> None:
        self._theme_part = theme
        self._looks: dict[str, tuple[str, Unseen | str]] = {}
        elements = elements_of("xl/styles.xml", sheet, "numFmts", "fonts", "fills", "cellXfs", "indexedColors")
        found = {local_name(element.tag): element for element in elements}
        self._fonts, self._fills, self._styles = (list(found.get(name, ())) for name in ("fonts", "fills", "cellXfs"))
        self._palette = [rgb(colour.get("rgb", "")) for colour in found.get("indexedColors", ())] or PALETTE
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
        if kind not in ("none", "solid") or (pattern is not None and local_name(pattern.tag) == "gradientFill"):
            return ""
        back = self._colour(pattern, "fgColor", WHITE) if kind == "solid" else WHITE
        named = _NAMED.get(sections_of(form)[0].colour)
        return Unseen.COLOUR if alike(named or self._colour(font, "color", BLACK), back) else ""

    def _colour(self, parent: Element | None, name: str, otherwise: Colour) -> Colour:
        element = child_of(parent, name)
        if element is None:
            return otherwise
        return colour_of(element.attrib, self._theme if "theme" in element.attrib else (), self._palette) or otherwise

    @cached_property
    def _theme(self) -> list[Colour]:
        scheme = next(elements_of("xl/theme/theme1.xml", self._theme_part, "clrScheme"), None)
        given = [next(iter(slot)).attrib for slot in (() if scheme is None else scheme)]
        colours = [rgb(colour.get("lastClr") or colour.get("val", "")) for colour in given]
        return [colours[at] for at in THEME_ORDER] if len(colours) >= len(THEME_ORDER) else [WHITE, BLACK]


# Forms of one template that one program has saved have the same ones.
styles_of = lru_cache(maxsize=4)(Styles)
