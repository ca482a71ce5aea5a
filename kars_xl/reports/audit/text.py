"""What the auditor reads first, on the terminal and in JSON: the reconciliation, and what explains its differences."""

from __future__ import annotations

from collections.abc import Iterator

from kars_xl.base.money import format_signed, format_tl, to_tl
from kars_xl.findings.as_text import place_data, programme_title
from kars_xl.reports.audit import Audit
from kars_xl.reports.audit.reconcile import MEASURES, Reconciliation, TotalsLine
from kars_xl.reports.audit.verdict import agreement

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
