"""The command status: who has sent, who has not, and what is wrong."""

from __future__ import annotations

import contextlib
import json
import shutil
import sys
from datetime import datetime
from typing import TYPE_CHECKING

import click

from kars_xl.cli.base import FORMAT, TurkishCommand, clear_progress, progress

if TYPE_CHECKING:
    from kars_xl.findings.finding import Finding
    from kars_xl.year.folder.status import Status
    from kars_xl.year.folder.status_job import Desk


@click.command(cls=TurkishCommand, short_help="Kim form gönderdi, kim göndermedi, formlarda ne var, söyler.")
@click.argument("folder", metavar="KLASÖR")
@click.option("--plan", metavar="PLAN.xlsx", help="Plan; verilmezse klasördeki plan kullanılır.")
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
        _say(refused, style)
        sys.exit(1)
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
        _print_json(found, problems, written, watching)
    else:
        _print_text(desk, found, written, watching)
        if problems:
            _say(problems, style)
    return not problems


def _print_json(found: Status, problems: list[Finding], written: str | None, watching: bool) -> None:
    from kars_xl.findings import as_text as report
    from kars_xl.year.folder.status_data import status_data

    extra = {**status_data(found), "written": [written] if written else []}
    data = report.answer("status", (*found.findings, *problems), extra)
    click.echo(json.dumps(data, ensure_ascii=False, indent=None if watching else 1))


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
        click.echo(f"\n{datetime.now():%d.%m.%Y %H:%M:%S} durumu.{end}")


def _say(findings: list[Finding], style: str) -> None:
    from kars_xl.findings import as_text as report

    if style == "json":
        click.echo(json.dumps(report.answer("status", findings), ensure_ascii=False, indent=1))
    else:
        click.echo(report.findings_text(findings), err=True)
