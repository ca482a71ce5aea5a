"""How the rows of a sheet become tables: what opens one, heads it, goes on with it, and what is said of the rest."""

from __future__ import annotations

import pytest

from kars_xl.model.cost_rows import CostRow, CostTotal
from kars_xl.reading.tables import CostTable, ResourceMatrix, ResponsibilityTable, SummaryTable, TargetTable, Text
from tests.helpers.typed_rows import Given, lines, place, read, said

NAMED = lines("Faaliyet Adı | Yol yapımı")
HEAD = lines("Ekonomik Kod | | Tutar")
PERSONNEL = lines("1 | Personel Giderleri | 5,00")
GOODS = lines("3 | Mal ve Hizmet Alım Giderleri | 7,00")
NEED = lines("Toplam Kaynak İhtiyacı | | 12,00")
ABOVE = lines("Amaç | Ulaşım", "Hedef | Yollar")
VALUES = lines("Performans Göstergeleri | | 2022 | 2023 | 2024", "PG.1.1.1 | Yol (km) | 4,5 | 5,5 | 6,5")
ACTIVITIES = lines("Faaliyetler | | Bütçe | Bütçe Dışı | Toplam", "F.1.1.1 | Yol yapımı | 4,5 | 5,5 | 10,0")
Rows = list[list[Given]]


def costs(*rows: list[Given]) -> list[dict[CostRow | CostTotal, int | None]]:
    """The amounts of each cost table of a sheet."""
    found = read(rows).costs
    return [{key: it.kurus for key, it in [*table.amounts.items(), *table.totals.items()]} for table in found]


# What is above a table


@pytest.mark.parametrize(
    ("row", "label", "text", "code"),
    [
        (["Amaç", "Ulaşım"], "goal", Text("Ulaşım", place(2, 2)), ""),
        (["Amaç 1", "Ulaşım"], "goal", Text("Ulaşım", place(2, 2)), "1"),
        (["Amaç", "1", "Ulaşım"], "goal", Text("Ulaşım", place(2, 3)), "1"),
        (["Hedef", None, "H.1.2", "Yollar", "x"], "objective", Text("Yollar", place(2, 4)), "1.2"),
        (["Hedef", "1.2"], "objective", Text("1.2", place(2, 2)), ""),
        (["Hedef", "Yol", "1.2"], "objective", Text("Yol", place(2, 2)), ""),
        (["Performans Hedefi", "◄", "Yollar"], "target", Text("Yollar", place(2, 3)), ""),
        (["Performans Hedefi 1.1", "1.2", "Yollar"], "target", Text("Yollar", place(2, 3)), "1.2"),
        (["Açıklamalar", " Bir \n\n iki  üç "], "note", Text("Bir  iki üç", place(2, 2)), ""),
        (["Sorumlu Birim", " Fen \n  Zabıta  Md.\n"], "responsible", Text("Fen\nZabıta Md.", place(2, 2)), ""),
        (["Faaliyet Adı", "F.1.1.1", "Yol"], "activity_name", Text("Yol", place(2, 3)), "F.1.1.1"),
        (["Faaliyet Adı", "1.1.1", "Yol"], "activity_name", Text("Yol", place(2, 3)), "F.1.1.1"),
        (["Faaliyet Adı", "F.1.1.1 - Yol"], "activity_name", Text("Yol", place(2, 2)), "F.1.1.1"),
        (["Faaliyet Adı 1 1 1", "Yol"], "activity_name", Text("Yol", place(2, 2)), "F.1.1.1"),
        (["Faaliyet Adı 1 1 1", "F.1.1.2 Yol"], "activity_name", Text("F.1.1.2 Yol", place(2, 2)), "F.1.1.1"),
        (["Performans Hedefi", "F.1.1.1 - Yol"], "target", Text("F.1.1.1 - Yol", place(2, 2)), ""),
    ],
)
def test_a_label_with_its_text_and_code(row: list[Given], label: str, text: Text, code: str) -> None:
    heading = read([["İdare Adı", "Kars"], row, *HEAD, *PERSONNEL]).costs[0].heading
    assert heading.texts == {"institution": Text("Kars", place(1, 2)), label: text}
    assert heading.codes == ({label: code} if code else {})
    assert heading.place == place(1, 1)


@pytest.mark.parametrize(
    ("rows", "column"),
    [([["Amaç"]], 2), ([[None, "Amaç"]], 3), ([["İdare Adı", None, "Kars"], ["Amaç"]], 3)],
)
def test_a_label_without_a_text_has_its_place_below_the_others(rows: Rows, column: int) -> None:
    heading = read([*rows, *HEAD, *PERSONNEL]).costs[0].heading
    assert heading.texts["goal"] == Text("", place(len(rows), column))


def test_the_code_beside_a_label_is_no_stray_figure() -> None:
    """However large its numbers; an amount there is one."""
    for code, found in (("222.1", []), ("225.000,00", [("KX126", "B1")])):
        rows: Rows = [["Faaliyet Adı", code, "Yol yapımı"], *HEAD, *PERSONNEL]
        assert said(read(rows).findings) == found


def test_a_heading_without_rows_is_a_table_all_the_same() -> None:
    def kinds(*rows: list[Given]) -> list[tuple[type, int]]:
        return [(type(table), table.place.row) for table in read(rows).tables]

    name, goal = ["Faaliyet Adı", "Yol"], ["Amaç", "Ulaşım"]
    institution, target, other = ["İdare Adı", "Kars"], ["Performans Hedefi", "Yol"], ["Hedef", "Su"]
    assert kinds(institution, name) == [(CostTable, 1)]
    assert kinds(institution, goal) == [(TargetTable, 1)]
    assert kinds(goal, name) == [(CostTable, 1)]
    assert kinds(other, target) == [(TargetTable, 1)]
    assert kinds(institution, target) == []
    assert kinds(name) == []
    # The same label again, and İdare Adı, begin another one.
    assert kinds(institution, name, institution, goal) == [(CostTable, 1), (TargetTable, 3)]
    assert kinds(target, name, target, name, target, name) == [(CostTable, 1), (CostTable, 3), (CostTable, 5)]
    assert kinds(name, name) == []
    # Below a table as well.
    assert kinds(institution, name, *HEAD, *PERSONNEL, target, goal) == [(CostTable, 1), (TargetTable, 5)]


def test_what_stands_above_idare_adi_is_of_no_table() -> None:
    rows: Rows = [["Açıklama", "Bir söz"], ["İdare Adı", "Kars"], *NAMED, *HEAD, *PERSONNEL]
    assert read(rows).costs[0].heading.texts.keys() == {"institution", "activity_name"}
    other: Rows = [["Amaç", "Ulaşım"], *NAMED, *HEAD, *PERSONNEL]
    assert read(other).costs[0].heading.texts.keys() == {"goal", "activity_name"}


def test_each_tables_heading_is_its_own() -> None:
    rows: Rows = [["Amaç", "Su"], *NAMED, *HEAD, *PERSONNEL, *NEED, ["Faaliyet Adı", "Köprü"], *HEAD, *GOODS]
    first, second = read(rows).costs
    assert (first.heading.text("goal"), first.heading.text("activity_name")) == ("Su", "Yol yapımı")
    assert (second.heading.text("goal"), second.heading.text("activity_name")) == ("", "Köprü")
    assert (first.place, second.place) == (place(1, 1), place(6, 1))
    assert second.amounts.keys() == {CostRow.GOODS_AND_SERVICES}


def test_a_cost_table_of_which_nobody_says_whose_it_is() -> None:
    strange: Rows = [["İşin Konusu", "Yol  yapımı"], ["Türü\n ve yeri", "Kars"]]
    found = read([["İdare Adı", "Kars"], ["Başlık"], *strange, *HEAD, *PERSONNEL]).findings
    assert said(found) == [("KX319", "A3")]
    assert "“İşin Konusu”, “Türü ve yeri”" in found[0].message
    assert found[0].table == "FMT"
    # Not where the name is known, no heading stands above, the words were another's, or it is another table.
    assert said(read([["İdare Adı", "Kars"], *strange, *NAMED, *HEAD, *PERSONNEL]).findings) == []
    assert said(read([*strange, *HEAD, *PERSONNEL]).findings) == []
    assert said(read([["İdare Adı", "Kars"], *strange, ["İdare Adı", "Kars"], *HEAD, *PERSONNEL]).findings) == []
    assert said(read([["İdare Adı", "Kars"], *strange, *VALUES, *HEAD, *PERSONNEL]).findings) == []


# What opens a table


def test_a_cost_table_without_the_line_ekonomik_kod() -> None:
    assert costs(*NAMED, *PERSONNEL, *GOODS) == [{CostRow.PERSONNEL: 500, CostRow.GOODS_AND_SERVICES: 700}]
    assert costs(["Amaç", "Su"], *PERSONNEL) == []
    assert costs(*NAMED, ["2", None, 5.0]) == []
    assert costs(*PERSONNEL) == []


def test_a_table_without_a_heading_begins_at_its_columns() -> None:
    assert read([[], *HEAD, *PERSONNEL]).costs[0].place == place(2, 1)
    found = read([*MATRIX, *HEAD, *GOODS])
    assert [(type(table), table.place.row) for table in found.tables] == [(ResourceMatrix, 1), (CostTable, 3)]
    assert read(GOODS).findings == []


def test_a_page_within_a_cost_table() -> None:
    """Its columns said again it goes on, as long as no heading and no last total stand between."""
    both = {CostRow.PERSONNEL: 500, CostRow.GOODS_AND_SERVICES: 700}
    assert costs(*NAMED, *HEAD, *PERSONNEL, *HEAD, *GOODS) == [both]
    assert costs(*NAMED, *HEAD, *PERSONNEL, [None, "x"], *HEAD, *GOODS) == [both]
    first, second = costs(*NAMED, *HEAD, *PERSONNEL, *NEED, *HEAD, *GOODS)
    assert (first, second) == ({CostRow.PERSONNEL: 500, CostTotal.NEED: 1200}, {CostRow.GOODS_AND_SERVICES: 700})
    first, second = costs(*NAMED, *HEAD, *PERSONNEL, *NAMED, *HEAD, *GOODS)
    assert (first, second) == ({CostRow.PERSONNEL: 500}, {CostRow.GOODS_AND_SERVICES: 700})


def test_ekonomik_kod_may_stand_behind_another_cell() -> None:
    rows: Rows = [["x", "Ekonomik Kod", None, "Tutar", "Not"], ["x", "1", "Personel Giderleri", 5.0, "y"]]
    assert costs(*NAMED, *rows) == [{CostRow.PERSONNEL: 500}]


def test_a_cost_row_below_a_table_that_was_cut_short() -> None:
    """A label typed over a row ends the table; what it had below is told, where it has a figure."""
    cut: Rows = [*NAMED, *HEAD, *PERSONNEL, ["İdare Adı", "Kars"]]
    found = read([*cut, *GOODS]).findings
    assert said(found) == [("KX113", "A5")]
    assert (found[0].table, "“3”" in found[0].message) == ("FMT", True)
    assert said(read([*cut, ["Mal ve Hizmet Alım Giderleri", 7.0]]).findings) == [("KX113", "A5")]
    assert said(read([*cut, ["Mal ve Hizmet Alım Giderleri", "-"]]).findings) == []
    assert said(read([*cut, [None, "Kömür", "-"]]).findings) == []
    # Below a whole one, one of targets, or once another table is there, it is a figure that no table reads.
    whole: Rows = [*NAMED, *HEAD, *PERSONNEL, *NEED, ["İdare Adı", "Kars"]]
    targets: Rows = [*ABOVE, *VALUES, ["İdare Adı", "Kars"]]
    for above in (whole, targets, [*cut, *targets]):
        assert said(read([*above, *GOODS]).findings) == [("KX126", f"A{len(above) + 1}")]


def test_the_rows_of_a_target_table_whose_line_of_headings_is_gone() -> None:
    for above in (ABOVE, ABOVE[:1], ABOVE[1:]):
        (table,) = read([*above, *VALUES[1:], *ACTIVITIES[1:]]).targets
        assert [row.code for row in table.indicators] == ["PG.1.1.1"]
        assert [value and str(value.amount) for value in table.indicators[0].values] == ["4.5", "5.5", "6.5"]
        assert table.activities[0].amounts.total is not None
        assert [it and it.kurus for it in table.activities[0].amounts[1:]] == [450, 550, 1000]
    assert read([["İdare Adı", "Kars"], *VALUES[1:]]).targets == []
    assert read(VALUES[1:]).targets == []


def test_the_columns_of_activities_are_those_of_their_heading() -> None:
    rows: Rows = [["Faaliyetler", None, None, "Toplam", "Bütçe"], ["F.1.1.1", "Yol yapımı", None, 10.0, 4.5]]
    (row,) = read([*ABOVE, *rows]).targets[0].activities
    assert [it and it.kurus for it in row.amounts[1:]] == [450, None, 1000]


def test_a_row_with_a_code_is_data_whatever_its_words() -> None:
    (table,) = read([*ABOVE, *ACTIVITIES, ["F.1.1.2", "Genel Toplam", 1.0, 2.0, 3.0], ["F.1.1.3", "Amaç", 1.0]]).targets
    assert [row.name.value for row in table.activities] == ["Yol yapımı", "Genel Toplam", "Amaç"]
    assert table.totals == {}
    # In a cost table the code is what was spoiled, and the wording tells the row.
    assert costs(*NAMED, *HEAD, *PERSONNEL, ["F.1.1.1", "Toplam Kaynak İhtiyacı", 5.0]) == [
        {CostRow.PERSONNEL: 500, CostTotal.NEED: 500}
    ]


def test_a_page_within_a_target_table() -> None:
    (table,) = read([*ABOVE, *VALUES, *ACTIVITIES, ACTIVITIES[0], ["F.1.1.2", "Su", 1.0, 2.0, 3.0]]).targets
    assert [row.code for row in table.activities] == ["F.1.1.1", "F.1.1.2"]
    first, second = read([*ABOVE, *VALUES, *ACTIVITIES, *ABOVE, *VALUES]).targets
    assert (first.codes, second.codes) == (["PG.1.1.1", "F.1.1.1"], ["PG.1.1.1"])


SUMMARY = lines("Performans Hedefi | Faaliyetler | Bütçe | | Bütçe Dışı | | Toplam |", "Yol | F.1.1.1 | 5,0")
LISTED = lines("Performans Hedefi | Faaliyetler | Sorumlu Birimler", "Yol | F.1.1.1 Yol yapımı | Fen")
MATRIX = lines("| Ekonomik Kod | Genel Yönetim Giderleri | Genel Toplam", "1 | Personel Giderleri | 5,0 | 5,0")


@pytest.mark.parametrize(
    ("rows", "kind"),
    [(SUMMARY, SummaryTable), (LISTED, ResponsibilityTable), (MATRIX, ResourceMatrix)],
)
def test_tables_that_their_columns_tell(rows: Rows, kind: type) -> None:
    """A page within one goes on with it; a second one is another."""
    assert [type(table) for table in read(rows).tables] == [kind]
    heading, row = rows
    assert [type(table) for table in read([heading, row, heading]).tables] == [kind]
    assert [type(table) for table in read([heading, row, *NAMED, *HEAD, *PERSONNEL, heading, row]).tables] == [
        kind,
        CostTable,
        kind,
    ]


def test_a_second_matrix_below_a_whole_one() -> None:
    total: Rows = lines("| Genel Toplam | 5,0 | 5,0")
    assert len(read([*MATRIX, *total, *MATRIX]).matrices) == 2
    (table,) = read([*MATRIX, MATRIX[0], *lines("2 | SGK Devlet Primi Giderleri | 6,0 | 6,0")]).matrices
    assert [*table.columns] == ["general", "grand_total"]


def test_a_table_of_costs_and_the_matrix_are_told_apart() -> None:
    """The words "Ekonomik Kod" within the matrix open no cost table."""
    found = read([*MATRIX, ["x", "Ekonomik Kod"], *lines("2 | SGK Devlet Primi Giderleri | 6,0 | 6,0")])
    assert [type(table) for table in found.tables] == [ResourceMatrix]
    assert found.matrices[0].columns["general"][CostRow.SOCIAL_SECURITY].kurus == 600


def test_names_that_read_like_labels_within_lists() -> None:
    rows: Rows = [*LISTED, ["Açıklama", "F.1.1.2 Su", "Fen"], ["Hedef", "F.1.1.3 Park", "Fen"]]
    (table,) = read(rows).responsibilities
    assert [(row.target.value, row.code) for row in table.rows] == [
        ("Yol", "F.1.1.1"),
        ("Açıklama", "F.1.1.2"),
        ("Hedef", "F.1.1.3"),
    ]
    # A heading that is short ends it, and İdare Adı always does.
    for label in ("Faaliyet Adı", "Amaç", "İdare Adı"):
        for heading in ([label, "x"], [label, "x", "y"]):
            listed, cost = read([*LISTED, heading, *HEAD, *PERSONNEL]).tables
            assert isinstance(listed, ResponsibilityTable)
            assert len(listed.rows) == 1
            assert [text.value for text in cost.heading.texts.values()] == ["x"]
    long: Rows = [*LISTED, ["Amaç", "x", "F.1.1.4 y", "Fen"]]
    assert len(read(long).responsibilities[0].rows) == 2
    institution: Rows = [*LISTED, ["İdare Adı", "x", "y", "z"], ["Amaç", "w"]]
    assert [type(table) for table in read(institution).tables] == [ResponsibilityTable, TargetTable]


def test_a_label_typed_over_a_row_with_an_amount_ends_no_table() -> None:
    for label in ("Amaç", "İdare Adı"):
        found = read([*NAMED, *HEAD, *PERSONNEL, [label, "Faiz Giderleri", 6.0], *GOODS])
        (table,) = found.costs
        assert {key: it.kurus for key, it in table.amounts.items()} == {
            CostRow.PERSONNEL: 500,
            CostRow.INTEREST: 600,
            CostRow.GOODS_AND_SERVICES: 700,
        }


# What is said of the file


def test_a_text_that_no_cell_holds() -> None:
    long = "a" * 32_768
    found = read([[long[1:], long], *NAMED, *HEAD, *PERSONNEL, [long]]).findings
    assert said(found) == [("KX608", "B1"), ("KX608", "A5")]
    assert "32768 harf" in found[0].message
    assert read([[long]]).findings == []


def test_letters_that_can_mean_two_are_said_once() -> None:
    rows: Rows = [["(ĐL ĠL, yol ĐL. ĐÇ ĠÇ)"], [5, "BELEDĠYE"], *NAMED, *HEAD, *PERSONNEL]
    (found,) = read(rows, [["ĐLÇE"]]).findings
    assert (found.code, found.place, found.related) == ("KX218", place(1, 1), (place(2, 2), place(1, 1, "PH 1.2")))
    assert found.message.startswith("3 yerde ")
    assert "harfler var: “ĐL” İL, “ĠL” İL, “ĐÇ” İÇ; Türkçe" in found.message
    assert read([["ĐL"]]).findings == []


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (["Tutarlar bin TL'dir"], [("KX115", "A1")]),
        (["Rakamlar", "Bin   TL"], [("KX115", "B1")]),
        (["Açıklama", "Tutarlar bin TL'dir"], [("KX115", "B1")]),
        (["Performans Hedefi", "Bin TL"], []),
        (["Faaliyet Adı", "Bin TL"], []),
    ],
)
def test_amounts_that_are_no_single_lira(row: list[Given], told: list[tuple[str, str]]) -> None:
    rest: Rows = [*(NAMED if row[0] != "Faaliyet Adı" else []), *HEAD, *PERSONNEL]
    found = read([row, *rest]).findings
    assert said(found) == told
    assert not told or f"“{' '.join(str(row[-1]).split())}”" in found[0].message
    assert read([row]).findings == []


def test_other_money_is_quoted_in_part_and_is_none_in_an_amount_or_a_measure() -> None:
    (found,) = read([["Tutarlar bin TL'dir " + "x" * 99], *NAMED, *HEAD, *PERSONNEL]).findings
    assert f"“Tutarlar bin TL'dir {'x' * 80}”" in found.message
    measured: Rows = [*ABOVE, VALUES[0], ["PG.1.1.1", "Alınan hibe", "5 bin TL", "6 bin TL", "7 bin TL"]]
    assert "KX115" not in {it.code for it in read(measured).findings}
    # What was read as a figure of a table has a finding of its own.
    amount: Rows = [*NAMED, *HEAD, ["1", "Personel Giderleri", "5 bin TL"]]
    assert said(read(amount).findings) == [("KX103", "C3")]
    # Of a sheet without official tables nothing is said.
    assert said(read([*NAMED, *HEAD, *PERSONNEL], [["Tutarlar bin TL'dir"]]).findings) == []


def test_what_was_said_of_one_row_keeps_no_figure_of_the_next_from_being_told() -> None:
    found = read([*NAMED, *HEAD, ["x", None, 6.0], ["1", "Personel Giderleri", 5.0, 7.5]]).findings
    assert said(found) == [("KX126", "D4"), ("KX113", "A3")]
    assert (found[0].table, found[0].key) == ("FMT", "Yol yapımı")


def test_a_small_figure_in_a_label_row_is_no_stray() -> None:
    assert said(read([["Hedef", "Yollar", 5.5], *NAMED, *HEAD, *PERSONNEL]).findings) == []


def test_findings_of_all_sheets_are_there() -> None:
    first, second = ["Tutarlar bin TL'dir"], ["a" * 32_768]
    found = read([first, *NAMED, *HEAD, *PERSONNEL], [second, *NAMED, *HEAD, *PERSONNEL]).findings
    assert said(found) == [("KX115", "A1"), ("KX608", "A1")]


def test_figures_at_the_same_place_of_another_sheet_are_looked_at() -> None:
    first: Rows = [*NAMED, *HEAD, *PERSONNEL]
    second: Rows = [*NAMED, ["Amaç", "Ulaşım"], ["Hedef", "Yollar", 2500.0], *HEAD, *PERSONNEL]
    assert said(read(first, second).findings) == [("KX126", "C3")]
    assert said(read([["Ek", "x", 2500.0]], first).findings) == []
