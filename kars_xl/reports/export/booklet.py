"""The PDF as LibreOffice made it becomes the booklet: bookmarks of its tables too, its language and title."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import Destination, Fit, NameObject, TextStringObject

from kars_xl.base.place import Place
from kars_xl.reading.grid import Grid, Sheet
from kars_xl.reading.tables import Document, Heading

_LANGUAGE = "tr-TR"
_ABOVE = 18.0  # points from a text's base line to where the page is scrolled to


def booklet(pdf: Path, marks: Sequence[Mark], title: str) -> bytes:
    """The finished PDF; `marks` come under their sheet's bookmark, `title` is for a workbook that has none."""
    reader = PdfReader(pdf)
    writer = PdfWriter(clone_from=reader)
    writer.pdf_header = reader.pdf_header
    root: Any = writer.root_object
    root.pop("/Outlines", None)
    for sheet, pages in _sections(reader):
        own = [mark for mark in marks if mark.sheet == sheet]
        above = writer.add_outline_item(title=sheet, page_number=pages.start, is_open=False)
        for mark, page, top in _places(reader, pages, own):
            writer.add_outline_item(title=mark.title, page_number=page, parent=above, fit=Fit.xyz(top=top))
    root[NameObject("/Lang")] = TextStringObject(_LANGUAGE)
    if not (reader.metadata and reader.metadata.title):
        writer.add_metadata({"/Title": title})
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def _sections(reader: PdfReader) -> list[tuple[str, range]]:
    """The sheets and their pages from 0, as LibreOffice marked them; one without printed pages has no mark."""
    items = [item for item in reader.outline if isinstance(item, Destination)]
    starts = [(str(item.title), reader.get_destination_page_number(item)) for item in items]
    known = [(title, page) for title, page in starts if page is not None]
    ends = [page for _, page in known[1:]] + [len(reader.pages)]
    return [(title, range(page, end)) for (title, page), end in zip(known, ends, strict=True)]


def _places(reader: PdfReader, pages: range, marks: Sequence[Mark]) -> Iterator[tuple[Mark, int, float]]:
    """Each mark's page and height on it. They stand in order, so each is sought from the last one's page on."""
    texts: dict[int, _PageText] = {}
    for mark in marks:
        for number in pages:
            if number not in texts:
                texts[number] = _PageText(reader.pages[number])
            top = texts[number].height_of(mark)
            if top is not None:
                yield mark, number, top + _ABOVE
                pages = range(number, pages.stop)
                break


class _PageText:
    """The text of a page, and at which height (points from below) each part of it stands."""

    def __init__(self, page: PageObject) -> None:
        self.text = ""
        self._heights: list[tuple[int, float]] = []
        page.extract_text(visitor_text=self._take)

    def _take(self, text: str, matrix: list[float], place: list[float], *_: Any) -> None:
        self._heights.append((len(self.text), place[4] * matrix[1] + place[5] * matrix[3] + matrix[5]))
        self.text += text

    def height_of(self, mark: Mark) -> float | None:
        """Where the mark's table begins; None where it is not on this page."""
        own = next(self._find(mark.beside), None)
        if own is None:
            return None
        return min((height for height in self._find(mark.opening) if height >= own), default=own)

    def _find(self, cell: str) -> Iterator[float]:
        """The heights at which a cell's text stands, however its lines are broken, but not within a longer code."""
        words = r"\s+".join(map(re.escape, cell.split()))
        for match in re.finditer(rf"(?<![\w.]){words}(?!\w|\.\w)", self.text) if words else ():
            yield next(height for start, height in reversed(self._heights) if start <= match.start())


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
