"""The commands of the working folder: init, collect, status."""

from __future__ import annotations

import contextlib
import datetime as dt
import shutil
import sys
from typing import TYPE_CHECKING

import click

from kars_xl.cli.base import (
    ALL,
    FORMAT,
    PLAN,
    TurkishCommand,
    clear_progress,
    finish,
    print_json,
    progress,
    respond,
    say_findings,
)

if TYPE_CHECKING:
    from kars_xl.year.folder.status import Status
    from kars_xl.year.folder.status_job import Desk


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
@ALL
@FORMAT
def init(folder: str, sources: tuple[str, ...], year: int | None, everything: bool, style: str) -> None:
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
    from kars_xl.year.folder.init import init as run

    outcome = run(folder, sources, year, next_year=dt.date.today().year + 1, progress=progress(style))
    finish("init", outcome, style, everything)


@click.command(cls=TurkishCommand, short_help="Posta kutusundaki formları çalışma klasörüne toplar.")
@click.argument("paths", metavar="KAYNAK...", nargs=-1, required=True)
@click.option(
    "-o", "--output", required=True, metavar="KLASÖR", help="Çalışma klasörü; formlar içindeki inputs'a konur."
)
@click.option("--plan", metavar="PLAN.xlsx", help="Plan; verilmezse çalışma klasöründeki plan kullanılır.")
@ALL
@FORMAT
def collect(paths: tuple[str, ...], output: str, plan: str | None, everything: bool, style: str) -> None:
    """İletilere ekli birim formlarını bulur, birim ve revizyon numarasına göre adlandırıp çalışma klasörüne koyar.

    KAYNAK: .eml ya da .msg dosyaları, bunların klasörü, mbox, Maildir, .zip ya da düz bir form klasörü. Kaynağa ve
    klasörde duran formlara dokunulmaz; komut yinelenirse aynı form ikinci kez alınmaz. Form olmayan ekler nedeniyle
    birlikte raporda yazar.

    \b
    Örnek:
      kars-xl collect gelen_kutusu.mbox -o 2025
      kars-xl collect iletiler -o 2025 --format json
    """
    from kars_xl.findings.as_text import count_line
    from kars_xl.year.collect.job import collect as run
    from kars_xl.year.collect.show import report_json, report_text

    collected = run(paths, output, plan=plan, progress=progress(style))

    def say() -> None:
        if collected.messages:
            click.echo(report_text(collected))
        say_findings(collected.findings, everything, err=collected.failed)
        click.echo(count_line(collected.findings))

    respond("collect", style, collected.findings, lambda: report_json(collected), say)


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
    from kars_xl.year.folder.status_job import open_desk

    desk, refused = open_desk(folder, plan, progress(style))
    if desk is None:
        respond("status", style, refused, dict, lambda: say_findings(refused, False, err=True))
        return
    if watch:
        with contextlib.suppress(KeyboardInterrupt):
            for found in desk.changes():
                _answer(desk, found, style, html, watching=True)
        return
    found = desk.status(desk.look())
    written = _answer(desk, found, style, html)
    # Without the plan that was named the table is not the one that was asked for.
    if not written or (plan is not None and not found.has_plan):
        sys.exit(1)


def _answer(desk: Desk, found: Status, style: str, html: str | None, *, watching: bool = False) -> bool:
    """Prints one state and writes its page; False where the page can't be written."""
    from kars_xl.year.folder.status_job import write_status_page

    problems = write_status_page(found, desk.base, html) if html else []
    written = html if not problems else None
    clear_progress(style)
    if style == "json":
        from kars_xl.year.folder.status_job import status_data

        data = {**status_data(found), "written": [written] if written else []}
        print_json("status", (*found.findings, *problems), data, indent=None if watching else 1)
    else:
        _print_text(desk, found, written, watching)
        say_findings(problems, False, err=True)
    return not problems


def _print_text(desk: Desk, found: Status, written: str | None, watching: bool) -> None:
    from kars_xl.year.folder.status_text import status_text

    on_terminal = sys.stdout.isatty()
    # A line as long as the terminal is wide would be followed by a blank one in some.
    width = shutil.get_terminal_size((101, 40)).columns - 1
    text = status_text(found, desk.base, width)
    if watching and on_terminal:
        click.clear()
    click.echo(text)
    if written:
        click.echo(f"Sayfa yazıldı: {written}")
    if watching:
        end = " İzleniyor; bitirmek için Ctrl-C." if on_terminal else ""
        click.echo(f"\n{dt.datetime.now():%d.%m.%Y %H:%M:%S} durumu.{end}")
