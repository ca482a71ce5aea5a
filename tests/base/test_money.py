"""Numbers as people type them, and money in whole kuruş."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kars_xl.base.money import Number, UnreadableNumber, exact, format_tl, read_number, share_percent, to_kurus, to_tl

TURKISH_AND_CLEAR_ENGLISH = [
    ("60.000,00", "60000"),
    ("60.000,00 TL", "60000"),
    ("₺60.000", "60000"),
    ("1.500", "1500"),
    ("1.500.000", "1500000"),
    ("200.000,0", "200000"),
    ("1500", "1500"),
    ("1500,5", "1500.5"),
    ("1500,505", "1500.505"),
    ("0,500", "0.5"),
    ("'750", "750"),
    ("+750", "750"),
    ("-750,25", "-750.25"),
    ("(750,25)", "-750.25"),
    ("−750", "-750"),
    ("１２.５００,００", "12500"),
    ("60\u00a0000,00", "60000"),
    ("\u200b750\u2009000", "750000"),
    ("200,000,000.00", "200000000"),
    ("100.00", "100"),
    ("1.5", "1.5"),
    ("1,500.75", "1500.75"),
    ("1,500,000", "1500000"),
    ("60 000", "60000"),
    ("1 234 567,5", "1234567.5"),
    ("1 234.50", "1234.50"),
    ("5 TL.", "5"),
    ("TL 5", "5"),
    ("-₺5", "-5"),
    ("(500 TL)", "-500"),
    ("(500) TL", "-500"),
    ("0.000", "0"),
    ("0,000", "0"),
]

AMBIGUOUS_OR_BROKEN = [
    "1,500",
    "12,500",
    "-1,500",
    "14..,.-",
    "60.000,0O",
    "60.00,00",
    "1.5000,00",
    "1234.567",
    "1,2,3",
    "yok",
    "5 adet",
    "3.2.1",
    "%",
    "%20%",
    "1e5",
    "1500²",
    "1.500¹",
    "½",
    "0.500",
    "0.125",
    "01.500",
    "0,500.75",
    "15000\n20",
    "150.000\n200",
    "150.000 200",
    "1.250 TL 50",
    "₺5 ₺6",
    "₺5 TL",
    "5%0",
    "5 00",
    "60  000",
    "60.000, 00",
    "(-5)",
    "-(5)",
    "(₺5) TL",
    "()",
    "٥٠",
    "9" * 30,
]


@pytest.mark.parametrize(("typed", "meant"), TURKISH_AND_CLEAR_ENGLISH)
def test_what_can_mean_one_figure_is_read(typed: str, meant: str) -> None:
    assert read_number(typed) == Number(Decimal(meant))


@pytest.mark.parametrize("typed", ["%20", "20%", "20 %", "% 20,00"])
def test_percent_is_told(typed: str) -> None:
    assert read_number(typed) == Number(Decimal(20), percent=True)


@pytest.mark.parametrize("typed", ["", "  ", "-", "–", "—", "- TL", "\u00a0"])
def test_blank_and_dash_are_no_figure(typed: str) -> None:
    assert read_number(typed) is None


@pytest.mark.parametrize("typed", AMBIGUOUS_OR_BROKEN)
def test_what_can_mean_two_things_is_never_guessed(typed: str) -> None:
    with pytest.raises(UnreadableNumber):
        read_number(typed)


@given(st.integers(-(10**15), 10**15))
def test_an_amount_printed_in_turkish_is_read_back(kurus: int) -> None:
    found = read_number(format_tl(kurus))
    assert found is not None
    assert to_kurus(found.value) == (kurus, False)
    assert to_kurus(to_tl(kurus)) == (kurus, False)


@given(st.integers(0, 10**14))
def test_binary_numbers_go_by_way_of_their_shortest_text(kurus: int) -> None:
    assert to_kurus(exact(kurus / 100)) == (kurus, False)


def test_finer_than_a_kurus_is_rounded_half_up_and_told() -> None:
    assert to_kurus(Decimal("0.005")) == (1, True)
    assert to_kurus(Decimal("-0.005")) == (-1, True)
    assert to_kurus(Decimal("0.0049")) == (0, True)


def test_shares_are_printed_as_in_the_programme() -> None:
    assert share_percent(253_748_000_00, 603_349_000_00) == "%42,06"
    assert share_percent(349_601_000_00, 603_349_000_00) == "%57,94"
    assert share_percent(0, 0) == "%0,00"
