"""What the comparison writes: the terminal's text, JSON, the workbook, and the exit code."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from msgspec.structs import replace

from kars_xl.base.place import Place
from kars_xl.findings.as_text import as_text
from kars_xl.merging.adopt import adopt
from kars_xl.model.cost_rows import CostRow
from kars_xl.model.programme import Activity, Costs
from kars_xl.model.sources import Contribution, Sender
from kars_xl.model.units import NO_UNIT, Unit
from kars_xl.reading.files import read_files
from kars_xl.reports.diff import Comparison
from kars_xl.reports.diff.changes import Difference
from kars_xl.reports.diff.compare import compare
from kars_xl.reports.diff.data import difference_tree
from kars_xl.reports.diff.edition import read_edition
from kars_xl.reports.diff.report import diff_report
from kars_xl.workbook.nodes.programme import programme_tree
from kars_xl.workbook.render import PROGRAMME_TEMPLATE, render, template_path
from tests.helpers.compared_programmes import between, revision, town, unreadable
from tests.helpers.oracles import differences, libreoffice, stored_results
from tests.helpers.placeholders import GUIDE, paths
from tests.helpers.repository import PUBLISHED

GRAND_OLD, GRAND_NEW = Decimal("603349000.00"), Decimal("607912000.25")


def process(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "kars_xl", "diff", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The published programme with one activity added, removed, reworded, moved, and one amount changed."""
    merged = adopt(read_files([str(PUBLISHED)]).documents[0]).merged
    targets = list(merged.programme.targets)
    first, second = targets[0], targets[1]
    dearer = replace(first.activities[0], costs=Costs.of({CostRow(3): 4_623_000_25}))  # 60.000,00 before
    worded = replace(first.activities[1], name=first.activities[1].name + " Süreklilik.")
    fresh = Activity(
        "F.1.1.9", "Gece kütüphanesi kurulması", (Unit("Yazı İşleri Müdürlüğü"),), Costs.of({CostRow(1): 450_000_00})
    )
    moved = replace(first.activities[2], code="F.1.2.9")
    targets[0] = replace(first, activities=(dearer, worded, fresh))
    # F.1.2.1 (450.000,00) goes, as much comes with the new activity.
    targets[1] = replace(second, activities=(*second.activities[1:], moved))
    programme = replace(merged.programme, targets=tuple(targets))
    sources = [
        Contribution(
            activity=item.code,
            costs=item.costs,
            place=Place("form.xlsx", "PH", 7, 3),
            sender=Sender(unit=next(iter(item.units), NO_UNIT)),
        )
        for item in programme.activities
        if item.costs is not None
    ]
    path = tmp_path_factory.mktemp("yeni") / "program.xlsx"
    assert not render(template_path(PROGRAMME_TEMPLATE), programme_tree(programme, sources), str(path))
    return path


@pytest.fixture(scope="module")
def answer(changed: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Mapping[str, Any], Path]:
    """The JSON answer, and the workbook written with it."""
    report = tmp_path_factory.mktemp("rapor") / "fark.xlsx"
    done = process(PUBLISHED, changed, "--format", "json", "-o", report)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout), report


def test_json(answer: tuple[Mapping[str, Any], Path], changed: Path) -> None:
    found, report = answer
    assert (found["command"], found["output"], found["summary"]["error"]) == ("diff", str(report), 0)
    diff = found["diff"]
    assert (diff["same"], diff["complete"], diff["gaps"]) == (False, True, [])
    assert diff["totals"]["grand"] == {
        "old": str(GRAND_OLD),
        "new": str(GRAND_NEW),
        "difference": "4563000.25",
        "percent": "0.76",
    }
    assert diff["counts"]["activity"] == {"added": 1, "removed": 1, "reworded": 1, "moved": 1, "changed": 1}
    by_code = {(item["new"] or item["old"])["code"]: item for item in diff["activities"]}
    assert {code: item["changes"] for code, item in by_code.items()} == {
        "F.1.1.1": ["amount"],
        "F.1.1.2": ["reworded"],
        "F.1.1.9": ["added"],
        "F.1.2.1": ["removed"],
        "F.1.2.9": ["moved"],
    }
    (code,) = by_code["F.1.1.1"]["codes"]
    assert (code["code"], code["old"], code["new"]) == (3, "60000.00", "4623000.25")
    assert code["old_place"] == {"file": str(PUBLISHED), "sheet": "", "cell": "C793"}
    assert (code["new_place"]["file"], code["new_place"]["sheet"]) == (str(changed), "Faaliyet Maliyetleri")
    (part,) = by_code["F.1.1.1"]["parts"]
    assert part["forms"] == [{"file": "form.xlsx", "sheet": "PH", "cell": "C7"}]
    assert by_code["F.1.1.9"]["amount"]["percent"] is None
    for name in ("by_target", "by_unit", "by_code"):
        for side, grand in (("old", GRAND_OLD), ("new", GRAND_NEW)):
            assert sum(Decimal(line[side]) for line in diff[name]) == grand


def test_the_workbook_holds_the_sums(answer: tuple[Mapping[str, Any], Path]) -> None:
    _, report = answer
    book = openpyxl.load_workbook(report, data_only=True)
    assert [sheet.title for sheet in book] == [
        "Özet",
        "Faaliyetler",
        "Kod Ayrıntısı",
        "Göstergeler",
        "Hedefler",
        "Birimler",
        "Ekonomik Kodlar",
        "Formlar",
        "Eklenen ve Taşınan",
        "Metin Değişiklikleri",
    ]
    grand = next(row for row in book["Özet"].iter_rows(values_only=True) if row[0] == "Genel Toplam")
    assert grand[1:4] == (float(GRAND_OLD), float(GRAND_NEW), 4563000.25)
    assert grand[4] == pytest.approx(4563000.25 / 603349000)
    for name in ("Hedefler", "Birimler", "Ekonomik Kodlar"):
        rows = list(book[name].iter_rows(values_only=True))
        total = next(row for row in rows if row[0] == "TOPLAM")
        assert [cell for cell in total if isinstance(cell, float | int)][:3] == list(grand[1:4])
        assert rows[-1].count("TAMAM") == 2
    states = {row[1] or row[0]: row[3] for row in book["Faaliyetler"].iter_rows(min_row=5, values_only=True)}
    assert (states["F.1.1.1"], states["F.1.1.9"], states["F.1.2.1"], states["F.1.2.9"], states["F.1.3.1"]) == (
        "tutarı değişti",
        "eklendi",
        "çıkarıldı",
        "taşındı",
        "aynı",
    )


def test_libreoffice_computes_what_is_stored(answer: tuple[Mapping[str, Any], Path], tmp_path: Path) -> None:
    _, report = answer
    stored = stored_results(report)
    assert len(stored) > 200
    assert not any(isinstance(value, str) and value.startswith("#") for value in stored.values())
    (computed,) = libreoffice([report], tmp_path)
    assert differences(stored, computed, set()) == []


def test_the_report_follows_an_edit(answer: tuple[Mapping[str, Any], Path], tmp_path: Path) -> None:
    """An amount that is changed in the list changes its total and the summary."""
    _, report = answer
    book = openpyxl.load_workbook(report)
    sheet = book["Faaliyetler"]
    row = next(cell.row for cell in sheet["B"] if cell.value == "F.1.1.1")
    sheet.cell(row, 7).value = 60_000
    edited = tmp_path / "fark.xlsx"
    book.save(edited)
    (computed,) = libreoffice([edited], tmp_path)
    summary = {cell: value for (title, cell), value in computed.items() if title == "Özet"}
    assert float(GRAND_NEW) - 4563000.25 in summary.values()


def test_the_terminal(changed: Path) -> None:
    done = process(PUBLISHED, changed)
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) <= 40
    done = process(PUBLISHED, changed, "--all")
    lines = done.stdout.split("Kaynaklar okunurken bulunanlar")[0].splitlines()
    # Tables fit the screen; a sentence may be longer.
    assert [line for line in lines[2:] if len(line) > 100 and not line.startswith("  ")] == []
    text = "\n".join(lines)
    assert re.search(r"Genel Toplam +603\.349\.000,00 +607\.912\.000,25 +\+4\.563\.000,25 +\+%0,76", text)
    assert re.search(r"Faaliyet +1 +1 +1 +1 +1", text)
    assert text.index("Genel Toplam") < text.index("Tutarı değişen faaliyetler (1)") < text.index("Metni değişen (1)")
    assert "form: form.xlsx ▸ PH ▸ C7" in text
    assert "F.1.1.3 → F.1.2.9 (1.1 → 1.2 altına)" in text


def test_the_terminal_says_when_nothing_differs(merged: Path) -> None:
    done = process(PUBLISHED, merged)
    assert done.returncode == 0
    assert "İki kaynak arasında fark yok." in done.stdout


def test_of_long_sections_the_largest_are_shown() -> None:
    old = town(("1.1", {f"F.1.1.{n}": f"{chr(96 + n) * n * 3} yapımı" for n in range(1, 16)}))
    activities = tuple(
        replace(item, costs=item.costs and Costs((number * 100, *item.costs.amounts[1:])))
        for number, item in enumerate(old.targets[0].activities, 1)
    )
    diff = between(old, replace(old, targets=(replace(old.targets[0], activities=activities),)))
    report = diff_report(Comparison((), diff))
    # A screen: the sums, and what differs most.
    ((_, text),) = as_text(report)
    assert "Tutarı değişen" not in text
    assert "en büyük fark F.1.1.15 " in " ".join(text.split())
    ((_, text),) = as_text(report, everything=True)
    section = text.split("Tutarı değişen faaliyetler (15)")[1].split("\n\n")[0]
    assert re.findall(r"F\.1\.1\.\d+", section)[:3] == ["F.1.1.15", "F.1.1.14", "F.1.1.13"]
    assert "tane daha" not in text


def test_an_unreadable_figure_is_said_and_the_exit_code_is_1(tmp_path: Path) -> None:
    old, new = unreadable(tmp_path / "r1.xlsx", 60_000), unreadable(tmp_path / "r2.xlsx", "1,500")
    report = tmp_path / "fark.xlsx"
    done = process(old, new, "-o", report)
    assert done.returncode == 1
    assert "KARŞILAŞTIRMA EKSİK" in done.stdout
    assert "F.1.1.1 tutarı okunamadı" in done.stdout
    assert "KX103" in done.stderr
    book = openpyxl.load_workbook(report, data_only=True)
    row = next(row for row in book["Faaliyetler"].iter_rows(values_only=True) if row[1] == "F.1.1.1")
    assert (row[3], row[5:9]) == ("karşılaştırılamadı", ("60.000,00 (toplama katılmadı)", "rakam yok", "-", "-"))
    total = next(row for row in book["Faaliyetler"].iter_rows(values_only=True) if row[0] == "TOPLAM")
    assert total[5:8] == (5000, 5000, 0)


@pytest.mark.parametrize("arguments", [(), ("a.xlsx",), ("a.xlsx", "b.xlsx", "c.xlsx"), ("a.xlsx", "b.xlsx", "--yok")])
def test_wrong_usage(arguments: tuple[str, ...]) -> None:
    assert process(*arguments).returncode == 2


def test_a_missing_source(tmp_path: Path) -> None:
    done = process(PUBLISHED, tmp_path / "yok.xlsx", "--format", "json")
    assert done.returncode == 1
    found = json.loads(done.stdout)
    assert found["diff"] is None
    assert [item["code"] for item in found["findings"] if item["severity"] == "error"] == ["KX007"]


def test_no_source_is_written_over(tmp_path: Path) -> None:
    old, new = revision(tmp_path, "r1.xlsx", 1), revision(tmp_path, "r2.xlsx", 2, "70.000,00")
    before = new.read_bytes()
    done = process(old, new, "-o", new)
    assert done.returncode == 1
    assert "KX006" in done.stderr
    assert new.read_bytes() == before


def test_it_is_quick(merged: Path) -> None:
    """CPU seconds, with Python's own start; twice what it should need, for a busy machine."""
    start = os.times()
    assert process(PUBLISHED, merged).returncode == 0
    end = os.times()
    used = end.children_user + end.children_system - start.children_user - start.children_system
    assert used < 4, used


# The template's vocabulary


@pytest.fixture(scope="module")
def everything(changed: Path, inputs: Path) -> Difference:
    """A comparison with an entry in every list."""
    old, _ = read_edition(str(inputs))
    new, _ = read_edition(str(changed))
    assert old is not None
    assert new is not None
    programme = new.merged.programme
    first = programme.targets[2]
    values = (None, *first.indicators[0].values[1:])
    indicators = (replace(first.indicators[0], values=values), *first.indicators[1:])
    activities = (replace(first.activities[0], costs=None), *first.activities[1:])
    target = replace(first, indicators=indicators, activities=activities)
    targets = (*programme.targets[:2], target, *programme.targets[3:])
    merged = replace(new.merged, programme=replace(programme, targets=targets))
    return compare(old, replace(new, source=replace(new.source, merged=merged)))


def test_every_placeholder_and_list_is_in_the_guide_and_none_else(everything: Difference) -> None:
    section = GUIDE.read_text(encoding="utf-8").split("## Fark raporunun şablonu")[1].split("\n## ")[0]
    table, _, lists = section.partition("Fark raporunun listeleri:")
    tree = difference_tree(everything)
    assert all(tree.lists.values()), "the example has not all kinds"
    assert set(re.findall(r"`([a-z_]+(?:\.[a-z_]+)?)`", table.split("|---|---|")[1])) == set(paths(tree))
    assert set(re.findall(r"`([a-z_]+)`", lists)) == set(tree.lists)


def test_every_list_is_on_a_sheet(everything: Difference) -> None:
    book = openpyxl.load_workbook(template_path("fark_raporu.xlsx"))
    repeated = {name.removeprefix("her_") for sheet in book for name in sheet.defined_names if name.startswith("her_")}
    assert repeated == set(difference_tree(everything).lists)
