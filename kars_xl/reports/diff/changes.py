"""What two sources differ in, as frozen values. Money is whole kuruş; a figure that nobody gave or read is None."""

from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from msgspec import Struct

from kars_xl.base.money import format_signed, format_tl, share_percent
from kars_xl.base.place import Place
from kars_xl.model.cost_rows import CostRow
from kars_xl.model.programme import Activity, Costs, Goal, Indicator, IndicatorValue, Objective, Target
from kars_xl.model.units import Unit
from kars_xl.reports.diff.edition import Edition

ACTIVITIES, GRAND = "activities", "grand"
SIDES = {"old": "eski", "new": "yeni"}
KINDS = {
    "goal": "Amaç", "objective": "Hedef", "target": "Performans hedefi", "indicator": "Performans göstergesi",
    "activity": "Faaliyet",
}  # fmt: skip
MARKS = {
    "added": "eklenen", "removed": "çıkarılan", "reworded": "metni değişen", "moved": "taşınan",
    "changed": "rakamı değişen",
}  # fmt: skip
Thing = Goal | Objective | Target | Indicator | Activity
# What stands in a cell of a general table: a figure, or text where it is a list.
Count = Decimal | str | None


class Pair(Struct, frozen=True):
    """The old and the new amount in kuruş; 0 on the side where the thing does not exist."""

    old: int
    new: int

    @property
    def difference(self) -> int:
        return self.new - self.old

    @property
    def ratio(self) -> Decimal | None:
        """The difference in percent of the old amount, two decimals; None where there was nothing and now is."""
        if self.old == 0:
            return Decimal("0.00") if self.new == 0 else None
        ratio = Decimal(self.difference) / Decimal(abs(self.old)) * 100
        return ratio.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)

    @property
    def percent(self) -> str:
        """As the programme prints shares, with its sign: "+%33,33"; "yeni" where there was nothing before."""
        if self.ratio is None:
            return "yeni"
        return ("+" if self.difference > 0 else "") + share_percent(self.difference, abs(self.old))

    def as_text(self, unit: str = "") -> str:
        """ "60.000,00 → 70.000,00 (+10.000,00)"."""
        return f"{format_tl(self.old)} → {format_tl(self.new)}{unit} ({format_signed(self.difference)})"

    def __add__(self, other: "Pair") -> "Pair":
        return Pair(self.old + other.old, self.new + other.new)


class Item(Struct, frozen=True):
    """A goal, objective, target or its explanation, indicator, activity or column of Tablo 11 of one side. `parent` is
    the code of its target; `home` tells that target: the same value on both sides where the targets are paired.
    `costs` are zero where it has none, None where its figure is not known."""

    code: str
    name: str
    edition: Edition
    parent: str = ""
    place: Place | None = None
    home: str = ""
    thing: Any = None
    costs: Costs | None = Costs()
    units: tuple[Unit, ...] = ()


class Placed(Struct, frozen=True, kw_only=True):
    """A figure with the cells where it stands on both sides."""

    old_place: Place | None = None
    new_place: Place | None = None


class ValueChange(Placed, frozen=True):
    """An indicator's value for `old_year` in the old source beside that for `new_year` in the new one. A value is None
    where the cell is blank; `readable` is False where a cell could not be read."""

    old_year: int
    new_year: int
    old: IndicatorValue | None
    new: IndicatorValue | None
    readable: bool = True


class CodeChange(Placed, frozen=True):
    """An amount of one row that changed; `unit` None: of all units."""

    row: CostRow
    unit: Unit | None
    pair: Pair


class Part(Placed, frozen=True):
    """What one unit (or several together, where their shares are not known) gave for an activity. `forms` are the cells
    of the forms that the new amount comes from, the old amount's where there is no new one."""

    unit: Unit
    pair: Pair
    forms: tuple[Place, ...] = ()


def unit_label(unit: Unit | None) -> str:
    """As one line names it: "A", or "A + B (ortak)" where a table names several together; "" for all units."""
    if unit is None:
        return ""
    names = [part.name for part in sorted(unit.parts)] or ["Birimi belirtilmemiş"]
    return names[0] if len(names) == 1 else " + ".join(names) + " (ortak)"


class Entry(Struct, frozen=True):
    """What became of one item, each change as a mark: added, removed, reworded, moved, follows (its code changed only
    because its target's did, so that it has not moved), amount, units, values. `values` are those of an indicator that
    differ; none where it is on one side only. A column of Tablo 11 has its name as kind."""

    kind: str
    old: Item | None
    new: Item | None
    marks: tuple[str, ...] = ()
    values: tuple[ValueChange, ...] = ()
    parts: tuple[Part, ...] = ()
    codes: tuple[CodeChange, ...] = ()

    @property
    def sides(self) -> tuple[Item | None, Item | None]:
        return self.old, self.new

    @property
    def item(self) -> Item:
        """The new item, or the old one where it was removed."""
        found = self.new or self.old
        assert found is not None
        return found

    @property
    def costs(self) -> tuple[Costs | None, Costs | None]:
        """Zero where it does not exist, None where its figure is not known."""
        old, new = (item.costs if item else Costs() for item in self.sides)
        return old, new

    @property
    def units(self) -> tuple[tuple[Unit, ...], tuple[Unit, ...]]:
        old, new = (item.units if item else () for item in self.sides)
        return old, new

    @property
    def assumed(self) -> bool:
        """Whether an amount stands under an economic code that the reader chose, so that codes can't be compared."""
        return any(item is not None and item.code in item.edition.source.assumed for item in self.sides)

    @property
    def pair(self) -> Pair | None:
        """Both totals; None where one of them is not known."""
        old, new = self.costs
        return Pair(old.total, new.total) if old is not None and new is not None else None

    @property
    def same(self) -> bool:
        return not self.marks and None not in self.costs


class CountChange(Placed, frozen=True):
    """A cell of a general table, "row ▸ column", that differs; None on the side where it is not, or is blank."""

    table: str
    cell: str
    old: Count = None
    new: Count = None


class Line(Struct, frozen=True):
    """A sum over one target, unit, economic code or form, or one of the four totals."""

    key: str
    label: str
    pair: Pair


class FormLine(Struct, frozen=True):
    """What came of one form ("" where the form is not known): money, and how many of each kind of change."""

    file: str
    pair: Pair
    amounts: int = 0
    values: int = 0
    texts: int = 0
    listed: int = 0

    @property
    def counts(self) -> dict[str, int]:
        return {name: getattr(self, name) for name in self.__struct_fields__[2:]}


class Gap(Struct, frozen=True):
    """A figure that is missing on one side ("old" or "new"), so that its row is in no sum; `key` "" for any row."""

    side: str
    key: str
    message: str
    place: Place | None = None


class Difference(Struct, frozen=True, kw_only=True):
    """All of it. Every entry is listed, unchanged ones too; the sums are over what is known on both sides. Each of
    `by_target`, `by_unit`, `by_code` adds up to the grand total, `by_form` to the grand difference."""

    old: Edition
    new: Edition
    goals: tuple[Entry, ...]
    objectives: tuple[Entry, ...]
    targets: tuple[Entry, ...]
    notes: tuple[Entry, ...]
    indicators: tuple[Entry, ...]
    activities: tuple[Entry, ...]
    columns: tuple[Entry, ...]
    counts: tuple[CountChange, ...] = ()
    totals: tuple[Line, ...] = ()
    by_target: tuple[Line, ...] = ()
    by_unit: tuple[Line, ...] = ()
    by_code: tuple[Line, ...] = ()
    by_form: tuple[FormLine, ...] = ()
    gaps: tuple[Gap, ...] = ()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Every item of every kind."""
        return (*self.goals, *self.objectives, *self.targets, *self.indicators, *self.activities)

    @property
    def complete(self) -> bool:
        """False where a figure is missing, so that the sums are not all there is."""
        return not self.gaps

    @property
    def same(self) -> bool:
        """True where nothing at all differs and nothing is missing."""
        listed = all(entry.same for entry in (*self.entries, *self.notes))
        return self.complete and listed and not self.counts and not any(column.codes for column in self.columns)

    def counted(self) -> dict[str, dict[str, int]]:
        """By kind: added, removed, reworded, moved; changed is of values and amounts."""
        found = {}
        for kind in KINDS:
            marks = Counter(mark for entry in self.entries if entry.kind == kind for mark in entry.marks)
            found[kind] = {mark: marks[mark] for mark in MARKS} | {"changed": marks["amount"] + marks["values"]}
        return found

    def total(self, key: str) -> Pair | None:
        """One of the four totals; None where neither side has it."""
        return next((line.pair for line in self.totals if line.key == key), None)
