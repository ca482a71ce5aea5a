"""The commands that start from a finished programme: audit, trace, diff, export."""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kars_xl.cli.base import FORMAT, LATEST, Progress, TurkishCommand, progress, reported, respond
from kars_xl.reports.export import FORMATS

if TYPE_CHECKING:
    from kars_xl.findings import blocks
    from kars_xl.findings.finding import Finding

_PDF = "pdf"


@click.command(cls=TurkishCommand, short_help="Bir programın tablolarını birbiriyle karşılaştırır.")
@click.argument("files", metavar="DOSYA...", nargs=-1, required=True)
@click.option("--html", metavar="DOSYA.html", help="Raporu tarayıcıda açılan tek sayfa olarak yaz.")
@click.option("-o", "--output", metavar="RAPOR.xlsx", help="Raporu çalışma kitabı olarak yaz.")
@reported
def audit(files: tuple[str, ...], html: str | None, output: str | None, progress: Progress) -> blocks.Report:
    """Kim, hangi araçla hazırlamış olursa olsun bir performans programının tablolarını çapraz denetler.

    Çalışma kitabı (.xlsx, .xls, .ods), Word (.docx) ve sekmeyle ayrılmış metin okunur; program birkaç dosyadaysa
    hepsi birlikte verilir. Birleştirmeyle üretilmiş kitapta sonradan değiştirilen hücreler de söylenir.

    \b
    Örnek:
      kars-xl audit program_2024.txt
      kars-xl audit outputs/performans_programi_2024.xlsx --html denetim.html -o denetim.xlsx
    """
    from kars_xl.reports.audit.job import audit as run
    from kars_xl.reports.audit.report import audit_report

    return audit_report(run(files, html=html, output=output, progress=progress))


@click.command(cls=TurkishCommand, short_help="Bir rakamı formdaki hücresine kadar izler.")
@click.argument("workbook", metavar="ÇIKTI.xlsx")
@click.argument("address", metavar="SAYFA!HÜCRE")
@click.option("--forms", "folders", multiple=True, metavar="KLASÖR", help="Formların klasörü; birden çok verilebilir.")
@click.option("--form", metavar="FORM.xlsx", help="Geriye izle: adres bu formdadır, beslediği hücreler söylenir.")
@reported
def trace(workbook: str, address: str, folders: tuple[str, ...], form: str | None, progress: Progress) -> blocks.Report:
    """Resmî çalışma kitabındaki bir rakamın hangi formun hangi hücresinden geldiğini ağaç olarak gösterir.

    Formlar --forms ile verilen klasörlerde, verilmezse inputs klasöründe ve çalışma kitabının yanında aranır;
    birleştirmeden sonra değişen form söylenir. --form ile tersine gidilir: formdaki hücrenin beslediği bütün hücreler.

    \b
    Örnek:
      kars-xl trace program.xlsx "Toplam Kaynak İhtiyacı!C8" --forms inputs
      kars-xl trace program.xlsx "PH 1.1!C40" --form inputs/mali_hizmetler_mudurlugu.xlsx
    """
    from kars_xl.reports.trace import Unopened, WrongAddress, trace_back, trace_forward
    from kars_xl.reports.trace.show import feeds_report, trace_report, unopened_report

    for folder in folders:
        if not Path(folder).is_dir():
            raise click.BadParameter(f"“{folder}” diye bir klasör yok.", param_hint="'--forms'")
    try:
        if form is None:
            report = trace_report(trace_forward(workbook, address, folders))
        else:
            report = feeds_report(trace_back(workbook, form, address))
    except WrongAddress as error:
        raise click.UsageError(str(error)) from error
    except Unopened as error:
        report = unopened_report(error.finding)
    return report


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
    from kars_xl.reports.diff import diff_sources
    from kars_xl.reports.diff.report import diff_report

    found = diff_sources(old, new, output=output, latest=latest, progress=progress(style))
    respond(diff_report(found, asked=output is not None), style, everything)


@click.command(cls=TurkishCommand, short_help="Programı PDF kitapçık ya da veri tabloları olarak yazar.")
@click.argument("source", metavar="KAYNAK")
@click.option("--to", "kind", type=click.Choice([_PDF, *FORMATS]), required=True, help="Ne yazılacağı.")
@click.option("-o", "--output", metavar="HEDEF", help="PDF için dosya, veri için klasör; verilmezse kaynağın yanına.")
@click.option("--plan", metavar="PLAN.xlsx", help="Formların planı; verilmezse klasördeki plan kullanılır.")
@LATEST
@reported
def export(
    source: str, kind: str, output: str | None, plan: str | None, latest: bool, progress: Progress
) -> blocks.Report:
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
        from kars_xl.reports.export.job import export_pdf

        if plan is not None or latest:
            raise click.UsageError("--plan ve --latest yalnız veri tabloları içindir.")
        booklet = export_pdf(source, output, progress=progress)
        return _exported(booklet.findings, booklet.written, [])
    from kars_xl.findings import blocks
    from kars_xl.reports.export.data import export_data

    outcome = export_data(source, kind, output, plan=plan, latest=latest, progress=progress)
    columns = (blocks.Column(itemgetter(0), "Tablo"), blocks.Column(itemgetter(1), "Satır"))
    parts = [blocks.Table(columns=columns, rows=outcome.rows), blocks.Data(key="rows", value=dict(outcome.rows))]
    return _exported(outcome.findings, outcome.folder, parts)


def _exported(findings: Sequence[Finding], output: str | None, tables: Sequence[blocks.Block]) -> blocks.Report:
    from kars_xl.findings import blocks
    from kars_xl.findings.words import NOTHING_WRITTEN

    done = output is not None
    listed = blocks.Listed(findings=findings, err=not done, advice=False)
    end = blocks.Lines(lines=[f"Yazıldı: {output}" if done else NOTHING_WRITTEN], err=not done)
    parts = [listed, *(tables if done else ()), blocks.Data(key="output", value=output), end]
    return blocks.Report(command="export", blocks=parts, findings=findings)
