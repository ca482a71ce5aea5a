"""A1 references: read from a formula, moved, written for output rows, and told as seen from a cell."""

from __future__ import annotations

import pytest

from kars_xl.template.formula.formula import Ref, parse_reference, quoted

# text: sheet, rows, columns (None: whole), which of row 1, column 1, row 2, column 2 are fixed, whether typed as range
PARTS = {
    "B2": (None, (2, 2), (2, 2), "----", False),
    "$B$2": (None, (2, 2), (2, 2), "rcrc", False),
    "b$2": (None, (2, 2), (2, 2), "r-r-", False),
    "$AA10": (None, (10, 10), (27, 27), "-c-c", False),
    "B2:C4": (None, (2, 4), (2, 3), "----", True),
    "$B2:C$4": (None, (2, 4), (2, 3), "-cr-", True),
    "B$2:$C4": (None, (2, 4), (2, 3), "r--c", True),
    "A1:A1": (None, (1, 1), (1, 1), "----", True),
    "A:C": (None, None, (1, 3), "----", True),
    "$A:C": (None, None, (1, 3), "-c--", True),
    "A:$C": (None, None, (1, 3), "---c", True),
    "2:5": (None, (2, 5), None, "----", True),
    "$2:5": (None, (2, 5), None, "r---", True),
    "2:$5": (None, (2, 5), None, "--r-", True),
    "FMT!C3": ("FMT", (3, 3), (3, 3), "----", False),
    "'PH {{ hedef.kod }}'!A1": ("PH {{ hedef.kod }}", (1, 1), (1, 1), "----", False),
    "'O''Hara'!$2:$3": ("O'Hara", (2, 3), None, "r-r-", True),
    "XFD1048576": (None, (1_048_576, 1_048_576), (16_384, 16_384), "----", False),
}


def fixed(ref: Ref) -> str:
    flags = (ref.fixed_row1, ref.fixed_col1, ref.fixed_row2, ref.fixed_col2)
    return "".join(letter if flag else "-" for letter, flag in zip("rcrc", flags, strict=True))


def parsed(text: str) -> Ref:
    ref = parse_reference(text)
    assert ref is not None
    return ref


@pytest.mark.parametrize("text", PARTS)
def test_references_are_read(text: str) -> None:
    ref, (sheet, rows, columns, flags, is_range) = parsed(text), PARTS[text]
    assert (ref.text, ref.sheet, fixed(ref), ref.is_range) == (text, sheet, flags, is_range)
    assert (ref.row1, ref.row2) == (rows or (None, None))
    assert (ref.col1, ref.col2) == (columns or (None, None))
    assert ref.height == (rows[1] - rows[0] + 1 if rows else 0)
    assert ref.is_cell == (rows is not None and rows[0] == rows[1] and columns is not None and len(set(columns)) == 1)


@pytest.mark.parametrize("text", PARTS)
def test_a_reference_written_to_its_own_rows_is_itself(text: str) -> None:
    ref, (_, rows, columns, _, _) = parsed(text), PARTS[text]
    sheet, _, area = text.rpartition("!")
    if columns is not None:
        assert ref.written(None, rows) == area.upper()
        if sheet:
            assert ref.written(ref.sheet, rows) == f"{sheet}!{area}"


@pytest.mark.parametrize(
    "text", ["XFE1", "A1048577", "A0", "A1:XFE2", "A5:A2", "C1:A2", "A0:A2", "Toplam", "A1B", "A1:", "B2:C", "", "'!A1"]
)
def test_what_is_no_reference(text: str) -> None:
    assert parse_reference(text) is None


@pytest.mark.parametrize(
    ("text", "sheet", "rows", "as_range", "written"),
    [
        ("B2", None, (7, 7), None, "B7"),
        ("B2", None, (7, 7), True, "B7:B7"),
        ("B2:B2", None, (7, 7), None, "B7:B7"),
        ("B2:B2", None, (7, 7), False, "B7"),
        ("B2:C2", None, (7, 7), False, "B7:C7"),
        ("B2", None, (7, 9), None, "B7:B9"),
        ("B2", None, (7, 9), False, "B7:B9"),
        ("$B$2", "PH 1", (7, 9), None, "'PH 1'!$B$7:$B$9"),
        ("$B2:C$4", "FMT", (12, 14), None, "FMT!$B12:C$14"),
        ("B$2:$C4", None, (12, 14), None, "B$12:$C14"),
        ("A:C", None, None, None, "A:C"),
        ("$A:$C", "Özet", None, None, "'Özet'!$A:$C"),
        ("B2", None, None, None, "B2"),
        ("B2:B4", "FMT", None, None, "FMT!B2:B4"),
    ],
)
def test_references_are_written_to_output_rows(
    text: str, sheet: str | None, rows: tuple[int, int] | None, as_range: bool | None, written: str
) -> None:
    assert parsed(text).written(sheet, rows, as_range) == written


@pytest.mark.parametrize(
    ("text", "rows", "columns", "moved"),
    [
        ("B2", 3, 1, "C5"),
        ("$B$2", 3, 1, "$B$2"),
        ("$B2:C$4", 10, -1, "$B12:B$4"),
        ("B$2:$C4", 1, 2, "D$2:$C5"),
        ("B2", -5, -5, "A1"),
        ("XFC1048575:XFD1048576", 5, 5, "XFD1048576:XFD1048576"),
        ("A:C", 4, 1, "B:D"),
        ("$A:C", 4, 1, "$A:D"),
    ],
)
def test_references_move_with_their_cell(text: str, rows: int, columns: int, moved: str) -> None:
    ref = parsed(text).shifted(rows, columns)
    assert ref.written(None, None) == moved
    assert (ref.text, ref.is_range) == (text, ":" in text)


def test_whole_rows_move() -> None:
    ref = parsed("2:$5").shifted(3, 7)
    assert (ref.row1, ref.row2, ref.col1, ref.col2) == (5, 5, None, None)


@pytest.mark.parametrize(
    ("text", "sheet", "rows", "seen"),
    [
        ("B2", None, None, "!R[-3]C[-1]:R[-3]C[-1]"),
        ("B2:D9", "FMT", (7, 14), "FMT!R[2]C[-1]:R[9]C[1]"),
        ("$B$2:$D$9", "FMT", (7, 14), "FMT!R7C2:R14C4"),
        ("$B2:D$9", None, (7, 14), "!R[2]C2:R14C[1]"),
        ("B$2:$D9", None, (7, 14), "!R7C[-1]:R[9]C4"),
        ("A:$C", None, None, "!RC[-2]:RC3"),
        ("$2:9", None, None, "!R2C:R[4]C"),
    ],
)
def test_references_as_seen_from_a_cell(text: str, sheet: str | None, rows: tuple[int, int] | None, seen: str) -> None:
    assert parsed(text).relative(sheet, rows, (5, 3)) == seen


def test_the_same_formula_in_two_cells_is_seen_alike_from_both() -> None:
    from_c5 = parsed("B$2").relative(None, (4, 4), (5, 3))
    assert parsed("C$2").relative(None, (4, 4), (9, 4)) == from_c5
    assert parsed("C$2").relative(None, (4, 4), (9, 3)) != from_c5


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("FMT", "FMT"),
        ("Plan_2024", "Plan_2024"),
        ("Özet", "'Özet'"),
        ("PH 1", "'PH 1'"),
        ("2024", "'2024'"),
        ("O'Hara", "'O''Hara'"),
        ("AB12", "'AB12'"),
        ("R1C1", "'R1C1'"),
        ("c", "'c'"),
        ("Rapor", "Rapor"),
    ],
)
def test_sheet_names_as_formulas_write_them(name: str, written: str) -> None:
    assert quoted(name) == written
