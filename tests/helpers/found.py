"""Findings as a test compares them."""

from __future__ import annotations

from collections.abc import Iterable

from kars_xl.findings.finding import Finding


def codes(found: Iterable[Finding]) -> list[str]:
    return [item.code for item in found]


def keys(found: Iterable[Finding], code: str) -> list[str]:
    """The keys of a code's findings."""
    return [item.key for item in found if item.code == code]


def only(found: Iterable[Finding], code: str) -> Finding:
    """The only finding of a code."""
    (item,) = [item for item in found if item.code == code]
    return item


def told(found: Iterable[Finding]) -> list[tuple[str, str, str]]:
    """Code, severity and cell of each finding."""
    return [(item.code, item.severity, item.place.cell) for item in found]
