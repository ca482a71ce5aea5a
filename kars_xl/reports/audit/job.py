"""The audit as a job: files in, everything that was found out; on request as a page and as a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from kars_xl.base.place import Place
from kars_xl.findings.catalogue import WARNING, finding
from kars_xl.findings.finding import Finding
from kars_xl.findings.severity import any_error
from kars_xl.reading.files import Progress, read_files
from kars_xl.reading.grid import Grid
from kars_xl.reports.audit import AuditOutcome, audit_documents
from kars_xl.workbook.edits.record import is_own

REPORT_TEMPLATE = "denetim_raporu.xlsx"


def audit(
    paths: Sequence[str],
    *,
    html: str | None = None,
    output: str | None = None,
    progress: Progress = lambda _: None,
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
        from kars_xl.reports.audit.report import audit_report

        outcome = _with_written(outcome, html, write_page(html, audit_report(outcome)))
    if output is not None:
        from kars_xl.reports.audit.tree import report_tree
        from kars_xl.workbook.render import render, template_path

        problems = _refused(output, reading.files)
        if not problems:
            problems = render(template_path(REPORT_TEMPLATE), report_tree(done, found, read), output)
        outcome = _with_written(outcome, output, problems)
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


def _refused(output: str, files: Sequence[str]) -> list[Finding]:
    """A slip must not cost the file that was audited, nor any other."""
    if Path(output).suffix.lower() != ".xlsx":
        return [finding("KX006", Place(output), remedy="name", reason="raporun adı .xlsx ile bitmeli")]
    if Path(output).resolve() in {Path(file).resolve() for file in files}:
        return [
            finding("KX006", Place(output), remedy="elsewhere", reason="rapor, denetlenen dosyanın yerine yazılamaz")
        ]
    return []


def _with_written(outcome: AuditOutcome, target: str, problems: Sequence[Finding]) -> AuditOutcome:
    written = outcome.written if any_error(problems) else (*outcome.written, target)
    return replace(outcome, findings=(*outcome.findings, *problems), written=written)
