"""Code asks what a finding means, never how its code is spelt: no text "KX…" is compared anywhere in the package."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from kars_xl.base.place import Place
from kars_xl.findings.finding import CATALOGUE, Code, Effect, finding
from tests.helpers.repository import REPOSITORY

PACKAGE = REPOSITORY / "kars_xl"
_CODE = re.compile(r"KX\d*")
_COLLECTIONS = (ast.Tuple, ast.List, ast.Set, ast.Dict)
_ASKING = ("startswith", "endswith", "removeprefix", "index", "find", "count", "get")


def branches(source: str) -> list[int]:
    """Lines on which a text that begins a code is compared, matched or kept to be looked up in."""
    return sorted({node.lineno for node in ast.walk(ast.parse(source)) if any(map(_is_code, _looked_at(node)))})


def _is_code(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and _CODE.fullmatch(node.value) is not None


def _looked_at(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Compare):
        yield from (node.left, *node.comparators)
    elif isinstance(node, ast.MatchValue):
        yield node.value
    elif isinstance(node, _COLLECTIONS):
        yield from ast.iter_child_nodes(node)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _ASKING:
        yield from node.args


def test_no_code_is_compared_with_a_text() -> None:
    found = {
        str(path.relative_to(PACKAGE)): lines
        for path in sorted(PACKAGE.rglob("*.py"))
        if (lines := branches(path.read_text(encoding="utf-8")))
    }
    assert found == {}


@pytest.mark.parametrize(
    "planted",
    [
        'if found.code == "KX301": pass',
        'if "KX301" != found.code: pass',
        'if found.code in ("KX301", other): pass',
        '_OWN = {"KX108", "KX201"}',
        'if found.code.startswith("KX3"): pass',
        'match found.code:\n    case "KX301": pass',
    ],
)
def test_a_branch_on_a_code_is_told(planted: str, tmp_path: Path) -> None:
    source = (PACKAGE / "checking" / "rules.py").read_text(encoding="utf-8")
    assert branches(source) == []
    assert branches(f"{source}\n{planted}\n")


def test_a_finding_has_the_effects_that_its_entry_names() -> None:
    unread = finding("KX103", Place("form.xlsx"), found="?", why="rakam yok")
    assert unread.has(Effect.UNREAD)
    assert unread.has(Effect.BLANK | Effect.SPOILS_TOTALS)
    assert not unread.has(Effect.BLANK | Effect.TWICE)
    assert not finding("KX310", Place("form.xlsx"), what="?", read="").has(~Effect(0))


def test_every_effect_is_some_codes_and_no_other_name_is_taken() -> None:
    named = {name for entry in CATALOGUE.values() for name in entry.effects}
    assert named == {effect.name.lower() for effect in Effect if effect.name}
    with pytest.raises(ValueError, match="KX999"):
        Code("KX999")
