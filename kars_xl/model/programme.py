"""The programme as frozen values. No I/O; money is whole kuruş (int)."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from msgspec import Struct, field

from kars_xl.base.text import code_key
from kars_xl.model.cost_rows import CostKey, CostRow, CostTotal
from kars_xl.model.units import NO_UNIT, Unit, Units


class ProgrammeTableRow(NamedTuple):
    """A row of a general table: its figures by column (None for a blank), and what is said beside them. `subtotal`: the
    row sums those above it since the last such row, and its figures follow from them."""

    label: str
    values: tuple[Decimal | None, ...] = ()
    note: str = ""
    subtotal: bool = False


class ProgrammeTable(Struct, frozen=True):
    """A general table (Tablo 1–10) without totals and percentages, which follow from its rows. `kind` is a key of
    kars_xl.reading.general.kinds.KINDS, `heading` stands above the labels; a list has no columns. `unit` is whom the
    plan asks for it, nobody in a merged programme."""

    kind: str
    caption: str
    number: str = ""
    heading: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[ProgrammeTableRow, ...] = ()
    unit: Unit = NO_UNIT

    @property
    def title(self) -> str:
        """ "Tablo 9 Personel Eğitim Durumu", or what stands there without a number."""
        return f"Tablo {self.number} {self.caption}".rstrip() if self.number else self.caption


class Purpose(Struct, frozen=True):
    """Misyon, vizyon and ilkeler as the strategic plan has them; "" and () where they are not given."""

    mission: str = ""
    vision: str = ""
    principles: tuple[str, ...] = ()


class PolicyTask(NamedTuple):
    """A task that an upper policy document gives: "264.2." of a section, and its sentence; "" for what it lacks."""

    document: str
    section: str
    reference: str
    text: str


class Costs(Struct, frozen=True):
    """Cost of an activity, or a column of Tablo 11, in kuruş by row; iterating gives (row, kuruş) in official order."""

    amounts: tuple[int, ...] = (0,) * len(CostRow)

    @classmethod
    def of(cls, amounts: Mapping[CostRow, int | None]) -> "Costs":
        """What is missing or None is zero."""
        return cls(tuple(amounts.get(row) or 0 for row in CostRow))

    def __getitem__(self, key: CostKey) -> int:
        """A row's amount, or the sum of the rows of a total."""
        if isinstance(key, CostRow):
            return self.amounts[key.position]
        return sum(self.amounts[row.position] for row in key.rows)

    def __iter__(self) -> Iterator[tuple[CostRow, int]]:
        return zip(CostRow, self.amounts, strict=True)

    @property
    def budget_total(self) -> int:
        return self[CostTotal.BUDGET]

    @property
    def extra_total(self) -> int:
        return self[CostTotal.EXTRA]

    @property
    def total(self) -> int:
        return sum(self.amounts)

    def __add__(self, other: "Costs") -> "Costs":
        return Costs(tuple(map(int.__add__, self.amounts, other.amounts)))


def total_costs(parts: Iterable[Costs]) -> Costs:
    """The sum by code and source; nothing sums to zero."""
    return sum(parts, Costs())


class IndicatorValue(NamedTuple):
    """An indicator's figure as displayed: 20 with `percent` is "20%"; `amount` None is the dash of "no value"."""

    amount: Decimal | None
    percent: bool = False


class Indicator(Struct, frozen=True):
    """Performans göstergesi: values of the years t-1, t and t+1; None where the cell is blank. `units` are those of the
    plan for it; none: every unit that works for its target, and in a merged programme."""

    code: str
    name: str
    values: tuple[IndicatorValue | None, IndicatorValue | None, IndicatorValue | None]
    units: tuple[Unit, ...] = ()


class Activity(Struct, frozen=True):
    """Faaliyet with the units that spend for it and what it costs; costs None where nobody has given them."""

    code: str
    name: str
    units: tuple[Unit, ...] = ()
    costs: Costs | None = Costs()


class Goal(NamedTuple):
    """Amaç."""

    code: str
    name: str


class Objective(NamedTuple):
    """Hedef, below the goal whose code is the first part of its own."""

    code: str
    name: str


class Target(Struct, frozen=True):
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

    @property
    def units(self) -> tuple[Unit, ...]:
        """Who works for it."""
        return tuple(dict.fromkeys(unit for activity in self.activities for unit in activity.units))


class PastCosts(NamedTuple):
    """What a unit had for an activity in an earlier year (kuruş)."""

    activity: str
    year: int
    unit: Unit
    costs: Costs


class Limits(NamedTuple):
    """When amounts are told to be odd: an activity `growth` times its last year's, a unit `scale` times its last year's
    or its peers' (or as many times smaller), an activity with `share` percent of the whole."""

    growth: Decimal = Decimal(10)
    scale: Decimal = Decimal(100)
    share: Decimal = Decimal(25)


class Institution(Struct, frozen=True):
    """İdare: the name as in the tables; the rest stands on the cover. `office` gathers the forms, `officer` there is
    who answers questions, at `extension`."""

    name: str
    place: str = ""
    address: str = ""
    phone: str = ""
    web: str = ""
    email: str = ""
    head: str = ""
    head_title: str = ""
    office: str = ""
    officer: str = ""
    extension: str = ""


class Totals(NamedTuple):
    """The four sums of a programme: of its activities, of Tablo 11's two given columns, and of all three."""

    activities: Costs
    administration: Costs
    transfers: Costs
    grand: Costs


class Programme(Struct, frozen=True):
    """A performans programı of `year` (t+1). `administration` and `transfers`: Tablo 11's columns; None = not given.
    `past` and `limits` are a plan's, for amounts to be held against."""

    institution: Institution
    year: int
    goals: tuple[Goal, ...] = ()
    objectives: tuple[Objective, ...] = ()
    targets: tuple[Target, ...] = ()
    administration: Costs | None = Costs()
    transfers: Costs | None = Costs()
    units: tuple[Unit, ...] = ()
    general_tables: tuple[ProgrammeTable, ...] = ()
    purpose: Purpose = field(default_factory=Purpose)
    policies: tuple[PolicyTask, ...] = ()
    past: tuple[PastCosts, ...] = ()
    limits: Limits = Limits()

    @property
    def title(self) -> str:
        """How it is called above a report; without what could not be read of its name and year."""
        what = f"{self.year} Mali Yılı Performans Programı" if self.year else "Performans Programı"
        return " – ".join(part for part in (self.institution.name, what) if part)

    @property
    def activities(self) -> tuple[Activity, ...]:
        return tuple(activity for target in self.targets for activity in target.activities)

    @property
    def known(self) -> Units:
        """Every unit that it names, as the list of units spells it before the others."""
        return Units((*self.units, *self._charged()))

    @property
    def asked(self) -> list[Unit]:
        """The units that get a form, in alphabetical order: who has an activity, an indicator or a general table."""
        return sorted({*map(self.known.of, filter(None, self._charged()))})

    def _charged(self) -> Iterator[Unit]:
        yield from (unit for target in self.targets for item in target.indicators for unit in item.units)
        yield from (unit for activity in self.activities for unit in activity.units)
        yield from (table.unit for table in self.general_tables)

    @property
    def activity_costs(self) -> Costs:
        return total_costs(target.costs for target in self.targets)

    def column(self, name: str) -> Costs | None:
        """A column of Tablo 11 by the key that forms and results have for it: "general" or "transfers"."""
        return {"general": self.administration, "transfers": self.transfers}[name]

    @property
    def totals(self) -> Totals:
        """A column that nobody gave counts as zero."""
        parts = (self.activity_costs, self.administration or Costs(), self.transfers or Costs())
        return Totals(*parts, grand=total_costs(parts))


def by_code(items: Iterable[str]) -> list[str]:
    """Codes in numeric order, each once."""
    return sorted(set(items), key=lambda code: (code_key(code), code))
