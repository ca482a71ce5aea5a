"""The Python interface: light to import, typed, and as its page says; the page's code is run as it stands."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

import kars_xl
from kars_xl.reports.export.rows import SHAPES
from tests.helpers.form_files import FEN_FILE, TARGET, form
from tests.helpers.form_tables import cost_table
from tests.helpers.repository import REPOSITORY

PAGE = (REPOSITORY / "docs" / "api.md").read_text("utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


def test_the_pages_code_runs_as_it_stands(tmp_path: Path, inputs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(inputs, tmp_path / "inputs")
    (tmp_path / "tests" / "data").mkdir(parents=True)
    shutil.copy(REPOSITORY / "tests" / "data" / "kars_2024.txt", tmp_path / "tests" / "data")
    here = os.getcwd()
    os.chdir(tmp_path)
    try:
        names: dict[str, object] = {}
        for block in BLOCKS:
            exec(compile(block, "docs/api.md", "exec"), names)
    finally:
        os.chdir(here)
    said = capsys.readouterr().out
    assert len(BLOCKS) > 7
    assert "T.C. KARS BELEDİYE BAŞKANLIĞI 2024 27 88" in said
    assert "253748000.00" in said
    assert "fen_isleri_mudurlugu.xlsx" in said


def test_the_page_names_every_table_and_column() -> None:
    named = set(re.findall(r"`([^`]+)`", re.sub(r"```.*?```", "", PAGE, flags=re.DOTALL)))
    for shape in SHAPES:
        assert {shape.name, f"frames.{shape.attribute}"} <= named
        assert {column.name for column in shape.columns} <= named, shape.name
    for name in kars_xl.__all__:
        assert re.search(rf"kars_xl\.{name}\b", PAGE), name


def test_importing_it_imports_next_to_nothing() -> None:
    code = (
        "import sys; before = set(sys.modules); import kars_xl; assert kars_xl.merge and kars_xl.Refused;"
        "print([name for name in set(sys.modules) - before if name.split('.')[0] in"
        "('pandas', 'numpy', 'openpyxl', 'xlsxwriter', 'rapidfuzz', 'click', 'formualizer', 'platformdirs')])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_all_names_are_there_and_no_other() -> None:
    assert set(kars_xl.__all__) <= set(dir(kars_xl))
    for name in kars_xl.__all__:
        assert getattr(kars_xl, name).__doc__
    with pytest.raises(AttributeError, match="olmayan"):
        kars_xl.olmayan  # type: ignore[attr-defined]  # noqa: B018


def test_using_one_function_hides_no_other(tmp_path: Path) -> None:
    """A subpackage of a function's name would take its place once it is imported."""
    code = "import kars_xl; [getattr(kars_xl, n)('yok.xlsx') for n in ('read', 'check', 'cross_check')]; " + (
        "print(all(callable(getattr(kars_xl, n)) for n in kars_xl.__all__))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert found.stdout.strip() == "True"


def test_each_function_takes_several_paths_of_any_kind(gelen: Path, tmp_path: Path) -> None:
    files = [gelen / FEN_FILE, str(gelen / "tablo_11_mali_hizmetler.xlsx")]
    assert not kars_xl.check(*files).failed
    done = kars_xl.merge(*files, output=tmp_path / "program.xlsx")
    assert done.written == (str(tmp_path / "program.xlsx"),)
    assert done.merged is not None
    programme = kars_xl.read(*files).programme
    assert programme == done.merged.programme
    assert programme is not None
    assert programme.activity_costs.total == 60_000_00
    assert kars_xl.frames(*files).costs["tutar"].sum() == Decimal("60000.00")


def test_what_is_wrong_in_a_file_is_a_value(gelen: Path, tmp_path: Path) -> None:
    form(gelen, TARGET, cost_table("Yol yapımı", "1,500"))
    for found in (kars_xl.read(gelen), kars_xl.check(gelen), kars_xl.merge(gelen, output=tmp_path / "x.xlsx")):
        assert found.failed
        error = next(item for item in found.findings if item.code == "KX103")
        assert Path(error.place.file).name == FEN_FILE
        assert error.place.cell
    assert not (tmp_path / "x.xlsx").exists()
    assert kars_xl.read(gelen).programme is None
    for missing in (kars_xl.read("yok"), kars_xl.check("yok"), kars_xl.cross_check("yok")):
        assert [item.code for item in missing.findings] == ["KX007"]
    with pytest.raises(kars_xl.Refused, match="KX007") as refused:
        kars_xl.frames("yok")
    assert [item.code for item in refused.value.findings] == ["KX007"]


def test_an_audit_writes_what_it_is_asked_for(gelen: Path, tmp_path: Path) -> None:
    kars_xl.merge(gelen, output=tmp_path / "program.xlsx")
    found = kars_xl.cross_check(tmp_path / "program.xlsx", html=tmp_path / "a.html")
    assert found.written == (str(tmp_path / "a.html"),)
    assert found.audit is not None
    assert found.audit.programme.year == 2024


def test_wrong_calls_are_exceptions(tmp_path: Path) -> None:
    for function in (kars_xl.read, kars_xl.check, kars_xl.cross_check, kars_xl.frames):
        with pytest.raises(ValueError, match="no path"):
            function()
    with pytest.raises(TypeError):
        kars_xl.read(42)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        kars_xl.merge(tmp_path)  # type: ignore[call-arg]
