"""A working folder for a new year: the plan, ready to be edited, and a read-me. What exists is never written over."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Sequence
from operator import attrgetter
from pathlib import Path

from kars_xl.base.atomic import system_reason, write_atomically
from kars_xl.base.place import Place
from kars_xl.base.text_templates import fill
from kars_xl.findings.catalogue import finding
from kars_xl.findings.finding import Finding, Merged
from kars_xl.findings.severity import any_error
from kars_xl.model.programme import Institution, Programme
from kars_xl.reading.files import Progress, list_files
from kars_xl.reading.grid import UnreadableFile, open_grid
from kars_xl.reading.plan import is_plan
from kars_xl.reports.answer import Outcome
from kars_xl.workbook.nodes.programme import programme_tree
from kars_xl.workbook.render import PLAN_TEMPLATE, render, template_path
from kars_xl.year.folder.folder import Folder
from kars_xl.year.folder.rollover import (
    MOST_YEARS,
    Refused,
    add_spare_rows,
    has_figures,
    last_programme,
    roll_over,
    wording_of_year,
)

_GO_ON = (
    "Bu yılın çalışması bu planla sürer: orada kars-xl yazın, sıradaki adımı söyler. "
    "Yeni bir yıl için başka bir klasör adı verin."
)
_SAME_YEAR = "Aynı yılın planını çıkarmak için kars-xl import kullanın; yeni yıl için --year vermeyin."
# What the plan's sheet Kurum holds beside name and year, as its rows are called.
_FACTS = {
    "Yer": "institution.place",
    "Adres": "institution.address",
    "Telefon": "institution.phone",
    "Web": "institution.web",
    "E-posta": "institution.email",
    "Üst Yönetici": "institution.head",
    "Üst Yönetici Unvanı": "institution.head_title",
    "Misyon": "purpose.mission",
    "Vizyon": "purpose.vision",
    "İlkeler": "purpose.principles",
}


def init(
    path: str, sources: Sequence[str], year: int | None, *, next_year: int, progress: Progress = lambda _: None
) -> Outcome:
    """The working folder at `path`. Without sources its plan is empty, of `year` or else of `next_year`.

    The plan is written last, so a folder with a plan is a finished one, and anything else may be begun again.
    """
    folder = Folder(Path(path))
    programme = Programme(Institution(""), year or next_year)
    findings: list[Finding] = []
    source_year = None
    try:
        _refuse_occupied(folder, progress)
        if sources:
            last, findings = last_programme(sources, progress)
            source_year = last.year
            wanted = year or source_year + 1
            if not 1 <= wanted - source_year <= MOST_YEARS:
                reason = f"{source_year} yılının programı {wanted} yılına aktarılamaz"
                remedy = f"--year vermeyin ({source_year + 1} alınır) ya da en çok {source_year + MOST_YEARS} verin."
                raise Refused((), sources[0], reason, _SAME_YEAR if wanted == source_year else remedy)
            programme = roll_over(last, wanted)
        _write_readme(folder, programme, source_year)
    except Refused as refused:
        return Outcome((*findings, *refused.findings))
    tree = programme_tree(programme)
    add_spare_rows(tree)
    findings += render(template_path(PLAN_TEMPLATE), tree, str(folder.plan))
    if any_error(findings):
        return Outcome(tuple(findings))
    notes = tuple(_notes(folder, programme, source_year))
    return Outcome(tuple(findings), Merged(programme), (str(folder.plan), str(folder.readme)), notes)


def _refuse_occupied(folder: Folder, progress: Progress) -> None:
    """Raises Refused where the folder has a plan already, under whatever name, or is none."""
    if folder.root.exists() and not folder.root.is_dir():
        remedy = "Başka bir ad verin ya da o dosyayı taşıyın."
        raise Refused((), str(folder.root), "bu adda bir dosya var, klasör değil", remedy)
    files = list_files([str(folder.inputs)])[0] if folder.inputs.is_dir() else []
    if folder.plan is not None and folder.plan.exists() and str(folder.plan) not in files:
        files.insert(0, str(folder.plan))
    for file in files:
        progress(f"bakılıyor: {Path(file).name}")
        if Path(file) == folder.plan or _holds_plan(file):
            raise Refused((), file, "klasörde zaten bir plan var", _GO_ON)


def _holds_plan(file: str) -> bool:
    try:
        return is_plan(open_grid(file))
    except UnreadableFile:
        return False


def _write_readme(folder: Folder, programme: Programme, source_year: int | None) -> None:
    """The folders and the read-me. Raises Refused where they can't be written, or another read-me is there."""
    text = readme(folder, programme, source_year)
    try:
        folder.inputs.mkdir(parents=True, exist_ok=True)
        if not folder.readme.exists():
            write_atomically(folder.readme, text)
        elif folder.readme.read_bytes() != text:
            remedy = "Dosyayı taşıyın ya da silin ve komutu yeniden verin; ya da başka bir klasör adı verin."
            raise Refused((), str(folder.readme), "klasörde başka bir OKUBENİ.txt var", remedy)
    except OSError as error:
        raise Refused([finding("KX006", Place(str(folder.root)), reason=system_reason(error))]) from error


def _notes(folder: Folder, programme: Programme, source_year: int | None) -> list[str]:
    notes = [f"Çalışma klasörü hazır: {folder.root}", f"Plan: {folder.plan}", f"Ne yapılacağı: {folder.readme}"]
    if source_year is None:
        return [f"{programme.year} yılı için boş plan yazıldı.", *notes]
    codes = wording_of_year(programme, source_year)
    if codes:
        shown = ", ".join(codes[:10]) + (" …" if len(codes) > 10 else "")
        notes.insert(0, f"Adında ya da açıklamasında {source_year} geçen {len(codes)} kayıt, planda bakın: {shown}")
    blank = [label for label, path in _FACTS.items() if not attrgetter(path)(programme)]
    if blank:
        notes.insert(0, f"Planın Kurum sayfasında boş kalanlar, elle doldurun: {', '.join(blank)}")
    without = [unit.name for unit in programme.units if not unit.email]
    if without:
        notes.insert(0, f"{len(without)} birimin e-posta adresi yok; planın Birimler sayfasına yazın.")
    title = f"{source_year} programı {programme.year} yılına aktarıldı; maliyetler ve {programme.year} değerleri boş."
    return [title, *notes]


def readme(folder: Folder, programme: Programme, source_year: int | None) -> bytes:
    """The text for Notepad: UTF-8 with its mark, lines ended as Windows ends them. `source_year` None: from nothing."""
    text = fill(
        "year/folder/readme.txt",
        year=programme.year,
        institution=programme.institution.name,
        change=f'{"cd /d" if os.name == "nt" else "cd"} "{folder.root.resolve()}"',
        source_year=source_year,
        filled=has_figures(programme),
        deadline=_deadline(programme.year - 1).strftime("%d.%m.%Y"),
    )
    return text.replace("\n", "\r\n").encode("utf-8-sig")


def _deadline(year: int) -> dt.date:
    """A day to start from: the Friday of November's second week."""
    first = dt.date(year, 11, 8)
    return first + dt.timedelta(days=(4 - first.weekday()) % 7)
