"""Where things lie: the repository, the real forms of 2024, and the programme as it was published."""

from __future__ import annotations

from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent.parent
INPUTS = REPOSITORY / "inputs"
PUBLISHED = REPOSITORY / "tests" / "data" / "kars_2024.txt"
