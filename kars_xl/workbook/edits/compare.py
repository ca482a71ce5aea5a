"""The cells of a changed workbook against what was written, each where it stands now."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Set
from decimal import Decimal
from enum import Enum
from functools import lru_cache, partial

from msgspec import Struct
from openpyxl.formula.tokenizer import Token, Tokenizer, TokenizerError

from kars_xl.base.place import Place
from kars_xl.reading.grid.cells import Cell, Unknown
from kars_xl.template.formula.formula import LAST_COLUMN, LAST_ROW, excel_spelling, parse_reference
from kars_xl.workbook.edits.match import Axis, Matching, Pair, Span, plain_text, same_number

# Names a reference: sheet (None: the formula's own), rows and columns (None: all).
Refer = Callable[[str | None, Span | None, Span | None], str]

_GONE = "#REF!"


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


class Change(Struct, frozen=True):
    """A changed cell, at its current place. Changes in a column whose ranks follow are neighbours: formulas, numbers
    and texts as written are ranked each among themselves."""

    kind: Kind
    place: Place
    rank: int
    written: Cell | None
    current: Cell | None

    @property
    def is_figure(self) -> bool:
        """Whether the figure that was written is another now."""
        was, now = (cell and cell.value for cell in (self.written, self.current))
        return isinstance(was, Decimal) and not (isinstance(now, Decimal) and same_number(was, now))


def changes(matching: Matching, *, formulas: bool = True) -> Iterator[Change]:
    """All changed cells but those of deleted and inserted lines; `formulas` False: the file's kind tells none."""
    compared = Formulas(matching)
    for pair in matching.pairs:
        yield from _sheet(pair, compared if formulas else None)


def unlike_written(matching: Matching, odd: Set[tuple[str, int, int]]) -> Iterator[tuple[Cell, Cell, str, str]]:
    """(as written, as it is, what is seen, why it is not that) of cells that hold what was written and don't show it,
    but those (`odd`) of which the template wanted it so."""
    for pair in matching.pairs:
        for (row, column), written in pair.written.cells.items():
            now, beside = pair.rows[0].current(row), pair.columns[0].current(column)
            current = pair.current.cells.get((now, beside)) if now and beside else None
            if current is None or (pair.written.name, row, column) in odd:
                continue
            shown, why = current.seen(money=written.number_format == "0.00")
            if why:
                yield written, current, shown, why


def _sheet(pair: Pair, formulas: "Formulas | None") -> Iterator[Change]:
    rows, columns, cells = pair.rows[0], pair.columns[0], pair.current.cells
    start = Place(pair.current.file, pair.current.name)
    ranks: Counter[tuple[int, object]] = Counter()
    seen: set[tuple[int, int]] = set()
    for (row, column), written in pair.written.cells.items():
        now, beside = rows.current(row), columns.current(column)
        if now is None or beside is None:
            continue
        seen.add((now, beside))
        peers = beside, True if written.formula is not None else type(written.value)
        ranks[peers] += 1
        current = _filled(cells.get((now, beside)))
        kind = _formula(pair, written, current, formulas) if written.formula is not None else _value(written, current)
        if kind is not None:
            yield Change(kind, start._replace(row=now, column=beside), ranks[peers], written, current)
    for at, cell in cells.items():
        inserted = rows.written(at[0]) is None or columns.written(at[1]) is None
        if at not in seen and not inserted and (current := _filled(cell)) is not None:
            yield Change(Kind.ADDED, start._replace(row=at[0], column=at[1]), at[0], None, current)


def _filled(cell: Cell | None) -> Cell | None:
    """The cell, if it holds anything that can be seen."""
    seen = cell is not None and (cell.formula is not None or (cell.value is not None and cell.text.strip()))
    return cell if seen else None


def _formula(pair: Pair, written: Cell, current: Cell | None, formulas: "Formulas | None") -> Kind | None:
    assert written.formula is not None
    if formulas is not None:
        if current is None:
            return Kind.FORMULA_CLEARED
        if current.formula is None:
            return Kind.OVERWRITTEN
        if not formulas.same(pair, written.formula, current.formula):
            return Kind.REWRITTEN
    was, now = written.value, current.value if current is not None else None
    # Where nobody has computed the formula there is nothing to compare; .xls has no results that are texts.
    if now is None or isinstance(now, Unknown) or (formulas is None and not isinstance(was, Decimal)):
        return None
    if isinstance(was, Decimal) and isinstance(now, Decimal):
        # Results of two engines: their sums of binary numbers differ in the last digits.
        same = abs(was - now) <= Decimal("1e-9") + abs(was) * Decimal("1e-12")
    else:
        same = (was or "") == now or str(was) == str(now)
    return None if same else Kind.RESULT


def _value(written: Cell, current: Cell | None) -> Kind | None:
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


def canonical(formula: str, refer: Refer) -> str:
    """The formula without blanks and $, names in capitals, numbers alike, its references as `refer` names them."""
    return "".join(_spelt(token, refer) for token in _tokens("=" + excel_spelling(formula)))


@lru_cache(maxsize=1 << 10)
def _tokens(formula: str) -> list[Token]:
    """What can't be read is one token."""
    try:
        return [token for token in Tokenizer(formula).items if token.type != Token.WSPACE]
    except (TokenizerError, IndexError):
        return [Token("".join(formula.upper().split()), Token.LITERAL)]


def _spelt(token: Token, refer: Refer) -> str:
    text = str(token.value)
    if token.subtype == Token.TEXT:
        return text
    if token.subtype == Token.NUMBER:
        return repr(float(text))  # as many digits as any program keeps
    if token.type == Token.OPERAND and _GONE in text:
        return _GONE
    ref = parse_reference(text) if token.subtype == Token.RANGE else None
    # Another workbook and several sheets are no sheet of ours.
    if ref is None or {"[", ":"} & set(ref.sheet or ""):
        return text.upper().removeprefix("_XLFN.").removeprefix("_XLWS.")
    return refer(ref.sheet, _span(ref.row1, ref.row2, LAST_ROW), _span(ref.col1, ref.col2, LAST_COLUMN))


def _span(first: int | None, last: int | None, end: int) -> Span | None:
    """Rows or columns of a reference; None for all of them, however they are written (A:A, A1:A1048576)."""
    return None if first is None or last is None or (first, last) == (1, end) else (first, last)


class Formulas:
    """Compares formulas of a matched workbook."""

    def __init__(self, matching: Matching) -> None:
        self._moved = matching.moved
        self._pairs = {pair.written.name.casefold(): pair for pair in matching.pairs}
        # Which axis is taken of which axes: as matched, or in another reading of one sheet's rows or columns.
        self._readings: list[dict[int, Axis]] = [{}]
        for axes in (axes for pair in matching.pairs for axes in (pair.rows, pair.columns)):
            self._readings += [{id(axes): axis} for axis in axes[1:]]
        self._present = {it.name.casefold() for it in (*(pair.current for pair in matching.pairs), *matching.added)}

    def same(self, pair: Pair, written: str, current: str) -> bool:
        """Whether `current` is what became of `written` by the moves of sheets, rows and columns alone."""
        if not self._moved and written == current.removeprefix("="):
            return True

        def as_it_is(sheet: str | None, rows: Span | None, columns: Span | None) -> str:
            name = (sheet or pair.current.name).casefold()
            return _key(name, rows, columns) if name in self._present else _GONE

        readings = (canonical(written, partial(self._moved_along, pair, reading)) for reading in self._readings)
        return canonical(current, as_it_is) in readings

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
