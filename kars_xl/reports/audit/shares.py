"""PAY (%) against the amounts beside it (KX307), whatever base and rounding the table uses."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import TypeVar

from rapidfuzz import fuzz

from kars_xl.base.money import format_decimal
from kars_xl.base.text import parent_code, squeeze
from kars_xl.findings.catalogue import ADVICE, finding
from kars_xl.findings.finding import Finding
from kars_xl.model.units import Unit
from kars_xl.reading.labels import display_name
from kars_xl.reading.tables import Amount, ResponsibilityRow, ShareCell, SummaryRow, SummaryTable, Text
from kars_xl.reports.audit.book import IN, Book, Entry, kurus_of

_PARTS = ("bütçe", "bütçe dışı", "toplam")
_ROUNDINGS = (ROUND_HALF_UP, ROUND_DOWN)
# Shares that a workbook computes have all the digits that binary numbers hold.
_BINARY_NOISE = Decimal("1e-9")
_SHOWN = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class _Share:
    """A share as printed, the amount beside it, and other tables' amounts of the same activity (kuruş)."""

    row: SummaryRow
    part: int
    cell: ShareCell
    percent: Decimal
    kurus: int
    others: frozenset[int]


@dataclass(frozen=True, slots=True)
class _Base:
    """What shares are of: a column's total (kuruş) and its name."""

    name: str
    kurus: int

    def share(self, kurus: int) -> Decimal:
        return Decimal(kurus) * 100 / Decimal(self.kurus) if self.kurus else Decimal(0)


@dataclass(frozen=True, slots=True)
class _Way:
    """How a group of rows has its shares: of which base (by column), rounded how and to which units."""

    bases: dict[int, _Base]
    rounding: str
    units: frozenset[Decimal]

    def fits(self, share: _Share, kurus: int) -> bool:
        exact = self.bases[share.part].share(kurus)
        shown = [exact, *(exact.quantize(unit, rounding=self.rounding) for unit in self.units)]
        return any(abs(percent - share.percent) <= _BINARY_NOISE for percent in shown)


def check_shares(book: Book) -> list[Finding]:
    """KX307 for shares that fit no amount; as advice where the activities' base is not that of the totals."""
    by_row = {id(row): entry for entry in book.entries.values() for row in entry.summaries}
    return [found for table in book.summaries for found in _table(table, by_row)]


def _table(table: SummaryTable, by_row: dict[int, Entry]) -> Iterator[Finding]:
    rows = [share for row in table.rows for share in _shares(row, by_row.get(id(row)))]
    totals = [share for row in table.totals.values() for share in _shares(row, None)]
    ways = [_way(group, table) for group in (rows, totals)]
    for group, way in zip((rows, totals), ways, strict=True):
        for share in group:
            # What fits the amount that another table gives is right itself: the amount is at fault (KX301).
            if way and not any(way.fits(share, kurus) for kurus in (share.kurus, *share.others)):
                yield _misfit(share, way.bases[share.part])
    of_rows, of_totals = ways
    if of_rows and of_totals and of_rows.bases[2].name != of_totals.bases[2].name:
        yield _two_bases(rows, totals, of_rows.bases[2].name, of_totals.bases[2].name)


def _shares(row: SummaryRow, entry: Entry | None) -> Iterator[_Share]:
    amounts = (row.amounts.budget, row.amounts.extra, row.amounts.total)
    figures = entry.figures() if entry else []
    for part, (cell, amount) in enumerate(zip(row.shares, amounts, strict=True)):
        kurus = kurus_of(amount)
        if cell is None or cell.value is None or cell.value.amount is None or kurus is None:
            continue
        others = [figure.part(("budget", "extra", "total")[part]) for figure in figures]
        known = frozenset(other for other in others if other is not None)
        yield _Share(row, part, cell, cell.value.amount, kurus, known)


def _way(shares: Sequence[_Share], table: SummaryTable) -> _Way | None:
    """The base and the rounding that most of the shares fit; None where there is nothing to go by."""
    telling = [share for share in shares if share.percent]
    if not telling:
        return None
    written = [share.percent.quantize(_BINARY_NOISE).normalize() for share in telling]
    decimals = max(-int(percent.as_tuple().exponent) for percent in written)
    # A computed share has all digits, and beside it a typed one may be rounded as it is shown.
    units = {Decimal(1).scaleb(-max(decimals, 0))} | ({_SHOWN} if decimals > 2 else set())
    by_part = [list(_bases(table, part)) for part in range(3)]
    ways = [
        _Way({part: found[number] for part, found in enumerate(by_part)}, rounding, frozenset(units))
        for number in range(len(by_part[0]))
        for rounding in _ROUNDINGS
    ]
    # Of equals the first: printed totals before sums, rounding before cutting off.
    return max(ways, key=lambda way: sum(way.fits(share, share.kurus) for share in telling))


def _bases(table: SummaryTable, part: int) -> Iterator[_Base]:
    """What a column's shares may be of: the two printed totals, else the sum of the rows."""
    for label in ("activities_total", "grand_total"):
        if label in table.totals:
            yield _Base(display_name(label), _amount(table.totals[label], part))
    yield _Base("satırların toplamı", sum(_amount(row, part) for row in table.rows))


def _amount(row: SummaryRow, part: int) -> int:
    cells: Sequence[Amount | None] = (row.amounts.budget, row.amounts.extra, row.amounts.total)
    return kurus_of(cells[part]) or 0


def _misfit(share: _Share, base: _Base) -> Finding:
    expected = base.share(share.kurus).quantize(_SHOWN, rounding=ROUND_HALF_UP)
    key = share.row.code or display_name(share.row.label)
    shown = format_decimal(share.percent.quantize(_SHOWN, rounding=ROUND_HALF_UP))
    statement = f"{key} {_PARTS[share.part]} payı %{shown}, tutarına göre %{format_decimal(expected)} olmalı"
    values = [("expected", str(expected)), ("found", str(share.percent)), ("base", base.name)]
    return finding("KX307", share.cell.place, table="İPT", key=key, values=values, statement=statement)


def _two_bases(rows: Sequence[_Share], totals: Sequence[_Share], of_rows: str, of_totals: str) -> Finding:
    statement = (
        f"tabloda iki ayrı taban var; faaliyetlerin payı “{of_rows}” tutarına göre, "
        f"toplam satırlarının payı “{of_totals}” tutarına göre"
    )
    values = [("base_of_activities", of_rows), ("base_of_totals", of_totals)]
    places = [share.cell.place for share in (*rows[:1], *totals)]
    return finding(
        "KX307",
        places[0],
        table="İPT",
        key="PAY (%)",
        severity=ADVICE,
        values=values,
        related=places[1:],
        statement=statement,
    )


_Said = TypeVar("_Said", str, Unit)
_SAME = 95.0
_OTHER = 85.0


def check_units_of(book: Book) -> list[Finding]:
    """KX304 where both tables name a unit and they are not the same."""
    found = []
    for entry in book.entries.values():
        given = units_of_costs(entry)
        for row in entry.responsibles:
            listed = _units(row.unit)
            if given and listed and listed != {unit for text in given for unit in _units(text)}:
                found.append(
                    finding(
                        "KX304",
                        row.unit.place,
                        table="SHB",
                        key=entry.code,
                        label=entry.name,
                        related=[text.place for text in given],
                        values=[("found", row.unit.value), ("expected", "; ".join(text.value for text in given))],
                        found=f"{IN['SHB']} {_line(row.unit.value)}",
                        expected=f"{IN['FMT']} {_line(chr(10).join(text.value for text in given))}",
                    )
                )
    return found


def units_of_costs(entry: Entry) -> list[Text]:
    """The units that the activity's cost tables name, blank ones left out."""
    texts = [table.heading.texts.get("responsible") for table in entry.costs]
    return [text for text in texts if text is not None and text.value]


def slipped_units(book: Book) -> dict[int, list[str]]:
    """Activities in the list of units with their neighbour's unit: that of the row below (+1) or above (-1)."""
    return _slipped(book, lambda row: _units(row.unit), _expected)


def slipped_targets(book: Book) -> dict[int, list[str]]:
    """Activities in the list of units beside which their neighbour's target is named."""

    def named(row: ResponsibilityRow) -> set[str]:
        own = _another(row.target.value, "?", book) if row.target.value else ""
        return {own} if own else set()

    return _slipped(book, named, lambda entry: {entry.target} if entry and entry.target else set())


def _slipped(
    book: Book, said: Callable[[ResponsibilityRow], set[_Said]], right: Callable[[Entry | None], set[_Said]]
) -> dict[int, list[str]]:
    by_row = {id(row): entry for entry in book.entries.values() for row in entry.responsibles}
    found: dict[int, list[str]] = {1: [], -1: []}
    for table in book.responsibilities:
        entries = [by_row.get(id(row)) for row in table.rows]
        expected = [right(entry) for entry in entries]
        for index, (row, entry) in enumerate(zip(table.rows, entries, strict=True)):
            given = said(row)
            if entry is None or not given or not expected[index] or given == expected[index]:
                continue
            for step, codes in found.items():
                if 0 <= index + step < len(expected) and given == expected[index + step]:
                    codes.append(entry.code)
    return found


def _expected(entry: Entry | None) -> set[Unit]:
    return {unit for text in units_of_costs(entry) for unit in _units(text)} if entry else set()


def _units(text: Text) -> set[Unit]:
    return set(Unit(text.value).parts)


def _line(text: str) -> str:
    return "“" + ", ".join(map(str, Unit(text).parts)) + "”"


def check_targets_of(book: Book) -> list[Finding]:
    """KX305: a code of another target, an activity in two targets' tables, another target named beside it."""
    return [found for entry in book.entries.values() for found in _of_entry(entry, book)]


def _of_entry(entry: Entry, book: Book) -> Iterator[Finding]:
    parent = parent_code(entry.code)
    if entry.target and parent != entry.target and parent in book.target_names:
        name = entry.targets[0][1].name
        yield _under(entry, "PHT", name, f"{IN['PHT']} {entry.target}, koduna göre {parent}")
    for table, row in entry.targets[1:]:
        other = table.heading.codes.get("target", "")
        if other and other != entry.target:
            yield _under(entry, "PHT", row.name, f"{entry.target} ve {other}")
    named = [("FMT", table.heading.texts.get("target")) for table in entry.costs]
    named += [("İPT", row.target) for row in entry.summaries] + [("SHB", row.target) for row in entry.responsibles]
    for where, text in named:
        if text is not None and text.value and (other := _another(text.value, entry.target, book)):
            yield _under(entry, where, text, f"{IN[where]} {other}, {IN['PHT']} {entry.target}")


def _another(text: str, own: str, book: Book) -> str:
    """The code of the target that `text` names, where it is clearly another one than the activity's own."""
    wanted = squeeze(text)
    scores = {
        code: max((fuzz.ratio(wanted, squeeze(name.value)) for name in names), default=0.0)
        for code, names in book.target_names.items()
    }
    best = max(scores, key=lambda code: scores[code], default="")
    if not own or not best or best == own or scores[best] < _SAME or scores.get(own, 0.0) > _OTHER:
        return ""
    return best


def _under(entry: Entry, table: str, text: Text, found: str) -> Finding:
    return finding("KX305", text.place, table=table, key=entry.code, label=entry.name, found=found)
