"""The command collect: the forms in a mailbox go into the working folder."""

from __future__ import annotations

import json
import sys

import click

from kars_xl.cli.base import ALL, FORMAT, TurkishCommand, clear_progress, progress


@click.command(cls=TurkishCommand, short_help="Posta kutusundaki formları çalışma klasörüne toplar.")
@click.argument("paths", metavar="KAYNAK...", nargs=-1, required=True)
@click.option(
    "-o", "--output", required=True, metavar="KLASÖR", help="Çalışma klasörü; formlar içindeki inputs'a konur."
)
@click.option("--plan", metavar="PLAN.xlsx", help="Plan; verilmezse çalışma klasöründeki plan kullanılır.")
@ALL
@FORMAT
def collect(paths: tuple[str, ...], output: str, plan: str | None, everything: bool, style: str) -> None:
    """İletilere ekli birim formlarını bulur, birim ve revizyon numarasına göre adlandırıp çalışma klasörüne koyar.

    KAYNAK: .eml ya da .msg dosyaları, bunların klasörü, mbox, Maildir, .zip ya da düz bir form klasörü. Kaynağa ve
    klasörde duran formlara dokunulmaz; komut yinelenirse aynı form ikinci kez alınmaz. Form olmayan ekler nedeniyle
    birlikte raporda yazar.

    \b
    Örnek:
      kars-xl collect gelen_kutusu.mbox -o 2025
      kars-xl collect iletiler -o 2025 --format json
    """
    from kars_xl.findings import as_text as report
    from kars_xl.year.collect.job import collect as run
    from kars_xl.year.collect.show import report_json, report_text

    collected = run(paths, output, plan=plan, progress=progress(style))
    clear_progress(style)
    if style == "json":
        answer = report.answer("collect", collected.findings, report_json(collected))
        click.echo(json.dumps(answer, ensure_ascii=False, indent=1))
    else:
        if collected.messages:
            click.echo(report_text(collected) + "\n")
        if text := report.findings_text(collected.findings, everything=everything):
            click.echo(text, err=collected.failed)
        click.echo(report.count_line(collected.findings))
    if collected.failed:
        sys.exit(1)
