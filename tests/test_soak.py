"""A folder of files of every kind, hostile ones among them: nothing lost, nothing stalls.

Each command ends within a second a file and half a minute, and within a gigabyte; every good form is in its answer,
every bad file is one finding. `KARS_XL_SOAK=200` makes the folder as large as that; the suite's own is smaller.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.helpers.hostile_files import GROWING, PARTS, SHEET, package
from tests.helpers.letter_kinds import NAMED, TAKEN_FROM
from tests.helpers.repository import REPOSITORY

FILES = int(os.environ.get("KARS_XL_SOAK", "40"))  # the plan not counted
MEMORY = 1 << 30
OTHERS = {  # that hold no table, with what is said of each
    "ust_yazi.pdf": b"%PDF-1.7", "form.rar": b"Rar!\x1a\x07\x01\0", "form.7z": b"7z\xbc\xaf\x27\x1c",
    "ekran.jpg": b"\xff\xd8\xff\xe0", "sayfa.xls": b"<html><table><tr><td>1</td></tr></table></html>",
    "kisayol.url": b"[InternetShortcut]\r\nURL=https://1drv.ms/x", "bos.xlsx": b"", "anlamsiz": b"\0\1\2\3",
}  # fmt: skip
pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory is counted as Linux counts it")


@dataclass
class Soak:
    """The working folder; names of its good and bad files and of the letters with a form; the generator's totals."""

    year: Path
    totals: dict[str, Any]
    tables: dict[str, int]
    good: set[str] = field(default_factory=set)
    bad: set[str] = field(default_factory=set)
    letters: set[str] = field(default_factory=set)

    @property
    def inputs(self) -> Path:
        return self.year / "inputs"

    @property
    def seconds(self) -> int:
        return len(list(self.inputs.iterdir())) + 30


@pytest.fixture(scope="module")
def soak(tmp_path_factory: pytest.TempPathFactory) -> Soak:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "path", [str(REPOSITORY / "benchmarks"), *sys.path])
        import generate
    made = generate.make(FILES // 2, seed=8)
    tables = {"PHT": len({(it.activity.rpartition(".")[0], it.sender.unit) for it in made.contributions})}
    tables |= {"FMT": len(made.contributions), "TKT": 1}
    soak = Soak(tmp_path_factory.mktemp("yil") / "2031", made.totals(), tables)
    soak.inputs.mkdir(parents=True)
    forms = generate.write_forms(made, soak.inputs)[1:]
    random = Random(8)
    for path in forms:
        way = random.randrange(4)
        new = {1: path.with_suffix(".bak"), 2: path.with_suffix(""), 3: path.with_suffix(".zip")}.get(way, path)
        if way == 3:
            with zipfile.ZipFile(new, "w") as packed:
                packed.write(path, f"Birim formu/{path.name}")
            path.unlink()
        else:
            path.rename(new)
        soak.good.add(new.name)
        if way == 0:
            form = new
    data = form.read_bytes()
    ways = [
        *(("growing", name) for name in GROWING), *(("part", name) for name in PARTS),
        *(("cut", name) for name in range(1, 9)), *(("other", name) for name in OTHERS),
        *(("named", name) for name in NAMED), *(("letter", name) for name in TAKEN_FROM),
    ]  # fmt: skip
    random.shuffle(ways)
    for number, (kind, name) in enumerate(islice(cycle(ways), FILES - FILES // 2)):
        path = soak.inputs / f"{number:03}.xlsx"
        if kind == "part":
            part, content, _ = PARTS[name]
            package(path, form, **{part: content()})
        elif kind == "growing":
            first = '<row r="1"><c r="A1" t="inlineStr"><is><t>xxxxxxxx</t></is></c></row>' if name == "text" else ""
            package(path, form, sheet2=SHEET + first + GROWING[name] + "</sheetData></worksheet>")
        elif kind == "cut":
            path.write_bytes(data[: len(data) * name // 9])
        elif kind == "other":
            path = soak.inputs / f"{number:03}_{name}"
            path.write_bytes(OTHERS[name])
        else:
            path = soak.inputs / f"{number:03}.eml"
            path.write_bytes((NAMED if kind == "named" else TAKEN_FROM)[name](data))
        (soak.letters if kind == "letter" else soak.bad).add(path.name)
    return soak


# The kernel counts the memory of the process that starts a command in, and the tests' own may be larger.
_MEASURED = """
import resource, subprocess, sys
code = subprocess.call(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
sys.exit(code)
"""


def answer(soak: Soak, *arguments: object) -> dict[str, Any]:
    """The JSON that a command answers, within the time and memory that it may take."""
    command = [
        sys.executable,
        "-c",
        _MEASURED,
        sys.executable,
        "-m",
        "kars_xl",
        *map(str, arguments),
        "--format",
        "json",
    ]
    run = subprocess.run(command, capture_output=True, text=True, timeout=soak.seconds, cwd=REPOSITORY, check=False)
    assert run.returncode in (0, 1), run.stderr[-2000:]
    assert int(run.stderr.splitlines()[-1]) * 1024 <= MEMORY
    found: dict[str, Any] = json.loads(run.stdout)
    return found


def told(found: dict[str, Any], soak: Soak) -> dict[str, int]:
    """How many errors and warnings each bad file has."""
    counts = dict.fromkeys(soak.bad, 0)
    for item in found["findings"]:
        for name in Path(item["file"] or "").parts:
            if name in counts and item["severity"] != "advice":
                counts[name] += 1
    return counts


def refused(found: dict[str, Any], soak: Soak) -> dict[str, int]:
    """How much of each bad file or letter was refused, or named, by `collect`."""
    counts = told(found, soak)
    for message in found["messages"]:
        for attachment in message["attachments"]:
            name = Path(message["source"]).name
            if name in counts and attachment["result"] == "refused":
                counts[name] += 1
    return counts


def test_check(soak: Soak) -> None:
    found = answer(soak, "check", soak.inputs)
    assert found["tables"] == soak.tables
    assert {name: count for name, count in told(found, soak).items() if count != 1} == {}


def test_merge(soak: Soak, tmp_path: Path) -> None:
    found = answer(soak, "merge", soak.inputs, "--draft", "-o", tmp_path / "program.xlsx")
    assert found["totals"] == soak.totals
    assert {name: count for name, count in told(found, soak).items() if count != 1} == {}


def test_status(soak: Soak) -> None:
    found = answer(soak, "status", soak.year)
    files = [Path(file["file"]) for unit in found["units"] for file in unit["files"]]
    # The finance office's own form is no unit's.
    units = {name for name in soak.good if not name.startswith("tablo_11")}
    assert {file.relative_to(soak.inputs).parts[0] for file in files} == units
    assert {name: count for name, count in told(found, soak).items() if count != 1} == {}


def test_collect(soak: Soak, tmp_path: Path) -> None:
    found = answer(soak, "collect", soak.inputs, "-o", tmp_path / "yeni", "--plan", soak.inputs / "plan.xlsx")
    assert found["counts"]["taken"] == len(soak.good)
    assert found["counts"]["same"] >= len(soak.letters)
    assert [name for name, count in refused(found, soak).items() if not count] == []
