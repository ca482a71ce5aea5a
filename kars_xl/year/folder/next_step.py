"""From a working folder to its State, and from that to the next step, in words and as a command."""

import contextlib
import datetime as dt
from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from kars_xl.base.file_names import FINANCE_FORM
from kars_xl.base.place import Place
from kars_xl.base.text import few
from kars_xl.base.text_templates import fill
from kars_xl.findings.finding import Effect, Finding, finding
from kars_xl.pipeline import check_forms
from kars_xl.reading.files import Progress, Reading, read_files
from kars_xl.reading.grid import SUFFIXES
from kars_xl.reports.answer import Outcome
from kars_xl.reports.units import FINANCE
from kars_xl.year.folder.folder import Folder, read_log, seen
from kars_xl.year.folder.roll_over import has_figures
from kars_xl.year.mail.letter import FINAL, FINDINGS, FORMS, NAMES, REMINDERS

# Stands in a command for what only the user knows; a `Step.question` asks for it.
ASKED = "…"
_LAST_YEAR = "Geçen yılın programı (dosyayı bu pencereye sürükleyin; yoksa boş bırakın)"
_DEADLINE = "Formların son günü (gün.ay.yıl; boş bırakırsanız bir şey yapılmaz)"
_LETTERS = "Gelen iletilerin klasörü (bu pencereye sürükleyin; boş bırakırsanız bir şey yapılmaz)"


class State(Struct, frozen=True):
    """What a working folder holds. Names are for people: units, and files without their folder. `outdated` forms are
    older than the plan, `mailed` says that letters about the forms were made since; in the same way `marked` and
    `findings_mailed` follow the faulty forms, `reminded` the last form that came, and `merged`, `audited`, `printed`
    and `final_mailed` each the one before. A plan that can't be used has `plan_faults`."""

    folder: Folder
    year: int = 0
    has_plan: bool = False
    plan_faults: tuple[Finding, ...] = ()
    units: int = 0
    activities: int = 0
    without_mail: int = 0
    prefilled: bool = False
    forms: int = 0
    outdated: bool = False
    mailed: bool = False
    came: int = 0
    faulty: tuple[str, ...] = ()
    faults: int = 0
    stand: str = ""
    missing: tuple[str, ...] = ()
    marked: bool = False
    findings_mailed: bool = False
    reminded: bool = False
    merged: bool = False
    audited: bool = False
    printed: bool = False
    final_mailed: bool = False

    @property
    def output(self) -> Path:
        return self.folder.programme(self.year)


class Step(Struct, frozen=True):
    """What to do next, and the command for it, () where no command can. `question` asks for the command's `ASKED`."""

    sentence: str
    argv: tuple[str, ...] = ()
    question: str = ""
    optional: bool = False

    def answered(self, answer: str) -> "Step":
        """With the user's answer in the command; without one an `optional` option falls away, else the command."""
        # A file dragged onto the window comes in quotes.
        text = answer.strip().strip("\"'").strip()
        if not self.question:
            return self
        at = self.argv.index(ASKED)
        if text:
            argv = (*self.argv[:at], text, *self.argv[at + 1 :])
        elif self.optional:
            argv = (*self.argv[: at - 1], *self.argv[at + 1 :])
        else:
            argv = ()
        return replace(self, argv=argv, question="")


def first_step(root: Path, next_year: int) -> Step:
    """Where there is no working folder yet."""
    sentence = (
        f"Burada çalışma klasörü yok. {next_year} yılı için bir klasör kurulabilir; geçen yılın çalışma kitabı ya da "
        "yayımlanmış programı verilirse hedefler, göstergeler, faaliyetler ve birimler ondan aktarılır."
    )
    return _init(root / str(next_year), sentence)


def next_step(state: State) -> Step:
    """The first thing that is missing on the way from the plan to the final letter."""
    folder, output = state.folder, str(state.output)
    root, inputs = str(folder.root), str(folder.inputs)
    if not state.has_plan and not state.came:
        sentence = "Yeniden kurulursa boş bir plan yazılır; geçen yılın programı verilirse ondan alınır."
        return _init(folder.root, f"Klasörde plan yok. {sentence}")
    if state.plan_faults:
        return Step(f"Plan kullanılamıyor. {folder.plan} dosyasını Excel'de açıp düzeltin, kaydedin ve kapatın.")
    if not state.came:
        gap = f" Önce planın Birimler sayfasına {state.without_mail} birimin e-posta adresini yazın."
        gap = gap if state.without_mail else ""
        forms = ("forms", str(folder.plan), "-o", str(folder.forms), *(["--filled"] if state.prefilled else []))
        if not state.forms:
            return Step("Planı Excel'de gözden geçirdiyseniz birimlere gidecek formlar üretilebilir." + gap, forms)
        if state.outdated:
            return Step("Plan formlardan sonra değişmiş; formlar yeniden üretilmeli.", forms)
        if not state.mailed:
            argv = ("mail", "forms", root, "--deadline", ASKED)
            return Step("Formlar hazır; birimlere gönderilecek iletiler hazırlanabilir." + gap, argv, _DEADLINE)
        return _collect(folder, "İletiler hazırlandı, henüz form gelmedi.")
    if state.faulty:
        if not state.marked:
            sentence = "Gelen formlarda hata var; hataları hücrelerinde gösteren kopyalar ve bir rapor yazılabilir."
            report = ("--annotate", str(folder.annotated), "--html", str(folder.outputs / "rapor.html"))
            return Step(sentence, ("check", inputs, *report))
        if not state.findings_mailed:
            sentence = "Hatalı formların işaretli kopyaları birimlere geri gönderilebilir."
            return Step(sentence, ("mail", "findings", root))
        return _collect(folder, "Hatalar birimlere bildirildi, düzeltilen formlar bekleniyor.")
    if state.missing == (FINANCE,):
        return Step(
            f"Birimlerin formları tamam, yalnız Tablo 11 eksik: {folder.forms / FINANCE_FORM} dosyasını doldurup "
            f"{inputs} klasörüne koyun."
        )
    if state.missing:
        if not state.reminded:
            sentence = "Gelen formlarda hata yok, ama gelmeyenler var; hatırlatma iletileri hazırlanabilir."
            return Step(sentence, ("mail", "reminders", root, "--deadline", ASKED), _DEADLINE)
        return _collect(folder, "Hatırlatmalar hazırlandı, eksik formlar bekleniyor.")
    if not state.merged:
        sentence = "Beklenen her şey geldi, hata yok: formlar birleştirilebilir."
        return Step(sentence, ("merge", inputs, "-o", output))
    if not state.audited:
        sentence = "Resmî çalışma kitabı kaydedildi; son kez denetlenebilir."
        return Step(sentence, ("audit", output, "--html", str(folder.outputs / "denetim.html")))
    if not state.printed:
        return Step("Kitap denetlendi; PDF kitapçığı yapılabilir.", ("export", output, "--to", "pdf"))
    if not state.final_mailed:
        question = "Kime (adresler ya da adres listesi dosyası; boş bırakırsanız bir şey yapılmaz)"
        return Step("Kitap ve PDF hazır; ilgililere gönderilebilir.", ("mail", "final", root, "--to", ASKED), question)
    return Step("Her şey tamam: kitap kaydedildi, denetlendi, basıldı ve iletisi hazırlandı.")


def _init(root: Path, sentence: str) -> Step:
    return Step(sentence, ("init", str(root), "--from", ASKED), _LAST_YEAR, optional=True)


def _collect(folder: Folder, sentence: str) -> Step:
    sentence += " Gelen iletileri kaydettiğiniz klasördeki formlar toplanabilir; formları kendiniz de "
    return replace(collecting(folder), sentence=f"{sentence}{folder.inputs} klasörüne koyabilirsiniz.")


def collecting(folder: Folder) -> Step:
    """Taking forms out of letters."""
    return Step("Gelen iletilerdeki formları topla", ("collect", ASKED, "-o", str(folder.root)), _LETTERS)


def describe(state: State) -> str:
    """What is here and what is missing, a line each."""
    return fill("year/folder/state.txt", state=state, few=few)


def working_folders(here: Path) -> list[Path]:
    """`here` itself if it is one, else those right below it, by name."""
    if (here / "inputs").is_dir():
        return [here]
    below = sorted(here.glob("*"))
    return [path for path in below if (path / "inputs" / "plan.xlsx").is_file() or Folder(path).readme.is_file()]


def look(root: Path, progress: Progress = lambda _: None) -> State:
    """The state of the working folder `root`."""
    folder = Folder(root)
    reading = read_files([str(folder.inputs)], None, progress)
    return state_of(folder, reading, check_forms(reading))


def state_of(folder: Folder, reading: Reading, outcome: Outcome) -> State:
    """The state of a working folder of which the forms have been read and checked."""
    plan = reading.plan.programme if reading.plan else None
    plan_file = reading.plan_file or str(folder.plan)
    tally = outcome.tally
    errors = [item for item in tally.told if item.is_error and not item.has(Effect.NOTHING)]
    faults = [item for item in errors if item.place.file != plan_file or item.has(Effect.NOT_SENT)]
    plan_faults = [item for item in errors if item not in faults]
    if plan is not None and not plan.asked:
        plan_faults.append(finding("KX011", Place(plan_file)))
    forms = {document.file for document in reading.documents} | {item.place.file for item in faults} - {plan_file, ""}
    # What a unit left out is at no form of its own.
    faulty = {item.place.file for item in faults}
    known = plan or (outcome.merged.programme if outcome.merged else None)
    year = known.year if known else 0
    blank = [path for path in seen(folder.forms, "**/*") if path.suffix.lower() in SUFFIXES]
    # What follows from the order in which things were written; letters are told by nothing else.
    made, planned, arrived, mailed = _newest(blank), _newest([plan_file]), _newest(forms), _mailed(folder)
    spoilt = _newest(faulty if faulty <= forms else forms)
    workbook = folder.programme(year)
    output, printed = _newest([workbook]), _newest([workbook.with_suffix(".pdf")])
    return State(
        folder,
        year=year,
        has_plan=Path(plan_file).is_file(),
        plan_faults=tuple(plan_faults),
        units=len(plan.asked) if plan else 0,
        activities=len(plan.activities) if plan else 0,
        without_mail=sum(not unit.email for unit in plan.asked) if plan else 0,
        prefilled=plan is not None and has_figures(plan),
        forms=len(blank),
        outdated=bool(blank) and made < planned,
        mailed=mailed[FORMS] >= made,
        came=len(forms),
        # The form with the fault; of what a unit left out, what that is.
        faulty=tuple(sorted({(it.place.file != plan_file and Path(it.place.file).name) or it.key for it in faults})),
        faults=len(errors),
        stand=tally.forms if forms else "",
        missing=tally.missing if reading.documents else (),
        marked=_newest(seen(folder.annotated, "**/*")) >= spoilt,
        findings_mailed=mailed[FINDINGS] >= spoilt,
        # Nobody is reminded twice a day.
        reminded=mailed[REMINDERS] >= arrived or dt.date.fromtimestamp(mailed[REMINDERS] / 10**9) == dt.date.today(),
        merged=output > 0 and output >= max(arrived, planned),
        audited=_newest([folder.outputs / "denetim.html"]) >= output,
        printed=printed >= output,
        final_mailed=mailed[FINAL] >= max(output, printed),
    )


def _mailed(folder: Folder) -> dict[str, int]:
    """When the last letter of each kind was drafted or sent, in nanoseconds; 0 where none was."""
    drafts = list(seen(folder.mail, "**/*.eml"))
    times = {
        kind: _newest(path for path in drafts if path.stem == name or path.stem.startswith(f"{name}_"))
        for kind, name in NAMES.items()
    }
    with contextlib.suppress(OSError):
        for sent in read_log(folder.log):
            if sent.when is not None:
                at = int(sent.when.timestamp() * 1_000_000) * 1000
                times[sent.kind] = max(at, times.get(sent.kind, 0))
    return times


def _newest(files: Iterable[str | Path]) -> int:
    """When the newest of them was written or came to this place, in nanoseconds; 0 where none is there."""
    newest = 0
    for file in files:
        # A copy keeps the time of writing; of what vanishes meanwhile there is nothing to say.
        with contextlib.suppress(OSError):
            found = Path(file).stat()
            newest = max(newest, found.st_mtime_ns, found.st_ctime_ns)
    return newest
