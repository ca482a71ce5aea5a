"""Blank rows below the plan's lists: with the list's own formats, so that Excel makes no date of the code 1.1."""

from __future__ import annotations

from kars_xl.template.nodes import Node

_FIELDS = {
    "amac": ("kod", "ad"),
    "stratejik_hedef": ("kod", "ad"),
    "hedef": ("kod", "ad", "aciklama"),
    "gosterge": ("kod", "ad", "iki_onceki", "onceki", "deger"),
    "faaliyet": ("kod", "ad", "birimler"),
    "birim": ("ad", "eposta"),
}
_ROWS = 20


def add_spare_rows(tree: Node) -> None:
    """Adds them to the lists of a plan's `tree`."""
    spare = {
        kind: [Node(kind, f"boş {number}", dict.fromkeys(names)) for number in range(_ROWS)]
        for kind, names in _FIELDS.items()
    }
    for kind, nodes in spare.items():
        tree.lists[kind] = [*tree.lists[kind], *nodes]
    # The plan lists objectives below their goals.
    owner, *others = spare["amac"]
    owner.lists["stratejik_hedef"] = spare["stratejik_hedef"]
    for node in spare["stratejik_hedef"]:
        node.up = owner
    for other in others:
        other.lists["stratejik_hedef"] = []
