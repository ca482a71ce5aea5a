"""Who is responsible for an activity, in the cost tables and in the list of units (KX304)."""

from __future__ import annotations

from collections.abc import Iterator

from kars_xl.checking.book import IN, Book, Entry
from kars_xl.findings.finding import Finding, finding
from kars_xl.model.units import Unit
from kars_xl.reading.tables import Text


def check(book: Book) -> Iterator[Finding]:
    """KX304 where both tables name a unit and they are not the same."""
    for entry in book.entries.values():
        given = units_of_costs(entry)
        for row in entry.responsibles:
            listed = units_in(row.unit)
            if given and listed and listed != {unit for text in given for unit in units_in(text)}:
                yield finding(
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


def units_of_costs(entry: Entry) -> list[Text]:
    """The units that the activity's cost tables name, blank ones left out."""
    texts = [table.heading.texts.get("responsible") for table in entry.costs]
    return [text for text in texts if text is not None and text.value]


def units_in(text: Text) -> set[Unit]:
    """The units that a text names."""
    return set(Unit(text.value).parts)


def _line(text: str) -> str:
    return "“" + ", ".join(map(str, Unit(text).parts)) + "”"
