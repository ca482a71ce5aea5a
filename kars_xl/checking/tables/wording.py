"""Wordings between the tables (KX207, KX409)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import takewhile

from rapidfuzz import fuzz

from kars_xl.base.place import Place
from kars_xl.base.text import is_damaged, mend_letters, squeeze, tidy
from kars_xl.checking.book import Book
from kars_xl.findings.finding import Finding, finding
from kars_xl.merging.notes import planned_names
from kars_xl.merging.targets import goal_code, objective_code, target_code
from kars_xl.reading.tables import Text

# So near are two wordings of which one has a letter that the PDF lost or put in.
_LETTERS = 97.0
_EXAMPLES = 3
_TURKISH = {
    "goal": "Amaç",
    "objective": "Hedef",
    "target": "Performans hedefi",
    "indicator": "Gösterge",
    "activity": "Faaliyet",
}


_CONTEXT = 4
_SHORT = 90


def where_they_differ(one: str, other: str) -> tuple[str, str]:
    """Two long wordings cut down to the words in which they differ, a few words around them left."""
    if len(one) <= _SHORT and len(other) <= _SHORT:
        return one, other
    words = one.split(), other.split()
    start = _equal_words(zip(*words, strict=False))
    rest = (texts[start:] for texts in words)
    end = _equal_words(zip(*(texts[::-1] for texts in rest), strict=False))
    shown = []
    for texts in words:
        low, high = max(0, start - _CONTEXT), len(texts) - max(0, end - _CONTEXT)
        shown.append(("… " if low else "") + " ".join(texts[low:high]) + (" …" if high < len(texts) else ""))
    return shown[0], shown[1]


def _equal_words(pairs: Iterable[tuple[str, ...]]) -> int:
    """How many pairs at the beginning are of words that mean the same."""
    return sum(1 for _ in takewhile(lambda pair: squeeze(pair[0]) == squeeze(pair[1]), pairs))


@dataclass(frozen=True, slots=True)
class _Naming:
    """A wording of a goal, target, activity …: the plan's, else the first of its kind and code is what counts."""

    kind: str
    code: str
    table: str
    text: Text


def check(book: Book) -> Iterator[Finding]:
    """KX207 once for each other wording; differences of letters only are one piece of advice (KX409).

    A merge has its letters from the plan, so of these it is not told.
    """
    planned = planned_names(book.plan)
    first: dict[tuple[str, str], Text] = {}
    seen: set[tuple[str, str, str]] = set()
    lettered: dict[Place, Text] = {}
    for naming in _namings(book):
        own, text = (naming.kind, naming.code), naming.text
        if not text.value:
            continue
        known = first.setdefault(own, text)
        used = planned.get(own) or known.value
        same = squeeze(text.value) == squeeze(used)
        if is_damaged(text.value) or (same and tidy(text.value) != tidy(used)):
            lettered[text.place] = text
        if same or (*own, squeeze(text.value)) in seen:
            continue
        seen.add((*own, squeeze(text.value)))
        if not book.recomputed and _only_letters(text.value, used):
            lettered[text.place] = text
            continue
        found, expected = where_they_differ(text.value, used)
        yield finding(
            "KX207",
            text.place,
            table=naming.table,
            key=naming.code,
            values=[("expected", used), ("found", text.value)],
            related=() if own in planned else (known.place,),
            what=f"{_TURKISH[naming.kind]} {naming.code}",
            found=found,
            expected=expected,
        )
    if not book.recomputed:
        yield from _letters(
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
