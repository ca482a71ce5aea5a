"""Under which target an activity stands, and which units are responsible: what the tables of a programme say."""

from __future__ import annotations

import pytest

from kars_xl.checking.book import book_of
from kars_xl.checking.tables.owners import check_targets, check_units, units_in, units_of_costs
from kars_xl.model.units import Unit
from kars_xl.reading.tables import Text
from tests.helpers.typed_rows import Given, lines, place, read

Rows = list[list[Given]]
ROADS, WATER = "Yolları onarmak", "Suyu arıtmak"


def target(code: str, name: str, *activities: str) -> Rows:
    rows = [f"{activity} | {title} | 5,0" for activity, title in (it.split(" ", 1) for it in activities)]
    above = ("Amaç | Kenti güzelleştirmek", f"Hedef {code} | {name}", f"Performans Hedefi {code} | {name}")
    return [*lines(*above, "Faaliyetler | | Bütçe", *rows, "Genel Toplam | | 5,0"), []]


def cost(code: str, name: str, *, of: str = "", units: str = "") -> Rows:
    heading: Rows = [["İdare Adı", "Kars"]]
    heading += [["Performans Hedefi", of]] if of else []
    heading += [["Sorumlu Birim", units]] if units else []
    return [
        *heading,
        *lines(f"Faaliyet Adı | {code} | {name}", "Ekonomik Kod | | Tutar", "1 | Personel Giderleri | 5,0"),
        [],
    ]


def listed(*rows: list[Given]) -> Rows:
    """Target, activity and units of each."""
    return [*lines("Performans Hedefi | Faaliyetler | Sorumlu Birimler"), *rows, []]


TWO = [*target("1.1", ROADS, "F.1.1.1 Asfalt", "F.1.1.2 Kaldırım"), *target("1.2", WATER, "F.1.2.1 Boru")]
Said = list[tuple[str, str, str, str]]


def targets(*parts: Rows) -> Said:
    """(table, activity, cell, what is said) of each finding."""
    found = [*check_targets(book_of([read([row for part in (TWO, *parts) for row in part])]))]
    assert {it.code for it in found} <= {"KX305"}
    assert all(it.label for it in found)
    head = "başka bir performans hedefinin altında: "
    return [(it.table, it.key, it.place.cell, it.message.partition(head)[2]) for it in found]


ROW = len(TWO)  # what stands below the two tables begins a row below this


def test_activities_under_their_targets() -> None:
    units = listed([ROADS, "F.1.1.1 Asfalt", "Fen"], [WATER, "F.1.2.1 Boru", "Su"])
    assert targets(cost("F.1.1.1", "Asfalt", of=ROADS), cost("F.1.2.1", "Boru", of=WATER), units) == []
    assert targets(cost("F.1.1.1", "Asfalt", of="Bambaşka bir iş")) == []


def test_another_target_named_above_a_cost_table() -> None:
    (found,) = targets(cost("F.1.1.1", "Asfalt", of=WATER))
    assert found == ("FMT", "F.1.1.1", f"B{ROW + 2}", "maliyet tablosunda 1.2, performans hedefi tablosunda 1.1.")


def test_another_target_named_beside_an_activity() -> None:
    head = "Performans Hedefi | Faaliyet | Açıklama | Bütçe | | Bütçe Dışı | | Toplam"
    summary = [*lines(head, f"{WATER} | F.1.1.1 | Asfalt | 5,0", f"{WATER} | F.1.2.1 | Boru | 5,0"), []]
    (found,) = targets(summary)
    assert found == (
        *("İPT", "F.1.1.1", f"A{ROW + 2}", "İdare Performans Tablosunda 1.2, performans hedefi tablosunda 1.1."),
    )


@pytest.mark.parametrize(
    ("rows", "wrong"),
    [
        # What stands beside it, else the last above.
        ([[ROADS, "F.1.1.1 Asfalt"], [None, "F.1.1.2 Kaldırım"], [WATER, "F.1.2.1 Boru"]], []),
        ([[ROADS, "F.1.1.1 Asfalt"], [WATER, "F.1.1.2 Kaldırım"], [None, "F.1.2.1 Boru"]], [("F.1.1.2", 1)]),
        # Names in the midst of their rows are those of a merged cell.
        ([[None, "F.1.1.1 Asfalt"], [ROADS, "F.1.1.2 Kaldırım"], [WATER, "F.1.2.1 Boru"]], []),
        ([[None, "F.1.1.1 Asfalt"], [ROADS, "F.1.1.2 Kaldırım"], [None, "F.1.2.1 Boru"]], []),
        ([[None, "F.1.1.1 Asfalt"], [WATER, "F.1.1.2 Kaldırım"], [None, "F.1.2.1 Boru"]], [("F.1.1.2", 1)]),
        ([[WATER, "F.1.1.1 Asfalt"], [None, "F.1.1.2 Kaldırım"], [None, "F.1.2.1 Boru"]], [("F.1.1.1", 0)]),
        # Only where most stand so: of as many as there are names each is for what stands below it.
        (
            [
                [None, "F.1.1.1 Asfalt"],
                [WATER, "F.1.1.2 Kaldırım"],
                [None, "F.1.1.2 Kaldırım"],
                [WATER, "F.1.2.1 Boru"],
            ],
            [("F.1.1.2", 1), ("F.1.1.2", 2)],
        ),
    ],
)
def test_another_target_in_the_list_of_units(rows: Rows, wrong: list[tuple[str, int]]) -> None:
    found = targets(listed(*([*row, "Fen"] for row in rows)))
    assert [(table, key) for table, key, _, _ in found] == [("SHB", key) for key, _ in wrong]
    assert [(int(cell[1:]) - ROW - 2) for _, _, cell, _ in found] == [at for _, at in wrong]
    assert {said for *_, said in found} <= {
        "sorumlu birimler tablosunda 1.2, performans hedefi tablosunda 1.1.",
    }


def test_an_activity_under_two_targets_is_told_at_the_second() -> None:
    third = target("1.3", "Parkları çoğaltmak", "F.1.1.1 Asfalt", "F.1.3.1 Fidan")
    (found,) = targets(third)
    assert found == ("PHT", "F.1.1.1", f"B{ROW + 5}", "1.1 ve 1.3.")
    # Again under its own is nothing new here.
    assert targets(target("1.1", ROADS, "F.1.1.1 Asfalt")) == []


def test_a_code_of_another_target_beside_own_ones() -> None:
    third = target("1.3", "Parkları çoğaltmak", "F.1.2.7 Çeşme", "F.1.3.1 Fidan")
    (found,) = targets(third)
    assert found == ("PHT", "F.1.2.7", f"B{ROW + 5}", "performans hedefi tablosunda 1.3, koduna göre 1.2.")
    # Of a target that nobody knows, or where no code is of the heading's, it says nothing.
    assert targets(target("1.3", "Parkları çoğaltmak", "F.1.9.7 Çeşme", "F.1.3.1 Fidan")) == []
    assert targets(target("1.3", "Parkları çoğaltmak", "F.1.2.7 Çeşme")) == []


# Units


def units(listed_units: str, *given: str) -> Said:
    """The units of the list beside those of each cost table; (cell, label, found, expected) of each finding."""
    rows = [*TWO, *listed([ROADS, "F.1.1.1 Asfalt", listed_units])]
    rows += [row for text in given for row in cost("F.1.1.1", "Asfalt", units=text)]
    found = [*check_units(book_of([read(rows)]))]
    assert all((it.code, it.table, it.key, it.label) == ("KX304", "SHB", "F.1.1.1", "Asfalt") for it in found)
    assert all([name for name, _ in it.values] == ["found", "expected"] for it in found)
    return [(it.place.cell, it.message.partition(": ")[2], *(text for _, text in it.values)) for it in found]


def test_units_that_are_the_same_however_they_are_written() -> None:
    assert units("Fen İşleri Müdürlüğü", "FEN İŞLERİ MÜD.") == []
    assert units("Fen\nPark", "Park\nFen") == []
    assert units("Fen; Park", "Fen", "Park") == []
    assert units("", "Fen") == []
    assert units("Fen") == []
    assert units("Fen", "") == []


def test_units_that_differ() -> None:
    (found,) = units("Fen\nZabıta", "Fen", "Park")
    said = "sorumlu birimler tablosunda “Fen, Zabıta” ve maliyet tablosunda “Fen, Park”."
    assert found == (f"C{ROW + 2}", said, "Fen\nZabıta", "Fen; Park")
    assert len(units("Fen", "Fen\nPark")) == 1
    rows = [*TWO, *listed([ROADS, "F.1.1.1 Asfalt", "Su"]), *cost("F.1.1.1", "Asfalt", units="Fen")]
    (one,) = check_units(book_of([read(rows)]))
    assert [at.cell for at in one.related] == [f"B{ROW + 5}"]


def test_the_units_of_an_activitys_cost_tables() -> None:
    rows = [
        *TWO,
        *cost("F.1.1.1", "Asfalt", units="Fen"),
        *cost("F.1.1.1", "Asfalt"),
        *cost("F.1.1.1", "Asfalt", units="Su"),
    ]
    book = book_of([read(rows)])
    assert [text.value for text in units_of_costs(book.entries["F.1.1.1"])] == ["Fen", "Su"]
    assert units_of_costs(book.entries["F.1.2.1"]) == []
    assert units_in(Text("Fen; Su", place(1, 1))) == {Unit("Fen"), Unit("Su")}
