"""What two sources differ in, as frozen values. Money is whole kuruş; a figure that nobody gave or read is None."""

from decimal import ROUND_HALF_UP, Decimal

from msgspec import Struct

from kars_xl.base.money import share_percent
from kars_xl.base.place import Place
from kars_xl.model.cost_rows import CostRow
from kars_xl.model.programme import Costs, IndicatorValue
from kars_xl.model.units import NO_UNIT, Unit

ACTIVITIES, GRAND = "activities", "grand"


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
        """As the programme prints shares, with its sign: "+33,33%"; "yeni" where there was nothing before."""
        if self.ratio is None:
            return "yeni"
        return ("+" if self.difference > 0 else "") + share_percent(self.difference, abs(self.old))

    def __add__(self, other: "Pair") -> "Pair":
        return Pair(self.old + other.old, self.new + other.new)


class Item(Struct, frozen=True):
    """A goal, objective, target, indicator or activity on one side; `parent` is the code of its target."""

    code: str
    name: str
    parent: str = ""
    place: Place | None = None


class Entry(Struct, frozen=True):
    """What became of one item. `follows`: its code changed only because its target's did; then it is not `moved`."""

    kind: str
    old: Item | None
    new: Item | None
    reworded: bool = False
    moved: bool = False
    follows: bool = False

    @property
    def added(self) -> bool:
        return self.old is None

    @property
    def removed(self) -> bool:
        return self.new is None

    @property
    def item(self) -> Item:
        """The new item, or the old one where it was removed."""
        found = self.new or self.old
        assert found is not None
        return found

    @property
    def same(self) -> bool:
        return not (self.added or self.removed or self.reworded or self.moved or self.follows)


def unit_label(unit: Unit | None) -> str:
    """As one line names it: "A", or "A + B (ortak)" where a table names several together; "" for all units."""
    if unit is None:
        return ""
    names = [part.name for part in sorted(unit.parts)] or ["Birimi belirtilmemiş"]
    return names[0] if len(names) == 1 else " + ".join(names) + " (ortak)"


class CodeChange(Struct, frozen=True):
    """An amount of one row that changed; `unit` None: of all units."""

    row: CostRow
    unit: Unit | None
    pair: Pair
    old_place: Place | None = None
    new_place: Place | None = None


class Part(Struct, frozen=True):
    """What one unit (or several together, where their shares are not known) gave for an activity. `forms` are the cells
    of the forms that the new amount comes from, the old amount's where there is no new one."""

    unit: Unit
    pair: Pair
    old_place: Place | None = None
    new_place: Place | None = None
    forms: tuple[Place, ...] = ()


class ActivityChange(Struct, frozen=True):
    """An activity's costs and units on both sides. Costs are None where no figure is known, zero where it is absent.
    `assumed`: one side's amount stands under an economic code that the reader chose, so codes can't be compared."""

    entry: Entry
    old: Costs | None
    new: Costs | None
    old_units: tuple[Unit, ...] = ()
    new_units: tuple[Unit, ...] = ()
    units_changed: bool = False
    assumed: bool = False
    parts: tuple[Part, ...] = ()
    codes: tuple[CodeChange, ...] = ()

    @property
    def pair(self) -> Pair | None:
        """Both totals; None where one of them is not known."""
        return Pair(self.old.total, self.new.total) if self.old is not None and self.new is not None else None

    @property
    def changed(self) -> bool:
        """On both sides, with another amount, in all or under a code."""
        stays = not (self.entry.added or self.entry.removed)
        return stays and self.pair is not None and (self.pair.difference != 0 or bool(self.codes))

    @property
    def same(self) -> bool:
        return self.entry.same and not self.changed and not self.units_changed and self.pair is not None


class ValueChange(Struct, frozen=True, kw_only=True):
    """An indicator's value for `old_year` in the old source beside that for `new_year` in the new one. A value is None
    where the cell is blank; `readable` is False where a cell could not be read."""

    old_year: int
    new_year: int
    old: IndicatorValue | None
    new: IndicatorValue | None
    readable: bool = True
    old_place: Place | None = None
    new_place: Place | None = None

    @property
    def changed(self) -> bool:
        return not self.readable or self.old != self.new


class IndicatorChange(Struct, frozen=True):
    """An indicator with all values that can be compared; none where it is on one side only."""

    entry: Entry
    values: tuple[ValueChange, ...] = ()

    @property
    def changed(self) -> bool:
        return any(value.changed for value in self.values)


# What stands in a cell of a general table: a figure, or text where it is a list.
Count = Decimal | str | None


class CountChange(Struct, frozen=True):
    """A cell of a general table, "row ▸ column", that differs; None on the side where it is not, or is blank."""

    table: str
    cell: str
    old: Count = None
    new: Count = None
    old_place: Place | None = None
    new_place: Place | None = None


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


class Gap(Struct, frozen=True):
    """A figure that is missing on one side ("old" or "new"), so that its row is in no sum; `key` "" for any row."""

    side: str
    key: str
    message: str
    place: Place | None = None


class Side(Struct, frozen=True):
    """A source as the report names it; `unit` and `revision` where it is one unit's form."""

    file: str
    institution: str
    year: int
    unit: Unit = NO_UNIT
    revision: int = 0


class Difference(Struct, frozen=True, kw_only=True):
    """All of it. Every entry is listed, unchanged ones too; the sums are over what is known on both sides. Each of
    `by_target`, `by_unit`, `by_code` adds up to the grand total, `by_form` to the grand difference. `columns` are the
    codes that changed of Genel Yönetim Giderleri and transfers."""

    old: Side
    new: Side
    goals: tuple[Entry, ...]
    objectives: tuple[Entry, ...]
    targets: tuple[Entry, ...]
    notes: tuple[Entry, ...]
    indicators: tuple[IndicatorChange, ...]
    activities: tuple[ActivityChange, ...]
    columns: tuple[tuple[str, tuple[CodeChange, ...]], ...]
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
        below = (*(row.entry for row in self.indicators), *(row.entry for row in self.activities))
        return (*self.goals, *self.objectives, *self.targets, *below)

    @property
    def complete(self) -> bool:
        """False where a figure is missing, so that the sums are not all there is."""
        return not self.gaps

    @property
    def same(self) -> bool:
        """True where nothing at all differs and nothing is missing."""
        return (
            self.complete
            and all(entry.same for entry in (*self.entries, *self.notes))
            and not any(row.changed for row in self.indicators)
            and all(row.same for row in self.activities)
            and not any(codes for _, codes in self.columns)
            and not self.counts
        )

    def total(self, key: str) -> Pair | None:
        """One of the four totals; None where neither side has it."""
        return next((line.pair for line in self.totals if line.key == key), None)
