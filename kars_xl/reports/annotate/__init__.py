"""Hands findings back: a copy of each checked workbook, with its findings on its cells and in a list of their own. The
clerk's own file is only read. openpyxl carries the copy over, since it is the one library that changes a workbook that
somebody else made; what it loses is put back where that can be done, and said where it can't."""

import errno
import os
import re
import warnings
import zipfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, nullcontext
from decimal import Decimal
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import openpyxl
from msgspec import Struct, field
from openpyxl.cell.cell import ERROR_CODES, MergedCell
from openpyxl.workbook.properties import CalcProperties

from kars_xl.base.atomic import system_reason, write_atomically
from kars_xl.base.file_names import free_name, short_names
from kars_xl.base.place import Place, column_number
from kars_xl.base.text import writable
from kars_xl.findings.finding import Finding, finding
from kars_xl.reading.grid import Cell, ExcelError, Grid, file_bytes, on_disk
from kars_xl.reading.grid.containers import suffix_of
from kars_xl.reports.annotate.mark import FIXED_TIME, add_list, lines_of, mark, unmark

_DRAWING = re.compile(r"xl/drawings/[^/]+\.xml")
_VML = re.compile(r"xl/drawings/[^/]+\.vml", re.IGNORECASE)
# Newer objects carry a stand-in for old programs, which is no object of its own.
_FALLBACK = re.compile(rb"<mc:Fallback\b.*?</mc:Fallback>", re.DOTALL)
_OBJECT = re.compile(rb"<(?:\w+:)?(pic|sp|cxnSp|graphicFrame)[\s>]")
_CONTROL = re.compile(rb"ObjectType=\"(?!Note\")")
_HEADER_PICTURE = re.compile(rb"<(?:\w+:)?imagedata\b")
# openpyxl says in these words what it drops of a sheet's extensions.
_EXTENSIONS = {
    "Conditional Formatting extension": "koşullu biçim", "Data Validation extension": "veri doğrulama",
    "Sparkline Group extension": "mini grafik", "Slicer List extension": "dilimleyici",
    "Timeline Ref extension": "zaman çizelgesi",
}  # fmt: skip
_PARTS = {
    "xl/embeddings/": "gömülü nesne", "xl/threadedComments/": "yazışma (notu kalır)", "xl/ctrlProps/": "form denetimi",
    "xl/activeX/": "form denetimi", "xl/queryTables/": "sorgu bağlantısı", "_xmlsignatures/": "sayısal imza",
}  # fmt: skip
_ROW_END = re.compile(rb"</row>|<row\b[^>]*/>")
_LARGE = 1 << 20  # bytes of a part that may be over-formatted
_SPARE = 1000  # rows below the last entry that keep their look
_FORMULA_CELL = re.compile(r'<c r="([A-Z]+)(\d+)"([^>]*)>(<f\b[^>]*(?:/>|>[^<]*</f>))<v\s*(?:/>|></v>)</c>')


class Annotated(Struct):
    """What was written, what is to be said of it, and the findings on the way (KX005, KX006)."""

    written: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def annotate(
    paths: Sequence[str],
    files: Sequence[str],
    grids: Mapping[str, Grid],
    findings: Sequence[Finding],
    folder: str,
    progress: Callable[[str], None] = lambda _: None,
) -> Annotated:
    """A copy in `folder` of each file that was read (`files`, of `paths`) or that a finding names; `grids` are their
    cells. Of what is no .xlsx or .xlsm, or can't be copied, the list of its findings alone is written."""
    try:
        if any(Path(path).is_dir() and _is_within(folder, path) for path in paths):
            reason = "bu klasör denetlenen formların klasörü, kopyalar form sanılır; başka bir klasör verin"
            return Annotated(findings=[finding("KX006", Place(folder), remedy="elsewhere", reason=reason)])
        Path(folder).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        return Annotated(findings=[finding("KX006", Place(folder), reason=system_reason(error))])
    result = Annotated()
    findings = [found.for_clerk for found in findings]
    named = [place.file for found in findings for place in (found.place, *found.related)]
    sources = [file for file in dict.fromkeys([*files, *named]) if file and on_disk(file).is_file()]
    taken: set[str] = set()
    for number, (source, parts) in enumerate(short_names(sources).items(), start=1):
        progress(f"işaretleniyor {number}/{len(sources)}: {parts[-1]}")
        name, target = " ▸ ".join(parts), Path(folder, *parts)
        try:
            own, data, about, reason = _copy(source, grids.get(source), name, findings)
            target = Path(free_name(*os.path.splitext(target.with_name(own)), taken))
            if not (problem := _refused(target, [*sources, *filter(os.path.isfile, paths)], folder)):
                write_atomically(target, data)
        except OSError as error:  # openpyxl puts sheets down in the system's folder for temporary files
            problem = system_reason(error)
        if problem:
            result.findings.append(finding("KX006", Place(str(target)), reason=problem))
            continue
        result.written.append(str(target))
        result.findings += about
        if reason:
            result.notes.append(f"{name} {reason}; bulguları ayrı bir listede: {target.name}")
    if result.written:
        result.notes.insert(0, f"İşaretli kopyalar kaydedildi ({len(result.written)} dosya): {folder}")
    return result


def _copy(
    source: str, grid: Grid | None, name: str, findings: Sequence[Finding]
) -> tuple[str, bytes, tuple[Finding, ...], str]:
    """A copy's name and bytes, what is to be said of it, and why it is only a list, "" where it is a true copy."""
    path = Path(source)
    data = b"" if grid is None else file_bytes(source)
    own = path.suffix.lower() in (".xlsx", ".xlsm")
    suffix = path.suffix.lower() if own or grid is None else suffix_of(source, data)
    if grid is None:
        # What the reader refuses as too large or suspicious, openpyxl does not get to see.
        reason = "okunamadı"
    elif suffix not in (".xlsx", ".xlsm"):
        reason = f"{suffix} türünde olduğundan hücreleri işaretlenemedi"
    else:
        try:
            copy = path.name if own else path.name + suffix
            return copy, *annotated_copy(grid, data, name, findings, macros=suffix == ".xlsm"), ""
        except NotCopied:
            reason = "iç yapısı yüzünden hücreleri işaretlenemedi"
    # A workbook that holds the list alone.
    book = openpyxl.Workbook()
    book.remove(book.active)
    book.properties.created = book.properties.modified = FIXED_TIME
    book.properties.creator = "kars-xl"
    add_list(book, name, lines_of(source, findings), f"Dosya {reason}; bulgular yalnız burada sıralanır.")
    return f"{path.name.replace('.', '_')}_bulgular.xlsx", saved(book), (), reason


def _refused(target: Path, sources: Sequence[str], folder: str) -> str:
    """Why nothing may be written there, else "": no checked file and nothing outside `folder` is ever replaced."""
    if not _is_within(str(target.parent), folder):
        return "klasördeki bir kısayol klasörün dışına çıkıyor"
    own = target.exists() and any(os.path.samefile(target, source) for source in sources)
    return "denetlenen dosyanın kendisi; başka bir klasör verin" if own else ""


def _is_within(folder: str, path: str) -> bool:
    return Path(folder).resolve().is_relative_to(Path(path).resolve())


class NotCopied(Exception):
    """openpyxl can't carry this workbook over."""


def annotated_copy(
    grid: Grid, data: bytes, name: str, findings: Sequence[Finding], *, macros: bool
) -> tuple[bytes, tuple[Finding, ...]]:
    """The bytes of the marked copy, and the finding (KX005) about what it lacks, if it lacks anything. `grid` is the
    same file as read, `name` what the list calls it, `macros` whether the copy may keep them."""
    try:
        book, lost = _load(data, macros)
    except Exception as error:  # openpyxl meets what it does not know with whatever its parser stumbles over
        raise NotCopied(str(error)) from error
    # openpyxl leaves the archive open, and Python then complains at whatever moment.
    with closing(book.vba_archive) if book.vba_archive else nullcontext():
        if _restore(book, grid):
            lost.append("birleşik hücrenin altında kalan değer")
        unmark(book)
        what = f"{', '.join(lost)} (işaretli kopyada yok)"
        about = (finding("KX005", Place(grid.file), what=what),) if lost else ()
        lines = lines_of(grid.file, (*findings, *about))
        mark(book, lines)
        add_list(book, name, lines)
        # Some programs write no settings of it.
        book.calculation = CalcProperties(fullCalcOnLoad=True)
        book.template = False
        return saved(book, grid), about


def _trimmed(data: bytes) -> bytes:
    """The workbook without the empty rows far below the last entry of each large sheet: openpyxl makes an object of
    each of their cells, and offices have forms that are formatted to the two hundred thousandth row."""
    with zipfile.ZipFile(BytesIO(data)) as package:
        parts = {info.filename: package.read(info) for info in package.infolist()}
    trimmed = {name: _without_empty_rows(part) for name, part in parts.items() if len(part) > _LARGE}
    if all(part is parts[name] for name, part in trimmed.items()):
        return data
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        for name, part in (parts | trimmed).items():
            package.writestr(name, part)
    return stream.getvalue()


def _without_empty_rows(part: bytes) -> bytes:
    """A sheet's part up to `_SPARE` rows below its last entry; any other part as it is."""
    start, end = part.find(b"<sheetData>"), part.rfind(b"</sheetData>")
    last = max(part.rfind(mark, max(start, 0), end) for mark in (b"<v", b"<is", b"<f")) if 0 <= start < end else -1
    rows = _ROW_END.finditer(part, last, end) if last >= 0 else iter(())
    cut = next((found.end() for number, found in enumerate(rows) if number == _SPARE), end)
    return part if cut == end else part[:cut] + part[end:]


def _load(data: bytes, macros: bool) -> tuple[Any, list[str]]:
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        book = openpyxl.load_workbook(BytesIO(_trimmed(data)), keep_vba=macros, rich_text=True)
    with zipfile.ZipFile(BytesIO(data)) as package:
        stated = package.read("docProps/core.xml") if "docProps/core.xml" in package.namelist() else b""
        lost = _losses(package, book, [str(warning.message) for warning in said], macros=macros)
    for name in ("created", "modified"):
        if f"{name}>".encode() not in stated:
            setattr(book.properties, name, FIXED_TIME)
    return book, lost


def _restore(book: Any, grid: Grid) -> bool:
    """Gives numbers with a date's format back as numbers; True where values under merged cells could not be kept.
    openpyxl would turn an amount that is no date into #DEĞER!, and a merged area holds but one value. Raises NotCopied
    where a cell did not come over at all: openpyxl sees nothing in a workbook of the strict kind, and says nothing."""
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
    """What openpyxl's copy, with `macros` or without, lacks of the package, in Turkish; on loading it `said` this."""
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
        *((what, any(name.startswith(folder) for name in names)) for folder, what in _PARTS.items()),
        *((what, any(words.startswith(start) for words in said)) for start, what in _EXTENSIONS.items()),
    ]
    return list(dict.fromkeys(what for what, is_gone in gone if is_gone))


def saved(book: Any, grid: Grid | None = None) -> bytes:
    """openpyxl's workbook as bytes, with the results that `grid`'s formulas have; OSError where there is no room."""
    from lxml.etree import SerialisationError

    modified = rb"\g<1>" + book.properties.modified.strftime("%Y-%m-%dT%H:%M:%SZ").encode() + rb"\g<2>"
    first, stream = BytesIO(), BytesIO()
    try:
        book.save(first)
    except SerialisationError as error:
        # Its text is the name of the system's own reason: IO_ENOSPC.
        number = getattr(errno, str(error).removeprefix("IO_"), errno.EIO)
        raise OSError(number, str(error)) from error
    read = {sheet.name: sheet.cells for sheet in grid.sheets} if grid else {}
    cells = {f"xl/worksheets/sheet{at}.xml": read.get(sheet.title) for at, sheet in enumerate(book.worksheets, 1)}
    with zipfile.ZipFile(first) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        # The order in which openpyxl adds a macro's parts changes from run to run.
        for name in sorted(old.namelist(), key=lambda part: (part != "[Content_Types].xml", part)):
            content = old.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)", modified, content)
            elif known := cells.get(name):
                content = _FORMULA_CELL.sub(partial(_filled, known), content.decode()).encode()
            new.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def _filled(cells: Mapping[tuple[int, int], Cell], found: re.Match[str]) -> str:
    """The XML of a formula's cell with its stored result."""
    letters, row, rest, formula = found.groups()
    cell = cells.get((int(row), column_number(letters)))
    match cell and cell.value:
        case bool(value):
            kind, stored = ' t="b"', str(int(value))
        case Decimal() as value:
            kind, stored = "", str(value)
        case str(value):
            kind, stored = ' t="str"', escape(writable(value))
        case ExcelError(text=value) if value in ERROR_CODES:
            kind, stored = ' t="e"', value
        case _:  # none that a file can hold
            return found[0]
    return f'<c r="{letters}{row}"{rest}{kind}>{formula}<v>{stored}</v></c>'
