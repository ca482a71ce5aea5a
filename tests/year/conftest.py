"""The working folder of the real year 2024."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.helpers.mail_server import working_folder


@pytest.fixture(scope="session")
def made(inputs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder as it is after the forms are made. Copy it, never change it."""
    return working_folder(inputs, tmp_path_factory.mktemp("yıl") / "2024")


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """A copy of it, nobody's form in it yet."""
    return Path(shutil.copytree(made, tmp_path / "2024"))
