"""What of a workbook openpyxl's copy lacks, found by holding the package against what was loaded."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from typing import Any

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


def losses(package: zipfile.ZipFile, book: Any, warnings: Sequence[str], *, macros: bool) -> tuple[str, ...]:
    """In Turkish, each kind once. `warnings` are what openpyxl said on loading, `macros` that it keeps them."""
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
    found += [what for start, what in _EXTENSIONS.items() if any(said.startswith(start) for said in warnings)]
    return tuple(dict.fromkeys(found))
