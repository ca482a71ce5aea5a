"""A sheet of the merged workbook as what a page shows of it: paragraphs, captions, tables and charts, in their order.
Figures are texts, as the cell's number format shows them on a Turkish computer."""

import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from decimal import Decimal
from itertools import accumulate, groupby, product
from typing import Any, NamedTuple
from xml.etree import ElementTree

from msgspec import Struct

from kars_xl.base.number_format import shown_number
from kars_xl.reading.grid import Cell, Grid
from kars_xl.template.layout.pages import Columns
from kars_xl.template.records import Template, TemplateChart, TemplateSheet
from kars_xl.template.source.drawing import CHART

# "Tablo 11 Toplam Kaynak İhtiyacı", "Şekil 3: Kadroya Göre Doluluk"
_CAPTION = re.compile(r"(Tablo|Şekil)\s+(\d+)\s*[:.–-]?\s+(\S.*)", re.DOTALL)
_LABELS = ("showLegendKey", "showCatName", "showSerName", "showPercent", "showBubbleSize")
_SIDES = ("left", "right", "top", "bottom")
_ROW_HEIGHT = 15.0  # points, of a row that says nothing of its own


class Box(NamedTuple):
    """A cell of a table: what is seen in it, how it looks, and how many columns it takes. One that `goes_on` is part of
    the box above it."""

    text: str
    bold: bool = False
    align: str = "left"
    fill: str = ""
    colour: str = ""
    columns: int = 1
    goes_on: bool = False


class Table(Struct, frozen=True):
    """Rows of boxes; `widths` are the columns' widths, the first `head` rows are headings. Without a frame it is text
    in columns."""

    widths: Sequence[float]
    rows: Sequence[Sequence[Box]]
    head: int = 1
    framed: bool = True
    indent: float = 0.0  # in the measure of the widths


class Caption(NamedTuple):
    """ "Tablo" or "Şekil", with the number that it has in the workbook and its words."""

    kind: str
    number: int
    text: str


class Title(NamedTuple):
    """What the official table below is of, for who looks for it."""

    text: str


class Chart(NamedTuple):
    """A chart's part of a package, without its title, which is its caption; `height` is its part of the width."""

    title: str
    xml: bytes
    description: str
    height: float


def placed(row: Sequence[Box]) -> Iterator[tuple[int, Box]]:
    """The boxes of a row with the columns in which they begin."""
    return zip(accumulate((box.columns for box in row), initial=0), row, strict=False)


Piece = Box | Caption | Title | Table | Chart  # a box alone is a paragraph


class NoFigure(ValueError):
    """A cell that nobody can tell the figure of; it is the argument."""


class Pages(Struct):
    """A workbook's sheets. `titles` are those of official tables by sheet and row; `said` stands on every sheet."""

    template: Template
    grid: Grid
    titles: Mapping[tuple[str, int], str]
    said: frozenset[str]

    @property
    def names(self) -> list[str]:
        """The sheets that are printed."""
        return [it.title for it in self.template.sheets if it.page.state == "visible" and it.page.print_areas]

    def charts(self) -> Iterator[Chart]:
        yield from (_chart(sheet, it) for sheet in self.template.sheets for it in sheet.charts)

    def pieces(self, name: str) -> Iterator[Piece]:
        """What the sheet shows below its own title. Raises NoFigure."""
        sheet = next(it for it in self.template.sheets if it.title == name)
        cells = next(it.cells for it in self.grid.sheets if it.name == name)
        reader = _Reader(sheet, cells, self.template.styles.properties)
        charts = sorted(sheet.charts, key=lambda it: (it.part.anchor.row, it.part.anchor.col))
        for run in reader.runs():
            while charts and charts[0].part.anchor.row < run[0]:
                yield from _with_caption(_chart(sheet, charts.pop(0)))
            if reader.is_framed(run[0]):
                yield from (Title(self.titles[name, row]) for row in run if (name, row) in self.titles)
                yield reader.table(run)
            else:
                for in_columns, group in groupby(run, key=lambda row: len(reader.texts(row)) > 1):
                    rows = [*group]
                    if in_columns and rows != reader.rows[:1]:
                        yield reader.table(rows, framed=False)
                    else:
                        yield from (it for row in rows for it in self._line(reader, row))
        for chart in charts:
            yield from _with_caption(_chart(sheet, chart))

    def _line(self, reader: "_Reader", row: int) -> Iterator[Piece]:
        """A row outside of tables: a caption or a paragraph; the sheet's title is neither."""
        for box in (it for it in reader.boxes(row) if it.text):
            if caption := _CAPTION.fullmatch(box.text):
                yield Caption(caption[1], int(caption[2]), caption[3])
            elif row != reader.rows[0] and box.text not in self.said:
                yield box._replace(fill="", colour="")


class _Reader:
    """The printed cells of a sheet with their looks."""

    def __init__(
        self, sheet: TemplateSheet, cells: Mapping[tuple[int, int], Cell], styles: list[dict[str, Any]]
    ) -> None:
        top, left, bottom, right = sheet.page.print_areas[0]
        widths = Columns(sheet.columns, sheet.page.default_column_width)
        self.widths = {at: wide for at in range(left, right + 1) if (wide := widths.width(at)) > 0}
        self.titles = sheet.page.title_rows
        self.cells = cells
        self.looks = {(row, it.col): styles[it.style] for row, found in sheet.cells.items() for it in found}
        # By what a merged range covers: its first cell, and its last row and column.
        self.merged: dict[tuple[int, int], tuple[int, int, int, int]] = {}
        for merge in sheet.merges:
            self.merged |= dict.fromkeys(product(range(merge[0], merge[2] + 1), range(merge[1], merge[3] + 1)), merge)
        hidden = {row for row, look in sheet.rows.items() if look.hidden}
        self.rows = [row for row in range(top, bottom + 1) if row not in hidden and self.texts(row)]

    def texts(self, row: int) -> list[Cell]:
        return [cell for at in self.widths if (cell := self.cells.get((row, at))) and shown(cell)]

    def is_framed(self, row: int) -> bool:
        looks = (self.looks.get((row, at), {}) for at in self.widths)
        return any(look.get("bg_color") or any(map(look.get, _SIDES)) for look in looks)

    def runs(self) -> Iterator[list[int]]:
        """The rows of each table, and those between tables; a blank one ends either."""
        numbered = ((row, (self.is_framed(row), row - at)) for at, row in enumerate(self.rows))
        yield from ([row for row, _ in run] for _, run in groupby(numbered, key=lambda it: it[1]))

    def boxes(self, row: int) -> list[Box]:
        found: list[Box] = []
        skip = 0
        for at in self.widths:
            if at < skip:
                continue
            top, left, _, right = self.merged.get((row, at), (row, at, row, at))
            look, cell = self.looks.get((top, left), {}), self.cells.get((row, at))
            text = shown(cell) if cell is not None and top == row else ""
            is_text = bool(text) and cell is not None and isinstance(cell.value, str)
            while is_text and (row, right + 1) not in self.cells and self._is_open(row, right):
                right += 1  # a text runs on over blank cells that no line parts from it
            skip = right + 1
            # What has no line above it and says nothing belongs to what stands above it.
            goes_on = top < row or (not text and bool(look.get("left")) and not look.get("top") and left == right)
            align = look.get("align") or ("right" if cell is not None and isinstance(cell.value, Decimal) else "left")
            columns = sum(left <= it <= right for it in self.widths)
            colours = str(look.get("bg_color", "")), str(look.get("font_color", ""))
            found.append(Box(text, bool(look.get("bold")), align, *colours, columns, goes_on))
        return found

    def _is_open(self, row: int, column: int) -> bool:
        """Whether no line stands between a framed cell and the one on its right."""
        here, beside = self.looks.get((row, column), {}), self.looks.get((row, column + 1), {})
        inside = column + 1 in self.widths and bool(beside.get("top"))
        return inside and not here.get("right") and not beside.get("left")

    def table(self, rows: list[int], *, framed: bool = True) -> Table:
        made = [self.boxes(row) for row in rows]
        made[0] = [box._replace(goes_on=False) for box in made[0]]
        fill = made[0][0].fill
        shaded = next((at for at, row in enumerate(made) if not fill or any(it.fill != fill for it in row)), 1)
        titles = sum(row <= self.titles[1] for row in rows) if self.titles and rows[0] <= self.titles[0] else 0
        return _without_blanks(Table([*self.widths.values()], made, max(titles, shaded, 1) if framed else 0, framed))


def _without_blanks(table: Table) -> Table:
    """The columns in which nothing begins add to the widest one, as does one of words of which only the heading stands
    there; at the left edge they are an indent."""
    headed = ((row, number < table.head < len(table.rows)) for number, row in enumerate(table.rows))
    begins = [(at, box, heads) for row, heads in headed for at, box in placed(row)]
    figures = {at for at, box, heads in begins if box.align != "left" and not heads}
    filled = {at for at, box, heads in begins if box.text and (not heads or at in figures or not at)}
    first, last = min(filled, default=0), len(table.widths)
    bounds = [*sorted(filled), last]
    sized = (
        [box._replace(columns=sum(at <= bound < at + box.columns for bound in bounds[:-1])) for at, box in placed(row)]
        for row in table.rows
    )
    rows = [[box for box in row if box.columns] for row in sized]
    widths = [table.widths[at] for at in bounds[:-1]]
    widths[widths.index(max(widths))] += sum(table.widths[first:]) - sum(widths)
    return Table(widths, rows, table.head, table.framed, sum(table.widths[:first]))


def shown(cell: Cell) -> str:
    """What is seen in a cell. Raises NoFigure for an error, and for what nobody knows."""
    match cell.value:
        case str():
            return cell.value
        case Decimal() if cell.number_format == "General":
            return cell.text.replace(".", ",")  # a year has no points
        case Decimal():
            return cell.day if cell.is_date else shown_number(cell.number_format, cell.value)
        case None if cell.formula is None:
            return ""
    raise NoFigure(cell)


def _with_caption(chart: Chart) -> Iterator[Piece]:
    yield chart
    if caption := _CAPTION.fullmatch(chart.title):
        yield Caption(caption[1], int(caption[2]), caption[3])


def _chart(sheet: TemplateSheet, chart: TemplateChart) -> Chart:
    root = deepcopy(chart.xml)
    inside = root.find(f"{CHART}chart")
    assert inside is not None
    for gone in [it for name in ("title", "autoTitleDeleted") for it in inside.findall(CHART + name)]:
        inside.remove(gone)
    inside.insert(0, ElementTree.Element(f"{CHART}autoTitleDeleted", {"val": "1"}))
    for labels in root.iter(f"{CHART}dLbls"):
        # Without a word of it, Word shows everything in a label.
        if (value := labels.find(f"{CHART}showVal")) is not None and labels.find(f"{CHART}showCatName") is None:
            off = [ElementTree.Element(f"{CHART}{name}", {"val": "0"}) for name in _LABELS]
            place = [*labels].index(value)
            labels[place:] = [off[0], value, *off[1:]]
    for language in root.iter(f"{CHART}lang"):
        language.set("val", "tr-TR")
    anchor, columns = chart.part.anchor, Columns(sheet.columns, sheet.page.default_column_width)
    rows = range(anchor.row, anchor.row2 or anchor.row + 20)
    heights = [(sheet.rows[row].height if row in sheet.rows else None) or _ROW_HEIGHT for row in rows]
    width = sum(map(columns.width, range(anchor.col, anchor.col2 or anchor.col + 6)))
    return Chart(chart.title, ElementTree.tostring(root), chart.part.description, sum(heights) / width)
