"""What each activity costs, table against table (KX301)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from kars_xl.base.money import format_tl, to_tl
from kars_xl.checking.book import IN, PARTS, Book, Entry, Figure, cost_figure, parts_of
from kars_xl.checking.tables.totals import cost_faults
from kars_xl.findings.finding import Finding, amounts, finding

_PART = {"total": "", "budget": " (bütçe)", "extra": " (bütçe dışı)"}


def check(book: Book) -> Iterator[Finding]:
    """KX301: at most one for an activity, at the table that stands alone with its figure.

    A formula's stored result may be stale, and a merge makes it anew (KX108).
    """
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
    odd, others = odd_one(figures, part)
    found, expected = odd.part(part) or 0, others[0].part(part) or 0
    facts = amounts(found, expected)
    places = [other.at(part) for other in others]
    if book.recomputed and part in odd.cells and odd.cells[part].formula:
        if not _is_explained(book, entry, found):
            what = f"{entry.code} tutarı"
            yield finding("KX108", odd.at(part), table=odd.table, key=entry.code, related=places, what=what, **facts)
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


def odd_one(figures: list[Figure], part: str) -> tuple[Figure, list[Figure]]:
    """The figure that is doubted, and those it is held against: the majority, else the cost tables."""
    counts = Counter(figure.part(part) for figure in figures)
    value, count = counts.most_common(1)[0]
    if count == 1:
        # The cost table is where the figure is made; the others repeat it.
        value = next((figure.part(part) for figure in figures if figure.table == "FMT"), figures[-1].part(part))
    odd = next(figure for figure in figures if figure.part(part) != value)
    return odd, [figure for figure in figures if figure is not odd]
