"""The merged workbook in the eyes of three other calculators, and what follows when somebody changes a cell in it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from kars_xl.base.place import Place
from kars_xl.model.cost_rows import CostRow
from kars_xl.reading.grid import Grid
from kars_xl.reading.recognise import recognise
from kars_xl.reading.tables import Amount, CostTable, Document, SummaryRow
from tests.helpers.oracles import (
    DISTINCTIVE,
    ENGINES,
    SHARE_TOLERANCE,
    Figure,
    Values,
    differences,
    displayed,
    figures,
    recomputed_grid,
    shares,
    stored_results,
)

# An amount that no sum of the programme's figures comes to: 1.234.567,89 TL.


@pytest.fixture(scope="module")
def stored(merged: Path) -> Values:
    return stored_results(merged)


# What is stored


def test_all_but_the_typed_figures_are_live(document: Document, stored: Values) -> None:
    assert len(stored) >= 2000
    typed = []
    for table in document.costs:
        assert not any(amount.formula for amount in table.amounts.values())
        typed += [place for place, amount in _amounts(table.totals) if not amount.formula]
    amounts = [row.amounts for table in document.targets for row in table.activities]
    amounts += [row for table in document.targets for row in table.totals.values()]
    summary = document.summaries[0]
    amounts += [row.amounts for row in [*summary.rows, *summary.totals.values()]]
    for found in amounts:
        typed += [part.place for part in (found.budget, found.extra, found.total) if part and not part.formula]
    matrix = document.matrices[0].columns
    for column in ("activity_column", "grand_total"):
        typed += [place for place, amount in _amounts(matrix[column]) if not amount.formula]
    for row in [*summary.rows, *summary.totals.values()]:
        assert all(share and (share.place.sheet, share.place.cell) in stored for share in row.shares)
    assert typed == []


def _amounts(amounts: dict[Any, Amount]) -> list[tuple[Place, Amount]]:
    return [(amount.place, amount) for amount in amounts.values()]


def test_no_formula_lacks_a_result_and_none_is_an_error(merged: Path, stored: Values) -> None:
    assert [cell for cell, value in stored.items() if value is None] == []
    assert [cell for cell, value in stored.items() if isinstance(value, str) and value.startswith("#")] == []
    book = openpyxl.load_workbook(merged)
    empty = [book[sheet][cell].value for (sheet, cell), value in stored.items() if value == ""]
    assert [formula for formula in empty if '""' not in formula] == []


def test_the_stored_figures_add_up_to_the_published_programme(document: Document) -> None:
    """The figures of the tables as published: cost tables 253.748.000, general 349.601.000, together 603.349.000 TL."""
    found = figures(document)
    assert found["İPT", "activities_total", "total"] == 253_748_000_00
    assert found["TKT", "general", "grand_total"] == 349_601_000_00
    assert found["İPT", "grand_total", "total"] == found["TKT", "grand_total", "grand_total"] == 603_349_000_00
    assert sum(kurus for (table, _, key), kurus in found.items() if (table, key) == ("FMT", "need_total")) == (
        253_748_000_00
    )


# Every number must fit its column, or Excel shows ##### instead of it.

# Advance widths of Arial in em; all digits are alike.
_ADVANCE = {".": 0.278, ",": 0.278, " ": 0.278, "-": 0.333, "%": 0.889}
_DIGIT = 0.556
_MARGIN = 5  # pixels that Excel keeps free beside a number
_INDENT = 9  # pixels


def test_every_number_fits_its_column(merged: Path, tmp_path: Path) -> None:
    assert too_narrow(merged, tmp_path) == []


def test_a_column_that_is_too_narrow_is_noticed(merged: Path, document: Document, tmp_path: Path) -> None:
    total = document.summaries[0].totals["grand_total"].amounts.total
    assert total is not None
    narrowed = tmp_path / "narrowed.xlsx"
    book = openpyxl.load_workbook(merged)
    book[total.place.sheet].column_dimensions[get_column_letter(total.place.column)].width = 9
    book.save(narrowed)
    assert f"{total.place.sheet}!{total.place.cell}" in too_narrow(narrowed, tmp_path)


def too_narrow(path: Path, folder: Path) -> list[str]:
    """The cells whose formatted number is estimated wider than its column (or merged columns)."""
    shown = displayed(path, folder / "displayed.xlsx")
    found = []
    for sheet in openpyxl.load_workbook(path):
        widths = _column_pixels(sheet)
        merges = {area.start_cell.coordinate: area for area in sheet.merged_cells.ranges}
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.data_type in ("n", "f")):
            text = shown(sheet.title, cell.row, cell.column)
            if cell.value is None or any(ch.isalpha() for ch in text):
                continue
            area = merges.get(cell.coordinate)
            room = sum(widths(at) for at in range(cell.column, (area.max_col if area else cell.column) + 1))
            size = (cell.font.sz or 10) * 4 / 3
            needed = sum(_ADVANCE.get(ch, _DIGIT) for ch in text) * size + _MARGIN + cell.alignment.indent * _INDENT
            if needed > room:
                found.append(f"{sheet.title}!{cell.coordinate}")
    return found


def _column_pixels(sheet: Worksheet) -> Callable[[int], float]:
    """Widths in pixels by column number; openpyxl keeps alike columns as one, under the first one's letter."""
    widths = {
        column: 0.0 if given.hidden else given.width * 7
        for given in sheet.column_dimensions.values()
        for column in range(given.min, given.max + 1)
    }
    return lambda column: widths.get(column, 64.0)


# Three other engines


@dataclass(frozen=True)
class Change:
    """A figure of the workbook that somebody raises by DISTINCTIVE, and what of it must follow."""

    place: Place
    follows: frozenset[Figure]
    activity: str = ""
    part: str = ""


def _cost(document: Document, table: CostTable, key: int | str) -> Change:
    """A cost cell: 21 figures of four tables hang on it."""
    code = table.heading.codes["activity_name"]
    target = next(
        table.heading.codes["target"] for table in document.targets if code in [row.code for row in table.activities]
    )
    part, total = ("budget", "budget_total") if isinstance(key, int) else ("extra", "extra_total")
    amount = table.amounts[CostRow(key)]
    follows: set[Figure] = {("FMT", code, row) for row in (key, total, "need_total")}
    rows = (code, f"{target} subtotal", f"{target} grand_total")
    follows |= {("PHT", row, at) for row in rows for at in (part, "total")}
    rows = (code, "activities_total", "grand_total")
    follows |= {("İPT", row, at) for row in rows for at in (part, "total")}
    columns = ("activity_column", "grand_total")
    follows |= {("TKT", column, row) for column in columns for row in (key, total, "grand_total")}
    assert len(follows) == 21
    return Change(amount.place, frozenset(follows), code, part)


def _general(document: Document) -> Change:
    """A figure of the finance office: it is not an activity's, so the forms' figures still agree."""
    rows = (1, "budget_total", "grand_total")
    follows: set[Figure] = {("TKT", column, row) for column in ("general", "grand_total") for row in rows}
    follows |= {("İPT", row, part) for row in ("general", "grand_total") for part in ("budget", "total")}
    return Change(document.matrices[0].columns["general"][CostRow(1)].place, frozenset(follows))


CHANGES: dict[str, Callable[[Document], Change]] = {
    "first cost cell": lambda document: _cost(document, document.costs[0], 1),
    "last cost cell": lambda document: _cost(document, document.costs[-1], 8),
    "goods and services": lambda document: _cost(document, document.costs[44], 3),
    "domestic extra-budget source": lambda document: _cost(document, document.costs[17], "source1"),
    "last extra-budget cell": lambda document: _cost(document, document.costs[-1], "source2"),
    "general administration": _general,
}
COSTS = [name for name in CHANGES if name != "general administration"]


@pytest.fixture(scope="module")
def changes(document: Document) -> dict[str, Change]:
    return {name: choose(document) for name, choose in CHANGES.items()}


@pytest.fixture(scope="module")
def changed(merged: Path, changes: dict[str, Change], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A copy of the workbook for each change, made as a person makes it: one cell typed over."""
    folder = tmp_path_factory.mktemp("changed")
    copies = {}
    book = openpyxl.load_workbook(merged)
    for number, (name, change) in enumerate(changes.items()):
        cell = book[change.place.sheet][change.place.cell]
        before, cell.value = cell.value, round(cell.value * 100 + DISTINCTIVE) / 100
        copies[name] = folder / f"{number}.xlsx"
        book.save(copies[name])
        cell.value = before
    return copies


@dataclass(frozen=True)
class Recomputed:
    """What one engine makes of the merged workbook and of the changed copies."""

    merged: Values
    grids: dict[str, Grid]
    documents: dict[str, Document]


@pytest.fixture(scope="module", params=ENGINES)
def recomputed(
    request: pytest.FixtureRequest, merged: Path, changed: dict[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> Recomputed:
    values = ENGINES[request.param]([merged, *changed.values()], tmp_path_factory.mktemp("computed"))
    grids = {name: recomputed_grid(changed[name], found) for name, found in zip(changed, values[1:], strict=True)}
    return Recomputed(values[0], grids, {name: recognise(grid) for name, grid in grids.items()})


def test_every_stored_result_is_what_the_engine_computes(recomputed: Recomputed, stored: Values, merged: Path) -> None:
    assert len(shares(merged)) >= (88 + 4) * 3
    assert differences(stored, recomputed.merged, shares(merged)) == []


def test_a_wrong_stored_result_is_noticed(recomputed: Recomputed, stored: Values, merged: Path) -> None:
    """A kuruş on an amount, a millionth on a share, a letter of a text."""
    amount = next(cell for cell, value in stored.items() if value == 603_349_000.0)
    share = next(cell for cell in sorted(shares(merged)) if stored[cell])
    text = next(cell for cell, value in stored.items() if value == "TAMAM")
    wrong = {**stored, amount: stored[amount] + 0.01, share: stored[share] + 1e-6, text: "Tamam"}
    found = differences(wrong, recomputed.merged, shares(merged))
    assert {line.partition(":")[0] for line in found} == {f"{sheet}!{cell}" for sheet, cell in (amount, share, text)}


# The live graph


@pytest.mark.parametrize("name", CHANGES)
def test_a_changed_figure_moves_all_that_hang_on_it_and_nothing_else(
    name: str, recomputed: Recomputed, changes: dict[str, Change], document: Document
) -> None:
    before, after = figures(document), figures(recomputed.documents[name])
    assert before.keys() == after.keys()
    moved = {figure: after[figure] - before[figure] for figure in before if after[figure] != before[figure]}
    assert moved == dict.fromkeys(changes[name].follows, DISTINCTIVE)


@pytest.mark.parametrize("name", CHANGES)
def test_the_shares_follow(name: str, recomputed: Recomputed, document: Document) -> None:
    """Every share is one of the grand total."""
    summary = recomputed.documents[name].summaries[0]
    totals = summary.totals
    rows = [*summary.rows, *totals.values()]
    assert len(rows) == 88 + 4
    for row in rows:
        for share, part, whole in zip(_shares(row), _kurus(row), _kurus(totals["grand_total"]), strict=True):
            assert abs(share - (Fraction(part, whole) if whole else 0)) < SHARE_TOLERANCE, row.code or row.label
    before = document.summaries[0].totals["activities_total"]
    assert _shares(totals["activities_total"]) != _shares(before)


def _kurus(row: SummaryRow) -> list[int]:
    amounts = [row.amounts.budget, row.amounts.extra, row.amounts.total]
    return [amount.kurus for amount in amounts if amount is not None and amount.kurus is not None]


def _shares(row: SummaryRow) -> list[Fraction]:
    return [
        Fraction(cell.value.amount) / 100
        for cell in row.shares
        if cell is not None and cell.value is not None and cell.value.amount is not None
    ]


@dataclass(frozen=True)
class Check:
    """A line of the sheet Denetim."""

    what: str
    places: tuple[str, ...]
    difference: int
    verdict: str

    @property
    def against_forms(self) -> bool:
        return any(place.startswith("Kaynak") for place in self.places)

    @property
    def activities(self) -> list[str]:
        return re.findall(r"\bF(?:\.\d+)+", self.what)

    @property
    def part(self) -> str:
        return {"bütçe": "budget", "bütçe dışı": "extra", "toplam": "total"}[self.what.rpartition(", ")[2]]


def checks_of(grid: Grid) -> list[Check]:
    found = []
    for sheet in grid.sheets:
        for row in sheet.rows():
            texts = [cell.text for cell in row if isinstance(cell.value, str)]
            verdicts = [text for text in texts if text in ("TAMAM", "HATA")]
            numbers = [cell.value for cell in row if not isinstance(cell.value, str)]
            if verdicts and numbers:
                difference = round(Fraction(str(numbers[-1])) * 100)
                found.append(Check(texts[0], tuple(texts[1:-1]), difference, verdicts[0]))
    return found


@pytest.mark.parametrize("name", COSTS)
def test_the_live_checks_find_the_activity_that_no_longer_agrees_with_its_form(
    name: str, recomputed: Recomputed, changes: dict[str, Change]
) -> None:
    change, checks = changes[name], checks_of(recomputed.grids[name])
    # The figures of Tablo 11 come from another form.
    forms = [check for check in checks if check.against_forms and "Tablo 11" not in check.places]
    between = [check for check in checks if not check.against_forms]
    assert len({code for check in forms for code in check.activities}) == 88
    assert len(between) > 27 * 3
    wrong = [check for check in forms if check.verdict == "HATA"]
    assert {check.difference for check in wrong} == {DISTINCTIVE}
    assert [check for check in wrong if check.activities == [change.activity] and check.part == change.part]
    assert wrong == [
        check for check in forms if check.activities in ([], [change.activity]) and check.part in (change.part, "total")
    ]
    # The tables among themselves follow the changed cell together.
    assert {check.verdict for check in between} == {"TAMAM"}


def test_the_live_checks_find_the_figure_of_tablo_11_that_no_longer_agrees_with_its_form(
    recomputed: Recomputed,
) -> None:
    checks = checks_of(recomputed.grids["general administration"])
    wrong = [check for check in checks if check.verdict == "HATA"]
    assert {check.difference for check in wrong} == {DISTINCTIVE}
    assert [(check.what, check.places) for check in wrong] == [
        (f"Formdan gelen, Genel yönetim giderleri, {part}", ("Tablo 11", "Kaynak (formlar)"))
        for part in ("bütçe", "toplam")
    ]


@pytest.mark.parametrize("name", CHANGES)
def test_the_contents_sheet_and_the_heading_of_the_checks_tell_the_verdict(name: str, recomputed: Recomputed) -> None:
    grid = recomputed.grids[name]
    wrong = sum(check.verdict == "HATA" for check in checks_of(grid))
    verdicts = {
        (sheet.name, re.sub(r"\D+", " ", cell.text).strip() if cell.text.startswith("HATA:") else "0")
        for sheet in grid.sheets
        for cell in sheet.cells.values()
        if cell.formula is not None and cell.text.startswith(("TAMAM:", "HATA:"))
    }
    told = {(sheet, str(wrong)) for sheet in ("İçindekiler", "Denetim")}
    # The summaries only say whether they add up, and they follow the changed cell.
    assert verdicts == told | {(sheet, "0") for sheet in ("Birimlere Göre", "Amaçlara Göre", "Ekonomik Koda Göre")}


def test_the_stored_verdict_of_the_merged_workbook_is_good(merged: Path, tmp_path: Path) -> None:
    copy = shutil.copy(merged, tmp_path / "copy.xlsx")
    checks = checks_of(recomputed_grid(Path(copy), stored_results(merged)))
    assert {check.verdict for check in checks} == {"TAMAM"}
    assert {check.difference for check in checks} == {0}
