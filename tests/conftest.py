"""The real jobs, done once for all tests: the 2024 forms of Kars merged, the published programme audited."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from audit_reports import Report, audit_of_2024, made_report

from kars_xl.audit import Audit
from kars_xl.pipeline import merge

REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def inputs() -> Path:
    """The folder of the real forms, with the plan and the finance office's form."""
    return REPOSITORY / "inputs"


@pytest.fixture(scope="session")
def merged(inputs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The official workbook of 2024, merged from `inputs`. Read it, copy it, never change it."""
    path = tmp_path_factory.mktemp("merged") / "performans_programi_2024.xlsx"
    outcome = merge([str(inputs)], str(path))
    assert outcome.written == (str(path),), [found.message for found in outcome.findings]
    return path


@pytest.fixture(scope="session")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The audit of the published programme as page, workbook and JSON. Read them, never change them."""
    return made_report(tmp_path_factory.mktemp("rapor"))


@pytest.fixture(scope="session")
def published() -> Audit:
    """The audit of the published programme."""
    return audit_of_2024()


def pytest_configure(config: pytest.Config) -> None:
    """What is kept from one run to the next lies in a folder of this test run, for all its processes."""
    if not hasattr(config, "workerinput"):
        kept = tempfile.TemporaryDirectory(prefix="kars-xl-kept-", ignore_cleanup_errors=True)
        os.environ["KARS_XL_CACHE"] = kept.name
        config.add_cleanup(kept.cleanup)
