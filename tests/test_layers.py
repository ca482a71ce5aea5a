"""What each step of docs/architecture.md may import: the values that come from the step before it, not that step."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "kars_xl"
MERGING = ("consolidate", "merge_costs", "merge_targets", "latest", "wording", "match")
CHECKS = ("checks", "plan_checks", "row_checks", "quality")
TREE = ("context", "node_fields", "source_nodes", "summary_nodes", "information.nodes", "policies.nodes")
READING = ("grid", "recognise", "rows", "files")

# By module or package: what of kars_xl it imports at the most.
ONLY = {
    "model": {"addresses", "information_table", "policy", "text"},
    "tables": {"model", "policy", "text"},
    "grid": {"grid", "addresses", "model", "money", "number_formats", "reasons", "text"},
    "template": {"template", "addresses", "aside", "atomic", "number_formats"},
}
# What it does not import, whatever else.
NEVER = {
    **dict.fromkeys(MERGING, (*READING, "template", "checks")),
    **dict.fromkeys(CHECKS, (*READING, "template", "consolidate", "merge_costs")),
    **dict.fromkeys(TREE, (*READING, "tables", "consolidate", "merge_costs", "merge_targets")),
}


def modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        name = ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix("__init__").rstrip(".")
        yield name, ast.parse(path.read_text(encoding="utf-8"))


def imported(name: str, tree: ast.Module) -> set[str]:
    """What of kars_xl a module imports, in its functions too; what it names relatively is of its own package."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level:
            found.add(name.split(".")[0])
        elif isinstance(node, ast.ImportFrom) and node.module == "kars_xl":
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module.removeprefix("kars_xl.")} if node.module.startswith("kars_xl.") else set()
        elif isinstance(node, ast.Import):
            found |= {alias.name.removeprefix("kars_xl.") for alias in node.names if alias.name.startswith("kars_xl.")}
    return found


IMPORTS = {name: imported(name, tree) for name, tree in modules()}


def is_in(module: str, part: str) -> bool:
    return module == part or module.startswith(part + ".")


def members(part: str) -> dict[str, set[str]]:
    found = {name: names for name, names in IMPORTS.items() if is_in(name, part)}
    assert found, part
    return found


@pytest.mark.parametrize("part", ONLY)
def test_what_knows_little(part: str) -> None:
    for name, names in members(part).items():
        assert {other for other in names if not any(is_in(other, allowed) for allowed in ONLY[part])} == set(), name


@pytest.mark.parametrize("part", NEVER)
def test_a_step_does_not_import_the_steps_before_it(part: str) -> None:
    for name, names in members(part).items():
        assert {other for other in names if any(is_in(other, never) for never in NEVER[part])} == set(), name


def test_of_the_template_engine_the_tree_knows_the_node_alone() -> None:
    for part in TREE:
        for name, names in members(part).items():
            assert {other for other in names if is_in(other, "template")} <= {"template.nodes"}, name


def test_nothing_imports_the_command_line() -> None:
    users = {name for name, names in IMPORTS.items() if any(is_in(other, "cli") for other in names)}
    assert {name for name in users if not is_in(name, "cli")} == {"__main__"}
