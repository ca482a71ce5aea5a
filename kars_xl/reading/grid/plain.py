"""Reads text: .txt, .md and .tsv (see text_columns), and .csv. A line is a row; HTML and Markdown marks fall off."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from decimal import Decimal
from typing import IO, TYPE_CHECKING

from kars_xl.base.atomic import DAMAGED
from kars_xl.base.money import exact
from kars_xl.reading.grid.cells import Cell, CellValue, ExcelError, Grid, Sheet, UnreadableFile
from kars_xl.reading.grid.package import DAMAGE, guard, refuse_doctype
from kars_xl.reading.grid.text_columns import UnevenColumns, rows_of_text

if TYPE_CHECKING:
    import xlrd
    from docx.document import Document

_MARKS = re.compile(r"</?(?:b|i|u|strong|em|br)\s*/?>|\*\*|__", re.IGNORECASE)
_EDGE_MARKS = re.compile(r"^\s*#{1,6}\s+|^\*(?=\S)|(?<=\S)\*$")


def read_plain(path: str, data: bytes) -> Grid:
    """Tables of a text file. Raises UnreadableFile (KX001) where it is no text."""
    text = _decode(data)
    sheet = Sheet(path, "")
    if path.lower().endswith(".csv"):
        try:
            # Any kind of line end, those of old Macs too.
            lines = csv.reader(io.StringIO(text, newline=None), delimiter=_delimiter(text))
            rows = [list(enumerate(line, start=1)) for line in lines]
        except csv.Error as error:
            raise UnreadableFile("KX001", "bir hücresi bir tabloya sığmayacak kadar uzun") from error
    else:
        try:
            rows = list(rows_of_text(text))
        except UnevenColumns as error:
            reason = f"{error}. satırdan başlayarak sütunlar boşlukla ayrılmış, hizaları tutmuyor"
            raise UnreadableFile("KX001", reason) from error
    for number, row in enumerate(rows, start=1):
        for column, raw in row:
            content = _EDGE_MARKS.sub("", _MARKS.sub("", raw)).strip()
            if content:
                sheet.cells[number, column] = Cell(path, "", number, column, content)
    return Grid(path, [sheet])


def _decode(data: bytes) -> str:
    if b"\x00" in data[:4096] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableFile("KX001", "metin dosyası değil")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Excel on Turkish Windows saves .csv and .txt in the code page of the system.
        return data.decode("cp1254", errors="replace")


def _delimiter(text: str) -> str:
    """The separator that the first lines hold most of; Turkish Excel writes semicolons."""
    head = "\n".join(text.splitlines()[:50])
    return max(";\t,", key=head.count)


# What python-docx says of contents that Word would not write, some of it only where they are asked for.
_WRONG = (SyntaxError, AttributeError)


def read_docx(path: str, stream: IO[bytes]) -> Grid:
    """The tables in order, rows running on through the document. Raises UnreadableFile (KX001)."""
    import docx
    from docx.opc.exceptions import PackageNotFoundError

    try:
        with zipfile.ZipFile(stream) as package:
            guard(package)
            for name in package.namelist():
                if name.endswith((".xml", ".rels")):
                    with package.open(name) as part:
                        refuse_doctype(name, part)
        stream.seek(0)
        sheet = _read(path, docx.Document(stream))
    except (*DAMAGE, *_WRONG, PackageNotFoundError) as error:
        raise UnreadableFile("KX001", DAMAGED) from error
    return Grid(path, [sheet])


def _read(path: str, document: Document) -> Sheet:
    from docx.table import Table

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


def read_xls(path: str, data: bytes) -> Grid:
    """The workbook in `data`. Raises UnreadableFile (KX001, KX002)."""
    import xlrd

    try:
        book = xlrd.open_workbook(file_contents=data, formatting_info=True, ragged_rows=True, logfile=_Silent())
    except xlrd.XLRDError as error:
        code = "KX002" if "encrypted" in str(error).lower() else "KX001"
        raise UnreadableFile(code, DAMAGED) from error
    except Exception as error:  # xlrd meets a damaged file with whatever its parser stumbles over
        raise UnreadableFile("KX001", DAMAGED) from error
    return Grid(path, [_sheet(path, book, sheet) for sheet in book.sheets()])


class _Silent:
    def write(self, _text: str) -> None:
        """xlrd's warnings are no business of the user's."""


def _sheet(path: str, book: xlrd.Book, source: xlrd.sheet.Sheet) -> Sheet:
    sheet = Sheet(path, source.name, hidden=source.visibility != 0)
    hidden_rows = {row for row, info in source.rowinfo_map.items() if info.hidden}
    hidden_columns = {column for column, info in source.colinfo_map.items() if info.hidden}
    for row in range(source.nrows):
        for column in range(source.row_len(row)):
            value = _value(source.cell(row, column))
            if value is None:
                continue
            xf = book.xf_list[source.cell_xf_index(row, column)]
            number_format = book.format_map[xf.format_key].format_str
            hidden = sheet.hidden or row in hidden_rows or column in hidden_columns
            sheet.cells[row + 1, column + 1] = Cell(
                path, source.name, row + 1, column + 1, value, number_format=number_format, hidden=hidden
            )
    return sheet


def _value(cell: xlrd.sheet.Cell) -> CellValue:
    import xlrd

    if cell.ctype == xlrd.XL_CELL_TEXT:
        return cell.value or None
    if cell.ctype in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
        number = exact(float(cell.value))
        return number.quantize(Decimal(1)) if number == number.to_integral_value() else number
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return ExcelError(xlrd.error_text_from_code.get(cell.value, "#HATA"))
    return None
