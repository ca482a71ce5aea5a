"""Cross-checks the tables of any programme, whoever made it: what differs, where, and what explains it. Below, the
audit as the data tree that its report workbook is filled from (templates/denetim_raporu.xlsx)."""

import re
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from itertools import groupby

from msgspec.structs import replace

from kars_xl import __version__
from kars_xl.base.file_names import short_names
from kars_xl.base.money import to_tl
from kars_xl.base.place import Place
from kars_xl.checking.book import Book, book_of
from kars_xl.checking.general.rules import check_arithmetic
from kars_xl.checking.official import check_found, official, single_form
from kars_xl.checking.quality import advise
from kars_xl.checking.rules import check_rows, check_tables
from kars_xl.findings.as_text import TABLES, cell_of
from kars_xl.findings.finding import HEADINGS, WARNING, Finding, Merged, any_error, finding, misnamed, refused_target
from kars_xl.merging.adopt import DEFAULT_ROW
from kars_xl.merging.consolidate import consolidate
from kars_xl.model.programme import Activity, Costs, Programme
from kars_xl.reading.files import Progress, read_files
from kars_xl.reading.grid import Grid
from kars_xl.reading.kaynak_sheet import is_own, read_source_rows
from kars_xl.reading.tables import Document
from kars_xl.reports.audit.causes import Explanation, explain
from kars_xl.reports.audit.reconcile import MEASURES, Reconciliation, TotalsLine, check_grand_totals, reconcile
from kars_xl.reports.audit.report import Audit, AuditOutcome, audit_report, covered, numbered
from kars_xl.template.nodes import Node, Styled
from kars_xl.workbook.nodes.lists import Fields

__all__ = ["Audit", "AuditOutcome", "Explanation", "Reconciliation", "audit_documents"]
_FIELDS = {"activities": "faaliyetler", "general": "genel_yonetim", "transfers": "transfer", "grand": "genel_toplam"}
# What a table does not have is no blank to be filled in.
_NONE = "–"
_AMOUNT = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)

Names = Mapping[str, str]


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


def audit(
    paths: Sequence[str], *, html: str | None = None, output: str | None = None, progress: Progress = lambda _: None
) -> AuditOutcome:
    """The cross-check of one programme in one or several files; writes a page at `html`, a workbook at `output`."""
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
    if output is not None:
        from kars_xl.workbook.render import render, template_path

        # A slip must not cost the file that was audited, nor any other.
        problems = misnamed(output, "raporun") or refused_target(output, reading.files)
        problems = problems or render(template_path("denetim_raporu.xlsx"), report_tree(done, found, read), output)
        outcome = outcome.with_written(output, problems)
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


def report_tree(done: Audit, findings: Sequence[Finding], files: Sequence[str]) -> Node:
    """The root node of the report; `findings` are all, those about the files themselves included."""
    named = dict.fromkeys([*files, *(found.place.file for found in findings if found.place.file)])
    names = {file: "/".join(parts) for file, parts in short_names(named).items()}
    given = {measure for line in done.totals.lines for measure in line.sums}
    known = done.totals.reference
    basis = {field: to_tl(known[measure]) if measure in given else None for measure, field in _FIELDS.items()}
    fields: Fields = {
        "yil": done.programme.year or 2000,  # a workbook's date of creation needs one
        "program": done.programme.title,
        "surum": __version__,
        "esas": basis,
        "dosyalar": ", ".join(names[file] for file in files),
    }
    listed = [_finding(*item, names) for item in numbered(findings)]
    lists: dict[str, list[Fields]] = {
        "tablo": [_table(line, names) for line in done.totals.lines],
        "aciklama": [_explanation(number, it, findings) for number, it in enumerate(done.explanations, start=1)],
        "bulgu": [found for found in listed if found["onem"] != HEADINGS["advice"]],
        "oneri": [found for found in listed if found["onem"] == HEADINGS["advice"]],
    }
    nodes = {
        kind: [Node(kind, str(row.get("no", at)), row) for at, row in enumerate(rows, start=1)]
        for kind, rows in lists.items()
    }
    return Node("", "", fields, None, nodes)


def _table(line: TotalsLine, names: Names) -> Fields:
    # Where the totals are printed; those of one row are named once.
    places = [item.place for measure in MEASURES if (item := line.sums.get(measure)) and item.place]
    cells = ", ".join(dict.fromkeys(map(cell_of, places)))
    where = filter(None, (names.get(places[0].file), places[0].sheet, cells)) if places else ()
    sums: Fields = {field: to_tl(line.sums[it].kurus) if it in line.sums else _NONE for it, field in _FIELDS.items()}
    return {"ad": line.name, "yer": " ▸ ".join(where) or None} | sums


def _explanation(number: int, item: Explanation, findings: Sequence[Finding]) -> Fields:
    by_code = groupby(covered(item, findings), key=lambda given: given[1].code)
    spans = [f"{code}: {_spans([number for number, _ in group])}" for code, group in by_code]
    return {
        "no": number,
        "metin": item.text,
        "fark": None if item.difference is None else to_tl(item.difference),
        "bulgular": "; ".join(spans) or None,
    }


def _spans(numbers: Sequence[int]) -> str:
    """Ascending numbers in short: "1–6, 9"."""
    runs = [[number for _, number in run] for _, run in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0])]
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)


def _finding(number: int, found: Finding, names: Names) -> Fields:
    figures = {name: Decimal(value) for name, value in found.values if _AMOUNT.fullmatch(value)}
    expected, actual = figures.get("expected"), figures.get("found")
    difference = actual - expected if actual is not None and expected is not None else None
    return {
        "no": number,
        "onem": HEADINGS[found.severity],
        "kod": found.code,
        "tablo": TABLES.get(found.table, found.table) or None,
        "konu": found.key or found.label or None,
        "ad": found.label or None,
        "dosya": names.get(found.place.file),
        "sayfa": found.place.sheet or None,
        "hucre": cell_of(found.place) or None,
        "metin": found.message,
        "cozum": found.fix,
        "beklenen": _figure(expected),
        "bulunan": _figure(actual),
        "fark": _figure(figures.get("difference", difference)),
    }


def _figure(value: Decimal | None) -> object:
    """Amounts are written with their kuruş, counts without."""
    return value if value is None or "." in str(value) else Styled(value, "#,##0")
