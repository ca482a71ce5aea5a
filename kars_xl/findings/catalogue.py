"""The catalogue of findings as catalogue.toml holds it, and findings made from it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from typing import Any

from kars_xl.base.money import format_tl, to_tl
from kars_xl.base.place import Place
from kars_xl.findings.finding import Finding

ERROR = "error"
WARNING = "warning"
ADVICE = "advice"


@dataclass(frozen=True, slots=True)
class Entry:
    """A kind of finding. `sentence` and `remedy` are templates over the finding's facts.

    `others` are remedies for causes that are mended in another way, by name.
    """

    severity: str
    sentence: str
    remedy: str
    others: Mapping[str, str] = field(default_factory=dict)


def _read() -> dict[str, Entry]:
    text = (resources.files("kars_xl.findings") / "catalogue.toml").read_text(encoding="utf-8")
    return {code: Entry(**facts) for code, facts in tomllib.loads(text).items()}


CATALOGUE = _read()


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
    entry = CATALOGUE[code]
    facts = {"key": key, **facts}
    return Finding(
        code=code,
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
