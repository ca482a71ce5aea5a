"""The command export."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from kars_xl.cli.base import ALL, FORMAT, TurkishCommand, clear_progress, progress
from kars_xl.reports.export import FORMATS

if TYPE_CHECKING:
    from kars_xl.reports.export.data import DataExport

_PDF = "pdf"


@click.command(cls=TurkishCommand, short_help="Programı PDF kitapçık ya da veri tabloları olarak yazar.")
@click.argument("source", metavar="KAYNAK")
@click.option("--to", "kind", type=click.Choice([_PDF, *FORMATS]), required=True, help="Ne yazılacağı.")
@click.option("-o", "--output", metavar="HEDEF", help="PDF için dosya, veri için klasör; verilmezse kaynağın yanına.")
@click.option("--plan", metavar="PLAN.xlsx", help="Formların planı; verilmezse klasördeki plan kullanılır.")
@click.option("--latest", is_flag=True, help="Aynı birimin formlarından en yüksek revizyonu al.")
@ALL
@FORMAT
def export(
    source: str, kind: str, output: str | None, plan: str | None, latest: bool, everything: bool, style: str
) -> None:
    """Programı dağıtıma hazır bir PDF kitapçığı ya da her satırı bir bilgi olan veri tabloları olarak yazar.

    --to pdf: çalışma kitabının yazdırılan sayfaları yer imli tek dosya olur. Sayfaları LibreOffice basar; bilgisayarda
    kurulu olması gerekir. Gizli sayfalar PDF'e girmez.

    --to csv, json ya da parquet: KAYNAK birleştirilmiş çalışma kitabı, yayımlanmış program ya da formların
    klasörüdür. Bir klasöre her tablo için bir dosya yazılır: maliyetler, göstergeler, birimler, genel tablolar,
    kaynaklar ve ötekiler. csv, Türkçe Excel'de çift tıklamayla açılır. Kaynakta hata varsa hiçbir şey yazılmaz.

    \b
    Örnek:
      kars-xl export outputs/performans_programi_2024.xlsx --to pdf
      kars-xl export outputs/performans_programi_2024.xlsx --to csv -o acik_veri
      kars-xl export inputs --to parquet -o veri
    """
    if kind == _PDF:
        if plan is not None or latest:
            raise click.UsageError("--plan ve --latest yalnız veri tabloları içindir.")
        _pdf(source, output, style, everything)
    else:
        from kars_xl.reports.export.data import export_data

        outcome = export_data(source, kind, output, plan=plan, latest=latest, progress=progress(style))
        clear_progress(style)
        _answer_data(outcome, style, everything)


def _pdf(source: str, output: str | None, style: str, everything: bool) -> None:
    from kars_xl.findings import as_text as report
    from kars_xl.reports.export.job import export_pdf

    outcome = export_pdf(source, output, progress=progress(style))
    clear_progress(style)
    if style == "json":
        _print_json(report.answer("export", outcome.findings, {"output": outcome.written}))
    elif outcome.written:
        click.echo(f"Yazıldı: {outcome.written}")
    else:
        click.echo(report.findings_text(outcome.findings, everything=everything), err=True)
        click.echo("Hiçbir dosya yazılmadı.", err=True)
    if outcome.failed:
        sys.exit(1)


def _answer_data(outcome: DataExport, style: str, everything: bool) -> None:
    from kars_xl.findings import as_text as report

    if style == "json":
        written: dict[str, object] = {"output": outcome.folder, "rows": dict(outcome.rows)}
        _print_json(report.answer("export", outcome.findings, written))
    else:
        text = report.findings_text(outcome.findings, everything=everything, advice=False)
        if text:
            click.echo(text, err=outcome.failed)
        if outcome.folder is None:
            click.echo("Hiçbir dosya yazılmadı.", err=True)
        else:
            for name, count in outcome.rows:
                click.echo(f"  {name:<30}{count:>7} satır")
            click.echo(f"Yazıldı: {outcome.folder}")
    if outcome.failed:
        sys.exit(1)


def _print_json(answer: dict[str, object]) -> None:
    click.echo(json.dumps(answer, ensure_ascii=False, indent=1))
