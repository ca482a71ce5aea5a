"""Whose an activity and its money are: under which target it stands (KX305), which units are responsible (KX304); and
headings, codes, units and files that point to different known things (KX313)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kars_xl.base.file_names import file_stem
from kars_xl.base.text import code_key, parent_code
from kars_xl.checking.book import IN, Book, Entry
from kars_xl.checking.tables.wording import THINGS, another
from kars_xl.findings.finding import Finding, finding
from kars_xl.merging.notes import planned_names
from kars_xl.merging.tables import goal_code, objective_code, target_code
from kars_xl.model.units import NO_UNIT, Unit, Units
from kars_xl.reading.tables import CostTable, TargetTable, Text


def check_targets(book: Book) -> Iterator[Finding]:
    """KX305: an activity in two targets' tables, a code of another target, another target named beside it. Of the last
    two a merge makes nothing: it goes by the target's table."""
    above = _targets_above(book)
    for entry in book.entries.values():
        parent = parent_code(entry.code)
        if entry.target and parent != entry.target and parent in book.target_names:
            table, row = entry.targets[0]
            # Where all codes are of another target, the table's heading is wrong (KX208).
            if any(parent_code(code) == entry.target for code in table.codes):
                yield _under(entry, "PHT", row.name, f"{IN['PHT']} {entry.target}, koduna göre {parent}")
        for code, name in {target_code(table): row.name for table, row in reversed(entry.targets[1:])}.items():
            if code not in ("", entry.target):
                yield _under(entry, "PHT", name, f"{entry.target} ve {code}")
        named = [("FMT", table.heading.texts.get("target")) for table in entry.costs]
        named += [("İPT", row.target) for row in entry.summaries]
        named += [("SHB", above[id(row)]) for row in entry.responsibles]
        for where, text in named:
            if text is not None and text.value and (other := another(text.value, entry.target, book.target_wordings)):
                yield _under(entry, where, text, f"{IN[where]} {other}, {IN['PHT']} {entry.target}")


def _targets_above(book: Book) -> dict[int, Text]:
    """The target of each row of the lists of units: the cell beside it, else the last one above. Where most names stand
    lower than their first row (centred in a merged cell), only what stands beside counts."""
    own = {id(row): entry.target for entry in book.entries.values() for row in entry.responsibles}
    found: dict[int, Text] = {}
    for table in book.responsibilities:
        rows, last, late = {}, "", 0
        for before, row in zip((None, *table.rows), table.rows, strict=False):
            last = row.target.value or last
            rows[id(row)] = Text(last, row.target.place)
            starts = before is None or own.get(id(row)) != own.get(id(before))
            late += starts and not row.target.value
        centred = 2 * late > sum(bool(row.target.value) for row in table.rows)
        found |= {id(row): row.target for row in table.rows} if centred else rows
    return found


def _under(entry: Entry, table: str, text: Text, found: str) -> Finding:
    return finding("KX305", text.place, table=table, key=entry.code, label=entry.name, found=found)


def check_units(book: Book) -> Iterator[Finding]:
    """KX304 where both tables name a unit and they are not the same."""
    for entry in book.entries.values():
        given = units_of_costs(entry)
        costs = "\n".join(text.value for text in given)
        for row in entry.responsibles:
            if given and {*Unit(row.unit.value).parts} not in (set(), {*Unit(costs).parts}):
                facts: Any = {"label": entry.name, "related": [text.place for text in given]}
                facts["values"] = [("found", row.unit.value), ("expected", costs.replace("\n", "; "))]
                facts["found"] = f"{IN['SHB']} {_quoted(row.unit.value)}"
                facts["expected"] = f"{IN['FMT']} {_quoted(costs)}"
                yield finding("KX304", row.unit.place, table="SHB", key=entry.code, **facts)


def units_of_costs(entry: Entry) -> list[Text]:
    """The units that the activity's cost tables name, blank ones left out."""
    texts = [table.heading.texts.get("responsible") for table in entry.costs]
    return [text for text in texts if text is not None and text.value]


def units_in(text: Text) -> set[Unit]:
    """The units that a text names."""
    return set(Unit(text.value).parts)


def _quoted(text: str) -> str:
    return "“" + ", ".join(map(str, Unit(text).parts)) + "”"


def check_headings(book: Book) -> Iterator[Finding]:
    """A heading with the code of another target, objective or goal than the codes below it."""
    known = {("target", code) for code in book.target_names} | set(planned_names(book.plan))
    above = [(table, *item) for table in book.targets for item in _above(table)]
    fit = [(label, code) for _, label, code, proper in above if code == proper]
    # Without a plan the numbers tell of each other where most tables have them so.
    known.update(fit if 2 * len(fit) > len(above) else ())
    for table, label, code, proper in above:
        if code != proper and {(label, code), (label, proper)} <= known:
            yield _heading(table, label, "PHT", target_code(table), code, proper)
    for entry, cost in book.costed:
        own = entry.target or parent_code(entry.code)
        code = cost.heading.codes.get("target", own)
        # 1.10 that was typed as a number is 1.1.
        if code not in (own, own.rstrip("0")) and {("target", code), ("target", own)} <= known:
            yield _heading(cost, "target", "FMT", entry.code, code, own)


def _above(table: TargetTable) -> Iterator[tuple[str, str, str]]:
    """(label, code, proper code) of what a target's table names: goal and objective by its code, itself by its rows."""
    target = target_code(table)
    objective = objective_code(table, target)
    for label, code, depth in (("goal", goal_code(table, target), 1), ("objective", objective, 2)):
        if label in table.heading.codes and target:
            yield label, code, ".".join(map(str, code_key(target)[:depth]))
    below = {parent_code(row.code) for row in table.activities}
    if len(below) == 1 and objective not in below:
        yield "target", target, below.pop()


def _heading(table: TargetTable | CostTable, label: str, short: str, key: str, code: str, proper: str) -> Finding:
    found, expected = f"başlığında {THINGS[label]} {code}", f"altındaki kodlara göre {proper}"
    facts: Any = {"what": f"{key} tablosu", "found": found, "expected": expected}
    return finding("KX313", table.text(label).place, table=short, key=key, **facts)


def check_senders(book: Book) -> Iterator[Finding]:
    """A form of one known unit under the file name of another, or with a cost table that is another's."""
    for text, key, what, found, expected in _senders(book) if book.recomputed else ():
        facts: Any = {"table": "FMT" if key else "", "key": key, "remedy": "unit"}
        yield finding("KX313", text.place, what=what, found=found, expected=expected, **facts)


def _senders(book: Book) -> Iterator[tuple[Text, str, str, str, str]]:
    """(at, activity, what, what it says, what else says otherwise)."""
    known = Units(book.plan.known if book.plan else [document.unit for document in book.documents])
    files = {file_stem(unit.name): unit for unit in known}
    units = {document.file: known.of(document.unit) for document in book.documents}
    planned = {activity.code: {*activity.units} for activity in book.plan.activities} if book.plan else {}
    listed = {it.file: {row.code for table in it.targets for row in table.activities} for it in book.documents}
    for document in book.documents:
        unit, other = units[document.file], files.get(Path(document.file).stem)
        if unit in known and other and other not in unit.parts:
            yield document.identity["unit"], "", "Form", f"adı {other} formunun", f"Kimlik sayfasında {unit}"
    for entry, cost in book.costed:
        unit, codes = units.get(cost.place.file, NO_UNIT), listed.get(cost.place.file)
        text = cost.text("responsible")
        others, what = units_in(text), f"{entry.code} maliyet tablosu"
        # Of an activity that several units share one may stand for all.
        sharing = planned.get(entry.code) or {units.get(own.place.file, NO_UNIT) for own in entry.costs}
        is_other = any(it in known for it in others) and not others & {*unit.parts}
        if unit in known and is_other and not sharing >= others | {*unit.parts}:
            yield text, entry.code, what, f"sorumlusu {', '.join(map(str, others))}", f"form {unit} formu"
        elif unit in known and codes and entry.targets and entry.code not in codes:
            yield text, entry.code, what, f"{unit} formunda", "faaliyet başka formun hedef tablosunda"
