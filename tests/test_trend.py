"""What kars-xl does is counted, not timed: a count that grows by half, or faster than the programme, shows here."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.helpers.repository import REPOSITORY

BENCHMARKS = REPOSITORY / "benchmarks"
BASELINE: dict[str, dict[str, int]] = json.loads((BENCHMARKS / "trend.json").read_text(encoding="utf-8"))
# Versions of Python and of libraries count differently, by a few in a hundred.
MOST = 1.5
# Twice as many forms more may take little more than twice as much more. What goes with the square takes four times as
# much, and where that is a seventh of all that a programme of 32 forms takes, this is reached.
GROWTH = 2.2
REMEDY = "if this is meant: python benchmarks/trend.py --write"


@pytest.fixture(scope="module")
def counts() -> dict[str, dict[str, int]]:
    """The counts of this version, from a process of its own: nothing is imported there, and nothing else traces it."""
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    command = [sys.executable, str(BENCHMARKS / "trend.py")]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=environment)
    assert done.returncode == 0, done.stderr
    found: dict[str, dict[str, int]] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize(("job", "what"), [(job, what) for job, own in BASELINE.items() for what in own])
def test_a_job_takes_what_it_took(counts: dict[str, dict[str, int]], job: str, what: str) -> None:
    ratio = counts[job][what] / BASELINE[job][what]
    assert ratio <= MOST, REMEDY
    # Against a baseline that has been left far behind, a doubling would pass.
    assert ratio >= 1 / MOST, REMEDY


def test_the_baseline_has_all_jobs(counts: dict[str, dict[str, int]]) -> None:
    assert {job: set(own) for job, own in counts.items()} == {job: set(own) for job, own in BASELINE.items()}


@pytest.mark.parametrize("what", ["calls", "lines"])
@pytest.mark.parametrize("job", ["check", "merge"])
def test_twice_the_forms_take_twice_as_much(counts: dict[str, dict[str, int]], job: str, what: str) -> None:
    """What does not depend on the number of forms falls out of the differences."""
    small, middle, large = (counts[f"{job} of {size} forms"][what] for size in (8, 16, 32))
    assert 1.8 < (large - middle) / (middle - small) < GROWTH
