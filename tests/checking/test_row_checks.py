"""Rows of target tables by themselves: values that do not fit their unit (KX111), wrong codes (KX208)."""

from __future__ import annotations

import pytest

from kars_xl.merging.consolidate import consolidate
from tests.helpers.form_tables import document
from tests.helpers.found import keys, only
from tests.helpers.small_town import HEDGE, advice, cost, of_values, target

# Units


@pytest.mark.parametrize(
    ("name", "values", "cell"),
    [
        ("Hizmetten memnuniyet (%)", "0,70 70% 75%", "C6"),
        ("Hizmetten memnuniyet (%)", "70 70% 75%", "C6"),
        ("Hizmetten memnuniyet (%)", "70% 75% 80", "E6"),
        ("Hizmetten memnuniyet (%)", "0,7 70 75", "C6"),
        ("Hizmetten memnuniyet", "70% 75% 80", "E6"),
        ("Hizmetten memnuniyet", "70 75 80%", "E6"),
        ("Dikilen ağaç (adet)", "50% 60% 70%", "C6"),
        ("Dikilen ağaç (adet)", "500 600 70%", "E6"),
        ("Dikilen ağaç (adet)", "1,00 1.250,00 1.500,00", "C6"),
        ("Dikilen ağaç (adet)", "1,25 1,5 1.750", "E6"),
        ("Açılan yol (km)", "4.500 5 6", "C6"),
    ],
)
def test_a_value_that_does_not_fit_its_unit(name: str, values: str, cell: str) -> None:
    row = f"{name}\t" + values.replace(" ", "\t")
    found = only(advice(document(target(row), cost("Budama"))), "KX111")
    assert (found.severity, found.place.cell, found.key) == ("warning", cell, "PG.2.3.1")


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("Hizmetten memnuniyet (%)", "70 75 80"),
        ("Hizmetten memnuniyet (%)", "0 70% 75%"),
        ("Hizmetten memnuniyet (%)", "- 70% 75%"),
        ("Nüfus artış oranı (%)", "0,5 0,6 0,7"),
        ("Nüfus artış oranı (%)", "0,5 1,2 3"),
        ("Hizmetten memnuniyet", "70% 75% 80%"),
        ("Doluluk [kurum içi anket]", "70% 75% 80%"),
        ("Dikilen ağaç (adet)", "1.000,00 1.250,00 1.500,00"),
        ("Dikilen ağaç (adet)", "1 20 400"),
        ("Dikilen ağaç (adet)", "0 1.000 1.100"),
        ("Dikilen ağaç (adet)", "1 1.250 -"),
        ("Dikilen ağaç (adet)", "10 1.000 40.000"),
        ("En az %10 tasarruf sağlanan bina (adet)", "3 4 5"),
    ],
)
def test_values_that_fit_their_unit(name: str, values: str) -> None:
    assert of_values(name, values, "KX111") == []


# Codes


def test_codes_of_another_target_are_one_finding_a_table() -> None:
    table = target(HEDGE, "Dikilen ağaç (adet)\t1\t2\t3").replace("PG.2.3.", "PG.2.4.")
    found = only(advice(document(table, cost("Budama"))), "KX208")
    assert (found.severity, found.key, found.place.cell) == ("warning", "PG.2.4.1", "B6")
    assert [place.cell for place in found.related] == ["B7"]
    assert "PG.2.4.1, PG.2.4.2" in found.message


@pytest.mark.parametrize(
    ("was", "now", "key"),
    [
        ("PG.2.3.2", "PG.2.3.1", "PG.2.3.1"),
        ("PG.2.3.2", "PG.2.3", "PG.2.3"),
        ("PG.2.3.2", "PG.2.3.2.1", "PG.2.3.2.1"),
        ("PG.2.3.1", "PG.2.3.3", "PG.2.3.2"),
        ("F.2.3.1", "F.2.1.1", "F.2.1.1"),
    ],
)
def test_wrong_codes(was: str, now: str, key: str) -> None:
    table = target(HEDGE, "Dikilen ağaç (adet)\t1\t2\t3").replace(was, now)
    assert keys(advice(document(table, cost("Budama"))), "KX208") == [key]


def test_gaps_are_told_of_the_whole_target_and_not_of_one_form() -> None:
    first = document(target(activities=("Budama\t900,00",)), cost("Budama"))
    third = document(
        target(activities=("Sulama\t1,00",)).replace("F.2.3.1", "F.2.3.3"), cost("Sulama", "1,00"), name="yapim.txt"
    )
    second = document(
        target(activities=("Onarım\t1,00",)).replace("F.2.3.1", "F.2.3.2"), cost("Onarım", "1,00"), name="onarim.txt"
    )
    assert keys(advice(third), "KX208") == []
    found = only(advice(first, third), "KX208")
    assert (found.key, found.place.file) == ("F.2.3.3", "yapim.txt")
    assert "F.2.3.2 yok" in found.message
    assert keys(advice(first, second, third), "KX208") == []
    plan = consolidate([first, second, third]).programme
    assert keys(advice(first, third, plan=plan), "KX208") == []


def test_codes_past_nine_and_within_the_objective_are_in_order() -> None:
    rows = [f"Dikilen ağaç {letter} (adet)\t1\t2\t3" for letter in "abcçdefgğhı"]
    assert keys(advice(document(target(*rows), cost("Budama"))), "KX208") == []
    within = target(code="2.3.1").replace("PG.2.3.1.", "PG.2.3.").replace("F.2.3.1.", "F.2.3.")
    within = within.replace("STRATEJİK HEDEF\t", "STRATEJİK HEDEF\t2.3\t")
    assert keys(advice(document(within, cost("Budama"))), "KX208") == []
