"""An office edits the official template in Excel: what it changes shows in the output, and the figures stay right."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from kars_xl.base.file_names import FINANCE_FORM
from kars_xl.model.programme import Programme
from kars_xl.reading.general.kinds import KINDS
from kars_xl.reading.tables import Document
from kars_xl.template.source.read import load
from kars_xl.workbook.render import PROGRAMME_TEMPLATE, TRIED_OUT, template_path, try_out_template
from kars_xl.workbook.verify import probe_programme, trial
from tests.helpers.cli_runs import run
from tests.helpers.form_tables import merged_forms
from tests.helpers.oracles import ENGINES, convert, differences, document_of, figures, shares, stored_results
from tests.helpers.package_edits import BOOK, Package
from tests.helpers.template_faults import (
    BROKEN,
    COSTS,
    HEADING,
    SUMMARY,
    TARGETS,
    UNITS,
    Broken,
    turkish_function,
    unknown_in_a_text,
    unknown_placeholder,
)
from tests.helpers.workbook_edits import (
    cells_of,
    edited_template,
    find,
    formulas,
    move_columns,
    rename,
    repetition,
    sheet_with,
    swap_widths,
)

TEMPLATE = Path(template_path(PROGRAMME_TEMPLATE))

CHECKS, SOURCES = "Sonuç", "{{ tutar.hucre }}"

# What an office changes


ORANGE = "FFFFC000"
WIDE = 63.7109375
WHOLE_LIRA = '#,##0" TL"'


def another_look(book: Workbook) -> None:
    """Another fill and wording of a heading, a reworded label, a wider column, amounts without kuruş."""
    targets, summary = sheet_with(book, TARGETS), sheet_with(book, SUMMARY)
    heading = find(targets, HEADING)
    heading.value = f"{HEADING} – {{{{ hedef.kod }}}} ({{{{ yil }}}})"
    heading.fill = PatternFill("solid", fgColor=ORANGE)
    find(targets, "Performans Göstergeleri").value = "Göstergeler"
    note = find(summary, "AÇIKLAMA")
    note.value = "FAALİYETİN ADI"
    summary.column_dimensions[note.column_letter].width = WIDE
    for cell in formulas(book):
        if cell.parent is targets:
            cell.number_format = WHOLE_LIRA


def moved_columns(book: Workbook) -> None:
    """Toplam stands before Bütçe in the target tables, AÇIKLAMA at the end of the summary table."""
    targets, summary = sheet_with(book, TARGETS), sheet_with(book, SUMMARY)
    budget, total = find(targets, "Bütçe"), find(targets, "Toplam")
    last = find(targets, "Genel Toplam").row
    move_columns(targets, range(budget.row, last + 1), {budget.column: total.column, total.column: budget.column})
    note = find(summary, "AÇIKLAMA")
    end = max(cell.column for cell in summary[note.row + 1] if cell.value == SUMMARY)
    to = {note.column: end} | {column: column - 1 for column in range(note.column + 1, end + 1)}
    move_columns(summary, range(note.row, find(summary, "Genel Toplam").row + 1), to)
    swap_widths(summary, to)


SIGNER = "Mali Hizmetler Müdürü V."


def signed(book: Workbook) -> None:
    """A signature block and the average cost of an activity below the summary table; an average in each target's."""
    summary = sheet_with(book, SUMMARY)
    activity = repetition(summary, "faaliyet").min_row
    row = max(cell.row for cell in cells_of(summary) if cell.value is not None) + 2
    amounts = [cell.column_letter for cell in summary[find(summary, "TL").row] if cell.value == "TL"]
    summary.cell(row, 1, "Faaliyet başına ortalama").font = Font(name="Arial", size=9, bold=True)
    for letter in amounts:
        cell = summary[f"{letter}{row}"]
        cell.value, cell.number_format = f"=AVERAGE({letter}{activity}:{letter}{activity})", "#,##0.00"
    summary.cell(row + 2, 1, SIGNER)
    summary.cell(row + 3, 1, "{{ kurum.ad }}, {{ yil }}")
    summary.print_area = f"A1:{get_column_letter(find(summary, 'TOPLAM').column + 1)}{row + 3}"
    targets = sheet_with(book, TARGETS)
    row = repetition(targets, "hedef").max_row
    assert all(cell.value is None for cell in targets[row]), "the target table's last row is not free"
    total = find(targets, "Toplam").column_letter
    activity = repetition(targets, "faaliyet").min_row
    targets[f"A{row}"].value = "Faaliyet başına"
    targets[f"{total}{row}"].value = f"=AVERAGE({total}{activity}:{total}{activity})"
    targets[f"{total}{row}"].number_format = "#,##0.00"


def without_units(book: Workbook) -> None:
    """The sheet Harcama Birimleri is deleted, and the lines of Denetim that looked at it are cleared."""
    units, checks = sheet_with(book, UNITS), sheet_with(book, CHECKS)
    rows = {cell.row for cell in formulas(book) if cell.parent is checks and f"'{units.title}'!" in cell.value}
    assert rows
    for cell in (cell for row in rows for cell in checks[row]):
        cell.value = None
    book.remove(units)


def renamed_sheets(book: Workbook) -> None:
    rename(sheet_with(book, COSTS), "Maliyetler & Kaynaklar")
    rename(sheet_with(book, SOURCES), "Formlar")


CHANGES: dict[str, Callable[[Workbook], None] | None] = {
    "another look": another_look,
    "moved columns": moved_columns,
    "signed": signed,
    "without units": without_units,
    "renamed sheets": renamed_sheets,
    "saved by LibreOffice": None,
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("office")


@pytest.fixture(scope="module")
def official(merged: Path) -> Document:
    """The output of the official template."""
    return document_of(merged)


@pytest.fixture(scope="module")
def official_book(merged: Path) -> Workbook:
    return openpyxl.load_workbook(merged)


@pytest.fixture(scope="module")
def few(inputs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One unit's form and the finance office's: enough to see that a template is wrong."""
    folder = tmp_path_factory.mktemp("few")
    for name in ("zabita_mudurlugu.xlsx", FINANCE_FORM):
        shutil.copy(inputs / name, folder)
    return folder


@pytest.fixture(scope="module")
def outputs(inputs: Path, folder: Path) -> Callable[[str], Path]:
    """The official workbook made with the changed template of that name, once."""

    def output(name: str) -> Path:
        path = folder / name / "cikti.xlsx"
        if not path.is_file():
            answer = merged_with(inputs, template_of(name, folder / name), path)
            # A table that the office took out is pointed out, and no more than that.
            assert [found["code"] for found in answer.findings] == (["KX507"] if name == "without units" else [])
            assert answer.exit_code == 0
        return path

    return output


def template_of(name: str, folder: Path) -> Path:
    """The shipped template with a change, in `folder`."""
    folder.mkdir(exist_ok=True)
    change = CHANGES[name]
    return convert([TEMPLATE], folder)[0] if change is None else edited_template(folder, change)


_OF_THE_FORMS = {"KX111", "KX311", "KX312", *(f"KX40{number}" for number in range(1, 9))}


@dataclass(frozen=True)
class Answer:
    exit_code: int
    findings: list[dict[str, Any]]

    @property
    def places(self) -> set[tuple[str, str, str]]:
        return {(found["code"], found["sheet"], found["cell"]) for found in self.findings}


def merged_with(forms: Path, template: Path, output: Path) -> Answer:
    """kars-xl merge with a template of the office's own; of its findings those that are not advice about the forms."""
    arguments = ["merge", str(forms), "-o", str(output), "--template", str(template), "--format", "json"]
    result = run(*arguments)
    findings = json.loads(result.stdout)["findings"] if result.stdout else []
    return Answer(result.exit_code, [found for found in findings if found["code"] not in _OF_THE_FORMS])


def sheet_of(path: Path, text: str) -> Worksheet:
    return sheet_with(openpyxl.load_workbook(path, data_only=True), text)


# The figures stay right


def test_the_official_template_is_known_as_one_with_which_nothing_is_wrong() -> None:
    path = Path(template_path(PROGRAMME_TEMPLATE))
    assert Path(template_path(TRIED_OUT)).read_text(encoding="ascii") == trial(path.read_bytes()) + "\n"
    probe, _ = probe_programme(2024)
    assert {table.kind for table in probe.general_tables} == set(KINDS)
    assert try_out_template(str(path), load(path), probe) == []


@pytest.mark.parametrize("name", CHANGES)
def test_the_figures_and_all_else_are_those_of_the_official_template(
    name: str, outputs: Callable[[str], Path], official: Document
) -> None:
    document = document_of(outputs(name))
    assert figures(document) == figures(official)
    assert programme_of(document) == programme_of(official)


def programme_of(document: Document) -> Programme:
    found = merged_forms([document])
    assert [finding for finding in found.findings if finding.is_error] == []
    return found.programme


@pytest.mark.parametrize("engine", ENGINES)
def test_the_stored_results_are_what_the_engine_computes(
    engine: str, outputs: Callable[[str], Path], tmp_path: Path
) -> None:
    paths = [outputs(name) for name in CHANGES]
    for name, path, computed in zip(CHANGES, paths, ENGINES[engine](paths, tmp_path), strict=True):
        assert len(computed) > 2000
        assert differences(stored_results(path), computed, shares(path)) == [], name


# The changes show


def test_another_look_shows_on_every_instance(outputs: Callable[[str], Path], official_book: Workbook) -> None:
    output = outputs("another look")
    document, book = document_of(output), openpyxl.load_workbook(output)
    sheet = book[document.targets[0].place.sheet]
    codes = [table.heading.codes["target"] for table in document.targets]
    wordings = [f"{HEADING} – {code} (2024)" for code in codes]
    headings = [cell for cell in cells_of(sheet) if isinstance(cell.value, str) and cell.value.startswith(HEADING)]
    assert [cell.value for cell in headings] == wordings
    assert {cell.fill.fgColor.rgb for cell in headings} == {ORANGE}
    assert sum(cell.value == "Göstergeler" for cell in cells_of(sheet)) == len(codes) == 27
    # Only the display loses its kuruş.
    amounts = [cell for cell in cells_of(sheet) if cell.data_type == "f"]
    assert len(amounts) == (88 + 2 * 27) * 3
    assert {cell.number_format for cell in amounts} == {WHOLE_LIRA}
    summary = book[document.summaries[0].place.sheet]
    note = find(summary, "FAALİYETİN ADI")
    assert summary.column_dimensions[note.column_letter].width == pytest.approx(WIDE, abs=0.01)
    # A wider column needs fewer lines: no row becomes higher, and some lower.
    old, rows = official_book[summary.title], [row.amounts.place.row for row in document.summaries[0].rows]
    heights = [(old.row_dimensions[row].height, summary.row_dimensions[row].height) for row in rows]
    assert all(was >= now for was, now in heights)
    assert any(was > now for was, now in heights)


def test_moved_columns_stand_where_the_office_put_them(outputs: Callable[[str], Path]) -> None:
    document = document_of(outputs("moved columns"))
    for table in document.targets:
        for row in [*(activity.amounts for activity in table.activities), *table.totals.values()]:
            assert row.budget is not None
            assert row.extra is not None
            assert row.total is not None
            assert row.total.place.column < row.extra.place.column < row.budget.place.column
    summary = document.summaries[0]
    sheet = openpyxl.load_workbook(outputs("moved columns"))[summary.place.sheet]
    note = find(sheet, "AÇIKLAMA")
    names = {activity.code: activity.name.value for table in document.targets for activity in table.activities}
    for found in summary.rows:
        amounts = found.amounts
        assert amounts.total is not None
        assert amounts.total.place.column < note.column
        assert sheet.cell(amounts.place.row, note.column).value == names[found.code]


def test_the_signature_block_and_the_extra_formulas_follow_the_rows(outputs: Callable[[str], Path]) -> None:
    output = outputs("signed")
    document, stored = document_of(output), stored_results(output)
    book = openpyxl.load_workbook(output)
    summary = document.summaries[0]
    sheet = book[summary.place.sheet]
    total = summary.totals["grand_total"].amounts.place.row
    average = find(sheet, "Faaliyet başına ortalama")
    assert (average.row, find(sheet, SIGNER).row) == (total + 2, total + 4)
    assert sheet.cell(total + 5, 1).value == "T.C. KARS BELEDİYE BAŞKANLIĞI, 2024"
    assert sheet.print_area.endswith(f"${total + 5}")
    amount = summary.totals["activities_total"].amounts.total
    assert amount is not None
    assert amount.kurus is not None
    cell = sheet.cell(average.row, amount.place.column)
    assert stored[sheet.title, cell.coordinate] == pytest.approx(float(Fraction(amount.kurus, 8800)), abs=0.005)
    # Each target's own activities and no others.
    sheet = book[document.targets[0].place.sheet]
    labels = [cell for cell in cells_of(sheet) if cell.value == "Faaliyet başına"]
    assert len(labels) == len(document.targets)
    for table, label in zip(document.targets, labels, strict=True):
        row = table.totals["grand_total"]
        assert label.row == row.place.row + 1
        assert row.total is not None
        assert row.total.kurus is not None
        found = stored[sheet.title, sheet.cell(label.row, row.total.place.column).coordinate]
        assert found == pytest.approx(float(Fraction(row.total.kurus, 100 * len(table.activities))), abs=0.005)


def test_a_deleted_sheet_is_not_in_the_output_and_nothing_points_to_it(
    outputs: Callable[[str], Path], official: Document, official_book: Workbook
) -> None:
    deleted = official.responsibilities[0].place.sheet
    book = openpyxl.load_workbook(outputs("without units"))
    assert book.sheetnames == [name for name in official_book.sheetnames if name != deleted]
    assert not [cell.value for cell in formulas(book) if deleted in cell.value]
    assert links_of(book) == [
        location for location in links_of(official_book) if not location.startswith(f"'{deleted}'")
    ]


def links_of(book: Workbook) -> list[str]:
    """Where the links of all other sheets than the deleted one go."""
    return [
        cell.hyperlink.location
        for sheet in book
        if UNITS not in [cell.value for cell in cells_of(sheet)]
        for cell in cells_of(sheet)
        if cell.hyperlink is not None
    ]


def test_renamed_sheets_are_renamed_in_formulas_and_links(outputs: Callable[[str], Path], official: Document) -> None:
    book = openpyxl.load_workbook(outputs("renamed sheets"))
    old = official.costs[0].place.sheet
    assert "Maliyetler & Kaynaklar" in book.sheetnames
    assert "Formlar" in book.sheetnames
    assert old not in book.sheetnames
    assert not [cell.value for cell in formulas(book) if f"'{old}'!" in cell.value]
    links = [cell.hyperlink.location for sheet in book for cell in cells_of(sheet) if cell.hyperlink is not None]
    assert {location.rpartition("!")[0].strip("'") for location in links} <= set(book.sheetnames)
    assert "'Maliyetler & Kaynaklar'!A1" in links


def test_a_template_saved_by_libreoffice_gives_the_same_workbook(
    outputs: Callable[[str], Path], official_book: Workbook, merged: Path
) -> None:
    book = openpyxl.load_workbook(outputs("saved by LibreOffice"))
    assert values(outputs("saved by LibreOffice")) == values(merged)
    assert book.sheetnames == official_book.sheetnames
    for sheet in official_book:
        assert book[sheet.title].dimensions == sheet.dimensions
        assert sorted(map(str, book[sheet.title].merged_cells.ranges)) == sorted(map(str, sheet.merged_cells.ranges))
        assert book[sheet.title].print_title_rows == sheet.print_title_rows


def values(path: Path) -> list[tuple[str, str, object]]:
    """All that a person reads; the workbook's record of itself has each formula as it is spelt."""
    book = openpyxl.load_workbook(path, data_only=True)
    seen = [sheet for sheet in book if sheet.sheet_state != "veryHidden"]
    return [(sheet.title, cell.coordinate, cell.value) for sheet in seen for row in sheet.iter_rows() for cell in row]


NAMED = re.compile(r' name="(her_\w+)"')


def test_a_template_that_lost_the_names_of_its_sheets_is_refused_once(few: Path, tmp_path: Path) -> None:
    """As exceljs saves it."""
    package = Package(TEMPLATE)
    names = re.compile(r"<definedName [^>]*localSheetId[^>]*>[^<]*</definedName>")
    lost = {re.sub(r"_\d+$", "", name) for tag in names.findall(package.text(BOOK)) for name in NAMED.findall(tag)}
    package.parts[BOOK] = names.sub("", package.text(BOOK)).encode()
    answer = merged_with(few, package.save(tmp_path / "sablon.xlsx"), tmp_path / "cikti.xlsx")
    (found,) = answer.findings
    assert (answer.exit_code, found["severity"]) == (1, "error")
    # Of a block without placeholders of its own nothing is left that could tell it.
    assert len([name for name in lost if name in found["message"]]) > len(lost) / 2
    assert not (tmp_path / "cikti.xlsx").exists()


# What can't be right


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.__name__)
def test_a_wrong_template_is_refused_at_its_cell_and_nothing_is_written(
    broken: Broken, few: Path, merged: Path, tmp_path: Path
) -> None:
    expected: list[tuple[str, str, str]] = []
    template = edited_template(tmp_path, lambda book: expected.append(broken(book)))
    new, existing = tmp_path / "yeni.xlsx", tmp_path / "var.xlsx"
    shutil.copy(merged, existing)
    for output in (new, existing):
        answer = merged_with(few, template, output)
        assert answer.exit_code == 1
        assert expected[0] in answer.places
        assert {found["severity"] for found in answer.findings} == {"error"}
        # What only shows in the result may be told at the result's cell; all else at the template's.
        told = {Path(found["file"]) for found in answer.findings}
        assert told == {template} or (expected[0][0] == "KX504" and told == {output})
    assert existing.read_bytes() == merged.read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["sablon.xlsx", "var.xlsx"]


def test_all_faults_of_a_template_are_told_at_once(few: Path, tmp_path: Path) -> None:
    expected: list[tuple[str, str, str]] = []

    def break_it(book: Workbook) -> None:
        expected.extend(broken(book) for broken in (unknown_placeholder, unknown_in_a_text, turkish_function))

    answer = merged_with(few, edited_template(tmp_path, break_it), tmp_path / "cikti.xlsx")
    assert answer.places == set(expected)
    assert answer.exit_code == 1


def test_a_turkish_function_is_told_with_its_english_name(few: Path, tmp_path: Path) -> None:
    answer = merged_with(few, edited_template(tmp_path, turkish_function), tmp_path / "cikti.xlsx")
    assert "TOPLA" in answer.findings[0]["message"]
    assert "SUM" in answer.findings[0]["message"]


def test_an_office_may_take_the_shares_of_another_base(inputs: Path, merged: Path, tmp_path: Path) -> None:
    """Activities' shares of the activities' total, and the check that says what they come to."""

    def of_the_activities(book: Workbook) -> None:
        sheet = sheet_with(book, SUMMARY)
        totals = find(sheet, "Performans Hedefleri Maliyetleri Toplamı").row
        base = find(sheet, "Genel Toplam").row
        for cell in sheet[repetition(sheet, "faaliyet").min_row]:
            if cell.data_type == "f":
                cell.value = cell.value.replace(f"${base}", f"${totals}")
        for name in (cell for cell in sheet_with(book, CHECKS)["A"] if str(cell.value).startswith("Faaliyet payları")):
            check = name.offset(column=4)
            check.value = f"=IF({str(check.value)[1:]}=0,0,1)"

    output = tmp_path / "cikti.xlsx"
    answer = merged_with(inputs, edited_template(tmp_path, of_the_activities), output)
    assert answer.findings == []
    summary = document_of(output).summaries[0]
    whole = summary.totals["activities_total"].amounts.total
    for row in summary.rows:
        share, part = row.shares[2], row.amounts.total
        assert share is not None
        assert share.value is not None
        assert share.value.amount is not None
        assert part is not None
        assert whole is not None
        assert float(share.value.amount) / 100 == pytest.approx((part.kurus or 0) / (whole.kurus or 1), abs=1e-9)
