"""The official workbook of 2024, cell by cell, against the dump that was reviewed."""

from __future__ import annotations

import difflib
import runpy
from pathlib import Path

import pytest

from tests.helpers.repository import REPOSITORY

TOOL = REPOSITORY / "tools" / "make_golden.py"
SHOWN = 60


def test_the_workbook_is_the_reviewed_one(merged: Path) -> None:
    made = runpy.run_path(str(TOOL))
    reviewed = made["TARGET"].read_text(encoding="utf-8")
    now = made["dump"](merged)
    if now != reviewed:
        changed = list(difflib.unified_diff(_placed(reviewed), _placed(now), "reviewed", "now", n=0, lineterm=""))
        told = [line for line in changed if not line.startswith("@@")]
        more = f"\n… {len(told) - SHOWN} lines more" if len(told) > SHOWN else ""
        pytest.fail("\n".join(told[:SHOWN]) + more + "\nMeant? Then: python tools/make_golden.py", pytrace=False)


def _placed(dump: str) -> list[str]:
    """Each line with its sheet, so that a difference names its place."""
    sheet, lines = "", []
    for line in dump.splitlines():
        if line.startswith("["):
            sheet = line
        lines.append(f"{sheet} {line}")
    return lines
