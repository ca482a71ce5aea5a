"""Who sent what, and what is wrong in it: forms, findings and amounts by unit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from kars_xl.base.file_names import short_names
from kars_xl.base.place import Place
from kars_xl.base.text import sort_key
from kars_xl.findings.as_text import programme_title, row_of, where
from kars_xl.findings.codes import Effect
from kars_xl.findings.finding import Finding, Merged
from kars_xl.findings.severity import in_order
from kars_xl.merging.consolidate import Owner, is_finance, owner
from kars_xl.model.programme import Costs, Programme
from kars_xl.model.units import NO_UNIT, Unit, Units
from kars_xl.reading.tables import Document
from kars_xl.reports.page import document as html_document

FINANCE = "Mali Hizmetler (Tablo 11)"


@dataclass(slots=True, kw_only=True)
class UnitOverview:
    """A unit, the finance office with its Tablo 11, or a `file` that is no unit's.

    `replaced` are forms that are not used because a later revision came. `kurus` is what the used ones cost together,
    None where they say nothing or not all of it can be read. `planned`: the plan names the unit.
    """

    unit: Unit = NO_UNIT
    file: str = ""
    forms: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    kurus: int | None = None
    replaced: list[str] = field(default_factory=list)
    is_finance: bool = False
    planned: bool = False

    @property
    def is_unit(self) -> bool:
        return bool(self.unit)

    @property
    def name(self) -> str:
        return self.unit.name or self.file

    def count(self, severity: str) -> int:
        return sum(found.severity == severity for found in self.findings)


def overview(
    documents: Sequence[Document], findings: Sequence[Finding], merged: Merged | None, plan: Programme | None
) -> list[UnitOverview]:
    """Units in alphabetical order, those of the plan that sent nothing included; then the other files with findings.

    A finding belongs to the unit whose form it is in. What the plan misses of a unit is the unit's, too. A finding
    about no file stands under the name "".
    """
    units: dict[Owner, UnitOverview] = {}
    of_file: dict[str, UnitOverview] = {}
    amounts = dict(_amounts(documents, merged)) if merged else {}
    unused = merged.replaced if merged else frozenset()
    known = plan.known if plan else Units()
    for document in documents:
        unit, file = known.of(document.unit), "" if document.unit else document.file
        mine = UnitOverview(unit=unit, file=file, is_finance=is_finance(document))
        own = units.setdefault(owner(document), mine)
        of_file[document.file] = own
        (own.replaced if document.file in unused else own.forms).append(document.file)
        if document.file in amounts:
            own.kurus = (own.kurus or 0) + amounts[document.file]
    for unit in (unit for activity in (plan.activities if plan else ()) for unit in activity.units):
        units.setdefault((unit, False), UnitOverview(unit=unit)).planned = True
    others: dict[str, UnitOverview] = {}
    for found in findings:
        file = found.place.file
        if _is_no_tablo_11(found):
            group = units.setdefault(("", True), UnitOverview(unit=Unit(FINANCE), is_finance=True))
        else:
            missed = Unit(dict(found.values).get("unit", found.key))
            group = of_file.get(file) or units.get((missed, False)) or others.setdefault(file, UnitOverview(file=file))
        group.findings.append(found)
    for group in units.values():
        if any(found.is_error for found in group.findings):
            # Without the cells that could not be read the sum would be a wrong figure that looks right.
            group.kurus = None
    return [*_sorted(units.values()), *_sorted(others.values())]


def _is_no_tablo_11(found: Finding) -> bool:
    """That the finance office's form is missing is said at no file, but is that office's matter."""
    return found.has(Effect.NOT_SENT) and found.table == "TKT"


def _sorted(groups: Iterable[UnitOverview]) -> list[UnitOverview]:
    return sorted(groups, key=lambda group: (not group.is_unit, sort_key(group.name)))


def _amounts(documents: Sequence[Document], merged: Merged) -> Iterator[tuple[str, int]]:
    """(file, kuruş): its cost tables' sum, and in the finance office's form the columns that only it gives."""
    given: dict[str, int] = {}
    for part in merged.contributions:
        given[part.place.file] = given.get(part.place.file, 0) + part.costs.total
    own = (merged.programme.administration or Costs()) + (merged.programme.transfers or Costs())
    for document in documents:
        if any("general" in table.columns for table in document.matrices):
            # Consolidation takes the first one; a second is an error of its own.
            given[document.file] = given.get(document.file, 0) + own.total
            break
    yield from given.items()


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
    return html_document(
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
