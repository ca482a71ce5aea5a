"""The templates are workbooks that an office edits: what an edit changes stands in the dump beside the tests."""

from __future__ import annotations

import difflib
import os
import re
import runpy
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.libreoffice_edits import edited_by_libreoffice

REPOSITORY = Path(__file__).resolve().parents[2]
TOOL = REPOSITORY / "tools" / "make_golden.py"
NAMES = sorted(path.stem for path in (REPOSITORY / "templates").glob("*.xlsx"))

# What an office does in LibreOffice: another wording, another fill, a wider column.
EDIT = """
  sheets.getByName("Amaçlara Göre").getCellRangeByName("A1").String = "Amaçlara Göre Kaynak İhtiyacı (Özet)"
  sheets.getByName("Performans Hedefleri").getCellRangeByName("A4").CellBackColor = RGB(255, 192, 0)
  sheets.getByName("Harcama Birimleri").Columns.getByName("C").Width = 9000
"""
# What LibreOffice 7.4 does not write into an .xlsx, and how the dump reads without it.
LOST = {
    "the description of a chart": (r"^(chart: \S+ \w+) .*", r"\1"),
    "the colour of a conditional format's border": (r"^(rule: .* thin) #\w{6}", r"\1"),
    # Settings of a window, and LibreOffice without a screen has none.
    "grid lines, tabs' colours, frozen panes": (r"^(hide_gridlines|set_tab_color|freeze): .*\n", ""),
}
# The tests that read the shipped template of the programme and take no wording, fill or width of it for granted.
SUITE = (Path(__file__).name, "test_template_changes.py", "test_template_lint.py")


@pytest.fixture(scope="module")
def golden() -> dict[str, Any]:
    return runpy.run_path(str(TOOL))


@pytest.mark.parametrize("name", NAMES)
def test_the_dump_beside_the_tests_is_that_of_the_template(golden: dict[str, Any], name: str) -> None:
    template = REPOSITORY / "templates" / f"{name}.xlsx"
    kept = golden["TEMPLATES"][template].read_text(encoding="utf-8")
    assert changes(kept, golden["template_dump"](template)) == [], "Meant? Then: python tools/make_golden.py"


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The programme's template opened and saved by LibreOffice: as it is, and with the office's edit."""
    template = REPOSITORY / "templates" / "performans_programi.xlsx"
    return edited_by_libreoffice(template, {"as it is": "", "edited": EDIT}, tmp_path_factory.mktemp("libreoffice"))


def test_saving_in_libreoffice_changes_nothing_but_what_it_is_known_to_lose(
    golden: dict[str, Any], saved: dict[str, Path]
) -> None:
    kept = golden["template_dump"](REPOSITORY / "templates" / "performans_programi.xlsx")
    assert changes(without_lost(kept), without_lost(golden["template_dump"](saved["as it is"]))) == []


def test_an_edit_in_libreoffice_is_committed(saved: dict[str, Path], tmp_path: Path) -> None:
    """In a copy of the repository: the renewed dump names the three changes, and the suite's tests pass."""
    copy = tmp_path / "kars-xl"
    for folder in ("kars_xl", "templates", "inputs", "tools", "tests"):
        shutil.copytree(REPOSITORY / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copyfile(REPOSITORY / "pyproject.toml", copy / "pyproject.toml")
    shutil.copyfile(saved["edited"], copy / "templates" / "performans_programi.xlsx")
    dumps = copy / "tests" / "golden" / "templates"
    before = {path.name: path.read_text(encoding="utf-8") for path in dumps.iterdir()}
    run(copy, "tools/make_golden.py")
    after = {path.name: path.read_text(encoding="utf-8") for path in dumps.iterdir()}
    assert [name for name in before if before[name] != after[name]] == ["performans_programi.txt"]
    found = changes(*(without_lost(texts["performans_programi.txt"]) for texts in (before, after)))
    assert [reworded(*pair) for pair in zip(found[::2], found[1::2], strict=True)] == [
        ("[Performans Hedefleri]", "#17374B,", "#FFC000,"),
        ("[Harcama Birimleri]", "C-C=37.7", "C-C=46.0"),
        ("[Amaçlara Göre]", "", "(Özet)"),
    ]
    suite = [str(path) for name in SUITE for path in (copy / "tests").rglob(name)]
    assert len(suite) == len(SUITE)
    # A second time LibreOffice 7.4 does not open what it wrote itself, 'Şekiller'!$A$8 without its quotes.
    once = "not libreoffice and not stored_results"
    run(copy, "-m", "pytest", "-n", "0", "-p", "no:cacheprovider", *suite, "-k", once)


def changes(before: str, after: str) -> list[str]:
    """The lines that differ, each with its sheet."""
    differing = difflib.unified_diff(placed(before), placed(after), n=0, lineterm="")
    return [line for line in differing if not line.startswith(("@@", "---", "+++"))]


def reworded(before: str, after: str) -> tuple[str, str, str]:
    """The sheet of two lines, and the words that only one of them has."""
    old, new = before[1:].split(), after[1:].split()
    gone, come = (" ".join(word for word in one if word not in other) for one, other in ((old, new), (new, old)))
    return before[1 : before.index("]") + 1], gone, come


def placed(dump: str) -> list[str]:
    sheet, lines = "", []
    for line in dump.splitlines():
        sheet = line if line.startswith("[") else sheet
        lines.append(f"{sheet} {line}")
    return lines


def without_lost(dump: str) -> str:
    for pattern, rest in LOST.values():
        dump = re.sub(pattern, rest, dump, flags=re.MULTILINE)
    return dump


def run(folder: Path, *arguments: str) -> None:
    """Python in the copy, with the copy's package."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "PYTEST_ADDOPTS": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-5000:]
