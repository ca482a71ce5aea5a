"""Sheets, rows and columns that came or went after the workbook was written: KX604, once for each move.

A warning; where rows or columns with figures are gone an error, for the totals may lack them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TypeVar

from kars_xl.base.addresses import column_letters
from kars_xl.base.place import Place
from kars_xl.findings.catalogue import ERROR, WARNING, finding
from kars_xl.findings.finding import Finding
from kars_xl.reading.grid.cells import Cell
from kars_xl.workbook.edits.align import Axis, Span
from kars_xl.workbook.edits.match import Matching, Pair, first_text
from kars_xl.workbook.edits.record import WrittenCell
from kars_xl.workbook.edits.shown import shortened

C = TypeVar("C")


def moves(matching: Matching, file: str) -> Iterator[Finding]:
    """The findings at the place where something is now: a sheet's at its first cell, a removed sheet's at the file."""
    for sheet in matching.removed:
        yield finding("KX604", Place(file), what=f"“{sheet.name}” sayfası silinmiş")
    for new in matching.added:
        yield finding("KX604", Place(file, new.name), what=f"“{new.name}” sayfası eklenmiş")
    for pair in matching.pairs:
        if pair.renamed:
            what = f"Sayfanın adı değiştirilmiş: kars-xl'in yazdığı “{pair.written.name}”, şimdi “{pair.current.name}”"
            yield finding("KX604", Place(file, pair.current.name), what=what)
        yield from _lines(pair, pair.rows[0], 0)
        yield from _lines(pair, pair.columns[0], 1)


def _lines(pair: Pair, axis: Axis, of: int) -> Iterator[Finding]:
    """Inserted and deleted rows (`of` 0) or columns (1)."""
    for span in axis.inserted:
        what = f"{_named(span, of)} eklenmiş{_content(_inside(pair.current.cells, span, of))}"
        yield _finding(pair, span[0], of, what, WARNING)
    for span in axis.deleted:
        gone = _inside(pair.written.cells, span, of)
        what = f"{_named(span, of)} silinmiş (numarası yazıldığındaki){_content(gone)}"
        yield _finding(pair, _after(axis, span), of, what, ERROR if any(map(_is_figure, gone)) else WARNING)


def _finding(pair: Pair, line: int, of: int, what: str, severity: str) -> Finding:
    at = (line, 1) if of == 0 else (1, line)
    return finding("KX604", Place(pair.current.file, pair.current.name, *at), severity=severity, what=what)


def _after(axis: Axis, deleted: Span) -> int:
    """The current line that stands where the deleted ones were."""
    return next(first + shift for first, _, shift in axis.runs if first > deleted[1])


def _named(span: Span, of: int) -> str:
    first, last = (str(line) if of == 0 else column_letters(line) for line in span)
    noun = ("satır", "satırlar") if of == 0 else ("sütun", "sütunlar")
    return f"{first}. {noun[0]}" if first == last else f"{first}–{last}. {noun[1]}"


def _inside(cells: Mapping[tuple[int, int], C], span: Span, of: int) -> list[C]:
    return [cell for at, cell in sorted(cells.items()) if span[0] <= at[of] <= span[1]]


def _is_figure(cell: WrittenCell) -> bool:
    return cell.formula is not None or isinstance(cell.value, Decimal)


def _content(inside: Sequence[WrittenCell | Cell]) -> str:
    """What stands (or stood) in lines: their first wording, and how many figures."""
    numbers = sum(isinstance(cell.value, Decimal) for cell in inside)
    text = shortened(first_text(inside))
    parts = ([f"“{text}”"] if text else []) + ([f"{numbers} sayı"] if numbers else [])
    return f": {', '.join(parts)}" if parts else ""
