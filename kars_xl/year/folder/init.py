"""A working folder for a new year: the plan, ready to be edited, and a read-me. What exists is never written over."""

import contextlib
import datetime as dt
import os
import re
from collections.abc import Iterator, Sequence
from operator import attrgetter
from pathlib import Path

from kars_xl.base.atomic import system_reason, write_atomically
from kars_xl.base.place import Place
from kars_xl.base.text import command_line
from kars_xl.base.text_templates import fill
from kars_xl.checking.official import single_form
from kars_xl.checking.source import published
from kars_xl.findings.finding import Effect, Finding, Merged, any_error, finding
from kars_xl.model.programme import Institution, Programme
from kars_xl.model.sources import Contribution
from kars_xl.reading.files import Progress, list_files, read_files
from kars_xl.reading.grid import UnreadableFile, open_grid
from kars_xl.reading.plan import is_plan
from kars_xl.reports.answer import Outcome
from kars_xl.template.nodes import Node
from kars_xl.workbook.nodes.programme import programme_tree
from kars_xl.workbook.render import BOOK_TEMPLATE, PLAN_TEMPLATE, render, template_path
from kars_xl.year.folder.folder import Folder, seen
from kars_xl.year.folder.launchers import write_launchers
from kars_xl.year.folder.roll_over import MOST_YEARS, has_figures, roll_over, with_known, wording_of_year

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
    "Mali Hizmetler Birimi": "institution.office",
    "Formların İlgilisi": "institution.officer",
    "Dahili": "institution.extension",
}
_SPARE = {
    "amac": ("kod", "ad"),
    "stratejik_hedef": ("kod", "ad"),
    "hedef": ("kod", "ad", "aciklama"),
    "gosterge": ("kod", "ad", "iki_onceki", "onceki", "deger", "birimler"),
    "faaliyet": ("kod", "ad", "birimler"),
    "birim": ("ad", "eposta"),
}
_ROWS = 20


def init(
    path: str, sources: Sequence[str], year: int | None, *, next_year: int, progress: Progress = lambda _: None
) -> Outcome:
    """The working folder at `path`. Without a `year` it is the one that the folder is called by, if that is later than
    the source's, else the source's next; without sources its plan is empty, else of `next_year`. The plan is written
    last, so a folder with a plan is a finished one, and anything else may be begun again."""
    folder = Folder(Path(path))
    programme = Programme(Institution(""), year or year_in(folder.root) or next_year)
    findings: list[Finding] = []
    source_year = None
    try:
        _refuse_occupied(folder, progress)
        if sources:
            last, given, findings = last_programme(sources, progress)
            source_year = last.year
            wanted = year or max(year_in(folder.root), source_year + 1)
            if not 1 <= wanted - source_year <= MOST_YEARS:
                raise _unreachable(source_year, wanted, sources[0])
            programme = roll_over(last, wanted, given)
        _write_readme(folder, programme, source_year)
        launchers = [*write_launchers(folder.root), *_book_template(folder.root, sources)]
    except Refused as refused:
        return Outcome(tuple(refused.findings))
    except OSError as error:
        return Outcome(tuple(_unwritable(folder.root, error).findings))
    tree = programme_tree(programme)
    add_spare_rows(tree)
    findings += render(template_path(PLAN_TEMPLATE), tree, str(folder.plan))
    if any_error(findings):
        return Outcome(tuple(findings))
    notes = tuple(_notes(folder, programme, source_year))
    return Outcome(tuple(findings), Merged(programme), (str(folder.plan), str(folder.readme), *launchers), notes)


def _book_template(root: Path, sources: Sequence[str]) -> Iterator[str]:
    """Last year's template of the book with the office's own texts, else an empty one; none over what is there."""
    known = (*(Path(it, BOOK_TEMPLATE) for it in sources), Path(template_path(BOOK_TEMPLATE)))
    target = root / BOOK_TEMPLATE
    if not target.exists():
        write_atomically(target, next(filter(Path.is_file, known)).read_bytes())
        yield str(target)


def year_in(folder: Path) -> int:
    """The year that a folder is called by; 0 where it is called otherwise."""
    return int(folder.name) if re.fullmatch("20[0-9]{2}", folder.name) else 0


def _unreachable(last: int, wanted: int, source: str) -> "Refused":
    remedy = f"--year vermeyin ({last + 1} alınır) ya da en çok {last + MOST_YEARS} verin."
    if wanted == last:
        remedy = "Aynı yılın planını çıkarmak için kars-xl import kullanın; yeni yıl için --year vermeyin."
    elif wanted > last:
        near = str(last + MOST_YEARS)
        remedy = f"{wanted - 1} programınız varsa onu --from ile verin. Yoksa iki adımda: önce "
        remedy += (
            f"{command_line(('init', near, '--from', source))} verin, sonra --from {near} ile bu komutu tekrarlayın."
        )
    return Refused((), source, f"{last} yılının programı {wanted} yılına aktarılamaz", remedy)


def _refuse_occupied(folder: Folder, progress: Progress) -> None:
    """Raises Refused where the folder has a plan already, under whatever name, or is none."""
    if folder.root.exists() and not folder.root.is_dir():
        remedy = "Başka bir ad verin ya da o dosyayı taşıyın."
        raise Refused((), str(folder.root), "bu adda bir dosya var, klasör değil", remedy)
    for file in list_files([str(folder.inputs)])[0] if folder.inputs.is_dir() else ():
        progress(f"bakılıyor: {Path(file).name}")
        with contextlib.suppress(UnreadableFile):
            if Path(file) == folder.plan or is_plan(open_grid(file)):
                remedy = "Bu yılın çalışması bu planla sürer: orada kars-xl yazın, sıradaki adımı söyler. "
                remedy += "Yeni bir yıl için başka bir klasör adı verin."
                raise Refused((), file, "klasörde zaten bir plan var", remedy)


def _write_readme(folder: Folder, programme: Programme, source_year: int | None) -> None:
    """The folders and the read-me, for Notepad: UTF-8 with its mark, lines ended as Windows ends them. Raises Refused
    where they can't be written, or another read-me is there."""
    # A day to start from: the Friday of November's second week.
    first = dt.date(programme.year - 1, 11, 8)
    deadline = first + dt.timedelta(days=(4 - first.weekday()) % 7)
    words = fill(
        "year/folder/readme.txt",
        year=programme.year,
        institution=programme.institution.name,
        change=f'{"cd /d" if os.name == "nt" else "cd"} "{folder.root.resolve()}"',
        source_year=source_year,
        filled=has_figures(programme),
        deadline=deadline.strftime("%d.%m.%Y"),
    )
    text = words.replace("\n", "\r\n").encode("utf-8-sig")
    try:
        folder.inputs.mkdir(parents=True, exist_ok=True)
        if not folder.readme.exists():
            write_atomically(folder.readme, text)
        elif folder.readme.read_bytes() != text:
            remedy = "Dosyayı taşıyın ya da silin ve komutu yeniden verin; ya da başka bir klasör adı verin."
            raise Refused((), str(folder.readme), "klasörde başka bir OKUBENİ.txt var", remedy)
    except OSError as error:
        raise _unwritable(folder.root, error) from error


def _unwritable(root: Path, error: OSError) -> "Refused":
    return Refused([finding("KX006", Place(str(root)), reason=system_reason(error))])


def _notes(folder: Folder, programme: Programme, source_year: int | None) -> list[str]:
    notes = [f"Çalışma klasörü hazır: {folder.root}", f"Plan: {folder.plan}", f"Ne yapılacağı: {folder.readme}"]
    if source_year is None:
        return [f"{programme.year} yılı için boş plan kaydedildi.", *notes]
    if codes := list(wording_of_year(programme, source_year)):
        shown = ", ".join(codes[:10]) + (" …" if len(codes) > 10 else "")
        notes.insert(0, f"Adında ya da açıklamasında {source_year} geçen {len(codes)} kayıt, planda bakın: {shown}")
    if blank := [label for label, path in _FACTS.items() if not attrgetter(path)(programme)]:
        notes.insert(0, f"Planın Kurum sayfasında boş kalanlar, elle doldurun: {', '.join(blank)}")
    if without := sum(not unit.email for unit in programme.units):
        notes.insert(0, f"{without} birimin e-posta adresi yok; planın Birimler sayfasına yazın.")
    title = f"{source_year} programı {programme.year} yılına aktarıldı; {programme.year} maliyetleri ve değerleri boş"
    title += f", {source_year} maliyetleri planın Geçen Yıl sayfasında." if programme.past else "."
    return [title, *notes]


def add_spare_rows(tree: Node) -> None:
    """Adds them to the lists of a plan's `tree`."""
    for kind, names in _SPARE.items():
        nodes = [Node(kind, f"boş {number}", dict.fromkeys(names)) for number in range(_ROWS)]
        tree.lists[kind] = [*tree.lists[kind], *nodes]
    # The plan lists objectives below their goals.
    goals, objectives = tree.lists["amac"][-_ROWS:], tree.lists["stratejik_hedef"][-_ROWS:]
    for goal in goals:
        goal.lists["stratejik_hedef"] = []
    goals[0].lists["stratejik_hedef"] = objectives
    for node in objectives:
        node.up = goals[0]


class Refused(Exception):
    """The folder is not made: KX010 for the file at `path`, unless other `findings` say why."""

    def __init__(self, findings: Sequence[Finding], path: str = "", reason: str = "", remedy: str = "") -> None:
        refused = [finding("KX010", Place(path), reason=reason, statement=remedy)] if path else []
        self.findings = (*findings, *refused)


def last_programme(
    paths: Sequence[str], progress: Progress = lambda _: None
) -> tuple[Programme, Sequence[Contribution], list[Finding]]:
    """What a programme, a plan, or both say, and its costs by unit; or last year's working folder, which holds them.
    Raises Refused."""
    programmes: dict[str, Merged] = {}
    plans: dict[str, Merged] = {}
    findings: list[Finding] = []
    for path in paths:
        folder, held = Path(path).is_dir(), len(programmes) + len(plans)
        for file in _programme_files(path) if folder else [path]:
            reading = read_files([file], None, progress, required=False)
            if reading.plan is not None:
                plans[file] = reading.plan
            if alone := single_form(reading, [file]):
                raise Refused(alone)
            found = list(reading.findings)
            for document in reading.documents:
                # Reports beside the programme in a working folder may look like one of its tables, not like all.
                if (document.targets and document.costs) or not folder:
                    merged = published(reading, document).merged
                    assert merged is not None
                    programmes[file] = merged
                    found += merged.findings
            # What else lies in the folder is not the user's choice.
            findings += [item for item in found if not (folder and item.has(Effect.NO_TABLE))]
        if len(programmes) + len(plans) == held and not any_error(findings):
            remedy = "Geçen yılın çalışma kitabını, yayımlanmış programı (Word ya da metin) veya o yılın planını verin."
            findings += Refused((), path, "kaynakta performans programının tabloları yok", remedy).findings
    if any_error(findings):
        raise Refused(findings)
    several = programmes if len(programmes) > 1 else plans
    if len(several) > 1:
        names = ", ".join(Path(name).name for name in several)
        remedy = "Yeni yıl tek bir programdan başlar: yalnız birini --from ile verin (yanında o yılın planı da "
        remedy += "verilebilir)."
        raise Refused(findings, next(iter(several)), f"birden çok kaynak var ({names})", remedy)
    plan = next(iter(plans.values()), None)
    last = next(iter(programmes.values()), plan)
    assert last is not None
    programme = last.programme
    if not programme.year:
        remedy = "Kaynağı kars-xl import ile plana çevirin, yılı planın Kurum sayfasına yazın ve --from ile o planı "
        remedy += "verin."
        raise Refused(findings, paths[0], "kaynağın program yılı okunamadı", remedy)
    known = with_known(programme, plan.programme) if plan is not None and plan is not last else programme
    return known, last.contributions, findings


def _programme_files(path: str) -> Iterator[str]:
    folder = Folder.of(path)
    if folder.plan is not None and folder.plan.is_file():
        yield str(folder.plan)
    if folder.gathered is None:
        yield from map(str, seen(folder.outputs, "*.xlsx"))
