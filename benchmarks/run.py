"""Measures kars-xl against what it must bear comparison with, and prints a table of ratios.

    python benchmarks/run.py [--runs 7] [--only merge,start,check,after,scale] [--keep DIR] [--verbose]

Needs `pip install -e .[bench]`, from the top of a checkout; Linux or macOS. Ends with 1 if a target is missed. What is
measured, and how, stands in benchmarks/README.md.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from measure import Command, Failed, Took, in_turn, median, spread

HERE = Path(__file__).resolve().parent
INPUTS = HERE.parent / "inputs"
FORM = "fen_isleri_mudurlugu.xlsx"
TRACED = "İdare Performans Tablosu!H98"  # the grand total
PYTHON = sys.executable
KARS = (PYTHON, "-m", "kars_xl")
SIZES = (25, 100, 1000)
MEMORY_OF_1000 = 600 * 2**20
# The first merge ever: in a new checkout, whose libraries pip has compiled; and where even Python itself is not.
FIRST = {"first": "own code not compiled", "bare": "nothing compiled, Python's own code neither"}
GROUPS = ("merge", "start", "check", "after", "scale")


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table. `target` None: told for comparison only."""

    name: str
    ratio: float
    target: float | None
    low_high: tuple[float, float] | None = None

    @property
    def missed(self) -> bool:
        return self.target is not None and self.ratio > self.target


def forget(compiled: Path, _: int) -> None:
    """Takes compiled code away before a run."""
    shutil.rmtree(compiled, ignore_errors=True)


@dataclass(slots=True)
class Bench:
    """One run of everything: its folder, how often, where generated forms are, and what came out."""

    folder: Path
    runs: int
    forms: Path
    verbose: bool
    rows: list[Row] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        """Compiled code in a folder of this run's own."""
        own = {
            "PYTHONPYCACHEPREFIX": str(self.folder / "compiled"),
            "PYTHONHASHSEED": "0",
            "PYTHONPATH": str(HERE.parent),
        }
        return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | own

    def merge(self) -> None:
        """The merge of inputs/ against a plain script and against the floor; and the first one ever."""
        spec = self.folder / "spec"
        outputs = {name: str(self.folder / f"{name}.xlsx") for name in ("merge", *FIRST, "peer", "named", "floor")}
        merge = [*KARS, "merge", str(INPUTS), "-o"]
        self.say(*merge, outputs["merge"])
        self.say(PYTHON, str(HERE / "spec.py"), outputs["merge"], str(spec))
        modules = self.modules("third-party", ["merge", str(INPUTS), "-o", outputs["merge"]])
        script = [PYTHON, str(HERE / "peer.py"), str(INPUTS), str(spec)]
        floor = [PYTHON, str(HERE / "floor.py"), str(INPUTS), str(spec), outputs["floor"], str(modules)]
        compiled = {name: self.folder / f"compiled for {name}" for name in FIRST}
        own = compiled["first"] / HERE.parent.relative_to("/") / "kars_xl"
        commands = {
            "merge": Command([*merge, outputs["merge"]]),
            **{
                name: Command(
                    [*merge, outputs[name]],
                    {"PYTHONPYCACHEPREFIX": str(compiled[name])},
                    before=partial(forget, gone),
                )
                for name, gone in zip(FIRST, (own, compiled["bare"]), strict=True)
            },
            "peer": Command([*script, outputs["peer"]]),
            "named": Command([*script, outputs["named"], "--named"]),
            "floor": Command(floor),
        }
        found = self.measure(commands)
        self.same(outputs)
        for what, to_peer, to_floor in (("wall", 0.45, None), ("cpu", 0.45, None), ("memory", None, 1.5)):
            for theirs, name, target in (
                ("peer", "peer", to_peer),
                ("named", "peer with named styles", None),
                ("floor", "floor", to_floor),
            ):
                self.row(f"merge / {name}, {what}", found["merge"], found[theirs], what, target)
        for what in ("wall", "cpu"):
            for name, target in zip(FIRST, (None, 0.6), strict=True):
                self.row(f"first merge ever, {FIRST[name]} / peer, {what}", found[name], found["peer"], what, target)

    def same(self, outputs: Mapping[str, str]) -> None:
        """All have written the same number of everything; a comparison of different works says nothing."""
        code = f"import sys; sys.path.insert(0, {str(HERE)!r}); import json, spec; "
        code += "print(json.dumps([spec.counts(path) for path in sys.argv[1:]]))"
        counts = json.loads(self.say(PYTHON, "-c", code, *outputs.values()))
        for name, own in zip(outputs, counts, strict=True):
            if own != counts[0]:
                raise Failed(f"{name} wrote {own}", f"the merge wrote {counts[0]}")
        print("Each wrote " + ", ".join(f"{number} {what}" for what, number in counts[0].items()), file=sys.stderr)

    def start(self) -> None:
        """--help and --version against importing click."""
        commands = {name: Command([*KARS, name]) for name in ("--help", "--version")}
        commands["click"] = Command([PYTHON, "-c", "import click"])
        found = self.measure(commands, 2 * self.runs)
        for name in ("--help", "--version"):
            self.row(f"kars-xl {name} / import click, wall", found[name], found["click"], "wall", 2.0)

    def check(self) -> None:
        """`check` of one form against starting Python and importing the modules that it has imported at its end."""
        check = ["check", str(INPUTS / FORM)]
        names = self.modules("all", check).read_text(encoding="utf-8").split()
        imports = self.folder / "imports.py"
        imports.write_text("".join(f"import {name}\n" for name in names), encoding="utf-8")
        commands = {
            # It misses the finance office's form, and says so.
            "check": Command([*KARS, *check]),
            "its imports": Command([PYTHON, str(imports)]),
        }
        found = self.measure(commands, 2 * self.runs)
        self.row("check of one form / its imports, wall", found["check"], found["its imports"], "wall", 2.0)

    def after(self) -> None:
        """What is asked of a merged workbook, against the merge."""
        book, tables = str(self.folder / "merged.xlsx"), str(self.folder / "tables")
        merge = [*KARS, "merge", str(INPUTS), "-o", book]
        self.say(*merge)
        asked = {
            "audit": ["audit", book],
            "trace": ["trace", book, TRACED],
            "export": ["export", book, "--to", "csv", "-o", tables],
        }
        commands = {name: Command([*KARS, *arguments]) for name, arguments in asked.items()}
        found = self.measure({"merge": Command(merge), **commands})
        for name in commands:
            self.row(f"{name} of the merged workbook / merge, cpu", found[name], found["merge"], "cpu", 2.0)

    def scale(self) -> None:
        """25, 100 and 1.000 forms: time per form, peak memory, and whether the totals are right."""
        commands = {}
        for size in SIZES:
            forms, made = self.forms / f"forms-{size}", self.forms / f"forms-{size}.json"
            if not made.exists():
                made.write_text(self.say(PYTHON, str(HERE / "generate.py"), "--forms", str(size), "-o", str(forms)))
            merge = [*KARS, "merge", str(forms), "-o", str(self.folder / f"{size}.xlsx")]
            answer, totals = json.loads(self.say(*merge, "--format", "json")), json.loads(made.read_text())
            if answer["totals"] != totals or any(answer["summary"].values()):
                raise Failed(f"merge of {size} forms", f"{answer['summary']} {answer['totals']}, not {totals}")
            commands[f"check {size}"] = Command([*KARS, "check", str(forms)])
            commands[f"merge {size}"] = Command(merge)
        print("The totals of all sizes are those of the generator.", file=sys.stderr)
        found = self.measure(commands, max(1, self.runs // 3))
        for name in ("check", "merge"):
            for what in ("wall", "cpu"):
                for size, base in ((100, 25), (1000, 100)):
                    ratio = median(found[f"{name} {size}"], what) / median(found[f"{name} {base}"], what) * base / size
                    target = 1.1 if (what, size) == ("wall", 1000) else None
                    self.rows.append(Row(f"{name}, {what} per form: {size} / {base} forms", ratio, target))
            peak = max(took.memory for took in found[f"{name} 1000"])
            self.rows.append(Row(f"{name} of 1000 forms, memory / 600 MB", peak / MEMORY_OF_1000, 1.0))

    def modules(self, which: str, arguments: Sequence[str]) -> Path:
        """A file with the names of the modules that a command has imported at its end, one a line."""
        with tempfile.NamedTemporaryFile("w", dir=self.folder, suffix=".txt", delete=False) as stream:
            stream.write(self.say(PYTHON, str(HERE / "modules.py"), which, *arguments))
        return Path(stream.name)

    def say(self, *arguments: str) -> str:
        """What a command prints on standard output; its end must be good."""
        done = subprocess.run(arguments, env=self.environment, capture_output=True, text=True, encoding="utf-8")
        if done.returncode:
            raise Failed(" ".join(arguments), (done.stdout + done.stderr)[-2000:])
        return done.stdout

    def measure(self, commands: Mapping[str, Command], runs: int = 0) -> dict[str, list[Took]]:
        found = in_turn(commands, self.environment, runs or self.runs, self.folder / "answer.txt")
        for name, took in found.items() if self.verbose else ():
            wall, cpu, memory = (median(took, what) for what in ("wall", "cpu", "memory"))
            print(f"  {name}: {wall:.3f} s, CPU {cpu:.3f} s, {memory / 2**20:.0f} MB", file=sys.stderr)
        return found

    def row(self, name: str, ours: Sequence[Took], theirs: Sequence[Took], what: str, target: float | None) -> None:
        ratio = median(ours, what) / median(theirs, what)
        self.rows.append(Row(name, ratio, target, spread(ours, theirs, what)))


def table(rows: Sequence[Row]) -> str:
    width = max(len(row.name) for row in rows)
    lines = [f"{'ratio of medians':{width}}   ratio   runs between   target"]
    for row in rows:
        between = "–".join(f"{value:.2f}" for value in row.low_high) if row.low_high else ""
        target = f"≤ {row.target:.2f} {'MISSED' if row.missed else 'met'}" if row.target else ""
        lines.append(f"{row.name:{width}}   {row.ratio:5.2f}   {between:>12}   {target}".rstrip())
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=7, help="runs of each command; of --help twice, of scale a third")
    parser.add_argument("--only", default=",".join(GROUPS), help="what to measure, with commas between")
    parser.add_argument("--keep", type=Path, help="folder to keep the generated forms in, for the next time")
    parser.add_argument("--verbose", action="store_true", help="each command's own medians, too")
    arguments = parser.parse_args()
    wanted = arguments.only.split(",")
    if unknown := set(wanted) - set(GROUPS):
        parser.error(f"--only: {', '.join(sorted(unknown))}?")
    with tempfile.TemporaryDirectory(prefix="kars-xl-bench-") as folder:
        forms = arguments.keep or Path(folder)
        forms.mkdir(parents=True, exist_ok=True)
        bench = Bench(Path(folder), arguments.runs, forms, arguments.verbose)
        try:
            for group in wanted:
                print(f"{group} …", file=sys.stderr)
                getattr(bench, group)()
        except Failed as error:
            print("\n".join(error.args), file=sys.stderr)
            return 1
    print(table(bench.rows))
    return int(any(row.missed for row in bench.rows))


if __name__ == "__main__":
    sys.exit(main())
