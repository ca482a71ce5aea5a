"""Counts what kars-xl does, without a clock: the same on every machine, however busy it is.

    python benchmarks/trend.py            prints the counts as JSON
    python benchmarks/trend.py --write    makes them those that later ones are compared with (benchmarks/trend.json)

Of each job: `calls` of functions, of kars-xl and of libraries, in Python and from Python into C; `lines` of kars-xl
that are run, so that loops without a call count, too. Neither sees what goes on inside of a C library. Each job has run
before, in the small, so imports are not in these counts; they are told by `modules`, the number of them that a command
imports. The forms are new to each job; the template is known to all merges but one.

tests/test_trend.py fails where a count has grown by half, or grows faster than the programme does.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

import kars_xl

BASELINE = Path(__file__).with_name("trend.json")
SIZES = (8, 16, 32)  # forms: each as many again as there were, of the same proportions

Counts = dict[str, dict[str, int]]


def count(job: Callable[[], object]) -> dict[str, int]:
    """Calls, and lines of kars-xl, while `job` runs."""
    package = str(Path(kars_xl.__file__).parent)
    calls = lines = 0

    def on_call(_frame: FrameType, event: str, _argument: Any) -> None:
        nonlocal calls
        if event in ("call", "c_call"):
            calls += 1

    def on_line(_frame: FrameType, event: str, _argument: Any) -> Any:
        nonlocal lines
        if event == "line":
            lines += 1
        return on_line

    def on_frame(frame: FrameType, _event: str, _argument: Any) -> Any:
        return on_line if frame.f_code.co_filename.startswith(package) else None

    sys.setprofile(on_call)
    sys.settrace(on_frame)
    try:
        job()
    finally:
        sys.settrace(None)
        sys.setprofile(None)
    return {"calls": calls, "lines": lines}


def jobs(folder: Path) -> Counts:
    """The counts of `check` and `merge` by size."""
    from generate import make, write_forms

    from kars_xl import pipeline
    from kars_xl.reports.answer import Outcome

    def check(size: int) -> Outcome:
        return pipeline.check([str(folder / str(size))])

    def merge(size: int) -> Outcome:
        return pipeline.merge([str(folder / str(size))], str(folder / f"{size}.xlsx"))

    for size in (2, *SIZES):
        write_forms(make(size, seed=size), folder / str(size))
    for job in (check, merge):
        if findings := job(2).findings:
            raise SystemExit("\n".join(found.message for found in findings))
    form = min((folder / "8").glob("merkez_*.xlsx"))
    counts = {"check of one form": count(lambda: pipeline.check([str(form)]))}
    for size in SIZES:
        counts[f"check of {size} forms"] = count(lambda size=size: check(size))  # type: ignore[misc]
    for size in SIZES:
        counts[f"merge of {size} forms"] = count(lambda size=size: merge(size))  # type: ignore[misc]
    return counts


def modules(folder: Path) -> Counts:
    """How many modules each command has imported at its end, beyond those of Python's own start."""
    forms = folder / "2"
    form = min(forms.glob("merkez_*.xlsx"))
    commands: dict[str, Sequence[str]] = {
        "--help": ["--help"],
        "check of one form": ["check", str(form)],
        "merge": ["merge", str(forms), "-o", str(folder / "2.xlsx")],
    }
    script = str(Path(__file__).with_name("modules.py"))
    found = {}
    for name, arguments in commands.items():
        done = subprocess.run([sys.executable, script, "all", *arguments], capture_output=True, text=True, check=True)
        found[name] = {"modules": len(done.stdout.split())}
    return found


def measure() -> Counts:
    with tempfile.TemporaryDirectory(prefix="kars-xl-trend-") as folder:
        counts = jobs(Path(folder))
        for name, found in modules(Path(folder)).items():
            counts.setdefault(name, {}).update(found)
    return counts


def main() -> None:
    if os.environ.get("PYTHONHASHSEED") != "0":
        # Sets come in one order then.
        arguments = [sys.executable, __file__, *sys.argv[1:]]
        raise SystemExit(subprocess.run(arguments, env={**os.environ, "PYTHONHASHSEED": "0"}).returncode)
    text = json.dumps(measure(), indent=1) + "\n"
    if "--write" in sys.argv[1:]:
        BASELINE.write_text(text, encoding="utf-8", newline="\n")
    else:
        print(text, end="")


if __name__ == "__main__":
    main()
