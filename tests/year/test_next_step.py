"""kars-xl without a command: what is here, what is missing, what to run; followed from the plan to the last letter."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path

import openpyxl
import pytest
from msgspec.structs import replace

from kars_xl.base.text import command_line
from kars_xl.cli import main
from kars_xl.model.cost_rows import CostRow
from kars_xl.reading.grid import open_grid
from kars_xl.reading.recognise import recognise
from kars_xl.year.folder.folder import Folder, Sent, append
from kars_xl.year.folder.next_step import (
    ASKED,
    State,
    Step,
    describe,
    first_step,
    look,
    next_step,
    working_folders,
)
from tests.helpers.cli_runs import run
from tests.helpers.form_files import FINANCE_FILE
from tests.helpers.repository import REPOSITORY
from tests.helpers.small_town import PARKS, TOWN, WORKS, cost, tablo_11, target
from tests.helpers.workbook_edits import type_over

FORM = "park_ve_bahceler_sefligi.xlsx"


def parsed(argv: tuple[str, ...]) -> None:
    """The command line takes these arguments."""
    command, arguments = main, list(argv)
    while hasattr(command, "commands"):
        command = command.commands[arguments.pop(0)]
    command.make_context(argv[0], arguments)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder with the plan of a town of two units, and beside it their forms as they come back: filled."""
    root = tmp_path_factory.mktemp("kasaba")
    text = "\n".join(
        [
            target(activities=("Budama\t900,00", "Çit örme\t500,00")),
            cost("Budama"),
            cost("Çit örme", "500,00", unit=WORKS),
            tablo_11(general_3="100,00"),
        ]
    )
    (root / "program.txt").write_text(text, encoding="utf-8")
    plan = root / "2031" / "inputs" / "plan.xlsx"
    assert run("import", root / "program.txt", "-o", plan).exit_code == 0
    book = openpyxl.load_workbook(plan)
    for row in book["Birimler"].iter_rows(min_row=2):
        row[1].value = f"birim{row[0].row}@yesilova.bel.tr"
    book["Kurum"]["B8"] = "yazi@yesilova.bel.tr"
    book.save(plan)
    assert run("forms", plan, "-o", root / "dolu", "--filled").exit_code == 0
    return root


@pytest.fixture
def folder(town: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(town / "2031", tmp_path / "2031")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "2031"


def spoil(form: Path) -> None:
    """An amount that can't be read."""
    type_over(form, (recognise(open_grid(str(form))).costs[0].amounts[CostRow(3)].place, "dokuz yüz"))


def take(answer: str = "") -> Step:
    """The next step of the working folder below the current one, with the answer to its question; it can be run."""
    step = next_step(look(working_folders(Path())[0])).answered(answer)
    parsed(step.argv)
    return step


def test_the_round_step_by_step(folder: Path, town: Path) -> None:
    """Each step is the right one, and after its command comes the next."""
    names = [FORM, FINANCE_FILE, "yapim_isleri_sefligi.xlsx"]
    assert take().argv == ("forms", "2031/inputs/plan.xlsx", "-o", "2031/forms", "--filled")
    assert run(*take().argv).exit_code == 0
    assert take("20.11.2030").argv == ("mail", "forms", "2031", "--deadline", "20.11.2030")
    assert run(*take("20.11.2030").argv).exit_code == 0
    assert take("gelen").argv == ("collect", "gelen", "-o", "2031")

    for name in names[:2]:
        shutil.copy(town / "dolu" / name, folder / "inputs")
    spoil(folder / "inputs" / FORM)
    state = look(folder)
    assert (state.came, state.faulty, state.missing) == (2, (FORM,), (WORKS,))
    step = take()
    assert step.argv[:3] == ("check", "2031/inputs", "--annotate")
    assert run(*step.argv).exit_code == 1
    assert (folder / "annotated" / FORM).is_file()
    assert take().argv == ("mail", "findings", "2031")
    run(*take().argv)
    assert take("gelen").argv[0] == "collect"

    shutil.copy(town / "dolu" / FORM, folder / "inputs")
    assert take("21.11.2030").argv == ("mail", "reminders", "2031", "--deadline", "21.11.2030")
    assert run(*take("21.11.2030").argv).exit_code == 0
    assert take("gelen").argv[0] == "collect"

    shutil.copy(town / "dolu" / names[2], folder / "inputs")
    output = "2031/outputs/performans_programi_2031.xlsx"
    assert take().argv == ("merge", "2031/inputs", "-o", output)
    assert run(*take().argv).exit_code == 0
    assert take().argv[:2] == ("audit", output)
    assert run(*take().argv).exit_code == 0
    assert take().argv == ("export", output, "--to", "pdf")
    (folder / "outputs" / "performans_programi_2031.pdf").write_bytes(b"%PDF-1.7")
    assert take("encumen.txt").argv == ("mail", "final", "2031", "--to", "encumen.txt")
    (folder / "mail" / "program.eml").write_bytes(b"To: encumen@yesilova.bel.tr\n\n")
    assert next_step(look(folder)).argv == ()

    # A form that comes after all goes into the workbook too.
    shutil.copy(town / "dolu" / FORM, folder / "inputs")
    assert take().argv[0] == "merge"


def test_what_was_sent_by_a_server_counts_as_sent(folder: Path) -> None:
    run(*take().argv)
    append(folder / "mail" / "gonderim.jsonl", Sent("dün", "forms", PARKS, "a@b.tr", "<1>"))
    assert take("20.11.2030").argv[:2] == ("mail", "forms")
    now = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(time.time() + 1))
    append(folder / "mail" / "gonderim.jsonl", Sent(now, "forms", PARKS, "a@b.tr", "<2>"))
    assert take("gelen").argv[0] == "collect"


def test_forms_older_than_the_plan_are_made_again(folder: Path) -> None:
    run(*take().argv)
    book = openpyxl.load_workbook(folder / "inputs" / "plan.xlsx")
    book.save(folder / "inputs" / "plan.xlsx")
    assert take().argv[0] == "forms"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04bozuk", b"bu bir dosya degil"])
def test_a_broken_file_is_a_fault_and_no_failure(content: bytes, folder: Path, town: Path) -> None:
    for name in (FORM, FINANCE_FILE):
        shutil.copy(town / "dolu" / name, folder / "inputs")
    (folder / "inputs" / "bozuk.xlsx").write_bytes(content)
    (folder / "outputs").mkdir()
    (folder / "outputs" / "performans_programi_2031.xlsx").write_bytes(content)
    (folder / "mail").mkdir()
    (folder / "mail" / "gonderim.jsonl").write_bytes(b"\xff{}\n[1]\n{")
    state = look(folder)
    assert (state.came, state.faulty, state.missing) == (3, ("bozuk.xlsx",), (WORKS,))
    (folder / "inputs" / "plan.xlsx").write_bytes(content)
    state = look(folder)
    assert [found.code for found in state.plan_faults] == ["KX001"]
    assert next_step(state).argv == ()
    shutil.rmtree(folder / "inputs")
    (folder / "inputs").mkdir()
    assert next_step(look(folder)).answered("").argv == ("init", str(folder))


def test_which_folders_are_working_folders(folder: Path) -> None:
    assert working_folders(Path()) == [Path("2031")]
    assert working_folders(folder) == [folder]
    for name in ("2032", "boş", "başka/inputs"):
        (folder.parent / name).mkdir(parents=True)
    run("init", folder.parent / "2033", "--year", 2033)
    assert working_folders(folder.parent) == [folder, folder.parent / "2033"]
    assert working_folders(folder.parent / "yok") == []


def test_folder_of_a_working_folder_and_of_plain_forms(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = Folder.of(folder)
    assert (found.root, found.inputs, found.plan) == (folder, folder / "inputs", folder / "inputs" / "plan.xlsx")
    plain = Folder.of(folder / "inputs")
    assert (plain.root, plain.inputs, plain.plan) == (folder, folder / "inputs", folder / "inputs" / "plan.xlsx")
    assert plain.forms == found.forms == folder / "forms"
    (folder / "inputs" / "plan.xlsx").unlink()
    assert Folder.of(folder / "inputs").plan is None
    assert Folder.of(folder, "öteki.xlsx").plan == Path("öteki.xlsx")
    monkeypatch.chdir(folder / "inputs")
    assert Folder.of(".").outputs.resolve() == (folder / "outputs").resolve()


# Words


DONE = State(
    Folder(Path("2031")),
    year=2031,
    has_plan=True,
    units=2,
    activities=2,
    forms=3,
    mailed=True,
    came=3,
    marked=True,
    findings_mailed=True,
    reminded=True,
    merged=True,
    audited=True,
    printed=True,
    final_mailed=True,
)
BACK = {"came": 0}


@pytest.mark.parametrize(
    ("lacks", "command"),
    [
        ({}, ""),
        ({"has_plan": False, **BACK}, "init"),
        ({"forms": 0, **BACK}, "forms"),
        ({"outdated": True, **BACK}, "forms"),
        ({"mailed": False, **BACK}, "mail forms"),
        (BACK, "collect"),
        ({"faulty": ("a.xlsx",), "marked": False}, "check"),
        ({"faulty": ("a.xlsx",), "findings_mailed": False}, "mail findings"),
        ({"faulty": ("a.xlsx",), "missing": (WORKS,)}, "collect"),
        ({"missing": (WORKS,), "reminded": False}, "mail reminders"),
        ({"missing": (WORKS,)}, "collect"),
        ({"merged": False}, "merge"),
        ({"audited": False}, "audit"),
        ({"printed": False}, "export"),
        ({"final_mailed": False}, "mail final"),
        # Forms merge without a plan, too.
        ({"has_plan": False, "merged": False}, "merge"),
    ],
)
def test_each_state_has_its_step_with_a_sentence_and_a_command_that_is_one(lacks: dict, command: str) -> None:
    step = next_step(replace(DONE, **lacks))
    assert step.sentence.endswith(".")
    assert "  " not in step.sentence
    assert command_line(step.answered("x").argv).startswith(f"kars-xl {command}".rstrip())
    assert (ASKED in step.argv) == bool(step.question)
    if command:
        parsed(step.answered("20.11.2030").argv)


def test_an_answer_goes_into_the_command_or_takes_it_away() -> None:
    start = first_step(Path(), 2032)
    assert start.answered('  "C:\\geçen yıl\\program.xlsx" ').argv[-1] == "C:\\geçen yıl\\program.xlsx"
    assert start.answered("").argv == ("init", "2032")
    wait = next_step(replace(DONE, came=0))
    assert wait.answered(" ").argv == ()
    assert command_line(wait.answered("Gelen Kutusu").argv) == 'kars-xl collect "Gelen Kutusu" -o 2031'


def test_who_is_missing_is_named_and_not_at_length() -> None:
    missing = tuple(f"{number}. Müdürlük" for number in range(1, 8))
    lines = describe(replace(DONE, missing=missing, faulty=("a.xlsx",), faults=2)).splitlines()
    assert "Gelmeyen (7): 1. Müdürlük, 2. Müdürlük, 3. Müdürlük, 4. Müdürlük, 5. Müdürlük ve 2 tane daha" in lines
    assert "Hatalı (2 hata): a.xlsx" in lines


# The terminal


def dialogue(folder: Path, *answers: str, arguments: tuple[str, ...] = ()) -> tuple[str, int]:
    """What a real terminal shows in `folder`, each answer typed when a question waits; and the exit code."""
    master, slave = pty.openpty()
    command = [sys.executable, "-m", "kars_xl", *arguments]
    process = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, cwd=folder, close_fds=True)
    os.close(slave)
    shown, answered, left = "", 0, list(answers)
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if select.select([master], [], [], 0.1)[0]:
            try:
                shown += os.read(master, 65536).decode(errors="replace")
            except OSError:  # the other side is closed
                break
        if left and shown[answered:].rstrip().endswith(("]:", "):")):
            answered = len(shown)
            os.write(master, (left.pop(0) + "\n").encode())
    os.close(master)
    return shown.replace("\r\n", "\n"), process.wait(timeout=10)


def test_on_a_terminal_the_next_step_is_offered_first_and_no_goes_back_to_the_menu(folder: Path) -> None:
    shown, code = dialogue(folder, "1", "h", "h", "0")
    assert code == 0
    assert "2031 programının çalışma klasörü" in shown
    assert "Komut: kars-xl forms inputs/plan.xlsx -o forms --filled\n" in shown
    assert "  1  Sıradaki adımı yap\n  2  Paneli tarayıcıda aç\n" in shown
    assert shown.count("Ne yapılsın [1]:") == 3
    assert "“h” menüde yok." in shown
    assert not (folder / "forms").exists()


def test_on_a_terminal_yes_runs_it_and_offers_the_next(folder: Path) -> None:
    shown, code = dialogue(folder, "", "", "0")
    assert code == 0
    assert "3 form kaydedildi: forms" in shown
    assert (folder / "forms" / FORM).is_file()
    # The next step asks for a date; what is no date is said by the command itself, and asked for again.
    assert "Sıradaki adım: Formlar hazır" in shown
    shown, code = dialogue(folder, "1", "yarın", "e", "", "0")
    assert code == 0
    assert "Komut: kars-xl mail forms . --deadline yarın" in shown
    assert shown.count("Formların son günü (gün.ay.yıl") == 2
    assert "Traceback" not in shown


def test_on_a_terminal_without_a_folder_one_is_set_up(town: Path, tmp_path: Path) -> None:
    shown, code = dialogue(tmp_path, "1", f'"{town / "program.txt"}"', "evet", "0")
    assert code == 0
    (made,) = working_folders(tmp_path)
    # The source's year decides, not the calendar.
    assert "2031 programı 2032 yılına aktarıldı" in shown
    assert look(made).year == 2032
    assert "kars-xl forms" in shown


def test_on_a_terminal_one_of_several_folders_is_chosen(folder: Path) -> None:
    run("init", folder.parent / "2033", "--year", 2033)
    shown, code = dialogue(folder.parent, "1", "0")
    assert code == 0
    assert "2031 programının çalışma klasörü" in shown
    shown, _ = dialogue(folder.parent, "", "0")
    assert "2033 programının çalışma klasörü" in shown
    assert "KX011" in shown


def test_without_a_terminal_the_help_is_printed(folder: Path) -> None:
    found = subprocess.run([sys.executable, "-m", "kars_xl"], capture_output=True, text=True, cwd=folder)
    asked = subprocess.run([sys.executable, "-m", "kars_xl", "--help"], capture_output=True, text=True, cwd=folder)
    assert (found.stdout + found.stderr).strip() == asked.stdout.strip()
    assert found.returncode in (0, 2)  # click's: 0 before its version 8.2


def test_the_guide_answers_machines(folder: Path) -> None:
    found = json.loads(run("guide", folder, "--format", "json").stdout)
    assert found["argv"][0] == "forms"
    assert found["command_line"] == command_line(found["argv"])
    assert json.loads(run("guide", folder.parent, "--format", "json").stdout)["folder"] == str(folder)
    assert run("guide", folder / "yok").exit_code == 2
    text = run("guide", folder)
    assert (text.exit_code, TOWN in text.output, "[E/h]" in text.output) == (0, False, False)


def test_the_page_on_double_clicks_names_commands_that_there_are() -> None:
    page = (REPOSITORY / "docs" / "cift_tiklama.md").read_text(encoding="utf-8")
    whole = re.findall(r'(?:kars-xl\.exe"|py -m kars_xl|Komut: kars-xl) ([^"\n`]+)', page)
    assert len(whole) == 4
    for line in whole:
        parsed(tuple(line.replace("…", "20.11.2026").split()))
    for names in re.findall(r"`kars-xl ([a-z ]+)", page):
        command = main
        for name in names.split():
            command = command.commands[name]
    # Its picture of the window is what the window shows.
    window = page.split("```text\n2027")[1].split("```")[0].splitlines()
    missing = ("Fen İşleri Müdürlüğü", "Zabıta Müdürlüğü", "Mali Hizmetler (Tablo 11)")
    state = replace(
        DONE, folder=Folder(Path()), units=20, activities=88, forms=21, came=18, stand="18/21", missing=missing
    )
    state = replace(state, reminded=False, merged=False)
    step = next_step(state)
    shown = [
        *describe(state).splitlines()[1:],
        "",
        f"Sıradaki adım: {step.sentence}",
        f"Komut: {command_line(step.argv)}",
    ]
    assert window[1 : len(shown) + 1] == shown
    assert window[-1].startswith("Ne yapılsın [1]:")
