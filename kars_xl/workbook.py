"""Template and data become a workbook: laid out, evaluated, verified, and only then moved into place."""

from __future__ import annotations

import datetime as dt
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from kars_xl.catalogue import finding
from kars_xl.context import programme_tree
from kars_xl.kinds import any_error
from kars_xl.model import Finding, Place, Programme
from kars_xl.reasons import DAMAGED, system_reason
from kars_xl.template.nodes import Node

if TYPE_CHECKING:
    from kars_xl.compiled import Compiled

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
    template: str, tree: Node, output: str, verified: Programme | None = None, *, draft: bool = False
) -> list[Finding]:
    """Template and data → workbook, moved into place when all is right; what is wrong instead.

    With `verified` it is the official workbook, which must hold this programme's figures and keeps a record of itself.
    """
    from kars_xl.compiled import Compiled
    from kars_xl.problems import template_findings
    from kars_xl.template.evaluate import start
    from kars_xl.template.expand import expand
    from kars_xl.template.nodes import TemplateError

    findings: list[Finding] = []
    try:
        compiled = Compiled(template)
        layout = expand(compiled.template, tree)
        finish = start(layout)
        # Meanwhile.
        from kars_xl.template.write import RefusedError, write
        from kars_xl.verify import verify
        from kars_xl.written.keep import add_record

        finish()
        if verified is not None:
            findings = _try_out(compiled, template, verified)
    except TemplateError as error:
        return template_findings(template, error.problems)
    except (OSError, ValueError) as error:
        reason = system_reason(error) if isinstance(error, OSError) else DAMAGED
        return [finding("KX001", Place(template), reason=reason)]
    lost = template_findings(template, compiled.template.lost)
    if verified is not None and not draft and not any_error(findings):
        findings += verify(layout, verified, template)
    if any_error(findings):
        return findings
    if verified is not None:
        add_record(layout)
    created = dt.datetime(int(str(tree.fields["yil"])), 1, 1)
    try:
        Path(output).parent.mkdir(parents=True, exist_ok=True)
        write(layout, output, created)
    except OSError as error:
        return [finding("KX006", Place(output), reason=system_reason(error))]
    except RefusedError as error:
        return [finding("KX006", Place(output), reason=", ".join(map(str, error.args)))]
    return findings + lost


def _try_out(compiled: Compiled, template: str, verified: Programme) -> list[Finding]:
    """What is wrong with a template, shown by figures none of which is zero: this year's may hide a broken sum."""
    from kars_xl.template.evaluate import evaluate
    from kars_xl.template.expand import expand
    from kars_xl.verify import probe_programme, unrecognised_tables, verify

    kinds = {table.kind for table in verified.information}
    what = " ".join([str(verified.year), *sorted(kinds)])
    if compiled.was_tried(what):
        return []
    programme, contributions = probe_programme(verified.year)
    layout = expand(compiled.template, programme_tree(programme, contributions))
    evaluate(layout)
    findings = verify(layout, programme, template) + unrecognised_tables(layout, template, kinds)
    if not findings:
        compiled.now_tried(what)
    return findings
