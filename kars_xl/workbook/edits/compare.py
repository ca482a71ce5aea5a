"""The cells of a changed workbook against what was written, each where it stands now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from kars_xl.reading.grid.cells import Cell
from kars_xl.workbook.edits.match import Matching, Pair, plain_text, same_number
from kars_xl.workbook.edits.record import WrittenCell
from kars_xl.workbook.edits.spelling import Formulas


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
