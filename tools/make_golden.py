"""Writes the reviewed dump of the official workbook of 2024 anew: python tools/make_golden.py

Run it only where a change of the workbook is meant, and read the difference before it is committed.
"""

from __future__ import annotations

import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter

from kars_xl.pipeline import merge

REPOSITORY = Path(__file__).resolve().parent.parent
TARGET = REPOSITORY / "tests" / "golden" / "performans_programi_2024.txt"
_LONGEST = 60  # characters of a text; of a longer one a checksum stands for the rest


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        workbook = Path(scratch) / "program.xlsx"
        if not merge([str(REPOSITORY / "inputs")], str(workbook)).written:
            raise SystemExit("inputs birleştirilemedi")
        TARGET.parent.mkdir(parents=True, exist_ok=True)
        TARGET.write_text(dump(workbook), encoding="utf-8", newline="\n")


def dump(path: Path) -> str:
    """A workbook as lines: of each visible sheet its set-up, then `cell|formula|value|number format|look`."""
    formulas, values = openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)
    lines = [f"title: {formulas.properties.title}", f"names: {_names(formulas)}"]
    for sheet in formulas.worksheets:
        if sheet.sheet_state == "visible":
            lines += ["", f"[{sheet.title}]", *_setup(sheet), *_cells(sheet, values[sheet.title])]
    return "\n".join(lines) + "\n"


def _names(book: Any) -> str:
    return ", ".join(f"{name}={item.attr_text}" for name, item in sorted(book.defined_names.items())) or "-"


def _setup(sheet: Any) -> Iterator[str]:
    page, fit = sheet.page_setup, sheet.sheet_properties.pageSetUpPr
    size = f"fit {page.fitToWidth}x{page.fitToHeight}" if fit and fit.fitToPage else f"scale {page.scale or 100}"
    yield f"page: paper {page.paperSize}, {page.orientation or 'portrait'}, {size}"
    yield f"print: area {sheet.print_area or '-'}, titles {sheet.print_title_rows or '-'}"
    yield f"frozen: {sheet.freeze_panes or '-'}"
    margins = sheet.page_margins
    yield f"margins: {margins.left:g} {margins.right:g} {margins.top:g} {margins.bottom:g}"
    yield f"header: {_band(sheet.oddHeader)}"
    yield f"footer: {_band(sheet.oddFooter)}"
    yield f"breaks: {' '.join(str(item.id) for item in sheet.row_breaks.brk) or '-'}"
    columns = sorted(sheet.column_dimensions.values(), key=lambda column: int(column.min))
    widths = (f"{get_column_letter(c.min)}:{get_column_letter(c.max)}={c.width:.2f}" for c in columns)
    yield f"widths: {' '.join(widths)}"
    yield f"heights: {_heights(sheet)}"
    yield f"merges: {' '.join(sorted(str(area) for area in sheet.merged_cells.ranges)) or '-'}"
    for area, rules in sheet.conditional_formatting._cf_rules.items():
        yield f"rule: {area.sqref} {' '.join(str(rule.formula[0]) for rule in rules if rule.formula)}"
    for rule in sheet.data_validations.dataValidation:
        yield f"validation: {rule.sqref} {rule.type} {rule.formula1}"
    yield f"filter: {sheet.auto_filter.ref or '-'}"
    yield f"pictures: {len(sheet._images)}, charts: {len(sheet._charts)}"


def _band(band: Any) -> str:
    return " | ".join(str(part.text or "") for part in (band.left, band.center, band.right))


def _heights(sheet: Any) -> str:
    """Runs of rows of one height: 5-9=16.5."""
    runs: list[list[float]] = []
    for row, given in sorted(sheet.row_dimensions.items()):
        if given.height is None:
            continue
        if runs and runs[-1][1] == row - 1 and runs[-1][2] == given.height:
            runs[-1][1] = row
        else:
            runs.append([row, row, given.height])
    return " ".join(f"{first:g}-{last:g}={height:g}" for first, last, height in runs) or "-"


def _cells(sheet: Any, results: Any) -> Iterator[str]:
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value is None:
                continue
            formula = cell.value if cell.data_type == "f" else ""
            shown = cell.number_format if cell.number_format != "General" else ""
            look = " ".join(filter(None, ("bold" if cell.font.b else "", _fill(cell), _link(cell))))
            fields = (cell.coordinate, formula, _text(results[cell.coordinate].value), shown, look)
            yield "|".join(map(str, fields)).rstrip("|")


def _fill(cell: Any) -> str:
    return str(cell.fill.fgColor.rgb)[2:] if cell.fill.fill_type else ""


def _link(cell: Any) -> str:
    return f"→{cell.hyperlink.location}" if cell.hyperlink is not None else ""


def _text(value: object) -> str:
    """A value on one line; numbers to 12 digits, which holds every kuruş and no platform's last bit."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value:.12g}"
    text = "" if value is None else str(value).replace("\n", "⏎")
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…{zlib.crc32(text.encode()):08x}"


if __name__ == "__main__":
    main()
