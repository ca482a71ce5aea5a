"""The floor: below it no program of these libraries can go that reads these inputs and writes this workbook.

    python benchmarks/floor.py INPUTS SPEC OUTPUT.xlsx MODULES

One process that imports the third-party modules which a merge imports (MODULES lists them, one a line, as a merge had
them in sys.modules at its end), reads every cell of every sheet of the inputs with python-calamine, and writes the
cells of the spec with XlsxWriter, each formula with its value, with the same formats, merged cells, widths and heights.
It recognises, checks and computes nothing, and draws no charts.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook
from spec import Spec, Style, load
from xlsxwriter import Workbook

_LINES = {
    "thin": 1, "medium": 2, "dashed": 3, "dotted": 4, "thick": 5, "double": 6, "hair": 7, "mediumDashed": 8,
    "dashDot": 9, "mediumDashDot": 10, "dashDotDot": 11, "mediumDashDotDot": 12, "slantDashDot": 13,
}  # fmt: skip
_VERTICAL = {"center": "vcenter", "justify": "vjustify", "distributed": "vdistributed"}
_HORIZONTAL = {"centerContinuous": "center_across"}


def read(folder: Path) -> int:
    """Reads all; the number of cells that hold something."""
    count = 0
    for path in sorted(folder.glob("*.xlsx")):
        book = CalamineWorkbook.from_path(str(path))
        for name in book.sheet_names:
            for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False):
                count += len(row) - row.count("")
    return count


def write(spec: Spec, target: str) -> None:
    options = {"strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    book: Any = Workbook(target, options)
    formats = [book.add_format(_properties(style)) for style in spec["styles"]]
    for described in spec["sheets"]:
        sheet = book.add_worksheet(described["name"])
        for first, last, width in described["widths"]:
            sheet.set_column(first - 1, last - 1, width)
        for row, height in described["heights"].items():
            sheet.set_row(row - 1, height)
        for row1, column1, row2, column2 in described["merges"]:
            sheet.merge_range(row1 - 1, column1 - 1, row2 - 1, column2 - 1, "")
        for row, column, value, formula, style, _ in described["cells"]:
            own = formats[style]
            if formula is not None:
                sheet.write_formula(row - 1, column - 1, formula, own, "" if value is None else value)
            elif value is None:
                sheet.write_blank(row - 1, column - 1, None, own)
            elif isinstance(value, str):
                sheet.write_string(row - 1, column - 1, value, own)
            elif isinstance(value, bool):
                sheet.write_boolean(row - 1, column - 1, value, own)
            else:
                sheet.write_number(row - 1, column - 1, value, own)
    book.close()


def _properties(style: Style) -> dict[str, Any]:
    found: dict[str, Any] = {
        "font_name": style["font"], "font_size": style["size"], "bold": style["bold"], "italic": style["italic"],
        "underline": int(style["underline"]), "num_format": style["number_format"], "text_wrap": style["wrap"],
        "indent": style["indent"], "rotation": style["rotation"], "shrink": style["shrink"], "locked": style["locked"],
    }  # fmt: skip
    if style["colour"]:
        found["font_color"] = "#" + style["colour"]
    if style["fill"]:
        found |= {"pattern": 1, "bg_color": "#" + style["fill"]}
    if style["horizontal"] and style["horizontal"] != "general":
        found["align"] = _HORIZONTAL.get(style["horizontal"], style["horizontal"])
    if style["vertical"] and style["vertical"] != "bottom":
        found["valign"] = _VERTICAL.get(style["vertical"], style["vertical"])
    for name, (line, colour) in style["border"].items():
        found[name] = _LINES[line]
        if colour:
            found[f"{name}_color"] = "#" + colour
    return found


def main(inputs: str, spec: str, output: str, modules: str) -> None:
    for name in Path(modules).read_text(encoding="utf-8").split():
        importlib.import_module(name)
    read(Path(inputs))
    write(load(spec), output)


if __name__ == "__main__":
    main(*sys.argv[1:])
