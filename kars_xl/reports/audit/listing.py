"""The findings of a report, each with its number, and which of them an explanation accounts for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from kars_xl.findings.finding import Finding
from kars_xl.findings.severity import in_order
from kars_xl.reports.audit.causes import Explanation
from kars_xl.reports.page.findings import Row

NO_TABLE = "-"
_AMOUNT = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)


def numbered(findings: Sequence[Finding]) -> list[Row]:
    """All findings, by severity and code, with their numbers from 1; they are chosen by their table."""
    return [Row(found, number, found.table or NO_TABLE) for number, found in enumerate(in_order(findings), start=1)]


def amounts(found: Finding) -> dict[str, Decimal]:
    """Those of a finding's values that are figures."""
    return {name: Decimal(value) for name, value in found.values if _AMOUNT.fullmatch(value)}


def covered(item: Explanation, findings: Sequence[Row]) -> list[Row]:
    """The findings that an explanation accounts for, with their numbers."""
    own = {id(found) for found in item.covers}
    return [given for given in findings if id(given.found) in own]
