"""Figures table against table: what each activity costs (KX301), and the shares beside it (KX307)."""

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from itertools import chain, product
from typing import Any, NamedTuple

from kars_xl.base.money import format_decimal, format_tl, to_tl
from kars_xl.checking.book import IN, PARTS, Book, Entry, Figure, cost_figure, kurus_of, parts_of
from kars_xl.checking.tables.totals import cost_faults
from kars_xl.findings.finding import ADVICE, Finding, amounts, finding
from kars_xl.reading.labels import display_name
from kars_xl.reading.tables import AMOUNTS, ShareCell, SummaryRow, SummaryTable

_PART = {"total": "", "budget": " (bütçe)", "extra": " (bütçe dışı)"}
_PARTS = ("bütçe", "bütçe dışı", "toplam")
# Shares that a workbook computes have all the digits that binary numbers hold.
_BINARY_NOISE = Decimal("1e-9")
_SHOWN = Decimal("0.01")


def check_amounts(book: Book) -> Iterator[Finding]:
    """KX301, at most one an activity, at the table alone with its figure; of a formula in a merge KX108, KX127."""
    for entry in book.held():
        if book.recomputed and any(parts_of(table) is None for table in entry.costs):
            continue
        figures = entry.figures()
        # A total that no cell says is held last: what it differs by is said at the part itself.
        unsaid = [part for part in PARTS if any(figure.cells and part not in figure.cells for figure in figures)]
        for part in sorted(PARTS, key=unsaid.__contains__):
            given = [figure for figure in figures if figure.part(part) is not None]
            if len({figure.part(part) for figure in given}) > 1:
                yield from _difference(book, entry, given, part)
                break


def _difference(book: Book, entry: Entry, figures: list[Figure], part: str) -> Iterator[Finding]:
    # The figure that is doubted, and those it is held against: the majority, else the cost table's, where it is made.
    ((value, count),) = Counter(figure.part(part) for figure in figures).most_common(1)
    if count == 1:
        value = next((figure.part(part) for figure in figures if figure.table == "FMT"), figures[-1].part(part))
    odd = next(figure for figure in figures if figure.part(part) != value)
    others = [figure for figure in figures if figure is not odd]
    found, expected = odd.part(part) or 0, others[0].part(part) or 0
    facts = amounts(found, expected) | {"table": odd.table, "key": entry.code}
    facts["related"] = [other.at(part) for other in others]
    if book.recomputed and part in odd.cells and odd.cells[part].formula:
        if not _is_explained(book, entry, found):
            yield finding("KX127" if found > expected else "KX108", odd.at(part), what=f"{entry.code} tutarı", **facts)
        return
    table_b = " ve ".join(IN[other.table] for other in others)
    if len({other.part(part) for other in others}) > 1:
        table_b = f"{IN[others[1].table]} {format_tl(others[1].part(part))}, {IN[others[0].table]}"
    facts["values"] += [(figure.table, str(to_tl(figure.part(part) or 0))) for figure in figures]
    facts |= {"label": entry.name, "table_a": IN[odd.table] + _PART[part], "table_b": table_b}
    yield finding("KX301", odd.at(part), **facts)


def _is_explained(book: Book, entry: Entry, kurus: int) -> bool:
    """Whether a formula differs only because of what is said of the cost table that it points to."""
    one_of_several = len(entry.costs) > 1 and any(cost_figure(table).total == kurus for table in entry.costs)
    told = (book.is_spoiled("FMT", it.place.file, entry.code) or cost_faults(book, it) for it in entry.costs)
    return one_of_several or any(told)


class _Share(NamedTuple):
    """A share as printed, and what the activity costs (kuruş): by the amount beside it, and by other tables."""

    row: SummaryRow
    part: int
    cell: ShareCell
    percent: Decimal
    amounts: tuple[int, ...]


class _Way(NamedTuple):
    """How a group of rows has its shares: of which base (name, columns' totals in kuruş), rounded how, to what."""

    base: str
    totals: Sequence[int]
    rounding: str
    units: frozenset[Decimal]

    def share(self, part: int, kurus: int) -> Decimal:
        return Decimal(kurus) * 100 / Decimal(self.totals[part]) if self.totals[part] else Decimal(0)

    def fits(self, share: _Share, amounts: Sequence[int]) -> bool:
        exact = [self.share(share.part, kurus) for kurus in amounts]
        shown = [*exact, *(value.quantize(unit, rounding=self.rounding) for unit in self.units for value in exact)]
        return any(abs(percent - share.percent) <= _BINARY_NOISE for percent in shown)


def check_shares(book: Book) -> Iterator[Finding]:
    """KX307 for shares that fit no amount; as advice where the activities' base is not that of the totals."""
    by_row = {id(row): entry for entry in book.entries.values() for row in entry.summaries}
    for table in book.summaries:
        rows = [share for row in table.rows for share in _shares(row, by_row.get(id(row)))]
        totals = [share for row in table.totals.values() for share in _shares(row, None)]
        of_rows, of_totals = (_way(group, table) for group in (rows, totals))
        for way, share in chain(product([of_rows], rows), product([of_totals], totals)):
            # What fits the amount that another table gives is right itself: the amount is at fault (KX301).
            if way and not way.fits(share, share.amounts):
                yield _misfit(share, way)
        if of_rows and of_totals and of_rows.base != of_totals.base:
            statement = f"tabloda iki ayrı taban var; faaliyetlerin payı “{of_rows.base}” tutarına göre, "
            statement += f"toplam satırlarının payı “{of_totals.base}” tutarına göre"
            values = [("base_of_activities", of_rows.base), ("base_of_totals", of_totals.base)]
            place, *related = [share.cell.place for share in (*rows[:1], *totals)]
            facts: Any = {"severity": ADVICE, "values": values, "related": related, "statement": statement}
            yield finding("KX307", place, table="İPT", key="PAY (%)", **facts)


def _shares(row: SummaryRow, entry: Entry | None) -> Iterator[_Share]:
    figures = entry.figures() if entry else []
    for part, (cell, name) in enumerate(zip(row.shares, AMOUNTS, strict=True)):
        kurus = kurus_of(getattr(row.amounts, name))
        if cell and cell.value and cell.value.amount is not None and kurus is not None:
            others = [other for figure in figures if (other := figure.part(name)) is not None]
            yield _Share(row, part, cell, cell.value.amount, (kurus, *others))


def _way(shares: Sequence[_Share], table: SummaryTable) -> _Way | None:
    """The base and the rounding that most of the shares fit; None where there is nothing to go by."""
    telling = [share for share in shares if share.percent]
    if not telling:
        return None
    written = [share.percent.quantize(_BINARY_NOISE).normalize() for share in telling]
    decimals = max(-int(percent.as_tuple().exponent) for percent in written)
    # A computed share has all digits, and beside it a typed one may be rounded as it is shown.
    units = frozenset({Decimal(1).scaleb(-max(decimals, 0))} | ({_SHOWN} if decimals > 2 else set()))
    printed = [label for label in ("activities_total", "grand_total") if label in table.totals]
    bases = {display_name(label): _kurus(table.totals[label]) for label in printed}
    bases["satırların toplamı"] = [sum(column) for column in zip([0] * 3, *map(_kurus, table.rows), strict=True)]
    ways = [_Way(*base, rounding, units) for base in bases.items() for rounding in (ROUND_HALF_UP, ROUND_DOWN)]
    # Of equals the first: printed totals before sums, rounding before cutting off.
    return max(ways, key=lambda way: sum(way.fits(share, share.amounts[:1]) for share in telling))


def _kurus(row: SummaryRow) -> list[int]:
    return [kurus_of(getattr(row.amounts, name)) or 0 for name in AMOUNTS]


def _misfit(share: _Share, way: _Way) -> Finding:
    exact = way.share(share.part, share.amounts[0])
    expected, shown = (percent.quantize(_SHOWN, rounding=ROUND_HALF_UP) for percent in (exact, share.percent))
    key = share.row.code or display_name(share.row.label)
    statement = f"{key} {_PARTS[share.part]} payı %{format_decimal(shown)}, "
    statement += f"tutarına göre %{format_decimal(expected)} olmalı"
    values = [("expected", str(expected)), ("found", str(share.percent)), ("base", way.base)]
    return finding("KX307", share.cell.place, table="İPT", key=key, values=values, statement=statement)
