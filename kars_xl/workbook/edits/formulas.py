"""Whether a formula is the one that was written, though it is spelt otherwise and its references moved along."""

from __future__ import annotations

from functools import partial

from kars_xl.workbook.edits.align import Axis, Span
from kars_xl.workbook.edits.match import Matching, Pair

_GONE = "#REF!"
Axes = tuple[Axis, ...]
Reading = tuple[Axes, Axis] | None  # axes, and which of them is taken


class Formulas:
    """Compares formulas of a matched workbook."""

    def __init__(self, matching: Matching) -> None:
        self._moved = matching.moved
        self._pairs = {pair.written.name.casefold(): pair for pair in matching.pairs}
        # As the sheets were matched, and with each other reading of one sheet's rows or columns.
        self._readings: list[Reading] = [None]
        for axes in (axes for pair in matching.pairs for axes in (pair.rows, pair.columns)):
            self._readings += [(axes, axis) for axis in axes[1:]]
        present = [*(pair.current for pair in matching.pairs), *matching.added]
        self._present = {sheet.name.casefold() for sheet in present}

    def same(self, pair: Pair, written: str, current: str) -> bool:
        """Whether `current` is what became of `written` by the moves of sheets, rows and columns alone."""
        if not self._moved and written == current.removeprefix("="):
            return True
        # The parser belongs to the template engine, which takes longer to import than most workbooks to compare.
        from kars_xl.workbook.edits.spelling import canonical

        found = canonical(current, partial(self._as_it_is, pair))
        readings = (canonical(written, partial(self._moved_along, pair, reading)) for reading in self._readings)
        return found in readings

    def _as_it_is(self, pair: Pair, sheet: str | None, rows: Span | None, columns: Span | None) -> str:
        name = (sheet or pair.current.name).casefold()
        return _key(name, rows, columns) if name in self._present else _GONE

    def _moved_along(
        self, pair: Pair, reading: Reading, sheet: str | None, rows: Span | None, columns: Span | None
    ) -> str:
        target = self._pairs.get(sheet.casefold()) if sheet else pair
        if target is None:
            return _GONE
        if rows is not None and (rows := _read(target.rows, reading).span(*rows)) is None:
            return _GONE
        if columns is not None and (columns := _read(target.columns, reading).span(*columns)) is None:
            return _GONE
        return _key(target.current.name.casefold(), rows, columns)


def _read(axes: Axes, reading: Reading) -> Axis:
    return reading[1] if reading is not None and reading[0] is axes else axes[0]


def _key(sheet: str, rows: Span | None, columns: Span | None) -> str:
    return f"«{sheet}!{rows}{columns}»"
