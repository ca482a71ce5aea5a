"""Advice on the quality of a programme: what Sayıştay reports year after year (KX401–KX408), one function a code.

Each function says only what can be read off the programme itself, at most once for an indicator or activity: at the
first form that gives it, with the same row of other forms among the related places.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from kars_xl.base.money import format_tl, share_percent, to_tl
from kars_xl.base.place import Place
from kars_xl.base.text import squeeze
from kars_xl.checking.indicator_names import has_unit, measures_several
from kars_xl.checking.rows import year_label
from kars_xl.findings.catalogue import finding
from kars_xl.findings.finding import Finding
from kars_xl.findings.merged import Merged
from kars_xl.merging.targets import target_code
from kars_xl.model.cost_rows import CostRow
from kars_xl.model.programme import Indicator, Target
from kars_xl.reading.cell_values import format_indicator
from kars_xl.reading.tables import AmountRow, Document, IndicatorRow, TargetTable

_NEXT_YEAR = 2
_RESERVE_LIMIT = 10
_PERSONNEL_LIMIT = 30
_PERSONNEL_BASIS = (
    "Kanun personel giderini, gerçekleşen en son yıl gelirinin yeniden değerlenmiş tutarına oranlar; programda bu "
    "tutar bulunmadığından bütçe toplamı alındı. Nüfusu 10.000'in altındaki belediyelerde sınır %40'tır."
)

Check = Callable[[Sequence[Document], Merged], list[Finding]]


class Measured(NamedTuple):
    """An indicator as merged, with its target and the rows that the forms give of it."""

    target: Target
    indicator: Indicator
    rows: tuple[tuple[TargetTable, IndicatorRow], ...]

    def advice(self, code: str, column: int | None = None, **facts: str) -> Finding:
        """A finding at the indicator's value of the year `column`; without it at the name, which is quoted."""
        if column is None:
            places = [row.name.place for _, row in self.rows]
        else:
            places = [row.places[column] for row in self._rows_of(column)]
        return finding(
            code,
            places[0],
            table="PHT",
            key=self.indicator.code,
            label="" if column is None else self.indicator.name,
            severity="",
            values=(),
            related=places[1:],
            **facts,
        )

    def _rows_of(self, column: int) -> list[IndicatorRow]:
        """The rows that give the values which are advised upon: forms may differ, or leave years to one another."""
        rows = [row for _, row in self.rows]
        same = [row for row in rows if row.values == self.indicator.values]
        return same or [row for row in rows if row.values[column] == self.indicator.values[column]] or rows

    @property
    def year(self) -> str:
        """The programme's year as the first form's heading gives it."""
        return year_label(self.rows[0][0].years, _NEXT_YEAR)

    @property
    def next_value_is_zero(self) -> bool:
        value = self.indicator.values[_NEXT_YEAR]
        return value is not None and value.amount == 0

    @property
    def always_zero(self) -> bool:
        return all(value is not None and value.amount == 0 for value in self.indicator.values)


def measured(documents: Sequence[Document], merged: Merged) -> Iterator[Measured]:
    """Every indicator of the programme, in order of code."""
    rows: dict[tuple[str, str], list[tuple[TargetTable, IndicatorRow]]] = defaultdict(list)
    for document in documents:
        for table in document.targets:
            for row in table.indicators:
                rows[target_code(table), row.code].append((table, row))
    for target in merged.programme.targets:
        for indicator in target.indicators:
            if found := rows.get((target.code, indicator.code)):
                yield Measured(target, indicator, tuple(found))


def zero_every_year(documents: Sequence[Document], merged: Merged) -> list[Finding]:
    """KX401. A dash is no zero: what is not measured yet has no value."""
    return [item.advice("KX401", _NEXT_YEAR) for item in measured(documents, merged) if item.always_zero]


def without_unit(documents: Sequence[Document], merged: Merged) -> list[Finding]:
    """KX402. "… Sayısı" alone is no unit."""
    return [
        item.advice("KX402", name=item.indicator.name)
        for item in measured(documents, merged)
        if item.indicator.name and not has_unit(item.indicator.name)
    ]


def same_name(documents: Sequence[Document], merged: Merged) -> list[Finding]:
    """KX403, at each indicator whose name another one of the target had before it."""
    found = []
    first: dict[tuple[str, str], Measured] = {}
    for item in measured(documents, merged):
        name = squeeze(item.indicator.name.replace("%", " yüzde "))
        earlier = first.setdefault((item.target.code, name), item)
        if name and earlier is not item:
            found.append(item.advice("KX403", other=earlier.indicator.code, name=item.indicator.name))
    return found


def no_change(documents: Sequence[Document], merged: Merged) -> list[Finding]:
    """KX404: three equal figures that are not zero."""
    found = []
    for item in measured(documents, merged):
        value = item.indicator.values[0]
        if value is not None and value.amount and set(item.indicator.values) == {value}:
            found.append(item.advice("KX404", _NEXT_YEAR, found=format_indicator(value)))
    return found


def without_money(documents: Sequence[Document], merged: Merged) -> list[Finding]:
    """KX405: a target none of whose activities has money is one finding. What is in error is not advised upon."""
    tables = _tables(documents)
    in_error = {found.key for found in merged.findings if found.is_error}
    found = []
    for target in merged.programme.targets:
        own = tables.get(target.code, [])
        if not own or any(activity.costs is None for activity in target.activities):
            continue
        empty = [activity for activity in target.activities if activity.costs and not activity.costs.total]
        if in_error & {activity.code for activity in empty}:
            continue
        if len(empty) == len(target.activities):
            what = f"{target.code} performans hedefi" + (f" ({len(empty)} faaliyet)" if len(empty) > 1 else "")
            found.append(_unfunded(target.code, target.name, what, [_total_place(table) for table in own]))
        else:
            for activity in empty:
                rows = [row for table in own for row in table.activities if row.code == activity.code]
                places = [_amount_place(row.amounts) for row in rows]
                found.append(_unfunded(activity.code, activity.name, f"{activity.code} faaliyeti", places))
    return found


def _unfunded(key: str, label: str, what: str, places: Sequence[Place]) -> Finding:
    return finding("KX405", places[0], table="PHT", key=key, label=label, related=places[1:], what=what)


def money_but_zero(documents: Sequence[Document], merged: Merged) -> list[Finding]:
    """KX406: the programme's year is zero, earlier years were not (that is KX401), and the target has money."""
    found = []
    for item in measured(documents, merged):
        amount = item.target.costs.total
        if item.next_value_is_zero and not item.always_zero and amount:
            target = item.target.code
            found.append(item.advice("KX406", _NEXT_YEAR, year=item.year, target=target, amount=format_tl(amount)))
    return found


def several_things(documents: Sequence[Document], merged: Merged) -> list[Finding]:
    """KX407."""
    return [
        item.advice("KX407", name=item.indicator.name)
        for item in measured(documents, merged)
        if measures_several(item.indicator.name)
    ]


def legal_limits(documents: Sequence[Document], merged: Merged) -> list[Finding]:
    """KX408, where the programme is whole: with an error or a form outstanding its totals say nothing."""
    programme = merged.programme
    if None in (programme.general, programme.transfers) or any(found.is_error for found in merged.findings):
        return []
    totals = programme.totals
    total, reserve = totals.grand.budget_total, totals.grand[CostRow.RESERVE]
    own = totals.activities + totals.general
    personnel = own[CostRow.PERSONNEL] + own[CostRow.SOCIAL_SECURITY]
    found = []
    if reserve * 100 > total * _RESERVE_LIMIT:
        column = "transfers" if totals.transfers[CostRow.RESERVE] else "general"
        place = _matrix_place(documents, column, CostRow.RESERVE)
        found.append(_over("Yedek ödenek", reserve, total, _RESERVE_LIMIT, place))
    if personnel * 100 > total * _PERSONNEL_LIMIT:
        place = _matrix_place(documents, "general", CostRow.PERSONNEL)
        what = "Personel giderleri (SGK primleriyle)"
        found.append(_over(what, personnel, total, _PERSONNEL_LIMIT, place, _PERSONNEL_BASIS))
    return found


def _over(what: str, amount: int, total: int, limit: int, place: Place, basis: str = "") -> Finding:
    return finding(
        "KX408",
        place,
        table="TKT",
        key=what,
        values=[("found", str(to_tl(amount))), ("total", str(to_tl(total))), ("limit_percent", str(limit))],
        what=what,
        found=format_tl(amount),
        total=format_tl(total),
        share="%" + share_percent(amount, total).rstrip("%"),
        limit=f"%{limit}",
        basis=basis,
    )


def _tables(documents: Sequence[Document]) -> dict[str, list[TargetTable]]:
    """Target tables by the target's code."""
    found: dict[str, list[TargetTable]] = defaultdict(list)
    for document in documents:
        for table in document.targets:
            found[target_code(table)].append(table)
    return found


def _total_place(table: TargetTable) -> Place:
    """The cell of a target's total, else the table's first."""
    totals = [table.totals[label] for label in ("grand_total", "subtotal") if label in table.totals]
    return _amount_place(totals[0]) if totals else table.place


def _amount_place(row: AmountRow) -> Place:
    amount = row.total or row.budget
    return amount.place if amount else row.place


def _matrix_place(documents: Sequence[Document], column: str, row: CostRow) -> Place:
    """A cell of Tablo 11 as the finance office's form gives it."""
    matrices = [matrix for document in documents for matrix in document.matrices if column in matrix.columns]
    amount = matrices[0].columns[column].get(row) if matrices else None
    return amount.place if amount else documents[0].place


CHECKS: tuple[Check, ...] = (
    zero_every_year,
    without_unit,
    same_name,
    no_change,
    without_money,
    money_but_zero,
    several_things,
    legal_limits,
)
