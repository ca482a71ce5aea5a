"""From the state of a working folder to the next sensible step, in words and as a command. Nothing is read here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from kars_xl.base.file_names import FINANCE_FORM
from kars_xl.base.text_templates import fill
from kars_xl.findings.finding import Finding
from kars_xl.reports.findings.by_unit import FINANCE
from kars_xl.year.folder.folder import Folder

# Stands in a command for what only the user knows; a `Step.question` asks for it.
ASKED = "…"
_LAST_YEAR = "Geçen yılın programı (dosyayı bu pencereye sürükleyin; yoksa boş bırakın)"
_DEADLINE = "Formların son günü (gün.ay.yıl; boş bırakırsanız bir şey yapılmaz)"
_LETTERS = "Gelen iletilerin klasörü (bu pencereye sürükleyin; boş bırakırsanız bir şey yapılmaz)"
_RECIPIENTS = "Kime (adresler ya da adres listesi dosyası; boş bırakırsanız bir şey yapılmaz)"


@dataclass(frozen=True, slots=True)
class State:
    """What a working folder holds. Names are for people: units, and files without their folder.

    `outdated` forms are older than the plan, `mailed` says that letters about the forms were made since; in the same
    way `marked` and `findings_mailed` follow the faulty forms, `reminded` the last form that came, and `merged`,
    `audited`, `printed` and `final_mailed` each the one before. A plan that can't be used has `plan_faults`.
    """

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


@dataclass(frozen=True, slots=True)
class Step:
    """What to do next, and the command for it, () where no command can. `question` asks for the command's `ASKED`."""

    sentence: str
    argv: tuple[str, ...] = ()
    question: str = ""
    optional: bool = False

    def answered(self, answer: str) -> Step:
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


def command_line(argv: Sequence[str]) -> str:
    """As it is typed in a command window."""
    return " ".join(["kars-xl", *(f'"{part}"' if " " in part else part for part in argv)])


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
            sentence = "Formlar hazır; birimlere gönderilecek iletiler hazırlanabilir." + gap
            return Step(sentence, ("mail", "forms", root, "--deadline", ASKED), _DEADLINE)
        return _collect(folder, "İletiler hazırlandı, henüz form gelmedi.")
    if state.faulty:
        if not state.marked:
            sentence = "Gelen formlarda hata var; hataları hücrelerinde gösteren kopyalar ve bir rapor yazılabilir."
            report = ("--annotate", str(folder.annotated), "--html", str(folder.outputs / "rapor.html"))
            return Step(sentence, ("check", inputs, "--latest", *report))
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
        return Step(sentence, ("merge", inputs, "--latest", "-o", output))
    if not state.audited:
        sentence = "Resmî çalışma kitabı yazıldı; son kez denetlenebilir."
        return Step(sentence, ("audit", output, "--html", str(folder.outputs / "denetim.html")))
    if not state.printed:
        return Step("Kitap denetlendi; PDF kitapçığı yapılabilir.", ("export", output, "--to", "pdf"))
    if not state.final_mailed:
        sentence = "Kitap ve PDF hazır; ilgililere gönderilebilir."
        return Step(sentence, ("mail", "final", root, "--to", ASKED), _RECIPIENTS)
    return Step("Her şey tamam: kitap yazıldı, denetlendi, basıldı ve iletisi hazırlandı.")


def _init(root: Path, sentence: str) -> Step:
    return Step(sentence, ("init", str(root), "--from", ASKED), _LAST_YEAR, optional=True)


def _collect(folder: Folder, sentence: str) -> Step:
    return Step(
        f"{sentence} Gelen iletileri kaydettiğiniz klasördeki formlar toplanabilir; formları kendiniz de "
        f"{folder.inputs} klasörüne koyabilirsiniz.",
        ("collect", ASKED, "-o", str(folder.root)),
        _LETTERS,
    )


def describe(state: State) -> str:
    """What is here and what is missing, a line each."""
    return fill("year/folder/state.txt", state=state, few=_few)


def _few(names: Sequence[str]) -> str:
    return ", ".join(names[:5]) + (f" ve {len(names) - 5} tane daha" if len(names) > 5 else "")
