"""Whose an activity is: under which target it stands (KX305), which units are responsible (KX304)."""

from collections.abc import Iterator
from typing import Any

from kars_xl.base.text import parent_code
from kars_xl.checking.book import IN, Book, Entry
from kars_xl.checking.tables.wording import another
from kars_xl.findings.finding import Finding, finding
from kars_xl.merging.tables import target_code
from kars_xl.model.units import Unit
from kars_xl.reading.tables import Text


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
