"""What is dropped on the panel may be called anything and hold anything; jobs and files may come at the same time."""

from __future__ import annotations

import random
import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import openpyxl
import pytest
from playwright.sync_api import Browser

from tests.helpers.form_files import COSTS, FEN_FILE, TARGET, finance, form
from tests.helpers.mail_files import contents
from tests.helpers.panels import Process, Watched, panel, panel_here, small_year

EVIL = "<img src=x onerror=alert(1)><script>alert(2)</script>"
NAMES = {
    "../../x.xlsx": "x.xlsx",
    "..\\..\\x.xlsx": "x.xlsx",
    "/etc/passwd": "passwd",
    "C:\\x": "x",
    "C:\\Windows\\x.xlsx": "x.xlsx",
    "CON.xlsx": "_CON.xlsx",
    "aux.tar.gz": "_aux.tar.gz",
    "x\0.xlsx": "x�.xlsx",
    "x\n.xlsx": "x .xlsx",
    ".gizli.xlsx": "gizli.xlsx",
    "~$form.xlsx": "_~$form.xlsx",
    "-o.xlsx": "-o.xlsx",
    "--plan.xlsx": "--plan.xlsx",
    "x.xlsx:akis": "x.xlsx_",
    " ": "ek",
    "..": "ek",
    "ü" * 300 + ".xlsx": "ü" * 100 + ".xlsx",
}


# Names


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    folder, _ = small_year(tmp_path_factory.mktemp("adlar"))
    with panel(folder, folder.parent / "state") as process:
        process.client().board()
        yield process


@pytest.mark.parametrize("name", NAMES)
def test_a_file_may_be_called_anything_and_lands_nowhere_else(running: Process, name: str) -> None:
    client, around = running.client(), running.folder.parent
    before = contents(around)
    assert client.drop((name, f"hiçbir form: {name!r}".encode()))[0].getheader("location") == "/is"
    text = client.wait()
    known = running.folder.joinpath("mail", "birakilanlar.jsonl").relative_to(around).as_posix()
    after = contents(around)
    assert {file for file in after if after[file] != before.get(file)} == {known}
    shown = NAMES[name] if len(name) < 300 else "ü" * 60
    assert shown in text.replace("<wbr>", "")


def test_a_drop_without_a_file_changes_nothing(running: Process) -> None:
    before = contents(running.folder)
    assert running.client().drop(("", b""))[0].getheader("location") == "/"
    assert contents(running.folder) == before


def test_what_was_dealt_with_does_not_come_back_with_the_next_panel(tmp_path: Path) -> None:
    folder, _ = small_year(tmp_path)
    with panel(folder, tmp_path / "state") as running:
        client = running.client()
        client.board()
        client.drop(("bozuk.zip", b"PK\x03\x04 yarim"))
        client.wait()
        typed = re.findall(
            r'<input type="hidden" name="(\w+)" value="([^"]*)"', client.board().partition("Alınmayanlar")[2]
        )
        assert ("ad", "bozuk.zip") in typed
        client.post("/tamam", urlencode(typed[:2]).encode())
        assert "bozuk.zip" not in client.board()
    with panel(folder, tmp_path / "state") as running:
        running.client().wait()
        assert "bozuk.zip" not in running.client().board()
        assert not list(folder.glob(".birakilan/*"))


def test_a_form_of_no_known_unit_is_taken_and_not_refused(tmp_path: Path) -> None:
    folder, _ = small_year(tmp_path)
    with panel(folder, tmp_path / "state") as running:
        client = running.client()
        client.board()
        client.drop(("tablo.xlsx", finance(tmp_path).read_bytes()))
        client.wait()
        assert "Alınmayanlar" not in client.board()
        assert list(folder.glob("inputs/birimi_belirsiz*"))


def test_a_form_that_could_not_be_written_waits_for_the_next_panel(tmp_path: Path) -> None:
    folder, sent = small_year(tmp_path)
    in_the_way = folder / "inputs" / "fen_isleri_mudurlugu"
    in_the_way.write_text("A file where the unit's folder would be.")
    with panel(folder, tmp_path / "state") as running:
        client = running.client()
        client.board()
        client.drop((sent[0].name, sent[0].read_bytes()))
        assert "kaydedilemedi" in client.wait()
    in_the_way.unlink()
    with panel(folder, tmp_path / "state") as running:
        running.client().board()
        while list(folder.glob(".birakilan/*")):
            running.client().wait()
        assert [path.read_bytes() for path in folder.glob("inputs/*/*.xlsx")] == [sent[0].read_bytes()]


def test_two_files_of_one_name_are_both_taken(running: Process) -> None:
    running.client().drop(("liste.xlsx", b"bir"), ("a/liste.xlsx", b"iki"))
    text = running.client().wait()
    assert "liste.xlsx" in text
    assert "liste_<wbr>2.xlsx" in text


# Texts


@pytest.fixture
def evil_year(tmp_path: Path) -> Path:
    """A year in which every text that a unit writes is HTML, and the file is called so."""
    folder, sent = small_year(tmp_path)
    tables = [table.replace("Yol yapımı", f"Yol {EVIL}") for table in (TARGET, COSTS)]
    tables = [table.replace("Onarılan yol", f"Onarılan {EVIL}").replace("Ulaşımı", EVIL) for table in tables]
    tables[1] = tables[1].replace("Mal ve Hizmet Alım Giderleri\t60.000,00", f"Mal ve Hizmet Alım Giderleri\t{EVIL}")
    name = EVIL.replace("/", "_") + ".xlsx"
    form(folder / "inputs", *tables, name=name, unit=f"Fen {EVIL}")
    form(folder / "inputs", *tables, revision=1)
    for path in sent[1:]:
        (folder / "inputs" / path.name).write_bytes(path.read_bytes())
    return folder


def test_no_text_of_a_form_is_more_than_text(evil_year: Path, chromium: Browser) -> None:
    with panel_here(evil_year) as running, chromium.new_context() as context:
        page = context.new_page()
        watched = Watched(page)
        client = running.client()
        client.board()
        client.drop((f"{EVIL}.xlsx", b"hi"), (f"{EVIL}.txt", EVIL.encode()))
        client.wait()
        client.press("taslak")
        page.goto(running.address)
        units = re.findall(r'href="(/birim\?[^"]+)"', client.board())
        sheets = ("Performans Hedefleri", "Faaliyet Maliyetleri", "Kaynak")
        paths = ["/", "/is", "/bitir", "/program", "/degisen", f"/iz?hucre={quote(EVIL)}", f"/birim?ad={quote(EVIL)}"]
        paths += [*units, *(f"/program?{urlencode({'sayfa': sheet})}" for sheet in sheets)]
        name = EVIL.replace("/", "_") + ".xlsx"
        paths.append(f"/hucre?{urlencode({'yol': f'inputs/{name}', 'sayfa': 'PH 1.1', 'hucre': 'C22'})}")
        shown = 0
        for path in paths:
            page.goto(running.base + path)
            assert page.locator("img").count() == 0, path
            assert page.locator("script").count() == 1, path
            shown += "onerror=alert(1)" in page.locator("main").inner_text()
        assert shown > 5
        assert [line for line in watched.log if "status of 404" not in line] == []


# At the same time


def test_of_two_merges_at_once_one_is_told_to_wait(tmp_path: Path) -> None:
    folder, sent = small_year(tmp_path)
    for path in sent:
        (folder / "inputs" / path.name).write_bytes(path.read_bytes())
    with panel(folder, tmp_path / "state") as running:
        client = running.client()
        client.board()
        answers = in_threads([lambda: client.press("birlestir")[0].status] * 4)
        assert sorted(answers) == [303, 409, 409, 409]
        assert "genel toplam 129.000,00 TL" in client.wait()
        assert grand_total(folder) == 129_000


def test_what_is_dropped_during_a_job_is_collected_after_it(tmp_path: Path) -> None:
    folder, sent = small_year(tmp_path)
    with panel(folder, tmp_path / "state") as running:
        client = running.client()
        client.board()
        client.press("formlar")
        answer, text = client.drop((sent[0].name, sent[0].read_bytes()))
        assert answer.status == 409
        assert "bırakılan dosyalar bekliyor" in text
        while not (taken := list(folder.glob("inputs/*/*.xlsx"))):
            client.wait()
        assert [path.read_bytes() for path in taken] == [sent[0].read_bytes()]


def test_a_form_that_is_replaced_while_it_is_read_is_read_whole_or_told(tmp_path: Path) -> None:
    folder, sent = small_year(tmp_path)
    for path in sent:
        (folder / "inputs" / path.name).write_bytes(path.read_bytes())
    target = folder / "inputs" / FEN_FILE
    more = [table.replace("60.000,00", "90.000,00") for table in (TARGET, COSTS)]
    states = [target.read_bytes(), form(tmp_path, *more).read_bytes(), b"PK\x03\x04 yarim", b""]
    chance, over = random.Random(2024), threading.Event()

    def replace() -> None:
        while not over.is_set():
            target.write_bytes(chance.choice(states))
            over.wait(chance.random() / 20)

    with panel(folder, tmp_path / "state") as running:
        client = running.client()
        client.board()
        other = threading.Thread(target=replace)
        other.start()
        said = []
        try:
            for _ in range(5):
                client.press("birlestir")
                said.append(client.wait())
        finally:
            over.set()
            other.join()
    totals = [re.search(r"genel toplam ([\d.]+),00 TL", text) for text in said]
    for text, total in zip(said, totals, strict=True):
        assert total or FEN_FILE in text.replace("<wbr>", ""), text
    found = {int(total[1].replace(".", "")) for total in totals if total}
    assert found <= {129_000, 159_000}
    if found:
        assert grand_total(folder) in found


def grand_total(folder: Path) -> int:
    """The last figure of Tablo 11 in the merged workbook."""
    book = openpyxl.load_workbook(folder / "outputs" / "performans_programi_2024.xlsx", data_only=True)
    sheet = book["Toplam Kaynak İhtiyacı"]
    row = next(row for row in sheet.iter_rows(values_only=True) if "GENEL TOPLAM" in row)
    return int([value for value in row if isinstance(value, int | float)][-1])


def in_threads(jobs: list[Callable[[], int]]) -> list[int]:
    """What all say that are begun at once."""
    said: list[int] = []
    threads = [threading.Thread(target=lambda job=job: said.append(job())) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return said
