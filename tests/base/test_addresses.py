"""Cell addresses: columns by letters and by number, there and back."""

from __future__ import annotations

import pytest

from kars_xl.base.place import a1, cell_at, column_letters, column_number


def test_column_letters_there_and_back() -> None:
    columns = (1, 26, 27, 52, 702, 703, 16_384)
    assert [column_letters(column) for column in columns] == ["A", "Z", "AA", "AZ", "ZZ", "AAA", "XFD"]
    assert all(column_number(column_letters(column)) == column for column in range(1, 1500))
    assert (column_number("xfd"), column_letters(0)) == (16_384, "")


@pytest.mark.parametrize(
    ("letters", "column"), [("", 0), ("1", 0), ("$A", 0), ("A1B", 1), ("İ", 0), ("ı", 0), ("ß", 0)]
)
def test_what_is_no_letter_of_a_column_is_not_read(letters: str, column: int) -> None:
    assert column_number(letters) == column


def test_cells_there_and_back() -> None:
    assert a1(7, 28) == "AB7"
    assert cell_at("AB7") == (7, 28)
    assert [cell_at(text) for text in ("", "A", "7", "$A$1", "A1:B2", "A1 ", "a1", "ABCD1")] == [None] * 8
