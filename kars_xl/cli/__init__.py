"""The command line: arguments, streams, exit codes. What a command does stands in pipeline."""

import click

from kars_xl import __version__
from kars_xl.cli.base import HELP, TurkishGroup
from kars_xl.cli.guide import guide, without_command
from kars_xl.cli.mail import mail
from kars_xl.cli.panel import panel
from kars_xl.cli.programme import audit, check, diff, export, forms, import_, merge, trace
from kars_xl.cli.year import collect, init, status


class _Main(TurkishGroup):
    """Without arguments a person at a terminal gets the menu or the panel, anything else the help."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, args or without_command())


@click.group(
    cls=_Main,
    options_metavar="[SEÇENEKLER]",
    subcommand_metavar="KOMUT …",
    context_settings=HELP,
)
@click.version_option(__version__, message="kars-xl %(version)s", help="Sürümü göster.")
@click.option("--debug", is_flag=True, help="Beklenmeyen hatada tam dökümü göster.")
def main(debug: bool) -> None:
    """Belediyelerin yıllık performans programını birim formlarından üretir.

    \b
    Örnek:
      kars-xl merge inputs -o outputs/performans_programi_2024.xlsx"""


for command in (guide, panel, init, import_, forms, collect, status, check, merge, audit, trace, diff, export, mail):
    main.add_command(command)
