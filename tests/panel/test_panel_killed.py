"""Whatever ends a panel in the midst of a job: nothing is half-written, nothing lost, and the next one goes on.

50 kills at random moments, from the click to the end of the job.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.repository import REPOSITORY

KILLS = {"merge": 15, "collect": 35}
SEED = "2024"

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a system that can fork")


@pytest.mark.parametrize("job", KILLS)
def test_a_panel_that_is_killed_leaves_all_whole_and_the_next_one_finishes(job: str, tmp_path: Path) -> None:
    program = [sys.executable, "-m", "tests.helpers.panel_killing", job, str(KILLS[job]), SEED, str(tmp_path)]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(program, capture_output=True, text=True, encoding="utf-8", env=environment)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == []


def test_there_are_fifty_kills() -> None:
    assert sum(KILLS.values()) == 50
