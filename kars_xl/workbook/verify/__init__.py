"""Holds the laid-out, evaluated workbook against what consolidation made: in whole kuruş, word by word.

The workbook is read back by the recogniser, as any reader would; what differs is said at the template's cell.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from kars_xl.base.money import exact
from kars_xl.base.place import Place
from kars_xl.findings.finding import Finding, finding
from kars_xl.model.cost_rows import COST_TABLE_TOTALS
from kars_xl.model.programme import Programme
from kars_xl.reading.general.kinds import KINDS
from kars_xl.reading.grid.cells import Cell, Sheet
from kars_xl.reading.recognise import take_sheets
from kars_xl.reading.tables import CostTable, Document, ResourceMatrix, ResponsibilityTable, SummaryTable, TargetTable
from kars_xl.template.laid import LaidSheet, Layout
from kars_xl.workbook.verify.figures import (
    Difference,
    explain,
    general_table_differences,
    missing_tables,
    table_differences,
)
from kars_xl.workbook.verify.probe import probe_programme

__all__ = ["probe_programme", "trial", "try_out", "verify"]

_FAILED = "HATA"
_TABLES = {
    TargetTable: "Performans Hedefi Tablosu",
    CostTable: "Faaliyet Maliyetleri Tablosu",
    SummaryTable: "İdare Performans Tablosu",
    ResourceMatrix: "Toplam Kaynak İhtiyacı",
    ResponsibilityTable: "Harcama Birimleri",
}
_TOTALS = {
    TargetTable: ("grand_total",),
    CostTable: COST_TABLE_TOTALS,
    SummaryTable: ("activities_total", "general", "transfers", "grand_total"),
}


def verify(layout: Layout, programme: Programme, template: str) -> list[Finding]:
    """KX504 for each template cell whose figure or text differs in the output; nothing may be written then."""
    return _differing(_read_back(layout), layout, programme, template)


def trial(template: bytes) -> str:
    """A digest of what trying a template out depends on besides the code: itself, and the kinds of general tables."""
    return hashlib.sha256(template + "\n".join(KINDS).encode()).hexdigest()


def try_out(layout: Layout, programme: Programme, template: str, kinds: Iterable[str]) -> list[Finding]:
    """The same for an output of probe figures; and KX507 for what a reader would not find in it.

    `kinds` are those of the general tables that the real programme has.
    """
    document = _read_back(layout)
    return _differing(document, layout, programme, template) + _unrecognised(document, template, kinds)


def _differing(document: Document, layout: Layout, programme: Programme, template: str) -> list[Finding]:
    differences = [
        *table_differences(document, programme),
        *general_table_differences(document, programme),
        *_incomplete(document, programme),
        *_failed_checks(layout),
    ]
    return explain(layout, template, differences)


def _unrecognised(document: Document, template: str, kinds: Iterable[str]) -> list[Finding]:
    """KX507 (warning) for official tables, and totals of them, that are not there."""
    missing = []
    for kind, name in _TABLES.items():
        tables = [table for table in document.tables if isinstance(table, kind)]
        if not tables:
            missing.append(name)
        elif any(
            label not in table.totals
            for table in tables
            if isinstance(table, TargetTable | CostTable | SummaryTable)
            for label in _TOTALS[kind]
        ):
            missing.append(f"{name} toplam satırı")
    missing += missing_tables(document, kinds)
    return [finding("KX507", Place(template), key=", ".join(missing), what=", ".join(missing))] if missing else []


def _read_back(layout: Layout) -> Document:
    """What a reader of the written workbook would find in it, one sheet after the other."""
    document = Document("", "")
    formats = [str(style.get("num_format", "General")) for style in layout.styles]
    take_sheets(document, (_sheet(laid, formats) for laid in layout.sheets))
    return document


def _sheet(laid: LaidSheet, formats: Sequence[str]) -> Sheet:
    sheet = Sheet("", laid.name)
    for (row, column), cell in laid.cells.items():
        value = cell.value
        if value is None or value == "":
            continue
        if not isinstance(value, str | Decimal | bool):
            value = exact(value) if isinstance(value, float | int) else str(value)
        formula = cell.formula.lstrip("=") if cell.formula else None
        shown = formats[cell.style]
        sheet.cells[row, column] = Cell("", laid.name, row, column, value, formula=formula, number_format=shown)
    return sheet


def _incomplete(document: Document, programme: Programme) -> Iterator[Difference]:
    """An activity that a kind of table lacks, though the template has that table."""
    expected = {activity.code for activity in programme.activities}
    shown: dict[type, list[tuple[Place, list[str]]]] = {
        TargetTable: [(table.place, [row.code for row in table.activities]) for table in document.targets],
        CostTable: [(table.place, [table.heading.codes.get("activity_name", "")]) for table in document.costs],
        SummaryTable: [(table.place, [row.code for row in table.rows]) for table in document.summaries],
    }
    for kind, tables in shown.items():
        codes = {code for _, found in tables for code in found}
        if tables and codes != expected:
            what = f"{_TABLES[kind]}: {', '.join(sorted(expected ^ codes)[:5])}"
            yield Difference(tables[0][0], what, f"{len(codes)} faaliyet", str(len(expected)))


def _failed_checks(layout: Layout) -> Iterator[Difference]:
    """The template's own live checks must not say that the workbook is wrong."""
    for sheet in layout.sheets:
        for (row, column), cell in sheet.cells.items():
            if cell.formula is not None and cell.value == _FAILED:
                yield Difference(Place("", sheet.name, row, column), "canlı denetim", _FAILED, "TAMAM")
