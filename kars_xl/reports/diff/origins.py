"""The forms behind a merged workbook's figures, as its sheet Kaynak lists them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kars_xl.base.place import Place
from kars_xl.model.cost_rows import CostRow
from kars_xl.model.programme import Costs
from kars_xl.model.units import Unit
from kars_xl.reading.kaynak_sheet import SourceRow


@dataclass(frozen=True, slots=True)
class Origin:
    """What one unit's form gave for an activity: its total in kuruş, a cell of it, its costs where listed by code."""

    unit: Unit
    total: int
    form: Place
    costs: Costs | None = None


@dataclass(frozen=True, slots=True)
class Origins:
    """By activity what each form gave; and the cells of forms by ("value", indicator, "0".."2") and ("general",)."""

    activities: Mapping[str, tuple[Origin, ...]] = field(default_factory=dict)
    places: Mapping[tuple[str, ...], Place] = field(default_factory=dict)


@dataclass(slots=True)
class _Given:
    form: Place
    total: int = 0
    rows: dict[CostRow, int] = field(default_factory=dict)
    by_code: bool = True

    def add(self, row: SourceRow) -> None:
        self.total += row.kurus
        if row.item is not None:
            self.rows[row.item] = self.rows.get(row.item, 0) + row.kurus
        elif row.kurus:
            self.by_code = False


def origins_of(rows: Iterable[SourceRow] | None) -> Origins:
    """What the rows of a workbook's sheet Kaynak say of its forms; nothing where it has none."""
    given: dict[tuple[str, Unit], _Given] = {}
    places: dict[tuple[str, ...], Place] = {}
    for row in rows or ():
        forms = row.places
        if not forms:
            continue
        if row.is_indicator:
            places |= {("value", row.code, str(index)): form for index, form in enumerate(forms)}
        elif row.code:
            given.setdefault((row.code, row.unit), _Given(forms[0])).add(row)
        elif row.column:
            places[row.column,] = forms[0]
    found: dict[str, tuple[Origin, ...]] = {}
    for (activity, unit), item in given.items():
        costs = Costs.of(item.rows) if item.by_code else None
        found[activity] = (*found.get(activity, ()), Origin(unit, item.total, item.form, costs))
    return Origins(found, places)
