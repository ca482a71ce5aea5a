"""What people name: a working folder stands for whatever of it a command needs, a name without an ending gets one."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click


def named(path: str | None) -> str:
    """`path`; without one the folder one stands in, or the one working folder right below it."""
    from kars_xl.year.folder.next_step import working_folders

    if path:
        return path
    found = working_folders(Path())
    if len(found) > 1:
        names = ", ".join(map(str, found))
        raise click.UsageError(f"Burada birden çok çalışma klasörü var: {names}. Hangisi, komuttan sonra yazın.")
    return str(found[0] if found else Path())


def forms_of(paths: tuple[str, ...]) -> list[str]:
    """Of a working folder the forms that came back, which is said: its blank forms and outputs are none of them."""
    return [_part(path, Path(path, "inputs")) for path in paths or (named(None),)]


def plan_of(path: str | None) -> str:
    """Of a working folder its plan."""
    from kars_xl.year.folder.folder import Folder

    given = named(path)
    return str(Folder.of(given).plan or Path(given, "plan.xlsx")) if Path(given).is_dir() else given


def workbook_of(path: str | None, *, forms: bool = False) -> str:
    """Of a working folder the official workbook in it; where `forms` will do and there is none, those."""
    from kars_xl.year.folder.folder import Folder
    from kars_xl.year.mail.final import find_workbooks

    given = named(path)
    if not Path(given, "inputs").is_dir():
        return given
    found = find_workbooks(Folder(Path(given)))
    if not found and forms:
        return _part(given, Path(given, "inputs"))
    if len(found) != 1:
        outputs, names = Folder(Path(given)).outputs, ", ".join(map(str, found))
        reason = f"birden çok kitap var, birini yazın: {names}" if found else "kars-xl'in yazdığı kitap yok"
        raise click.UsageError(f"{outputs}: {reason}." + ("" if found else f" Önce birleştirin: kars-xl merge {given}"))
    return _part(given, found[0])


def _part(path: str, inside: Path) -> str:
    if not Path(path, "inputs").is_dir():
        return path
    click.echo(f"“{path}” bir çalışma klasörü; içindeki {inside} okunuyor.", err=True)
    return str(inside)


def ending(suffix: str) -> Callable[[click.Context, click.Parameter, Any], Any]:
    """For an option that names a file to be written: the ending that it lacks. Another one is not mended."""

    def mend(_: click.Context, __: click.Parameter, name: str | None) -> str | None:
        return f"{name}{suffix}" if name and not Path(name).suffix and not Path(name).is_dir() else name

    return mend


PAGE = click.option(
    "--html", metavar="DOSYA.html", callback=ending(".html"), help="Tarayıcıda açılan tek sayfa olarak da yaz."
)
