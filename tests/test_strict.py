"""What is written opens without a repair: by the published schemas, by Excel's own limits, and in other readers."""

from __future__ import annotations

import re
import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from openxml_audit import FileFormat, OpenXmlValidator
from python_calamine import CalamineWorkbook

from kars_xl.model.programme import Programme
from kars_xl.pipeline import merge
from kars_xl.reading.grid import Grid, open_grid
from kars_xl.workbook.nodes.programme import programme_tree
from kars_xl.workbook.render import PROGRAMME_TEMPLATE, render, template_path
from tests.helpers.generated_programmes import programmes
from tests.helpers.oracles import convert, document_of, figures
from tests.helpers.repository import REPOSITORY
from tests.helpers.strict_package import faults

FORMS = sorted((REPOSITORY / "inputs").glob("*.xlsx")) + sorted((REPOSITORY / "templates").glob("*.xlsx"))
SCHEMAS = OpenXmlValidator(file_format=FileFormat.OFFICE_2019, max_errors=20)


def assert_strict(path: Path) -> None:
    assert faults(path) == []
    assert [str(error) for error in SCHEMAS.validate(path).errors] == []


def test_the_merged_workbook(merged: Path) -> None:
    assert_strict(merged)


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_every_form_and_template(path: Path) -> None:
    assert_strict(path)


def test_a_draft_with_findings(inputs: Path, tmp_path: Path) -> None:
    form = tmp_path / "formlar" / "fen.xlsx"
    form.parent.mkdir()
    book = openpyxl.load_workbook(inputs / "fen_isleri_mudurlugu.xlsx")
    book.worksheets[1]["C8"] = "=[baska.xlsx]Sayfa1!A1"
    book.save(form)
    merge([str(form)], str(tmp_path / "taslak.xlsx"), draft=True)
    assert_strict(tmp_path / "taslak.xlsx")


@given(programmes())
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_generated_programmes(tmp_path_factory: pytest.TempPathFactory, programme: Programme) -> None:
    path = tmp_path_factory.mktemp("p") / "program.xlsx"
    assert render(template_path(PROGRAMME_TEMPLATE), programme_tree(programme), str(path)) == []
    assert_strict(path)


def test_the_workbook_can_be_mailed(merged: Path) -> None:
    assert merged.stat().st_size < 400_000


# The strict reader can fail: each fault is put into the real workbook.

_LONG = "x" * 32_768
FAULTS: dict[str, tuple[str, str, str, str]] = {  # sheet or part, what is found there, what it becomes, what is said
    "order": (
        "Performans Hedefleri",
        r"(<sheetData>.*</sheetData>)(.*)(<mergeCells.*?</mergeCells>)",
        r"\3\1\2",
        "sheetData stands",
    ),
    "overlap": (
        "Performans Hedefleri",
        r'<mergeCells count="(\d+)">',
        r'<mergeCells count="\1"><mergeCell ref="A1:E4"/>',
        "overlap",
    ),
    "count": ("Performans Hedefleri", r'<mergeCells count="\d+">', '<mergeCells count="1">', "says 1 and has"),
    "row order": ("Performans Hedefleri", r'<row r="5"', '<row r="3"', "row 3 after row 4"),
    "height": ("Performans Hedefleri", r' ht="[\d.]+"', ' ht="410"', "410 high"),
    "style": ("Performans Hedefleri", r'(<c r="A1") s="\d+"', r'\1 s="60000"', "style 60000"),
    "text": ("Performans Hedefleri", r'(<c r="A1"[^>]*t="s"><v>)\d+', r"\g<1>999999", "text 999999"),
    "long text": ("sharedStrings", r"<t>[^<]+</t>", f"<t>{_LONG}</t>", "32768 characters"),
    "formula": ("Performans Hedefleri", r"<f>[^<]+</f>", "<f>SUM(Olmayan!A1</f>", "no sheet olmayan"),
    "brackets": ("Performans Hedefleri", r"<f>[^<]+</f>", "<f>SUM(A1</f>", "brackets that do not close"),
    "newer function": ("Performans Hedefleri", r"<f>[^<]+</f>", "<f>TEXTJOIN(A1,A2)</f>", "TEXTJOIN needs a prefix"),
    "link": ("İçindekiler", r'location="[^"]+"', 'location="Olmayan!A1"', "no sheet Olmayan"),
    "footer": ("Performans Hedefleri", r"<oddFooter>", f"<oddFooter>{'y' * 256}", "oddFooter has"),
    "break": ("Performans Hedefleri", r'<brk id="(\d+)"', r'<brk id="0"', "rowBreaks"),
    "sheet name": ("workbook", 'name="Denetim"', 'name="Denetim?"', "no name for a sheet"),
    "long sheet name": ("workbook", 'name="Denetim"', f'name="{"D" * 32}"', "no name for a sheet"),
    "name": (
        "workbook",
        "</definedNames>",
        "<definedName name='AB1'>Kaynak!$A$1</definedName></definedNames>",
        "'AB1'",
    ),
    "relationship": ("workbook", r'r:id="rId2"', 'r:id="rId999"', "rId999"),
    "broken": ("Performans Hedefleri", "</sheetData>", "", "xl/worksheets/sheet"),
    "control character": ("sharedStrings", "<t>", "<t>\x01", "sharedStrings.xml"),
    "dxf": ("İdare Performans Tablosu", r'dxfId="\d+"', 'dxfId="900"', "conditional format 900"),
    "numbers": ("styles", r'<cellXfs count="\d+"', '<cellXfs count="3"', "cellXfs says 3"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_told(fault: str, merged: Path, tmp_path: Path) -> None:
    part, found, becomes, said = FAULTS[fault]
    spoiled = tmp_path / "bozuk.xlsx"
    with zipfile.ZipFile(merged) as source, zipfile.ZipFile(spoiled, "w") as target:
        titles = re.findall(r'<sheet name="([^"]+)"', source.read("xl/workbook.xml").decode())
        place = f"worksheets/sheet{titles.index(part) + 1}" if part in titles else part
        for name in source.namelist():
            data = source.read(name)
            if name == f"xl/{place}.xml":
                text, count = re.subn(found, becomes, data.decode(), count=1, flags=re.DOTALL)
                assert count == 1, f"nothing to spoil in {name}"
                data = text.encode()
            target.writestr(name, data)
    told = faults(spoiled)
    assert any(said in item for item in told), told


# Other readers


def numbers(grid: Grid) -> dict[tuple[str, str], Decimal]:
    return {
        (sheet.name, cell.place.cell): cell.value
        for sheet in grid.sheets
        for cell in sheet.cells.values()
        if isinstance(cell.value, Decimal)
    }


@pytest.fixture(scope="module")
def stored(merged: Path) -> dict[tuple[str, str], Decimal]:
    return numbers(open_grid(str(merged)))


def test_openpyxl_reads_the_same_figures_row_by_row(merged: Path, stored: dict[tuple[str, str], Decimal]) -> None:
    book = openpyxl.load_workbook(merged, read_only=True, data_only=True)
    found = {
        (sheet.title, cell.coordinate): Decimal(repr(cell.value))
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, int | float)
    }
    book.close()
    assert found == stored


def test_calamine_reads_the_same_figures(merged: Path, stored: dict[tuple[str, str], Decimal]) -> None:
    book = CalamineWorkbook.from_path(merged)
    found: list[Decimal] = []
    for name in book.sheet_names:
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        found += [Decimal(repr(value)) for row in rows for value in row if isinstance(value, int | float)]
    assert sorted(found) == sorted(stored.values())


@pytest.mark.parametrize("kind", ["ods", "xls"])
def test_nothing_is_lost_in_another_format(kind: str, merged: Path, tmp_path: Path) -> None:
    (converted,) = convert([merged], tmp_path, kind)
    assert figures(document_of(converted)) == figures(document_of(merged))


def test_nothing_is_lost_as_a_web_page(merged: Path, stored: dict[tuple[str, str], Decimal], tmp_path: Path) -> None:
    """To the kuruş, and shares to a millionth of a percent: the page shows floating-point numbers."""
    (page,) = convert([merged], tmp_path, "html")
    shown = {float(value) for value in re.findall(r'sdval="([^"]+)"', page.read_text(encoding="utf-8"))}
    assert {f"{value:.8f}" for value in stored.values()} <= {f"{value:.8f}" for value in shown}
