"""The year that docs/kilavuz.md tells: its commands are run for real, in a folder of their own, and their output kept.

Kars's published programme of 2024 is last year's; the figures of the new year are those of the old one, one year on.
"""

import contextlib
import datetime as dt
import os
import shlex
import time
from collections.abc import Iterator, Mapping
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Self
from unittest import mock

import openpyxl
from click.testing import CliRunner
from msgspec.structs import replace

from kars_xl.base.file_names import FINANCE_FORM, file_stem
from kars_xl.cli import main
from kars_xl.findings.finding import Merged
from kars_xl.model.programme import Indicator, Programme, Target
from kars_xl.pipeline import check_forms, merge
from kars_xl.reading.files import read_files
from kars_xl.workbook.nodes.programme import form_trees, programme_tree
from kars_xl.workbook.render import FINANCE_TEMPLATE, FORM_TEMPLATE, render, template_path
from kars_xl.year.folder.roll_over import with_known

INPUTS = Path(__file__).resolve().parent.parent / "inputs"
YEAR = 2025
LATE, WRONG = "Fen İşleri Müdürlüğü", "Zabıta Müdürlüğü"
# What a clerk did to the form's sheet PH 5.2: the letter O for a zero, words in a number's cell, an activity left out.
MISTAKES = {"C38": "45O.000", "C59": "3.000.000,00 TL"} | {f"C{row}": None for row in (*range(78, 86), *range(87, 90))}
MENDED = {"C80": 5_000_000}
_ISTANBUL = dt.timezone(dt.timedelta(hours=3))


@contextlib.contextmanager
def office(folder: Path) -> Iterator[None]:
    """Makes `folder`, which is empty, the finance office's desk: last year's programme and plan lie there."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        with mock.patch.dict(os.environ, TZ="Europe/Istanbul", COLUMNS="101"):
            time.tzset()
            _last_year()
            yield
    finally:
        time.tzset()
        os.chdir(before)


def run(command: str, today: dt.date) -> str:
    """What the user of "kars-xl status 2025" sees; a deadline must lie ahead of `today`."""
    program, *arguments = shlex.split(command)
    assert program == "kars-xl", command

    class Day(dt.date):
        @classmethod
        def today(cls) -> Self:
            return cls(today.year, today.month, today.day)

    with mock.patch("kars_xl.cli.mail.dt.date", Day):
        result = CliRunner().invoke(main, arguments, prog_name=program, catch_exceptions=False)
    assert result.exit_code in (0, 1), result.output
    return result.output


def _last_year() -> None:
    """The programme of 2024 and its plan, in which the units have their addresses."""
    if merge([str(INPUTS)], "program_2024.xlsx").failed:
        raise SystemExit("inputs birleştirilemedi")
    book = openpyxl.load_workbook(INPUTS / "plan.xlsx")
    for name, address in book["Birimler"].iter_rows(min_row=2, max_col=2):
        address.value = _address(str(name.value))
    book.save("plan_2024.xlsx")


def _address(unit: str) -> str:
    return f"{file_stem(unit).removesuffix('_mudurlugu').removesuffix('_isleri')}@ornek.bel.tr"


def forms_come() -> None:
    """All units send their forms back, but one; in one form there are mistakes."""
    for number, (unit, form) in enumerate(_filled_forms(0)):
        if unit == WRONG:
            _set(form, MISTAKES)
        if unit != LATE:
            _letter(Path("gelen"), unit, form, 4, number)


def mended_forms_come() -> None:
    """The late form comes, and the mended one, with its next revision number."""
    for number, (unit, form) in enumerate(_filled_forms(1)):
        if unit == WRONG:
            _set(form, MENDED)
        if unit in (LATE, WRONG):
            _letter(Path("gelen_2"), unit, form, 11, number)


def council() -> None:
    """The list of those who get the programme."""
    Path("encumen.txt").write_text("baskan@ornek.bel.tr\nencumen@ornek.bel.tr\n", encoding="utf-8")


def _filled_forms(revision: int) -> Iterator[tuple[str, Path]]:
    """The forms of the new year as the units fill them, with the unit's name."""
    merged, programme = _new_year()
    kimlik = {"revizyon": revision, "dolduran": "Ayşe Yıldız"}
    folder = Path(f"doldurulan_{revision}")
    for unit, tree in form_trees(programme, merged.contributions, filled=True):
        tree.fields = {**tree.fields, **kimlik}
        form = folder / f"{file_stem(unit.name)}.xlsx"
        assert not render(template_path(FORM_TEMPLATE), tree, str(form))
        yield unit.name, form
    unit_fields = {"birim": {"ad": "Mali Hizmetler", "eposta": ""}}
    tree = programme_tree(programme, extra={**unit_fields, **kimlik})
    assert not render(template_path(FINANCE_TEMPLATE), tree, str(folder / FINANCE_FORM))
    yield "Mali Hizmetler Müdürlüğü", folder / FINANCE_FORM


def _new_year() -> tuple[Merged, Programme]:
    """Last year's forms, and the new year's programme with last year's figures in it."""
    merged = check_forms(read_files([str(INPUTS)])).merged
    plan = read_files([], f"{YEAR}/inputs/plan.xlsx").plan
    assert merged is not None
    assert plan is not None
    targets = tuple(map(_one_year_on, merged.programme.targets))
    programme = replace(merged.programme, year=YEAR, targets=targets, past=plan.programme.past)
    return merged, with_known(programme, plan.programme)


def _one_year_on(target: Target) -> Target:
    def moved(item: Indicator) -> Indicator:
        return replace(item, values=(item.values[1], item.values[2], item.values[2]))

    return replace(target, indicators=tuple(map(moved, target.indicators)))


def _set(form: Path, values: Mapping[str, object]) -> None:
    book = openpyxl.load_workbook(form)
    for cell, value in values.items():
        book["PH 5.2"][cell].value = value
    book.save(form)


def _letter(box: Path, unit: str, form: Path, day: int, number: int) -> None:
    """The form as it arrives in November: a message with an attachment, saved by the mail program."""
    box.mkdir(exist_ok=True)
    message = EmailMessage()
    message["From"], message["To"] = _address(unit), "program@ornek.bel.tr"
    message["Subject"] = "Performans programı formumuz"
    moment = dt.datetime(YEAR - 1, 11, day, 9, tzinfo=_ISTANBUL) + dt.timedelta(minutes=11 * number)
    message["Date"] = format_datetime(moment)
    message.set_content("Formumuz ektedir.\n")
    message.add_attachment(form.read_bytes(), maintype="application", subtype="octet-stream", filename=form.name)
    (box / f"{form.stem}.eml").write_bytes(message.as_bytes())
