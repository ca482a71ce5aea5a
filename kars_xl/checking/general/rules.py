"""KX311: totals that do not add up in a general table, and tables that count the same people differently."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

from kars_xl.base.money import format_decimal
from kars_xl.base.place import Place
from kars_xl.checking.general.faults import Fault, faults_of
from kars_xl.checking.general.people import Counted, disagreements
from kars_xl.checking.general.shares import WrongShare, wrong_shares
from kars_xl.findings.catalogue import ADVICE, finding
from kars_xl.findings.finding import Finding
from kars_xl.reading.general.blocks import EXCEL_ERROR, total_of
from kars_xl.reading.general.equations import Equation, counting, equations_of
from kars_xl.reading.general.kinds import is_note, name_of
from kars_xl.reading.tables import Document, GeneralCell, GeneralTable

_SHORTEST_SEQUENCE = 4
_MOST_SUMS_SHOWN = 3


def check_arithmetic(documents: Sequence[Document]) -> list[Finding]:
    """All findings about the general tables of one programme, by table in the order of reading."""
    tables = [table for document in documents for table in document.general_tables]
    mended: dict[Place, Decimal] = {}
    by_table = {id(table): list(_alone(table, mended)) for table in tables}
    for item in disagreements(tables, mended):
        by_table[id(item.table)].append(_disagreement(item))
    return [found for table in tables for found in by_table[id(table)]]


def _alone(table: GeneralTable, mended: dict[Place, Decimal]) -> Iterator[Finding]:
    """What is wrong in a table by itself; what wrong figures should be goes into `mended`."""
    columns, rows = equations_of(table)
    for fault in faults_of(columns, rows):
        if len(fault.sums) == 1:
            mended[fault.cell.place] = fault.sums[0]
        if fault.swapped is not None and fault.cell.value is not None:
            mended[fault.swapped.place] = fault.cell.value
        yield _fault(table, fault)
    yield from _excel_errors(table)
    yield from _compounds(table)
    for equation in (*columns, *rows):
        errors = any(EXCEL_ERROR.fullmatch(cell.text) for cell in equation.unread)
        if equation.unread and not errors and not equation.holds():
            yield _unread(table, equation)
    yield from (_share(table, share) for share in wrong_shares(table, mended))
    yield from _blank_totals(table)
    yield from _sequence(table)


def _report(
    table: GeneralTable,
    place: Place,
    what: str,
    *,
    expected: Decimal | None = None,
    found: Decimal | None = None,
    values: Sequence[tuple[str, str]] = (),
    **more: Any,
) -> Finding:
    """KX311 at a cell of `table`; `values` are what differs where it is more than two figures."""
    given = (("expected", expected), ("found", found))
    values = values or [(name, format(value, "f")) for name, value in given if value is not None]
    row, column = _where(table, place)
    return finding("KX311", place, table=name_of(table), key=row, label=column, values=values, what=what, **more)


def _where(table: GeneralTable, place: Place) -> tuple[str, str]:
    """(row's label, column's heading) of a cell; "" for one outside of the rows."""
    for row in table.rows:
        for cell, column in zip(row.cells, table.columns, strict=True):
            if cell.place == place:
                return row.label.value, column.heading.value if len(counting(table)) > 1 else ""
    return "", ""


def _written(cell: GeneralCell) -> str:
    return format_decimal(cell.value) if cell.value is not None else "boş"


def _at(table: GeneralTable, cell: GeneralCell) -> str:
    """ "“Lise” satırında Memur"; a table of one column needs no heading in words."""
    row, column = _where(table, cell.place)
    return f"“{row}” satırında {column}".rstrip()


def _fault(table: GeneralTable, fault: Fault) -> Finding:
    cell, where, expected = fault.cell, _at(table, fault.cell), next(iter(fault.sums), None)
    totals = [equation.total.place for equation in fault.equations if equation.total is not cell]
    unclear = [part for equation in fault.equations for part in equation.parts if len(part.readings) > 1]
    if fault.swapped is not None:
        row, column = _where(table, fault.swapped.place)
        other = f"“{row}” satırındaki" if fault.swapped.place.column == cell.place.column else column
        what = f"{where} {_written(cell)} ile {other} {_written(fault.swapped)} yer değiştirmiş görünüyor; "
        what += "böyle iki toplam da tutmuyor"
        totals = [fault.swapped.place, *totals]
    elif len(fault.equations) > 1:
        what = f"{where} {_written(cell)} yazılmış; satırın ve sütunun toplamlarına göre {_sums(fault.sums)} olmalı"
    else:
        parts = "satırların" if fault.equations[0].line == "column" else "satırdaki parçaların"
        what = f"{where} {_written(cell)} yazılmış, {parts} toplamı {_sums(fault.sums)}"
        if unclear:
            what += f" ({', '.join(f'“{part.text}” iki türlü okunabiliyor' for part in unclear[:2])})"
    related = [*totals, *(part.place for part in unclear)]
    return _report(table, cell.place, what, expected=expected, found=cell.value, related=related)


def _sums(sums: Sequence[Decimal]) -> str:
    if len(sums) <= _MOST_SUMS_SHOWN:
        return " ya da ".join(map(format_decimal, sums))
    return f"en az {format_decimal(min(sums))}, en çok {format_decimal(max(sums))}"


def _excel_errors(table: GeneralTable) -> Iterator[Finding]:
    for row in table.rows:
        for cell in row.cells:
            if EXCEL_ERROR.fullmatch(cell.text):
                name, values = name_of(table), [("found", cell.text)]
                yield finding("KX104", cell.place, table=name, key=row.label.value, values=values, found=cell.text)


def _compounds(table: GeneralTable) -> Iterator[Finding]:
    said = [at for at, column in enumerate(table.columns) if not is_note(column.heading.value)]
    for row in table.rows:
        for cell in (row.cells[at] for at in said):
            parts = total_of(cell.parts)
            if cell.parts and cell.value is not None and cell.value != parts:
                what = f"{_at(table, cell)} {_written(cell)} yazılmış, ayraç içindeki parçaların toplamı "
                what += format_decimal(parts)
                yield _report(table, cell.place, what, expected=parts, found=cell.value)


def _unread(table: GeneralTable, equation: Equation) -> Finding:
    """Advice: a total that may be right, if only one could read its parts."""
    cells = equation.unread
    named = ", ".join(f"“{cell.text}”" for cell in cells[:3])
    total = " ".join(filter(None, (*_where(table, equation.total.place)[1:], _written(equation.total))))
    what = f"{named} sayı olarak okunamadığından “{equation.row}” satırındaki {total} denetlenemedi"
    related = [equation.total.place, *(cell.place for cell in cells[1:])]
    return _report(table, cells[0].place, what, related=related, severity=ADVICE)


def _share(table: GeneralTable, share: WrongShare) -> Finding:
    found, expected = format_decimal(share.found), format_decimal(share.expected)
    if share.is_sum:
        what = f"yüzdelerin toplamı %{found}, beklenen %{expected}"
    else:
        what = f"{_at(table, share.cell)} %{found} yazılmış, sayılara göre %{expected} olmalı"
    return _report(table, share.cell.place, what, expected=share.expected, found=share.found)


def _blank_totals(table: GeneralTable) -> Iterator[Finding]:
    """Advice: a row named as a total that has no figure at all, below rows that have."""
    columns = counting(table)
    counted = False
    for row in table.rows:
        cells = [row.cells[at] for at in columns]
        if row.total and counted and all(cell.blank for cell in cells):
            what = f"“{row.label.value}” satırında rakam yok, üstündeki satırlarda var"
            yield _report(table, cells[-1].place, what, severity=ADVICE)
        counted = not row.total and (counted or any(cell.value for cell in cells))


def _sequence(table: GeneralTable) -> Iterator[Finding]:
    """Advice: a number left out, or given twice, in a column that else counts from 1."""
    numbered = [(row, int(row.number)) for row in table.rows if row.number.isdecimal()]
    if len(numbered) < _SHORTEST_SEQUENCE or numbered[0][1] != 1:
        return
    # A section may begin at 1 again.
    odd = [(before, after) for before, after in pairwise(numbered) if after[1] not in (before[1] + 1, 1)]
    if len(odd) == 1:
        (_, number), (row, following) = odd[0]
        at = next(index for index, column in enumerate(table.columns) if column.role == "number")
        what = f"sıra numarası {number} satırından sonra {following} geliyor"
        yield _report(table, row.cells[at].place, what, severity=ADVICE)


def _disagreement(item: Counted) -> Finding:
    """One finding for a table, at the first of its counts that differ."""
    own = ", ".join(f"{count.name} {format_decimal(count.value)}" for count, _ in item.pairs)
    theirs = ", ".join(f"{count.name} {format_decimal(theirs.value)}" for count, theirs in item.pairs)
    agreeing = [item.others[at] for at in sorted(item.others)]
    others = ", ".join(dict.fromkeys(name_of(table) for table, _ in agreeing))
    if item.majority:
        what = f"{own}; aynı kişileri sayan öteki tablolarda ({others}) {theirs}"
    else:
        what = f"{own}; aynı kişileri sayan {others} içinde {theirs} (hangisinin doğru olduğu anlaşılamadı)"
    first, _ = item.pairs[0]
    related = [*(count.place for count, _ in item.pairs[1:]), *(count.place for _, count in agreeing)]
    values = [("found", own), ("expected" if item.majority else "other", theirs)]
    return _report(item.table, first.place, what, related=related, values=values)
