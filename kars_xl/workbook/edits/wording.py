"""The facts of a changed cell, or of a block of them, in Turkish."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from kars_xl.base.place import Place
from kars_xl.base.text import lower
from kars_xl.reading.grid.cells import Cell, ExcelError
from kars_xl.workbook.edits.compare import Change, Kind
from kars_xl.workbook.edits.record import WrittenCell
from kars_xl.workbook.edits.shown import both, formula_text


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
