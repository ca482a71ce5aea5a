"""Findings on a page: how many there are, the choice among them, and each with its place, what is wrong, the remedy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kars_xl.base.place import Place
from kars_xl.findings.as_text import row_of, where
from kars_xl.findings.finding import Finding
from kars_xl.findings.severity import COUNTED, HEADINGS, SEVERITIES
from kars_xl.reports.page import text

CLEAN = '<p class="clean">Sorun bulunmadı.</p>'
_RELATED_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Row:
    """A finding as a row: `number` stands in it and names it for links (0: none), the choice goes by `group`."""

    found: Finding
    number: int = 0
    group: str = ""


def count_boxes(first: tuple[str, str], findings: Sequence[Finding], last: tuple[str, str]) -> str:
    """The figures on top: (name, value) of the first and the widest, between them the findings of each severity."""
    boxes = [("", *first)]
    for severity in SEVERITIES:
        boxes.append((severity, HEADINGS[severity], str(sum(found.severity == severity for found in findings))))
    boxes.append(("wide", *last))
    items = "".join(
        f'<div class="{kind}"><dt>{text(name)}</dt><dd>{text(value)}</dd></div>' for kind, name, value in boxes
    )
    return f'<dl class="counts">{items}</dl>'


def counted(findings: Sequence[Finding]) -> str:
    """ "2 hata, 5 uyarı"."""
    counts = [(sum(found.severity == severity for found in findings), COUNTED[severity]) for severity in SEVERITIES]
    return ", ".join(f"{count} {name.lower()}" for count, name in counts if count)


def choice(label: str, name: str, options: Iterable[tuple[str, str]], findings: Sequence[Finding]) -> str:
    """The form that chooses among the findings: (group, its name) and severity."""
    groups = "".join(f'<option value="{text(group)}">{text(shown)}</option>' for group, shown in options)
    present = [severity for severity in SEVERITIES if any(found.severity == severity for found in findings)]
    boxes = "".join(
        f'<label><input type="checkbox" name="onem" value="{severity}" checked> {HEADINGS[severity]}</label>'
        for severity in present
    )
    return f"""<form id="suz" class="filter" hidden>
<label class="choice">{label} <select name="{name}"><option value="">Tümü</option>{groups}</select></label>
<div class="choices" role="group" aria-labelledby="onem"><span id="onem" class="choice">Önem</span>{boxes}</div>
</form>
<p id="gosterilen" class="shown" role="status"></p>"""


@dataclass(frozen=True, slots=True)
class Listing:
    """Tables of findings; `names` says how each file is called on the page, "" where it need not be named."""

    names: Mapping[str, str]

    def kind(self, severity: str, code: str, fix: str, rows: Sequence[Row]) -> str:
        """One kind of finding with all its places and its remedy."""
        count = f' <span class="what">({len(rows)} yerde)</span>' if len(rows) > 1 else ""
        lines = "\n".join(map(self._row, rows))
        return f"""<section class="kind {severity}" data-severity="{severity}">
<h3><span class="severity">{HEADINGS[severity]}</span> <span class="code">{text(code)}</span>{count}</h3>
<table>
<thead><tr><th scope="col">Yer (dosya ▸ sayfa ▸ hücre)</th><th scope="col">Ne yanlış</th></tr></thead>
<tbody>
{lines}
</tbody>
</table>
<p class="fix"><strong>Nasıl düzeltilir:</strong> {text(fix)}</p>
</section>"""

    def where(self, place: Place) -> str:
        """A place in words, plain text."""
        shown = where(place._replace(file=self.names.get(place.file, place.file)))
        return shown or ("dosyanın tümü" if place.file else "")

    def _row(self, row: Row) -> str:
        marks = f' id="n{row.number}"' if row.number else ""
        marks += f' data-group="{text(row.group)}"' if row.group else ""
        return f"<tr{marks}><td>{self._place(row)}</td><td>{self._message(row.found)}</td></tr>"

    def _place(self, row: Row) -> str:
        about = " · ".join(filter(None, (f"No {row.number}" if row.number else "", row_of(row.found))))
        under = f'<span class="key">{text(about)}</span>' if about else ""
        # File names are long words: they may be broken after an underscore.
        return (text(self.where(row.found.place)).replace("_", "_<wbr>") or "–") + under

    def _message(self, found: Finding) -> str:
        others = [self.where(place) for place in found.related[:_RELATED_SHOWN]]
        if len(found.related) > len(others):
            others.append(f"ve {len(found.related) - len(others)} yer daha")
        under = f'<span class="related">İlgili yer: {text("; ".join(others))}</span>' if others else ""
        return text(found.message) + under
