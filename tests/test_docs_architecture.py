"""The worked examples of docs/architecture.md: each patch is applied to a copy of the package and tried there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.repository import REPOSITORY

PAGE = REPOSITORY / "docs" / "architecture.md"
_EXAMPLE = re.compile(r"^### (.+)\n(?:(?!^###).*\n)*?```diff\n([\s\S]*?)```\n\n```python\n([\s\S]*?)```", re.M)
EXAMPLES = {name: (patch, trial) for name, patch, trial in _EXAMPLE.findall(PAGE.read_text(encoding="utf-8"))}
LONGEST = 30


def test_all_five_are_there_and_short() -> None:
    assert list(EXAMPLES) == ["A check", "A table", "A placeholder", "A column", "A command"]
    changed = {
        name: len(re.findall(r"^[+-](?![+-]{2} )", patch, re.MULTILINE)) for name, (patch, _) in EXAMPLES.items()
    }
    assert all(lines < LONGEST for lines in changed.values()), changed


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_patch_applies_and_does_what_is_said(name: str, tmp_path: Path) -> None:
    patch, trial = EXAMPLES[name]
    shutil.copytree(REPOSITORY / "kars_xl", tmp_path / "kars_xl", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(REPOSITORY / "templates", tmp_path / "templates")
    (tmp_path / "inputs").symlink_to(REPOSITORY / "inputs", target_is_directory=True)
    # A repository above the copy would have its say in what is applied.
    environment = {**os.environ, "GIT_CEILING_DIRECTORIES": str(tmp_path.parent)}
    applied = subprocess.run(
        ["git", "apply", "-"], input=patch, cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert applied.returncode == 0, applied.stderr
    (tmp_path / "trial.py").write_text(trial, encoding="utf-8")
    run = [sys.executable, "trial.py"]
    tried = subprocess.run(run, cwd=tmp_path, env={**environment, "PYTHONPATH": "."}, capture_output=True, text=True)
    assert tried.returncode == 0, tried.stdout + tried.stderr
