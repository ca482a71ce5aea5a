"""Files made to do harm or damaged by accident: one clear finding, no traceback, bounded time and memory.

Each is read in a process of its own that may take no more than 500 MB of address space beyond what it starts with,
and 10 seconds of processor time.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest

from kars_xl.reading.files import read_files
from kars_xl.reading.grid import UnreadableFile, open_grid
from kars_xl.reading.grid.limits import limited
from tests.helpers.form_files import FEN_FILE, FINANCE_FILE
from tests.helpers.hostile_files import GROWING, PARTS, SHEET, package, repeated

_PROBE = """
import json, resource, sys
from kars_xl.reading.files import read_files
from kars_xl.pipeline import check
started = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (started + 500 * 2**20,) * 2)
resource.setrlimit(resource.RLIMIT_CPU, (10, 10))
found = check(sys.argv[1:]).findings
print(json.dumps([[item.code, item.place.file, item.severity, item.message] for item in found]))
"""
linux_only = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits are those of Linux")
pytestmark = linux_only


def findings(*paths: Path) -> list[tuple[str, str]]:
    """(code, file) of errors and warnings, from a process that is held to the limits.

    The reserve of 2024 stands outside its column in print, too (KX312).
    """
    run = subprocess.run(
        [sys.executable, "-c", _PROBE, *map(str, paths)], capture_output=True, text=True, timeout=60, check=False
    )
    assert run.returncode == 0, run.stderr[-2000:]
    found = json.loads(run.stdout)
    return [(code, Path(file).name) for code, file, severity, _ in found if severity != "advice" and code != "KX312"]


@pytest.fixture
def form(inputs: Path) -> Path:
    return inputs / FEN_FILE


@pytest.mark.parametrize("name", PARTS)
def test_a_hostile_part_is_one_finding(tmp_path: Path, form: Path, name: str) -> None:
    part, content, code = PARTS[name]
    path = package(tmp_path / "kotu.xlsx", form, **{part: content()})
    assert findings(path) == [(code, "kotu.xlsx")]


def test_a_sheet_whose_part_is_gone_is_not_passed_over(tmp_path: Path, form: Path) -> None:
    path = package(tmp_path / "kotu.xlsx", form, sheet3=None)
    assert findings(path) == [("KX001", "kotu.xlsx")]


def test_a_million_styles_and_wrong_content_types_do_no_harm(tmp_path: Path, form: Path, inputs: Path) -> None:
    with zipfile.ZipFile(form) as old:
        styles = old.read("xl/styles.xml").decode()
        types = old.read("[Content_Types].xml").replace(b"worksheet+xml", b"chartsheet+xml")
    head, _, rest = styles.partition("</cellXfs>")
    many = package(tmp_path / "a.xlsx", form, styles=repeated(head, "<xf/>", 1_000_000, "</cellXfs>" + rest))
    assert findings(many, inputs / FINANCE_FILE) == []
    wrong = package(tmp_path / "b.xlsx", form, **{"[Content_Types]": types})
    assert findings(wrong, inputs / FINANCE_FILE) == []


def test_a_form_formatted_to_the_last_row_is_read_as_ever(tmp_path: Path, form: Path, inputs: Path) -> None:
    with zipfile.ZipFile(form) as old:
        sheet = old.read("xl/worksheets/sheet3.xml").decode()
    looks = "".join(
        f'<row r="{row}">' + "".join(f'<c r="{column}{row}" s="3"/>' for column in "ABCDEFGH") + "</row>"
        for row in range(100, 150_000)
    )
    path = package(tmp_path / "a.xlsx", form, sheet3=sheet.replace("</sheetData>", looks + "</sheetData>"))
    assert findings(path, inputs / FINANCE_FILE) == []


def test_a_cell_without_an_address_stands_beside_the_blank_one_before_it(tmp_path: Path, form: Path) -> None:
    """Blank cells are not read in a large part; what counts on them is."""
    looks = "".join(f'<row r="{row}"><c r="A{row}" s="3"/><c r="B{row}" s="3"/></row>' for row in range(3, 200_000))
    one = '<row r="1"><c r="A1" s="3"/><c r="B1" s="3"/><c><v>7</v></c></row>'
    two = '<row r="2"><c r="D2" s="3"/><c><v>8</v></c></row>'
    path = package(tmp_path / "a.xlsx", form, sheet3=SHEET + one + two + looks + "</sheetData></worksheet>")
    cells = open_grid(str(path)).sheets[2].cells
    assert {at: str(cell.value) for at, cell in cells.items()} == {(1, 3): "7", (2, 5): "8"}


def test_a_used_range_of_the_whole_sheet(tmp_path: Path, form: Path, inputs: Path) -> None:
    with zipfile.ZipFile(form) as old:
        sheet = old.read("xl/worksheets/sheet3.xml").decode()
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    path = package(tmp_path / "a.xlsx", form, sheet3=sheet.replace("</sheetData>", far))
    assert findings(path, inputs / FINANCE_FILE) == []


@pytest.mark.parametrize("evil", ["../../x.xml", "/etc/x.xml", "..\\..\\x.xml", "C:\\x.xml", "xl/\u202e.xml"])
def test_path_tricks_write_and_read_nothing_outside(tmp_path: Path, form: Path, inputs: Path, evil: str) -> None:
    folder = tmp_path / "a" / "b"
    folder.mkdir(parents=True)
    path = package(folder / "kotu.xlsx", form)
    with zipfile.ZipFile(path, "a") as new:
        new.writestr(evil, "<x/>")
    assert findings(path, inputs / FINANCE_FILE) == []
    assert [item.name for item in tmp_path.rglob("*") if item.is_file()] == ["kotu.xlsx"]


def test_two_members_of_one_name(tmp_path: Path, form: Path) -> None:
    path = package(tmp_path / "kotu.xlsx", form)
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(path, "a") as new:
        new.writestr("xl/workbook.xml", "<x/>")
    assert findings(path) == [("KX003", "kotu.xlsx")]


def test_truncated_anywhere(tmp_path: Path, form: Path) -> None:
    data = form.read_bytes()
    paths = []
    for number, size in enumerate([0, 1, 3, 4, 30, *range(1000, len(data), len(data) // 25), len(data) - 1]):
        path = tmp_path / f"{number:03}.xlsx"
        path.write_bytes(data[:size])
        paths.append(path)
    assert findings(*paths) == [("KX001", path.name) for path in paths]


def test_bombs_in_ods_and_docx(tmp_path: Path) -> None:
    ods = tmp_path / "a.ods"
    with zipfile.ZipFile(ods, "w", zipfile.ZIP_DEFLATED) as new:
        new.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        new.writestr("META-INF/manifest.xml", "<x/>")
        with new.open("content.xml", "w") as stream:
            for chunk in repeated("<x>", " " * 100, 3_000_000, "</x>"):
                stream.write(chunk)
    word = tmp_path / "b.docx"
    with zipfile.ZipFile(word, "w", zipfile.ZIP_DEFLATED) as new:
        kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
        new.writestr("_rels/.rels", f'<x><Relationship Type="{kind}" Target="word/document.xml"/></x>')
        new.writestr("word/document.xml", '<!DOCTYPE document [<!ENTITY a "b">]><document/>')
    assert findings(ods, word) == [("KX003", "a.ods"), ("KX003", "b.docx")]


def test_what_is_no_file(tmp_path: Path, form: Path) -> None:
    (tmp_path / "klasor.xlsx").mkdir()
    os.mkfifo(tmp_path / "boru.xlsx")
    (tmp_path / "dongu.xlsx").symlink_to(tmp_path / "dongu.xlsx")
    (tmp_path / "ic").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "bos.xlsx").write_bytes(b"")
    named = [("KX001", "boru.xlsx"), ("KX001", "bos.xlsx"), ("KX001", "dongu.xlsx"), ("KX014", "ic")]
    assert sorted(findings(tmp_path)) == named
    assert findings(tmp_path / "boru.xlsx") == [("KX007", "boru.xlsx")]


@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission(tmp_path: Path, form: Path) -> None:
    path = tmp_path / "kapali.xlsx"
    path.write_bytes(form.read_bytes())
    path.chmod(0)
    assert findings(path) == [("KX001", "kapali.xlsx")]


def test_formulas_without_results_are_bounded(tmp_path: Path, form: Path) -> None:
    """Sums of whole sheets, endless text and circles: no result is needed of cells that are no amounts."""
    formulas = [
        "SUM(A1:XFD1048576)",
        'REPT("x",1000000000)',
        "A3",
        'WEBSERVICE("http://127.0.0.1/")',
        "1" + "+1" * 2000,
    ]
    cells = "".join(f'<row r="{n}"><c r="A{n}"><f>{text}</f></c></row>' for n, text in enumerate(formulas, start=1))
    cells = cells.replace('"x"', "&quot;x&quot;").replace('("http', "(&quot;http").replace('/")', "/&quot;)")
    path = package(tmp_path / "a.xlsx", form, sheet2=SHEET + cells + "</sheetData></worksheet>")
    assert findings(path) in ([], [("KX003", "a.xlsx")])


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # raised in a collection's callback
@pytest.mark.parametrize("what", GROWING)
def test_what_grows_while_it_is_read_ends_and_the_form_beside_it_is_read(
    tmp_path: Path, form: Path, inputs: Path, what: str
) -> None:
    first = '<row r="1"><c r="A1" t="inlineStr"><is><t>xxxxxxxx</t></is></c></row>' if what == "text" else ""
    path = package(tmp_path / "a.xlsx", form, sheet2=SHEET + first + GROWING[what] + "</sheetData></worksheet>")
    # A sheet beside the form's own that ends somewhere, or a file that took too long.
    assert [code for code, _ in findings(path)][:1] in ([], ["KX003"])
    reading = read_files([str(path), str(inputs / FINANCE_FILE)])
    assert [Path(document.file).name for document in reading.documents][-1] == FINANCE_FILE


def test_spaces_by_number_are_as_many_as_a_cell_holds(tmp_path: Path) -> None:
    table, office, text = (f"urn:oasis:names:tc:opendocument:xmlns:{it}:1.0" for it in ("table", "office", "text"))
    cell = '<t:table-cell><x:p>a<x:s x:c="2000000000"/>b</x:p></t:table-cell>'
    content = f"<t:table t:name='S'><t:table-row>{cell}</t:table-row></t:table>"
    spaces = f'xmlns:t="{table}" xmlns:o="{office}" xmlns:x="{text}"'
    ods = tmp_path / "a.ods"
    with zipfile.ZipFile(ods, "w") as new:
        new.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        new.writestr("META-INF/manifest.xml", "<x/>")
        body = f"<o:body><o:spreadsheet>{content}</o:spreadsheet></o:body>"
        new.writestr("content.xml", f"<o:document-content {spaces}>{body}</o:document-content>")
    assert findings(ods)[0] == ("KX004", "a.ods")
    assert len(open_grid(str(ods)).sheets[0].cells[1, 1].text) < 1 << 16


def test_a_limit_ends_those_who_catch_what_they_meet() -> None:
    def read_on() -> None:
        while True:
            with suppress(Exception):
                sum(range(100))

    with pytest.raises(UnreadableFile, match="saniyede") as caught, limited(0.2):
        read_on()
    assert caught.value.code == "KX003"
    # Nothing is left that would end what comes after.
    end = time.process_time() + 0.5
    while time.process_time() < end:
        pass


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_limit_that_a_finaliser_swallowed_ends_the_reading_after_it() -> None:
    class Slow:
        def __del__(self) -> None:
            end = time.process_time() + 0.6
            while time.process_time() < end:
                pass

    def read_on() -> None:
        Slow()
        end = time.process_time() + 30
        while time.process_time() < end:
            pass

    with pytest.raises(UnreadableFile, match="saniyede"), limited(0.2):
        read_on()


@pytest.mark.parametrize(("error", "code"), [(MemoryError, "KX003"), (RecursionError, "KX003"), (TypeError, "KX001")])
def test_what_a_library_meets_is_a_finding(error: type[Exception], code: str) -> None:
    with pytest.raises(UnreadableFile) as caught, limited():
        raise error
    assert caught.value.code == code


def test_open_grid_keeps_the_text_of_hostile_names_as_text(tmp_path: Path, form: Path) -> None:
    with zipfile.ZipFile(form) as old:
        book = old.read("xl/workbook.xml").decode()
    path = package(tmp_path / "a.xlsx", form, workbook=book.replace('name="PH 7.3"', "name=\"=cmd|'/c calc'!A1\""))
    assert "=cmd|'/c calc'!A1" in [sheet.name for sheet in open_grid(str(path)).sheets]
