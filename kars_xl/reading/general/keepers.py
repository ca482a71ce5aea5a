"""The kinds of general tables that a programme carries, in their order, and which units usually keep them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kars_xl.base.text import code_key, fold, sort_key, squeeze
from kars_xl.findings.finding import Finding, finding
from kars_xl.model.general_tables import ProgrammeTable, ProgrammeTableRow
from kars_xl.model.units import NO_UNIT, Unit
from kars_xl.reading.general.blocks import read_cell
from kars_xl.reading.general.kinds import KINDS
from kars_xl.reading.grid.cells import Grid, ListRow

ORDER = tuple(KINDS)
# A form and the workbook have room for so many columns of figures.
MOST_COLUMNS = 6
# Tables whose columns are parts of a whole, so that each row has a total of its own.
CROSS = ("vehicles", "staff_by_unit", "occupancy", "gender", "education", "age", "service")
# Of these the rows are what is counted (levels, ages …) and the columns the classes of staff.
CLASSES_IN_COLUMNS = ("occupancy", "gender", "education", "age", "service")
_PHYSICAL = ("buildings", "vehicles")
_COMPUTING = ("hardware", "software", "systems")
# Words of the names of units that keep such tables, the surest first.
_KEEPERS = {
    **dict.fromkeys(_PHYSICAL, ("destek hizmet", "idari ve mali", "idari isler", "makine ikmal", "emlak", "isletme")),
    **dict.fromkeys(_COMPUTING, ("bilgi islem", "bilgi teknoloji", "bilisim", "destek hizmet")),
}
_STAFF_KEEPERS = ("insan kaynak", "personel", "ozluk", "yazi isleri")


def in_order(tables: Sequence[ProgrammeTable]) -> tuple[ProgrammeTable, ...]:
    """By kind as the official programme has them, then by number and caption."""
    return tuple(
        sorted(tables, key=lambda table: (ORDER.index(table.kind), code_key(table.number), sort_key(table.caption)))
    )


def keeper(kind: str, units: Sequence[Unit]) -> Unit:
    """The unit that by its name keeps such tables; nobody where none or more than one does."""
    for words in _KEEPERS.get(kind, _STAFF_KEEPERS):
        fitting = [unit for unit in units if words in fold(unit.name)]
        if fitting:
            return fitting[0] if len(fitting) == 1 else NO_UNIT
    return NO_UNIT


_TABLES = {
    "no": "number",
    "tablo adi": "caption",
    "tur": "kind",
    "birim": "unit",
    "satir basligi": "heading",
    **{f"sutun {at}": f"column{at}" for at in range(1, MOST_COLUMNS + 1)},
}
_ROWS = {
    "tablo": "table",
    "satir": "label",
    "aciklama": "note",
    "ara toplam": "subtotal",
    **{f"deger {at}": f"value{at}" for at in range(1, MOST_COLUMNS + 1)},
}
_KINDS = {fold(name): kind for kind, name in KINDS.items()}


def read_general_tables(grid: Grid) -> tuple[tuple[ProgrammeTable, ...], list[Finding]]:
    """The tables in their order, and what could not be read; nothing where the plan has no such lists."""
    tables: dict[str, ProgrammeTable] = {}
    findings: list[Finding] = []
    for row in _list(grid, _TABLES, {"number", "caption", "kind", "unit"}):
        caption, number, heading, unit = (row.text(name) for name in ("caption", "number", "heading", "unit"))
        columns = [row.text(f"column{at}") for at in range(1, MOST_COLUMNS + 1)]
        while columns and not columns[-1]:
            columns.pop()
        kind = _KINDS.get(fold(row.text("kind")))
        if kind is None:
            findings.append(finding("KX113", row.first.place, found=row.text("kind") or caption))
            continue
        table = ProgrammeTable(kind, caption, number, heading, tuple(columns), unit=Unit(unit))
        if squeeze(table.title) in tables:
            place = row.first.place
            findings.append(finding("KX208", place, key=table.title, severity="error", found=table.title))
        tables[squeeze(table.title)] = table
    rows: dict[str, list[ProgrammeTableRow]] = {title: [] for title in tables}
    for row in _list(grid, _ROWS, {"table", "label", "value1"}):
        title = squeeze(row.text("table"))
        if title in tables:
            rows[title].append(_row(row, tables[title], findings))
        else:
            findings.append(finding("KX113", row.first.place, found=row.text("table") or row.text("label")))
    found = [replace(table, rows=tuple(rows[title])) for title, table in tables.items()]
    return in_order(found), findings


def _list(grid: Grid, names: dict[str, str], needed: set[str]) -> list[ListRow]:
    """The rows of the first sheet that has these headings, and any row below them."""
    return next(filter(None, (sheet.listed(names, needed) for sheet in grid.sheets)), [])


def _row(row: ListRow, table: ProgrammeTable, findings: list[Finding]) -> ProgrammeTableRow:
    """The row's figures, as many as the table has columns; one that is too much or unreadable is a finding."""
    place, label = row.first.place, row.text("label")
    values = [read_cell(row.cells.get(f"value{at}"), place) for at in range(1, MOST_COLUMNS + 1)]
    for at, read in enumerate(values, start=1):
        if len(read.readings) > 1 or not (read.readings or read.blank):
            findings.append(finding("KX103", read.place, table=table.title, key=label, found=read.text))
        elif read.readings and at > len(table.columns):
            what = f"{table.title} tablosunun {at}. sütununun başlığı"
            findings.append(finding("KX101", read.place, table=table.title, what=what, blank="sütunun adını"))
    if not label:
        what = f"{table.title} satırının adı"
        findings.append(finding("KX101", place, table=table.title, what=what, blank="satırın ne olduğunu"))
    figures = tuple(read.value for read in values[: len(table.columns)])
    return ProgrammeTableRow(label, figures, row.text("note"), fold(row.text("subtotal")) in ("evet", "e", "x"))
