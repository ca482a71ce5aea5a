"""The rows of target tables, of the İdare Performans Tablosu and of the units: codes, names, values and amounts."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kars_xl.model.programme import IndicatorValue
from kars_xl.reading.grid.cells import ExcelError
from kars_xl.reading.tables import Amount, AmountRow, ResponsibilityRow, ShareCell, SummaryRow, TargetTable, Text
from tests.helpers.typed_rows import Given, Typed, lines, place, read, said

ABOVE = lines("Amaç | Ulaşım", "Hedef 1.1 | Yollar")
VALUES: list[list[Given]] = [["Performans Göstergeleri", None, "2022", "2023", "2024"]]
ROAD: list[Given] = ["PG.1.1.1", "Yol (km)", 4.5, 5.5, 6.5]
ACTIVITIES = lines("Faaliyetler | | Bütçe | Bütçe Dışı | Toplam")
WORK: list[Given] = ["F.1.1.1", "Yol yapımı", 4.5, 5.5, 10.0]
Rows = list[list[Given]]
Told = list[tuple[str, str]]
LEFT = 3 * (None,)


def target(*rows: list[Given], above: Rows = ABOVE) -> tuple[TargetTable, Told]:
    """Rows 1 and 2 are the heading's."""
    found = read([*above, *rows])
    (table,) = found.targets
    return table, said(found.findings)


def values(*rows: list[Given]) -> tuple[list[tuple[str | None, ...]], Told]:
    """The three values of each indicator as written with a point, None where there is none."""
    table, told = target(*rows)
    shown = [tuple(None if it is None else str(it.amount) for it in row.values) for row in table.indicators]
    return shown, told


def amounts(*rows: list[Given]) -> tuple[list[tuple[int | None, ...]], Told]:
    """Budget, extra and total of each activity in kuruş, -1 where the table has no such column."""
    table, told = target(*rows)
    return [tuple(-1 if it is None else it.kurus for it in row.amounts[1:]) for row in table.activities], told


# Indicators


def test_indicators_and_activities_with_all_their_places() -> None:
    rest: Rows = [*VALUES, ROAD, *ACTIVITIES, WORK, ["Ara Toplam", None, 4.5, 5.5, 10.0], ["Genel Toplam"]]
    table, told = target(*rest)
    assert told == []
    assert (table.years, table.year_place) == ((2022, 2023, 2024), place(3, 5))
    (row,) = table.indicators
    assert (row.code, row.name) == ("PG.1.1.1", Text("Yol (km)", place(4, 2)))
    assert row.values == tuple(IndicatorValue(Decimal(text)) for text in ("4.5", "5.5", "6.5"))
    assert row.places == (place(4, 3), place(4, 4), place(4, 5))
    assert row.written == ("", "", "")
    (work,) = table.activities
    assert (work.code, work.name) == ("F.1.1.1", Text("Yol yapımı", place(6, 2)))
    given = (Amount(450, place(6, 3)), Amount(550, place(6, 4)), Amount(1000, place(6, 5)))
    assert work.amounts == AmountRow(place(6, 1), *given)
    assert [*table.totals] == ["subtotal", "grand_total"]
    total = (Amount(450, place(7, 3)), Amount(550, place(7, 4)), Amount(1000, place(7, 5)))
    assert table.totals["subtotal"] == AmountRow(place(7, 1), *total)
    blank = (Amount(0, place(8, column), given=False) for column in (3, 4, 5))
    assert table.totals["grand_total"] == AmountRow(place(8, 1), *blank)


def test_values_as_they_are_written() -> None:
    table, told = target(*VALUES, ["PG.1.1.1", "Yol", "%5", " 1 500  km ", None])
    (row,) = table.indicators
    assert row.written == ("%5", "1 500 km", "")
    assert row.values == (IndicatorValue(Decimal(5), percent=True), None, None)
    assert told == [("KX102", "C4"), ("KX103", "D4")]
    found = read([*ABOVE, *VALUES, ["PG.1.1.1", "Yol", "x5"]]).findings[0]
    assert (found.table, found.key, found.label) == ("PHT", "PG.1.1.1", "Yol")


@pytest.mark.parametrize(
    ("row", "code", "name", "shown"),
    [
        (["PG.1.1.1", "Yol", 4.5, 5.5, 6.5], "PG.1.1.1", Text("Yol", place(4, 2)), ("4.5", "5.5", "6.5")),
        (["1.1.1", "Yol", 4.5, 5.5, 6.5], "PG.1.1.1", Text("Yol", place(4, 2)), ("4.5", "5.5", "6.5")),
        # Without a name, or with one behind a blank.
        (["PG.1.1.1", None, 4.5, 5.5, 6.5], "PG.1.1.1", Text("", place(4, 2)), ("4.5", "5.5", "6.5")),
        # All one column further right: the values are, too.
        ([None, "PG.1.1.1", "Yol", 4.5, 5.5, 6.5], "PG.1.1.1", Text("Yol", place(4, 3)), ("4.5", "5.5", "6.5")),
        (["PG.1.1.1", None, "Yol", 4.5, 5.5, 6.5], "PG.1.1.1", Text("Yol", place(4, 3)), ("4.5", "5.5", "6.5")),
        (["x", "PG.1.1.1", "Yol", 4.5, 5.5, 6.5], "PG.1.1.1", Text("Yol", place(4, 3)), ("4.5", "5.5", "6.5")),
        # Blanks stay where they are.
        (["PG.1.1.1", "Yol", None, 5.5], "PG.1.1.1", Text("Yol", place(4, 2)), (None, "5.5", None)),
        (["PG.1.1.1", "Yol", "◄", 5.5, 6.5], "PG.1.1.1", Text("Yol", place(4, 2)), (None, "5.5", "6.5")),
    ],
)
def test_the_name_and_values_of_an_indicator(
    row: list[Given], code: str, name: Text, shown: tuple[str | None, ...]
) -> None:
    table, told = target(*VALUES, row)
    (found,) = table.indicators
    assert (found.code, found.name, told) == (code, name, [])
    assert tuple(it and str(it.amount) for it in found.values) == shown
    assert [at.column for at in found.places] == [*range(max(3, name.place.column + 1), max(6, name.place.column + 4))]


@pytest.mark.parametrize(
    ("headings", "cells", "shown"),
    [
        (["2022", "2023", "2024"], [1.5, 2.5, 3.5], ("1.5", "2.5", "3.5")),
        ([], [1.5, 2.5, 3.5], ("1.5", "2.5", "3.5")),
        (["◄", "2022", "2023", "2024"], ["◄", 1.5, 2.5, 3.5], ("1.5", "2.5", "3.5")),
        # Of more than three the programme's and the two before it.
        (["2022", "2023", "2024", "2025"], [1.5, 2.5, 3.5, 4.5], ("1.5", "2.5", "3.5")),
        (["2021", "2022", "2023", "2024"], [0.5, 1.5, 2.5, 3.5], ("1.5", "2.5", "3.5")),
        (["2024", "2023", "2022", "2021"], [3.5, 2.5, 1.5, 0.5], ("1.5", "2.5", "3.5")),
        (["Kaynak", "2022", "2023", "2024"], ["x", 1.5, 2.5, 3.5], ("1.5", "2.5", "3.5")),
        (["2024", "2023", "2022"], [1.5, 2.5, 3.5], ("1.5", "2.5", "3.5")),
        (["A", "B", "C"], [1.5, 2.5, 3.5], ("1.5", "2.5", "3.5")),
        (["2022", "x", "y"], [1.5, 2.5, 3.5], ("1.5", "2.5", "3.5")),
    ],
)
def test_which_columns_hold_the_three_years(headings: list[Given], cells: list[Given], shown: tuple[str, ...]) -> None:
    rows: Rows = [["2024 yılı"], *ABOVE, ["Performans Göstergeleri", None, *headings], ["PG.1.1.1", "Yol", *cells]]
    found = read(rows)
    assert tuple(it and str(it.amount) for it in found.targets[0].indicators[0].values) == shown
    assert said(found.findings) == []


def test_three_years_among_other_headings_need_no_year_of_the_programme() -> None:
    head: list[Given] = ["Performans Göstergeleri", None, "Kaynak", "2022", "2023", "2024"]
    assert values(head, ["PG.1.1.1", "Yol", "x", 4.5, 5.5, 6.5]) == ([("4.5", "5.5", "6.5")], [])


def test_columns_of_years_that_cannot_be_told() -> None:
    head: list[Given] = ["Performans Göstergeleri", None, "2022", "2023 A", "2023 B", "2024"]
    rows: Rows = [["2024 yılı"], *ABOVE, head, ["PG.1.1.1", "Yol", 1.5, 2.5, 3.5, 4.5], ["PG.1.1.2", "Su", 1.5]]
    found = read(rows)
    assert said(found.findings) == [("KX113", "C4")]
    assert "“2022, 2023 A, 2023 B, 2024”" in found.findings[0].message
    (table,) = found.targets
    assert [(row.code, row.values, row.places, row.written) for row in table.indicators] == [
        (code, LEFT, 3 * (place(4, 3),), ("", "", "")) for code in ("PG.1.1.1", "PG.1.1.2")
    ]
    assert (table.years, table.year_place) == ((2022, 2023, 2023), place(4, 5))


def test_fewer_than_three_years() -> None:
    head: list[Given] = ["Performans Göstergeleri", None, "2023", "2024"]
    table, told = target(head, ["PG.1.1.1", "Yol", 1.5, 2.5])
    assert (table.years, table.year_place, told) == ((2023, 2024), place(3, 4), [])
    assert [at.column for at in table.indicators[0].places] == [3, 4, 5]
    one: list[Given] = ["Performans Göstergeleri", None, "2024"]
    assert [at.column for at in target(one, ["PG.1.1.1", "Yol"])[0].indicators[0].places] == [3, 4, 5]
    none, _ = target(["Performans Göstergeleri"], ROAD)
    assert (none.years, none.year_place) == ((), None)
    assert target(one, ["PG.1.1.1", "Yol", *LEFT, 3.5])[1] == [("KX113", "F4")]
    assert target(["Performans Göstergeleri"], ["PG.1.1.1", "Yol", 1.5, 2.5, 3.5, 4.5])[1] == [("KX126", "F4")]
    later: list[Given] = ["Performans Göstergeleri", None, None, "2023", "2024"]
    assert target(later, ["PG.1.1.1", "Yol", 1.5, 2.5, 3.5])[1] == [("KX113", "C4")]
    # Where neither a heading nor a name says where the values begin, the first is told and not lost.
    assert target(["Performans Göstergeleri"], ["PG.1.1.1", None, 4.5, 5.5, 6.5])[1] == [("KX126", "C4")]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (["PG.1.1.1", "Yol", 1.5, 2.5], []),
        # The value of the year whose heading is gone.
        (["PG.1.1.1", "Yol", None, 2.5, None, 3.5], [("KX113", "F4")]),
        (["PG.1.1.1", "Yol", None, 2.5, None, 3.5, 4.5], [("KX113", "F4")]),
        (["PG.1.1.1", "Yol", None, 2.5, None, "3,5"], [("KX113", "F4")]),
        (["PG.1.1.1", "Yol", None, 2.5, None, "-"], []),
        (["PG.1.1.1", "Yol", None, 2.5, None, "km"], []),
        (["PG.1.1.1", "Yol", None, 2.5, None, "3 km"], []),
        (["PG.1.1.1", "Yol", None, 2.5, None, Typed(3, formula="C4")], []),
        # The third value stands where a third year would.
        (["PG.1.1.1", "Yol", 1.5, 2.5, 3.5], []),
        # A row that is shifted has its values further right.
        ([None, "PG.1.1.1", "Yol", 1.5, 2.5, 3.5, 4.5], [("KX126", "G4")]),
    ],
)
def test_a_value_whose_years_heading_is_gone(row: list[Given], told: Told) -> None:
    head: list[Given] = ["Performans Göstergeleri", None, "2023", "2024"]
    assert target(head, row)[1] == told


def test_no_value_is_lost_beside_three_years() -> None:
    assert values(*VALUES, ["PG.1.1.1", 7.5, *ROAD[2:]]) == ([("4.5", "5.5", "6.5")], [("KX126", "B4")])
    assert values(*VALUES, [*ROAD, 7.5]) == ([("4.5", "5.5", "6.5")], [("KX126", "F4")])


@pytest.mark.parametrize(
    ("unit", "name", "shown"),
    [
        ("km", "Yol", "Yol (km)"),
        (" km / yıl ", "Yol", "Yol (km / yıl)"),
        ("Km", "Yol (km)", "Yol (km)"),
        ("-", "Yol", "Yol"),
        (None, "Yol", "Yol"),
        ("◄", "Yol", "Yol"),
    ],
)
def test_the_unit_of_measure_goes_to_the_name(unit: Given, name: str, shown: str) -> None:
    for heading in ("Ölçü Birimi", "Birim", "Birimi", "Ölçü", "Ölçüm Birimi"):
        head: list[Given] = ["Performans Göstergeleri", None, heading, "2022", "2023", "2024"]
        table, told = target(head, ["PG.1.1.1", name, unit, 4.5, 5.5, 6.5])
        (row,) = table.indicators
        assert row.name.value == shown
        assert [str(it.amount) for it in row.values if it] == ["4.5", "5.5", "6.5"]
        assert (table.years, told) == ((2022, 2023, 2024), [])


def test_a_heading_that_only_begins_like_a_unit_of_measure_is_none() -> None:
    head: list[Given] = ["Performans Göstergeleri", None, "Ölçüm", "2022", "2023", "2024"]
    assert target(head, ["PG.1.1.1", "Yol", "km", 4.5, 5.5, 6.5])[0].indicators[0].name.value == "Yol"


def test_rows_that_another_unit_fills() -> None:
    others = "Zabıta Müdürlüğü doldurur"
    assert values(*VALUES, ["PG.1.1.1", "Yol", others]) == ([], [])
    assert values(*VALUES, ["PG.1.1.1", "Yol", others, "◄", others]) == ([], [])
    assert values(*VALUES, ["PG.1.1.1", "Yol", "doldurur"]) == ([LEFT], [("KX103", "C4")])
    shown, told = values(*VALUES, ["PG.1.1.1", "Yol", others, 5.5])
    assert (shown, told) == ([(None, "5.5", None)], [("KX103", "C4")])
    assert values(*VALUES, ["PG.1.1.1", "Yol"]) == ([LEFT], [])


# Activities


@pytest.mark.parametrize(
    ("row", "name", "shown"),
    [
        (WORK, Text("Yol yapımı", place(4, 2)), (450, 550, 1000)),
        (["F.1.1.1", None, 4.5, 5.5, 10.0], Text("", place(4, 2)), (450, 550, 1000)),
        (["F.1.1.1", "Yol", None, None, 10.0], Text("Yol", place(4, 2)), (0, 0, 1000)),
        ([None, "F.1.1.1", "Yol", 4.5, 5.5, 10.0], Text("Yol", place(4, 3)), (450, 550, 1000)),
        (["x", "F.1.1.1", "Yol", 4.5, 5.5, 10.0], Text("Yol", place(4, 3)), (450, 550, 1000)),
        (["1.1.1", "Yol", 4.5, 5.5, 10.0], Text("Yol", place(4, 2)), (450, 550, 1000)),
    ],
)
def test_the_name_and_amounts_of_an_activity(row: list[Given], name: Text, shown: tuple[int, ...]) -> None:
    table, told = target(*ACTIVITIES, row)
    (found,) = table.activities
    assert (found.code, found.name, told) == ("F.1.1.1", name, [])
    assert tuple(it and it.kurus for it in found.amounts[1:]) == shown


def test_the_columns_of_amounts() -> None:
    """Those of the heading, or of a line below it; without either the three behind the name."""
    assert amounts(["Faaliyetler"], WORK) == ([(450, 550, 1000)], [])
    below: Rows = [["Faaliyetler", None, "Kaynak İhtiyacı"], [None, None, "Toplam", "Bütçe", "Bütçe Dışı"]]
    assert amounts(*below, ["F.1.1.1", "Yol", 10.0, 4.5, 5.5]) == ([(450, 550, 1000)], [])
    two: Rows = [["Faaliyetler", None, "Bütçe", "Toplam"]]
    assert amounts(*two, ["F.1.1.1", "Yol", 4.5, 10.0]) == ([(450, -1, 1000)], [])
    only: Rows = [["Faaliyetler", None, "Toplam"]]
    assert amounts(*only, ["F.1.1.1", "Yol", 10.0]) == ([(-1, -1, 1000)], [])
    pairs = ((["Bütçe", "Toplam"], (450, -1, 1000)), (["Bütçe Dışı", "Toplam"], (-1, 450, 1000)))
    for labels, shown in pairs:
        rows: Rows = [["Faaliyetler"], [None, None, *labels]]
        assert amounts(*rows, ["F.1.1.1", "Yol", 4.5, 10.0]) == ([shown], [])


def test_columns_stay_where_a_page_or_a_line_below_says_others() -> None:
    head: list[Given] = ["Faaliyetler", None, "Toplam", "Bütçe", "Bütçe Dışı"]
    rows: Rows = [head, ["F.1.1.1", "Yol", 10.0, 4.5, 5.5], ["Faaliyetler"], ["F.1.1.2", "Su", 10.0, 4.5, 5.5]]
    assert amounts(*rows) == (2 * [(450, 550, 1000)], [])
    parts: Rows = [["Faaliyetler", None, None, "Bütçe Dışı"], [None, None, "Bütçe", None, "Toplam"]]
    assert amounts(*parts, WORK) == ([(450, 550, 1000)], [])
    # A total within a row heads no column.
    assert amounts(*ACTIVITIES, ["x", "Toplam", "y"], WORK) == ([(450, 550, 1000)], [])


def test_a_code_behind_other_words_is_none() -> None:
    table, told = target(*ACTIVITIES, WORK, ["x", "y", "F.1.1.2", "Su", 5.0])
    assert (table.codes, told) == (["F.1.1.1"], [("KX113", "A5")])


def test_a_code_of_the_other_kind_is_what_it_says() -> None:
    table, _ = target(*VALUES, ROAD, ["F.1.1.1", "Yol", 4.5, 5.5, 10.0])
    assert table.codes == ["PG.1.1.1", "F.1.1.1"]
    table, _ = target(*ACTIVITIES, WORK, ["PG.1.1.1", "Yol", 4.5, 5.5, 6.5])
    assert table.codes == ["PG.1.1.1", "F.1.1.1"]
    table, _ = target(*VALUES, ["PH.1.1", "Yol", 4.5, 5.5, 6.5])
    assert table.codes == ["PG.1.1"]


def test_a_finding_at_an_amount_says_whose_it_is() -> None:
    for row, key in ((["F.1.1.1", "Yol", "x5"], "F.1.1.1"), (["Ara Toplam", None, "x5"], "Ara Toplam")):
        found = read([*ABOVE, *ACTIVITIES, row]).findings[0]
        assert (found.code, found.table, found.key, found.place) == ("KX103", "PHT", key, place(4, 3))


# Totals


@pytest.mark.parametrize(
    ("row", "label", "shown"),
    [
        (["Ara Toplam", None, 1.0, 2.0, 3.0], "subtotal", (100, 200, 300)),
        (["Genel Toplam", None, 1.0, 2.0, 3.0], "grand_total", (100, 200, 300)),
        # As a text has them, right behind the label; but not two of three.
        (["Genel Toplam", 1.0, 2.0, 3.0], "grand_total", (100, 200, 300)),
        (["Genel Toplam", None, None, None, 1.0, 2.0, 3.0], "grand_total", (100, 200, 300)),
        (["Genel Toplam", None, 1.0, None, 3.0], "grand_total", (100, 0, 300)),
        ([None, "Genel Toplam", 1.0, 2.0, 3.0], "grand_total", (100, 200, 300)),
        (["x", "Genel Toplam", 1.0, 2.0, 3.0], "grand_total", (100, 200, 300)),
        # The last one is bare where activities stand above.
        (["Toplam", None, 1.0, 2.0, 3.0], "grand_total", (100, 200, 300)),
    ],
)
def test_totals(row: list[Given], label: str, shown: tuple[int, ...]) -> None:
    table, _ = target(*ACTIVITIES, WORK, row)
    assert [*table.totals] == [label]
    assert tuple(it and it.kurus for it in table.totals[label][1:]) == shown


def test_the_amounts_of_a_total_stand_in_the_order_of_the_columns() -> None:
    head: list[Given] = ["Faaliyetler", None, "Toplam", "Bütçe Dışı", "Bütçe"]
    table, _ = target(head, ["Genel Toplam", 3.0, 2.0, 1.0])
    assert tuple(it and it.kurus for it in table.totals["grand_total"][1:]) == (100, 200, 300)
    table, _ = target(["Faaliyetler"], WORK, ["Genel Toplam", None, None, 1.0, 2.0, 3.0])
    assert tuple(it and it.kurus for it in table.totals["grand_total"][1:]) == (100, 200, 300)
    table, _ = target(["Faaliyetler", None, "Bütçe", "Toplam"], ["Genel Toplam", None, 1.0, 2.0, 3.0])
    assert tuple(it and it.kurus for it in table.totals["grand_total"][1:]) == (100, None, 200)


def test_a_total_with_another_cell_before_it() -> None:
    table, _ = target(["Faaliyetler"], WORK, ["x", "Genel Toplam", 1.0, 2.0, 3.0])
    assert tuple(it and it.kurus for it in table.totals["grand_total"][1:]) == (100, 200, 300)


def test_a_bare_total_is_the_last_only_below_activities_and_with_a_figure() -> None:
    assert target(*ACTIVITIES, WORK, ["Toplam", 4.5])[0].totals.keys() == {"grand_total"}
    assert target(*VALUES, ROAD, ["Toplam", None, 4.5])[0].totals == {}
    assert target(*ACTIVITIES, WORK, ["Toplam", "x"])[0].totals == {}
    assert target(*ACTIVITIES, WORK, ["x", "Toplam", 1.0])[0].totals == {}


def test_below_the_last_total_no_row_is_the_tables() -> None:
    table, told = target(*ACTIVITIES, WORK, ["Genel Toplam"], ["F.1.1.2", "Köprü", 4.5], ["x", "Kömür", 4.5])
    assert [row.code for row in table.activities] == ["F.1.1.1"]
    assert told == [("KX126", "C6"), ("KX126", "C7")]
    table, _ = target(*ACTIVITIES, WORK, ["Ara Toplam"], ["F.1.1.2", "Köprü", 4.5])
    assert [row.code for row in table.activities] == ["F.1.1.1", "F.1.1.2"]


GONE = Typed(ExcelError("#REF!"), formula="#REF!")


def test_of_a_cost_table_that_is_gone_one_error_is_said() -> None:
    table, told = target(
        *ACTIVITIES,
        ["F.1.1.1", "Yol", GONE, 5.0, GONE],
        ["F.1.1.2", "Su", 1.0, 2.0, GONE],
        ["Genel Toplam", *LEFT, GONE],
    )
    assert told == [("KX104", "C4"), ("KX104", "E5")]
    first, second = table.activities
    assert first.amounts[1:] == (
        Amount(None, place(4, 3), formula=True),
        Amount(500, place(4, 4)),
        Amount(None, place(4, 5), formula=True),
    )
    assert second.amounts.total == Amount(None, place(5, 5), formula=True)
    total = table.totals["grand_total"].total
    assert total == Amount(None, place(6, 5), formula=True)
    # A total's own error is one where all its rows are sound, and a typed one has no formula.
    assert target(*ACTIVITIES, WORK, ["Genel Toplam", None, None, None, GONE])[1] == [("KX104", "E5")]
    for broken in (["F.1.1.1", "Yol", "x5"], ["F.1.1.1", "Yol", None, "x5"], ["F.1.1.1", "Yol", None, None, "x5"]):
        _, told = target(*ACTIVITIES, broken, ["Genel Toplam", None, None, None, GONE])
        assert [code for code, _ in told] == ["KX103"]
    table, told = target(*ACTIVITIES, ["F.1.1.1", "Yol", GONE, GONE, 5.0])
    assert (table.activities[0].amounts.total, told) == (Amount(500, place(4, 5)), [("KX104", "C4")])
    typed = ExcelError("#REF!")
    table, _ = target(*ACTIVITIES, ["F.1.1.1", "Yol", GONE, typed])
    assert table.activities[0].amounts.extra == Amount(None, place(4, 4))


# Rows without a code


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (["Köprü", None, 4.5, 5.5], [("KX113", "A5")]),
        ([None, "Köprü", 4.5, 5.5], [("KX113", "B5")]),
        (["Köprü", "-", "0,00", 0.0], []),
        (["Köprü", "-", "0,00", 0.5], [("KX113", "A5")]),
        (["Köprü", "yeni"], []),
        (["Köprü"], []),
        ([6.5], []),
    ],
)
def test_a_row_whose_code_is_gone_is_an_error(row: list[Given], told: Told) -> None:
    for rows in ([*VALUES, ROAD], [*ACTIVITIES, WORK]):
        table, found = target(*rows, row)
        assert (len(table.codes), [it for it in found if it[0] == "KX113"]) == (1, told)


def test_what_is_said_of_a_row_without_a_code() -> None:
    text = "Köprü  yapımı " + "x" * 60
    (found,) = read([*ABOVE, *ACTIVITIES, WORK, [text, None, 4.5]]).findings
    assert f"“Köprü yapımı {'x' * 47}”" in found.message
    # The same where the codes come later.
    (found,) = read([*ABOVE, *ACTIVITIES, [text, None, 4.5, 5.5], WORK]).findings
    assert (found.code, found.place) == ("KX113", place(4, 1))
    assert f"“Köprü yapımı {'x' * 47}”" in found.message


def test_a_table_in_which_no_row_has_a_code_is_read_by_names() -> None:
    """With or without a running number before them."""
    for number in ([], ["1"], ["1."], [" 1) "]):
        table, told = target(
            ["Performans Göstergeleri", None, None, "2022", "2023", "2024"],
            [*number, "Yol", *((2 - len(number)) * [None]), 4.5, 5.5, 6.5],
            ["Faaliyetler", None, None, "Bütçe", "Bütçe Dışı", "Toplam"],
            [*number, "Yol yapımı", *((2 - len(number)) * [None]), 4.5, 5.5, 10.0],
        )
        assert told == [("KX219", "A1")]
        (row,), (work,) = table.indicators, table.activities
        assert (row.code, row.name.value, work.code, work.name.value) == (
            *("PG.1.1.1", "Yol"),
            *("F.1.1.1", "Yol yapımı"),
        )
        assert [at.column for at in row.places] == [4, 5, 6]
        assert [it and it.kurus for it in work.amounts[1:]] == [450, 550, 1000]


def test_a_row_of_figures_alone_has_no_name_and_is_refused() -> None:
    assert target(*VALUES, ["1", 4.5, 5.5])[1] == [("KX113", "A4")]
    assert target(*VALUES, [1, 4.5, 5.5])[1] == [("KX113", "A4")]
    assert target(*VALUES, [4.5, 5.5])[1] == [("KX113", "A4")]


def test_where_codes_come_later_rows_without_one_are_of_no_table() -> None:
    table, told = target(*VALUES, ["Su", None, 4.5, 5.5, 6.5], *ACTIVITIES, ["Boru", None, 4.5, 5.5, 10.0], WORK)
    assert (table.indicators, [row.code for row in table.activities]) == ([], ["F.1.1.1"])
    assert told == [("KX113", "A4"), ("KX113", "A6")]


# İdare Performans Tablosu


HEAD: list[Given] = ["Performans Hedefi", "Faaliyet", "Açıklama", "Bütçe", None, "Bütçe Dışı", None, "Toplam"]
BELOW: list[Given] = [None, None, None, "TL", "PAY (%)", "TL", "PAY (%)", "TL", "PAY (%)"]


def percent(value: float) -> Typed:
    return Typed(value, form="0%")


def share(text: str, row: int, column: int) -> ShareCell:
    return ShareCell(IndicatorValue(Decimal(text), percent=True), place(row, column))


def test_the_summary_of_all_activities() -> None:
    row: list[Given] = [
        "1.1 Yollar",
        "F.1.1.1",
        "Yol  yapımı",
        4.5,
        percent(0.25),
        5.5,
        percent(0.5),
        10.0,
        percent(0.75),
    ]
    last: list[Given] = ["Genel Toplam", None, None, 4.5, percent(1), 5.5, percent(1), 10.0, percent(1)]
    found = read([HEAD, BELOW, row, [None, "F.1.1.2", "Su", *row[3:]], last])
    assert found.findings == []
    (table,) = found.summaries
    first, second = table.rows

    def amounts_of(at: int) -> AmountRow:
        own = (Amount(450, place(at, 4)), Amount(550, place(at, 6)), Amount(1000, place(at, 8)))
        return AmountRow(place(at, 2 if at == 4 else 1), *own)

    shares = tuple(share(text, 3, column) for text, column in (("25", 5), ("50", 7), ("75", 9)))
    name = Text("Yol yapımı", place(3, 3))
    assert first == SummaryRow("F.1.1.1", "", Text("1.1 Yollar", place(3, 1)), name, amounts_of(3), shares)
    assert (second.code, second.target, second.name) == ("F.1.1.2", Text("", place(4, 2)), Text("Su", place(4, 3)))
    assert second.amounts == amounts_of(4)
    whole = tuple(share("100", 5, column) for column in (5, 7, 9))
    nothing = Text("", place(5, 1))
    assert table.totals == {"grand_total": SummaryRow("", "grand_total", nothing, nothing, amounts_of(5), whole)}


@pytest.mark.parametrize(
    ("labels", "is_one"),
    [
        (["Faaliyet", "Bütçe", "Bütçe Dışı", "Toplam"], True),
        (["Performans Hedefi", "Bütçe", "Bütçe Dışı", "Toplam"], True),
        (["Açıklama", "Bütçe", "Bütçe Dışı", "Toplam"], True),
        (["Kod", "Bütçe", "Bütçe Dışı", "Toplam"], False),
        (["Faaliyet", "Bütçe", "Toplam"], False),
        (["Faaliyet", "Bütçe", "Bütçe Dışı"], False),
        (["Faaliyet", "Bütçe Dışı", "Toplam"], False),
    ],
)
def test_what_heads_a_summary(labels: list[Given], is_one: bool) -> None:
    assert bool(read([labels]).summaries) is is_one


@pytest.mark.parametrize(
    ("head", "row", "columns"),
    [
        # Each share beside its amount, unless an amount stands there.
        (["Bütçe", None, "Bütçe Dışı", None, "Toplam"], None, [3, 5, 7]),
        (["Bütçe", "Bütçe Dışı", "Toplam"], None, [0, 0, 5]),
        (["Bütçe", "Bütçe Dışı", None, "Toplam"], None, [0, 4, 6]),
        # Or where a line below says.
        (["Bütçe", "Bütçe Dışı", "Toplam"], [None, "TL", "TL", "TL", "PAY (%)", "PAY (%)"], [5, 5, 5]),
        (["Bütçe", "Bütçe Dışı", "Toplam"], [None, None, None, None, "Pay"], [5, 5, 5]),
        (
            ["Bütçe", None, "Bütçe Dışı", None, "Toplam"],
            [None, "Pay", "TL", "Pay", "TL", "Pay", "TL", "Pay"],
            [4, 6, 8],
        ),
        (["Bütçe", None, "Bütçe Dışı", None, "Toplam"], [None, "TL", "x"], [3, 5, 7]),
        (["Bütçe", None, "Bütçe Dışı", None, "Toplam"], [None, "TL", None, "Pay"], [4, 5, 7]),
    ],
)
def test_where_the_shares_stand(head: list[Given], row: list[Given] | None, columns: list[int]) -> None:
    given: list[Given] = ["F.1.1.1", *(percent(column / 100) for column in range(2, 10))]
    found = read([["Faaliyet", *head], *([row] if row else []), given])
    shares = found.summaries[0].rows[0].shares
    assert [int(it.value.amount or 0) if it and it.value else 0 for it in shares] == columns
    assert [it.place.column if it else 0 for it in shares] == columns


@pytest.mark.parametrize(
    ("head", "row", "target_text", "name"),
    [
        (["Faaliyet", None], ["F.1.1.1", "Yol"], Text("", place(2, 1)), Text("Yol", place(2, 2))),
        (["Hedef", "Faaliyet", None], ["1.1", "F.1.1.1", "Yol"], Text("1.1", place(2, 1)), Text("Yol", place(2, 3))),
        (["Faaliyet", None], ["F.1.1.1"], Text("", place(2, 1)), Text("", place(2, 1))),
        (["Hedef", "Faaliyet"], ["x", "F.1.1.1"], Text("x", place(2, 1)), Text("", place(2, 2))),
        (["Faaliyet", None, "Faaliyet Adı"], ["F.1.1.1", "x", "Yol"], Text("", place(2, 1)), Text("Yol", place(2, 3))),
        (["Faaliyet", None, "Açıklama"], ["F.1.1.1", "x"], Text("", place(2, 1)), Text("", place(2, 1))),
        (
            ["Faaliyet", "Açıklama", "Faaliyet Adı"],
            ["F.1.1.1", "x", "y"],
            Text("", place(2, 1)),
            Text("x", place(2, 2)),
        ),
        (["Faaliyet", None], ["1.1.1", "Yol"], Text("", place(2, 1)), Text("Yol", place(2, 2))),
    ],
)
def test_the_name_of_a_summary_row(head: list[Given], row: list[Given], target_text: Text, name: Text) -> None:
    (found,) = read([[*head, "Bütçe", "Bütçe Dışı", "Toplam"], row]).summaries[0].rows
    assert (found.code, found.target, found.name) == ("F.1.1.1", target_text, name)


def test_a_code_behind_other_words_or_among_amounts_is_none_of_a_summary() -> None:
    head: list[Given] = ["Faaliyet", None, None, "Bütçe", "Bütçe Dışı", "Toplam"]
    for row in (["x", "y", "F.1.1.1", 1.0, 2.0, 3.0], ["x", None, None, "F.1.1.1", 2.0, 3.0]):
        assert read([head, row]).summaries[0].rows == []


def test_the_totals_of_a_summary() -> None:
    head: list[Given] = ["Faaliyet", None, "Bütçe", "Bütçe Dışı", "Toplam"]
    names = ("Performans Hedefleri Maliyetleri Toplamı", "Genel Yönetim Giderleri")
    others = ("Diğer İdarelere Transfer + Yedek Ödenek", "Genel Toplam")
    rows: Rows = [[name, None, 1.0, 2.0, float(at)] for at, name in enumerate((*names, *others))]
    found = read(
        [head, *rows[:2], ["Ara Toplam", None, 1.0], [5, None, 6.5], *rows[2:], ["F.1.1.1", "Yol", 1.0, 2.0, 3.0]]
    )
    (table,) = found.summaries
    totals = {label: row.amounts.total and row.amounts.total.kurus for label, row in table.totals.items()}
    assert totals == {"activities_total": 0, "general": 100, "transfers": 200, "grand_total": 300}
    assert {label: row.label for label, row in table.totals.items()} == {label: label for label in totals}
    assert table.rows == []
    assert said(found.findings) == [("KX126", "C4"), ("KX126", "C5"), ("KX126", "C8")]


def test_a_finding_in_a_summary_says_whose_it_is_and_totals_need_not_be_plain() -> None:
    head: list[Given] = ["Faaliyet", None, "Bütçe", None, "Bütçe Dışı", "Toplam"]
    (found,) = read([head, ["F.1.1.1", "Yol", 5.555]]).findings
    assert (found.code, found.table, found.key, found.place) == ("KX106", "İPT", "F.1.1.1", place(2, 3))
    assert read([head, ["Genel Toplam", None, 5.555]]).findings == []
    (found,) = read([head, ["Genel Toplam", None, "x5"]]).findings
    assert (found.code, found.key) == ("KX103", "Genel Toplam")
    (found,) = read([head, ["F.1.1.1", "Yol", 5.0, "x5"]]).findings
    assert (found.code, found.key, found.place) == ("KX103", "F.1.1.1", place(2, 4))


# Which units are responsible


UNITS: list[Given] = ["Performans Hedefi", "Faaliyetler", None, "Sorumlu Birimler"]


@pytest.mark.parametrize(
    ("row", "wanted"),
    [
        (
            ["Yollar", "F.1.1.1", "Yol  yapımı", "Fen"],
            ResponsibilityRow(
                Text("Yollar", place(2, 1)), "F.1.1.1", Text("Yol yapımı", place(2, 3)), Text("Fen", place(2, 4))
            ),
        ),
        (
            [None, "F.1.1.1 - Yol", None, " Fen \n  Zabıta  Md."],
            ResponsibilityRow(
                Text("", place(2, 2)), "F.1.1.1", Text("Yol", place(2, 2)), Text("Fen\nZabıta Md.", place(2, 4))
            ),
        ),
        (
            ["Yollar", "1.1.1", "Yol"],
            ResponsibilityRow(Text("Yollar", place(2, 1)), "F.1.1.1", Text("Yol", place(2, 3)), Text("", place(2, 4))),
        ),
        (
            ["Yollar", None, "Yol", "Fen"],
            ResponsibilityRow(Text("Yollar", place(2, 1)), "", Text("Yol", place(2, 3)), Text("Fen", place(2, 4))),
        ),
        (
            ["Yollar", "F.1.1.1", "F.1.1.2 Yol", "◄"],
            ResponsibilityRow(
                Text("Yollar", place(2, 1)), "F.1.1.1", Text("F.1.1.2 Yol", place(2, 3)), Text("", place(2, 4))
            ),
        ),
        (
            ["Yollar", "F.1.1.1", None, "Fen"],
            ResponsibilityRow(Text("Yollar", place(2, 1)), "F.1.1.1", Text("", place(2, 2)), Text("Fen", place(2, 4))),
        ),
        (
            ["Yollar", "yeni", "Yol", "Fen"],
            ResponsibilityRow(Text("Yollar", place(2, 1)), "", Text("Yol", place(2, 3)), Text("Fen", place(2, 4))),
        ),
    ],
)
def test_a_row_of_the_units(row: list[Given], wanted: ResponsibilityRow) -> None:
    assert read([UNITS, row]).responsibilities[0].rows == [wanted]


def test_a_row_of_the_units_without_an_activity_is_none() -> None:
    for row in (["Yollar", None, None, "Fen"], ["Yollar", 5.0, 6.0, "Fen"], [None, "F.1.1.1", 5.0, "Fen"]):
        assert read([UNITS, row]).responsibilities[0].rows == []


@pytest.mark.parametrize(
    ("head", "unit"),
    [
        (["Faaliyetler", "Sorumlu Birimler"], "Fen"),
        (["Faaliyetler", "Sorumlu Harcama Birimi"], "Fen"),
        (["Faaliyetler", "Sorumlu Harcama Birimi", "Sorumlu Birimler"], "Su"),
        (["Faaliyetler", "Not"], None),
        (["Kod", "Sorumlu Birimler"], None),
    ],
)
def test_what_heads_the_list_of_units(head: list[Given], unit: str | None) -> None:
    tables = read([head, ["F.1.1.1 Yol", "Fen", "Su"]]).responsibilities
    assert [table.rows[0].unit.value for table in tables] == ([unit] if unit else [])
