"""The general tables (Tablo 1–10) read from any grid, and KX311: totals and counts of people that do not agree."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from random import Random

import openpyxl
import pytest

from kars_xl.base.place import column_letters
from kars_xl.checking.general.rules import check_arithmetic
from kars_xl.findings.finding import Finding
from kars_xl.reading.general.blocks import read_text
from kars_xl.reading.grid import open_grid
from kars_xl.reading.recognise import recognise
from kars_xl.reading.tables import Document, GeneralTable
from tests.helpers.form_tables import MATRIX, cost_table, document, target_table
from tests.helpers.made_up_general_tables import (
    Table,
    Value,
    as_docx,
    as_lines,
    as_text,
    as_xlsx,
    dotted,
    general_tables,
)
from tests.helpers.oracles import convert
from tests.helpers.repository import PUBLISHED

SEEDS = range(12)
CADRE = "Tablo 6 Kadroya göre Personel\nKadro\tPersonel Sayısı\nMemur\t104\nİşçi\t68\nToplam\t172\n"
GENDER = "Tablo 8 Cinsiyet\nKadro\tMemur\tİşçi\tToplam\nKadın\t24\t13\t37\nErkek\t80\t55\t135\nToplam\t104\t68\t172\n"
EDUCATION = "Tablo 9 Eğitim\nKadro\tMemur\tİşçi\tToplam\nLise\t60\t60\t120\nLisans\t44\t8\t52\nToplam\t104\t68\t172\n"


def tables(*texts: str) -> list[GeneralTable]:
    return document(*texts).general_tables


def findings(*texts: str) -> list[Finding]:
    return check_arithmetic([document(*texts)])


def places(found: Iterable[Finding]) -> list[tuple[str, str]]:
    return [(item.place.cell, item.severity) for item in found]


# The published programme


@pytest.fixture(scope="module")
def kars() -> Document:
    return recognise(open_grid(str(PUBLISHED)))


def line_of(start: str, after: str) -> int:
    """The line of the published text that begins with `start`, below the last line that begins with `after`."""
    lines = [re.sub(r"</?b>", "", line) for line in PUBLISHED.read_text(encoding="utf-8").split("\n")]
    first = max(number for number, line in enumerate(lines, start=1) if line.startswith(after))
    return next(number for number, line in enumerate(lines, start=1) if number > first and line.startswith(start))


def test_the_ten_tables_of_the_published_programme(kars: Document) -> None:
    assert [(table.number, table.kind, len(table.rows)) for table in kars.general_tables] == [
        ("1", "buildings", 20),
        ("2", "vehicles", 17),
        ("3", "hardware", 26),
        ("4", "software", 5),
        ("5", "systems", 6),
        ("6", "staff_by_cadre", 3),
        ("7", "occupancy", 3),
        ("8", "gender", 3),
        ("9", "education", 6),
        ("10", "age", 6),
    ]
    vehicles = kars.general_tables[1]
    assert [column.heading.value for column in vehicles.columns][2:] == [
        "Resmî Araç Sayısı",
        "Kıralık Araç Sayısı",
        "Toplam Araç Sayısı",
    ]
    assert [column.role for column in vehicles.columns] == ["number", "label", "figure", "figure", "figure"]
    assert [cell.value for cell in next(row for row in vehicles.rows if row.total).cells[2:]] == [68, 20, 88]
    totals = [row.label.value for row in kars.general_tables[0].rows if row.total]
    assert totals == ["Kapalı Alanlar Toplamı", "Toplam Fiziki Alan"]
    assert [row.label.value for row in kars.general_tables[2].rows if row.total] == ["Toplam"]


def test_the_official_tables_of_the_published_programme_are_as_before(kars: Document) -> None:
    assert (len(kars.targets), len(kars.costs), len(kars.matrices)) == (27, 80, 1)
    assert kars.findings == []


def test_what_is_wrong_in_the_published_tables(kars: Document) -> None:
    total, compound, blank, people = check_arithmetic([kars])
    assert (total.place.row, total.table, total.severity) == (
        line_of("Toplam Fiziki Alan", "Tablo 1 "),
        "Tablo 1",
        "error",
    )
    # 12250 + 5833 + … + 24500 + 10000 + 5200, and 1000 in place of 10000.
    assert dict(total.values) == {"expected": "87864", "found": "88145"}
    assert "87.864 ya da 78.864" in total.message
    assert (compound.place.row, dict(compound.values)) == (
        line_of("Asfalt Tesisi", "Tablo 1 "),
        {"expected": "1000", "found": "10000"},
    )
    assert total.related == (compound.place,)
    assert (blank.place.row, blank.severity) == (line_of("Kapalı Alanlar Toplamı", "Tablo 1 "), "advice")
    assert (people.place.row, people.place.cell[0], people.table) == (
        line_of("Toplam", "Tablo 9 "),
        "B",
        "Tablo 9",
    )
    assert dict(people.values) == {
        "found": "Memur 89, İşçi 67, Toplam 156",
        "expected": "Memur 104, İşçi 68, Toplam 172",
    }
    assert "Tablo 6, Tablo 7, Tablo 8, Tablo 10" in people.message
    assert {found.code for found in (total, compound, blank, people)} == {"KX311"}


# Other programmes


def test_right_tables_of_other_programmes_give_nothing(tmp_path: Path) -> None:
    for seed in SEEDS:
        made = general_tables(seed)
        rows, at = as_lines(made)
        read = recognise(open_grid(str(as_text(rows, tmp_path / "p.txt"))))
        assert [table.kind for table in read.general_tables] == [table.kind for table in made], seed
        assert [table.place.row for table in read.general_tables] == list(at.values())
        assert (read.tables, read.findings, check_arithmetic([read])) == ([], [], []), seed


@pytest.mark.parametrize("kind", ["xlsx", "docx", "ods", "xls"])
def test_right_tables_in_every_format(kind: str, tmp_path: Path) -> None:
    for seed in SEEDS if kind in ("xlsx", "docx") else (1,):
        made = general_tables(seed)
        rows, at = as_lines(made)
        if kind == "docx":
            path = as_docx(rows, tmp_path / "p.docx")
        else:
            path = as_xlsx(rows, tmp_path / "p.xlsx", left=seed % 3)
        if kind in ("ods", "xls"):
            (path,) = convert([path], tmp_path / "converted", kind)
        read = recognise(open_grid(str(path)))
        assert [table.kind for table in read.general_tables] == [table.kind for table in made], seed
        assert [table.place.row for table in read.general_tables] == list(at.values())
        assert check_arithmetic([read]) == []


def test_a_wrong_cell_in_a_workbook_is_named_by_its_address(tmp_path: Path) -> None:
    rows, _ = as_lines([Table("Cinsiyet", split(GENDER)[1:], "gender")])
    rows[5][2] = 31
    path = as_xlsx(rows, tmp_path / "p.xlsx", left=1)
    (found,) = check_arithmetic([recognise(open_grid(str(path)))])
    assert (found.place.sheet, found.place.cell, dict(found.values)["expected"]) == ("Sheet", "D6", "13")


def split(text: str) -> list[list[Value]]:
    return [[int(cell) if cell.isdigit() else cell for cell in line.split("\t")] for line in text.strip().split("\n")]


def raised(value: Value, by: int) -> Value:
    """`value` with more in it, written as it was."""
    if value is None or isinstance(value, (int, float)):
        return (value or 0) + by
    number = re.match(r"[\d.]+", value)
    assert number is not None
    figure = int(number[0].replace(".", "")) + by
    return value.replace(number[0], dotted(figure) if "." in number[0] else str(figure), 1)


def spoilt(made: Sequence[Table], chosen: Iterable[tuple[int, tuple[int, int]]], random: Random) -> None:
    for step, (index, (row, column)) in enumerate(chosen):
        rows = made[index].rows
        # Two of the same size could be told as two others.
        rows[row][column] = raised(rows[row][column], random.randint(1, 40) + 100 * step)


def crossed(table: Table) -> bool:
    """Whether a cell of it can be told by a total beside and one below."""
    return table.kind not in ("buildings", "staff_by_cadre")


@pytest.mark.parametrize("count", [1, 2])
def test_each_changed_figure_is_found(count: int, tmp_path: Path) -> None:
    for seed in range(40 * count, 40 * count + 40):
        random = Random(seed)
        made = general_tables(seed)
        chosen = random.sample([(index, cell) for index, table in enumerate(made) for cell in table.sums], count)
        spoilt(made, chosen, random)
        rows, at = as_lines(made)
        read = recognise(open_grid(str(as_text(rows, tmp_path / "p.txt"))))
        found = {item.place.cell for item in check_arithmetic([read])}
        for index, (row, column) in chosen:
            cell = f"{column_letters(column + 1)}{at[index] + row}"
            own = {f"{column_letters(column + 1)}{at[index] + line}" for line in range(len(made[index].rows))}
            assert cell in found if crossed(made[index]) else own & found, (seed, made[index].caption, cell)
        spoiled = {at[index] + line for index, _ in chosen for line in range(len(made[index].rows))}
        strange = [cell for cell in found if int(cell.lstrip("ABCDEFGHI")) not in spoiled]
        assert not strange, (seed, strange)


# What a figure can be


@pytest.mark.parametrize(
    ("text", "readings", "parts"),
    [
        ("88.145 m2", [88145], []),
        ("12 250 m²", [12250], []),
        ("2.500,50 M2", ["2500.50"], []),
        ("5 Adet", [5], []),
        ("24500m2 (Kapalı+Açık Toplam)", [24500], []),
        ("5200(200m2Kapalı+5000m2Açık)m2", [5200], [200, 5000]),
        ("10000(100m2Kapalı+900m2Açık)m2", [10000, 1000], [100, 900]),
        ("12 araç (5 resmî, 8 kiralık)", [12, 13], [5, 8]),
        ("1,500", ["1.500", 1500], []),
        # Kinds of flats and storeys are no parts.
        ("40 (3+1)", [40], []),
        ("500 (2 bodrum + 3 normal kat)", [500], []),
        ("18-25 Yaş", [], []),
        ("MS Server 2008 - 2012", [], []),
        ("511.", [], []),
        ("M2", [], []),
    ],
)
def test_figures_are_read_and_not_guessed(text: str, readings: list[object], parts: list[object]) -> None:
    meaning = read_text(text)
    if text.startswith("40 ("):
        assert meaning.parts == ()
    assert list(meaning.readings) == [Decimal(str(value)) for value in readings]
    assert list(meaning.parts) == [Decimal(str(value)) for value in parts]


@pytest.mark.parametrize("text", ["", "-", "–", "…", "Yok"])
def test_nothing_is_nothing(text: str) -> None:
    assert read_text(text).blank


# What is a general table


def test_no_table_of_contents_prose_or_policy_is_one() -> None:
    assert tables("Tablo 1 Hizmet Binaları .....\t16\nTablo 2 Hizmet Taşıtları.....\t16\nPersonel\t18") == []
    assert tables("Tablo 6'da görüldüğü üzere personel sayısı artmıştır.\tMemur\t104\nToplam\t172") == []
    policy = "Üst Politika Belgesi\tReferans\tGörev\n\t689\tAfet binaları yenilenecek\n\t690.\tAraçlar alınacak"
    assert tables("On Birinci Kalkınma Planı", policy) == []


def test_official_tables_are_none() -> None:
    text = "\n".join(["Tablo 3 Hedefler", target_table("F.1.1.1\tYol\t60.000,00"), cost_table("Yol"), MATRIX])
    read = document("Tablo 4 Taşıtlar\nCinsi\tAdet\nKamyon\t5\nToplam\t5\n", text)
    assert [table.number for table in read.general_tables] == ["4"]
    assert (len(read.targets), len(read.costs), len(read.matrices)) == (1, 1, 1)
    assert read.findings == []


def test_general_tables_below_an_open_official_table_do_not_spoil_it() -> None:
    listed = "PERFORMANS HEDEFİ\tFAALİYETLER\tSORUMLU BİRİMLER\nYollar\tYol\tFen İşleri Müdürlüğü\n"
    read = document(listed, CADRE)
    assert len(read.responsibilities[0].rows) == 1
    assert [table.kind for table in read.general_tables] == ["staff_by_cadre"]


@pytest.mark.parametrize(
    ("text", "number", "caption"),
    [
        ("Tablo 6 Personel", "6", "Personel"),
        ("TABLO-6: Personel", "6", "Personel"),
        ("Tablo 1.6. Personel", "1.6", "Personel"),
        ("6. Tablo: Personel", "6", "Personel"),
        ("ÇİZELGE 6 – Personel", "6", "Personel"),
        ("Tablo 6\tPersonel", "6", "Personel"),
        ("Tablo 6\n(kişi)", "6", ""),
        ("Personel durumu", "", "Personel durumu"),
        ("Personel durumu aşağıda gösterilmiştir.", "", ""),
    ],
)
def test_captions(text: str, number: str, caption: str) -> None:
    (table,) = tables(text, CADRE.partition("\n")[2])
    assert (table.kind, table.number, table.caption.value) == ("staff_by_cadre", number, caption)


def test_captions_may_stand_below() -> None:
    below = [text.partition("\n")[2] + text.partition("\n")[0] + "\n\n" for text in (CADRE, GENDER, EDUCATION)]
    assert [(table.number, table.kind) for table in tables(*below)] == [
        ("6", "staff_by_cadre"),
        ("8", "gender"),
        ("9", "education"),
    ]


def test_tables_side_by_side(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for left, text in ((1, GENDER), (7, EDUCATION)):
        for number, row in enumerate(split(text), start=2):
            for column, value in enumerate(row, start=left):
                book.active.cell(number, column, value)
    book.active["J6"] = 170
    book.save(tmp_path / "p.xlsx")
    read = recognise(open_grid(str(tmp_path / "p.xlsx")))
    assert [(table.number, table.kind, table.place.cell) for table in read.general_tables] == [
        ("8", "gender", "A3"),
        ("9", "education", "G3"),
    ]
    assert places(check_arithmetic([read])) == [("J6", "error")]


def test_a_heading_of_two_rows_and_a_page_break() -> None:
    text = (
        "Tablo 3 Personelin Öğrenimi\nÖğrenim\tMemur\t\t\tİşçi\t\t\tGenel Toplam\n"
        "\tKadın\tErkek\tToplam\tKadın\tErkek\tToplam\t\nLise\t1\t2\t3\t3\t4\t7\t10\n"
        "\n\n17\n\nLisans\t5\t6\t11\t7\t8\t15\t26\nToplam\t6\t8\t14\t10\t12\t22\t36\n"
    )
    (table,) = tables(text)
    assert [column.heading.value for column in table.columns][1:4] == ["Memur Kadın", "Memur Erkek", "Memur Toplam"]
    assert findings(text) == []
    assert places(findings(text, "Tablo 4 Kadro\nKadro\tKişi\nMemur\t15\nİşçi\t22\nToplam\t37")) == [("B14", "error")]


def test_a_total_row_of_a_text_without_its_blank_cells() -> None:
    text = "Tablo 3 Donanımlar\nSıra No\tDonanım\tAdet\n1\tTarayıcı\t10\n2\tYazıcı\t5\nToplam\t16"
    (found,) = findings(text)
    assert dict(found.values) == {"expected": "15", "found": "16"}


# Rules one by one


@pytest.mark.parametrize(
    ("area", "total", "expected"),
    [
        ("1.000 m² (Kapalı 400 m² + Açık 700 m²)", "1.500", "1100"),
        ("12500(2500m2Kapalı+9000m2Açık)m2", "13.000", "11500"),
        ("12500(2500m2Kapalı+9000m2Açık)m2", "12.000", "11500"),
    ],
)
def test_parts_in_brackets_make_the_figure_before_them(area: str, total: str, expected: str) -> None:
    text = f"Belediye Binaları\nBina\tAlan\nDepo\t500 m2\nŞantiye\t{area}\nToplam\t{total} m2"
    (found,) = findings(text)
    assert (found.place.cell, dict(found.values)["expected"]) == ("B4", expected)


def test_swapped_figures_are_told_as_such() -> None:
    (found,) = findings(GENDER.replace("24\t13", "13\t24"))
    assert (found.place.cell, [place.cell for place in found.related]) == ("B3", ["C3", "B5", "C5"])
    assert "yer değiştirmiş" in found.message


def test_a_table_with_its_columns_swapped_is_reported_once() -> None:
    swapped = "Tablo 9 Eğitim\nKadro\tMemur\tİşçi\tToplam\nLise\t60\t60\t120\nLisans\t8\t44\t52\nToplam\t68\t104\t172"
    (found,) = findings(CADRE, GENDER, swapped)
    assert (found.table, found.place.cell) == ("Tablo 9", "B17")
    assert dict(found.values) == {"found": "Memur 68, İşçi 104", "expected": "Memur 104, İşçi 68"}


def test_without_a_majority_both_figures_are_named() -> None:
    (found,) = findings(CADRE, GENDER.replace("135", "134").replace("55", "54").replace("68\t172", "67\t171"))
    assert dict(found.values) == {"found": "İşçi 67, Toplam 171", "other": "İşçi 68, Toplam 172"}


def test_a_wrong_total_is_not_reported_again_as_a_count_of_people() -> None:
    found = findings(CADRE, GENDER.replace("104\t68\t172", "109\t68\t172"), EDUCATION)
    assert [(item.place.cell, dict(item.values)["expected"]) for item in found] == [("B11", "104")]


@pytest.mark.parametrize(
    "other",
    [
        # Other classes, part of the people, other people, and other years.
        "Tablo 9 Eğitim\nKadro\tMemur\tİşçi\tSözleşmeli\tToplam\nLise\t60\t60\t9\t129\nLisans\t44\t8\t1\t53\n"
        "Toplam\t104\t68\t10\t182",
        "Tablo 9 Engelli Personel\nKadro\tKişi\nMemur\t3\nİşçi\t4\nToplam\t7",
        "Tablo 9 Meclis Üyelerinin Cinsiyeti\nCinsiyet\tKişi\nKadın\t5\nErkek\t20\nToplam\t25",
        "Tablo 9 Memurların Eğitim Durumu\nÖğrenim\tKadın\tErkek\tToplam\nLise\t20\t50\t70\nLisans\t4\t30\t34\n"
        "Toplam\t24\t80\t104",
        "Tablo 9 Personelin Eğitimi\nÖğrenim\tToplam\tKadın Oranı (%)\nLise\t100\t20\nLisans\t72\t30",
        "Tablo 9 Okullar\nOkul\tSayı\nİlkokul\t5\nLise\t20\nToplam\t25",
        "Tablo 9 Personel\nKadro\t2022\t2023\nMemur\t99\t104\nİşçi\t60\t68\nToplam\t159\t172",
        "Tablo 9 2021 Yılı Personelin Cinsiyeti\nCinsiyet\tKişi\nKadın\t30\nErkek\t20\nToplam\t50",
        # The sum of two kinds of workers, and of classes that some tables have apart.
        "Tablo 9 Kadro\nKadro\tKişi\nMemur\t104\nSürekli İşçi\t60\nGeçici İşçi\t8\nToplam\t172",
    ],
)
def test_tables_that_count_others_need_not_agree(other: str) -> None:
    assert findings(CADRE, GENDER, other) == []


def test_posts_filled_and_vacant_make_all_posts() -> None:
    text = (
        "Kadro Durumu\nSınıf\tNorm Kadro\tDolu\tBoş\tDoluluk Oranı (%)\nMemur\t402\t104\t298\t25,87\n"
        "İşçi\t185\t68\t117\t36,76\nToplam\t587\t172\t415\t29,30\n"
    )
    assert findings(CADRE, text) == []
    assert places(findings(text.replace("117", "116"))) == [("D4", "error")]
    assert places(findings(text.replace("36,76", "63,76"))) == [("E4", "error")]
    (found,) = findings(CADRE, text.replace("185\t68", "185\t67").replace("587\t172", "587\t171"))[-1:]
    assert "İşçi 67" in found.message


def test_percentages_without_counts_make_a_hundred() -> None:
    text = "Personelin Cinsiyet Dağılımı\nCinsiyet\tOran\tAçıklama\nKadın\t%21,5\t\nErkek\t%78,5\t\nToplam\t%100\t"
    counted = text.replace("Açıklama", "Kişi").replace("%21,5\t", "%21,5\t37").replace("%78,5\t", "%78,5\t135")
    assert findings(counted.replace("%100\t", "%100\t172")) == []
    assert places(findings(counted.replace("%100\t", "%100\t172").replace("78,5", "87,5"))) == [("B4", "error")]


def test_subtotals_are_not_counted_twice() -> None:
    text = (
        "Tablo 1 Binalar\nBina\tAlan\nA\t100\nB\t200\nKapalı Alanlar Toplamı\t300\nC\t50\nD\t70\n"
        "Açık Alanlar Toplamı\t120\nGenel Toplam\t420"
    )
    assert findings(text) == []
    assert places(findings(text.replace("\t300", "\t310"))) == [("B5", "error")]
    assert places(findings(text.replace("\t420", "\t421"))) == [("B9", "error")]


def test_rows_that_are_parts_of_a_row_above_are_not_counted_twice() -> None:
    text = (
        "Tablo 14 Gelirler\nKod\tTür\t2024\n01\tVergi\t100,00\n01.1\tEmlak\t60,00\n01.2\tÇTV\t40,00\n3\tKira\t50,00\n"
    )
    assert findings(text + "Toplam\t\t150,00") == []
    assert places(findings(text + "Toplam\t\t151,00")) == [("C7", "error")]


def test_columns_that_are_no_parts_of_a_total_are_left_alone() -> None:
    text = (
        "Tablo 1 Binalar\nBina\tKat Sayısı\tKapalı Alan\tAçık Alan\tToplam Alan\nA\t3\t100\t20\t120\nB\t2\t20\t0\t20\n"
        "Toplam\t\t120\t20\t140"
    )
    assert findings(text) == []
    assert places(findings(text.replace("20\t120", "20\t130"))) == [("E3", "error")]


def test_facts_that_are_named_as_totals_are_none() -> None:
    facts = "Tablo 9 Kent\nKonu\tSayı\nToplam Nüfus\t113.000\nToplam Hane\t30.000\nMahalle\t28\nToplam Yol (km)\t340"
    assert findings(facts) == []
    assert places(findings("Tablo 9 Parklar\nPark\tAlan\nA\t100\nB\t50\nToplam Yeşil Alan\t160")) == [("B5", "error")]


def test_a_doubtful_reading_that_makes_a_total_right_is_taken() -> None:
    text = "Tablo 1 Binalar\nBina\tAlan\nA\t1,500\nB\t100m2 Kapalı + 900m2 Açık\nToplam\t"
    assert findings(text + "2.500") == []
    assert findings(text + "1.600") == []
    assert places(findings(text + "2.700")) == [("B5", "error")]


def test_a_total_that_can_not_be_checked_is_advice() -> None:
    text = "Tablo 1 Binalar\nBina\tAlan\nA\t100 m2\nB\t2 Blok 24 Daire\nC\t50 m2\nToplam\t400 m2"
    assert places(findings(text)) == [("B4", "advice")]
    assert findings(text.replace("400", "150")) == []


def test_an_error_value_is_said_to_be_one() -> None:
    text = "Tablo 1 Binalar\nBina\tAlan\nA\t100 m2\nB\t#REF!\nC\t50 m2\nToplam\t400 m2"
    assert [(found.code, found.place.cell) for found in findings(text)] == [("KX104", "B4")]


def test_a_number_left_out_is_advice() -> None:
    rows = "".join(f"{number}\tAraç {number}\t2\n" for number in (1, 2, 3, 5, 6))
    text = f"Tablo 2 Taşıtlar\nSıra No\tCinsi\tAdet\n{rows}Toplam\t\t10"
    assert places(findings(text)) == [("A6", "advice")]
