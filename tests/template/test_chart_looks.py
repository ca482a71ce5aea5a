"""Charts of a template stay as their makers drew them, for every program that reads them."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pytest

from kars_xl.template.layout.evaluate import evaluate
from kars_xl.template.layout.expand import expand
from kars_xl.template.nodes import Node
from kars_xl.template.source.read import load
from tests.helpers.chart_bench import (
    BLOCKS,
    COSTS,
    NESTED,
    XDR,
    A,
    C,
    bars,
    charts,
    drawn,
    inserted,
    parts,
    references,
    stacked,
    words,
)
from tests.helpers.oracles import convert, not_there
from tests.helpers.template_bench import CREATED, Bench, Filled, grow, write


def _doughnut(book: Any, sheet: Any) -> None:
    chart = book.add_chart({"type": "doughnut"})
    labels = {"percentage": True, "category": True, "leader_lines": True, "separator": "\n"}
    points = [{"fill": {"color": "#17374B"}}, {"pattern": {"pattern": "percent_20", "fg_color": "black"}}]
    chart.add_series({**COSTS, "data_labels": labels, "points": points})
    chart.set_hole_size(60)
    sheet.insert_chart("D1", chart, {"decorative": True})


def _line(book: Any, sheet: Any) -> None:
    chart = book.add_chart({"type": "line"})
    line = {"color": "#5B6B76", "dash_type": "dash", "width": 2}
    chart.add_series({**COSTS, "marker": {"type": "diamond"}, "line": line, "trendline": {"type": "linear"}})
    other = book.add_chart({"type": "column"})
    other.add_series({**COSTS, "y2_axis": True})
    chart.combine(other)
    sheet.insert_chart("D1", chart)


def _without_data(chart: ElementTree.Element) -> str:
    """A chart's XML without references and cached values: how it looks."""
    for parent in list(chart.iter()):
        for child in [c for c in parent if c.tag == f"{C}f" or c.tag.endswith("Cache")]:
            parent.remove(child)
        if parent.tag in (f"{C}strRef", f"{C}numRef"):
            parent.tag = f"{C}ref"  # words in the template may be numbers in the output
    return ElementTree.canonicalize(ElementTree.tostring(chart, encoding="unicode"))


@pytest.mark.parametrize("draw", [stacked, _doughnut, _line])
def test_a_chart_keeps_the_looks_that_it_has_in_the_template(
    bench: Bench, three: Node, tmp_path: Path, draw: Callable[[Any, Any], None]
) -> None:
    template = drawn(tmp_path, draw)
    filled = bench.fill_file(three, template)
    assert [_without_data(c) for c in charts(filled.path)] == [_without_data(c) for c in charts(template)]
    (ours,), (theirs,) = (
        [d[0].find(f".//{XDR}ext") for d in parts(p, "xl/drawings/drawing")] for p in (filled.path, template)
    )
    assert (ours is None) == (theirs is None)


def test_alt_texts_and_decorative_charts(bench: Bench, three: Node, tmp_path: Path) -> None:
    filled = bench.fill_file(three, drawn(tmp_path, stacked))
    (label,) = parts(filled.path, "xl/drawings/drawing")[0].iter(f"{XDR}cNvPr")
    assert label.get("descr") == "KARS & ÇEVRESİ giderleri"
    filled = bench.fill_file(three, drawn(tmp_path, _doughnut))
    drawing = parts(filled.path, "xl/drawings/drawing")[0]
    assert [e.get("val") for e in drawing.iter() if e.tag.endswith("}decorative")] == ["1"]


def test_colours_and_fonts_of_the_theme_are_spelled_out(bench: Bench, three: Node, tmp_path: Path) -> None:
    """The output has another theme than the template: what leans on it would change its colour."""
    template = drawn(tmp_path, lambda book, sheet: inserted(book, sheet, {"type": "pie"}))
    ours = tmp_path / "theme.xlsx"
    fill = '<c:spPr><a:solidFill><a:schemeClr val="{}"><a:lumMod val="75000"/></a:schemeClr></a:solidFill></c:spPr>'
    with zipfile.ZipFile(template) as source, zipfile.ZipFile(ours, "w") as target:
        for name in source.namelist():
            data = source.read(name).decode()
            if name == "xl/theme/theme1.xml":
                data = data.replace("4F81BD", "123456").replace(
                    '<a:latin typeface="Calibri"/>', '<a:latin typeface="Arial"/>'
                )
            if name == "xl/charts/chart1.xml":
                font = '<a:defRPr><a:latin typeface="+mn-lt"/></a:defRPr>'
                words = f"<c:txPr><a:bodyPr/><a:p><a:pPr>{font}</a:pPr></a:p></c:txPr>"
                data = data.replace("<c:printSettings>", fill.format("accent1") + words + "<c:printSettings>")
            target.writestr(name, data)
    (chart,) = charts(bench.fill_file(three, ours).path)
    assert [(e.get("val"), e[0].get("val")) for e in chart.iter(f"{A}srgbClr")] == [("123456", "75000")]
    assert not list(chart.iter(f"{A}schemeClr"))
    assert [e.get("typeface") for e in chart.iter(f"{A}latin")] == ["Arial"]


def test_a_placeholder_broken_over_runs(bench: Bench, three: Node, tmp_path: Path) -> None:
    """Excel's spelling checker cuts `{{ yil }}` in pieces."""
    template = drawn(tmp_path, lambda book, sheet: inserted(book, sheet, {"type": "bar"}).set_title({"name": "@"}))
    broken = tmp_path / "broken.xlsx"
    with zipfile.ZipFile(template) as source, zipfile.ZipFile(broken, "w") as target:
        for name in source.namelist():
            data = source.read(name).decode()
            run = "<a:r><a:t>{}</a:t></a:r>"
            pieces = "".join(run.format(piece) for piece in ("{{ ", "yil", " }} yılı"))
            target.writestr(name, data.replace('<a:r><a:rPr lang="en-US"/><a:t>@</a:t></a:r>', pieces))
    (chart,) = charts(bench.fill_file(three, broken).path)
    assert words(chart).replace("|", "") == "2024 yılı"


def test_the_same_bytes_every_time(three: Node, tmp_path: Path) -> None:
    template = load(drawn(tmp_path, stacked))
    written = []
    for name in ("bir.xlsx", "iki.xlsx"):
        layout = expand(template, three)
        evaluate(layout)
        write(layout, tmp_path / name, CREATED)
        written.append((tmp_path / name).read_bytes())
    assert written[0] == written[1]


def test_the_rendered_page_shows_the_rows_that_were_added(bench: Bench, tmp_path: Path) -> None:
    """LibreOffice draws the chart from the cells: labels of all activities, in a union of ranges too."""

    def dress(book: Any) -> None:
        sheet = book["S"]
        sheet.column_dimensions["A"].hidden = sheet.column_dimensions["B"].hidden = True
        bars(sheet, "D1", ("S!$A$3:$A$3", "S!$B$3:$B$3"), title="Giderler")
        chart = sheet._charts[0]
        chart.plot_visible_only = False
        chart.x_axis.delete = chart.y_axis.delete = False

    root = grow({"1": {"Köprü": 11.0, "Yol": 22.0}, "2": {"Park": 33.0}})
    shown = page(bench.fill(root, BLOCKS, NESTED, dress), tmp_path)
    assert all(word in shown for word in ("Giderler", "Köprü", "Yol", "Park"))


def test_a_template_saved_by_libreoffice(bench: Bench, three: Node, tmp_path: Path) -> None:
    (saved,) = convert([drawn(tmp_path, stacked)], tmp_path)
    (chart,) = charts(bench.fill_file(three, saved).path)
    assert [found.replace("$", "") for found in references(chart)] == ["S!A2:A4", "S!B2:B4"]
    assert next(chart.iter(f"{C}ser")).findtext(f"{C}tx/{C}v") == "Gider"


def page(filled: Filled, folder: Path) -> str:
    """The words on the pages that LibreOffice makes of a workbook."""
    if shutil.which("pdftotext") is None:
        not_there("pdftotext (poppler-utils) is not installed")
    (pdf,) = convert([filled.path], folder, "pdf")
    return subprocess.run(["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True, text=True).stdout


def test_openpyxl_reads_what_was_written(bench: Bench, three: Node, tmp_path: Path) -> None:
    path = bench.fill_file(three, drawn(tmp_path, stacked)).path
    (chart,) = openpyxl.load_workbook(path)["S"]._charts
    assert chart.grouping == "percentStacked"
    assert chart.series[0].val.numRef.f == "S!$B$2:$B$4"
