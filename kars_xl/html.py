"""One self-contained page for a browser: who sent what, and every finding with its place and remedy.

Nothing is loaded from anywhere, and the same findings make the same page, byte for byte. All text comes from forms
and is escaped; a content security policy stands behind that, which lets only the page's own script and style run.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from html import escape
from importlib import resources
from string import Template

from kars_xl import __version__
from kars_xl.catalogue import ADVICE, ERROR, WARNING
from kars_xl.model import Finding, Merged, Place
from kars_xl.money import format_tl
from kars_xl.overview import UnitOverview
from kars_xl.report import HEADINGS, row_of, where
from kars_xl.shortnames import short_names
from kars_xl.text import writable

_SEVERITIES = (ERROR, WARNING, ADVICE)
_COLUMNS = {ERROR: "Hata", WARNING: "Uyarı", ADVICE: "Öneri"}
_NO_FILE = "Bir dosyaya bağlı olmayan bulgular"
_RELATED_SHOWN = 5


def page(units: Sequence[UnitOverview], merged: Merged | None) -> str:
    """The page about `units`; `merged` gives it its title and is None where reading came to nothing."""
    return _Page(units).render(merged)


class _Page:
    def __init__(self, units: Sequence[UnitOverview]) -> None:
        self.units = units
        self.findings = [found for unit in units for found in unit.findings]
        places = [place for found in self.findings for place in (found.place, *found.related)]
        files = [place.file for place in places] + [file for unit in units for file in unit.forms]
        tails = short_names(file for file in dict.fromkeys(files) if file)
        self.names: Mapping[str, str] = {file: " ▸ ".join(parts) for file, parts in tails.items()}

    def render(self, merged: Merged | None) -> str:
        heading = "Denetlenen dosyalar"
        if merged is not None:
            programme = merged.programme
            heading = " – ".join(
                part for part in (programme.institution.name, f"{programme.year} Mali Yılı Performans Programı") if part
            )
        style, script = _asset("page.css"), _asset("page.js")
        return Template(_asset("page.html")).substitute(
            title=_text(f"{heading} – form denetimi"),
            heading=_text(heading),
            version=_text(__version__),
            style=style,
            style_hash=_hash(style),
            script=script,
            script_hash=_hash(script),
            counts=self._counts(),
            overview=self._overview(),
            filter=self._filter() if self.findings else "",
            findings=self._findings() if self.findings else '<p class="clean">Sorun bulunmadı.</p>',
        )

    def _counts(self) -> str:
        boxes = [("", "Form", str(sum(len(unit.forms) for unit in self.units)))]
        for severity in _SEVERITIES:
            count = sum(found.severity == severity for found in self.findings)
            boxes.append((severity, HEADINGS[severity], str(count)))
        boxes.append(("wide", "Formların toplam tutarı (TL)", format_tl(_total(self.units))))
        items = "".join(f'<div class="{kind}"><dt>{name}</dt><dd>{value}</dd></div>' for kind, name, value in boxes)
        return f'<dl class="counts">{items}</dl>'

    def _overview(self) -> str:
        heads = "".join(
            f'<th scope="col" role="columnheader" class="number">{name}</th>'
            for name in ("Form", *_COLUMNS.values(), "Tutar (TL)")
        )
        rows = "\n".join(self._unit_row(number, unit) for number, unit in enumerate(self.units, start=1))
        return f"""<section aria-labelledby="birimler">
<h2 id="birimler">Birimler</h2>
<table class="units" role="table">
<thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">Birim</th>{heads}</tr></thead>
<tbody role="rowgroup">
{rows}
</tbody>
<tfoot role="rowgroup"><tr role="row"><th scope="row" role="rowheader">Toplam</th>{_figures(self.units)}</tr></tfoot>
</table>
</section>"""

    def _unit_row(self, number: int, unit: UnitOverview) -> str:
        name = _text(self._name(unit))
        if unit.findings:
            name = f'<a href="#b{number}">{name}</a>'
        files = ", ".join(self.names[file] for file in unit.forms) if unit.is_unit else ""
        if unit.is_unit and not files:
            files = "form gelmedi"
        under = f'<span class="files">{_text(files)}</span>' if files else ""
        return f'<tr role="row"><th scope="row" role="rowheader">{name}{under}</th>{_figures([unit])}</tr>'

    def _name(self, unit: UnitOverview) -> str:
        return unit.name if unit.is_unit else self.names.get(unit.name, _NO_FILE)

    def _filter(self) -> str:
        options = "".join(
            f'<option value="b{number}">{_text(self._name(unit))}</option>'
            for number, unit in enumerate(self.units, start=1)
            if unit.findings
        )
        present = [severity for severity in _SEVERITIES if any(found.severity == severity for found in self.findings)]
        boxes = "".join(
            f'<label><input type="checkbox" name="onem" value="{severity}" checked> {HEADINGS[severity]}</label>'
            for severity in present
        )
        return f"""<form id="suz" class="filter" hidden>
<label class="choice">Birim <select name="birim"><option value="">Tümü</option>{options}</select></label>
<div class="choices" role="group" aria-labelledby="onem"><span id="onem" class="choice">Önem</span>{boxes}</div>
</form>
<p id="gosterilen" class="shown" role="status"></p>"""

    def _findings(self) -> str:
        return "\n".join(
            self._unit_section(number, unit) for number, unit in enumerate(self.units, start=1) if unit.findings
        )

    def _unit_section(self, number: int, unit: UnitOverview) -> str:
        counts = ", ".join(
            f"{unit.count(severity)} {_COLUMNS[severity].lower()}" for severity in _SEVERITIES if unit.count(severity)
        )
        kinds = "\n".join(
            self._kind(severity, code, fix, found) for severity, code, fix, found in _kinds(unit.findings)
        )
        return f"""<section class="unit" id="b{number}" aria-labelledby="b{number}-ad">
<h2 id="b{number}-ad">{_text(self._name(unit))}</h2>
<p class="shown">{counts}</p>
{kinds}
</section>"""

    def _kind(self, severity: str, code: str, fix: str, findings: Sequence[Finding]) -> str:
        count = f' <span class="what">({len(findings)} yerde)</span>' if len(findings) > 1 else ""
        rows = "\n".join(f"<tr><td>{self._place(found)}</td><td>{self._message(found)}</td></tr>" for found in findings)
        return f"""<section class="kind {severity}" data-severity="{severity}">
<h3><span class="severity">{HEADINGS[severity]}</span> <span class="code">{_text(code)}</span>{count}</h3>
<table>
<thead><tr><th scope="col">Yer (dosya ▸ sayfa ▸ hücre)</th><th scope="col">Ne yanlış</th></tr></thead>
<tbody>
{rows}
</tbody>
</table>
<p class="fix"><strong>Nasıl düzeltilir:</strong> {_text(fix)}</p>
</section>"""

    def _place(self, found: Finding) -> str:
        row = row_of(found)
        under = f'<span class="key">{_text(row)}</span>' if row else ""
        # File names are long words: they may be broken after an underscore.
        return (_text(self._where(found.place)).replace("_", "_<wbr>") or "–") + under

    def _message(self, found: Finding) -> str:
        others = [self._where(place) for place in found.related[:_RELATED_SHOWN]]
        if len(found.related) > len(others):
            others.append(f"ve {len(found.related) - len(others)} yer daha")
        under = f'<span class="related">İlgili yer: {_text("; ".join(others))}</span>' if others else ""
        return _text(found.message) + under

    def _where(self, place: Place) -> str:
        return where(replace(place, file=self.names.get(place.file, place.file)))


def _kinds(findings: Iterable[Finding]) -> Iterator[tuple[str, str, str, list[Finding]]]:
    """(severity, code, remedy, findings) with the worst first; findings of one remedy together."""
    groups: dict[tuple[int, str, str], list[Finding]] = {}
    for found in findings:
        groups.setdefault((_SEVERITIES.index(found.severity), found.code, found.fix), []).append(found)
    for (severity, code, fix), group in sorted(groups.items(), key=lambda item: item[0][:2]):
        yield _SEVERITIES[severity], code, fix, group


def _figures(units: Sequence[UnitOverview]) -> str:
    """The cells of a row of the overview: forms, findings of each severity, amount; of several units their sums."""
    counts = [("form", "Form", sum(len(unit.forms) for unit in units))]
    counts += [(severity, _COLUMNS[severity], sum(unit.count(severity) for unit in units)) for severity in _SEVERITIES]
    cells = [
        f'<td role="cell" class="number {kind if count else "zero"}" data-label="{label}">{count}</td>'
        for kind, label, count in counts
    ]
    cells.append(f'<td role="cell" class="number" data-label="Tutar (TL)">{format_tl(_total(units))}</td>')
    return "".join(cells)


def _total(units: Iterable[UnitOverview]) -> int | None:
    """Kuruş; None where a unit that sent a form has no sum."""
    sent = [unit.kurus for unit in units if unit.forms]
    return None if None in sent or not sent else sum(kurus or 0 for kurus in sent)


def _text(text: str) -> str:
    return escape(writable(text))


def _asset(name: str) -> str:
    return (resources.files("kars_xl") / "page" / name).read_text(encoding="utf-8").strip()


def _hash(content: str) -> str:
    """The name by which the content security policy knows an inline script or style."""
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode("utf-8")).digest()).decode()
