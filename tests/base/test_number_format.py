"""What a number format shows of a value, and whether a person takes it for that value."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kars_xl.base.number_format import (
    days_of,
    format_of,
    is_date_format,
    is_plain,
    section_for,
    shown_number,
    taken_for,
)

# What Excel in Turkey shows of the value.
SHOWN = [
    ("General", "225000.5", "225.000,5"),
    ("#,##0.00", "225000.5", "225.000,50"),
    ("0.00", "225000.5", "225000,50"),
    ("#,##0", "225000.5", "225.001"),
    ("#,##0", "0", "0"),
    ("#,###", "0", ""),
    ("000000", "225", "000225"),
    ('#,##0.00;-#,##0.00;"-"', "0", "-"),
    ('#,##0;(#,##0);"-"', "-1234", "(1.234)"),
    ("[Red][>100]#,##0;0.00", "50", "50,00"),
    ("[Red][>100]#,##0;0.00", "1500", "1.500"),
    ('#,##0".000"', "225", "225.000"),
    ('"Bin" #,##0', "225", "Bin 225"),
    ("[$€-407] #,##0.00", "1", "€ 1,00"),
    ("#,##0.00 [$₺-41F]", "1", "1,00 ₺"),
    ("0%", "0.7", "70%"),
    ('0"%"', "20", "20%"),
    (";;;", "5", ""),
    ("#,##0,", "225400", "225"),
    ("#,##0.0,,", "225400000", "225,4"),
    ("0\\.000", "225", "0.225"),
    ("0.##", "1.5", "1,5"),
    ("@", "225000", "225.000"),
    ('_-* #,##0\\ "TL"_-', "5", " 5 TL "),
]


@pytest.mark.parametrize(("form", "value", "shown"), SHOWN)
def test_a_number_is_shown_as_a_turkish_spreadsheet_shows_it(form: str, value: str, shown: str) -> None:
    assert shown_number(form, Decimal(value)) == shown


SILENT = [
    *("General", "0", "#,##0", "#,##0.00", "0.00", "@", "# ?/?", "#,##0.00 [$₺-41F]", '#,##0.00 "TL"', '"₺"#,##0'),
    *(
        '#,##0;(#,##0);"-"',
        "#,##0.00;[Red](#,##0.00)",
        "[Blue]#,##0.00",
        '#,##0.00 "Türk Lirası"',
        '#,##0",-"',
        "000000",
    ),
    '_-* #,##0.00\\ "TL"_-;\\-* #,##0.00\\ "TL"_-;_-* "-"??\\ "TL"_-;_-@_-',
    *(format_of(number) for number in (1, 2, 3, 4, 5, 6, 7, 8, 37, 38, 39, 40, 41, 42, 43, 44)),
]
OTHER = [
    *('#,##0".000"', '0"000"', '0"0"', "0\\0", '"1"#,##0', '"Bin" #,##0', '#,##0 "Bin TL"', '0.0" milyon"', '0"mn"'),
    *('#,##0" K"', "[$$-409]#,##0.00", "#,##0.00 [$€-1]", "[$USD] #,##0", '#,##0 "Dolar"', '#,##0 "£"'),
    *("0%", "0.00%", '0"%"', '#,##0"kr"', '#,##0 "kuruş"', "-#,##0", "(#,##0)", "0E+00"),
]


@pytest.mark.parametrize("form", SILENT)
@pytest.mark.parametrize("value", ["225000", "0.01", "1234567.89", "-5", "0"])
def test_formats_in_use_are_silent(form: str, value: str) -> None:
    assert taken_for(shown_number(form, Decimal(value)), Decimal(value), money=True) == ""
    assert is_plain(form, money=True)


@pytest.mark.parametrize("form", OTHER)
def test_a_format_that_makes_another_amount_of_it_is_told(form: str) -> None:
    times = 100 if form in ("0%", "0.00%") else 1
    assert taken_for(shown_number(form, Decimal(225)), Decimal(225) * times, money=True) == "other"
    assert not is_plain(form, money=True)


DATES = ["dd.mm.yyyy", "[h]:mm", "[mm]:ss", "[$-411]ge.m.d", 'yyyy"年"m"月"d"日"', "h:mm AM/PM", "[$-F800]dddd"]


@pytest.mark.parametrize("form", [*DATES, format_of(58), format_of(31)])
def test_days_and_times_of_all_kinds(form: str) -> None:
    assert is_date_format(form)


def test_no_date_is_seen_in_words_and_colours() -> None:
    assert not any(map(is_date_format, ['#,##0 "d"', "[Red]0", "General", "0.00E+00", '0" gün"']))
    assert section_for("0;dd.mm", Decimal(-1)).is_date


def test_iso_dates_count_in_their_system() -> None:
    assert days_of("2024-01-05") == Decimal(45296)
    assert days_of("2024-01-05T12:00:00") == Decimal("45296.5")
    assert days_of("2024-01-05", since_1904=True) == Decimal(43834)
    assert days_of("yarın") == "yarın"
