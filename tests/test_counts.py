"""However a folder is looked at, it has the same number of errors, forms and missing forms; and it is said in short."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kars_xl.pipeline import check
from kars_xl.year.mail.units import concerns
from tests.helpers.cli_runs import answer, run
from tests.helpers.form_files import FEN, ZABITA
from tests.helpers.html_pages import Page
from tests.helpers.spoilt_round import spoilt_round

# What was spoiled: five cost cells, and of another form the year, a cost cell and an indicator; one of the cost cells
# is negative and a text; two units' forms give an indicator differently, which is one error.
ERRORS = 5 + 3 + 1
UNITS = {FEN: 5, "İtfaiye Müdürlüğü": 3, "Hukuk İşleri Müdürlüğü": 1, "Yazı İşleri Müdürlüğü": 1}
FORMS = "18/21"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Read it, never change it."""
    return spoilt_round(tmp_path_factory.mktemp("tur") / "2027")


def told(text: str) -> tuple[int, str]:
    """How many errors and forms a verdict says there are."""
    found = re.search(r"(\d+) hata.*?gelen form (\d+/\d+)", " ".join(text.split()))
    assert found, text
    return int(found[1]), found[2]


@pytest.mark.parametrize("command", [["status"], ["check"], ["merge"], ["mail", "findings"]])
def test_every_command_ends_with_the_same_numbers(folder: Path, tmp_path: Path, command: list[str]) -> None:
    options = ["--dry-run"] if command[0] == "mail" else ["-o", tmp_path / "x.xlsx"] if command == ["merge"] else []
    shown = run(*command, folder, *options).output
    assert told(shown[shown.rindex(" hata, ") - 3 :]) == (ERRORS, FORMS)
    verdict = answer(*command, folder, *options)[1]["verdict"]
    assert told(verdict) == (ERRORS, FORMS)
    assert "Sıradaki adım: " in verdict


@pytest.mark.parametrize("command", ["status", "check"])
def test_the_pages_have_the_same_numbers(folder: Path, tmp_path: Path, command: str) -> None:
    page = tmp_path / "sayfa.html"
    run(command, folder, "--html", page)
    read = Page(page.read_text(encoding="utf-8"))
    assert told(read.text) == (ERRORS, FORMS)
    assert f"Gelen form{FORMS}HATA{ERRORS}UYARI" in "".join(read.text.split()).replace("Gelenform", "Gelen form")


def test_a_units_row_and_its_letter_have_the_same_number(folder: Path) -> None:
    units = answer("status", folder)[1]["units"]
    assert {unit["unit"]: unit["error"] for unit in units if unit["error"]} == UNITS
    sent = {unit.unit.name: unit for unit in check([str(folder / "inputs")]).units if unit.forms}
    letters = {str(it.unit): sum(found.is_error for found in it.findings) for it in concerns(sent.values())}
    assert {unit: count for unit, count in letters.items() if count} == UNITS
    # No letter names a cell of somebody else's form.
    for concern in concerns(sent.values()):
        assert {found.place.file for found in concern.findings} <= set(concern.files)


def test_the_json_counts_findings_by_severity_as_ever(folder: Path) -> None:
    _, found = answer("check", folder)
    severities = [item["severity"] for item in found["findings"]]
    assert found["summary"] == {name: severities.count(name) for name in ("error", "warning", "advice")}
    # The three forms that did not come are findings, and no errors of a form.
    assert found["summary"]["error"] == ERRORS + 3


def test_a_merge_is_a_screen_and_its_end_says_what_stopped_it(folder: Path, tmp_path: Path) -> None:
    result = run("merge", folder, "-o", tmp_path / "x.xlsx")
    assert result.exit_code == 1
    lines = result.output.rstrip().splitlines()
    assert len(lines) <= 40
    end = " ".join(" ".join(lines[-5:]).split())
    assert f"Kaydedilmedi: {ERRORS} hata, " in end
    assert "İlk hata: fen_isleri_mudurlugu.xlsx ▸ PH 7.3 ▸ C33" in end
    assert end.endswith(f"kars-xl check {folder}")
    # A unit that sent again: what its form cost before and now, 450.000 for one activity being 1.000.000 now.
    (line,) = (line for line in lines if line.startswith("Yeniden gönderen: "))
    assert ZABITA in line
    assert "(+550.000,00)" in line
    assert len(run("merge", folder, "-o", tmp_path / "x.xlsx", "--all").output.splitlines()) > 60
    assert not (tmp_path / "x.xlsx").exists()


def test_what_is_only_missing_is_no_error(folder: Path, tmp_path: Path, inputs: Path) -> None:
    year = tmp_path / "2024"
    (year / "inputs").mkdir(parents=True)
    for path in inputs.glob("*.xlsx"):
        if path.name != "zabita_mudurlugu.xlsx":
            (year / "inputs" / path.name).write_bytes(path.read_bytes())
    verdict = answer("status", year)[1]["verdict"]
    assert verdict.startswith("Hata yok, ")
    assert f"gelen form 20/21 (gelmeyen: {ZABITA})" in verdict
    assert f"kars-xl mail reminders {year}" in verdict
    merged = run("merge", year, "-o", tmp_path / "x.xlsx")
    assert merged.exit_code == 1
    assert f"1 form gelmedi: {ZABITA}" in merged.output
    # It is told as what it is, not as an error; what of the plan was to be in it is behind --all.
    for command in (["check"], ["merge", "-o", tmp_path / "x.xlsx"]):
        shown = run(*command, year).output
        assert f"1 form gelmedi: {ZABITA} (KX203).\n  ➜ Birimden formunu isteyin.\n" in shown
        assert "HATA" not in shown
        assert "3 faaliyet: F.5.2.1" not in shown
        assert "3 faaliyet: F.5.2.1" in run(*command, year, "--all").output
    assert "Toplamlar, bütün formlar gelince hesaplanır." in run("check", year).output
