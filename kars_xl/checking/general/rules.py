"""General tables against the plan and among themselves: missing, blank, of another unit, wrongly added up (KX311)."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

from msgspec.structs import replace

from kars_xl.base.money import format_decimal
from kars_xl.base.place import Place
from kars_xl.checking.general.faults import Fault, faults_of, wrong_shares
from kars_xl.checking.general.people import Counted, disagreements
from kars_xl.findings.finding import ADVICE, WARNING, Effect, Finding, Merged, finding
from kars_xl.merging.consolidate import GivenTable, given_tables
from kars_xl.model.programme import Programme
from kars_xl.reading.general.blocks import EXCEL_ERROR, total_of
from kars_xl.reading.general.equations import counting, equations_of
from kars_xl.reading.general.kinds import is_note, name_of
from kars_xl.reading.tables import Document, GeneralCell, GeneralTable

_SHORTEST_SEQUENCE = 4
_MOST_SUMS_SHOWN = 3


def check_general_tables(
    documents: Sequence[Document], merged: Merged, plan: Programme | None = None, plan_file: str = ""
) -> list[Finding]:
    """What does not add up in the tables that were taken, as warnings: totals are computed anew, and people who were
    counted differently keep nobody from merging. With a plan also what is missing, blank or from another unit."""
    given = [item for document in documents for item in given_tables(document, plan.general_tables if plan else ())]
    found = [item for source in given for item in source.read.findings]
    totals = {item.place for item in found if item.has(Effect.RECOMPUTED)}
    for said in _arithmetic([item.source for item in given]):
        if said.place not in totals:
            found.append(replace(said, severity=WARNING) if said.is_error and not said.has(Effect.UNREAD) else said)
    for item in given:
        # A form's table whose rows have no figure at all.
        table, name = item.read.table, name_of(item.source)
        asked = table is not None and table.columns and item.document.unit and not item.read.findings
        if table and asked and all(value is None for row in table.rows for value in row.values):
            place = item.read.places[0][0]
            found.append(finding("KX101", place, table=name, what=f"{name} tablosunun rakamları", blank="0"))
    return [*found, *(_against_plan(given, merged, plan, plan_file) if plan and plan.general_tables else ())]


def _against_plan(given: Sequence[GivenTable], merged: Merged, plan: Programme, plan_file: str) -> Iterator[Finding]:
    senders = {item.document.unit for item in given}
    senders |= {unit for item in merged.contributions for unit in item.sender.unit.parts}
    asked = {unit for activity in plan.activities for unit in activity.units}
    have = {id(item.planned) for item in given}
    for table in plan.general_tables:
        # A unit from which nothing came is one finding already.
        silent = table.unit in asked and table.unit not in senders
        if table.unit and id(table) not in have and not silent:
            facts: Any = {"what": f"{table.title} ({table.unit})", "values": [("unit", table.unit.name)]}
            yield finding("KX203", Place(plan_file), table=table.title, key=table.title, **facts)
    for item in given:
        unit, place, name = item.document.unit, item.source.place, name_of(item.source)
        if item.planned is None:
            yield finding("KX202", place, table=name, key=item.source.caption.value or name, severity=WARNING)
        elif unit and item.planned.unit and unit != item.planned.unit:
            yield finding("KX206", place, table=name, key=item.planned.title, unit=unit.name)


def check_arithmetic(documents: Sequence[Document]) -> list[Finding]:
    """All findings about the general tables of one programme, by table in the order of reading."""
    return _arithmetic([table for document in documents for table in document.general_tables])


def _arithmetic(tables: Sequence[GeneralTable]) -> list[Finding]:
    mended: dict[Place, Decimal] = {}
    judges = {id(table): _Judge(table, mended) for table in tables}
    for judge in judges.values():
        judge.alone()
    for item in disagreements(tables, mended):
        judges[id(item.table)].disagreement(item)
    return [found for judge in judges.values() for found in judge.findings]


class _Judge:
    """What is wrong in a table; what wrong figures of all tables should be goes into `mended`."""

    def __init__(self, table: GeneralTable, mended: dict[Place, Decimal]) -> None:
        self.table, self.mended = table, mended
        self.columns = counting(table)
        self.findings: list[Finding] = []
        several = len(self.columns) > 1
        self.where = {
            cell.place: (row.label.value, column.heading.value if several else "")
            for row in table.rows
            for cell, column in zip(row.cells, table.columns, strict=True)
        }

    def alone(self) -> None:
        """Judges the table by itself."""
        columns, rows = equations_of(self.table)
        for fault in faults_of(columns, rows):
            self._fault(fault)
        self._cells()
        for equation in (*columns, *rows):
            errors = any(EXCEL_ERROR.fullmatch(cell.text) for cell in equation.unread)
            if equation.unread and not errors and not equation.holds():
                self._unread(equation.unread, equation.total)
        for share in wrong_shares(self.table, self.mended):
            expected = format_decimal(share.expected)
            what = f"{self._at(share.cell, mark='%')} yazılmış, sayılara göre %{expected} olmalı"
            if share.is_sum:
                what = f"yüzdelerin toplamı %{format_decimal(share.found)}, beklenen %{expected}"
            self._report(share.cell.place, what, share.expected, share.found)
        self._blank_totals()
        self._sequence()

    def _report(self, place: Place, what: str, *figures: Decimal | None, **more: Any) -> None:
        """KX311 at a cell; `figures` are what is expected and what was found."""
        row, column = self.where.get(place, ("", ""))
        named = zip(("expected", "found"), figures, strict=False)
        values = [(name, format(value, "f")) for name, value in named if value is not None]
        facts = {"table": name_of(self.table), "key": row, "label": column, "values": values, "what": what, **more}
        self.findings.append(finding("KX311", place, **facts))

    def _at(self, cell: GeneralCell, within: str = "satırında", mark: str = "") -> str:
        """ "“Lise” satırında Memur 12"; a table of one column needs no heading in words."""
        row, column = self.where[cell.place]
        return " ".join(filter(None, (f"“{row}” {within}", column, mark + _written(cell))))

    def _fault(self, fault: Fault) -> None:
        cell, swapped = fault.cell, fault.swapped
        if len(fault.sums) == 1:
            self.mended[cell.place] = fault.sums[0]
        totals = [equation.total.place for equation in fault.equations if equation.total is not cell]
        unclear = [part for equation in fault.equations for part in equation.parts if len(part.readings) > 1]
        if swapped is not None:
            if cell.value is not None:
                self.mended[swapped.place] = cell.value
            row, column = self.where[swapped.place]
            other = f"“{row}” satırındaki" if swapped.place.column == cell.place.column else column
            what = f"{self._at(cell)} ile {other} {_written(swapped)} yer değiştirmiş görünüyor; "
            what += "böyle iki toplam da tutmuyor"
            totals = [swapped.place, *totals]
        elif len(fault.equations) > 1:
            what = f"{self._at(cell)} yazılmış; satırın ve sütunun toplamlarına göre {_sums(fault.sums)} olmalı"
        else:
            parts = "satırların" if fault.equations[0].line == "column" else "satırdaki parçaların"
            what = f"{self._at(cell)} yazılmış, {parts} toplamı {_sums(fault.sums)}"
            if unclear:
                what += f" ({', '.join(f'“{part.text}” iki türlü okunabiliyor' for part in unclear[:2])})"
        related = [*totals, *(part.place for part in unclear)]
        self._report(cell.place, what, next(iter(fault.sums), None), cell.value, related=related)

    def _cells(self) -> None:
        """Excel's errors, and a figure that is not the sum of its parts in brackets."""
        each = ((row, cell, at) for row in self.table.rows for at, cell in enumerate(row.cells))
        for row, cell, at in each:
            if EXCEL_ERROR.fullmatch(cell.text):
                facts: Any = {"table": name_of(self.table), "key": row.label.value, "values": [("found", cell.text)]}
                self.findings.append(finding("KX104", cell.place, found=cell.text, **facts))
            parts = total_of(cell.parts)
            if cell.parts and cell.value not in (None, parts) and not is_note(self.table.columns[at].heading.value):
                what = f"{self._at(cell)} yazılmış, ayraç içindeki parçaların toplamı {format_decimal(parts)}"
                self._report(cell.place, what, parts, cell.value)

    def _unread(self, cells: Sequence[GeneralCell], total: GeneralCell) -> None:
        """Advice: a total that may be right, if only one could read its parts."""
        named = ", ".join(f"“{cell.text}”" for cell in cells[:3])
        what = f"{named} sayı olarak okunamadığından {self._at(total, 'satırındaki')} denetlenemedi"
        first, *more = [cell.place for cell in cells]
        self._report(first, what, related=[total.place, *more], severity=ADVICE)

    def _blank_totals(self) -> None:
        """Advice: a row named as a total that has no figure at all, below rows that have."""
        counted = False
        for row in self.table.rows:
            cells = [row.cells[at] for at in self.columns]
            if row.total and counted and all(cell.blank for cell in cells):
                what = f"“{row.label.value}” satırında rakam yok, üstündeki satırlarda var"
                self._report(cells[-1].place, what, severity=ADVICE)
            counted = not row.total and (counted or any(cell.value for cell in cells))

    def _sequence(self) -> None:
        """Advice: a number left out, or given twice, in a column that else counts from 1."""
        numbered = [(row, int(row.number)) for row in self.table.rows if row.number.isdecimal()]
        # A section may begin at 1 again.
        odd = [(before, after) for before, after in pairwise(numbered) if after[1] not in (before[1] + 1, 1)]
        if len(numbered) >= _SHORTEST_SEQUENCE and numbered[0][1] == 1 and len(odd) == 1:
            (_, number), (row, following) = odd[0]
            at = next(index for index, column in enumerate(self.table.columns) if column.role == "number")
            what = f"sıra numarası {number} satırından sonra {following} geliyor"
            self._report(row.cells[at].place, what, severity=ADVICE)

    def disagreement(self, item: Counted) -> None:
        """One finding for the table, at the first of its counts that differ."""
        own = ", ".join(f"{count.name} {format_decimal(count.value)}" for count, _ in item.pairs)
        theirs = ", ".join(f"{count.name} {format_decimal(theirs.value)}" for count, theirs in item.pairs)
        agreeing = [item.others[at] for at in sorted(item.others)]
        others = ", ".join(dict.fromkeys(name_of(table) for table, _ in agreeing))
        what = f"{own}; aynı kişileri sayan diğer tablolarda ({others}) {theirs}"
        if not item.majority:
            what = f"{own}; aynı kişileri sayan {others} içinde {theirs} (hangisinin doğru olduğu anlaşılamadı)"
        first, *more = [count.place for count, _ in item.pairs]
        related = [*more, *(count.place for _, count in agreeing)]
        values = [("found", own), ("expected" if item.majority else "other", theirs)]
        self._report(first, what, related=related, values=values)


def _written(cell: GeneralCell) -> str:
    return format_decimal(cell.value) if cell.value is not None else "boş"


def _sums(sums: Sequence[Decimal]) -> str:
    if len(sums) <= _MOST_SUMS_SHOWN:
        return " ya da ".join(map(format_decimal, sums))
    return f"en az {format_decimal(min(sums))}, en çok {format_decimal(max(sums))}"
