"""Reads the plan: the finance office's list of goals, targets, indicators, activities and units, with last figures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

from kars_xl.base.place import Place
from kars_xl.base.text import code_key, fold, parent_code, read_code, tidy
from kars_xl.findings.catalogue import finding
from kars_xl.findings.finding import Finding, Merged
from kars_xl.model.cost_rows import CostRow
from kars_xl.model.general_tables import ProgrammeTable
from kars_xl.model.programme import (
    Activity,
    Costs,
    Goal,
    Indicator,
    Institution,
    Objective,
    Programme,
    Target,
    by_code,
    total_costs,
)
from kars_xl.model.sources import Contribution, Sender
from kars_xl.model.units import Unit, Units
from kars_xl.reading.cell_values import CellReader
from kars_xl.reading.general.keepers import read_general_tables
from kars_xl.reading.grid.cells import Cell, Grid, Sheet
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


@dataclass(slots=True)
class _List:
    """A sheet of the plan: its kind, and where each column stands."""

    sheet: Sheet
    kind: str
    columns: dict[str, int]
    header: int

    def rows(self) -> Iterator[dict[str, Cell]]:
        """Each row below the heading as cells by column name."""
        names = {column: name for name, column in self.columns.items()}
        for row in self.sheet.rows():
            if row[0].row > self.header:
                yield {names[cell.column]: cell for cell in row if cell.column in names}


def is_plan(grid: Grid) -> bool:
    """True for a workbook with the plan's lists of targets and activities."""
    kinds = {found.kind for sheet in grid.sheets if (found := _list_of(sheet))}
    return {"target", "activity"} <= kinds


def read_plan(grid: Grid) -> Merged:
    """The plan as a programme; an activity without figures has costs None. Contributions are by unit."""
    return _PlanReader(grid).read()


def _list_of(sheet: Sheet) -> _List | None:
    for row in sheet.rows():
        names = {_COLUMNS.get(fold(cell.text), ""): cell.column for cell in row}
        extra = {_amount_column(cell.text): cell.column for cell in row if isinstance(cell.value, str)}
        years = [cell.column for cell in row if (text := cell.text).isdigit() and len(text) == 4]
        columns = {name: column for name, column in names.items() if name}
        columns |= {name: column for name, column in extra.items() if name}
        columns |= {f"year{index}": column for index, column in enumerate(years[:3])}
        for kind in ("economic", "indicator", "activity", "target", "objective", "goal"):
            if kind in columns and "code" in columns:
                return _List(sheet, kind, columns, row[0].row)
        if "unit" in columns and ("code" in columns or "email" in columns):
            return _List(sheet, "unit" if "code" in columns else "email", columns, row[0].row)
        return None
    return None


def _amount_column(text: str) -> str:
    row = cost_row_of(text)
    return row.field if row else ""


class _PlanReader:
    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.reader = CellReader()
        self.findings: list[Finding] = []
        self.lists = {found.kind: found for sheet in grid.sheets if (found := _list_of(sheet))}
        self.listed = self._listed_units()
        columns = (("activity", "units"), ("unit", "unit"))
        others = [row[name].text for kind, name in columns for row in self._rows(kind) if name in row]
        self.units = Units((*self.listed, *map(Unit, others)))

    def read(self) -> Merged:
        institution, year = self._institution()
        administration, transfers = self._economic()
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
            general_tables=self._general_tables(),
            purpose=purpose,
            policies=policies,
        )
        return Merged(programme, tuple(contributions), (*self.findings, *self.reader.findings))

    def _institution(self) -> tuple[Institution, int]:
        facts: dict[str, str] = {}
        year = 0
        for sheet in self.grid.sheets:
            if any(found.sheet is sheet for found in self.lists.values()):
                continue
            for row in sheet.rows():
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

    def _rows(self, kind: str) -> Iterator[dict[str, Cell]]:
        yield from self.lists[kind].rows() if kind in self.lists else ()

    def _named(self, kind: str) -> Iterator[tuple[str, str, dict[str, Cell]]]:
        """(code, name, row) of a list's rows, by code; a row without a readable code is reported."""
        rows = []
        for row in self._rows(kind):
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
            values = [self.reader.indicator(row.get(f"year{index}"), code) for index in range(3)]
            indicators[parent_code(code)].append(Indicator(code, name, (values[0], values[1], values[2])))
        activities: dict[str, list[Activity]] = defaultdict(list)
        for code, name, row in self._named("activity"):
            named = Unit(row["units"].text if "units" in row else "")
            units = tuple(dict.fromkeys(map(self.units.of, named.parts)))
            given_costs = total_costs(costs[code]) if code in costs else None
            activities[parent_code(code)].append(Activity(code, name, units, given_costs))
        notes = {}
        names = {}
        for code, name, row in self._named("target"):
            names[code] = name
            notes[code] = tidy(row["note"].text) if "note" in row else ""
        return tuple(
            Target(
                code,
                names.get(code, ""),
                str(code_key(code)[0]),
                ".".join(map(str, code_key(code)[:2])),
                notes.get(code, ""),
                tuple(indicators[code]),
                tuple(activities[code]),
            )
            for code in by_code([*names, *indicators, *activities])
        )

    def _contributions(self) -> list[Contribution]:
        """Figures by activity and unit; a row without any figure is no contribution."""
        found = []
        for code, unit, row in self._named("unit"):
            amounts = {item: self._amount(row.get(item.field), code) for item in CostRow}
            if any(kurus is not None for kurus in amounts.values()):
                sender = Sender(unit=self.units.of(Unit(unit)))
                costs, place = Costs.of(amounts), row["code"].place
                found.append(Contribution(activity=code, sender=sender, costs=costs, place=place))
        return found

    def _amount(self, cell: Cell | None, key: str) -> int | None:
        """Kuruş, or None for a blank."""
        if cell is None:
            return None
        amount = self.reader.amount(cell, cell.place, "plan", key)
        return amount.kurus if amount.given else None

    def _economic(self) -> tuple[Costs | None, Costs | None]:
        found = self.lists.get("economic")
        general: dict[CostRow, int | None] = {}
        transfers: dict[CostRow, int | None] = {}
        for row in found.rows() if found else ():
            if key := cost_row_of(row["economic"].text if "economic" in row else ""):
                general[key] = self._amount(row.get("general"), str(key.value))
                transfers[key] = self._amount(row.get("transfers"), str(key.value))
        general_given, transfers_given = (
            Costs.of(amounts) if any(kurus is not None for kurus in amounts.values()) else None
            for amounts in (general, transfers)
        )
        return general_given, transfers_given

    def _general_tables(self) -> tuple[ProgrammeTable, ...]:
        tables, findings = read_general_tables(self.grid)
        self.findings += findings
        return tuple(replace(table, unit=self.units.of(table.unit)) for table in tables)

    def _listed_units(self) -> tuple[Unit, ...]:
        """The list of units with their addresses: of a unit that it has twice all of them."""
        mails: dict[Unit, dict[str, None]] = defaultdict(dict)
        for row in self._rows("email"):
            if "unit" in row and (unit := Unit(tidy(row["unit"].text))):
                mails[unit][tidy(row["email"].text) if "email" in row else ""] = None
        return tuple(Unit(unit.name, ", ".join(filter(None, given))) for unit, given in mails.items())
