"""Who has sent and who has not: the table, its data and page, whatever lies in the folder, and while forms arrive."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from kars_xl.findings.as_page import as_page
from kars_xl.findings.as_text import as_text, bar
from kars_xl.reading.files import Reading
from kars_xl.year.folder import desk as desk_module
from kars_xl.year.folder.desk import Desk, Stamps, read_forms, scan, watch
from kars_xl.year.folder.folder import Folder, Sent, append
from kars_xl.year.folder.status_report import status_report
from tests.helpers.cli_runs import run
from tests.helpers.form_files import (
    BRIDGE,
    COSTS,
    FEN,
    FEN_FILE,
    FINANCE_FILE,
    ITFAIYE_FILE,
    ROAD,
    TARGET,
    ZABITA,
    ZABITA_FILE,
    finance,
    form,
    write,
)
from tests.helpers.form_tables import cost_table, target_table
from tests.helpers.html_pages import Page, in_frames

ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
# Two units of the 2024 programme: 3 activities of 23 million, 3 of 20,1 million; 2 forms that are left out.
HUKUK_FILE = "hukuk_isleri_mudurlugu.xlsx"


def shown(desk: Desk, width: int) -> str:
    return "\n\n".join(
        text for _, text in as_text(status_report(desk.status(desk.look()), desk.base, path="2024"), width=width)
    )


def status_of(folder: Path, *more: object) -> dict[str, Any]:
    result = run("status", folder, "--format", "json", *more)
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def unit_of(found: dict[str, Any], name: str) -> dict[str, Any]:
    (unit,) = [unit for unit in found["units"] if unit["unit"] == name]
    return dict(unit)


@pytest.fixture
def year(tmp_path: Path, inputs: Path) -> Path:
    """A working folder with the plan of 2024, two units' forms and Tablo 11."""
    folder = tmp_path / "2024"
    (folder / "inputs").mkdir(parents=True)
    for name in ("plan.xlsx", FEN_FILE, ITFAIYE_FILE, FINANCE_FILE):
        shutil.copy(inputs / name, folder / "inputs")
    return folder


# What it says


def test_the_whole_year_of_2024(inputs: Path) -> None:
    found = status_of(inputs)
    # The published programme's activities: 88, of 20 units, 253.748.000 TL.
    assert found["totals"] == {
        "sent": 20,
        "expected": 20,
        "filled": 88,
        "activities": 88,
        "amount": "253748000.00",
        "whole": True,
    }
    assert found["finance"]["amount"] == "349601000.00"
    assert found["others"] == []
    assert {(unit["filled"], unit["sent"]) for unit in found["units"]} <= {
        (unit["activities"], True) for unit in found["units"]
    }


def test_who_has_not_sent_is_in_the_table_too(year: Path) -> None:
    found = status_of(year)
    assert found["command"] == "status"
    assert (found["totals"]["sent"], found["totals"]["expected"]) == (2, 20)
    assert found["totals"]["amount"] == "43100000.00"
    assert not found["totals"]["whole"]
    fen, hukuk = unit_of(found, FEN), unit_of(found, "Hukuk İşleri Müdürlüğü")
    assert (fen["sent"], fen["revision"], fen["filled"], fen["activities"]) == (True, 0, 3, 3)
    assert fen["amount"] == "23000000.00"
    assert (hukuk["sent"], hukuk["at"], hukuk["filled"], hukuk["activities"]) == (False, None, 0, 2)
    assert hukuk["amount"] is None


def test_errors_in_forms_are_counted_where_they_are_and_do_not_fail_the_command(year: Path) -> None:
    blank = cost_table("Yol yapımı", "").replace("\t-", "\t")
    form(year / "inputs", TARGET, blank, name="yabanci.xlsx", unit="Şube İşleri")
    found = status_of(year)
    stranger = unit_of(found, "Şube İşleri")
    assert not stranger["planned"]
    assert stranger["error"] > 0
    # A cost table that nobody filled in is no activity filled.
    assert (stranger["filled"], stranger["activities"]) == (0, 1)
    assert stranger["amount"] is None
    assert found["totals"]["amount"] is None
    assert found["totals"]["expected"] == 20


def test_an_activity_that_a_form_leaves_out_is_its_units_error(tmp_path: Path) -> None:
    plan = run_plan(tmp_path, target_table(ROAD, BRIDGE), COSTS, cost_table("Köprü yapımı", "0,00"))
    (tmp_path / "inputs").mkdir()
    form(tmp_path / "inputs")
    finance(tmp_path / "inputs")
    found = status_of(tmp_path, "--plan", plan)
    unit = unit_of(found, FEN)
    assert (unit["filled"], unit["activities"], unit["error"]) == (1, 2, 1)
    assert found["finance"]["error"] == 0


def run_plan(folder: Path, *tables: str) -> Path:
    """A plan made of a form by `import`."""
    source = write(folder / "program.xlsx", tables)
    result = run("import", source, "-o", folder / "plan.xlsx")
    assert (folder / "plan.xlsx").is_file(), result.output
    return folder / "plan.xlsx"


@pytest.mark.parametrize("readable", [True, False])
def test_a_single_file_is_named(tmp_path: Path, readable: bool) -> None:
    path = form(tmp_path)
    if not readable:
        path.write_text("metin", encoding="utf-8")
    shown = run("status", path).output
    assert path.name in shown
    assert " .:" not in shown
    assert "klasör değil" not in shown


def test_without_a_plan_only_those_who_sent(tmp_path: Path) -> None:
    form(tmp_path)
    form(tmp_path, target_table(BRIDGE), cost_table("Köprü yapımı", "0,00", unit=ZABITA), name=ZABITA_FILE, unit=ZABITA)
    found = status_of(tmp_path)
    assert [unit["unit"] for unit in found["units"]] == [FEN, ZABITA]
    assert found["totals"]["expected"] is None
    assert found["totals"]["amount"] == "60000.00"
    assert not found["finance"]["sent"]
    # That Tablo 11 is missing is no error of the first form.
    assert unit_of(found, FEN)["error"] == 0
    assert "plan yok" in run("status", tmp_path).stdout


def test_revisions_are_shown_as_such(tmp_path: Path) -> None:
    for revision in (1, 3, 2):
        form(tmp_path, name=f"fen_r{revision}.xlsx", revision=revision)
    unit = unit_of(status_of(tmp_path), FEN)
    assert unit["revision"] == 3
    assert [Path(item["file"]).name for item in unit["files"]] == ["fen_r3.xlsx"]
    assert [item["revision"] for item in unit["replaced"]] == [2, 1]
    assert (unit["error"], unit["warning"], unit["same_revision"]) == (0, 0, [])
    assert "kullanılmayan eski form: fen_r2.xlsx (No 2), fen_r1.xlsx (No 1)" in text_of(tmp_path)


def text_of(folder: Path, width: int = 120) -> str:
    """The table, on as few lines as it can be."""
    desk = Desk(Folder.of(folder))
    return re.sub(r"\n {2,}", " ", shown(desk, width))


def test_equal_revisions_that_differ_are_a_problem_told_and_copies_are_none(tmp_path: Path) -> None:
    shutil.copy(form(tmp_path, revision=1), tmp_path / "kopya.xlsx")
    copied = unit_of(status_of(tmp_path), FEN)
    assert (copied["same_revision"], copied["error"]) == ([], 0)
    assert "(kopya)" in text_of(tmp_path)
    form(tmp_path, TARGET, cost_table("Yol yapımı", "60.000,00", code=6), name="kopya.xlsx", revision=1)
    unit = unit_of(status_of(tmp_path), FEN)
    assert {Path(item["file"]).name for item in unit["same_revision"]} == {FEN_FILE, "kopya.xlsx"}
    assert unit["error"] == 1
    assert "Revizyonu aynı (No 1), içeriği farklı 2 form var" in text_of(tmp_path)


def test_when_the_form_came_and_what_was_mailed(year: Path) -> None:
    came = 1_700_000_000
    os.utime(year / "inputs" / FEN_FILE, (came, came))
    for kind, day in (("forms", 1), ("forms", 3), ("findings", 9)):
        append(year / "mail" / "gonderim.jsonl", Sent(f"2023-11-0{day}T12:00:00+03:00", kind, FEN, "a@b", "<x>"))
    with open(year / "mail" / "gonderim.jsonl", "a", encoding="utf-8") as log:
        log.write('{"at": "2023-11-2')  # a writer that was killed
    unit = unit_of(status_of(year), FEN)
    assert datetime.fromisoformat(unit["at"]).timestamp() == came
    # The last of each kind, as the clock on this computer says it.
    assert {kind: at[:10] for kind, at in unit["mailed"].items()} == {"forms": "2023-11-03", "findings": "2023-11-09"}
    said = text_of(year)
    assert "form gönderildi: 03.11.2023 · bulgular gönderildi: 09.11.2023" in said


# Whatever lies in the folder


def spoil(folder: Path) -> dict[str, str]:
    """Files of every kind of trouble; the reason that is to be said of each."""
    data = (folder / FEN_FILE).read_bytes()
    (folder / "yarim.xlsx").write_bytes(data[: len(data) // 2])
    (folder / "bos.xlsx").touch()
    (folder / "klasor.xlsx").mkdir()
    (folder / "kopuk.xlsx").symlink_to(folder / "yok.xlsx")
    os.mkfifo(folder / "boru.xlsx")
    (folder / "notlar.txt").write_text("pazartesi", encoding="utf-8")
    write(folder / "kimliksiz.xlsx", [TARGET, COSTS])
    return {
        "yarim.xlsx": "bozuk",
        "bos.xlsx": "boş dosya",
        "klasor.xlsx": "bu bir klasör",
        "kopuk.xlsx": "dosya değil",
        "boru.xlsx": "dosya değil",
        "notlar.txt": "resmî tablo yok",
        "kimliksiz.xlsx": "Hangi birimin formu",
    }


def test_no_broken_file_keeps_the_others_from_being_seen(tmp_path: Path) -> None:
    folder = tmp_path / "gelen"
    folder.mkdir()
    form(folder)
    reasons = spoil(folder)
    # A folder is looked into, whatever it is called.
    del reasons["klasor.xlsx"]
    form(folder / "klasor.xlsx", name=ZABITA_FILE, unit=ZABITA)
    found = status_of(folder)
    assert [unit["unit"] for unit in found["units"]] == [FEN, ZABITA]
    assert {Path(other["file"]).name for other in found["others"]} == set(reasons)
    # What such a file holds is not known, so the sum is not either.
    assert found["totals"]["amount"] is None
    said = text_of(folder)
    for name, reason in reasons.items():
        assert re.search(rf"{re.escape(name)} .*{reason}", " ".join(said.split())), name


@pytest.mark.skipif(ROOT, reason="root may read all")
def test_what_may_not_be_read_is_told(tmp_path: Path) -> None:
    form(tmp_path)
    closed = tmp_path / "kapali"
    closed.mkdir()
    locked = form(tmp_path, name=ZABITA_FILE, unit=ZABITA)
    locked.chmod(0)
    closed.chmod(0)
    try:
        found = status_of(tmp_path)
    finally:
        closed.chmod(0o700)
    assert [unit["unit"] for unit in found["units"]] == [FEN]
    assert {Path(other["file"]).name for other in found["others"]} == {ZABITA_FILE, "kapali"}


def test_a_file_that_is_removed_before_it_is_read_is_simply_not_there(tmp_path: Path) -> None:
    form(tmp_path)
    gone = form(tmp_path, name=ZABITA_FILE, unit=ZABITA)
    desk = Desk(Folder.of(tmp_path))
    stamps = desk.look()
    gone.unlink()
    found = desk.status(stamps)
    assert [unit.unit.name for unit in found.units] == [FEN]
    assert found.others == ()


def test_a_fault_of_the_program_in_one_file_is_said_to_be_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    form(tmp_path)
    form(tmp_path, name=ZABITA_FILE, unit=ZABITA)
    real = desk_module.read_file

    def faulty(path: str, *, named: bool) -> list[Reading]:
        if path.endswith(ZABITA_FILE):
            raise KeyError("hata")
        return real(path, named=named)

    monkeypatch.setattr(desk_module, "read_file", faulty)
    found = status_of(tmp_path)
    assert [unit["unit"] for unit in found["units"]] == [FEN]
    assert "beklenmeyen bir hatayla karşılaştı (KeyError)" in text_of(tmp_path)


def test_an_empty_folder_is_the_beginning_and_no_error(tmp_path: Path, inputs: Path) -> None:
    assert "Henüz form yok." in run("status", tmp_path).stdout
    shutil.copy(inputs / "plan.xlsx", tmp_path)
    found = status_of(tmp_path)
    assert (found["totals"]["sent"], found["totals"]["expected"]) == (0, 20)
    assert found["summary"]["error"] == 0


@pytest.mark.parametrize("arguments", [("yok",), (".", "--plan", "yok.xlsx")])
def test_a_folder_or_plan_that_is_not_there_is_an_error(arguments: tuple[str, ...], tmp_path: Path) -> None:
    form(tmp_path)
    folder, *more = arguments
    result = run("status", tmp_path / folder, *more, "--format", "json")
    assert result.exit_code == 1
    assert [found["code"] for found in json.loads(result.stdout)["findings"]] == ["KX007"]


def test_a_named_plan_that_is_none_is_told_and_fails_after_the_table(tmp_path: Path) -> None:
    path = form(tmp_path)
    result = run("status", tmp_path, "--plan", path, "--format", "json")
    assert result.exit_code == 1
    assert "KX001" in [found["code"] for found in json.loads(result.stdout)["findings"]]


def test_a_log_that_can_not_be_opened_is_told(year: Path) -> None:
    (year / "mail" / "gonderim.jsonl").mkdir(parents=True)
    found = status_of(year)
    assert found["totals"]["sent"] == 2
    assert "KX001" in [item["code"] for item in found["findings"]]


# On the terminal


@pytest.mark.parametrize("width", [80, 93, 100, 120])
def test_the_table_keeps_its_width_and_its_columns(width: int, year: Path) -> None:
    spoil(year / "inputs")
    name = "İğdır ÇÖĞÜŞ Çok Uzun Adlı ve Birçok İşten Sorumlu Şube Müdürlüğü I"
    form(year / "inputs", name="uzun_adli_bir_birimin_gonderdigi_cok_uzun_adli_form_r1.xlsx", unit=name)
    desk = Desk(Folder.of(year))
    lines = shown(desk, width).splitlines()
    assert max(map(len, lines)) <= width
    heading = next(line for line in lines if line.startswith("Birim "))
    rows = [line for line in lines if re.search(r"[█░]", line)]
    assert len(rows) == 21
    assert {len(line) for line in rows} == {len(heading)}
    assert {re.search("[█░]", line).start() for line in rows} == {heading.index("Faaliyet")}  # type: ignore[union-attr]


@pytest.mark.parametrize(("filled", "of", "shown"), [(0, 8, "░" * 8), (6, 8, "██████░░"), (8, 8, "█" * 8)])
def test_the_bar(filled: int, of: int, shown: str) -> None:
    assert bar(filled, of) == shown


def test_the_bar_is_neither_empty_with_one_nor_full_with_one_missing() -> None:
    assert (bar(1, 50)[0], bar(49, 50)[-1], bar(0, 0)) == ("█", "░", "")


def test_nothing_in_a_form_can_command_the_terminal(tmp_path: Path) -> None:
    unit = "Fen \x9b31m\u202e\u2028İşleri"
    write(tmp_path / "a\x1b[2J.xlsx", [TARGET, COSTS], identity=(f"Harcama Birimi\t{unit}", "Program Yılı\t2024"))
    said = run("status", tmp_path).stdout
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2028]", said)


def test_the_page_says_the_same_and_fits_a_phone(year: Path, tmp_path: Path) -> None:
    spoil(year / "inputs")
    evil = "<script>document.title='kotu'</script> Müdürlüğü"
    form(year / "inputs", name="kotu.xlsx", unit=evil)
    target = tmp_path / "durum.html"
    assert run("status", year, "--html", target).exit_code == 0
    text = target.read_text(encoding="utf-8")
    read = Page(text)
    assert len(read.all("script")) == 1
    for said in (evil, FEN, "GELMEDİ", "3/21", "yarim.xlsx", "23.000.000,00"):
        assert said in read.text
    assert len(read.all("progress")) == 21
    script = "[doc.documentElement.scrollWidth - doc.documentElement.clientWidth, doc.title]"
    for beyond, title in in_frames([(text, 360), (text, 1280)], tmp_path, script):
        assert beyond <= 0
        assert "kotu" not in title


def test_a_page_is_never_written_over_a_form(year: Path) -> None:
    path = year / "inputs" / FEN_FILE
    data = path.read_bytes()
    result = run("status", year, "--html", path)
    assert result.exit_code == 1
    assert "GELMEDİ" in result.stdout
    assert path.read_bytes() == data


def test_the_page_of_no_forms(tmp_path: Path) -> None:
    desk = Desk(Folder.of(tmp_path))
    assert "Gelen formlar" in Page(as_page(status_report(desk.status(desk.look()), desk.base))).text


# While forms arrive


def states(*looks: dict[str, tuple[int, int]]) -> list[Stamps]:
    """What `watch` yields of a folder that looks like this, one look after the other."""
    left: Iterator[dict[str, tuple[int, int]]] = iter(looks)

    def look() -> Stamps:
        return next(left)

    found: list[Stamps] = []
    # The looks come to an end as no folder does.
    with suppress(RuntimeError):
        for stamps in watch(look, lambda _: None):
            found.append(stamps)
    return found


def test_a_file_counts_when_it_has_come_to_rest() -> None:
    growing = [{"a": (1, 1), "b": (size, size)} for size in (10, 20, 30, 30)]
    assert states(*growing) == [{"a": (1, 1)}, {"a": (1, 1), "b": (30, 30)}]


def test_while_a_form_is_replaced_the_earlier_one_is_shown() -> None:
    looks = [{"a": (1, 1)}, {"a": (1, 1)}, {"a": (5, 2)}, {"a": (9, 3)}, {"a": (9, 3)}, {}]
    assert states(*looks) == [{"a": (1, 1)}, {"a": (9, 3)}, {}]


def test_nothing_is_said_while_nothing_changes() -> None:
    assert states(*[{"a": (1, 1)}] * 9) == [{"a": (1, 1)}]


def test_only_what_changed_is_read_again(tmp_path: Path) -> None:
    path = form(tmp_path)
    other = form(tmp_path, name=ZABITA_FILE, unit=ZABITA)
    stamps = scan(tmp_path)
    first = read_forms(stamps)
    form(tmp_path, revision=4)
    later = scan(tmp_path)
    assert stamps[str(path)] != later[str(path)]
    second = read_forms(later)
    assert [document.revision for document in second.documents] == [4, 0]
    assert second.documents[1] is first.documents[1]
    assert second.documents[1].file == str(other)
    assert read_forms(later).documents[0] is second.documents[0]


def screen(terminal: int, wanted: str, seconds: float = 30) -> str:
    """What was written to a terminal until `wanted` stands there."""
    shown, end = "", time.monotonic() + seconds
    while wanted not in shown:
        assert time.monotonic() < end, shown
        if select.select([terminal], [], [], 0.2)[0]:
            shown += os.read(terminal, 1 << 16).decode()
    return shown


def test_watching_redraws_when_a_form_arrives_and_ends_with_ctrl_c(year: Path, inputs: Path) -> None:
    terminal, theirs = pty.openpty()
    command = [sys.executable, "-m", "kars_xl", "status", str(year), "--watch"]
    process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True)
    os.close(theirs)
    try:
        first = screen(terminal, "Ctrl-C.")
        assert "3/21" in first
        data = (inputs / HUKUK_FILE).read_bytes()
        target = year / "inputs" / HUKUK_FILE
        target.write_bytes(data[:9000])
        target.write_bytes(data)
        later = screen(terminal, "4/21")
        assert "\x1b[2J" in later
        assert "okunamadı" not in later
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) == 0
    finally:
        process.kill()
        process.wait()
        os.close(terminal)


def test_watching_for_a_machine_says_one_line_a_change(year: Path, inputs: Path) -> None:
    command = [sys.executable, "-m", "kars_xl", "status", str(year), "--watch", "--format", "json"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert process.stdout is not None
    try:
        sent = [json.loads(process.stdout.readline())["totals"]["sent"]]
        shutil.copy(inputs / HUKUK_FILE, year / "inputs")
        sent.append(json.loads(process.stdout.readline())["totals"]["sent"])
        assert sent == [2, 3]
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) == 0
        assert process.stdout.read() == ""
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
