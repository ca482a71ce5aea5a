"""The command diff: what changed between two programmes or two revisions of a form."""

from __future__ import annotations

import json
import sys

import click

from kars_xl.cli.base import FORMAT, TurkishCommand, progress


@click.command(cls=TurkishCommand, short_help="İki programı ya da bir formun iki revizyonunu karşılaştırır.")
@click.argument("old", metavar="ESKİ")
@click.argument("new", metavar="YENİ")
@click.option("-o", "--output", metavar="FARK.xlsx", help="Farkları çalışma kitabı olarak da yaz.")
@click.option("--latest", is_flag=True, help="Klasörde aynı birimin formlarından en yüksek revizyonu al.")
@click.option("--all", "everything", is_flag=True, help="Her bölümün tümünü göster.")
@FORMAT
def diff(old: str, new: str, output: str | None, latest: bool, everything: bool, style: str) -> None:
    """Eklenen, çıkarılan, taşınan, metni ya da tutarı değişen her şeyi söyler.

    ESKİ ve YENİ birer dosya (çalışma kitabı, yayımlanmış program, form, plan) ya da form klasörüdür. Karşılıklar
    koduna ve metnine göre bulunur. Okunamayan rakam sıfır sayılmaz; söylenir ve toplamlara katılmaz.

    \b
    Örnek:
      kars-xl diff program_2024.txt outputs/performans_programi_2025.xlsx
      kars-xl diff fen_isleri_r1.xlsx fen_isleri_r2.xlsx -o fark.xlsx
    """
    from kars_xl.findings import as_text as report
    from kars_xl.reports.diff import diff_sources

    found = diff_sources(old, new, output=output, latest=latest, progress=progress(style))
    if sys.stderr.isatty() and style == "text":
        click.echo("\r\033[K", nl=False, err=True)
    if style == "json":
        from kars_xl.reports.diff.data import difference_data

        data = difference_data(found.difference) if found.difference else None
        extra: dict[str, object] = {"output": found.written[0] if found.written else None, "diff": data}
        click.echo(json.dumps(report.answer("diff", found.findings, extra), ensure_ascii=False, indent=1))
    else:
        from kars_xl.reports.diff.text import difference_text

        if found.difference:
            click.echo(difference_text(found.difference, everything=everything) + "\n")
        if text := report.findings_text(found.findings, everything=everything):
            click.echo("Kaynaklar okunurken bulunanlar\n", err=found.failed)
            click.echo(text, err=found.failed)
            click.echo(report.count_line(found.findings))
        if found.written:
            click.echo(f"Yazıldı: {found.written[0]}")
        elif output is not None:
            click.echo("Hiçbir dosya yazılmadı.", err=True)
    if found.failed:
        sys.exit(1)
