"""The booklet: the official workbook as PDF, printed by the real LibreOffice and read back."""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pypdf import PdfReader

from kars_xl.reading.grid import Grid
from kars_xl.reading.recognise import recognise
from kars_xl.reports.export.booklet import export_pdf
from tests.helpers.booklets import Booklet, booklet_of
from tests.helpers.cli_runs import run
from tests.helpers.oracles import not_there


@pytest.fixture(scope="module")
def made(merged: Path, tmp_path_factory: pytest.TempPathFactory) -> Booklet:
    return booklet_of(merged, tmp_path_factory.mktemp("pdf"))


def test_every_section_is_there_in_order_and_no_hidden_sheet(made: Booklet, grid: Grid) -> None:
    assert [section.title for section in made.sections] == [sheet.name for sheet in grid.sheets if not sheet.hidden]
    assert not any("_kars_xl" in page for page in made.pages)
    firsts = [section.first for section in made.sections]
    assert firsts == sorted(set(firsts))
    assert firsts[0] == 0


def test_pages_are_counted_through_the_whole_booklet(made: Booklet) -> None:
    last = len(made.pages)
    for number, page in enumerate(made.pages[1:], start=2):
        assert f"Sayfa {number} / {last}" in page
    assert "Sayfa" not in made.pages[0], "the cover has no number"


def test_every_target_and_activity_has_a_bookmark_to_its_page(made: Booklet, grid: Grid) -> None:
    document = recognise(grid)
    targets = [f"{table.heading.codes['target']} {table.heading.text('target')}" for table in document.targets]
    costs = [
        f"{table.heading.codes['activity_name']} {table.heading.text('activity_name')}" for table in document.costs
    ]
    assert len(targets) == 27
    assert len(costs) == 88
    below = {section.title: section.marks for section in made.sections}
    assert [mark.title for mark in below["Performans Hedefleri"]] == targets
    assert [mark.title for mark in below["Faaliyet Maliyetleri"]] == costs
    for mark in below["Performans Hedefleri"]:
        assert re.search(rf"Hedefi {re.escape(mark.title.split()[0])}\s", made.pages[mark.page]), mark.title
    for mark in below["Faaliyet Maliyetleri"]:
        assert re.search(rf"Faaliyet Adı\s+{re.escape(mark.title.split()[0])}\b", made.pages[mark.page]), mark.title


def test_bookmarks_of_one_page_lead_down_it(made: Booklet) -> None:
    for section in made.sections:
        places = [(mark.page, -mark.top) for mark in section.marks]
        assert places == sorted(places)
        assert len(set(places)) == len(places)
        assert all(0 < mark.top < 842 for mark in section.marks)


def test_figures_are_printed_in_turkish_and_none_is_cut_off(made: Booklet, grid: Grid) -> None:
    text = "\n".join(made.pages)
    assert "253.748.000,00" in text
    assert "603.349.000,00" in text
    assert "253,748,000" not in text
    assert "###" not in text
    assert not re.search(r"#(REF|N/A|NAME|VALUE|DIV/0|NUM|NULL)|Err:5\d\d", text)
    assert "{{" not in text


def test_the_pdf_says_its_language_title_and_structure(made: Booklet) -> None:
    reader = PdfReader(made.path)
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "tr-TR"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert root["/PageMode"] == "/UseOutlines"
    assert reader.metadata is not None
    assert "Performans Programı" in str(reader.metadata.title)


def test_a_second_export_says_the_same(made: Booklet, merged: Path, tmp_path: Path) -> None:
    again = booklet_of(merged, tmp_path)
    assert again.pages == made.pages
    assert again.sections == made.sections


def test_the_answer_names_what_was_written(merged: Path, tmp_path: Path) -> None:
    book = tmp_path / "Çıktı #1 %20.xlsx"
    shutil.copy(merged, book)
    result = run("export", book, "--format", "json", "--to", "pdf")
    answer = json.loads(result.stdout)
    assert result.exit_code == 0
    assert answer["command"] == "export"
    assert answer["findings"] == []
    assert answer["output"] == str(tmp_path / "Çıktı #1 %20.pdf")
    assert Path(answer["output"]).read_bytes().startswith(b"%PDF-")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["Çıktı #1 %20.pdf", "Çıktı #1 %20.xlsx"]


def test_any_workbook_becomes_a_pdf(inputs: Path, tmp_path: Path) -> None:
    """A form too: its target tables are found wherever they stand."""
    made = booklet_of(inputs / "fen_isleri_mudurlugu.xlsx", tmp_path)
    assert [mark.title.split()[0] for section in made.sections for mark in section.marks][:1] == ["7.3"]


# What goes wrong

SOURCE = "form.xlsx"


@pytest.fixture
def folder(inputs: Path, tmp_path: Path) -> Iterator[Path]:
    shutil.copy(inputs / "fen_isleri_mudurlugu.xlsx", tmp_path / SOURCE)
    yield tmp_path
    left = {path.name for path in tmp_path.iterdir()} - {SOURCE, "eski.pdf", "programs", "yazilar.txt"}
    assert left == set(), "something half done was left behind"


def office_that(folder: Path, does: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program of LibreOffice's name on PATH that does something else."""
    if os.name == "nt":
        not_there("a shell script as a program")
    program = folder / "programs" / "soffice"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\n{does}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")


def failed(folder: Path, *arguments: object) -> str:
    """What was said where nothing could be written."""
    before = (folder / "eski.pdf").read_bytes() if (folder / "eski.pdf").is_file() else None
    result = run("export", folder / SOURCE, *arguments, "--to", "pdf")
    assert result.exit_code == 1, result.output
    assert "Kaydedilmedi: " in result.stderr
    assert before is None or (folder / "eski.pdf").read_bytes() == before
    return result.stderr


def test_without_libreoffice_it_says_how_to_get_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    (folder / "eski.pdf").write_bytes(b"eski")
    said = failed(folder, "-o", folder / "eski.pdf")
    assert "KX009" in said
    assert "LibreOffice bu bilgisayarda bulunamadı" in said
    assert "libreoffice.org" in said


def test_an_office_that_fails_or_writes_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    office_that(folder, "exit 77", monkeypatch)
    assert "çıkış kodu 77" in failed(folder)
    (folder / "programs" / "soffice").write_text("#!/bin/sh\nexit 0\n")
    assert "çıkış kodu 0" in failed(folder)


def test_an_office_that_hangs_is_ended_with_its_children(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    office_that(folder, f"(sleep 3; echo geç > {folder}/programs/geç) & sleep 60", monkeypatch)
    begun = time.monotonic()
    (found,) = export_pdf(str(folder / SOURCE), longest=0.5).findings
    assert (found.code, "saniyede bitiremedi" in found.message) == ("KX009", True)
    time.sleep(4)
    assert time.monotonic() - begun < 30
    assert not (folder / "programs" / "geç").exists()


def test_a_target_that_can_not_be_written(folder: Path) -> None:
    old = folder / "eski.pdf"
    old.write_bytes(b"eski")
    old.chmod(0o444)
    assert "KX006" in failed(folder, "-o", old)
    assert "KX006" in failed(folder, "-o", folder / SOURCE), "never over the workbook itself"
    assert "KX006" in failed(folder, "-o", folder / SOURCE / "kitap.pdf"), "a file is no folder"
    old.unlink()
    old.mkdir()
    assert "KX006" in failed(folder, "-o", old)
    assert (folder / SOURCE).stat().st_size > 1000


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 yok", b"%PDF-1.7"])
def test_a_source_that_is_no_workbook(data: bytes, folder: Path) -> None:
    (folder / SOURCE).write_bytes(data)
    assert ("KX014" if data.startswith(b"%PDF") else "KX001") in failed(folder)


def test_a_source_that_is_not_there_or_of_another_kind(folder: Path) -> None:
    assert "KX007" in run("export", folder / "yok.xlsx", "--to", "pdf").stderr
    (folder / "yazilar.txt").write_text("pazartesi")
    assert "KX001" in run("export", folder / "yazilar.txt", "--to", "pdf").stderr


def test_another_target_format_is_wrong_usage(folder: Path) -> None:
    result = run("export", folder / SOURCE, "--to", "docx")
    assert result.exit_code == 2
