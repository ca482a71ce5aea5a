"""Figures of a row that are written in two ways (KX111)."""

from __future__ import annotations

from collections.abc import Iterator

from kars_xl.checking.book import Book
from kars_xl.checking.rows import year_label
from kars_xl.findings.finding import ADVICE, Finding, finding
from kars_xl.reading.tables import IndicatorRow, TargetTable


def check(book: Book) -> Iterator[Finding]:
    """KX111 (advice): "1000,00" beside "1.250,00": one figure of a row without the dot that the others have.

    A merge writes figures itself.
    """
    for table in book.targets if not book.recomputed else ():
        for row in table.indicators:
            yield from _notation(table, row)


def _notation(table: TargetTable, row: IndicatorRow) -> Iterator[Finding]:
    grouped = [index for index, text in enumerate(row.written) if "." in text]
    plain = [
        index
        for index, (text, value) in enumerate(zip(row.written, row.values, strict=True))
        if text and "." not in text and value and value.amount and abs(value.amount) >= 1000
    ]
    if grouped and plain:
        index = plain[0]
        yield finding(
            "KX111",
            row.places[index],
            table="PHT",
            key=row.code,
            label=row.name.value,
            severity=ADVICE,
            year=year_label(table.years, index),
            found=row.written[index],
            reason=f"binlik ayracı yok, aynı satırda {row.written[grouped[0]]} var",
        )
