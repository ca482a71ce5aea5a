"""Wordings between the tables (KX207, KX409), blank fields (KX310), and figures written in two ways (KX111)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from kars_xl.base.place import Place
from kars_xl.base.text import is_damaged, mend_letters, squeeze, tidy
from kars_xl.checking.rows import year_label
from kars_xl.findings.catalogue import ADVICE, ERROR, finding
from kars_xl.findings.finding import Finding
from kars_xl.merging.consolidate import institutions, years
from kars_xl.merging.notes import Notes
from kars_xl.merging.targets import goal_code, objective_code, target_code
from kars_xl.reading.tables import IndicatorRow, ResponsibilityRow, TargetTable, Text
from kars_xl.reports.audit.book import Book

# So near are two wordings of which one has a letter that the PDF lost or put in.
_LETTERS = 97.0
_EXAMPLES = 3
_HEADING = {
    "institution": "İdare Adı",
    "goal": "Amaç",
    "objective": "Hedef",
    "target": "Performans Hedefi",
    "activity_name": "Faaliyet Adı",
    "responsible": "Sorumlu Harcama Birimi",
}


@dataclass(frozen=True, slots=True)
class _Naming:
    """A wording of a goal, target, activity …: the first one of its kind and code is what the others are held to."""

    kind: str
    code: str
    table: str
    text: Text


def check_wording(book: Book) -> list[Finding]:
    """KX207 for wordings that differ between tables; differences of letters only are one piece of advice (KX409)."""
    notes = Notes(None)
    first: dict[tuple[str, str], _Naming] = {}
    at: dict[Place, _Naming] = {}
    lettered: dict[Place, Text] = {}
    for naming in _namings(book):
        text = naming.text
        if not text.value:
            continue
        notes.call(naming.kind, naming.code, text)
        at[text.place] = naming
        known = first.setdefault((naming.kind, naming.code), naming).text
        same = squeeze(text.value) == squeeze(known.value)
        if is_damaged(text.value) or (same and tidy(text.value) != tidy(known.value)):
            lettered[text.place] = text
    for kind, code in first:
        notes.name(kind, code)
    found = []
    for item in notes.findings:
        naming = at[item.place]
        known = first[naming.kind, naming.code].text
        if _only_letters(naming.text.value, known.value):
            lettered[item.place] = naming.text
        else:
            found.append(replace(item, table=naming.table, related=(known.place,)))
    return found + _letters(
        sorted(lettered.values(), key=lambda text: (text.place.file, text.place.sheet, text.place.row))
    )


def _only_letters(one: str, other: str) -> bool:
    """Whether one of two wordings is the other with letters that PDF extraction has spoiled."""
    damaged = is_damaged(one) or is_damaged(other)
    return damaged and fuzz.ratio(squeeze(mend_letters(one)), squeeze(mend_letters(other))) >= _LETTERS


def _letters(texts: list[Text]) -> list[Finding]:
    if not texts:
        return []
    damaged = [text for text in texts if is_damaged(text.value)]
    words = [word.strip(".,;:()“”") for text in damaged for word in text.value.split() if is_damaged(word)]
    shown = list(dict.fromkeys(words)) or [tidy(text.value)[:40] for text in texts]
    examples = ", ".join(f"“{word}”" for word in shown[:_EXAMPLES])
    places = [text.place for text in texts]
    return [finding("KX409", places[0], related=places[1:], count=str(len(texts)), examples=examples)]


def _namings(book: Book) -> Iterator[_Naming]:
    """All wordings, the list of goals first: what is repeated is held against where it is defined."""
    for document in book.documents:
        for line in document.goals:
            yield _Naming(line.kind, line.code, "", line.text)
    for table in book.targets:
        code, texts = target_code(table), table.heading.texts
        owners = (("goal", goal_code(table, code)), ("objective", objective_code(table, code)), ("target", code))
        for kind, own in owners:
            if kind in texts and own:
                yield _Naming(kind, own, "PHT", texts[kind])
        yield from (_Naming("indicator", row.code, "PHT", row.name) for row in table.indicators)
        yield from (_Naming("activity", row.code, "PHT", row.name) for row in table.activities)
    for entry in book.entries.values():
        names = [("FMT", cost.heading.texts.get("activity_name")) for cost in entry.costs]
        names += [("İPT", row.name) for row in entry.summaries]
        names += [("SHB", row.activity) for row in entry.responsibles]
        for where, text in names:
            if text is not None:
                yield _Naming("activity", entry.code, where, text)


def check_blanks(book: Book) -> list[Finding]:
    """KX310 for label rows without a text, rows without a name, and units that are not named."""
    return [
        finding("KX310", place, table=table, key=key, severity=ERROR, what=what, read="")
        for table, key, what, place in _blanks(book)
    ]


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


def check_notation(book: Book) -> list[Finding]:
    """KX111 (advice): "1000,00" beside "1.250,00": one figure of a row without the dot that the others have."""
    return [found for table in book.targets for row in table.indicators for found in _notation(table, row)]


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
