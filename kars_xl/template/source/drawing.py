"""What stands on a sheet's drawing: pictures and charts with their anchors, and what of it can't be carried along."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from kars_xl.template.source.package import Package
from kars_xl.template.source.read_styles import Theme

_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_ANCHOR = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_DECORATIVE = "{http://schemas.microsoft.com/office/drawing/2017/decorative}decorative"
_ANCHORS = tuple(f"{_ANCHOR}{kind}Anchor" for kind in ("twoCell", "oneCell", "absolute"))
_EMU_PER_PIXEL = 9525

# XlsxWriter's object_position.
MOVES_AND_SIZES, MOVES, STAYS = 1, 2, 3


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where an object is fixed in a template; offsets and size in pixels.

    An object between two cells has its lower right corner in (`row2`, `col2`) and no size of its own.
    """

    row: int
    col: int
    x: float
    y: float
    positioning: int
    width: float | None = None
    height: float | None = None
    row2: int | None = None
    col2: int | None = None
    x2: float = 0
    y2: float = 0


class Picture(NamedTuple):
    """A picture of a template."""

    anchor: Anchor
    data: bytes
    name: str
    description: str


class ChartPart(NamedTuple):
    """A chart of a template: its place on the sheet and its part as it stands in the package."""

    anchor: Anchor
    data: bytes
    name: str
    description: str
    decorative: bool


@dataclass(slots=True)
class Drawing:
    """`lost` names the objects that stay behind: shapes, text boxes, kinds of chart of newer Excels."""

    pictures: list[Picture] = field(default_factory=list)
    charts: list[ChartPart] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)


def read_drawing(package: Package, name: str) -> Drawing:
    """The objects of a drawing part; none where there is no such part."""
    found = Drawing()
    xml, targets = package.part(name), package.relations(name)
    for element in ElementTree.fromstring(xml) if xml is not None else ():
        if element.tag not in _ANCHORS:
            continue
        anchor, label = _anchor(element), element.find(f".//{_ANCHOR}cNvPr")
        title, description = (label.get("name", ""), label.get("descr", "")) if label is not None else ("", "")
        picture, chart = element.find(f"{_ANCHOR}pic"), _chart_id(element)
        if anchor is not None and picture is not None:
            blip = picture.find(f".//{_DRAWING}blip")
            _, media = targets.get(blip.get(f"{_RELATION}embed", "") if blip is not None else "", ("", ""))
            if (data := package.part(media)) is not None:
                found.pictures.append(Picture(anchor, data, posixpath.basename(media), description))
        elif anchor is not None and chart and (data := package.part(targets.get(chart, ("", ""))[1])) is not None:
            decorative = label is not None and any(d.get("val") in ("1", "true") for d in label.iter(_DECORATIVE))
            found.charts.append(ChartPart(anchor, data, title, description, decorative))
        else:
            found.lost.append(title)
    return found


def _chart_id(element: Element) -> str:
    """The relation's id of an anchor's chart; "" where it holds something else."""
    chart = element.find(f"{_ANCHOR}graphicFrame/{_DRAWING}graphic/{_DRAWING}graphicData/{_CHART}chart")
    return chart.get(f"{_RELATION}id", "") if chart is not None else ""


def _anchor(element: Element) -> Anchor | None:
    """An object's anchor; None for one that stands on the sheet at no cell."""
    start, end, size = (element.find(f"{_ANCHOR}{name}") for name in ("from", "to", "ext"))
    if start is None:
        return None
    corner = _corner(start)
    if size is not None:
        width, height = (int(size.get(k, "0")) / _EMU_PER_PIXEL for k in ("cx", "cy"))
        return Anchor(*corner, MOVES, width or None, height or None)
    positioning = {"twoCell": MOVES_AND_SIZES, "absolute": STAYS}.get(element.get("editAs", "twoCell"), MOVES)
    if end is None:
        return Anchor(*corner, positioning)
    row2, col2, x2, y2 = _corner(end)
    return Anchor(*corner, positioning, None, None, row2, col2, x2, y2)


def _corner(element: Element) -> tuple[int, int, float, float]:
    """Row and column (1-based) and the offsets inside that cell, in pixels."""
    values = {child.tag.removeprefix(_ANCHOR): int(child.text or 0) for child in element}
    return (
        values.get("row", 0) + 1,
        values.get("col", 0) + 1,
        values.get("colOff", 0) / _EMU_PER_PIXEL,
        values.get("rowOff", 0) / _EMU_PER_PIXEL,
    )


CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
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
