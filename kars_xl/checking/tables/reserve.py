"""The reserve's column of Tablo 11 (KX312)."""

from __future__ import annotations

from collections.abc import Iterator

from kars_xl.base.money import format_tl, to_tl
from kars_xl.checking.book import Book
from kars_xl.findings.finding import Finding, finding
from kars_xl.model.cost_rows import CostRow
from kars_xl.reading.labels import display_name


def check(book: Book) -> Iterator[Finding]:
    """KX312 for the reserve in another column than the transfers'."""
    cells = [
        (name, table.columns[name].get(CostRow.RESERVE))
        for table in book.matrices
        for name in ("activity_column", "general")
        if name in table.columns
    ]
    for name, amount in cells:
        if amount is not None and amount.kurus:
            yield finding(
                "KX312",
                amount.place,
                table="TKT",
                key=CostRow.RESERVE.title,
                values=[("found", str(to_tl(amount.kurus)))],
                found=format_tl(amount.kurus),
                column=display_name(name),
                proper="Diğer İdarelere Transfer Edilecek Kaynaklar + Yedek Ödenek Toplamı",
            )
