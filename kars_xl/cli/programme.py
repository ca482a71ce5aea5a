"""The commands of the yearly merge, and those that start from a finished programme."""

from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kars_xl.cli.base import FORMAT, LATEST, PLAN, Progress, TurkishCommand, progress, reported, respond
from kars_xl.cli.places import PAGE, ending, forms_of, plan_of, workbook_of

if TYPE_CHECKING:
    from kars_xl.findings import blocks


_XLSX = ending(".xlsx")
_PLAN_FILE = "Yazılacak plan çalışma kitabı; verilmezse kaynağın yanında."
_BOOK = "Yazılacak resmî çalışma kitabı; verilmezse outputs klasöründe performans_programi_YIL.xlsx."
_KIND = click.Choice(["docx", "pdf", "csv", "json", "parquet"])


@click.command("import", cls=TurkishCommand, short_help="Yayımlanmış programdan plan çıkarır.")
@click.argument("source", metavar="KAYNAK")
@click.option("-o", "--output", metavar="PLAN.xlsx", callback=_XLSX, help=_PLAN_FILE)
@reported
def import_(source: str, output: str | None, progress: Progress) -> "blocks.Report":
    """Yayımlanmış bir programı ya da geçen yılın çalışma kitabını okur, plan çalışma kitabına çevirir.

    \b
    Örnek:
      kars-xl import program_2026.txt -o inputs/plan.xlsx"""
    from kars_xl.pipeline import import_plan
    from kars_xl.reports.answer import answer

    target = output or str(Path(source).with_name(f"{Path(source).stem}_plan.xlsx"))
    return answer("import", import_plan(source, target, progress=progress))


@click.command(cls=TurkishCommand, short_help="Plandan birim formlarını üretir.")
@click.argument("plan", metavar="[PLAN.xlsx]", required=False)
@click.option(
    "-o", "--output", metavar="KLASÖR", help="Formların yazılacağı klasör; verilmezse çalışma klasöründe forms."
)
@click.option("--filled", is_flag=True, help="Planın kaynağındaki rakamlarla dolu yaz.")
@reported
def forms(plan: str | None, output: str | None, filled: bool, progress: Progress) -> "blocks.Report":
    """Her harcama birimi için bir form ve Mali Hizmetler'in Tablo 11 formunu yazar.

    PLAN.xlsx yerine çalışma klasörü de verilir; hiçbiri verilmezse bulunulan klasörün planı okunur. Formlar gelenlerin
    arasına, çalışma klasörünün inputs klasörüne yazılmaz.

    \b
    Örnek:
      kars-xl forms inputs/plan.xlsx -o gonderilecek"""
    from kars_xl.findings.finding import refused_forms
    from kars_xl.pipeline import make_forms
    from kars_xl.reports.answer import Outcome, answer

    source = plan_of(plan)
    root = Path(source).parent
    root = root.parent if root.name == "inputs" else root
    target = output or str(root / "forms")
    refused = tuple(refused_forms(target))
    outcome = Outcome(refused) if refused else make_forms(source, target, filled=filled, progress=progress)
    return answer("forms", outcome, str(root))


@click.command(cls=TurkishCommand, short_help="Formları denetler; istenirse işaretli kopya ve rapor yazar.")
@click.argument("paths", metavar="[YOL...]", nargs=-1)
@PLAN
@LATEST
@click.option("--annotate", metavar="KLASÖR", help="Formların, bulguları hücrelerinde gösteren kopyalarını yaz.")
@PAGE
@reported
def check(paths: tuple[str, ...], progress: Progress, **options: Any) -> "blocks.Report":
    """Formlardaki hataları ve eksikleri, hücresi ve nasıl düzeltileceğiyle birlikte söyler.

    YOL bir form, form klasörü ya da çalışma klasörüdür; çalışma klasörünün inputs klasörü okunur. Verilmezse bulunulan
    klasör denetlenir. Tek form verilirse yalnız o form, bulunduğu klasörün planıyla denetlenir. Birimin en yüksek
    revizyonu sayılır (--all-revisions: hepsi); bir öncekine göre ne değiştiğini --all söyler.
    Formlara dokunulmaz. --annotate ile her formun işaretli bir kopyası, --html ile hepsinin raporu yazılır.
    Bulgular standart çıktıya yazılır; > rapor.txt ile dosyaya alınabilir.

    \b
    Örnek:
      kars-xl check 2027
      kars-xl check gelen --annotate isaretli --html rapor.html"""
    from kars_xl.pipeline import check as run
    from kars_xl.reports.answer import answer

    given = forms_of(paths)
    asked = Path((paths or given)[0])
    asked = asked.parent if asked.is_file() and len(given) > 1 else asked
    return answer("check", run(given, progress=progress, **options), str(asked))


@click.command(cls=TurkishCommand, short_help="Formları birleştirip resmî çalışma kitabını yazar.")
@click.argument("paths", metavar="[KLASÖR...]", nargs=-1)
@click.option("-o", "--output", metavar="ÇIKTI.xlsx", callback=_XLSX, help=_BOOK)
@PLAN
@click.option("--template", metavar="ŞABLON.xlsx", help="Kendi şablonunuz; verilmezse kurulu resmî şablon.")
@click.option("--draft", is_flag=True, help="Hata olsa da TASLAK olarak yaz.")
@LATEST
@reported
def merge(paths: tuple[str, ...], output: str | None, progress: Progress, **options: Any) -> "blocks.Report":
    """Klasördeki formları denetler, birleştirir ve canlı formüllü resmî çalışma kitabını yazar.

    Çalışma klasörü verilirse içindeki inputs okunur; klasör verilmezse bulunulan klasör. Bir hata varsa hiçbir şey
    yazılmaz; bulgular kısaca, --all ya da kars-xl check ile tümü söylenir. Birimin en yüksek revizyonlu formu alınır
    (--all-revisions: hepsi); eski formlar yerinde kalır, Kaynak sayfası alınanı yazar.

    \b
    Örnek:
      kars-xl merge inputs -o outputs/performans_programi_2027.xlsx
      kars-xl merge 2027"""
    from kars_xl.pipeline import merge as run
    from kars_xl.reports.answer import answer
    from kars_xl.year.folder.folder import Folder

    given = forms_of(paths)
    if output and Path(output).is_dir():
        swapped = f"kars-xl merge {output}" if len(paths) == 1 else "kars-xl merge KLASÖR -o program.xlsx"
        reason = f"“{output}” bir klasör; -o yazılacak kitabın adıdır. Formların klasörü önce yazılır: {swapped}"
        raise click.BadParameter(reason, param_hint="'-o'")

    def usual(year: int) -> str:
        return str(Folder.of((paths or given)[0]).programme(year))

    return answer("merge", run(given, output or usual, progress=progress, **options), (paths or given)[0])


@click.command(cls=TurkishCommand, short_help="Bir programın tablolarını birbiriyle karşılaştırır.")
@click.argument("files", metavar="[DOSYA...]", nargs=-1)
@PAGE
@reported
def audit(files: tuple[str, ...], html: str | None, progress: Progress) -> "blocks.Report":
    """Kim, hangi araçla hazırlamış olursa olsun bir performans programının tablolarını çapraz denetler.

    Çalışma kitabı (.xlsx, .xls, .ods), Word (.docx) ve sekmeyle ayrılmış metin okunur; program birkaç dosyadaysa
    hepsi birlikte verilir. Çalışma klasörünün kendisi verilirse içindeki kitap denetlenir. Birleştirmeyle üretilmiş
    kitapta sonradan değiştirilen hücreler de söylenir.

    \b
    Örnek:
      kars-xl audit program_2026.txt
      kars-xl audit outputs/performans_programi_2027.xlsx --html denetim.html"""
    from kars_xl.reports.audit import audit as run
    from kars_xl.reports.audit.report import audit_report

    given = [workbook_of(file) for file in files or (None,)]
    return audit_report(run(given, html=html, progress=progress))


@click.command(cls=TurkishCommand, short_help="Bir rakamı formdaki hücresine kadar izler.")
@click.argument("asked", metavar="[ÇIKTI.xlsx] SAYFA!HÜCRE|FAALİYET", nargs=-1, required=True)
@click.option("--forms", "folders", multiple=True, metavar="KLASÖR", help="Formların klasörü; birden çok verilebilir.")
@click.option("--form", metavar="FORM.xlsx", help="Geriye izle: adres bu formdadır, beslediği hücreler söylenir.")
@reported
def trace(asked: tuple[str, ...], folders: tuple[str, ...], form: str | None, **_: Any) -> "blocks.Report":
    """Resmî çalışma kitabındaki bir rakamın hangi formun hangi hücresinden geldiğini ağaç olarak gösterir.

    Kitap yerine çalışma klasörü de verilir; verilmezse bulunulan klasördeki kitap izlenir. Hücre Excel'deki ya da
    LibreOffice'teki gibi yazılır; F.5.2.3 gibi bir faaliyet kodu onun toplamıdır. Uzun ağacın tümü için --all.

    Formlar --forms ile verilen klasörlerde, verilmezse inputs klasöründe ve çalışma kitabının yanında aranır;
    birleştirmeden sonra değişen form söylenir. --form ile tersine gidilir: formdaki hücrenin beslediği bütün hücreler.

    \b
    Örnek:
      kars-xl trace program.xlsx "Toplam Kaynak İhtiyacı!C8" --forms inputs
      kars-xl trace 2027 F.5.2.3
      kars-xl trace program.xlsx "PH 1.1!C40" --form inputs/mali_hizmetler_mudurlugu.xlsx"""
    from kars_xl.reports.trace import Unopened, WrongAddress, trace_back, trace_forward
    from kars_xl.reports.trace.show import feeds_report, trace_report, unopened_report

    if len(asked) > 2:
        raise click.UsageError('Önce kitap, sonra tek bir hücre: kars-xl trace program.xlsx "Sayfa!C8"')
    if len(asked) == 2 and "!" in asked[0] and Path(asked[1]).exists():
        asked = asked[::-1]
    workbook, address = workbook_of(asked[0] if len(asked) == 2 else None), asked[-1]
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
@LATEST
@PAGE
@click.option("--all", "everything", is_flag=True, help="Her bölümün tümünü göster.")
@FORMAT
def diff(old: str, new: str, latest: bool, html: str | None, everything: bool, style: str) -> None:
    """Eklenen, çıkarılan, taşınan, metni ya da tutarı değişen her şeyi söyler.

    ESKİ ve YENİ birer dosya (çalışma kitabı, yayımlanmış program, form, plan), form klasörü ya da çalışma klasörüdür
    (içindeki kitap, yoksa formlar). Önce toplamlar ve sayılar söylenir, ayrıntı için --all. Karşılıklar
    koduna ve metnine göre bulunur. Okunamayan rakam sıfır sayılmaz; söylenir ve toplamlara katılmaz.

    \b
    Örnek:
      kars-xl diff program_2026.txt outputs/performans_programi_2027.xlsx
      kars-xl diff fen_isleri_r1.xlsx fen_isleri_r2.xlsx --html fark.html"""
    from kars_xl.reports.diff import diff_sources
    from kars_xl.reports.diff.report import diff_report

    old, new = (workbook_of(path, forms=True) for path in (old, new))
    found = diff_sources(old, new, html=html, latest=latest, progress=progress(style))
    respond(diff_report(found), style, everything)


@click.command(cls=TurkishCommand, short_help="Programı PDF kitapçık ya da veri tabloları olarak yazar.")
@click.argument("source", metavar="[KAYNAK]", required=False)
@click.option("--to", "kind", type=_KIND, required=True, help="Ne yazılacağı.")
@click.option(
    "-o", "--output", metavar="HEDEF", help="Kitapçık için dosya, veri için klasör; verilmezse kaynağın yanına."
)
@click.option("--plan", metavar="PLAN.xlsx", help="Formların planı; verilmezse klasördeki plan kullanılır.")
@click.option(
    "--template", metavar="KİTAPÇIK.docx", help="Kitapçığın Word şablonu; verilmezse klasördeki kitapcik.docx."
)
@click.option("--ekler", is_flag=True, help="Kitapçığa Denetim ve Kaynak sayfalarını da koy.")
@LATEST
@reported
def export(
    source: str | None,
    kind: str,
    output: str | None,
    plan: str | None,
    template: str | None,
    ekler: bool,
    latest: bool,
    progress: Progress,
) -> "blocks.Report":
    """Programı meclise giden kitapçık ya da her satırı bir bilgi olan veri tabloları olarak yazar.

    --to docx ve --to pdf: birleştirilmiş kitap ile Word şablonundan kapağı, sunuşu, içindekileri ve meclis özetiyle
    bütün program. Kurumun kendi metinleri şablona (kitapcik.docx) bir kez yazılır. PDF'i ve sayfa numaralarını
    LibreOffice yapar; o yoksa Word belgesi yine yazılır, numaraları Word açılırken koyar.

    --to csv, json ya da parquet: KAYNAK birleştirilmiş çalışma kitabı, yayımlanmış program ya da formların
    klasörüdür. Bir klasöre her tablo için bir dosya yazılır: maliyetler, göstergeler, birimler, genel tablolar,
    kaynaklar ve diğerleri. csv, Türkçe Excel'de çift tıklamayla açılır. Kaynakta hata varsa hiçbir şey yazılmaz.

    \b
    Örnek:
      kars-xl export 2027 --to pdf
      kars-xl export outputs/performans_programi_2027.xlsx --to csv -o acik_veri
      kars-xl export inputs --to parquet -o veri"""
    from kars_xl.findings import blocks
    from kars_xl.reports.verdict import as_verdict, stopped

    is_book = kind in ("docx", "pdf")
    source = workbook_of(source, forms=not is_book)
    if is_book:
        from kars_xl.reports.book import export_book

        if not latest:
            raise click.UsageError("--all-revisions yalnız veri tabloları içindir.")
        outcome = export_book(source, kind, output, plan=plan, template=template, appendix=ekler, progress=progress)
    elif template is not None or ekler:
        raise click.UsageError("--template ve --ekler yalnız kitapçık içindir.")
    else:
        from kars_xl.reports.export.data import export_data

        outcome = export_data(source, kind, output, plan=plan, latest=latest, progress=progress)
    done = outcome.written is not None
    notes = [f"Metni yazılmamış bölümler: {', '.join(outcome.empty)}."] if outcome.empty else []
    notes += [f"Kitapçıkta olmayan sayfalar: {', '.join(outcome.left_out)}."] if outcome.left_out else []
    told = [found for found in outcome.findings if done or found.is_error]
    lines = [f"Kaydedildi: {outcome.written}", *notes] if done else stopped(outcome.findings)
    parts: list[blocks.Block] = [blocks.Listed(findings=told, err=not done, advice=False)]
    if done and not is_book:
        columns = (blocks.Column(itemgetter(0), "Tablo"), blocks.Column(itemgetter(1), "Satır"))
        parts += [blocks.Table(columns=columns, rows=outcome.rows), blocks.Data(key="rows", value=dict(outcome.rows))]
    parts += [
        blocks.Data(key="output", value=outcome.written),
        as_verdict(lines, bad=not done, err=not done),
    ]
    return blocks.Report(command="export", blocks=parts, findings=outcome.findings)
