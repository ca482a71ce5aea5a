"""The letter that sends the programme on: the book, if the workbook is fit to leave the house."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from msgspec.structs import replace

from kars_xl.base.atomic import system_reason
from kars_xl.base.place import Place
from kars_xl.base.text import fold
from kars_xl.findings.finding import WARNING, Finding, finding
from kars_xl.model.units import NO_UNIT, Unit
from kars_xl.reading.files import Progress, Reading, open_file, read_files
from kars_xl.reading.kaynak_sheet import is_own
from kars_xl.reports.audit import audit_documents
from kars_xl.reports.book import export_book, has_appendix, shows_draft
from kars_xl.workbook.edits.findings import changes_since_written
from kars_xl.year.folder.folder import Folder, seen
from kars_xl.year.mail.addresses import read_addresses, same
from kars_xl.year.mail.letter import FINAL, Attachment, Letters, one_line, write

# Whom a name in the list stands for, by what is in it; a member of the council is a person.
_BODIES = {
    "meclis": "Belediye Meclisi Başkanlığına",
    "encumen": "Belediye Encümenine",
    "makam": "Belediye Başkanlığı Makamına",
    "belediye baskan": "Belediye Başkanlığı Makamına",
}


def form_of_address(name: str) -> tuple[str, bool]:
    """How one of this name is addressed; whether it is a directorate, to which nobody writes as to those above it."""
    above = [whom for word, whom in _BODIES.items() if word in fold(name)]
    if above and not re.search("uye|yardimci", fold(name)):
        return above[0], False
    addressed = Unit(name).addressed
    is_unit = not above and not fold(addressed).endswith("yetkilisine")
    return addressed if is_unit else f"Sayın {one_line(name) or 'İlgili'},", is_unit


def read_recipients(given: Iterable[str]) -> tuple[list[tuple[str, str]], list[Finding]]:
    """The addresses to write to with whose they are, each once, and findings about those that can't be used (KX702,
    KX007, KX001). Given are addresses, and text files with one a line; there, what follows a "#" is a remark."""
    good: dict[str, tuple[str, str]] = {}
    findings: list[Finding] = []
    for item in given:
        path, source, text = Path(item), "--to", item
        try:
            if "@" not in item or path.is_file():
                content = path.read_text(encoding="utf-8-sig", errors="replace")
                source, text = item, re.sub("#.*", "", content)
        except FileNotFoundError:
            findings.append(finding("KX007", Place(item)))
            continue
        except OSError as error:
            findings.append(finding("KX001", Place(item), reason=system_reason(error)))
            continue
        read = read_addresses(text)
        for address, name in zip(read.good, read.names, strict=True):
            good.setdefault(same(address), (address, name))
        findings += read.unusable(Place(source), "Alıcı listesindeki")
    return list(good.values()), findings


def find_workbooks(folder: Folder) -> list[Path]:
    """The official workbooks among the outputs, by the record that only kars-xl puts in. Those beside a plain folder
    may be another year's: what is sent on must lie in the working folder that was named."""
    if folder.gathered is not None:
        return []
    grids = ((path, open_file(str(path), Reading())) for path in seen(folder.outputs, "*.xlsx"))
    return [path for path, grid in grids if grid is not None and is_own(grid)]


def final_letters(
    workbook: Path,
    recipients: tuple[Sequence[tuple[str, str]], Sequence[Finding]],
    plan: Path | None = None,
    *,
    draft: bool = False,
    make_pdf: bool = True,
    appendix: bool = False,
    folder: Path | None = None,
    progress: Progress = lambda _: None,
) -> Letters:
    """To each recipient the book with the summary in the text, and with `appendix` the workbook, in which it stands who
    filled in what. A book that is not there is made in `folder`, or beside the workbook; who signs stands in the plan.
    Warnings about the workbook are for who sends it, not for those who get it. A workbook with errors, changed since it
    was written, or a draft is refused, unless `draft` says to send it as one."""
    progress(f"denetleniyor: {workbook.name}")
    to, unusable = recipients
    if not to:
        return Letters(findings=list(unusable))
    reading = read_files([str(workbook)], plans=False, keep=True)
    if not reading.documents:
        return Letters(findings=[*unusable, *reading.findings])
    (grid,) = reading.grids.values()
    edits = changes_since_written(grid)
    audit = audit_documents(reading.documents, {grid.file} if is_own(grid) else ())
    audited = (*reading.findings, *(edits or ()), *audit.findings)
    reason = _unfit(audited, edits, shows_draft(grid))
    refused = finding("KX706", Place(str(workbook)), reason=reason) if reason else None
    if refused is not None and not draft:
        return Letters(findings=[*unusable, *(found for found in audited if found.is_error), refused])
    known = plan if plan is not None and plan.is_file() else None
    files, findings, notes = _files(workbook, make_pdf, folder or workbook.parent, progress)
    files += [Attachment.of(workbook)] if appendix else []
    # The totals and what is attached; what is left to mend is the office's to know, not the council's.
    programme = audit.programme
    signing = read_files([], str(known)).plan if known else None
    if signing is not None:
        programme = replace(programme, institution=signing.programme.institution)
    letters = []
    for address, name in to:
        addressed, to_unit = form_of_address(name)
        facts = {"addressed": addressed, "to_unit": to_unit, "is_draft": bool(reason), "of": programme}
        letter = write(FINAL, programme, NO_UNIT, (address,), files, **facts)
        letters.append(replace(letter, known_by=grid.digest))
    if refused is not None:
        # It was asked for in spite of this, and still has to be known.
        notes.append(f"Kitap TASLAK olarak gidiyor: {reason}.")
    if warnings := [found for found in audited if found.severity == WARNING]:
        notes.append(f"Kitapta {len(warnings)} uyarı açık; iletide yazmaz, size yukarıda sıralandı.")
    return Letters(letters, [*unusable, *findings, *warnings], notes)


def _unfit(audited: Sequence[Finding], edits: Sequence[Finding] | None, is_draft: bool) -> str:
    """Why the workbook must not be taken for the final one; "" where it may."""
    if is_draft:
        return "üzerinde TASLAK yazıyor"
    if edits is None:
        return "kars-xl'in kaydı kitapta yok, sonradan değiştirilip değiştirilmediği bilinmiyor"
    if edits:
        return f"birleştirmeden sonra değiştirilmiş ({len(edits)} yerde)"
    errors = sum(found.is_error for found in audited)
    return f"denetimde {errors} hata bulundu" if errors else ""


def _files(
    workbook: Path, make_pdf: bool, folder: Path, progress: Progress
) -> tuple[list[Attachment], list[Finding], list[str]]:
    """The book: one beside the workbook and no older than it, which the office may have edited, else made anew in
    `folder`. What holds the sheets on who filled in what does not go out."""
    written = workbook.stat().st_mtime
    beside = [workbook.with_suffix(suffix) for suffix in (".pdf", ".docx")]
    fresh = [book for book in beside if book.is_file() and book.stat().st_mtime >= written]
    if book := next((it for it in fresh if not has_appendix(it)), None):
        return [Attachment.of(book)], [], []
    findings: list[Finding] = []
    for kind in ("pdf", "docx") if make_pdf else ("docx",):
        own = workbook.with_suffix(f".{kind}")
        target = folder / (f"{own.stem}_meclis{own.suffix}" if own in fresh else own.name)
        done = export_book(str(workbook), kind, str(target), progress=progress)
        if done.written is not None:
            return [Attachment.of(target)], findings, [f"Kitapçık: {target.name}"]
        findings += [replace(found, severity=WARNING) for found in done.findings if found.is_error]
    return [], findings, ["Kitapçık yapılamadı; ek yok."]
