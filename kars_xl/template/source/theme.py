"""The colours of a workbook's theme."""

from __future__ import annotations

from xml.etree import ElementTree

# The order of a theme's colours in a style's theme="n" attribute; the file has dk1 before lt1.
_THEME_ORDER = (
    "lt1", "dk1", "lt2", "dk2", "accent1", "accent2", "accent3", "accent4", "accent5", "accent6", "hlink",
    "folHlink",
)  # fmt: skip
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


def theme_colours(theme_xml: bytes | None) -> list[str]:
    """The theme's twelve colours as RRGGBB, in the order that theme="n" counts them; [] without a theme."""
    if not theme_xml:
        return []
    scheme = ElementTree.fromstring(theme_xml).find(f".//{_DRAWING}clrScheme")
    found: dict[str, str] = {}
    for entry in scheme if scheme is not None else ():
        for colour in entry:
            found[entry.tag.removeprefix(_DRAWING)] = colour.get("lastClr") or colour.get("val") or "000000"
    return [found.get(name, "000000") for name in _THEME_ORDER]
