"""A unit sends again: the highest revision is used, what it changed is said, and nothing of the others disturbs."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import openpyxl
import pytest

from kars_xl.base.text import read_revision
from kars_xl.merging.consolidate import choices
from kars_xl.model.cost_rows import CostRow
from kars_xl.pipeline import check, merge
from kars_xl.reading.grid import open_grid
from kars_xl.reading.kaynak_sheet import read_source_rows
from kars_xl.reports.diff import revisions_of
from kars_xl.reports.diff.changes import Pair
from tests.helpers.cli_runs import run
from tests.helpers.form_files import COSTS, FEN, FEN_FILE, ROAD, TARGET, ZABITA, ZABITA_FILE, finance, form, read, write
from tests.helpers.form_tables import MATRIX, cost_table, target_table

BRIDGE = "F.1.1.2\tKöprü yapımı\t5.000,00"
VEHICLES = "Tablo 2 Hizmet Taşıtları\nTaşıtın Cinsi\tAdet\nBinek Otomobil\t13\nKamyon\t16\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two revisions of one unit's form that differ in everything that can, and the finance office's form."""
    inputs = tmp_path / "inputs"
    inputs.mkdir()
    first = (target_table(ROAD, BRIDGE), COSTS, cost_table("Köprü yapımı", "5.000,00"), VEHICLES)
    form(inputs, *first, name="fen_r1.xlsx", revision=1)
    second = target_table(
        ROAD.replace("60", "90"),
        "F.1.1.3\tAsfalt serimi\t7.000,00",
        indicators="PG.1.1.1\tOnarılan yol (km)\t4,00\t5,00\t8,00",
    )
    costs = (cost_table("Yol yapımı", "90.000,00"), cost_table("Asfalt serimi", "7.000,00"))
    form(inputs, second, *costs, VEHICLES.replace("16", "17"), name="fen_r2.xlsx", revision=2)
    finance(inputs)
    return inputs


def test_merge_says_what_changed_against_the_revision_before(folder: Path, tmp_path: Path) -> None:
    result = run("merge", folder, "--latest", "-o", tmp_path / "program.xlsx", "--format", "json")
    assert result.exit_code == 0
    (revision,) = json.loads(result.stdout)["revisions"]
    assert (revision["unit"], revision["revision"]) == (FEN, 2)
    assert [Path(form["file"]).name for form in revision["used"]] == ["fen_r2.xlsx"]
    assert [(Path(form["file"]).name, form["revision"]) for form in revision["compared_with"]] == [("fen_r1.xlsx", 1)]
    # 60.000 + 5.000 were asked for, and now 90.000 + 7.000.
    assert revision["total"] == {"old": "65000.00", "new": "97000.00", "difference": "32000.00"}
    diff = revision["diff"]
    changed, *listed = diff["activities"]
    assert [(code["code"], code["old"], code["new"]) for code in changed["codes"]] == [(3, "60000.00", "90000.00")]
    assert [(item["changes"], item["amount"]["old"], item["amount"]["new"]) for item in listed] == [
        (["removed"], "5000.00", "0.00"),
        (["added"], "0.00", "7000.00"),
    ]
    ((value,),) = (item["values"] for item in diff["indicators"])
    assert (value["new_year"], value["old"], value["new"]) == (2024, "6", "8")
    (count,) = diff["general_tables"]
    assert (count["table"], count["cell"]) == ("Tablo 2 Hizmet Taşıtları", "Kamyon ▸ Adet")
    assert (count["old"], count["new"]) == ("16", "17")


def test_every_change_names_the_cells_that_hold_its_figures(folder: Path) -> None:
    documents = read(folder / "fen_r1.xlsx", folder / "fen_r2.xlsx")
    (revision,) = revisions_of(documents)
    assert revision.diff is not None
    (code,) = revision.diff.activities[0].codes
    (count,) = revision.diff.counts
    places = {change: (change.old_place, change.new_place) for change in (code, count)}
    for side, (document, value) in enumerate(zip(documents, (60000, 90000), strict=True)):
        place = places[code][side]
        assert place == document.costs[0].amounts[CostRow(3)].place
        assert place is not None
        assert openpyxl.load_workbook(place.file)[place.sheet][place.cell].value == value
        place = places[count][side]
        assert place is not None
        assert openpyxl.load_workbook(place.file)[place.sheet][place.cell].value == (16, 17)[side]


def test_the_text_is_short_and_counts_what_it_leaves_out(tmp_path: Path) -> None:
    rows = [f"F.1.1.{number}\tYol {number}\t{number}.000,00" for number in range(1, 16)]
    for revision, factor in ((1, 1), (2, 2)):
        costs = [cost_table(f"Yol {number}", f"{number * factor}.000,00") for number in range(1, 16)]
        table = target_table(*(row if factor == 1 else row.rsplit("\t", 1)[0] + "\t" for row in rows))
        form(tmp_path, table, *costs, name=f"r{revision}.xlsx", revision=revision)
    finance(tmp_path)
    # Without --all a unit that sent again is one line, with what its forms cost before and now.
    shown = run("check", tmp_path).stdout
    (line,) = (line for line in shown.splitlines() if line.startswith("Yeniden gönderen: "))
    assert FEN in line
    assert "No 2" in line
    assert "120.000,00 → 240.000,00 TL (+120.000,00)" in line
    assert shown.count(",00 → ") == 1
    said = " ".join(run("check", tmp_path, "--latest", "--all").stdout.split())
    assert "3 Mal ve Hizmet Alım Giderleri: 15.000,00 → 30.000,00 (+15.000,00) [r1.xlsx ▸ PH 1.1 ▸ C" in said
    assert said.count(",00 → ") == 1 + 15


def test_a_sheet_of_the_workbook_names_the_form_and_revision_that_were_used(folder: Path, tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in folder.iterdir()}
    output = tmp_path / "program.xlsx"
    outcome = merge([str(folder)], str(output), latest=True)
    assert outcome.written
    rows = read_source_rows(open_grid(str(output)).sheets)
    assert rows
    units = {(row.file, row.revision) for row in rows if row.unit.name == FEN}
    assert units == {("fen_r2.xlsx", "2")}
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_what_is_broken_in_a_replaced_form_stops_nothing(tmp_path: Path) -> None:
    """The usual story: the first revision was sent back for its errors, and the second has none."""
    path = form(tmp_path, name="fen_r1.xlsx", revision=1)
    places = (read(path)[0].costs[0].amounts[CostRow(3)].place, read(path)[0].targets[0].indicators[0].places[2])
    identity = (f"Harcama Birimi\t{FEN}", "Program Yılı\t2024", "Revizyon No\t1")
    write(path, [TARGET, COSTS], {places[0]: "1,500", places[1]: "yok"}, identity=identity)
    form(tmp_path, name="fen_r2.xlsx", revision=2)
    finance(tmp_path)
    assert check([str(path)]).failed
    outcome = merge([str(tmp_path)], str(tmp_path / "program.xlsx"), latest=True)
    assert not outcome.failed, [found.message for found in outcome.findings]
    assert not [found for found in outcome.findings if found.place.file == str(path)]
    shown = run("merge", tmp_path, "--all", "-o", tmp_path / "program.xlsx").stdout
    assert "eski: F.1.1.1 tutarı okunamadı ya da belli değil." in shown
    assert "PG.1.1.1 Onarılan yol (km): 2024: okunamadı ya da belli değil, karşılaştırılamadı" in shown


def test_where_all_count_two_revisions_are_the_same_activity_twice(folder: Path, tmp_path: Path) -> None:
    result = run("merge", folder, "--all-revisions", "-o", tmp_path / "program.xlsx", "--format", "json")
    answer = json.loads(result.stdout)
    assert result.exit_code == 1
    assert "KX204" in {found["code"] for found in answer["findings"]}
    assert answer["revisions"] == []


def test_the_one_before_is_the_next_highest_not_the_next_file(tmp_path: Path) -> None:
    for number, amount in ((10, "80.000,00"), (9, "70.000,00"), (2, "60.000,00")):
        row = ROAD.rsplit("\t", 1)[0] + f"\t{amount}"
        form(tmp_path, target_table(row), cost_table("Yol yapımı", amount), name=f"f{number}.xlsx", revision=number)
    (revision,) = revisions_of(read(*sorted(tmp_path.iterdir())))
    assert (revision.used[0].revision, revision.before[0].revision) == (10, 9)
    assert [item.revision for item in revision.replaced] == [9, 2]
    assert revision.diff is not None
    assert [change.pair for change in revision.diff.activities] == [Pair(70_000_00, 80_000_00)]


def test_equal_revisions_of_different_content_are_an_error_and_copies_are_none(tmp_path: Path) -> None:
    first = form(tmp_path, revision=1)
    shutil.copy(first, tmp_path / "kopya.xlsx")
    finance(tmp_path)
    same = check([str(tmp_path)], latest=True)
    assert not same.failed
    assert [found.code for found in same.findings if found.severity == "warning"] == ["KX312"]
    assert "KX209" in [found.code for found in same.findings if found.severity == "advice"]
    (copy,) = same.revisions
    assert (copy.before, copy.diff) == ((), None)
    other = cost_table("Yol yapımı", "60.000,00", code=6)
    form(tmp_path, TARGET, other, name="kopya.xlsx", revision=1)
    assert [found.code for found in check([str(tmp_path)], latest=True).findings if found.is_error] == ["KX204"]


def test_the_finance_offices_tablo_11_never_replaces_its_own_units_form(tmp_path: Path) -> None:
    form(tmp_path, revision=0)
    identity = (f"Harcama Birimi\t{FEN}", "Program Yılı\t2024", "Revizyon No\t3")
    write(tmp_path / "tablo_11.xlsx", [MATRIX], sheet="Tablo 11", identity=identity)
    outcome = check([str(tmp_path)], latest=True)
    assert not outcome.failed
    assert not outcome.revisions
    assert outcome.merged is not None
    assert outcome.merged.programme.activity_costs.total == 60_000_00
    assert outcome.merged.programme.administration is not None


def test_a_new_tablo_11_replaces_the_old_one_whoever_signed_it(tmp_path: Path) -> None:
    form(tmp_path)
    for number, unit in ((1, "Mali Hizmetler"), (2, "Mali Hizmetler Müdürlüğü")):
        identity = (f"Harcama Birimi\t{unit}", "Program Yılı\t2024", f"Revizyon No\t{number}")
        text = MATRIX.replace("1.000,00", f"{number}.000,00")
        write(tmp_path / f"t{number}.xlsx", [text], sheet="Tablo 11", identity=identity)
    outcome = check([str(tmp_path)], latest=True)
    assert not outcome.failed
    assert outcome.merged is not None
    assert outcome.merged.programme.administration is not None
    assert outcome.merged.programme.administration.total == 9 * 2_000_00
    (revision,) = outcome.revisions
    # Only codes 1–9 of one column changed, each from 1.000 to 2.000.
    assert revision.diff is not None
    (codes,) = (column.codes for column in revision.diff.columns if column.codes)
    assert [code.pair for code in codes] == [Pair(1_000_00, 2_000_00)] * 9


@pytest.mark.parametrize(("text", "number"), [("2", 2), ("Rev. 2", 2), ("2. revizyon", 2), ("No 007", 7), ("-", 0)])
def test_the_number_of_a_revision_as_people_write_it(text: str, number: int) -> None:
    assert read_revision(text) == number


@pytest.mark.parametrize("text", ["ilk", "1.2", "²", "01.02.2026", "9" * 30])
def test_what_is_no_number_of_a_revision_is_not_guessed(text: str) -> None:
    assert read_revision(text) is None


def test_a_revision_that_can_not_be_read_replaces_nothing(tmp_path: Path) -> None:
    form(tmp_path, name="eski.xlsx", revision=1)
    identity = (f"Harcama Birimi\t{FEN}", "Program Yılı\t2024", "Revizyon No\tson hali")
    path = write(tmp_path / FEN_FILE, [TARGET, COSTS], identity=identity)
    finance(tmp_path)
    outcome = merge([str(tmp_path)], str(tmp_path / "program.xlsx"), latest=True)
    errors = [(found.code, found.place) for found in outcome.findings if found.is_error]
    assert ("KX103", read(path)[0].identity["revision"].place) in errors
    assert "KX204" in {code for code, _ in errors}
    assert not outcome.written


def test_units_are_told_apart_and_order_is_kept(tmp_path: Path) -> None:
    paths = [
        form(tmp_path, name="a.xlsx", revision=1),
        form(tmp_path, name=ZABITA_FILE, unit=ZABITA, revision=5),
        form(tmp_path, name="b.xlsx", unit="FEN İŞLERİ MÜDÜRLÜĞÜ", revision=2),
    ]
    found = choices(read(*paths))
    assert [[Path(item.file).name for item in choice.used] for choice in found] == [["b.xlsx"], [ZABITA_FILE]]
    assert [len(choice.replaced) for choice in found] == [1, 0]
