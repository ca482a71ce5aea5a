"""What tests of the comparison share: sources compared, what was found, and small programmes."""

from __future__ import annotations

from pathlib import Path

from kars_xl.base.place import Place
from kars_xl.base.text import squeeze
from kars_xl.checking.source import Source
from kars_xl.findings.finding import Merged
from kars_xl.model.cost_rows import CostRow
from kars_xl.model.programme import Activity, Costs, Institution, Programme, Target
from kars_xl.model.units import Unit
from kars_xl.reading.files import Reading
from kars_xl.reports.diff import diff_sources
from kars_xl.reports.diff.changes import Difference, Line, Pair
from kars_xl.reports.diff.compare import compare
from kars_xl.reports.diff.edition import Edition
from tests.helpers.form_files import ROAD, form, write
from tests.helpers.form_tables import cost_table, target_table


def difference(old: Path, new: Path, *, latest: bool = False) -> Difference:
    found = diff_sources(str(old), str(new), latest=latest)
    assert not found.failed, [item.message for item in found.findings if item.is_error]
    assert found.difference is not None
    return found.difference


def between(old: Programme, new: Programme) -> Difference:
    return compare(_source(old, "eski"), _source(new, "yeni"))


def _source(programme: Programme, file: str) -> Edition:
    """A programme that no file was read for."""
    return Edition(file=file, source=Source(reading=Reading(), merged=Merged(programme)))


def marked(diff: Difference, mark: str) -> list[str]:
    """Old and new codes of all items with a mark: "F.1.1.1>F.1.2.1"."""
    return [
        f"{entry.old.code if entry.old else ''}>{entry.new.code if entry.new else ''}"
        for entry in diff.entries
        if mark in entry.marks
    ]


def amounts(diff: Difference) -> dict[str, tuple[int, int]]:
    return {
        change.item.code: (change.pair.old, change.pair.new)
        for change in diff.activities
        if "amount" in change.marks and change.pair is not None
    }


def summed(lines: tuple[Line, ...]) -> Pair:
    total = Pair(0, 0)
    for line in lines:
        total += line.pair
    return total


def assert_adds_up(diff: Difference) -> None:
    """By target, unit and code the sums are the grand total on both sides, by form its difference."""
    grand = diff.total("grand") or diff.total("activities")
    assert grand is not None
    assert summed(diff.by_target) == summed(diff.by_unit) == summed(diff.by_code) == grand
    if diff.by_form:
        assert sum(line.pair.difference for line in diff.by_form) == grand.difference


def town(*targets: tuple[str, dict[str, str]], **facts: object) -> Programme:
    """A programme of targets (code, {activity's code: name}); an activity costs 100 TL for each letter of its name."""
    made = []
    for code, names in targets:
        activities = tuple(
            Activity(item, name, (Unit("Fen İşleri Müdürlüğü"),), Costs.of({CostRow(3): len(squeeze(name)) * 100_00}))
            for item, name in names.items()
        )
        made.append(Target(code, f"{code} kapsamında hizmet", code[0], code, "", (), activities))
    return Programme(Institution("T.C. ARDAHAN BELEDİYE BAŞKANLIĞI"), 2025, targets=tuple(made), **facts)  # type: ignore[arg-type]


def revision(folder: Path, name: str, number: int, amount: str = "60.000,00", **target: str) -> Path:
    """A form with one activity of this amount."""
    folder.mkdir(exist_ok=True)
    table = target_table(ROAD.replace("60.000,00", amount), **target)
    return form(folder, table, cost_table("Yol yapımı", amount), name=name, revision=number)


def unreadable(path: Path, text: object, revision: int = 1) -> Path:
    """A form whose amount under code 3 is `text`."""
    tables = [target_table(ROAD, "F.1.1.2\tKöprü\t5.000,00"), cost_table("Yol yapımı"), cost_table("Köprü", "5.000,00")]
    lines = "\n".join(tables).split("\n")
    row = next(number for number, line in enumerate(lines, 1) if line.startswith("3\tMal ve Hizmet"))
    identity = ("Harcama Birimi\tFen İşleri Müdürlüğü", "Program Yılı\t2024", f"Revizyon No\t{revision}")
    return write(path, tables, {Place("", "", row, 3): text}, identity=identity)
