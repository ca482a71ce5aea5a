"""The audit's page: the reconciliation first, then what explains its differences, then every finding."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby

from kars_xl.base.text import code_key, sort_key
from kars_xl.findings.as_text import TABLES, programme_title
from kars_xl.findings.finding import Finding
from kars_xl.reports.audit import Audit
from kars_xl.reports.audit import text as words
from kars_xl.reports.audit.reconcile import MEASURES
from kars_xl.reports.audit.text import ALONE, DIFFERS, NO_TABLE, SAME, covered, numbered
from kars_xl.reports.findings.by_unit import Listing, Row, page_names
from kars_xl.reports.page import document

_HEADINGS = {"error": "Hatalar", "warning": "Uyarılar", "advice": "Öneriler"}
_IN_SHORT = {SAME: "tutuyor", DIFFERS: "tutmuyor", ALONE: "karşılaştırılamadı"}


def page(done: Audit, findings: Sequence[Finding], files: Sequence[str]) -> str:
    """The page of an audit; `findings` are all, those about the files themselves included, `files` what was read."""
    rows = numbered(findings)
    names = page_names(files, findings)
    explanations = [
        (item.text, _grouped(covered(item, rows), lambda row: row.found.code)) for item in done.explanations
    ]
    return document(
        "audit.html",
        "Program denetimi",
        programme_title(done.programme),
        totals=done.totals,
        words=words,
        measures=MEASURES,
        heads=[f"{name} (TL)" for name in MEASURES.values()],
        in_short=_IN_SHORT,
        read=[names[file] for file in files],
        explanations=explanations,
        findings=findings,
        options=_options({found.table for found in findings}),
        headings=_HEADINGS,
        groups=_grouped(rows, lambda row: row.found.severity),
        # The one file that there is need not be named in every row.
        listing=Listing(dict.fromkeys(names, "") if len(names) == 1 else names),
    )


def _grouped(rows: Sequence[Row], key: Callable[[Row], str]) -> list[tuple[str, list[Row]]]:
    return [(name, list(group)) for name, group in groupby(rows, key=key)]


def _options(present: set[str]) -> list[tuple[str, str]]:
    """(group, its name) of the tables that findings are about."""
    known = [table for table in TABLES if table in present]
    others = sorted(present - {*known, ""}, key=lambda table: (code_key(table), sort_key(table)))
    options = [(table, TABLES.get(table, table)) for table in (*known, *others)]
    return [*options, (NO_TABLE, "Tabloya bağlı olmayan")] if "" in present else options
