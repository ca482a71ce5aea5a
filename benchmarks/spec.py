"""What kars-xl wrote, as plain data: so that the peer and the floor write the very same cells.

    python benchmarks/spec.py OUTPUT.xlsx SPEC

The spec is marshalled (both load it, in about 10 ms): `styles` as plain properties, and for each sheet `cells` as
(row, column, value, formula, style, key), merges, column widths, row heights. `key` is (activity, number) of a figure
that forms give, and None elsewhere. Left out on both sides, which do less than kars-xl there: charts, pictures,
conditional formats, validations, comments, links, print set-up, rich text (written as plain text).
"""

from __future__ import annotations

import marshal
import sys
from datetime import date
from pathlib import Path
from typing import Any, TypedDict

Cell = tuple[int, int, float | str | bool | None, str | None, int, tuple[str, int] | None]
Area = tuple[int, int, int, int]

EXTRA = 10  # numbers of figures: 1–8 economic codes, 10–12 the three sources outside the budget


class Style(TypedDict):
    """One style: colours as RRGGBB; each side of `border` as (style's name, colour)."""

    font: str
    size: float
    bold: bool
    italic: bool
    underline: bool
    colour: str | None
    fill: str | None
    border: dict[str, tuple[str, str | None]]
    number_format: str
    horizontal: str | None
    vertical: str | None
    wrap: bool
    indent: int
    rotation: int
    shrink: bool
    locked: bool


class SheetSpec(TypedDict):
    """One sheet; rows and columns count from 1, widths are characters, heights points."""

    name: str
    cells: list[Cell]
    merges: list[Area]
    widths: list[tuple[int, int, float]]
    heights: dict[int, float]


class Spec(TypedDict):
    styles: list[Style]
    sheets: list[SheetSpec]


def load(path: str | Path) -> Spec:
    spec: Spec = marshal.loads(Path(path).read_bytes())
    return spec


def counts(path: str | Path) -> dict[str, int]:
    """How much of everything a workbook holds: to show that all three write the same."""
    spec = extract(path, figures={})
    cells = [cell for sheet in spec["sheets"] for cell in sheet["cells"]]
    return {
        "sheets": len(spec["sheets"]),
        "cells": len(cells),
        "formulas": sum(cell[3] is not None for cell in cells),
        "values": sum(cell[3] is None and cell[2] is not None for cell in cells),
        "merges": sum(len(sheet["merges"]) for sheet in spec["sheets"]),
        "heights": sum(len(sheet["heights"]) for sheet in spec["sheets"]),
        "widths": sum(last - first + 1 for sheet in spec["sheets"] for first, last, _ in sheet["widths"]),
    }


def extract(path: str | Path, figures: dict[tuple[str, int, int], tuple[str, int]] | None = None) -> Spec:
    """The spec of a workbook; `figures` tells which cells (sheet, row, column) hold a form's figure."""
    import openpyxl

    if figures is None:
        figures = figures_of(path)
    book = openpyxl.load_workbook(path)
    computed = openpyxl.load_workbook(path, data_only=True)
    styles: list[Style] = []
    known: dict[Any, int] = {}
    sheets: list[SheetSpec] = []
    for sheet in book.worksheets:
        cached = computed[sheet.title]
        cells: list[Cell] = []
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is None and not cell.has_style:
                    continue
                array = tuple(cell._style)
                if array not in known:
                    known[array] = len(styles)
                    styles.append(_style(cell))
                place = (cell.row, cell.column)
                formula = cell.value if cell.data_type == "f" else None
                value = _plain(cached.cell(*place).value if formula else cell.value)
                cells.append((*place, value, formula, known[array], figures.get((sheet.title, *place))))
        merges = [(m.min_row, m.min_col, m.max_row, m.max_col) for m in sheet.merged_cells.ranges]
        widths = [(d.min, d.max, d.width) for d in sheet.column_dimensions.values() if d.width]
        heights = {number: d.height for number, d in sheet.row_dimensions.items() if d.height}
        sheets.append(SheetSpec(name=sheet.title, cells=cells, merges=merges, widths=widths, heights=heights))
    return Spec(styles=styles, sheets=sheets)


def figures_of(path: str | Path) -> dict[tuple[str, int, int], tuple[str, int]]:
    """Cells of the cost tables' figures with what stands there."""
    from kars_xl.model.cost_rows import EXTRA_ROWS
    from kars_xl.reading.grid import open_grid
    from kars_xl.reading.recognise import recognise

    found = {}
    for table in recognise(open_grid(str(path))).costs:
        activity = table.heading.codes.get("activity_name") or ""
        for row, amount in table.amounts.items():
            number = row.code or EXTRA + EXTRA_ROWS.index(row)
            found[amount.place.sheet, amount.place.row, amount.place.column] = (activity, number)
    return found


def _plain(value: object) -> float | str | bool | None:
    if isinstance(value, date):
        from openpyxl.utils.datetime import to_excel

        return float(to_excel(value))
    if value is None or isinstance(value, str | bool | int | float):
        return value
    raise TypeError(value)


def _style(cell: Any) -> Style:
    font, fill, alignment = cell.font, cell.fill, cell.alignment
    sides = {name: getattr(cell.border, name) for name in ("left", "right", "top", "bottom")}
    return Style(
        font=font.name,
        size=float(font.sz),
        bold=bool(font.b),
        italic=bool(font.i),
        underline=bool(font.u),
        colour=_colour(font.color),
        fill=_colour(fill.fgColor) if fill.fill_type == "solid" else None,
        border={name: (side.style, _colour(side.color)) for name, side in sides.items() if side and side.style},
        number_format=cell.number_format,
        horizontal=alignment.horizontal,
        vertical=alignment.vertical,
        wrap=bool(alignment.wrap_text),
        indent=int(alignment.indent or 0),
        rotation=int(alignment.textRotation or 0),
        shrink=bool(alignment.shrink_to_fit),
        locked=bool(cell.protection.locked),
    )


def _colour(colour: Any) -> str | None:
    return str(colour.rgb)[-6:] if colour is not None and colour.type == "rgb" else None


if __name__ == "__main__":
    Path(sys.argv[2]).write_bytes(marshal.dumps(dict(extract(sys.argv[1]))))
