"""Amounts and indicator values as fields of the template's nodes. Amounts are exact TL (Decimal), None for a blank."""

from __future__ import annotations

from decimal import Decimal

from kars_xl.base.money import to_tl
from kars_xl.model.cost_rows import CostRow
from kars_xl.model.programme import Costs, IndicatorValue
from kars_xl.template.nodes import Styled

Fields = dict[str, object]
IndicatorValues = tuple[IndicatorValue | None, IndicatorValue | None, IndicatorValue | None]

_VALUE_FIELDS = ("iki_onceki", "onceki", "deger")


def cost_fields(costs: Costs | None) -> Fields:
    return {row.field: row_amount(costs, row) for row in CostRow}


def row_amount(costs: Costs | None, row: CostRow) -> Decimal | None:
    return None if costs is None else to_tl(costs[row])


def part_fields(budget: int | None, extra: int | None) -> Fields:
    """An amount (kuruş) in its own column and in that of the total; None stays blank."""
    return {
        "butce": None if budget is None else to_tl(budget),
        "butce_disi": None if extra is None else to_tl(extra),
        "toplam": to_tl((budget or 0) + (extra or 0)),
    }


def indicator_fields(values: IndicatorValues) -> Fields:
    return {name: indicator_cell(value) for name, value in zip(_VALUE_FIELDS, values, strict=True)}


def indicator_cell(value: IndicatorValue | None) -> object:
    """As a cell holds it: 20% is 0,2 with a percent format, a dash is text, a blank is None."""
    if value is None:
        return None
    if value.amount is None:
        return "-"
    if value.percent:
        whole = value.amount == value.amount.to_integral_value()
        return Styled(value.amount.scaleb(-2), "0%" if whole else "0.00######%")
    return value.amount
