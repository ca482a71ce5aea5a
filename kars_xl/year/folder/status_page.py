"""The state of the round as a page for a browser."""

from __future__ import annotations

from collections.abc import Iterable

from kars_xl.base.money import format_tl
from kars_xl.findings.severity import COUNTED, SEVERITIES
from kars_xl.reports.page import document, text
from kars_xl.reports.page.findings import count_boxes
from kars_xl.year.folder.status import Status, UnitStatus
from kars_xl.year.folder.status_words import NOT_SENT, details, other_text, plain, rivalry, sums

_HEADS = ("Revizyon", *COUNTED.values(), "Faaliyet", "Tutar (TL)")


def status_page(status: Status, base: str) -> str:
    """The page; files are named as they lie below `base`."""
    sent = f"{status.senders}/{len(status.units)}" if status.has_plan else str(status.senders)
    # What the boxes say of findings and the amount is not said again below.
    amount = (list(sums(status))[-1][0] + " (TL)", format_tl(status.kurus))
    counts = count_boxes(("Gelen birim", sent), status.told, amount)
    parts = [_table("birimler", "Birimler", status.units, base)]
    if status.finance:
        parts.append(_table("mali", "Mali Hizmetler", (status.finance,), base))
    if status.strangers:
        parts.append(_table("planda-yok", "Planda olmayan birimler", status.strangers, base))
    if status.others:
        parts.append(_others(status, base))
    parts.append(_sums(status))
    return document("Form durumu", plain(status.title) or "Gelen formlar", counts, "\n".join(parts))


def _table(name: str, heading: str, units: Iterable[UnitStatus], base: str) -> str:
    heads = "".join(f'<th scope="col" role="columnheader" class="number">{head}</th>' for head in _HEADS)
    rows = "\n".join(_row(unit, base) for unit in units)
    return f"""<section aria-labelledby="{name}">
<h2 id="{name}">{heading}</h2>
<table class="cards units" role="table">
<thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">Birim</th>{heads}</tr></thead>
<tbody role="rowgroup">
{rows}
</tbody>
</table>
</section>"""


def _row(unit: UnitStatus, base: str) -> str:
    # File names are long words: they may be broken after an underscore.
    under = "".join(
        f'<span class="files">{text(phrase).replace("_", "_<wbr>")}</span>' for phrase in details(unit, base)
    )
    if problem := rivalry(unit):
        under += f'<span class="files differs">{text(problem)}</span>'
    name = f'<th scope="row" role="rowheader">{text(plain(unit.name))}{under}</th>'
    if unit.sent:
        cells = [("", "Revizyon", str(unit.forms[0].revision))]
        cells += [(kind if unit.count(kind) else "zero", COUNTED[kind], str(unit.count(kind))) for kind in SEVERITIES]
    else:
        cells = [("missing", "", NOT_SENT), *(("zero", COUNTED[kind], "-") for kind in SEVERITIES)]
    shown = "".join(
        f'<td role="cell" class="number {kind}" data-label="{label}">{value}</td>' for kind, label, value in cells
    )
    filled = f"{unit.filled}/{unit.activities}" if unit.activities else "-"
    if unit.activities:
        filled = f'<progress max="{unit.activities}" value="{unit.filled}" aria-hidden="true"></progress> {filled}'
    shown += f'<td role="cell" class="number" data-label="Faaliyet">{filled}</td>'
    shown += f'<td role="cell" class="number" data-label="Tutar (TL)">{format_tl(unit.kurus)}</td>'
    return f'<tr role="row">{name}{shown}</tr>'


def _others(status: Status, base: str) -> str:
    rows = "\n".join(
        f"<tr><td>{text(name).replace('_', '_<wbr>')}</td><td>{text(said)}</td></tr>"
        for name, said in (other_text(other, base) for other in status.others)
    )
    return f"""<section aria-labelledby="otekiler">
<h2 id="otekiler">Öteki dosyalar</h2>
<table class="strays">
<thead><tr><th scope="col">Dosya</th><th scope="col">Durumu</th></tr></thead>
<tbody>
{rows}
</tbody>
</table>
</section>"""


def _sums(status: Status) -> str:
    items = "".join(f"<li>{text(name)}: <strong>{text(value)}</strong></li>" for name, value in sums(status))
    return f"""<section aria-labelledby="toplam">
<h2 id="toplam">Toplam</h2>
<ul class="agreement">{items}</ul>
</section>"""
