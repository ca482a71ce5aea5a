"""Sheets, rows and columns that came or went after the workbook was written: KX604, once for each move.

A warning; where rows or columns with figures are gone an error, for the totals may lack them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TypeVar

from kars_xl.base.money import format_decimal, format_tl, to_kurus
from kars_xl.base.place import Place, column_letters
from kars_xl.findings.catalogue import ERROR, WARNING, finding
from kars_xl.findings.finding import Finding
from kars_xl.reading.grid.cells import Cell
from kars_xl.workbook.edits.align import Axis, Span
from kars_xl.workbook.edits.match import Matching, Pair, first_text
from kars_xl.workbook.edits.record import PERCENT, PLAIN, WrittenCell

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


_LONGEST = 300
_NOTHING = "boş"


def both(written: WrittenCell | None, current: Cell | None) -> tuple[str, str]:
    """(as written, as it is now); in full where rounding would make them look alike."""
    shown = written.shown if written is not None else PLAIN
    if current is not None and (written is None or not isinstance(written.value, Decimal)):
        shown = PERCENT if current.is_percent else PLAIN
    was, now = (_text(written.value if written else None, shown), current_text(current, shown))
    if was == now and written is not None and current is not None and written.value != current.value:
        return _text(written.value, shown, full=True), current_text(current, shown, full=True)
    return was, now


def current_text(cell: Cell | None, shown: str, *, full: bool = False) -> str:
    if cell is not None and cell.is_date and isinstance(cell.value, Decimal) and abs(cell.value) < 2_900_000:
        return (dt.date(1899, 12, 30) + dt.timedelta(days=int(cell.value))).strftime("%d.%m.%Y")
    return _text(cell.value if cell is not None else None, shown, full=full)


def _text(value: object, shown: str, *, full: bool = False) -> str:
    if value is None or value == "":
        return _NOTHING
    if isinstance(value, bool):
        return "DOĞRU" if value else "YANLIŞ"
    if isinstance(value, Decimal):
        return _number(value, shown, full)
    if isinstance(value, str):
        return f"“{shortened(value)}”"
    return str(getattr(value, "text", value))


def _number(value: Decimal, shown: str, full: bool) -> str:
    amount = value * 100 if shown == PERCENT else value
    text = format_decimal(amount) if full or shown == PLAIN else format_tl(to_kurus(amount)[0])
    return text + "%" if shown == PERCENT else text


def formula_text(formula: str) -> str:
    return shortened("=" + formula.removeprefix("of:").removeprefix("="))


def shortened(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
