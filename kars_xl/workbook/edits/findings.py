"""What somebody changed in the workbook after it was written, as findings: one for each cause."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby
from pathlib import PurePath

from kars_xl.base.place import Place
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
    # Where something was edited, other results follow from it and are no edits of their own.
    results = [] if edits or structure else changed
    blocks = list(_blocks(edits or results))
    consequences = len(changed) - len(edits) if len(edits) == 1 and not structure else 0
    found = [_finding(block, consequences) for block in blocks]
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

    def alike(change: Change) -> tuple[str, str, str, int]:
        return change.pair.current.name, change.kind.name, severity(change), change.at[1]

    columns: dict[tuple[str, str, str], list[Block]] = {}
    for key, group in groupby(sorted(edits, key=lambda change: (alike(change), change.at[0])), key=alike):
        runs: list[Block] = []
        for change in group:
            if runs and change.rank == runs[-1][-1].rank + 1:
                runs[-1].append(change)
            else:
                runs.append([change])
        columns.setdefault(key[:3], []).extend(runs)
    for runs in columns.values():
        # Runs over the same rows, by column, until there is a gap.
        runs.sort(key=lambda run: ([change.at[0] for change in run], run[0].at[1]))
        block: Block = []
        last: Block = []
        for run in runs:
            beside = last and [c.at[0] for c in last] == [c.at[0] for c in run] and run[0].at[1] == last[0].at[1] + 1
            if not beside:
                yield from _whole_or_single(block)
                block = []
            block += run
            last = run
        yield from _whole_or_single(block)


def _whole_or_single(block: Block) -> Iterator[Block]:
    if len(block) >= _BLOCK:
        yield sorted(block, key=lambda change: change.at)
    else:
        yield from ([change] for change in block)


def severity(change: Change) -> str:
    """A formula or a figure is an error, a wording a warning, what was only added an advice if it is no number."""
    if change.kind in (Kind.OVERWRITTEN, Kind.REWRITTEN, Kind.FORMULA_CLEARED):
        return ERROR
    if change.kind is Kind.ADDED:
        return ADVICE if change.current is not None and isinstance(change.current.value, str) else WARNING
    return ERROR if change.is_figure else WARNING


def _finding(block: Block, consequences: int) -> Finding:
    first = block[0]
    places = [Place(first.pair.current.file, first.pair.current.name, *change.at) for change in block]
    code = "KX602" if first.kind in (Kind.OVERWRITTEN, Kind.REWRITTEN, Kind.FORMULA_CLEARED) else "KX601"
    facts, values = described(block, consequences)
    return finding(code, places[0], severity=severity(first), values=values, related=places[1:], **facts)


def described(block: Sequence[Change], consequences: int) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """(facts for the sentence, values for machines) of changes of one kind; several are shown by the first of them.

    `consequences` is the number of other formulas whose results followed.
    """
    first = block[0]
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
    return {"what": what, "found": found, "expected": expected, "more": more}, values


def _what(change: Change) -> str:
    written, current = change.written, change.current
    now = "formül" if current is not None and current.formula is not None else _noun(current).lower()
    was = _noun(written)
    return {
        Kind.OVERWRITTEN: f"Formülün üzerine {now} yazılmış",
        Kind.REWRITTEN: "Formül değiştirilmiş",
        Kind.FORMULA_CLEARED: "Formül silinmiş",
        Kind.RESULT: "Formülün sonucu değişmiş",
        Kind.VALUE: f"{was} değiştirilmiş",
        Kind.CLEARED: f"{was} silinmiş",
        Kind.FORMULA_TYPED: f"{was} silinip yerine formül yazılmış",
        Kind.ADDED: f"Boş hücreye {now} yazılmış",
    }[change.kind]


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
    rows, columns = [change.at[0] for change in block], [change.at[1] for change in block]
    first, last = Place("", "", min(rows), min(columns)), Place("", "", max(rows), max(columns))
    return f"{first.cell}:{last.cell}"


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
