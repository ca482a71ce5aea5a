"""Adds the record of what is about to be written to a laid-out, evaluated workbook."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from kars_xl.base.file_names import free_name
from kars_xl.base.number_formats import BUILTIN_FORMATS
from kars_xl.template.laid import LaidCell, LaidSheet, Layout
from kars_xl.template.layout.evaluate import serial
from kars_xl.template.page import PageSetup
from kars_xl.workbook.edits.record import MONEY, NAME, PERCENT, PLAIN, StoredCell, is_record_text, pack, stored


def add_record(layout: Layout) -> None:
    """Appends a very hidden sheet with the record of all others."""
    # A template made from a finished workbook brings that one's record along.
    layout.sheets = [sheet for sheet in layout.sheets if not _is_record(sheet)]
    shown = [_shown(style.get("num_format", 0)) for style in layout.styles]
    lines = pack((sheet.name, _stored(shown, sheet)) for sheet in layout.sheets)
    layout.styles.append({})
    style = len(layout.styles) - 1
    record = LaidSheet(_free_name(layout), "", PageSetup(state="veryHidden"))
    for row, line in enumerate(lines, 1):
        record.cells[row, 1] = LaidCell(line, None, style, None, "")
    layout.sheets.append(record)


def _is_record(sheet: LaidSheet) -> bool:
    cell = sheet.cells.get((1, 1))
    return cell is not None and is_record_text(str(cell.value))


def _free_name(layout: Layout) -> str:
    """The record's name, numbered where the template has a sheet of that name (capitals count for nothing)."""
    return free_name(NAME, "", {sheet.name.casefold() for sheet in layout.sheets})


def _stored(shown: list[str], sheet: LaidSheet) -> Iterator[StoredCell]:
    """The sheet as the writer takes it: what is empty and no formula leaves no value; `shown` goes by style."""
    for (row, column), cell in sheet.cells.items():
        value = _value(cell.value)
        if cell.formula is not None:
            yield stored(row, column, value, cell.formula.removeprefix("="), shown[cell.style])
        elif value is not None:
            yield stored(row, column, value, None, shown[cell.style])


def _shown(number_format: str | int) -> str:
    """How a number format shows numbers; Excel's own formats come as their number."""
    if isinstance(number_format, int):
        number_format = str(BUILTIN_FORMATS.get(number_format, ""))
    return PERCENT if "%" in number_format else MONEY if "0.00" in number_format else PLAIN


def _value(value: object) -> str | float | bool | None:
    if value is None or value == "":
        return None
    if isinstance(value, str | bool):
        return value
    if isinstance(value, date):
        return serial(value)
    # A workbook holds binary numbers, whatever was given.
    return float(value) if isinstance(value, int | float | Decimal) else str(value)
