"""Fields that must be filled in and are blank (KX310)."""

from __future__ import annotations

from collections.abc import Iterator

from kars_xl.base.place import Place
from kars_xl.checking.book import Book
from kars_xl.findings.finding import Finding, finding
from kars_xl.merging.targets import target_code
from kars_xl.reading.tables import ResponsibilityRow

_HEADING = {
    "institution": "İdare Adı",
    "goal": "Amaç",
    "objective": "Hedef",
    "target": "Performans Hedefi",
    "activity_name": "Faaliyet Adı",
    "responsible": "Sorumlu Harcama Birimi",
}


def check(book: Book) -> Iterator[Finding]:
    """KX310 for label rows without a text, rows without a name, and units that are not named.

    A merge has names from the plan and from other forms: it is said which target took another's, and what nobody sent.
    """
    if book.recomputed:
        yield from _taken(book)
    else:
        for table, key, what, place in _blanks(book):
            yield finding("KX310", place, table=table, key=key, severity=book.made_anew, what=what, read="")


def _taken(book: Book) -> Iterator[Finding]:
    for table in book.targets:
        target, objective = table.heading.texts.get("target"), table.heading.texts.get("objective")
        if not (target and target.value) and objective:
            place, what = (target or objective).place, _HEADING["target"]
            read = "Hedefin metni kullanıldı."
            yield finding("KX310", place, table="PHT", key=target_code(table), what=what, read=read)
    unnamed = {document.file for document in book.documents if not document.unit}
    for entry in book.entries.values():
        for cost in entry.costs:
            responsible = cost.heading.texts.get("responsible")
            if cost.place.file in unnamed and not (responsible and responsible.value):
                place = responsible.place if responsible else cost.place
                what = f"{entry.code} faaliyetinin sorumlu harcama birimi"
                yield finding("KX310", place, table="FMT", key=entry.code, what=what, read="")


def _blanks(book: Book) -> Iterator[tuple[str, str, str, Place]]:
    for table in book.targets:
        key = target_code(table)
        for label in ("institution", "goal", "objective", "target"):
            text = table.heading.texts.get(label)
            if text is not None and not text.value:
                yield "PHT", key, f"{key} {_HEADING[label]}", text.place
        names = [(row.code, row.name) for row in table.indicators] + [(row.code, row.name) for row in table.activities]
        for code, name in names:
            if not name.value:
                yield "PHT", code, f"{code} adı", name.place
    for entry in book.entries.values():
        for cost in entry.costs:
            for label in ("institution", "target", "activity_name", "responsible"):
                text = cost.heading.texts.get(label)
                if text is not None and not text.value:
                    yield "FMT", entry.code, f"{entry.code} {_HEADING[label]}", text.place
    for responsibility in book.responsibilities:
        yield from _blank_units(responsibility.rows)


def _blank_units(rows: list[ResponsibilityRow]) -> Iterator[tuple[str, str, str, Place]]:
    """A list in which one unit stands for several rows (merged cells) leaves blanks on purpose."""
    blank = [row for row in rows if not row.unit.value]
    if len(blank) * 4 <= len(rows):
        for row in blank:
            what = f"{row.code or row.activity.value} sorumlu birimi"
            yield "SHB", row.code, what, row.unit.place
