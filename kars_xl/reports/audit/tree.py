"""The audit as the data tree that its report workbook is filled from (templates/denetim_raporu.xlsx)."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import groupby

from kars_xl import __version__
from kars_xl.base.file_names import short_names
from kars_xl.base.money import to_tl
from kars_xl.base.place import Place
from kars_xl.findings.as_text import TABLES, programme_title
from kars_xl.findings.finding import ADVICE, HEADINGS, Finding
from kars_xl.reports.audit.causes import Explanation
from kars_xl.reports.audit.reconcile import MEASURES, TotalsLine
from kars_xl.reports.audit.report import Audit, covered, numbered
from kars_xl.template.nodes import Node, Styled
from kars_xl.workbook.nodes.lists import Fields

_FIELDS = {"activities": "faaliyetler", "general": "genel_yonetim", "transfers": "transfer", "grand": "genel_toplam"}
# A workbook's creation date needs a year even where the programme's could not be read.
_SOME_YEAR = 2000
# What a table does not have is no blank to be filled in.
_NONE = "–"
_AMOUNT = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)

Names = Mapping[str, str]


def report_tree(done: Audit, findings: Sequence[Finding], files: Sequence[str]) -> Node:
    """The root node of the report; `findings` are all, those about the files themselves included."""
    places = [found.place for found in findings]
    named = dict.fromkeys([*files, *(place.file for place in places if place.file)])
    names = {file: "/".join(parts) for file, parts in short_names(named).items()}
    given = {measure for line in done.totals.lines for measure in line.sums}
    known = done.totals.reference
    basis = {field: to_tl(known[measure]) if measure in given else None for measure, field in _FIELDS.items()}
    fields: Fields = {
        "yil": done.programme.year or _SOME_YEAR,
        "program": programme_title(done.programme),
        "surum": __version__,
        "esas": basis,
        "dosyalar": ", ".join(names[file] for file in files),
    }
    root = Node("", "", fields)
    root.lists = {
        "tablo": [_table(number, line, names) for number, line in enumerate(done.totals.lines, start=1)],
        "aciklama": [_explanation(number, item, findings) for number, item in enumerate(done.explanations, start=1)],
        "bulgu": [_finding("bulgu", *item, names) for item in numbered(findings) if item[1].severity != ADVICE],
        "oneri": [_finding("oneri", *item, names) for item in numbered(findings) if item[1].severity == ADVICE],
    }
    return root


def _table(number: int, line: TotalsLine, names: Names) -> Node:
    fields: Fields = {"ad": line.name, "yer": _printed_at(line, names) or None}
    for measure, field in _FIELDS.items():
        fields[field] = to_tl(line.sums[measure].kurus) if measure in line.sums else _NONE
    return Node("tablo", str(number), fields)


def _printed_at(line: TotalsLine, names: Names) -> str:
    """Where the totals are printed; those of one row are named once."""
    places = [item.place for measure in MEASURES if (item := line.sums.get(measure)) and item.place]
    shown = [_cell(place) for place in places]
    if not shown:
        return ""
    first = places[0]
    return " ▸ ".join(filter(None, (names.get(first.file, ""), first.sheet, ", ".join(dict.fromkeys(shown)))))


def _explanation(number: int, item: Explanation, findings: Sequence[Finding]) -> Node:
    by_code = groupby(covered(item, findings), key=lambda given: given[1].code)
    spans = [f"{code}: {_spans([number for number, _ in group])}" for code, group in by_code]
    fields: Fields = {
        "no": number,
        "metin": item.text,
        "fark": None if item.difference is None else to_tl(item.difference),
        "bulgular": "; ".join(spans) or None,
    }
    return Node("aciklama", str(number), fields)


def _spans(numbers: Sequence[int]) -> str:
    """Ascending numbers in short: "1–6, 9"."""
    runs = [[number for _, number in run] for _, run in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0])]
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)


def _finding(kind: str, number: int, found: Finding, names: Names) -> Node:
    figures = {name: Decimal(value) for name, value in found.values if _AMOUNT.fullmatch(value)}
    expected, actual = figures.get("expected"), figures.get("found")
    difference = figures.get("difference")
    if difference is None and expected is not None and actual is not None:
        difference = actual - expected
    fields: Fields = {
        "no": number,
        "onem": HEADINGS[found.severity],
        "kod": found.code,
        "tablo": TABLES.get(found.table, found.table) or None,
        "konu": found.key or found.label or None,
        "ad": found.label or None,
        "dosya": names.get(found.place.file),
        "sayfa": found.place.sheet or None,
        "hucre": _cell(found.place) or None,
        "metin": found.message,
        "cozum": found.fix,
        "beklenen": _figure(expected),
        "bulunan": _figure(actual),
        "fark": _figure(difference),
    }
    return Node(kind, str(number), fields)


def _figure(value: Decimal | None) -> object:
    """Amounts are written with their kuruş, counts without."""
    return value if value is None or "." in str(value) else Styled(value, "#,##0")


def _cell(place: Place) -> str:
    """An address; a text file has lines and no cells."""
    return place.cell if place.sheet or not place.row else f"satır {place.row}"
