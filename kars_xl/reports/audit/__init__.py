"""Cross-checks the tables of any programme, whoever made it: what differs, where, and what explains it."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

from kars_xl.base.place import Place
from kars_xl.checking.book import Book, book_of
from kars_xl.checking.general.rules import check_arithmetic
from kars_xl.checking.quality import advise
from kars_xl.checking.rules import check_rows, check_tables
from kars_xl.findings.finding import ERROR, SEVERITIES, WARNING, Finding, Merged, finding, refused_workbook
from kars_xl.merging.adopt import DEFAULT_ROW
from kars_xl.merging.consolidate import consolidate
from kars_xl.model.programme import Activity, Costs, Programme
from kars_xl.reading.files import Progress, read_files
from kars_xl.reading.grid import Grid
from kars_xl.reading.tables import Document
from kars_xl.reports.audit.causes import Explanation, explain
from kars_xl.reports.audit.reconcile import Reconciliation, check_grand_totals, reconcile
from kars_xl.reports.audit.report import Audit, AuditOutcome, audit_report
from kars_xl.workbook.edits.record import is_own

__all__ = ["Audit", "AuditOutcome", "Explanation", "Reconciliation", "audit_documents"]


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
    findings.sort(key=lambda found: (SEVERITIES.index(found.severity), found.code))
    return Audit(programme, tuple(findings), totals, tuple(explain(book, totals, findings)))


def _with_costs(programme: Programme, book: Book) -> Programme:
    """Activities without a cost table with what the other tables say that they cost, for rules about money as such."""

    def known(activity: Activity) -> Activity:
        entry = book.entries.get(activity.code)
        figures = entry.figures() if entry else []
        if activity.costs is not None or not figures or figures[0].total is None:
            return activity
        # Under which code is not known, and no rule here asks for it.
        return replace(activity, costs=Costs.of({DEFAULT_ROW: figures[0].total}))

    targets = (replace(target, activities=tuple(map(known, target.activities))) for target in programme.targets)
    return replace(programme, targets=tuple(targets))


def audit(
    paths: Sequence[str], *, html: str | None = None, output: str | None = None, progress: Progress = lambda _: None
) -> AuditOutcome:
    """The cross-check of one programme in one or several files; writes a page at `html`, a workbook at `output`."""
    own: set[str] = set()
    edits: list[Finding] = []

    def see(grid: Grid) -> None:
        edits.extend(_edits(grid))
        if is_own(grid):
            own.add(grid.file)

    reading = read_files(paths, None, progress, plans=False, see=see)
    reading.findings += edits
    if not reading.documents:
        return AuditOutcome(tuple(reading.findings))
    progress("tablolar karşılaştırılıyor")
    done = audit_documents(reading.documents, own)
    read = tuple(document.file for document in reading.documents)
    found = (*reading.findings, *done.findings)
    outcome = AuditOutcome(found, done, read)
    if html is not None:
        from kars_xl.findings.as_page import write_page

        outcome = outcome.with_written(html, write_page(html, audit_report(outcome)))
    if output is not None:
        from kars_xl.reports.audit.tree import report_tree
        from kars_xl.workbook.render import render, template_path

        # A slip must not cost the file that was audited, nor any other.
        problems = refused_workbook(output, "raporun")
        if Path(output).resolve() in {Path(file).resolve() for file in reading.files}:
            reason = "rapor, denetlenen dosyanın yerine yazılamaz"
            problems = problems or [finding("KX006", Place(output), remedy="elsewhere", reason=reason)]
        problems = problems or render(template_path("denetim_raporu.xlsx"), report_tree(done, found, read), output)
        outcome = outcome.with_written(output, problems)
    return outcome


def _edits(grid: Grid) -> list[Finding]:
    """What was changed since kars-xl wrote the workbook; KX605 where only its list of forms tells that it did."""
    if not any(sheet.name for sheet in grid.sheets):
        return []  # a text or a Word file, which kars-xl does not write
    from kars_xl.reading.kaynak_sheet import read_source_rows
    from kars_xl.workbook.edits.findings import changes_since_written

    found = changes_since_written(grid)
    if found is not None:
        return found
    if not any(row.places for row in read_source_rows(grid.sheets) or ()):
        return []
    reason = "kars-xl'in gizli kayıt sayfası kitapta yok (silinmiş ya da kitabı eski bir sürüm yazmış)"
    return [finding("KX605", Place(grid.file), severity=WARNING, extent="denetlenemedi", reason=reason)]
