"""What the commands share: their frame in Turkish, the options that all have, progress, and how an answer ends."""

from __future__ import annotations

import gettext
import json
import os
import re
import sys
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kars_xl import __version__
from kars_xl.cli.streams import make_safe, make_utf8

if TYPE_CHECKING:
    from kars_xl.pipeline import Outcome

# click's own words (usage, wrong usage) come in Turkish too, whatever language the computer has.
os.environ["LANGUAGE"] = "tr"
gettext.bindtextdomain(gettext.textdomain(), str(Path(__file__).resolve().parent / "locale"))


def _style(_: click.Context, __: click.Parameter, style: str) -> str:
    if style == "json":
        make_utf8()
    return style


FORMAT = click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    callback=_style,
    help="Yanıtın biçimi; json yalnız standart çıktıya yazılır.",
)
ALL = click.option("--all", "everything", is_flag=True, help="Her türden bulguların tümünü göster.")


# Parameters that are called so are files or folders, which the shell then completes; jobs say themselves what is wrong.
_PATH = re.compile(r"YOL|DOSYA|KAYNAK|KLASÖR|HEDEF|ESKİ|YENİ|LİSTE|\.(?:xlsx|html|pem)\b")
_ANY_PATH = click.Path(readable=False)


class TurkishCommand(click.Command):
    """A command whose usage line is Turkish to the last word, and whose paths the shell can complete."""

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **{"options_metavar": "[SEÇENEKLER]", **settings})
        for parameter in self.params:
            if parameter.type is click.STRING and _PATH.search(parameter.metavar or ""):
                parameter.type = _ANY_PATH


class TurkishGroup(click.Group):
    """A group whose unexpected failures end in two lines and a log file, not in a traceback (exit code 3)."""

    command_class = TurkishCommand

    def main(self, *arguments: Any, **settings: Any) -> Any:
        make_safe()
        return super().main(*arguments, **settings)

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except (click.exceptions.Exit, click.ClickException, click.Abort):
            raise
        except BrokenPipeError:
            raise  # whoever read the answer has read enough; click ends quietly
        except Exception:
            if context.params.get("debug"):
                raise
            click.echo("Beklenmeyen bir hata oluştu. Okunan dosyalar değişmedi; hatadan önce yazılan dosyalar olabilir.", err=True)
            click.echo(_keep_traceback(), err=True)
            context.exit(3)


def _keep_traceback() -> str:
    """Writes the failure that is being handled to a log file; the sentence that says where it is."""
    try:
        with tempfile.NamedTemporaryFile("w", prefix="kars-xl-", suffix=".log", delete=False, encoding="utf-8") as log:
            log.write(f"kars-xl {__version__}\n{sys.argv}\n{traceback.format_exc()}")
    except OSError:
        return "Ayrıntı dosyaya yazılamadı; ekranda görmek için komutu kars-xl --debug ile yineleyin."
    return f"Ayrıntı şu dosyada, lütfen bildirirken ekleyin: {log.name}"


def progress(style: str) -> Callable[[str], None]:
    """Progress goes to stderr, and only where a person looks on."""
    if style == "json" or not sys.stderr.isatty():
        return lambda _: None
    return lambda message: click.echo(f"\r\033[K{message}", nl=False, err=True)


def clear_progress(style: str) -> None:
    """Takes the last progress message away before the answer is printed."""
    if sys.stderr.isatty() and style == "text":
        click.echo("\r\033[K", nl=False, err=True)


def finish(command: str, outcome: Outcome, style: str, everything: bool) -> None:
    """Prints the answer and leaves with its exit code: 0 or, with an error among the findings, 1.

    What is asked for is on stdout: of `check` the findings, of a command that writes what it wrote. Errors that kept
    it from writing are messages: on stderr, where they are seen even if stdout goes to a file.
    """
    from kars_xl.findings import as_text as report

    written = outcome.written
    clear_progress(style)
    if style == "json":
        extra: dict[str, object] = {"written": list(written)} if command == "check" else {}
        if command in ("check", "merge"):
            from kars_xl.reports.revisions.revisions_report import revisions_data

            extra["revisions"] = revisions_data(outcome.revisions)
        if command == "merge":
            extra["output"] = written[0] if written else None
            # Totals without the cells that could not be read would be wrong figures that look right.
            known = outcome.merged is not None and (written or not outcome.failed)
            extra["totals"] = report.totals_of(outcome.merged) if known and outcome.merged else None
        click.echo(json.dumps(report.answer(command, outcome.findings, extra), ensure_ascii=False, indent=1))
    else:
        advice = command != "merge"
        text = report.findings_text(outcome.findings, everything=everything, advice=advice, merged=outcome.merged)
        if text:
            click.echo(text, err=outcome.failed and command != "check")
        if outcome.revisions:
            from kars_xl.reports.revisions.revisions_report import revisions_text

            click.echo(revisions_text(outcome.revisions, everything=everything))
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
