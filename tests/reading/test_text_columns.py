"""The cells of a text by tabs, by bars, and by nothing but where they stand in their lines."""

from __future__ import annotations

import pytest

from kars_xl.reading.grid.cells import UnreadableFile
from kars_xl.reading.grid.plain import rows_of_text


def columns(*lines: str) -> list[list[tuple[int, str]]]:
    return [*rows_of_text("\n".join(lines))]


def test_tabs_keep_columns_apart_and_nothing_else_does_then() -> None:
    assert columns("a\tb  c\t", "d  e") == [[(1, "a"), (2, "b  c"), (3, "")], [(1, "d  e")]]
    assert [*rows_of_text("a\r\nb\rc\nd")] == [[(1, text)] for text in "abcd"]


def test_bars_keep_cells_apart_and_rules_have_none() -> None:
    lines = ["| a | b\\|c |", "|---|:-:|", "+---+", "|x|", "| a", "a |", " | | "]
    assert columns(*lines) == [
        [(1, " a "), (2, " b|c ")],
        *([], [(1, "+---+")], [(1, "x")], [(1, "| a")], [(1, "a |")], []),
    ]
    # Among columns that stand in line, too.
    assert columns("| a  | b  |", "| c  | d  |") == [[(1, " a  "), (2, " b  ")], [(1, " c  "), (2, " d  ")]]


def test_columns_that_stand_in_line() -> None:
    assert columns("Ad     Bütçe   Toplam", "Yol     5,00    10,00", "Su köprü  7,00     9,00") == [
        [(1, "Ad"), (2, "Bütçe"), (3, "Toplam")],
        [(1, "Yol"), (2, "5,00"), (3, "10,00")],
        [(1, "Su köprü"), (2, "7,00"), (3, "9,00")],
    ]
    # A cell that is missing leaves its column.
    assert columns("Ad     5,00    10,00", "Yol            11,00", "Su     7,00") == [
        [(1, "Ad"), (2, "5,00"), (3, "10,00")],
        [(1, "Yol"), (3, "11,00")],
        [(1, "Su"), (2, "7,00")],
    ]


def test_prose_with_two_blanks_is_no_table() -> None:
    assert columns("Bir cümle.  İki.", "Düz bir satır") == [[(1, "Bir cümle.  İki.")], [(1, "Düz bir satır")]]
    assert columns("a  b  c") == [[(1, "a"), (2, "b"), (3, "c")]]
    assert columns("a  b", "c  d") == [[(1, "a"), (2, "b")], [(1, "c"), (2, "d")]]
    # Blocks are told one by one; a blank line or a page's end stands between them.
    assert columns("a  b", "", "c  d", " \f", "e  f  g")[0] == [(1, "a  b")]
    assert columns("a  b", "", "c  d", " \f", "e  f  g")[2:] == [
        [(1, "c  d")],
        [(1, " \f")],
        [(1, "e"), (2, "f"), (3, "g")],
    ]


def test_columns_that_are_pushed_are_refused_with_their_line() -> None:
    lines = ["a  b", "", "Yol     5,00   10,00", "Uzun bir ad   7,00   9,00"]
    with pytest.raises(UnreadableFile) as told:
        columns(*lines)
    assert told.value.code == "KX001"
    assert told.value.reason == "3. satırdan başlayarak sütunlar boşlukla ayrılmış, hizaları tutmuyor"


def test_a_page_that_goes_on_keeps_the_columns_above() -> None:
    lines = ["Ad     Bütçe   Toplam", "Yol     5,00    10,00", "", "Su              7,00", "Boru    8,00     9,00"]
    assert columns(*lines)[3:] == [[(1, "Su"), (3, "7,00")], [(1, "Boru"), (2, "8,00"), (3, "9,00")]]


# Lines, and in which columns their cells stand.
LINES: list[tuple[list[str], list[list[int]]]] = [
    # Headings over figures that are wider or narrower, or near them.
    (["Ad        Bütçe        Toplam", "Yol    5.000,00  1.000.000,00"], [[1, 2, 3], [1, 2, 3]]),
    (
        ["Ad         2022   2023   2024", "Yol          1      2      3", "Köprü               5"],
        [[1, 2, 3, 4], [1, 2, 3, 4], [1, 3]],
    ),
    (["Ad     Bütçe", "Yol     5,00", "Su             -"], [[1, 2], [1, 2], [1, 2]]),
    # A wording that runs on below another column has its own.
    (
        ["Ad          2023    2024", "Uzun bir ad burada  5,00", "Su           4,00   5,00"],
        [[1, 2, 3], [1, 3], [1, 2, 3]],
    ),
    # One that is indented is of the column it stands in.
    (["        Bütçe", "Ad      5,00", "Yol     6,00", "   orta      7,00"], [[2], [1, 2], [1, 2], [1, 2]]),
    (["   Birim   Tutar", "1  Fen      5,00", "2  Park     6,00"], [[2, 3], [1, 2, 3], [1, 2, 3]]),
    # A column may be there in one line alone.
    (["Not        5,00   6,00", "x   y      7,00   8,00"], [[1, 3, 4], [1, 2, 3, 4]]),
    (["Kod    Ad         Tutar", "F.1.1  Yol         5,00", "F.1.2  Köprü      15,00"], [[1, 2, 3]] * 3),
    # What is a figure: shares, lira, dashes and signs; a year is none.
    (["Ad     %5    ₺7     8 TL", "Su     +5     -     6,-"], [[1, 2, 3, 4]] * 2),
    (["Ad     5     6 ₺     8-TL", "Su           7 %     9"], [[1, 2, 3, 4], [1, 3, 4]]),
    # Eight letters are near, nine are a column of its own.
    (["A   B", "x   1", "y            z"], [[1, 2], [1, 2], [1, 2]]),
    (["A   B", "x   1", "y             z"], [[1, 2], [1, 2], [1, 3]]),
    # Nine letters before a column a wording runs on into it, eight before it is of it.
    (["            2023    2024", "            4,00    5,00", "Uzun bir ad burada  6,00"], [[2, 3], [2, 3], [1, 3]]),
    (["            2023    2024", "            4,00    5,00", "    Uzun bir ad     6,00"], [[1, 2], [1, 2], [1, 2]]),
    # Figures of two columns may begin where others end.
    (["Ad  5,00   7,00", "Su     6,00  8,00"], [[1, 2, 3], [1, 2, 3]]),
    # The fullest lines tell the columns, whatever a title stands over.
    (
        [
            "Uzun bir başlık                  2024",
            "Ad    Yer               5,00     6,00",
            "Su    Kars              7,00     8,00",
        ],
        [[1, 4], [1, 2, 3, 4], [1, 2, 3, 4]],
    ),
    # A column is as wide as its heading, and what is near it stands in it: the nearest of two.
    (["Ad   Toplam tutarlar burada", "Su   5", "Yol                 yok"], [[1, 2], [1, 2], [1, 2]]),
    (["Ad   Tutar", "Su            1.000.000.000,00"], [[1, 2], [1, 2]]),
    (["Yol         5,00", "Su          6,00", "        x"], [[1, 2], [1, 2], [2]]),
    # A page's end is a blank.
    (["\fAd    5,00    10,00", "Yol    6,00    11,00"], [[1, 2, 3], [1, 2, 3]]),
]  # fmt: skip


@pytest.mark.parametrize("number", range(len(LINES)))
def test_the_columns_of_lines(number: int) -> None:
    lines, wanted = LINES[number]
    found = columns(*lines)
    assert [[at for at, _ in row] for row in found] == wanted
    assert ["".join("".join(text.split()) for _, text in row) for row in found] == ["".join(it.split()) for it in lines]


def test_figures_below_stay_in_their_column_though_another_is_blank_there() -> None:
    lines = ["Ad     Bütçe   Toplam", "Yol     5,00    10,00", "", "Su              7,00", "Boru            8,00"]
    assert [[at for at, _ in row] for row in columns(*lines)[3:]] == [[1, 3], [1, 3]]


def test_columns_of_the_page_above_are_not_kept_where_they_do_not_fit() -> None:
    lines = [
        "Ad     5,00    10,00",
        "Yol    6,00    11,00",
        "",
        "Adı      Bütçesi        Toplamı",
        "Su          7,00           8,00",
    ]
    assert [[at for at, _ in row] for row in columns(*lines)[3:]] == [[1, 2, 3], [1, 2, 3]]
