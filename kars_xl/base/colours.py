"""The colours of Office's files: numbered ones, those of a theme, and their tints."""

import colorsys
from collections.abc import Mapping, Sequence

Colour = tuple[int, int, int]
_BYTES = bytes.fromhex(
    """
    000000 FFFFFF FF0000 00FF00 0000FF FFFF00 FF00FF 00FFFF 800000 008000 000080 808000 800080 008080 C0C0C0 808080
    9999FF 993366 FFFFCC CCFFFF 660066 FF8080 0066CC CCCCFF 000080 FF00FF FFFF00 00FFFF 800080 800000 008080 0000FF
    00CCFF CCFFFF CCFFCC FFFF99 99CCFF FF99CC CC99FF FFCC99 3366FF 33CCCC 99CC00 FFCC00 FF9900 FF6600 666699 969696
    003366 339966 003300 333300 993300 993366 333399 333333
    """
)
NUMBERED: list[Colour] = [(_BYTES[at], _BYTES[at + 1], _BYTES[at + 2]) for at in range(0, len(_BYTES), 3)]
# As the numbers of styles have them.
PALETTE = [*NUMBERED[:8], *NUMBERED]
# A theme's colours stand light, dark, light, dark in the order of their numbers, and its file has dark before light.
THEME_ORDER = (1, 0, 3, 2, *range(4, 12))


def rgb(text: str) -> Colour:
    """A colour from its last six hexadecimal digits; black where these are none."""
    try:
        red, green, blue = bytes.fromhex(text[-6:])
    except ValueError:
        return 0, 0, 0
    return red, green, blue


def colour_of(given: Mapping[str, str], theme: Sequence[Colour], palette: Sequence[Colour]) -> Colour | None:
    """The colour that an element's attributes name; None for the automatic one, and one that is not there."""
    if "indexed" in given or "theme" in given:
        known, at = (palette, int(given["indexed"])) if "indexed" in given else (theme, int(given["theme"]))
        colour = known[at] if at < len(known) else None
    else:
        colour = rgb(given["rgb"]) if given.get("rgb") and given.get("auto") not in ("1", "true") else None
    tint = float(given.get("tint", "0"))
    if colour is None or not tint:
        return colour
    hue, light, saturation = colorsys.rgb_to_hls(*(part / 255 for part in colour))
    light = light * (1 + tint) if tint < 0 else light * (1 - tint) + tint
    red, green, blue = (round(part * 255) for part in colorsys.hls_to_rgb(hue, min(max(light, 0), 1), saturation))
    return red, green, blue
