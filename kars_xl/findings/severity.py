"""Findings by kind: worst first, and within a kind those of one remedy together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from kars_xl.base.place import Place
from kars_xl.findings.catalogue import ADVICE, ERROR, WARNING, finding
from kars_xl.findings.finding import Finding

SEVERITIES = (ERROR, WARNING, ADVICE)
# What a severity is called above a finding, and in a count.
HEADINGS = {ERROR: "HATA", WARNING: "UYARI", ADVICE: "ÖNERİ"}
COUNTED = {ERROR: "Hata", WARNING: "Uyarı", ADVICE: "Öneri"}


def any_error(findings: Iterable[Finding]) -> bool:
    return any(found.is_error for found in findings)


def kinds(findings: Iterable[Finding]) -> Iterator[tuple[str, str, str, list[Finding]]]:
    """(severity, code, remedy, findings), by severity and code; findings keep their order within a kind."""
    groups: dict[tuple[int, str, str], list[Finding]] = {}
    for found in findings:
        groups.setdefault((SEVERITIES.index(found.severity), found.code, found.fix), []).append(found)
    for (severity, code, fix), group in sorted(groups.items(), key=lambda item: item[0][:2]):
        yield SEVERITIES[severity], code, fix, group


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """All findings in the order of their kinds."""
    return [found for *_, group in kinds(findings) for found in group]


def refused_workbook(output: str) -> list[Finding]:
    """KX006 where the name does not end as a workbook's must: an .xlsx named .pdf is opened by nothing."""
    if Path(output).suffix.lower() == ".xlsx":
        return []
    return [finding("KX006", Place(output), remedy="name", reason="çalışma kitabının adı .xlsx ile bitmeli")]


def refused_forms(folder: str) -> list[Finding]:
    """KX006 where the forms would lie in the `inputs` of a working folder, and be read as if units had sent them."""
    here = Path(folder).resolve()
    if any(path.name == "inputs" and (path / "plan.xlsx").is_file() for path in (here, *here.parents)):
        reason = "burada birimlerden gelen formlar durur, boş formlar gelmiş sayılır"
        return [finding("KX006", Place(folder), remedy="elsewhere", reason=reason)]
    return []
