"""How things are called and written: wordings (KX207, KX313, KX409), whose programme it is (KX201), figures (KX111)."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import takewhile
from typing import Any

from rapidfuzz import fuzz, process

from kars_xl.base.place import Place
from kars_xl.base.text import code_key, is_damaged, mend_letters, squeeze, tidy
from kars_xl.checking.book import Book
from kars_xl.findings.finding import ADVICE, Finding, finding
from kars_xl.merging.consolidate import institutions, years
from kars_xl.merging.notes import planned_names
from kars_xl.merging.tables import goal_code, objective_code, target_code, year_label
from kars_xl.reading.tables import Document, TargetTable, Text

# So near are two wordings of which one has a letter that the PDF lost or put in.
_LETTERS = 97.0
# A wording with a slip is another's where it is so near to that one and so far from its own.
_SAME, _OTHER = 95.0, 85.0
_EXAMPLES = 3
THINGS = {"goal": "Amaç", "objective": "Hedef", "target": "Performans hedefi", "indicator": "Gösterge"}
THINGS["activity"] = "Faaliyet"
_CONTEXT, _SHORT = 4, 90


def check_identity(book: Book) -> Iterator[Finding]:
    """KX201: the plan, else what most tables say is right; one for each other name or year in a file."""
    names = [text for document in book.documents for text in institutions(document) if text.value]
    given = [Text(str(year), place) for document in book.documents for year, place in years(document)]
    for what, said in (("İdare", names), ("Program yılı", given)):
        common = Counter(squeeze(text.value) for text in said).most_common(1)
        expected = next((text.value for text in said if squeeze(text.value) == common[0][0]), "")
        if book.plan:
            expected = book.plan.institution.name if said is names else str(book.plan.year)
        others: dict[tuple[str, str], list[Text]] = defaultdict(list)
        for text in said:
            if squeeze(text.value) != squeeze(expected):
                others[text.place.file, squeeze(text.value)].append(text)
        for (found, place), *more in others.values():
            facts: Any = {"related": [it.place for it in more], "values": [("expected", expected), ("found", found)]}
            yield finding("KX201", place, key=what, what=what, found=found, expected=expected, **facts)


def check_notation(book: Book) -> Iterator[Finding]:
    """KX111 (advice): "1000,00" beside "1.250,00", without the dot of others. A merge writes figures itself."""
    rows = ((table, row) for table in book.targets for row in table.indicators if not book.recomputed)
    for table, row in rows:
        grouped = [text for text in row.written if "." in text]
        large = [value and value.amount and abs(value.amount) >= 1000 for value in row.values]
        plain = [index for index, text in enumerate(row.written) if text and "." not in text and large[index]]
        if grouped and plain:
            index = plain[0]
            facts: Any = {"label": row.name.value, "year": year_label(table.years, index), "found": row.written[index]}
            reason = f"binlik ayracı yok, aynı satırda {grouped[0]} var"
            place = row.places[index]
            yield finding("KX111", place, table="PHT", key=row.code, severity=ADVICE, reason=reason, **facts)


def where_they_differ(one: str, other: str) -> tuple[str, str]:
    """Two long wordings cut down to the words in which they differ, a few words around them left."""
    if len(one) <= _SHORT and len(other) <= _SHORT:
        return one, other
    words = one.split(), other.split()
    start = _equal_words(zip(*words, strict=False))
    end = _equal_words(zip(*(texts[start:][::-1] for texts in words), strict=False))
    shown = []
    for texts in words:
        low, high = max(0, start - _CONTEXT), len(texts) - max(0, end - _CONTEXT)
        shown.append(("… " if low else "") + " ".join(texts[low:high]) + (" …" if high < len(texts) else ""))
    return shown[0], shown[1]


def _equal_words(pairs: Iterable[tuple[str, ...]]) -> int:
    """How many pairs at the beginning are of words that mean the same."""
    return sum(1 for _ in takewhile(lambda pair: squeeze(pair[0]) == squeeze(pair[1]), pairs))


def check_wording(book: Book) -> Iterator[Finding]:
    """KX207 once for each other wording, KX313 for another code's; letters alone are one piece of advice (KX409). The
    plan's wording, else the first of a kind and code is what counts. A merge has the plan's letters: no KX409."""
    planned = planned_names(book.plan)
    named = [item for item in (*namings(book.documents, book.targets), *_of_activities(book)) if item[3].value]
    first: dict[tuple[str, str], Text] = {}
    meant: dict[str, dict[str, set[str]]] = {kind: {} for kind in THINGS}
    for kind, code, _, text in named:
        first.setdefault((kind, code), text)
    for (kind, code), name in {**{own: text.value for own, text in first.items()}, **planned}.items():
        meant[kind].setdefault(squeeze(name), set()).add(code)
    seen: set[tuple[str, str, str]] = set()
    lettered: dict[Place, Text] = {}
    for kind, code, table, text in named:
        own = (kind, code)
        known = first[own]
        used = planned.get(own) or known.value
        same = squeeze(text.value) == squeeze(used)
        if is_damaged(text.value) or (same and tidy(text.value) != tidy(used)):
            lettered[text.place] = text
        if same or (*own, squeeze(text.value)) in seen:
            continue
        seen.add((*own, squeeze(text.value)))
        facts: dict[str, Any] = {"table": table, "key": code, "values": [("expected", used), ("found", text.value)]}
        facts |= {"what": f"{THINGS[kind]} {code}", "related": () if own in planned else (known.place,)}
        if other := another(text.value, code, meant[kind]):
            yield finding("KX313", text.place, found=f"adı {other} için yazılan ad", expected=f"kodu {code}", **facts)
            continue
        if not book.recomputed and _only_letters(text.value, used):
            lettered[text.place] = text
            continue
        found, expected = where_they_differ(text.value, used)
        yield finding("KX207", text.place, found=found, expected=expected, **facts)
    if not book.recomputed and lettered:
        yield _letters(sorted(lettered.values(), key=lambda text: (text.place.file, text.place.sheet, text.place.row)))


def another(text: str, own: str, names: Mapping[str, set[str]]) -> str:
    """The code whose wording a text is, where that is clearly not `own`: just so, or with a slip where it is far from
    its own. `names` are the squeezed wordings with the codes that they are of."""
    squeezed = squeeze(text)
    codes = names.get(squeezed, set())
    if not codes and not any(own in its and fuzz.ratio(squeezed, name) > _OTHER for name, its in names.items()):
        near = process.extractOne(squeezed, names.keys(), scorer=fuzz.ratio, score_cutoff=_SAME)
        codes = names[near[0]] if near else codes
    return "" if not own or own in codes else min(codes, key=code_key, default="")


def _only_letters(one: str, other: str) -> bool:
    """Whether one of two wordings is the other with letters that PDF extraction has spoiled."""
    damaged = is_damaged(one) or is_damaged(other)
    return damaged and fuzz.ratio(squeeze(mend_letters(one)), squeeze(mend_letters(other))) >= _LETTERS


def _letters(texts: list[Text]) -> Finding:
    damaged = [text for text in texts if is_damaged(text.value)]
    words = [word.strip(".,;:()“”") for text in damaged for word in text.value.split() if is_damaged(word)]
    shown = list(dict.fromkeys(words)) or [tidy(text.value)[:40] for text in texts]
    examples = ", ".join(f"“{word}”" for word in shown[:_EXAMPLES])
    places = [text.place for text in texts]
    return finding("KX409", places[0], related=places[1:], count=str(len(texts)), examples=examples)


def namings(documents: Sequence[Document], tables: Sequence[TargetTable]) -> Iterator[tuple[str, str, str, Text]]:
    """(kind, code, table, wording) of what is called something, first of the list of goals, which defines them."""
    yield from ((line.kind, line.code, "", line.text) for document in documents for line in document.goals)
    for table in tables:
        code, texts = target_code(table), table.heading.texts
        owners = (("goal", goal_code(table, code)), ("objective", objective_code(table, code)), ("target", code))
        yield from ((kind, own, "PHT", texts[kind]) for kind, own in owners if kind in texts and own)
        yield from (("indicator", row.code, "PHT", row.name) for row in table.indicators)
        yield from (("activity", row.code, "PHT", row.name) for row in table.activities)


def _of_activities(book: Book) -> Iterator[tuple[str, str, str, Text]]:
    """How the other tables call each activity."""
    for entry in book.entries.values():
        named = [("FMT", cost.text("activity_name")) for cost in entry.costs]
        named += [("İPT", row.name) for row in entry.summaries] + [("SHB", row.activity) for row in entry.responsibles]
        yield from (("activity", entry.code, table, text) for table, text in named)
