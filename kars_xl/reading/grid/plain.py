"""Reads text: .csv, and .txt, .md and .tsv whose columns are kept apart by tabs, by bars, or by blanks as `pdftotext
-layout` writes them. A line is a row; HTML and Markdown marks fall off. Reads .xls, too."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, NamedTuple

from kars_xl.base.atomic import DAMAGED
from kars_xl.base.money import exact
from kars_xl.base.number_format import format_of
from kars_xl.base.text import read_code
from kars_xl.reading.grid.cells import Cell, CellValue, ExcelError, Grid, Sheet, UnreadableFile, Unseen
from kars_xl.reading.grid.containers import unmarked
from kars_xl.reading.grid.limits import refuse_cells
from kars_xl.reading.grid.styles import BLACK, WHITE, alike, look_of_runs, look_where
from kars_xl.reading.labels import cost_row_of, label_of

if TYPE_CHECKING:
    import xlrd

_SEPARATOR, _END = re.compile(r"sep=(.)\r?\n", re.IGNORECASE), "\x1e"
_BETWEEN = dict.fromkeys(map(ord, "\t\n\r;,|"))
_TELLING = 1000  # rows and columns that tell the separator
_MARKS = re.compile(r"</?(?:b|i|u|strong|em|br)\s*/?>|\*\*|__", re.IGNORECASE)
_EDGE_MARKS = re.compile(r"^\s*#{1,6}\s+|^\*(?=\S)|(?<=\S)\*$")
_BARS = re.compile(r"\s*\|.*\|\s*")
_RULE = re.compile(r"[\s|:+=-]*")
_CHUNK = re.compile(r"\S+(?: \S+)*")
# Amounts and values; a year heads columns, and a code or a single digit may stand among words.
_FIGURE = re.compile(r"(?!(?:19|20)\d\d$)[%₺+-]?\s?\d[\d.,]*\s?(?:%|₺|,?-?\s?TL)?|-")
_NEAR = 8  # letters between a heading and the figures that it stands over

Cells = list[tuple[int, str]]
Columns = list[tuple[int, int]]


def read_plain(path: str, data: bytes) -> Grid:
    """Tables of a text file. Raises UnreadableFile (KX001) where it is no text."""
    text = _decode(data)
    refuse_cells(len(text) - len(text.translate(_BETWEEN)))
    sheet = Sheet(path, "")
    if path.lower().endswith(".csv"):
        if named := _SEPARATOR.match(text):
            lines = _rows(text[named.end() :], named[1])
        else:
            lines = max((_rows(text, separator) for separator in ";\t,|"), key=_known)
        if lines[-1:] != [[_END]]:
            raise UnreadableFile("KX001", "bir hücrenin açılan tırnağı kapanmamış ya da hücre çok uzun")
        rows = [list(enumerate(line, start=1)) for line in lines[:-1]]
    else:
        rows = list(rows_of_text(text))
    for number, row in enumerate(rows, start=1):
        for column, raw in row:
            content = _EDGE_MARKS.sub("", _MARKS.sub("", raw)).strip()
            if content:
                sheet.cells[number, column] = Cell(path, "", number, column, content)
    return Grid(path, [sheet])


def _decode(data: bytes) -> str:
    data = unmarked(data)
    if b"\x00" in data[:4096]:
        raise UnreadableFile("KX001", "metin dosyası değil")
    try:
        return data.decode()
    except UnicodeDecodeError:
        # Excel on Turkish Windows saves .csv and .txt in the code page of the system, or in that of MS-DOS.
        both = (data.decode(page, errors="replace") for page in ("cp1254", "cp857"))
        return max(both, key=lambda text: sum(map(text.count, "çğıöşüÇĞİÖŞÜ")))


def _rows(text: str, separator: str) -> list[list[str]]:
    """The rows of a .csv, of any kind of line end, and one of _END, which an open quote would take in."""
    try:
        return list(csv.reader(io.StringIO(f"{text}\n{_END}", newline=None), delimiter=separator))
    except csv.Error:
        return []


def _known(rows: list[list[str]]) -> tuple[int, int]:
    """How much of the official tables is told in rows, then how many of them are as long as others."""
    first = (cell for row in rows[:_TELLING] for cell in row[:_TELLING] if cell)
    known = sum(bool(label_of(cell)[0] or cost_row_of(cell) or read_code(cell)) for cell in first)
    return known, max(Counter(len(row) for row in rows if len(row) > 1).values(), default=0)


class _Chunk(NamedTuple):
    start: int
    end: int
    text: str

    def meets(self, column: tuple[int, int]) -> bool:
        """Whether it stands in a column; a wording that begins far left of it only runs on into it."""
        runs_on = self.start < column[0] - _NEAR and not self.is_figure
        return self.start < column[1] and column[0] < self.end and not runs_on

    @property
    def is_figure(self) -> bool:
        return _FIGURE.fullmatch(self.text) is not None


def rows_of_text(text: str) -> Iterator[Cells]:
    """(column, text) of each line's cells. Raises UnreadableFile (KX001) for columns that are not in line."""
    lines = re.split("\r\n?|\n", text)
    if any("\t" in line for line in lines) or not any("  " in line.strip() for line in lines):
        yield from (_bars(line, list(enumerate(line.split("\t"), start=1))) for line in lines)
        return
    number, columns = 1, Columns()
    for blank, group in groupby(lines, key=lambda line: not line.strip(" \f")):
        block = list(group)
        found = ([] if blank else _CHUNK.finditer(line.replace("\f", " ")) for line in block)
        chunks = [[_Chunk(match.start(), match.end(), match[0]) for match in matches] for matches in found]
        # Two lines of cells, or one of three: prose may have two blanks somewhere.
        if sum(len(line) > 1 for line in chunks) > 1 or any(len(line) > 2 for line in chunks):
            if not all(_fits(line, columns) for line in chunks):
                columns = _columns(chunks, number)
            yield from (_bars(line, _placed(cells, columns)) for line, cells in zip(block, chunks, strict=True))
        else:
            yield from (_bars(line, [(1, line)]) for line in block)
        number += len(block)


def _bars(line: str, other: Cells) -> Cells:
    """The cells of "| a | b |", none of a rule between them; `other` for any other line."""
    if not _BARS.fullmatch(line):
        return other
    cells = re.split(r"(?<!\\)\|", line.strip()[1:-1]) if not _RULE.fullmatch(line) else []
    return [(column, cell.replace("\\|", "|")) for column, cell in enumerate(cells, start=1)]


def _fits(line: Sequence[_Chunk], columns: Columns) -> bool:
    met = [[at for at, column in enumerate(columns) if chunk.meets(column)] for chunk in line]
    return all(len(found) == 1 for found in met) and len({found[0] for found in met}) == len(met)


def _columns(lines: Sequence[Sequence[_Chunk]], number: int) -> Columns:
    """From the figures of the fullest lines on; a wording that stands in no column, or near one, has its own. Raises
    UnreadableFile where a cell that is longer than its column has pushed what follows it."""
    figures = [[chunk for chunk in line if chunk.is_figure] for line in lines]
    full = [line for line in figures if len(line) == max(map(len, figures))]
    columns = [(min(it.start for it in cells), max(it.end for it in cells)) for cells in zip(*full, strict=True)]
    if any(before[1] > after[0] for before, after in pairwise(columns)):
        raise UnreadableFile("KX001", f"{number}. satırdan başlayarak sütunlar boşlukla ayrılmış, hizaları tutmuyor")
    for cells in sorted(lines, key=len, reverse=True):
        for chunk in cells:
            met = [at for at, column in enumerate(columns) if chunk.meets(column)]
            end = min([chunk.end, *(column[0] for column in columns if column[0] > chunk.start)])
            if len(met) == 1:
                start, last = columns[met[0]]
                columns[met[0]] = min(start, chunk.start), max(last, end)
            elif not met and not _beside(chunk, cells, columns):
                columns.append((chunk.start, end))
            columns.sort()
    return columns


def _beside(chunk: _Chunk, line: Sequence[_Chunk], columns: Columns) -> list[int]:
    """The column that a cell without one stands near, nearest first, where no other cell of the line is in it."""
    free = [at for at, column in enumerate(columns) if not any(other.meets(column) for other in line)]
    gaps = {at: max(columns[at][0] - chunk.end, chunk.start - columns[at][1]) for at in free}
    # What stands over a column without meeting it runs on into it.
    return sorted((at for at in free if 0 <= gaps[at] <= _NEAR), key=gaps.__getitem__)


def _placed(line: Sequence[_Chunk], columns: Columns) -> Cells:
    """Each cell in the first column that it meets, or stands near."""
    found: Cells = []
    for chunk in line:
        met = [at for at, column in enumerate(columns) if chunk.meets(column)] or _beside(chunk, line, columns)
        found.append((max(met[0] + 1 if met else 1, found[-1][0] + 1 if found else 1), chunk.text))
    return found


def read_xls(path: str, data: bytes) -> Grid:
    """The old workbook in `data`, or one locked with a password. Raises UnreadableFile (KX001, KX002, KX019)."""
    import xlrd

    if "DRMEncrypted".encode("utf-16-le") in data:
        raise UnreadableFile("KX019", "DRMEncryptedTransform")
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise UnreadableFile("KX002", "EncryptedPackage")
    log = io.StringIO()  # xlrd's warnings are no business of the user's
    try:
        book = xlrd.open_workbook(file_contents=data, formatting_info=True, ragged_rows=True, logfile=log)
    except Exception as error:  # xlrd meets a damaged file with whatever its parser stumbles over
        is_locked = isinstance(error, xlrd.XLRDError) and "encrypted" in str(error).lower()
        raise UnreadableFile("KX002" if is_locked else "KX001", DAMAGED) from error
    return Grid(path, [_sheet(path, book, sheet) for sheet in book.sheets()])


def _sheet(path: str, book: "xlrd.Book", source: "xlrd.sheet.Sheet") -> Sheet:
    sheet = Sheet(path, source.name, hidden=source.visibility != 0)
    hidden_rows = {row for row, info in source.rowinfo_map.items() if info.hidden or not info.height}
    hidden_columns = {column for column, info in source.colinfo_map.items() if info.hidden or not info.width}
    for row in range(source.nrows):
        for column in range(source.row_len(row)):
            value = _value(source.cell(row, column))
            if value is None:
                continue
            xf = book.xf_list[source.cell_xf_index(row, column)]
            known = book.format_map.get(xf.format_key)
            form = format_of(xf.format_key, known.format_str if known else "")
            cell = Cell(path, source.name, row + 1, column + 1, value, number_format=form)
            cell.since_1904 = bool(book.datemode)
            hidden = sheet.hidden or row in hidden_rows or column in hidden_columns
            runs = source.rich_text_runlist_map.get((row, column)) or [] if isinstance(value, str) else []
            cell.unseen = look_where(hidden, _look(book, xf, str(value), runs))
            sheet.cells[row + 1, column + 1] = cell
    sheet.merge((top + 1, left + 1, bottom, right) for top, bottom, left, right in source.merged_cells)
    return sheet


def _look(book: "xlrd.Book", xf: "xlrd.formatting.XF", text: str, runs: list[tuple[int, int]]) -> Unseen | str:
    """Why nobody sees a cell of this style, or a text with these runs (start, font)."""
    fonts = [(start, book.font_list[font]) for start, font in ((0, xf.font_index), *runs)]
    ends = [*(start for start, _ in fonts[1:]), len(text)]
    parts = zip(fonts, ends, strict=True)
    found = look_of_runs([(text[start:end], bool(f.struck_out), bool(f.escapement)) for (start, f), end in parts])
    fill, colour = xf.background, book.colour_map.get(fonts[0][1].colour_index) or BLACK
    back = (book.colour_map.get(fill.pattern_colour_index) if fill.fill_pattern == 1 else None) or WHITE
    return found or (Unseen.COLOUR if fill.fill_pattern in (0, 1) and alike(colour, back) else "")


def _value(cell: "xlrd.sheet.Cell") -> CellValue:
    import xlrd

    if cell.ctype == xlrd.XL_CELL_TEXT:
        return cell.value or None
    if cell.ctype in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
        number = float(cell.value)
        return Decimal(int(number)) if number.is_integer() else exact(number)
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return ExcelError(xlrd.error_text_from_code.get(cell.value, "#HATA"))
    return None
