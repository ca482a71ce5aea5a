"""The state of the round as a page for a browser."""

from __future__ import annotations

from kars_xl.base.money import format_tl
from kars_xl.reports.page import document
from kars_xl.year.folder import status_words
from kars_xl.year.folder.status import Status


def status_page(status: Status, base: str) -> str:
    """The page; files are named as they lie below `base`."""
    # What the boxes say of findings and the amount is not said again below.
    amount = (list(status_words.sums(status))[-1][0] + " (TL)", format_tl(status.kurus))
    return document(
        "status.html",
        "Form durumu",
        status_words.plain(status.title) or "Gelen formlar",
        status=status,
        base=base,
        words=status_words,
        sent=f"{status.senders}/{len(status.units)}" if status.has_plan else str(status.senders),
        amount=amount,
        tables=(
            ("birimler", "Birimler", status.units),
            ("mali", "Mali Hizmetler", (status.finance,) if status.finance else ()),
            ("planda-yok", "Planda olmayan birimler", status.strangers),
        ),
    )
