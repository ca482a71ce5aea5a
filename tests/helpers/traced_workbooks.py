"""What tests of the trace share: the command, small programmes, and the cells of forms as openpyxl reads them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path

import openpyxl

from kars_xl.model.cost_rows import CostRow
from kars_xl.pipeline import merge
from kars_xl.reading.grid import open_grid
from kars_xl.reading.grid.cells import Cell
from kars_xl.reading.recognise import recognise
from kars_xl.reading.tables import Document
from kars_xl.reports.trace.book import Address
from kars_xl.reports.trace.facts import Origin
from tests.helpers.form_files import finance

FMT, PHT, IPT, TKT = (
    "Faaliyet Maliyetleri",
    "Performans Hedefleri",
    "İdare Performans Tablosu",
    "Toplam Kaynak İhtiyacı",
)
GRAND_TOTAL = Decimal("603349000")


def address(cell: Cell) -> Address:
    return cell.sheet, cell.row, cell.column


def total_of(document: Document, label: str, part: str = "total") -> str:
    place = getattr(document.summaries[0].totals[label].amounts, part).place
    return f"{place.sheet}!{place.cell}"


def in_forms(origins: Iterable[Origin], folder: Path) -> Iterator[object]:
    """What openpyxl finds in the forms' cells."""
    books = {path.name: openpyxl.load_workbook(path, data_only=True) for path in folder.glob("*.xlsx")}
    for origin in origins:
        yield books[origin.row.file][origin.row.sheet][origin.cell].value


def with_values(workbook: Path, target: Path, changes: dict[str, object]) -> Path:
    opened = openpyxl.load_workbook(workbook)
    for where, value in changes.items():
        sheet, _, cell = where.rpartition("!")
        opened[sheet][cell] = value
    opened.save(target)
    return target


def folder_in(tmp_path: Path) -> Path:
    folder = tmp_path / "gelen"
    folder.mkdir(exist_ok=True)
    return folder


def merged_of(tmp_path: Path, *forms: Path, template: str | None = None) -> Path:
    output = tmp_path / "program.xlsx"
    paths = [str(path) for path in (*forms, finance(folder_in(tmp_path)))]
    outcome = merge(paths, str(output), template=template)
    assert outcome.written, [found.message for found in outcome.findings]
    return output


def road(output: Path) -> str:
    """The road's cost under code 3 in the merged workbook."""
    place = recognise(open_grid(str(output))).costs[0].amounts[CostRow(3)].place
    return f"{place.sheet}!{place.cell}"


def leaves(node: dict) -> list[dict]:
    return node.get("sources", []) + [source for child in node.get("children", []) for source in leaves(child)]
