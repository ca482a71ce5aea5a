"""Cross-checks the tables of any programme, whoever made it: what differs, where, and what explains it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from kars_xl.checking.general.rules import check_arithmetic
from kars_xl.checking.quality import advise
from kars_xl.checking.rows import check_codes, check_units
from kars_xl.checking.source import Source
from kars_xl.findings.catalogue import ADVICE, ERROR, WARNING
from kars_xl.findings.finding import Finding, Merged
from kars_xl.findings.severity import any_error
from kars_xl.merging.adopt import DEFAULT_ROW
from kars_xl.model.programme import Costs, Programme
from kars_xl.reading.general.kinds import name_of
from kars_xl.reports.audit.book import Book, book_of
from kars_xl.reports.audit.causes import Explanation, explain
from kars_xl.reports.audit.matrix import check_amounts, check_matrix, check_presence
from kars_xl.reports.audit.reconcile import Reconciliation, check_grand_totals, reconcile
from kars_xl.reports.audit.shares import check_shares, check_targets_of, check_units_of
from kars_xl.reports.audit.texts import check_blanks, check_identity, check_notation, check_wording
from kars_xl.reports.audit.totals import check_totals

__all__ = ["Audit", "AuditOutcome", "Explanation", "Reconciliation", "audit_source"]

_CHECKS: tuple[Callable[[Book], list[Finding]], ...] = (
    check_identity,
    check_amounts,
    check_presence,
    check_units_of,
    check_targets_of,
    check_totals,
    check_shares,
    check_matrix,
    check_blanks,
    check_wording,
    check_notation,
)
# Of what consolidation says that about cells is taken over; the tables against each other are this package's.
_OWN = ("KX108", "KX201", "KX203", "KX207")
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


def audit_source(source: Source, own: Collection[str] = ()) -> Audit:
    """All rules between and within the tables of a source, whose documents, taken as forms are, are one programme.

    `own` are files that kars-xl wrote: totals are formulas there, and what else disagrees in general tables is a
    warning (KX311), as it is in the forms and when they are merged.
    """
    assert source.merged is not None
    documents, merged = source.documents, source.merged
    book = book_of(documents)
    totals = reconcile(book)
    lenient = {*own, *(document.file for document in documents if document.unit)}
    # What a general table says that a form must not is for check_arithmetic to judge.
    of_general_tables = {name_of(table) for document in documents for table in document.general_tables}
    findings = [
        found
        for found in merged.findings
        if not found.code.startswith("KX3") and found.code not in _OWN and found.table not in of_general_tables
    ]
    findings += [found for check in _CHECKS for found in check(book)]
    findings += check_grand_totals(totals)
    findings += [
        replace(found, severity=WARNING) if found.severity == ERROR and found.place.file in lenient else found
        for found in check_arithmetic(documents)
    ]
    moved = {found.key for found in findings if found.code == "KX305"}
    findings += check_units(documents)
    findings += [found for found in check_codes(documents) if found.key not in moved]
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
