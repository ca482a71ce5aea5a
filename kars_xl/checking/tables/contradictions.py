"""Whose money it is: headings, codes, units and files that point to different known things (KX313)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kars_xl.base.file_names import file_stem
from kars_xl.base.text import code_key, parent_code
from kars_xl.checking.book import Book
from kars_xl.checking.tables.owners import units_in
from kars_xl.checking.tables.wording import THINGS
from kars_xl.findings.finding import Finding, finding
from kars_xl.merging.notes import planned_names
from kars_xl.merging.tables import goal_code, objective_code, target_code
from kars_xl.model.units import Units
from kars_xl.reading.tables import CostTable, TargetTable, Text


def check_headings(book: Book) -> Iterator[Finding]:
    """A heading with the code of another target, objective or goal than the codes below it."""
    named = list(planned_names(book.plan))
    known = {("target", code) for code in book.target_names} | set(named)
    above = [(table, *item) for table in book.targets for item in _above(table)]
    fit = [(label, code) for _, label, code, proper in above if code == proper]
    # Without a plan the numbers tell of each other where most tables have them so.
    known.update(fit if 2 * len(fit) > len(above) else ())
    for table, label, code, proper in above:
        if code != proper and {(label, code), (label, proper)} <= known:
            yield _heading(table, label, "PHT", target_code(table), code, proper)
    for entry in book.entries.values():
        own = entry.target or parent_code(entry.code)
        for cost in entry.costs:
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
    place = table.heading.texts[label].place if label in table.heading.texts else table.place
    found, expected = f"başlığında {THINGS[label]} {code}", f"altındaki kodlara göre {proper}"
    return finding("KX313", place, table=short, key=key, what=f"{key} tablosu", found=found, expected=expected)


def check_senders(book: Book) -> Iterator[Finding]:
    """A form of one known unit under the file name of another, or with a cost table that is another's."""
    known = Units(book.plan.known if book.plan else [document.unit for document in book.documents])
    files = {file_stem(unit.name): unit for unit in known}
    senders = {document.file: document.unit for document in book.documents}
    planned = {activity.code: {*activity.units} for activity in book.plan.activities} if book.plan else {}
    for document in book.documents if book.recomputed else ():
        unit = known.of(document.unit)
        if unit not in known:
            continue
        if (other := files.get(Path(document.file).stem)) and other not in unit.parts:
            text = document.identity["unit"]
            yield _sender(
                text, key="", what="Form", found=f"adı {other} formunun", expected=f"Kimlik sayfasında {unit}"
            )
        listed = {row.code for table in document.targets for row in table.activities}
        for entry in book.entries.values():
            for cost in (cost for cost in entry.costs if cost.place.file == document.file):
                text = cost.heading.texts.get("responsible") or Text("", cost.place)
                others, what = units_in(text), f"{entry.code} maliyet tablosu"
                # Of an activity that several units share one may stand for all.
                sharing = planned.get(entry.code) or {senders[own.place.file] for own in entry.costs}
                is_other = any(it in known for it in others) and not others & {*unit.parts}
                if is_other and not sharing >= others | {*unit.parts}:
                    names = ", ".join(map(str, others))
                    yield _sender(
                        text, key=entry.code, what=what, found=f"sorumlusu {names}", expected=f"form {unit} formu"
                    )
                elif listed and entry.targets and entry.code not in listed:
                    found = f"{unit} formunda"
                    yield _sender(
                        text, key=entry.code, what=what, found=found, expected="faaliyet başka formun hedef tablosunda"
                    )


def _sender(text: Text, **facts: str) -> Finding:
    return finding("KX313", text.place, table="FMT" if facts["key"] else "", remedy="unit", **facts)  # type: ignore[arg-type]
