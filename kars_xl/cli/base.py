"""What the commands share: their frame in Turkish, the options that all have, progress, and how an answer ends."""

import codecs
import gettext
import io
import os
import re
import shutil
import sys
import unicodedata
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from kars_xl.findings import blocks

Progress = Callable[[str], None]
_HANDLER = "kars-xl"
# Parameters that are called so are files or folders, which the shell then completes; jobs say themselves what is wrong.
_PATH = re.compile(r"YOL|DOSYA|KAYNAK|KLASÖR|HEDEF|ESKİ|YENİ|LİSTE|\.(?:xlsx|html|pem)\b")
# A sign and what stands for it.
_PAIRS = """
→-> ➜=> ⇐<= ←<- ⇄<-> ▸> ►> ◄< •* ▪* ·. “" ”" ‘' ’' «" »" –- —- −- ⁄/ ×x ₺TL €EUR ✓+ ✗x █# ■# ░. ─-
│| ├| └` ıi"""
_NEAREST = str.maketrans({pair[0]: pair[1:] for pair in _PAIRS.split()})

# click's own words (usage, wrong usage) come in Turkish too, whatever language the computer has.
os.environ["LANGUAGE"] = "tr"
gettext.bindtextdomain(gettext.textdomain(), str(Path(__file__).resolve().parent / "locale"))


def _style(_: click.Context, __: click.Parameter, style: str) -> str:
    # JSON must be UTF-8, even where a code page is the rule.
    if style == "json" and isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors=_HANDLER)
    return style


_STYLES, _SHOWN = click.Choice(["text", "json"]), "Yanıtın biçimi; json yalnız standart çıktıya yazılır."
FORMAT = click.option(
    "--format", "style", type=_STYLES, default="text", show_default=True, callback=_style, help=_SHOWN
)
HELP = {"help_option_names": ["-h", "--help"]}
ALL = click.option("--all", "everything", is_flag=True, help="Her türden bulguların tümünü göster.")
PLAN = click.option("--plan", metavar="PLAN.xlsx", help="Plan; verilmezse klasördeki plan kullanılır.")
_LATEST = "Aynı birimin formlarından en yüksek revizyonu (kural) ya da bütün formlarını al."
LATEST = click.option("--latest/--all-revisions", default=True, help=_LATEST)


class TurkishCommand(click.Command):
    """A command whose usage line is Turkish to the last word, and whose paths the shell can complete."""

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        # click keeps the first help option it makes, also of a context without the program above it, as the panel's.
        super().__init__(*arguments, **{"options_metavar": "[SEÇENEKLER]", "context_settings": HELP, **settings})
        for parameter in self.params:
            if parameter.type is click.STRING and _PATH.search(parameter.metavar or ""):
                parameter.type = click.Path(readable=False)


class TurkishGroup(click.Group):
    """A group whose unexpected failures end in two lines and a log file, not in a traceback (exit code 3)."""

    def main(self, *arguments: Any, **settings: Any) -> Any:
        # Standard output and error never fail on a character.
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors=_HANDLER)
        return super().main(*arguments, **settings)

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except (click.exceptions.Exit, click.ClickException, click.Abort, BrokenPipeError):
            raise  # of a broken pipe: whoever read the answer has read enough; click ends quietly
        except Exception:
            if context.params.get("debug"):
                raise
            from kars_xl.base.failure import unexpected

            click.echo("\n".join(unexpected()), err=True)
            if is_double_clicked():
                click.prompt("Pencereyi kapatmak için Enter", default="", show_default=False, prompt_suffix=" ")
            context.exit(3)


def on_terminal() -> bool:
    """Whether a person reads and can answer."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty()


def is_double_clicked() -> bool:
    """Whether the window is the program's own, and closes with it. Only a command window itself sets PROMPT."""
    return os.name == "nt" and "PROMPT" not in os.environ and on_terminal()


def progress(style: str) -> Progress:
    """Progress goes to stderr, and only where a person looks on."""
    if style == "json" or not sys.stderr.isatty():
        return lambda _: None
    return lambda message: click.echo(f"\r\033[K{message}", nl=False, err=True)


def clear_progress(style: str) -> None:
    """Takes the last progress message away before the answer is printed."""
    if sys.stderr.isatty() and style == "text":
        click.echo("\r\033[K", nl=False, err=True)


def reported(command: "Callable[..., blocks.Report]") -> Callable[..., None]:
    """Gives the command `progress` and the options --all and --format, and prints the report that it returns."""

    @ALL
    @FORMAT
    @wraps(command)
    def run(everything: bool, style: str, **parameters: Any) -> None:
        respond(command(progress=progress(style), **parameters), style, everything)

    return run


def respond(report: "blocks.Report", style: str, everything: bool = False) -> None:
    """Prints a report, messages on stderr, and leaves with 1 where it has failed."""
    clear_progress(style)
    say(report, style, everything)
    if report.has_failed:
        sys.exit(1)


def say(report: "blocks.Report", style: str, everything: bool = False, *, line: bool = False) -> None:
    """Prints a report; `line`: as one line of JSON."""
    if style == "json":
        import json

        from kars_xl.findings.blocks import as_json

        click.echo(json.dumps(as_json(report), ensure_ascii=False, indent=None if line else 1))
        return
    from kars_xl.findings.as_text import as_text

    # A line as long as the terminal is wide would be followed by a blank one in some.
    for err, text in as_text(report, everything=everything, width=shutil.get_terminal_size((101, 40)).columns - 1):
        click.echo(text, err=err)


def nearest(text: str) -> str:
    """`text` in ASCII: signs that look alike, letters without their marks, anything else by its number."""
    found = unicodedata.normalize("NFKD", text.translate(_NEAREST)).translate(_NEAREST)
    bare = (ord(letter) for letter in found if not unicodedata.combining(letter))
    return "".join(chr(it) if it < 128 else f"\\u{it:04x}" if it < 0x10000 else f"\\U{it:08x}" for it in bare)


def _replace(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)
    return nearest(error.object[error.start : error.end]), error.end


codecs.register_error(_HANDLER, _replace)
