"""How far the figures of a source can be trusted: what was not read, was given twice, or stands in no known place."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from kars_xl.base.place import Place
from kars_xl.base.text import code_key
from kars_xl.checking.book import Book, book_of
from kars_xl.findings.finding import ERROR, Effect, Finding, Merged
from kars_xl.merging.targets import target_code
from kars_xl.model.cost_rows import CostRow
from kars_xl.model.programme import Programme
from kars_xl.model.sources import Contribution
from kars_xl.reading.tables import Document, TargetTable

# An error of these says that a figure was not read, or is not what the parts that were read add up to.
_DOUBTS = Effect.UNREAD | Effect.UNPLACED | Effect.TWICE | Effect.RECOMPUTED


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """`programme` is the merged one without the columns of Tablo 11 that are missing or in doubt.

    `unread` are activities without a reliable amount, `blurred` (code, year's index) of indicators' values, `lost`
    findings of figures that could not be told to any activity.
    """

    programme: Programme
    unread: frozenset[str]
    blurred: frozenset[tuple[str, int]]
    lost: tuple[Finding, ...]


def is_unread(found: Finding, strict: Sequence[Finding]) -> bool:
    """Whether a finding about a published source says that a figure is missing; `strict` are those as of a form."""
    return found.has(_DOUBTS) and replace(found, severity=ERROR) in strict


def of_plan(merged: Merged) -> Trust:
    """A plan's cells without a figure are blank; what could not be read must not pass for that."""
    errors = [found for found in merged.findings if found.is_error and found.has(_DOUBTS)]
    programme = merged.programme
    known = {activity.code for activity in programme.activities}
    unread = {found.key for found in errors if found.table == "plan"}
    if not unread <= known:
        programme = replace(programme, administration=None, transfers=None)
    values = {found.key for found in errors if found.table == "PHT"}
    indicators = [item for target in programme.targets for item in target.indicators if item.code in values]
    blurred = {(item.code, at) for item in indicators for at, value in enumerate(item.values) if value is None}
    lost = tuple(found for found in errors if not found.table)
    return Trust(programme=programme, unread=frozenset(unread & known), blurred=frozenset(blurred), lost=lost)


def of_documents(merged: Merged, documents: Sequence[Document], findings: Sequence[Finding]) -> Trust:
    """`findings` are those of merging the documents, as of forms."""
    errors = [found for found in findings if found.is_error and found.has(_DOUBTS)]
    book = book_of(documents, recomputed=True)
    named = _codes_by_name(book)
    unread = {code for found in errors if found.table == "FMT" for code in named.get(found.key, {found.key})}
    unread |= _twice(merged.contributions) | _blank(book)
    programme = merged.programme
    administration, transfers = (_column(name, documents, errors) for name in ("general", "transfers"))
    programme = replace(
        programme,
        administration=programme.administration if administration else None,
        transfers=programme.transfers if transfers else None,
    )
    known = {activity.code for activity in programme.activities}
    # What was given twice is known by its activities; all else that no activity was told for is lost money.
    untold = [found for found in errors if not found.has(Effect.TWICE)]
    lost = [found for found in untold if not (unread & known & named.get(found.key, {found.key}))]
    return Trust(
        programme=programme,
        unread=frozenset(unread & known),
        blurred=_blurred(documents),
        lost=tuple(found for found in lost if found.table == "FMT" or (found.table == "PHT" and not found.key)),
    )


def _codes_by_name(book: Book) -> Mapping[str, set[str]]:
    """The activities that a finding's key can mean: a cost table without a code is known by its wording."""
    found: dict[str, set[str]] = defaultdict(set)
    for entry in book.entries.values():
        for table in entry.costs:
            found[table.heading.text("activity_name")].add(entry.code)
            found[entry.code].add(entry.code)
    return found


def _twice(contributions: Sequence[Contribution]) -> set[str]:
    """Activities that one unit gave twice: which of the two counts can't be told, and their sum does not."""
    counted = Counter((given.activity, given.sender.unit) for given in contributions)
    return {activity for (activity, _), count in counted.items() if count > 1}


def _blank(book: Book) -> set[str]:
    """Activities with a cost table that nobody filled in, or with a cell that could not be read."""
    tables = [(entry.code, table.amounts.values()) for entry in book.entries.values() for table in entry.costs]
    return {
        code
        for code, amounts in tables
        if not any(amount.given for amount in amounts) or any(amount.kurus is None for amount in amounts)
    }


def _column(name: str, documents: Sequence[Document], errors: Sequence[Finding]) -> bool:
    """Whether a column of Tablo 11 was given and read."""
    if any(found.table == "TKT" for found in errors):
        return False
    for document in documents:
        for matrix in document.matrices:
            amounts = matrix.columns.get(name, {})
            parts = [amount for key, amount in amounts.items() if isinstance(key, CostRow)]
            if any(amount.kurus is None for amount in parts):
                return False
            if amounts and not any(amount.given for amount in amounts.values()):
                return False
    return True


def _blurred(documents: Sequence[Document]) -> frozenset[tuple[str, int]]:
    """Values that could not be read, or that two forms give differently."""
    errors = {found.place for document in documents for found in document.findings if found.is_error}
    seen: dict[tuple[str, int], object] = {}
    found: set[tuple[str, int]] = set()
    for document in documents:
        for table in document.targets:
            for row in table.indicators:
                for index, (value, place) in enumerate(zip(row.values, row.places, strict=True)):
                    key = (row.code, index)
                    differs = value is not None and seen.setdefault(key, value) != value
                    if differs or (value is None and place in errors):
                        found.add(key)
    return frozenset(found)


Places = Mapping[tuple[str, ...], Place]


def place_index(documents: Sequence[Document]) -> Places:
    """The first place of each thing: (kind, code) for wordings, ("value", indicator, "0".."2"), ("note", target)."""
    found: dict[tuple[str, ...], Place] = {}
    for document in documents:
        for line in document.goals:
            found.setdefault((line.kind, line.code), line.text.place)
        for table in document.targets:
            _target(table, found)
    return found


def _target(table: TargetTable, found: dict[tuple[str, ...], Place]) -> None:
    code = target_code(table)
    codes = {
        "goal": table.heading.codes.get("goal") or ".".join(map(str, code_key(code)[:1])),
        "objective": table.heading.codes.get("objective") or ".".join(map(str, code_key(code)[:2])),
        "target": code,
        "note": code,
    }
    for kind, own in codes.items():
        text = table.heading.texts.get(kind)
        if text is not None:
            found.setdefault((kind, own), text.place)
    for row in table.indicators:
        found.setdefault(("indicator", row.code), row.name.place)
        for index, place in enumerate(row.places):
            found.setdefault(("value", row.code, str(index)), place)
    for activity in table.activities:
        found.setdefault(("activity", activity.code), activity.name.place)
