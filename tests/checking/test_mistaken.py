"""What somebody gave in place of the forms of a round (KX020), and which plan belongs to a form."""

from __future__ import annotations

from pathlib import Path

import pytest

from kars_xl.base.place import Place
from kars_xl.checking.official import is_filled, mistaken, plan_above
from kars_xl.findings.finding import Merged
from kars_xl.model.programme import Institution, Programme
from kars_xl.reading.files import Reading
from kars_xl.reading.tables import Amount, Document
from tests.helpers.tables_by_hand import Given, computed, cost_table, form, full, indicator_row, matrix, target_table
from tests.helpers.typed_rows import lines, read

PLAN = Merged(Programme(Institution("Kars Belediyesi"), 2025))
GIVEN = cost_table(**full(b3=5))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "2025").mkdir()
    return tmp_path / "2025"


def kimlik(name: str, year: str = "2025", unit: str = "Fen", *, filled: bool = True) -> Document:
    blank: dict[str, dict[int, Given]] = {"budget": {3: None}}
    return form(GIVEN if filled else cost_table(**blank), file=name, unit=unit, year=year)


def told(reading: Reading, *paths: Path, merging: bool = True) -> tuple[str, str] | None:
    """What is said is wrong, and what to do."""
    found = mistaken(reading, [str(path) for path in paths], merging=merging)
    if not found:
        return None
    (one,) = found
    assert (one.code, one.place) == ("KX020", Place(", ".join(map(str, paths))))
    return one.message.removeprefix("Beklenen bu değil: "), one.fix


def test_forms_are_what_is_wanted(folder: Path) -> None:
    both = Reading(documents=[kimlik("a.xlsx"), kimlik("b.xlsx", unit="Park")], plan=PLAN, plan_file="plan.xlsx")
    for merging in (True, False):
        assert told(both, folder, merging=merging) is None
        assert told(Reading(documents=both.documents), folder, merging=merging) is None
        assert told(Reading(), folder, merging=merging) is None


def test_the_plan_alone(folder: Path) -> None:
    (folder / "plan.xlsx").write_bytes(b"x")
    reading = Reading(plan=PLAN, plan_file=str(folder / "plan.xlsx"))
    assert told(reading, folder / "plan.xlsx") == (
        "bu dosya plan.",
        f"Birimlerden gelen formların klasörünü verin: kars-xl merge {folder}",
    )
    assert told(reading, folder / "plan.xlsx", merging=False) is None
    assert told(reading, folder) is None
    assert told(reading, folder / "plan.xlsx", folder) is None
    assert told(Reading(), folder / "plan.xlsx") is None
    other = Reading(plan=PLAN, plan_file=str(folder / "plan.xlsx"), documents=[kimlik("a.xlsx")])
    assert told(other, folder / "plan.xlsx") is None


def test_a_workbook_that_was_merged_before(folder: Path) -> None:
    path = folder / "kitap.xlsx"
    path.write_bytes(b"x")
    document = form(GIVEN, file=str(path))
    said = (
        "bu, formlardan birleştirilmiş kitabın kendisi.",
        f"Kitap kars-xl audit {path} ile denetlenir; yenisi için formların klasörünü verin.",
    )
    for merging in (True, False):
        assert told(Reading(documents=[document], outputs={str(path)}), path, merging=merging) == said
    assert told(Reading(documents=[document]), path) is None
    assert told(Reading(documents=[document, kimlik("b.xlsx")], outputs={str(path)}), path, folder) is None


def test_a_single_form(folder: Path) -> None:
    path = folder / "fen isleri.xlsx"
    path.write_bytes(b"x")
    reading = Reading(documents=[kimlik(str(path))])
    remedy = f'Onu denetlemek için kars-xl check "{path}"; hepsini birleştirmek için kars-xl merge {folder}'
    assert told(reading, path) == ("tek bir form verildi (Fen).", remedy)
    assert told(reading, path, merging=False) is None
    # Not one that is alone in its folder or archive, nor what is no form, nor one beside another.
    assert told(reading, folder) is None
    assert told(Reading(documents=[kimlik(str(path / "x.xlsx"))]), path) is None
    assert told(Reading(documents=[form(GIVEN, file=str(path))]), path) is None
    both = Reading(documents=[kimlik(str(path)), form(GIVEN, file="b.xlsx")])
    assert told(both, path) is None


def test_forms_that_nobody_has_filled_in(folder: Path) -> None:
    blank = [kimlik("a.xlsx", filled=False), kimlik("b.xlsx", unit="Park", filled=False)]
    remedy = f"Birimlerden gelen formların klasörünü verin: kars-xl merge {folder}"
    why = "hiçbiri doldurulmamış, bunlar birimlere gönderilen boş formlar."
    assert told(Reading(documents=blank), folder) == (why, remedy)
    assert told(Reading(documents=blank), folder, merging=False) == (why, remedy.replace("merge", "check"))
    # One form may be checked before anything is in it.
    assert told(Reading(documents=blank[:1]), folder, merging=False) is None
    assert told(Reading(documents=[*blank, kimlik("c.xlsx")]), folder) is None
    assert told(Reading(documents=[form(cost_table())]), folder) is None
    # Within a working folder the whole of it is meant.
    (folder.parent / "inputs").mkdir()
    assert told(Reading(documents=blank), folder) == (why, remedy.replace(str(folder), str(folder.parent)))


def test_forms_of_another_year(folder: Path) -> None:
    def forms(*years: str) -> Reading:
        documents = [kimlik(f"{at}.xlsx", year, f"Birim {at}") for at, year in enumerate(years)]
        return Reading(documents=documents, plan=PLAN, plan_file="/x/plan.xlsx")

    said = (
        "formlar 2023, 2024 yılının, plan (plan.xlsx) 2025 yılının.",
        "2025 formlarının klasörünü verin ya da 2023, 2024 planını --plan ile gösterin.",
    )
    for merging in (True, False):
        assert told(forms("2024", "2023", "2024"), folder, merging=merging) == said
        assert told(forms("2024", "2025"), folder, merging=merging) is None
        assert told(forms("2024", "2024"), folder, merging=merging) is not None
    assert told(forms("", ""), folder) is None
    assert told(forms("2024"), folder) is None
    alone = forms("2024", "2024")
    alone.plan = None
    assert told(alone, folder) is None
    tables = [kimlik("a.xlsx", ""), form(GIVEN, file="b.xlsx", year="2024"), form(GIVEN, file="c.xlsx", year="2024")]
    assert told(Reading(documents=tables, plan=PLAN), folder) is None


@pytest.mark.parametrize(
    ("document", "filled"),
    [
        (form(cost_table(**full(b3=5))), True),
        (form(cost_table(**full())), True),
        (form(cost_table("F.1", {3: None})), False),
        (form(cost_table("F.1", {3: None, 4: computed(5)})), False),
        (form(cost_table("F.1", {3: None}, {0: 5})), True),
        (form(cost_table("F.1", None, None, {"need_total": 5})), False),
        (form(matrix({"general": {1: 5}})), True),
        (form(matrix({"transfers": {1: 5}})), True),
        (form(matrix({"general": {1: None}, "transfers": {1: computed(0)}})), False),
        (form(matrix({"activity_column": {1: 5}})), False),
        (form(matrix({})), False),
        (form(), False),
    ],
)
def test_whether_somebody_has_given_an_amount(document: Document, filled: bool) -> None:
    assert is_filled(document) is filled


@pytest.mark.parametrize(
    ("values", "filled"),
    [(" | | 5,0", True), (" | | -", False), ("4,0 | 5,0 | ", False), (" | | ", False), (" | | 0,0", True)],
)
def test_whether_somebody_has_given_this_years_value(values: str, filled: bool) -> None:
    rows = lines("Amaç | Su", "Performans Göstergeleri | | 2023 | 2024 | 2025", f"PG.1.1.1 | Boru | {values}")
    assert is_filled(read(rows)) is filled
    assert is_filled(form(target_table(indicator_row("PG.1.1.1", None, None, None)))) is False


def test_an_amount_that_cannot_be_read_is_one() -> None:
    assert is_filled(form(cost_table("F.1", {3: Amount(None, Place(""))})))


def test_the_plan_of_a_forms_folder(tmp_path: Path) -> None:
    """In its folder, the one above, and `inputs` in either; the nearest first."""
    folder = tmp_path / "2025" / "gelen"
    for name in (folder / "inputs", tmp_path / "2025" / "inputs"):
        name.mkdir(parents=True)
    form_file = folder / "fen.xlsx"
    assert plan_above(str(form_file)) is None
    (tmp_path / "plan.xlsx").write_bytes(b"x")
    assert plan_above(str(form_file)) is None
    around = tmp_path / "2025"
    for place in (around / "inputs", folder / "inputs", around, folder):
        (place / "plan.xlsx").write_bytes(b"x")
        assert plan_above(str(form_file)) == str(place / "plan.xlsx")
    assert plan_above(str(folder / "plan.xlsx")) is None
    (folder / "plan.xlsx").unlink()
    (folder / "plan.xlsx").mkdir()
    assert plan_above(str(form_file)) == str(around / "plan.xlsx")
