"""A workbook's theme: its colours and its fonts."""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.etree import ElementTree

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
