"""The programme in other forms: the booklet as PDF, tidy tables as pandas frames and as files."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kars_xl.findings.finding import Finding

# What the tables can be written as: their files' suffixes.
FORMATS = ("csv", "json", "parquet")


@dataclass(frozen=True, slots=True)
class Export:
    """What was written, None where something kept it from being written; `rows` is each file of data with its count."""

    findings: "tuple[Finding, ...]"
    written: str | None = None
    rows: tuple[tuple[str, int], ...] = ()
