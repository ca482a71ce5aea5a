"""From paths to a programme: whatever holds it, where each figure stands, and how far it can be trusted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from kars_xl.checking.book import book_of
from kars_xl.checking.general_tables import check_general_tables
from kars_xl.checking.rules import check_finance, check_tables, run_checks
from kars_xl.checking.trust import Places, Trust, is_unread, of_documents, of_plan, place_index
from kars_xl.findings.finding import ERROR, Effect, Finding, Merged, any_error
from kars_xl.merging.adopt import adopt, lowered
from kars_xl.merging.consolidate import consolidate, is_finance
from kars_xl.model.programme import Programme
from kars_xl.reading.files import Progress, Reading, read_files
from kars_xl.reading.kaynak_sheet import SourceRow
from kars_xl.reading.tables import Document


@dataclass(frozen=True, kw_only=True)
class Source:
    """What some paths hold, merged into one programme (kuruş); `merged` is None where nothing was read.

    `is_forms` tells that the files are directorates' forms, so that a figure's own cell is its origin; else it is a
    published programme, taken as tolerantly as it was made, or a plan alone. `documents` are those that count.
    `assumed` are activities whose economic code nobody gave. `strict` are the findings of merging, each as grave as it
    is in a form.
    """

    reading: Reading
    merged: Merged | None = None
    is_forms: bool = False
    documents: Sequence[Document] = ()
    assumed: frozenset[str] = frozenset()
    strict: tuple[Finding, ...] = ()

    @property
    def plan(self) -> Programme | None:
        """What the office's plan among the paths says."""
        return self.reading.plan.programme if self.reading.plan else None

    @property
    def kaynak(self) -> tuple[SourceRow, ...] | None:
        """The list of sources of a merged workbook; None where there is none."""
        return None if self.is_forms or not self.documents else self.documents[0].kaynak

    @property
    def read(self) -> tuple[Finding, ...]:
        """What reading found in the files that count."""
        replaced = self.merged.replaced if self.merged else frozenset[str]()
        return tuple(found for found in self.reading.findings if found.place.file not in replaced)

    @property
    def failed(self) -> bool:
        return any_error(self.findings)

    @property
    def programme(self) -> Programme | None:
        """None where there is an error: what can't be relied on is not given."""
        return None if self.merged is None or self.failed else self.merged.programme

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """All findings. Forms are held against every rule; of a published source a missing figure is an error."""
        if self.merged is None:
            return tuple(self.reading.findings)
        if self.is_forms:
            met = replace(self.merged, findings=(*self.read, *self.merged.findings))
            return (*met.findings, *run_checks(self.reading.documents, met, self.plan, self.reading.plan_file))
        raised = (replace(it, severity=ERROR) if is_unread(it, self.strict) else it for it in self.merged.findings)
        return (*self.read, *raised)

    @cached_property
    def places(self) -> Places:
        """Where the wordings and values stand."""
        return place_index(self.documents)

    @cached_property
    def trust(self) -> Trust:
        """Which figures are missing or in doubt, and the programme without them."""
        assert self.merged is not None
        return of_documents(self.merged, self.documents, self.strict) if self.documents else of_plan(self.merged)


def read_source(
    paths: Sequence[str], *, plan: str | None = None, latest: bool = False, progress: Progress = lambda _: None
) -> Source:
    """Whatever `paths` hold: forms as a merge takes them, one published programme, or a plan alone."""
    return source_of(read_files(paths, plan, progress), latest=latest)


def source_of(reading: Reading, *, latest: bool = False) -> Source:
    """Forms, a published programme or a plan, told by what was read."""
    documents = reading.documents
    if not documents and reading.plan is not None:
        return Source(reading=reading, merged=reading.plan, strict=reading.plan.findings)
    if len(documents) == 1 and not documents[0].unit and not is_finance(documents[0]):
        return published(reading, documents[0])
    return forms(reading, latest=latest)


def forms(reading: Reading, *, latest: bool = False) -> Source:
    """Everything that was read as forms, merged with the plan among it. With `latest` the highest revisions count."""
    if not reading.documents:
        return Source(reading=reading)
    plan = reading.plan.programme if reading.plan else None
    merged = consolidate(reading.documents, plan, latest=latest)
    used = [document for document in reading.documents if document.file not in merged.replaced]
    merged = replace(merged, findings=(*merged.findings, *_made_anew(used, merged, plan)))
    return Source(reading=reading, merged=merged, is_forms=True, documents=used, strict=merged.findings)


def _made_anew(documents: Sequence[Document], merged: Merged, plan: Programme | None = None) -> list[Finding]:
    """What the tables say against each other, of which a merge makes its own."""
    return [*check_tables(book_of(documents, recomputed=True, plan=plan)), *check_finance(merged)]


def forms_of(documents: Sequence[Document]) -> Source:
    """Documents as forms, without a plan."""
    return forms(Reading(documents=list(documents)))


def _only_letters(found: Finding) -> bool:
    """Different wording in a published source is no news where the plan is just being made from it."""
    return found.has(Effect.WORDING) and found.key.startswith(("F.", "PG."))


def published(reading: Reading, document: Document) -> Source:
    """One document of those that were read, as a published programme; what `adopt` says of it are warnings."""
    adopted = adopt(document)
    known = [adopted.document]
    added = [*_made_anew(known, adopted.merged), *check_general_tables(known, adopted.merged)]
    said = (lowered(found) for found in added if not _only_letters(found))
    merged = replace(adopted.merged, findings=(*adopted.merged.findings, *said))
    strict = (*adopted.strict, *added)
    return Source(reading=reading, merged=merged, documents=[adopted.document], assumed=adopted.assumed, strict=strict)
