"""Reads from the plan what the office keeps there of policies: a list of tasks, and mission, vision and principles."""

from __future__ import annotations

from kars_xl.base.text import fold, tidy
from kars_xl.findings.catalogue import finding
from kars_xl.findings.finding import Finding
from kars_xl.model.policies import PolicyTask, Purpose
from kars_xl.reading.grid.cells import Cell, Grid, Sheet

_COLUMNS = {
    "belge": "document",
    "ust politika belgesi": "document",
    "bolum": "section",
    "referans": "reference",
    "ilgili bolum referans": "reference",
    "verilen gorev ihtiyac": "text",
    "verilen gorev ihtiyaclar": "text",
}
_PURPOSE = {"misyon": "mission", "vizyon": "vision", "ilkeler": "principles"}


def read_policy_plan(grid: Grid) -> tuple[Purpose, tuple[PolicyTask, ...], list[Finding]]:
    """Mission, vision and principles, the tasks, and what is missing in their rows (KX101)."""
    given: dict[str, list[str]] = {}
    tasks: list[PolicyTask] = []
    findings: list[Finding] = []
    for sheet in grid.sheets:
        if columns := _columns(sheet):
            tasks += _tasks(sheet, columns, findings)
            continue
        for row in sheet.rows():
            name = _PURPOSE.get(fold(row[0].text))
            if name and len(row) > 1:
                given.setdefault(name, [line for line in map(tidy, row[1].text.splitlines()) if line])
    mission, vision = (" ".join(given.get(name, ())) for name in ("mission", "vision"))
    return Purpose(mission, vision, tuple(given.get("principles", ()))), tuple(tasks), findings


def _columns(sheet: Sheet) -> dict[int, str]:
    """What each column of the sheet holds, by its first row; {} where it is not the list of tasks."""
    first: list[Cell] = next(sheet.rows(), [])
    columns = {cell.column: _COLUMNS[fold(cell.text)] for cell in first if fold(cell.text) in _COLUMNS}
    return columns if {"document", "text"} <= set(columns.values()) else {}


def _tasks(sheet: Sheet, columns: dict[int, str], findings: list[Finding]) -> list[PolicyTask]:
    """The sheet's rows. A blank document is that of the row above; a blank section is none."""
    tasks: list[PolicyTask] = []
    rows = list(sheet.rows())
    for row in rows[1:]:
        found = {columns[cell.column]: tidy(cell.text) for cell in row if cell.column in columns}
        document = found.get("document") or (tasks[-1].document if tasks else "")
        if not any(found.values()):
            continue
        if document and found.get("text"):
            tasks.append(PolicyTask(document, found.get("section", ""), found.get("reference", ""), found["text"]))
        else:
            what = "Üst Politika Belgeleri satırında " + ("verilen görev" if document else "belgenin adı")
            findings.append(finding("KX101", row[0].place, what=what, blank="satırı silin, yoksa eksik metni"))
    return tasks
