"""What LibreOffice printed, read back page by page."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from pypdf import PdfReader

from kars_xl.reports.book.office import find_office, to_pdf
from tests.helpers.oracles import not_there


@dataclass(frozen=True)
class Mark:
    """A bookmark of a table: the page that it leads to, from 0, and how many points above its foot."""

    title: str
    page: int
    top: float


@dataclass(frozen=True)
class Section:
    """A bookmark of a sheet with those below it."""

    title: str
    first: int
    marks: tuple[Mark, ...]


@dataclass
class Booklet:
    path: Path

    @cached_property
    def pages(self) -> list[str]:
        """The texts of the pages as poppler, another reader than the export's own, sees them."""
        if shutil.which("pdftotext") is None:
            not_there("pdftotext (poppler-utils) is not installed")
        command = ["pdftotext", "-enc", "UTF-8", "-layout", str(self.path), "-"]
        text = subprocess.run(command, capture_output=True, check=True).stdout.decode()
        pages = ["\n".join(line.strip() for line in page.splitlines()) for page in text.split("\f")]
        return pages[:-1]

    @cached_property
    def sections(self) -> list[Section]:
        reader = PdfReader(self.path)
        found: list[Section] = []
        for item in reader.outline:
            if isinstance(item, list):
                marks = tuple(Mark(str(one.title), _page(reader, one), float(one.top)) for one in item)
                found[-1] = Section(found[-1].title, found[-1].first, marks)
            else:
                found.append(Section(str(item.title), _page(reader, item), ()))
        return found

    @cached_property
    def sizes(self) -> list[tuple[int, int]]:
        """Width and height of each page in points."""
        boxes = [page.mediabox for page in PdfReader(self.path).pages]
        return [(round(box.width), round(box.height)) for box in boxes]


def _page(reader: PdfReader, item: Any) -> int:
    page = reader.get_destination_page_number(item)
    assert page is not None
    return page


def booklet_of(workbook: Path, folder: Path) -> Booklet:
    """The workbook as it is printed, in `folder`."""
    if find_office() is None:
        not_there("LibreOffice (soffice) is not installed")
    return Booklet(to_pdf(workbook, folder))
