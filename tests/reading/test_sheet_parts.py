"""What stands around a sheet's tables: the Kimlik lines, the cover, the year in titles, goals, tables side by side."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from kars_xl.model.cost_rows import CostRow
from kars_xl.reading.tables import Text
from tests.helpers.typed_rows import FILE, Given, Typed, lines, place, read, said

COSTS = lines("Faaliyet Adı | Yol yapımı", "Ekonomik Kod | | Tutar", "1 | Personel Giderleri | 5,00")
DAY = Decimal((date(2024, 3, 1) - date(1899, 12, 30)).days)
LONG = "x" * 32_767


def test_a_document_has_its_files_name_and_digest() -> None:
    found = read([])
    assert (found.file, found.digest, found.tables, found.findings) == (FILE, "", [], [])


# The year that titles say decides between columns of several years; without one it is the last, and unsure.
TITLES = {
    "2024 yılı": 2024,
    "2024 MALİ YILI": 2024,
    "2024 Mali Yılı Performans Programı": 2024,
    "Kars Belediyesi 2024 Performans Programı": 2024,
    "2024 yılı idare performans programı taslağı": 2024,
    "2024 Kaynak İhtiyacı (TL)": 2024,
    "2024 yılı kaynak ihtiyacı": 2024,
    "Performans Programı 2024": 2024,
    "2024": 2026,
    "2024 yılında yapılanlar": 2026,
    "1924 yılı": 2026,
    "Performans Programı": 2026,
    "2024 Performans Programı" + "ı" * 57: 2026,
    "x" * 54 + " 2024 Performans Programı ": 2024,
    "x" * 55 + " 2024 Performans Programı ": 2026,
}


@pytest.mark.parametrize("number", range(len(TITLES)))
def test_the_year_of_a_title(number: int) -> None:
    title, year = [*TITLES.items()][number]
    heading: list[Given] = ["Ekonomik Kod", None, 2024, 2025, 2026]
    found = read([[title], COSTS[0], heading, COSTS[2]])
    assert found.costs[0].year == year
    # A title stands in one of the first four cells of its row.
    for before, taken in ((3, year), (4, 2026)):
        row: list[Given] = [*"abcd"[:before], title]
        assert read([row, COSTS[0], heading, COSTS[2]]).costs[0].year == taken


def test_no_number_is_a_title_and_each_title_counts() -> None:
    heading: list[Given] = ["Ekonomik Kod", None, 2024, 2025, 2026]
    assert read([[2024], COSTS[0], heading, COSTS[2]]).costs[0].year == 2026
    titles: list[list[Given]] = [["2025 yılı", "2024 yılı"], ["2024 yılı"]]
    assert read([*titles, COSTS[0], heading, COSTS[2]]).costs[0].year == 2024
    assert read([["2025 yılı", "2024 yılı"], COSTS[0], heading, COSTS[2]]).costs[0].year == 2026


def test_the_kimlik_sheet_outweighs_titles() -> None:
    heading: list[Given] = ["Ekonomik Kod", None, 2024, 2025, 2026]
    titles: list[list[Given]] = [["2025 yılı"]] * 9
    found = read(lines("Birim | Fen İşleri", "Yıl | 2024"), [*titles, COSTS[0], heading, COSTS[2]])
    assert found.costs[0].year == 2024


KIMLIK = lines("Harcama Birimi | Fen İşleri", "Program Yılı | 2024", "Formu Dolduran | Ayşe", "Revizyon No | 2")
IDENTITY = {"unit": "Fen İşleri", "year": "2024", "filled_by": "Ayşe", "revision": "2"}


def test_a_kimlik_sheet_is_read_whole_and_holds_no_table() -> None:
    found = read(KIMLIK)
    assert found.identity == {
        label: Text(value, place(row, 2)) for row, (label, value) in enumerate(IDENTITY.items(), start=1)
    }
    assert (found.tables, found.findings) == ([], [])
    assert read([*KIMLIK, ["Amaç 1: Yolları yapmak"]]).goals == []


@pytest.mark.parametrize(
    ("rows", "identity"),
    [
        # Whatever stands between the lines, and however far apart.
        ([*KIMLIK[:1], ["x"], [], [], [], [], [], ["y", "z"], *KIMLIK[1:]], IDENTITY),
        ([*KIMLIK[1:], KIMLIK[0]], IDENTITY),
        ([["İdare Adı", "Kars"], *KIMLIK], {"institution": "Kars"} | IDENTITY),
        # The first of two counts.
        ([*KIMLIK, ["Program Yılı", "2030"]], IDENTITY),
        ([*KIMLIK, ["Birim", "Zabıta"]], IDENTITY),
        # A year or a revision must be there.
        (KIMLIK[:2], {"unit": "Fen İşleri", "year": "2024"}),
        ([KIMLIK[0], KIMLIK[3]], {"unit": "Fen İşleri", "revision": "2"}),
        ([KIMLIK[0], KIMLIK[2]], {}),
        (KIMLIK[1:], {}),
        # The mark of an entry cell is no value, and the first value counts.
        ([["Birim", "◄", "Fen", "x"], ["Yıl", None, 2024]], {"unit": "Fen", "year": "2024"}),
        ([["Birim", "◄"], ["Yıl", 2024]], {"unit": "", "year": "2024"}),
        ([["Birim", " Fen \n İşleri "], ["Yıl", 2024]], {"unit": "Fen İşleri", "year": "2024"}),
        ([["Birim", "Fen"], ["Yıl", Typed(DAY, form="dd.mm.yyyy")]], {"unit": "Fen", "year": "2024"}),
        (
            [["Birim", Typed(DAY, form="dd.mm.yyyy")], ["Yıl", "2024"]],
            {"unit": str(DAY), "year": "2024"},
        ),
    ],
)
def test_the_lines_of_kimlik(rows: list[list[Given]], identity: dict[str, str]) -> None:
    found = read(rows)
    assert {label: text.value for label, text in found.identity.items()} == identity


def test_a_line_without_a_value_has_its_place_beside_the_label() -> None:
    found = read([[None, "Birim"], ["Yıl", None, None, "2024"]])
    assert found.identity == {"unit": Text("", place(1, 3)), "year": Text("2024", place(2, 4))}


@pytest.mark.parametrize(
    ("rows", "labels"),
    [
        ([*KIMLIK, *COSTS], {"unit", "year", "filled_by", "revision"}),
        ([*COSTS, *KIMLIK], {"unit", "year", "filled_by", "revision"}),
        ([*KIMLIK[:1], [], [], [], *KIMLIK[1:], *COSTS], {"unit", "year", "filled_by", "revision"}),
        ([*KIMLIK[:2], [], [], [], [], KIMLIK[3], *COSTS], {"unit", "year"}),
        ([KIMLIK[1], [], [], [], KIMLIK[0], *COSTS], {"unit", "year"}),
        ([KIMLIK[1], [], [], [], [], KIMLIK[0], *COSTS], set()),
        # The distance is from line to line.
        ([KIMLIK[0], [], [], ["x"], [], [], ["y"], KIMLIK[1], *COSTS], {"unit", "year"}),
        ([KIMLIK[0], ["x", "5"], KIMLIK[1], *COSTS], {"unit", "year"}),
        ([KIMLIK[0], ["x", "5", "6"], KIMLIK[1], *COSTS], set()),
        ([KIMLIK[0], ["x", "5", "◄"], KIMLIK[1], *COSTS], {"unit", "year"}),
        # A table ends them: another label, the same again, İdare Adı above another label.
        ([KIMLIK[0], ["Amaç", "Yol"], KIMLIK[1], *COSTS], set()),
        ([KIMLIK[0], ["Birim", "Zabıta"], KIMLIK[1], *COSTS], {"unit", "year"}),
        ([["İdare Adı", "Kars"], *KIMLIK, *COSTS], {"institution", "unit", "year", "filled_by", "revision"}),
        ([*KIMLIK, ["İdare Adı", "Kars"], ["x"], *COSTS], {"institution", "unit", "year", "filled_by", "revision"}),
        ([*KIMLIK, ["İdare Adı", "Kars"], *COSTS], {"unit", "year", "filled_by", "revision"}),
        ([*COSTS, *KIMLIK, ["İdare Adı", "Kars"]], {"institution", "unit", "year", "filled_by", "revision"}),
        ([KIMLIK[1], KIMLIK[3], KIMLIK[0], *COSTS], {"unit", "year", "revision"}),
        ([["Birim"], KIMLIK[1], *COSTS], {"unit", "year"}),
    ],
)
def test_the_lines_of_kimlik_above_or_below_tables(rows: list[list[Given]], labels: set[str]) -> None:
    found = read(rows)
    assert found.identity.keys() == labels
    (table,) = found.costs
    assert table.amounts[CostRow.PERSONNEL].kurus == 500


def test_lines_of_kimlik_on_both_sides_of_a_heading_are_no_neighbours() -> None:
    assert read([KIMLIK[0], ["Amaç", "Yol"], KIMLIK[1]]).identity == {}


def test_rows_that_are_lines_of_kimlik_are_of_no_table() -> None:
    found = read([*KIMLIK, *lines("İdare Adı | Kars"), *COSTS])
    assert found.costs[0].heading.text("institution") == "Kars"
    assert said(found.findings) == []
    # A form's sheets hold nothing else: a figure beside a table, however far, is told.
    apart: list[list[Given]] = [*COSTS, ["Toplam Kaynak İhtiyacı", None, 5.0], [], [], [], ["Ek talep", 2500]]
    assert said(read([*KIMLIK, *apart]).findings) == [("KX126", "B12")]
    assert said(read(apart).findings) == []


# Covers


@pytest.mark.parametrize(
    ("rows", "contact"),
    [
        ([["KARS / 2024"]], {"place": "KARS"}),
        ([["KARS/1999"], ["ANKARA/2024"]], {"place": "KARS"}),
        ([["İĞDIR  /2024"]], {"place": "İĞDIR"}),
        ([["Kars/2024"], ["KARS/1899"], ["KARS/20245"], ["K/2024"], ["KARS/2024", "x"], [5]], {}),
        ([["Adres:"], ["Ortakapı Mah.  5"], ["Kars"]], {"address": "Ortakapı Mah. 5 Kars"}),
        ([["ADRES :"], ["Kars"]], {"address": "Kars"}),
        ([["Adres:"], [], ["Kars"]], {"address": "Kars"}),
        ([["Adres:"], [], [], ["Kars"]], {"address": ""}),
        ([["Adres:"], ["Kars"], [], ["Merkez"]], {"address": "Kars"}),
        ([["Adres:"], [], ["Kars"], ["Merkez"]], {"address": "Kars Merkez"}),
        ([["Adres:"], ["Kars"], ["Telefon:"], ["0474"]], {"address": "Kars", "phone": "0474"}),
        ([["Adres:"], ["Kars"], ["x", "y"], ["Merkez"]], {"address": "Kars"}),
        ([["Web:"], ["kars.bel.tr"], ["Web:"], ["x.tr"]], {"web": "kars.bel.tr"}),
        ([["E-posta:"], ["a@b.tr"]], {"email": "a@b.tr"}),
        ([["x:"], ["y"], ["E-mail:"], ["a@b.tr"]], {"email": "a@b.tr"}),
        ([["Adres"], ["Kars"]], {}),
        ([["Adres:", "x"], ["Kars"]], {}),
    ],
)
def test_the_lines_of_a_cover(rows: list[list[Given]], contact: dict[str, str]) -> None:
    assert read(rows).contact == contact
    assert read([], rows).contact == contact


def test_goals_and_objectives_of_a_list() -> None:
    rows = lines("Amaç 1: Yolları  yapmak", "STRATEJİK HEDEF 1.1 – Köprü | yapımı", "Hedef 1.2. Park", "amaç 2 -  Su")
    found = read([*rows, ["Hedefimiz 1: x"], ["Amaç 1:"], ["Amaç 123: x"]])
    assert [(line.kind, line.code, line.text) for line in found.goals] == [
        ("goal", "1", Text("Yolları yapmak", place(1, 1))),
        ("objective", "1.1", Text("Köprü yapımı", place(2, 2))),
        ("objective", "1.2", Text("Park", place(3, 1))),
        ("goal", "2", Text("Su", place(4, 1))),
    ]


# Tables side by side


def test_three_tables_side_by_side_are_read_each_by_itself() -> None:
    rows: list[list[Given]] = [
        ["Faaliyet Adı", "A", None, "Faaliyet Adı", "B", None, "Faaliyet Adı", "C"],
        ["Ekonomik Kod", None, "Tutar", "Ekonomik Kod", None, "Tutar", "Ekonomik Kod", None, "Tutar"],
        ["1", "Personel Giderleri", 5, "1", "Personel Giderleri", 6, "1", "Personel Giderleri", 7],
    ]
    found = read(rows)
    assert [(it.heading.text("activity_name"), it.amounts[CostRow.PERSONNEL].kurus) for it in found.costs] == [
        ("A", 500),
        ("B", 600),
        ("C", 700),
    ]
    assert found.findings == []


@pytest.mark.parametrize("label", ["Faaliyet Adı", "İdare Adı"])
def test_a_label_right_beside_itself_is_its_value(label: str) -> None:
    rows: list[list[Given]] = [[label, label, "x"], *lines("Hedef | Yol"), *COSTS[1:]]
    (table,) = read(rows).tables
    assert next(iter(table.heading.texts.values())) == Text(label, place(1, 2))


def test_labels_of_different_kinds_are_no_second_table() -> None:
    rows: list[list[Given]] = [["İdare Adı", "x", "Faaliyet Adı", "Yol"], *COSTS[1:]]
    assert read(rows).costs[0].amounts[CostRow.PERSONNEL].kurus == 500


# What else a file's sheets may hold


def test_policies_general_tables_and_the_purpose_are_taken_from_every_sheet() -> None:
    def sheet(task: str, vehicle: str) -> list[list[Given]]:
        policies = lines("Kalkınma Planı", "Referans | Verilen Görev", f"12.1 | {task} yapılacaktır.")
        return [*policies, [], *lines("Tablo 1 Araçlar", "Araç | Adet", f"{vehicle} | 3,0", "Toplam | 3,0")]

    found = read([["Misyon"], ["Hizmet etmek"]], sheet("Yol", "Kamyon"), sheet("Park", "Otobüs"))
    assert [(it.document, it.reference, it.text) for it in found.policies] == [
        ("Kalkınma Planı", "12.1", "Yol yapılacaktır."),
        ("Kalkınma Planı", "12.1", "Park yapılacaktır."),
    ]
    assert [table.rows[0].label.value for table in found.general_tables] == ["Kamyon", "Otobüs"]
    assert found.purpose.mission == "Hizmet etmek"


def test_a_figure_of_a_general_table_that_nobody_sees_is_said() -> None:
    hidden = Typed(3.0, unseen="gizli satır, sütun ya da sayfada")
    (found,) = read([*lines("Tablo 1 Araçlar", "Araç | Adet"), ["Kamyon", hidden], ["Toplam", 3.0]]).findings
    assert (found.code, found.place, found.label) == ("KX109", place(3, 2), "Kamyon")
