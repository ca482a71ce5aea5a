"""The commands of the yearly merge: import, forms, check, merge."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kars_xl.cli.base import LATEST, PLAN, Progress, TurkishCommand, reported

if TYPE_CHECKING:
    from kars_xl.findings import blocks


@click.command("import", cls=TurkishCommand, short_help="Yayımlanmış programdan plan çıkarır.")
@click.argument("source", metavar="KAYNAK")
@click.option("-o", "--output", required=True, metavar="PLAN.xlsx", help="Yazılacak plan çalışma kitabı.")
@reported
def import_(source: str, output: str, progress: Progress) -> blocks.Report:
    """Yayımlanmış bir programı ya da geçen yılın çalışma kitabını okur, plan çalışma kitabına çevirir.

    \b
    Örnek:
      kars-xl import program_2024.txt -o inputs/plan.xlsx
    """
    from kars_xl.findings.severity import refused_workbook
    from kars_xl.pipeline import import_plan
    from kars_xl.reports.findings.answer import Outcome, answer

    refused = tuple(refused_workbook(output))
    outcome = Outcome(refused) if refused else import_plan(source, output, progress=progress)
    return answer("import", outcome)


@click.command(cls=TurkishCommand, short_help="Plandan birim formlarını üretir.")
@click.argument("plan", metavar="PLAN.xlsx")
@click.option("-o", "--output", required=True, metavar="KLASÖR", help="Formların yazılacağı klasör.")
@click.option("--filled", is_flag=True, help="Planın kaynağındaki rakamlarla dolu yaz.")
@reported
def forms(plan: str, output: str, filled: bool, progress: Progress) -> blocks.Report:
    """Her harcama birimi için bir form ve Mali Hizmetler'in Tablo 11 formunu yazar.

    Formlar gelenlerin arasına, çalışma klasörünün inputs klasörüne yazılmaz.

    \b
    Örnek:
      kars-xl forms inputs/plan.xlsx -o gonderilecek
    """
    from kars_xl.findings.severity import refused_forms
    from kars_xl.pipeline import make_forms
    from kars_xl.reports.findings.answer import Outcome, answer

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
def check(paths: tuple[str, ...], progress: Progress, **options: Any) -> blocks.Report:
    """Formlardaki hataları ve eksikleri, hücresi ve nasıl düzeltileceğiyle birlikte söyler.

    YOL bir form, form klasörü ya da çalışma klasörüdür; çalışma klasörünün inputs klasörü okunur.
    Formlara dokunulmaz. --annotate ile her formun işaretli bir kopyası, --html ile hepsinin raporu yazılır.
    --latest ile birimin yalnız en yüksek revizyonu denetlenir ve bir öncekine göre ne değiştiği söylenir.
    Bulgular standart çıktıya yazılır; > rapor.txt ile dosyaya alınabilir.

    \b
    Örnek:
      kars-xl check inputs --plan inputs/plan.xlsx
      kars-xl check gelen --annotate isaretli --html rapor.html
    """
    from kars_xl.pipeline import check as run
    from kars_xl.reports.findings.answer import answer

    return answer("check", run(_forms_of(paths), progress=progress, **options))


@click.command(cls=TurkishCommand, short_help="Formları birleştirip resmî çalışma kitabını yazar.")
@click.argument("paths", metavar="KLASÖR...", nargs=-1, required=True)
@click.option("-o", "--output", required=True, metavar="ÇIKTI.xlsx", help="Yazılacak resmî çalışma kitabı.")
@PLAN
@click.option("--template", metavar="ŞABLON.xlsx", help="Kendi şablonunuz; verilmezse kurulu resmî şablon.")
@click.option("--draft", is_flag=True, help="Hata olsa da TASLAK olarak yaz.")
@LATEST
@reported
def merge(paths: tuple[str, ...], output: str, progress: Progress, **options: Any) -> blocks.Report:
    """Klasördeki formları denetler, birleştirir ve canlı formüllü resmî çalışma kitabını yazar.

    Çalışma klasörü verilirse içindeki inputs okunur. Bir hata varsa hiçbir şey yazılmaz ve bütün bulgular birden
    söylenir. --latest ile birimin en yüksek revizyonlu formu alınır ve bir öncekine göre ne değiştiği söylenir; eski
    formlar yerinde kalır, Kaynak sayfası alınanı yazar.

    \b
    Örnek:
      kars-xl merge inputs -o outputs/performans_programi_2024.xlsx
      kars-xl merge inputs --latest -o outputs/performans_programi_2024.xlsx
    """
    from kars_xl.findings.severity import refused_workbook
    from kars_xl.pipeline import merge as run
    from kars_xl.reports.findings.answer import Outcome, answer

    refused = tuple(refused_workbook(output))
    outcome = Outcome(refused) if refused else run(_forms_of(paths), output, progress=progress, **options)
    return answer("merge", outcome)


def _forms_of(paths: tuple[str, ...]) -> list[str]:
    """Of a working folder the forms that came back, which is said: its blank forms and outputs are none of them."""
    from kars_xl.year.folder.folder import Folder

    found = []
    for path in paths:
        inside = str(Folder.of(path).inputs)
        if inside != str(Path(path)):
            click.echo(f"“{path}” bir çalışma klasörü; içindeki {inside} okunuyor.", err=True)
            path = inside
        found.append(path)
    return found
