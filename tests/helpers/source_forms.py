"""Small forms of units and of the finance office, as a recogniser leaves them, to make a source of."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from kars_xl.model.programme import IndicatorValue
from kars_xl.reading.tables import CostTable, Document
from tests.helpers.tables_by_hand import (
    Given,
    activity_row,
    cost_table,
    form,
    full,
    indicator_row,
    matrix,
    target_table,
)

FEN, PARK = "Fen İşleri Müdürlüğü", "Park ve Bahçeler Müdürlüğü"
ONE, TWO, THREE = (IndicatorValue(Decimal(number)) for number in (1, 2, 3))
Values = tuple[IndicatorValue | None, IndicatorValue | None, IndicatorValue | None]
THOUSAND = 1000_00


def costs(code: str = "F.1.1.1", unit: str = FEN, file: str = "fen.xlsx", **amounts: Given) -> CostTable:
    """A cost table of a thousand lira, or of what is given instead."""
    given = {"b3": THOUSAND} | amounts
    totals = {"budget_total": THOUSAND, "extra_total": 0, "need_total": THOUSAND}
    words = {"institution": "Kars Belediyesi", "activity_name": f"{code} adlı iş", "responsible": unit}
    return cost_table(code, **full(**given), totals=totals, file=file, **words)


def unit_form(
    *tables: CostTable,
    code: str = "F.1.1.1",
    unit: str = FEN,
    file: str = "fen.xlsx",
    values: Values = (ONE, TWO, THREE),
) -> Document:
    """A unit's form with one target, which has one indicator and one activity of a thousand lira."""
    target = code.removeprefix("F.").rpartition(".")[0]
    own = target_table(
        indicator_row(f"PG.{target}.1", *values, file=file),
        activity_row(code, THOUSAND, THOUSAND, 0, file=file, name=f"{code} adlı iş"),
        codes={"target": target, "goal": "1", "objective": target},
        file=file,
        **{"institution": "Kars Belediyesi", "goal": "Amaç", "objective": "Hedef", "target": "Yollar"},
    )
    given = tables or (costs(code, unit, file),)
    return form(own, *given, file=file, unit=unit, institution="Kars Belediyesi", year="2024")


def finance(**given: Given) -> Document:
    """The finance office's Tablo 11, a hundred in each row of general expenses; `general=None` blanks a column."""
    columns: dict[str, Mapping[int | str, Given]] = {}
    for name, amount in {"general": 100, "transfers": 100, **given}.items():
        columns[name] = {**dict.fromkeys(range(1, 10), amount), **{f"source{n}": amount for n in range(3)}}
        if name == "general" and amount == 100:
            columns[name] = {**columns[name], 9: 0}  # the reserve is of the other column
    return form(matrix(columns), file="mali.xlsx", unit="Mali Hizmetler Müdürlüğü")
