"""Which of the forms that one sender sent counts: that of the highest revision. The others stay, but are not used."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from kars_xl.base.text import read_revision
from kars_xl.findings.catalogue import finding
from kars_xl.findings.finding import Finding
from kars_xl.model.units import Unit
from kars_xl.reading.tables import Document

Owner = tuple[Unit | str, bool]


class Choice(NamedTuple):
    """One sender's forms: `used` have the highest revision, `replaced` are the others, the highest of them first.

    `untold` are those whose revision can't be read: then none is replaced.
    """

    used: tuple[Document, ...]
    replaced: tuple[Document, ...] = ()
    untold: tuple[Document, ...] = ()


def is_finance(document: Document) -> bool:
    """True for the finance office's own form: Tablo 11's columns, and no unit's targets or costs."""
    given = any("general" in matrix.columns for matrix in document.matrices)
    return given and not document.costs and not document.targets


def owner(document: Document) -> Owner:
    """Whose form it is. Of Tablo 11 there is one, and it never replaces what the same office sends as a unit."""
    return ("", True) if is_finance(document) else (document.unit or document.file, False)


def choices(documents: Iterable[Document]) -> list[Choice]:
    """The forms of each sender, in order of the senders' first form."""
    groups: dict[Owner, list[Document]] = {}
    for document in documents:
        groups.setdefault(owner(document), []).append(document)
    return [_choice(group) for group in groups.values()]


def _choice(group: Sequence[Document]) -> Choice:
    untold = tuple(filter(_is_untold, group)) if len(group) > 1 else ()
    if untold:
        return Choice(tuple(group), (), untold)
    top = max(document.revision for document in group)
    used: list[Document] = []
    for document in group:
        # A copy, byte for byte, of a form that is used says nothing else.
        copied = document.digest and any(document.digest == other.digest for other in used)
        if document.revision == top and not copied:
            used.append(document)
    # By identity: two documents may be equal.
    kept = {id(document) for document in used}
    others = [document for document in group if id(document) not in kept]
    return Choice(tuple(used), tuple(sorted(others, key=lambda document: -document.revision)))


def _is_untold(document: Document) -> bool:
    return "revision" in document.identity and read_revision(document.identity["revision"].value) is None


def take_latest(documents: Sequence[Document]) -> tuple[list[Document], frozenset[str], list[Finding]]:
    """The forms that count, in their order; the files that they replace; and what is to be said of these."""
    found: list[Finding] = []
    replaced: list[str] = []
    kept: set[int] = set()
    for choice in choices(documents):
        kept.update(map(id, choice.used))
        for document in choice.untold:
            revision = document.identity["revision"]
            found.append(finding("KX103", revision.place, remedy="count", label="Revizyon No", found=revision.value))
        if choice.replaced:
            newest = choice.used[0]
            replaced += [document.file for document in choice.replaced]
            others = [document.place for document in choice.replaced]
            unit, count = str(newest.unit or newest.file), str(len(choice.used) + len(others))
            found.append(
                finding("KX209", newest.place, related=others, unit=unit, count=count, revision=str(newest.revision))
            )
    return [document for document in documents if id(document) in kept], frozenset(replaced), found
