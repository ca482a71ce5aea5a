"""Charts drawn into templates with openpyxl and XlsxWriter, and read back from the packages that come of them."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import xlsxwriter
from openpyxl.chart import BarChart, Reference, Series

C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
XDR = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
LIST = {"S": {"A1": "Faaliyet", "B1": "Gider", "A2": "{{ faaliyet.kod }}", "B2": "{{ faaliyet.gider }}", "A3": "Son"}}
EACH = {"her_faaliyet": "S!$2:$2"}
COSTS = {"categories": "=S!$A$2:$A$2", "values": "=S!$B$2:$B$2"}

BLOCKS = {
    "S": {"A2": "{{ hedef.ad }}", "A3": "{{ faaliyet.kod }}", "B3": "{{ faaliyet.gider }}", "A4": "Son", "A5": "x"}
}
NESTED = {"her_hedef": "S!$2:$4", "her_faaliyet": "S!$3:$3"}
# Rows of the output: target 1 in 2–5, target 2 in 6–8, target 3 in 9–10; activities in 3, 4 and 7.


def parts(path: Path, folder: str) -> list[ElementTree.Element]:
    """The XML parts of a folder of the package, in the order of their numbers."""
    with zipfile.ZipFile(path) as package:
        names = [name for name in package.namelist() if name.startswith(folder) and name.count("/") == 2]
        names.sort(key=lambda name: (len(name), name))
        return [ElementTree.fromstring(package.read(name)) for name in names]


def charts(path: Path) -> list[ElementTree.Element]:
    return parts(path, "xl/charts/chart")


def references(chart: ElementTree.Element) -> list[str]:
    return [element.text or "" for element in chart.iter(f"{C}f")]


def cached(element: ElementTree.Element) -> list[str]:
    return [value.text or "" for value in element.iter(f"{C}v")]


def words(chart: ElementTree.Element) -> str:
    return "|".join(text.text or "" for text in chart.iter(f"{A}t"))


def corners(path: Path) -> list[tuple[int, int]]:
    """The first and last row (from 1) of each object in the package."""
    found = []
    for drawing in parts(path, "xl/drawings/drawing"):
        for anchor in drawing:
            rows = [int(row.text or 0) for row in anchor.iter(f"{XDR}row")]
            found.append((rows[0] + 1, rows[1] + 1))
    return found


def bars(sheet: Any, at: str, *series: tuple[str, str], title: str = "") -> None:
    """A bar chart of openpyxl with (categories, values) as they stand in the file."""
    chart = BarChart()
    chart.title = title or None
    for categories, values in series:
        made = Series(Reference(sheet, range_string=values))
        made.cat = None
        chart.series.append(made)
        chart.set_categories(Reference(sheet, range_string=categories))
    sheet.add_chart(chart, at)


def drawn(folder: Path, draw: Callable[[Any, Any], None], cells: dict[str, object] = LIST["S"]) -> Path:
    """A template made with XlsxWriter, its sheet S with the list of activities; `draw` takes the book and the sheet."""
    path = folder / "office.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("S")
    for address, value in cells.items():
        sheet.write(address, value)
    book.define_name("her_faaliyet", "=S!$2:$2")
    draw(book, sheet)
    book.close()
    return path


def inserted(book: Any, sheet: Any, kind: dict[str, str], at: str = "D1", **options: Any) -> Any:
    chart = book.add_chart(kind)
    chart.add_series({**COSTS, "name": "Gider"})
    sheet.insert_chart(at, chart, options)
    return chart


def stacked(book: Any, sheet: Any) -> None:
    chart = book.add_chart({"type": "column", "subtype": "percent_stacked"})
    chart.add_series({
        **COSTS,
        "name": "Gider",
        "pattern": {"pattern": "wide_upward_diagonal", "fg_color": "#17374B", "bg_color": "#E9EFF3"},
        "gap": 40,
        "data_labels": {"value": True, "num_format": "0.0", "font": {"size": 8, "name": "Arial"}},
    })  # fmt: skip
    chart.set_x_axis({"name": "Faaliyet", "num_font": {"rotation": -45}})
    chart.set_y_axis({"name": "TL", "num_format": "#,##0", "major_gridlines": {"visible": False}, "max": 100})
    chart.set_legend({"position": "bottom"})
    chart.set_title({"name": "Gider"})
    chart.set_chartarea({"border": {"none": True}})
    sheet.insert_chart("D1", chart, {"description": "{{ kurum.ad }} giderleri"})
