"""Findings on a page: what is said of each beside its message, and which of them stand in one table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from kars_xl.base.file_names import short_names
from kars_xl.base.place import Place
from kars_xl.findings.as_text import programme_title, row_of, where
from kars_xl.findings.finding import Finding, Merged
from kars_xl.findings.severity import in_order
from kars_xl.reports.findings.by_unit import UnitOverview
from kars_xl.reports.page import document

_RELATED_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Row:
    """A finding as a row: `number` stands in it and names it for links (0: none), the choice goes by `group`."""

    found: Finding
    number: int = 0
    group: str = ""


def page_names(files: Iterable[str], findings: Iterable[Finding]) -> dict[str, str]:
    """What each file is called on a page: `files`, and those that findings are about."""
    places = [place for found in findings for place in (found.place, *found.related)]
    named = [file for file in dict.fromkeys([*files, *(place.file for place in places)]) if file]
    return {file: " ▸ ".join(parts) for file, parts in short_names(named).items()}


@dataclass(frozen=True, slots=True)
class Listing:
    """Tables of findings; `names` says how each file is called on the page, "" where it need not be named."""

    names: Mapping[str, str]

    def kinds(self, rows: Iterable[Row]) -> Iterator[tuple[str, str, str, Sequence[Row]]]:
        """(severity, code, remedy, rows) of each table; `rows` are in the order of their kinds."""
        for kind, group in groupby(rows, key=lambda row: (row.found.severity, row.found.code, row.found.fix)):
            yield *kind, list(group)

    def where(self, place: Place) -> str:
        """A place in words."""
        shown = where(place._replace(file=self.names.get(place.file, place.file)))
        return shown or ("dosyanın tümü" if place.file else "")

    def about(self, row: Row) -> str:
        return " · ".join(filter(None, (f"No {row.number}" if row.number else "", row_of(row.found))))

    def related(self, found: Finding) -> str:
        """The first few of the other places that a finding is about."""
        others = [self.where(place) for place in found.related[:_RELATED_SHOWN]]
        if len(found.related) > len(others):
            others.append(f"ve {len(found.related) - len(others)} yer daha")
        return "; ".join(others)


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
