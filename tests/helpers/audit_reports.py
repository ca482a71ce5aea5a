"""What tests of the audit's report share: the report on the published programme of 2024, and its order."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kars_xl.reading.grid import open_grid
from kars_xl.reading.recognise import recognise
from kars_xl.reports.audit import Audit, audit_documents
from tests.helpers.cli_runs import run
from tests.helpers.repository import PUBLISHED

SEVERITIES = {"error": "HATA", "warning": "UYARI", "advice": "ÖNERİ"}
SIX = ("F.7.3.1", "F.7.3.2", "F.7.3.3", "F.8.2.1", "F.8.3.1", "F.8.3.3")
Report = tuple[Path, dict[str, Any]]  # page, JSON


def made_report(folder: Path) -> Report:
    """The published programme's page, and the same findings as JSON."""
    html = folder / "denetim.html"
    answer = json.loads(run("audit", PUBLISHED, "--html", html, "--format", "json").stdout)
    assert answer["written"] == [str(html)]
    return html, answer


def audit_of_2024() -> Audit:
    return audit_documents([recognise(open_grid(str(PUBLISHED)))])


def in_order(answer: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The findings as the report has them: by severity and code, those of one remedy together."""
    found = answer["findings"]
    remedies = {(item["code"], item["fix"]): at for at, item in reversed(list(enumerate(found)))}
    rank = list(SEVERITIES).index
    return sorted(found, key=lambda item: (rank(item["severity"]), item["code"], remedies[item["code"], item["fix"]]))
