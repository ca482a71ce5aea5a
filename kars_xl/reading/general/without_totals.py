"""A general table as it was read becomes one of the programme's: without totals, categories in rows."""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from kars_xl.base.money import format_decimal
from kars_xl.base.place import Place
from kars_xl.base.text import fold, tidy
from kars_xl.findings.finding import Finding, finding
from kars_xl.model.programme import ProgrammeTable, ProgrammeTableRow
from kars_xl.reading.cell_values import why_unread
from kars_xl.reading.general import kinds
from kars_xl.reading.general.blocks import EXCEL_ERROR, total_of, unit_of
from kars_xl.reading.general.equations import ZERO
from kars_xl.reading.tables import GeneralCell, GeneralRow, GeneralTable

_SQUARE_METRES = re.compile(r"\bm2\b", re.IGNORECASE)
_Line = tuple[ProgrammeTableRow, tuple[Place, ...]]  # a row with the cells of its figures


class ReadTable(NamedTuple):
    """What a general table says: the table, None where nothing can be taken over; for each row its cells."""

    table: ProgrammeTable | None
    places: tuple[tuple[Place, ...], ...] = ()
    findings: tuple[Finding, ...] = ()


def read_table(source: GeneralTable, kind: str) -> ReadTable:
    """`source` as a table of a kind, with findings (KX101, KX103, KX105, KX108, KX114) at the cells that need them."""
    reader = _Reader(source, kind)
    lines = reader.lines()
    findings = tuple(reader.findings)
    if not lines or len(reader.columns) > kinds.MOST_COLUMNS:
        return ReadTable(None, findings=findings)
    headings = tuple(_heading(source, at) for at in reader.columns)
    rows, places = tuple(row for row, _ in lines), tuple(cells for _, cells in lines)
    if _is_turned(kind, headings, rows):
        turned = tuple(map(ProgrammeTableRow, headings, zip(*(row.values for row in rows), strict=True)))
        headings, rows, places = tuple(row.label for row in rows), turned, tuple(zip(*places, strict=True))
    label = next((column.heading.value for column in source.columns if column.role == "label"), "")
    table = ProgrammeTable(kind, tidy(source.caption.value), source.number, label, headings, rows)
    return ReadTable(table, places, findings)


class _Reader:
    """The rows of a table, of its columns of figures but shares, and but sums where the kind has its own."""

    def __init__(self, source: GeneralTable, kind: str) -> None:
        self.source, self.name = source, kinds.name_of(source)
        self.findings: list[Finding] = []
        counts = [at for at, column in enumerate(source.columns) if column.counts]
        self.sums = [at for at, column in enumerate(source.columns) if column.total and kind in kinds.CROSS]
        self.columns = [at for at in counts if at not in self.sums] or counts
        self.last = next((row for row in reversed(source.rows) if row.total), None)
        self.counted = [row for row in source.rows if not row.total and not self._is_share(row)]
        used = {at for row in self.counted for at, cell in enumerate(row.cells) if not cell.blank}
        self.columns = [at for at in self.columns if at in used or source.columns[at].heading.value]

    def lines(self) -> list[_Line]:
        """All rows but the last total, and what is wrong in them."""
        rows = [row for row in self.source.rows if row is not self.last and not self._is_share(row)]
        lines = [self._line(row) for row in rows]
        lines = [(row, places) for row, places in lines if row.label or row.note or _has_figures(row.values)]
        # Figures that no label or no heading names.
        for row, places in lines:
            if not row.label:
                self._report("KX101", places[0], what=f"{self.name} satırının adı", blank="satırın ne olduğunu")
        for index, at in enumerate(self.columns):
            heading = self.source.columns[at].heading
            if not heading.value and _has_figures(row.values[index] for row, _ in lines):
                what = f"{self.name} sütununun başlığı"
                self._report("KX101", heading.place, what=what, blank="sütunun neyi saydığını")
        self._recomputed()
        if (count := len(self.columns)) > kinds.MOST_COLUMNS:
            self._report("KX114", self.source.place, what=self.name, count=str(count), most=str(kinds.MOST_COLUMNS))
        return lines

    def _report(self, code: str, place: Place, **facts: Any) -> None:
        self.findings.append(finding(code, place, table=self.name, **facts))

    def _figures(self, row: GeneralRow) -> list[GeneralCell]:
        return [row.cells[at] for at in self.columns if row.cells[at].readings]

    def _is_share(self, row: GeneralRow) -> bool:
        cells = self._figures(row)
        return bool(cells) and (kinds.is_percent(row.label.value) or all(cell.percent for cell in cells))

    def _line(self, row: GeneralRow) -> _Line:
        cells = [row.cells[at] for at in self.columns]
        blank = (None,) * len(cells)
        if row.total and not self._figures(row):
            return ProgrammeTableRow(row.label.value, blank), (row.label.place,)
        values = tuple(self._value(row, cell) for cell in cells)
        notes = [cell.text for cell in cells if "(" in cell.text and cell.readings]
        label = row.label.value
        for cell, column in zip(row.cells, self.source.columns, strict=True):
            if column.role == "number" and cell.place == row.label.place:
                label = ""  # a form's rows to spare have their number only
            if column.role == "text" and cell.text and not cell.blank:
                named = kinds.is_note(column.heading.value) or not column.heading.value
                notes.append(cell.text if named else f"{column.heading.value}: {cell.text}")
        places = tuple(cell.place for cell in cells) or (row.label.place,)
        note = "; ".join(dict.fromkeys(notes))
        return ProgrammeTableRow(label, blank if row.total else values, note, row.total), places

    def _value(self, row: GeneralRow, cell: GeneralCell) -> Decimal | None:
        """The cell's figure; a finding where it has none, or means two things and does not say in words which."""
        facts = {"key": row.label.value, "values": [("found", cell.text)]}
        if len(cell.readings) == 1 or (cell.readings and (cell.parts or "(" in cell.text)):
            if cell.readings[0] < 0:
                self._report("KX105", cell.place, found=format_decimal(cell.readings[0]), **facts)
            return cell.readings[0]
        if (cell.readings or not cell.blank) and not EXCEL_ERROR.fullmatch(cell.text):
            self._report("KX103", cell.place, found=cell.text, why=why_unread(cell.text), **facts)
        return None

    def _recomputed(self) -> None:
        """KX108 for each typed total that is not the sum which takes its place."""
        totals = [(self.last, self.counted)] if self.last else []
        section: list[GeneralRow] = []
        for row in self.source.rows:
            if row.total and row is not self.last and self._figures(row):
                totals.append((row, section))
                section = []
            elif row in self.counted:
                section.append(row)
        for row, parts in totals:
            for at in self.columns:
                self._total(row, at, [part.cells[at] for part in parts])
        for row in self.counted:
            for at in self.sums:
                self._total(row, at, [row.cells[part] for part in self.columns])

    def _total(self, row: GeneralRow, at: int, parts: Sequence[GeneralCell]) -> None:
        cell, expected = row.cells[at], total_of(part.value or ZERO for part in parts)
        if cell.value is not None and expected not in cell.readings:
            values = [("expected", format(expected, "f")), ("found", format(cell.value, "f"))]
            facts = {"what": f"{self.name} “{row.label.value}”", "key": row.label.value, "values": values}
            found, wanted = format_decimal(cell.value), format_decimal(expected)
            self._report("KX108", cell.place, found=found, expected=wanted, **facts)


def _has_figures(values: Iterable[Decimal | None]) -> bool:
    return any(value is not None for value in values)


def _heading(source: GeneralTable, column: int) -> str:
    """The heading, with the unit that only the figures name."""
    heading = _SQUARE_METRES.sub("m²", source.columns[column].heading.value)
    units = {unit for row in source.rows if (unit := unit_of(row.cells[column].text))}
    unit = _SQUARE_METRES.sub("m²", next(iter(units))) if len(units) == 1 else ""
    return f"{heading} ({unit})".strip() if unit and fold(unit) not in fold(heading).split() else heading


def _is_turned(kind: str, headings: Sequence[str], rows: Sequence[ProgrammeTableRow]) -> bool:
    """Whether staff classes stand where this kind of table has its categories."""
    if any(row.note or row.subtotal for row in rows):
        return False
    in_rows = any(kinds.staff_class(row.label) for row in rows)
    in_columns = any(kinds.staff_class(column) for column in headings)
    if kind in kinds.CLASSES_IN_COLUMNS:
        return in_rows and not in_columns and len(rows) <= kinds.MOST_COLUMNS
    return kind == "staff_by_cadre" and in_columns and not in_rows and len(rows) == 1
