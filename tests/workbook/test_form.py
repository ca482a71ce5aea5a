"""The form that a clerk gets: what can be typed where, and its Kontrol sheet in the clerk's own program."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from kars_xl.base.place import Place
from kars_xl.model.cost_rows import CostRow
from kars_xl.reading.grid import open_grid
from kars_xl.reading.recognise import recognise
from kars_xl.reading.tables import Document
from tests.helpers.oracles import fresh_formualizer, libreoffice

FORM = "yazi_isleri_mudurlugu.xlsx"


@pytest.fixture(scope="module")
def form(inputs: Path) -> Document:
    return recognise(open_grid(str(inputs / FORM)))


def entries(form: Document) -> set[tuple[str, str]]:
    """The cells that a clerk fills: indicator values and the parts of the cost tables."""
    places = [place for table in form.targets for row in table.indicators for place in row.places]
    places += [amount.place for table in form.costs for amount in table.amounts.values()]
    return {(place.sheet, place.cell) for place in places}


def test_only_entry_cells_can_be_typed_in(inputs: Path, form: Document) -> None:
    book = openpyxl.load_workbook(inputs / FORM)
    open_cells = set()
    for sheet in book:
        assert sheet.protection.sheet, sheet.title
        assert sheet.protection.password is None
        # False means that it is not forbidden.
        assert (sheet.protection.formatColumns, sheet.protection.formatRows) == (False, False)
        assert (sheet.protection.sort, sheet.protection.autoFilter) == (False, False)
        merged = {cell for area in sheet.merged_cells.ranges for row in area.rows for cell in row[1:]}
        open_cells |= {
            (sheet.title, cell.coordinate)
            for row in sheet.iter_rows()
            for cell in row
            if not cell.protection.locked and (cell.row, cell.column) not in merged
        }
    typed = {place for place in open_cells if place[0].startswith("PH")}
    notes = {("PH 1.3", form.targets[0].heading.texts["note"].place.cell)}
    assert entries(form) <= typed
    assert {cell for cell in typed - entries(form) if cell not in notes} <= merged_note_cells(book["PH 1.3"], notes)


def merged_note_cells(sheet: Worksheet, notes: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """The cells covered by the merged note."""
    ((_, first),) = notes
    area = next(area for area in sheet.merged_cells.ranges if first in area)
    return {(sheet.title, cell.coordinate) for row in sheet[area.coord] for cell in row}


def test_amounts_are_validated_in_turkish(inputs: Path, form: Document) -> None:
    sheet = openpyxl.load_workbook(inputs / FORM)["PH 1.3"]
    rules = sheet.data_validations.dataValidation
    for cell in sorted(cell for _, cell in entries(form)):
        rule = next(rule for rule in rules if cell in rule.sqref)
        assert rule.errorTitle
        assert rule.error
        assert "yazınız" in rule.error


Change = Callable[[openpyxl.Workbook, Document], None]


def put(book: openpyxl.Workbook, place: Place, value: object) -> None:
    book[place.sheet][place.cell] = value


def blank_indicator(book: openpyxl.Workbook, form: Document) -> None:
    put(book, form.targets[0].indicators[0].places[2], None)


def indicator_in_words(book: openpyxl.Workbook, form: Document) -> None:
    put(book, form.targets[0].indicators[1].places[0], "çok")


def indicator_with_its_unit(book: openpyxl.Workbook, form: Document) -> None:
    put(book, form.targets[0].indicators[0].places[2], "120 adet")


def negative(book: openpyxl.Workbook, form: Document) -> None:
    put(book, form.costs[0].amounts[CostRow(3)].place, -5)


def text(book: openpyxl.Workbook, form: Document) -> None:
    put(book, form.costs[1].amounts[CostRow("source1")].place, "60.000,0O")


def blank_costs(book: openpyxl.Workbook, form: Document) -> None:
    for amount in form.costs[2].amounts.values():
        put(book, amount.place, None)


def typed_over(book: openpyxl.Workbook, form: Document) -> None:
    total = form.targets[0].activities[0].amounts.total
    assert total is not None
    put(book, total.place, 1)


def dash_percent_and_zero(book: openpyxl.Workbook, form: Document) -> None:
    """Answers that are right: no value, 70% as Excel keeps it, none."""
    for place, value in zip(form.targets[0].indicators[0].places, ("-", 0.7, 0), strict=True):
        put(book, place, value)
        book[place.sheet][place.cell].number_format = "0%"


CASES: list[tuple[Change, str, str]] = [
    (blank_indicator, "PH 1.3", "EKSİK"),
    (indicator_in_words, "PH 1.3", "SAYI DEĞİL"),
    (indicator_with_its_unit, "PH 1.3", "SAYI DEĞİL"),
    (negative, "F.1.3.1", "EKSİ TUTAR"),
    (text, "F.1.3.2", "SAYI DEĞİL"),
    (blank_costs, "F.1.3.5", "EKSİK"),
    (typed_over, "F.1.3.1", "TOPLAM FARKLI"),
]


@pytest.fixture(scope="module")
def recomputed(inputs: Path, form: Document, tmp_path_factory: pytest.TempPathFactory) -> list[list[dict[str, object]]]:
    """For each engine the Kontrol sheet of the form as it is, and of each spoiled one: verdict by row heading."""
    folder = tmp_path_factory.mktemp("kontrol")
    paths = []
    for index, change in enumerate([None, *(case[0] for case in CASES), dash_percent_and_zero]):
        book = openpyxl.load_workbook(inputs / FORM)
        if change is not None:
            change(book, form)
        paths.append(folder / f"form{index}.xlsx")
        book.save(paths[-1])
    found = []
    # IronCalc takes a formatted empty cell for a filled one, so COUNTBLANK is not for it to judge.
    for engine in (libreoffice, fresh_formualizer):
        scratch = tmp_path_factory.mktemp(engine.__name__)
        found.append([verdicts(path, values) for path, values in zip(paths, engine(paths, scratch), strict=True)])
    return found


def verdicts(path: Path, values: dict[tuple[str, str], object]) -> dict[str, object]:
    sheet = openpyxl.load_workbook(path)["Kontrol"]
    found: dict[str, object] = {"Form": values["Kontrol", "B4"]}
    for row in sheet.iter_rows(min_row=7):
        results = [values.get(("Kontrol", cell.coordinate)) for cell in row]
        words = [result for result in results if isinstance(result, str) and result]
        if words and row[0].value:
            found[str(row[0].value)] = words[-1]
    return found


def test_a_right_form_may_be_sent(recomputed: list[list[dict[str, object]]]) -> None:
    for engine in recomputed:
        assert engine[0] == {
            "Form": "TAMAM: form gönderilebilir",
            **dict.fromkeys(("PH 1.3", "F.1.3.1", "F.1.3.2", "F.1.3.5"), "TAMAM"),
        }
        assert engine[-1] == engine[0], dash_percent_and_zero.__doc__


@pytest.mark.parametrize("index", range(len(CASES)), ids=[case[0].__name__ for case in CASES])
def test_the_form_shows_the_fault_at_its_row_and_no_other(
    recomputed: list[list[dict[str, object]]], index: int
) -> None:
    _, row, verdict = CASES[index]
    for engine in recomputed:
        found = engine[index + 1]
        assert found.pop("Form") == "EKSİK: 1 satıra bakınız"
        assert found.pop(row) == verdict
        assert set(found.values()) == {"TAMAM"}
