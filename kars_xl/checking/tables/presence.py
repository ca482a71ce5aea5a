"""Which tables have an activity and which lack it (KX302, KX303)."""

from __future__ import annotations

from collections.abc import Iterator

from kars_xl.base.money import to_tl
from kars_xl.base.place import Place
from kars_xl.checking.book import IN, Book
from kars_xl.findings.finding import Finding, finding


def check(book: Book) -> Iterator[Finding]:
    """KX302 for activities without a cost table, KX303 for those that a list lacks or that only one table has."""
    # Every form that lists an activity must cost it, or its share of the total would be missed.
    has_costs = book.recomputed or bool(book.costs)
    has_summary = any(table.rows for table in book.summaries)
    has_responsible = any(entry.responsibles for entry in book.entries.values())
    for entry in book.held():
        if has_costs and not entry.costs:
            values = [("amount", str(to_tl(entry.figures()[0].total or 0)))]
            table = "PHT" if entry.targets else "İPT"
            yield finding("KX302", entry.place, table=table, key=entry.code, label=entry.name, values=values)
        for lacking, table in (
            (has_summary and not entry.summaries, "İPT"),
            (has_responsible and not entry.responsibles, "SHB"),
        ):
            if lacking:
                there = "performans hedefi tablosunda"
                yield _lacking(table, entry.code, entry.name, entry.place, there, IN[table])
    for orphan in book.orphans:
        only = f"yalnız {IN[orphan.table]}"
        yield _lacking(orphan.table, orphan.code, orphan.label, orphan.name.place, only, "başka tabloda karşılığı")


def _lacking(table: str, code: str, name: str, place: Place, present: str, absent: str) -> Finding:
    full = name if name.startswith(code) else f"{code} {name}"
    return finding("KX303", place, table=table, key=code, label=name, found=full, present=present, absent=absent)
