"""The rules that forms are held against once they are one programme, each a pure function that returns findings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kars_xl.checking.general_tables import check_general_tables
from kars_xl.checking.plan import check_against_plan
from kars_xl.checking.quality import advise
from kars_xl.checking.rows import check_codes, check_reserve, check_target_totals, check_units
from kars_xl.findings.finding import Finding, Merged
from kars_xl.model.programme import Programme
from kars_xl.reading.tables import Document


def run_checks(
    documents: Sequence[Document], merged: Merged, plan: Programme | None = None, plan_file: str = ""
) -> list[Finding]:
    """All findings about `merged` beyond those that consolidation met, which stand in `merged.findings`."""
    used = [document for document in documents if document.file not in merged.replaced]
    found = check_against_plan(merged, plan, plan_file) if plan else []
    found += check_general_tables(used, merged, plan, plan_file)
    found += check_units(used)
    found += check_codes(used, plan)
    found += check_target_totals(used)
    found += check_reserve(used)
    return found + advise(used, replace(merged, findings=(*merged.findings, *found)))
