"""What is seen is what is read: the look of a cell, merged cells and packages, in files that real libraries wrote."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from openpyxl.styles import Color, Font, PatternFill
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from kars_xl.base.place import Place
from kars_xl.reading.cell_values import CellReader
from kars_xl.reading.grid import Grid, UnreadableFile, open_grid
from kars_xl.reading.grid.cells import Cell, Unseen
from tests.helpers.oracles import convert

AMOUNT = (2, 3)


def made(path: Path, change: Callable[[Any, Any], None] = lambda *_: None) -> Path:
    """A sheet with two rows that each take an amount, changed."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (("", "Tür", "2024"), (1, "Personel", 225000), (2, "Faiz", 5)):
        sheet.append(row)
    change(book, sheet)
    book.save(path)
    return path


def amount_of(grid: Grid) -> tuple[int | None, list[str]]:
    """(kuruş, codes of the findings) of the amount."""
    reader = CellReader()
    found = reader.amount(grid.sheets[0].cells[AMOUNT], Place(""), "FMT", "F.1")
    return found.kurus, [item.code for item in reader.findings]


def look(**parts: Any) -> Callable[[Any, Any], None]:
    def change(book: Any, sheet: Any) -> None:
        for name, value in parts.items():
            setattr(sheet["C2"], name, value)

    return change


def hidden_and_merged(book: Any, sheet: Any) -> None:
    sheet.merge_cells("C2:C3")
    sheet.row_dimensions[3].hidden = True


def solid(**colour: Any) -> PatternFill:
    return PatternFill("solid", fgColor=Color(**colour))


UNSEEN: dict[str, tuple[Callable[[Any, Any], None], Unseen | str]] = {
    "plain": (look(), ""),
    "white": (look(font=Font(color="FFFFFFFF")), Unseen.COLOUR),
    "white theme": (look(font=Font(color=Color(theme=0))), Unseen.COLOUR),
    "white index": (look(font=Font(color=Color(indexed=9))), Unseen.COLOUR),
    "black theme, all lightened": (look(font=Font(color=Color(theme=1, tint=1.0))), Unseen.COLOUR),
    "format's white": (look(number_format="[White]#,##0"), Unseen.COLOUR),
    "yellow on yellow": (look(font=Font(color="FFFFFF00"), fill=solid(rgb="FFFFFF00")), Unseen.COLOUR),
    "black on black": (look(fill=solid(theme=1)), Unseen.COLOUR),
    "nearly white": (look(font=Font(color="FFFEFEFE")), Unseen.COLOUR),
    "white on blue": (look(font=Font(color="FFFFFFFF"), fill=solid(rgb="FF17374B")), ""),
    "black on white": (look(fill=solid(indexed=9)), ""),
    "grey": (look(font=Font(color=Color(theme=0, tint=-0.5))), ""),
    "red": (look(font=Font(color="FFFF0000")), ""),
    "struck": (look(font=Font(strike=True)), Unseen.STRUCK),
    "hidden row": (lambda book, sheet: setattr(sheet.row_dimensions[2], "hidden", True), Unseen.HIDDEN),
    "hidden column": (lambda book, sheet: setattr(sheet.column_dimensions["C"], "hidden", True), Unseen.HIDDEN),
    "low row": (lambda book, sheet: setattr(sheet.row_dimensions[2], "height", 0.1), Unseen.HIDDEN),
    "narrow column": (lambda book, sheet: setattr(sheet.column_dimensions["C"], "width", 0.1), Unseen.HIDDEN),
}


@pytest.mark.parametrize("kind", UNSEEN)
def test_why_nobody_sees_an_amount(kind: str, tmp_path: Path) -> None:
    change, unseen = UNSEEN[kind]
    grid = open_grid(str(made(tmp_path / "a.xlsx", change)))
    assert grid.sheets[0].cells[AMOUNT].unseen == unseen
    assert amount_of(grid) == (22_500_000, ["KX109"] if unseen else [])


OFFICE = {
    "plain": (look(), []),
    "format": (look(number_format=";;;"), ["KX109"]),
    "scaled": (look(number_format="#,##0,"), ["KX109"]),
    "white": (look(font=Font(color="FFFFFFFF")), ["KX109"]),
    "struck": (look(font=Font(strike=True)), ["KX109"]),
    "hidden row": (lambda book, sheet: setattr(sheet.row_dimensions[2], "hidden", True), ["KX109"]),
    "three zeros": (look(number_format='#,##0".000"'), ["KX120"]),
    "thousands": (look(number_format='#,##0" Bin TL"'), ["KX120"]),
    "dollars": (look(number_format="[$$-409]#,##0.00"), ["KX120"]),
    "percent": (look(number_format="0%"), ["KX120"]),
    "lira": (look(number_format="#,##0.00 [$₺-41F]"), []),
    "accounting": (look(number_format='_-* #,##0.00\\ "TL"_-;\\-* #,##0.00\\ "TL"_-;_-* "-"??\\ "TL"_-;_-@_-'), []),
    "date": (look(number_format="dd.mm.yyyy"), ["KX107"]),
    "duration": (look(number_format="[h]:mm"), ["KX107"]),
    "merged over two rows": (lambda book, sheet: sheet.merge_cells("C2:C3"), ["KX121"]),
    "merged over a hidden row": (hidden_and_merged, ["KX121"]),
    "merged over two columns": (lambda book, sheet: sheet.merge_cells("C2:D2"), []),
}


@pytest.mark.parametrize("kind", OFFICE)
@pytest.mark.parametrize("suffix", ["xlsx", "ods", "xls"])
def test_the_same_is_said_whatever_program_kept_it(kind: str, suffix: str, tmp_path: Path) -> None:
    change, codes = OFFICE[kind]
    path = made(tmp_path / "a.xlsx", change)
    if suffix != "xlsx":
        path = convert([path], tmp_path, suffix)[0]
    assert amount_of(open_grid(str(path)))[1] == codes


def test_a_merge_over_rows_is_refused_only_where_each_has_a_label(tmp_path: Path) -> None:
    def labels_too(book: Any, sheet: Any) -> None:
        for column in "ABC":
            sheet.merge_cells(f"{column}2:{column}3")

    assert amount_of(open_grid(str(made(tmp_path / "a.xlsx", labels_too)))) == (22_500_000, [])


def test_what_a_merge_covers_is_not_seen(tmp_path: Path) -> None:
    path = made(tmp_path / "a.xlsx", lambda book, sheet: sheet.merge_cells("E1:F1"))
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    name = "xl/worksheets/sheet1.xml"
    parts[name] = parts[name].replace(b"E1:F1", b"B2:C2")
    with zipfile.ZipFile(path, "w") as package:
        for part, data in parts.items():
            package.writestr(part, data)
    assert amount_of(open_grid(str(path))) == (22_500_000, ["KX109"])


def test_rich_text_that_is_half_struck_or_raised_is_no_figure(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        struck, raised = book.add_format({"font_strikeout": True}), book.add_format({"font_script": 1})
        bold = book.add_format({"bold": True})
        for row, parts in enumerate(
            [("225", struck, "300"), ("225", raised, "1"), ("225", bold, "300"), ("m", raised, "²")]
        ):
            sheet.write_rich_string(row, 0, *parts)
    cells = open_grid(str(path)).sheets[0].cells
    assert [cells[row, 1].unseen for row in range(1, 5)] == [Unseen.MIXED, Unseen.MIXED, "", ""]
    reader = CellReader()
    kurus = [reader.amount(cells[row, 1], Place(""), "FMT", "").kurus for row in (1, 2, 3)]
    assert kurus == [None, None, 22_530_000]
    assert [item.code for item in reader.findings] == ["KX103", "KX103", "KX102"]


@pytest.mark.parametrize("suffix", ["xlsx", "ods", "xls"])
@pytest.mark.parametrize("how", [{"hidden": True}, {"height": 0}], ids=str)
def test_a_half_struck_text_is_no_figure_where_it_is_hidden(how: dict[str, Any], suffix: str, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_rich_string("C2", "9.371", book.add_format({"font_strikeout": True}), ".937")
        sheet.set_row(1, how.get("height"), None, {"hidden": how.get("hidden", False)})
    if suffix != "xlsx":
        path = convert([path], tmp_path, suffix)[0]
    assert amount_of(open_grid(str(path))) == (None, ["KX103"])


@pytest.mark.parametrize("epoch", [None, CALENDAR_MAC_1904])
def test_a_date_is_quoted_in_the_date_system_of_its_file(epoch: datetime | None, tmp_path: Path) -> None:
    def dated(book: Any, sheet: Any) -> None:
        book.epoch = epoch or book.epoch
        sheet["C2"] = datetime(2024, 5, 12)

    grid = open_grid(str(made(tmp_path / "a.xlsx", dated)))
    assert grid.sheets[0].cells[AMOUNT].day == "12.05.2024"


@pytest.mark.parametrize(
    ("form", "value", "shown"),
    [
        ("[h]:mm", "1.5", "36:00"),
        ("h:mm", "0.25", "6:00"),
        ("dd.mm.yyyy", "3", "03.01.1900"),
        ("mmm yy", "45000", "15.03.2023"),
    ],
)
def test_days_and_durations_as_they_are_quoted(form: str, value: str, shown: str) -> None:
    assert Cell("a", "", 1, 1, Decimal(value), number_format=form).day == shown


def repacked(path: Path, names: Callable[[str], str], change: Callable[[bytes], bytes] = lambda data: data) -> Path:
    with zipfile.ZipFile(path) as package:
        parts = {names(name): change(package.read(name)) for name in package.namelist()}
    with zipfile.ZipFile(path, "w") as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return path


@pytest.mark.parametrize(
    "names",
    [str.upper, lambda name: name.replace("/", "\\"), lambda name: name.replace("sheet1", "sheet%31")],
    ids=["capitals", "backslashes", "escapes"],
)
def test_parts_are_found_however_they_are_spelt(names: Callable[[str], str], tmp_path: Path) -> None:
    grid = open_grid(str(repacked(made(tmp_path / "a.xlsx"), names)))
    assert amount_of(grid) == (22_500_000, [])


@pytest.mark.parametrize("stored", ["225_000", "٢٢٥", "2e5x"])
def test_what_excel_takes_for_no_number_is_none(stored: str, tmp_path: Path) -> None:
    def spoil(data: bytes) -> bytes:
        return re.sub(rb"<v>225000</v>", f"<v>{stored}</v>".encode(), data)

    grid = open_grid(str(repacked(made(tmp_path / "a.xlsx"), str, spoil)))
    assert amount_of(grid) == (None, ["KX103"])


def test_an_iso_date_is_a_date(tmp_path: Path) -> None:
    def spoil(data: bytes) -> bytes:
        return re.sub(rb't="n"><v>225000</v>', b't="d"><v>2024-01-05</v>', data)

    grid = open_grid(str(repacked(made(tmp_path / "a.xlsx"), str, spoil)))
    assert grid.sheets[0].cells[AMOUNT].day == "05.01.2024"
    assert amount_of(grid) == (None, ["KX107"])


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1254", "cp857"])
def test_the_separator_of_a_csv_is_the_one_that_shows_its_table(separator: str, encoding: str, tmp_path: Path) -> None:
    others = "".join({";", ",", "\t"} - {separator}) * 40
    rows = [("Faaliyet Adı", f'"Yağmur {others} işi"'), ("Personel Giderleri", '"1.000,50"'), ("Faiz Giderleri", "5")]
    path = tmp_path / "a.csv"
    path.write_bytes("\r\n".join(separator.join(row) for row in rows).encode(encoding))
    cells = open_grid(str(path)).sheets[0].cells
    assert {at: cell.value for at, cell in cells.items() if at[0] > 1} == {
        (2, 1): "Personel Giderleri",
        (2, 2): "1.000,50",
        (3, 1): "Faiz Giderleri",
        (3, 2): "5",
    }
    assert cells[1, 1].value == "Faaliyet Adı"


def test_a_csv_may_name_its_separator(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"sep=|\r\na|b;c\r\n")
    cells = open_grid(str(tmp_path / "a.csv")).sheets[0].cells
    assert {at: cell.value for at, cell in cells.items()} == {(1, 1): "a", (1, 2): "b;c"}


def test_an_open_quote_is_no_cell(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('a;"b;c\nd;e\n', encoding="utf-8")
    with pytest.raises(UnreadableFile, match="tırnağı"):
        open_grid(str(tmp_path / "a.csv"))
