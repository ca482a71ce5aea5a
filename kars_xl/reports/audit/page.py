"""The audit's page: the reconciliation first, then what explains its differences, then every finding."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from kars_xl.base.money import format_tl
from kars_xl.base.short_names import short_names
from kars_xl.base.text import code_key, sort_key
from kars_xl.findings.as_text import TABLES, programme_title
from kars_xl.findings.finding import Finding
from kars_xl.findings.severity import COUNTED
from kars_xl.reports.audit import Audit
from kars_xl.reports.audit.listing import Numbered, covered, numbered
from kars_xl.reports.audit.reconcile import MEASURES, TotalsLine
from kars_xl.reports.audit.verdict import ALONE, DIFFERS, SAME, agreement, remark, result, verdict
from kars_xl.reports.page import document, text
from kars_xl.reports.page.findings import CLEAN, Listing, Row, choice, count_boxes

_HEADINGS = {"error": "Hatalar", "warning": "Uyarılar", "advice": "Öneriler"}
_IN_SHORT = {SAME: "tutuyor", DIFFERS: "tutmuyor", ALONE: "karşılaştırılamadı"}
_NO_TABLE = "-"


def page(done: Audit, findings: Sequence[Finding], files: Sequence[str]) -> str:
    """The page of an audit; `findings` are all, those about the files themselves included, `files` what was read."""
    return _Page(done, findings, files).render()


class _Page:
    def __init__(self, done: Audit, findings: Sequence[Finding], files: Sequence[str]) -> None:
        self.done = done
        self.findings = numbered(findings)
        places = [place for found in findings for place in (found.place, *found.related)]
        named = [file for file in dict.fromkeys([*files, *(place.file for place in places)]) if file]
        self.files = {file: " ▸ ".join(parts) for file, parts in short_names(named).items()}
        self.read = [self.files[file] for file in files]
        # The one file that there is need not be named in every row.
        self.listing = Listing(dict.fromkeys(named, "") if len(named) == 1 else self.files)

    def render(self) -> str:
        found = [item.found for item in self.findings]
        look, _ = verdict(self.done.totals)
        counts = count_boxes(("Dosya", str(len(self.read))), found, ("Tabloların toplamları", _IN_SHORT[look]))
        files = "Denetlenen dosya: " if len(self.read) == 1 else "Denetlenen dosyalar: "
        parts = [f'<p class="shown">{text(files + ", ".join(self.read))}</p>', self._reconciliation()]
        if self.done.explanations:
            parts.append(self._explanations())
        parts += [self._choice(found), *self._sections()] if found else [CLEAN]
        return document("Program denetimi", programme_title(self.done.programme), counts, "\n".join(parts))

    # The reconciliation

    def _reconciliation(self) -> str:
        totals = self.done.totals
        look, sentence = verdict(totals)
        heads = "".join(
            f'<th scope="col" role="columnheader" class="number">{name} (TL)</th>' for name in MEASURES.values()
        )
        rows = "\n".join(map(self._totals_row, totals.lines))
        sentences = "".join(f"<li>{text(said)}</li>" for measure in MEASURES if (said := agreement(totals, measure)))
        return f"""<section aria-labelledby="mutabakat">
<h2 id="mutabakat">Mutabakat</h2>
<p class="verdict {look}">{text(sentence)}</p>
<table class="cards totals" role="table">
<thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">Tablo</th>{heads}</tr></thead>
<tbody role="rowgroup">
{rows}
</tbody>
<tfoot role="rowgroup"><tr role="row"><th scope="row" role="rowheader">Sonuç</th>{self._results()}</tr></tfoot>
</table>
<ul class="agreement">{sentences}</ul>
</section>"""

    def _totals_row(self, line: TotalsLine) -> str:
        cells = "".join(self._figure(line, measure) for measure in MEASURES)
        return f'<tr role="row"><th scope="row" role="rowheader">{text(line.name)}</th>{cells}</tr>'

    def _figure(self, line: TotalsLine, measure: str) -> str:
        start = f'<td role="cell" class="number%s" data-label="{MEASURES[measure]}">'
        if measure not in line.sums:
            return start % " zero" + "–</td>"
        item = line.sums[measure]
        look, said = remark(self.done.totals, line, measure)
        under = f'<span class="remark {look}">{text(said)}</span>' if said else ""
        place = self.listing.where(item.place) if item.place else "tablolardan toplandı"
        return start % "" + f'{format_tl(item.kurus)}{under}<span class="key">{text(place)}</span></td>'

    def _results(self) -> str:
        cells = ""
        for measure, name in MEASURES.items():
            look, said = result(self.done.totals, measure)
            cells += f'<td role="cell" class="number {look}" data-label="{name}">{text(said)}</td>'
        return cells

    # What explains the differences

    def _explanations(self) -> str:
        items = "\n".join(
            f'<li id="a{number}">{text(item.text)}{self._links(covered(item, self.findings))}</li>'
            for number, item in enumerate(self.done.explanations, start=1)
        )
        return f"""<section aria-labelledby="aciklama">
<h2 id="aciklama">Farkların nedenleri</h2>
<ol class="explanations">
{items}
</ol>
</section>"""

    def _links(self, items: Sequence[Numbered]) -> str:
        if not items:
            return ""
        kinds = [
            f"{text(code)} " + ", ".join(map(self._link, group))
            for code, group in groupby(items, key=lambda item: item.found.code)
        ]
        return f'<span class="related">Açıkladığı bulgular: {"; ".join(kinds)}</span>'

    def _link(self, item: Numbered) -> str:
        shown = item.found.key or item.found.label or self.listing.where(item.found.place)
        return f'<a href="#n{item.number}">{text(shown)}</a>'

    # The findings

    def _choice(self, findings: Sequence[Finding]) -> str:
        present = {found.table for found in findings}
        known = [table for table in TABLES if table in present]
        others = sorted(present - {*known, ""}, key=lambda table: (code_key(table), sort_key(table)))
        options = [(table, TABLES.get(table, table)) for table in (*known, *others)]
        if "" in present:
            options.append((_NO_TABLE, "Tabloya bağlı olmayan"))
        return choice("Tablo", "tablo", options, findings)

    def _sections(self) -> Iterator[str]:
        for severity, group in groupby(self.findings, key=lambda item: item.found.severity):
            items = list(group)
            tables = "\n".join(
                self.listing.kind(severity, *kind, [_row(item) for item in rows])
                for kind, rows in groupby(items, key=lambda item: (item.found.code, item.found.fix))
            )
            yield f"""<section class="group" id="{severity}" aria-labelledby="{severity}-ad">
<h2 id="{severity}-ad">{_HEADINGS[severity]}</h2>
<p class="shown">{len(items)} {COUNTED[severity].lower()}</p>
{tables}
</section>"""


def _row(item: Numbered) -> Row:
    return Row(item.found, item.number, item.found.table or _NO_TABLE)
