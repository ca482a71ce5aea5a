"""Formulas that count and look up by what stands in cells: what is found alike in every language, and what is not."""

from __future__ import annotations

import pytest

from kars_xl.reading.grid.cells import CellValue, ExcelError
from tests.helpers.computed import Written, cases, computed, same

MISSING, DIVIDED = ExcelError("#N/A"), ExcelError("#DIV/0!")
CELLS: dict[str, Written] = {
    # Names, and an amount beside each; two are one name.
    **{"A1": "Mal", "A2": "Faiz", "A3": "MAL", "A4": "F.1.2", "A5": "Hizmet"},
    **{"B1": 100, "B2": 200, "B3": 300, "B4": "400", "B5": True},
    # Numbers (5 and 10), a text that looks like one, a blank, a truth value, an error.
    **{"C1": 5, "C2": 10, "C3": "10", "C5": True, "C6": DIVIDED, "C7": -3},
    # A row of headings with amounts below.
    **{"E1": "Ocak", "F1": "Mart", "G1": "Mayıs", "E2": 11, "F2": 12, "G2": 13, "E3": 21, "F3": 22},
    # Numbers as keys; errors beside them.
    **{"H1": 7, "H2": 8, "H3": 0.3, "I1": 70, "I2": DIVIDED},
}
CRITERIA = r"""
# Capitals are alike.
COUNTIF(A1:A5,"Mal") → 2   COUNTIF(A1:A5,"mal") → 2   COUNTIF(A1:A5,"F.1.2") → 1   COUNTIF(A1:A5,"yok") → 0
COUNTIF(A1:A5,A1) → 2   COUNTIF(A1:A5,"Ma"&"l") → 2   COUNTIF(C1:C7,"Mal") → 0   COUNTIF(A1:A5,"F.1.20") → 0
COUNTIF(A1:A5,"XL") → 0
# Of texts, truths, errors and blanks none is larger than a number.
COUNTIF(C1:C7,">5") → 1   COUNTIF(C1:C7,">=5") → 2   COUNTIF(C1:C7,"<5") → 1   COUNTIF(C1:C7,"<=5") → 2
COUNTIF(C1:C7,">-4") → 3   COUNTIF(C1:C7,"<-3") → 0   COUNTIF(C1:C7,"<"&C2) → 2   COUNTIF(C1:C7,">12") → 0
# Equal to a number may be a text that looks like one.
COUNTIF(C1:C2,10) → 1   COUNTIF(C1:C2,"=10") → 1   COUNTIF(C4:C7,-3) → 1   COUNTIF(C4:C7,"=-3") → 1
COUNTIF(C1:C3,10) → ?   COUNTIF(C1:C3,"=10") → ?   COUNTIF(A1:B3,100) → 1   COUNTIF(A1:A5,5) → 0
COUNTIF(H1:H3,0.1+0.2) → 1   COUNTIF(C5:C5,1) → 0
# Half a number is ">1,5" in Turkish; signs, blanks, truths and texts like dates are taken in more ways than one.
COUNTIF(C1:C7,">1.5") → ?   COUNTIF(C1:C7,"<>5") → ?   COUNTIF(A1:A5,"<>Mal") → ?
COUNTIF(A1:A5,"M*") → ?   COUNTIF(A1:A5,"Ma?") → ?   COUNTIF(A1:A5,"=Mal") → ?
COUNTIF(A1:A5,"~Mal") → ?   COUNTIF(A1:A5,"") → ?   COUNTIF(A1:A5,D1) → ?
COUNTIF(C1:C7,TRUE) → ?   COUNTIF(C1:C7,"10") → ?   COUNTIF(A1:A5,"1 Mart") → ?
COUNTIF(A1:A5,"Mart 1") → ?   COUNTIF(A1:A5,"Mart1") → 0   COUNTIF(A1:A5,">5a") → ?
# Twenty letters may be a number still.
COUNTIF(A1:A5,"12345678901234567890") → ?   COUNTIF(A1:A5,"123456789012345678901") → 0
# "I" is no capital of "i" in Turkish.
COUNTIF(A2:A2,"FAIZ") → ?   COUNTIF(A1:A5,1/0) → #DIV/0!   COUNTIF(5,"Mal") → ?   COUNTIF(A1:A5,"Mal",1) → ?
"""

SUMS = r"""
SUMIF(A1:A3,"Mal",B1:B3) → 400   SUMIF(A1:A3,"Faiz",B1:B3) → 200   SUMIF(A1:A3,"yok",B1:B3) → 0
SUMIF(B1:B3,">100") → 500   SUMIF(B1:B3,"=200") → 200   SUMIF(B1:B3,300) → 300   SUMIF(B1:B3,">=200",C1:C3) → 10
SUMIF(E1:G1,"Mart",E2:G2) → 12   SUMIF(E1:G1,"Mart",E3:G3) → 22   SUMIF(E1:G1,"Mayıs",E3:G3) → 0
# Texts and truths beside the names are nothing, an error ends it where it is beside a name that counts.
SUMIF(A1:A5,"F.1.2",B1:B5) → 0   SUMIF(A1:A5,"Hizmet",B1:B5) → 0   SUMIF(H1:H2,8,I1:I2) → #DIV/0!
SUMIF(H1:H2,7,I1:I2) → 70   SUMIF(C6:C7,"<0") → -3
# Another shape is taken from its first cell on by some.
SUMIF(A1:A3,"Mal",B1:B2) → ?   SUMIF(A1:A3,"Mal",B1) → ?   SUMIF(A1:A3,"Mal",E1:G1) → ?
SUMIF(A1:A3,"Mal",5) → ?   SUMIF(5,"Mal") → ?   SUMIF(A1:A3,"M*",B1:B3) → ?   SUMIF(A1:A3) → ?
"""

LOOKUPS = r"""
# The first of two.
VLOOKUP("Mal",A1:B5,2,FALSE) → 100   VLOOKUP("mal",A1:B5,2,0) → 100   VLOOKUP("MAL",A2:B5,2,0) → 300
VLOOKUP("Faiz",A1:B5,1,0) → "Faiz"   VLOOKUP(A4,A1:B5,2,0) → "400"   VLOOKUP("Hizmet",A1:B5,2,0) → TRUE
VLOOKUP(7,H1:I3,2,0) → 70   VLOOKUP(8,H1:I3,2,0) → #DIV/0!   VLOOKUP(0.1+0.2,H1:I3,2,0) → 0
VLOOKUP(9,H1:I3,2,0) → #N/A   VLOOKUP("yok",A1:B5,2,0) → #N/A   VLOOKUP("Ocak",E1:G3,3,0) → "Mayıs"
VLOOKUP("Mal",A1:B5,2.9,0) → 100   IFERROR(VLOOKUP("yok",A1:B5,2,0),0) → 0   VLOOKUP(1/0,A1:B5,2,0) → #DIV/0!
VLOOKUP(200,A1:B5,2,0) → #N/A
# What is only near; a column that is not there; signs that look for more than one.
VLOOKUP("Mal",A1:B5,2,TRUE) → ?   VLOOKUP("Mal",A1:B5,2) → ?   VLOOKUP("Mal",A1:B5,3,0) → ?
VLOOKUP("Mal",A1:B5,0,0) → ?   VLOOKUP("M*",A1:B5,2,0) → ?   VLOOKUP(D1,A1:B5,2,0) → ?
VLOOKUP("Mal",5,2,0) → ?   VLOOKUP(">7",H1:I3,2,0) → ?   VLOOKUP("=7",H1:I3,2,0) → ?
MATCH("Faiz",A1:A5,0) → 2   MATCH("mal",A1:A5,0) → 1   MATCH("mal",A2:A5,0) → 2   MATCH("yok",A1:A5,0) → #N/A
MATCH("Mayıs",E1:G1,0) → 3   MATCH("Ocak",E1:G1,FALSE) → 1   MATCH(8,H1:H3,0) → 2   MATCH("Mal",A1,0) → 1
MATCH("Mal",A1:A5,1) → ?   MATCH("Mal",A1:A5,-1) → ?   MATCH("Mal",A1:A5) → ?   MATCH("Mal",A1:B5,0) → ?
MATCH("Mal",5,0) → ?   MATCH(">7",H1:H3,0) → ?   INDEX(B1:B3,2) → 200   INDEX(B1:B3,2,1) → 200   INDEX(E2:G2,3) → 13
INDEX(E2:G2,1,2) → 12   INDEX(E2:G3,2,1) → 21   INDEX(E2:G3,1,3) → 13   INDEX(E2:G3,2,3) → 0
INDEX(B1:B3,1.9) → 100   INDEX(I1:I2,2) → #DIV/0!   INDEX(B1,1) → 100   INDEX(B1:B5,MATCH("Faiz",A1:A5,0)) → 200
INDEX(E2:G3,2,MATCH("Mart",E1:G1,0)) → 22
# A whole row or column, and what lies outside.
INDEX(E2:F3,2) → ?
INDEX(E2:G3,2) → ?   INDEX(E2:G3,0,1) → ?   INDEX(E2:G3,1,0) → ?   INDEX(B1:B3,0) → ?
INDEX(B1:B3,4) → ?   INDEX(B1:B3,1,2) → ?   INDEX(E2:G2,4) → ?   INDEX(E2:G3,3,1) → ?
INDEX(5,1) → ?   INDEX(B1:B3) → ?   SUM(INDEX(E2:G3,2)) → ?
"""


@pytest.mark.parametrize(("formula", "expected"), cases(CRITERIA, SUMS, LOOKUPS))
def test_what_is_found(formula: str, expected: CellValue) -> None:
    assert same(computed(formula, CELLS), expected)
