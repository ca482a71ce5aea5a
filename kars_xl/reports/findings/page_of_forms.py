"""The page about forms: who sent what, and every finding with its place and remedy, unit by unit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kars_xl.findings.as_text import programme_title
from kars_xl.findings.merged import Merged
from kars_xl.findings.severity import in_order
from kars_xl.reports.findings.by_unit import UnitOverview
from kars_xl.reports.page import document
from kars_xl.reports.page.findings import Listing, Row, page_names

_NO_FILE = "Bir dosyaya bağlı olmayan bulgular"


def page(units: Sequence[UnitOverview], merged: Merged | None) -> str:
    """The page about `units`; `merged` gives it its title and is None where reading came to nothing."""
    findings = [found for unit in units for found in unit.findings]
    names = page_names((file for unit in units for file in (*unit.forms, *unit.replaced)), findings)

    def name(unit: UnitOverview) -> str:
        return unit.name if unit.is_unit else names.get(unit.name, _NO_FILE)

    def files(unit: UnitOverview) -> str:
        if not unit.is_unit:
            return ""
        forms = ", ".join(names[file] for file in unit.forms) or "form gelmedi"
        replaced = ", ".join(names[file] for file in unit.replaced)
        return f"{forms} (kullanılmayan eski form: {replaced})" if replaced else forms

    groups = [(f"b{number}", unit) for number, unit in enumerate(units, start=1)]
    return document(
        "forms.html",
        "Form denetimi",
        programme_title(merged.programme) if merged is not None else "Denetlenen dosyalar",
        units=units,
        groups=groups,
        options=[(group, name(unit)) for group, unit in groups if unit.findings],
        findings=findings,
        listing=Listing(names),
        name=name,
        files=files,
        forms=lambda units: sum(len(unit.forms) for unit in units),
        total=_total,
        rows=lambda unit: [Row(found) for found in in_order(unit.findings)],
    )


def _total(units: Iterable[UnitOverview]) -> int | None:
    """Kuruş; None where a unit that sent a form has no sum."""
    sent = [unit.kurus for unit in units if unit.forms]
    return None if None in sent or not sent else sum(kurus or 0 for kurus in sent)
