"""Every file of a folder of forms is read by its bytes, or named with the reason; none is written over."""

from __future__ import annotations

import csv
import os
import shutil
import zipfile
from io import BytesIO, StringIO
from pathlib import Path

import openpyxl
import pytest

from kars_xl.findings.finding import Finding
from kars_xl.pipeline import check, merge
from kars_xl.reading.files import read_files
from kars_xl.reports.trace import trace_forward
from tests.helpers.cli_runs import run
from tests.helpers.form_files import FEN, FEN_FILE, ZABITA, finance, form
from tests.helpers.found import codes


def zipped(*members: tuple[str, bytes]) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        for name, data in members:
            package.writestr(name, data)
    return made.getvalue()


def told(found: list[Finding], name: str) -> list[str]:
    return [it.code for it in found if name in Path(it.place.file).parts]


@pytest.mark.parametrize(
    "name", ["fen", "fen.bak", "fen.xlsx.crdownload", "fen.xltx", "FEN.XLSX", "fen.pdf", "fen.png"]
)
def test_a_form_is_read_whatever_it_is_called(name: str, tmp_path: Path) -> None:
    form(tmp_path).rename(tmp_path / name)
    assert [document.unit.name for document in read_files([str(tmp_path)]).documents] == [FEN]


@pytest.mark.parametrize(
    ("name", "data", "severity", "word"),
    [
        ("fen.pdf", b"%PDF-1.7", "warning", "PDF"),
        ("fen.rar", b"Rar!\x1a\x07\x01\0", "warning", "RAR"),
        ("fen.7z", b"7z\xbc\xaf\x27\x1c", "warning", "7z"),
        ("fen.jpg", b"\xff\xd8\xff\xe0", "warning", "resim"),
        ("fen.eml", b"From: a@b.tr\r\nSubject: form\r\n\r\nmerhaba", "warning", "e-posta"),
        ("fen.xls", b"<html><table><tr><td>1</td></tr></table></html>", "error", "web sayfası"),
        ("fen.html", b"<!DOCTYPE html><html></html>", "warning", "web sayfası"),
        ("fen.url", b"[InternetShortcut]\r\nURL=https://1drv.ms/x", "warning", "kısayolu"),
        ("fen.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"), "warning", "Word"),
        ("fen.xlsx", b"", "error", "boş dosya"),
        ("fen", b"\0\1\2\3", "warning", "tanınmayan"),
    ],
)
def test_what_is_no_table_is_named_with_what_to_do(
    name: str, data: bytes, severity: str, word: str, tmp_path: Path
) -> None:
    form(tmp_path, name="zabita.xlsx", unit=ZABITA)
    (tmp_path / name).write_bytes(data)
    (found,) = [it for it in check([str(tmp_path)]).findings if Path(it.place.file).name == name]
    assert found.severity == severity
    assert word in found.message
    assert found.fix


def test_a_real_binary_workbook_is_said_to_be_one(tmp_path: Path) -> None:
    types = b'<Types><Override ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/></Types>'
    (tmp_path / "fen.xlsb").write_bytes(zipped(("[Content_Types].xml", types), ("xl/workbook.bin", b"\0")))
    (found,) = check([str(tmp_path / "fen.xlsb")]).findings
    assert (found.severity, ".xlsb" in found.message) == ("error", True)


@pytest.mark.parametrize("litter", ["~$fen.xlsx", ".gizli.xlsx", "Thumbs.db", "desktop.ini", "__MACOSX/._fen.xlsx"])
def test_what_programs_leave_behind_is_passed_over(litter: str, tmp_path: Path) -> None:
    form(tmp_path)
    (tmp_path / litter).parent.mkdir(exist_ok=True)
    (tmp_path / litter).write_bytes(b"x" * 100)
    assert not told(list(check([str(tmp_path)]).findings), Path(litter).name)


@pytest.mark.parametrize("inner", ["fen.xlsx", "gelen/2024/fen.xlsx", "..\\..\\fen.xlsx", "/etc/fen.xlsx"])
@pytest.mark.parametrize("deep", [False, True])
@pytest.mark.parametrize("opens_itself", [False, True])
def test_an_archive_is_opened(inner: str, deep: bool, opens_itself: bool, tmp_path: Path) -> None:
    path = form(tmp_path)
    data = zipped((inner, path.read_bytes()), ("oku.pdf", b"%PDF-1.4"))
    data = zipped(("ic/formlar.zip", data)) if deep else data
    (tmp_path / "formlar.zip").write_bytes(b"MZ" + bytes(500) + data if opens_itself else data)
    digest = read_files([str(path)]).documents[0].digest
    path.unlink()
    reading = read_files([str(tmp_path)])
    (document,) = reading.documents
    assert (document.unit.name, document.digest) == (FEN, digest)
    assert ".." not in Path(document.file).parts
    assert told(reading.findings, "formlar.zip") == ["KX014"]  # the PDF in it


def test_commands_work_on_a_form_in_an_archive(tmp_path: Path) -> None:
    inputs = tmp_path / "inputs"
    inputs.mkdir()
    path = form(inputs)
    finance(inputs)
    (inputs / "formlar.zip").write_bytes(zipped(("gelen/fen.xlsx", path.read_bytes())))
    path.unlink()
    output = tmp_path / "program.xlsx"
    outcome = merge([str(inputs)], str(output))
    assert outcome.written
    costs = openpyxl.load_workbook(output)["Faaliyet Maliyetleri"]
    address = next(cell.coordinate for row in costs.iter_rows() for cell in row if cell.value == 60000)
    trace = trace_forward(str(output), f"Faaliyet Maliyetleri!{address}", [str(inputs)])
    assert [form.state for form in trace.forms.found.values()] == ["same"]
    found = run("status", inputs, "--format", "json")
    assert '"sent": true' in found.stdout
    assert run("check", inputs, "--annotate", tmp_path / "isaretli").exit_code == 0
    assert (tmp_path / "isaretli" / "fen.xlsx").is_file()


def test_a_locked_archive_is_one_finding(tmp_path: Path) -> None:
    made = bytearray(zipped(("a.xlsx", b"1"), ("b.xlsx", b"2")))
    at = -1
    while (at := made.find(b"PK\1\2", at + 1)) >= 0:
        made[at + 8] |= 1
    (tmp_path / "a.zip").write_bytes(made)
    assert [it.code for it in read_files([str(tmp_path)], required=False).findings] == ["KX014"]


def test_a_file_name_of_any_bytes(tmp_path: Path) -> None:
    path = form(tmp_path)
    finance(tmp_path)
    os.rename(os.fsencode(path), os.fsencode(tmp_path) + b"/m\xfcd\xfcrl\xfc\xf0\xfc.xlsx")
    output = tmp_path.parent / "program_bytes.xlsx"
    assert merge([str(tmp_path)], str(output)).written
    values = {cell.value for row in openpyxl.load_workbook(output)["Kaynak"].iter_rows() for cell in row}
    assert "müdürlüğü.xlsx" in values
    for command in (("check", tmp_path), ("status", tmp_path), ("merge", tmp_path, "--draft", "-o", output)):
        for style in ("text", "json"):
            assert run(*command, "--format", style).exit_code in (0, 1)


# Kimlik


@pytest.mark.parametrize("order", ["first", "last", "gaps", "title"])
@pytest.mark.parametrize("kind", ["xlsx", "csv", "txt"])
def test_kimlik_lines_and_tables_share_a_sheet(order: str, kind: str, inputs: Path, tmp_path: Path) -> None:
    source = inputs / "fen_isleri_mudurlugu.xlsx"
    (whole,) = read_files([str(source)]).documents
    book = openpyxl.load_workbook(source, data_only=True)
    lines = [list(row) for row in book["Kimlik"].iter_rows(min_row=4, max_row=11, max_col=2, values_only=True)]
    tables = [list(row) for row in book["PH 7.3"].iter_rows(min_row=5, max_col=5, values_only=True)]
    rows = {
        "first": [*lines, [], *tables],
        "last": [*tables, [], *lines],
        "gaps": [*(part for line in lines for part in (line, [])), *tables],
        "title": [["Performans Programı Birim Formu"], *lines, *tables],
    }[order]
    path = tmp_path / f"fen.{kind}"
    if kind == "xlsx":
        made = openpyxl.Workbook()
        for row in rows:
            made.active.append(row)
        made.save(path)
    else:
        text = StringIO()
        writer = csv.writer(text, delimiter=";" if kind == "csv" else "\t")
        writer.writerows([["" if cell is None else cell for cell in row] for row in rows])
        path.write_text(text.getvalue(), encoding="utf-8")
    (document,) = read_files([str(path)]).documents
    assert (document.unit, document.revision) == (whole.unit, whole.revision)
    assert [table.heading.texts.keys() for table in document.costs] == [
        table.heading.texts.keys() for table in whole.costs
    ]
    assert [[it.kurus for it in table.amounts.values()] for table in document.costs] == [
        [it.kurus for it in table.amounts.values()] for table in whole.costs
    ]


# Nothing that is read is written over.


@pytest.fixture
def forms(tmp_path: Path) -> Path:
    folder = tmp_path / "inputs"
    folder.mkdir()
    form(folder)
    finance(folder)
    return folder


@pytest.mark.parametrize("way", ["same", "link", "hard", "dotted"])
def test_no_form_is_written_over(way: str, forms: Path, tmp_path: Path) -> None:
    path = forms / FEN_FILE
    output = path
    if way in ("link", "hard"):
        output = tmp_path / "program.xlsx"
        (os.symlink if way == "link" else os.link)(path, output)
    elif way == "dotted":
        output = forms / ".." / "inputs" / FEN_FILE
    before = path.read_bytes()
    outcome = merge([str(forms)], str(output), draft=True)
    assert ("KX006" in codes(outcome.findings), outcome.written) == (True, ())
    assert path.read_bytes() == before


@pytest.mark.parametrize("command", ["check", "status"])
def test_a_page_takes_no_forms_place(command: str, forms: Path) -> None:
    path = (forms / FEN_FILE).rename(forms / "fen.html")
    before = path.read_bytes()
    assert run(command, forms, "--html", path).exit_code == 1
    assert path.read_bytes() == before
    page = forms / "rapor.html"
    for _ in range(2):  # its own page it may write again, and says nothing of it
        found = run(command, forms, "--html", page)
        assert page.is_file()
        assert "rapor.html ▸" not in found.output
        assert "web sayfası" not in found.output


def test_an_earlier_output_is_known_by_its_record(forms: Path) -> None:
    output = forms / "program.xlsx"
    first = merge([str(forms)], str(output))
    again = merge([str(forms)], str(output))
    assert (again.written, codes(again.findings)) == (first.written, codes(first.findings))
    shutil.move(output, forms / "eski.xlsx")
    other = merge([str(forms)], str(output))
    assert other.written
    assert [it.code for it in other.findings if Path(it.place.file).name == "eski.xlsx"] == ["KX015"]
    assert other.merged is not None
    assert first.merged is not None
    assert other.merged.programme == first.merged.programme
