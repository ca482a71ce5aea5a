"""What an activity costs, table against table (KX301), and activities that a table lacks (KX302, KX303)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from kars_xl.base.money import format_tl, to_tl
from kars_xl.base.place import Place
from kars_xl.findings.catalogue import amounts, finding
from kars_xl.findings.finding import Finding
from kars_xl.reports.audit.book import IN, PARTS, Book, Entry, Figure

_PART = {"total": "", "budget": " (bütçe)", "extra": " (bütçe dışı)"}


def check_amounts(book: Book) -> list[Finding]:
    """KX301: at most one for an activity, at the table that stands alone with its figure."""
    return [found for entry in book.entries.values() for found in _differences(entry)]


def _differences(entry: Entry) -> Iterator[Finding]:
    figures = entry.figures()
    for part in PARTS:
        given = [figure for figure in figures if figure.part(part) is not None]
        if len({figure.part(part) for figure in given}) > 1:
            yield _difference(entry, given, part)
            return


def odd_one(figures: list[Figure], part: str) -> tuple[Figure, list[Figure]]:
    """The figure that is doubted, and those it is held against: the majority, else the cost tables."""
    counts = Counter(figure.part(part) for figure in figures)
    value, count = counts.most_common(1)[0]
    if count == 1:
        # The cost table is where the figure is made; the others repeat it.
        value = next((figure.part(part) for figure in figures if figure.table == "FMT"), figures[-1].part(part))
    odd = next(figure for figure in figures if figure.part(part) != value)
    return odd, [figure for figure in figures if figure is not odd]


def _difference(entry: Entry, figures: list[Figure], part: str) -> Finding:
    odd, others = odd_one(figures, part)
    found, expected = odd.part(part) or 0, others[0].part(part) or 0
    if len({other.part(part) for other in others}) == 1:
        table_b = " ve ".join(IN[other.table] for other in others)
    else:
        table_b = f"{IN[others[1].table]} {format_tl(others[1].part(part))}, {IN[others[0].table]}"
    facts = amounts(found, expected)
    facts["values"] += [(figure.table, str(to_tl(figure.part(part) or 0))) for figure in figures]
    return finding(
        "KX301",
        odd.place,
        table=odd.table,
        key=entry.code,
        label=entry.name,
        related=[other.place for other in others],
        table_a=IN[odd.table] + _PART[part],
        table_b=table_b,
        **facts,
    )


def check_presence(book: Book) -> list[Finding]:
    """KX302 for activities without a cost table, KX303 for those that a list lacks or that only one table has."""
    has_costs = bool(book.costs)
    has_summary = any(table.rows for table in book.summaries)
    has_responsible = any(entry.responsibles for entry in book.entries.values())
    found = []
    for entry in book.entries.values():
        if has_costs and not entry.costs:
            figure = entry.figures()[0]
            values = [("amount", str(to_tl(figure.total or 0)))]
            table = "PHT" if entry.targets else "İPT"
            found.append(finding("KX302", entry.place, table=table, key=entry.code, label=entry.name, values=values))
        for lacking, table, there in (
            (has_summary and not entry.summaries, "İPT", "performans hedefi tablosunda"),
            (has_responsible and not entry.responsibles, "SHB", "performans hedefi tablosunda"),
        ):
            if lacking:
                found.append(_lacking(table, entry.code, entry.name, entry.place, there, IN[table]))
    for orphan in book.orphans:
        only = f"yalnız {IN[orphan.table]}"
        found.append(
            _lacking(orphan.table, orphan.code, orphan.label, orphan.name.place, only, "başka tabloda karşılığı")
        )
    return found


def _lacking(table: str, code: str, name: str, place: Place, present: str, absent: str) -> Finding:
    full = name if name.startswith(code) else f"{code} {name}"
    return finding("KX303", place, table=table, key=code, label=name, found=full, present=present, absent=absent)
