"""The commands that start from a finished programme: audit, trace, diff, export."""

from __future__ import annotations

from pathlib import Path

import click

from kars_xl.cli.base import ALL, FORMAT, LATEST, NOTHING_WRITTEN, TurkishCommand, progress, respond, say_findings
from kars_xl.reports.export import FORMATS

_PDF = "pdf"


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
    from kars_xl.findings.as_text import count_line
    from kars_xl.reports.audit.job import audit as run
    from kars_xl.reports.audit.text import answer_parts, opening

    outcome = run(files, html=html, output=output, progress=progress(style))
    done = outcome.audit

    def say() -> None:
        if done is not None:
            click.echo(opening(done))
        say_findings(outcome.findings, everything)
        click.echo(count_line(outcome.findings))
        for file in outcome.written:
            click.echo(f"Yazıldı: {file}")

    written: dict[str, object] = {"written": list(outcome.written)}
    respond("audit", style, outcome.findings, lambda: written | (answer_parts(done) if done else {}), say)


@click.command(cls=TurkishCommand, short_help="Bir rakamı formdaki hücresine kadar izler.")
@click.argument("workbook", metavar="ÇIKTI.xlsx")
@click.argument("address", metavar="SAYFA!HÜCRE")
@click.option("--forms", "folders", multiple=True, metavar="KLASÖR", help="Formların klasörü; birden çok verilebilir.")
@click.option("--form", metavar="FORM.xlsx", help="Geriye izle: adres bu formdadır, beslediği hücreler söylenir.")
@ALL
@FORMAT
def trace(
    workbook: str, address: str, folders: tuple[str, ...], form: str | None, everything: bool, style: str
) -> None:
    """Resmî çalışma kitabındaki bir rakamın hangi formun hangi hücresinden geldiğini ağaç olarak gösterir.

    Formlar --forms ile verilen klasörlerde, verilmezse inputs klasöründe ve çalışma kitabının yanında aranır;
    birleştirmeden sonra değişen form söylenir. --form ile tersine gidilir: formdaki hücrenin beslediği bütün hücreler.

    \b
    Örnek:
      kars-xl trace program.xlsx "Toplam Kaynak İhtiyacı!C8" --forms inputs
      kars-xl trace program.xlsx "PH 1.1!C40" --form inputs/mali_hizmetler_mudurlugu.xlsx
    """
    from kars_xl.findings.as_text import findings_text
    from kars_xl.findings.finding import Finding
    from kars_xl.reports.trace import Unopened, WrongAddress, trace_back, trace_forward
    from kars_xl.reports.trace.show import feeds_json, feeds_text, trace_json, trace_text

    for folder in folders:
        if not Path(folder).is_dir():
            raise click.BadParameter(f"“{folder}” diye bir klasör yok.", param_hint="'--forms'")
    answer: dict[str, object] = {"trace": None, "feeds": []}
    text = ""
    findings: tuple[Finding, ...]
    try:
        if form is None:
            found = trace_forward(workbook, address, folders)
            answer, text, findings = trace_json(found), trace_text(found), found.findings
        else:
            back = trace_back(workbook, form, address)
            answer, text, findings = feeds_json(back), feeds_text(back), back.findings
    except WrongAddress as error:
        raise click.UsageError(str(error)) from error
    except Unopened as error:
        findings = (error.finding,)

    def say() -> None:
        click.echo("\n\n".join(filter(None, (text, findings_text(findings, everything=everything)))).rstrip())

    respond("trace", style, findings, lambda: answer, say)


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
    from kars_xl.findings.as_text import count_line
    from kars_xl.reports.diff import diff_sources
    from kars_xl.reports.diff.data import difference_data
    from kars_xl.reports.diff.text import difference_text

    found = diff_sources(old, new, output=output, latest=latest, progress=progress(style))
    written = found.written[0] if found.written else None

    def data() -> dict[str, object]:
        return {"output": written, "diff": difference_data(found.difference) if found.difference else None}

    def say() -> None:
        if found.difference:
            click.echo(difference_text(found.difference, everything=everything) + "\n")
        if found.findings:
            click.echo("Kaynaklar okunurken bulunanlar\n", err=found.failed)
            say_findings(found.findings, everything, err=found.failed)
            click.echo(count_line(found.findings))
        if written:
            click.echo(f"Yazıldı: {written}")
        elif output is not None:
            click.echo(NOTHING_WRITTEN, err=True)

    respond("diff", style, found.findings, data, say)


@click.command(cls=TurkishCommand, short_help="Programı PDF kitapçık ya da veri tabloları olarak yazar.")
@click.argument("source", metavar="KAYNAK")
@click.option("--to", "kind", type=click.Choice([_PDF, *FORMATS]), required=True, help="Ne yazılacağı.")
@click.option("-o", "--output", metavar="HEDEF", help="PDF için dosya, veri için klasör; verilmezse kaynağın yanına.")
@click.option("--plan", metavar="PLAN.xlsx", help="Formların planı; verilmezse klasördeki plan kullanılır.")
@LATEST
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
        _tables(source, kind, output, plan, latest, style, everything)


def _pdf(source: str, output: str | None, style: str, everything: bool) -> None:
    from kars_xl.reports.export.job import export_pdf

    outcome = export_pdf(source, output, progress=progress(style))

    def say() -> None:
        if outcome.written:
            click.echo(f"Yazıldı: {outcome.written}")
        else:
            say_findings(outcome.findings, everything, err=True)
            click.echo(NOTHING_WRITTEN, err=True)

    respond("export", style, outcome.findings, lambda: {"output": outcome.written}, say)


def _tables(
    source: str, kind: str, output: str | None, plan: str | None, latest: bool, style: str, everything: bool
) -> None:
    from kars_xl.reports.export.data import export_data

    outcome = export_data(source, kind, output, plan=plan, latest=latest, progress=progress(style))

    def say() -> None:
        say_findings(outcome.findings, everything, err=outcome.failed, advice=False)
        if outcome.folder is None:
            click.echo(NOTHING_WRITTEN, err=True)
            return
        for name, count in outcome.rows:
            click.echo(f"  {name:<30}{count:>7} satır")
        click.echo(f"Yazıldı: {outcome.folder}")

    respond("export", style, outcome.findings, lambda: {"output": outcome.folder, "rows": dict(outcome.rows)}, say)
