"""Where the checks of rows turn over, and all that they say: value against value (KX111), code by code (KX208)."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from kars_xl.base.place import Place
from kars_xl.checking.rules import check_codes, check_units
from kars_xl.findings.finding import Finding, finding
from kars_xl.merging.consolidate import consolidate
from kars_xl.merging.tables import year_label
from kars_xl.reading.tables import Document
from tests.helpers.form_tables import document
from tests.helpers.small_town import HEDGE, cost, target

TREES, SHARE = "Dikilen ağaç (adet)", "Hizmetten memnuniyet (%)"


def row(name: str, values: str) -> str:
    return f"{name}\t" + values.replace(" ", "\t")


def misfits(name: str, values: str) -> list[str]:
    return [found.place.cell for found in check_units([document(target(row(name, values)))])]


@pytest.mark.parametrize(
    ("name", "values", "cells"),
    [
        # A thousandth of the others, and the others at most twice each other.
        (TREES, "1 2.000 1.500", ["C6"]),
        (TREES, "1 2.001 1.500", []),
        (TREES, "2.000 1.000 1,5", ["E6"]),
        (TREES, "1 1.500", []),
        (TREES, "-1 1.250 1.500", []),
        ("Açılan yol (km)", "0,4 500 0,6", ["D6"]),
        # A share typed as a fraction has its hundredfold beside it.
        (SHARE, "70 0,7 75", ["D6"]),
        (SHARE, "1 100 75", []),
        (SHARE, "1,5 150 75", []),
        # With and without percent sign: the fewer are odd, and where they are as many, those without.
        ("Hizmetten memnuniyet", "70% 75 -", ["D6"]),
        ("Hizmetten memnuniyet", "70% 75 80", ["C6"]),
        (SHARE, "70% - 75%", []),
    ],
)
def test_values_at_the_edge(name: str, values: str, cells: list[str]) -> None:
    assert misfits(name, values) == cells


def test_a_blank_value_is_no_misfit() -> None:
    assert misfits(TREES, "50  60") == []
    assert misfits(SHARE, "70%  0,7") == ["E6"]


@pytest.mark.parametrize(
    ("name", "values", "found", "odd", "year", "reason"),
    [
        (TREES, "50% 60 70%", "%50", ["C6", "E6"], "2029", "göstergenin birimi adet"),
        (SHARE, "70 75 80%", "70", ["C6", "D6"], "2029", "aynı satırda %80 var"),
        ("Memnuniyet", "70 75 80%", "%80", ["E6"], "2031", "aynı satırda 70 var"),
        (SHARE, "75 0,7 70", "0,7", ["D6"], "2030", "aynı satırda 70 var"),
        (TREES, "1.250 1,5 1.750", "1,5", ["D6"], "2030", "diğer yıllar 1.250 ve 1.750"),
    ],
)
def test_a_misfit_names_its_year_its_value_the_reason_and_the_others_like_it(
    name: str, values: str, found: str, odd: list[str], year: str, reason: str
) -> None:
    at = [Place("form.txt", "", 6, "ABCDE".index(cell[0]) + 1) for cell in odd]
    facts = {"year": year, "found": found, "reason": reason}
    expected = finding("KX111", at[0], table="PHT", key="PG.2.3.1", label=name, related=at[1:], **facts)
    assert check_units([document(target(row(name, values)))]) == [expected]


def test_every_row_of_every_form_is_looked_at() -> None:
    first = document(target(HEDGE, row(TREES, "1 1.250 1.500"), row(SHARE, "0,7 70 75")))
    second = document(target(row(SHARE, "70% 75% 80")), name="yapim.txt")
    found = check_units([first, second])
    assert [(item.place.file, item.key) for item in found] == [
        ("form.txt", "PG.2.3.2"),
        ("form.txt", "PG.2.3.3"),
        ("yapim.txt", "PG.2.3.1"),
    ]


@pytest.mark.parametrize(
    ("years", "labels"),
    [
        ((2022, 2023, 2024), ["2022", "2023", "2024"]),
        ((None, 2023), ["t-1", "2023", "t+1"]),
        ((), ["t-1", "t", "t+1"]),
    ],
)
def test_a_year_that_could_not_be_read_is_called_by_its_place(years: Sequence[int | None], labels: list[str]) -> None:
    assert [year_label(years, index) for index in range(3)] == labels


# Codes


def code_finding(key: str, text: str, rows: Sequence[int], file: str = "form.txt") -> Finding:
    """KX208 at the name in the first of the rows, the others related."""
    places = [Place(file, "", at, 2) for at in rows]
    return finding("KX208", places[0], table="PHT", key=key, related=places[1:], found=text)


def coded(*codes: str, objective: str = "") -> Document:
    """A target table 2.3 whose indicators (from row 6 on) have these codes."""
    rows = [row(f"{TREES[:-7]} {n} (adet)", "10 20 30") for n in range(len(codes))]
    lines = target(*rows).splitlines()
    for number, code in enumerate(codes):
        lines[5 + number] = "\t".join([code, *lines[5 + number].split("\t")[1:]])
    text = "\n".join(lines)
    return document(text.replace("STRATEJİK HEDEF\t", f"STRATEJİK HEDEF {objective}\t") if objective else text)


@pytest.mark.parametrize(
    ("count", "listed"),
    [
        (1, "PG.9.9.1"),
        (3, "PG.9.9.1, PG.9.9.2, PG.9.9.3"),
        (4, "PG.9.9.1, PG.9.9.2, PG.9.9.3 …"),
        (5, "PG.9.9.1, PG.9.9.2, PG.9.9.3 …"),
    ],
)
def test_codes_of_another_target_are_listed_up_to_three(count: int, listed: str) -> None:
    codes = [f"PG.9.9.{n}" for n in range(1, count + 1)]
    text = f"{listed} (performans hedefinin kodu 2.3)"
    assert check_codes([coded(*codes)]) == [code_finding("PG.9.9.1", text, range(6, 6 + count))]


def test_a_target_without_code_is_said_to_have_none() -> None:
    strange = coded("PG.2.3.1", "PG.2.3.2", "PG.2.3.3")
    (table,) = strange.targets
    table.heading.codes.clear()
    table.activities.clear()
    codes = ("PG.1", "PG.2", "PG.2.3.1")
    table.indicators = [row._replace(code=code) for row, code in zip(table.indicators, codes, strict=True)]
    assert check_codes([strange]) == [code_finding("PG.2.3.1", "PG.2.3.1 (performans hedefinin kodu yok)", [8])]


def test_a_code_given_twice_names_both_rows() -> None:
    found = check_codes([coded("PG.2.3.1", "PG.2.3.2", "PG.2.3.1", "PG.2.3.2")])
    assert found == [
        code_finding("PG.2.3.1", "PG.2.3.1 bu tabloda iki kez var", [8, 6]),
        code_finding("PG.2.3.2", "PG.2.3.2 bu tabloda iki kez var", [9, 7]),
    ]


def test_codes_out_of_order_are_told_once_a_table() -> None:
    found = check_codes([coded("PG.2.3.3", "PG.2.3.2", "PG.2.3.1")])
    assert found == [code_finding("PG.2.3.2", "PG.2.3.2, PG.2.3.3 satırından sonra geliyor", [7])]
    # What belongs elsewhere is not out of order, too.
    found = check_codes([coded("PG.2.3.1", "PG.1.1.1", "PG.2.3.2")])
    assert [item.key for item in found] == ["PG.1.1.1"]


def gap(missing: str, first: str, file: str = "form.txt") -> list[Finding]:
    """The findings of a table whose only indicator (row 6) and only activity (row 9) have the number `first`."""
    return [
        code_finding(f"{kind}.2.3.{first}", f"{kind}.2.3.{first} var, {kind}.2.3.{missing} yok", [at], file)
        for kind, at in (("PG", 6), ("F", 9))
    ]


def test_gaps_between_two_forms_wherever_they_stand() -> None:
    one, other = document(target()), document(target(start=4), name="yapim.txt")
    for forms in ([one, other], [other, one]):
        assert check_codes(forms) == gap("2", "4", "yapim.txt")
    assert check_codes([one, document(target(start=2), name="yapim.txt")]) == []
    # Without the first number there is a gap at the beginning, told at the first form that has it.
    second = document(target(start=2), name="yapim.txt")
    assert check_codes([second, document(target(start=2))]) == gap("1", "2", "yapim.txt")


def test_the_plan_fills_gaps_of_one_form_by_itself() -> None:
    names = ("Budama", "Sulama", "Dikim")
    every = document(
        target(
            HEDGE,
            row(TREES, "10 20 30"),
            row(TREES[7:], "40 50 60"),
            activities=[f"{name}\t900,00" for name in names],
        ),
        *(cost(name) for name in names),
    )
    third = document(target(start=3), cost("Budama"))
    short = consolidate([document(target(), cost("Budama"))]).programme
    assert check_codes([third]) == []
    assert check_codes([third], consolidate([every]).programme) == []
    assert check_codes([third], short) == gap("2", "3")
    # What only the plan has is no row of a form: nothing to tell there.
    assert check_codes([document(target())], consolidate([third]).programme) == []


def test_a_form_without_target_tables_is_no_second_form() -> None:
    third = document(target(start=3))
    assert check_codes([third, document(cost("Budama"), name="maliyet.txt")]) == []
