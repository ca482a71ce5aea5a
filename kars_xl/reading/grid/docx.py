"""Reads the tables of a Word file: a sheet per table, and the paragraphs between them as a sheet of their own."""

from __future__ import annotations

import zipfile
from typing import IO

import docx
from docx.document import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.table import Table

from kars_xl.base.atomic import DAMAGED
from kars_xl.reading.grid.cells import Cell, Grid, Sheet, UnreadableFile
from kars_xl.reading.grid.package import DAMAGE, guard, refuse_doctype

# What python-docx says of contents that Word would not write, some of it only where they are asked for.
_WRONG = (PackageNotFoundError, SyntaxError, AttributeError)


def read_docx(path: str, stream: IO[bytes]) -> Grid:
    """The tables in order, rows running on through the document. Raises UnreadableFile (KX001)."""
    try:
        with zipfile.ZipFile(stream) as package:
            guard(package)
            for name in package.namelist():
                if name.endswith((".xml", ".rels")):
                    with package.open(name) as part:
                        refuse_doctype(name, part)
        stream.seek(0)
        sheet = _read(path, docx.Document(stream))
    except (*DAMAGE, *_WRONG) as error:
        raise UnreadableFile("KX001", DAMAGED) from error
    return Grid(path, [sheet])


def _read(path: str, document: Document) -> Sheet:
    sheet = Sheet(path, "")
    row = 0
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            for cells in block.rows:
                row += 1
                seen: set[int] = set()
                for column, cell in enumerate(cells.cells, start=1):
                    # python-docx gives a merged cell once for each column that it covers.
                    if cell.text.strip() and id(cell._tc) not in seen:
                        sheet.cells[row, column] = Cell(path, "", row, column, cell.text.strip())
                    seen.add(id(cell._tc))
        else:
            row += 1
            if block.text.strip():
                sheet.cells[row, 1] = Cell(path, "", row, 1, block.text.strip())
    return sheet
