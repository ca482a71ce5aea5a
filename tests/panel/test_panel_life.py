"""From the start of a panel to its end: one for a folder, gone when nobody looks any more, and at once on Ctrl-C."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.helpers.mail_files import contents
from tests.helpers.panels import Process, environment, panel, small_year

# What a busy machine may take for what takes a tenth of it.
SOON = 20.0


@pytest.fixture
def year(tmp_path: Path) -> Path:
    """A small town's year with all forms in it."""
    folder, sent = small_year(tmp_path)
    for path in sent:
        shutil.copy(path, folder / "inputs")
    return folder


@pytest.fixture
def running(year: Path, tmp_path: Path) -> Iterator[Process]:
    with panel(year, tmp_path / "state") as process:
        yield process


def second(folder: Path, state: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "kars_xl", "panel", str(folder), "--no-browser"]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=environment(state), timeout=60)


class OpenPage:
    """A page that stays open, as far as the panel can see: it hears what changes."""

    def __init__(self, running: Process) -> None:
        self.connection = HTTPConnection("127.0.0.1", running.port, timeout=SOON)
        self.connection.request("GET", "/olay", headers=running.client().headers)
        self.answer = self.connection.getresponse()
        assert self.answer.readline().startswith(b"data: ")

    def close(self) -> None:
        self.answer.close()
        self.connection.close()


# One for each folder


def test_a_second_panel_leads_to_the_first_and_ends(running: Process, tmp_path: Path) -> None:
    done = second(running.folder, tmp_path / "state")
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"Bu klasörün paneli zaten açık: {running.address}\n"
    assert running.process.poll() is None


@pytest.mark.skipif(os.name == "nt", reason="Windows needs a right for shortcuts")
def test_a_folder_is_the_same_by_another_name(running: Process, tmp_path: Path) -> None:
    (tmp_path / "kisayol").symlink_to(running.folder)
    assert running.address in second(tmp_path / "kisayol", tmp_path / "state").stdout


def test_another_folder_has_a_panel_of_its_own(running: Process, tmp_path: Path) -> None:
    other, _ = small_year(tmp_path / "kent")
    with panel(other, tmp_path / "state") as own:
        assert own.port != running.port
        assert own.secret != running.secret
        assert own.client().get("/", Cookie=f"kars_xl_{own.port}={running.secret}")[0].status == 403


def test_after_a_panel_that_was_killed_another_one_starts(running: Process, tmp_path: Path) -> None:
    running.end(signal.SIGKILL)
    with panel(running.folder, tmp_path / "state") as again:
        assert "3/3" in again.client().board()


def test_the_secret_is_the_user_s_alone(running: Process, tmp_path: Path) -> None:
    assert running.secret
    for path in (tmp_path / "state").rglob("*"):
        if path.is_file() and running.secret in path.read_text():
            assert path.stat().st_mode & 0o077 == 0
            assert path.parent.stat().st_mode & 0o077 == 0
    assert all(running.secret.encode() not in data for data in contents(running.folder).values())


# The end


def test_it_ends_when_no_page_has_been_open_for_a_while(year: Path, tmp_path: Path) -> None:
    with panel(year, tmp_path / "state", "--idle", "1") as running:
        assert running.process.wait(SOON) == 0


def test_it_stays_as_long_as_a_page_is_open(year: Path, tmp_path: Path) -> None:
    with panel(year, tmp_path / "state", "--idle", "1") as running:
        page = OpenPage(running)
        time.sleep(2.5)
        assert running.process.poll() is None
        page.close()
        assert running.process.wait(SOON) == 0


def test_it_stays_as_long_as_a_job_goes_on(year: Path, tmp_path: Path) -> None:
    with panel(year, tmp_path / "state", "--idle", "1") as running:
        client = running.client()
        client.board()
        client.press("birlestir")
        assert running.process.wait(SOON) == 0
    assert list((year / "outputs").glob("*.xlsx"))


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_a_signal_ends_it_though_a_page_is_open(running: Process, name: str) -> None:
    running.client().board()
    page = OpenPage(running)
    code = timed_end(running, getattr(signal, name))
    page.close()
    assert code in (0, -signal.SIGTERM)


def test_ctrl_c_ends_it_during_a_job_and_leaves_nothing_half_written(running: Process) -> None:
    client = running.client()
    client.board()
    page = OpenPage(running)
    assert client.press("birlestir")[0].status == 303
    assert timed_end(running, signal.SIGINT) == 0
    page.close()
    left = [path for path in running.folder.rglob("*") if path.is_file() and not path.name.startswith(".")]
    with panel(running.folder, running.folder.parent / "state") as again:
        client = again.client()
        client.board()
        client.press("birlestir")
        assert "Kaydedildi" in client.wait()
        made = next((again.folder / "outputs").glob("*.xlsx"))
        assert made not in left or made.read_bytes()[:2] == b"PK"


def test_ctrl_c_before_the_first_page_ends_it(running: Process) -> None:
    assert timed_end(running, signal.SIGINT) == 0


def timed_end(running: Process, how: signal.Signals) -> int:
    started = time.monotonic()
    code = running.end(how)
    assert time.monotonic() - started < SOON
    return code


# What a folder shows meanwhile


def test_a_page_hears_of_a_form_that_somebody_puts_into_the_folder(running: Process, tmp_path: Path) -> None:
    running.client().board()
    page = OpenPage(running)
    heard: list[bytes] = []
    listening = threading.Thread(target=lambda: heard.append(page.answer.readline() + page.answer.readline()))
    listening.start()
    (running.folder / "inputs" / "tablo_11_mali_hizmetler.xlsx").unlink()
    listening.join(SOON)
    assert b"data: " in heard[0]
    page.close()
    assert "GELMEDİ" in running.client().board()


# What the other commands pay for it


@pytest.mark.parametrize("arguments", [["--help"], ["panel", "--help"], ["status", "--help"]])
def test_the_help_imports_no_web_framework(arguments: list[str]) -> None:
    code = (
        "import sys; from kars_xl.cli import main; main(sys.argv[1:], standalone_mode=False);"
        "print(sorted({name.split('.')[0] for name in sys.modules} & "
        "{'starlette', 'uvicorn', 'jinja2', 'anyio', 'asyncio', 'python_multipart', 'h11'}))"
    )
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
