"""Advice on the quality of a programme: what Sayıştay reports year after year (KX401–KX408). It says only what can be
read off the programme itself, at most once for an indicator or activity: at the first form, other forms' related."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from kars_xl.base.money import format_tl, share_percent, to_tl
from kars_xl.base.place import Place
from kars_xl.base.text import squeeze
from kars_xl.checking.indicator_names import has_unit, measures_several
from kars_xl.findings.finding import Finding, Merged, any_error, finding
from kars_xl.merging.tables import target_code, year_label
from kars_xl.model.cost_rows import CostRow
from kars_xl.model.programme import Activity, Indicator, Target
from kars_xl.reading.cell_values import format_indicator
from kars_xl.reading.tables import AmountRow, Document, IndicatorRow, TargetTable

_NEXT_YEAR = 2
_RESERVE_LIMIT, _PERSONNEL_LIMIT = 10, 30
_BASIS = (
    "Kanun personel giderini, gerçekleşen en son yıl gelirinin yeniden değerlenmiş tutarına oranlar; programda bu "
    "tutar bulunmadığından bütçe toplamı alındı. Nüfusu 10.000'in altındaki belediyelerde sınır %40'tır."
)


def advise(documents: Sequence[Document], merged: Merged) -> list[Finding]:
    """All advice, by code. What `merged` holds errors of is not advised upon."""
    tables: dict[str, list[TargetTable]] = defaultdict(list)
    for document in documents:
        for table in document.targets:
            tables[target_code(table)].append(table)
    found: list[Finding] = []
    named: dict[tuple[str, str], _Measured] = {}
    for target, indicator in ((each, item) for each in merged.programme.targets for item in each.indicators):
        own = [(table, row) for table in tables.get(target.code, ()) for row in table.indicators]
        if rows := tuple((table, row) for table, row in own if row.code == indicator.code):
            item, name = _Measured(target, indicator, rows), squeeze(indicator.name.replace("%", " yüzde "))
            found += _of_indicator(item, named.setdefault((target.code, name), item) if name else item)
    found += _without_money(tables, merged)
    found += _legal_limits(documents, merged)
    return sorted(found, key=lambda item: item.code)


class _Measured(NamedTuple):
    """An indicator as merged, with its target and the rows that the forms give of it."""

    target: Target
    indicator: Indicator
    rows: tuple[tuple[TargetTable, IndicatorRow], ...]

    def advice(self, code: str, column: int | None = None, **facts: str) -> Finding:
        """A finding at the indicator's value of the year `column`; without it at the name, which is quoted."""
        rows, values, label = [row for _, row in self.rows], self.indicator.values, ""
        places = [row.name.place for row in rows]
        if column is not None:
            # Forms may differ, or leave years to one another: the rows that give the values which are advised upon.
            same = [row for row in rows if row.values == values]
            giving = same or [row for row in rows if row.values[column] == values[column]] or rows
            label, places = self.indicator.name, [row.places[column] for row in giving]
        more: Any = {"related": places[1:], **facts}
        return finding(code, places[0], table="PHT", key=self.indicator.code, label=label, **more)


def _of_indicator(item: _Measured, first: _Measured) -> Iterator[Finding]:
    """KX401–KX404, KX406 and KX407; `first` is the target's first indicator of this name."""
    name, values, amount = item.indicator.name, item.indicator.values, item.target.costs.total
    # A dash is no zero: what is not measured yet has no value.
    zero = [value is not None and value.amount == 0 for value in values]
    if all(zero):
        yield item.advice("KX401", _NEXT_YEAR)
    elif zero[_NEXT_YEAR] and amount:
        year = year_label(item.rows[0][0].years, _NEXT_YEAR)
        yield item.advice("KX406", _NEXT_YEAR, year=year, target=item.target.code, amount=format_tl(amount))
    if name and not has_unit(name):
        yield item.advice("KX402", name=name)
    if first is not item:
        yield item.advice("KX403", other=first.indicator.code, name=name)
    if values[0] is not None and values[0].amount and len(set(values)) == 1:
        yield item.advice("KX404", _NEXT_YEAR, found=format_indicator(values[0]))
    if measures_several(name):
        yield item.advice("KX407", name=name)


def _without_money(tables: Mapping[str, Sequence[TargetTable]], merged: Merged) -> Iterator[Finding]:
    """KX405: a target none of whose activities has money is one finding."""
    in_error = merged.in_error
    for target in merged.programme.targets:
        own = tables.get(target.code, [])
        if not own or any(activity.costs is None for activity in target.activities):
            continue
        empty = [activity for activity in target.activities if activity.costs and not activity.costs.total]
        if in_error & {activity.code for activity in empty}:
            continue
        if len(empty) == len(target.activities):
            what = f"{target.code} performans hedefi" + (f" ({len(empty)} faaliyet)" if len(empty) > 1 else "")
            totals = [(table, table.totals.get("grand_total", table.totals.get("subtotal"))) for table in own]
            yield _unfunded(target, what, [_amount_place(row) if row else table.place for table, row in totals])
        else:
            for activity in empty:
                rows = [row for table in own for row in table.activities if row.code == activity.code]
                yield _unfunded(activity, f"{activity.code} faaliyeti", [_amount_place(row.amounts) for row in rows])


def _unfunded(item: Target | Activity, what: str, places: Sequence[Place]) -> Finding:
    return finding("KX405", places[0], table="PHT", key=item.code, label=item.name, related=places[1:], what=what)


def _legal_limits(documents: Sequence[Document], merged: Merged) -> Iterator[Finding]:
    """KX408, where the programme is whole: with an error or a form outstanding its totals say nothing."""
    programme = merged.programme
    if None in (programme.administration, programme.transfers) or any_error(merged.findings):
        return
    totals = programme.totals
    total, reserve = totals.grand.budget_total, totals.grand[CostRow.RESERVE]
    own = totals.activities + totals.administration
    personnel = own[CostRow.PERSONNEL] + own[CostRow.SOCIAL_SECURITY]
    for what, amount, limit, column, row, basis in (
        ("Yedek ödenek", reserve, _RESERVE_LIMIT, "transfers", CostRow.RESERVE, ""),
        ("Personel giderleri (SGK primleriyle)", personnel, _PERSONNEL_LIMIT, "general", CostRow.PERSONNEL, _BASIS),
    ):
        if amount * 100 > total * limit:
            if row is CostRow.RESERVE and not totals.transfers[row]:
                column = "general"
            values = [("found", str(to_tl(amount))), ("total", str(to_tl(total))), ("limit_percent", str(limit))]
            facts: Any = {"found": format_tl(amount), "total": format_tl(total), "limit": f"%{limit}", "basis": basis}
            facts["share"] = share_percent(amount, total)
            # The cell as the finance office's form gives it.
            columns = [it.columns[column] for document in documents for it in document.matrices if column in it.columns]
            cell = columns[0].get(row) if columns else None
            place = cell.place if cell else documents[0].place
            yield finding("KX408", place, table="TKT", key=what, values=values, what=what, **facts)


def _amount_place(row: AmountRow) -> Place:
    amount = row.total or row.budget
    return amount.place if amount else row.place
