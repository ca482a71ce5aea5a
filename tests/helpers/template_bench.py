"""A bench for the template engine: a template written down as cells, filled, written, and read back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import ironcalc
import openpyxl
import pytest
from openpyxl.workbook.defined_name import DefinedName

from kars_xl.base.atomic import deliver
from kars_xl.template.layout.evaluate import evaluate
from kars_xl.template.layout.expand import expand
from kars_xl.template.nodes import Node, Problem, TemplateError
from kars_xl.template.output.write import compose
from kars_xl.template.records import Layout
from kars_xl.template.source.read import load

CREATED = datetime(2024, 1, 2, 3, 4, 5)
Cells = Mapping[str, object]


def write(layout: Layout, target: Path, created: datetime) -> None:
    """The layout's workbook as a file; the layout's cells are gone after that."""
    deliver(target, compose(layout, created))


@dataclass
class Filled:
    """A filled template: the layout, and the written file as openpyxl reads it (formulas, and cached values)."""

    layout: Layout
    path: Path
    formulas: Any
    values: Any

    def formula(self, place: str) -> str:
        sheet, _, cell = place.rpartition("!")
        return str(self.formulas[sheet][cell].value)

    def value(self, place: str) -> object:
        sheet, _, cell = place.rpartition("!")
        return self.values[sheet][cell].value

    def column(self, sheet: str, letter: str) -> list[object]:
        """The values of a column, from row 1 to the last."""
        return [cell.value for cell in self.values[sheet][letter]]


class Bench:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def template(
        self,
        sheets: Mapping[str, Cells],
        names: Mapping[str, str] | None = None,
        dress: Callable[[Any], None] | None = None,
    ) -> Path:
        """Write a template workbook: cells by address, defined names, and whatever `dress` does to the workbook."""
        book = openpyxl.Workbook()
        book.remove(book.active)
        for title, cells in sheets.items():
            sheet = book.create_sheet(title)
            for address, value in cells.items():
                sheet[address] = value
        for name, meaning in (names or {}).items():
            book.defined_names[name] = DefinedName(name, attr_text=meaning)
        if dress is not None:
            dress(book)
        path = self.folder / "template.xlsx"
        book.save(path)
        return path

    def fill(
        self,
        root: Node,
        sheets: Mapping[str, Cells],
        names: Mapping[str, str] | None = None,
        dress: Callable[[Any], None] | None = None,
    ) -> Filled:
        return self.fill_file(root, self.template(sheets, names, dress))

    def fill_file(self, root: Node, template: Path) -> Filled:
        layout = expand(load(template), root)
        evaluate(layout)
        path = self.folder / "filled.xlsx"
        cells = [dict(sheet.cells) for sheet in layout.sheets]
        write(layout, path, CREATED)
        for sheet, own in zip(layout.sheets, cells, strict=True):
            sheet.cells = own  # the writer lets go of them
        return Filled(layout, path, openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True))

    def problems(
        self,
        root: Node,
        sheets: Mapping[str, Cells],
        names: Mapping[str, str] | None = None,
        dress: Callable[[Any], None] | None = None,
    ) -> list[Problem]:
        with pytest.raises(TemplateError) as caught:
            self.fill(root, sheets, names, dress)
        return caught.value.problems


def grow(tree: Mapping[str, Mapping[str, float]], **fields: object) -> Node:
    """A root with targets and their activities: {"1": {"F.1.1": 10.0}} (target: activity: cost)."""
    root = Node("", "", {"yil": 2024, "kurum": {"ad": "KARS & ÇEVRESİ"}, "bos": None, **fields})
    goal = Node("amac", "1", {"kod": "1", "ad": "Amaç"})
    root.lists = {"amac": [goal], "hedef": [], "faaliyet": [], "bulgu": []}
    goal.lists["hedef"] = root.lists["hedef"]
    for number, activities in tree.items():
        target = Node("hedef", number, {"kod": number, "ad": f"Hedef {number}"}, goal)
        target.lists["faaliyet"] = [
            Node("faaliyet", key, {"kod": key, "ad": f"Faaliyet {key}", "gider": cost}, target)
            for key, cost in activities.items()
        ]
        root.lists["hedef"].append(target)
        root.lists["faaliyet"] += target.lists["faaliyet"]
    return root


def agree(filled: Filled) -> None:
    """A second engine, which computes the written file anew, comes to the cached values."""
    model = ironcalc.load_from_xlsx(str(filled.path), "en", "UTC", "en")
    model.evaluate()
    for number, sheet in enumerate(filled.values.worksheets):
        for (row, column), cell in sheet._cells.items():
            if filled.formulas[sheet.title].cell(row, column).data_type != "f":
                continue
            other = model.get_formatted_cell_value(number, row, column)
            if other == "":
                assert cell.value is None, (sheet.title, cell.coordinate)
            elif isinstance(cell.value, bool | str):
                assert other.casefold() == str(cell.value).casefold(), (sheet.title, cell.coordinate)
            else:
                assert float(other.replace(",", "")) == pytest.approx(cell.value or 0, abs=0.01)
