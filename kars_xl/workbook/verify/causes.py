"""Which cell of the template is to blame: of all cells that differ, those whose own inputs are right."""

from __future__ import annotations

import re
from collections.abc import Iterable

from kars_xl.base.place import Place, cell_at, column_number
from kars_xl.findings.catalogue import finding
from kars_xl.findings.finding import Finding
from kars_xl.template.laid import LaidCell, Layout
from kars_xl.workbook.verify.figures import Difference

Address = tuple[str, int, int]

_REFERENCE = re.compile(
    r"(?:(?:'((?:[^']|'')+)'|([\w.]+))!)?\$?([A-Z]{1,3})\$?(\d{1,7})(?::\$?([A-Z]{1,3})\$?(\d{1,7}))?(?![\w(])"
)


def explain(layout: Layout, template: str, differences: Iterable[Difference]) -> list[Finding]:
    """KX504 at the template's cells, one for each; what only follows from another difference is left out."""
    cells: dict[Address, tuple[LaidCell, Difference]] = {}
    sheets = {sheet.name: sheet for sheet in layout.sheets}
    for difference in differences:
        place = difference.place
        name = place.sheet
        blank = LaidCell(None, None, 0, None, f"{sheets[name].template}!A1")
        cell = sheets[name].cells.get((place.row, place.column), blank)
        cells.setdefault((name, place.row, place.column), (cell, difference))
    roots = [(cell, found) for address, (cell, found) in cells.items() if not _follows(address, cell, cells.keys())]
    by_origin: dict[str, list[Difference]] = {}
    for cell, found in roots or list(cells.values()):
        by_origin.setdefault(cell.origin, []).append(found)
    return [_finding(template, origin, found) for origin, found in by_origin.items()]


def _follows(address: Address, cell: LaidCell, wrong: Iterable[Address]) -> bool:
    """Whether the cell's formula reads another wrong cell."""
    if not cell.formula:
        return False
    areas = list(_areas(cell.formula, address[0]))
    return any(
        other != address
        and any(s == other[0] and r1 <= other[1] <= r2 and c1 <= other[2] <= c2 for s, r1, c1, r2, c2 in areas)
        for other in wrong
    )


def _areas(formula: str, sheet: str) -> Iterable[tuple[str, int, int, int, int]]:
    """(sheet, first row, first column, last row, last column) of each reference in a formula."""
    for quoted, plain, column, row, last_column, last_row in _REFERENCE.findall(formula):
        name = quoted.replace("''", "'") or plain or sheet
        first = column_number(column)
        yield name, int(row), first, int(last_row or row), column_number(last_column) if last_column else first


def _finding(template: str, origin: str, found: list[Difference]) -> Finding:
    sheet, _, address = origin.rpartition("!")
    place = Place(template, sheet, *(cell_at(address) or ()))
    first = found[0]
    output = f"{first.place.sheet} ▸ {first.place.cell}"
    more = f" ve {len(found) - 1} hücrede daha" if len(found) > 1 else ""
    return finding(
        "KX504",
        place,
        key=first.what,
        what=first.what,
        found=first.found,
        expected=first.expected,
        output=output + more,
    )
