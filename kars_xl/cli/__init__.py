"""The command line: arguments, streams, exit codes. What a command does stands in pipeline."""

from __future__ import annotations

import click

from kars_xl import __version__
from kars_xl.cli.audit import audit
from kars_xl.cli.base import TurkishGroup
from kars_xl.cli.diff import diff
from kars_xl.cli.export import export
from kars_xl.cli.merge import check, forms, import_, merge
from kars_xl.cli.trace import trace


@click.group(
    cls=TurkishGroup,
    options_metavar="[SEÇENEKLER]",
    subcommand_metavar="KOMUT …",
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, message="kars-xl %(version)s", help="Sürümü göster.")
@click.option("--debug", is_flag=True, help="Beklenmeyen hatada tam dökümü göster.")
def main(debug: bool) -> None:
    """Belediyelerin yıllık performans programını birim formlarından üretir.

    \b
    Örnek:
      kars-xl merge inputs -o outputs/performans_programi_2024.xlsx
    """


for command in (import_, forms, check, merge, audit, trace, diff, export):
    main.add_command(command)
