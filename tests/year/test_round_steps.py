"""Which letters a step of the round waits for: those of its own kind, and since what they are about was written."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest

from kars_xl.base.file_names import FINANCE_FORM
from kars_xl.reports.units import FINANCE
from kars_xl.year.folder.folder import Sent, append
from kars_xl.year.folder.next_step import look, next_step
from tests.helpers.form_files import FEN_FILE

KINDS = {"forms": "form", "findings": "bulgu", "reminders": "hatirlatma", "final": "program"}


def log(folder: Path, kind: str, hours: float) -> None:
    at = dt.datetime.now().astimezone() + dt.timedelta(hours=hours)
    append(folder / "mail" / "gonderim.jsonl", Sent(at.isoformat(), kind, "Birim", "a@b.tr", f"<{at}>"))


@pytest.mark.parametrize("kind", ["forms", "findings", "reminders", "final"])
@pytest.mark.parametrize("drafted", [True, False])
def test_a_letter_counts_for_its_own_kind_alone(folder: Path, kind: str, drafted: bool) -> None:
    if drafted:
        (folder / "mail").mkdir()
        (folder / "mail" / f"{KINDS[kind]}_birim.eml").write_bytes(b"To: a@b.tr\n\n")
    else:
        log(folder, kind, 0)
    assert look(folder).mailed is (kind == "forms")


def test_findings_are_mailed_when_the_faulty_form_is_older(folder: Path, inputs: Path) -> None:
    (folder / "inputs" / FEN_FILE).write_bytes((inputs / FEN_FILE).read_bytes()[:1000])
    log(folder, "findings", -1)
    assert not look(folder).findings_mailed
    log(folder, "findings", 0)
    # A good form that comes later, or the same copies marked anew, make no new letter.
    shutil.copy(inputs / "zabita_mudurlugu.xlsx", folder / "inputs")
    (folder / "annotated").mkdir()
    (folder / "annotated" / FEN_FILE).write_bytes(b"")
    state = look(folder)
    assert (state.faulty, state.findings_mailed) == ((FEN_FILE,), True)
    assert next_step(state).argv[0] == "collect"


def test_nobody_is_reminded_twice_a_day(folder: Path, inputs: Path) -> None:
    shutil.copy(inputs / FEN_FILE, folder / "inputs")
    log(folder, "reminders", -24)
    assert next_step(look(folder)).argv[:2] == ("mail", "reminders")
    midnight = dt.datetime.now().astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
    append(folder / "mail" / "gonderim.jsonl", Sent(midnight.isoformat(), "reminders", "Birim", "a@b.tr", "<bugün>"))
    assert next_step(look(folder)).argv[0] == "collect"


def test_tablo_11_alone_is_the_offices_own_to_fill(folder: Path, inputs: Path) -> None:
    for form in inputs.glob("*_mudurlugu.xlsx"):
        shutil.copy(form, folder / "inputs")
    state = look(folder)
    assert state.missing == (FINANCE,)
    step = next_step(state)
    assert step.argv == ()
    assert str(folder / "forms" / FINANCE_FORM) in step.sentence
    shutil.copy(inputs / FINANCE_FORM, folder / "inputs")
    assert next_step(look(folder)).argv[0] == "merge"
