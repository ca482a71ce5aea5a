"""The command init: a working folder for a new year."""

from __future__ import annotations

import datetime as dt
import json
import sys

import click

from kars_xl.cli.base import ALL, FORMAT, TurkishCommand, finish, progress


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
    from kars_xl.findings import as_text as report
    from kars_xl.year.folder.init import init as run

    outcome = run(folder, sources, year, next_year=dt.date.today().year + 1, progress=progress(style))
    if style == "text":
        finish("init", outcome, style, everything)
        return
    programme = outcome.merged.programme if outcome.merged else None
    extra: dict[str, object] = {
        "year": programme.year if programme else None,
        "written": list(outcome.written),
        "notes": list(outcome.notes),
    }
    click.echo(json.dumps(report.answer("init", outcome.findings, extra), ensure_ascii=False, indent=1))
    if outcome.failed:
        sys.exit(1)
