"""Figures table against table: what each activity costs (KX301), and the shares beside it (KX307)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import NamedTuple

from kars_xl.base.money import format_decimal, format_tl, to_tl
from kars_xl.checking.book import IN, PARTS, Book, Entry, Figure, cost_figure, kurus_of, parts_of
from kars_xl.checking.tables.totals import cost_faults
from kars_xl.findings.finding import ADVICE, Finding, amounts, finding
from kars_xl.reading.labels import display_name
from kars_xl.reading.tables import Amount, ShareCell, SummaryRow, SummaryTable

_PART = {"total": "", "budget": " (bütçe)", "extra": " (bütçe dışı)"}


def check_amounts(book: Book) -> Iterator[Finding]:
    """KX301: at most one for an activity, at the table that stands alone with its figure. A formula's stored result may
    be stale, and a merge makes it anew (KX108)."""
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
    odd, others = _odd_one(figures, part)
    found, expected = odd.part(part) or 0, others[0].part(part) or 0
    facts = amounts(found, expected)
    places = [other.at(part) for other in others]
    if book.recomputed and part in odd.cells and odd.cells[part].formula:
        if not _is_explained(book, entry, found):
            what, code = f"{entry.code} tutarı", "KX127" if found > expected else "KX108"
            yield finding(code, odd.at(part), table=odd.table, key=entry.code, related=places, what=what, **facts)
        return
    if len({other.part(part) for other in others}) == 1:
        table_b = " ve ".join(IN[other.table] for other in others)
    else:
        table_b = f"{IN[others[1].table]} {format_tl(others[1].part(part))}, {IN[others[0].table]}"
    facts["values"] += [(figure.table, str(to_tl(figure.part(part) or 0))) for figure in figures]
    yield finding(
        "KX301",
        odd.at(part),
        table=odd.table,
        key=entry.code,
        label=entry.name,
        related=places,
        table_a=IN[odd.table] + _PART[part],
        table_b=table_b,
        **facts,
    )


def _is_explained(book: Book, entry: Entry, kurus: int) -> bool:
    """Whether a formula differs only because of what is said of the cost table that it points to."""
    if len(entry.costs) > 1 and any(cost_figure(table).total == kurus for table in entry.costs):
        return True
    return any(
        book.is_spoiled("FMT", table.place.file, entry.code) or cost_faults(book, table) for table in entry.costs
    )


def _odd_one(figures: list[Figure], part: str) -> tuple[Figure, list[Figure]]:
    """The figure that is doubted, and those it is held against: the majority, else the cost tables."""
    counts = Counter(figure.part(part) for figure in figures)
    value, count = counts.most_common(1)[0]
    if count == 1:
        # The cost table is where the figure is made; the others repeat it.
        value = next((figure.part(part) for figure in figures if figure.table == "FMT"), figures[-1].part(part))
    odd = next(figure for figure in figures if figure.part(part) != value)
    return odd, [figure for figure in figures if figure is not odd]


_PARTS = ("bütçe", "bütçe dışı", "toplam")
_ROUNDINGS = (ROUND_HALF_UP, ROUND_DOWN)
# Shares that a workbook computes have all the digits that binary numbers hold.
_BINARY_NOISE = Decimal("1e-9")
_SHOWN = Decimal("0.01")


class _Share(NamedTuple):
    """A share as printed, the amount beside it, and other tables' amounts of the same activity (kuruş)."""

    row: SummaryRow
    part: int
    cell: ShareCell
    percent: Decimal
    kurus: int
    others: frozenset[int]


class _Base(NamedTuple):
    """What shares are of: a column's total (kuruş) and its name."""

    name: str
    kurus: int

    def share(self, kurus: int) -> Decimal:
        return Decimal(kurus) * 100 / Decimal(self.kurus) if self.kurus else Decimal(0)


class _Way(NamedTuple):
    """How a group of rows has its shares: of which base (by column), rounded how and to which units."""

    bases: dict[int, _Base]
    rounding: str
    units: frozenset[Decimal]

    def fits(self, share: _Share, kurus: int) -> bool:
        exact = self.bases[share.part].share(kurus)
        shown = [exact, *(exact.quantize(unit, rounding=self.rounding) for unit in self.units)]
        return any(abs(percent - share.percent) <= _BINARY_NOISE for percent in shown)


def check_shares(book: Book) -> Iterator[Finding]:
    """KX307 for shares that fit no amount; as advice where the activities' base is not that of the totals."""
    by_row = {id(row): entry for entry in book.entries.values() for row in entry.summaries}
    for table in book.summaries:
        rows = [share for row in table.rows for share in _shares(row, by_row.get(id(row)))]
        totals = [share for row in table.totals.values() for share in _shares(row, None)]
        of_rows, of_totals = (_way(group, table) for group in (rows, totals))
        for way, share in (*((of_rows, share) for share in rows), *((of_totals, share) for share in totals)):
            # What fits the amount that another table gives is right itself: the amount is at fault (KX301).
            if way and not any(way.fits(share, kurus) for kurus in (share.kurus, *share.others)):
                yield _misfit(share, way.bases[share.part])
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
