"""Whatever ends a command, no file is left half-written or lost, and the same command given again finishes the job.

200 kills: by the system in the midst of a write, just before a change to the disk, and at any moment. The rest are
folders that turn read-only and disks that are full, at any point as well; those must be told as findings.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.repository import REPOSITORY

# Command → how many times it is killed.
KILLS = {
    "init": 25, "forms": 30, "check": 25, "collect": 35, "merge": 20, "audit": 15, "diff": 10, "mail_forms": 20,
    "mail_findings": 10, "status": 10,
}  # fmt: skip
SEED = "2024"

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a system that can fork")


def wrong(command: str, ways: str, folder: Path) -> list[str]:
    """What `killing.py` says; it is a process of its own because this one has threads and can't fork safely."""
    program = [sys.executable, "-m", "tests.helpers.killing", command, ways, SEED, str(folder)]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(program, capture_output=True, text=True, encoding="utf-8", env=environment)
    assert done.returncode == 0, done.stderr
    found: list[str] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("command", KILLS)
def test_a_command_that_is_stopped_leaves_all_whole_and_finishes_when_called_again(
    command: str, tmp_path: Path
) -> None:
    by_byte, by_moment = KILLS[command] * 2 // 5, KILLS[command] // 5
    by_event = KILLS[command] - by_byte - by_moment
    ways = f"event:{by_event},byte:{by_byte},moment:{by_moment},read_only:2,full:2"
    assert wrong(command, ways, tmp_path) == []


def test_there_are_two_hundred_kills() -> None:
    assert sum(KILLS.values()) == 200


@pytest.mark.parametrize("command", ["forms", "collect", "merge"])
def test_a_disk_without_room_is_told_and_costs_nothing(command: str, tmp_path: Path) -> None:
    found = wrong(command, "room:5", tmp_path)
    if found == ["cannot mount"]:
        pytest.skip("NOT TESTED: a full disk needs the right to mount one (root on Linux)")
    assert found == []
