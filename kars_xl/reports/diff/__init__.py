"""Compares two programmes, or two revisions of a form, whatever files they are in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from kars_xl.base.place import Place
from kars_xl.findings.catalogue import ADVICE, finding
from kars_xl.findings.finding import Finding
from kars_xl.findings.severity import any_error, refused_workbook
from kars_xl.reading.files import Progress
from kars_xl.reports.diff.changes import Comparison, Difference
from kars_xl.reports.diff.compare import compare
from kars_xl.reports.diff.edition import read_edition
from kars_xl.workbook.render import render, template_path

__all__ = ["Comparison", "Difference", "compare", "diff_sources", "read_edition"]

DIFF_TEMPLATE = "fark_raporu.xlsx"


def diff_sources(
    old: str, new: str, *, output: str | None = None, latest: bool = False, progress: Progress = lambda _: None
) -> Comparison:
    """What differs between two files or folders; with `output` also as a workbook there."""
    before, found = read_edition(old, latest=latest, progress=progress)
    after, more = read_edition(new, latest=latest, progress=progress)
    findings = tuple(item for item in _once((*found, *more)) if item.severity != ADVICE)
    if before is None or after is None:
        return Comparison(findings)
    progress("karşılaştırılıyor")
    done = Comparison(findings, compare(before, after))
    return done if output is None else _write(done, (old, new), output)


def _once(findings: Sequence[Finding]) -> list[Finding]:
    """A file that is compared with itself has its findings once."""
    return list(dict.fromkeys(findings))


def _write(done: Comparison, sources: Sequence[str], output: str) -> Comparison:
    """The workbook at `output`, never over one of the sources."""
    from kars_xl.reports.diff.tree import difference_tree

    assert done.difference is not None
    if any(Path(output).resolve() == Path(source).resolve() for source in sources):
        problem = finding(
            "KX006", Place(output), remedy="elsewhere", reason="karşılaştırılan dosyanın üzerine yazılamaz"
        )
        return replace(done, findings=(*done.findings, problem))
    problems = refused_workbook(output) or render(
        template_path(DIFF_TEMPLATE), difference_tree(done.difference), output
    )
    written = () if any_error(problems) else (output,)
    return replace(done, findings=(*done.findings, *problems), written=written)
