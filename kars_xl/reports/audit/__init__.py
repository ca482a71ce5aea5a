"""Cross-checks the tables of any programme, whoever made it: what differs, where, and what explains it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from kars_xl.checking.book import Book, book_of
from kars_xl.checking.general.rules import check_arithmetic
from kars_xl.checking.quality import advise
from kars_xl.checking.rules import check_rows, check_tables
from kars_xl.findings.catalogue import ADVICE, ERROR, WARNING
from kars_xl.findings.finding import Finding, Merged
from kars_xl.findings.severity import any_error
from kars_xl.merging.adopt import DEFAULT_ROW
from kars_xl.merging.consolidate import consolidate
from kars_xl.model.programme import Costs, Programme
from kars_xl.reading.tables import Document
from kars_xl.reports.audit.causes import Explanation, explain
from kars_xl.reports.audit.reconcile import Reconciliation, check_grand_totals, reconcile

__all__ = ["Audit", "AuditOutcome", "Explanation", "Reconciliation", "audit_documents"]

_ORDER = (ERROR, WARNING, ADVICE)


@dataclass(frozen=True, slots=True)
class Audit:
    """What an audit found: the programme as far as it can be told, findings (worst first) and what explains them."""

    programme: Programme
    findings: tuple[Finding, ...]
    totals: Reconciliation
    explanations: tuple[Explanation, ...]


@dataclass(frozen=True, slots=True)
class AuditOutcome:
    """`audit` is None where no official table could be read; `findings` are all, `files` what was read."""

    findings: tuple[Finding, ...]
    audit: Audit | None = None
    files: tuple[str, ...] = ()
    written: tuple[str, ...] = ()

    @property
    def failed(self) -> bool:
        return any_error(self.findings)


def audit_documents(documents: Sequence[Document], own: Collection[str] = ()) -> Audit:
    """All rules between and within the tables of documents that are one programme.

    `own` are files that kars-xl wrote: totals are formulas there, and what else disagrees in general tables is a
    warning (KX311), as it is in the forms and when they are merged.
    """
    merged = consolidate(documents)
    book = book_of(documents)
    totals = reconcile(book)
    lenient = {*own, *(document.file for document in documents if document.unit)}
    findings = [*merged.findings, *check_tables(book), *check_grand_totals(totals)]
    findings += [
        replace(found, severity=WARNING) if found.severity == ERROR and found.place.file in lenient else found
        for found in check_arithmetic(documents)
    ]
    findings += check_rows(documents, findings)
    programme = _with_costs(merged.programme, book)
    known = Merged(programme, merged.contributions, tuple(findings), merged.files)
    findings += advise(documents, known)
    findings.sort(key=lambda found: (_ORDER.index(found.severity), found.code))
    return Audit(programme, tuple(findings), totals, tuple(explain(book, totals, findings)))


def _with_costs(programme: Programme, book: Book) -> Programme:
    """Activities without a cost table with what the other tables say that they cost, for rules about money as such."""
    targets = []
    for target in programme.targets:
        activities = []
        for activity in target.activities:
            entry = book.entries.get(activity.code)
            figures = entry.figures() if entry else []
            if activity.costs is None and figures and figures[0].total is not None:
                # Under which code is not known, and no rule here asks for it.
                activity = replace(activity, costs=Costs.of({DEFAULT_ROW: figures[0].total}))
            activities.append(activity)
        targets.append(replace(target, activities=tuple(activities)))
    return replace(programme, targets=tuple(targets))
