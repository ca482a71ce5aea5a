"""Reads the plan: the finance office's list of goals, targets, indicators, activities and units, with last figures."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from kars_xl.base.place import Place
from kars_xl.base.text import code_key, fold, parent_code, read_code, squeeze, tidy
from kars_xl.findings.finding import Merged, finding
from kars_xl.model import programme as model
from kars_xl.model.cost_rows import CostRow
from kars_xl.model.sources import Contribution, Sender
from kars_xl.model.units import Unit, Units
from kars_xl.reading.cell_values import CellReader, why_unread
from kars_xl.reading.general.blocks import read_cell
from kars_xl.reading.general.kinds import KINDS, MOST_COLUMNS, in_order
from kars_xl.reading.grid.cells import Cell, Grid, ListRow, Sheet
from kars_xl.reading.labels import CONTACT, cost_row_of, label_of
from kars_xl.reading.policies import PURPOSE, purpose_of, read_tasks

# The columns of the plan's lists by their folded headings, a list a line; years and rows of cost tables are others.
_COLUMNS = {
    "kod": "code", "amac": "goal", "hedef": "objective", "performans gostergesi": "indicator",
    "performans hedefi": "target", "aciklamalar": "note",
    "faaliyet": "activity", "sorumlu birimler": "units", "sorumlu birim": "units", "yil": "year",
    "birim": "unit", "e posta": "email",
    "ekonomik kod": "economic", "genel yonetim giderleri": "general",
    "diger idarelere transfer yedek odenek": "transfers",
    "belge": "document", "bolum": "section", "referans": "reference", "verilen gorev ihtiyac": "text",
    "ust politika belgesi": "document", "ilgili bolum referans": "reference", "verilen gorev ihtiyaclar": "text",
    "no": "number", "tablo adi": "caption", "tur": "kind", "satir basligi": "heading",
    "tablo": "table", "satir": "label", "aciklama": "note", "ara toplam": "subtotal",
}  # fmt: skip
for _at in range(1, MOST_COLUMNS + 1):
    _COLUMNS |= {f"sutun {_at}": f"column{_at}", f"deger {_at}": f"value{_at}"}
_CODED = ("economic", "indicator", "activity", "target", "objective", "goal", "unit")
# The lists, each with the columns that it is known by.
_LISTS = (
    {"past": {"unit", "code", "year"}}
    | {kind: {kind, "code"} for kind in _CODED}
    | {
        "email": {"unit", "email"},
        "policy": {"document", "text"},
        "table": {"number", "caption", "kind", "unit"},
        "row": {"table", "label", "value1"},
    }
)
_INSTITUTION = CONTACT | {
    "idare adi": "name", "yer": "place", "ust yonetici": "head", "ust yonetici unvani": "head_title",
    "mali hizmetler birimi": "office", "formlarin ilgilisi": "officer", "dahili": "extension",
}  # fmt: skip
_LIMIT = "uyari esigi"
_LIMITS = ("tutar artisi", "birim olcegi", "faaliyet payi")
_PREFIX = {"indicator": "PG.", "activity": "F.", "unit": "F.", "past": "F."}
_KINDS_BY_NAME = {fold(name): kind for kind, name in KINDS.items()}
_Named = tuple[str, str, ListRow]  # a row of a list with its code and name


def is_plan(grid: Grid) -> bool:
    """True for a workbook with the plan's lists of targets and activities."""
    return {"target", "activity"} <= {_list_of(sheet)[0] for sheet in grid.sheets}


def read_plan(grid: Grid) -> Merged:
    """The plan as a programme; an activity without figures has costs None. Contributions are by unit."""
    return _PlanReader(grid).read()


def _list_of(sheet: Sheet) -> tuple[str, list[ListRow]]:
    """(kind, rows) of a list of the plan; "" for any other sheet."""
    headings = [cell.text for cell in next(sheet.rows(), [])]
    years = [text for text in headings if text.isdigit() and len(text) == 4]
    names = _COLUMNS | {fold(text): row.field for text in headings if (row := cost_row_of(text))}
    names |= {year: f"year{index}" for index, year in enumerate(years[:3])}
    found = {names.get(fold(text), "") for text in headings}
    kind = next((kind for kind, needed in _LISTS.items() if needed <= found), "")
    return kind, sheet.listed(names) if kind else []


class _PlanReader:
    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.reader = CellReader()
        self.findings = self.reader.findings
        self.lists: dict[str, list[ListRow]] = defaultdict(list)
        self.facts: list[list[Cell]] = []  # the rows of sheets that are no lists
        for sheet in grid.sheets:
            kind, rows = _list_of(sheet)
            self.lists[kind] += rows
            self.facts += [] if kind else sheet.rows()
        self.listed = self._listed_units()
        columns = (("activity", "units"), ("unit", "unit"), ("indicator", "units"), ("past", "unit"))
        others = [row.cells[name].text for kind, name in columns for row in self.lists[kind] if name in row.cells]
        self.units = Units((*self.listed, *map(Unit, others)))

    def read(self) -> Merged:
        institution, year, purpose = self._institution()
        administration, transfers = self._economic("general"), self._economic("transfers")
        contributions = [
            Contribution(activity=code, sender=Sender(unit=unit), costs=costs, place=row.cells["code"].place)
            for code, row, unit, costs in self._costed("unit")  # a row without any figure is none
        ]
        programme = model.Programme(
            institution,
            year,
            goals=tuple(model.Goal(code, name) for code, name, _ in self._named("goal")),
            objectives=tuple(model.Objective(code, name) for code, name, _ in self._named("objective")),
            targets=tuple(self._targets(contributions)),
            administration=administration,
            transfers=transfers,
            units=self.listed,
            general_tables=self._general_tables(),
            purpose=purpose,
            policies=read_tasks(self.lists["policy"], self.findings),
            past=tuple(self._past()),
            limits=self._limits(),
        )
        return Merged(programme, tuple(contributions), tuple(self.findings))

    def _report(self, code: str, place: Place, **facts: Any) -> None:
        self.findings.append(finding(code, place, **facts))

    def _institution(self) -> tuple[model.Institution, int, model.Purpose]:
        facts: dict[str, str] = {}
        purpose: dict[str, list[str]] = {}
        year = 0
        for first, *rest in self.facts:
            label = fold(first.text)
            value = tidy(rest[0].text) if rest else ""
            if label in _INSTITUTION:
                facts.setdefault(_INSTITUTION[label], value)
            elif label in PURPOSE and rest:
                purpose.setdefault(label, [line for line in map(tidy, rest[0].text.splitlines()) if line])
            elif label_of(first.text)[0] == "year" and value.isdigit():
                year = int(value)
        if not year or not facts.get("name"):
            what = "Kurum sayfasında İdare Adı ve Program Yılı"
            self._report("KX101", Place(self.grid.file), what=what, blank="idarenin adını ve yılı")
        return model.Institution(**{"name": "", **facts}), year, purpose_of(purpose)

    def _named(self, kind: str) -> list[_Named]:
        """A list's rows by code; a row without a readable code is reported, and so is a code that comes again."""
        found: dict[str, list[_Named]] = {}
        for row in self.lists[kind]:
            code, name = read_code(row.text("code")), row.cells.get(kind)
            if code is not None:
                key = _PREFIX.get(kind, "") + code[1]
                if key in found and kind not in ("unit", "past"):
                    self._report("KX208", row.cells["code"].place, key=key, severity="error", found=key)
                found.setdefault(key, []).append((key, row.text(kind), row))
            elif name is not None:
                self._report("KX113", name.place, found=name.text[:60])
        return [item for key in sorted(found, key=code_key) for item in found[key]]

    def _targets(self, contributions: list[Contribution]) -> Iterator[model.Target]:
        costs: dict[str, list[model.Costs]] = defaultdict(list)
        for given in contributions:
            costs[given.activity].append(given.costs)
        indicators: dict[str, list[model.Indicator]] = defaultdict(list)
        for code, name, row in self._named("indicator"):
            first, second, third = (self.reader.indicator(row.cells.get(f"year{index}"), code) for index in range(3))
            indicators[parent_code(code)].append(model.Indicator(code, name, (first, second, third), self._units(row)))
        activities: dict[str, list[model.Activity]] = defaultdict(list)
        for code, name, row in self._named("activity"):
            given_costs = model.total_costs(costs[code]) if code in costs else None
            activities[parent_code(code)].append(model.Activity(code, name, self._units(row), given_costs))
        rows = {code: (name, row.text("note")) for code, name, row in self._named("target")}
        for code in model.by_code([*rows, *indicators, *activities]):
            goal, *rest = map(str, code_key(code))
            name, note = rows.get(code, ("", ""))
            own = tuple(indicators[code]), tuple(activities[code])
            yield model.Target(code, name, goal, ".".join((goal, *rest[:1])), note, *own)

    def _units(self, row: ListRow) -> tuple[Unit, ...]:
        """Those that a row names, each once and as the list of units spells it."""
        named = Unit(row.cells["units"].text if "units" in row.cells else "")
        return tuple(dict.fromkeys(map(self.units.of, named.parts)))

    def _past(self) -> Iterator[model.PastCosts]:
        """Those of earlier years."""
        for code, row, unit, costs in self._costed("past"):
            year = row.text("year")
            if year.isdigit():
                yield model.PastCosts(code, int(year), unit, costs)
            else:
                self._report("KX113", row.cells["code"].place, found=f"{code} {year}".strip())

    def _costed(self, kind: str) -> Iterator[tuple[str, ListRow, Unit, model.Costs]]:
        for code, _, row in self._named(kind):
            costs = self._costs({item: row.cells.get(item.field) for item in CostRow}, code)
            if costs is not None:
                units = "\n".join(map(tidy, row.cells["unit"].text.splitlines())) if "unit" in row.cells else ""
                yield code, row, self.units.of(Unit(units)), costs

    def _limits(self) -> model.Limits:
        """The thresholds that the sheet of the institution gives; what is blank there is as usual."""
        given = list(model.Limits())
        for first, *rest in self.facts:
            name = fold(first.text)
            at = next((at for at, it in enumerate(_LIMITS) if name.startswith(_LIMIT) and it in name), None)
            if at is not None and rest:
                read = self.reader.indicator(rest[0], "")
                if read and read.amount and read.amount > 0:
                    given[at] = read.amount
                elif read:
                    self._report("KX103", rest[0].place, found=rest[0].text, why=why_unread(rest[0].text))
        return model.Limits(*given)

    def _economic(self, column: str) -> model.Costs | None:
        """What an economic code costs beside the activities, by a column of that list."""
        rows = self.lists["economic"]
        return self._costs({key: row.cells.get(column) for row in rows if (key := cost_row_of(row.text("economic")))})

    def _costs(self, cells: dict[CostRow, Cell | None], key: str = "") -> model.Costs | None:
        """The costs that these cells give; None where no row has a figure. Findings name the `key`, else the row."""
        given = {row: cell for row, cell in cells.items() if cell is not None}
        read = {row: self.reader.amount(it, it.place, "plan", key or str(row.value)) for row, it in given.items()}
        costs = model.Costs.of({row: amount.kurus for row, amount in read.items()})
        return costs if any(amount.given and amount.kurus is not None for amount in read.values()) else None

    def _listed_units(self) -> tuple[Unit, ...]:
        """The list of units with their addresses: of a unit that it has twice all of them."""
        mails: dict[Unit, dict[str, None]] = defaultdict(dict)
        for row in self.lists["email"]:
            if unit := Unit(row.text("unit")):
                mails[unit][row.text("email")] = None
        return tuple(Unit(unit.name, ", ".join(filter(None, given))) for unit, given in mails.items())

    def _general_tables(self) -> tuple[model.ProgrammeTable, ...]:
        """The tables in their order; none where the plan has no such lists."""
        tables: dict[str, model.ProgrammeTable] = {}
        for row in self.lists["table"]:
            caption, number, heading = (row.text(name) for name in ("caption", "number", "heading"))
            columns = [row.text(f"column{at}") for at in range(1, MOST_COLUMNS + 1)]
            while columns and not columns[-1]:
                columns.pop()
            kind = _KINDS_BY_NAME.get(fold(row.text("kind")))
            if kind is None:
                self._report("KX113", row.first.place, found=row.text("kind") or caption)
                continue
            unit = self.units.of(Unit(row.text("unit")))
            table = model.ProgrammeTable(kind, caption, number, heading, tuple(columns), unit=unit)
            if squeeze(table.title) in tables:
                self._report("KX208", row.first.place, key=table.title, severity="error", found=table.title)
            tables[squeeze(table.title)] = table
        rows: dict[str, list[model.ProgrammeTableRow]] = {title: [] for title in tables}
        for row in self.lists["row"]:
            title = squeeze(row.text("table"))
            if title in tables:
                rows[title].append(self._table_row(row, tables[title]))
            else:
                self._report("KX113", row.first.place, found=row.text("table") or row.text("label"))
        return in_order([replace(table, rows=tuple(rows[title])) for title, table in tables.items()])

    def _table_row(self, row: ListRow, table: model.ProgrammeTable) -> model.ProgrammeTableRow:
        """The row's figures, as many as the table has columns; one that is too much or unreadable is a finding."""
        place, label, title = row.first.place, row.text("label"), table.title
        values = [read_cell(row.cells.get(f"value{at}"), place) for at in range(1, MOST_COLUMNS + 1)]
        for at, read in enumerate(values, start=1):
            if len(read.readings) > 1 or not (read.readings or read.blank):
                why = why_unread(read.text)
                self._report("KX103", read.place, table=title, key=label, found=read.text, why=why)
            elif read.readings and at > len(table.columns):
                what = f"{title} tablosunun {at}. sütununun başlığı"
                self._report("KX101", read.place, table=title, what=what, blank="sütunun adını")
        if not label:
            self._report("KX101", place, table=title, what=f"{title} satırının adı", blank="satırın ne olduğunu")
        figures = tuple(read.value for read in values[: len(table.columns)])
        is_subtotal = fold(row.text("subtotal")) in ("evet", "e", "x")
        return model.ProgrammeTableRow(label, figures, row.text("note"), is_subtotal)
