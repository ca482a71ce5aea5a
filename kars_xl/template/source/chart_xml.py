"""A chart's part made independent of its package: its theme's colours and fonts spelled out, its links cut."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from kars_xl.template.source.read_styles import Theme

CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_EXTENDED = "{http://schemas.microsoft.com/office/drawing/2012/chart}"
_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
PREFIXES = {CHART: "c", DRAWING: "a"}

# A chart of a pivot table stays as a chart of the cells that the table filled.
_DROPPED = {f"{CHART}{name}" for name in ("pivotSource", "pivotFmts", "clrMapOvr")}

LABELS_FROM_CELLS = "hücrelerden alınan veri etiketleri"
LINKED_PARTS = "grafiğin içindeki resim ya da şekil"


def read_chart(xml: bytes, theme: Theme) -> tuple[Element, list[str]]:
    """The chart's root element, fit for another package, and in words what of it is lost."""
    root = ElementTree.fromstring(xml)
    lost: set[str] = set()
    _clean(root, lost)
    _bind(root)
    for element in root.iter():
        colour = theme.colours.get(element.get("val", "")) if element.tag == f"{DRAWING}schemeClr" else None
        if colour:
            element.tag = f"{DRAWING}srgbClr"
            element.set("val", colour)
        face = theme.fonts.get(element.get("typeface", "")) if element.tag == f"{DRAWING}latin" else None
        if face:
            element.set("typeface", face)
    return root, sorted(lost)


def _clean(element: Element, lost: set[str]) -> None:
    """Keep what needs no other part and no other namespace; of alternatives the one that every reader knows."""
    kept: list[Element] = []
    for child in _plain(element):
        if child.tag.endswith("}extLst"):
            # What newer Excels add to a chart for themselves; only labels from cells are seen by the reader.
            lost |= {LABELS_FROM_CELLS for _ in child.iter(f"{_EXTENDED}datalabelsRange")}
        elif any(name.startswith(_RELATION) for name in child.attrib) or child.tag == f"{DRAWING}blipFill":
            lost.add(LINKED_PARTS)
        elif child.tag not in _DROPPED and child.tag.startswith((CHART, DRAWING)):
            _clean(child, lost)
            kept.append(child)
    element[:] = kept


def _bind(root: Element) -> None:
    """LibreOffice writes a typed name as a reference to a text in quotes, and no categories as a word of its own."""
    for parent in list(root.iter()):
        for child in list(parent):
            formula = child.findtext(f"{CHART}strRef/{CHART}f", "")
            if child.tag == f"{CHART}cat" and formula == "categories":
                parent.remove(child)
            elif child.tag == f"{CHART}tx" and formula[:1] == formula[-1:] == '"' and len(formula) > 1:
                typed = Element(f"{CHART}v")
                typed.text = formula[1:-1].replace('""', '"')
                child[:] = [typed]


def _plain(element: Element) -> Iterator[Element]:
    """The children, with alternatives replaced by what stands there for readers that know none of them."""
    for child in element:
        if child.tag == f"{_COMPATIBILITY}AlternateContent":
            for fallback in child.findall(f"{_COMPATIBILITY}Fallback"):
                yield from fallback
        else:
            yield child
