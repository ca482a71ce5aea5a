"""The tidy tables of a programme: their columns, and the rows that they are made of. Pure; amounts are exact TL."""

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from msgspec import Struct

from kars_xl.base.file_names import short_names
from kars_xl.base.money import to_tl
from kars_xl.base.text import squeeze
from kars_xl.checking.indicator_names import unit_of
from kars_xl.checking.source import Source
from kars_xl.findings.finding import Merged
from kars_xl.model.cost_rows import COLUMN_NAMES, COST_TABLE_ROWS, CostRow
from kars_xl.model.programme import Activity, Costs, Programme, Target, total_costs
from kars_xl.model.sources import ColumnSource, Contribution, Given, IndicatorSource
from kars_xl.model.units import Unit
from kars_xl.reading.general.kinds import KINDS
from kars_xl.reading.kaynak_sheet import SourceRow
from kars_xl.reports.diff.edition import Edition, shares_of
from kars_xl.reports.trace.facts import origins_in
from kars_xl.workbook.nodes.lists import WHOLE_TABLE, file_of

# What a column holds. MONEY is exact TL with two decimals, NUMBER an exact figure of any kind; a blank is None.
TEXT, INTEGER, FLAG, MONEY, NUMBER = "text", "integer", "flag", "money", "number"
BUDGET, EXTRA = "Bütçe", "Bütçe dışı"
# What stands in an indicator's cell: a figure, the dash of "no value", nothing.
GIVEN, DASH, BLANK = "değer", "çizgi", "boş"
COST, COLUMN, INDICATOR, GENERAL = "Maliyet", "Tablo 11", "Gösterge", "Genel tablo"

Row = tuple[object, ...]


class Column(NamedTuple):
    name: str
    kind: str = TEXT


class Shape(Struct, frozen=True):
    """A table: `attribute` is its name in Python, `name` that of its file; `rows` makes them, without the year."""

    attribute: str
    name: str
    columns: tuple[Column, ...]
    rows: Callable[[Source, Merged], Iterable[Row]]


def tables_of(source: Source) -> list[tuple[Shape, list[Row]]]:
    """Every tidy table. The source must have no error."""
    assert source.merged is not None
    year, merged = source.merged.programme.year or None, source.merged
    return [(shape, [(year, *row) for row in shape.rows(source, merged)]) for shape in SHAPES]


def prefixed(letters: str, code: str) -> str | None:
    """ "1.1" → "PH1.1", as the strategic plans' guide writes codes: a bare 1.1 becomes a date wherever it is opened."""
    return f"{letters}{code}" if code[:1].isdigit() else code or None


def _above(merged: Merged) -> Iterator[tuple[Target, Row]]:
    """Each target with what the tables say of it, its objective and its goal."""
    programme = merged.programme
    objectives = {item.code: item.name for item in programme.objectives}
    goals = {item.code: item.name for item in programme.goals}
    for target in programme.targets:
        objective, goal = objectives.get(target.objective) or None, goals.get(target.goal) or None
        above = (prefixed("H", target.objective), objective, prefixed("A", target.goal), goal)
        yield target, (prefixed("PH", target.code), target.name or None, *above)


def _targets(_: Source, merged: Merged) -> Iterator[Row]:
    return ((*above, target.note or None) for target, above in _above(merged))


def _activities(merged: Merged) -> Iterator[tuple[Activity, Row]]:
    for target, above in _above(merged):
        yield from ((activity, (activity.code, activity.name, *above)) for activity in target.activities)


def _units(_: Source, merged: Merged) -> Iterator[Row]:
    return ((unit.name, it.code, it.name) for it in merged.programme.activities for unit in it.units)


def _costs(source: Source, merged: Merged) -> Iterator[Row]:
    edition = Edition(file="", source=source)
    for activity, named in _activities(merged):
        for unit, costs in _shares(activity, edition):
            for item in _items(costs, COST_TABLE_ROWS, known=activity.code not in source.assumed):
                yield (*named, unit and unit.name, *item)


def _shares(activity: Activity, edition: Edition) -> list[tuple[Unit | None, Costs]]:
    """What each unit spends for an activity; None for units that share what nobody has split among them."""
    if activity.costs is None:
        return []
    if len(activity.units) < 2:
        return [(activity.units[0] if activity.units else None, activity.costs)]
    parts = [(share.unit, share.costs) for share in shares_of(edition, activity) if share.costs is not None]
    named = len(parts) > 1 and {unit for unit, _ in parts} <= set(activity.units)
    split = named and total_costs(costs for _, costs in parts) == activity.costs
    return [*parts] if split else [(None, activity.costs)]


def _items(costs: Costs, rows: Container[CostRow], *, known: bool = True) -> Iterator[Row]:
    """(source, code, item, amount) of the table's `rows` and of all with money; of unknown code in one without it."""
    if not known:
        yield BUDGET, None, None, to_tl(costs.budget_total)
    for row, kurus in costs:
        if (known or not row.is_budget) and (kurus or row in rows):
            yield BUDGET if row.is_budget else EXTRA, row.code, row.label, to_tl(kurus)


def _overheads(_: Source, merged: Merged) -> Iterator[Row]:
    for column, name in COLUMN_NAMES.items():
        if (costs := merged.programme.column(column)) is not None:
            yield from ((name, *item) for item in _items(costs, tuple(CostRow)))


def _indicators(_: Source, merged: Merged) -> Iterator[Row]:
    """Of each value the figure as printed, whether it is a percentage, and what stands there: 20% is 20 and True."""
    for target, above in _above(merged):
        for indicator in target.indicators:
            unit = unit_of(indicator.name) or None
            for year, value in zip(years_of(merged.programme), indicator.values, strict=True):
                state = BLANK if value is None else DASH if value.amount is None else GIVEN
                shown = (figure(value.amount), value.percent) if value and state == GIVEN else (None, None)
                yield (indicator.code, indicator.name, unit, *above, year, *shown, state)


def _general(_: Source, merged: Merged) -> Iterator[Row]:
    """One row for each figure; a line without columns is a row of its own."""
    for table in merged.programme.general_tables:
        for number, row in enumerate(table.rows, start=1):
            figures = list(zip(table.columns, row.values, strict=True))
            for column, value in figures or ((None, None),):
                line = (number, row.label or None, column, figure(value), row.subtotal, row.note or None)
                yield (table.title or None, KINDS.get(table.kind, table.kind), *line)


def _sources(source: Source, merged: Merged) -> Iterator[Row]:
    """(kind, code, item, year, unit, file, sheet, cell, amount, figure, revision, filled by, digest) of each figure.
    Amounts that are zero have no row, but a table of nothing else has one, as in the sheet Kaynak."""
    programme = merged.programme
    if source.kaynak is not None:
        titles = {squeeze(table.title): table.title for table in programme.general_tables}
        for row in source.kaynak:
            yield from _listed(row, programme, titles)
        return
    names = short_names(map(file_of, merged.sources))
    for item in merged.sources:
        sender = item.sender
        trail = (sender.revision, sender.filled_by or None, sender.digest or None)
        for kind, code, label, year, place, *figures in _figures(item, programme):
            form = ("/".join(names[place.file]), place.sheet or None, place.cell or None)
            yield (kind, code, label, year, sender.unit.name or None, *form, *figures, *trail)


def years_of(programme: Programme) -> Sequence[int | None]:
    """The years of an indicator's three values, None each where the programme's is not known."""
    return [programme.year - 2, programme.year - 1, programme.year] if programme.year else [None] * 3


def _figures(item: Given, programme: Programme) -> Iterator[tuple[Any, ...]]:
    """(kind, code, item, year, place, amount, figure) of what a form gave."""
    if isinstance(item, Contribution | ColumnSource):
        kind, code = (COST, item.activity) if isinstance(item, Contribution) else (COLUMN, COLUMN_NAMES[item.column])
        for row, kurus in item.costs:
            if kurus:
                yield kind, code, row.title, None, item.places.get(row, item.place), to_tl(kurus), None
        if isinstance(item, Contribution) and not any(item.costs.amounts):
            yield kind, code, WHOLE_TABLE, None, item.place, to_tl(0), None
    elif isinstance(item, IndicatorSource):
        for year, value, place in zip(years_of(programme), item.values, item.places, strict=True):
            yield INDICATOR, item.indicator, None, year, place, None, figure(value.amount if value else None)
    else:
        yield from ((GENERAL, item.table, item.row, None, place, None, None) for place in item.places)


def _listed(row: SourceRow, programme: Programme, titles: dict[str, str]) -> Iterator[Row]:
    """A row of Kaynak; an indicator's has its three years."""
    revision = int(row.revision) if row.revision.isdecimal() else None
    trail = (revision, row.filled_by or None, row.digest or None)
    form = (row.unit.name or None, row.file, row.sheet or None)
    item = row.item_text or None
    if row.is_indicator:
        for year, origin in zip(years_of(programme), origins_in(row), strict=False):
            yield (INDICATOR, row.code, None, year, *form, origin.cell, None, figure(origin.value), *trail)
    elif row.code or row.column:
        kind, code = (COST, row.code) if row.code else (COLUMN, COLUMN_NAMES[row.column])
        yield (kind, code, item, None, *form, row.cell, to_tl(row.kurus), None, *trail)
    else:
        title = next((titles[name] for cell in row.cells if (name := squeeze(cell.text)) in titles), None)
        for cell in row.cell.split(","):
            yield (GENERAL, title, item, None, *form, cell.strip(), None, None, *trail)


def figure(value: Decimal | None) -> Decimal | None:
    """A figure without the zeros that say nothing: 20.0 and 20 are written alike, whatever the source had."""
    short = None if value is None else value.normalize()
    return short.quantize(Decimal(1)) if short is not None and int(short.as_tuple().exponent) > 0 else short


def _shape(attribute: str, name: str, columns: str, rows: Callable[[Source, Merged], Iterable[Row]]) -> Shape:
    """The columns as text: their names, with what one holds behind a colon where that is no text."""
    parted = [column.partition(":") for column in f"program_yili:{INTEGER} {columns}".split()]
    return Shape(attribute, name, tuple(Column(name, kind or TEXT) for name, _, kind in parted), rows)


_TARGET = "performans_hedefi_kodu performans_hedefi hedef_kodu hedef amac_kodu amac"
_ACTIVITY = "faaliyet_kodu faaliyet"
_ITEM = "kaynak_turu kalem_kodu:integer kalem tutar:money"
_INDICATOR = f"gosterge_kodu gosterge olcu_birimi {_TARGET} yil:integer deger:number yuzde:flag durum"
_GENERAL = "tablo tur satir_no:integer satir sutun deger:number ara_toplam:flag aciklama"
_SOURCE = "tur kod kalem yil:integer birim dosya sayfa hucre tutar:money deger:number revizyon:integer dolduran sha256"

SHAPES = (
    _shape("programme", "program", "idare", lambda _, merged: [(merged.programme.institution.name or None,)]),
    _shape("targets", "performans_hedefleri", f"{_TARGET} aciklama", _targets),
    _shape(
        "activities", "faaliyetler", f"{_ACTIVITY} {_TARGET}", lambda _, merged: (row for _, row in _activities(merged))
    ),
    _shape("costs", "maliyetler", f"{_ACTIVITY} {_TARGET} birim {_ITEM}", _costs),
    _shape("overheads", "genel_giderler", f"sutun {_ITEM}", _overheads),
    _shape("units", "birimler", f"birim {_ACTIVITY}", _units),
    _shape("indicators", "gostergeler", _INDICATOR, _indicators),
    _shape("general_tables", "genel_tablolar", _GENERAL, _general),
    _shape("sources", "kaynaklar", _SOURCE, _sources),
)
