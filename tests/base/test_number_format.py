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
    shown_text,
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
    ('"x" # ?/?', "1.5", "x 1,5 "),
    ('"TL" 0.00E+00', "12345.678", "TL 12.300"),
    ('General" TL"', "5", "5 TL"),
    ('"Toplam "@', "5", "Toplam 5"),
    (".00", "12.5", "12,50"),
    ("?0", "5", " 5"),
    ("0.0#", "1.2", "1,2"),
    ("0.0#", "1.25", "1,25"),
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


@pytest.mark.parametrize(
    ("form", "shown"),
    [("@", "x"), ('0;0;0;"Toplam "@', "Toplam x"), ('0;0;0;"gizli"', "gizli"), ("0;-0", "x"), (";;;", "")],
)
def test_what_a_format_shows_of_a_text(form: str, shown: str) -> None:
    assert shown_text(form, "x") == shown


# What a person takes a shown text for, beside the value that its cell holds.
TAKEN = [
    *(("", "5", "hidden"), ("", "0", ""), ("-", "0", ""), ("TL", "5", "hidden")),
    *(("225.000", "225000", ""), ("225,000", "225000", ""), ("225,000", "225", ""), ("225.000", "225", "other")),
    *(("1 234 567", "1234567", ""), ("1,234,567.89", "1234567.89", ""), ("1.234.567,89", "1234567.89", "")),
    *(("2,25E+05", "225000", ""), ("1.5E+3", "1500", ""), ("2,25E+05", "226000", "other"), ("5E-1", "0.5", "")),
    *(("225 Bin", "225000", "scaled"), ("225,5 Bin", "225500", "scaled"), ("225 Bin", "225", "other")),
    *(("225,000 Bin", "225000000", "other"), ("225,000 Bin", "225000", "other"), ("225 bin bin", "225", "other")),
    *(("2 milyon", "2000000", "scaled"), ("2 milyar", "2000000000", "scaled"), ("2 Bin TL", "2000", "scaled")),
    *(("225", "225400", "scaled"), ("225", "225500", "scaled"), ("225", "225501", "other")),
    *(("225,4", "225400000", "scaled"), ("1", "1000000000000", "scaled"), ("1", "1000000000000000", "other")),
    *(("226", "225.5", ""), ("225", "225.55", "other"), ("225,40", "225.9", "other"), ("12/34", "12", "other")),
    *(("(5)", "5", "other"), ("-1", "1", "other"), ("-5", "-5", ""), ("-0", "0", "")),
    *(("5 ₺", "5", ""), ("5 $", "5", "other"), ("70%", "70", "other"), ("70‰", "70", "other"), ("5 km", "5", "other")),
]


@pytest.mark.parametrize(("text", "value", "taken"), TAKEN)
def test_what_a_person_takes_a_shown_amount_for(text: str, value: str, taken: str) -> None:
    assert taken_for(text, Decimal(value), money=True) == taken


@pytest.mark.parametrize(("text", "value"), [("70%", "70"), ("5 km", "5"), ("12 m2", "12")])
def test_an_indicator_may_have_any_unit(text: str, value: str) -> None:
    assert taken_for(text, Decimal(value), money=False) == ""


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
