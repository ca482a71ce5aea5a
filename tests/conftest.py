"""The real jobs, done once for all tests: the 2024 forms of Kars merged, the published programme audited."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import coverage
import pytest

from kars_xl.pipeline import merge
from kars_xl.reading.grid import Grid, limits, open_grid
from kars_xl.reading.recognise import recognise
from kars_xl.reading.tables import Document
from kars_xl.reports.audit import Audit
from tests.helpers.audit_reports import Report, audit_of_2024, made_report
from tests.helpers.form_files import finance, form
from tests.helpers.repository import INPUTS, PUBLISHED
from tests.helpers.traced_workbooks import folder_in, merged_of

if TYPE_CHECKING:
    from tests.helpers.mail_server import Certificates


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--invariant", type=int, default=400, help="how many spoiled forms test_no_wrong_figure.py reads")


@pytest.fixture(scope="session", autouse=True)
def _time_to_count() -> None:
    """Python takes three times as long where coverage looks on, and a file's time is not for that."""
    if coverage.Coverage.current() is not None:
        limits.SECONDS *= 4


@pytest.fixture(scope="session")
def inputs() -> Path:
    """The folder of the real forms, with the plan and the finance office's form."""
    return INPUTS


@pytest.fixture(scope="session")
def merged(inputs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The official workbook of 2024, merged from `inputs`. Read it, copy it, never change it."""
    path = tmp_path_factory.mktemp("merged") / "performans_programi_2024.xlsx"
    outcome = merge([str(inputs)], str(path))
    assert outcome.written == (str(path),), [found.message for found in outcome.findings]
    return path


@pytest.fixture(scope="session")
def grid(merged: Path) -> Grid:
    """The cells of the official workbook of 2024. Read them, copy them, never change them."""
    return open_grid(str(merged))


@pytest.fixture(scope="session")
def document(grid: Grid) -> Document:
    """The tables of the official workbook of 2024. Read them, never change them."""
    return recognise(grid)


@pytest.fixture(scope="session")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The audit of the published programme as page and JSON. Read them, never change them."""
    return made_report(tmp_path_factory.mktemp("rapor"))


@pytest.fixture(scope="session")
def published_document() -> Document:
    """The tables of the published programme. Read them, never change them."""
    return recognise(open_grid(str(PUBLISHED)))


@pytest.fixture(scope="session")
def published() -> Audit:
    """The audit of the published programme."""
    return audit_of_2024()


@pytest.fixture
def gelen(tmp_path: Path) -> Path:
    """A folder with a small form and the finance office's."""
    folder = folder_in(tmp_path)
    form(folder)
    finance(folder)
    return folder


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A programme of one form and the finance office's, merged in a folder of its own."""
    return merged_of(tmp_path, form(folder_in(tmp_path)))


@pytest.fixture
def mail(tmp_path: Path) -> Path:
    """An empty folder for letters."""
    folder = tmp_path / "posta"
    folder.mkdir()
    return folder


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Where a working folder's log of sent letters would be."""
    return tmp_path / "mail" / "gonderim.jsonl"


@pytest.fixture(scope="session")
def trusted(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """Certificates that a mail server of the tests shows, and whose issuer its clients know."""
    from tests.helpers.mail_server import certificates

    return certificates(tmp_path_factory.mktemp("sertifika"))
