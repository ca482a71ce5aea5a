"""How much the tests notice: faults are put into the code one by one, and the tests of that code run against each.

    python tools/mutants.py                         all modules named under [tool.mutmut] in pyproject.toml
    python tools/mutants.py money merging/tables    these only

Needs `pip install -e ".[test,mutants]"`. Prints the scores by module, and the faults that no test noticed; how to look
at one stands in docs/mutants.md. Exit code 1 where a module has less than 85%.
"""

import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
WORK = REPOSITORY / "mutants"
LEAST = 85
# mutmut's exit codes. A test that fails has noticed; so has one that would run for ever (the CPU limit's signal). What
# mutmut calls a time limit, too, 255, is none: no test was run, as where the name of one has letters pytest escapes.
KILLED, TIMEOUT = {1, 3}, {24, -24, 36, 152}


def main() -> int:
    chosen = modules(sys.argv[1:])
    # mutmut keeps its verdicts although the tests have changed since.
    shutil.rmtree(WORK, ignore_errors=True)
    command = str(Path(sys.executable).with_name("mutmut"))
    names = [f"{module.with_suffix('').as_posix().replace('/', '.')}.*" for module in chosen]
    # No plugins: the run of a test is shorter than the search for them. No cache: it must not hide a fault.
    quiet = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    # Its progress is one long line, for a terminal only.
    shown = None if sys.stdout.isatty() else subprocess.DEVNULL
    run = [command, "run", "--max-children", "1", *names]
    subprocess.run(run, cwd=REPOSITORY, env=quiet, stdout=shown, check=True)
    return print_scores({module: verdicts_of(module) for module in chosen})


def modules(wanted: list[str]) -> list[Path]:
    """The modules to put faults into, by the ends of their names without ".py"; all where none is named."""
    settings = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))
    known = [Path(path) for path in settings["tool"]["mutmut"]["only_mutate"]]
    named = {name: [path for path in known if f"/{path.with_suffix('')}".endswith(f"/{name}")] for name in wanted}
    if unknown := [name for name, paths in named.items() if not paths]:
        sys.exit(f"not under [tool.mutmut] only_mutate: {', '.join(unknown)}")
    return [path for path in known if not wanted or any(path in paths for paths in named.values())]


def verdicts_of(module: Path) -> dict[str, str]:
    """killed, timeout or survived by the fault's name; what no test runs at all has survived, too."""
    data = json.loads((WORK / f"{module}.meta").read_text("utf-8"))
    codes = data["exit_code_by_key"].items()
    return {name: "killed" if code in KILLED else "timeout" if code in TIMEOUT else "survived" for name, code in codes}


def print_scores(verdicts: dict[Path, dict[str, str]]) -> int:
    """The faults that survived, then a line for each module and one for all; 1 where one is below the least score."""
    print(*(name for found in verdicts.values() for name, verdict in found.items() if verdict == "survived"), sep="\n")
    print(f"\n{'module':34}{'faults':>8}{'killed':>8}{'timeout':>9}{'survived':>10}{'score':>8}")
    counts = {str(module): Counter(found.values()) for module, found in verdicts.items()}
    low = [print_line(name, count) < LEAST for name, count in counts.items()]
    print_line("all", sum(counts.values(), Counter()))
    return int(any(low))


def print_line(name: str, count: Counter[str]) -> float:
    total = count.total()
    score = 100 * (total - count["survived"]) / total if total else 100.0
    print(f"{name:34}{total:8}{count['killed']:8}{count['timeout']:9}{count['survived']:10}{score:7.1f}%")
    return score


if __name__ == "__main__":
    sys.exit(main())
