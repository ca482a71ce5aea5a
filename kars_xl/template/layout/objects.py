"""What lies over cells, once the rows are laid out: charts, pictures, conditional formats and data validations."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from copy import deepcopy
from xml.etree.ElementTree import Element

from msgspec.structs import replace

from kars_xl.base.place import a1
from kars_xl.template import records
from kars_xl.template.formula.formula import Parsed, Ref, shifted
from kars_xl.template.layout.lay import Rows
from kars_xl.template.layout.pages import Columns
from kars_xl.template.layout.regions import Instance, Rect, ReferenceFault, Run, SheetCopy, joined
from kars_xl.template.layout.render import FormulaWriter
from kars_xl.template.nodes import Text, UnknownPathError, filled
from kars_xl.template.records import MOVES_AND_SIZES, Anchor, Area, Drawn, LaidChart, LaidRule, TemplateChart
from kars_xl.template.source.drawing import CATEGORIES, CHART, REFERENCE, typed_texts

# What a series shows, point by point; every other reference of a chart means one cell.
_POINTS = {f"{CHART}{name}" for name in ("cat", "val", "xVal", "yVal", "bubbleSize", "plus", "minus")}
_VALUES = (f"{CHART}val", f"{CHART}yVal")
_PIXELS_PER_POINT = 4 / 3

Trouble = Callable[[Exception, str, str, int, int], None]  # error, template address, formula, output row, column


def lay_charts(
    sheet: records.TemplateSheet, rows: Rows, copy: SheetCopy, writer: FormulaWriter, trouble: Trouble
) -> list[LaidChart]:
    """The charts of an output sheet: each at all its places, but where no cell is left of what it showed."""
    found: list[LaidChart] = []
    for chart in sheet.charts:
        at = chart.part.anchor
        for instance, anchor in _places(at, sheet, rows, copy):
            try:
                found += _lay(chart, anchor, instance, writer)
            except (ReferenceFault, UnknownPathError) as error:
                trouble(error, a1(at.row, at.col), chart.title, at.row, at.col)
    return found


def _places(anchor: Anchor, sheet: records.TemplateSheet, rows: Rows, copy: SheetCopy) -> list[tuple[Instance, Anchor]]:
    """Where a chart goes, each with its instance; one that sizes with its cells covers all their copies."""
    if anchor.positioning != MOVES_AND_SIZES or anchor.row2 is None:
        return _fixed(anchor, sheet, rows, copy)
    # A corner on a row's upper edge belongs to the row above.
    past = 1 if anchor.y2 == 0 and anchor.row2 > anchor.row else 0
    return [
        (instance, replace(anchor, row=first, row2=last + past))
        for instance, (first, last) in rows.placed(copy, anchor.row, anchor.row2 - past)
    ]


def _lay(chart: TemplateChart, anchor: Anchor, instance: Instance, writer: FormulaWriter) -> Iterator[LaidChart]:
    """The chart in an instance; none where all of its series are gone."""
    xml = deepcopy(chart.xml)
    for element, text in zip(typed_texts(xml), chart.texts, strict=True):
        if text is not None:
            element.text = text.fill(instance.scope, writer.root)
    above = {child: parent for parent in xml.iter() for child in parent}
    cells: dict[Element, tuple[tuple[str, Area], ...]] = {}
    for reference, refs in zip(list(xml.iter(REFERENCE)), chart.references, strict=True):
        holder = above[above[reference]]
        found = [(ref, rect) for ref in refs for rect in writer.rows.rects(ref, instance)]
        # A series without values goes as a whole, anything else only as far as it named cells.
        gone = above[holder] if holder.tag in _VALUES else holder
        if found:
            _check(found, holder.tag)
            reference.text, cells[reference] = _written(found, instance)
        elif gone in list(above[gone]):
            above[gone].remove(gone)
    if next(xml.iter(f"{CHART}ser"), None) is not None:
        description = filled(chart.description, instance.scope, writer.root)
        yield LaidChart(chart.part._replace(anchor=anchor, description=description), xml, cells)


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
    # Several columns of categories are levels; values fill one row or one column.
    elif holder not in CATEGORIES and rows > 1 and any(ref.col1 != ref.col2 for ref, _ in found):
        raise ReferenceFault("block", first.text, rows)


def _written(found: list[tuple[Ref, Rect]], instance: Instance) -> tuple[str, tuple[tuple[str, Area], ...]]:
    """The reference as the output has it, a union in brackets, and the cells in the order of its points."""
    placed = [(ref, sheet or instance.sheet.name, run) for ref, (sheet, run) in found if run is not None]
    texts = [ref.written(name, run) for ref, name, run in placed]
    text = texts[0] if len(texts) == 1 else f"({','.join(texts)})"
    # Excel takes some thousand characters for all references of a series.
    if len(text) > 480:
        raise ReferenceFault("pieces", found[0][0].text, len(texts))
    return text, tuple((name, (run[0], ref.col1 or 0, run[1], ref.col2 or 0)) for ref, name, run in placed)


def lay_pictures(sheet: records.TemplateSheet, rows: Rows, copy: SheetCopy) -> list[Drawn]:
    """One picture for each instance of its row, in the size that it has in the template."""
    return [p._replace(anchor=at) for p in sheet.pictures for _, at in _fixed(p.anchor, sheet, rows, copy)]


def _fixed(anchor: Anchor, sheet: records.TemplateSheet, rows: Rows, copy: SheetCopy) -> list[tuple[Instance, Anchor]]:
    """Where an object of the template's size goes, each with its instance."""

    def height(row: int) -> float:
        laid = sheet.rows.get(row)
        return (laid.height if laid else None) or sheet.page.default_row_height or 15.0

    width, down = size(anchor, sheet, height)
    fixed = replace(anchor, width=width, height=down, row2=None, col2=None)
    return [(i, replace(fixed, row=first)) for i, (first, _) in rows.placed(copy, anchor.row, anchor.row)]


def size(
    anchor: Anchor, sheet: records.TemplateSheet | records.LaidSheet, height: Callable[[int], float]
) -> tuple[float | None, float | None]:
    """Width and height in pixels; `height` tells how high a row of the sheet is, in points."""
    if anchor.row2 is None or anchor.col2 is None:
        return anchor.width, anchor.height
    columns = Columns(sheet.columns, sheet.page.default_column_width)
    across = sum(columns.width(c) for c in range(anchor.col, anchor.col2)) * _PIXELS_PER_POINT
    down = sum(height(r) for r in range(anchor.row, anchor.row2)) * _PIXELS_PER_POINT
    return max(across + anchor.x2 - anchor.x, 1), max(down + anchor.y2 - anchor.y, 1)


def expand_rules(
    rules: list[records.TemplateRule], copy: SheetCopy, last_row: int, writer: FormulaWriter, trouble: Trouble
) -> list[LaidRule]:
    """The rules of one output sheet; instances in which a rule reads the same share one rule."""
    laid: list[LaidRule] = []
    for rule in rules:
        # By how the rule reads: for each pair of columns its runs of rows, and what varies at the topmost.
        groups: dict[tuple[str, ...], dict[Run, tuple[list[Run], list[str]]]] = {}
        anchor_row, anchor_col, _, _ = rule.areas[0]
        for area in rule.areas:
            columns = area[1], area[3]
            for instance, template_row, first, last in _cells(area, copy, last_row, bool(rule.varying)):
                moved, typed = (template_row - anchor_row, columns[0] - anchor_col), ""
                try:
                    relative = FormulaWriter(writer.rows, writer.root, (first, columns[0]))
                    signature = []
                    for _, _, typed, meaning in rule.varying:  # noqa: B007
                        signature.append(_varied(rule, meaning, moved, instance, relative))
                    runs, texts = groups.setdefault(tuple(signature), {}).setdefault(columns, ([], []))
                    topmost = not runs or first < runs[0][0]
                    if topmost:
                        texts[:] = [_varied(rule, meaning, moved, instance, writer) for *_, meaning in rule.varying]
                    runs.insert(0 if topmost else len(runs), (first, last))
                except (ReferenceFault, UnknownPathError) as error:
                    trouble(error, rule.address, typed, first, columns[0])
        for group in groups.values():
            # One rule per set of rows: its first area is then its top left, whichever way a reader looks.
            by_rows: dict[tuple[Run, ...], list[Run]] = defaultdict(list)
            for columns in sorted(group):
                by_rows[tuple(joined(group[columns][0]))].append(columns)
            for spans, same in by_rows.items():
                areas = sorted((first, col1, last, col2) for first, last in spans for col1, col2 in same)
                xml = deepcopy(rule.xml)
                elements = list(xml.iter())
                for (at, attribute, _, _), text in zip(rule.varying, group[same[0]][1], strict=True):
                    if attribute:
                        elements[at].set(attribute, text)
                    else:
                        elements[at].text = text
                laid.append(LaidRule(tuple(areas), xml, rule.style))
    return laid


def _varied(
    rule: records.TemplateRule, meaning: Parsed | Text, moved: Run, instance: Instance, writer: FormulaWriter
) -> str:
    """What varies of a rule, for an instance and so many rows and columns away from the rule's first cell."""
    if isinstance(meaning, Text):
        return meaning.fill(instance.scope, writer.root)
    choices = rule.xml.get("type") == "list"
    return writer.write_option(shifted(meaning.pieces, *moved), instance, choices=choices)


def _cells(area: Area, copy: SheetCopy, last_row: int, by_row: bool) -> list[tuple[Instance, int, int, int]]:
    """Instance, template row and output rows of an area, downwards; single rows if the rule has formulas."""
    found: list[tuple[Instance, int, int, int]] = []
    for instance, row, first, last in copy.root.laid(area[0], area[2]):
        # Below the template's last row all rows are alike.
        singles = max(0, min(row + last - first, last_row) + 1 - row) if by_row else 0
        found += ((instance, row + at, first + at, first + at) for at in range(singles))
        if first + singles <= last:
            found.append((instance, row + singles, first + singles, last))
    return sorted(found, key=lambda it: it[2])
