"""A general table as it was read becomes one of the programme's: without totals, categories in rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from kars_xl.base.money import format_decimal
from kars_xl.base.place import Place
from kars_xl.base.text import fold, tidy
from kars_xl.findings.finding import Finding, finding
from kars_xl.model.programme import ProgrammeTable, ProgrammeTableRow
from kars_xl.reading.general.blocks import EXCEL_ERROR, total_of, unit_of
from kars_xl.reading.general.equations import ZERO
from kars_xl.reading.general.kinds import (
    CLASSES_IN_COLUMNS,
    CROSS,
    MOST_COLUMNS,
    is_note,
    is_percent,
    name_of,
    staff_class,
)
from kars_xl.reading.tables import GeneralCell, GeneralRow, GeneralTable

_SQUARE_METRES = re.compile(r"\bm2\b", re.IGNORECASE)


class ReadTable(NamedTuple):
    """What a general table says: the table, None where nothing can be taken over; for each row its cells."""

    table: ProgrammeTable | None
    places: tuple[tuple[Place, ...], ...] = ()
    findings: tuple[Finding, ...] = ()


class _Line(NamedTuple):
    """A row with the cells of its figures, still in the orientation of the source."""

    row: ProgrammeTableRow
    places: tuple[Place, ...]


def read_table(source: GeneralTable, kind: str) -> ReadTable:
    """`source` as a table of a kind, with findings (KX101, KX103, KX105, KX108, KX114) at the cells that need them."""
    reader = _Reader(source, kind)
    lines = reader.lines()
    used = [at for at, heading in enumerate(reader.headings) if heading or any(_gives(line, at) for line in lines)]
    if len(used) > MOST_COLUMNS:
        reader.report("KX114", source.place, what=reader.name, count=str(len(used)), most=str(MOST_COLUMNS))
    if len(used) > MOST_COLUMNS or not lines:
        return ReadTable(None, findings=tuple(reader.findings))
    headings = tuple(_heading(source, reader.columns[at]) for at in used)
    if len(used) < len(reader.columns):
        lines = [_cut(line, used) for line in lines]
    if _is_turned(kind, headings, [line.row for line in lines]):
        turned = [
            _Line(
                ProgrammeTableRow(heading, tuple(line.row.values[at] for line in lines)),
                tuple(line.places[at] for line in lines),
            )
            for at, heading in enumerate(headings)
        ]
        headings, lines = tuple(line.row.label for line in lines), turned
    label = next((column.heading.value for column in source.columns if column.role == "label"), "")
    rows, places = tuple(line.row for line in lines), tuple(line.places for line in lines)
    table = ProgrammeTable(kind, tidy(source.caption.value), source.number, label, headings, rows)
    return ReadTable(table, places, tuple(reader.findings))


class _Reader:
    """The rows of a table, of its columns of figures but shares, and but sums where the kind has its own."""

    def __init__(self, source: GeneralTable, kind: str) -> None:
        self.source, self.name = source, name_of(source)
        self.findings: list[Finding] = []
        counts = [at for at, column in enumerate(source.columns) if column.counts]
        self.sums = [at for at in source.total_columns if kind in CROSS]
        self.columns = [at for at in counts if at not in self.sums] or counts
        self.headings = [source.columns[at].heading.value for at in self.columns]
        self.last = next((row for row in reversed(source.rows) if row.total), None)

    def lines(self) -> list[_Line]:
        """All rows but the last total, and what is wrong in them."""
        rows = [row for row in self.source.rows if row is not self.last and not self._is_share(row)]
        lines = [self._line(row) for row in rows]
        lines = [line for line in lines if line.row.label or line.row.note or _gives(line)]
        # Figures that no label or no heading names.
        for line in lines:
            if not line.row.label:
                self.report("KX101", line.places[0], what=f"{self.name} satırının adı", blank="satırın ne olduğunu")
        for at, column in enumerate(self.columns):
            if not self.headings[at] and any(_gives(line, at) for line in lines):
                place, blank = self.source.columns[column].heading.place, "sütunun neyi saydığını"
                self.report("KX101", place, what=f"{self.name} sütununun başlığı", blank=blank)
        self._recomputed()
        return lines

    def report(self, code: str, place: Place, **facts: Any) -> None:
        self.findings.append(finding(code, place, table=self.name, **facts))

    def _figures(self, row: GeneralRow) -> list[GeneralCell]:
        return [row.cells[at] for at in self.columns if row.cells[at].readings]

    def _is_share(self, row: GeneralRow) -> bool:
        cells = self._figures(row)
        return bool(cells) and (is_percent(row.label.value) or all(cell.percent for cell in cells))

    def _line(self, row: GeneralRow) -> _Line:
        source = list(zip(row.cells, self.source.columns, strict=True))
        # A form's rows to spare have their number only.
        numbers = {cell.place for cell, column in source if column.role == "number"}
        label = "" if row.label.place in numbers else row.label.value
        cells = [row.cells[at] for at in self.columns]
        if row.total and not self._figures(row):
            return _Line(ProgrammeTableRow(row.label.value, (None,) * len(cells)), (row.label.place,))
        values = tuple(self._value(row, cell) for cell in cells)
        notes = [cell.text for cell in cells if "(" in cell.text and cell.readings]
        for cell, column in source:
            if column.role == "text" and cell.text and not cell.blank:
                named = is_note(column.heading.value) or not column.heading.value
                notes.append(cell.text if named else f"{column.heading.value}: {cell.text}")
        given = (None,) * len(cells) if row.total else values
        places = tuple(cell.place for cell in cells) or (row.label.place,)
        return _Line(ProgrammeTableRow(label, given, "; ".join(dict.fromkeys(notes)), row.total), places)

    def _value(self, row: GeneralRow, cell: GeneralCell) -> Decimal | None:
        """The cell's figure; a finding where it has none, or means two things and does not say in words which."""
        key, values = row.label.value, [("found", cell.text)]
        if len(cell.readings) == 1 or (cell.readings and (cell.parts or "(" in cell.text)):
            if cell.readings[0] < 0:
                self.report("KX105", cell.place, key=key, values=values, found=format_decimal(cell.readings[0]))
            return cell.readings[0]
        if (cell.readings or not cell.blank) and not EXCEL_ERROR.fullmatch(cell.text):
            self.report("KX103", cell.place, key=key, values=values, found=cell.text)
        return None

    def _recomputed(self) -> None:
        """KX108 for each typed total that is not the sum which takes its place."""
        rows = self.source.rows
        if self.last is not None:
            for column in self.columns:
                self._total(self.last, column, rows, [column])
        begin = 0
        for at, row in enumerate(rows):
            if row.total and row is not self.last and self._figures(row):
                for column in self.columns:
                    self._total(row, column, rows[begin:at], [column])
                begin = at + 1
        for row in rows:
            if not row.total and not self._is_share(row):
                for column in self.sums:
                    self._total(row, column, [row], self.columns)

    def _total(self, row: GeneralRow, column: int, rows: Sequence[GeneralRow], columns: Sequence[int]) -> None:
        """KX108 where a cell is not the sum of what these rows have in these columns."""
        cell = row.cells[column]
        counted = [part for part in rows if not part.total and not self._is_share(part)]
        expected = total_of(part.cells[at].value or ZERO for part in counted for at in columns)
        if cell.value is not None and expected not in cell.readings:
            facts = {"what": f"{self.name} “{row.label.value}”", "key": row.label.value}
            values = [("expected", format(expected, "f")), ("found", format(cell.value, "f"))]
            found, wanted = format_decimal(cell.value), format_decimal(expected)
            self.report("KX108", cell.place, values=values, found=found, expected=wanted, **facts)


def _gives(line: _Line, at: int | None = None) -> bool:
    """Whether a row has a figure, or one in a column."""
    values = line.row.values if at is None else line.row.values[at : at + 1]
    return any(value is not None for value in values)


def _cut(line: _Line, used: Sequence[int]) -> _Line:
    """Without the columns that nobody uses."""
    values = tuple(line.row.values[at] for at in used)
    places = tuple(line.places[at] for at in used) if len(line.places) == len(line.row.values) else line.places
    return _Line(line.row._replace(values=values), places or line.places)


def _heading(source: GeneralTable, column: int) -> str:
    """The heading, with the unit that only the figures name."""
    heading = _SQUARE_METRES.sub("m²", source.columns[column].heading.value)
    units = {unit for row in source.rows if (unit := unit_of(row.cells[column].text))}
    unit = _SQUARE_METRES.sub("m²", next(iter(units))) if len(units) == 1 else ""
    return f"{heading} ({unit})".strip() if unit and fold(unit) not in fold(heading).split() else heading


def _is_turned(kind: str, headings: Sequence[str], rows: list[ProgrammeTableRow]) -> bool:
    """Whether staff classes stand where this kind of table has its categories."""
    if any(row.note or row.subtotal for row in rows):
        return False
    in_rows = any(staff_class(row.label) for row in rows)
    in_columns = any(staff_class(column) for column in headings)
    if kind in CLASSES_IN_COLUMNS:
        return in_rows and not in_columns and len(rows) <= MOST_COLUMNS
    return kind == "staff_by_cadre" and in_columns and not in_rows and len(rows) == 1
