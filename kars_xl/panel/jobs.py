"""Which jobs the panel has: each is a command with its arguments, as the terminal would have them."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from kars_xl.year.folder.next_step import ASKED, State, Step, next_step

_DAY, _WHOM = "Formların son günü (gün.ay.yıl)", "Kime (adresler ya da adres listesi dosyası)"


class Action(Struct, frozen=True):
    """A button: what it says, its command, and what must be asked first ("" for nothing), at its {asked}."""

    title: str
    command: str
    question: str = ""

    def step(self, state: State) -> Step:
        folder, outputs = state.folder, state.folder.outputs
        named = {"root": folder.root, "annotated": folder.annotated, "book": state.output, "asked": ASKED}
        named |= {"findings": outputs / "rapor.html", "audit": outputs / "denetim.html"}
        argv = tuple(word.format_map(named) for word in self.command.split())
        filled = ("--filled",) if argv[0] == "forms" and state.prefilled else ()
        return Step(self.title, (*argv, *filled), self.question)


NEXT = "siradaki"  # the recommended step, with the arguments that it has
ACTIONS: Mapping[str, Action] = {
    "formlar": Action("Birim formlarını üret", "forms {root}"),
    "gonder": Action("Formların iletilerini hazırla", "mail forms {root} --deadline {asked}", _DAY),
    "denetle": Action(
        "Formları denetle, hataları kopyalarda işaretle", "check {root} --annotate {annotated} --html {findings}"
    ),
    "bildir": Action("Hatalı formların iletilerini hazırla", "mail findings {root}"),
    "hatirlat": Action("Gelmeyenlere hatırlatma hazırla", "mail reminders {root} --deadline {asked}", _DAY),
    "birlestir": Action("Formları birleştir", "merge {root}"),
    "taslak": Action("Eksiklerle taslak yaz", "merge {root} --draft"),
    "kitabi-denetle": Action("Kitabı denetle", "audit {book} --html {audit}"),
    "kitapcik": Action("PDF kitapçığı yap", "export {book} --to pdf"),
    "ilet": Action("Kitabın iletisini hazırla", "mail final {root} --to {asked}", _WHOM),
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
    outputs, merged = state.folder.outputs, state.merged
    steps: dict[str, tuple[bool, Path | None]] = {
        "denetle": (ready, outputs / "rapor.html"),
        "birlestir": (merged, output),
        "kitabi-denetle": (merged and state.audited, outputs / "denetim.html"),
        "kitapcik": (merged and state.printed, output.with_suffix(".pdf")),
        "ilet": (merged and state.final_mailed, None),
    }
    for name, (is_done, file) in steps.items():
        yield Done(name, ACTIONS[name], is_done, file if file and file.is_file() else None)
