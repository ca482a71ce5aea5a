"""Fixtures of the template engine's tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from kars_xl.template.nodes import Node
from tests.helpers.template_bench import Bench, grow


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


@pytest.fixture
def three() -> Node:
    """Three targets with two, one and no activities."""
    return grow({"1": {"F.1.1": 10.0, "F.1.2": 20.0}, "2": {"F.2.1": 40.0}, "3": {}})
