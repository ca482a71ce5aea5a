"""One workbook with its findings on it, as the bytes of a new file, and what that copy lacks."""

from __future__ import annotations

import re
import warnings
import zipfile
from collections import Counter
from collections.abc import Sequence
from contextlib import closing, nullcontext
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
from openpyxl.cell.cell import MergedCell

from kars_xl.base.place import Place
from kars_xl.findings.catalogue import finding
from kars_xl.findings.finding import Finding
from kars_xl.reading.grid import Grid
from kars_xl.reports.annotate.listing import FIXED_TIME, add_list, remove_list
from kars_xl.reports.annotate.mark import lines_of, mark, unmark
from kars_xl.reports.annotate.repack import saved

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
    # openpyxl leaves the archive open, and Python then complains at whatever moment.
    with closing(book.vba_archive) if book.vba_archive else nullcontext():
        if _restore(book, grid):
            lost.append("birleşik hücrenin altında kalan değer")
        remove_list(book)
        unmark(book)
        what = f"{', '.join(lost)} (işaretli kopyada yok)"
        about = (finding("KX005", Place(grid.file), what=what),) if lost else ()
        lines = lines_of(grid.file, (*findings, *about))
        mark(book, lines)
        add_list(book, name, lines)
        book.calculation.fullCalcOnLoad = True
        book.template = False
        return saved(book, grid), about


def _load(data: bytes, macros: bool) -> tuple[Any, list[str]]:
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        book = openpyxl.load_workbook(BytesIO(data), keep_vba=macros, rich_text=True)
    with zipfile.ZipFile(BytesIO(data)) as package:
        stated = package.read(_CORE) if _CORE in package.namelist() else b""
        lost = _losses(package, book, [str(warning.message) for warning in said], macros=macros)
    for name in ("created", "modified"):
        if f"{name}>".encode() not in stated:
            setattr(book.properties, name, FIXED_TIME)
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


def _losses(package: zipfile.ZipFile, book: Any, said: Sequence[str], *, macros: bool) -> list[str]:
    """What openpyxl's copy lacks of the package, in Turkish, each kind once.

    `said` is what openpyxl said on loading, `macros` that it keeps them.
    """
    names = package.namelist()
    drawings = [_FALLBACK.sub(b"", package.read(name)) for name in names if _DRAWING.fullmatch(name)]
    objects = Counter(kind.decode() for part in drawings for kind in _OBJECT.findall(part))
    vml = b"".join(package.read(name) for name in names if _VML.fullmatch(name))
    sheets = [*book.worksheets, *book.chartsheets]
    gone = [
        ("makro", not macros and any(name.endswith("vbaProject.bin") for name in names)),
        ("resim", objects["pic"] > sum(len(sheet._images) for sheet in sheets)),
        ("grafik", objects["graphicFrame"] > sum(len(sheet._charts) for sheet in sheets)),
        ("şekil", objects["sp"] + objects["cxnSp"] > 0),
        ("form denetimi", not macros and _CONTROL.search(vml)),
        ("üst ve alt bilgideki resim", _HEADER_PICTURE.search(vml)),
        *((what, any(name.startswith(folder) for name in names)) for folder, what in _PARTS),
        *((what, any(words.startswith(start) for words in said)) for start, what in _EXTENSIONS.items()),
    ]
    return list(dict.fromkeys(what for what, is_gone in gone if is_gone))
