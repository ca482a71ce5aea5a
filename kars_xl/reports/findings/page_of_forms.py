"""The page about forms: who sent what, and every finding with its place and remedy, unit by unit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from kars_xl.base.money import format_tl
from kars_xl.base.short_names import short_names
from kars_xl.findings.as_text import programme_title
from kars_xl.findings.merged import Merged
from kars_xl.findings.severity import COUNTED, SEVERITIES, kinds
from kars_xl.reports.findings.by_unit import UnitOverview
from kars_xl.reports.page import document, text
from kars_xl.reports.page.findings import CLEAN, Listing, Row, choice, count_boxes, counted

_NO_FILE = "Bir dosyaya bağlı olmayan bulgular"


def page(units: Sequence[UnitOverview], merged: Merged | None) -> str:
    """The page about `units`; `merged` gives it its title and is None where reading came to nothing."""
    return _Page(units).render(merged)


class _Page:
    def __init__(self, units: Sequence[UnitOverview]) -> None:
        self.units = units
        self.findings = [found for unit in units for found in unit.findings]
        places = [place for found in self.findings for place in (found.place, *found.related)]
        files = [place.file for place in places] + [file for unit in units for file in (*unit.forms, *unit.replaced)]
        tails = short_names(file for file in dict.fromkeys(files) if file)
        self.names: Mapping[str, str] = {file: " ▸ ".join(parts) for file, parts in tails.items()}
        self.listing = Listing(self.names)

    def render(self, merged: Merged | None) -> str:
        heading = programme_title(merged.programme) if merged is not None else "Denetlenen dosyalar"
        forms = str(sum(len(unit.forms) for unit in self.units))
        amount = format_tl(_total(self.units))
        counts = count_boxes(("Form", forms), self.findings, ("Formların toplam tutarı (TL)", amount))
        parts = [self._overview(), *([self._choice(), *self._sections()] if self.findings else [CLEAN])]
        return document("Form denetimi", heading, counts, "\n".join(parts))

    def _overview(self) -> str:
        heads = "".join(
            f'<th scope="col" role="columnheader" class="number">{name}</th>'
            for name in ("Form", *COUNTED.values(), "Tutar (TL)")
        )
        rows = "\n".join(self._unit_row(number, unit) for number, unit in enumerate(self.units, start=1))
        return f"""<section aria-labelledby="birimler">
<h2 id="birimler">Birimler</h2>
<table class="cards units" role="table">
<thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">Birim</th>{heads}</tr></thead>
<tbody role="rowgroup">
{rows}
</tbody>
<tfoot role="rowgroup"><tr role="row"><th scope="row" role="rowheader">Toplam</th>{_figures(self.units)}</tr></tfoot>
</table>
</section>"""

    def _unit_row(self, number: int, unit: UnitOverview) -> str:
        name = text(self._name(unit))
        if unit.findings:
            name = f'<a href="#b{number}">{name}</a>'
        files = ", ".join(self.names[file] for file in unit.forms) if unit.is_unit else ""
        if unit.is_unit and not files:
            files = "form gelmedi"
        if unit.replaced:
            files += f" (kullanılmayan eski form: {', '.join(self.names[file] for file in unit.replaced)})"
        under = f'<span class="files">{text(files)}</span>' if files else ""
        return f'<tr role="row"><th scope="row" role="rowheader">{name}{under}</th>{_figures([unit])}</tr>'

    def _name(self, unit: UnitOverview) -> str:
        return unit.name if unit.is_unit else self.names.get(unit.name, _NO_FILE)

    def _choice(self) -> str:
        options = [(f"b{number}", self._name(unit)) for number, unit in enumerate(self.units, start=1) if unit.findings]
        return choice("Birim", "birim", options, self.findings)

    def _sections(self) -> list[str]:
        return [self._section(number, unit) for number, unit in enumerate(self.units, start=1) if unit.findings]

    def _section(self, number: int, unit: UnitOverview) -> str:
        tables = "\n".join(
            self.listing.kind(severity, code, fix, [Row(item) for item in found])
            for severity, code, fix, found in kinds(unit.findings)
        )
        return f"""<section class="group" id="b{number}" data-group="b{number}" aria-labelledby="b{number}-ad">
<h2 id="b{number}-ad">{text(self._name(unit))}</h2>
<p class="shown">{counted(unit.findings)}</p>
{tables}
</section>"""


def _figures(units: Sequence[UnitOverview]) -> str:
    """The cells of a row of the overview: forms, findings of each severity, amount; of several units their sums."""
    counts = [("form", "Form", sum(len(unit.forms) for unit in units))]
    counts += [(severity, COUNTED[severity], sum(unit.count(severity) for unit in units)) for severity in SEVERITIES]
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
