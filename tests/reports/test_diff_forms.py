"""Forms compared: two revisions, two folders, shared activities, and figures that could not be read."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from kars_xl.reports.diff import diff_sources
from kars_xl.reports.diff.changes import Pair, unit_label
from tests.helpers.compared_programmes import amounts, assert_adds_up, difference, marked, revision, unreadable
from tests.helpers.form_files import FEN_FILE, ROAD, ZABITA, ZABITA_FILE, finance, form
from tests.helpers.form_tables import cost_table, target_table
from tests.helpers.repository import PUBLISHED


def test_two_revisions_of_a_form(tmp_path: Path) -> None:
    old = revision(tmp_path, "r1.xlsx", 1)
    indicators = "PG.1.1.1\tOnarılan yol (km)\t4,00\t5,00\t9,00"
    new = revision(tmp_path, "r2.xlsx", 2, "75.000,00", target="Yolların onarılması", indicators=indicators)
    diff = difference(old, new)
    assert (diff.old.unit.name, diff.old.revision, diff.new.revision) == ("Fen İşleri Müdürlüğü", 1, 2)
    assert amounts(diff) == {"F.1.1.1": (60_000_00, 75_000_00)}
    (code,) = diff.activities[0].codes
    book = openpyxl.load_workbook(new)
    assert code.new_place is not None
    assert code.old_place is not None
    assert (code.old_place.file, code.old_place.sheet) == (str(old), "PH 1.1")
    assert book["PH 1.1"][code.new_place.cell].value == 75_000
    (value,) = diff.indicators[0].values
    assert (value.new_year, value.new and value.new.amount) == (2024, Decimal(9))
    assert value.new_place is not None
    assert book["PH 1.1"][value.new_place.cell].value == 9
    assert marked(diff, "reworded") == ["1.1>1.1"]
    place = diff.targets[0].item.place
    assert place is not None
    assert book["PH 1.1"][place.cell].value == "Yolların onarılması"
    assert diff.total("general") is None
    assert diff.complete
    assert [(line.file, line.pair.difference, line.amounts, line.values, line.texts) for line in diff.by_form] == [
        ("r2.xlsx", 15_000_00, 1, 1, 1)
    ]
    assert_adds_up(diff)


def test_a_folder_in_which_one_form_changed(inputs: Path, tmp_path: Path) -> None:
    """Only that form is named: one amount, at its cell."""
    new = tmp_path / "gelen"
    shutil.copytree(inputs, new)
    path = new / "fen_isleri_mudurlugu.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book["PH 7.3"]
    cell = next(cell for row in sheet.iter_rows() for cell in row if cell.value == 15_000_000)
    cell.value = 16_500_000.25
    book.save(path)
    found = diff_sources(str(inputs), str(new))
    diff = found.difference
    assert diff is not None
    assert amounts(diff) == {"F.7.3.1": (15_000_000_00, 16_500_000_25)}
    assert [(line.file, line.pair.difference) for line in diff.by_form] == [("fen_isleri_mudurlugu.xlsx", 1_500_000_25)]
    (code,) = next(change for change in diff.activities if "amount" in change.marks).codes
    assert code.new_place is not None
    assert (code.new_place.file, code.new_place.sheet, code.new_place.cell) == (str(path), "PH 7.3", cell.coordinate)
    assert_adds_up(diff)


def test_shared_activities_are_compared_unit_by_unit(tmp_path: Path) -> None:
    """Two units' forms; one of them asks for more."""
    old, new = tmp_path / "eski", tmp_path / "yeni"
    for folder, amount in ((old, "40.000,00"), (new, "50.000,00")):
        revision(folder, FEN_FILE, 0)
        other = (target_table(ROAD.replace("60.000,00", amount)), cost_table("Yol yapımı", amount, unit=ZABITA))
        form(folder, *other, name=ZABITA_FILE, unit=ZABITA)
        finance(folder)
    diff = difference(old, new)
    assert amounts(diff) == {"F.1.1.1": (100_000_00, 110_000_00)}
    assert {line.label: line.pair.difference for line in diff.by_unit if line.pair.difference} == {ZABITA: 10_000_00}
    assert [(line.file, line.pair.difference) for line in diff.by_form] == [(ZABITA_FILE, 10_000_00)]
    (code,) = diff.activities[0].codes
    assert unit_label(code.unit) == ZABITA
    assert_adds_up(diff)


def test_what_a_programme_gives_for_units_together_is_compared_together(tmp_path: Path) -> None:
    """A published table names both units and one amount: no share is made up for either."""
    published = tmp_path / "program.txt"
    units = f"Fen İşleri Müdürlüğü, {ZABITA}"
    published.write_text(target_table(ROAD) + cost_table("Yol yapımı", unit=units), encoding="utf-8")
    new = tmp_path / "yeni"
    revision(new, FEN_FILE, 0, "45.000,00")
    form(new, TABLES[0], TABLES[1], name=ZABITA_FILE, unit=ZABITA)
    finance(new)
    diff = diff_sources(str(published), str(new)).difference
    assert diff is not None
    together = [line for line in diff.by_unit if "ortak" in line.label]
    assert [line.pair for line in together] == [Pair(60_000_00, 65_000_00)]


TABLES = (target_table(ROAD.replace("60.000,00", "20.000,00")), cost_table("Yol yapımı", "20.000,00", unit=ZABITA))


@pytest.mark.parametrize("text", ["14..,.-", "1,500", "=1/0\t#DIV/0!"])
def test_a_cell_that_can_not_be_read_is_not_compared_as_zero(tmp_path: Path, text: str) -> None:
    old = unreadable(tmp_path / "r1.xlsx", 60_000)
    found = diff_sources(str(old), str(unreadable(tmp_path / "r2.xlsx", text)))
    assert found.failed
    diff = found.difference
    assert diff is not None
    assert amounts(diff) == {}
    assert [(gap.side, gap.key) for gap in diff.gaps] == [("new", "F.1.1.1")]
    assert diff.total("activities") == Pair(5_000_00, 5_000_00)
    assert_adds_up(diff)


def test_an_unreadable_cell_of_a_published_programme_is_an_error_here(tmp_path: Path) -> None:
    """`import` may go on with a warning; a comparison that lacks a figure must not pass for a whole one."""
    text = target_table(ROAD) + cost_table("Yol yapımı")
    old, new = tmp_path / "a.txt", tmp_path / "b.txt"
    old.write_text(text, encoding="utf-8")
    new.write_text(text.replace("Alım Giderleri\t60.000,00", "Alım Giderleri\t6.00,0.0"), encoding="utf-8")
    found = diff_sources(str(old), str(new))
    assert [item.code for item in found.findings if item.is_error] == ["KX103"]
    assert found.difference is not None
    assert [gap.key for gap in found.difference.gaps] == ["F.1.1.1"]


def test_activities_sent_twice_are_not_doubled(tmp_path: Path) -> None:
    old, new = tmp_path / "eski", tmp_path / "yeni"
    for folder in (old, new):
        folder.mkdir()
        unreadable(folder / "r1.xlsx", 60_000)
        finance(folder)
    unreadable(new / "r2.xlsx", 70_000, revision=2)
    found = diff_sources(str(old), str(new), latest=False)
    assert "KX204" in [item.code for item in found.findings if item.is_error]
    assert found.difference is not None
    assert [gap.key for gap in found.difference.gaps] == ["F.1.1.1", "F.1.1.2"]
    assert amounts(found.difference) == {}
    later = diff_sources(str(old), str(new), latest=True).difference
    assert later is not None
    assert amounts(later) == {"F.1.1.1": (60_000_00, 70_000_00)}


def test_what_an_older_revision_spoils_is_no_gap(tmp_path: Path) -> None:
    """With --latest its figures are not used, so what can't be read of them is missed nowhere."""
    old, new = tmp_path / "eski", tmp_path / "yeni"
    for folder, first in ((old, 60_000), (new, "1,500")):
        folder.mkdir()
        unreadable(folder / "r1.xlsx", first)
        finance(folder)
    unreadable(new / "r2.xlsx", 70_000, revision=2)
    found = diff_sources(str(old), str(new), latest=True)
    assert found.difference is not None
    assert found.difference.complete
    assert amounts(found.difference) == {"F.1.1.1": (60_000_00, 70_000_00)}


def test_a_folder_with_nothing_but_the_plan(inputs: Path, tmp_path: Path) -> None:
    shutil.copy(inputs / "plan.xlsx", tmp_path)
    assert difference(tmp_path, inputs).same


def test_a_form_of_a_folder_that_can_not_be_opened_leaves_the_comparison_incomplete(tmp_path: Path) -> None:
    old, new = tmp_path / "eski", tmp_path / "yeni"
    for folder in (old, new):
        revision(folder, FEN_FILE, 0)
        finance(folder)
    (new / "bozuk.xlsx").write_bytes(b"PK\x03\x04 bozuk")
    found = diff_sources(str(old), str(new))
    assert found.failed
    assert found.difference is not None
    assert not found.difference.complete


@pytest.mark.parametrize("name", ["yok.xlsx", "bozuk.xlsx", "bos.txt"])
def test_a_source_that_can_not_be_read(tmp_path: Path, name: str) -> None:
    (tmp_path / "bozuk.xlsx").write_bytes(b"bozuk")
    (tmp_path / "bos.txt").write_text("tablo yok\n", encoding="utf-8")
    found = diff_sources(str(PUBLISHED), str(tmp_path / name))
    assert found.difference is None
    assert found.failed
