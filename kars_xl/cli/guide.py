"""What kars-xl says without a command, on a terminal: what is here, what is missing, what to run; and runs it."""

from __future__ import annotations

import datetime as dt
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kars_xl.cli.base import FORMAT, TurkishCommand, clear_progress, progress, say

if TYPE_CHECKING:
    from kars_xl.findings import blocks
    from kars_xl.year.folder.next_step import State, Step

_YES = ("e", "evet")


@click.command(cls=TurkishCommand, short_help="Sıradaki adımı söyler, istenirse yapar.")
@click.argument("folder", metavar="[KLASÖR]", default=".")
@FORMAT
@click.pass_context
def guide(context: click.Context, folder: str, style: str) -> None:
    """Çalışma klasörüne bakar: ne var, ne eksik, şimdi hangi komut verilmeli. İstenirse komutu hemen çalıştırır.

    Komutsuz yazılan kars-xl de, çift tıklanan kars-xl.exe de bunu yapar.

    \b
    Örnek:
      kars-xl guide 2027
    """
    if not Path(folder).is_dir():
        raise click.BadParameter(f"“{folder}” diye bir klasör yok.", param_hint="'KLASÖR'")
    if style == "json":
        say(_report(*_look(Path(folder), "json")), "json")
        return
    try:
        _converse(context, Path(folder))
    finally:
        _hold_window()


def on_terminal() -> bool:
    """Whether a person reads and can answer."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty()


def _converse(context: click.Context, here: Path) -> None:
    """Step by step, as long as the user says yes and it leads on."""
    done: tuple[str, ...] = ()
    while True:
        state, step = _look(here, "text")
        here = state.folder.root if state else here
        say(_report(state, step), "text")
        # What was done and is still the next step would go round in circles.
        if not step.argv or step.argv == done or not on_terminal() or not _run(context, step):
            return
        done = step.argv
        click.echo()


def _look(here: Path, style: str) -> tuple[State | None, Step]:
    """The state of the working folder here, None without one, and the next step."""
    from kars_xl.year.folder.next_step import first_step, look, next_step, working_folders

    folders = working_folders(here)
    if not folders:
        return None, first_step(here, dt.date.today().year + 1)
    state = look(folders[-1] if len(folders) == 1 or style == "json" else _chosen(folders), progress(style))
    clear_progress(style)
    return state, next_step(state)


def _chosen(folders: list[Path]) -> Path:
    """Which of several working folders is meant; the last by name, mostly the newest year, where nobody can say."""
    if not on_terminal():
        return folders[-1]
    for number, folder in enumerate(folders, start=1):
        click.echo(f"  {number}  {folder}")
    number = click.prompt("Hangi klasör", type=click.IntRange(1, len(folders)), default=len(folders))
    return folders[number - 1]


def _run(context: click.Context, step: Step) -> bool:
    """Runs the step's command if the user wants it; whether it answered, be it with errors in forms."""
    from kars_xl.year.folder.next_step import command_line

    if click.prompt("Şimdi çalıştırılsın mı? [E/h]", default="E", show_default=False).strip().casefold() not in _YES:
        return False
    if step.question:
        step = step.answered(click.prompt(step.question, default="", show_default=False))
        if not step.argv:
            return False
        click.echo(f"Komut: {command_line(step.argv)}")
    click.echo()
    try:
        context.find_root().command.main(args=list(step.argv), prog_name="kars-xl", standalone_mode=True)
    except SystemExit as ended:
        return ended.code in (None, 0, 1)
    return True


def _report(state: State | None, step: Step) -> blocks.Report:
    from kars_xl.findings import blocks
    from kars_xl.year.folder.next_step import command_line, describe

    command = command_line(step.argv) if step.argv else None
    faults = state.plan_faults if state else ()
    next_step = [f"Sıradaki adım: {step.sentence}", *([f"Komut: {command}"] if command else [])]
    parts = [
        blocks.Lines(lines=describe(state).splitlines() if state else []),
        blocks.Listed(findings=faults),
        blocks.Lines(lines=next_step),
        blocks.Data(key="folder", value=str(state.folder.root) if state else None),
        blocks.Data(key="sentence", value=step.sentence),
        blocks.Data(key="argv", value=step.argv),
        blocks.Data(key="command_line", value=command),
    ]
    return blocks.Report(command="guide", blocks=parts, findings=faults, failed=False)


def _hold_window() -> None:
    """A window that a double click opened closes with the program: what it says is read first.

    Only a command window itself sets PROMPT. Where that can't be told, one more Enter does no harm.
    """
    if os.name == "nt" and "PROMPT" not in os.environ and on_terminal():
        click.prompt("Pencereyi kapatmak için Enter", default="", show_default=False, prompt_suffix=" ")
