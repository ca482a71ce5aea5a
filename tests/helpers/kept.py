"""A small template changed in its package: what of it stays behind, and what became of it."""

from __future__ import annotations

import re
from collections.abc import Callable

from kars_xl.template.nodes import Node
from kars_xl.template.source.read import load
from tests.helpers.package_edits import SHEET, Package
from tests.helpers.strict_package import faults
from tests.helpers.template_bench import Bench

BLOCKS = {
    "S": {
        "A1": "Başlık", "A2": "{{ hedef.ad }}", "A3": "{{ faaliyet.kod }}", "B3": "{{ faaliyet.gider }}",
        "A4": "Ara toplam", "B4": "=SUM(B3:B3)", "A5": "Genel toplam", "B5": "=SUM(B4:B4)",
    },
    "T": {"A1": 1, "A2": 2, "A3": 3},
}  # fmt: skip
NAMES = {"her_hedef": "S!$2:$4", "her_faaliyet": "S!$3:$3"}
# Rows of the output: 1 title; 2 target 1, 3–4 activities, 5 total; 6 target 2, 7, 8; 9 target 3, 10; 11 grand total.

Change = Callable[[Package], object]


class Kept:
    """`lost`: cells and what stays behind there; `output`: the package that was written."""

    def __init__(self, bench: Bench, root: Node, change: Change, cells: dict[str, object] | None = None) -> None:
        path = bench.template(BLOCKS | {"S": BLOCKS["S"] | (cells or {})}, NAMES)
        package = Package(path)
        change(package)
        self.template = package.save(path)
        self.lost = [(problem.cell, problem.values["what"]) for problem in load(path).lost]
        self.filled = bench.fill_file(root, path)
        self.lost += [(problem.cell, problem.values["what"]) for problem in self.filled.layout.lost]
        self.output = Package(self.filled.path)
        assert faults(self.filled.path) == []

    def has(self, *patterns: str, part: str = SHEET) -> bool:
        return all(re.search(pattern, self.output.text(part), re.DOTALL) for pattern in patterns)
