"""The findings of a report, each with its number, and which of them an explanation accounts for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from kars_xl.findings.finding import Finding
from kars_xl.findings.severity import in_order
from kars_xl.reports.audit.causes import Explanation

_AMOUNT = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Numbered:
    """A finding with its number in the report, from 1."""

    number: int
    found: Finding


def numbered(findings: Sequence[Finding]) -> list[Numbered]:
    """All findings, by severity and code."""
    return [Numbered(number, found) for number, found in enumerate(in_order(findings), start=1)]


def amounts(found: Finding) -> dict[str, Decimal]:
    """Those of a finding's values that are figures."""
    return {name: Decimal(value) for name, value in found.values if _AMOUNT.fullmatch(value)}


def covered(item: Explanation, findings: Sequence[Numbered]) -> list[Numbered]:
    """The findings that an explanation accounts for, with their numbers."""
    own = {id(found) for found in item.covers}
    return [given for given in findings if id(given.found) in own]
