"""The same inputs, template and version give the same bytes, whoever runs it, wherever, and in whatever order."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.helpers.repository import REPOSITORY


def python(*arguments: str | Path, cwd: Path, **environment: str) -> str:
    """Standard output of a Python process of its own; it must end well."""
    run = subprocess.run(
        [sys.executable, *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


def assert_same_bytes(one: Path, other: Path) -> None:
    """Says which part of the package differs, where it does."""
    if one.read_bytes() == other.read_bytes():
        return
    with zipfile.ZipFile(one) as first, zipfile.ZipFile(other) as second:
        assert first.namelist() == second.namelist()
        parts = [name for name in first.namelist() if first.read(name) != second.read(name)]
    pytest.fail(f"{one.name} and {other.name} differ in {parts or 'the package around their parts'}")


def assert_same_folders(made: Path, committed: Path) -> None:
    names = sorted(path.name for path in committed.glob("*.xlsx"))
    assert names
    assert sorted(path.name for path in made.iterdir()) == names
    for name in names:
        assert_same_bytes(made / name, committed / name)


def test_two_processes_write_the_same_bytes(inputs: Path, tmp_path: Path) -> None:
    """Another hash seed, folder, time zone, language and output name; copies of the forms, made in another order."""
    there = tmp_path / "başka yer" / "gelen formlar"
    there.mkdir(parents=True)
    for form in sorted(inputs.glob("*.xlsx"), reverse=True):
        shutil.copyfile(form, there / form.name)
    one, other = tmp_path / "bir.xlsx", there.parent / "çıktı" / "İKİ.xlsx"
    merge = ("-m", "kars_xl", "merge")
    first = python(*merge, inputs, "-o", one, cwd=REPOSITORY, PYTHONHASHSEED="1", TZ="UTC", LC_ALL="C.UTF-8")
    second = python(
        *merge, there.name, "-o", other, cwd=there.parent, PYTHONHASHSEED="4711", TZ="Asia/Tokyo", LC_ALL="tr_TR.UTF-8"
    )
    assert_same_bytes(one, other)
    # Lines are broken where they are full, within a path, too, and a path with a space is quoted.
    said = ["".join(text.replace('"', "").split()) for text in (first, second)]
    assert said[0].replace(str(one), "") == said[1].replace("".join(str(other).split()), "")


def test_a_run_in_this_process_writes_them_too(merged: Path, inputs: Path, tmp_path: Path) -> None:
    again = tmp_path / "yeniden.xlsx"
    python("-m", "kars_xl", "merge", inputs, "-o", again, cwd=tmp_path, PYTHONHASHSEED="7")
    assert_same_bytes(merged, again)


def test_the_order_in_which_the_forms_are_named_is_of_no_matter(merged: Path, inputs: Path, tmp_path: Path) -> None:
    forms = sorted(inputs.glob("*.xlsx"), reverse=True)
    again = tmp_path / "yeniden.xlsx"
    python("-m", "kars_xl", "merge", *forms, "-o", again, "--plan", inputs / "plan.xlsx", cwd=tmp_path)
    assert_same_bytes(merged, again)


def test_another_figure_gives_other_bytes(merged: Path, inputs: Path, tmp_path: Path) -> None:
    """So that the comparison above means something: without one form the workbook is another."""
    fewer = tmp_path / "formlar"
    shutil.copytree(inputs, fewer)
    (fewer / "zabita_mudurlugu.xlsx").unlink()
    (fewer / "plan.xlsx").unlink()
    output = tmp_path / "eksik.xlsx"
    python("-m", "kars_xl", "merge", fewer, "-o", output, cwd=tmp_path)
    with pytest.raises(pytest.fail.Exception, match=r"xl/worksheets/sheet\d+\.xml"):
        assert_same_bytes(merged, output)


def test_the_forms_are_what_their_script_writes(inputs: Path, tmp_path: Path) -> None:
    python(REPOSITORY / "tools" / "make_inputs.py", tmp_path, cwd=REPOSITORY, PYTHONHASHSEED="5")
    assert_same_folders(tmp_path, inputs)
