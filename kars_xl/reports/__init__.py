"""What starts from a finished programme: audit, diff, trace, export, marked copies and pages. In: programmes,
documents, a merged workbook. Out: an answer as value, shown as text, JSON, page or workbook. `audit/`, `diff/` (and
what a form sent again changed), `trace/`, `export/` are the jobs, `annotate/` marks copies of forms, `answer` is what
the jobs of `pipeline` found and wrote."""

from collections.abc import Iterable
from pathlib import Path

from kars_xl.base.place import Place
from kars_xl.findings.finding import Finding, finding


def refused_source(output: str, sources: Iterable[str], reason: str) -> list[Finding]:
    """KX006 where a report would be written over what it is about."""
    over = Path(output).resolve() in {Path(source).resolve() for source in sources}
    return [finding("KX006", Place(output), remedy="elsewhere", reason=reason)] if over else []
