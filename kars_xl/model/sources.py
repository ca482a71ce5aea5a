"""Where the figures of a merged programme come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kars_xl.base.place import Place
from kars_xl.model.cost_rows import CostRow
from kars_xl.model.programme import Costs, IndicatorValue


@dataclass(frozen=True, slots=True)
class Contribution:
    """One cost table as a form gave it: whose, for which activity, where it stands and with which file (SHA-256).

    `place` is its total's cell, `places` those of the rows that it has.
    """

    activity: str
    unit: str
    costs: Costs
    place: Place
    revision: int = 0
    filled_by: str = ""
    digest: str = ""
    places: Mapping[CostRow, Place] = field(default_factory=dict, hash=False)


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
    places: Mapping[CostRow, Place] = field(default_factory=dict, hash=False)


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


Given = Contribution | ColumnSource | IndicatorSource | InformationSource
