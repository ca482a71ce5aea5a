"""The nodes that the sheet Kaynak is filled from: for each figure the form, sheet and cell that it came from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TypeVar

from kars_xl.base.file_names import short_names
from kars_xl.base.money import to_tl
from kars_xl.base.place import Place
from kars_xl.model.cost_rows import CostRow
from kars_xl.model.programme import Costs, IndicatorValue, Programme
from kars_xl.model.sources import ColumnSource, Contribution, GeneralTableSource, Given, IndicatorSource
from kars_xl.model.units import Unit
from kars_xl.template.nodes import Node, Styled

# Tablo 11's columns that come from the finance office, as Kaynak calls them.
COLUMN_NAMES = {"general": "Genel Yönetim Giderleri", "transfers": "Diğer İdarelere Transfer + Yedek Ödenek"}
WHOLE_TABLE = "Toplam Kaynak İhtiyacı"

Names = Mapping[str, tuple[str, ...]]
T = TypeVar("T")


def source_lists(
    sources: Sequence[Given], activities: Sequence[Node], indicators: Sequence[Node]
) -> dict[str, list[Node]]:
    """The root's lists of sources, each below the activity or indicator that it is of and in their order."""
    names = short_names(map(file_of, sources))
    # The order in which the forms were named is of no matter.
    sources = sorted(sources, key=lambda item: names[file_of(item)])
    tables = [item for item in sources if isinstance(item, Contribution)]
    columns = [item for item in sources if isinstance(item, ColumnSource)]
    given = [item for item in sources if isinstance(item, IndicatorSource)]
    rows = [item for item in sources if isinstance(item, GeneralTableSource)]
    for activity in activities:
        activity.lists["kaynak"] = []
    for activity, key, table in _below(activities, tables, lambda item: item.activity):
        activity.lists["kaynak"].append(_table(table, activity, key, names))
    nodes = [node for activity in activities for node in activity.lists["kaynak"]]
    values = [
        Node("gosterge_kaynagi", key, _form(item) | _places(item.places, names) | indicator_fields(item.values), owner)
        for owner, key, item in _below(indicators, given, lambda item: item.indicator)
    ]
    told = [{"tablo": item.table, "satir": item.row} | _form(item) | _places(item.places, names) for item in rows]
    return {
        "kaynak": nodes,
        "tutar": [node for table in nodes for node in table.lists["tutar"]],
        "mali_tutar": [
            Node("mali_tutar", f"{item.column}/{at}", _form(item) | {"sutun": COLUMN_NAMES[item.column]} | found)
            for item in columns
            for at, found in enumerate(_figures(item, names))
        ],
        "gosterge_kaynagi": values,
        # In the tables' order of reading.
        "bilgi_kaynagi": [Node("bilgi_kaynagi", str(at), fields) for at, fields in enumerate(told)],
    }


def file_of(item: Given) -> str:
    return item.places[0].file if isinstance(item, IndicatorSource | GeneralTableSource) else item.place.file


def _below(owners: Iterable[Node], given: Iterable[T], code: Callable[[T], str]) -> Iterator[tuple[Node, str, T]]:
    """What was given for each owner, in the owners' order, with the key of its node."""
    by_code: dict[str, list[T]] = defaultdict(list)
    for item in given:
        by_code[code(item)].append(item)
    for owner in owners:
        yield from ((owner, f"{owner.key}/{at}", item) for at, item in enumerate(by_code[owner.key], start=1))


def _form(item: Given) -> Fields:
    return {
        "birim": item.sender.unit.name or None,
        "revizyon": item.sender.revision,
        "dolduran": item.sender.filled_by or None,
        "ozet": item.sender.digest or None,
    }


def _places(places: Sequence[Place], names: Names) -> Fields:
    """The cells, all of one sheet."""
    cells = ", ".join(place.cell for place in places)
    return {"dosya": "/".join(names[places[0].file]), "sayfa": places[0].sheet, "hucre": cells}


def _table(item: Contribution, activity: Node, key: str, names: Names) -> Node:
    """A cost table that was read, and below it each of its figures that is not zero."""
    form, totals = _places([item.place], names), part_fields(item.costs.budget_total, item.costs.extra_total)
    table = Node("kaynak", key, _form(item) | form | totals | cost_fields(item.costs), activity)
    # A table of zeros was read all the same, and by whom it was filled in must be seen.
    figures = list(_figures(item, names)) or [{"kalem": WHOLE_TABLE} | form | part_fields(0, 0)]
    table.lists["tutar"] = [Node("tutar", f"{key}/{at}", found, table) for at, found in enumerate(figures)]
    return table


def _figures(item: Contribution | ColumnSource, names: Names) -> Iterator[Fields]:
    """What each figure that is not zero is of, where it stands, and how much it is."""
    for row, kurus in item.costs:
        if kurus:
            parts = part_fields(kurus, None) if row.is_budget else part_fields(None, kurus)
            yield {"kalem": row.title} | _places([item.places.get(row, item.place)], names) | parts


def unit_summary(programme: Programme, sources: Sequence[Given], activities: Sequence[Node]) -> dict[str, list[Node]]:
    """The root's lists `birim_ozeti`, `birim_faaliyeti` and `ortak_faaliyet`; the last two below their units too."""
    tables: dict[str, set[Unit]] = defaultdict(set)
    for item in sources:
        if isinstance(item, Contribution):
            tables[item.activity].add(item.sender.unit)
    alone: dict[tuple[Unit, ...], list[tuple[Node, Fields]]] = defaultdict(list)
    shared: dict[tuple[Unit, ...], list[tuple[Node, Fields]]] = defaultdict(list)
    units_of = {activity.code: activity.units for activity in programme.activities}
    for node in activities:
        units = units_of[node.key]
        # Several units share it, and each cost table is that of one of them, and of all of them one.
        if len(units) > 1 and tables[node.key] == set(units):
            for unit in units:
                others = ", ".join(other.name for other in units if other.name != unit.name)
                shared[unit,].append((node, {"diger_birimler": others}))
        else:
            alone[tuple(sorted(units))].append((node, {}))
    nodes = []
    for units in sorted(alone.keys() | shared.keys(), key=lambda units: (not units, len(units) > 1, units)):
        name = ", ".join(map(str, units)) or "Sorumlu birimi belirtilmeyen faaliyetler"
        name += " (birlikte)" if len(units) > 1 else ""
        node = Node("birim_ozeti", "\n".join(map(str, units)), {"ad": name})
        # The owner of a row is the activity, so that references find the activity's own cost table.
        for kind, rows in (("birim_faaliyeti", alone), ("ortak_faaliyet", shared)):
            own = rows.get(units, ())
            node.lists[kind] = [Node(kind, f"{node.key}/{above.key}", fields, above) for above, fields in own]
        nodes.append(node)
    kinds = ("birim_faaliyeti", "ortak_faaliyet")
    return {"birim_ozeti": nodes} | {kind: [row for node in nodes for row in node.lists[kind]] for kind in kinds}


Fields = dict[str, object]


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


def indicator_fields(values: Sequence[IndicatorValue | None]) -> Fields:
    return dict(zip(("iki_onceki", "onceki", "deger"), map(indicator_cell, values), strict=True))


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
