"""What stands on a sheet's drawing: pictures and charts with their anchors, and what of it can't be carried along."""

import posixpath
import re
from collections.abc import Callable, Iterator
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from msgspec import Struct, field

from kars_xl.base.place import a1
from kars_xl.template.formula.formula import union
from kars_xl.template.formula.parse import FormulaParser
from kars_xl.template.nodes import Text, UnknownPathError, compile_text
from kars_xl.template.records import MOVES, MOVES_AND_SIZES, STAYS, Anchor, Drawn, Faults, TemplateChart
from kars_xl.template.source.package import Package, left_of
from kars_xl.template.source.read_styles import DRAWING, Theme

CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_ANCHOR = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
_DECORATIVE = "{http://schemas.microsoft.com/office/drawing/2017/decorative}decorative"
_CLIENT = f"{_ANCHOR}clientData"
_ANCHORS = tuple(f"{_ANCHOR}{kind}Anchor" for kind in ("twoCell", "oneCell", "absolute"))
_EMU_PER_PIXEL = 9525
# Of a drawing for older programs, which need not be XML that a parser takes.
_SHAPE = re.compile(rb"<v:shape\b.*?</v:shape>", re.DOTALL)
_FACTS = {
    name: re.compile(pattern)
    for name, pattern in {
        "kind": rb'ObjectType="(\w+)"', "row": rb"<x:Row>\s*(\d+)", "column": rb"<x:Column>\s*(\d+)",
        "width": rb"[;\"']\s*width:([\d.]+)(pt|px)", "height": rb"[;\"']\s*height:([\d.]+)(pt|px)",
        "visible": rb"<x:Visible(?:/>|>\s*(?!False))", "color": rb'fillcolor="(#[0-9a-fA-F]{6})',
    }.items()
}  # fmt: skip
REFERENCE = f"{CHART}f"
_EXTENDED = "{http://schemas.microsoft.com/office/drawing/2012/chart}"
_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
CATEGORIES = (f"{CHART}cat", f"{CHART}xVal")
# A chart of a pivot table stays as a chart of the cells that the table filled.
_DROPPED = {f"{CHART}{name}" for name in ("pivotSource", "pivotFmts", "clrMapOvr")}

ElementTree.register_namespace("c", CHART[1:-1])
ElementTree.register_namespace("a", DRAWING[1:-1])


class Drawing(Struct):
    """`lost` names the objects that stay behind: shapes, text boxes, kinds of chart of newer Excels."""

    pictures: list[Drawn] = field(default_factory=list)
    charts: list[Drawn] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)


def read_drawing(package: Package, name: str) -> Drawing:
    """The objects of a drawing part; none where there is no such part."""
    found = Drawing()
    xml, targets = package.part(name), package.relations(name)
    for element in _chosen(ElementTree.fromstring(xml), "Choice") if xml is not None else ():
        if element.tag not in _ANCHORS:
            continue
        anchor, label = _anchor(element), element.find(f".//{_ANCHOR}cNvPr")
        title, description = (label.get("name", ""), label.get("descr", "")) if label is not None else ("", "")
        picture = element.find(f"{_ANCHOR}pic")
        shown = element.find(f"{_ANCHOR}graphicFrame/{DRAWING}graphic/{DRAWING}graphicData/{CHART}chart")
        chart = shown.get(f"{_RELATION}id", "") if shown is not None else ""
        if anchor is not None and picture is not None:
            blip = picture.find(f".//{DRAWING}blip")
            _, media = targets.get(blip.get(f"{_RELATION}embed", "") if blip is not None else "", ("", ""))
            found.lost += [f"“{title}”: {what}" for it in (picture, *element.iterfind(_CLIENT)) for what in left_of(it)]
            if (data := package.part(media)) is not None:
                found.pictures.append(Drawn(anchor, data, posixpath.basename(media), description))
        elif anchor is not None and chart and (data := package.part(targets.get(chart, ("", ""))[1])) is not None:
            decorative = label is not None and any(d.get("val") in ("1", "true") for d in label.iter(_DECORATIVE))
            found.charts.append(Drawn(anchor, data, title, description, decorative))
        else:
            found.lost.append(f"çizim nesnesi “{title}”")
    return found


def read_boxes(drawing: bytes) -> tuple[dict[tuple[int, int], dict[str, object]], bool]:
    """The boxes of a sheet's comments by their cells, in XlsxWriter's words, from the drawing that older programs
    read; and whether there are other things in it, buttons say."""
    boxes: dict[tuple[int, int], dict[str, object]] = {}
    others = False
    for shape in _SHAPE.findall(drawing):
        facts = {name: found for name, pattern in _FACTS.items() if (found := pattern.search(shape))}
        kind = facts["kind"][1] if "kind" in facts else b""
        others |= kind not in (b"Note", b"Pict", b"")
        if kind == b"Note" and {"row", "column"} <= set(facts):
            box = boxes.setdefault((int(facts["row"][1]) + 1, int(facts["column"][1]) + 1), {})
            for side in {"width", "height"} & set(facts):
                box[side] = float(facts[side][1]) * (4 / 3 if facts[side][2] == b"pt" else 1)
            box |= {"visible": True} if "visible" in facts else {}
            box |= {"color": facts["color"][1].decode()} if "color" in facts else {}
    return boxes, others


def _chosen(parent: Element, branch: str) -> Iterator[Element]:
    """The children, with alternatives replaced by what stands there for newer programs ("Choice"), or for readers that
    know none of them ("Fallback")."""
    for child in parent:
        if child.tag == f"{_COMPATIBILITY}AlternateContent":
            yield from next(child.iterfind(f"{_COMPATIBILITY}{branch}"), ())
        else:
            yield child


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
    row, col, x, y = (values.get(name, 0) for name in ("row", "col", "colOff", "rowOff"))
    return row + 1, col + 1, x / _EMU_PER_PIXEL, y / _EMU_PER_PIXEL


def read_chart(xml: bytes, theme: Theme) -> tuple[Element, list[str]]:
    """The chart's root element, fit for another package, and in words what of it is lost."""
    root = ElementTree.fromstring(xml)
    lost: set[str] = set()
    _clean(root, lost)
    # LibreOffice writes a typed name as a reference to a text in quotes, and no categories as a word of its own.
    for parent, child in [(element, inner) for element in root.iter() for inner in element]:
        formula = child.findtext(f"{CHART}strRef/{CHART}f", "")
        if child.tag == f"{CHART}cat" and formula == "categories":
            parent.remove(child)
        elif child.tag == f"{CHART}tx" and formula[:1] == formula[-1:] == '"' and len(formula) > 1:
            child[:] = [Element(f"{CHART}v")]
            child[0].text = formula[1:-1].replace('""', '"')
    for element in root.iter():
        if element.tag == f"{DRAWING}schemeClr" and (colour := theme.named.get(element.get("val", ""))):
            element.tag = f"{DRAWING}srgbClr"
            element.set("val", colour)
        elif element.tag == f"{DRAWING}latin" and (face := theme.fonts.get(element.get("typeface", ""))):
            element.set("typeface", face)
    return root, sorted(lost)


def _clean(element: Element, lost: set[str]) -> None:
    """Keep what needs no other part and no other namespace; of alternatives the one that every reader knows."""
    kept: list[Element] = []
    element.attrib = {name: value for name, value in element.attrib.items() if "}" not in name}
    for child in _chosen(element, "Fallback"):
        if child.tag.endswith("}extLst"):
            # What newer Excels add to a chart for themselves; only labels from cells are seen by the reader.
            lost |= {"hücrelerden alınan veri etiketleri" for _ in child.iter(f"{_EXTENDED}datalabelsRange")}
        elif any(name.startswith(_RELATION) for name in child.attrib) or child.tag == f"{DRAWING}blipFill":
            lost.add("grafiğin içindeki resim ya da şekil")
        elif child.tag not in _DROPPED and child.tag.startswith((CHART, DRAWING)):
            _clean(child, lost)
            kept.append(child)
    element[:] = kept


def read_charts(
    drawn: list[Drawn], parser: FormulaParser, theme: Theme, text: Callable[[str, str], Text | None], faults: Faults
) -> tuple[list[TemplateChart], list[tuple[str, str]]]:
    """The charts of a sheet, and what of them stays behind, with its cell. One that can't be used is left out: its
    faults are reported, or the cells that it showed are gone."""
    charts, left = [], []
    for part in drawn:
        address = a1(part.anchor.row, part.anchor.col)
        xml, lost = read_chart(part.data, theme)
        _join_placeholders(xml)
        typed = xml.find(f"{CHART}chart/{CHART}title")
        title = "".join(t.text or "" for t in typed.iter(f"{DRAWING}t")) if typed is not None else ""
        title = title or part.name
        chart = TemplateChart(part, title, text(part.description, address) or part.description, xml)
        left += [(address, f"{title}: {what}") for what in lost]
        usable = True
        for element in xml.iter(REFERENCE):
            parsed = parser.parse("=" + (element.text or ""))
            if any(fault["reason"] in ("sheet", "ref_error") for fault in parsed.faults):
                # Whoever deletes a table from the template wants no chart of it.
                left.append((address, f"“{title}” grafiği (gösterdiği hücreler silinmiş: {element.text})"))
                break
            if not union(parsed.pieces) and not parsed.faults:
                parsed.faults.append({"reason": "chart"})
            usable &= faults(parsed, address, f"{title}: {element.text}", "chart")
            chart.references.append(union(parsed.pieces))
        else:
            chart.texts = [text(e.text or "", address) for e in typed_texts(xml)]
            charts += [chart] * usable
    return charts, left


def typed_texts(xml: Element) -> list[Element]:
    """The elements that hold words typed into the chart: titles, labels, names of series."""
    cached = {value for reference in xml.iter() if reference.tag.endswith("Cache") for value in reference.iter()}
    return [element for element in xml.iter() if element.tag in (f"{DRAWING}t", f"{CHART}v") and element not in cached]


def _join_placeholders(xml: Element) -> None:
    """A placeholder that the spelling checker has broken over several runs is put together in the first."""
    for paragraph in xml.iter(f"{DRAWING}p"):
        texts = list(paragraph.iter(f"{DRAWING}t"))
        for text in texts:
            try:
                compile_text(text.text or "")
            except UnknownPathError:
                texts[0].text = "".join(t.text or "" for t in texts)
                for rest in texts[1:]:
                    rest.text = ""
                break
