"""Every way to spoil a form that we know of: one cause is one finding, at its cell, and nothing is lost silently."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pytest

from kars_xl.findings.finding import ADVICE
from kars_xl.pipeline import check
from kars_xl.reports.answer import Outcome
from tests.helpers import grid_edits as edit
from tests.helpers.form_files import FEN_FILE, FINANCE_FILE, real_forms
from tests.helpers.fuzz_model import Base, Key, amounts_of
from tests.helpers.mutations import AMOUNT_PLACES, FAULTY, HARMLESS, NO_AMOUNTS, TEXT_AMOUNTS, TYPED, Moved, Typed
from tests.helpers.oracles import convert

Place = tuple[str, str, str, str, int | str]
IDS = [f"{place[0][:5]}-{place[2]}" for place in AMOUNT_PLACES]


@pytest.fixture(scope="module")
def base(inputs: Path) -> Base:
    return Base(inputs, (FEN_FILE, FINANCE_FILE))


@pytest.fixture(scope="module")
def original(base: Base) -> Mapping[Key, int]:
    outcome = base.check(base.form().grids)
    assert not graver(outcome)
    assert outcome.merged is not None
    return amounts_of(outcome.merged)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return real_forms(tmp_path, FEN_FILE, FINANCE_FILE)


def graver(outcome: Outcome) -> list[tuple[str, str, str]]:
    """(code, sheet, cell) of errors and warnings, each place of a code once.

    The reserve of 2024 stands outside its column in print, too (KX312).
    """
    found = [item for item in outcome.findings if item.severity != ADVICE and item.code != "KX312"]
    return list(dict.fromkeys((item.code, item.place.sheet, item.place.cell) for item in found))


def typed(folder: Path, place: Place, value: object, style: str = "") -> Outcome:
    """The outcome of a check of the forms with a value typed into a cell."""
    path = folder / place[0]
    book = openpyxl.load_workbook(path)
    cell = book[place[1]][place[2]]
    cell.value = value
    if isinstance(value, str) and not (value.startswith("=") and value.strip() == value) and not value.startswith("#"):
        cell.data_type = "s"
    if style:
        cell.number_format = style
    book.save(path)
    return check([str(folder)])


def amounts(outcome: Outcome) -> dict[Key, int]:
    assert outcome.merged is not None
    return amounts_of(outcome.merged)


def with_amount(original: Mapping[Key, int], place: Place, kurus: int) -> dict[Key, int]:
    return {key: value for key, value in {**original, (place[3], place[4]): kurus}.items() if value}


@pytest.mark.parametrize("place", AMOUNT_PLACES, ids=IDS)
@pytest.mark.parametrize("text", TEXT_AMOUNTS, ids=repr)
def test_a_number_typed_as_text_is_read_and_said(
    folder: Path, original: Mapping[Key, int], place: Place, text: str
) -> None:
    outcome = typed(folder, place, text)
    assert graver(outcome) == [("KX102", *place[1:3])]
    assert amounts(outcome) == with_amount(original, place, TEXT_AMOUNTS[text])


@pytest.mark.parametrize("place", AMOUNT_PLACES, ids=IDS)
@pytest.mark.parametrize("text", NO_AMOUNTS, ids=repr)
def test_what_is_no_number_is_an_error_at_its_cell(folder: Path, place: Place, text: str) -> None:
    assert graver(typed(folder, place, text)) == [("KX103", *place[1:3])]


@pytest.mark.parametrize("place", AMOUNT_PLACES, ids=IDS)
@pytest.mark.parametrize("case", TYPED, ids=lambda case: case.name)
def test_values_of_all_kinds(folder: Path, original: Mapping[Key, int], place: Place, case: Typed) -> None:
    outcome = typed(folder, place, case.value, case.style)
    found = graver(outcome)
    assert (case.code, *place[1:3]) in found if case.code else not found
    # A text is in no sum of the form: where it is below zero, the total holds more than its parts.
    below = {"KX127"} if isinstance(case.value, str) and (case.kurus or 0) < 0 else set()
    assert len(found) == bool(case.code) or {code for code, _, _ in found} <= {"KX102", case.code} | below
    if case.kurus is not None:
        assert amounts(outcome) == with_amount(original, place, case.kurus)


def moved(base: Base, folder: Path, case: Moved) -> Outcome:
    """The outcome for the form edited as Excel edits it, written as a package and read from there."""
    grid = base.form().grids[0]
    case.do(grid)
    edit.save(grid, folder / FEN_FILE)
    return check([str(folder)])


@pytest.mark.parametrize("case", HARMLESS, ids=lambda case: case.name)
def test_harmless_changes_change_nothing(base: Base, folder: Path, original: Mapping[Key, int], case: Moved) -> None:
    outcome = moved(base, folder, case)
    assert not graver(outcome)
    assert amounts(outcome) == original


@pytest.mark.parametrize("case", FAULTY, ids=lambda case: case.name)
def test_one_cause_is_one_finding_at_its_cell(base: Base, folder: Path, case: Moved) -> None:
    found = graver(moved(base, folder, case))
    if case.found is None:
        assert 0 < len(found) <= case.most, found
    else:
        assert found == list(case.found)


# Whole files


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_a_form_saved_by_another_program_is_read_exactly(
    folder: Path, tmp_path: Path, original: Mapping[Key, int], kind: str
) -> None:
    converted = convert([folder / FEN_FILE, folder / FINANCE_FILE], tmp_path, kind)
    outcome = check([str(path) for path in converted])
    assert not graver(outcome)
    assert amounts(outcome) == original


def test_a_form_renamed_to_xlsm_is_read_exactly(folder: Path, original: Mapping[Key, int]) -> None:
    (folder / FEN_FILE).rename(folder / "form.xlsm")
    outcome = check([str(folder)])
    assert not graver(outcome)
    assert amounts(outcome) == original


def graver_codes(outcome: Outcome) -> list[str]:
    return sorted({code for code, _, _ in graver(outcome)})


def test_files_that_are_no_forms(folder: Path) -> None:
    (folder / FEN_FILE).write_bytes(b"Kod;Tutar")
    assert graver_codes(check([str(folder)])) == ["KX001"]
    (folder / FEN_FILE).write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"))
    assert graver_codes(check([str(folder)])) == ["KX002"]


def test_the_finance_form_missing(folder: Path) -> None:
    (folder / FINANCE_FILE).unlink()
    assert graver_codes(check([str(folder)])) == ["KX203"]


def test_two_versions_of_a_form(folder: Path, original: Mapping[Key, int]) -> None:
    shutil.copy(folder / FEN_FILE, folder / "yeni.xlsx")
    assert graver_codes(check([str(folder)], latest=False)) == ["KX204"]
    outcome = typed(folder, (FEN_FILE, "Kimlik", "B11", "", 0), 1)
    assert graver_codes(outcome) == []
    assert [item.severity for item in outcome.findings if item.code == "KX209"] == ["advice"]
    assert amounts(outcome) == original


def test_a_colleagues_form_under_another_name(folder: Path, inputs: Path) -> None:
    """The unit is what the form says of itself, not what the file is called."""
    shutil.copy(inputs / "hukuk_isleri_mudurlugu.xlsx", folder / "temizlik_isleri_mudurlugu.xlsx")
    outcome = check([str(folder)])
    assert outcome.merged is not None
    assert {unit.name for unit in outcome.merged.programme.units} == {"Fen İşleri Müdürlüğü", "Hukuk İşleri Müdürlüğü"}


def test_a_link_to_another_workbook_with_its_result(base: Base, folder: Path, original: Mapping[Key, int]) -> None:
    grid = base.form().grids[0]
    cell = edit.sheet_named(grid, "PH 7.3").cells[38, 3]
    cell.formula = "[1]Sayfa!A1"
    edit.save(grid, folder / FEN_FILE)
    outcome = check([str(folder)])
    assert graver(outcome) == [("KX110", "PH 7.3", "C38")]
    assert amounts(outcome) == original


def test_a_form_without_its_tables_is_an_error(base: Base, folder: Path) -> None:
    grid = base.form().grids[0]
    grid.sheets.remove(edit.sheet_named(grid, "PH 7.3"))
    edit.save(grid, folder / FEN_FILE)
    outcome = check([str(folder)])
    assert ("KX004", "", "") in graver(outcome)
    assert outcome.failed
