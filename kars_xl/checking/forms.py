"""Forms are judged together: merged, and the result held against every rule."""

from __future__ import annotations

from dataclasses import replace

from kars_xl.checking import run_checks
from kars_xl.findings.finding import Finding
from kars_xl.findings.merged import Merged
from kars_xl.merging.consolidate import consolidate
from kars_xl.reading.files import Reading


def judge_forms(reading: Reading, *, latest: bool = False) -> tuple[Merged | None, tuple[Finding, ...]]:
    """The programme that the forms make together, None where there is no form, and all findings about them."""
    if not reading.documents:
        return None, tuple(reading.findings)
    plan = reading.plan.programme if reading.plan else None
    merged = consolidate(reading.documents, plan, latest=latest)
    met = (*(found for found in reading.findings if found.place.file not in merged.replaced), *merged.findings)
    found = run_checks(reading.documents, replace(merged, findings=met), plan, reading.plan_file)
    return merged, (*met, *found)
