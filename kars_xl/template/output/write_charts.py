"""Charts of the output: the template's own, with the values of the cells that their series show now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from kars_xl.base.money import BUILTIN_FORMATS
from kars_xl.template.laid import LaidCell, LaidChart, LaidSheet, Layout
from kars_xl.template.layout.evaluate import serial
from kars_xl.template.layout.lay_charts import size
from kars_xl.template.layout.placeholders import spoken
from kars_xl.template.layout.textfit import height_of
from kars_xl.template.output.document import CarriedChart, Document
from kars_xl.template.page import Area
from kars_xl.template.source.drawing import CHART

# Categories may be numbers or words; what they are is known only now.
_CATEGORIES = (f"{CHART}cat", f"{CHART}xVal")
_NUMBERS, _STRINGS, _LEVELS = f"{CHART}numRef", f"{CHART}strRef", f"{CHART}multiLvlStrRef"
_CACHES = tuple(f"{CHART}{kind}Cache" for kind in ("num", "str", "multiLvlStr"))


def insert_chart(book: Document, worksheet: Any, layout: Layout, sheet: LaidSheet, chart: LaidChart) -> Any:
    """Put a chart on its sheet; XlsxWriter's answer."""

    def shown_height(row: int) -> float:
        return 0.0 if row in sheet.rows and sheet.rows[row].hidden else height_of(sheet, row)

    at = chart.anchor
    _fill_caches(layout, chart)
    width, height = size(at, sheet, shown_height)
    carried = CarriedChart(chart.xml, chart.part.name, width or 480, height or 288)
    book.carry_chart(carried)
    options = {
        "x_offset": at.x,
        "y_offset": at.y,
        "object_position": at.positioning,
        "description": chart.description,
        "decorative": chart.part.decorative,
    }
    return worksheet.insert_chart(at.row - 1, at.col - 1, carried, options)


def _fill_caches(layout: Layout, chart: LaidChart) -> None:
    """Give each reference the values of its cells, for readers that don't look at the sheet."""
    above = {child: parent for parent in chart.xml.iter() for child in parent}
    for reference, areas in chart.cells.items():
        holder = above.get(reference)
        if holder is None:
            continue  # went with its series
        for cache in [child for child in holder if child.tag in _CACHES]:
            holder.remove(cache)
        cells = [cell for sheet, area in areas for cell in _cells(layout.sheet(sheet), area)]
        columns = max(area[3] - area[1] + 1 for _, area in areas)
        if above[holder].tag in _CATEGORIES:
            rows = sum(area[2] - area[0] + 1 for _, area in areas)
            words = any(isinstance(cell.value, str) and cell.value for cell in cells if cell)
            holder.tag = _LEVELS if columns > 1 and rows > 1 else _STRINGS if words else _NUMBERS
        if holder.tag == _NUMBERS:
            holder.insert(1, _numbers(layout, cells))
        elif holder.tag == _STRINGS:
            holder.insert(1, _strings(cells))
        else:
            holder.insert(1, _levels(cells, columns))


def _cells(sheet: LaidSheet, area: Area) -> Iterator[LaidCell | None]:
    row1, col1, row2, col2 = area
    return (sheet.cells.get((row, col)) for row in range(row1, row2 + 1) for col in range(col1, col2 + 1))


def _numbers(layout: Layout, cells: list[LaidCell | None]) -> Element:
    code = next((layout.styles[cell.style].get("num_format", "General") for cell in cells if cell), "General")
    cache = _cache("num", len(cells))
    cache.insert(0, _holding("formatCode", BUILTIN_FORMATS.get(code, "General") if isinstance(code, int) else code))
    cache.extend(_points(_number(cell.value if cell else None) for cell in cells))
    return cache


def _number(value: object) -> str:
    if isinstance(value, date):
        value = serial(value)
    return f"{float(value):.16g}" if isinstance(value, int | float | Decimal) and not isinstance(value, bool) else ""


def _strings(cells: list[LaidCell | None]) -> Element:
    cache = _cache("str", len(cells))
    cache.extend(_points(spoken(cell.value) if cell else "" for cell in cells))
    return cache


def _levels(cells: list[LaidCell | None], columns: int) -> Element:
    """Categories of several columns; the last column is the innermost level and comes first."""
    cache = _cache("multiLvlStr", len(cells) // columns)
    for column in reversed(range(columns)):
        level = SubElement(cache, f"{CHART}lvl")
        level.extend(_points(spoken(cell.value) if cell else "" for cell in cells[column::columns]))
    return cache


def _cache(kind: str, number: int) -> Element:
    cache = Element(f"{CHART}{kind}Cache")
    SubElement(cache, f"{CHART}ptCount", {"val": str(number)})
    return cache


def _points(texts: Iterable[str]) -> Iterator[Element]:
    """The points that have a value, with their numbers."""
    for at, text in enumerate(texts):
        if text:
            point = Element(f"{CHART}pt", {"idx": str(at)})
            point.append(_holding("v", text))
            yield point


def _holding(name: str, text: str) -> Element:
    element = Element(f"{CHART}{name}")
    element.text = text
    return element
