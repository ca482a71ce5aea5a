"""Where the template's charts stand once the rows are laid out, and which cells their series then show."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from xml.etree.ElementTree import Element

from kars_xl.base.place import a1
from kars_xl.template.charts import REFERENCE, TemplateChart, typed_texts
from kars_xl.template.formula.reference import Ref
from kars_xl.template.laid import LaidChart, LaidImage, LaidSheet
from kars_xl.template.layout.lay import Rows
from kars_xl.template.layout.placeholders import UnknownPathError, filled
from kars_xl.template.layout.regions import Instance, Rect, SheetCopy
from kars_xl.template.layout.render import FormulaWriter, ReferenceFault
from kars_xl.template.layout.rules import Trouble
from kars_xl.template.layout.textfit import Columns
from kars_xl.template.page import Area
from kars_xl.template.records import TemplateSheet
from kars_xl.template.source.drawing import CHART, MOVES_AND_SIZES, Anchor

# What a series shows, point by point; every other reference of a chart means one cell.
_POINTS = {f"{CHART}{name}" for name in ("cat", "val", "xVal", "yVal", "bubbleSize", "plus", "minus")}
_VALUES = (f"{CHART}val", f"{CHART}yVal")
# Several columns of categories are levels; values fill one row or one column.
_LEVELS = (f"{CHART}cat", f"{CHART}xVal")
# Excel takes some thousand characters for all references of a series.
_LONGEST_REFERENCE = 480


def lay_charts(
    sheet: TemplateSheet, rows: Rows, copy: SheetCopy, writer: FormulaWriter, trouble: Trouble
) -> list[LaidChart]:
    """The charts of an output sheet: each at all its places, but where no cell is left of what it showed."""
    found = []
    for chart in sheet.charts:
        for instance, anchor in _places(chart.part.anchor, sheet, rows, copy):
            try:
                laid = _lay(chart, anchor, instance, writer)
            except (ReferenceFault, UnknownPathError) as error:
                at = chart.part.anchor
                trouble(error, a1(at.row, at.col), chart.title, at.row, at.col)
                continue
            if laid is not None:
                found.append(laid)
    return found


def _places(anchor: Anchor, sheet: TemplateSheet, rows: Rows, copy: SheetCopy) -> list[tuple[Instance, Anchor]]:
    """Where a chart goes, each with its instance; one that sizes with its cells covers all their copies."""
    if anchor.positioning != MOVES_AND_SIZES or anchor.row2 is None:
        width, height = template_size(anchor, sheet)
        fixed = replace(anchor, width=width, height=height, row2=None, col2=None)
        return [(i, replace(fixed, row=first)) for i, (first, _) in rows.placed(copy, anchor.row, anchor.row)]
    # A corner on a row's upper edge belongs to the row above.
    past = 1 if anchor.y2 == 0 and anchor.row2 > anchor.row else 0
    return [
        (instance, replace(anchor, row=first, row2=last + past))
        for instance, (first, last) in rows.placed(copy, anchor.row, anchor.row2 - past)
    ]


def _lay(chart: TemplateChart, anchor: Anchor, instance: Instance, writer: FormulaWriter) -> LaidChart | None:
    xml = deepcopy(chart.xml)
    for element, text in zip(typed_texts(xml), chart.texts, strict=True):
        if text is not None:
            element.text = text.fill(instance.scope, writer.root)
    above = {child: parent for parent in xml.iter() for child in parent}
    cells: dict[Element, tuple[tuple[str, Area], ...]] = {}
    for reference, refs in zip(list(xml.iter(REFERENCE)), chart.references, strict=True):
        holder = above[above[reference]]
        found = [(ref, rect) for ref in refs for rect in writer.rows.rects(ref, instance)]
        if found:
            _check(found, holder.tag)
            reference.text, cells[reference] = _written(found, instance)
            continue
        # A series without values goes as a whole, anything else only as far as it named cells.
        gone = above[holder] if holder.tag in _VALUES else holder
        if gone in list(above[gone]):
            above[gone].remove(gone)
    if next(xml.iter(f"{CHART}ser"), None) is None:
        return None
    return LaidChart(anchor, chart.part, filled(chart.description, instance.scope, writer.root), xml, cells)


def _check(found: list[tuple[Ref, Rect]], holder: str) -> None:
    """Refuse what no reader could show; raises ReferenceFault."""
    first = found[0][0]
    if any(run is None for _, (_, run) in found):
        raise ReferenceFault("whole", first.text, 0)
    rows = sum(run[1] - run[0] + 1 for _, (_, run) in found if run is not None)
    if holder not in _POINTS:
        if len(found) > 1 or rows > first.height:
            raise ReferenceFault("several", first.text, rows)
    elif len({sheet for _, (sheet, _) in found}) > 1:
        raise ReferenceFault("sheets", first.text, len(found))
    elif holder not in _LEVELS and rows > 1 and any(ref.col1 != ref.col2 for ref, _ in found):
        raise ReferenceFault("block", first.text, rows)


def _written(found: list[tuple[Ref, Rect]], instance: Instance) -> tuple[str, tuple[tuple[str, Area], ...]]:
    """The reference as the output has it, a union in brackets, and the cells in the order of its points."""
    texts, areas = [], []
    for ref, (sheet, run) in found:
        name = sheet or instance.sheet.name
        assert run is not None
        texts.append(ref.written(name, run))
        areas.append((name, (run[0], ref.col1 or 0, run[1], ref.col2 or 0)))
    text = texts[0] if len(texts) == 1 else f"({','.join(texts)})"
    if len(text) > _LONGEST_REFERENCE:
        raise ReferenceFault("pieces", found[0][0].text, len(texts))
    return text, tuple(areas)


_PIXELS_PER_POINT = 4 / 3


def lay_pictures(sheet: TemplateSheet, rows: Rows, copy: SheetCopy) -> list[LaidImage]:
    """One picture for each instance of its row, in the size that it has in the template."""
    return [
        LaidImage(row, *template_size(picture.anchor, sheet), picture)
        for picture in sheet.pictures
        for row, _ in rows.spans(copy, picture.anchor.row, picture.anchor.row)
    ]


def template_size(anchor: Anchor, sheet: TemplateSheet) -> tuple[float | None, float | None]:
    """Width and height in pixels; between two cells they follow from the template's columns and rows."""

    def height(row: int) -> float:
        laid = sheet.rows.get(row)
        return (laid.height if laid else None) or sheet.page.default_row_height or 15.0

    return size(anchor, sheet, height)


def size(
    anchor: Anchor, sheet: TemplateSheet | LaidSheet, height: Callable[[int], float]
) -> tuple[float | None, float | None]:
    """Width and height in pixels; `height` tells how high a row of the sheet is, in points."""
    if anchor.row2 is None or anchor.col2 is None:
        return anchor.width, anchor.height
    columns = Columns(sheet.columns, sheet.page.default_column_width)
    across = sum(columns.width(c) for c in range(anchor.col, anchor.col2)) * _PIXELS_PER_POINT
    down = sum(height(r) for r in range(anchor.row, anchor.row2)) * _PIXELS_PER_POINT
    return max(across + anchor.x2 - anchor.x, 1), max(down + anchor.y2 - anchor.y, 1)
