"""Codes for target tables that have none: told by the wording of other tables, else by position; never by guess."""

from collections import defaultdict

from kars_xl.base.text import parent_code, squeeze
from kars_xl.findings.finding import finding
from kars_xl.reading.tables import Document, TargetTable

_Codes = dict[str, set[str]]  # by the wordings that they stand with elsewhere in the document


def give_codes(document: Document) -> None:
    """Codes the rows of all tables without codes: KX219 once; KX317 where the target can't be told: no rows then."""
    lacking = [table for table in document.targets if "" in table.codes]
    if not lacking:
        return
    activities, targets = _known(document)
    taken = {parent_code(code) for table in document.targets for code in table.codes}
    given = []
    for table in lacking:
        if _give(table, activities, targets, taken):
            given.append(table.place)
        else:
            name = table.heading.text("target") or table.heading.text("objective")
            document.findings.append(finding("KX317", table.place, table="PHT", found=name or "adı yok"))
            table.indicators, table.activities, table.totals = [], [], {}
    if given:
        document.findings.append(finding("KX219", given[0], table="PHT", related=given[1:], count=str(len(given))))


def _known(document: Document) -> tuple[_Codes, _Codes]:
    activities, targets = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
    named = [(row.name.value, row.code) for table in document.summaries for row in table.rows]
    named += [(row.activity.value, row.code) for table in document.responsibilities for row in table.rows]
    headings = [cost.heading for cost in document.costs]
    named += [(heading.text("activity_name"), heading.codes.get("activity_name", "")) for heading in headings]
    for name, code in named:
        if code and name:
            activities[squeeze(name)].add(code)
    for line in document.goals:
        if line.kind == "objective":
            targets[squeeze(line.text.value)].add(line.code)
    return activities, targets


def _give(table: TargetTable, activities: _Codes, targets: _Codes, taken: set[str]) -> bool:
    """Codes one table; False where its target can't be told, or is another table's."""
    codes = [activities.get(squeeze(row.name.value), set()) for row in table.activities]
    told = [next(iter(found)) if len(found) == 1 else "" for found in codes]
    heading = table.heading
    parents = {parent_code(code) for code in told if code}
    labels = ("target", "objective")
    parents = parents or {code for label in labels if (code := heading.codes.get(label))}
    if not parents:
        texts = [squeeze(text) for label in labels if (text := heading.text(label))]
        parents = next((found for text in texts if (found := targets.get(text))), set())
    if len(parents) != 1 or parents & taken:
        return False
    (target,) = parents
    own = [code or f"F.{target}.{number}" for number, code in enumerate(told, start=1)]
    if len(set(own)) < len(own):
        return False
    taken.add(target)
    heading.codes.setdefault("target", target)
    table.activities = [row._replace(code=code) for row, code in zip(table.activities, own, strict=True)]
    table.indicators = [row._replace(code=f"PG.{target}.{number}") for number, row in enumerate(table.indicators, 1)]
    return True
