"""What tests of the trace share."""

from __future__ import annotations

from pathlib import Path

import pytest

from kars_xl.reports.trace import open_tree
from kars_xl.reports.trace.tree import Tree


@pytest.fixture(scope="session")
def book(merged: Path) -> Tree:
    """The official workbook of 2024, opened for the trace."""
    return open_tree(str(merged))
