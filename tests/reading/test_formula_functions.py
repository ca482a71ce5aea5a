"""Functions of formulas: what Excel makes of them, and what is not known because others make something else of it."""

from __future__ import annotations

import pytest

from kars_xl.reading.grid.cells import CellValue, ExcelError
from tests.helpers.computed import UNKNOWN, Written, cases, computed, same

DIVIDED, MISSING = ExcelError("#DIV/0!"), ExcelError("#N/A")
CELLS: dict[str, Written] = {
    # Numbers, a blank (4), a text that looks like a number, a truth value; column D is blank, column F has errors.
    **{"A1": 100, "A2": 250, "A3": "30", "A5": True, "A6": -50},
    **{"B1": 1, "B2": 2, "B3": 3, "B5": 4, "B6": 5},
    **{"C1": 10, "C2": "Faiz", "C3": 30},
    **{"F1": MISSING, "F2": 5},
}
SUMS = r"""
# Of a range the numbers count, and nothing else.
SUM(A1:A6) → 300   AVERAGE(A1:A6) → 100   MIN(A1:A6) → -50   MAX(A1:A6) → 250   COUNT(A1:A6) → 3
COUNTA(A1:A6) → 5   SUM(A1,A2) → 350   SUM(A1:A2,A6) → 300   SUM(A1:A2,A1:A2) → 700   MAX(A6,-60) → -50
SUM(A3) → 0   SUM(A5) → 0   MIN(A3,7) → 7   SUM(A5,1) → 1   COUNT(A1,A2,A3) → 2   COUNTA(A1,D1) → 1
# What stands in the formula itself counts as a number.
SUM(1,2,3.5) → 6.5   SUM(TRUE,1) → 2   SUM(A1,) → 100   MIN(5,) → 0   AVERAGE(4,) → 2   SUM(A1*2) → 200
SUM("5",1) → ?   SUM("a") → ?   SUM(A1+A3) → ?   SUM(A1:A2*2) → ?
# Nothing but blanks.
SUM(D1:D9) → 0   MIN(D1:D9) → 0   MAX(D1:D9) → 0   AVERAGE(D1:D9) → #DIV/0!   COUNT(D1:D9) → 0
COUNTA(D1:D9) → 0   SUM(A1:A2,D1:D9) → 350
# An error ends a sum, but is no number to count and is something.
SUM(F1:F2) → #N/A   MAX(F1:F2) → #N/A   COUNT(F1:F2) → 1   COUNTA(F1:F2) → 2   AVERAGE(F1) → #N/A
# How a value that stands in the formula is counted is another matter.
COUNT(A1,5) → ?   COUNTA(5) → ?   COUNTA("a",A1:A6) → ?
# A call may lead to a cell, and of blank cells SUM and its like take nothing.
MIN(5,IF(TRUE,D1)) → ?   AVERAGE(4,INDEX(D1:D3,2)) → ?   MIN(5,IF(TRUE,A5)) → ?
MIN(500,IF(TRUE,A1)) → 100   SUM(IFERROR(A1/0,7),1) → 8   MIN(5,-ABS(3)) → -3
# Whole columns and rows.
SUM(B:B) → 15   SUM(A2:B2) → 252   SUM(2:2) → 257   SUM($B$1:B2) → 3   SUM(B2:B1) → 3   SUM(A6:B5) → ?
# A sum of 0.1 ten times.
SUM(0.1,0.1,0.1,0.1,0.1,0.1,0.1,0.1,0.1,0.1) → 1
"""

ROUNDED = r"""
ROUND(2.5,0) → 3   ROUND(-2.5,0) → -3   ROUND(2.4,0) → 2   ROUND(2.675,2) → 2.68   ROUND(1.005,2) → 1.01
ROUND(1249,-2) → 1200   ROUND(1250,-2) → 1300   ROUND(49,-2) → 0   ROUND(2.5,0.9) → 3   ROUND(A1/3,1) → 33.3
ROUNDUP(2.1,0) → 3   ROUNDUP(-2.1,0) → -3   ROUNDUP(1201,-2) → 1300   ROUNDUP(2,0) → 2   ROUNDUP(0.001,2) → 0.01
ROUNDDOWN(2.9,0) → 2   ROUNDDOWN(-2.9,0) → -2   ROUNDDOWN(1299,-2) → 1200   ROUNDDOWN(2.987,2) → 2.98
TRUNC(2.9) → 2   TRUNC(-2.9) → -2   TRUNC(2.987,2) → 2.98   TRUNC(0.1+0.2,1) → 0.3   INT(2.9) → 2
INT(-2.1) → -3   INT(-2) → -2   ABS(-5) → 5   ABS(5) → 5   ABS(D1) → 0   ABS(TRUE) → 1
MOD(7,3) → 1   MOD(-3,2) → 1   MOD(3,-2) → -1   MOD(6,3) → 0   MOD(5,0) → #DIV/0!   MOD(5.5,2) → 1.5
# Beyond the digits that a number has.
ROUND(1.5,12) → 1.5   ROUND(1.5,13) → ?   ROUND(15,-12) → 0   ROUND(15,-13) → ?
ROUND(999999999999999,0) → 999999999999999   ROUND(1000000000000000,0) → ?
ROUND(-999999999999999,0) → -999999999999999   ROUND(-1000000000000000,0) → ?
ROUND(5) → ?   TRUNC(1,2,3) → ?   ABS() → ?   ABS(1,2) → ?   MOD(1) → ?
ABS(A3) → ?   ROUND(A3,0) → ?   INT("5") → ?   ABS(A1:A2) → ?
"""

LOGIC = r"""
IF(1>0,5,6) → 5   IF(1<0,5,6) → 6   IF(0,5,6) → 6   IF(-1,5,6) → 5   IF(D1,5,6) → 6   IF(A5,5,6) → 5
IF(FALSE,5) → FALSE   IF(TRUE,5) → 5   IF(TRUE,,5) → 0   IF(FALSE,5,) → 0   IF(TRUE,"a",5) → "a"   IF(TRUE) → ?
IF("a",5,6) → ?   IF(1/0,5,6) → #DIV/0!   IF(TRUE,D1) → 0   IF(TRUE,D1)="" → TRUE
# What is not chosen is not computed.
IF(TRUE,1,1/0) → 1   IF(FALSE,1/0,2) → 2   IF(FALSE,A3*2,2) → 2   IF(FALSE,A3*2) → FALSE
IFERROR(1/0,5) → 5   IFERROR(3,5) → 3   IFERROR(F1,0) → 0   IFERROR(1/0,F1) → #N/A   IFERROR(A3*2,5) → ?
IFERROR(1/0) → ?   IFERROR("a",1) → "a"   IFERROR(1/0,) → 0   AND(TRUE,1) → TRUE   AND(TRUE,0) → FALSE
AND(1>2,1<2) → FALSE   AND(5) → TRUE   AND(A5,A1>5) → TRUE   OR(FALSE,0) → FALSE   OR(FALSE,1) → TRUE
OR(1>2,1<2) → TRUE   OR(0) → FALSE   NOT(0) → TRUE   NOT(5) → FALSE   NOT(D1) → TRUE   NOT(A5) → FALSE
TRUE() → TRUE   FALSE() → FALSE   NOT(1,2) → ?   TRUE(1) → ?
# An error is one even where the rest decides; blank cells are passed over, and of nothing but them it is an error.
AND(FALSE,1/0) → #DIV/0!   OR(TRUE,1/0) → #DIV/0!   AND(A1,D1) → ?   OR(D1) → ?   OR(A1,D1) → ?
AND("a") → ?   AND(A1:A2) → ?   AND(TRUE,A3) → ?   AND() → ?   OR(A3) → ?
"""


@pytest.mark.parametrize(("formula", "expected"), cases(SUMS, ROUNDED, LOGIC))
def test_what_a_function_gives(formula: str, expected: CellValue) -> None:
    assert same(computed(formula, CELLS), expected)


@pytest.mark.parametrize("formula", ["sum(A1:A2)", "Sum(A1:A2)", "_xlfn.SUM(A1:A2)", "=SUM(A1:A2)", " SUM( A1:A2 ) "])
def test_a_function_is_known_however_it_is_written(formula: str) -> None:
    assert same(computed(formula, CELLS), 350)


@pytest.mark.parametrize("formula", ["TODAY()", "RAND()", "TEXT(A1,0)", "SUBTOTAL(9,A1:A2)", "BILINMEYEN(1)", "SUM()"])
def test_other_functions_are_not_known(formula: str) -> None:
    assert same(computed(formula, CELLS), UNKNOWN)


# Arrays that are gone through cell by cell: in SUMPRODUCT always, elsewhere in formulas entered as arrays.
ARRAYS = r"""
SUMPRODUCT(A1:A2,B1:B2) → 600   SUMPRODUCT(A1:A2*B1:B2) → 600   SUMPRODUCT(A1:A2) → 350   SUMPRODUCT(B1:B3) → 6
SUMPRODUCT(B1:B3*2) → 12   SUMPRODUCT(B1:B3*B1) → 6   SUMPRODUCT((B1:B3>1)*B1:B3) → 5   SUMPRODUCT(5) → 5
SUMPRODUCT(B1:B2,B1:B2,B1:B2) → 9   SUMPRODUCT(-B1:B3) → -6   SUMPRODUCT(A1:B2*1) → 353
SUMPRODUCT(A1:B1*A2:B2) → 25002
# Of ranges what is no number is nothing; in an expression it is an error, or not alike everywhere.
SUMPRODUCT(A1:A6) → 300
SUMPRODUCT(A1:A6,B1:B6) → 350   SUMPRODUCT(C1:C3,B1:B3) → 100   SUMPRODUCT(B1:B3,C1:C3) → 100
SUMPRODUCT(C1:C3*B1:B3) → ?   SUMPRODUCT(F1:F2,B1:B2) → #N/A   SUMPRODUCT(B1:B2,F1:F2) → #N/A
SUMPRODUCT(F1:F2*1) → #N/A
# Ranges of two shapes.
SUMPRODUCT(B1:B2,B1:B3) → ?   SUMPRODUCT(B1:B2*B1:B3) → ?   SUMPRODUCT(B1:B2,A1:B1) → ?
SUMPRODUCT(B1:B3,2) → ?   SUMPRODUCT(B1:B3,B1:B3*2) → ?   SUMPRODUCT(B1:B2*A1:B1) → ?
# A sum within is one figure for all; a function of one figure is taken for each.
SUMPRODUCT(B1:B3*SUM(B1:B3)) → 36   SUMPRODUCT(B1:B3/MAX(A1:A2)) → 0.024
SUMPRODUCT(B1:B3/MAX(B1:B2)) → 3   SUMPRODUCT(B1:B3*ABS(-B1:B3)) → 14
SUMPRODUCT(B1:B3*IF(B1:B3>1,1,0)) → 5   SUMPRODUCT(B1:B3*ROUND(B1:B3/2,0)) → 9
SUMPRODUCT(B1:B3*(COUNTIF(B1:B3,B1:B3))) → 6   SUMPRODUCT(B1:B2*NOT(B1:B2>1)) → 1
# Within a call alone the shape is not known; AND, and a sum of an expression, take all at once and not one for each.
SUMPRODUCT(ABS(B1:B3)) → ?   SUMPRODUCT(B1:B3*ABS(A1:B1)) → ?   SUMPRODUCT(IF(B1:B3>1,B1:B3,0)) → ?
SUMPRODUCT(B1:B3*AND(B1:B3>1)) → ?   SUMPRODUCT(B1:B3*OR(B1:B3>1)) → ?   SUMPRODUCT(B1:B3*SUM(B1:B3*2)) → ?
SUMPRODUCT(B1:B3*MAX(B1:B3-1,0)) → ?   SUMPRODUCT(B1:B3*SUMPRODUCT(B1:B3*2)) → ?
SUMPRODUCT(B1:B3)*B1:B3 → ?   SUMPRODUCT(B1:B3*2)+B1:B3 → ?
"""


@pytest.mark.parametrize(("formula", "expected"), cases(ARRAYS))
def test_what_arrays_give(formula: str, expected: CellValue) -> None:
    assert same(computed(formula, CELLS), expected)


ENTERED = r"""
SUM(B1:B3*2) → 12   SUM((B1:B3>1)*B1:B3) → 5   SUM(B1:B3*B1:B3,B1:B3) → 20   MAX(-B1:B3) → -1
MIN(B1:B3-2) → -1   AVERAGE(B1:B3*2) → 4   SUM(A1:A2) → 350   SUM(5) → 5   SUM(B1:B2*B1:B3) → ?
SUM(IF(B1:B3>1,B1:B3)) → ?   B1:B3*2 → ?   SUM(B1:B3*SUM(B1:B3*2)) → ?
"""


@pytest.mark.parametrize(("formula", "expected"), cases(ENTERED))
def test_a_formula_entered_as_an_array_goes_through_its_ranges(formula: str, expected: CellValue) -> None:
    assert same(computed(formula, CELLS, array=True), expected)
