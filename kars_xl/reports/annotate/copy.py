"""One workbook with its findings on it, as the bytes of a new file, and what that copy lacks."""

from __future__ import annotations

import datetime as dt
import re
import warnings
import zipfile
from collections.abc import Sequence
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
from openpyxl.cell.cell import MergedCell

from kars_xl.base.place import Place
from kars_xl.findings.catalogue import finding
from kars_xl.findings.finding import Finding
from kars_xl.reading.grid import Grid
from kars_xl.reports.annotate.listing import add_list, remove_list
from kars_xl.reports.annotate.mark import lines_of, mark, unmark
from kars_xl.reports.annotate.repack import repack, results_of, saved

# A time for properties that the clerk's file does not state; "now" would make every copy another one.
_FIXED_TIME = dt.datetime(2000, 1, 1)
_CORE = "docProps/core.xml"
_DRAWING = re.compile(r"xl/drawings/[^/]+\.xml")
_VML = re.compile(r"xl/drawings/[^/]+\.vml", re.IGNORECASE)
# Newer objects carry a stand-in for old programs, which is no object of its own.
_FALLBACK = re.compile(rb"<mc:Fallback\b.*?</mc:Fallback>", re.DOTALL)
_OBJECT = re.compile(rb"<(?:\w+:)?(pic|sp|cxnSp|graphicFrame)[\s>]")
_CONTROL = re.compile(rb"ObjectType=\"(?!Note\")")
_HEADER_PICTURE = re.compile(rb"<(?:\w+:)?imagedata\b")
# openpyxl says in these words what it drops of a sheet's extensions.
_EXTENSIONS = {
    "Conditional Formatting extension": "koşullu biçim",
    "Data Validation extension": "veri doğrulama",
    "Sparkline Group extension": "mini grafik",
    "Slicer List extension": "dilimleyici",
    "Timeline Ref extension": "zaman çizelgesi",
}
_PARTS = (
    ("xl/embeddings/", "gömülü nesne"),
    ("xl/threadedComments/", "yazışma (notu kalır)"),
    ("xl/ctrlProps/", "form denetimi"),
    ("xl/activeX/", "form denetimi"),
    ("xl/queryTables/", "sorgu bağlantısı"),
    ("_xmlsignatures/", "sayısal imza"),
)


class NotCopied(Exception):
    """openpyxl can't carry this workbook over."""


def annotated_copy(
    grid: Grid, data: bytes, name: str, findings: Sequence[Finding], *, macros: bool
) -> tuple[bytes, tuple[Finding, ...]]:
    """The bytes of the marked copy, and the finding (KX005) about what it lacks, if it lacks anything.

    `grid` is the same file as read, `name` what the list calls it, `macros` whether the copy may keep them.
    """
    try:
        book, lost = _load(data, macros)
    except Exception as error:  # openpyxl meets what it does not know with whatever its parser stumbles over
        raise NotCopied(str(error)) from error
    try:
        return _marked(book, lost, grid, name, findings)
    finally:
        if book.vba_archive is not None:
            book.vba_archive.close()  # openpyxl leaves it open, and Python then complains at whatever moment


def _marked(
    book: Any, lost: tuple[str, ...], grid: Grid, name: str, findings: Sequence[Finding]
) -> tuple[bytes, tuple[Finding, ...]]:
    covered = _restore(book, grid)
    remove_list(book)
    unmark(book)
    if covered:
        lost += ("birleşik hücrenin altında kalan değer",)
    about = (finding("KX005", Place(grid.file), what=f"{', '.join(lost)} (işaretli kopyada yok)"),) if lost else ()
    lines = lines_of(grid.file, (*findings, *about))
    mark(book, lines)
    add_list(book, name, lines)
    book.calculation.fullCalcOnLoad = True
    book.template = False
    modified = book.properties.modified
    data = saved(book)
    sheets = [sheet.title for sheet in book.worksheets]
    return repack(data, sheets, results_of(grid), modified), about


def _load(data: bytes, macros: bool) -> tuple[Any, tuple[str, ...]]:
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        book = openpyxl.load_workbook(BytesIO(data), keep_vba=macros, rich_text=True)
    with zipfile.ZipFile(BytesIO(data)) as package:
        stated = package.read(_CORE) if _CORE in package.namelist() else b""
        lost = _losses(package, book, [str(warning.message) for warning in said], macros=macros)
    if b"created>" not in stated:
        book.properties.created = _FIXED_TIME
    if b"modified>" not in stated:
        book.properties.modified = _FIXED_TIME
    return book, lost


def _restore(book: Any, grid: Grid) -> bool:
    """Gives numbers with a date's format back as numbers; True where values under merged cells could not be kept.

    openpyxl would turn an amount that is no date into #DEĞER!, and a merged area holds but one value. Raises NotCopied
    where a cell did not come over at all: openpyxl sees nothing in a workbook of the strict kind, and says nothing.
    """
    covered = False
    for sheet in grid.sheets:
        cells = book[sheet.name]._cells if sheet.name in book.sheetnames else {}
        for at, cell in sheet.cells.items():
            target = cells.get(at)
            if isinstance(target, MergedCell):
                covered = True
            elif target is None or target.value is None:
                raise NotCopied(f"{sheet.name}!{cell.place.cell}")
            elif cell.is_date and cell.formula is None and isinstance(cell.value, Decimal):
                whole = cell.value == cell.value.to_integral_value()
                target.value = int(cell.value) if whole else float(cell.value)
    return covered


def _losses(package: zipfile.ZipFile, book: Any, said: Sequence[str], *, macros: bool) -> tuple[str, ...]:
    """What openpyxl's copy lacks of the package, in Turkish, each kind once.

    `said` is what openpyxl said on loading, `macros` that it keeps them.
    """
    names = package.namelist()
    found: list[str] = []
    if not macros and any(name.endswith("vbaProject.bin") for name in names):
        found.append("makro")
    objects = [
        match[1].decode()
        for name in names
        if _DRAWING.fullmatch(name)
        for match in _OBJECT.finditer(_FALLBACK.sub(b"", package.read(name)))
    ]
    sheets = [*book.worksheets, *book.chartsheets]
    if objects.count("pic") > sum(len(sheet._images) for sheet in sheets):
        found.append("resim")
    if objects.count("graphicFrame") > sum(len(sheet._charts) for sheet in sheets):
        found.append("grafik")
    if "sp" in objects or "cxnSp" in objects:
        found.append("şekil")
    vml = [package.read(name) for name in names if _VML.fullmatch(name)]
    if not macros and any(_CONTROL.search(part) for part in vml):
        found.append("form denetimi")
    if any(_HEADER_PICTURE.search(part) for part in vml):
        found.append("üst ve alt bilgideki resim")
    found += [what for folder, what in _PARTS if any(name.startswith(folder) for name in names)]
    found += [what for start, what in _EXTENSIONS.items() if any(words.startswith(start) for words in said)]
    return tuple(dict.fromkeys(found))
