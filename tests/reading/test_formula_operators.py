"""Operators of formulas: what every spreadsheet makes of two values, and what no one can know."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kars_xl.reading.grid.cells import CellValue, ExcelError
from tests.helpers.computed import UNKNOWN, Written, cases, computed, same

DIVIDED = ExcelError("#DIV/0!")
CELLS: dict[str, Written] = {"A1": "x" * 32767, "A2": "y", "A3": "", "B1": "12", "B2": True, "B3": 0.1, "B4": 1000}
# A9 is a blank cell.

ARITHMETIC = r"""
1+2*3 → 7   (1+2)*3 → 9   10-4-3 → 3   7/2 → 3.5   7/-2 → -3.5   3*-4 → -12
-5 → -5   +5 → 5   --5 → 5   50% → 0.5   -50% → -0.5   200*15% → 30   0/5 → 0   5/0 → #DIV/0!   0/0 → #DIV/0!
5/A9 → #DIV/0!   5/FALSE → #DIV/0!   0/1 → 0   A9+1 → 1   1-A9 → 1   A9*5 → 0   TRUE+1 → 2   B2*3 → 3   B4*B3 → 100
# A text that a language would have to turn into a number.
B1+1 → ?   1*B1 → ?   A3+1 → ?   -A2 → ?   "5"% → ?
# An error comes before all else.
1+#N/A → #N/A   #REF!*2 → #REF!   (1/0)&A2 → #DIV/0!   1/0=1 → #DIV/0!
# 10^308 times ten is beyond what a number holds.
10^100*10^100*10^100*10^9 → #NUM!   10^100*10^100*10^100*10^7 → 1E307
"""


@pytest.mark.parametrize(("formula", "expected"), cases(ARITHMETIC))
def test_arithmetic(formula: str, expected: CellValue) -> None:
    assert same(computed(formula, CELLS), expected)


# Of bases below or at zero, and large exponents, spreadsheets have different errors.
POWERS = r"""
2^10 → 1024   2^-1 → 0.5   2^0.5 → 1.4142135623731   9^0.5 → 3   2^0 → 1   0.5^2 → 0.25   5^1 → 5
(-2)^3 → -8   (-2)^2 → 4   (-2)^1 → -2   0^2 → 0   0^1 → 0   (-2)^-1 → ?   (-2)^0 → ?   0^0 → ?   0^-1 → ?
(-8)^0.5 → ?   0^0.5 → ?   1^100 → 1   1^-100 → 1   1^101 → ?   1^-101 → ?   1^100.5 → ?
"""


@pytest.mark.parametrize(("formula", "expected"), cases(POWERS))
def test_powers(formula: str, expected: CellValue) -> None:
    assert same(computed(formula, CELLS), expected)


@pytest.mark.parametrize("formula", ["0.1+0.2-0.3", "-0.3+(0.1+0.2)", "(0.1+0.2)-0.3", "0.5-0.4-0.1", "0.3-(0.1+0.2)"])
def test_what_is_left_of_equal_figures_is_nothing(formula: str) -> None:
    """All show such a rest of binary noise, 5.55E-17 or so, as nothing; =0.5-0.4-0.1 is Microsoft's own example."""
    assert same(computed(f"({formula})*10^12"), 0)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [("1-0.9999999999", 1e-10), ("0.0001-0.00005", 0.00005), ("1E-20+1E-20", 2e-20), ("-1+0.9999999999", -1e-10)],
)
def test_a_small_difference_is_one(formula: str, expected: float) -> None:
    """Of 1-0.9999999999 the first six digits are right."""
    found = computed(formula)
    assert isinstance(found, Decimal)
    assert float(found) == pytest.approx(expected, rel=1e-5)


TEXTS = r"""
"a"&"b" → "ab"   "a"&7 → "a7"   7&"a" → "7a"   "a"&-7 → "a-7"   A9&A9 → ""   "a"&A9 → "a"
"a"&9999999999 → "a9999999999"   "a"&10000000000 → ?   "a"&-10000000000 → ?
# 2.5 is 2,5 in Turkish, TRUE is DOĞRU.
"a"&2.5 → ?   "a"&TRUE → ?   B2&"a" → ?   1&2&"x" → "12x"
# The longest text that a cell holds.
A1&A3=A1 → TRUE   A1&A2 → ?
"""


@pytest.mark.parametrize(("formula", "expected"), cases(TEXTS))
def test_texts_put_together(formula: str, expected: CellValue) -> None:
    assert same(computed(formula, CELLS), expected)


COMPARISONS = r"""
1<2 → TRUE   2<2 → FALSE   1<=2 → TRUE   2<=2 → TRUE   3<=2 → FALSE   2>1 → TRUE   2>2 → FALSE
2>=2 → TRUE   1>=2 → FALSE   1=1 → TRUE   1=2 → FALSE   1<>2 → TRUE   1<>1 → FALSE
# Fifteen digits are kept: the binary sum is 0.30000000000000004.
0.1+0.2=0.3 → TRUE   0.1+0.2>0.3 → FALSE   0.3<0.1+0.2 → FALSE   0.3=0.300000000001 → FALSE
# Capitals are alike, but I and i are not the same letter in Turkish.
"Mal"="MAL" → TRUE   "Mal"<>"mal" → FALSE   "Mal"="Hizmet" → FALSE   "a"<>"b" → TRUE
"FAIZ"="faiz" → ?   "I"="ı" → ?   "faiz"="faiz" → TRUE   "İ"="i" → ?
# Which of two texts comes first is a matter of language.
"a"<"b" → ?   "a">="a" → ?   1<"a" → ?   TRUE>FALSE → ?   A2>A9 → ?
# Other kinds are never equal.
"1"=1 → FALSE   1<>"1" → TRUE   TRUE=1 → FALSE   0=FALSE → FALSE   "a"=TRUE → FALSE
TRUE=TRUE → TRUE   TRUE<>FALSE → TRUE   B2=TRUE → TRUE   B2<>TRUE → FALSE
# A blank cell is 0, "" or FALSE, whatever it is held against.
A9=0 → TRUE   0=A9 → TRUE   A9<1 → TRUE   1>A9 → TRUE   A9=1 → FALSE   A9="" → TRUE
""=A9 → TRUE   A9="a" → FALSE   A9=FALSE → TRUE   FALSE=A9 → TRUE   A9=TRUE → FALSE
A9=A8 → TRUE   A9<>A8 → FALSE
"""


@pytest.mark.parametrize(("formula", "expected"), cases(COMPARISONS))
def test_comparisons(formula: str, expected: CellValue) -> None:
    assert same(computed(formula, CELLS), expected)


@pytest.mark.parametrize(
    ("formula", "shown"),
    [("A9", "0"), ("1.5", "1.5"), ("1E3", "1000.0"), ("0-0", "0.0"), ("0.1+0.2", "0.3"), ("2/3", "0.666666666666667")],
)
def test_a_result_has_fifteen_digits(formula: str, shown: str) -> None:
    assert str(computed(formula)) == shown


@pytest.mark.parametrize("formula", ["A1:A3", "A1 A2", "(A1,A2)", "{1,2}+1", "1+", "(1", "A1#", "@A1", ""])
def test_what_is_no_single_value_is_not_known(formula: str) -> None:
    assert same(computed(formula, {"A1": 1, "A2": 2, "A3": 3}), UNKNOWN)
