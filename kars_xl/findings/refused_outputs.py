"""Where a command may write: a workbook under a name that Excel opens, blank forms never among those that came back."""

from __future__ import annotations

from pathlib import Path

from kars_xl.base.place import Place
from kars_xl.findings.catalogue import finding
from kars_xl.findings.finding import Finding


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
