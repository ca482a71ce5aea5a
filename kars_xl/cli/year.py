"""The commands of the working folder: init, collect, status."""

import contextlib
import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kars_xl.cli.base import FORMAT, PLAN, Progress, TurkishCommand, clear_progress, progress, reported, respond, say
from kars_xl.cli.places import PAGE, named

if TYPE_CHECKING:
    from kars_xl.findings import blocks
    from kars_xl.year.folder.status import Status


_LAST_YEAR = "Geçen yılın çalışma kitabı, yayımlanmış programı, planı ya da çalışma klasörü; programın yanında planı "
_LAST_YEAR += "da verilebilir."
_YEAR = "Program yılı; verilmezse klasörün adındaki, yoksa sonraki yıl."
_INTO = "Çalışma klasörü; formlar içindeki inputs'a konur. Verilmezse bulunulan klasör."


@click.command(cls=TurkishCommand, short_help="Yeni yıl için çalışma klasörü kurar.")
@click.argument("folder", metavar="[KLASÖR]", default="")
@click.option("--from", "sources", multiple=True, metavar="KAYNAK", help=_LAST_YEAR)
@click.option("--year", type=click.IntRange(2000, 2099), metavar="YIL", help=_YEAR)
@reported
def init(folder: str, sources: tuple[str, ...], year: int | None, progress: Progress) -> "blocks.Report":
    """Yeni yılın çalışma klasörünü kurar: düzenlenmeye hazır plan ve ne yapılacağını anlatan OKUBENİ.txt.

    --from verilirse geçen yılın programı yeni yıla aktarılır: hedefler, göstergeler, faaliyetler, birimler ve genel
    tabloların satırları kalır, her gösterge değeri kendi yılında kalır; program yılının değerleri, maliyetler ve
    Tablo 11 boşalır. E-posta adresleri, idarenin adresi ve üst yöneticisi yalnız planda vardır: geçen yılın planını da
    --from ile verin. Var olan hiçbir dosyanın üzerine yazılmaz.

    \b
    Örnek:
      kars-xl init 2027 --from program_2026.xlsx --from plan_2026.xlsx
      kars-xl init 2027 --year 2027"""
    from kars_xl.reports.answer import answer
    from kars_xl.year.folder.init import init as run

    next_year = year or dt.date.today().year + 1
    folder = folder or str(next_year)
    return answer("init", run(folder, sources, year, next_year=next_year, progress=progress), folder)


@click.command(cls=TurkishCommand, short_help="Posta kutusundaki formları çalışma klasörüne toplar.")
@click.argument("paths", metavar="KAYNAK...", nargs=-1, required=True)
@click.option("-o", "--output", metavar="KLASÖR", help=_INTO)
@click.option("--plan", metavar="PLAN.xlsx", help="Plan; verilmezse çalışma klasöründeki plan kullanılır.")
@reported
def collect(paths: tuple[str, ...], output: str | None, plan: str | None, progress: Progress) -> "blocks.Report":
    """İletilere ekli birim formlarını bulur, birim ve revizyon numarasına göre adlandırıp çalışma klasörüne koyar.

    KAYNAK: .eml ya da .msg dosyaları, bunların klasörü, mbox, Maildir, .zip ya da düz bir form klasörü. Kaynağa ve
    klasörde duran formlara dokunulmaz; komut tekrarlanırsa aynı form ikinci kez alınmaz. Form olmayan ekler nedeniyle
    birlikte raporda yazar.

    \b
    Örnek:
      kars-xl collect gelen_kutusu.mbox -o 2027
      kars-xl collect iletiler -o 2027 --format json"""
    from kars_xl.year.collect.job import collect as run
    from kars_xl.year.collect.job import collect_report

    return collect_report(run(paths, output or named(None), plan=plan, progress=progress))


@click.command(cls=TurkishCommand, short_help="Kim form gönderdi, kim göndermedi, formlarda ne var, söyler.")
@click.argument("folder", metavar="[KLASÖR]", default="")
@PLAN
@click.option("--watch", is_flag=True, help="Klasörü izle, yeni form geldikçe yenile (bitirmek için Ctrl-C).")
@PAGE
@FORMAT
def status(folder: str, plan: str | None, watch: bool, html: str | None, style: str) -> None:
    """Birim birim: form geldi mi, ne zaman, hangi revizyon, kaç bulgu var, kaç faaliyet dolduruldu, tutarı ne.

    KLASÖR yılın çalışma klasörü ya da gelen formların klasörüdür. Plan yoksa yalnız form gönderen birimler görünür.
    Bir birimin en yüksek revizyonu sayılır. Bozuk bir dosya diğerlerinin görülmesini engellemez; formlardaki hatalar
    sayılır ama komutu başarısız yapmaz (onun için kars-xl check). Klasör ya da verilen plan yoksa sonuç 1'dir.

    --watch ile --format json her değişiklikte tek satırlık bir yanıt yazar.

    \b
    Örnek:
      kars-xl status 2027
      kars-xl status 2027 --watch --html durum.html"""
    from kars_xl.findings import blocks
    from kars_xl.findings.as_page import write_page
    from kars_xl.reports.verdict import as_verdict, stopped
    from kars_xl.year.folder.desk import open_desk
    from kars_xl.year.folder.status_report import status_report

    folder = named(folder)
    if Path(folder).is_file():
        steps = f"Onu kars-xl check {folder} denetler; bütün formlar için klasörünü verin."
        raise click.BadParameter(f"“{folder}” bir dosya. {steps}", param_hint="'KLASÖR'")
    desk, refused = open_desk(folder, plan, progress(style))
    if desk is None:
        verdict = as_verdict(stopped(refused, "Bakılamadı"), bad=True, err=True)
        shown = [blocks.Listed(findings=refused, err=True), verdict]
        respond(blocks.Report(command="status", blocks=shown, findings=refused), style)
        return

    def told(found: "Status") -> "blocks.Report":
        """The report on one state, its page written."""
        faults = write_page(html, status_report(found, desk.base, path=folder), found.read) if html else []
        written = [html] if html and not faults else []
        return status_report(found, desk.base, path=folder, told=faults, written=written)

    if not watch:
        found = desk.status(desk.look())
        respond(told(found), style)
        # Without the plan that was named the table is not the one that was asked for.
        if plan is not None and not found.has_plan:
            sys.exit(1)
        return
    is_seen = sys.stdout.isatty()
    with contextlib.suppress(KeyboardInterrupt):
        for found in desk.changes():
            report = told(found)
            clear_progress(style)
            if is_seen and style == "text":
                click.clear()
            say(report, style, line=True)
            if style == "text":
                end = " İzleniyor; bitirmek için Ctrl-C." if is_seen else ""
                click.echo(f"\n{dt.datetime.now():%d.%m.%Y %H:%M:%S} durumu.{end}")
