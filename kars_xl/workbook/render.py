"""Template and data become a workbook: laid out, evaluated, verified, and only then moved into place."""

from __future__ import annotations

import datetime as dt
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from kars_xl.base.atomic import deliver
from kars_xl.base.place import Place
from kars_xl.base.processes import aside
from kars_xl.base.system_reasons import DAMAGED, system_reason
from kars_xl.findings.catalogue import finding
from kars_xl.findings.finding import Finding
from kars_xl.findings.severity import any_error
from kars_xl.model.programme import Programme
from kars_xl.template.nodes import Node
from kars_xl.workbook.nodes.programme import programme_tree

if TYPE_CHECKING:
    from kars_xl.template.laid import Layout
    from kars_xl.workbook.compiled import Compiled

FORM_TEMPLATE = "birim_formu.xlsx"
FINANCE_TEMPLATE = "mali_form.xlsx"
PLAN_TEMPLATE = "plan.xlsx"
PROGRAMME_TEMPLATE = "performans_programi.xlsx"


def template_path(name: str) -> str:
    """The template shipped with the package, or that of a source checkout."""
    shipped = resources.files("kars_xl") / "templates" / name
    if shipped.is_file():
        return str(shipped)
    return str(Path(__file__).resolve().parent.parent / "templates" / name)


def render(
    template: str | Compiled, tree: Node, output: str, verified: Programme | None = None, *, draft: bool = False
) -> list[Finding]:
    """Template (or its path) and data → workbook, moved into place when all is right; what is wrong instead.

    With `verified` it is the official workbook, which must hold this programme's figures and keeps a record of itself.
    """
    from kars_xl.template.nodes import RefusedError, TemplateError
    from kars_xl.workbook.compiled import Compiled
    from kars_xl.workbook.template_problems import template_findings

    compiled = template if isinstance(template, Compiled) else Compiled(template)
    try:
        lost = compiled.template.lost
    except (OSError, ValueError) as error:
        reason = system_reason(error) if isinstance(error, OSError) else DAMAGED
        return [finding("KX001", Place(compiled.path), reason=reason)]
    try:
        findings, data = _made(compiled, tree, verified, draft=draft)
    except TemplateError as error:
        return template_findings(compiled.path, error.problems)
    except RefusedError as error:
        return [finding("KX006", Place(output), reason=", ".join(map(str, error.args)))]
    if any_error(findings):
        return findings
    try:
        deliver(output, data)
    except OSError as error:
        return [finding("KX006", Place(output), reason=system_reason(error))]
    return findings + template_findings(compiled.path, lost)


def _made(compiled: Compiled, tree: Node, verified: Programme | None, *, draft: bool) -> tuple[list[Finding], bytes]:
    """What is wrong with the workbook, and its file, which is empty where that is an error.

    Raises TemplateError and RefusedError.
    """
    layout = _evaluated(compiled, tree)
    with aside(lambda: _composed(layout, tree, record=verified is not None)) as composing:
        findings = _faults(compiled, layout, verified, draft=draft) if verified is not None else []
        return findings, b"" if any_error(findings) else composing.result()


def _evaluated(compiled: Compiled, tree: Node) -> Layout:
    from kars_xl.template.layout.evaluate import Evaluation
    from kars_xl.template.layout.expand import expand

    with Evaluation() as evaluation:
        layout = expand(compiled.template, tree, evaluation.take)
        # What comes next is imported while the engine computes.

        evaluation.finish(layout)
    return layout


def _composed(layout: Layout, tree: Node, *, record: bool) -> bytes:
    """The file, with a record of what is written; the layout is spent."""
    from kars_xl.template.output.write import compose
    from kars_xl.workbook.edits.keep import add_record

    if record:
        add_record(layout)
    return compose(layout, dt.datetime(int(str(tree.fields["yil"])), 1, 1))


def _faults(compiled: Compiled, layout: Layout, verified: Programme, *, draft: bool) -> list[Finding]:
    """What is wrong with the template, and with what became of it; a draft may differ. Raises TemplateError."""
    from kars_xl.workbook.verify import verify

    findings = _try_out(compiled, verified)
    return findings if draft or any_error(findings) else findings + verify(layout, verified, compiled.path)


def _try_out(compiled: Compiled, verified: Programme) -> list[Finding]:
    """What is wrong with a template, shown by figures none of which is zero: this year's may hide a broken sum."""
    from kars_xl.template.layout.evaluate import evaluate
    from kars_xl.template.layout.expand import expand
    from kars_xl.workbook.verify import probe_programme, unrecognised_tables, verify

    kinds = {table.kind for table in verified.information}
    what = " ".join([str(verified.year), *sorted(kinds)])
    if compiled.was_tried(what):
        return []
    programme, contributions = probe_programme(verified.year)
    layout = expand(compiled.template, programme_tree(programme, contributions))
    evaluate(layout)
    findings = verify(layout, programme, compiled.path) + unrecognised_tables(layout, compiled.path, kinds)
    if not findings:
        compiled.now_tried(what)
    return findings
