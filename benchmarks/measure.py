"""Runs commands as processes of their own, one after the other and in turn, and says what each took."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Command:
    """What is run: arguments, additional environment, the exit code that is right, what comes before each run."""

    arguments: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    code: int = 0
    before: Callable[[int], None] = lambda _: None


@dataclass(frozen=True, slots=True)
class Took:
    """What one run took: seconds of wall time, seconds of user and system time, peak memory in bytes.

    `memory` is that of the largest process, as the kernel and `time -v` tell it.
    """

    wall: float
    cpu: float
    memory: float


class Failed(Exception):
    """A command did not end as it should have; args: the command and what it said."""


def run(command: Command, environment: Mapping[str, str], output: Path) -> Took:
    """Runs to the end; what the command says goes into a file."""
    whole = {**environment, **command.environment}
    start = time.perf_counter()
    with output.open("wb") as stream, subprocess.Popen(
        command.arguments, stdout=stream, stderr=stream, env=whole
    ) as process:  # fmt: skip
        # The kernel counts the memory of the process that starts the command in, so this one must stay small.
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != command.code:
        raise Failed(" ".join(command.arguments), output.read_text(encoding="utf-8", errors="replace")[-2000:])
    unit = 1 if sys.platform == "darwin" else 1024
    return Took(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit)


def in_turn(
    commands: Mapping[str, Command], environment: Mapping[str, str], runs: int, output: Path
) -> dict[str, list[Took]]:
    """Every command `runs` times: A B A B, so that what slows the machine down for a while slows them all.

    Before it each runs once unmeasured: compiled code is then in place and the files are in memory.
    """
    found: dict[str, list[Took]] = {name: [] for name in commands}
    for number in range(runs + 1):
        for name, command in commands.items():
            command.before(number)
            took = run(command, environment, output)
            if number:
                found[name].append(took)
    return found


def median(runs: Sequence[Took], what: str) -> float:
    return float(statistics.median(getattr(took, what) for took in runs))


def spread(ours: Sequence[Took], theirs: Sequence[Took], what: str) -> tuple[float, float]:
    """The smallest and the largest ratio of two runs that stood beside each other."""
    ratios = [getattr(a, what) / getattr(b, what) for a, b in zip(ours, theirs, strict=True)]
    return min(ratios), max(ratios)
