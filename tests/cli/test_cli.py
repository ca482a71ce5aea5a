"""The command line as the finance officer meets it: answers, streams, exit codes, files left alone."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from kars_xl.cli import main
from kars_xl.cli.mail import mail
from kars_xl.model.cost_rows import CostRow
from kars_xl.reading.grid import open_grid
from kars_xl.reading.recognise import recognise
from kars_xl.reading.tables import CostTable
from tests.helpers.cli_runs import answer, run
from tests.helpers.form_files import FEN_FILE, FINANCE_FILE, real_forms
from tests.helpers.repository import PUBLISHED
from tests.helpers.workbook_edits import type_over

# What there is to advise on these two: the form of one unit, and a reserve for the whole town.
ADVICE = [
    ("KX401", "PG.7.3.3"),
    ("KX401", "PG.7.3.4"),
    ("KX404", "PG.7.3.6"),
    ("KX406", "PG.7.3.1"),
    ("KX406", "PG.7.3.5"),
    ("KX408", "Yedek ödenek"),
]


def graver_than_advice(found: dict) -> list[tuple[str, str]]:
    """(file, code) of errors and warnings; the reserve of 2024 stands outside its column in print, too (KX312)."""
    graver = [item for item in found["findings"] if item["severity"] != "advice" and item["code"] != "KX312"]
    return [(Path(item["file"]).name, item["code"]) for item in graver]


def errors(found: dict) -> list[tuple[str, str, str, str]]:
    return [
        (Path(item["file"]).name, item["sheet"], item["cell"], item["code"])
        for item in found["findings"]
        if item["severity"] == "error"
    ]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One unit's form and the finance form, to be spoiled."""
    return real_forms(tmp_path, FEN_FILE, FINANCE_FILE)


def first_costs(path: Path) -> CostTable:
    return recognise(open_grid(str(path))).costs[0]


def test_a_clean_merge_writes_and_says_what_it_wrote(folder: Path, tmp_path: Path) -> None:
    output = tmp_path / "program.xlsx"
    result = run("merge", folder, "-o", output)
    assert result.exit_code == 0, result.output
    assert output.is_file()
    assert "Genel Toplam" in result.stdout
    assert str(output) in result.stdout


def test_the_json_answer_has_the_contract_of_the_design(folder: Path, tmp_path: Path) -> None:
    code, found = answer("merge", folder, "-o", tmp_path / "program.xlsx")
    assert code == 0
    assert found["command"] == "merge"
    assert found["summary"] == {"error": 0, "warning": 1, "advice": len(ADVICE)}
    assert [(item["code"], item["key"]) for item in found["findings"]] == [("KX312", "9 Yedek Ödenek"), *ADVICE]
    assert found["totals"]["activities"] == {
        "budget": "23000000.00",
        "extra_budget": "0.00",
        "total": "23000000.00",
    }
    assert found["totals"]["general"]["total"] == "349601000.00"
    assert found["totals"]["grand"]["total"] == "372601000.00"
    assert Path(found["output"]).is_file()


def test_merge_only_counts_the_advice_that_check_spells_out(folder: Path, tmp_path: Path) -> None:
    merged = run("merge", folder, "-o", tmp_path / "program.xlsx")
    assert (merged.exit_code, "KX406" in merged.stdout) == (0, False)
    assert f"{len(ADVICE)} öneri" in merged.stdout
    for spelt_out in (run("check", folder), run("merge", folder, "-o", tmp_path / "program.xlsx", "--all")):
        assert all(f"ÖNERİ {code}" in spelt_out.stdout for code, _ in ADVICE)


def test_an_amount_that_is_no_number_is_named_by_its_cell_and_nothing_is_written(folder: Path, tmp_path: Path) -> None:
    output = tmp_path / "program.xlsx"
    output.write_text("eski")
    place = first_costs(folder / FEN_FILE).amounts[CostRow(3)].place
    type_over(folder / FEN_FILE, (place, "60.000,0O"))
    code, found = answer("merge", folder, "-o", output)
    assert code == 1
    assert errors(found) == [(FEN_FILE, place.sheet, place.cell, "KX103")]
    assert found["output"] is None
    assert output.read_text() == "eski"
    finding = next(item for item in found["findings"] if item["severity"] == "error")
    assert finding["message"]
    assert finding["fix"]
    assert finding["key"] == "F.7.3.1"


def test_an_activity_without_an_amount_is_an_error_at_its_table(folder: Path, tmp_path: Path) -> None:
    table = first_costs(folder / FEN_FILE)
    book = openpyxl.load_workbook(folder / FEN_FILE)
    for amount in table.amounts.values():
        book[amount.place.sheet][amount.place.cell] = None
    book.save(folder / FEN_FILE)
    code, found = answer("merge", folder, "-o", tmp_path / "program.xlsx")
    assert code == 1
    place = table.amounts[CostRow(3)].place
    assert errors(found) == [(FEN_FILE, place.sheet, place.cell, "KX101")]
    assert not (tmp_path / "program.xlsx").exists()


def test_findings_of_one_code_that_are_mended_in_two_ways_have_each_their_remedy(folder: Path) -> None:
    """A blank indicator may be answered with a dash, a blank cost table with a zero."""
    form = recognise(open_grid(str(folder / FEN_FILE)))
    cells = [form.targets[0].indicators[0].places[2]]
    cells += [amount.place for amount in form.costs[0].amounts.values()]
    for place in cells:
        type_over(folder / FEN_FILE, (place, None))
    groups = [group for group in run("check", folder).stdout.split("\n\n") if group.startswith("HATA KX101")]
    remedies = {"PG.7.3": "değer yoksa - yazın", "F.7.3.1": "değer yoksa 0 yazın"}
    assert len(groups) == len(remedies)
    for key, remedy in remedies.items():
        (group,) = [group for group in groups if key in group]
        assert remedy in group


def test_two_values_of_an_indicator_are_shown_with_both_their_cells(tmp_path: Path, inputs: Path) -> None:
    for name in ("hukuk_isleri_mudurlugu.xlsx", "yazi_isleri_mudurlugu.xlsx"):
        shutil.copy(inputs / name, tmp_path)
    place = recognise(open_grid(str(tmp_path / name))).targets[0].indicators[1].places[2]
    type_over(tmp_path / name, (place, 350))
    (group,) = [group for group in run("check", tmp_path).stdout.split("\n\n") if group.startswith("HATA KX205")]
    _, found, related, _ = group.splitlines()
    assert found.startswith(f"  • {name} ▸ {place.sheet} ▸ {place.cell} – ")
    assert "Yazı İşleri Müdürlüğü 350, Hukuk İşleri Müdürlüğü 200" in found
    assert related == f"    İlgili yer: hukuk_isleri_mudurlugu.xlsx ▸ {place.sheet} ▸ {place.cell}"


def test_check_answers_on_stdout_and_what_stops_a_merge_stays_on_the_screen(folder: Path, tmp_path: Path) -> None:
    type_over(folder / FEN_FILE, (first_costs(folder / FEN_FILE).amounts[CostRow(3)].place, "60.000,0O"))
    checked = run("check", folder)
    assert (checked.exit_code, checked.stderr) == (1, "")
    assert "HATA KX103" in checked.stdout
    merged = run("merge", folder, "-o", tmp_path / "program.xlsx")
    assert (merged.exit_code, "HATA KX103" in merged.stdout) == (1, False)
    assert "HATA KX103" in merged.stderr
    assert "Kaydedilmedi: " in merged.stderr


def test_all_errors_are_reported_at_once(folder: Path, tmp_path: Path) -> None:
    table = first_costs(folder / FEN_FILE)
    type_over(folder / FEN_FILE, (table.amounts[CostRow(1)].place, "yok"))
    type_over(folder / FEN_FILE, (table.amounts[CostRow(2)].place, -5))
    type_over(folder / FEN_FILE, (table.amounts[CostRow(4)].place, "1,500"))
    _, found = answer("merge", folder, "-o", tmp_path / "program.xlsx")
    cells = {
        table.amounts[CostRow(1)].place.cell: "KX103",
        table.amounts[CostRow(2)].place.cell: "KX105",
        table.amounts[CostRow(4)].place.cell: "KX103",
    }
    assert {cell: code for _, _, cell, code in errors(found)} == cells


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "KX001"), (b"bu bir Excel dosyasi degil", "KX001"), (b"PK\x03\x04bozuk", "KX001"), (None, "KX001")],
)
def test_an_unreadable_file_is_one_clear_finding(
    folder: Path, tmp_path: Path, content: bytes | None, code: str
) -> None:
    broken = folder / "bozuk.xlsx"
    broken.write_bytes(content if content is not None else (folder / FEN_FILE).read_bytes()[:5000])
    exit_code, found = answer("merge", folder, "-o", tmp_path / "program.xlsx")
    assert exit_code == 1
    assert errors(found) == [("bozuk.xlsx", "", "", code)]
    assert not (tmp_path / "program.xlsx").exists()


def test_a_wrong_folder_an_empty_folder_and_files_without_tables(folder: Path, tmp_path: Path) -> None:
    output = tmp_path / "program.xlsx"
    code, found = answer("merge", tmp_path / "yok", "-o", output)
    assert (code, [item[3] for item in errors(found)]) == (1, ["KX007"])
    (tmp_path / "bos").mkdir()
    code, found = answer("merge", tmp_path / "bos", "-o", output)
    assert (code, [item[3] for item in errors(found)]) == (1, ["KX008"])
    (folder / "notlar.txt").write_text("toplantı pazartesi", encoding="utf-8")
    code, found = answer("merge", folder, "-o", output)
    assert code == 0
    assert graver_than_advice(found) == [("notlar.txt", "KX004")]


def test_lock_files_and_hidden_files_are_no_forms(folder: Path, tmp_path: Path) -> None:
    shutil.copy(folder / FEN_FILE, folder / "~$acik.xlsx")
    shutil.copy(folder / FEN_FILE, folder / ".gizli.xlsx")
    code, found = answer("merge", folder, "-o", tmp_path / "program.xlsx")
    assert (code, graver_than_advice(found)) == (0, [])


def test_an_output_in_the_folder_of_the_forms_is_not_read_as_a_form(folder: Path) -> None:
    output = folder / "program.xlsx"
    assert answer("merge", folder, "-o", output)[0] == 0
    code, found = answer("merge", folder, "-o", output)
    assert (code, graver_than_advice(found)) == (0, [])


def test_a_draft_is_written_in_spite_of_errors_and_marked(folder: Path, tmp_path: Path) -> None:
    table = first_costs(folder / FEN_FILE)
    type_over(folder / FEN_FILE, (table.amounts[CostRow(3)].place, "altmış bin"))
    output = tmp_path / "taslak.xlsx"
    code, found = answer("merge", folder, "-o", output, "--draft")
    assert code == 1
    assert found["output"] == str(output)
    book = openpyxl.load_workbook(output)
    for sheet in (sheet for sheet in book if sheet.sheet_state == "visible"):
        marks = [cell for row in sheet.iter_rows() for cell in row if cell.value == "TASLAK"]
        assert marks or "TASLAK" in str(sheet.oddHeader.center.text or "") + str(sheet.oddHeader.right.text or ""), (
            sheet.title
        )
    listed = [cell.value for row in book["Denetim"].iter_rows() for cell in row]
    assert "KX103" in listed
    assert not {code for code, _ in ADVICE} & set(listed)


def test_a_target_that_cannot_be_written_gets_a_message(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "dosya").write_text("x")
    code, found = answer("merge", folder, "-o", tmp_path / "dosya" / "program.xlsx")
    assert code == 1
    assert [item[3] for item in errors(found)] == ["KX006"]


def test_text_from_a_form_is_never_written_as_a_formula(folder: Path, tmp_path: Path) -> None:
    form = recognise(open_grid(str(folder / FEN_FILE)))
    evil = '=HYPERLINK("http://example.org","tıkla")'
    for table in form.targets:
        place = table.activities[0].name.place
        cell = openpyxl.cell.cell.Cell
        book = openpyxl.load_workbook(folder / FEN_FILE)
        target: openpyxl.cell.cell.Cell = book[place.sheet][place.cell]
        assert isinstance(target, cell)
        target.value = evil
        target.data_type = "s"
        book.save(folder / FEN_FILE)
    output = tmp_path / "program.xlsx"
    assert run("merge", folder, "-o", output).exit_code == 0
    found = [cell for sheet in open_grid(str(output)).sheets for cell in sheet.cells.values() if cell.value == evil]
    assert found
    assert all(cell.formula is None for cell in found)


def test_import_and_forms_make_forms_that_check_clean(tmp_path: Path) -> None:
    source = PUBLISHED
    plan = tmp_path / "plan.xlsx"
    code, found = answer("import", source, "-o", plan)
    assert (code, found["summary"]["error"]) == (0, 0)
    assert run("forms", plan, "-o", tmp_path / "dolu", "--filled").exit_code == 0
    code, found = answer("check", tmp_path / "dolu", "--plan", plan)
    # All that is wrong was printed so in 2024: shares of 0,70 and 1,00 beside 70% and 100%, in both units' forms,
    # the parts of an area in Tablo 1, and the people of Tablo 9 against those of the other tables.
    forms = ("hukuk_isleri_mudurlugu.xlsx", "yazi_isleri_mudurlugu.xlsx")
    general = ("destek_hizmetleri_mudurlugu.xlsx", "insan_kaynaklari_ve_egitim_mudurlugu.xlsx")
    expected = [(name, "KX111") for name in forms for _ in range(4)] + [(name, "KX311") for name in general]
    assert (code, sorted(graver_than_advice(found))) == (0, sorted(expected))
    assert len(list((tmp_path / "dolu").glob("*.xlsx"))) == 21


def test_empty_forms_have_no_figures_and_every_gap_is_found(tmp_path: Path, inputs: Path) -> None:
    assert run("forms", inputs / "plan.xlsx", "-o", tmp_path / "bos").exit_code == 0
    code, found = answer("check", tmp_path / "bos" / FEN_FILE, tmp_path / "bos" / FINANCE_FILE)
    assert code == 1
    # 3 activities, 7 indicators with 3 years each, 2 columns of the finance form.
    assert sorted({item[3] for item in errors(found)}) == ["KX101"]
    assert len(errors(found)) == 3 + 7 * 3 + 2


def test_a_blank_form_is_not_written_over_a_filled_one(tmp_path: Path, inputs: Path) -> None:
    """The folder of the forms that came back, named by mistake, keeps what the units have filled in."""
    for name in (FEN_FILE, FINANCE_FILE):
        shutil.copy(inputs / name, tmp_path)
    code, found = answer("forms", inputs / "plan.xlsx", "-o", tmp_path)
    assert code == 1
    assert [(item[0], item[3]) for item in errors(found)] == [(FEN_FILE, "KX006"), (FINANCE_FILE, "KX006")]
    assert (tmp_path / FEN_FILE).read_bytes() == (inputs / FEN_FILE).read_bytes()
    assert len(list(tmp_path.glob("*.xlsx"))) == 21
    for name in (FEN_FILE, FINANCE_FILE):
        (tmp_path / name).unlink()
    assert answer("forms", inputs / "plan.xlsx", "-o", tmp_path)[0] == 0, "blank ones are made anew"


@pytest.mark.parametrize("command", ["merge", "import"])
def test_a_workbook_is_not_written_under_another_kind_of_name(command: str, folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "program.pdf"
    code, found = answer(command, folder / FEN_FILE, "-o", target)
    assert (code, [item[3] for item in errors(found)]) == (1, ["KX006"])
    assert ".xlsx ile bitmeli" in found["findings"][-1]["message"]
    assert "Excel'de açıksa" not in found["findings"][-1]["fix"]
    assert not target.exists()


def test_blank_forms_are_not_laid_among_those_that_came_back(inputs: Path, tmp_path: Path) -> None:
    (tmp_path / "2024" / "inputs").mkdir(parents=True)
    plan = Path(shutil.copy(inputs / "plan.xlsx", tmp_path / "2024" / "inputs"))
    for target in (plan.parent, plan.parent / "yeni"):
        code, found = answer("forms", plan, "-o", target, "--filled")
        assert (code, [item[3] for item in errors(found)]) == (1, ["KX006"])
    assert list((tmp_path / "2024").rglob("*.xlsx")) == [plan]
    assert run("forms", plan, "-o", tmp_path / "2024" / "forms").exit_code == 0


def test_of_a_working_folder_its_inputs_are_read(folder: Path, tmp_path: Path) -> None:
    """Its blank forms, marked copies and outputs are no forms that came back."""
    year = tmp_path / "2024"
    shutil.copytree(folder, year / "inputs")
    shutil.copytree(folder, year / "forms")
    for command in (("check", year), ("merge", year, "-o", year / "outputs" / "program.xlsx")):
        result = run(*command)
        assert result.exit_code == 0, result.output
        assert result.stderr == f"“{year}” bir çalışma klasörü; içindeki {year / 'inputs'} okunuyor.\n"
        assert "2 form, 1 birim" in result.stdout
    assert answer("check", year)[1]["summary"]["error"] == 0


def test_help_and_wrong_usage(tmp_path: Path) -> None:
    assert run("--help").exit_code == 0
    for command in ("import", "forms", "check", "merge"):
        result = run(command, "--help")
        assert result.exit_code == 0
        assert "Örnek" in result.stdout
    assert run("merge", tmp_path, "-o", tmp_path).exit_code == 2
    assert run("merge", tmp_path, "--olmayan").exit_code == 2


def test_each_command_takes_both_options_of_help_also_without_the_program_above_it() -> None:
    """click keeps what it made first: asked by the panel before, a command's help would have lost its -h."""
    for command in {**main.commands, **mail.commands}.values():
        if command is not mail:
            alone = command.make_context(command.name, [], resilient_parsing=True)
            assert command.get_help_option_names(alone) == ["-h", "--help"], command.name


def test_an_unexpected_failure_is_two_lines_and_a_log(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("beklenmeyen")

    monkeypatch.setattr("kars_xl.pipeline.merge", fail)
    result = run("merge", folder, "-o", folder / "x.xlsx")
    assert result.exit_code == 3
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 2
    log = Path(lines[1].split(": ")[1])
    assert "RuntimeError: beklenmeyen" in log.read_text(encoding="utf-8")
    log.unlink()


def test_the_process_ends_with_its_answer_and_leaves_nothing_undone(folder: Path, tmp_path: Path) -> None:
    """What was printed is all there, and what others have still to do at the end is done."""
    late = tmp_path / "sonra.txt"
    code = (
        "import atexit, pathlib, sys, threading, time; from kars_xl.__main__ import run;"
        f"late = pathlib.Path({str(late)!r});"
        "atexit.register(print, 'en son');"
        "work = threading.Thread(target=lambda: (time.sleep(1), late.write_text('bitti')));"
        "sys.argv[1] == 'alone' or work.start();"
        "sys.argv[:2] = ['kars-xl'];"
        "run()"
    )
    buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    for company, written in (("alone", False), ("beside another", True)):
        command = [sys.executable, "-c", code, company, "check", str(folder), "--format", "json"]
        told = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=buffered, check=False)
        answer, _, last = told.stdout.strip().rpartition("\n")
        assert (last, json.loads(answer)["summary"]["error"], told.returncode) == ("en son", 0, 0), told.stderr
        assert late.exists() is written
    type_over(folder / FEN_FILE, (first_costs(folder / FEN_FILE).amounts[CostRow(3)].place, "60.000,0O"))
    told = subprocess.run([sys.executable, "-m", "kars_xl", "check", str(folder)], capture_output=True, check=False)
    assert (told.returncode, b"KX103" in told.stdout) == (1, True)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is full")
def test_an_answer_that_could_not_be_written_is_no_success(folder: Path) -> None:
    buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    with open("/dev/full", "wb") as full:
        command = [sys.executable, "-m", "kars_xl", "check", str(folder)]
        told = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, env=buffered, check=False)
    assert told.returncode != 0
    assert told.stderr


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_help_and_version_import_no_library_of_the_work(option: str) -> None:
    heavy = ("pandas", "openpyxl", "numpy", "xlsxwriter", "lxml", "docx", "formualizer", "rapidfuzz", "pypdf", "jinja2")
    code = (
        "import sys; from click.testing import CliRunner; from kars_xl.cli import main;"
        f"assert CliRunner().invoke(main, [{option!r}]).exit_code == 0;"
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ)
    assert found.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "arguments",
    [["forms", "yok.xlsx", "-o", "formlar"], ["check", ".", "--plan", "yok.xlsx"], ["merge", "yok", "-o", "x.xlsx"]],
)
def test_a_wrong_path_is_said_to_be_one(arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    answer = run(*arguments)
    assert answer.exit_code == 1
    assert "KX007" in answer.output
    assert "KX001" not in answer.output
    assert list(tmp_path.glob("*.xlsx")) == []
