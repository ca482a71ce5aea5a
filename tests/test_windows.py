"""What is different on Windows, as far as it can be had here: code pages, open files, no fork, names, line ends."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path, PureWindowsPath

import pytest

from kars_xl.base.file_names import file_stem, short_names
from kars_xl.base.place import Place
from kars_xl.cli.base import nearest
from kars_xl.findings.as_text import where
from kars_xl.model.cost_rows import CostRow
from kars_xl.pipeline import check, make_forms, merge
from kars_xl.reading.files import read_files
from tests.helpers.cli_runs import run
from tests.helpers.form_files import COSTS, FEN_FILE, TARGET, finance, form
from tests.helpers.form_tables import MATRIX, cost_table

# What stands behind a redirected output: Turkish Windows, its old console, an American console, nothing at all.
CODE_PAGES = ["cp1254", "cp857", "cp437", "cp1252"]
LETTERS = "çğıöşüÇĞİÖŞÜ"


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    folder = tmp_path / "gelen"
    folder.mkdir()
    form(folder, TARGET, cost_table("Yol yapımı", "1,500"))
    return folder


def redirected(code_page: str, *arguments: object) -> subprocess.CompletedProcess[bytes]:
    """The program with its outputs redirected where the system's code page is this one."""
    command = [sys.executable, "-m", "kars_xl", *map(str, arguments)]
    settings = os.environ | {"PYTHONIOENCODING": code_page}
    return subprocess.run(command, capture_output=True, env=settings, check=False)


# Code pages


@pytest.mark.parametrize("code_page", CODE_PAGES)
def test_a_code_page_stops_no_answer(code_page: str, faulty: Path) -> None:
    done = redirected(code_page, "check", faulty)
    said = done.stdout.decode(code_page)
    assert (done.returncode, "KX103" in said) == (1, True), said
    assert " > PH 1.1 > C" in said
    assert "\\u" not in said
    assert "?" not in said


def test_letters_that_the_code_page_has_stay(faulty: Path) -> None:
    for code_page in ("cp1254", "cp857"):
        said = redirected(code_page, "check", faulty).stdout.decode(code_page)
        assert "Sayıyı yalnız rakamla yazın, ondalığı virgülle ayırın" in said
    said = redirected("cp437", "check", faulty).stdout.decode("cp437")
    assert "Sayiyi yalniz rakamla yazin, ondaligi virgülle ayirin" in said


@pytest.mark.parametrize("code_page", [*CODE_PAGES, "utf-8"])
def test_json_is_utf_8_whatever_the_code_page(code_page: str, faulty: Path) -> None:
    done = redirected(code_page, "check", faulty, "--format", "json")
    answer = json.loads(done.stdout.decode("utf-8"))
    assert any("sayı olarak okunamadı" in found["message"] for found in answer["findings"])


def test_wrong_usage_is_said_in_any_code_page() -> None:
    done = redirected("cp437", "merge", "--yanlış")
    assert done.returncode == 2
    assert b"--yanlis" in done.stderr


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a ▸ b → c", "a > b -> c"),
        ("“Ödenek” – 5 ₺…", '"Odenek" - 5 TL...'),
        (LETTERS, "cgiosuCGIOSU"),
        ("m²", "m2"),
        ("д", "\\u0434"),
        ("🙂", "\\U0001f642"),
    ],
)
def test_signs_become_the_nearest_that_every_code_page_has(text: str, expected: str) -> None:
    assert nearest(text) == expected


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
def test_a_file_name_that_is_no_text_can_be_named(faulty: Path) -> None:
    name = os.fsencode(faulty) + b"/\xfe\xff.xlsx"
    Path(os.fsdecode(name)).write_bytes(b"")
    done = redirected("utf-8", "check", faulty)
    # As Turkish Windows, where such a name mostly comes from, reads it.
    assert (done.returncode, "şÿ.xlsx".encode() in done.stdout) == (1, True)
    answer = json.loads(redirected("utf-8", "check", faulty, "--format", "json").stdout)
    assert os.fsdecode(name) in {found["file"] for found in answer["findings"]}


# Files that Excel has open


def test_a_target_that_is_open_is_said_to_be_and_stays(
    gelen: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows refuses to put a file in the place of an open one."""
    output = tmp_path / "program.xlsx"
    output.write_bytes(b"eski")

    def refused(source: object, target: object) -> None:
        raise PermissionError(errno.EACCES, "Access is denied", str(source), 5, str(target))

    monkeypatch.setattr(os, "replace", refused)
    found = merge([str(gelen)], str(output))
    assert [item.code for item in found.findings if item.is_error] == ["KX006"]
    said = run("merge", gelen, "-o", output)
    assert (said.exit_code, "başka bir programda açık" in said.stderr, "Excel'de açıksa" in said.stderr) == (
        1,
        True,
        True,
    )
    assert output.read_bytes() == b"eski"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["gelen", "program.xlsx"]


@pytest.mark.parametrize("arguments", [["--html", "rapor.html"], ["--annotate", "isaretli"]])
def test_reports_into_open_files_are_refused_the_same_way(
    arguments: list[str], faulty: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise PermissionError(errno.EACCES, "Access is denied")

    monkeypatch.setattr(os, "replace", refused)
    monkeypatch.setattr(os, "link", refused)
    said = run("check", faulty, arguments[0], tmp_path / arguments[1])
    assert (said.exit_code, "KX006" in said.output + said.stderr) == (1, True)


def test_an_open_table_keeps_all_tables_as_they_are(
    gelen: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "veri"
    assert run("export", gelen, "--to", "csv", "-o", target).exit_code == 0
    for path in target.iterdir():
        path.write_bytes(b"eski")
    real = open

    def guarded(file: object, mode: str = "r", *arguments: object, **settings: object) -> object:
        if str(file).endswith("maliyetler.csv") and mode != "rb":
            raise PermissionError(errno.EACCES, "Permission denied", str(file))
        return real(file, mode, *arguments, **settings)  # type: ignore[call-overload]

    monkeypatch.setattr("builtins.open", guarded)
    said = run("export", gelen, "--to", "csv", "-o", target)
    assert (said.exit_code, "maliyetler.csv" in said.stderr, "KX006" in said.stderr) == (1, True, True)
    assert {path.read_bytes() for path in target.iterdir()} == {b"eski"}


def test_excels_lock_files_are_no_forms(gelen: Path) -> None:
    """A locked file's owner file holds a name and nothing that could be read."""
    (gelen / f"~${FEN_FILE}").write_bytes(b"\x05Ay\xfee" + b" " * 160)
    assert not check([str(gelen)]).failed


# What other systems have


def test_without_users_and_fork_a_merge_says_the_same(
    gelen: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    merge([str(gelen)], str(tmp_path / "a.xlsx"))
    monkeypatch.delattr(os, "getuid", raising=False)
    monkeypatch.delattr(os, "fork", raising=False)
    merge([str(gelen)], str(tmp_path / "b.xlsx"))
    assert (tmp_path / "b.xlsx").read_bytes() == (tmp_path / "a.xlsx").read_bytes()


# Names


@pytest.mark.parametrize("unit", ["CON", "Nul", "aux", "COM1", "Lpt9", "PRN"])
def test_no_form_is_called_like_a_device(unit: str) -> None:
    assert file_stem(unit).upper() != unit.upper()
    assert file_stem(unit).upper().startswith(unit.upper())


@pytest.mark.parametrize("unit", ['A/B: "Su" <İşleri>? *|\\ Müdürlüğü.', "Müdürlük. ", "İ" * 300, "…"])
def test_form_names_hold_only_what_windows_takes(unit: str) -> None:
    stem = file_stem(unit)
    assert stem
    assert len(stem) <= 60
    assert not set(stem) & set('<>:"/\\|?*. ')
    assert stem.isascii()


def test_two_units_that_differ_in_capitals_have_one_file_name_and_are_one_unit(tmp_path: Path) -> None:
    """Windows knows no difference between the two names, so nothing may rest on it."""
    form(tmp_path, unit="Fen İşleri Müdürlüğü")
    finance(tmp_path)
    assert file_stem("FEN İŞLERİ MÜDÜRLÜĞÜ") == file_stem("Fen İşleri Müdürlüğü") == "fen_isleri_mudurlugu"
    assert short_names(["a/Form.xlsx", "b/form.xlsx"]) == {
        "a/Form.xlsx": ("a", "Form.xlsx"),
        "b/form.xlsx": ("b", "form.xlsx"),
    }


def test_a_deep_folder_adds_little_to_the_longest_path(inputs: Path, tmp_path: Path) -> None:
    """Windows takes 259 letters unless told otherwise, and the temporary names are longer still."""
    deep = tmp_path / "formlar"
    outcome = make_forms(str(inputs / "plan.xlsx"), str(deep), filled=False)
    assert outcome.written
    assert max(len(Path(path).name) for path in outcome.written) <= 65


def test_a_place_on_windows_is_named_by_its_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kars_xl.findings.as_text.PurePath", PureWindowsPath)
    place = Place("D:\\Performans 2027\\gelen\\fen.xlsx", "PH 1.1", 41, 3)
    assert where(place) == "fen.xlsx ▸ PH 1.1 ▸ C41"


# Text files of Excel


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
@pytest.mark.parametrize(("encoding", "separator"), [("cp1254", ";"), ("utf-8-sig", ";"), ("utf-16", "\t")])
def test_text_that_excel_saved_is_read_alike(end: str, encoding: str, separator: str, tmp_path: Path) -> None:
    rows = "\n".join([TARGET, COSTS, MATRIX]).replace("\t", separator)
    path = tmp_path / ("form.csv" if separator == ";" else "form.txt")
    path.write_bytes(rows.replace("\n", end).encode(encoding))
    (document,) = read_files([str(path)]).documents
    (costs,) = document.costs
    assert costs.heading.text("activity_name") == "Yol yapımı"
    assert costs.amounts[CostRow(3)].kurus == 6_000_000


def test_a_cell_too_long_for_a_table_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "form.csv").write_text("a;" + "x" * 200_000)
    assert [found.code for found in check([str(tmp_path / "form.csv")]).findings] == ["KX001"]


def test_a_copy_with_another_case_of_its_ending_is_read(gelen: Path) -> None:
    shutil.move(gelen / FEN_FILE, gelen / FEN_FILE.upper().replace("İ", "I"))
    assert not check([str(gelen)]).failed
