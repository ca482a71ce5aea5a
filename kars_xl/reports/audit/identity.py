"""Whose programme it is and of which year: every table must say the same (KX201)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from kars_xl.base.place import Place
from kars_xl.base.text import squeeze
from kars_xl.findings.catalogue import finding
from kars_xl.findings.finding import Finding
from kars_xl.merging.consolidate import institutions, years
from kars_xl.reports.audit.book import Book


def check_identity(book: Book) -> list[Finding]:
    """KX201: what most tables say is right; one finding for each other name or year in a file, with all its places."""
    names = [(text.value, text.place) for document in book.documents for text in institutions(document) if text.value]
    given = [(str(year), place) for document in book.documents for year, place in years(document)]
    return [*_others("İdare", names), *_others("Program yılı", given)]


def _others(what: str, said: Sequence[tuple[str, Place]]) -> list[Finding]:
    if not said:
        return []
    ((common, _),) = Counter(squeeze(value) for value, _ in said).most_common(1)
    expected = next(value for value, _ in said if squeeze(value) == common)
    places: dict[tuple[str, str], list[Place]] = {}
    for value, place in said:
        if squeeze(value) != common:
            places.setdefault((place.file, value), []).append(place)
    return [
        finding(
            "KX201",
            group[0],
            key=what,
            related=group[1:],
            values=[("expected", expected), ("found", value)],
            what=what,
            found=value,
            expected=expected,
        )
        for (_, value), group in places.items()
    ]
