"""Whose programme it is, and of which year (KX201)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from kars_xl.base.place import Place
from kars_xl.base.text import squeeze
from kars_xl.checking.book import Book
from kars_xl.findings.finding import Finding, finding
from kars_xl.merging.consolidate import institutions, years


def check(book: Book) -> Iterator[Finding]:
    """KX201: the plan, else what most tables say is right; one for each other name or year in a file."""
    names = [(text.value, text.place) for document in book.documents for text in institutions(document) if text.value]
    given = [(str(year), place) for document in book.documents for year, place in years(document)]
    plan = book.plan
    yield from _others("İdare", names, plan.institution.name if plan else None)
    yield from _others("Program yılı", given, str(plan.year) if plan else None)


def _others(what: str, said: Sequence[tuple[str, Place]], expected: str | None) -> Iterator[Finding]:
    if not said:
        return
    if expected is None:
        ((common, _),) = Counter(squeeze(value) for value, _ in said).most_common(1)
        expected = next(value for value, _ in said if squeeze(value) == common)
    others: dict[tuple[str, str], list[tuple[str, Place]]] = {}
    for value, place in said:
        if squeeze(value) != squeeze(expected):
            others.setdefault((place.file, squeeze(value)), []).append((value, place))
    for (value, place), *more in others.values():
        yield finding(
            "KX201",
            place,
            key=what,
            related=[other for _, other in more],
            values=[("expected", expected), ("found", value)],
            what=what,
            found=value,
            expected=expected,
        )
