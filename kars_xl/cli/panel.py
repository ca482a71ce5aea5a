"""The command panel; and how a page runs the other commands, with the arguments that a terminal would give them."""

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kars_xl.cli.base import Progress, TurkishCommand

if TYPE_CHECKING:
    from kars_xl.findings import blocks


@click.command(cls=TurkishCommand, short_help="Çalışma klasörünü tarayıcıda açar; komut yazmak gerekmez.")
@click.argument("folder", metavar="[KLASÖR]", default="")
@click.option("--no-browser", is_flag=True, help="Tarayıcıyı açma, yalnız adresi yaz.")
@click.option(
    "--idle", type=click.FloatRange(min=1), default=300, show_default=True, metavar="SANİYE", help="Kapanma süresi."
)
@click.pass_context
def panel(context: click.Context, folder: str, no_browser: bool, idle: float) -> None:
    """Çalışma klasörünü bu bilgisayarın tarayıcısında gösterir: kim gönderdi, ne yanlış, sıradaki adım.

    Gelen formlar ve iletiler sayfaya bırakılır; birleştirme, denetim, kitapçık ve iletiler düğmelerle yapılır. Sayfa
    yalnız bu bilgisayardan, yalnız açılan adresle görülür. Pencere kapatıldıktan --idle saniye sonra biter.

    \b
    Örnek:
      kars-xl panel 2027"""
    from kars_xl.panel.serve import serve
    from kars_xl.year.folder.next_step import working_folders

    # A launcher names itself. Of several years the last by name is mostly the newest.
    here = Path(folder).parent if Path(folder).is_file() else Path(folder)
    found = working_folders(here)
    root = found[-1] if found else here if folder else here / str(dt.date.today().year + 1)
    if len(found) > 1:
        click.echo(f"Açılan: {root}; başka bir yıl için: kars-xl panel {found[0]}")

    commands = context.find_root().command
    assert isinstance(commands, click.Group)

    def run(argv: Sequence[str], progress: Progress) -> "blocks.Report":
        return run_command(commands.commands, argv, progress)

    serve(root.resolve(), run, idle=idle, opens=not no_browser, say=click.echo)


def run_command(commands: Mapping[str, click.Command], argv: Sequence[str], progress: Progress) -> "blocks.Report":
    """The report of a command of those that are `reported`; wrong usage and unexpected failures are reports, too."""
    from kars_xl.base.failure import unexpected
    from kars_xl.reports.verdict import refusal

    name, *arguments = argv
    command = commands[name]
    if isinstance(command, click.Group):
        command, arguments = command.commands[arguments[0]], arguments[1:]
    try:
        context = command.make_context(name, arguments)
        given = {key: value for key, value in context.params.items() if key not in ("everything", "style")}
        with context:
            assert command.callback is not None
            report: blocks.Report = command.callback.__wrapped__(progress=progress, **given)  # type: ignore[attr-defined]
            return report
    except click.ClickException as error:
        lines = [error.message or error.format_message()]
    except Exception:
        lines = unexpected()
    return refusal(name, lines)
