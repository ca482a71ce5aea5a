"""The command export."""

from __future__ import annotations

import json
import sys

import click

from kars_xl.cli.base import FORMAT, TurkishCommand, clear_progress, progress


@click.command(cls=TurkishCommand, short_help="Resmî çalışma kitabını kitapçık olarak PDF'e çevirir.")
@click.argument("workbook", metavar="ÇIKTI.xlsx")
@click.option("--to", "kind", type=click.Choice(["pdf"]), required=True, help="Ne yazılacağı.")
@click.option("-o", "--output", metavar="ÇIKTI.pdf", help="Yazılacak dosya; verilmezse kitabın yanına, aynı adla.")
@FORMAT
def export(workbook: str, kind: str, output: str | None, style: str) -> None:
    """Çalışma kitabının yazdırılan sayfalarını yer imli, dağıtıma hazır bir PDF kitapçığı yapar.

    Her bölüm, her performans hedefi ve her faaliyet için bir yer imi konur; gizli sayfalar PDF'e girmez.
    Sayfaları LibreOffice basar; bilgisayarda kurulu olması gerekir.

    \b
    Örnek:
      kars-xl export outputs/performans_programi_2024.xlsx --to pdf
      kars-xl export outputs/performans_programi_2024.xlsx --to pdf -o meclis/kitapcik.pdf
    """
    from kars_xl import report
    from kars_xl.export.job import export_pdf

    outcome = export_pdf(workbook, output, progress=progress(style))
    clear_progress(style)
    if style == "json":
        click.echo(
            json.dumps(
                report.answer("export", outcome.findings, {"output": outcome.written}), ensure_ascii=False, indent=1
            )
        )
    elif outcome.written:
        click.echo(f"Yazıldı: {outcome.written}")
    else:
        click.echo(report.findings_text(outcome.findings), err=True)
        click.echo("Hiçbir dosya yazılmadı.", err=True)
    if outcome.failed:
        sys.exit(1)
