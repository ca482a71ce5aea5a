"""Template and data become a workbook: laid out, evaluated, verified, and only then moved into place."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kars_xl.base.atomic import DAMAGED, deliver, system_reason
from kars_xl.base.place import Place, cell_at
from kars_xl.findings.finding import Finding, any_error, finding, refused_target
from kars_xl.model.programme import Programme
from kars_xl.template.nodes import Node, Problem, RefusedError, TemplateError
from kars_xl.workbook.nodes.programme import programme_tree

if TYPE_CHECKING:
    from kars_xl.template.records import Layout, Template

FORM_TEMPLATE = "birim_formu.xlsx"
FINANCE_TEMPLATE = "mali_form.xlsx"
PLAN_TEMPLATE = "plan.xlsx"
PROGRAMME_TEMPLATE = "performans_programi.xlsx"
BOOK_TEMPLATE = "kitapcik.docx"
# The digest of the official template with which nothing is wrong (tools/make_golden.py); any other is tried out.
TRIED_OUT = "performans_programi.sha256"
_REASONS = {
    "unknown": "böyle bir alan yok", "mapping": "alanın altındaki ad eksik",
    "function": "izin verilmeyen işlev {function}",
    "turkish": "Türkçe işlev adı {function}; dosyada {english} yazılmalı",
    "text": "TEXT() biçim kodu her dilde başka çalışır", "separator": "noktalı virgül yerine virgül kullanın",
    "external": "başka dosyaya bağlantı", "three_d": "birden çok sayfaya yayılan başvuru",
    "sheet": "şablonda “{sheet}” sayfası yok", "name": "şablonda tanımlı olmayan ad {name}",
    "table": "tablo başvurusu {name}", "array": "dizi formülü",
    "placeholder": "yer tutucu yalnız tırnak içindeki metinde olabilir", "ref_error": "#BAŞV! hatası",
    "syntax": "yazımı bozuk", "range": "{function} bir hücre ister, “{reference}” bir aralık",
    "lost": "yer tutucuların bulunduğu satırlarda bu adlar yok; şablonu kaydeden program silmiş olabilir",
    "list": "“{kind}” diye bir liste yok", "overlap": "“{other}” ile çakışıyor",
    "refers_to_nothing": "hiçbir satıra bağlı değil",
    "order": "“{other}” ile aynı satırlarda, hangisinin içte olduğu belli değil",
    "several": "“{reference}” {count} hücreye karşılık geliyor",
    "none": "“{reference}” hiçbir hücreye karşılık gelmiyor", "split": "“{reference}” parçalara bölünüyor",
    "running": "“{reference}” iç içe bloklarda nereden başlayacağı belli olmayan aralık",
    "arguments": "bir işlevde 250'den çok başvuru", "length": "formül 8192 karakterden uzun",
    "chart": "grafik serisi bir hücre aralığı değil",
    "sheets": "grafik serisi “{reference}” birden çok sayfaya dağılıyor",
    "block": "grafik serisi “{reference}” hem satırlara hem sütunlara yayılıyor",
    "pieces": "grafik serisi “{reference}” {count} parçaya bölünüyor",
    "whole": "grafik serisi “{reference}” bütün sütun ya da satır",
}  # fmt: skip


def template_path(name: str) -> str:
    """The template shipped with the package, or that of a source checkout."""
    package = Path(__file__).resolve().parents[1]
    shipped = package / "templates" / name
    return str(shipped if shipped.is_file() else package.parent / "templates" / name)


def render(
    template: str, tree: Node, output: str, verified: Programme | None = None, *, draft: bool = False
) -> list[Finding]:
    """The template at a path, filled from the data tree, moved to `output` when all is right; what is wrong instead.
    With `verified` it is the official workbook, which must hold this programme's figures (kuruş) and keeps a record of
    itself; a draft may differ."""
    from kars_xl.template.layout.evaluate import evaluate
    from kars_xl.template.layout.expand import expand
    from kars_xl.template.output.write import compose
    from kars_xl.template.source.read import load
    from kars_xl.workbook.edits.record import add_record

    if problems := refused_target(output, [template]):
        return problems
    try:
        data = Path(template).read_bytes()
        read = load(BytesIO(data))
    except (OSError, ValueError) as error:
        reason = system_reason(error) if isinstance(error, OSError) else DAMAGED
        return [finding("KX001", Place(template), reason=reason)]
    try:
        created = dt.datetime(int(str(tree.fields["yil"])), 1, 1)
        layout = expand(read, tree)
        del tree  # of a thousand forms it is large, and the engine needs room
        evaluate(layout)
        findings = [] if verified is None else _faults(template, data, read, layout, verified, draft=draft)
        if any_error(findings):
            return findings
        if verified is not None:
            add_record(layout)
        deliver(output, compose(layout, created))
    except TemplateError as error:
        return template_findings(template, error.problems)
    except RefusedError as error:
        return [finding("KX006", Place(output), reason=", ".join(map(str, error.args)))]
    except OSError as error:
        return [finding("KX006", Place(output), reason=system_reason(error))]
    return findings + template_findings(template, read.lost + layout.lost)


def _faults(
    path: str, data: bytes, template: "Template", layout: "Layout", verified: Programme, *, draft: bool
) -> list[Finding]:
    """What is wrong with the template, and with what became of it; a draft may differ. Raises TemplateError."""
    from kars_xl.workbook.verify import trial, verify

    known = Path(template_path(TRIED_OUT))
    tried = known.is_file() and known.read_text(encoding="ascii").strip() == trial(data)
    findings = [] if tried else try_out_template(path, template, verified)
    return findings if draft or any_error(findings) else findings + verify(layout, verified, path)


def try_out_template(path: str, template: "Template", verified: Programme) -> list[Finding]:
    """What is wrong with a template, shown by figures none of which is zero: this year's may hide a broken sum."""
    from kars_xl.template.layout.evaluate import evaluate
    from kars_xl.template.layout.expand import expand
    from kars_xl.workbook.verify import probe_programme, try_out

    programme, contributions = probe_programme(verified.year)
    evaluate(layout := expand(template, programme_tree(programme, contributions)))
    return try_out(layout, programme, path, {table.kind for table in verified.general_tables})


def template_findings(template: str, problems: Iterable[Problem]) -> list[Finding]:
    """Each problem at its cell of the template."""
    found = []
    for problem in problems:
        values: Mapping[str, str] = defaultdict(str, problem.values)
        facts: dict[str, Any] = {
            "reason": _REASONS.get(values["reason"], values["reason"]).format_map(problem.values),
            "found": values["formula"] or values["path"] or values["name"],
            "what": values["what"],
            "output": f"{values['sheet']}!{values['cell']}: {values['error']}",
        }
        # A problem of the whole sheet has no cell.
        place = Place(template, problem.sheet, *(cell_at(problem.cell) or (0, 0)))
        found.append(finding(problem.code, place, **facts))
    return found
