"""The jobs of kars-xl, each as one function that reads from top to bottom. Nothing here prints or exits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path

from kars_xl.adopt import adopt
from kars_xl.catalogue import finding
from kars_xl.consolidate import consolidate
from kars_xl.context import form_trees, programme_tree
from kars_xl.files import Progress, Reading, read_files
from kars_xl.model import Finding, Merged, Place, Programme
from kars_xl.plan_checks import check_against_plan
from kars_xl.template.nodes import Node
from kars_xl.text import fold

FORM_TEMPLATE = "birim_formu.xlsx"
FINANCE_TEMPLATE = "mali_form.xlsx"
PLAN_TEMPLATE = "plan.xlsx"
PROGRAMME_TEMPLATE = "performans_programi.xlsx"
FINANCE_FORM = "tablo_11_mali_hizmetler.xlsx"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a job found and wrote; `merged` is None where reading came to nothing."""

    findings: tuple[Finding, ...]
    merged: Merged | None = None
    written: tuple[str, ...] = ()

    @property
    def failed(self) -> bool:
        return any(found.is_error for found in self.findings)


def merge(
    paths: Sequence[str],
    output: str,
    *,
    plan: str | None = None,
    template: str | None = None,
    draft: bool = False,
    latest: bool = False,
    progress: Progress = lambda _: None,
) -> Outcome:
    """Forms → the official workbook at `output`. With an error nothing is written, unless it is a draft."""
    reading = read_files(paths, plan, progress)
    reading.documents = [found for found in reading.documents if not _same_file(found.file, output)]
    checked = check_forms(reading, latest=latest)
    if checked.merged is None or (checked.failed and not draft):
        return checked
    progress("çalışma kitabı kuruluyor")
    listed = checked.findings if draft else ()
    tree = programme_tree(checked.merged.programme, checked.merged.contributions, listed, draft=draft)
    programme = checked.merged.programme
    problems = _render(template or template_path(PROGRAMME_TEMPLATE), tree, output, programme, draft=draft)
    written = () if problems else (output,)
    return Outcome((*checked.findings, *problems), checked.merged, written)


def check_forms(reading: Reading, *, latest: bool = False) -> Outcome:
    """All findings about the forms that were read, and the programme that they make together."""
    if not reading.documents:
        return Outcome(tuple(reading.findings))
    plan = reading.plan.programme if reading.plan else None
    merged = consolidate(reading.documents, plan, latest=latest)
    findings = [*reading.findings, *merged.findings]
    if plan is not None:
        findings += check_against_plan(merged, plan, reading.plan_file)
    return Outcome(tuple(findings), merged)


def import_plan(source: str, output: str, *, progress: Progress = lambda _: None) -> Outcome:
    """A published programme, or last year's workbook, → a plan workbook at `output`."""
    reading = read_files([source], None, progress)
    if not reading.documents:
        return Outcome(tuple(reading.findings))
    merged = adopt(reading.documents[0])
    problems = _render(template_path(PLAN_TEMPLATE), programme_tree(merged.programme, merged.contributions), output)
    findings = (*reading.findings, *merged.findings, *problems)
    return Outcome(findings, merged, () if problems else (output,))


def make_forms(plan: str, folder: str, *, filled: bool, progress: Progress = lambda _: None) -> Outcome:
    """A plan → one form per unit and the finance office's form, in `folder`."""
    reading = read_files([], plan, progress)
    if reading.plan is None:
        return Outcome(tuple(reading.findings))
    merged = reading.plan
    findings: list[Finding] = [found for found in reading.findings if found.code != "KX008"]
    written: list[str] = []
    Path(folder).mkdir(parents=True, exist_ok=True)
    jobs = [
        (f"{file_stem(unit.name)}.xlsx", FORM_TEMPLATE, tree)
        for unit, tree in form_trees(merged.programme, merged.contributions, filled=filled)
    ]
    finance = merged.programme if filled else _without_general(merged.programme)
    extra = {"birim": {"ad": "Mali Hizmetler", "eposta": ""}, "revizyon": 0, "dolduran": None}
    jobs.append((FINANCE_FORM, FINANCE_TEMPLATE, programme_tree(finance, extra=extra)))
    for number, (name, template, tree) in enumerate(jobs, start=1):
        progress(f"form yazılıyor {number}/{len(jobs)}: {name}")
        target = str(Path(folder) / name)
        problems = _render(template_path(template), tree, target)
        findings += problems
        if not problems:
            written.append(target)
    return Outcome(tuple(findings), merged, tuple(written))


def template_path(name: str) -> str:
    """The template shipped with the package, or that of a source checkout."""
    shipped = resources.files("kars_xl") / "templates" / name
    if shipped.is_file():
        return str(shipped)
    return str(Path(__file__).resolve().parent.parent / "templates" / name)


def file_stem(unit: str) -> str:
    """A file name that every mail program and file system takes: "Fen İşleri Müdürlüğü" → "fen_isleri_mudurlugu"."""
    return fold(unit).replace(" ", "_")[:60] or "birim"


def _same_file(one: str, other: str) -> bool:
    return Path(one).resolve() == Path(other).resolve()


def _without_general(programme: Programme) -> Programme:
    return replace(programme, general=None, transfers=None)


def _render(
    template: str, tree: Node, output: str, verified: Programme | None = None, *, draft: bool = False
) -> list[Finding]:
    """Template and data → workbook, moved into place when all is right; what is wrong instead."""
    from kars_xl import template as engine
    from kars_xl.problems import template_findings
    from kars_xl.verify import verify

    try:
        layout = engine.expand(engine.load(template), tree)
        engine.evaluate(layout)
    except engine.TemplateError as error:
        return template_findings(template, error.problems)
    except (OSError, KeyError, ValueError) as error:
        return [finding("KX001", Place(template), reason=str(error))]
    if verified is not None and not draft:
        differences = verify(layout, verified, output)
        if differences:
            return differences
    created = dt.datetime(int(str(tree.fields["yil"])), 1, 1)
    try:
        Path(output).parent.mkdir(parents=True, exist_ok=True)
        engine.write(layout, output, created=created)
    except OSError as error:
        return [finding("KX006", Place(output), reason=error.strerror or str(error))]
    return []
