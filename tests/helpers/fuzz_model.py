"""What a spoiled form must come to: edits applied to the form and, independently, to the amounts that it stands for.

Each amount cell of the form is known by itself, wherever edits move it; what it means is what was last put into it,
by the table of contents below and not by the code under test.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from msgspec.structs import replace

from kars_xl.base.place import Place
from kars_xl.findings.finding import Merged
from kars_xl.model.cost_rows import CostRow
from kars_xl.pipeline import check_forms
from kars_xl.reading.files import Reading, take_grid
from kars_xl.reading.grid import Cell, ExcelError, Grid, Sheet, open_grid
from kars_xl.reading.grid.cells import CellValue
from kars_xl.reading.plan import read_plan
from kars_xl.reading.recognise import recognise
from kars_xl.reading.tables import Document
from kars_xl.reports.answer import Outcome
from tests.helpers import grid_edits as edit

BAD = "bad"
Meaning = int | str  # kuruş, or BAD: must be reported
Key = tuple[str, int | str]  # activity (or column of Tablo 11), economic code or source
DATE = "dd.mm.yyyy"


@dataclass(frozen=True)
class Content:
    """Something to put into a cell, and what it means where an amount belongs."""

    value: CellValue
    meaning: Meaning
    style: str = ""
    formula: str | None = None


def number(text: str, style: str = "") -> Content:
    value = Decimal(text)
    return Content(value, int((value * 100 + Decimal("0.5")) // 1), style)


PLAIN = [number(text) for text in ("0", "1", "60000", "15000000", "0.01", "99999999999.99", "12.345", "7e3", "2024")]
PLAIN += [Content(None, 0), Content("-", 0), Content("–", 0), Content("  ", 0), Content("\xa0", 0)]
TYPED = [
    Content(text, kurus)
    for text, kurus in (
        ("60.000,00", 6000000), ("60.000,00 TL", 6000000), ("₺60.000", 6000000), ("1.500", 150000),
        ("200.000,0", 20000000), ("６０.０００", 6000000), ("60\xa0000,5", 6000050), ("200,000,000.00", 20000000000),
        ("100.00", 10000), ("'45000", 4500000), ("60000 tl", 6000000), ("0,5", 50), ("1.234.567,89", 123456789),
        ("7.3", 730), ("3", 300), ("9", 900),
    )
]  # fmt: skip
WRONG = [
    Content(text, BAD)
    for text in (
        "1,500", "14..,.-", "60.000,0O", "altmış bin", "1.50.000", "%20", "20 bin", "12/3", "3.2.2024", "1e5x", "--5",
        "5-", "F.7.3.2", "PG.7.3.1", "1.2.3", "?", "=1+1", "yok", "5.000 + 3.000", "1 500,00 - 2", "12,5,5",
    )
]  # fmt: skip
WRONG += [
    Content(Decimal("45000"), BAD, DATE),
    Content(True, BAD),
    Content(False, BAD),
    Content(ExcelError("#REF!"), BAD),
    Content(ExcelError("#N/A"), BAD),
    Content(Decimal("-5"), BAD),
    Content("-1.000,00", BAD),
    Content("(500)", BAD),
    Content(None, BAD, formula="[1]Sayfa!A1"),
    Content(Decimal("1e300"), BAD),
    Content(Decimal(10) ** 30, BAD),
]
LABELS = [
    Content(text, BAD)
    for text in (
        "Toplam", "Genel Toplam", "Ara Toplam", "İdare Adı", "Amaç", "Hedef", "Performans Hedefi", "Açıklamalar",
        "Performans Göstergeleri", "Faaliyetler", "Faaliyet Adı", "Ekonomik Kod", "Bütçe", "Bütçe Dışı",
        "Toplam Bütçe Kaynak İhtiyacı", "Toplam Kaynak İhtiyacı", "Döner Sermaye", "Yurt Dışı", "Personel Giderleri",
        "Sermaye Giderleri", "Harcama Birimi", "Sorumlu Birimler", "Genel Yönetim Giderleri Toplamı",
        "Sorumlu Harcama Birimi veya Birimleri", "FAALİYET MALİYETLERİ TABLOSU", "F.7.3.1", "F.7.3.9", "F.1.1.1",
        "PG.7.3.9", "Amaç 3: Kenti", "Yedek Ödenek", "x" * 3000, "TL", "PAY (%)",
    )
]  # fmt: skip
CONTENTS = [*PLAIN, *TYPED, *WRONG, *LABELS]


@dataclass
class Form:
    """The forms while they are edited: their grids, and which amount each cell (by identity) stands for."""

    grids: list[Grid]
    keys: dict[int, Key]
    meanings: dict[int, Meaning]
    # Whether amounts' cells are gone, and whether something was typed into a blank cell that may be one of them.
    gaps: bool = False
    copies: set[int] = field(default_factory=set)
    doubtful: bool = False

    def sheets(self) -> list[tuple[Grid, Sheet]]:
        return [(grid, sheet) for grid in self.grids for sheet in grid.sheets]

    def type(self, sheet: Sheet, at: tuple[int, int], content: Content) -> None:
        self.doubtful |= at not in sheet.cells and self.gaps
        cell = edit.put(sheet, at, content.value, formula=content.formula, style=content.style)
        if id(cell) in self.keys:
            self.meanings[id(cell)] = content.meaning
        if content.value is None and content.formula is None:
            sheet.cells.pop(at)
            if id(cell) in self.keys:
                self.gaps = True

    def __post_init__(self) -> None:
        # Cells that were blanked stay alive, so that no new cell gets the identity of one of them.
        self.kept: list[Cell] = [cell for grid in self.grids for sheet in grid.sheets for cell in sheet.cells.values()]

    def merge(self, sheet: Sheet, area: edit.Merge) -> None:
        edit.merge(sheet, area)
        self.gaps = True

    def paste(self, source: Sheet, area: edit.Merge, target: Sheet, to: tuple[int, int]) -> None:
        """Values of an area copied over another place."""
        top, left, bottom, right = area
        taken = {}
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                cell = source.cells.get((row, column))
                content = Content(None, 0) if cell is None else self.content_of(cell)
                taken[to[0] + row - top, to[1] + column - left] = content
        for at, content in taken.items():
            self.type(target, at, content)

    def content_of(self, cell: Cell) -> Content:
        meaning = self.meanings.get(id(cell))
        if cell.value in ("◄", ""):  # a mark, and the empty result of a formula, are no figures
            meaning = 0
        elif meaning is None and isinstance(cell.value, Decimal):
            meaning = number(str(cell.value)).meaning
        return Content(cell.value, BAD if meaning is None else meaning, cell.number_format)

    def copy_sheet(self, grid: Grid, sheet: Sheet, name: str) -> None:
        copy = edit.copy_sheet(grid, sheet, name)
        self.kept += copy.cells.values()
        for at, cell in sheet.cells.items():
            if id(cell) in self.keys:
                self.keys[id(copy.cells[at])] = self.keys[id(cell)]
                self.meanings[id(copy.cells[at])] = self.meanings[id(cell)]
                self.copies.add(id(copy.cells[at]))

    def right(self, found: dict[Key, int]) -> bool:
        """Whether amounts that were merged without an error are right.

        Of a sheet and its copy the one that is no form any more does not count; both would be an error.
        """
        groups: list[set[int]] = [set(), self.copies, self.keys.keys() - self.copies]
        return any(self.expected(without) == (found, False) for without in groups[: 3 if self.copies else 1])

    def expected(self, without: Collection[int] = ()) -> tuple[dict[Key, int], bool]:
        """(the amounts that are left, whether one of them must be reported)."""
        amounts: dict[Key, int] = defaultdict(int)
        bad = False
        for _, sheet in self.sheets():
            for cell in sheet.cells.values():
                if (key := self.keys.get(id(cell))) is not None and id(cell) not in without:
                    meaning = self.meanings[id(cell)]
                    if isinstance(meaning, str):
                        bad = True
                    else:
                        amounts[key] += meaning
        return {key: kurus for key, kurus in amounts.items() if kurus}, bad


class Base:
    """A unit's form and the finance form, read once, with the part of the plan that they answer to."""

    def __init__(self, folder: Path, names: Sequence[str]) -> None:
        self.grids = [open_grid(str(folder / name)) for name in names]
        documents = [recognise(grid) for grid in self.grids]
        codes = {code for document in documents for table in document.targets for code in table.codes}
        plan = read_plan(open_grid(str(folder / "plan.xlsx")))
        targets = [target for target in plan.programme.targets if {item.code for item in target.activities} & codes]
        units = {document.unit for document in documents}
        targets = [
            replace(
                target,
                activities=tuple(item for item in target.activities if item.code in codes and units & set(item.units)),
                indicators=tuple(item for item in target.indicators if item.code in codes),
            )
            for target in targets
        ]
        tables = tuple(table for table in plan.programme.general_tables if table.unit in units)
        programme = replace(plan.programme, targets=tuple(targets), general_tables=tables)
        self.plan: Merged = replace(plan, programme=programme)
        self.places: dict[Place, Key] = dict(key for document in documents for key in _amount_cells(document))

    def form(self) -> Form:
        grids = [edit.copy_of(grid) for grid in self.grids]
        keys: dict[int, Key] = {}
        meanings: dict[int, Meaning] = {}
        for grid in grids:
            for sheet in grid.sheets:
                for cell in sheet.cells.values():
                    if (key := self.places.get(cell.place)) is not None:
                        assert isinstance(cell.value, Decimal)
                        keys[id(cell)], meanings[id(cell)] = key, int(cell.value * 100)
        return Form(grids, keys, meanings)

    def check(self, grids: Sequence[Grid], *, planned: bool = True) -> Outcome:
        reading = Reading(plan=self.plan if planned else None, plan_file="plan.xlsx")
        for grid in grids:
            take_grid(grid, reading)
        return check_forms(reading)


def _amount_cells(document: Document) -> list[tuple[Place, Key]]:
    found: list[tuple[Place, Key]] = []
    for table in document.costs:
        code = table.heading.codes["activity_name"]
        found += [(amount.place, (code, row.value)) for row, amount in table.amounts.items()]
    for matrix in document.matrices:
        for column in ("general", "transfers"):
            cells = matrix.columns[column].items()
            found += [(amount.place, (column, key.value)) for key, amount in cells if isinstance(key, CostRow)]
    return found


def amounts_of(merged: Merged) -> dict[Key, int]:
    """What the merged programme says of each amount, zeros left out."""
    programme = merged.programme
    parts = [(activity.code, activity.costs) for activity in programme.activities]
    parts += [("general", programme.administration), ("transfers", programme.transfers)]
    found: dict[Key, int] = {}
    for name, costs in parts:
        if costs is not None:
            found |= {(name, row.value): kurus for row, kurus in costs if kurus}
    return found
