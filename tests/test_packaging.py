"""What is given away: wheel and sdist, installed into fresh environments and run from elsewhere; shell completion."""

from __future__ import annotations

import email
import json
import os
import re
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

from tests.helpers.cli_runs import run
from tests.helpers.repository import REPOSITORY

HOOK = "import sys; from hatchling import build; print(getattr(build, sys.argv[1])(sys.argv[2]))"
EXTRAS = re.compile(r"(?:\.|kars-xl)\[([a-z,]+)\]")


def built(what: str, source: Path, target: Path) -> Path:
    """The file that the build backend makes of `source`, as pip and `build` call it."""
    done = subprocess.run(
        [sys.executable, "-c", HOOK, what, str(target)], cwd=source, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return target / done.stdout.split()[-1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built("build_wheel", REPOSITORY, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source archive, unpacked."""
    folder = tmp_path_factory.mktemp("sdist")
    with tarfile.open(built("build_sdist", REPOSITORY, folder)) as archive:
        archive.extractall(folder, filter="data")
    return next(path for path in folder.iterdir() if path.is_dir())


@pytest.fixture(scope="module")
def second_wheel(sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What pip makes of the sdist."""
    return built("build_wheel", sdist, tmp_path_factory.mktemp("sdist_wheel"))


def contents(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as package:
        return {name: package.read(name) for name in package.namelist()}


def test_the_wheel_holds_all_that_is_no_code(wheel: Path) -> None:
    held = contents(wheel)
    for template in (REPOSITORY / "templates").iterdir():
        assert held[f"kars_xl/templates/{template.name}"] == template.read_bytes()
    package = REPOSITORY / "kars_xl"
    files = {path.relative_to(REPOSITORY).as_posix() for path in package.rglob("*") if path.is_file()}
    assert {name for name in files if "__pycache__" not in name} <= held.keys()
    assert "kars_xl/py.typed" in held
    assert "kars_xl/cli/locale/tr/LC_MESSAGES/messages.mo" in held
    assert not [name for name in held if name.split("/")[0] in ("tests", "inputs", "tools", "docs", "benchmarks")]


def test_the_wheel_says_what_it_needs_and_its_licence(wheel: Path) -> None:
    held = contents(wheel)
    name = next(name for name in held if name.endswith(".dist-info/METADATA"))
    metadata = email.message_from_bytes(held[name])
    assert metadata["License-Expression"] == "MIT"
    assert b"MIT" in held[name.replace("METADATA", "licenses/LICENSE")]
    required = (line for line in metadata.get_all("Requires-Dist", []) if "extra" not in line)
    needed = {re.split("[<>]", line)[0].lower() for line in required}
    assert {"click", "jinja2", "openpyxl", "pandas", "xlsxwriter", "formualizer"} <= needed
    assert "pyarrow" not in needed
    assert "parquet" in metadata.get_all("Provides-Extra", [])
    assert b"kars-xl = kars_xl.__main__:run" in held[name.replace("METADATA", "entry_points.txt")]


def test_the_sdist_makes_the_same_wheel_and_holds_no_more(sdist: Path, wheel: Path, second_wheel: Path) -> None:
    assert contents(second_wheel) == contents(wheel)
    kept = {path.name for path in sdist.iterdir()}
    top = {"kars_xl", "templates", "README.md", "CHANGELOG.md", "LICENSE", "pyproject.toml", "PKG-INFO", ".gitignore"}
    assert kept == top


def test_installed_it_merges_from_another_folder(
    second_wheel: Path, inputs: Path, merged: Path, tmp_path: Path
) -> None:
    """In an environment of its own that shares nothing with this one but the libraries; by way of sdist and wheel."""
    home = tmp_path / "ortam"
    venv.create(home, symlinks=os.name != "nt")
    programs = home / ("Scripts" if os.name == "nt" else "bin")
    place = json.loads(
        said(programs / "python", "-c", "import json, sysconfig; print(json.dumps(sysconfig.get_paths()['purelib']))")
    )
    install = ["-m", "pip", "--python", str(programs / "python"), "install", "-q", "--no-deps", "--no-index"]
    said(sys.executable, *install, str(second_wheel))
    # After its own packages, so that kars_xl is the one that was installed; this one's .pth files do not count.
    (Path(place) / "libraries.pth").write_text(sysconfig.get_paths()["purelib"])
    elsewhere = tmp_path / "başka yer"
    elsewhere.mkdir()
    found = said(programs / "python", "-c", "import kars_xl; print(kars_xl.__file__)", folder=elsewhere)
    assert Path(found.strip()).is_relative_to(home)
    output = elsewhere / "program.xlsx"
    said(programs / "kars-xl", "merge", str(inputs), "-o", str(output), folder=elsewhere)
    assert output.read_bytes() == merged.read_bytes()
    assert "Kullanım:" in said(programs / "kars-xl", "--help", folder=elsewhere)


def test_every_extra_that_is_named_is_there() -> None:
    settings = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    pages = [
        page for pattern in ("*.md", "docs/*.md", "tools/*.py", "benchmarks/*.md") for page in REPOSITORY.glob(pattern)
    ]
    texts = [page.read_text(encoding="utf-8") for page in pages]
    named = {name for text in texts for found in EXTRAS.findall(text) for name in found.split(",")}
    assert "bundle" in named
    assert named <= set(settings["project"]["optional-dependencies"])


def said(*command: object, folder: Path | None = None) -> str:
    """Standard output of a program that must succeed, without this environment's settings of Python."""
    settings = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        list(map(str, command)), cwd=folder, env=settings, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


# Shell completion


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_each_shell_has_a_script(shell: str) -> None:
    result = run(prog_name="kars-xl", env={"_KARS_XL_COMPLETE": f"{shell}_source"})
    assert (result.exit_code, "kars-xl" in result.output) == (0, True)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("kars-xl mer", ["plain,merge"]),
        ("kars-xl merge in", ["file,in"]),
        ("kars-xl merge gelen --plan pl", ["file,pl"]),
        ("kars-xl merge gelen --la", ["plain,--latest"]),
        ("kars-xl export x.xlsx --to p", ["plain,pdf", "plain,parquet"]),
        ("kars-xl trace program.xlsx PH", ["file,PH"]),
    ],
)
def test_commands_options_and_paths_are_completed(words: str, expected: list[str]) -> None:
    settings = {"_KARS_XL_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(len(words.split()) - 1)}
    result = run(prog_name="kars-xl", env=settings)
    assert result.output.split() == expected
