"""Where the figures of a merged programme come from."""

from collections.abc import Mapping

from msgspec import Struct, field

from kars_xl.base.place import Place
from kars_xl.model.cost_rows import CostRow
from kars_xl.model.programme import Costs, IndicatorValue
from kars_xl.model.units import NO_UNIT, Unit


class Sender(Struct, frozen=True, kw_only=True):
    """Whose form gave a figure: the unit, the form's revision, who filled it in, and the file's SHA-256."""

    unit: Unit = NO_UNIT
    revision: int = 0
    filled_by: str = ""
    digest: str = ""


class _Given(Struct, frozen=True, kw_only=True):
    """Costs as a form gave them. `place` is their total's cell, `places` those of the rows that it has."""

    costs: Costs
    place: Place
    sender: Sender = Sender()
    places: Mapping[CostRow, Place] = field(default_factory=dict)


class Contribution(_Given, frozen=True, kw_only=True):
    """One cost table, of an activity."""

    activity: str


class ColumnSource(_Given, frozen=True, kw_only=True):
    """A column of Tablo 11, "general" or "transfers", from the finance office's form."""

    column: str


class IndicatorSource(Struct, frozen=True, kw_only=True):
    """An indicator as one form gave it: values and cells of the years t-1, t and t+1."""

    indicator: str
    values: tuple[IndicatorValue | None, IndicatorValue | None, IndicatorValue | None]
    places: tuple[Place, Place, Place]
    sender: Sender = Sender()


class GeneralTableSource(Struct, frozen=True, kw_only=True):
    """A row of a general table as one form gave it, with the cells of its figures, or of its label in a list."""

    table: str
    row: str
    places: tuple[Place, ...]
    sender: Sender = Sender()


Given = Contribution | ColumnSource | IndicatorSource | GeneralTableSource
