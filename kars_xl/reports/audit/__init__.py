"""Cross-checks the tables of any programme, whoever made it: what differs, where, and what explains it."""

from collections.abc import Collection, Sequence

from msgspec.structs import replace

from kars_xl.base.place import Place
from kars_xl.checking.book import Book, book_of
from kars_xl.checking.general.rules import check_arithmetic
from kars_xl.checking.official import check_found, official, single_form
from kars_xl.checking.quality import advise
from kars_xl.checking.rules import check_rows, check_tables
from kars_xl.findings.finding import WARNING, Finding, Merged, any_error, finding
from kars_xl.merging.adopt import DEFAULT_ROW
from kars_xl.merging.consolidate import consolidate
from kars_xl.model.programme import Activity, Costs, Programme
from kars_xl.reading.files import Progress, read_files
from kars_xl.reading.grid import Grid
from kars_xl.reading.kaynak_sheet import is_own, read_source_rows
from kars_xl.reading.tables import Document
from kars_xl.reports.audit.causes import Explanation, explain
from kars_xl.reports.audit.reconcile import Reconciliation, check_grand_totals, reconcile
from kars_xl.reports.audit.report import Audit, AuditOutcome, audit_report

__all__ = ["Audit", "AuditOutcome", "Explanation", "Reconciliation", "audit_documents"]


def audit_documents(documents: Sequence[Document], own: Collection[str] = ()) -> Audit:
    """All rules between and within the tables of documents that are one programme. `own` are files that kars-xl wrote:
    totals are formulas there, and what else disagrees in general tables is a warning (KX311), as it is in forms."""
    merged = consolidate(documents)
    book = book_of(documents)
    totals = reconcile(book)
    lenient = {*own, *(document.file for document in documents if document.unit)}
    findings = [*merged.findings, *check_tables(book), *check_grand_totals(totals)]
    for found in check_arithmetic(documents):
        findings.append(replace(found, severity=WARNING) if found.is_error and found.place.file in lenient else found)
    findings += check_rows(documents, findings)
    programme = _with_costs(merged.programme, book)
    known = Merged(programme, merged.contributions, tuple(findings), merged.files)
    findings += advise(documents, known)
    findings.sort(key=lambda found: found.rank)
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


def audit(paths: Sequence[str], *, html: str | None = None, progress: Progress = lambda _: None) -> AuditOutcome:
    """The cross-check of one programme in one or several files; writes a page at `html`."""
    own: set[str] = set()
    edits: list[Finding] = []

    def see(grid: Grid) -> None:
        edits.extend(_edits(grid))
        own.update([grid.file] if is_own(grid) else ())

    reading = read_files(paths, None, progress, plans=False, see=see)
    reading.findings += edits
    tables = official(reading)
    lacking = check_found(reading.documents, WARNING if own else "")
    if not any(tables.values()) and not any_error(reading.findings):
        reading.findings += lacking
    reading.findings += (alone := single_form(reading, paths))
    if not reading.documents or alone:
        return AuditOutcome(tuple(reading.findings), tables=None if alone else tables)
    progress("tablolar karşılaştırılıyor")
    done = audit_documents(reading.documents, own)
    read = tuple(document.file for document in reading.documents)
    found = (*reading.findings, *(lacking if any(tables.values()) else ()), *done.findings)
    outcome = AuditOutcome(found, audit=done, files=read, tables=tables)
    if html is not None:
        from kars_xl.findings.as_page import write_page

        outcome = outcome.with_written(html, write_page(html, audit_report(outcome), reading.files))
    return outcome


def _edits(grid: Grid) -> list[Finding]:
    """What was changed since kars-xl wrote the workbook; KX605 where only its list of forms tells that it did."""
    if not any(sheet.name for sheet in grid.sheets):
        return []  # a text or a Word file, which kars-xl does not write
    from kars_xl.workbook.edits.findings import changes_since_written

    found = changes_since_written(grid)
    if found is not None or not any(row.places for row in read_source_rows(grid.sheets) or ()):
        return found or []
    reason = "kars-xl'in gizli kayıt sayfası kitapta yok (silinmiş ya da kitabı eski bir sürüm yazmış)"
    return [finding("KX605", Place(grid.file), severity=WARNING, extent="denetlenemedi", reason=reason)]
