"""Findings made from the catalogue."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kars_xl.base.money import format_tl, to_tl
from kars_xl.base.place import Place
from kars_xl.findings.codes import CATALOGUE, Code
from kars_xl.findings.finding import Finding

ERROR = "error"
WARNING = "warning"
ADVICE = "advice"


def amounts(found: int, expected: int) -> dict[str, Any]:
    """Facts of a finding about an amount (kuruş): for its sentence in Turkish, for machines as decimals in TL."""
    return {
        "found": format_tl(found),
        "expected": format_tl(expected),
        "difference": format_tl(found - expected),
        "values": [("expected", str(to_tl(expected))), ("found", str(to_tl(found)))],
    }


def finding(
    code: str,
    place: Place,
    *,
    table: str = "",
    key: str = "",
    label: str = "",
    severity: str = "",
    remedy: str = "",
    values: Sequence[tuple[str, str]] = (),
    related: Sequence[Place] = (),
    **facts: str,
) -> Finding:
    """A finding of the catalogue; `facts` fill its sentence and remedy, `severity` overrides the entry's.

    `remedy` names one of the entry's others.
    """
    kind = Code(code)
    entry = CATALOGUE[kind]
    facts = {"key": key, **facts}
    return Finding(
        code=kind,
        severity=severity or entry.severity,
        place=place,
        message=entry.sentence.format(**facts).strip(),
        fix=(entry.others[remedy] if remedy else entry.remedy).format(**facts).strip(),
        table=table,
        key=key,
        label=label,
        values=tuple(values),
        related=tuple(related),
    )
