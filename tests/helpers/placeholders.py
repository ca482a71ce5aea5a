"""What a template can name: the page of docs/ that lists it, and what a tree of data offers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kars_xl.template.nodes import Node
from tests.helpers.repository import REPOSITORY

GUIDE = REPOSITORY / "docs" / "sablon.md"


def paths(root: Node) -> Iterator[str]:
    """All paths of a tree, those of each kind of node once."""
    for name, value in root.fields.items():
        yield from (f"{name}.{inner}" for inner in value) if isinstance(value, Mapping) else (name,)
    seen: set[str] = set()
    stack = [node for nodes in root.lists.values() for node in nodes]
    while stack:
        node = stack.pop()
        stack += [inner for nodes in node.lists.values() for inner in nodes]
        if node.kind not in seen:
            seen.add(node.kind)
            yield from (f"{node.kind}.{name}" for name in node.fields)
