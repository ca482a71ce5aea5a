"""Forms as real workbooks, from the tables of `forms` and with cells of one's choice: what a unit sends."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

import xlsxwriter
from msgspec.structs import replace

from kars_xl.base.money import UnreadableNumber, read_number
from kars_xl.base.place import Place
from kars_xl.findings.finding import Finding, Merged
from kars_xl.merging.consolidate import consolidate
from kars_xl.model.programme import Unit
from kars_xl.pipeline import check_forms
from kars_xl.reading.files import read_files
from kars_xl.reading.grid import open_grid
from kars_xl.reading.recognise import recognise
from kars_xl.reading.tables import Document
from kars_xl.workbook.nodes.programme import programme_tree
from kars_xl.workbook.render import PLAN_TEMPLATE, render, template_path
from tests.helpers.form_tables import MATRIX, cost_table, target_table
from tests.helpers.repository import INPUTS

FEN, ZABITA = "Fen İşleri Müdürlüğü", "Zabıta Müdürlüğü"
FEN_FILE, ZABITA_FILE = "fen_isleri_mudurlugu.xlsx", "zabita_mudurlugu.xlsx"
ITFAIYE_FILE, FINANCE_FILE = "itfaiye_mudurlugu.xlsx", "tablo_11_mali_hizmetler.xlsx"
ROAD, BRIDGE = "F.1.1.1\tYol yapımı\t60.000,00", "F.1.1.2\tKöprü yapımı\t0,00"
TARGET, COSTS = target_table(ROAD), cost_table("Yol yapımı")


def write(
    path: Path,
    tables: Iterable[str],
    changes: Mapping[Place, object] | None = None,
    *,
    sheet: str = "PH 1.1",
    identity: Iterable[str] = (),
    hidden_row: int = 0,
) -> Path:
    """A workbook with `tables` on one sheet, some cells changed; in `changes` a formula has its result after a tab."""
    with xlsxwriter.Workbook(str(path)) as book:
        book.set_properties({"created": datetime(2024, 1, 1)})  # the same bytes each time
        if lines := list(identity):
            _fill(book, "Kimlik", lines, {})
        filled = _fill(book, sheet, "\n".join(tables).split("\n"), changes or {})
        if hidden_row:
            filled.set_row(hidden_row - 1, None, None, {"hidden": True})
    return path


def _fill(
    book: xlsxwriter.Workbook, name: str, lines: Iterable[str], changes: Mapping[Place, object]
) -> xlsxwriter.worksheet.Worksheet:
    sheet = book.add_worksheet(name)
    values = {(place.row - 1, place.column - 1): value for place, value in changes.items()}
    for row, line in enumerate(lines):
        for column, text in enumerate(line.split("\t")):
            if (row, column) not in values:
                _write_text(book, sheet, row, column, text)
    for (row, column), value in values.items():
        if isinstance(value, datetime):
            sheet.write_datetime(row, column, value, book.add_format({"num_format": "dd.mm.yyyy"}))
        elif isinstance(value, str) and value.startswith("="):
            formula, _, result = value.partition("\t")
            sheet.write_formula(row, column, formula, None, result)
        else:
            sheet.write(row, column, value)
    return sheet


def _write_text(
    book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet, row: int, column: int, text: str
) -> None:
    """`text` as Excel takes it when typed: figures as numbers, percentages as such."""
    try:
        number = read_number(text)
    except UnreadableNumber:
        number = None
    if number is None:
        sheet.write_string(row, column, text)
    elif number.percent:
        sheet.write_number(row, column, float(number.value / 100), book.add_format({"num_format": "0%"}))
    else:
        sheet.write_number(row, column, float(number.value))


def form(folder: Path, *tables: str, name: str = FEN_FILE, unit: str = FEN, revision: int = 0) -> Path:
    identity = (f"Harcama Birimi\t{unit}", "Program Yılı\t2024", f"Revizyon No\t{revision}")
    return write(folder / name, tables or (TARGET, COSTS), identity=identity)


def finance(folder: Path, text: str = MATRIX) -> Path:
    return write(folder / FINANCE_FILE, [text], sheet="Tablo 11")


def real_forms(folder: Path, *names: str) -> Path:
    """Copies of real files of 2024, to be spoiled, in `gelen` in a folder."""
    target = folder / "gelen"
    target.mkdir()
    for name in names:
        shutil.copy(INPUTS / name, target)
    return target


def read(*paths: Path) -> list[Document]:
    return [recognise(open_grid(str(path))) for path in paths]


def checked(*paths: Path, plan: Merged | None = None, latest: bool = False) -> Iterable[Finding]:
    reading = read_files([str(path) for path in paths])
    reading.plan, reading.plan_file = plan, "plan.xlsx" if plan else ""
    return check_forms(reading, latest=latest).findings


def plan_of_two_units(path: Path, **mails: str) -> Path:
    """A plan of what the forms of Fen and Zabıta hold; mails by "fen" and "zabita"."""
    path.mkdir(parents=True, exist_ok=True)
    merged = consolidate(read(form(path), form(path, name="zabita.xlsx", unit=ZABITA)))
    units = (Unit(FEN, mails.get("fen", "")), Unit(ZABITA, mails.get("zabita", "")))
    shutil.rmtree(path)
    target = path / "plan.xlsx"
    assert not render(template_path(PLAN_TEMPLATE), programme_tree(replace(merged.programme, units=units)), str(target))
    return target
