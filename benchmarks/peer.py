"""The peer: a plain script of the kind that people write for this job, without anything done slowly on purpose.

    python benchmarks/peer.py INPUTS SPEC OUTPUT.xlsx [--named]

pandas reads every sheet of every workbook (openpyxl is its engine), the figures of the cost tables are gathered and
summed with groupby, and openpyxl writes the workbook: the same sheets, cells, formulas, merged cells, widths and
heights as kars-xl's, with the same fonts, fills, borders, alignments and number formats. Each distinct font, fill and
so on is made once, shared, and given to a cell as openpyxl's documentation shows it; with --named each distinct style
is a named style that cells take by name, which few people write and which is openpyxl's fastest documented way. It
checks nothing and computes no formula.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from spec import EXTRA, Spec, Style, load

SOURCES = ("Döner Sermaye", "Diğer Yurt İçi", "Yurt Dışı")


def read(folder: Path) -> pd.DataFrame:
    """Every figure of every cost table: activity, number (economic code or source), amount."""
    records: list[tuple[str, int, float]] = []
    for path in sorted(folder.glob("*.xlsx")):
        sheets = pd.read_excel(path, sheet_name=None, header=None, engine="openpyxl")
        for name, frame in sheets.items():
            if str(name).startswith("PH "):
                records += costs(frame)
    return pd.DataFrame(records, columns=["activity", "number", "amount"])


def costs(frame: pd.DataFrame) -> list[tuple[str, int, float]]:
    """The figures of the cost tables of one sheet of a form."""
    found = []
    activity = ""
    for row in frame.itertuples(index=False, name=None):
        label, text, amount = row[:3]
        if label == "Faaliyet Adı":
            activity = text
        elif activity and isinstance(label, int) and 1 <= label <= 8:
            found.append((activity, label, amount))
        elif activity and text in SOURCES:
            found.append((activity, EXTRA + SOURCES.index(text), amount))
    return found


def write(spec: Spec, figures: dict[tuple[str, int], float], target: Path, *, named: bool) -> None:
    book = Workbook()
    book.remove(book.active)
    shared: dict[Any, Any] = {}
    styles = [_style(style, shared) for style in spec["styles"]]
    names = [f"stil {number}" for number in range(len(styles))]
    for name, (font, fill, border, alignment, protection, number_format) in zip(names, styles, strict=True):
        if named:
            book.add_named_style(NamedStyle(name, font, fill, border, alignment, number_format, protection))
    for described in spec["sheets"]:
        sheet = book.create_sheet(described["name"])
        for row1, column1, row2, column2 in described["merges"]:
            sheet.merge_cells(start_row=row1, start_column=column1, end_row=row2, end_column=column2)
        for row, column, value, formula, style, key in described["cells"]:
            cell = sheet.cell(row, column)
            content = formula or (value if key is None else figures[key])
            if content is not None:
                cell.value = content
            if named:
                cell.style = names[style]
            else:
                cell.font, cell.fill, cell.border, cell.alignment, cell.protection, cell.number_format = styles[style]
        for first, last, width in described["widths"]:
            for column in range(first, last + 1):
                sheet.column_dimensions[get_column_letter(column)].width = width
        for row, height in described["heights"].items():
            sheet.row_dimensions[row].height = height
    book.save(target)


def _style(style: Style, shared: dict[Any, Any]) -> tuple[Any, ...]:
    """Objects of openpyxl for a style; equal ones are one and the same."""
    sides = {name: Side(line, colour) for name, (line, colour) in style["border"].items()}
    found = (
        Font(style["font"], style["size"], style["bold"], style["italic"], color=style["colour"],
             underline="single" if style["underline"] else None),
        PatternFill("solid", style["fill"]) if style["fill"] else PatternFill(),
        Border(**sides),
        Alignment(style["horizontal"], style["vertical"], style["rotation"], style["wrap"], style["shrink"],
                  style["indent"]),
        Protection(style["locked"]),
    )  # fmt: skip
    return (*(shared.setdefault(item, item) for item in found), style["number_format"])


def main(inputs: str, spec: str, output: str, option: str = "") -> None:
    sums = read(Path(inputs)).groupby(["activity", "number"])["amount"].sum()
    write(load(spec), sums.to_dict(), Path(output), named=option == "--named")


if __name__ == "__main__":
    main(*sys.argv[1:])
