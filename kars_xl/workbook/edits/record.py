"""The record of what was written: every value and formula, compressed, as text, which all programs save as it was, on a
very hidden sheet. The digest tells damage; against a record made anew on purpose no file can protect itself."""

import base64
import hashlib
import zlib
from collections.abc import Iterable, Iterator, Set
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec

from kars_xl.base.file_names import free_name
from kars_xl.base.money import exact
from kars_xl.base.number_format import is_plain
from kars_xl.reading.grid.cells import Cell, Grid, Sheet
from kars_xl.reading.kaynak_sheet import RECORD_MARK
from kars_xl.template.layout.evaluate import as_held
from kars_xl.template.records import LaidCell, LaidSheet, Layout, PageSetup, code_of

NAME = "_kars_xl"
_VERSION = "1"
_NOTE = "Bu gizli sayfa, kars-xl'in bu kitaba yazdıklarının kaydıdır. Değiştirmeyin, silmeyin."
_CHUNK = 30_000  # a cell holds 32.767 characters
_FIRST_CHUNK = 3  # row
_LARGEST = 64 * 2**20  # bytes of the unpacked record

_SPOILED = "kitaptaki gizli kayıt bozulmuş ya da değiştirilmiş"

# A stored value's first letter: what it is, of a number the format that shows it.
_FORMATS = {"n": "General", "a": "0.00", "p": "0%"}
_TEXT, _BOOL = "t", "b"


class Record(NamedTuple):
    """The sheets as written, and the sheet of the read workbook that says so. An empty result of a formula is None.
    `unlike` are cells (sheet, row, column) that the template itself hides or shows in another way."""

    sheets: list[Sheet]
    kept_on: Sheet
    unlike: frozenset[tuple[str, int, int]] = frozenset()


class DamagedRecord(Exception):
    """The record is there, but it is not what kars-xl wrote; the argument is the reason in Turkish."""


def _stored(value: object, shown: str) -> str:
    """A value as the record has it, its first letter telling what it is; nothing is ""."""
    held = value if isinstance(value, str) else "" if value is None else as_held(value)
    if isinstance(held, str):
        return _TEXT + held if held else ""
    return _BOOL + str(int(held)) if isinstance(held, bool) else shown + _digits(held)


@lru_cache(maxsize=1 << 12)
def _digits(value: float) -> str:
    whole = int(value)
    return str(whole) if whole == value else f"{exact(value).normalize():f}"


def read_record(grid: Grid) -> Record | None:
    """What was written; None where the workbook has no record. Raises DamagedRecord."""
    # By what stands in it or, spoiled, by its name: a sheet of like name may be the template's own.
    marked = [sheet for sheet in grid.sheets if _text(sheet, 1).startswith(RECORD_MARK)]
    named = [sheet for sheet in grid.sheets if sheet.name.startswith(NAME)]
    if not (marked or named):
        return None
    if not marked:
        raise DamagedRecord(_SPOILED)
    sheet = marked[0]
    words = _text(sheet, 1).removeprefix(RECORD_MARK).split()
    if words[:1] != [_VERSION]:
        raise DamagedRecord("kitap kars-xl'in başka bir sürümüyle yazılmış, o sürümle denetlenmeli")
    try:
        _, count, digest = words
        rows = range(_FIRST_CHUNK, _FIRST_CHUNK + min(int(count), len(sheet.cells)))
        data = base64.b64decode("".join(_text(sheet, row) for row in rows), validate=True)
        # A record made by somebody else must not fill the memory.
        unpacker = zlib.decompressobj()
        content = unpacker.decompress(data, _LARGEST)
        if hashlib.sha256(data).hexdigest() != digest or not unpacker.eof:
            raise DamagedRecord(_SPOILED)
        stored = msgspec.json.decode(content)["sheets"]
        unlike = ((name, int(row), int(column)) for name, _, *cells in stored for row, column in (cells or [[]])[0])
        return Record([_sheet(grid.file, name, cells) for name, cells, *_ in stored], sheet, frozenset(unlike))
    except (ValueError, TypeError, LookupError, ArithmeticError, RecursionError, zlib.error) as error:
        raise DamagedRecord(_SPOILED) from error


def _text(sheet: Sheet, row: int) -> str:
    cell = sheet.cells.get((row, 1))
    return cell.value.strip() if cell is not None and isinstance(cell.value, str) else ""


def _sheet(file: str, name: object, cells: Iterable[Any]) -> Sheet:
    sheet = Sheet(file, str(name))
    for row, column, value, *formula in cells:
        kind, text = str(value)[:1], str(value)[1:]
        given = Decimal(text) if kind in _FORMATS else text == "1" if kind == _BOOL else text or None
        cell = Cell(file, sheet.name, int(row), int(column), given, number_format=_FORMATS.get(kind, "General"))
        cell.formula = str(formula[0]) if formula else None
        sheet.cells[cell.row, cell.column] = cell
    return sheet


def add_record(layout: Layout) -> None:
    """Appends a very hidden sheet with the record of all others in column A: mark with digest, a note, the parts."""
    # A template made from a finished workbook brings that one's record along.
    firsts = {sheet.name: sheet.cells.get((1, 1)) for sheet in layout.sheets}
    records = {name for name, cell in firsts.items() if cell is not None and str(cell.value).startswith(RECORD_MARK)}
    layout.sheets = [sheet for sheet in layout.sheets if sheet.name not in records]
    codes = list(map(code_of, layout.styles))
    shown = ["p" if "%" in code else "a" if "0.00" in code else "n" for code in codes]
    looks = zip(layout.styles, codes, shown, strict=True)
    plain = [is_plain(code, money=letter == "a") and not style.get("font_strikeout") for style, code, letter in looks]
    odd = {number for number, is_seen in enumerate(plain) if not is_seen}
    packer = zlib.compressobj(5)  # a third faster than 6, and as small
    parts = [packer.compress(b'{"sheets":[')]
    for number, sheet in enumerate(layout.sheets):
        unlike = list(_unlike(odd, sheet))
        stored = msgspec.json.encode([sheet.name, list(_cells(shown, sheet)), *([unlike] if unlike else [])])
        parts.append(packer.compress(b"," * bool(number) + stored))
    data = b"".join([*parts, packer.compress(b"]}"), packer.flush()])
    text = base64.b64encode(data).decode("ascii")
    chunks = [text[at : at + _CHUNK] for at in range(0, len(text), _CHUNK)]
    layout.styles.append({})
    # Numbered where the template has a sheet of that name; capitals count for nothing.
    name = free_name(NAME, "", {sheet.name.casefold() for sheet in layout.sheets})
    record = LaidSheet(name, "", PageSetup(state="veryHidden"))
    mark = f"{RECORD_MARK} {_VERSION} {len(chunks)} {hashlib.sha256(data).hexdigest()}"
    for row, line in enumerate([mark, _NOTE, *chunks], start=1):
        record.cells[row, 1] = LaidCell(line, None, len(layout.styles) - 1, "")
    layout.sheets.append(record)


def _cells(shown: list[str], sheet: LaidSheet) -> Iterator[tuple[int | str, ...]]:
    """Row, column, value, formula; what is empty and no formula is left out as the writer does; `shown` by style."""
    for (row, column), cell in sheet.cells.items():
        value = _stored(cell.value, shown[cell.style])
        formula = () if cell.formula is None else (cell.formula.removeprefix("="),)
        if formula or value:
            yield row, column, value, *formula


def _unlike(odd: Set[int], sheet: LaidSheet) -> Iterator[tuple[int, int]]:
    """The cells that are hidden, or whose style (of `odd`) does not show their figure for what it is."""
    rows = {row for row, found in sheet.rows.items() if found.hidden}
    spans = [found for found in sheet.columns if found.hidden]
    used = {column for _, column in sheet.cells} if spans else ()
    columns = {column for column in used if any(span.first <= column <= span.last for span in spans)}
    hidden = sheet.page.state != "visible"
    for (row, column), cell in sheet.cells.items():
        if hidden or cell.style in odd or row in rows or column in columns:
            yield row, column
