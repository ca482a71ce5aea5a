"""A unit sent its form again: which revision is used, and what it changed against the one before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kars_xl.merging.revisions import Choice, choices
from kars_xl.model.units import Unit
from kars_xl.reading.tables import Document
from kars_xl.reports.diff.changes import ACTIVITIES, GRAND, Pair
from kars_xl.reports.diff.compare import compare
from kars_xl.reports.diff.source import forms_source
from kars_xl.reports.revisions.changes import Change, changes_of


@dataclass(frozen=True, slots=True)
class Form:
    """A form and its revision."""

    file: str
    revision: int


@dataclass(frozen=True, slots=True)
class Revision:
    """A unit's forms that are used, the one before that they are compared with, and all that are not used.

    `total` is what the forms cost in kuruş, before and now; None where a figure of it is not known on both sides.
    """

    unit: Unit
    used: tuple[Form, ...]
    before: tuple[Form, ...]
    replaced: tuple[Form, ...]
    changes: tuple[Change, ...] = ()
    total: Pair | None = None


def revisions_of(documents: Sequence[Document]) -> tuple[Revision, ...]:
    """Every unit of which a later revision replaced another, in order of the units' first form."""
    return tuple(_revision(choice) for choice in choices(documents) if choice.replaced)


def _revision(choice: Choice) -> Revision:
    newest = choice.used[0]
    older = [document for document in choice.replaced if document.revision < newest.revision]
    before = [document for document in older if document.revision == older[0].revision]
    used, replaced = _forms(choice.used), _forms(choice.replaced)
    if not before:
        # Only copies of the used form were left aside.
        return Revision(newest.unit, used, (), replaced)
    old, new = forms_source(before), forms_source(choice.used)
    diff = compare(old, new)
    total = (diff.total(GRAND) or diff.total(ACTIVITIES)) if diff.complete else None
    changes = changes_of(diff, old.merged, new.merged)
    return Revision(newest.unit, used, _forms(before), replaced, changes, total)


def _forms(documents: Sequence[Document]) -> tuple[Form, ...]:
    return tuple(Form(document.file, document.revision) for document in documents)
