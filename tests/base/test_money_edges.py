"""Where a figure's reading, rounding or printing turns over: signs, the longest figure, ties, digits past a sheet's."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kars_xl.base.money import (
    Number,
    UnreadableNumber,
    exact,
    excess,
    format_decimal,
    format_tl,
    read_number,
    share_percent,
    to_kurus,
    to_tl,
)

LONGEST = "123456789012345678"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("–750", "-750"),
        ("(750)", "-750"),
        ("₺ -1.250,75", "-1250.75"),
        ("1.250,75TL", "1250.75"),
        ("1250 try", "1250"),
        ("0,125", "0.125"),
        ("12.3456", "12.3456"),
        (LONGEST, LONGEST),
    ],
)
def test_figures_at_the_edge_of_what_is_read(typed: str, meant: str) -> None:
    assert read_number(typed) == Number(Decimal(meant))


@pytest.mark.parametrize(
    "typed",
    ["1,500", "₺", "TL", "%20%", "- %", "(750", "750)", "()", "yok", LONGEST + "9", "750,00 XX", "--5", "1.500%x"],
)
def test_what_is_refused_is_quoted_as_it_was_typed(typed: str) -> None:
    with pytest.raises(UnreadableNumber) as caught:
        read_number(typed)
    assert caught.value.args == (typed,)


def test_a_decimal_stays_and_a_binary_number_keeps_its_kind() -> None:
    assert str(exact(Decimal("-0.10"))) == "-0.10"
    assert [str(exact(number)) for number in (4711, 4711.0, -0.0)] == ["4711", "4711.0", "0.0"]


@pytest.mark.parametrize(
    ("lira", "kurus"), [("0.01", 1), ("1.994", 199), ("1.995", 200), ("-1.995", -200), ("1e12", 10**14), ("0", 0)]
)
def test_kurus_are_rounded_half_away_from_zero(lira: str, kurus: int) -> None:
    assert to_kurus(Decimal(lira)) == (kurus, Decimal(kurus) != Decimal(lira) * 100)


@pytest.mark.parametrize(
    ("kurus", "printed"),
    [
        (None, "-"),
        (0, "0,00"),
        (1, "0,01"),
        (-1, "-0,01"),
        (99, "0,99"),
        (100, "1,00"),
        (123_456_789, "1.234.567,89"),
        (-123_456_789, "-1.234.567,89"),
    ],
)
def test_amounts_in_turkish(kurus: int | None, printed: str) -> None:
    assert format_tl(kurus) == printed
    if kurus is not None:
        # Python's own printing, its two marks exchanged.
        assert printed == f"{to_tl(kurus):,.2f}".translate(str.maketrans(",.", ".,"))


@pytest.mark.parametrize(
    ("figure", "printed"),
    [
        ("1234.50", "1.234,5"),
        ("1234567", "1.234.567"),
        ("100.00", "100"),
        ("0.05", "0,05"),
        ("-1000.250", "-1.000,25"),
        ("2E+3", "2.000"),
        ("0", "0"),
    ],
)
def test_figures_in_turkish_have_just_the_decimals_they_have(figure: str, printed: str) -> None:
    assert format_decimal(Decimal(figure)) == printed


@pytest.mark.parametrize(
    ("part", "whole", "share"),
    [(1, 800, "%0,13"), (3, 800, "%0,38"), (1, 1, "%100,00"), (2, 1, "%200,00"), (-1, 800, "-%0,13"), (5, 0, "%0,00")],
)
def test_shares_are_rounded_half_up(part: int, whole: int, share: str) -> None:
    assert share_percent(part, whole) == share


@pytest.mark.parametrize(
    ("found", "expected", "more"),
    [
        (1_001, 1_000, 1),
        (999, 1_000, -1),
        (1_000, 1_000, 0),
        (10**15, 10**15 - 1, 1),  # fifteen digits: a spreadsheet holds them all
        (10**15 + 10, 10**15, 0),  # sixteen: the last one is lost
        (10**15 - 10, 10**15, 0),
        (10**15 + 11, 10**15, 11),
        (-(10**15) + 10, -(10**15), 0),
        (10**16 + 100, 10**16, 0),
        (10**16 + 101, 10**16, 101),
    ],
)
def test_what_a_spreadsheet_can_not_hold_is_no_difference(found: int, expected: int, more: int) -> None:
    assert excess(found, expected) == more
