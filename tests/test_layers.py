"""The rooms of the package: which there are, that imports between them go down only, and that none goes in a circle.

Read from the source, not run: imports in functions, for types only, relative ones and those by importlib count, too.
"""

from __future__ import annotations

import ast
import shutil
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.helpers.repository import REPOSITORY

PACKAGE = REPOSITORY / "kars_xl"
ROOMS = {
    "base", "model", "findings", "reading", "merging", "checking", "template", "workbook", "reports", "year", "panel",
    "cli",
}  # fmt: skip
MOST_FILES = 6
# A room imports what is on lower floors. The package itself, which has the interface's names, is above all of them.
FLOORS = {
    "base": 0, "template": 1, "model": 1, "findings": 2, "reading": 3, "merging": 4, "checking": 5, "workbook": 5,
    "reports": 6, "pipeline": 7, "year": 8, "api": 9, "panel": 9, "cli": 10, "__main__": 11, "": 11,
}  # fmt: skip


class Module(NamedTuple):
    """A module of the package; its name is without the package's own: "base.text", "base", "" for the package."""

    name: str
    path: Path
    tree: ast.Module

    @property
    def room(self) -> str:
        return self.name.partition(".")[0]

    @property
    def package(self) -> str:
        """What its relative imports start from."""
        return self.name if self.path.name == "__init__.py" else self.name.rpartition(".")[0]


class Arrow(NamedTuple):
    """An import: whose, in which line, of which module, and whether for type checkers only."""

    module: str
    line: int
    imported: str
    types_only: bool

    def __str__(self) -> str:
        return f"{self.module or '__init__'}:{self.line} imports {self.imported or 'the whole package'}"


def faults(package: Path) -> list[str]:
    """All that is wrong with a package folder of these rooms, each as a sentence."""
    modules = {module.name: module for module in _modules(package)}
    arrows: list[Arrow] = []
    found = _faults_of_the_folder(package)
    for module in modules.values():
        for arrow in _arrows(module, modules, package.name):
            arrows.append(arrow)
            if arrow.imported not in modules:
                found.append(f"{arrow}: no such module can be told from the source")
            elif not _goes_down(arrow):
                found.append(f"{arrow}: not on a lower floor")
    return [*found, *_circles(arrows)]


def _modules(package: Path) -> Iterator[Module]:
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        yield Module(name, path, _parsed(path.read_text(encoding="utf-8")))


@cache
def _parsed(text: str) -> ast.Module:
    return ast.parse(text)


def _faults_of_the_folder(package: Path) -> list[str]:
    entries = [path for path in package.iterdir() if path.name != "__pycache__"]
    rooms = {path.name for path in entries if path.is_dir()}
    files = sorted(path.name for path in entries if path.is_file())
    found = [f"{name} is no room" for name in sorted(rooms - ROOMS)]
    found += [f"the room {name} is missing" for name in sorted(ROOMS - rooms)]
    found += [f"{name} has no floor" for name in files if name.endswith(".py") and _floor_name(name) not in FLOORS]
    if len(files) > MOST_FILES:
        found.append(f"more than {MOST_FILES} files beside the rooms: {', '.join(files)}")
    for name in sorted(rooms & ROOMS):
        init = package / name / "__init__.py"
        if not init.is_file() or not ast.get_docstring(_parsed(init.read_text(encoding="utf-8"))):
            found.append(f"the room {name} doesn't say what it is for")
    return found


def _floor_name(file: str) -> str:
    return file.removesuffix(".py").replace("__init__", "")


def _goes_down(arrow: Arrow) -> bool:
    own, other = (name.partition(".")[0] for name in (arrow.module, arrow.imported))
    return own == other or FLOORS.get(own, -1) > FLOORS.get(other, -1)


def _arrows(module: Module, modules: Mapping[str, Module], package: str) -> Iterator[Arrow]:
    """Each import of the package's own modules; "?" where the source doesn't say which module."""
    for node, types_only in _nodes(module.tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            start = _absolute("." * node.level + (node.module or ""), module.package, package)
            names = [_meant(start, alias.name, modules, package) for alias in node.names]
        elif isinstance(node, ast.Call) and (called := _by_name(node)) is not None:
            names = [_absolute(called, module.package, package)]
        for name in names:
            if name == "?" or name.split(".")[0] == package:
                yield Arrow(module.name, node.lineno, name.removeprefix(package).removeprefix("."), types_only)


@cache
def _nodes(tree: ast.Module) -> list[tuple[ast.AST, bool]]:
    """All that may import, and whether only type checkers see it."""
    found: list[tuple[ast.AST, bool]] = []
    left: list[tuple[ast.AST, bool]] = [(tree, False)]
    while left:
        node, types_only = left.pop()
        if isinstance(node, ast.Import | ast.ImportFrom | ast.Call):
            found.append((node, types_only))
        if isinstance(node, ast.If) and _last_name(node.test) == "TYPE_CHECKING":
            left += [(child, True) for child in node.body]
            left += [(child, types_only) for child in node.orelse]
        else:
            left += [(child, types_only) for child in ast.iter_child_nodes(node)]
    return found


def _last_name(expression: ast.expr) -> str:
    """ "c" of c and of a.b.c."""
    return getattr(expression, "attr", getattr(expression, "id", ""))


def _absolute(name: str, own: str, package: str) -> str:
    """A module's whole name from one that may begin with dots, as seen from `own`."""
    dots = len(name) - len(name.lstrip("."))
    if dots == 0:
        return name
    base = [package, *own.split(".")] if own else [package]
    return ".".join([*base[: len(base) - dots + 1], *([name[dots:]] if name[dots:] else [])])


def _meant(start: str, name: str, modules: Mapping[str, Module], package: str) -> str:
    """What `from start import name` imports: a module of that name, or the one that has the name."""
    inner = f"{start}.{name}".removeprefix(f"{package}.")
    if inner in modules:
        return f"{start}.{name}"
    # The version, which everybody may print, is no part of the interface.
    return "" if start == package and name == "__version__" else start


def _by_name(call: ast.Call) -> str | None:
    """The module that a call of importlib.import_module or __import__ names; "?" where it is made up on the way.

    What is made up behind one dot is a module of the caller's own package.
    """
    if _last_name(call.func) not in ("import_module", "__import__"):
        return None
    first = call.args[0] if call.args else None
    if isinstance(first, ast.JoinedStr) and isinstance(start := first.values[0], ast.Constant) and start.value == ".":
        return "."
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else "?"


def _circles(arrows: list[Arrow]) -> list[str]:
    """The shortest circle through the first module of each knot of modules that import one another when run."""
    imports: dict[str, set[str]] = {}
    for arrow in arrows:
        if not arrow.types_only and arrow.module != arrow.imported:
            imports.setdefault(arrow.module, set()).add(arrow.imported)
    found: list[str] = []
    told: set[str] = set()
    for module in sorted(imports):
        if module not in told and (circle := _way_back(module, imports)):
            told |= set(circle)
            found.append("circle: " + " → ".join(name or "__init__" for name in circle))
    return found


def _way_back(module: str, imports: Mapping[str, set[str]]) -> list[str]:
    """The shortest way from a module to itself, with it at both ends; empty where there is none."""
    ways = [[module]]
    seen: set[str] = set()
    for way in ways:
        for other in sorted(imports.get(way[-1], ())):
            if other == module:
                return [*way, other]
            if other not in seen:
                seen.add(other)
                ways.append([*way, other])
    return []


def test_the_rooms_and_their_floors() -> None:
    assert faults(PACKAGE) == []


# The check notices


PLANTED = {
    "up": ("base/text.py", "from kars_xl.merging.consolidate import consolidate", "merging.consolidate"),
    "up to a room": ("base/text.py", "import kars_xl.merging", "merging"),
    "up, lazily": ("reading/files.py", "def late():\n    from kars_xl.reports import diff", "reports.diff"),
    "up, relatively": ("reading/files.py", "from ..checking import book", "checking.book"),
    "up, for types": (
        "model/programme.py",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from kars_xl.reading.tables import Document",
        "reading.tables",
    ),
    "up, by importlib": (
        "template/nodes.py",
        "import importlib\ndef late():\n    return importlib.import_module('kars_xl.model.programme')",
        "model.programme",
    ),
    "up, by importlib and dots": (
        "template/nodes.py",
        "from importlib import import_module\nimport_module('..findings.finding', __package__)",
        "findings.finding",
    ),
    "up, by __import__": ("findings/finding.py", "__import__('kars_xl.pipeline')", "pipeline"),
    "aside": ("workbook/render.py", "from kars_xl.checking import book", "checking.book"),
    "aside, the other way": ("checking/book.py", "from kars_xl.workbook import render", "workbook.render"),
    "beside": ("template/nodes.py", "from kars_xl.model import programme", "model.programme"),
    "the interface": ("year/__init__.py", "from kars_xl import check", "the whole package"),
    "made up on the way": ("cli/programme.py", "__import__('kars_xl.' + __name__)", "?"),
}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(PACKAGE, tmp_path / "kars_xl", ignore=shutil.ignore_patterns("__pycache__")))


def plant(package: Path, file: str, code: str) -> None:
    with (package / file).open("a", encoding="utf-8") as source:
        source.write(f"\n\n{code}\n")


@cache
def known() -> list[str]:
    return faults(PACKAGE)


def new_faults(package: Path) -> list[str]:
    return [fault for fault in faults(package) if fault not in known()]


@pytest.mark.parametrize("what", PLANTED)
def test_a_planted_arrow_is_named(what: str, copy: Path) -> None:
    file, code, imported = PLANTED[what]
    plant(copy, file, code)
    module = file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    arrows = [fault for fault in new_faults(copy) if not fault.startswith("circle")]
    assert len(arrows) == 1, arrows
    assert arrows[0].startswith(f"{module}:")
    assert f" imports {imported}: " in arrows[0]


@pytest.mark.parametrize("code", ["from kars_xl.base import money", "def late():\n    from kars_xl.base import money"])
def test_a_planted_circle_is_named(code: str, copy: Path) -> None:
    plant(copy, "base/addresses.py", code)
    plant(copy, "base/money.py", "import kars_xl.base.file_names")
    plant(copy, "base/file_names.py", "from .addresses import column_letters")
    assert "circle: base.addresses → base.money → base.file_names → base.addresses" in new_faults(copy)


def test_what_only_type_checkers_see_makes_no_circle(copy: Path) -> None:
    plant(copy, "base/addresses.py", "from kars_xl.base import money")
    plant(copy, "base/money.py", "if TYPE_CHECKING:\n    from kars_xl.base import addresses")
    assert new_faults(copy) == []


def test_rooms_and_files_that_are_not_foreseen_are_named(copy: Path) -> None:
    (copy / "attic").mkdir()
    (copy / "kinds.py").touch()
    (copy / "notes.txt").touch()
    (copy / "base" / "__init__.py").write_text("", encoding="utf-8")
    shutil.rmtree(copy / "merging")
    files = sorted(path.name for path in copy.iterdir() if path.is_file())
    assert {
        "attic is no room",
        "the room merging is missing",
        "kinds.py has no floor",
        f"more than {MOST_FILES} files beside the rooms: {', '.join(files)}",
        "the room base doesn't say what it is for",
    } <= set(faults(copy))
