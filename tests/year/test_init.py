"""`kars-xl init`: a working folder for a new year, from nothing or from the last one; what exists stays as it is."""

from __future__ import annotations

import configparser
import json
import os
import re
import resource
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kars_xl.cli import main
from kars_xl.model.programme import Costs, IndicatorValue, Institution, Programme, Purpose
from kars_xl.model.units import Unit
from kars_xl.reading.grid import open_grid
from kars_xl.reading.plan import read_plan
from kars_xl.year.folder.roll_over import roll_over, with_known, wording_of_year
from tests.helpers.cli_runs import answer, run
from tests.helpers.generated_programmes import programmes
from tests.helpers.repository import PUBLISHED

EMPTY = Costs()
LAUNCHERS = ("Panel.cmd", "Panel.desktop")


def errors(found: Mapping) -> list[str]:
    return [item["code"] for item in found["findings"] if item["severity"] == "error"]


def plan_of(folder: Path) -> Programme:
    read = read_plan(open_grid(str(folder / "inputs" / "plan.xlsx")))
    assert not [found for found in read.findings if found.is_error]
    return read.programme


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def commands(folder: Path) -> list[list[str]]:
    """The commands that the read-me tells to run, as arguments."""
    text = (folder / "OKUBENİ.txt").read_text(encoding="utf-8-sig")
    lines = [line.strip() for line in text.splitlines()]
    return [line.split()[1:] for line in lines if line.startswith("kars-xl ")]


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Programme:
    """The plan that `import` makes of the published programme of 2024."""
    plan = tmp_path_factory.mktemp("2024") / "plan.xlsx"
    assert run("import", PUBLISHED, "-o", plan).exit_code == 0
    return read_plan(open_grid(str(plan))).programme


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The working folder of 2025 made from the published programme. Copy it, never change it."""
    folder = tmp_path_factory.mktemp("yillar") / "2025"
    result = run("init", folder, "--from", PUBLISHED)
    assert result.exit_code == 0, result.output
    assert "UYARI KX301" in result.stdout  # what import says of the source
    return folder


def test_figures_stay_with_their_years_and_this_years_are_blank(made: Path, source: Programme) -> None:
    plan = plan_of(made)
    values = {item.code: item.values for target in plan.targets for item in target.indicators}
    # Printed in 2024: PG.1.1.7 600 400 200, and PG.1.1.4 50% 60% 70%.
    assert values["PG.1.1.7"] == (IndicatorValue(Decimal(400)), IndicatorValue(Decimal(200)), None)
    assert values["PG.1.1.4"] == (IndicatorValue(Decimal(60), True), IndicatorValue(Decimal(70), True), None)
    assert plan.year == 2025
    book = openpyxl.load_workbook(made / "inputs" / "plan.xlsx")
    assert [cell.value for cell in book["Göstergeler"][1]][2:] == [2023, 2024, 2025, "SORUMLU BİRİM"]
    for old, new in zip(source.targets, plan.targets, strict=True):
        assert (old.code, old.name, old.note) == (new.code, new.name, new.note)
        for was, now in zip(old.indicators, new.indicators, strict=True):
            assert (was.code, was.name, *was.values[1:], None) == (now.code, now.name, *now.values)
        for was, now in zip(old.activities, new.activities, strict=True):
            assert (was.code, was.name, was.units, None) == (now.code, now.name, now.units, now.costs)


def test_all_else_is_carried_over_and_no_money(made: Path, source: Programme) -> None:
    plan = plan_of(made)
    assert (plan.goals, plan.objectives, plan.units) == (source.goals, source.objectives, source.units)
    assert (plan.institution, plan.purpose, plan.policies) == (source.institution, source.purpose, source.policies)
    assert (plan.administration, plan.transfers) == (None, None)
    assert source.administration not in (None, EMPTY)
    assert [(table.title, table.columns, table.unit) for table in plan.general_tables] == [
        (table.title, table.columns, table.unit) for table in source.general_tables
    ]
    rows = [row for table in plan.general_tables for row in table.rows]
    assert [row.label for row in rows] == [row.label for table in source.general_tables for row in table.rows]
    assert {value for row in rows for value in row.values} == {None}


def test_the_forms_of_the_new_year_ask_for_what_is_new(made: Path, tmp_path: Path) -> None:
    plan = str(made / "inputs" / "plan.xlsx")
    assert ["forms", "inputs/plan.xlsx", "-o", "forms", "--filled"] in commands(made)
    assert run("forms", plan, "-o", tmp_path, "--filled").exit_code == 0
    name = "fen_isleri_mudurlugu.xlsx"
    code, found = answer("check", tmp_path / name, "--plan", plan)
    asked = [(item["code"], item["key"]) for item in found["findings"] if item["file"].endswith(name)]
    asked = [item for item in asked if item[0] == "KX101"]
    # Its 7 indicators of 2025 (those of 2023 and 2024 are there), and its 3 cost tables.
    assert (code, sum(key.startswith("PG.") for _, key in asked)) == (1, 7)
    assert sorted(key for _, key in asked if key.startswith("F.")) == ["F.7.3.1", "F.7.3.2", "F.7.3.3"]


def test_the_workbook_of_last_year_gives_the_same_plan_as_its_text(
    merged: Path, inputs: Path, tmp_path: Path, source: Programme
) -> None:
    """The plan beside it says what no workbook does: the units' addresses."""
    old = tmp_path / "plan_2024.xlsx"
    book = openpyxl.load_workbook(inputs / "plan.xlsx")
    sheet = book["Birimler"]
    units = [row[0].value for row in sheet.iter_rows(min_row=2)]
    for row, unit in enumerate(units, start=2):
        sheet.cell(row, 2).value = f"birim{units.index(unit)}@kars.bel.tr"
    book.save(old)
    assert run("init", tmp_path / "y", "--from", merged, "--from", old).exit_code == 0
    plan = plan_of(tmp_path / "y")
    assert [(unit.name, unit.email) for unit in plan.units] == [
        (unit, f"birim{number}@kars.bel.tr") for number, unit in enumerate(units)
    ]
    # The workbook prints no address; its plan has one.
    assert plan.institution == read_plan(open_grid(str(inputs / "plan.xlsx"))).programme.institution
    assert plan.institution.phone == "0474 223 21 50"
    values = [item.values for target in plan.targets for item in target.indicators]
    assert values == [(*item.values[1:], None) for target in source.targets for item in target.indicators]


def test_what_stays_blank_of_the_institution_is_said(merged: Path, inputs: Path, tmp_path: Path) -> None:
    known = Institution("T.C. KARS", address="Yusufpaşa Mah.", head="Ad Soyad")
    plan = Programme(known, 2024, purpose=Purpose("Hizmet", "", ("Dürüstlük",)))
    own = Programme(Institution("KARS BELEDİYESİ", address="Ordu Cad."), 2024)
    filled = with_known(own, plan)
    assert filled.institution == Institution("KARS BELEDİYESİ", address="Ordu Cad.", head="Ad Soyad")
    assert filled.purpose == plan.purpose
    for name, sources in (("tek", [merged]), ("iki", [merged, inputs / "plan.xlsx"])):
        result = run("init", tmp_path / name, *(word for source in sources for word in ("--from", source)))
        (line,) = [line for line in result.stdout.splitlines() if "Kurum sayfasında boş kalanlar" in line]
        book = openpyxl.load_workbook(tmp_path / name / "inputs" / "plan.xlsx")
        blank = [row[0] for row in book["Kurum"].iter_rows(min_row=2, values_only=True) if row[1] is None]
        assert line.split(": ")[1].split(", ") == blank
        assert ("Adres" in blank) == (name == "tek")


def test_last_years_working_folder_is_a_source(merged: Path, inputs: Path, tmp_path: Path) -> None:
    old = tmp_path / "2024"
    (old / "outputs").mkdir(parents=True)
    (old / "inputs").mkdir()
    shutil.copy(inputs / "plan.xlsx", old / "inputs")
    shutil.copy(merged, old / "outputs" / "performans_programi_2024.xlsx")
    # A report beside it that looks like one of its tables, not like all.
    report = openpyxl.load_workbook(merged, data_only=True)
    for sheet in report.worksheets:
        if sheet.title != "Faaliyet Maliyetleri":
            report.remove(sheet)
    report.save(old / "outputs" / "denetim.xlsx")
    assert answer("init", tmp_path / "2025", "--from", old)[1]["year"] == 2025
    # Two programmes: nothing tells which one holds.
    shutil.copy(merged, old / "outputs" / "eski.xlsx")
    code, found = answer("init", tmp_path / "yine", "--from", old)
    assert (code, errors(found)) == (1, ["KX010"])
    assert "eski.xlsx" in found["findings"][-1]["message"]
    assert not (tmp_path / "yine").exists()


@pytest.mark.parametrize(("year", "columns"), [(2025, (1, 2, None)), (2026, (2, None, None))])
def test_another_distance_leaves_each_value_in_its_year(
    year: int, columns: tuple[int | None, ...], source: Programme
) -> None:
    old, new = source.targets[0].indicators[0], roll_over(source, year).targets[0].indicators[0]
    assert new.values == tuple(None if at is None else old.values[at] for at in columns)


@pytest.mark.parametrize("year", [2023, 2024, 2027])
def test_a_year_that_no_figure_reaches_is_refused(year: int, tmp_path: Path) -> None:
    code, found = answer("init", tmp_path / "y", "--from", PUBLISHED, "--year", year)
    assert (code, errors(found)) == (1, ["KX010"])
    assert str(year) in found["findings"][-1]["message"]
    assert not (tmp_path / "y").exists()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(programmes(max_targets=2, max_rows=2), st.integers(1, 2))
def test_rolling_over_twice_is_rolling_over_two_years(programme: Programme, years: int) -> None:
    once = roll_over(programme, programme.year + 1)
    if years == 2:
        assert roll_over(once, once.year + 1) == roll_over(programme, programme.year + 2)
    assert all(item.values[2] is None for target in once.targets for item in target.indicators)
    assert all(activity.costs is None for activity in once.activities)


def test_units_that_only_the_plan_knows_stay(source: Programme) -> None:
    known = Programme(source.institution, 2023, units=(Unit("FEN İŞLERİ MÜDÜRLÜĞÜ", "fen@x.tr"), Unit("Yeni Birim")))
    units = {unit.name: unit.email for unit in with_known(source, known).units}
    assert units["Fen İşleri Müdürlüğü"] == "fen@x.tr"
    assert "Yeni Birim" in units
    assert len(units) == len(source.units) + 1


def test_wording_that_names_the_old_year_is_told(tmp_path: Path, source: Programme) -> None:
    target = source.targets[0]
    old = tmp_path / "plan.xlsx"
    assert run("import", PUBLISHED, "-o", old).exit_code == 0
    book = openpyxl.load_workbook(old)
    book["Performans Hedefleri"]["B2"] = "2024 yılında bütçenin gerçekleşmesi"
    book["Göstergeler"]["B2"] = "120245 sayılı karar (adet)"
    book.save(old)
    named = list(wording_of_year(read_plan(open_grid(str(old))).programme, 2024))
    assert target.code in named
    assert target.indicators[0].code not in named
    result = run("init", tmp_path / "y", "--from", old)
    assert f"2024 geçen {len(named)} kayıt" in result.stdout


# From nothing


def test_from_nothing_a_plan_that_is_asked_to_be_filled(tmp_path: Path) -> None:
    folder = tmp_path / "2031"
    result = run("init", folder, "--year", 2031)
    assert result.exit_code == 0
    plan = folder / "inputs" / "plan.xlsx"
    code, found = answer("forms", plan, "-o", folder / "forms")
    assert (code, sorted(errors(found))) == (1, ["KX011", "KX101"])
    assert not (folder / "forms").exists()
    # Filled as an office fills it, below the headings.
    book = openpyxl.load_workbook(plan)
    book["Kurum"]["B2"] = "YEŞİLOVA BELEDİYESİ"
    rows = {
        "Amaçlar": ("1", "Doğa"),
        "Hedefler": ("1.1", "Yeşil alan"),
        "Performans Hedefleri": ("1.1", "Yeşil alanların bakımı"),
        "Göstergeler": ("PG.1.1.1", "Budanan çit uzunluğu (m)"),
        "Faaliyetler": ("F.1.1.1", "Budama", "Park ve Bahçeler Şefliği"),
    }
    for name, values in rows.items():
        # Typed into a cell of another format 1.1 would be the first of January in a Turkish Excel.
        assert {book[name].cell(row, 1).number_format for row in range(2, 22)} == {"@"}
        for column, value in enumerate(values, start=1):
            book[name].cell(2, column).value = value
    book.save(plan)
    assert run("forms", plan, "-o", folder / "forms").exit_code == 0
    assert sorted(path.name for path in (folder / "forms").iterdir()) == [
        "park_ve_bahceler_sefligi.xlsx",
        "tablo_11_mali_hizmetler.xlsx",
    ]
    programme = plan_of(folder)
    assert (programme.year, len(programme.objectives), len(programme.activities)) == (2031, 1, 1)


def test_a_plan_without_a_year_makes_no_forms(tmp_path: Path, made: Path) -> None:
    plan = tmp_path / "plan.xlsx"
    book = openpyxl.load_workbook(made / "inputs" / "plan.xlsx")
    book["Kurum"]["B3"] = None
    book.save(plan)
    code, found = answer("forms", plan, "-o", tmp_path / "forms")
    assert (code, errors(found)) == (1, ["KX101"])
    assert not (tmp_path / "forms").exists()
    assert errors(answer("init", tmp_path / "y", "--from", plan)[1]) == ["KX101"]
    # A published programme can't be asked for its year; its office can write it into the plan.
    unknown = tmp_path / "program.txt"
    unknown.write_text(re.sub(r"\b20\d\d\b", "", PUBLISHED.read_text(encoding="utf-8")), encoding="utf-8")
    assert errors(answer("init", tmp_path / "y", "--from", unknown, "--year", 2025)[1]) == ["KX010"]


def test_the_read_me_is_one_that_notepad_shows(made: Path, tmp_path: Path) -> None:
    data = (made / "OKUBENİ.txt").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.count(b"\n") == data.count(b"\r\n") > 40
    text = data.decode("utf-8-sig")
    assert str(made.resolve()) in text
    assert "2025" in text
    assert not {"{", "}"} & set(text)
    run("init", tmp_path / "bos", "--year", 2031)
    assert "Kurum sayfasına idarenin adını" in (tmp_path / "bos" / "OKUBENİ.txt").read_text(encoding="utf-8-sig")


def test_every_command_of_the_read_me_is_one(made: Path) -> None:
    for name, *arguments in commands(made):
        if name == "KOMUT":
            continue
        command = main.get_command(main.make_context("kars-xl", ["--help"], resilient_parsing=True), name)
        assert command is not None, name
        command.make_context(name, arguments)


# What is there stays


@pytest.mark.parametrize("name", ["plan.xlsx", "Planımız 2025.xlsx"])
def test_a_folder_with_a_plan_is_left_as_it_is(name: str, made: Path, tmp_path: Path) -> None:
    (tmp_path / "inputs").mkdir()
    shutil.copy(made / "inputs" / "plan.xlsx", tmp_path / "inputs" / name)
    before = files(tmp_path)
    for more in ((), ("--from", PUBLISHED)):
        code, found = answer("init", tmp_path, *more)
        assert (code, errors(found), found["written"]) == (1, ["KX010"], [])
        assert found["findings"][0]["file"].endswith(name)
    assert files(tmp_path) == before


def test_a_broken_plan_is_a_plan_too(tmp_path: Path) -> None:
    (tmp_path / "inputs").mkdir()
    (tmp_path / "inputs" / "plan.xlsx").write_bytes(b"PK bozuk")
    assert errors(answer("init", tmp_path)[1]) == ["KX010"]


def test_forms_that_lie_there_already_and_anothers_read_me_stay(tmp_path: Path) -> None:
    (tmp_path / "inputs").mkdir()
    (tmp_path / "inputs" / "fen.xlsx").write_bytes(b"form")
    (tmp_path / "OKUBENİ.txt").write_text("benim notum", encoding="utf-8")
    before = files(tmp_path)
    assert errors(answer("init", tmp_path)[1]) == ["KX010"]
    assert files(tmp_path) == before
    (tmp_path / "OKUBENİ.txt").unlink()
    assert answer("init", tmp_path)[0] == 0
    assert (tmp_path / "inputs" / "fen.xlsx").read_bytes() == b"form"


def test_a_file_in_place_of_the_folder_and_sources_that_are_none(tmp_path: Path) -> None:
    (tmp_path / "dosya").write_text("x")
    (tmp_path / "not.txt").write_text("toplantı", encoding="utf-8")
    assert errors(answer("init", tmp_path / "dosya")[1]) == ["KX010"]
    assert errors(answer("init", tmp_path / "y", "--from", tmp_path / "yok.xlsx")[1]) == ["KX007"]
    assert errors(answer("init", tmp_path / "y", "--from", tmp_path / "not.txt")[1]) == ["KX010"]
    assert errors(answer("init", tmp_path / "y", "--from", PUBLISHED, "--from", tmp_path / "not.txt")[1]) == ["KX010"]
    assert not (tmp_path / "y").exists()


def test_killed_at_any_moment_it_finishes_when_run_again(made: Path, tmp_path: Path) -> None:
    folder = tmp_path / "2025"
    command = [sys.executable, "-m", "kars_xl", "init", str(folder), "--from", str(PUBLISHED)]
    start = time.monotonic()
    subprocess.run(command, check=True, capture_output=True)
    whole = time.monotonic() - start
    for part in range(6):
        shutil.rmtree(folder)
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(whole * (0.5 + 0.1 * part))
        process.send_signal(signal.SIGKILL)
        process.wait()
        plan = folder / "inputs" / "plan.xlsx"
        if plan.exists():  # the last thing that it writes
            assert (folder / "OKUBENİ.txt").is_file()
        else:
            again = subprocess.run(command, capture_output=True, text=True, env=os.environ)
            assert again.returncode == 0, again.stderr
        assert plan.read_bytes() == (made / "inputs" / "plan.xlsx").read_bytes()


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_folder_that_can_t_be_written_is_a_finding(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    assert errors(answer("init", tmp_path / "y")[1]) == ["KX006"]
    tmp_path.chmod(0o700)


def test_a_path_through_a_file_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "dosya").write_text("x")
    code, found = answer("init", tmp_path / "dosya" / "y")
    assert (code, errors(found)) == (1, ["KX006"])


@pytest.mark.parametrize("room", [1000, 8000])
def test_a_disk_that_is_full_leaves_nothing_half_written(room: int, tmp_path: Path) -> None:
    """Files may have `room` bytes: too few for the read-me, or for the plan."""
    command = [sys.executable, "-m", "kars_xl", "init", str(tmp_path / "y"), "--year", "2031", "--format", "json"]
    full = subprocess.run(
        command, capture_output=True, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
    )
    assert (full.returncode, errors(json.loads(full.stdout))) == (1, ["KX006"])
    written = {path.name for path in (tmp_path / "y").rglob("*") if path.is_file()}
    assert written == ({"OKUBENİ.txt", *LAUNCHERS} if room == 8000 else set())
    assert subprocess.run(command, capture_output=True).returncode == 0
    assert run("init", tmp_path / "z", "--year", 2031).exit_code == 0
    plans = [(tmp_path / name / "inputs" / "plan.xlsx").read_bytes() for name in "yz"]
    assert plans[0] == plans[1]


# The launchers


@pytest.mark.parametrize("at", ["2031", "ad değişti; taşındı"])
def test_a_launcher_opens_the_panel_on_the_folder_in_which_it_lies(at: str, tmp_path: Path) -> None:
    assert run("init", tmp_path / "2031", "--year", 2031).exit_code == 0
    (tmp_path / "2031").rename(tmp_path / at)
    launcher = tmp_path / at / "Panel.desktop"
    assert os.access(launcher, os.X_OK)
    words = configparser.ConfigParser(interpolation=None)
    words.read(launcher, encoding="utf-8")
    command = [it.replace("%k", str(launcher)) for it in shlex.split(words["Desktop Entry"]["Exec"])]
    # No browser opens one that does nothing.
    own = {**os.environ, "BROWSER": "true", "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True, env=own) as program:
        assert program.stdout is not None
        assert program.stdout.readline().startswith("Panel açıldı: http://127.0.0.1:")
        program.send_signal(signal.SIGINT)
        assert program.wait(timeout=20) == 0


def test_the_launcher_for_windows_is_a_file_of_windows(tmp_path: Path) -> None:
    assert run("init", tmp_path / "2031", "--year", 2031).exit_code == 0
    words = (tmp_path / "2031" / "Panel.cmd").read_bytes()
    assert words.startswith(b"@echo off\r\nchcp 65001 > nul\r\n")
    assert words.count(b"\n") == words.count(b"\r\n")
    assert f'"{sys.executable}" -m kars_xl panel .'.encode() in words


def test_a_launcher_that_somebody_changed_stays(tmp_path: Path) -> None:
    (tmp_path / "2031").mkdir()
    (tmp_path / "2031" / "Panel.cmd").write_text("benim")
    assert run("init", tmp_path / "2031", "--year", 2031).exit_code == 0
    assert (tmp_path / "2031" / "Panel.cmd").read_text() == "benim"
