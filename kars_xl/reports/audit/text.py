"""What the auditor reads first, on the terminal and in JSON: the reconciliation, and what explains its differences."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from itertools import groupby

from kars_xl.base.money import format_signed, format_tl, to_tl
from kars_xl.base.text import code_key, lower, sort_key
from kars_xl.findings.as_text import TABLES, place_data, programme_title
from kars_xl.findings.finding import Finding
from kars_xl.findings.severity import in_order
from kars_xl.reports.audit import Audit
from kars_xl.reports.audit import text as words
from kars_xl.reports.audit.causes import Explanation
from kars_xl.reports.audit.reconcile import MEASURES, Reconciliation, TotalsLine
from kars_xl.reports.findings.by_unit import Listing, Row, page_names
from kars_xl.reports.page import document

_NAME_WIDTH, _WIDTH = 37, 20


def opening(done: Audit) -> str:
    """The programme's name, the reconciliation table and the explanations."""
    lines = [
        programme_title(done.programme),
        "",
        *reconciliation_lines(done.totals),
    ]
    if done.explanations:
        lines += ["", "Farkları açıklayan:"]
        lines += [f"  • {item.text}" for item in done.explanations]
    return "\n".join([*lines, ""])


def reconciliation_lines(totals: Reconciliation) -> Iterator[str]:
    """Every table's totals side by side; below a line what it differs by, at the end which tables agree."""
    yield "Mutabakat (TL)".ljust(_NAME_WIDTH) + "".join(name.rjust(_WIDTH) for name in _HEADS.values())
    for line in totals.lines:
        cells = [format_tl(line.sums[measure].kurus) if measure in line.sums else "–" for measure in MEASURES]
        yield f"  {line.name}".ljust(_NAME_WIDTH) + "".join(cell.rjust(_WIDTH) for cell in cells)
        differences = [_difference(totals, line, measure) for measure in MEASURES]
        if any(differences):
            yield "    fark".ljust(_NAME_WIDTH) + "".join(cell.rjust(_WIDTH) for cell in differences)
    yield ""
    yield from (f"  {sentence}" for measure in MEASURES if (sentence := agreement(totals, measure)))


_HEADS = {"activities": "Faaliyetler", "general": "Genel yönetim", "transfers": "Transfer", "grand": "Genel toplam"}


def _difference(totals: Reconciliation, line: TotalsLine, measure: str) -> str:
    difference = totals.difference(line, measure)
    return format_signed(difference) if difference else ""


def answer_parts(done: Audit) -> dict[str, object]:
    """`reconciliation` and `explanations` of the JSON answer; amounts are decimal strings in TL."""
    return {
        "reconciliation": [
            {
                "table": line.table,
                "name": line.name,
                "totals": {measure: str(to_tl(item.kurus)) for measure, item in line.sums.items()},
                "differences": {
                    measure: str(to_tl(done.totals.difference(line, measure) or 0)) for measure in line.sums
                },
                "places": {
                    measure: place_data(item.place) for measure, item in line.sums.items() if item.place is not None
                },
            }
            for line in done.totals.lines
        ],
        "explanations": [
            {
                "text": item.text,
                "codes": list(dict.fromkeys(found.code for found in item.covers)),
                "keys": list(item.keys),
                "tables": list(item.tables),
                "difference": None if item.difference is None else str(to_tl(item.difference)),
            }
            for item in done.explanations
        ],
    }


NO_TABLE = "-"
_AMOUNT = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)


def numbered(findings: Sequence[Finding]) -> list[Row]:
    """All findings, by severity and code, with their numbers from 1; they are chosen by their table."""
    return [Row(found, number, found.table or NO_TABLE) for number, found in enumerate(in_order(findings), start=1)]


def amounts(found: Finding) -> dict[str, Decimal]:
    """Those of a finding's values that are figures."""
    return {name: Decimal(value) for name, value in found.values if _AMOUNT.fullmatch(value)}


def covered(item: Explanation, findings: Sequence[Row]) -> list[Row]:
    """The findings that an explanation accounts for, with their numbers."""
    own = {id(found) for found in item.covers}
    return [given for given in findings if id(given.found) in own]


SAME, DIFFERS, ALONE = "same", "differs", ""


def verdict(totals: Reconciliation) -> tuple[str, str]:
    """Whether any two tables' totals differ, as a sentence."""
    looks = {measure: result(totals, measure)[0] for measure in MEASURES if totals.agreeing(measure)}
    differing = [lower(MEASURES[measure]) for measure, look in looks.items() if look == DIFFERS]
    if differing:
        names = " ve ".join(filter(None, (", ".join(differing[:-1]), differing[-1])))
        return DIFFERS, f"✗ Tablolar birbirini tutmuyor: {names} farklı."
    if SAME not in looks.values():
        return ALONE, "Karşılaştırılacak ikinci bir tablo yok."
    if ALONE in looks.values():
        return SAME, "✓ Birden çok tabloda bulunan toplamlar birbirini tutuyor."
    return SAME, "✓ Bütün tabloların toplamları birbirini tutuyor."


def agreement(totals: Reconciliation, measure: str) -> str:
    """Which tables have the same total, as a sentence; "" where no table has one."""
    groups = totals.agreeing(measure)
    name = MEASURES[measure]
    if not groups:
        return ""
    if len(groups) == 1 and len(groups[0]) == 1:
        return f"{name}: yalnız bir tabloda var ({groups[0][0].name}), karşılaştırılamadı."
    if len(groups) == 1:
        return f"{name}: {', '.join(line.name for line in groups[0])} aynı."
    same = [" = ".join(line.name for line in group) for group in groups if len(group) > 1]
    rest = f"birbirini tutanlar {'; '.join(same)}" if same else "birbirini tutan tablo yok"
    return f"{name}: {len(groups)} ayrı tutar var; {rest}."


def result(totals: Reconciliation, measure: str) -> tuple[str, str]:
    """Whether the tables agree on a measure, in a few words for the foot of its column."""
    groups = totals.agreeing(measure)
    if len(groups) > 1:
        return DIFFERS, f"✗ {len(groups)} ayrı tutar"
    if not groups:
        return ALONE, "–"
    return (SAME, "✓ hepsi aynı") if len(groups[0]) > 1 else (ALONE, "yalnız bir tabloda")


def remark(totals: Reconciliation, line: TotalsLine, measure: str) -> tuple[str, str]:
    """What is said of a line's figure; "" where it stands alone."""
    difference = totals.difference(line, measure)
    if difference:
        return DIFFERS, f"✗ fark {format_signed(difference)}"
    groups = totals.agreeing(measure)
    own = next((group for group in groups if line in group), [])
    if len(own) > 1:
        return SAME, "✓ tutuyor"
    return ALONE, "esas alınan" if len(groups) > 1 else ""


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
