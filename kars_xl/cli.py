"""The command line: arguments, streams, exit codes. What a command does stands in pipeline."""

from __future__ import annotations

import gettext
import json
import os
import sys
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kars_xl import __version__

if TYPE_CHECKING:
    from kars_xl.pipeline import Outcome

# click's own words (usage, wrong usage) come in Turkish too, whatever language the computer has.
os.environ["LANGUAGE"] = "tr"
gettext.bindtextdomain(gettext.textdomain(), str(Path(__file__).parent / "locale"))

FORMAT = click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Yanıtın biçimi; json yalnız standart çıktıya yazılır.",
)
ALL = click.option("--all", "everything", is_flag=True, help="Her türden bulguların tümünü göster.")


class TurkishCommand(click.Command):
    """A command whose usage line is Turkish to the last word."""

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **{"options_metavar": "[SEÇENEKLER]", **settings})


class TurkishGroup(click.Group):
    """A group whose unexpected failures end in two lines and a log file, not in a traceback (exit code 3)."""

    command_class = TurkishCommand

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except (click.exceptions.Exit, click.ClickException, click.Abort):
            raise
        except Exception:
            if context.params.get("debug"):
                raise
            with tempfile.NamedTemporaryFile(
                "w", prefix="kars-xl-", suffix=".log", delete=False, encoding="utf-8"
            ) as log:
                log.write(f"kars-xl {__version__}\n{sys.argv}\n{traceback.format_exc()}")
            click.echo("Beklenmeyen bir hata oluştu; hiçbir dosyaya dokunulmadı.", err=True)
            click.echo(f"Ayrıntı şu dosyada, lütfen bildirirken ekleyin: {log.name}", err=True)
            context.exit(3)


@click.group(
    cls=TurkishGroup,
    options_metavar="[SEÇENEKLER]",
    subcommand_metavar="KOMUT …",
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, message="kars-xl %(version)s", help="Sürümü göster.")
@click.option("--debug", is_flag=True, help="Beklenmeyen hatada tam dökümü göster.")
def main(debug: bool) -> None:
    """Belediyelerin yıllık performans programını birim formlarından üretir.

    \b
    Örnek:
      kars-xl merge inputs -o outputs/performans_programi_2024.xlsx
    """


@main.command("import", short_help="Yayımlanmış programdan plan çıkarır.")
@click.argument("source", metavar="KAYNAK")
@click.option("-o", "--output", required=True, metavar="PLAN.xlsx", help="Yazılacak plan çalışma kitabı.")
@ALL
@FORMAT
def import_(source: str, output: str, everything: bool, style: str) -> None:
    """Yayımlanmış bir programı ya da geçen yılın çalışma kitabını okur, plan çalışma kitabına çevirir.

    \b
    Örnek:
      kars-xl import program_2024.txt -o inputs/plan.xlsx
    """
    from kars_xl.pipeline import import_plan

    outcome = import_plan(source, output, progress=_progress(style))
    _finish("import", outcome, style, everything)


@main.command(short_help="Plandan birim formlarını üretir.")
@click.argument("plan", metavar="PLAN.xlsx")
@click.option("-o", "--output", required=True, metavar="KLASÖR", help="Formların yazılacağı klasör.")
@click.option("--filled", is_flag=True, help="Planın kaynağındaki rakamlarla dolu yaz.")
@ALL
@FORMAT
def forms(plan: str, output: str, filled: bool, everything: bool, style: str) -> None:
    """Her harcama birimi için bir form ve Mali Hizmetler'in Tablo 11 formunu yazar.

    \b
    Örnek:
      kars-xl forms inputs/plan.xlsx -o gonderilecek
    """
    from kars_xl.pipeline import make_forms

    outcome = make_forms(plan, output, filled=filled, progress=_progress(style))
    _finish("forms", outcome, style, everything)


@main.command(short_help="Formları denetler; istenirse işaretli kopya ve rapor yazar.")
@click.argument("paths", metavar="YOL...", nargs=-1, required=True)
@click.option("--plan", metavar="PLAN.xlsx", help="Plan; verilmezse klasördeki plan kullanılır.")
@click.option("--latest", is_flag=True, help="Aynı birimin formlarından en yüksek revizyonu al.")
@click.option("--annotate", metavar="KLASÖR", help="Formların, bulguları hücrelerinde gösteren kopyalarını yaz.")
@click.option("--html", metavar="DOSYA.html", help="Bulguları tarayıcıda açılan tek sayfalık rapor olarak yaz.")
@ALL
@FORMAT
def check(
    paths: tuple[str, ...],
    plan: str | None,
    latest: bool,
    annotate: str | None,
    html: str | None,
    everything: bool,
    style: str,
) -> None:
    """Formlardaki hataları ve eksikleri, hücresi ve nasıl düzeltileceğiyle birlikte söyler.

    Formlara dokunulmaz. --annotate ile her formun işaretli bir kopyası, --html ile hepsinin raporu yazılır.

    \b
    Örnek:
      kars-xl check inputs --plan inputs/plan.xlsx
      kars-xl check gelen --annotate isaretli --html rapor.html
    """
    from kars_xl.pipeline import check as run

    options = {"plan": plan, "latest": latest, "annotate": annotate, "html": html}
    outcome = run(paths, progress=_progress(style), **options)  # type: ignore[arg-type]
    _finish("check", outcome, style, everything)


@main.command(short_help="Formları birleştirip resmî çalışma kitabını yazar.")
@click.argument("paths", metavar="KLASÖR...", nargs=-1, required=True)
@click.option("-o", "--output", required=True, metavar="ÇIKTI.xlsx", help="Yazılacak resmî çalışma kitabı.")
@click.option("--plan", metavar="PLAN.xlsx", help="Plan; verilmezse klasördeki plan kullanılır.")
@click.option("--template", metavar="ŞABLON.xlsx", help="Kendi şablonunuz; verilmezse kurulu resmî şablon.")
@click.option("--draft", is_flag=True, help="Hata olsa da TASLAK olarak yaz.")
@click.option("--latest", is_flag=True, help="Aynı birimin formlarından en yüksek revizyonu al.")
@ALL
@FORMAT
def merge(
    paths: tuple[str, ...],
    output: str,
    plan: str | None,
    template: str | None,
    draft: bool,
    latest: bool,
    everything: bool,
    style: str,
) -> None:
    """Klasördeki formları denetler, birleştirir ve canlı formüllü resmî çalışma kitabını yazar.

    Bir hata varsa hiçbir şey yazılmaz ve bütün bulgular birden söylenir.

    \b
    Örnek:
      kars-xl merge inputs -o outputs/performans_programi_2024.xlsx
    """
    from kars_xl.pipeline import merge as run

    options = {"plan": plan, "template": template, "draft": draft, "latest": latest}
    outcome = run(paths, output, progress=_progress(style), **options)  # type: ignore[arg-type]
    _finish("merge", outcome, style, everything)


def _progress(style: str) -> Callable[[str], None]:
    """Progress goes to stderr, and only where a person looks on."""
    if style == "json" or not sys.stderr.isatty():
        return lambda _: None
    return lambda message: click.echo(f"\r\033[K{message}", nl=False, err=True)


def _finish(command: str, outcome: Outcome, style: str, everything: bool) -> None:
    """Prints the answer and leaves with its exit code: 0 or, with an error among the findings, 1."""
    from kars_xl import report

    written = outcome.written
    if sys.stderr.isatty() and style == "text":
        click.echo("\r\033[K", nl=False, err=True)
    if style == "json":
        extra: dict[str, object] = {"written": list(written)} if command == "check" else {}
        if command == "merge":
            extra["output"] = written[0] if written else None
            # Totals without the cells that could not be read would be wrong figures that look right.
            known = outcome.merged is not None and (written or not outcome.failed)
            extra["totals"] = report.totals_of(outcome.merged) if known and outcome.merged else None
        click.echo(json.dumps(report.answer(command, outcome.findings, extra), ensure_ascii=False, indent=1))
    else:
        text = report.findings_text(outcome.findings, everything=everything, advice=command != "merge")
        if text:
            click.echo(text, err=outcome.failed)
        if outcome.merged is not None and command in ("merge", "check"):
            click.echo(report.summary_text(outcome.merged, sums=not outcome.failed) + "\n")
        click.echo(report.count_line(outcome.findings))
        if outcome.notes:
            click.echo("\n".join(outcome.notes))
        elif len(written) == 1:
            click.echo(f"Yazıldı: {written[0]}")
        elif written:
            click.echo(f"{len(written)} dosya yazıldı: {Path(written[0]).parent}")
        elif command != "check":
            click.echo("Hiçbir dosya yazılmadı.", err=True)
    # A draft was asked for in spite of its errors, but they are still there.
    if outcome.failed:
        sys.exit(1)
