"""What the comparison writes: the terminal's text, JSON, the page, and the exit code."""

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
from kars_xl.reports.diff.report import diff_report
from kars_xl.workbook.nodes.programme import programme_tree
from kars_xl.workbook.render import PROGRAMME_TEMPLATE, render, template_path
from tests.helpers.compared_programmes import between, revision, town, unreadable
from tests.helpers.html_pages import Page
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
    """The JSON answer, and the page written with it."""
    report = tmp_path_factory.mktemp("rapor") / "fark.html"
    done = process(PUBLISHED, changed, "--format", "json", "--html", report)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout), report


def test_json(answer: tuple[Mapping[str, Any], Path], changed: Path) -> None:
    found, report = answer
    assert (found["command"], found["written"], found["summary"]["error"]) == ("diff", [str(report)], 0)
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


def test_the_page(answer: tuple[Mapping[str, Any], Path], changed: Path) -> None:
    """All that --all says, and what was found in the sources."""
    found, report = answer
    source = report.read_text(encoding="utf-8")
    text = Page(source).text
    assert "<h1>T.C. KARS BELEDİYE BAŞKANLIĞI – 2024 Mali Yılı Performans Programı</h1>" in source
    assert f"Yeni: {changed}" in text
    assert text.index("603.349.000,00 → 607.912.000,25 TL (+4.563.000,25)") < text.index("Toplamlar")
    titles = re.findall("<h2[^>]*>([^<]*)</h2>", source)
    assert titles[:6] == [
        "Toplamlar",
        "Sayılar",
        "Tutarı değişen faaliyetler (1)",
        "Eklenen faaliyetler (1)",
        "Çıkarılan faaliyetler (1)",
        "Hedefe göre değişen toplamlar (2)",
    ]
    assert titles[-1] == "Kaynaklar okunurken bulunanlar"
    assert "F.1.1.3 → F.1.2.9 (1.1 → 1.2 altına)" in text
    assert all(item["message"] in text for item in found["findings"])


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
    report = tmp_path / "fark.html"
    done = process(old, new, "--html", report)
    assert done.returncode == 1
    assert "KARŞILAŞTIRMA EKSİK" in done.stdout
    assert "F.1.1.1 tutarı okunamadı" in done.stdout
    assert "KX103" in done.stderr
    text = Page(report.read_text(encoding="utf-8")).text
    assert "KARŞILAŞTIRMA EKSİK" in text
    assert "F.1.1.1 tutarı okunamadı" in text
    assert "KX103" in text


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
    done = process(old, new, "--html", new)
    assert done.returncode == 1
    assert "KX006" in done.stderr
    assert f"Kaydedilmedi: {new.name}: " in done.stderr
    assert new.read_bytes() == before


def test_it_is_quick(merged: Path) -> None:
    """CPU seconds, with Python's own start; twice what it should need, for a busy machine."""
    start = os.times()
    assert process(PUBLISHED, merged).returncode == 0
    end = os.times()
    used = end.children_user + end.children_system - start.children_user - start.children_system
    assert used < 4, used
