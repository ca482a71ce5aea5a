"""Holds what the formula engine computed in the laid-out workbook against what consolidation summed in whole kuruş."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from kars_xl.catalogue import finding
from kars_xl.grid.cells import Cell, Grid, Sheet
from kars_xl.model import Activity, Costs, Finding, Place, Programme
from kars_xl.money import exact, format_tl
from kars_xl.recognise import recognise
from kars_xl.tables import Amount, AmountRow, CostTable, Document, ResourceMatrix, SummaryTable, TargetTable
from kars_xl.template import Layout

_FAILED = "HATA"
_DIGITS = 15

# A comparison: what the figure is, the figure as laid out, and what it must be (kuruş).
Comparison = tuple[str, Amount | None, int]


def laid_out_grid(layout: Layout, file: str) -> Grid:
    """The evaluated layout as the grid that a reader of the written workbook would see."""
    sheets = []
    for laid in layout.sheets:
        sheet = Sheet(file, laid.name)
        for (row, column), cell in laid.cells.items():
            value = cell.value
            if value is None or value == "":
                continue
            if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
                value = exact(value)
            if not isinstance(value, str | Decimal | bool):
                value = str(value)
            number_format = str(layout.styles[cell.style].get("num_format", "General"))
            formula = cell.formula.lstrip("=") if cell.formula else None
            sheet.cells[row, column] = Cell(file, laid.name, row, column, value, formula, number_format)
        sheets.append(sheet)
    return Grid(file, sheets)


def verify(layout: Layout, programme: Programme, file: str) -> list[Finding]:
    """KX504 for each figure that differs, each activity that a table lacks, each failed live check."""
    grid = laid_out_grid(layout, file)
    document = recognise(grid)
    found = []
    for what, amount, expected in _comparisons(document, programme):
        if amount is not None and not _same(amount.kurus, expected):
            shown = format_tl(amount.kurus)
            found.append(finding("KX504", amount.place, key=what, what=what, found=shown, expected=format_tl(expected)))
    return found + _incomplete(document, programme) + _failed_checks(grid)


def _same(found: int | None, expected: int) -> bool:
    """Equal to the kuruş; of figures over 15 digits, which a spreadsheet can't hold, equal in the first 15."""
    beyond = len(str(abs(expected))) - _DIGITS
    return found is not None and abs(found - expected) <= (10**beyond if beyond > 0 else 0)


def _comparisons(document: Document, programme: Programme) -> Iterator[Comparison]:
    activities = {activity.code: activity for activity in programme.activities}
    targets = {target.code: target.costs for target in programme.targets}
    for table in document.tables:
        if isinstance(table, CostTable):
            yield from _cost_table(table, activities)
        elif isinstance(table, TargetTable):
            code = table.heading.codes.get("target", "")
            for row in table.activities:
                yield from _amount_row(row.code, row.amounts, _costs(activities.get(row.code)))
            for label, row_amounts in table.totals.items():
                if code in targets:
                    yield from _amount_row(f"PH {code} {label}", row_amounts, targets[code])
        elif isinstance(table, SummaryTable):
            for summary in table.rows:
                yield from _amount_row(summary.code, summary.amounts, _costs(activities.get(summary.code)))
            totals = _totals(programme)
            for label, summary in table.totals.items():
                yield from _amount_row(label, summary.amounts, totals[label])
        elif isinstance(table, ResourceMatrix):
            yield from _matrix(table, programme)


def _costs(activity: Activity | None) -> Costs:
    return activity.costs or Costs() if activity else Costs()


def _totals(programme: Programme) -> dict[str, Costs]:
    general, transfers = programme.general or Costs(), programme.transfers or Costs()
    activities = programme.activity_costs
    return {
        "activities_total": activities,
        "general": general,
        "transfers": transfers,
        "grand_total": activities + general + transfers,
    }


def _cost_table(table: CostTable, activities: dict[str, Activity]) -> Iterator[Comparison]:
    code = table.heading.codes.get("activity_name", "")
    costs = _costs(activities.get(code))
    for number, amount in table.budget.items():
        yield f"{code} / {number}", amount, costs.budget[number - 1]
    for index, amount in table.extra.items():
        yield f"{code} / bütçe dışı {index + 1}", amount, costs.extra[index]
    expected = {"budget_total": costs.budget_total, "extra_total": costs.extra_total, "need_total": costs.total}
    for label, amount in table.totals.items():
        yield f"{code} {label}", amount, expected[label]


def _amount_row(what: str, row: AmountRow, costs: Costs) -> Iterator[Comparison]:
    yield f"{what} bütçe", row.budget, costs.budget_total
    yield f"{what} bütçe dışı", row.extra, costs.extra_total
    yield f"{what} toplam", row.total, costs.total


def _matrix(table: ResourceMatrix, programme: Programme) -> Iterator[Comparison]:
    totals = _totals(programme)
    columns = {"activity_column": "activities_total"}
    for name, cells in table.columns.items():
        costs = totals[columns.get(name, name)]
        for key, amount in cells.items():
            yield f"Tablo 11 {name} {key}", amount, _matrix_cell(costs, key)


def _matrix_cell(costs: Costs, key: int | str) -> int:
    if isinstance(key, int):
        return costs.budget[key - 1]
    if key.startswith("source"):
        return costs.extra[int(key[-1])]
    return {"budget_total": costs.budget_total, "extra_total": costs.extra_total, "grand_total": costs.total}[key]


def _incomplete(document: Document, programme: Programme) -> list[Finding]:
    """An activity that a kind of table lacks, though the template has that table."""
    expected = {activity.code for activity in programme.activities}
    shown: dict[str, tuple[Place, set[str]]] = {}
    for table in document.tables:
        if isinstance(table, TargetTable):
            codes = {row.code for row in table.activities}
        elif isinstance(table, CostTable):
            codes = {table.heading.codes.get("activity_name", "")}
        elif isinstance(table, SummaryTable):
            codes = {row.code for row in table.rows}
        else:
            continue
        shown.setdefault(type(table).__name__, (table.place, set()))[1].update(codes)
    found = []
    for place, codes in shown.values():
        if codes != expected:
            missing = ", ".join(sorted(expected ^ codes)[:5])
            counts = str(len(codes)), str(len(expected))
            found.append(finding("KX504", place, key=missing, what=missing, found=counts[0], expected=counts[1]))
    return found


def _failed_checks(grid: Grid) -> list[Finding]:
    """The template's own live checks must not say that the workbook is wrong."""
    return [
        finding("KX504", cell.place, what="canlı denetim", found=_FAILED, expected="TAMAM")
        for sheet in grid.sheets
        for cell in sheet.cells.values()
        if cell.formula is not None and cell.value == _FAILED
    ]
