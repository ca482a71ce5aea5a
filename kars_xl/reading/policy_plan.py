"""Reads from the plan what the office keeps there of policies: a list of tasks, and mission, vision and principles."""

from __future__ import annotations

from collections.abc import Sequence

from kars_xl.base.text import fold, tidy
from kars_xl.findings.catalogue import finding
from kars_xl.findings.finding import Finding
from kars_xl.model.policies import PolicyTask, Purpose
from kars_xl.reading.grid.cells import Grid, ListRow

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
        if listed := sheet.listed(_COLUMNS, {"document", "text"}):
            tasks += _tasks(listed, findings)
            continue
        for row in sheet.rows():
            name = _PURPOSE.get(fold(row[0].text))
            if name and len(row) > 1:
                given.setdefault(name, [line for line in map(tidy, row[1].text.splitlines()) if line])
    mission, vision = (" ".join(given.get(name, ())) for name in ("mission", "vision"))
    return Purpose(mission, vision, tuple(given.get("principles", ()))), tuple(tasks), findings


def _tasks(rows: Sequence[ListRow], findings: list[Finding]) -> list[PolicyTask]:
    """A sheet's rows. A blank document is that of the row above; a blank section is none."""
    tasks: list[PolicyTask] = []
    for row in rows:
        document = row.text("document") or (tasks[-1].document if tasks else "")
        if not any(map(row.text, row.cells)):
            continue
        if document and row.text("text"):
            tasks.append(PolicyTask(document, row.text("section"), row.text("reference"), row.text("text")))
        else:
            what = "Üst Politika Belgeleri satırında " + ("verilen görev" if document else "belgenin adı")
            findings.append(finding("KX101", row.first.place, what=what, blank="satırı silin, yoksa eksik metni"))
    return tasks
