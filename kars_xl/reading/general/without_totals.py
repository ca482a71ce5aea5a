"""A general table as it was read becomes one of the programme's: without totals, categories in rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from kars_xl.base.money import format_decimal
from kars_xl.base.place import Place
from kars_xl.base.text import fold, tidy
from kars_xl.findings.catalogue import finding
from kars_xl.findings.finding import Finding
from kars_xl.model.general_tables import ProgrammeTable, ProgrammeTableRow
from kars_xl.reading.general.blocks import EXCEL_ERROR, unit_of
from kars_xl.reading.general.equations import ZERO
from kars_xl.reading.general.keepers import CLASSES_IN_COLUMNS, CROSS, MOST_COLUMNS
from kars_xl.reading.general.kinds import is_note, is_percent, name_of, staff_class
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
    columns = _figure_columns(source, kind)
    last = _last_total(source)
    findings: list[Finding] = []
    lines: list[_Line] = []
    for row in source.rows:
        if row.total and (row is last or not _has_figures(row, columns)):
            if row is not last:
                lines.append(_Line(ProgrammeTableRow(row.label.value, (None,) * len(columns)), (row.label.place,)))
            continue
        if not _is_share(row, columns):
            lines.append(_line(source, row, columns, subtotal=row.total, findings=findings))
    lines = [line for line in lines if line.row.label or line.row.note or any(_given(line.row.values))]
    findings += _unnamed(source, lines, columns)
    findings += _recomputed(source, kind, columns, lines)
    used = [
        at
        for at, column in enumerate(columns)
        if source.columns[column].heading.value or any(line.row.values[at] is not None for line in lines)
    ]
    if len(used) > MOST_COLUMNS:
        name, count = name_of(source), str(len(used))
        findings.append(finding("KX114", source.place, table=name, what=name, count=count, most=str(MOST_COLUMNS)))
        return ReadTable(None, findings=tuple(findings))
    lines = [_cut(line, used) for line in lines]
    if not lines:
        return ReadTable(None, findings=tuple(findings))
    headings = tuple(_heading(source, columns[at]) for at in used)
    label = next((column.heading.value for column in source.columns if column.role == "label"), "")
    table = ProgrammeTable(kind, tidy(source.caption.value), source.number, label, headings)
    if _is_turned(table, [line.row for line in lines]):
        headings, lines = _turned(headings, lines)
    table = replace(table, columns=headings, rows=tuple(line.row for line in lines))
    return ReadTable(table, tuple(line.places for line in lines), tuple(findings))


def _figure_columns(source: GeneralTable, kind: str) -> list[int]:
    """Columns of figures; sums of them are left out where the kind has its own, shares always."""
    columns = [at for at, column in enumerate(source.columns) if column.counts]
    sums = set(source.total_columns) if kind in CROSS else set()
    return [at for at in columns if at not in sums] or columns


def _last_total(source: GeneralTable) -> GeneralRow | None:
    return next((row for row in reversed(source.rows) if row.total), None)


def _has_figures(row: GeneralRow, columns: list[int]) -> bool:
    return any(row.cells[at].readings for at in columns)


def _given(values: tuple[Decimal | None, ...]) -> Iterator[bool]:
    return (value is not None for value in values)


def _is_share(row: GeneralRow, columns: list[int]) -> bool:
    cells = [row.cells[at] for at in columns if row.cells[at].readings]
    return bool(cells) and (is_percent(row.label.value) or all(cell.percent for cell in cells))


def _line(
    source: GeneralTable, row: GeneralRow, columns: list[int], *, subtotal: bool, findings: list[Finding]
) -> _Line:
    # A form's rows to spare have their number only.
    numbers = {cell.place for cell, column in zip(row.cells, source.columns, strict=True) if column.role == "number"}
    label = "" if row.label.place in numbers else row.label.value
    values: list[Decimal | None] = []
    notes: list[str] = []
    for at in columns:
        cell = row.cells[at]
        values.append(_value(source, row, cell, findings))
        if "(" in cell.text and cell.readings:
            notes.append(cell.text)
    for cell, column in zip(row.cells, source.columns, strict=True):
        if column.role == "text" and cell.text and not cell.blank:
            named = is_note(column.heading.value) or not column.heading.value
            notes.append(cell.text if named else f"{column.heading.value}: {cell.text}")
    places = tuple(row.cells[at].place for at in columns) or (row.label.place,)
    given = (None,) * len(columns) if subtotal else tuple(values)
    return _Line(ProgrammeTableRow(label, given, "; ".join(dict.fromkeys(notes)), subtotal), places)


def _value(source: GeneralTable, row: GeneralRow, cell: GeneralCell, findings: list[Finding]) -> Decimal | None:
    """The cell's figure; a finding where it has none, or means two things and does not say in words which."""
    if len(cell.readings) == 1 or (cell.readings and (cell.parts or "(" in cell.text)):
        value = cell.readings[0]
        if value < 0:
            findings.append(_at("KX105", source, row, cell, format_decimal(value)))
        return value
    if (cell.readings or not cell.blank) and not EXCEL_ERROR.fullmatch(cell.text):
        findings.append(_at("KX103", source, row, cell, cell.text))
    return None


def _at(code: str, source: GeneralTable, row: GeneralRow, cell: GeneralCell, found: str) -> Finding:
    values = [("found", cell.text)]
    return finding(code, cell.place, table=name_of(source), key=row.label.value, values=values, found=found)


def _unnamed(source: GeneralTable, lines: list[_Line], columns: list[int]) -> Iterator[Finding]:
    """KX101 for figures that no label or no heading names."""
    name = name_of(source)
    for line in lines:
        if not line.row.label:
            blank = "satırın ne olduğunu"
            yield finding("KX101", line.places[0], table=name, what=f"{name} satırının adı", blank=blank)
    for at, column in enumerate(columns):
        heading = source.columns[column].heading
        if not heading.value and any(line.row.values[at] is not None for line in lines):
            blank = "sütunun neyi saydığını"
            yield finding("KX101", heading.place, table=name, what=f"{name} sütununun başlığı", blank=blank)


def _recomputed(source: GeneralTable, kind: str, columns: list[int], lines: list[_Line]) -> Iterator[Finding]:
    """KX108 for each typed total that is not the sum which takes its place."""
    last = _last_total(source)
    rows = [line.row for line in lines if not line.row.subtotal]
    if last is not None:
        for at, column in enumerate(columns):
            expected = sum((row.values[at] or ZERO for row in rows), ZERO)
            yield from _differs(source, last, last.cells[column], expected)
    section: list[GeneralRow] = []
    for row in source.rows:
        if not row.total:
            section.append(row)
        elif row is not last and _has_figures(row, columns):
            for column in columns:
                yield from _differs(source, row, row.cells[column], _sum(section, [column], columns))
            section = []
    sums = source.total_columns if kind in CROSS else []
    for row in source.rows:
        if not row.total and not _is_share(row, columns):
            for column in sums:
                if column not in columns:
                    yield from _differs(source, row, row.cells[column], _sum([row], columns, columns))


def _sum(rows: list[GeneralRow], of: list[int], columns: list[int]) -> Decimal:
    cells = (row.cells[at] for row in rows if not _is_share(row, columns) for at in of)
    return sum((cell.value for cell in cells if cell.value is not None), ZERO)


def _differs(source: GeneralTable, row: GeneralRow, cell: GeneralCell, expected: Decimal) -> Iterator[Finding]:
    if cell.value is None or expected in cell.readings:
        return
    yield finding(
        "KX108",
        cell.place,
        table=name_of(source),
        key=row.label.value,
        values=[("expected", format(expected, "f")), ("found", format(cell.value, "f"))],
        what=f"{name_of(source)} “{row.label.value}”",
        found=format_decimal(cell.value),
        expected=format_decimal(expected),
    )


def _cut(line: _Line, used: list[int]) -> _Line:
    """The line without columns that nobody uses."""
    if len(used) == len(line.row.values) or not line.row.values:
        return line
    places = tuple(line.places[at] for at in used) if len(line.places) == len(line.row.values) else line.places
    return _Line(line.row._replace(values=tuple(line.row.values[at] for at in used)), places or line.places)


def _heading(source: GeneralTable, column: int) -> str:
    """The heading, with the unit that only the figures name."""
    heading = _SQUARE_METRES.sub("m²", source.columns[column].heading.value)
    units = {unit for row in source.rows if (unit := unit_of(row.cells[column].text))}
    unit = _SQUARE_METRES.sub("m²", next(iter(units))) if len(units) == 1 else ""
    return f"{heading} ({unit})".strip() if unit and fold(unit) not in fold(heading).split() else heading


def _is_turned(table: ProgrammeTable, rows: list[ProgrammeTableRow]) -> bool:
    """Whether staff classes stand where this kind of table has its categories."""
    if any(row.note or row.subtotal for row in rows):
        return False
    in_rows = any(staff_class(row.label) for row in rows)
    in_columns = any(staff_class(column) for column in table.columns)
    if table.kind in CLASSES_IN_COLUMNS:
        return in_rows and not in_columns and len(rows) <= MOST_COLUMNS
    return table.kind == "staff_by_cadre" and in_columns and not in_rows and len(rows) == 1


def _turned(headings: tuple[str, ...], lines: list[_Line]) -> tuple[tuple[str, ...], list[_Line]]:
    turned = [
        _Line(
            ProgrammeTableRow(heading, tuple(line.row.values[at] for line in lines)),
            tuple(line.places[at] for line in lines),
        )
        for at, heading in enumerate(headings)
    ]
    return tuple(line.row.label for line in lines), turned
