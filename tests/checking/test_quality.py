"""Advice on the quality of a programme (KX401–KX408): when it is given, where, and when not."""

from __future__ import annotations

import pytest

from kars_xl.checking.rules import run_checks
from kars_xl.merging.consolidate import consolidate
from kars_xl.reading.grid.plain import read_plain
from kars_xl.reading.recognise import recognise
from kars_xl.reading.tables import Document
from tests.helpers.form_tables import document
from tests.helpers.found import keys, only
from tests.helpers.small_town import PARKS, WORKS, advice, cost, of_values, tablo_11, target

# Values


@pytest.mark.parametrize(
    ("values", "met"),
    [("0 0 0", True), ("0,00% 0% 0%", True), ("0 0 1", False), ("1 0 0", False), ("- 0 0", False), ("- - -", False)],
)
def test_zero_in_every_year(values: str, met: bool) -> None:
    assert of_values("Kurulan sera (adet)", values, "KX401") == ["PG.2.3.1"] * met


@pytest.mark.parametrize(
    ("values", "met"),
    [
        ("7 7 7", True),
        ("1.250 1.250,00 1250", True),
        ("%80 80% 80%", True),
        ("7 7 8", False),
        ("0 0 0", False),
        ("- - -", False),
        ("- 7 7", False),
        ("1 100% 100%", False),
    ],
)
def test_no_change_over_the_years(values: str, met: bool) -> None:
    assert of_values("Bakımı yapılan alan (ha)", values, "KX404") == ["PG.2.3.1"] * met


@pytest.mark.parametrize(
    ("values", "amount", "met"),
    [
        ("3 2 0", "900,00", True),
        ("- - 0", "900,00", True),
        ("60% 40% 0%", "900,00", True),
        ("3 2 0", "0,00", False),
        ("0 0 0", "900,00", False),
        ("3 2 -", "900,00", False),
        ("0 0 1", "900,00", False),
    ],
)
def test_money_but_a_zero_target(values: str, amount: str, met: bool) -> None:
    assert of_values("Kurulan sera (adet)", values, "KX406", amount) == ["PG.2.3.1"] * met


def test_money_of_other_sources_is_money_too() -> None:
    tables = (target("Kurulan sera (adet)\t3\t2\t0"), cost("Budama", "-", extra="450,00"))
    found = advice(document(*tables))
    assert keys(found, "KX405") == []
    assert "450,00 TL" in only(found, "KX406").message
    assert only(found, "KX406").place.cell == "E6"


def test_a_blank_value_is_an_error_and_no_advice() -> None:
    blank = document(target("Kurulan sera (adet)\t0\t0\t"), cost("Budama"))
    assert keys(advice(blank), "KX401") == []


# Names


def test_two_indicators_of_one_name() -> None:
    rows = ("Dikilen ağaç (adet)\t1\t2\t3", "DİKİLEN  AĞAÇ (adet)\t4\t5\t6", "Dikilen ağaç (adet)\t7\t8\t9")
    found = [item for item in advice(document(target(*rows), cost("Budama"))) if item.code == "KX403"]
    assert [(item.key, item.place.cell) for item in found] == [("PG.2.3.2", "B7"), ("PG.2.3.3", "B8")]
    assert all("PG.2.3.1 ve PG.2.3." in item.message for item in found)


def test_names_that_are_not_the_same() -> None:
    rows = ("Toplanan atık (%)\t1%\t2%\t3%", "Toplanan atık (ton)\t4\t5\t6", "Toplanan atık\t4\t5\t6")
    assert keys(advice(document(target(*rows), cost("Budama"))), "KX403") == []
    other = target(rows[0], code="2.4", activities=("Sulama\t1,00",))
    apart = document(target(rows[0]), other, cost("Budama"), cost("Sulama", "1,00"))
    assert keys(advice(apart), "KX403") == []


# Money


def test_an_activity_without_money_is_advice_at_its_row() -> None:
    tables = (target(activities=("Budama\t900,00", "Sulama\t0,00")), cost("Budama"), cost("Sulama", "0,00"))
    found = only(advice(document(*tables)), "KX405")
    assert (found.key, found.place.cell) == ("F.2.3.2", "E10")


def test_a_target_without_money_is_one_finding() -> None:
    names = ("Budama", "Sulama", "İlaçlama")
    tables = [target(activities=[f"{name}\t0,00" for name in names]), *(cost(name, "0,00") for name in names)]
    found = only(advice(document(*tables)), "KX405")
    assert (found.key, found.place.cell) == ("2.3", "E12")
    assert "3 faaliyet" in found.message


def test_no_money_because_of_an_error_is_no_advice() -> None:
    without_table = document(target(activities=("Budama\t0,00",)))
    assert keys(advice(without_table), "KX405") == []
    blank = document(target(activities=("Budama\t",)), cost("Budama", "").replace("\t-", "\t"))
    assert keys(advice(blank), "KX405") == []


@pytest.mark.parametrize(
    ("amounts", "met"),
    [
        ({"general_9": "100,00"}, []),
        ({"general_9": "100,12"}, ["Yedek ödenek"]),
        ({"transfers_9": "500,00"}, ["Yedek ödenek"]),
        ({"general_1": "300,00", "general_2": "85,00"}, []),
        ({"general_1": "300,00", "general_2": "86,00"}, ["Personel giderleri (SGK primleriyle)"]),
        ({"general_3": "100,00"}, []),
    ],
)
def test_legal_limits(amounts: dict[str, str], met: list[str]) -> None:
    found = advice(document(target(), cost("Budama")), document(tablo_11(**amounts), name="mali.txt"))
    assert keys(found, "KX408") == met


def test_the_limit_of_personnel_says_what_it_is_measured_by() -> None:
    forms = (document(target(), cost("Budama", economic=1)), document(tablo_11(), name="mali.txt"))
    found = only(advice(*forms), "KX408")
    assert "%100,00" in found.message
    assert "yeniden değerlenmiş" in found.message
    assert (found.place.file, found.place.cell) == ("mali.txt", "C3")
    assert dict(found.values) == {"found": "900.00", "total": "900.00", "limit_percent": "30"}


def test_limits_wait_until_the_programme_is_whole() -> None:
    reserve = document(tablo_11(general_9="500,00"), name="mali.txt")
    parks = document(target(), cost("Budama"))
    assert keys(advice(parks), "KX408") == []
    assert keys(advice(document(target()), reserve), "KX408") == []
    works = document(
        target(code="2.4", activities=("Sulama\t9.000,00",)), cost("Sulama", "9.000,00", unit=WORKS), name="yapim.txt"
    )
    plan = consolidate([parks, works, reserve]).programme
    assert keys(advice(parks, reserve, plan=plan), "KX408") == []
    assert keys(advice(parks, reserve), "KX408") == ["Yedek ödenek"]


# Several forms


def test_an_indicator_of_two_forms_is_advised_on_once_and_both_cells_are_named() -> None:
    row = "Kurulan sera (adet)\t0\t0\t0"
    parks = document(target(row), cost("Budama"))
    works = document(target(row), cost("Budama", unit=WORKS), name="yapim.txt")
    found = only(advice(parks, works), "KX401")
    assert (found.place.file, found.place.cell) == ("form.txt", "E6")
    assert [(place.file, place.cell) for place in found.related] == [("yapim.txt", "E6")]


@pytest.mark.parametrize("turned", [False, True])
def test_advice_on_values_stands_where_they_are_given(turned: bool) -> None:
    """A form with other values is no place for "the same in all three years": its own are an error (KX205)."""
    same = document(target("Bakımı yapılan alan (ha)\t7\t7\t7"), cost("Budama"))
    other = target("Bakımı yapılan alan (ha)\t6\t7\t7")
    if turned:
        other = other.replace("6\t7\t7", "\t7\t7")
    works = document(other, cost("Budama", unit=WORKS), name="yapim.txt")
    found = only(advice(*((works, same) if turned else (same, works))), "KX404")
    assert (found.place.file, found.place.cell, found.related) == ("form.txt", "E6", ())


def test_a_form_that_a_newer_one_replaced_is_not_advised_on() -> None:
    def revision(number: int, row: str) -> Document:
        found = document(target(row), cost("Budama"), name=f"parklar_{number}.txt")
        lines = f"Harcama Birimi\t{PARKS}\nProgram Yılı\t2031\nRevizyon No\t{number}"
        found.identity = recognise(read_plain(found.file, lines.encode())).identity
        return found

    forms = [revision(1, "Kurulan sera (adet)\t0\t0\t0"), revision(2, "Kurulan sera (adet)\t0\t1\t1.200%")]
    found = run_checks(forms, consolidate(forms, latest=True))
    assert {item.place.file for item in found} == {"parklar_2.txt"}
    assert keys(found, "KX401") == []
