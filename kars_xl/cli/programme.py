"""The commands of the yearly merge, and those that start from a finished programme."""

from collections.abc import Iterator
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kars_xl.cli.base import FORMAT, LATEST, PLAN, Progress, TurkishCommand, progress, reported, respond

if TYPE_CHECKING:
    from kars_xl.findings import blocks


_KIND = click.Choice(["pdf", "csv", "json", "parquet"])


@click.command("import", cls=TurkishCommand, short_help="Yayımlanmış programdan plan çıkarır.")
@click.argument("source", metavar="KAYNAK")
@click.option("-o", "--output", required=True, metavar="PLAN.xlsx", help="Yazılacak plan çalışma kitabı.")
@reported
def import_(source: str, output: str, progress: Progress) -> "blocks.Report":
    """Yayımlanmış bir programı ya da geçen yılın çalışma kitabını okur, plan çalışma kitabına çevirir.

    \b
    Örnek:
      kars-xl import program_2026.txt -o inputs/plan.xlsx"""
    from kars_xl.pipeline import import_plan
    from kars_xl.reports.answer import answer

    return answer("import", import_plan(source, output, progress=progress))


@click.command(cls=TurkishCommand, short_help="Plandan birim formlarını üretir.")
@click.argument("plan", metavar="PLAN.xlsx")
@click.option("-o", "--output", required=True, metavar="KLASÖR", help="Formların yazılacağı klasör.")
@click.option("--filled", is_flag=True, help="Planın kaynağındaki rakamlarla dolu yaz.")
@reported
def forms(plan: str, output: str, filled: bool, progress: Progress) -> "blocks.Report":
    """Her harcama birimi için bir form ve Mali Hizmetler'in Tablo 11 formunu yazar.

    Formlar gelenlerin arasına, çalışma klasörünün inputs klasörüne yazılmaz.

    \b
    Örnek:
      kars-xl forms inputs/plan.xlsx -o gonderilecek"""
    from kars_xl.findings.finding import refused_forms
    from kars_xl.pipeline import make_forms
    from kars_xl.reports.answer import Outcome, answer

    refused = tuple(refused_forms(output))
    outcome = Outcome(refused) if refused else make_forms(plan, output, filled=filled, progress=progress)
    return answer("forms", outcome)


@click.command(cls=TurkishCommand, short_help="Formları denetler; istenirse işaretli kopya ve rapor yazar.")
@click.argument("paths", metavar="YOL...", nargs=-1, required=True)
@PLAN
@LATEST
@click.option("--annotate", metavar="KLASÖR", help="Formların, bulguları hücrelerinde gösteren kopyalarını yaz.")
@click.option("--html", metavar="DOSYA.html", help="Bulguları tarayıcıda açılan tek sayfalık rapor olarak yaz.")
@reported
def check(paths: tuple[str, ...], progress: Progress, **options: Any) -> "blocks.Report":
    """Formlardaki hataları ve eksikleri, hücresi ve nasıl düzeltileceğiyle birlikte söyler.

    YOL bir form, form klasörü ya da çalışma klasörüdür; çalışma klasörünün inputs klasörü okunur.
    Formlara dokunulmaz. --annotate ile her formun işaretli bir kopyası, --html ile hepsinin raporu yazılır.
    --latest ile birimin yalnız en yüksek revizyonu denetlenir ve bir öncekine göre ne değiştiği söylenir.
    Bulgular standart çıktıya yazılır; > rapor.txt ile dosyaya alınabilir.

    \b
    Örnek:
      kars-xl check inputs --plan inputs/plan.xlsx
      kars-xl check gelen --annotate isaretli --html rapor.html"""
    from kars_xl.pipeline import check as run
    from kars_xl.reports.answer import answer

    return answer("check", run(list(_forms_of(paths)), progress=progress, **options))


@click.command(cls=TurkishCommand, short_help="Formları birleştirip resmî çalışma kitabını yazar.")
@click.argument("paths", metavar="KLASÖR...", nargs=-1, required=True)
@click.option("-o", "--output", required=True, metavar="ÇIKTI.xlsx", help="Yazılacak resmî çalışma kitabı.")
@PLAN
@click.option("--template", metavar="ŞABLON.xlsx", help="Kendi şablonunuz; verilmezse kurulu resmî şablon.")
@click.option("--draft", is_flag=True, help="Hata olsa da TASLAK olarak yaz.")
@LATEST
@reported
def merge(paths: tuple[str, ...], output: str, progress: Progress, **options: Any) -> "blocks.Report":
    """Klasördeki formları denetler, birleştirir ve canlı formüllü resmî çalışma kitabını yazar.

    Çalışma klasörü verilirse içindeki inputs okunur. Bir hata varsa hiçbir şey yazılmaz ve bütün bulgular birden
    söylenir. --latest ile birimin en yüksek revizyonlu formu alınır ve bir öncekine göre ne değiştiği söylenir; eski
    formlar yerinde kalır, Kaynak sayfası alınanı yazar.

    \b
    Örnek:
      kars-xl merge inputs -o outputs/performans_programi_2027.xlsx
      kars-xl merge inputs --latest -o outputs/performans_programi_2027.xlsx"""
    from kars_xl.pipeline import merge as run
    from kars_xl.reports.answer import answer

    return answer("merge", run(list(_forms_of(paths)), output, progress=progress, **options))


def _forms_of(paths: tuple[str, ...]) -> Iterator[str]:
    """Of a working folder the forms that came back, which is said: its blank forms and outputs are none of them."""
    from kars_xl.year.folder.folder import Folder

    for path in paths:
        inside = str(Folder.of(path).inputs)
        if inside != str(Path(path)):
            click.echo(f"“{path}” bir çalışma klasörü; içindeki {inside} okunuyor.", err=True)
            path = inside
        yield path


@click.command(cls=TurkishCommand, short_help="Bir programın tablolarını birbiriyle karşılaştırır.")
@click.argument("files", metavar="DOSYA...", nargs=-1, required=True)
@click.option("--html", metavar="DOSYA.html", help="Raporu tarayıcıda açılan tek sayfa olarak yaz.")
@click.option("-o", "--output", metavar="RAPOR.xlsx", help="Raporu çalışma kitabı olarak yaz.")
@reported
def audit(files: tuple[str, ...], html: str | None, output: str | None, progress: Progress) -> "blocks.Report":
    """Kim, hangi araçla hazırlamış olursa olsun bir performans programının tablolarını çapraz denetler.

    Çalışma kitabı (.xlsx, .xls, .ods), Word (.docx) ve sekmeyle ayrılmış metin okunur; program birkaç dosyadaysa
    hepsi birlikte verilir. Birleştirmeyle üretilmiş kitapta sonradan değiştirilen hücreler de söylenir.

    \b
    Örnek:
      kars-xl audit program_2026.txt
      kars-xl audit outputs/performans_programi_2027.xlsx --html denetim.html -o denetim.xlsx"""
    from kars_xl.reports.audit import audit as run
    from kars_xl.reports.audit.report import audit_report

    return audit_report(run(files, html=html, output=output, progress=progress))


@click.command(cls=TurkishCommand, short_help="Bir rakamı formdaki hücresine kadar izler.")
@click.argument("workbook", metavar="ÇIKTI.xlsx")
@click.argument("address", metavar="SAYFA!HÜCRE")
@click.option("--forms", "folders", multiple=True, metavar="KLASÖR", help="Formların klasörü; birden çok verilebilir.")
@click.option("--form", metavar="FORM.xlsx", help="Geriye izle: adres bu formdadır, beslediği hücreler söylenir.")
@reported
def trace(workbook: str, address: str, folders: tuple[str, ...], form: str | None, **_: Any) -> "blocks.Report":
    """Resmî çalışma kitabındaki bir rakamın hangi formun hangi hücresinden geldiğini ağaç olarak gösterir.

    Formlar --forms ile verilen klasörlerde, verilmezse inputs klasöründe ve çalışma kitabının yanında aranır;
    birleştirmeden sonra değişen form söylenir. --form ile tersine gidilir: formdaki hücrenin beslediği bütün hücreler.

    \b
    Örnek:
      kars-xl trace program.xlsx "Toplam Kaynak İhtiyacı!C8" --forms inputs
      kars-xl trace program.xlsx "PH 1.1!C40" --form inputs/mali_hizmetler_mudurlugu.xlsx"""
    from kars_xl.reports.trace import Unopened, WrongAddress, trace_back, trace_forward
    from kars_xl.reports.trace.show import feeds_report, trace_report, unopened_report

    for folder in folders:
        if not Path(folder).is_dir():
            raise click.BadParameter(f"“{folder}” diye bir klasör yok.", param_hint="'--forms'")
    try:
        if form is None:
            return trace_report(trace_forward(workbook, address, folders))
        return feeds_report(trace_back(workbook, form, address))
    except WrongAddress as error:
        raise click.UsageError(str(error)) from error
    except Unopened as error:
        return unopened_report(error.finding)


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
      kars-xl diff program_2026.txt outputs/performans_programi_2027.xlsx
      kars-xl diff fen_isleri_r1.xlsx fen_isleri_r2.xlsx -o fark.xlsx"""
    from kars_xl.reports.diff import diff_sources
    from kars_xl.reports.diff.report import diff_report

    found = diff_sources(old, new, output=output, latest=latest, progress=progress(style))
    respond(diff_report(found, asked=output is not None), style, everything)


@click.command(cls=TurkishCommand, short_help="Programı PDF kitapçık ya da veri tabloları olarak yazar.")
@click.argument("source", metavar="KAYNAK")
@click.option("--to", "kind", type=_KIND, required=True, help="Ne yazılacağı.")
@click.option("-o", "--output", metavar="HEDEF", help="PDF için dosya, veri için klasör; verilmezse kaynağın yanına.")
@click.option("--plan", metavar="PLAN.xlsx", help="Formların planı; verilmezse klasördeki plan kullanılır.")
@LATEST
@reported
def export(
    source: str, kind: str, output: str | None, plan: str | None, latest: bool, progress: Progress
) -> "blocks.Report":
    """Programı dağıtıma hazır bir PDF kitapçığı ya da her satırı bir bilgi olan veri tabloları olarak yazar.

    --to pdf: çalışma kitabının yazdırılan sayfaları yer imli tek dosya olur. Sayfaları LibreOffice basar; bilgisayarda
    kurulu olması gerekir. Gizli sayfalar PDF'e girmez.

    --to csv, json ya da parquet: KAYNAK birleştirilmiş çalışma kitabı, yayımlanmış program ya da formların
    klasörüdür. Bir klasöre her tablo için bir dosya yazılır: maliyetler, göstergeler, birimler, genel tablolar,
    kaynaklar ve diğerleri. csv, Türkçe Excel'de çift tıklamayla açılır. Kaynakta hata varsa hiçbir şey yazılmaz.

    \b
    Örnek:
      kars-xl export outputs/performans_programi_2027.xlsx --to pdf
      kars-xl export outputs/performans_programi_2027.xlsx --to csv -o acik_veri
      kars-xl export inputs --to parquet -o veri"""
    from kars_xl.findings import blocks
    from kars_xl.findings.as_text import NOTHING_WRITTEN

    if kind == "pdf":
        from kars_xl.reports.export.booklet import export_pdf

        if plan is not None or latest:
            raise click.UsageError("--plan ve --latest yalnız veri tabloları içindir.")
        outcome = export_pdf(source, output, progress=progress)
    else:
        from kars_xl.reports.export.data import export_data

        outcome = export_data(source, kind, output, plan=plan, latest=latest, progress=progress)
    done = outcome.written is not None
    parts: list[blocks.Block] = [blocks.Listed(findings=outcome.findings, err=not done, advice=False)]
    if done and kind != "pdf":
        columns = (blocks.Column(itemgetter(0), "Tablo"), blocks.Column(itemgetter(1), "Satır"))
        parts += [blocks.Table(columns=columns, rows=outcome.rows), blocks.Data(key="rows", value=dict(outcome.rows))]
    parts += [
        blocks.Data(key="output", value=outcome.written),
        blocks.Lines(lines=[f"Kaydedildi: {outcome.written}" if done else NOTHING_WRITTEN], err=not done),
    ]
    return blocks.Report(command="export", blocks=parts, findings=outcome.findings)
