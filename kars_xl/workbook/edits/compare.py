"""The cells of a changed workbook against what was written, each where it stands now."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from functools import lru_cache, partial

from kars_xl.reading.grid.cells import Cell
from kars_xl.template.formula.formula import Call, Expression, excel_spelling
from kars_xl.template.formula.parse import FormulaParser
from kars_xl.template.formula.reference import LAST_COLUMN, LAST_ROW, Ref
from kars_xl.workbook.edits.align import Axis, Span
from kars_xl.workbook.edits.match import Matching, Pair, plain_text, same_number
from kars_xl.workbook.edits.record import WrittenCell


class Kind(Enum):
    """What happened to a cell, as it is said: `was` is what was written there, `now` what stands there."""

    OVERWRITTEN = "Formülün üzerine {now} yazılmış"
    REWRITTEN = "Formül değiştirilmiş"
    FORMULA_CLEARED = "Formül silinmiş"
    RESULT = "Formülün sonucu değişmiş"
    VALUE = "{was} değiştirilmiş"
    CLEARED = "{was} silinmiş"
    FORMULA_TYPED = "{was} silinip yerine formül yazılmış"
    ADDED = "Boş hücreye {now} yazılmış"

    @property
    def loses_formula(self) -> bool:
        """Whether the formula that was written is gone."""
        return self in (Kind.OVERWRITTEN, Kind.REWRITTEN, Kind.FORMULA_CLEARED)


@dataclass(frozen=True, slots=True)
class Change:
    """A changed cell, at (row, column) of the current sheet. Changes in a column whose ranks follow are neighbours:
    formulas, numbers and texts as written are ranked each among themselves."""

    kind: Kind
    pair: Pair
    at: tuple[int, int]
    rank: int
    written: WrittenCell | None
    current: Cell | None

    @property
    def is_figure(self) -> bool:
        """Whether the figure that was written is another now."""
        was, now = self.written, self.current
        if was is None or not isinstance(was.value, Decimal):
            return False
        return now is None or not isinstance(now.value, Decimal) or not same_number(was.value, now.value)


def changes(matching: Matching, *, formulas: bool = True) -> Iterator[Change]:
    """All changed cells sheet by sheet; of deleted and inserted rows and columns nothing. `formulas` False: the file's
    kind does not tell formulas."""
    compared = Formulas(matching)
    for pair in matching.pairs:
        yield from _sheet(pair, compared if formulas else None)


def _sheet(pair: Pair, formulas: Formulas | None) -> Iterator[Change]:
    rows, columns, cells = pair.rows[0], pair.columns[0], pair.current.cells
    ranks: Counter[tuple[int, object]] = Counter()
    seen: set[tuple[int, int]] = set()
    for (row, column), written in pair.written.cells.items():
        now = rows.current(row), columns.current(column)
        if now[0] is None or now[1] is None:
            continue
        at = now[0], now[1]
        seen.add(at)
        peers = at[1], True if written.formula is not None else type(written.value)
        ranks[peers] += 1
        current = _filled(cells.get(at))
        kind = _formula(pair, written, current, formulas) if written.formula is not None else _value(written, current)
        if kind is not None:
            yield Change(kind, pair, at, ranks[peers], written, current)
    for at, cell in cells.items():
        inserted = rows.written(at[0]) is None or columns.written(at[1]) is None
        if at not in seen and not inserted and (current := _filled(cell)) is not None:
            yield Change(Kind.ADDED, pair, at, at[0], None, current)


def _filled(cell: Cell | None) -> Cell | None:
    """The cell, if it holds anything that can be seen."""
    if cell is None or (cell.formula is None and (cell.value is None or not cell.text.strip())):
        return None
    return cell


def _formula(pair: Pair, written: WrittenCell, current: Cell | None, formulas: Formulas | None) -> Kind | None:
    assert written.formula is not None
    if formulas is not None:
        if current is None:
            return Kind.FORMULA_CLEARED
        if current.formula is None:
            return Kind.OVERWRITTEN
        if not formulas.same(pair, written.formula, current.formula):
            return Kind.REWRITTEN
    value = current.value if current is not None else None
    # Where no program has computed the formula there is nothing to compare; .xls has no results that are texts.
    if value is None or (formulas is None and not isinstance(written.value, Decimal)):
        return None
    return None if _same_result(written.value, value) else Kind.RESULT


def _same_result(written: object, current: object) -> bool:
    """Results of two engines: their sums of binary numbers differ in the last digits."""
    if isinstance(written, Decimal) and isinstance(current, Decimal):
        return abs(written - current) <= Decimal("1e-9") + abs(written) * Decimal("1e-12")
    return (written or "") == current or str(written) == str(current)


def _value(written: WrittenCell, current: Cell | None) -> Kind | None:
    if current is None:
        # A text of blanks alone can't be seen, whoever took it away.
        return None if isinstance(written.value, str) and not written.value.strip() else Kind.CLEARED
    if current.formula is not None:
        return Kind.FORMULA_TYPED
    was, now = written.value, current.value
    if isinstance(was, Decimal) and isinstance(now, Decimal):
        return None if same_number(was, now) else Kind.VALUE
    if isinstance(was, str) and isinstance(now, str):
        return None if plain_text(was) == plain_text(now) else Kind.VALUE
    return None if type(was) is type(now) and was == now else Kind.VALUE


# Names a reference: sheet (None: the formula's own), rows and columns (None: all).
Refer = Callable[[str | None, Span | None, Span | None], str]

_PARSER = FormulaParser()
_UNREADABLE = ("syntax", "placeholder", "separator")
_GONE = "#REF!"
_REFERENCE_ERROR = re.compile(r"(?:'(?:[^']|'')*'!)?[^-+*/^&=<>(),'\s]*#REF![^-+*/^&=<>(),\s]*")
_LITERAL = re.compile(r'("(?:[^"]|"")*")')
_NUMBER = re.compile(r"(?<![\w.])(?:\d+\.?\d*|\.\d+)(?:E[+-]?\d+)?(?![\w.(])", re.ASCII)


def canonical(formula: str, refer: Refer) -> str:
    """The formula without blanks and $, names in capitals, numbers alike, its references as `refer` names them."""
    formula = excel_spelling(formula)
    parsed = _PARSER.parse("=" + formula)
    if "{{" in formula or any(fault["reason"] in _UNREADABLE for fault in parsed.faults):
        return _spelt(formula)
    return _joined(parsed.pieces, refer)


def _joined(pieces: Expression, refer: Refer) -> str:
    parts = []
    for piece in pieces:
        if isinstance(piece, Ref):
            rows = _span(piece.row1, piece.row2, LAST_ROW)
            columns = _span(piece.col1, piece.col2, LAST_COLUMN)
            parts.append(refer(piece.sheet, rows, columns))
        elif isinstance(piece, Call):
            name = piece.name.removeprefix("_XLFN.").removeprefix("_XLWS.")
            parts.append(f"{name}({','.join(_joined(argument, refer) for argument in piece.arguments)})")
        elif isinstance(piece, str):
            parts.append(_spelt(piece))
    return "".join(parts)


def _span(first: int | None, last: int | None, end: int) -> Span | None:
    """Rows or columns of a reference; None for all of them, however they are written (A:A, A1:A1048576)."""
    return None if first is None or last is None or (first, last) == (1, end) else (first, last)


@lru_cache(maxsize=4096)
def _spelt(text: str) -> str:
    """What stands between references; what is quoted stays as it is."""
    parts = _LITERAL.split(text)
    for at in range(0, len(parts), 2):
        plain = "".join(_REFERENCE_ERROR.sub(_GONE, parts[at]).upper().split())
        parts[at] = _NUMBER.sub(lambda number: f"{Decimal(number[0]).normalize():e}", plain)
    return "".join(parts)


Axes = tuple[Axis, ...]


class Formulas:
    """Compares formulas of a matched workbook."""

    def __init__(self, matching: Matching) -> None:
        self._moved = matching.moved
        self._pairs = {pair.written.name.casefold(): pair for pair in matching.pairs}
        # Which axis is taken of which axes: as matched, or in another reading of one sheet's rows or columns.
        self._readings: list[dict[int, Axis]] = [{}]
        for axes in (axes for pair in matching.pairs for axes in (pair.rows, pair.columns)):
            self._readings += [{id(axes): axis} for axis in axes[1:]]
        present = [*(pair.current for pair in matching.pairs), *matching.added]
        self._present = {sheet.name.casefold() for sheet in present}

    def same(self, pair: Pair, written: str, current: str) -> bool:
        """Whether `current` is what became of `written` by the moves of sheets, rows and columns alone."""
        if not self._moved and written == current.removeprefix("="):
            return True
        found = canonical(current, partial(self._as_it_is, pair))
        readings = (canonical(written, partial(self._moved_along, pair, reading)) for reading in self._readings)
        return found in readings

    def _as_it_is(self, pair: Pair, sheet: str | None, rows: Span | None, columns: Span | None) -> str:
        name = (sheet or pair.current.name).casefold()
        return _key(name, rows, columns) if name in self._present else _GONE

    def _moved_along(self, pair: Pair, reading: Mapping[int, Axis], sheet: str | None, *spans: Span | None) -> str:
        target = self._pairs.get(sheet.casefold()) if sheet else pair
        if target is None:
            return _GONE
        now = []
        for axes, span in zip((target.rows, target.columns), spans, strict=True):
            now.append(None if span is None else reading.get(id(axes), axes[0]).span(*span))
            if span is not None and now[-1] is None:
                return _GONE
        return _key(target.current.name.casefold(), *now)


def _key(sheet: str, rows: Span | None, columns: Span | None) -> str:
    return f"«{sheet}!{rows}{columns}»"
