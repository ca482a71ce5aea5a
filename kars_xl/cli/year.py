"""The commands of the working folder: init, collect, status; and guide, what kars-xl says without a command."""

import contextlib
import datetime as dt
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kars_xl.cli.base import FORMAT, PLAN, Progress, TurkishCommand, clear_progress, progress, reported, respond, say
from kars_xl.cli.places import PAGE, named

if TYPE_CHECKING:
    from kars_xl.findings import blocks
    from kars_xl.year.folder.next_step import State, Step
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


@click.command(cls=TurkishCommand, short_help="Sıradaki adımı söyler, istenirse yapar.")
@click.argument("folder", metavar="[KLASÖR]", default=".")
@FORMAT
@click.pass_context
def guide(context: click.Context, folder: str, style: str) -> None:
    """Çalışma klasörüne bakar: ne var, ne eksik, şimdi hangi komut verilmeli. İstenirse komutu hemen çalıştırır.

    Komutsuz yazılan kars-xl de, çift tıklanan kars-xl.exe de bunu yapar.

    \b
    Örnek:
      kars-xl guide 2027"""
    if not Path(folder).is_dir():
        raise click.BadParameter(f"“{folder}” diye bir klasör yok.", param_hint="'KLASÖR'")
    if style == "json":
        say(_report(*_look(Path(folder), "json")), "json")
        return
    try:
        _converse(context, Path(folder))
    finally:
        # A window that a double click opened closes with the program: what it says is read first. Only a command
        # window itself sets PROMPT; where that can't be told, one more Enter does no harm.
        if os.name == "nt" and "PROMPT" not in os.environ and on_terminal():
            click.prompt("Pencereyi kapatmak için Enter", default="", show_default=False, prompt_suffix=" ")


def on_terminal() -> bool:
    """Whether a person reads and can answer."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty()


def _converse(context: click.Context, here: Path) -> None:
    """Step by step, as long as the user says yes and it leads on."""
    done: tuple[str, ...] = ()
    while True:
        state, step = _look(here, "text")
        here = state.folder.root if state else here
        say(_report(state, step), "text")
        # What was done and is still the next step would go round in circles.
        if not step.argv or step.argv == done or not on_terminal() or not _run(context, step):
            return
        done = step.argv
        click.echo()


def _look(here: Path, style: str) -> "tuple[State | None, Step]":
    """The state of the working folder here, None without one, and the next step."""
    from kars_xl.year.folder.next_step import first_step, look, next_step, working_folders

    folders = working_folders(here)
    if not folders:
        return None, first_step(here, dt.date.today().year + 1)
    number = len(folders)
    # The last by name is mostly the newest year.
    if number > 1 and style != "json" and on_terminal():
        for at, folder in enumerate(folders, start=1):
            click.echo(f"  {at}  {folder}")
        number = click.prompt("Hangi klasör", type=click.IntRange(1, number), default=number)
    state = look(folders[number - 1], progress(style))
    clear_progress(style)
    return state, next_step(state)


def _run(context: click.Context, step: "Step") -> bool:
    """Runs the step's command if the user wants it; whether it answered, be it with errors in forms."""
    from kars_xl.base.text import command_line

    answer = click.prompt("Şimdi çalıştırılsın mı? [E/h]", default="E", show_default=False)
    if answer.strip().casefold() not in ("e", "evet"):
        return False
    if step.question:
        step = step.answered(click.prompt(step.question, default="", show_default=False))
        if not step.argv:
            return False
        click.echo(f"Komut: {command_line(step.argv)}")
    click.echo()
    try:
        context.find_root().command.main(args=list(step.argv), prog_name="kars-xl", standalone_mode=True)
    except SystemExit as ended:
        return ended.code in (None, 0, 1)
    return True


def _report(state: "State | None", step: "Step") -> "blocks.Report":
    from kars_xl.base.text import command_line
    from kars_xl.findings import blocks
    from kars_xl.year.folder.next_step import describe

    command = command_line(step.argv) if step.argv else None
    faults = state.plan_faults if state else ()
    next_step = [f"Sıradaki adım: {step.sentence}", *([f"Komut: {command}"] if command else [])]
    parts = [
        blocks.Lines(lines=describe(state).splitlines() if state else []),
        blocks.Listed(findings=faults),
        blocks.Verdict(lines=next_step),
        blocks.Data(key="folder", value=str(state.folder.root) if state else None),
        blocks.Data(key="sentence", value=step.sentence),
        blocks.Data(key="argv", value=step.argv),
        blocks.Data(key="command_line", value=command),
    ]
    return blocks.Report(command="guide", blocks=parts, findings=faults, failed=False)
