"""Which jobs the panel has: each is a command with its arguments, as the terminal would have them."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from kars_xl.year.folder.next_step import ASKED, State, Step, next_step
from kars_xl.year.mail.letter import FINDINGS, FORMS, REMINDERS

_DAY = "Formların son günü (gün.ay.yıl)"


class Action(Struct, frozen=True):
    """A button: what it says, the command, and what must be asked first ("" where nothing). `argv` has ASKED in it
    where the answer goes."""

    title: str
    argv: Callable[[State], tuple[str, ...]]
    question: str = ""

    def step(self, state: State) -> Step:
        return Step(self.title, self.argv(state), self.question)


def _forms(state: State) -> tuple[str, ...]:
    return ("forms", str(state.folder.root), *(["--filled"] if state.prefilled else []))


def _checked(state: State) -> tuple[str, ...]:
    folder = state.folder
    return (
        "check",
        str(folder.root),
        "--annotate",
        str(folder.annotated),
        "--html",
        str(folder.outputs / "rapor.html"),
    )


def _audited(state: State) -> tuple[str, ...]:
    return ("audit", str(state.output), "--html", str(state.folder.outputs / "denetim.html"))


def _letters(kind: str) -> Callable[[State], tuple[str, ...]]:
    return lambda state: ("mail", kind, str(state.folder.root))


def _dated(kind: str) -> Callable[[State], tuple[str, ...]]:
    return lambda state: ("mail", kind, str(state.folder.root), "--deadline", ASKED)


NEXT = "siradaki"  # the recommended step, with the arguments that it has
ACTIONS: Mapping[str, Action] = {
    "formlar": Action("Birim formlarını üret", _forms),
    "gonder": Action("Formların iletilerini hazırla", _dated(FORMS), _DAY),
    "denetle": Action("Formları denetle, hataları kopyalarda işaretle", _checked),
    "bildir": Action("Hatalı formların iletilerini hazırla", _letters(FINDINGS)),
    "hatirlat": Action("Gelmeyenlere hatırlatma hazırla", _dated(REMINDERS), _DAY),
    "birlestir": Action("Formları birleştir", lambda state: ("merge", str(state.folder.root))),
    "taslak": Action("Eksiklerle taslak yaz", lambda state: ("merge", str(state.folder.root), "--draft")),
    "kitabi-denetle": Action("Kitabı denetle", _audited),
    "kitapcik": Action("PDF kitapçığı yap", lambda state: ("export", str(state.output), "--to", "pdf")),
    "ilet": Action(
        "Kitabın iletisini hazırla",
        lambda state: ("mail", "final", str(state.folder.root), "--to", ASKED),
        "Kime (adresler ya da adres listesi dosyası)",
    ),
}

# What a button of the next step says, by the first words of its command.
_BY_COMMAND = {
    "forms": "formlar", "mail forms": "gonder", "check": "denetle", "mail findings": "bildir", "merge": "birlestir",
    "mail reminders": "hatirlat", "audit": "kitabi-denetle", "export": "kitapcik", "mail final": "ilet",
}  # fmt: skip


def recommended(state: State) -> tuple[Step, str]:
    """The next step, and what its button says; "" where the officer does it elsewhere, as dropping forms."""
    step = next_step(state)
    words = " ".join(step.argv[: 2 if step.argv[:1] == ("mail",) else 1])
    return step, ACTIONS[_BY_COMMAND[words]].title if words in _BY_COMMAND else ""


def meant(name: str, state: State) -> tuple[Step, str] | None:
    """The step of a button, and its title; None where there is no such button."""
    if name == NEXT:
        step, title = recommended(state)
        return (step, title) if title else None
    return (ACTIONS[name].step(state), ACTIONS[name].title) if name in ACTIONS else None


class Done(Struct, frozen=True):
    """A line of the page on which the programme is finished: an action, whether it is done, and the file to fetch."""

    name: str
    action: Action
    is_done: bool
    file: Path | None = None


def finishing(state: State) -> Iterator[Done]:
    """The steps from forms to the last letter, in order."""
    output, ready = state.output, state.came > 0 and not (state.faulty or state.missing or state.plan_faults)
    files = {
        "denetle": state.folder.outputs / "rapor.html",
        "birlestir": output,
        "kitabi-denetle": state.folder.outputs / "denetim.html",
        "kitapcik": output.with_suffix(".pdf"),
    }
    done = {
        "denetle": ready,
        "birlestir": state.merged,
        "kitabi-denetle": state.merged and state.audited,
        "kitapcik": state.merged and state.printed,
        "ilet": state.merged and state.final_mailed,
    }
    for name, is_done in done.items():
        file = files.get(name)
        yield Done(name, ACTIONS[name], is_done, file if file and file.is_file() else None)
