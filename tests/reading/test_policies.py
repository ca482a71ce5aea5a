"""Upper policy documents, mission, vision and principles: from a published text through the plan into the workbook."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from msgspec.structs import replace

from kars_xl.merging.consolidate import consolidate
from kars_xl.model.programme import PolicyTask, Programme, Purpose
from kars_xl.pipeline import import_plan, make_forms, merge
from kars_xl.reading import policies
from kars_xl.reading.files import read_files
from kars_xl.reading.grid import Grid, open_grid
from kars_xl.reading.grid.plain import read_plain
from kars_xl.reading.plan import read_plan
from kars_xl.reading.recognise import recognise
from kars_xl.workbook.nodes.programme import programme_tree
from kars_xl.workbook.render import PLAN_TEMPLATE, PROGRAMME_TEMPLATE, render, template_path
from tests.helpers.small_town import cost, tablo_11, target
from tests.helpers.workbook_edits import edited

SHEET, GOALS = "Temel Politika ve Öncelikler", "Amaç ve Hedefler"

# A page break stands in the first table: blank lines, and its columns begin further left after it.
TABLES = """\
## A- Temel Politikalar

YEŞİL KALKINMA PLANI\t\t
Üst Politika Belgesi\tİlgili Bölüm/ Referans\tVerilen Görev/İhtiyaçlar
YEŞİL KALKINMA PLANI\t<b>Su</b>\t
\t12.\tDerelerin kıyıları açılacaktır.
\t12.1.\tKıyılarda 3 metrelik yol bırakılacaktır.
\t<b>Orman</b>\t
\t40\tYanan alanlar ağaçlandırılacaktır.



40.2.\tFidanlık kurulacaktır.
<b>Toprak</b>\t



77.\tBoş araziler işlenecektir.
Hava\t
78.\tBacalara süzgeç takılacaktır.

## ⇒ İl Çevre Programı

İl Çevre Programı\t
Politika No\tTedbir
P.3\tÇöp ayrı toplanacaktır.
\tOkullarda ders verilecektir.

## B- Amaç ve Hedefler

---
### MİSYONUMUZ

*Yeşil bir ova.*
---

### VİZYONUMUZ

*Suyu temiz,
havası temiz bir kent.*

### TEMEL İLKELERİMİZ

- 1- Açıklık
  - 2- 7 gün hizmet
  - 3-Sadelik

Sayfa 12
"""
PLAN_NAME, PROGRAMME_NAME = "YEŞİL KALKINMA PLANI", "İl Çevre Programı"
TASKS = (
    PolicyTask(PLAN_NAME, "Su", "12.", "Derelerin kıyıları açılacaktır."),
    PolicyTask(PLAN_NAME, "Su", "12.1.", "Kıyılarda 3 metrelik yol bırakılacaktır."),
    PolicyTask(PLAN_NAME, "Orman", "40", "Yanan alanlar ağaçlandırılacaktır."),
    PolicyTask(PLAN_NAME, "Orman", "40.2.", "Fidanlık kurulacaktır."),
    PolicyTask(PLAN_NAME, "Toprak", "77.", "Boş araziler işlenecektir."),
    PolicyTask(PLAN_NAME, "Hava", "78.", "Bacalara süzgeç takılacaktır."),
    PolicyTask(PROGRAMME_NAME, "", "P.3", "Çöp ayrı toplanacaktır."),
    PolicyTask(PROGRAMME_NAME, "", "", "Okullarda ders verilecektir."),
)
PURPOSE = Purpose("Yeşil bir ova.", "Suyu temiz, havası temiz bir kent.", ("Açıklık", "7 gün hizmet", "Sadelik"))
OFFICIAL = "\n".join((target(), cost("Budama"), tablo_11(general_3="100,00")))


def purpose_of(grid: Grid) -> Purpose:
    found: dict[str, list[str]] = {}
    for sheet in grid.sheets:
        policies.take_purpose(list(sheet.rows()), found)
    return policies.purpose_of(found)


def test_the_tables_are_read_across_page_breaks_with_and_without_sections() -> None:
    assert recognise(read_plain("yesilova.txt", TABLES.encode())).policies == TASKS


def test_mission_vision_and_principles_are_the_lines_below_their_headings() -> None:
    assert purpose_of(read_plain("yesilova.txt", TABLES.encode())) == PURPOSE


@pytest.mark.parametrize(
    "text",
    [
        OFFICIAL,
        "Referans\tAd\n1.\tBir kaynak\n",  # a list of sources is no table of tasks
        "Görev\tMüdürlük\nBudama\tParklar\n",
        "Misyon\n\n\n",
        "Misyon\tBaşka bir sütun\n",
    ],
)
def test_what_is_no_such_table_yields_nothing(text: str) -> None:
    grid = read_plain("yesilova.txt", text.encode())
    assert recognise(grid).policies == ()
    assert purpose_of(grid) == Purpose()


def test_a_table_ends_where_another_text_begins() -> None:
    text = "Referans\tVerilen Görev\n1.\tBirinci iş\nSayfa\tSağda\tbaşka\n2.\tÖteki tablonun işi\n"
    found = recognise(read_plain("yesilova.txt", text.encode())).policies
    assert [(task.document, task.reference) for task in found] == [("Üst Politika Belgesi", "1.")]


def town_programme() -> Programme:
    return consolidate([recognise(read_plain("yesilova.txt", OFFICIAL.encode()))]).programme


# The way through the plan


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("plan")
    source = folder / "yesilova.txt"
    source.write_text(TABLES + OFFICIAL, encoding="utf-8")
    outcome = import_plan(str(source), str(folder / "plan.xlsx"))
    assert outcome.written == (str(folder / "plan.xlsx"),), [found.message for found in outcome.findings]
    return folder / "plan.xlsx"


@pytest.fixture(scope="module")
def merged_town(plan: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """plan → forms → the official workbook."""
    folder = tmp_path_factory.mktemp("town")
    assert not make_forms(str(plan), str(folder / "forms"), filled=True).failed
    output = folder / "program.xlsx"
    outcome = merge([str(folder / "forms")], str(output), plan=str(plan))
    assert outcome.written == (str(output),), [found.message for found in outcome.findings]
    return output


def test_the_plan_keeps_what_was_imported(plan: Path) -> None:
    programme = read_plan(open_grid(str(plan))).programme
    assert programme.policies == TASKS
    assert programme.purpose == PURPOSE


def test_the_workbook_says_what_the_plan_says_and_is_read_back(merged_town: Path) -> None:
    document = recognise(open_grid(str(merged_town)))
    assert document.policies == TASKS
    assert document.purpose == PURPOSE
    assert consolidate([document]).programme.policies == TASKS


def test_each_objective_leads_to_its_target_table(merged_town: Path) -> None:
    book = openpyxl.load_workbook(merged_town)
    sheet = book[GOALS]
    links = {cell.value: cell.hyperlink.location for row in sheet.iter_rows() for cell in row if cell.hyperlink}
    place = links["Hedef 2.3 : Yeşil alan"].replace("'", "")
    name, _, address = place.partition("!")
    assert book[name][address].value == "PERFORMANS HEDEFİ TABLOSU"


def test_the_contents_lead_to_the_policies_and_number_all_sections(merged_town: Path) -> None:
    values = openpyxl.load_workbook(merged_town, data_only=True)["İçindekiler"]
    links = [cell for row in values.iter_rows() for cell in row if cell.hyperlink and SHEET in cell.hyperlink.location]
    assert [cell.value for cell in links] == [SHEET]
    numbers = [values.cell(row, 1).value for row in range(5, values.max_row + 1)]
    sections = numbers[: next(at for at, number in enumerate(numbers) if not isinstance(number, int))]
    assert sections == list(range(1, len(sections) + 1))


# What an office does to the plan


def test_a_blank_document_is_that_of_the_row_above_and_a_numeric_reference_is_its_text(
    plan: Path, tmp_path: Path
) -> None:
    def change(book: openpyxl.Workbook) -> None:
        book["Üst Politika Belgeleri"].append([None, "Hava", 79, "Ölçüm  istasyonu\nkurulacaktır."])

    found = read_plan(open_grid(str(edited(plan, tmp_path / "plan.xlsx", change))))
    assert found.programme.policies == (
        *TASKS,
        PolicyTask(PROGRAMME_NAME, "Hava", "79", "Ölçüm istasyonu kurulacaktır."),
    )


def test_a_row_without_its_task_is_said_and_an_empty_one_is_not(plan: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(plan)
    sheet = book["Üst Politika Belgeleri"]
    empty = len(TASKS) + 2
    for column, value in enumerate(("Belge", None, "1.", None), start=1):
        sheet.cell(empty + 1, column, value)
    for column, value in enumerate(("Belge", "Bölüm", "2.", "Yapılacaktır."), start=1):
        sheet.cell(empty + 2, column, value)
    book.save(tmp_path / "plan.xlsx")
    read = read_plan(open_grid(str(tmp_path / "plan.xlsx")))
    (found,) = read.findings
    assert (found.code, found.place.sheet, found.place.cell) == ("KX101", "Üst Politika Belgeleri", f"A{empty + 1}")
    assert "verilen görev" in found.message
    assert read.programme.policies == (*TASKS, PolicyTask("Belge", "Bölüm", "2.", "Yapılacaktır."))


def test_without_policies_there_is_no_sheet_of_them_and_no_line_in_the_contents(inputs: Path, tmp_path: Path) -> None:
    plan = read_files([str(inputs)]).plan
    assert plan is not None
    bare = replace(plan.programme, policies=(), purpose=Purpose())
    output = tmp_path / "bare.xlsx"
    assert render(template_path(PROGRAMME_TEMPLATE), programme_tree(bare, plan.sources), str(output)) == []
    book = openpyxl.load_workbook(output)
    assert SHEET not in book.sheetnames
    assert not [cell for row in book["İçindekiler"].iter_rows() for cell in row if SHEET in str(cell.value)]
    assert str(book[GOALS]["A4"].value).startswith("Amaç 1 :")
    assert recognise(open_grid(str(output))).policies == ()


def test_any_policies_come_back_from_the_plan_and_from_the_workbook(tmp_path: Path) -> None:
    """Texts that look like codes, headings and formulas; sections that come twice."""
    tasks = (
        PolicyTask("=Belge", "Amaç 1 : Bölüm", "1.", "=SUM(A1)"),
        PolicyTask("=Belge", "Misyon", "P-12/3", "Toplam"),
        PolicyTask("=Belge", "Amaç 1 : Bölüm", "", "264.2. sayılı madde"),
        PolicyTask("İkinci belge", "", "", "Hedef 1.1 : iş"),
        PolicyTask("İkinci belge", "", "Hedef 11.1.", "Herkesin konutu olması"),
    )
    purpose = Purpose("=Misyon", "Vizyonumuz budur", ("- tireli", "2024 yılı"))
    programme = replace(town_programme(), policies=tasks, purpose=purpose)
    plan, output = tmp_path / "plan.xlsx", tmp_path / "program.xlsx"
    tree = programme_tree(programme)
    assert render(template_path(PLAN_TEMPLATE), tree, str(plan)) == []
    assert render(template_path(PROGRAMME_TEMPLATE), tree, str(output)) == []
    found = read_plan(open_grid(str(plan))).programme
    assert (found.policies, found.purpose) == (tasks, purpose)
    document = recognise(open_grid(str(output)))
    assert document.policies == tasks
    # Nothing of them is taken for the programme's own goals and tables.
    assert consolidate([document]).programme == replace(programme, purpose=document.purpose)
