"""What tests of the trace share."""

from __future__ import annotations

from pathlib import Path

import pytest

from kars_xl.reports.trace import Workbook


@pytest.fixture(scope="session")
def book(merged: Path) -> Workbook:
    """The official workbook of 2024, opened for the trace."""
    return Workbook(str(merged))
