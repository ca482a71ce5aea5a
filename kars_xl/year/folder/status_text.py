"""The state of the round as a table for a terminal of 80 to 120 columns."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from kars_xl.base.money import format_tl
from kars_xl.findings.severity import SEVERITIES
from kars_xl.year.folder.status import Status, UnitStatus
from kars_xl.year.folder.status_words import NOT_SENT, details, other_text, plain, rivalry, sums

NARROW, WIDE = 80, 120
_BAR = 8
_NAME = 40
_NAME_LINES = 3
# Revision, errors, warnings, advice.
_COUNTS = (("Rev.", 4), ("Hata", 5), ("Uyarı", 6), ("Öneri", 6))
_FILLED = _BAR + 6


def status_text(status: Status, base: str, width: int = 100) -> str:
    """The table, then files of no unit, then the sums; lines no wider than `width` as far as amounts allow."""
    lines = [plain(status.title), ""] if status.title else []
    table = _Table(status, base, max(NARROW, min(width, WIDE)))
    lines += table.lines()
    if status.others:
        lines += ["", "Öteki dosyalar", *table.others()]
    names = [name for name, _ in sums(status)]
    column = max(map(len, names)) + 2
    lines += ["", *(f"{name:<{column}}{value}" for name, value in sums(status))]
    return "\n".join(line.rstrip() for line in lines)


def bar(filled: int, activities: int) -> str:
    """Filled activities as blocks: full only where all are, and not empty where one is."""
    if not activities:
        return ""
    full = filled * _BAR // activities
    full = max(full, 1) if filled else 0
    return "█" * full + "░" * (_BAR - full)


class _Table:
    def __init__(self, status: Status, base: str, width: int) -> None:
        self.status, self.base = status, base
        self.units = [*status.units, *status.strangers]
        amounts = [format_tl(unit.kurus) for unit in (*self.units, *filter(None, [status.finance]))]
        self.amount = max(10, *map(len, amounts)) if amounts else 10
        self.right = sum(size for _, size in _COUNTS) + 2 + _FILLED + 1 + self.amount
        self.name = min(_NAME, width - self.right - 1)
        self.width = self.name + 1 + self.right

    def lines(self) -> Iterator[str]:
        heads = "".join(f"{name:>{size}}" for name, size in _COUNTS)
        yield f"{'Birim':<{self.name}} {heads}  {'Faaliyet':<{_FILLED}} {'Tutar (TL)':>{self.amount}}"
        yield "─" * self.width
        for unit in self.status.units:
            yield from self._unit(unit)
        if self.status.finance is not None:
            yield from self._unit(self.status.finance)
        if self.status.strangers:
            yield "─" * self.width
            yield "Planda olmayan birimler"
            for unit in self.status.strangers:
                yield from self._unit(unit)
        if not self.units and self.status.finance is None:
            yield "Henüz form yok."
        yield "─" * self.width

    def _unit(self, unit: UnitStatus) -> Iterator[str]:
        """The name, on as many lines as it needs, with the figures beside it; below what else is to be said."""
        names = wrap(plain(unit.name), self.name, max_lines=_NAME_LINES, placeholder=" …") or [""]
        yield f"{names[0]:<{self.name}} {self._figures(unit)}"
        yield from names[1:]
        yield from self._wrapped(" · ".join(details(unit, self.base)), "  ")
        if problem := rivalry(unit):
            yield from self._wrapped(problem, "  ! ")

    def _wrapped(self, text: str, indent: str) -> list[str]:
        inner = " " * len(indent)
        return wrap(text, self.width, initial_indent=indent, subsequent_indent=inner, break_on_hyphens=False)

    def _figures(self, unit: UnitStatus) -> str:
        size = sum(size for _, size in _COUNTS)
        counts = f"  {NOT_SENT}".ljust(size)
        if unit.sent:
            cells = [str(unit.forms[0].revision), *(str(unit.count(severity) or "-") for severity in SEVERITIES)]
            counts = "".join(f"{cell:>{width}}" for cell, (_, width) in zip(cells, _COUNTS, strict=True))
        filled = f"{bar(unit.filled, unit.activities)} {unit.filled}/{unit.activities}" if unit.activities else ""
        return f"{counts}  {filled:<{_FILLED}} {format_tl(unit.kurus):>{self.amount}}"

    def others(self) -> Iterator[str]:
        for other in self.status.others:
            name, said = other_text(other, self.base)
            yield from self._wrapped(f"{name}: {said}" if said else name, "  • ")
