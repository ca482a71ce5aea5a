"""The programme as frozen values, and findings as values with a place. No I/O; money is whole kuruş (int)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from kars_xl.addresses import a1
from kars_xl.information_table import InformationTable
from kars_xl.policy import PolicyTask, Purpose
from kars_xl.text import code_key

ECONOMIC_CODES = {
    1: "Personel Giderleri",
    2: "SGK Devlet Primi Giderleri",
    3: "Mal ve Hizmet Alım Giderleri",
    4: "Faiz Giderleri",
    5: "Cari Transferler",
    6: "Sermaye Giderleri",
    7: "Sermaye Transferleri",
    8: "Borç verme",
    9: "Yedek Ödenek",
}
EXTRA_SOURCES = ("Döner Sermaye", "Diğer Yurt İçi", "Yurt Dışı")


class Place(NamedTuple):
    """Where a value stands: file as named by the user, sheet ("" in a text file), row and column from 1."""

    file: str
    sheet: str = ""
    row: int = 0
    column: int = 0

    @property
    def cell(self) -> str:
        """A1 address; "" where the place is a whole sheet or file."""
        return a1(self.row, self.column) if self.row else ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, and how to mend it.

    `table` is the short name (FMT), `key` what it is about (F.1.4.2), `label` the row's name as it stands there;
    `values` are facts for machines, `related` other places of it.
    """

    code: str
    severity: str
    place: Place
    message: str
    fix: str
    table: str = ""
    key: str = ""
    label: str = ""
    values: tuple[tuple[str, str], ...] = ()
    related: tuple[Place, ...] = ()

    @property
    def is_error(self) -> bool:
        return self.severity == "error"


@dataclass(frozen=True, slots=True)
class Costs:
    """Cost of an activity, or a column of the resource matrix, in kuruş: codes 1–9, then three extra-budget sources."""

    budget: tuple[int, ...] = (0,) * 9
    extra: tuple[int, ...] = (0,) * 3

    @property
    def budget_total(self) -> int:
        return sum(self.budget)

    @property
    def extra_total(self) -> int:
        return sum(self.extra)

    @property
    def total(self) -> int:
        return self.budget_total + self.extra_total

    def __add__(self, other: Costs) -> Costs:
        return Costs(
            tuple(a + b for a, b in zip(self.budget, other.budget, strict=True)),
            tuple(a + b for a, b in zip(self.extra, other.extra, strict=True)),
        )


def total_costs(parts: Iterable[Costs]) -> Costs:
    """The sum by code and source; nothing sums to zero."""
    result = Costs()
    for part in parts:
        result += part
    return result


class IndicatorValue(NamedTuple):
    """An indicator's figure as displayed: 20 with `percent` is "20%"; `amount` None is the dash of "no value"."""

    amount: Decimal | None
    percent: bool = False


@dataclass(frozen=True, slots=True)
class Indicator:
    """Performans göstergesi: values of the years t-1, t and t+1; None where the cell is blank."""

    code: str
    name: str
    values: tuple[IndicatorValue | None, IndicatorValue | None, IndicatorValue | None]


@dataclass(frozen=True, slots=True)
class Activity:
    """Faaliyet with the units that spend for it and what it costs; costs None where nobody has given them."""

    code: str
    name: str
    units: tuple[str, ...] = ()
    costs: Costs | None = Costs()


class Goal(NamedTuple):
    """Amaç."""

    code: str
    name: str


class Objective(NamedTuple):
    """Hedef, below the goal whose code is the first part of its own."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Target:
    """Performans hedefi with its indicators and activities."""

    code: str
    name: str
    goal: str
    objective: str
    note: str = ""
    indicators: tuple[Indicator, ...] = ()
    activities: tuple[Activity, ...] = ()

    @property
    def costs(self) -> Costs:
        return total_costs(activity.costs for activity in self.activities if activity.costs)


class Unit(NamedTuple):
    """Harcama birimi with the e-mail address that its form goes to."""

    name: str
    email: str = ""


@dataclass(frozen=True, slots=True)
class Institution:
    """İdare: the name as in the tables; the rest stands on the cover."""

    name: str
    place: str = ""
    address: str = ""
    phone: str = ""
    web: str = ""
    email: str = ""
    head: str = ""
    head_title: str = ""


class Totals(NamedTuple):
    """The four sums of a programme: of its activities, of Tablo 11's two given columns, and of all three."""

    activities: Costs
    general: Costs
    transfers: Costs
    grand: Costs


@dataclass(frozen=True, slots=True)
class Programme:
    """A performans programı of `year` (t+1). `general` and `transfers` are Tablo 11's columns; None = not given."""

    institution: Institution
    year: int
    goals: tuple[Goal, ...] = ()
    objectives: tuple[Objective, ...] = ()
    targets: tuple[Target, ...] = ()
    general: Costs | None = Costs()
    transfers: Costs | None = Costs()
    units: tuple[Unit, ...] = ()
    information: tuple[InformationTable, ...] = ()
    purpose: Purpose = field(default_factory=Purpose)
    policies: tuple[PolicyTask, ...] = ()

    @property
    def activities(self) -> tuple[Activity, ...]:
        return tuple(activity for target in self.targets for activity in target.activities)

    @property
    def activity_costs(self) -> Costs:
        return total_costs(target.costs for target in self.targets)

    @property
    def totals(self) -> Totals:
        """A column that nobody gave counts as zero."""
        parts = (self.activity_costs, self.general or Costs(), self.transfers or Costs())
        return Totals(*parts, grand=total_costs(parts))


@dataclass(frozen=True, slots=True)
class Contribution:
    """One cost table as a form gave it: whose, for which activity, where it stands and with which file (SHA-256).

    `place` is its total's cell, `places` those of its figures in the order of `Costs`; None where it has no such row.
    """

    activity: str
    unit: str
    costs: Costs
    place: Place
    revision: int = 0
    filled_by: str = ""
    digest: str = ""
    places: tuple[Place | None, ...] = (None,) * 12


@dataclass(frozen=True, slots=True)
class ColumnSource:
    """A column of Tablo 11, "general" or "transfers", as the finance office's form gave it; else as a Contribution."""

    column: str
    unit: str
    costs: Costs
    place: Place
    revision: int = 0
    filled_by: str = ""
    digest: str = ""
    places: tuple[Place | None, ...] = (None,) * 12


@dataclass(frozen=True, slots=True)
class IndicatorSource:
    """An indicator as one form gave it: values and cells of the years t-1, t and t+1."""

    indicator: str
    unit: str
    values: tuple[IndicatorValue | None, IndicatorValue | None, IndicatorValue | None]
    places: tuple[Place, Place, Place]
    revision: int = 0
    filled_by: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True)
class InformationSource:
    """A row of a general table as one form gave it, with the cells of its figures, or of its label in a list."""

    table: str
    row: str
    unit: str
    places: tuple[Place, ...]
    revision: int = 0
    filled_by: str = ""
    digest: str = ""


Source = Contribution | ColumnSource | IndicatorSource | InformationSource


@dataclass(frozen=True, slots=True)
class Merged:
    """What consolidation yields: the programme, where its figures came from, all findings, and the count of files.

    `replaced` are the files that are not used, because the same sender sent a higher revision.
    """

    programme: Programme
    contributions: tuple[Contribution, ...] = ()
    findings: tuple[Finding, ...] = ()
    files: int = 0
    columns: tuple[ColumnSource, ...] = ()
    indicators: tuple[IndicatorSource, ...] = ()
    information: tuple[InformationSource, ...] = ()
    replaced: frozenset[str] = frozenset()

    @property
    def sources(self) -> tuple[Source, ...]:
        """All that forms gave."""
        return (*self.contributions, *self.columns, *self.indicators, *self.information)


def by_code(items: Iterable[str]) -> list[str]:
    """Codes in numeric order, each once."""
    return sorted(set(items), key=lambda code: (code_key(code), code))
