"""Charts of the template: parsed once, so that their series can follow the rows that they show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from kars_xl.base.place import a1
from kars_xl.template.formula.formula import Parsed, union
from kars_xl.template.formula.reference import Ref
from kars_xl.template.layout.placeholders import Text, UnknownPathError, compile_text
from kars_xl.template.source.drawing import CHART, DRAWING, ChartPart, read_chart
from kars_xl.template.source.read_styles import Theme

if TYPE_CHECKING:
    from kars_xl.template.formula.parse import FormulaParser

REFERENCE = f"{CHART}f"
_TEXTS = (f"{DRAWING}t", f"{CHART}v")
Faults = Callable[[Parsed, str, str, str], bool]  # parsed, template address, formula, where; True if usable


@dataclass(slots=True)
class TemplateChart:
    """A chart of the template; `references` and `texts` are those of `xml`, in the order of its elements.

    `title` is what people know it by: its title where that is typed into it, else the drawing's name.
    """

    part: ChartPart
    title: str
    description: Text | str
    xml: Element
    references: list[list[Ref]] = field(default_factory=list)
    texts: list[Text | None] = field(default_factory=list)


class ChartReader:
    """Reads the charts of one template sheet; `lost` names what of them stays behind, with its cell."""

    def __init__(self, parser: FormulaParser, theme: Theme, text: Callable[[str, str], Text | None], faults: Faults):
        self.parser, self.theme, self.text, self.faults = parser, theme, text, faults
        self.lost: list[tuple[str, str]] = []

    def read(self, part: ChartPart) -> TemplateChart | None:
        """A chart; None where it can't be used: the faults are reported, or the cells that it showed are gone."""
        address = a1(part.anchor.row, part.anchor.col)
        xml, lost = read_chart(part.data, self.theme)
        _join_placeholders(xml)
        title = _title(xml) or part.name
        description = self.text(part.description, address) or part.description
        chart = TemplateChart(part, title, description, xml)
        self.lost += [(address, f"{title}: {what}") for what in lost]
        usable = True
        for element in xml.iter(REFERENCE):
            parsed = self.parser.parse("=" + (element.text or ""))
            if any(fault["reason"] in ("sheet", "ref_error") for fault in parsed.faults):
                # Whoever deletes a table from the template wants no chart of it.
                self.lost.append((address, f"“{title}” grafiği (gösterdiği hücreler silinmiş: {element.text})"))
                return None
            if not union(parsed.pieces) and not parsed.faults:
                parsed.faults.append({"reason": "chart"})
            usable &= self.faults(parsed, address, f"{title}: {element.text}", "chart")
            chart.references.append(union(parsed.pieces))
        chart.texts = [self.text(e.text or "", address) for e in typed_texts(xml)]
        return chart if usable else None


def _title(xml: Element) -> str:
    """The chart's title, where it is typed into it."""
    title = xml.find(f"{CHART}chart/{CHART}title")
    return "".join(t.text or "" for t in title.iter(_TEXTS[0])) if title is not None else ""


def typed_texts(xml: Element) -> list[Element]:
    """The elements that hold words typed into the chart: titles, labels, names of series."""
    cached = {value for reference in xml.iter() if reference.tag.endswith("Cache") for value in reference.iter()}
    return [element for element in xml.iter() if element.tag in _TEXTS and element not in cached]


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
