"""Follows one amount and one finding through the package at run time, and lists the files that they pass.

Run from the top of the repository: python tools/follow.py

A file is passed where one of its functions, when it ends, has the thing in a variable or as its result: the amount
itself (in TL or kuruş, as number or text), or an object with it among its fields; the finding itself. Who only hands on
a container (a whole document, programme or list of findings) does not have it. The amount is one that stands nowhere
else, typed into a form and followed to the official workbook; the finding is what an unreadable amount in that cell
comes to, followed from where it is made to the console, the page of `check --html` and the marked copy.
"""

import contextlib
import io
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from types import FrameType

from msgspec import Struct

REPOSITORY = Path(__file__).resolve().parent.parent
PACKAGE = str(REPOSITORY / "kars_xl") + "/"
FORM, SHEET, CELL = "fen_isleri_mudurlugu.xlsx", 2, "C38"
TL = Decimal("15123457.91")
WANTED = (TL, float(TL), int(TL * 100), str(TL), str(int(TL * 100)), "15.123.457,91")
Passed = dict[str, None]


def fields(thing: object) -> Iterator[object]:
    """The values of an object's own fields, those of a small record within it too; nothing for a container."""
    if isinstance(thing, tuple) and hasattr(thing, "_fields"):
        yield from thing
    elif isinstance(thing, Struct):
        yield from (getattr(thing, name, None) for name in thing.__struct_fields__)


def is_amount(thing: object) -> bool:
    if isinstance(thing, int | float | Decimal | str):
        return thing in WANTED
    return any(isinstance(part, int | float | Decimal | str) and part in WANTED for part in fields(thing))


def followed(job: Callable[[], object], has: Callable[[object], bool]) -> Passed:
    """The files of the package that have it, in the order in which they first did."""
    passed: Passed = {}

    def at_end(frame: FrameType, event: str, value: object) -> object:
        if event == "return":
            held = (value, *frame.f_locals.values())
            if any(map(has, held)):
                passed[frame.f_code.co_filename.removeprefix(PACKAGE)] = None
        return at_end

    def at_call(frame: FrameType, event: str, value: object) -> object:
        if not frame.f_code.co_filename.startswith(PACKAGE):
            return None
        frame.f_trace_lines = False
        return at_end

    with contextlib.redirect_stdout(said := io.StringIO()), contextlib.redirect_stderr(said):
        sys.settrace(at_call)  # type: ignore[arg-type]
        try:
            job()
        except SystemExit:
            pass
        finally:
            sys.settrace(None)
    return passed


def typed(folder: Path, value: object) -> None:
    """The real forms in `folder`, with `value` in one cell."""
    import openpyxl

    shutil.copytree(REPOSITORY / "inputs", folder)
    book = openpyxl.load_workbook(folder / FORM)
    book.worksheets[SHEET][CELL] = value
    book.save(folder / FORM)


def amount(folder: Path) -> Passed:
    """From the form's cell to the official cell."""
    from kars_xl.cli import main

    typed(folder / "forms", float(TL))
    target = str(folder / "program.xlsx")
    passed = followed(lambda: main(["merge", str(folder / "forms"), "-o", target], standalone_mode=False), is_amount)
    if not Path(target).exists():
        raise SystemExit("the forms were not merged")
    return passed


def finding(folder: Path) -> Passed:
    """From its check to console, page and marked copy."""
    from kars_xl.cli import main
    from kars_xl.findings.finding import Finding

    typed(folder / "spoiled", "15 milyon")

    def is_it(thing: object) -> bool:
        return isinstance(thing, Finding) and thing.code == "KX103" and thing.place.cell == CELL

    options = ["--annotate", str(folder / "marked"), "--html", str(folder / "page.html")]
    passed = followed(lambda: main(["check", str(folder / "spoiled"), *options], standalone_mode=False), is_it)
    if not (folder / "page.html").exists():
        raise SystemExit("no page was written")
    return passed


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="kars-xl-follow-") as scratch:
        for title, follow in (("An amount", amount), ("A finding", finding)):
            passed = follow(Path(scratch))
            print(f"{title}: {len(passed)} files")
            for file in passed:
                print(f"  {file}")


if __name__ == "__main__":
    main()
