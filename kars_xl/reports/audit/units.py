"""Who is responsible for an activity (KX304) and under which target it stands (KX305), table against table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from rapidfuzz import fuzz

from kars_xl.base.text import parent_code, squeeze
from kars_xl.findings.catalogue import finding
from kars_xl.findings.finding import Finding
from kars_xl.model.units import Unit
from kars_xl.reading.tables import ResponsibilityRow, Text
from kars_xl.reports.audit.book import IN, Book, Entry

_Said = TypeVar("_Said", str, Unit)
_SAME = 95.0
_OTHER = 85.0


def check_units_of(book: Book) -> list[Finding]:
    """KX304 where both tables name a unit and they are not the same."""
    found = []
    for entry in book.entries.values():
        given = units_of_costs(entry)
        for row in entry.responsibles:
            listed = _units(row.unit)
            if given and listed and listed != {unit for text in given for unit in _units(text)}:
                found.append(
                    finding(
                        "KX304",
                        row.unit.place,
                        table="SHB",
                        key=entry.code,
                        label=entry.name,
                        related=[text.place for text in given],
                        values=[("found", row.unit.value), ("expected", "; ".join(text.value for text in given))],
                        found=f"{IN['SHB']} {_line(row.unit.value)}",
                        expected=f"{IN['FMT']} {_line(chr(10).join(text.value for text in given))}",
                    )
                )
    return found


def units_of_costs(entry: Entry) -> list[Text]:
    """The units that the activity's cost tables name, blank ones left out."""
    texts = [table.heading.texts.get("responsible") for table in entry.costs]
    return [text for text in texts if text is not None and text.value]


def slipped_units(book: Book) -> dict[int, list[str]]:
    """Activities in the list of units with their neighbour's unit: that of the row below (+1) or above (-1)."""
    return _slipped(book, lambda row: _units(row.unit), _expected)


def slipped_targets(book: Book) -> dict[int, list[str]]:
    """Activities in the list of units beside which their neighbour's target is named."""

    def named(row: ResponsibilityRow) -> set[str]:
        own = _another(row.target.value, "?", book) if row.target.value else ""
        return {own} if own else set()

    return _slipped(book, named, lambda entry: {entry.target} if entry and entry.target else set())


def _slipped(
    book: Book, said: Callable[[ResponsibilityRow], set[_Said]], right: Callable[[Entry | None], set[_Said]]
) -> dict[int, list[str]]:
    by_row = {id(row): entry for entry in book.entries.values() for row in entry.responsibles}
    found: dict[int, list[str]] = {1: [], -1: []}
    for table in book.responsibilities:
        entries = [by_row.get(id(row)) for row in table.rows]
        expected = [right(entry) for entry in entries]
        for index, (row, entry) in enumerate(zip(table.rows, entries, strict=True)):
            given = said(row)
            if entry is None or not given or not expected[index] or given == expected[index]:
                continue
            for step, codes in found.items():
                if 0 <= index + step < len(expected) and given == expected[index + step]:
                    codes.append(entry.code)
    return found


def _expected(entry: Entry | None) -> set[Unit]:
    return {unit for text in units_of_costs(entry) for unit in _units(text)} if entry else set()


def _units(text: Text) -> set[Unit]:
    return set(Unit(text.value).parts)


def _line(text: str) -> str:
    return "“" + ", ".join(map(str, Unit(text).parts)) + "”"


def check_targets_of(book: Book) -> list[Finding]:
    """KX305: a code of another target, an activity in two targets' tables, another target named beside it."""
    return [found for entry in book.entries.values() for found in _of_entry(entry, book)]


def _of_entry(entry: Entry, book: Book) -> Iterator[Finding]:
    parent = parent_code(entry.code)
    if entry.target and parent != entry.target and parent in book.target_names:
        name = entry.targets[0][1].name
        yield _under(entry, "PHT", name, f"{IN['PHT']} {entry.target}, koduna göre {parent}")
    for table, row in entry.targets[1:]:
        other = table.heading.codes.get("target", "")
        if other and other != entry.target:
            yield _under(entry, "PHT", row.name, f"{entry.target} ve {other}")
    named = [("FMT", table.heading.texts.get("target")) for table in entry.costs]
    named += [("İPT", row.target) for row in entry.summaries] + [("SHB", row.target) for row in entry.responsibles]
    for where, text in named:
        if text is not None and text.value and (other := _another(text.value, entry.target, book)):
            yield _under(entry, where, text, f"{IN[where]} {other}, {IN['PHT']} {entry.target}")


def _another(text: str, own: str, book: Book) -> str:
    """The code of the target that `text` names, where it is clearly another one than the activity's own."""
    wanted = squeeze(text)
    scores = {
        code: max((fuzz.ratio(wanted, squeeze(name.value)) for name in names), default=0.0)
        for code, names in book.target_names.items()
    }
    best = max(scores, key=lambda code: scores[code], default="")
    if not own or not best or best == own or scores[best] < _SAME or scores.get(own, 0.0) > _OTHER:
        return ""
    return best


def _under(entry: Entry, table: str, text: Text, found: str) -> Finding:
    return finding("KX305", text.place, table=table, key=entry.code, label=entry.name, found=found)
