"""Reads the old .xls by way of xlrd."""

from __future__ import annotations

from decimal import Decimal

import xlrd

from kars_xl.base.atomic import DAMAGED
from kars_xl.base.money import exact
from kars_xl.reading.grid.cells import Cell, CellValue, ExcelError, Grid, Sheet, UnreadableFile


def read_xls(path: str, data: bytes) -> Grid:
    """The workbook in `data`. Raises UnreadableFile (KX001, KX002)."""
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
