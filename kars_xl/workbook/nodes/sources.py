"""The nodes that the sheet Kaynak is filled from: for each figure the form, sheet and cell that it came from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from kars_xl.base.file_names import short_names
from kars_xl.base.money import to_tl
from kars_xl.base.place import Place
from kars_xl.model.cost_rows import CostRow
from kars_xl.model.programme import Activity, Costs, IndicatorValue, Programme
from kars_xl.model.sources import ColumnSource, Contribution, GeneralTableSource, Given, IndicatorSource
from kars_xl.model.units import Unit
from kars_xl.template.nodes import Node, Styled

# Tablo 11's columns that come from the finance office, as Kaynak calls them.
COLUMN_NAMES = {"general": "Genel Yönetim Giderleri", "transfers": "Diğer İdarelere Transfer + Yedek Ödenek"}
WHOLE_TABLE = "Toplam Kaynak İhtiyacı"

Names = Mapping[str, tuple[str, ...]]


def source_lists(
    sources: Sequence[Given], activities: Sequence[Node], indicators: Sequence[Node]
) -> dict[str, list[Node]]:
    """The root's lists of sources, each below the activity or indicator that it is of and in their order."""
    names = short_names(map(file_of, sources))
    # The order in which the forms were named is of no matter.
    sources = sorted(sources, key=lambda item: names[file_of(item)])
    tables = _tables([item for item in sources if isinstance(item, Contribution)], activities, names)
    columns = [item for item in sources if isinstance(item, ColumnSource)]
    given = [item for item in sources if isinstance(item, IndicatorSource)]
    rows = [item for item in sources if isinstance(item, GeneralTableSource)]
    return {
        "kaynak": tables,
        "tutar": [node for table in tables for node in table.lists["tutar"]],
        "mali_tutar": [node for item in columns for node in _column(item, names)],
        "gosterge_kaynagi": _indicators(given, indicators, names),
        "bilgi_kaynagi": _general_tables(rows, names),
    }


def file_of(item: Given) -> str:
    return item.places[0].file if isinstance(item, IndicatorSource | GeneralTableSource) else item.place.file


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


def _tables(given: Sequence[Contribution], activities: Sequence[Node], names: Names) -> list[Node]:
    """A node for each cost table that was read, and below it one for each of its figures that is not zero."""
    by_activity: dict[str, list[Contribution]] = defaultdict(list)
    for item in given:
        by_activity[item.activity].append(item)
    nodes = []
    for activity in activities:
        activity.lists["kaynak"] = [
            _table(item, activity, number, names) for number, item in enumerate(by_activity[activity.key], start=1)
        ]
        nodes += activity.lists["kaynak"]
    return nodes


def _table(item: Contribution, activity: Node, number: int, names: Names) -> Node:
    totals = part_fields(item.costs.budget_total, item.costs.extra_total)
    fields = _form(item) | _places([item.place], names) | totals | cost_fields(item.costs)
    table = Node("kaynak", f"{activity.key}/{number}", fields, activity)
    figures = list(_figures(item, names))
    if not figures:
        # A table of zeros was read all the same, and by whom it was filled in must be seen.
        figures = [{"kalem": WHOLE_TABLE} | _places([item.place], names) | part_fields(0, 0)]
    table.lists["tutar"] = [Node("tutar", f"{table.key}/{at}", found, table) for at, found in enumerate(figures)]
    return table


def _column(item: ColumnSource, names: Names) -> list[Node]:
    form = _form(item) | {"sutun": COLUMN_NAMES[item.column]}
    return [
        Node("mali_tutar", f"{item.column}/{number}", form | found)
        for number, found in enumerate(_figures(item, names))
    ]


def _figures(item: Contribution | ColumnSource, names: Names) -> Iterator[Fields]:
    """What each figure that is not zero is of, where it stands, and how much it is."""
    for row, kurus in item.costs:
        if kurus:
            parts = part_fields(kurus, None) if row.is_budget else part_fields(None, kurus)
            yield {"kalem": row.title} | _places([item.places.get(row, item.place)], names) | parts


def _indicators(given: Sequence[IndicatorSource], indicators: Sequence[Node], names: Names) -> list[Node]:
    by_code: dict[str, list[IndicatorSource]] = defaultdict(list)
    for item in given:
        by_code[item.indicator].append(item)
    nodes = []
    for indicator in indicators:
        for number, item in enumerate(by_code[indicator.key], start=1):
            fields = _form(item) | _places(item.places, names) | indicator_fields(item.values)
            nodes.append(Node("gosterge_kaynagi", f"{indicator.key}/{number}", fields, indicator))
    return nodes


def _general_tables(given: Sequence[GeneralTableSource], names: Names) -> list[Node]:
    """A node for each row of a general table, in the tables' order of reading."""
    return [
        Node(
            "bilgi_kaynagi",
            str(number),
            {"tablo": item.table, "satir": item.row} | _form(item) | _places(item.places, names),
        )
        for number, item in enumerate(given)
    ]


_NOBODY = "Sorumlu birimi belirtilmeyen faaliyetler"


def unit_summary(programme: Programme, sources: Sequence[Given], activities: Sequence[Node]) -> dict[str, list[Node]]:
    """The root's lists `birim_ozeti`, `birim_faaliyeti` and `ortak_faaliyet`; the last two below their units too."""
    given = {activity.code: activity for activity in programme.activities}
    tables: dict[str, set[Unit]] = defaultdict(set)
    for item in sources:
        if isinstance(item, Contribution):
            tables[item.activity].add(item.sender.unit)
    alone: dict[tuple[Unit, ...], list[Node]] = defaultdict(list)
    shared: dict[tuple[Unit, ...], list[Node]] = defaultdict(list)
    for node in activities:
        units = given[node.key].units
        # Several units share it, and each cost table is that of one of them, and of all of them one.
        if len(units) > 1 and tables[node.key] == set(units):
            for unit in units:
                shared[unit,].append(node)
        else:
            alone[tuple(sorted(units))].append(node)
    nodes = []
    for units in sorted(alone.keys() | shared.keys(), key=lambda units: (not units, len(units) > 1, units)):
        node = Node("birim_ozeti", "\n".join(map(str, units)), {"ad": _name(units)})
        node.lists["birim_faaliyeti"] = [_row("birim_faaliyeti", node, found, {}) for found in alone.get(units, ())]
        node.lists["ortak_faaliyet"] = [
            _row("ortak_faaliyet", node, found, {"diger_birimler": _others(node, given[found.key])})
            for found in shared.get(units, ())
        ]
        nodes.append(node)
    return {"birim_ozeti": nodes} | {
        kind: [row for node in nodes for row in node.lists[kind]] for kind in ("birim_faaliyeti", "ortak_faaliyet")
    }


def _name(units: tuple[Unit, ...]) -> str:
    if not units:
        return _NOBODY
    return units[0].name if len(units) == 1 else ", ".join(map(str, units)) + " (birlikte)"


def _others(unit: Node, activity: Activity) -> str:
    return ", ".join(other.name for other in activity.units if other.name != unit.key)


def _row(kind: str, unit: Node, activity: Node, fields: Fields) -> Node:
    """A row below a unit; its owner is the activity, so that references find the activity's own cost table."""
    return Node(kind, f"{unit.key}/{activity.key}", fields, activity)


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
