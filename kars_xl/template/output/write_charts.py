"""Charts of the output: the template's own, with the values of the cells that their series show now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any
from xml.etree.ElementTree import Element

from xlsxwriter.chart import Chart

from kars_xl.base.number_formats import BUILTIN_FORMATS
from kars_xl.template.laid import LaidCell, LaidChart, LaidSheet, Layout
from kars_xl.template.layout.evaluate import serial
from kars_xl.template.layout.placeholders import spoken
from kars_xl.template.layout.textfit import Columns, height_of
from kars_xl.template.page import Area
from kars_xl.template.source.chart_xml import CHART, PREFIXES
from kars_xl.template.source.drawing import Anchor

_PIXELS_PER_POINT = 4 / 3
# Categories may be numbers or words; what they are is known only now.
_CATEGORIES = (f"{CHART}cat", f"{CHART}xVal")
_NUMBERS, _STRINGS, _LEVELS = f"{CHART}numRef", f"{CHART}strRef", f"{CHART}multiLvlStrRef"
_CACHES = tuple(f"{CHART}{kind}Cache" for kind in ("num", "str", "multiLvlStr"))


class CarriedChart(Chart):  # type: ignore[misc]
    """A chart that XlsxWriter packs and anchors, but whose XML is the template's."""

    def __init__(self, layout: Layout, sheet: LaidSheet, chart: LaidChart) -> None:
        super().__init__()
        self.series: list[dict[str, Any]] = [{}]  # what XlsxWriter counts; the real ones stand in the XML
        self.embedded = True
        self.chart_name = chart.name
        self.width, self.height = _size(chart.anchor, sheet)
        self._xml = chart.xml
        _fill_caches(layout, chart)

    def _assemble_xml_file(self) -> None:
        self._xml_declaration()
        self._element(self._xml, [(f"xmlns:{prefix}", uri[1:-1]) for uri, prefix in PREFIXES.items()])
        self._xml_close()

    def _element(self, element: Element, namespaces: list[tuple[str, str]]) -> None:
        uri, _, name = element.tag.rpartition("}")
        tag = f"{PREFIXES[uri + '}']}:{name}"
        attributes = [*namespaces, *((key, value) for key, value in element.attrib.items() if "}" not in key)]
        if not len(element):
            self._xml_data_element(tag, element.text or "", attributes)
            return
        self._xml_start_tag(tag, attributes)
        for child in element:
            self._element(child, [])
        self._xml_end_tag(tag)


def insert_chart(book: Any, worksheet: Any, layout: Layout, sheet: LaidSheet, chart: LaidChart) -> Any:
    """Put a chart on its sheet; XlsxWriter's answer."""
    carried = CarriedChart(layout, sheet, chart)
    book.charts.append(carried)
    at = chart.anchor
    options = {
        "x_offset": at.x,
        "y_offset": at.y,
        "object_position": at.positioning,
        "description": chart.description,
        "decorative": chart.decorative,
    }
    return worksheet.insert_chart(at.row - 1, at.col - 1, carried, options)


def _size(at: Anchor, sheet: LaidSheet) -> tuple[float, float]:
    """Width and height in pixels; between two cells as the output's rows are high."""
    if at.row2 is None or at.col2 is None:
        return at.width or 480, at.height or 288
    columns = Columns(sheet.columns, sheet.page.default_column_width)
    width = sum(columns.width(c) for c in range(at.col, at.col2)) * _PIXELS_PER_POINT
    shown = (r for r in range(at.row, at.row2) if r not in sheet.rows or not sheet.rows[r].hidden)
    height = sum(height_of(sheet, r) for r in shown) * _PIXELS_PER_POINT
    return max(width + at.x2 - at.x, 1), max(height + at.y2 - at.y, 1)


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
    cache = Element(f"{CHART}numCache")
    code = next((layout.styles[cell.style].get("num_format", "General") for cell in cells if cell), "General")
    _add(cache, "formatCode", BUILTIN_FORMATS.get(code, "General") if isinstance(code, int) else code)
    _count(cache, len(cells))
    for at, cell in enumerate(cells):
        value = cell.value if cell else None
        if isinstance(value, date):
            value = serial(value)
        if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
            _point(cache, at, f"{float(value):.16g}")
    return cache


def _strings(cells: list[LaidCell | None]) -> Element:
    cache = Element(f"{CHART}strCache")
    _count(cache, len(cells))
    for at, cell in enumerate(cells):
        if text := spoken(cell.value) if cell else "":
            _point(cache, at, text)
    return cache


def _levels(cells: list[LaidCell | None], columns: int) -> Element:
    """Categories of several columns; the last column is the innermost level and comes first."""
    cache = Element(f"{CHART}multiLvlStrCache")
    _count(cache, len(cells) // columns)
    for column in reversed(range(columns)):
        level = Element(f"{CHART}lvl")
        for at, cell in enumerate(cells[column::columns]):
            if text := spoken(cell.value) if cell else "":
                _point(level, at, text)
        cache.append(level)
    return cache


def _add(parent: Element, name: str, text: str) -> None:
    child = Element(f"{CHART}{name}")
    child.text = text
    parent.append(child)


def _count(cache: Element, number: int) -> None:
    cache.append(Element(f"{CHART}ptCount", {"val": str(number)}))


def _point(parent: Element, at: int, text: str) -> None:
    point = Element(f"{CHART}pt", {"idx": str(at)})
    _add(point, "v", text)
    parent.append(point)
