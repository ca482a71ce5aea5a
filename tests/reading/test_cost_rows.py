"""The rows of a cost table: what each is, which column has the amounts, and what can't be told of either."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from kars_xl.model.cost_rows import CostKey, CostRow, CostTotal
from kars_xl.reading.rows.costs import CostRows, cost_key
from kars_xl.reading.tables import Amount, CostTable
from tests.helpers.typed_rows import Given, Typed, cells_of, lines, place, read, said

P, SGK, GOODS, INTEREST = CostRow.PERSONNEL, CostRow.SOCIAL_SECURITY, CostRow.GOODS_AND_SERVICES, CostRow.INTEREST
NEED, BUDGET = CostTotal.NEED, CostTotal.BUDGET
NAMED = lines("Faaliyet Adı | F.1.1.1 | Yol yapımı")
HEAD = lines("Ekonomik Kod | | Tutar")
FIRST = lines("1 | Personel Giderleri | 5,00")
Rows = list[list[Given]]

KEYS: list[tuple[list[Given], CostKey | None]] = [
    (["1", "Personel Giderleri"], P),
    (["01", "Personel Giderleri"], P),
    (["Personel Giderleri"], P),
    (["1 Personel Giderleri"], P),
    ([None, "Personel Giderleri", "x", "y"], P),
    (["x", "y", "Personel Giderleri"], P),
    (["x", "y", "z", "Personel Giderleri"], None),
    ([5.5, "x", "y", "Personel Giderleri"], None),
    ([5.5, "x", "Personel Giderleri"], P),
    # By number alone: as text or number, with a point or bracket behind it.
    (["1"], P),
    (["1."], P),
    (["1)"], P),
    ([" -01- "], P),
    ([1], P),
    ([9, "x"], CostRow.RESERVE),
    (["x", "1"], None),
    (["0"], None),
    (["10"], None),
    (["1a"], None),
    (["²"], None),
    ([1.5], None),
    # Number and name, or two names, that contradict each other.
    (["2", "Personel Giderleri"], None),
    ([2, "Personel Giderleri"], None),
    (["Personel Giderleri", "Faiz Giderleri"], None),
    (["1", "Toplam Kaynak İhtiyacı"], None),
    (["Toplam Kaynak İhtiyacı"], NEED),
    (["x", "y", "z", "Toplam Kaynak İhtiyacı"], NEED),
    (["Toplam Bütçe Kaynak İhtiyacı"], BUDGET),
    (["Toplam Bütçe Dışı Kaynak İhtiyacı"], CostTotal.EXTRA),
    (["Döner Sermaye"], CostRow.REVOLVING_FUND),
    (["Genel Toplam"], None),
    (["Kömür"], None),
]


@pytest.mark.parametrize(("values", "key"), KEYS)
def test_what_a_row_is(values: list[Given], key: CostKey | None) -> None:
    assert cost_key(cells_of(1, values)) == key


def test_tablo_11_has_a_total_of_its_own() -> None:
    assert cost_key(cells_of(1, ["Genel Toplam"]), CostTotal) is CostTotal.GRAND
    assert cost_key(cells_of(1, ["9", "Genel Toplam"]), CostTotal) is None


@pytest.mark.parametrize(
    ("values", "is_one"),
    [
        (["1", "Personel Giderleri"], True),
        (["Personel Giderleri"], True),
        (["1", "5,00"], False),
        (["1"], False),
        ([1, 5], False),
        (["Kömür", "5,00"], False),
        (["1", "2", "3", "x"], False),
        (["1", "2", "x"], True),
    ],
)
def test_a_bare_number_is_no_row_where_no_table_is_open(values: list[Given], is_one: bool) -> None:
    assert CostRows.is_row(cells_of(1, values)) is is_one


# Which column has the amounts


DATE = Typed(Decimal((date(2024, 12, 31) - date(1899, 12, 30)).days), form="dd.mm.yyyy")
# The headings from column C on with the chosen column, its year, and whether it is told; the programme's is 2024.
HEADINGS: list[tuple[list[Given], int, int | None, bool]] = [
    (["Tutar"], 3, None, True),
    (["2024"], 3, 2024, True),
    ([2024], 3, 2024, True),
    ([DATE], 3, 2024, True),
    (["2023", "2024", "2025"], 4, 2024, True),
    (["2024", "2025"], 3, 2024, True),
    (["2024 Bütçe", "2024 Harcama"], 3, 2024, True),
    (["t", "t+1"], 4, None, True),
    # Where none is of the programme's year: the only one of any year, then the only one with a word for money.
    (["2025", "Açıklama"], 3, 2025, True),
    (["Not", "2025 Tutarı", "Tutar"], 4, 2025, True),
    (["2025", "2026 Bütçesi"], 4, 2026, True),
    (["Açıklama", "Tutar"], 4, None, True),
    (["Ödenek", "Açıklama"], 3, None, True),
    (["Not", "Maliyeti (TL)"], 4, None, True),
    (["TL", "Not"], 3, None, True),
    (["Liralar", "Not"], 3, None, True),
    # A share is none, unless nothing else is there.
    (["Tutar", "Pay (%)"], 3, None, True),
    (["Not", "Pay"], 3, None, True),
    (["Tutar Payı %"], 3, None, True),
    (["Pay (%)", "Oran %"], 4, None, False),
    # Else the last, and nobody says so.
    (["Not", "Açıklama"], 4, None, False),
    (["Tutar", "Bütçe"], 4, None, False),
    (["2025", "2026"], 4, 2026, False),
    (["2024 A", "2024 B"], 4, 2024, False),
]


@pytest.mark.parametrize(("headings", "column", "year", "told"), HEADINGS)
def test_the_column_of_the_amounts(headings: list[Given], column: int, year: int | None, told: bool) -> None:
    """Where nothing tells the columns apart, money in another of them leaves no amount."""
    amounts: list[Given] = [7.0 if at == column else 8.0 for at in range(3, 3 + len(headings))]
    rows: Rows = [["2024 yılı"], *NAMED, ["Ekonomik Kod", None, *headings], ["1", "Personel Giderleri", *amounts]]
    found = read(rows)
    (table,) = found.costs
    is_share = headings == ["Pay (%)", "Oran %"]
    assert table.amounts[P].kurus == (700 if told or is_share else None)
    assert table.amounts[P].place == place(4, column)
    assert (table.year, table.year_place) == (year, place(3, column))
    assert [code for code, _ in said(found.findings) if code == "KX113"] == ([] if told or is_share else ["KX113"])


def test_columns_that_nothing_tells_apart_are_refused_once() -> None:
    rows: Rows = [*NAMED, ["Ekonomik Kod", None, "A", "B", "C"], ["1", "Personel Giderleri", None, 0, 5.0]]
    rows += [
        ["2", "SGK Devlet Primi Giderleri", "-", Typed(0.05, form="0%"), 6.0],
        ["3", "Mal ve Hizmet Alım Giderleri", 7.0, 8.0, 9.0],
    ]
    rows += [["4", "Faiz Giderleri", 1.0, 1.0, 1.0], ["Toplam Kaynak İhtiyacı", None, 1.0, 1.0, 1.0]]
    sure = read(rows[:4])
    assert sure.costs[0].amounts == {P: Amount(500, place(3, 5)), SGK: Amount(600, place(4, 5))}
    found = read(rows)
    (table,) = found.costs
    assert {it.kurus for it in [*table.amounts.values(), *table.totals.values()]} == {None}
    assert [*table.totals] == [NEED]
    assert said(found.findings) == [("KX113", "C2")]
    assert (found.findings[0].table, found.findings[0].key) == ("FMT", "F.1.1.1")
    assert "“A”" in found.findings[0].message


@pytest.mark.parametrize(
    "amount", [Typed(8, formula="C3"), Typed(0.5, form="0%"), "-", 0.0, None, "Not 5"], ids=[*"abcdef"]
)
def test_what_is_no_money_in_another_column(amount: Given) -> None:
    rows: Rows = [*NAMED, ["Ekonomik Kod", None, "A", "B"], ["1", "Personel Giderleri", amount, 5.0]]
    assert read(rows).costs[0].amounts == {P: Amount(500, place(3, 4))}


def test_marks_and_cells_before_it_are_no_headings() -> None:
    rows: Rows = [*NAMED, ["Tutar", "Ekonomik Kod", "◄", "Bütçe"], [None, "Personel Giderleri", None, 5.0]]
    assert read(rows).costs[0].amounts == {P: Amount(500, place(3, 4))}


# Without a heading of amounts


@pytest.mark.parametrize(
    ("row", "at", "kurus"),
    [
        (["1", "Personel Giderleri", 5.0], 3, 500),
        (["1", "Personel Giderleri", None, 5.0], 4, 500),
        (["1", "Personel Giderleri", 5.0, 6.0], 4, 600),
        (["1", "Personel Giderleri"], 3, 0),
        (["Personel Giderleri"], 2, 0),
        ([1, 5.0], 2, 500),
    ],
)
def test_without_a_heading_the_last_cell_is_the_amount(row: list[Given], at: int, kurus: int) -> None:
    (table,) = read([*NAMED, ["Ekonomik Kod"], row]).costs
    assert table.amounts == {P: Amount(kurus, place(3, at), given=bool(kurus))}
    assert (table.year, table.year_place) == (None, None)


def test_the_years_may_stand_a_line_below() -> None:
    rows: Rows = [["2024 yılı"], *NAMED, ["Ekonomik Kod"], [None, None, "2024", "2025"], [*FIRST[0], 9.0]]
    (table,) = read(rows).costs
    assert (table.year, table.amounts) == (2024, {P: Amount(500, place(5, 3))})
    # They are headings, and no figures that no table has taken.
    assert said(read(rows).findings) == []
    numbers: Rows = [["2024 yılı"], *NAMED, ["Ekonomik Kod"], [None, None, 2024, 2025], [*FIRST[0], 9.0]]
    assert (read(numbers).costs[0].year, said(read(numbers).findings)) == (2024, [])
    first: Rows = [["2024 yılı"], *NAMED, ["Ekonomik Kod"], ["2024"], ["Personel Giderleri"]]
    assert read(first).costs[0].year == 2024
    # Not among the rows, and not where a cell says no year.
    for rows in ([*NAMED, *HEAD, *FIRST, [None, None, "2025"]], [*NAMED, ["Ekonomik Kod"], ["x", "2025"], *FIRST]):
        assert read(rows).costs[0].year is None


# Rows


def costs(*rows: list[Given], head: Rows = HEAD) -> tuple[CostTable, list[tuple[str, str]]]:
    found = read([*NAMED, *head, *rows])
    (table,) = found.costs
    return table, said(found.findings)


def test_rows_with_their_amounts_and_totals() -> None:
    table, told = costs(
        ["1", "Personel Giderleri", 5.0],
        ["2", "SGK Devlet Primi Giderleri", None],
        ["3", "Mal ve Hizmet Alım Giderleri", Typed(7, formula="6+1")],
        ["Toplam Bütçe Kaynak İhtiyacı", None, 12.0],
        [None, "Yurt Dışı", "-"],
        ["Toplam Kaynak İhtiyacı", None, 12.0],
    )
    assert told == []
    assert table.amounts == {
        P: Amount(500, place(3, 3)),
        SGK: Amount(0, place(4, 3), given=False),
        GOODS: Amount(700, place(5, 3), formula=True),
        CostRow.FOREIGN: Amount(0, place(7, 3)),
    }
    assert table.totals == {BUDGET: Amount(1200, place(6, 3)), NEED: Amount(1200, place(8, 3))}


def test_a_finding_at_an_amount_says_whose_it_is() -> None:
    (found,) = read([*NAMED, *HEAD, ["1", "Personel Giderleri", "x5"]]).findings
    assert (found.code, found.place, found.table, found.key, found.label) == (
        *("KX103", place(3, 3), "FMT", "F.1.1.1", "1 Personel Giderleri"),
    )
    unnamed: Rows = [["Faaliyet Adı", "Yol yapımı"], *HEAD, [None, "Personel Giderleri", "x", "y5"]]
    assert read(unnamed).findings[0].key == "Yol yapımı"


def test_a_total_is_read_as_one_and_the_first_of_two_counts() -> None:
    """What will be recomputed is no finding where it is rounded or a text; an amount is one."""
    table, told = costs(["Toplam Bütçe Kaynak İhtiyacı", None, 5.555], ["Toplam Bütçe Kaynak İhtiyacı", None, 7.0])
    assert (table.totals[BUDGET].kurus, told) == (556, [])
    assert costs(["1", "Personel Giderleri", 5.555])[1] == [("KX106", "C3")]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (FIRST[0], [("KX113", "B4")]),
        (["Personel Giderleri", None, 6.0], [("KX113", "A4")]),
        (["9", "Yedek Ödenek", 6.0], [("KX113", "B4")]),
        (["9", "Yedek Ödenek", 0.0], []),
        (["9", "Yedek Ödenek", None], []),
        (["7", "Personel Giderleri", 6.0], [("KX113", "A4")]),
        (["x", None, 6.0], [("KX113", "A4")]),
        (["x", None, "-"], [("KX113", "A4")]),
        (["x", None, "y"], [("KX113", "A4")]),
        (["x", "y"], []),
        (["x", None, "Faiz Giderleri"], [("KX113", "A4")]),
        (["x", None, None, 6.0], [("KX126", "D4")]),
        ([None, None, 6.5], [("KX126", "C4")]),
        ([None, None, 6.0], []),  # a page's number
        ([None, None, "y", "z"], []),
    ],
)
def test_a_row_that_cannot_be_told(row: list[Given], told: list[tuple[str, str]]) -> None:
    """It is an error where it has an amount, and none where it is a word beside others."""
    table, found = costs(*FIRST, row)
    assert found == told
    assert table.amounts[P] == Amount(500, place(3, 3))


def test_a_word_above_the_first_row_is_no_row() -> None:
    assert costs(["x", None, "y"], *FIRST)[1] == []
    assert costs(["x", None, 6.0], *FIRST)[1] == [("KX113", "A3")]


def test_below_the_last_total_only_a_row_of_costs_is_an_error() -> None:
    last = ["Toplam Kaynak İhtiyacı", None, 5.0]
    assert costs(*FIRST, last, ["3", "Mal ve Hizmet Alım Giderleri", 6.0])[1] == [("KX113", "A5")]
    assert costs(*FIRST, last, ["Mal ve Hizmet Alım Giderleri", None, "-"])[1] == [("KX113", "A5")]
    assert costs(*FIRST, last, ["Kömür", None, "-"])[1] == []
    assert costs(*FIRST, last, ["1", None, "-"])[1] == []


def test_a_label_where_the_amount_should_be_tells_nothing() -> None:
    table, told = costs(["1", "Personel Giderleri", "Faiz Giderleri"])
    assert (table.amounts, told) == ({P: Amount(None, place(3, 3))}, [("KX103", "C3")])
    # Where nothing stands before the amounts, the whole row tells.
    table, told = costs([None, None, None, "Personel Giderleri"])
    assert (table.amounts, told) == ({P: Amount(0, place(3, 3), given=False)}, [])


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (["1", "Personel Giderleri", None, 5.0], [("KX112", "D3")]),
        (["1", "Personel Giderleri", None, None, 5.0, 6.0], [("KX112", "E3")]),
        (["1", "Personel Giderleri", None, "5 adet"], [("KX112", "D3")]),
        (["1", "Personel Giderleri", None, "x"], []),
        (["1", "Personel Giderleri", None, Typed(5, formula="A1+4")], [("KX126", "D3")]),
        (["1", "Personel Giderleri", None, Typed(5, formula="C3")], []),
        (["1", "Personel Giderleri", "◄", 5.0], [("KX112", "D3")]),
        (["1", "Personel Giderleri", "-", 5.0], [("KX126", "D3")]),
        (["Personel Giderleri", None, None], []),
        (["1", "1 Personel Giderleri", None], []),
        # A figure typed right behind the name, where another column is that of the amounts.
        (["Personel Giderleri", "5,00"], [("KX112", "B3")]),
        (["Personel Giderleri", 5.0], [("KX112", "B3")]),
    ],
)
def test_an_amount_in_a_column_of_none(row: list[Given], told: list[tuple[str, str]]) -> None:
    assert costs(row)[1] == told


def test_the_column_that_an_amount_is_missing_from_is_called_by_its_heading() -> None:
    def missing(*head: Given) -> str:
        (found,) = read([*NAMED, ["Ekonomik Kod", None, *head], FIRST[0], ["2", None, None, None, 5.0]]).findings
        return found.fix

    assert "“2024 (TL)”" in missing("2024 (TL)")
    assert "“tutar”" in missing()
    assert "KX112" in {code for code, _ in costs(["2", None, None, None, 5.0])[1]}


# Columns of other years, and of other things


def test_amounts_of_other_years_are_kept_by_their_year() -> None:
    head: Rows = [["2024 yılı"], ["Ekonomik Kod", None, "2024", "2023 ödeneği", "Not"]]
    table, told = costs(["1", "Personel Giderleri", 5.0, 4.555, 3.0], ["2", None, 6.0, "-", None], head=head)
    assert told == [("KX126", "E4")]
    assert table.other_years == {(2023, P): Amount(456, place(4, 4))}
    assert table.amounts == {P: Amount(500, place(4, 3)), SGK: Amount(600, place(5, 3))}
    total, _ = costs(["Toplam Kaynak İhtiyacı", None, 5.0, 4.0], head=head)
    assert total.other_years == {}


@pytest.mark.parametrize(
    ("heading", "told"),
    [
        ("2023", []),
        ("t-1", []),
        ("Önceki yıl", []),
        ("Gelecek yıl", []),
        ("t+2 tahmini", []),
        ("T - 1", []),
        ("Değişim (%)", []),
        ("Pay", []),
        ("Not", [("KX126", "D4")]),
        ("Ek ödenek", [("KX126", "D4")]),
        ("2024 Haziran", []),
    ],
)
def test_a_figure_below_the_heading_of_another_column(heading: str, told: list[tuple[str, str]]) -> None:
    head: Rows = [["2024 yılı"], ["Ekonomik Kod", None, "2024", heading]]
    table, found = costs(["1", "Personel Giderleri", 5.0, 4.0], head=head)
    assert (table.amounts, found) == ({P: Amount(500, place(4, 3))}, told)


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        # A figure typed over the formulas of a column.
        ([Typed(4, formula="x"), Typed(4, formula="x"), Typed(4, formula="x"), 9.0], [("KX126", "D6")]),
        ([Typed(4, formula="x"), 9.0, 9.0, Typed(4, formula="x")], []),
        ([Typed(4, formula="x"), 0.0, "-", 9.0], []),
        ([Typed(4, formula="x"), Typed(4, formula="x"), "-", 9.0], []),
        ([Typed(4, formula="x"), Typed(4, formula="x"), Typed(4, formula="x"), "-"], []),
        ([9.0, 9.0, 9.0, 9.0], []),
    ],
)
def test_a_figure_typed_into_a_column_of_formulas(cells: list[Given], told: list[tuple[str, str]]) -> None:
    names = ("Personel Giderleri", "SGK Devlet Primi Giderleri", "Mal ve Hizmet Alım Giderleri", "Faiz Giderleri")
    head: Rows = [["Ekonomik Kod", None, "2024", "Değişim %"]]
    rows: Rows = [[str(n), name, 5.0, cell] for n, (name, cell) in enumerate(zip(names, cells, strict=True), start=1)]
    assert costs(*rows, head=head)[1] == told


# Tablo 11


MATRIX = lines("| Ekonomik Kod | Faaliyet Toplamı | Genel Yönetim Giderleri | Genel Toplam")
ROW = lines("1 | Personel Giderleri | 5,0 | 6,0 | 11,0")


def matrix(
    *rows: list[Given], head: Rows = MATRIX
) -> tuple[dict[str, dict[CostKey, int | None]], list[tuple[str, str]]]:
    found = read([*head, *rows])
    (table,) = found.matrices
    columns = {name: {key: it.kurus for key, it in cells.items()} for name, cells in table.columns.items()}
    return columns, said(found.findings)


def test_tablo_11_by_its_columns() -> None:
    found = read(
        [*MATRIX, *ROW, ["2", "SGK Devlet Primi Giderleri", None, 7.0], [None, "GENEL TOPLAM", 5.0, 13.0, 18.0]]
    )
    (table,) = found.matrices
    assert table.columns == {
        "activity_column": {
            P: Amount(500, place(2, 3)),
            SGK: Amount(0, place(3, 3), given=False),
            CostTotal.GRAND: Amount(500, place(4, 3)),
        },
        "general": {
            P: Amount(600, place(2, 4)),
            SGK: Amount(700, place(3, 4)),
            CostTotal.GRAND: Amount(1300, place(4, 4)),
        },
        "grand_total": {
            P: Amount(1100, place(2, 5)),
            SGK: Amount(0, place(3, 5), given=False),
            CostTotal.GRAND: Amount(1800, place(4, 5)),
        },
    }
    assert found.findings == []


@pytest.mark.parametrize(
    ("labels", "is_one"),
    [
        (["Ekonomik Kod", "Genel Yönetim Giderleri", "Genel Toplam"], True),
        (["Ekonomik Kod", "Faaliyet Toplamı", "Diğer İdarelere Transfer + Yedek Ödenek"], True),
        (["Ekonomik Kod", "Genel Toplam"], False),
        (["Kod", "Genel Yönetim Giderleri", "Genel Toplam"], False),
        (["Ekonomik Kod", "Toplam", "Tutar"], False),
    ],
)
def test_what_heads_tablo_11(labels: list[Given], is_one: bool) -> None:
    assert bool(read([[None, *labels], ROW[0]]).matrices) is is_one


@pytest.mark.parametrize(
    ("head", "told"),
    [
        (["Kod", "Ekonomik Kod", "Genel Yönetim Giderleri", "Genel Toplam", "Faaliyet Toplamı"], []),
        ([None, "Ekonomik Kod", "Genel Yönetim Giderleri", "Genel Toplam", "Not"], [("KX113", "E1")]),
        (
            ["Genel Toplam", "Ekonomik Kod", "Genel Yönetim Giderleri", "Genel Toplam", "Not"],
            [("KX113", "A1"), ("KX113", "E1")],
        ),
        ([None, "Ekonomik Kod", "Genel Yönetim Giderleri", "Genel Toplam", 2025], [("KX113", "E1")]),
        (
            [None, "Ekonomik Kod", "Genel Yönetim Giderleri", "Genel Toplam", "Genel Toplam"],
            [("KX113", "D1")],
        ),
    ],
)
def test_columns_of_tablo_11_that_cannot_be_told(head: list[Given], told: list[tuple[str, str]]) -> None:
    assert [it for it in matrix(ROW[0], head=[head])[1] if it[0] == "KX113"] == told


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ((*ROW[0],), [("KX113", "A3")]),
        (("7", "Personel Giderleri", 5.0), [("KX113", "A3")]),
        (("7", "Personel Giderleri", "-"), [("KX113", "A3")]),
        (("x", "y", 5.0), [("KX113", "A3")]),
        (("x", "y", "z"), []),
        (("x", "y"), []),
        ((None, None, "x", "y"), []),
        (("2", "SGK Devlet Primi Giderleri", 5.0, None, None, 9.0), [("KX113", "F3")]),
        (("2", "SGK Devlet Primi Giderleri", 5.0, None, None, "-"), []),
        (("2", "SGK Devlet Primi Giderleri", 5.0, None, None, Typed(9, formula="C3")), []),
    ],
)
def test_a_row_of_tablo_11_that_cannot_be_told(row: tuple[Given, ...], told: list[tuple[str, str]]) -> None:
    columns, found = matrix(*ROW, [*row])
    assert found == told
    assert columns["general"][P] == 600


def test_a_column_without_a_heading_is_told_once() -> None:
    rows: Rows = [["1", "Personel Giderleri", 5.0, None, None, 9.0], ["2", None, 5.0, None, None, 9.0]]
    assert matrix(*rows)[1] == [("KX113", "F2")]


def test_below_tablo_11() -> None:
    whole: Rows = [*ROW, [None, "Genel Toplam", 5.0, 6.0, 11.0]]
    assert matrix(*whole, ["2", "SGK Devlet Primi Giderleri", 5.0])[1] == [("KX113", "A4")]
    assert matrix(*whole, ["SGK Devlet Primi Giderleri", None, "x"])[1] == []
    assert "KX113" not in {code for code, _ in matrix(*whole, ["x", "Kömür", 5.0])[1]}


def test_findings_in_tablo_11_say_which_row_and_only_wishes_must_be_plain() -> None:
    rows: Rows = [["1", "Personel Giderleri", 5.555, 6.555, 7.555]]
    (found,) = read([*MATRIX, *rows]).findings
    assert (found.code, found.place, found.table, found.key) == ("KX106", place(2, 4), "TKT", "")
    assert found.label == "1 Personel Giderleri"
    assert matrix(["Genel Toplam", None, 5.0, 6.555, 7.0])[1] == []
    transfers: Rows = [[None, "Ekonomik Kod", "Diğer İdarelere Transfer + Yedek Ödenek", "Genel Toplam"]]
    assert matrix(["1", None, 5.555, 6.555], head=transfers)[1] == [("KX106", "C2")]


def test_a_label_typed_over_a_row_of_tablo_11_ends_it_not() -> None:
    columns, _ = matrix(["İdare Adı", "Personel Giderleri", 5.0, 6.0, 11.0], ["2", None, 7.0, 8.0, 15.0])
    assert columns["general"] == {P: 600, SGK: 800}
