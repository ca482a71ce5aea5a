"""Edits after the merge: the official workbook of 2024, changed as people change it, against what was written."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from kars_xl.base.money import exact
from kars_xl.base.place import Place
from kars_xl.findings.finding import Finding
from kars_xl.model.cost_rows import CostRow, CostTotal
from kars_xl.pipeline import merge
from kars_xl.reading.grid import Grid, Sheet, open_grid
from kars_xl.reading.grid.cells import CellValue, Unknown
from kars_xl.reading.tables import Amount, CostTable, Document
from kars_xl.reports.audit import audit
from kars_xl.workbook.edits.findings import changes_since_written
from kars_xl.workbook.render import PROGRAMME_TEMPLATE, template_path
from tests.helpers.grid_edits import (
    copy_of,
    delete_columns,
    delete_rows,
    insert_columns,
    insert_rows,
    put,
    recalculate,
    sheet_named,
)
from tests.helpers.libreoffice_edits import edited_by_libreoffice
from tests.helpers.oracles import convert
from tests.helpers.workbook_edits import cells_of, rename

RECORD = "_kars_xl"
Told = tuple[str, str, str, str]  # code, severity, sheet, cell


def findings(grid: Grid) -> list[Finding]:
    found = changes_since_written(grid)
    assert found is not None
    return found


def told_by_sheet(found: list[Finding]) -> set[Told]:
    return {(item.code, item.severity, item.place.sheet, item.place.cell) for item in found}


def saved(book: openpyxl.Workbook, path: Path) -> list[Finding]:
    book.save(path)
    return findings(open_grid(str(path)))


# The record


def test_the_record_is_on_a_very_hidden_sheet_and_small(merged: Path) -> None:
    book = openpyxl.load_workbook(merged)
    assert [sheet.title for sheet in book if sheet.sheet_state != "visible"] == [RECORD]
    assert book[RECORD].sheet_state == "veryHidden"
    assert book.worksheets[-1].title == RECORD
    assert all(len(cell.value) <= 32_000 for cell in cells_of(book[RECORD]))
    assert merged.stat().st_size < 400_000


def test_forms_and_other_files_are_not_ours(inputs: Path) -> None:
    for name in ("plan.xlsx", "zabita_mudurlugu.xlsx"):
        assert changes_since_written(open_grid(str(inputs / name))) is None


def test_a_draft_has_a_record_too(inputs: Path, tmp_path: Path) -> None:
    shutil.copy(inputs / "zabita_mudurlugu.xlsx", tmp_path)
    draft = tmp_path / "taslak.xlsx"
    assert merge([str(tmp_path)], str(draft), draft=True).written
    assert findings(open_grid(str(draft))) == []


@pytest.mark.parametrize("name", [RECORD, RECORD.upper()])
def test_a_template_may_have_a_sheet_of_that_name(name: str, inputs: Path, tmp_path: Path) -> None:
    template = tmp_path / "sablonum.xlsx"
    book = openpyxl.load_workbook(template_path(PROGRAMME_TEMPLATE))
    book.create_sheet(name)["A1"] = "Kendi notumuz"
    book.save(template)
    output = tmp_path / "program.xlsx"
    assert merge([str(inputs)], str(output), template=str(template)).written
    assert openpyxl.load_workbook(output).sheetnames[-2:] == [name, f"{RECORD}_2"]
    assert findings(open_grid(str(output))) == []


def test_a_deleted_record_makes_the_workbook_one_like_any_other(merged: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(merged)
    del book[RECORD]
    book.save(tmp_path / "out.xlsx")
    assert changes_since_written(open_grid(str(tmp_path / "out.xlsx"))) is None


def test_an_audit_says_that_the_record_of_a_merged_workbook_is_gone(merged: Path, tmp_path: Path) -> None:
    """Kaynak tells that kars-xl wrote it; without that sheet it is anybody's, and nothing is missing."""
    path = tmp_path / "out.xlsx"
    book = openpyxl.load_workbook(merged)
    del book[RECORD]
    rename(book["Kaynak"], "Formlar")
    book.save(path)
    (found,) = [item for item in audit([str(path)]).findings if item.code == "KX605"]
    assert (found.severity, found.place) == ("warning", Place(str(path)))
    assert found.message.startswith("Yazıldıktan sonra yapılan değişiklikler denetlenemedi: kars-xl'in gizli kayıt")
    del book["Formlar"]
    book.save(path)
    assert "KX605" not in {item.code for item in audit([str(path)]).findings}


def test_the_list_of_a_template_is_no_merged_workbooks() -> None:
    assert "KX605" not in {item.code for item in audit([str(template_path(PROGRAMME_TEMPLATE))]).findings}


@pytest.mark.parametrize(
    ("row", "change"),
    [
        (1, lambda text: text.replace(" 1 ", " 99 ")),
        (1, lambda text: text[:20]),
        (1, lambda text: "Merhaba"),
        (1, lambda text: text[:-1] + ("0" if text[-1] != "0" else "1")),
        (3, lambda text: text[:-4]),
        (3, lambda text: "A" + text),
        (4, lambda text: None),
        (4, lambda text: "ığüşöç"),
        (5, lambda text: 12345),
    ],
)
def test_a_damaged_record_is_said_and_not_trusted(row: int, change: Callable[[str], Any], grid: Grid) -> None:
    copy = copy_of(grid)
    cells = sheet_named(copy, RECORD).cells
    value = change(cells[row, 1].text)
    if value is None:
        del cells[row, 1]
    else:
        cells[row, 1].value = value if isinstance(value, str) else exact(value)
    (found,) = findings(copy)
    assert (found.code, found.severity, found.place) == ("KX605", "error", Place(grid.file))


def test_an_emptied_record_is_said(grid: Grid) -> None:
    copy = copy_of(grid)
    sheet_named(copy, RECORD).cells.clear()
    assert [found.code for found in findings(copy)] == ["KX605"]


# Nothing changed


def test_an_untouched_workbook_has_no_finding(grid: Grid) -> None:
    assert findings(grid) == []


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_libreoffice_saves_it_without_a_finding(kind: str, merged: Path, tmp_path: Path) -> None:
    (path,) = convert([merged], tmp_path, kind)
    assert path.read_bytes() != merged.read_bytes()
    assert findings(open_grid(str(path))) == []


def test_what_an_xls_can_not_tell_is_said_once(merged: Path, tmp_path: Path) -> None:
    (path,) = convert([merged], tmp_path, "xls")
    assert [(found.code, found.severity) for found in findings(open_grid(str(path)))] == [("KX605", "warning")]


def test_openpyxl_saves_it_without_a_finding(merged: Path, tmp_path: Path) -> None:
    assert saved(openpyxl.load_workbook(merged), tmp_path / "out.xlsx") == []


def test_excels_shared_formulas_are_the_same_formulas(merged: Path, tmp_path: Path) -> None:
    """Excel writes a formula once for the cells it was filled into; here a column of shares, by hand."""
    path = tmp_path / "out.xlsx"
    first, second = "<f>IF(D$95=0,0,D7/D$95)</f>", "<f>IF(D$95=0,0,D8/D$95)</f>"
    with zipfile.ZipFile(merged) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            text = source.read(name)
            if first.encode() in text:
                shared = b'<f t="shared" ref="E7:E8" si="0">' + first.removeprefix("<f>").encode()
                text = text.replace(first.encode(), shared)
                text = text.replace(second.encode(), b'<f t="shared" si="0"/>')
                assert text.count(b'si="0"') == 2
            target.writestr(name, text)
    assert findings(open_grid(str(path))) == []


@pytest.mark.parametrize(
    "spelling",
    [
        lambda formula: f"= {formula.lower()}",
        lambda formula: formula.replace("$", ""),
        lambda formula: formula.replace("$A:$A", "$A$1:$A$1048576"),
        lambda formula: formula.replace("(", "( ").replace(",", " , "),
        lambda formula: "_xlfn." + formula,
    ],
)
def test_a_formula_in_another_spelling_is_the_same(spelling: Callable[[str], str], grid: Grid) -> None:
    copy = copy_of(grid)
    (cell, *_) = [
        cell
        for cell in sheet_named(copy, "Toplam Kaynak İhtiyacı").cells.values()
        if cell.formula is not None and "$A:$A" in cell.formula
    ]
    assert cell.formula is not None
    cell.formula = spelling(cell.formula)
    assert findings(copy) == []


# One cell edited, and two


@dataclass(frozen=True)
class Edit:
    """What is typed into a cell, and what is then said of it."""

    place: Place
    value: object
    code: str
    severity: str

    @property
    def told(self) -> Told:
        return self.code, self.severity, self.place.sheet, self.place.cell


def _total(table: CostTable, total: CostTotal) -> Place:
    return table.totals[total].place


def _beside(place: Place, rows: int, columns: int) -> Place:
    return Place(place.file, place.sheet, place.row + rows, place.column + columns)


def _tl(amount: Amount) -> float:
    assert amount.kurus is not None
    return amount.kurus / 100


def _last_total(document: Document) -> Place:
    return document.summaries[0].totals["grand_total"].amounts.place


def _share(document: Document) -> Place:
    share = document.summaries[0].rows[30].shares[2]
    assert share is not None
    return share.place


EDITS: dict[str, Callable[[Document], Edit]] = {
    "a formula overwritten by its own value": lambda document: Edit(
        _total(document.costs[0], CostTotal.NEED), _tl(document.costs[0].totals[CostTotal.NEED]), "KX602", "error"
    ),
    "a formula overwritten by another number": lambda document: Edit(
        _total(document.costs[7], CostTotal.BUDGET), 1_234_567.89, "KX602", "error"
    ),
    "a formula overwritten by a text": lambda document: Edit(
        _total(document.costs[20], CostTotal.EXTRA), "yok", "KX602", "error"
    ),
    "another formula": lambda document: Edit(_total(document.costs[12], CostTotal.NEED), "=C1+1", "KX602", "error"),
    "a formula deleted": lambda document: Edit(_total(document.costs[31], CostTotal.NEED), None, "KX602", "error"),
    "a share typed": lambda document: Edit(_share(document), 0.5, "KX602", "error"),
    "an amount changed": lambda document: Edit(document.costs[3].amounts[CostRow(3)].place, 76_000, "KX601", "error"),
    "an amount changed by a kuruş": lambda document: Edit(
        document.costs[0].amounts[CostRow(3)].place, _tl(document.costs[0].amounts[CostRow(3)]) + 0.01, "KX601", "error"
    ),
    "an amount deleted": lambda document: Edit(document.costs[50].amounts[CostRow(3)].place, None, "KX601", "error"),
    "an amount as text": lambda document: Edit(
        document.costs[60].amounts[CostRow(6)].place, "1.500,00", "KX601", "error"
    ),
    "a formula for an amount": lambda document: Edit(
        document.costs[44].amounts[CostRow(1)].place, "=1000+500", "KX601", "error"
    ),
    "an indicator changed": lambda document: Edit(document.targets[5].indicators[0].places[2], 99, "KX601", "error"),
    "a name changed": lambda document: Edit(
        document.targets[9].activities[0].name.place, "Başka bir faaliyet", "KX601", "warning"
    ),
    "a name deleted": lambda document: Edit(document.targets[11].indicators[0].name.place, None, "KX601", "warning"),
    "a signature": lambda document: Edit(_beside(_last_total(document), 4, 1), "Ayşe Yılmaz", "KX601", "advice"),
    "a number added": lambda document: Edit(_beside(_last_total(document), 2, 3), 4711, "KX601", "warning"),
}


@pytest.fixture(scope="module")
def edits(document: Document) -> dict[str, Edit]:
    return {name: make(document) for name, make in EDITS.items()}


@pytest.mark.parametrize("name", EDITS)
def test_each_edit_is_found_at_its_cell_and_nothing_else(
    name: str, edits: dict[str, Edit], merged: Path, tmp_path: Path
) -> None:
    edit = edits[name]
    book = openpyxl.load_workbook(merged)
    book[edit.place.sheet][edit.place.cell].value = edit.value
    assert told_by_sheet(saved(book, tmp_path / "out.xlsx")) == {edit.told}


def typed(grid: Grid, *edits: Edit) -> Grid:
    """A copy of the workbook with edits, computed anew."""
    copy = copy_of(grid)
    for edit in edits:
        sheet, at = sheet_named(copy, edit.place.sheet), (edit.place.row, edit.place.column)
        if edit.value is None:
            del sheet.cells[at]
        elif isinstance(edit.value, str) and edit.value.startswith("="):
            put(sheet, at, None, formula=edit.value.removeprefix("="))
        else:
            put(sheet, at, _cell_value(edit.value))
    recalculate(copy)
    return copy


def _cell_value(value: object) -> CellValue:
    return exact(value) if isinstance(value, int | float) else str(value)


@pytest.mark.parametrize("apart", [1, 6])
def test_two_edits_are_both_found(apart: int, edits: dict[str, Edit], grid: Grid) -> None:
    names = list(edits)
    for name, with_it in zip(names, names[apart:] + names[:apart], strict=True):
        one, other = edits[name], edits[with_it]
        assert told_by_sheet(findings(typed(grid, one, other))) == {one.told, other.told}


def test_the_two_values_are_said_as_people_write_them(edits: dict[str, Edit], grid: Grid, document: Document) -> None:
    def message(name: str) -> str:
        (found,) = findings(typed(grid, edits[name]))
        return found.message

    total = document.costs[0].totals[CostTotal.NEED]
    assert total.kurus == 60_000_00
    own = message("a formula overwritten by its own value")
    assert own.startswith("Formülün üzerine sayı yazılmış: şimdi 60.000,00; kars-xl'in yazdığı =")
    assert own.endswith("(sonucu 60.000,00).")
    assert "şimdi 1.234.567,89;" in message("a formula overwritten by another number")
    assert "şimdi %50,00;" in message("a share typed")
    assert "kars-xl'in yazdığı 60.000,00, şimdi 60.000,01." in message("an amount changed by a kuruş")
    assert "şimdi boş" in message("an amount deleted")
    assert "şimdi “Başka bir faaliyet”" in message("a name changed")
    assert "kars-xl'in yazdığı boş, şimdi “Ayşe Yılmaz”" in message("a signature")


def test_results_that_follow_an_edit_are_counted_and_not_listed(edits: dict[str, Edit], grid: Grid) -> None:
    """An amount moves 21 official figures; the shares and the live checks follow as well."""
    copy = typed(grid, edits["an amount changed"])
    (found,) = findings(copy)
    before = {(sheet.name, at): cell.value for sheet in grid.sheets for at, cell in sheet.cells.items() if cell.formula}
    moved = [
        (sheet.name, at)
        for sheet in copy.sheets
        for at, cell in sheet.cells.items()
        if cell.formula and not _alike(before[sheet.name, at], cell.value)
    ]
    assert len(moved) > 21
    assert found.message.endswith(f"Buna bağlı {len(moved)} formülün sonucu değişmiş.")


def _alike(one: CellValue, other: CellValue) -> bool:
    if isinstance(other, Unknown):
        return True  # nobody can say that it changed
    if isinstance(one, str | None) or isinstance(other, str | None):
        return (one or "") == (other or "")
    return abs(float(str(one)) - float(str(other))) < 1e-9


def test_a_stored_result_that_nothing_explains_is_found(grid: Grid, document: Document) -> None:
    copy = copy_of(grid)
    place = document.costs[0].totals[CostTotal.NEED].place
    sheet_named(copy, place.sheet).cells[place.row, place.column].value = exact(99)
    assert told_by_sheet(findings(copy)) == {("KX601", "error", place.sheet, place.cell)}


def test_a_column_pasted_as_values_is_one_finding(grid: Grid, document: Document) -> None:
    copy = copy_of(grid)
    summary = document.summaries[0]
    amounts = [row.amounts.total for row in summary.rows]
    cells = sheet_named(copy, summary.place.sheet).cells
    places = [amount.place for amount in amounts if amount is not None]
    assert len(places) == 88
    for place in places:
        cells[place.row, place.column].formula = None
    (found,) = findings(copy)
    assert (found.code, found.place, found.related) == ("KX602", places[0], tuple(places[1:]))
    assert found.message.startswith(f"88 hücrede ({places[0].cell}:{places[-1].cell}) formülün üzerine sayı yazılmış")


# Rows, columns and sheets


def _costs(grid: Grid) -> Sheet:
    return next(sheet for sheet in grid.sheets if sheet.name == "Faaliyet Maliyetleri")


def _row(document: Document) -> int:
    return document.costs[10].amounts[CostRow(3)].place.row


MOVES: dict[str, tuple[Callable[[Grid, Sheet, int], object], str, str]] = {
    "a row inserted above the tables": (lambda grid, sheet, row: insert_rows(grid, sheet, 2), "A2", "warning"),
    "a row inserted in a table": (lambda grid, sheet, row: insert_rows(grid, sheet, row), "A{row}", "warning"),
    "rows inserted in a table": (lambda grid, sheet, row: insert_rows(grid, sheet, row, 7), "A{row}", "warning"),
    "a row with a figure deleted": (lambda grid, sheet, row: delete_rows(grid, sheet, row), "A{row}", "error"),
    "a column inserted": (lambda grid, sheet, row: insert_columns(grid, sheet, 4), "D1", "warning"),
}


@pytest.mark.parametrize("name", MOVES)
def test_a_move_is_said_once_and_an_edit_beside_it_is_found(name: str, grid: Grid, document: Document) -> None:
    change, cell, severity = MOVES[name]
    row = _row(document)
    copy = copy_of(grid)
    sheet = _costs(copy)
    edited_cell = sheet.cells[
        document.costs[40].amounts[CostRow(3)].place.row, document.costs[40].amounts[CostRow(3)].place.column
    ]
    change(copy, sheet, row)
    recalculate(copy)
    moved = ("KX604", severity, sheet.name, cell.format(row=row))
    assert told_by_sheet(findings(copy)) == {moved}
    edited_cell.value = exact(4711)
    assert told_by_sheet(findings(copy)) == {moved, ("KX601", "error", sheet.name, edited_cell.place.cell)}


def test_a_column_deleted_is_said_once(grid: Grid, document: Document) -> None:
    copy = copy_of(grid)
    share = document.summaries[0].rows[0].shares[1]
    assert share is not None
    delete_columns(copy, sheet_named(copy, share.place.sheet), share.place.column)
    recalculate(copy)
    column = share.place.cell.rstrip("0123456789")
    assert told_by_sheet(findings(copy)) == {("KX604", "error", share.place.sheet, f"{column}1")}


def test_a_deleted_row_is_an_error_by_the_figures_that_it_held(grid: Grid, document: Document) -> None:
    """A total alone is a formula, and one more error than a heading: nothing but wording is gone with that."""
    table = document.costs[10]
    heading = table.heading.place
    assert heading is not None
    total = table.totals[CostTotal.NEED].place
    for place, severity in ((heading, "warning"), (total, "error")):
        copy = copy_of(grid)
        sheet = sheet_named(copy, place.sheet)
        figures = [
            at for at, cell in sheet.cells.items() if at[0] == place.row and (cell.formula or cell.text.isdigit())
        ]
        assert bool(figures) is (severity == "error")
        delete_rows(copy, sheet, place.row)
        recalculate(copy)
        found = [item for item in findings(copy) if item.code == "KX604"]
        assert [(item.severity, item.place.row) for item in found] == [(severity, place.row)]


def test_a_column_of_words_deleted_is_a_warning(grid: Grid) -> None:
    """The digests on the sheet Kaynak feed no formula, nor does what stands right of them."""
    copy = copy_of(grid)
    sheet = sheet_named(copy, "Kaynak")
    (heading,) = [cell for cell in sheet.cells.values() if cell.text.startswith("Dosyanın özeti")]
    delete_columns(copy, sheet, heading.column)
    recalculate(copy)
    column = heading.place.cell.rstrip("0123456789")
    assert told_by_sheet(findings(copy)) == {("KX604", "warning", "Kaynak", f"{column}1")}


def test_rows_of_one_table_deleted_and_others_inserted_elsewhere(grid: Grid, document: Document) -> None:
    copy = copy_of(grid)
    sheet, row = _costs(copy), _row(document)
    insert_rows(copy, sheet, row + 200, 3)
    delete_rows(copy, sheet, row, 2)
    recalculate(copy)
    assert told_by_sheet(findings(copy)) == {
        ("KX604", "error", sheet.name, f"A{row}"),
        ("KX604", "warning", sheet.name, f"A{row + 200 - 2}"),
    }


def test_a_formula_that_did_not_follow_its_rows_is_found(merged: Path, document: Document, tmp_path: Path) -> None:
    """openpyxl inserts rows and leaves the formulas as they are: the totals below then add up other cells."""
    book = openpyxl.load_workbook(merged)
    table = document.costs[-1]
    book[table.place.sheet].insert_rows(table.amounts[CostRow(3)].place.row)
    found = saved(book, tmp_path / "out.xlsx")
    assert ("KX604", "warning", table.place.sheet, f"A{table.amounts[CostRow(3)].place.row}") in told_by_sheet(found)
    total = table.totals[CostTotal.NEED].place
    assert ("KX602", "error", total.sheet, _beside(total, 1, 0).cell) in told_by_sheet(found)


def test_a_sheet_renamed_removed_or_added(merged: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(merged)
    rename(book["Faaliyet Maliyetleri"], "Maliyet Tabloları (yeni)")
    assert told_by_sheet(saved(book, tmp_path / "out.xlsx")) == {("KX604", "warning", "Maliyet Tabloları (yeni)", "")}
    book["Maliyet Tabloları (yeni)"]["C9"] = 4711
    del book["Kaynak"]
    book.create_sheet("Notlar", 0)["A1"] = 5
    assert told_by_sheet(saved(book, tmp_path / "out.xlsx")) == {
        ("KX604", "warning", "", ""),
        ("KX604", "warning", "Notlar", ""),
        ("KX604", "warning", "Maliyet Tabloları (yeni)", ""),
        ("KX601", "error", "Maliyet Tabloları (yeni)", "C9"),
    }


@pytest.fixture(scope="module")
def by_libreoffice(
    merged: Path, document: Document, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, tuple[Path, set[Told]]]:
    """Copies edited by LibreOffice, and what must be said of each."""
    costs, row = "Faaliyet Maliyetleri", _row(document)
    first, second = (table.heading.place for table in document.costs[10:12])
    assert first is not None
    assert second is not None
    summary = document.summaries[0].place.sheet
    sheet, other = f'sheets.getByName("{costs}")', f'sheets.getByName("{summary}")'
    cases = {
        "a row inserted above": (f"{sheet}.Rows.insertByIndex(1, 1)", costs, "A2"),
        "rows inserted in a table": (f"{sheet}.Rows.insertByIndex({row - 1}, 2)", costs, f"A{row}"),
        "a row with a figure deleted": (f"{sheet}.Rows.removeByIndex({row - 1}, 1)", costs, f"A{row}"),
        "a table deleted": (
            f"{sheet}.Rows.removeByIndex({first.row - 1}, {second.row - first.row})",
            costs,
            f"A{first.row}",
        ),
        "a column inserted": (f"{other}.Columns.insertByIndex(3, 1)", summary, "D1"),
        "a sheet renamed": (f'{sheet}.Name = "Maliyet Tabloları"', "Maliyet Tabloları", ""),
        "a sheet removed": ('sheets.removeByName("Şekiller")', "", ""),
        "an official table removed": ('sheets.removeByName("Performans Hedefleri")', "", ""),
        "a sheet copied": ('sheets.copyByName("Kapak", "Kapak 2", 1)', "Kapak 2", ""),
    }
    folder = tmp_path_factory.mktemp("libreoffice")
    paths = edited_by_libreoffice(merged, {name: statement for name, (statement, _, _) in cases.items()}, folder)
    lost = ("a row with a figure deleted", "a table deleted", "an official table removed")
    codes = {"an official table removed": "KX607"}
    return {
        name: (paths[name], {(codes.get(name, "KX604"), "error" if name in lost else "warning", at, cell)})
        for name, (_, at, cell) in cases.items()
    }


def test_what_libreoffice_moves_is_said_once(by_libreoffice: dict[str, tuple[Path, set[Told]]]) -> None:
    for name, (path, expected) in by_libreoffice.items():
        assert told_by_sheet(findings(open_grid(str(path)))) == expected, name
