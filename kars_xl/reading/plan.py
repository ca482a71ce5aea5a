"""Reads the plan: the finance office's list of goals, targets, indicators, activities and units, with last figures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from msgspec.structs import replace

from kars_xl.base.place import Place
from kars_xl.base.text import code_key, fold, parent_code, read_code, squeeze, tidy
from kars_xl.findings.finding import Finding, Merged, finding
from kars_xl.model.cost_rows import CostRow
from kars_xl.model.programme import (
    Activity,
    Costs,
    Goal,
    Indicator,
    Institution,
    Objective,
    Programme,
    ProgrammeTable,
    ProgrammeTableRow,
    Target,
    by_code,
    total_costs,
)
from kars_xl.model.sources import Contribution, Sender
from kars_xl.model.units import Unit, Units
from kars_xl.reading.cell_values import CellReader
from kars_xl.reading.general.blocks import read_cell
from kars_xl.reading.general.kinds import KINDS, MOST_COLUMNS, in_order
from kars_xl.reading.grid.cells import Cell, Grid, ListRow, Sheet
from kars_xl.reading.labels import cost_row_of, label_of
from kars_xl.reading.policies import read_policy_plan

_COLUMNS = {
    "kod": "code",
    "amac": "goal",
    "hedef": "objective",
    "performans hedefi": "target",
    "aciklamalar": "note",
    "performans gostergesi": "indicator",
    "faaliyet": "activity",
    "sorumlu birimler": "units",
    "birim": "unit",
    "e posta": "email",
    "ekonomik kod": "economic",
    "genel yonetim giderleri": "general",
    "diger idarelere transfer yedek odenek": "transfers",
}
_INSTITUTION = {
    "idare adi": "name",
    "yer": "place",
    "adres": "address",
    "telefon": "phone",
    "web": "web",
    "e posta": "email",
    "ust yonetici": "head",
    "ust yonetici unvani": "head_title",
}
_PREFIX = {"indicator": "PG.", "activity": "F.", "unit": "F."}
_KINDS = ("economic", "indicator", "activity", "target", "objective", "goal")


def is_plan(grid: Grid) -> bool:
    """True for a workbook with the plan's lists of targets and activities."""
    return {"target", "activity"} <= {_list_of(sheet)[0] for sheet in grid.sheets}


def read_plan(grid: Grid) -> Merged:
    """The plan as a programme; an activity without figures has costs None. Contributions are by unit."""
    return _PlanReader(grid).read()


def _list_of(sheet: Sheet) -> tuple[str, list[dict[str, Cell]]]:
    """(kind, rows by column name) of a list of the plan; "" for any other sheet."""
    headings = [cell.text for cell in next(sheet.rows(), [])]
    years = [text for text in headings if text.isdigit() and len(text) == 4]
    names = _COLUMNS | {fold(text): row.field for text in headings if (row := cost_row_of(text))}
    names |= {year: f"year{index}" for index, year in enumerate(years[:3])}
    found = {names.get(fold(text), "") for text in headings}
    units = "unit" if "code" in found else "email"
    other = units if {"unit", units} <= found else ""
    kind = next((kind for kind in _KINDS if {kind, "code"} <= found), other)
    return kind, [row.cells for row in sheet.listed(names, {kind})] if kind else []


class _PlanReader:
    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.reader = CellReader()
        self.findings: list[Finding] = []
        self.lists = dict(map(_list_of, grid.sheets))
        self.listed = self._listed_units()
        columns = (("activity", "units"), ("unit", "unit"))
        others = [row[name].text for kind, name in columns for row in self.lists.get(kind, ()) if name in row]
        self.units = Units((*self.listed, *map(Unit, others)))

    def read(self) -> Merged:
        institution, year = self._institution()
        administration, transfers = self._economic("general"), self._economic("transfers")
        contributions = self._contributions()
        purpose, policies, missing = read_policy_plan(self.grid)
        self.findings += missing
        programme = Programme(
            institution,
            year,
            goals=tuple(Goal(code, name) for code, name, _ in self._named("goal")),
            objectives=tuple(Objective(code, name) for code, name, _ in self._named("objective")),
            targets=self._targets(contributions),
            administration=administration,
            transfers=transfers,
            units=self.listed,
            purpose=purpose,
            policies=policies,
        )
        tables, wrong = read_general_tables(self.grid)
        self.findings += wrong
        general = tuple(replace(table, unit=self.units.of(table.unit)) for table in tables)
        programme = replace(programme, general_tables=general)
        return Merged(programme, tuple(contributions), (*self.findings, *self.reader.findings))

    def _institution(self) -> tuple[Institution, int]:
        facts: dict[str, str] = {}
        year = 0
        for sheet in self.grid.sheets:
            for row in () if _list_of(sheet)[0] else sheet.rows():
                label = fold(row[0].text)
                value = tidy(row[1].text) if len(row) > 1 else ""
                if label in _INSTITUTION:
                    facts.setdefault(_INSTITUTION[label], value)
                elif label_of(row[0].text)[0] == "year" and value.isdigit():
                    year = int(value)
        if not year or not facts.get("name"):
            what = "Kurum sayfasında İdare Adı ve Program Yılı"
            self.findings.append(finding("KX101", Place(self.grid.file), what=what, blank="idarenin adını ve yılı"))
        return Institution(**{"name": "", **facts}), year

    def _named(self, kind: str) -> Iterator[tuple[str, str, dict[str, Cell]]]:
        """(code, name, row) of a list's rows, by code; a row without a readable code is reported."""
        rows = []
        for row in self.lists.get(kind, ()):
            name = row.get(kind)
            if "code" not in row or not (code := read_code(row["code"].text)):
                if name is not None:
                    self.findings.append(finding("KX113", name.place, found=name.text[:60]))
                continue
            text = "\n".join(map(tidy, name.text.splitlines())) if name and kind == "unit" else ""
            rows.append((_PREFIX.get(kind, "") + code[1], text or (tidy(name.text) if name else ""), row))
        if kind != "unit":
            self._unique(rows)
        yield from sorted(rows, key=lambda item: code_key(item[0]))

    def _unique(self, rows: list[tuple[str, str, dict[str, Cell]]]) -> None:
        seen: set[str] = set()
        for code, _, row in rows:
            if code in seen:
                place = row["code"].place
                self.findings.append(finding("KX208", place, key=code, severity="error", found=code))
            seen.add(code)

    def _targets(self, contributions: list[Contribution]) -> tuple[Target, ...]:
        costs: dict[str, list[Costs]] = defaultdict(list)
        for given in contributions:
            costs[given.activity].append(given.costs)
        indicators: dict[str, list[Indicator]] = defaultdict(list)
        for code, name, row in self._named("indicator"):
            first, second, third = (self.reader.indicator(row.get(f"year{index}"), code) for index in range(3))
            indicators[parent_code(code)].append(Indicator(code, name, (first, second, third)))
        activities: dict[str, list[Activity]] = defaultdict(list)
        for code, name, row in self._named("activity"):
            named = Unit(row["units"].text if "units" in row else "")
            units = tuple(dict.fromkeys(map(self.units.of, named.parts)))
            given_costs = total_costs(costs[code]) if code in costs else None
            activities[parent_code(code)].append(Activity(code, name, units, given_costs))
        rows = {code: (name, row.get("note")) for code, name, row in self._named("target")}
        targets = []
        for code in by_code([*rows, *indicators, *activities]):
            goal, *rest = map(str, code_key(code))
            name, note = rows.get(code, ("", None))
            objective = ".".join((goal, *rest[:1]))
            text = tidy(note.text) if note else ""
            own = tuple(indicators[code]), tuple(activities[code])
            targets.append(Target(code, name, goal, objective, text, *own))
        return tuple(targets)

    def _contributions(self) -> list[Contribution]:
        """Figures by activity and unit; a row without any figure is no contribution."""
        found = []
        for code, unit, row in self._named("unit"):
            costs = _costs({item: self._amount(row.get(item.field), code) for item in CostRow})
            if costs is not None:
                sender = Sender(unit=self.units.of(Unit(unit)))
                found.append(Contribution(activity=code, sender=sender, costs=costs, place=row["code"].place))
        return found

    def _amount(self, cell: Cell | None, key: str) -> int | None:
        """Kuruş, or None for a blank."""
        if cell is None:
            return None
        amount = self.reader.amount(cell, cell.place, "plan", key)
        return amount.kurus if amount.given else None

    def _economic(self, column: str) -> Costs | None:
        """What an economic code costs beside the activities, by a column of that list."""
        rows = [row for row in self.lists.get("economic", ()) if "economic" in row]
        keyed = [(key, row.get(column)) for row in rows if (key := cost_row_of(row["economic"].text))]
        return _costs({key: self._amount(cell, str(key.value)) for key, cell in keyed})

    def _listed_units(self) -> tuple[Unit, ...]:
        """The list of units with their addresses: of a unit that it has twice all of them."""
        mails: dict[Unit, dict[str, None]] = defaultdict(dict)
        for row in self.lists.get("email", ()):
            if "unit" in row and (unit := Unit(tidy(row["unit"].text))):
                mails[unit][tidy(row["email"].text) if "email" in row else ""] = None
        return tuple(Unit(unit.name, ", ".join(filter(None, given))) for unit, given in mails.items())


def _costs(amounts: dict[CostRow, int | None]) -> Costs | None:
    """The costs; None where no row has a figure."""
    return Costs.of(amounts) if any(kurus is not None for kurus in amounts.values()) else None


_TABLES = {
    "no": "number",
    "tablo adi": "caption",
    "tur": "kind",
    "birim": "unit",
    "satir basligi": "heading",
    **{f"sutun {at}": f"column{at}" for at in range(1, MOST_COLUMNS + 1)},
}
_TABLE_ROWS = {
    "tablo": "table",
    "satir": "label",
    "aciklama": "note",
    "ara toplam": "subtotal",
    **{f"deger {at}": f"value{at}" for at in range(1, MOST_COLUMNS + 1)},
}
_KINDS_BY_NAME = {fold(name): kind for kind, name in KINDS.items()}


def read_general_tables(grid: Grid) -> tuple[tuple[ProgrammeTable, ...], list[Finding]]:
    """The tables in their order, and what could not be read; nothing where the plan has no such lists."""
    tables: dict[str, ProgrammeTable] = {}
    findings: list[Finding] = []
    for row in _list(grid, _TABLES, {"number", "caption", "kind", "unit"}):
        caption, number, heading, unit = (row.text(name) for name in ("caption", "number", "heading", "unit"))
        columns = [row.text(f"column{at}") for at in range(1, MOST_COLUMNS + 1)]
        while columns and not columns[-1]:
            columns.pop()
        kind = _KINDS_BY_NAME.get(fold(row.text("kind")))
        if kind is None:
            findings.append(finding("KX113", row.first.place, found=row.text("kind") or caption))
            continue
        table = ProgrammeTable(kind, caption, number, heading, tuple(columns), unit=Unit(unit))
        if squeeze(table.title) in tables:
            place = row.first.place
            findings.append(finding("KX208", place, key=table.title, severity="error", found=table.title))
        tables[squeeze(table.title)] = table
    rows: dict[str, list[ProgrammeTableRow]] = {title: [] for title in tables}
    for row in _list(grid, _TABLE_ROWS, {"table", "label", "value1"}):
        title = squeeze(row.text("table"))
        if title in tables:
            rows[title].append(_table_row(row, tables[title], findings))
        else:
            findings.append(finding("KX113", row.first.place, found=row.text("table") or row.text("label")))
    found = [replace(table, rows=tuple(rows[title])) for title, table in tables.items()]
    return in_order(found), findings


def _list(grid: Grid, names: dict[str, str], needed: set[str]) -> list[ListRow]:
    """The rows of the first sheet that has these headings, and any row below them."""
    return next(filter(None, (sheet.listed(names, needed) for sheet in grid.sheets)), [])


def _table_row(row: ListRow, table: ProgrammeTable, findings: list[Finding]) -> ProgrammeTableRow:
    """The row's figures, as many as the table has columns; one that is too much or unreadable is a finding."""
    place, label = row.first.place, row.text("label")
    values = [read_cell(row.cells.get(f"value{at}"), place) for at in range(1, MOST_COLUMNS + 1)]
    for at, read in enumerate(values, start=1):
        if len(read.readings) > 1 or not (read.readings or read.blank):
            findings.append(finding("KX103", read.place, table=table.title, key=label, found=read.text))
        elif read.readings and at > len(table.columns):
            what = f"{table.title} tablosunun {at}. sütununun başlığı"
            findings.append(finding("KX101", read.place, table=table.title, what=what, blank="sütunun adını"))
    if not label:
        what = f"{table.title} satırının adı"
        findings.append(finding("KX101", place, table=table.title, what=what, blank="satırın ne olduğunu"))
    figures = tuple(read.value for read in values[: len(table.columns)])
    return ProgrammeTableRow(label, figures, row.text("note"), fold(row.text("subtotal")) in ("evet", "e", "x"))
