"""Faults that once passed without a word, or with a wrong one: spaces for a blank, spellings of a unit, two plans."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import docx
import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from kars_xl.base.text import read_revision
from kars_xl.model.cost_rows import CostRow
from kars_xl.pipeline import check, merge
from kars_xl.reading.files import read_files
from kars_xl.reading.grid.cells import leads_outside
from tests.helpers.form_files import COSTS, FEN, FEN_FILE, TARGET, ZABITA_FILE, checked, finance, form, read, write
from tests.helpers.form_tables import cost_table, target_table


@pytest.fixture
def gelen(inputs: Path, tmp_path: Path) -> Path:
    """A copy of the real forms, to be spoiled."""
    return Path(shutil.copytree(inputs, tmp_path / "gelen"))


def edit(path: Path, sheet: str, change: Callable[[Worksheet], None]) -> None:
    book = openpyxl.load_workbook(path)
    change(book[sheet])
    book.save(path)


@pytest.mark.parametrize("blank", [" ", "\u00a0", "\u200b", "  \n "])
def test_what_was_cleared_with_the_space_bar_is_blank(blank: str, tmp_path: Path) -> None:
    path = write(tmp_path / FEN_FILE, [TARGET, COSTS])
    (document,) = read(path)
    indicator = document.targets[0].indicators[0].places[2]
    costs = document.costs[0]
    amounts = {amount.place: blank for amount in costs.amounts.values()}
    found = {(item.code, item.place.cell) for item in checked(write(path, [TARGET, COSTS], {indicator: blank}))}
    assert ("KX101", indicator.cell) in found
    found = {(item.code, item.table) for item in checked(write(path, [TARGET, COSTS], amounts))}
    assert ("KX101", "FMT") in found


@pytest.mark.parametrize("other", ["FEN İŞLERİ MÜDÜRLÜĞÜ", "Fen İşleri Müd.", "Fen işleri md"])
def test_two_spellings_of_a_unit_are_one_unit(other: str, tmp_path: Path) -> None:
    form(tmp_path, target_table("F.1.1.1\tYol yapımı\t10,00"), cost_table("Yol yapımı", "10,00"))
    tables = target_table("F.1.1.2\tÇit örme\t20,00"), cost_table("Çit örme", "20,00", unit=other)
    form(tmp_path, *tables, name=ZABITA_FILE, unit=other)
    finance(tmp_path)
    outcome = check([str(tmp_path)])
    assert outcome.merged is not None
    assert [unit.name for unit in outcome.merged.programme.units] == [FEN]
    assert {item.sender.unit.name for item in outcome.merged.contributions} == {FEN}


@pytest.mark.parametrize(
    ("unit", "second"),
    [("Fen İşleri Müd.", True), ("", True), ("Zabıta Müdürlüğü", False)],
)
def test_the_same_money_twice_is_an_error_however_the_unit_is_spelt(unit: str, second: bool, tmp_path: Path) -> None:
    """Once more under another spelling, or without a Kimlik sheet and with two units in charge."""
    form(tmp_path)
    if unit:
        form(tmp_path, TARGET, cost_table("Yol yapımı", unit=unit), name="yine.xlsx", unit=unit)
    else:
        write(tmp_path / "yine.xlsx", [TARGET, cost_table("Yol yapımı", unit=f"Zabıta Müdürlüğü; {FEN}")])
    finance(tmp_path)
    found = check([str(tmp_path)])
    assert ("KX204" in {item.code for item in found.findings}) is second
    latest = check([str(tmp_path)], latest=True)
    assert "KX204" in {item.code for item in latest.findings} or not second


def test_a_revision_below_zero_is_none() -> None:
    assert [read_revision(text) for text in ("-1", "−1", " -2", "Rev-2", "Rev. 3", "0")] == [None, None, None, 2, 3, 0]


def test_a_fault_in_one_form_hides_none_in_another(gelen: Path) -> None:
    """Two units share an activity; one has a bad figure in its cost table, the other no cost table at all."""
    code = "F.1.1.1\tYol yapımı\t60.000,00"
    folder = gelen.parent / "iki"
    folder.mkdir()
    place = read(write(folder / "a.xlsx", [TARGET, COSTS]))[0].costs[0].amounts[CostRow(3)].place
    write(folder / "a.xlsx", [TARGET, COSTS], {place: "çok"})
    write(folder / "b.xlsx", [target_table(code)])
    found = {(item.code, Path(item.place.file).name) for item in checked(folder / "a.xlsx", folder / "b.xlsx")}
    assert {("KX103", "a.xlsx"), ("KX302", "b.xlsx")} <= found
    assert ("KX302", "a.xlsx") not in found


def test_a_value_whose_year_lost_its_heading_is_named(gelen: Path, tmp_path: Path) -> None:
    path = gelen / FEN_FILE
    name = next(title for title in openpyxl.load_workbook(path).sheetnames if title.startswith("PH"))
    row = read(path)[0].targets[0].indicators[0].places[0]

    def clear(sheet: Worksheet) -> None:
        heading = next(cell for cell in sheet[row.row - 1] if cell.column == row.column)
        heading.value = None

    edit(path, name, clear)
    found = {(item.code, item.place.cell) for item in check([str(gelen)]).findings}
    assert ("KX113", row.cell) in found


def test_of_several_plans_the_one_called_so_counts_and_the_others_are_told(gelen: Path) -> None:
    edit(gelen / "plan.xlsx", "Kurum", lambda sheet: None)
    shutil.copy(gelen / "plan.xlsx", gelen / "plan (eski).xlsx")
    shutil.copy(gelen / "plan.xlsx", gelen / "z plan.xlsx")
    reading = read_files([str(gelen)])
    assert reading.plan_file == str(gelen / "plan.xlsx")
    told = {Path(item.place.file).name for item in reading.findings if item.code == "KX013"}
    assert told == {"plan (eski).xlsx", "z plan.xlsx"}
    assert not [item for item in read_files([str(gelen)], str(gelen / "z plan.xlsx")).findings if item.code == "KX013"]


def test_a_word_file_that_word_would_not_write_is_one_finding(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_table(1, 2).cell(0, 0).text = "Ekonomik Kod"
    document.save(str(tmp_path / "iyi.docx"))
    for old, new in ((b"<w:tcPr>", b'<w:tcPr><w:gridSpan w:val="x"/>'),):
        bad = tmp_path / "bozuk.docx"
        with zipfile.ZipFile(tmp_path / "iyi.docx") as source, zipfile.ZipFile(bad, "w") as target:
            for name in source.namelist():
                data = source.read(name)
                assert name != "word/document.xml" or old in data
                target.writestr(name, data.replace(old, new) if name == "word/document.xml" else data)
        assert [item.code for item in check([str(bad)]).findings] == ["KX001"]


def test_a_workbook_with_a_word_file_inside_is_a_workbook(gelen: Path) -> None:
    inside = BytesIO()
    docx.Document().save(inside)
    with zipfile.ZipFile(gelen / FEN_FILE, "a", zipfile.ZIP_STORED) as package:
        package.writestr("xl/embeddings/not.docx", inside.getvalue())
    outcome = merge([str(gelen)], str(gelen.parent / "program.xlsx"))
    assert outcome.written
    assert {(item.code, Path(item.place.file).name) for item in outcome.findings} >= {("KX005", FEN_FILE)}


@pytest.mark.parametrize(
    ("formula", "linked"),
    [
        ("[1]Sayfa1!A1", True),
        ("'C:\\formlar\\[gecen yil.xlsx]Sayfa1'!$C$17", True),
        ("'file:///C:/x.ods'#$Sayfa1.A1", True),
        ("[1]!Toplam*2", True),
        ("SUM(Tablo1[2024])", False),
        ("Tablo1[[#Totals],[2024]]+Sayfa2!A1", False),
        ("SUM(C1:C9)", False),
    ],
)
def test_links_to_other_workbooks(formula: str, linked: bool) -> None:
    assert leads_outside(formula) is linked


@pytest.mark.parametrize(
    ("headings", "outcome"),
    [
        (("2024", "Önceki Yıl Ödeneği"), "60.000"),
        (("2023 Bütçesi", "2024 Ödeneği (TL)"), "KX301"),
        (("Açıklama", "2024"), "60.000"),
        (("Tutar", "Pay (%)"), "60.000"),
        (("Bir", "İki"), "KX113"),
        (("2024 (Bin TL)", "Not"), "KX115"),
    ],
)
def test_the_column_of_the_amounts_is_the_one_that_says_so(
    headings: tuple[str, str], outcome: str, tmp_path: Path
) -> None:
    """A cost table with a second column of figures, right or left of the amounts."""
    first = next(heading for heading in headings if heading not in ("Açıklama", "Not"))
    lines = []
    for line in COSTS.split("\n"):
        cells = line.split("\t")
        if cells[0] == "Ekonomik Kod":
            cells[2:] = headings
        elif len(cells) == 3 and (cells[0].isdigit() or cells[0].startswith("Toplam")):
            other = "1,5" if "%" in headings[1] else "7.000,00" if cells[2] != "-" else "-"
            cells[2:] = [cells[2], other] if headings[0] == first else ["söz", cells[2]]
        lines.append("\t".join(cells))
    form(tmp_path, TARGET, "\n".join(lines))
    finance(tmp_path)
    found = check([str(tmp_path)])
    if outcome.startswith("KX"):
        assert outcome in {item.code for item in found.findings}
    else:
        assert not found.failed, [item.message for item in found.findings if item.is_error]
        assert found.merged is not None
        assert sum(item.costs.total for item in found.merged.contributions) == 60_000_00


def test_a_target_whose_code_was_typed_as_a_number_keeps_its_zero(tmp_path: Path) -> None:
    for code, name in (("1.1", "Yol"), ("1.10", "Ağaç")):
        indicator = f"PG.{code}.1\t{name} (adet)\t1\t2\t3"
        table = target_table(f"F.{code}.1\t{name} yapımı\t60.000,00", target=f"{name} yapmak", indicators=indicator)
        table = table.replace("Performans Hedefi\t", f"Performans Hedefi\t{float(code)}\t")
        table = table.replace("Hedef\tYol", f"Hedef\t{float(code)}\tYol")
        form(tmp_path, table, cost_table(f"{name} yapımı"), name=f"{name}.xlsx", unit=f"{name} Müdürlüğü")
    finance(tmp_path)
    found = check([str(tmp_path)])
    assert found.merged is not None
    targets = {target.code: [item.code for item in target.activities] for target in found.merged.programme.targets}
    assert targets == {"1.1": ["F.1.1.1"], "1.10": ["F.1.10.1"]}


@pytest.mark.parametrize(("total", "told"), [("9.999,00", "KX108"), ("90.000,00", "KX127"), ("60.000,00", None)])
@pytest.mark.parametrize("label", ["Genel Toplam", "Toplam"])
def test_a_typed_total_of_a_target_is_compared(total: str, told: str | None, label: str, tmp_path: Path) -> None:
    printed = "Ara Toplam\nGenel Toplam"
    assert printed in TARGET
    form(tmp_path, TARGET.replace(printed, f"{label}\t\t{total}\t\t{total}"), COSTS)
    finance(tmp_path)
    found = check([str(tmp_path)])
    assert found.failed is (told == "KX127")
    assert {item.code for item in found.findings} & {"KX108", "KX127"} == ({told} if told else set())


@pytest.mark.parametrize("headings", [("Önceki hedef", "Önceki", "Cari", "Program")])
def test_more_than_three_value_columns_are_no_guess(headings: tuple[str, ...], tmp_path: Path) -> None:
    lines = []
    for line in target_table("F.1.1.1\tYol yapımı\t60.000,00", indicators="PG.1.1.1\tYol (km)\t1\t2\t3").split("\n"):
        if line.startswith("Performans Göstergeleri"):
            line = "\t".join(["Performans Göstergeleri", "", *headings])
        lines.append(line + "\t4" if line.startswith("PG.") else line)
    found = check([str(form(tmp_path, "\n".join(lines), COSTS)), str(finance(tmp_path))])
    assert "KX113" in {item.code for item in found.findings}


@pytest.mark.parametrize(("heading", "figure"), [("C5", "C14"), ("D5", "D14"), ("E5", None), (None, "H14")])
def test_a_heading_that_is_gone_costs_no_figure(
    heading: str | None, figure: str | None, gelen: Path, tmp_path: Path
) -> None:
    """The finance office's own form, a cell of it cleared and a figure typed where no heading is any more."""

    def change(sheet: Worksheet) -> None:
        if heading is not None:
            sheet[heading] = None
        if figure is not None:
            sheet[figure] = 1_000_000

    edit(gelen / "tablo_11_mali_hizmetler.xlsx", "Toplam Kaynak İhtiyacı", change)
    outcome = merge([str(gelen)], str(tmp_path / "program.xlsx"))
    said = {(item.code, item.place.cell) for item in outcome.findings if item.is_error}
    assert outcome.failed is (figure is not None)
    assert not outcome.failed or said & {("KX113", figure), ("KX101", "A5")}, said
    assert heading != "D5" or ("KX113", "D14") in said


@pytest.mark.parametrize(
    "text", ["60 000 TL", "60\u00a0000 TL", "60\u202f000 ₺", "60.000 TL", "5 milyon TL'lik yatırım"]
)
def test_an_amount_with_its_currency_is_no_scale(text: str, tmp_path: Path) -> None:
    path = write(tmp_path / FEN_FILE, [TARGET, COSTS])
    place = read(path)[0].costs[0].amounts[CostRow(3)].place
    found = {item.code for item in checked(write(path, [TARGET, COSTS], {place: text}))}
    assert "KX115" not in found


def test_a_number_scribbled_beside_the_values_is_no_year(tmp_path: Path) -> None:
    path = write(tmp_path / FEN_FILE, [TARGET, COSTS])
    last = read(path)[0].targets[0].indicators[0].places[2]
    beside = last._replace(column=last.column + 2)
    assert "KX113" not in {item.code for item in checked(write(path, [TARGET, COSTS], {beside: 7}))}
