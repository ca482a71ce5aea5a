"""The command audit."""

from __future__ import annotations

import json
import sys

import click

from kars_xl.cli.base import ALL, FORMAT, TurkishCommand, clear_progress, progress


@click.command(cls=TurkishCommand, short_help="Bir programın tablolarını birbiriyle karşılaştırır.")
@click.argument("files", metavar="DOSYA...", nargs=-1, required=True)
@click.option("--html", metavar="DOSYA.html", help="Raporu tarayıcıda açılan tek sayfa olarak yaz.")
@click.option("-o", "--output", metavar="RAPOR.xlsx", help="Raporu çalışma kitabı olarak yaz.")
@ALL
@FORMAT
def audit(files: tuple[str, ...], html: str | None, output: str | None, everything: bool, style: str) -> None:
    """Kim, hangi araçla hazırlamış olursa olsun bir performans programının tablolarını çapraz denetler.

    Çalışma kitabı (.xlsx, .xls, .ods), Word (.docx) ve sekmeyle ayrılmış metin okunur; program birkaç dosyadaysa
    hepsi birlikte verilir. Birleştirmeyle üretilmiş kitapta sonradan değiştirilen hücreler de söylenir.

    \b
    Örnek:
      kars-xl audit program_2024.txt
      kars-xl audit outputs/performans_programi_2024.xlsx --html denetim.html -o denetim.xlsx
    """
    from kars_xl.findings import as_text as report
    from kars_xl.reports.audit.job import audit as run
    from kars_xl.reports.audit.text import answer_parts, opening

    outcome = run(files, html=html, output=output, progress=progress(style))
    clear_progress(style)
    done = outcome.audit
    if style == "json":
        extra = {"written": list(outcome.written), **(answer_parts(done) if done else {})}
        click.echo(json.dumps(report.answer("audit", outcome.findings, extra), ensure_ascii=False, indent=1))
    else:
        if done is not None:
            click.echo(opening(done))
        text = report.findings_text(outcome.findings, everything=everything)
        if text:
            click.echo(text)
        click.echo(report.count_line(outcome.findings))
        for file in outcome.written:
            click.echo(f"Yazıldı: {file}")
    if outcome.failed:
        sys.exit(1)
