"""What people get wrong, and what they are told: a few lines, of which one says what to do."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from tests.helpers.form_files import FEN_FILE, ITFAIYE_FILE
from tests.helpers.mail_server import working_folder
from tests.helpers.repository import PUBLISHED, REPOSITORY


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, inputs: Path, merged: Path) -> Path:
    """A desk with the working folder `2024`: plan, blank forms, the forms that came, the programme; and with other
    things that lie about. Copy it, never change it."""
    here = tmp_path_factory.mktemp("masa")
    year = working_folder(inputs, here / "2024")
    for path in inputs.glob("*.xlsx"):
        shutil.copy(path, year / "inputs")
    (year / "outputs").mkdir(exist_ok=True)
    shutil.copy(merged, year / "outputs" / "performans_programi_2024.xlsx")
    (here / "bos").mkdir()
    (here / "program.pdf").write_bytes(b"%PDF-1.7\n")
    shutil.copy(PUBLISHED, here / "program_2024.txt")
    # The plan of another year.
    book = openpyxl.load_workbook(inputs / "plan.xlsx")
    for row in book["Kurum"].iter_rows():
        for cell in row:
            if cell.value == 2024:
                cell.value = 2027
    book.save(here / "plan_2027.xlsx")
    return here


@pytest.fixture
def here(desk: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(desk, tmp_path / "masa"))


def kars_xl(folder: Path, *arguments: str) -> tuple[int, list[str]]:
    """The program itself, in a folder: its exit code and the lines on both streams."""
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "COLUMNS": "120"}
    line = [sys.executable, "-m", "kars_xl", *arguments]
    done = subprocess.run(line, cwd=folder, env=environment, capture_output=True, text=True, check=False, stdin=-3)
    assert "Traceback" not in done.stderr
    return done.returncode, (done.stderr + done.stdout).rstrip().splitlines()


def zipped_blank_forms(here: Path) -> None:
    with zipfile.ZipFile(here / "formlar.zip", "w") as archive:
        for path in (here / "2024" / "forms").glob("*.xlsx"):
            archive.write(path, path.name)


def in_the_way(here: Path) -> None:
    """Where the workbook is to be, something else is that can't be replaced."""
    (here / "dosya").write_text("burada bir dosya var", encoding="utf-8")


def of_ardahan(here: Path) -> None:
    path = here / "2024" / "inputs" / ITFAIYE_FILE
    book = openpyxl.load_workbook(path)
    book["Kimlik"]["B4"] = "T.C. ARDAHAN BELEDİYE BAŞKANLIĞI"
    book.save(path)


def cut_workbook(here: Path) -> None:
    (here / "fen.xlsx").write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(2000))


def nothing(_: Path) -> None:
    pass


# What is done before, what is typed, and what must be among the words that come back.
MOVES: dict[str, tuple[Callable[[Path], None], list[str], str]] = {
    "a folder that is not there": (nothing, ["merge", "2028"], "Yolu denetleyin"),
    "an empty folder": (nothing, ["merge", "bos"], "birimlerden gelen formlar klasöre .xlsx olarak konur"),
    "folder and workbook swapped": (nothing, ["merge", "program.xlsx", "-o", "2024"], "kars-xl merge 2024"),
    "blank forms": (nothing, ["merge", "2024/forms"], "kars-xl merge 2024"),
    "the forms zipped, blank ones": (zipped_blank_forms, ["merge", "formlar.zip"], "kars-xl merge"),
    "forms of another year": (nothing, ["merge", "2024", "--plan", "plan_2027.xlsx"], "2027 formlarının klasörünü"),
    "the plan in place of forms": (nothing, ["merge", "2024/inputs/plan.xlsx"], "kars-xl merge 2024/inputs"),
    "the workbook in place of forms": (
        nothing,
        ["merge", "2024/outputs/performans_programi_2024.xlsx", "-o", "x"],
        "kars-xl audit 2024/outputs/performans_programi_2024.xlsx",
    ),
    "a single form": (nothing, ["merge", f"2024/inputs/{FEN_FILE}"], f"kars-xl check 2024/inputs/{FEN_FILE}"),
    "a PDF": (nothing, ["audit", "program.pdf"], "Excel dosyasını isteyin"),
    "another suffix": (nothing, ["merge", "2024", "-o", "program.pdf"], "Adın sonunu düzeltip"),
    "a target that can't be written": (in_the_way, ["merge", "2024", "-o", "dosya/program.xlsx"], "yazma izniniz"),
    "a form in place of the plan": (nothing, ["forms", f"2024/inputs/{FEN_FILE}", "-o", "f"], "Doğru dosyayı"),
    "blank forms among those that came": (nothing, ["forms", "2024", "-o", "2024/inputs"], "Başka bir yer"),
    "a programme of years ago": (nothing, ["init", "2027", "--from", "program_2024.txt"], "kars-xl init 2026 --from"),
    "a sheet that is not there": (nothing, ["trace", "2024", "PH 9.9!C8"], "Sayfalar: Kapak"),
    "an activity that is not there": (nothing, ["trace", "2024", "F.9.9.9"], "F.9.9.9 faaliyeti yok"),
    "a file that is not there, compared": (nothing, ["diff", "2024", "2023.xlsx"], "Yolu denetleyin"),
    "no workbook yet": (lambda here: shutil.rmtree(here / "2024" / "outputs"), ["audit", "2024"], "kars-xl merge 2024"),
    "a folder of nobody's": (nothing, ["mail", "findings", "bos"], "bir çalışma klasörü değil"),
    "blank forms, to be checked": (nothing, ["check", "2024/forms"], "kars-xl check 2024"),
    "the workbook, to be checked as forms": (
        nothing,
        ["check", "2024/outputs/performans_programi_2024.xlsx"],
        "kars-xl audit 2024/outputs/performans_programi_2024.xlsx",
    ),
    "a form, to be audited": (nothing, ["audit", f"2024/inputs/{FEN_FILE}"], f"kars-xl check 2024/inputs/{FEN_FILE}"),
    "a form in place of last year's programme": (
        nothing,
        ["init", "2025", "--from", f"2024/inputs/{FEN_FILE}"],
        f"kars-xl check 2024/inputs/{FEN_FILE}",
    ),
    "a plan of one form": (nothing, ["import", f"2024/inputs/{FEN_FILE}"], f"kars-xl check 2024/inputs/{FEN_FILE}"),
    "the data of one form": (
        nothing,
        ["export", f"2024/inputs/{FEN_FILE}", "--to", "csv", "-o", "v"],
        "formunu isteyin",
    ),
    "a form of another municipality": (
        of_ardahan,
        ["merge", "2024"],
        "Birimden bu yılın ve bu idarenin formunu isteyin",
    ),
    "a PDF in place of a form": (nothing, ["check", "program.pdf"], "doldurduğu Excel dosyasını isteyin"),
    "an .xls renamed to .xlsx, and cut": (cut_workbook, ["check", "fen.xlsx"], "birimden yeniden isteyin"),
    "the newest of no forms": (nothing, ["merge", "bos", "--latest"], "birimlerden gelen formlar klasöre .xlsx olarak"),
    "a year that is there": (nothing, ["init", "2024"], "orada kars-xl yazın, sıradaki adımı söyler"),
    "letters before there are forms": (
        lambda here: shutil.rmtree(here / "2024" / "forms"),
        ["mail", "forms", "2024", "--deadline", "20.11.2099"],
        "Formları plandan yeniden üretin: kars-xl forms",
    ),
    "a day that is not": (
        nothing,
        ["mail", "forms", "2024", "--deadline", "31.13.2099"],
        "20.11.2026 ya da 2026-11-20",
    ),
    "a day that is over": (nothing, ["mail", "forms", "2024", "--deadline", "20.11.2023"], "sonraki bir günü yazın"),
    "a list that is not there": (nothing, ["mail", "final", "2024", "--to", "encumen.txt"], "Yolu denetleyin"),
    "nothing to send on": (
        lambda here: shutil.rmtree(here / "2024" / "outputs"),
        ["mail", "final", "2024", "--to", "encumen@kars.bel.tr"],
        "önce birleştirin (kars-xl merge)",
    ),
    "a cell without its sheet": (nothing, ["trace", "2024", "C8"], "sayfayı da yazın"),
    "status of a form": (nothing, ["status", f"2024/inputs/{FEN_FILE}"], f"kars-xl check 2024/inputs/{FEN_FILE}"),
    "status of what is not there": (nothing, ["status", "2028"], "Yolu denetleyin"),
}


@pytest.mark.parametrize("move", MOVES)
def test_a_wrong_move_is_answered_in_six_lines_with_the_next_step(here: Path, move: str) -> None:
    prepare, arguments, step = MOVES[move]
    prepare(here)
    before = {path: path.stat().st_mtime_ns for path in here.rglob("*")}
    code, lines = kars_xl(here, *arguments)
    assert code in (1, 2), lines
    assert len(lines) <= 6, lines
    assert step in " ".join(" ".join(lines).split()), lines
    assert {path: path.stat().st_mtime_ns for path in here.rglob("*")} == before, "nothing was written"


def test_what_lacks_its_ending_gets_it(here: Path) -> None:
    code, lines = kars_xl(here, "merge", "2024", "-o", "program")
    assert code == 0, lines
    assert (here / "program.xlsx").is_file()
    assert not (here / "program").exists()


def test_what_can_be_meant_in_one_way_is_done(here: Path) -> None:
    """Workbook and cell swapped; a lock file of a form that is open in Excel; a folder without any form."""
    (here / "2024" / "inputs" / f"~${FEN_FILE}").write_bytes(bytes(165))
    assert kars_xl(here, "merge", "2024")[0] == 0
    asked = ("2024", "Toplam Kaynak İhtiyacı!C8")
    assert kars_xl(here, "trace", *asked) == kars_xl(here, "trace", *reversed(asked))
    code, lines = kars_xl(here, "status", "bos")
    assert code == 0
    assert len(lines) <= 6
    assert "formları klasöre koyun ya da kars-xl collect" in lines[-1]
    assert kars_xl(here, "audit", f"2024/inputs/{FEN_FILE}", f"2024/inputs/{ITFAIYE_FILE}")[0] == 0


def test_without_names_the_folder_one_stands_in_is_meant(here: Path) -> None:
    year = here / "2024"
    shutil.rmtree(year / "outputs")
    shutil.rmtree(year / "forms")
    assert kars_xl(year, "forms")[0] == 0
    assert len(list((year / "forms").glob("*.xlsx"))) == 21
    assert kars_xl(year, "merge")[0] == 0
    assert (year / "outputs" / "performans_programi_2024.xlsx").is_file()
    # From the folder above the only working folder in it is meant.
    for command in (["status"], ["check"], ["audit"], ["trace", "F.5.2.3"], ["mail", "findings", "--dry-run"]):
        code, lines = kars_xl(here, *command)
        assert code in (0, 1), lines
        assert not [line for line in lines if line.startswith("Kullanım")], lines
    assert kars_xl(here, "export", "--to", "json", "-o", "veri")[0] == 0


def test_one_form_is_judged_as_one_form_with_the_plan_above_it(here: Path) -> None:
    """Nothing of other units, nor of Tablo 11; but what the plan wants of this one."""
    path = f"2024/inputs/{ITFAIYE_FILE}"
    code, lines = kars_xl(here, "check", path)
    assert code == 0, lines
    assert lines[-2].startswith("Bu formda hata yok")
    assert "Formun toplamı:  20.100.000,00 TL" in lines
    assert not [line for line in lines if "Genel Toplam" in line]
    assert any("Genel Toplam" in line for line in kars_xl(here, "check", "2024")[1])
    # Two of them are no form alone, and not all of the round either.
    lines = kars_xl(here, "check", path, f"2024/inputs/{FEN_FILE}")[1]
    assert lines[-2].startswith("Hata yok")
    assert lines[-1].endswith("2024/inputs")
    book = openpyxl.load_workbook(here / path)
    book["Kimlik"]["B5"] = 2023
    book.save(here / path)
    code, lines = kars_xl(here, "check", path)
    assert code == 1
    assert [line for line in lines if line.startswith("HATA")] == ["HATA KX201"]
    assert lines[-1] == f"Sıradaki adım: formu düzeltip yeniden denetleyin: kars-xl check {path}"
