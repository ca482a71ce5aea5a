"""What kars-xl does without a command: on a terminal a menu beginning with the next step; double-clicked the panel."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kars_xl.cli.base import FORMAT, TurkishCommand, clear_progress, is_double_clicked, on_terminal, progress, say

if TYPE_CHECKING:
    from kars_xl.findings import blocks
    from kars_xl.year.folder.next_step import State, Step

_END = "0"
_OPEN_PANEL = "Paneli tarayıcıda aç"


@click.command(cls=TurkishCommand, short_help="Sıradaki adımı söyler, seçileni yapar.")
@click.argument("folder", metavar="[KLASÖR]", default=".")
@FORMAT
@click.pass_context
def guide(context: click.Context, folder: str, style: str) -> None:
    """Çalışma klasörüne bakar: ne var, ne eksik, şimdi ne yapılmalı. Komut penceresinde bir menü açar; menünün ilk
    satırı sıradaki adımdır.

    Komutsuz yazılan kars-xl de bunu yapar. Çift tıklanan kars-xl.exe paneli açar.

    \b
    Örnek:
      kars-xl guide 2027"""
    if not Path(folder).is_dir():
        raise click.BadParameter(f"“{folder}” diye bir klasör yok.", param_hint="'KLASÖR'")
    if style == "json" or not on_terminal():
        say(_report(*_look(Path(folder), style)), style)
        return
    _converse(context, Path(folder))


def without_command() -> list[str]:
    """The command that is meant where none is given."""
    return ["panel"] if is_double_clicked() else ["guide"] if on_terminal() else []


def _converse(context: click.Context, here: Path) -> None:
    """The menu, again after each choice, until the user ends it or there is no folder to speak of."""
    while True:
        state, step = _look(here, "text")
        here = state.folder.root if state else here
        say(_report(state, step), "text")
        choices = list(_choices(state, step, here))
        click.echo()
        for number, (title, _) in enumerate(choices, start=1):
            click.echo(f"  {number}  {title}")
        click.echo(f"  {_END}  Bitir")
        chosen = click.prompt("Ne yapılsın", default="1", show_default=True).strip()
        if chosen == _END:
            return
        if chosen.isdecimal() and int(chosen) <= len(choices):
            click.echo()
            _run(context, choices[int(chosen) - 1][1])
        else:
            click.echo(f"“{chosen}” menüde yok.")
        click.echo()


def _choices(state: "State | None", step: "Step", here: Path) -> "Iterator[tuple[str, Step]]":
    """What can be done, the next step first; (title, step)."""
    from kars_xl.panel.jobs import ACTIONS
    from kars_xl.year.folder.next_step import Step, collecting

    if step.argv:
        yield "Sıradaki adımı yap", step
    yield _OPEN_PANEL, Step(_OPEN_PANEL, ("panel", str(here)))
    if state is None:
        return
    others = [Step("Kim gönderdi, bak", ("status", str(state.folder.root))), collecting(state.folder)]
    others += [action.step(state) for action in ACTIONS.values()]
    yield from ((other.sentence, other) for other in others if other.argv != step.argv)


def _look(here: Path, style: str) -> "tuple[State | None, Step]":
    """The state of the working folder here, None without one, and the next step."""
    from kars_xl.year.folder.next_step import first_step, look, next_step, working_folders

    folders = working_folders(here)
    if not folders:
        return None, first_step(here, dt.date.today().year + 1)
    number = len(folders)
    # The last by name is mostly the newest year.
    if number > 1 and style != "json" and on_terminal():
        for at, folder in enumerate(folders, start=1):
            click.echo(f"  {at}  {folder}")
        number = click.prompt("Hangi klasör", type=click.IntRange(1, number), default=number)
    state = look(folders[number - 1], progress(style))
    clear_progress(style)
    return state, next_step(state)


def _run(context: click.Context, step: "Step") -> None:
    """Runs a step's command if the user wants it; what it must be told is asked until the command takes it."""
    from kars_xl.base.text import command_line

    while True:
        told = step
        if step.question:
            told = step.answered(click.prompt(step.question, default="", show_default=False))
            if not told.argv:
                return
        click.echo(f"Komut: {command_line(told.argv)}")
        answer = click.prompt("Şimdi çalıştırılsın mı? [E/h]", default="E", show_default=False)
        if answer.strip().casefold() not in ("e", "evet"):
            return
        click.echo()
        try:
            context.find_root().command.main(args=list(told.argv), prog_name="kars-xl", standalone_mode=True)
        except SystemExit as ended:
            # Wrong usage: a date that is none.
            if ended.code == 2 and step.question:
                click.echo()
                continue
        return


def _report(state: "State | None", step: "Step") -> "blocks.Report":
    from kars_xl.base.text import command_line
    from kars_xl.findings import blocks
    from kars_xl.year.folder.next_step import describe

    command = command_line(step.argv) if step.argv else None
    faults = state.plan_faults if state else ()
    next_step = [f"Sıradaki adım: {step.sentence}", *([f"Komut: {command}"] if command else [])]
    parts = [
        blocks.Lines(lines=describe(state).splitlines() if state else []),
        blocks.Listed(findings=faults),
        blocks.Verdict(lines=next_step),
        blocks.Data(key="folder", value=str(state.folder.root) if state else None),
        blocks.Data(key="sentence", value=step.sentence),
        blocks.Data(key="argv", value=step.argv),
        blocks.Data(key="command_line", value=command),
    ]
    return blocks.Report(command="guide", blocks=parts, findings=faults, failed=False)
