"""What somebody changed in the workbook after it was written, as findings: one for each cause."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import groupby
from pathlib import PurePath
from typing import TypeVar

from kars_xl.base.place import Place, a1
from kars_xl.base.text import lower
from kars_xl.findings.catalogue import ADVICE, ERROR, WARNING, finding
from kars_xl.findings.finding import Finding
from kars_xl.reading.grid.cells import Cell, ExcelError, Grid
from kars_xl.workbook.edits.compare import Change, Kind, changes
from kars_xl.workbook.edits.match import match
from kars_xl.workbook.edits.record import DamagedRecord, WrittenCell, read_record
from kars_xl.workbook.edits.structure import both, formula_text, moves

# From this many cells in a block on, they are said once.
_BLOCK = 4

Block = list[Change]
T = TypeVar("T")


def changes_since_written(grid: Grid) -> list[Finding] | None:
    """KX601, KX602, KX604 for every change since kars-xl wrote the workbook, KX605 where that can't be told.

    None: kars-xl did not write it, or its record was deleted.
    """
    try:
        record = read_record(grid)
    except DamagedRecord as error:
        return [finding("KX605", Place(grid.file), extent="denetlenemedi", reason=str(error))]
    if record is None:
        return None
    matching = match(record, grid)
    readable = PurePath(grid.file).suffix.lower() != ".xls" or any(
        cell.formula is not None for sheet in grid.sheets for cell in sheet.cells.values()
    )
    changed = list(changes(matching, formulas=readable))
    edits = [change for change in changed if change.kind is not Kind.RESULT]
    structure = list(moves(matching, grid.file))
    consequences = len(changed) - len(edits) if len(edits) == 1 and not structure else 0
    # Where something was edited, other results follow from it and are no edits of their own.
    told = edits if edits or structure else changed
    found = [_finding(block, consequences) for block in _blocks(told)]
    if not readable:
        extent, reason = "tam denetlenemedi", "bu dosya türünde formüller okunamıyor, yalnız değerler karşılaştırıldı"
        structure.append(finding("KX605", Place(grid.file), severity=WARNING, extent=extent, reason=reason))
    order = {sheet.name: at for at, sheet in enumerate(grid.sheets)}
    return sorted(
        [*structure, *found],
        key=lambda item: (order.get(item.place.sheet, -1), item.place.row, item.place.column),
    )


def _blocks(edits: Sequence[Change]) -> Iterator[Block]:
    """Changes of one kind in neighbouring cells: first down each column, then columns of the same rows side by side."""

    def alike(change: Change) -> tuple[str, str, str]:
        return change.pair.current.name, change.kind.name, severity(change)

    def rows(run: Block) -> list[int]:
        return [change.at[0] for change in run]

    for _, group in groupby(sorted(edits, key=lambda change: (alike(change), change.at[::-1])), key=alike):
        runs = _runs(group, lambda last, change: last.at[1] == change.at[1] and last.rank + 1 == change.rank)
        columns = sorted(runs, key=lambda run: (rows(run), run[0].at[1]))
        for beside in _runs(columns, lambda a, b: rows(a) == rows(b) and a[0].at[1] + 1 == b[0].at[1]):
            block = [change for run in beside for change in run]
            if len(block) >= _BLOCK:
                yield sorted(block, key=lambda change: change.at)
            else:
                yield from ([change] for change in block)


def _runs(items: Iterable[T], follows: Callable[[T, T], bool]) -> list[list[T]]:
    """The items in their order, cut where one does not follow the one before."""
    runs: list[list[T]] = []
    for item in items:
        if runs and follows(runs[-1][-1], item):
            runs[-1].append(item)
        else:
            runs.append([item])
    return runs


def severity(change: Change) -> str:
    """A formula or a figure is an error, a wording a warning, what was only added an advice if it is no number."""
    if change.kind.loses_formula:
        return ERROR
    if change.kind is Kind.ADDED:
        return ADVICE if change.current is not None and isinstance(change.current.value, str) else WARNING
    return ERROR if change.is_figure else WARNING


def _finding(block: Block, consequences: int) -> Finding:
    """Changes of one kind, shown by the first of them; `consequences` other formulas' results followed."""
    first = block[0]
    places = [Place(first.pair.current.file, first.pair.current.name, *change.at) for change in block]
    expected, found = _texts(first)
    what, more = _what(first), ""
    values = _values(first)
    if len(block) > 1:
        what = f"{len(block)} hücrede ({_range(block)}) {lower(what[0])}{what[1:]}, ilki"
        values.append(("count", str(len(block))))
        changed = sum(change.is_figure for change in block)
        if first.kind is Kind.OVERWRITTEN and changed:
            more = f" {changed} hücrede rakam da değişmiş."
    if consequences:
        more += f" Buna bağlı {consequences} formülün sonucu değişmiş."
    facts = {"what": what, "found": found, "expected": expected, "more": more}
    code = "KX602" if first.kind.loses_formula else "KX601"
    return finding(code, places[0], severity=severity(first), values=values, related=places[1:], **facts)


def _what(change: Change) -> str:
    current = change.current
    now = "formül" if current is not None and current.formula is not None else _noun(current).lower()
    return change.kind.value.format(was=_noun(change.written), now=now)


def _noun(cell: WrittenCell | Cell | None) -> str:
    value = cell.value if cell is not None else None
    if isinstance(value, Decimal):
        return "Tarih" if isinstance(cell, Cell) and cell.is_date else "Sayı"
    return "Metin" if isinstance(value, str) else "Değer"


def _texts(change: Change) -> tuple[str, str]:
    """(as written, as it stands now), formulas with their results."""
    written, current = change.written, change.current
    expected, found = both(written, current)
    if written is not None and written.formula is not None:
        expected = f"{formula_text(written.formula)} (sonucu {expected})"
    if current is not None and current.formula is not None:
        found = f"{formula_text(current.formula)} (sonucu {found})"
    return expected, found


def _range(block: Sequence[Change]) -> str:
    rows, columns = zip(*(change.at for change in block), strict=True)
    return f"{a1(min(rows), min(columns))}:{a1(max(rows), max(columns))}"


def _values(change: Change) -> list[tuple[str, str]]:
    written, current = change.written, change.current
    values = [("expected", _machine(written)), ("found", _machine(current))]
    if written is not None and written.formula is not None:
        values.append(("expected_formula", "=" + written.formula))
    if current is not None and current.formula is not None:
        values.append(("found_formula", "=" + current.formula.removeprefix("=")))
    return values


def _machine(cell: WrittenCell | Cell | None) -> str:
    value = cell.value if cell is not None else None
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, ExcelError):
        return value.text
    return "" if value is None else str(value)
