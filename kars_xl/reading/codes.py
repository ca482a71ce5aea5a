"""Codes for target tables that have none: told by the wording of other tables, else by position; never by guess."""

from __future__ import annotations

from collections import defaultdict

from msgspec import Struct, field

from kars_xl.base.text import parent_code, squeeze
from kars_xl.findings.finding import finding
from kars_xl.reading.tables import Document, TargetTable


class _Known(Struct):
    """The codes that a wording stands with elsewhere in the document, of activities and of targets."""

    activities: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    targets: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))


def give_codes(document: Document) -> None:
    """Codes the rows of all tables without codes: KX219 once; KX317 for a table whose target can't be told.

    The rows of such a table are left out.
    """
    lacking = [table for table in document.targets if "" in table.codes]
    if not lacking:
        return
    known = _known(document)
    taken = {parent_code(code) for table in document.targets for code in table.codes}
    given = [table for table in lacking if _give(table, known, taken)]
    for table in (table for table in lacking if table not in given):
        name = table.heading.text("target") or table.heading.text("objective")
        document.findings.append(finding("KX317", table.place, table="PHT", found=name or "adı yok"))
        table.indicators.clear()
        table.activities.clear()
        table.totals.clear()
    if given:
        places = [table.place for table in given]
        said = finding("KX219", places[0], table="PHT", related=places[1:], count=str(len(given)))
        document.findings.append(said)


def _known(document: Document) -> _Known:
    known = _Known()
    named = [(row.name, row.code) for table in document.summaries for row in table.rows]
    named += [(row.activity, row.code) for table in document.responsibilities for row in table.rows]
    for cost in document.costs:
        if (name := cost.heading.texts.get("activity_name")) and "activity_name" in cost.heading.codes:
            named.append((name, cost.heading.codes["activity_name"]))
    for name, code in named:
        if code and name.value:
            known.activities[squeeze(name.value)].add(code)
    for line in document.goals:
        if line.kind == "objective":
            known.targets[squeeze(line.text.value)].add(line.code)
    return known


def _give(table: TargetTable, known: _Known, taken: set[str]) -> bool:
    """Codes one table; False where its target can't be told, or is another table's."""
    codes = [known.activities.get(squeeze(row.name.value), set()) for row in table.activities]
    told = [next(iter(found)) if len(found) == 1 else "" for found in codes]
    heading = table.heading
    parents = {parent_code(code) for code in told if code}
    if not parents:
        parents = {code for label in ("target", "objective") if (code := heading.codes.get(label))}
    if not parents:
        texts = [squeeze(text) for label in ("target", "objective") if (text := heading.text(label))]
        parents = next((found for text in texts if (found := known.targets.get(text))), set())
    if len(parents) != 1 or parents & taken:
        return False
    (target,) = parents
    activities = [code or f"F.{target}.{number}" for number, code in enumerate(told, start=1)]
    if len(set(activities)) < len(activities):
        return False
    taken.add(target)
    heading.codes.setdefault("target", target)
    table.activities = [row._replace(code=code) for row, code in zip(table.activities, activities, strict=True)]
    table.indicators = [row._replace(code=f"PG.{target}.{number}") for number, row in enumerate(table.indicators, 1)]
    return True
