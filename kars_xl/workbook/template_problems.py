"""The template engine's problems as findings: its facts in Turkish sentences."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kars_xl.base.addresses import cell_at
from kars_xl.base.place import Place
from kars_xl.findings.catalogue import finding
from kars_xl.findings.finding import Finding
from kars_xl.template.nodes import Problem

_REASONS = {
    "unknown": "böyle bir alan yok",
    "mapping": "alanın altındaki ad eksik",
    "function": "izin verilmeyen işlev {function}",
    "turkish": "Türkçe işlev adı {function}; dosyada {english} yazılmalı",
    "text": "TEXT() biçim kodu her dilde başka çalışır",
    "separator": "noktalı virgül yerine virgül kullanın",
    "external": "başka dosyaya bağlantı",
    "three_d": "birden çok sayfaya yayılan başvuru",
    "sheet": "şablonda “{sheet}” sayfası yok",
    "table": "tablo başvurusu {name}",
    "array": "dizi formülü",
    "placeholder": "yer tutucu yalnız tırnak içindeki metinde olabilir",
    "ref_error": "#BAŞV! hatası",
    "syntax": "yazımı bozuk",
    "range": "{function} bir hücre ister, “{reference}” bir aralık",
    "list": "“{kind}” diye bir liste yok",
    "overlap": "“{other}” ile çakışıyor",
    "refers_to_nothing": "hiçbir satıra bağlı değil",
    "order": "“{other}” ile aynı satırlarda, hangisinin içte olduğu belli değil",
    "several": "“{reference}” {count} hücreye karşılık geliyor",
    "none": "“{reference}” hiçbir hücreye karşılık gelmiyor",
    "split": "“{reference}” parçalara bölünüyor",
    "arguments": "bir işlevde 250'den çok başvuru",
    "length": "formül 8192 karakterden uzun",
    "chart": "grafik serisi bir hücre aralığı değil",
    "sheets": "grafik serisi “{reference}” birden çok sayfaya dağılıyor",
    "block": "grafik serisi “{reference}” hem satırlara hem sütunlara yayılıyor",
    "pieces": "grafik serisi “{reference}” {count} parçaya bölünüyor",
    "whole": "grafik serisi “{reference}” bütün sütun ya da satır",
}


def template_findings(template: str, problems: Iterable[Problem]) -> list[Finding]:
    """Each problem at its cell of the template."""
    return [_finding(template, problem) for problem in problems]


def _finding(template: str, problem: Problem) -> Finding:
    values = problem.values
    reason = _REASONS.get(values.get("reason", ""), values.get("reason", ""))
    if problem.code == "KX502" and values.get("reason") == "name":
        reason = "şablonda tanımlı olmayan ad {name}"
    facts: dict[str, Any] = {
        "reason": reason.format_map(values),
        "found": values.get("formula") or values.get("path") or values.get("name") or "",
        "what": values.get("what", ""),
        "output": f"{values.get('sheet', '')}!{values.get('cell', '')}: {values.get('error', '')}",
    }
    # A problem of the whole sheet has no cell.
    row, column = cell_at(problem.cell) or (0, 0)
    return finding(problem.code, Place(template, problem.sheet, row, column), **facts)
