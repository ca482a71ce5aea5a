"""The five tables as laid out and computed, against the programme: amounts in whole kuruş, names word by word."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from kars_xl.base.money import excess, format_decimal, format_tl
from kars_xl.base.place import Place, cell_at
from kars_xl.base.text import lower, squeeze
from kars_xl.findings.finding import Finding, finding
from kars_xl.merging.consolidate import GivenTable, given_tables
from kars_xl.model.cost_rows import CostKey
from kars_xl.model.programme import Activity, Costs, Indicator, Programme, ProgrammeTable
from kars_xl.reading import tables
from kars_xl.reading.cell_values import format_indicator
from kars_xl.reading.general.kinds import KINDS, LISTS, STAFF
from kars_xl.reading.labels import display_name
from kars_xl.template.formula.formula import parse_reference
from kars_xl.template.formula.parse import tokens_of
from kars_xl.template.records import LaidCell, Layout

_LABELS = ("subtotal", "grand_total", "general", "activity_column", "activities_total", "transfers")
_TURKISH = {it: lower(display_name(it)) for it in _LABELS}
# What an activity of which the programme knows nothing must cost; its name and units are not asked for.
_UNKNOWN = Activity("", "")

Activities = Mapping[str, Activity]
Address = tuple[str, int, int]


class Difference(NamedTuple):
    """A cell of the output that does not hold what it must; both values as a person reads them."""

    place: Place
    what: str
    found: str
    expected: str


def table_differences(document: tables.Document, programme: Programme) -> Iterator[Difference]:
    """Every amount, name, unit and indicator value that is not the programme's; what the document lacks is none."""
    activities = {activity.code: activity for activity in programme.activities}
    indicators = {item.code: item for target in programme.targets for item in target.indicators}
    targets = {target.code: target.costs for target in programme.targets}
    sums = programme.totals
    totals = {"general": sums.administration, "transfers": sums.transfers, "grand_total": sums.grand}
    totals |= {"activities_total": sums.activities, "activity_column": sums.activities}
    for table in document.tables:
        if isinstance(table, tables.CostTable):
            code = table.heading.codes.get("activity_name", "")
            activity = activities.get(code, _UNKNOWN)
            printed: list[tuple[CostKey, tables.Amount]] = [*table.amounts.items(), *table.totals.items()]
            for key, amount in printed:
                yield from _amount(f"{code} / {key.title}", amount, (activity.costs or Costs())[key])
            yield from _name(table.heading.texts.get("activity_name"), code, activity.name)
            yield from _units(table.heading.texts.get("responsible"), activity)
        elif isinstance(table, tables.TargetTable):
            code = table.heading.codes.get("target", "")
            for indicator in table.indicators:
                if indicator.code in indicators:
                    yield from _indicator(indicator, indicators[indicator.code])
            for row in table.activities:
                yield from _activity(row, activities)
            for label, amounts in table.totals.items() if code in targets else ():
                yield from _amounts(f"PH {code} {_TURKISH[label]}", amounts, targets[code])
        elif isinstance(table, tables.SummaryTable):
            for summary in table.rows:
                yield from _activity(summary, activities)
            for label, summary in table.totals.items():
                yield from _amounts(_TURKISH[label], summary.amounts, totals[label])
        elif isinstance(table, tables.ResourceMatrix):
            for column, cells in table.columns.items():
                for key, amount in cells.items():
                    yield from _amount(f"Tablo 11 {_TURKISH[column]} / {key.title}", amount, totals[column][key])
        else:
            for line in table.rows:
                activity = activities.get(line.code, _UNKNOWN)
                yield from _name(line.activity, line.code, activity.name)
                yield from _units(line.unit, activity)


def _activity(row: tables.ActivityRow | tables.SummaryRow, activities: Activities) -> Iterator[Difference]:
    activity = activities.get(row.code, _UNKNOWN)
    yield from _amounts(row.code, row.amounts, activity.costs or Costs())
    yield from _name(row.name, row.code, activity.name)


def _indicator(row: tables.IndicatorRow, indicator: Indicator) -> Iterator[Difference]:
    yield from _name(row.name, row.code, indicator.name)
    for found, expected, place in zip(row.values, indicator.values, row.places, strict=True):
        if found != expected:
            yield Difference(place, f"{row.code} değeri", format_indicator(found), format_indicator(expected))


def _amounts(what: str, row: tables.AmountRow, costs: Costs) -> Iterator[Difference]:
    yield from _amount(f"{what} bütçe", row.budget, costs.budget_total)
    yield from _amount(f"{what} bütçe dışı", row.extra, costs.extra_total)
    yield from _amount(f"{what} toplam", row.total, costs.total)


def _amount(what: str, amount: tables.Amount | None, expected: int) -> Iterator[Difference]:
    """`expected` in kuruş."""
    if amount is not None and (amount.kurus is None or excess(amount.kurus, expected)):
        yield Difference(amount.place, what, format_tl(amount.kurus), format_tl(expected))


def _name(text: tables.Text | None, code: str, expected: str) -> Iterator[Difference]:
    """A name may stand with more around it (its code, a number), but it must stand there."""
    if text is not None and squeeze(expected) not in squeeze(text.value):
        yield Difference(text.place, f"{code} adı", f"“{text.value}”", f"“{expected}”")


def _units(text: tables.Text | None, activity: Activity) -> Iterator[Difference]:
    if text is not None and any(squeeze(unit.name) not in squeeze(text.value) for unit in activity.units):
        units = ", ".join(map(str, activity.units))
        yield Difference(text.place, f"{activity.code} birimi", f"“{text.value}”", f"“{units}”")


def general_table_differences(document: tables.Document, programme: Programme) -> Iterator[Difference]:
    """What differs; a kind of which the template has no table is no difference."""
    given = given_tables(document, programme.general_tables)
    shown = {id(item.planned): item for item in given}
    for table in programme.general_tables:
        of_kind = (item for item in given if item.read.table is not None and item.read.table.kind == table.kind)
        if (item := shown.get(id(table))) is not None:
            yield from _table(item, table)
        elif (other := next(of_kind, None)) is not None:
            yield Difference(other.source.place, table.title, "yok", "tablo")


def _table(item: GivenTable, table: ProgrammeTable) -> Iterator[Difference]:
    place, found = item.source.place, item.read.table
    if found is None:
        yield Difference(place, table.title, "boş", f"{len(table.rows)} satır")
        return
    for fault in item.read.findings:
        values = dict(fault.values)
        yield Difference(fault.place, f"{table.title} {fault.key}", values.get("found", ""), values.get("expected", ""))
    if (found.heading, found.columns) != (table.heading, table.columns):
        shown, expected = (", ".join((one.heading, *one.columns)) for one in (found, table))
        yield Difference(place, f"{table.title} başlıkları", shown, expected)
        return
    if len(found.rows) != len(table.rows):
        yield Difference(place, table.title, f"{len(found.rows)} satır", str(len(table.rows)))
        return
    for row, expected_row, places in zip(found.rows, table.rows, item.read.places, strict=True):
        if row._replace(values=expected_row.values) != expected_row:
            shown, expected = (" ".join(filter(None, (one.label, one.note))) for one in (row, expected_row))
            yield Difference(places[0], table.title, f"“{shown}”", f"“{expected}”")
        for at, (one, other) in enumerate(zip(row.values, expected_row.values, strict=True)):
            if one != other:
                shown, expected = ("boş" if value is None else format_decimal(value) for value in (one, other))
                yield Difference(places[at], f"{table.title} {expected_row.label}", shown, expected)


def missing_tables(document: tables.Document, kinds: Iterable[str]) -> Iterator[str]:
    """What the template has no table of, of the kinds that the programme has; all of a part under its name."""
    have = {item.source.kind for item in given_tables(document, ())}
    wanted = set(kinds)
    for name, part in (("Fiziksel Kaynaklar", LISTS), ("İnsan Kaynakları", STAFF)):
        lost = [KINDS[kind] for kind in part if kind in wanted and kind not in have]
        yield from [f"{name} tabloları"] if lost and not have & set(part) else lost


def explain(layout: Layout, template: str, differences: Iterable[Difference]) -> Iterator[Finding]:
    """KX504 at the template's cells, one for each; what only follows from another difference is left out."""
    cells: dict[Address, tuple[LaidCell, Difference]] = {}
    sheets = {sheet.name: sheet for sheet in layout.sheets}
    for difference in differences:
        _, name, row, column = difference.place
        blank = LaidCell(None, None, 0, f"{sheets[name].template}!A1")
        cells.setdefault((name, row, column), (sheets[name].cells.get((row, column), blank), difference))
    roots = [(cell, found) for address, (cell, found) in cells.items() if not _follows(address, cell, cells.keys())]
    by_origin: dict[str, list[Difference]] = {}
    for cell, found in roots or list(cells.values()):
        by_origin.setdefault(cell.origin, []).append(found)
    for origin, ((where, what, shown, expected), *others) in by_origin.items():
        name, _, address = origin.rpartition("!")
        output = f"{where.sheet} ▸ {where.cell}" + (f" ve {len(others)} hücrede daha" if others else "")
        place = Place(template, name, *(cell_at(address) or ()))
        yield finding("KX504", place, key=what, what=what, found=shown, expected=expected, output=output)


def _follows(address: Address, cell: LaidCell, wrong: Iterable[Address]) -> bool:
    """Whether the cell's formula reads another wrong cell."""
    tokens = tokens_of(cell.formula) if cell.formula else ()
    for ref in (parse_reference(token.value) for token in tokens if token.part == "Range"):
        # A whole column is no reason: it holds the cells of every row.
        if ref is not None and ref.row1 and ref.row2 and ref.col1 and ref.col2:
            (row1, row2), (col1, col2), name = (ref.row1, ref.row2), (ref.col1, ref.col2), ref.sheet or address[0]
            if any(s == name and row1 <= r <= row2 and col1 <= c <= col2 and (s, r, c) != address for s, r, c in wrong):
                return True
    return False
