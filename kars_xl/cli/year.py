"""The commands of the working folder: init, collect, status."""

from __future__ import annotations

import contextlib
import datetime as dt
import sys
from typing import TYPE_CHECKING

import click

from kars_xl.cli.base import (
    FORMAT,
    PLAN,
    Progress,
    TurkishCommand,
    clear_progress,
    progress,
    reported,
    respond,
    say,
)

if TYPE_CHECKING:
    from kars_xl.findings import blocks
    from kars_xl.findings.finding import Finding
    from kars_xl.year.folder.desk import Desk
    from kars_xl.year.folder.status import Status


@click.command(cls=TurkishCommand, short_help="Yeni yıl için çalışma klasörü kurar.")
@click.argument("folder", metavar="KLASÖR")
@click.option(
    "--from",
    "sources",
    multiple=True,
    metavar="KAYNAK",
    help="Geçen yılın çalışma kitabı, yayımlanmış programı, planı ya da çalışma klasörü; programın yanında planı da "
    "verilebilir.",
)
@click.option("--year", type=click.IntRange(2000, 2099), metavar="YIL", help="Program yılı; verilmezse sonraki yıl.")
@reported
def init(folder: str, sources: tuple[str, ...], year: int | None, progress: Progress) -> blocks.Report:
    """Yeni yılın çalışma klasörünü kurar: düzenlenmeye hazır plan ve ne yapılacağını anlatan OKUBENİ.txt.

    --from verilirse geçen yılın programı yeni yıla aktarılır: hedefler, göstergeler, faaliyetler, birimler ve genel
    tabloların satırları kalır, her gösterge değeri kendi yılında kalır; program yılının değerleri, maliyetler ve
    Tablo 11 boşalır. E-posta adresleri, idarenin adresi ve üst yöneticisi yalnız planda vardır: geçen yılın planını da
    --from ile verin. Var olan hiçbir dosyanın üzerine yazılmaz.

    \b
    Örnek:
      kars-xl init 2027 --from program_2026.xlsx --from plan_2026.xlsx
      kars-xl init 2027 --year 2027
    """
    from kars_xl.reports.answer import answer
    from kars_xl.year.folder.init import init as run

    outcome = run(folder, sources, year, next_year=dt.date.today().year + 1, progress=progress)
    return answer("init", outcome)


@click.command(cls=TurkishCommand, short_help="Posta kutusundaki formları çalışma klasörüne toplar.")
@click.argument("paths", metavar="KAYNAK...", nargs=-1, required=True)
@click.option(
    "-o", "--output", required=True, metavar="KLASÖR", help="Çalışma klasörü; formlar içindeki inputs'a konur."
)
@click.option("--plan", metavar="PLAN.xlsx", help="Plan; verilmezse çalışma klasöründeki plan kullanılır.")
@reported
def collect(paths: tuple[str, ...], output: str, plan: str | None, progress: Progress) -> blocks.Report:
    """İletilere ekli birim formlarını bulur, birim ve revizyon numarasına göre adlandırıp çalışma klasörüne koyar.

    KAYNAK: .eml ya da .msg dosyaları, bunların klasörü, mbox, Maildir, .zip ya da düz bir form klasörü. Kaynağa ve
    klasörde duran formlara dokunulmaz; komut yinelenirse aynı form ikinci kez alınmaz. Form olmayan ekler nedeniyle
    birlikte raporda yazar.

    \b
    Örnek:
      kars-xl collect gelen_kutusu.mbox -o 2025
      kars-xl collect iletiler -o 2025 --format json
    """
    from kars_xl.year.collect.job import collect as run
    from kars_xl.year.collect.job import collect_report

    return collect_report(run(paths, output, plan=plan, progress=progress))


@click.command(cls=TurkishCommand, short_help="Kim form gönderdi, kim göndermedi, formlarda ne var, söyler.")
@click.argument("folder", metavar="KLASÖR")
@PLAN
@click.option("--watch", is_flag=True, help="Klasörü izle, yeni form geldikçe yenile (bitirmek için Ctrl-C).")
@click.option("--html", metavar="DOSYA.html", help="Tabloyu tarayıcıda açılan sayfa olarak da yaz.")
@FORMAT
def status(folder: str, plan: str | None, watch: bool, html: str | None, style: str) -> None:
    """Birim birim: form geldi mi, ne zaman, hangi revizyon, kaç bulgu var, kaç faaliyet dolduruldu, tutarı ne.

    KLASÖR yılın çalışma klasörü ya da gelen formların klasörüdür. Plan yoksa yalnız form gönderen birimler görünür.
    Bir birimin en yüksek revizyonu sayılır. Bozuk bir dosya öbürlerinin görülmesini engellemez; formlardaki hatalar
    sayılır ama komutu başarısız yapmaz (onun için kars-xl check). Klasör ya da verilen plan yoksa sonuç 1'dir.

    --watch ile --format json her değişiklikte tek satırlık bir yanıt yazar.

    \b
    Örnek:
      kars-xl status 2027
      kars-xl status 2027 --watch --html durum.html
    """
    from kars_xl.findings import blocks
    from kars_xl.year.folder.desk import open_desk

    desk, refused = open_desk(folder, plan, progress(style))
    if desk is None:
        respond(
            blocks.Report(command="status", blocks=[blocks.Listed(findings=refused, err=True)], findings=refused), style
        )
        return
    if watch:
        with contextlib.suppress(KeyboardInterrupt):
            for found in desk.changes():
                _answer(desk, found, style, html, watching=True)
        return
    found = desk.status(desk.look())
    failed = _answer(desk, found, style, html)
    # Without the plan that was named the table is not the one that was asked for.
    if failed or (plan is not None and not found.has_plan):
        sys.exit(1)


def _answer(desk: Desk, found: Status, style: str, html: str | None, *, watching: bool = False) -> bool:
    """Prints one state and writes its page; whether that can't be written."""
    from kars_xl.year.folder.status_report import status_report

    told: list[Finding] = []
    if html:
        from kars_xl.findings.as_page import write_page

        told = write_page(html, status_report(found, desk.base))
    report = status_report(found, desk.base, told=told, written=[html] if html and not told else [])
    on_terminal = sys.stdout.isatty()
    clear_progress(style)
    if watching and on_terminal and style == "text":
        click.clear()
    say(report, style, line=watching)
    if watching and style == "text":
        end = " İzleniyor; bitirmek için Ctrl-C." if on_terminal else ""
        click.echo(f"\n{dt.datetime.now():%d.%m.%Y %H:%M:%S} durumu.{end}")
    return report.has_failed
