"""Which tables of a workbook get a bookmark of their own, and by which words a page shows that one begins there."""

from __future__ import annotations

from dataclasses import dataclass

from kars_xl.base.place import Place
from kars_xl.reading.grid import Grid, Sheet
from kars_xl.reading.tables import Document, Heading


@dataclass(frozen=True, slots=True)
class Mark:
    """A bookmark: its sheet and title, what stands beside the table's name, and in its first cell (texts of cells)."""

    sheet: str
    title: str
    beside: str
    opening: str


def marks(document: Document, grid: Grid) -> list[Mark]:
    """The target and cost tables from the first to the last; one whose place can't be told on a page is left out."""
    sheets = {sheet.name: sheet for sheet in grid.sheets}
    order = {name: number for number, name in enumerate(sheets)}
    found = [(table.place, table.heading, "target") for table in document.targets]
    found += [(table.place, table.heading, "activity_name") for table in document.costs]
    found.sort(key=lambda item: (order[item[0].sheet], item[0].row))
    made = (_mark(sheets[place.sheet], place, heading, label) for place, heading, label in found)
    return [mark for mark in made if mark is not None]


def _mark(sheet: Sheet, start: Place, heading: Heading, label: str) -> Mark | None:
    named = heading.texts.get(label)
    if named is None or not named.value:
        return None
    row = named.place.row
    columns = sorted(column for at, column in sheet.cells if at == row and column < named.place.column)
    texts = [sheet.cells[row, column].text.strip() for column in columns]
    beside = next((text for text in reversed(texts) if any(map(str.isdigit, text))), "")
    title = " ".join(f"{heading.codes.get(label, '')} {named.value}".split())
    opening = sheet.cells.get((start.row, start.column))
    return Mark(sheet.name, title, beside, opening.text if opening else "") if beside else None
