"""The grid reader on real files of every kind: addresses, formulas and their results, errors, formats, hiding."""

from __future__ import annotations

import zipfile
from decimal import Decimal
from pathlib import Path

import docx
import openpyxl
import pytest
import xlsxwriter

from kars_xl.reading.grid import ExcelError, Grid, UnreadableFile, open_grid
from kars_xl.reading.grid.cells import Unknown, Unseen
from tests.helpers.form_tables import workbook
from tests.helpers.oracles import convert


def cells(grid: Grid) -> dict[str, object]:
    return {cell.place.cell: cell.value for cell in grid.sheets[0].cells.values()}


EXPECTED = {
    "B2": "Öğe",
    "C2": Decimal("1.1"),
    "C3": Decimal("2.2"),
    "B4": ExcelError("#DIV/0!"),
    "C4": Decimal("70000000000.01"),
}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Written without results, so that LibreOffice computes them."""
    book = openpyxl.Workbook()
    book.active.title = "Sayfa"
    for cell, value in {"B2": "Öğe", "C2": 1.1, "C3": "=C2*2", "B4": "=1/0", "C4": 70_000_000_000.01}.items():
        book.active[cell] = value
    path = tmp_path_factory.mktemp("grid") / "a.xlsx"
    book.save(path)
    return path


@pytest.mark.parametrize("kind", ["xlsx", "ods", "xls"])
def test_cells_keep_address_value_and_error_in_every_format(written: Path, tmp_path: Path, kind: str) -> None:
    grid = open_grid(str(convert([written], tmp_path, kind)[0]))
    assert cells(grid) == EXPECTED
    assert grid.sheets[0].name == "Sayfa"
    assert len(grid.digest) == 64


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_a_formula_is_read_as_formula_and_value(written: Path, tmp_path: Path, kind: str) -> None:
    grid = open_grid(str(convert([written], tmp_path, kind)[0]))
    formulas = {cell.place.cell for cell in grid.sheets[0].cells.values() if cell.formula}
    assert formulas == {"C3", "B4"}


def test_a_formula_saved_without_result_is_computed(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "=30000+15000"
    book.active["A2"] = "=A1*2"
    book.active["A3"] = "=[1]Sayfa1!A1"
    book.active["A4"] = "=BILINMEYEN(1)"
    book.save(tmp_path / "a.xlsx")
    found = cells(open_grid(str(tmp_path / "a.xlsx")))
    assert (found["A1"], found["A2"]) == (Decimal(45000), Decimal(90000))
    assert (found["A3"], found["A4"]) == (Unknown("=[1]Sayfa1!A1"), Unknown())


def test_formats_and_hidden_rows_columns_and_sheets(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("A")
        sheet.write_number(0, 0, 0.2, book.add_format({"num_format": "0%"}))
        sheet.write_number(1, 0, 45000, book.add_format({"num_format": "dd.mm.yyyy"}))
        sheet.write_number(2, 0, 5, book.add_format({"num_format": '#,##0.00 "d"'}))
        sheet.write_number(3, 3, 5)
        sheet.set_row(0, options={"hidden": True})
        sheet.set_column(3, 3, options={"hidden": True})
        other = book.add_worksheet("B")
        other.write_number(0, 0, 1)
        other.hide()
    grid = open_grid(str(path))
    first = {cell.place.cell: cell for cell in grid.sheets[0].cells.values()}
    assert (first["A1"].is_percent, first["A1"].unseen) == (True, Unseen.HIDDEN)
    assert (first["A2"].is_date, first["A2"].unseen) == (True, "")
    assert not first["A3"].is_date
    assert first["D4"].unseen
    assert grid.sheets[1].cells[1, 1].unseen


def test_rich_text_is_joined_and_escapes_are_undone(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        sheet.write_rich_string(0, 0, "Kömür ", bold, "alımı")
        sheet.write_string(1, 0, "iki\nsatır_x000D_")
    assert list(cells(open_grid(str(path))).values()) == ["Kömür alımı", "iki\nsatır_x000D_"]


def test_a_used_range_of_the_whole_sheet_costs_nothing(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"S": [[1]]})
    book = openpyxl.load_workbook(path)
    book.active["XFD1048576"] = 3
    book.save(path)
    assert cells(open_grid(str(path))) == {"A1": Decimal(1), "XFD1048576": Decimal(3)}


def test_text_files_have_their_lines_as_rows(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes("Kod;Tutar\r\nF.1.1.1;1.000,50".encode("cp1254"))
    (tmp_path / "b.tsv").write_text("\n\nŞube\t5", encoding="utf-8")
    assert cells(open_grid(str(tmp_path / "a.csv"))) == {"A1": "Kod", "B1": "Tutar", "A2": "F.1.1.1", "B2": "1.000,50"}
    assert cells(open_grid(str(tmp_path / "b.tsv"))) == {"A3": "Şube", "B3": "5"}


def test_tables_of_a_word_file_are_rows(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("Başlık")
    table = document.add_table(2, 3)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "İdare Adı"
    table.cell(0, 2).text = "Kars"
    table.cell(1, 1).text = "5"
    document.save(str(tmp_path / "a.docx"))
    assert cells(open_grid(str(tmp_path / "a.docx"))) == {"A1": "Başlık", "A2": "İdare Adı", "C2": "Kars", "B3": "5"}


def test_a_locked_workbook_and_an_entity_bomb_are_told_apart_from_damage(tmp_path: Path) -> None:
    locked = tmp_path / "kilitli.xlsx"
    locked.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512 + "EncryptedPackage".encode("utf-16-le"))
    good = workbook(tmp_path / "a.xlsx", {"S": [["x"]]})
    bomb = tmp_path / "bomba.xlsx"
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(bomb, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name.endswith("sharedStrings.xml"):
                data = data.replace(b"<sst", b'<!DOCTYPE x [<!ENTITY a "aaaa">]><sst', 1)
            target.writestr(name, data)
    for path, code in ((locked, "KX002"), (bomb, "KX003")):
        with pytest.raises(UnreadableFile) as caught:
            open_grid(str(path))
        assert caught.value.code == code
