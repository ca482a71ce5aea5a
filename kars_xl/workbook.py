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
    from kars_xl.template import Template

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
    from kars_xl import template as engine
    from kars_xl.problems import template_findings
    from kars_xl.verify import verify
    from kars_xl.written.keep import add_record

    findings: list[Finding] = []
    try:
        loaded = engine.load(template)
        layout = engine.expand(loaded, tree)
        engine.evaluate(layout)
        if verified is not None:
            findings = _try_out(loaded, template, verified)
    except engine.TemplateError as error:
        return template_findings(template, error.problems)
    except (OSError, ValueError) as error:
        reason = system_reason(error) if isinstance(error, OSError) else DAMAGED
        return [finding("KX001", Place(template), reason=reason)]
    if verified is not None and not draft and not any_error(findings):
        findings += verify(layout, verified, template)
    if any_error(findings):
        return findings
    if verified is not None:
        add_record(layout)
    created = dt.datetime(int(str(tree.fields["yil"])), 1, 1)
    try:
        Path(output).parent.mkdir(parents=True, exist_ok=True)
        engine.write(layout, output, created=created)
    except OSError as error:
        return [finding("KX006", Place(output), reason=system_reason(error))]
    except engine.RefusedError as error:
        return [finding("KX006", Place(output), reason=", ".join(map(str, error.args)))]
    return findings + template_findings(template, loaded.lost)


def _try_out(loaded: Template, template: str, verified: Programme) -> list[Finding]:
    """What is wrong with a template, shown by figures none of which is zero: this year's may hide a broken sum."""
    from kars_xl import template as engine
    from kars_xl.verify import probe_programme, unrecognised_tables, verify

    programme, contributions = probe_programme(verified.year)
    layout = engine.expand(loaded, programme_tree(programme, contributions))
    engine.evaluate(layout)
    return verify(layout, programme, template) + unrecognised_tables(
        layout, template, {table.kind for table in verified.information}
    )
