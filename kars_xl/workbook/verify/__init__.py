"""Holds the laid-out, evaluated workbook against what consolidation made: in whole kuruş, word by word.
The workbook is read back by the recogniser, as any reader would; what differs is said at the template's cell."""

import hashlib
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import count

from msgspec import StructMeta
from msgspec.structs import replace

from kars_xl.base.money import exact
from kars_xl.base.place import Place
from kars_xl.findings.finding import Finding, finding
from kars_xl.model import programme as plan
from kars_xl.model.cost_rows import COST_TABLE_ROWS, COST_TABLE_TOTALS, CostRow
from kars_xl.model.sources import ColumnSource, Contribution, GeneralTableSource, Given, IndicatorSource, Sender
from kars_xl.model.units import Unit
from kars_xl.reading.general.kinds import KINDS, in_order
from kars_xl.reading.grid.cells import Cell, Sheet
from kars_xl.reading.recognise import take_sheets
from kars_xl.reading.tables import CostTable, Document, ResourceMatrix, ResponsibilityTable, SummaryTable, TargetTable
from kars_xl.template.records import LaidSheet, Layout, code_of
from kars_xl.workbook.verify import figures

_FAILED = "HATA"
# The official tables with the totals that each of them has.
_TABLES: dict[type, tuple[str, tuple[object, ...]]] = {
    TargetTable: ("Performans Hedefi Tablosu", ("grand_total",)),
    CostTable: ("Faaliyet Maliyetleri Tablosu", COST_TABLE_TOTALS),
    SummaryTable: ("İdare Performans Tablosu", ("activities_total", "general", "transfers", "grand_total")),
    ResourceMatrix: ("Toplam Kaynak İhtiyacı", ()),
    ResponsibilityTable: ("Harcama Birimleri", ()),
}
_UNITS = tuple(Unit(f"{nth} Deneme Müdürlüğü", "deneme@example.org") for nth in ("Birinci", "İkinci"))
_SENDER = Sender(unit=_UNITS[0], revision=1, filled_by="Deneme", digest="0" * 64)
_PLACE = Place("deneme.xlsx", "PH", 1, 1)
_ACTIVITIES = {"1.1": 2, "1.2": 1, "2.1": 3}
_CAPTIONS = {"staff_by_unit": "Birimlere Göre Personel (müdürlük)", "service": "Personelin Hizmet Süresi (yıl)"}
_ROWS = {
    "staff_by_cadre": ("Memur", "İşçi"), "staff_by_unit": tuple(map(str, _UNITS)), "occupancy": ("Dolu", "Boş"),
    "gender": ("Kadın", "Erkek"), "education": ("Lise", "Lisans"), "age": ("18-25 yaş", "26-35 yaş"),
    "service": ("1-5 yıl", "6-10 yıl"),
}  # fmt: skip


def verify(layout: Layout, programme: plan.Programme, template: str) -> list[Finding]:
    """KX504 for each template cell whose figure or text differs in the output; nothing may be written then."""
    return _differing(_read_back(layout), layout, programme, template)


def trial(template: bytes) -> str:
    """A digest of what trying a template out depends on besides the code: itself, and the kinds of general tables."""
    return hashlib.sha256(template + "\n".join(KINDS).encode()).hexdigest()


def try_out(layout: Layout, programme: plan.Programme, template: str, kinds: Iterable[str]) -> list[Finding]:
    """The same for an output of probe figures; and KX507 for what a reader would not find in it.
    `kinds` are those of the general tables that the real programme has."""
    document = _read_back(layout)
    return _differing(document, layout, programme, template) + _unrecognised(document, template, kinds)


def _differing(document: Document, layout: Layout, programme: plan.Programme, template: str) -> list[Finding]:
    differences = [
        *figures.table_differences(document, programme),
        *figures.general_table_differences(document, programme),
        *_incomplete(document, programme),
    ]
    # The template's own live checks must not say that the workbook is wrong.
    for sheet in layout.sheets:
        differences += [
            figures.Difference(Place("", sheet.name, row, column), "canlı denetim", _FAILED, "TAMAM")
            for (row, column), cell in sheet.cells.items()
            if cell.formula is not None and cell.value == _FAILED
        ]
    return list(figures.explain(layout, template, differences))


def _unrecognised(document: Document, template: str, kinds: Iterable[str]) -> list[Finding]:
    """KX507 (warning) for official tables, and totals of them, that are not there."""
    missing = []
    for kind, (name, labels) in _TABLES.items():
        found = [getattr(table, "totals", ()) for table in document.tables if isinstance(table, kind)]
        if not found:
            missing.append(name)
        elif any(label not in totals for totals in found for label in labels):
            missing.append(f"{name} toplam satırı")
    what = ", ".join([*missing, *figures.missing_tables(document, kinds)])
    return [finding("KX507", Place(template), key=what, what=what)] if what else []


def _read_back(layout: Layout) -> Document:
    """What a reader of the written workbook would find in it, one sheet after the other."""
    document = Document("", "")
    formats = list(map(code_of, layout.styles))

    def sheet_of(laid: LaidSheet) -> Sheet:
        sheet = Sheet("", laid.name)
        for (row, column), cell in laid.cells.items():
            value = cell.value
            if value or not (value is None or isinstance(value, str)):  # a Decimal takes long to say it is no text
                if not isinstance(value, (str, Decimal, bool)):
                    value = exact(value) if isinstance(value, (float, int)) else str(value)
                formula, shown = cell.formula.lstrip("=") if cell.formula else None, formats[cell.style]
                sheet.cells[row, column] = Cell("", laid.name, row, column, value, formula=formula, number_format=shown)
        return sheet

    take_sheets(document, map(sheet_of, layout.sheets), around=False)
    return document


def _incomplete(document: Document, programme: plan.Programme) -> Iterator[figures.Difference]:
    """An activity that a kind of table lacks, though the template has that table."""
    expected = {activity.code for activity in programme.activities}
    shown: dict[StructMeta, list[tuple[Place, list[str]]]] = {
        TargetTable: [(table.place, [row.code for row in table.activities]) for table in document.targets],
        CostTable: [(table.place, [table.heading.codes.get("activity_name", "")]) for table in document.costs],
        SummaryTable: [(table.place, [row.code for row in table.rows]) for table in document.summaries],
    }
    for kind, tables in shown.items():
        codes = {code for _, found in tables for code in found}
        if tables and codes != expected:
            what = f"{_TABLES[kind][0]}: {', '.join(sorted(expected ^ codes)[:5])}"
            yield figures.Difference(tables[0][0], what, f"{len(codes)} faaliyet", str(len(expected)))


def probe_programme(year: int) -> tuple[plan.Programme, list[Given]]:
    """Three targets of two goals, six activities, one of them shared; every cell of every table is filled."""
    # Kuruş amounts that no two sums of few of them have in common: each has a digit of its own base.
    amounts = (10_007 * step * step + 13 * step for step in count(3))
    targets = []
    sources: list[Given] = []
    unit_sender = Sender(unit=_UNITS[0])
    for code, number in _ACTIVITIES.items():
        activities = []
        for index in range(1, number + 1):
            sharing = _UNITS if index == 1 else _UNITS[:1]
            parts = [_costs(amounts, COST_TABLE_ROWS) for _ in sharing]
            name, total = f"Deneme faaliyeti {code} {index}", sum(parts[1:], parts[0])
            activities.append(activity := plan.Activity(f"F.{code}.{index}", name, sharing, total))
            sources += [
                Contribution(activity=activity.code, costs=part, place=_PLACE, sender=replace(_SENDER, unit=unit))
                for unit, part in zip(sharing, parts, strict=True)
            ]
        indicators = tuple(_indicator(code, index) for index in (1, 2))
        sources += [
            IndicatorSource(indicator=item.code, values=item.values, places=(_PLACE,) * 3, sender=unit_sender)
            for item in indicators
        ]
        name, note = f"Deneme hedefi {code}", f"Deneme notu {code}"
        targets.append(plan.Target(code, name, code[0], code, note, indicators, tuple(activities)))
    goals = tuple(plan.Goal(code, f"Deneme amacı {code}") for code in ("1", "2"))
    objectives = tuple(plan.Objective(code, f"Deneme stratejik hedefi {code}") for code in _ACTIVITIES)
    administration, transfers = _costs(amounts, CostRow), _costs(amounts, CostRow)
    for column, costs in (("general", administration), ("transfers", transfers)):
        sources.append(ColumnSource(column=column, costs=costs, place=_PLACE, sender=unit_sender))
    tables = in_order([_general_table(number, kind) for number, kind in enumerate(KINDS, start=1)])
    sources += [
        GeneralTableSource(table=table.title, row=table.rows[0].label, places=(_PLACE,), sender=_SENDER)
        for table in tables
    ]
    programme = plan.Programme(
        plan.Institution("T.C. DENEME BELEDİYE BAŞKANLIĞI"), year, goals=goals, objectives=objectives,
        targets=tuple(targets), administration=administration, transfers=transfers, units=_UNITS,
        general_tables=tables,
        purpose=plan.Purpose("Deneme misyonu", "Deneme vizyonu", ("Birinci deneme ilkesi", "İkinci deneme ilkesi")),
        policies=(plan.PolicyTask("Deneme belgesi", "Deneme bölümü", "1.1.", "Deneme görevi"),),
    )  # fmt: skip
    return programme, sources


def _general_table(number: int, kind: str) -> plan.ProgrammeTable:
    """A table of a kind; what tells the kinds of staff tables apart are their rows."""
    counted = ("Sayı",) if kind in ("buildings", "hardware", "staff_by_cadre") else ("Memur", "İşçi")
    columns = () if kind in ("software", "systems") else counted
    rows = []
    for at, label in enumerate(_ROWS.get(kind, ("Birinci deneme", "İkinci deneme")), start=1):
        values = tuple(Decimal(100 * number + 10 * at + place) for place in range(len(columns)))
        rows.append(plan.ProgrammeTableRow(label, values))
    if kind == "buildings":
        rows.append(plan.ProgrammeTableRow("Ara Toplam", (None,) * len(columns), subtotal=True))
    return plan.ProgrammeTable(kind, _CAPTIONS.get(kind, KINDS[kind]), str(number), "Ad", columns, tuple(rows))


def _costs(amounts: Iterator[int], rows: Iterable[CostRow]) -> plan.Costs:
    return plan.Costs.of({row: next(amounts) for row in rows})


def _indicator(code: str, index: int) -> plan.Indicator:
    base = Decimal(10 * int(code.replace(".", "")) + index)
    values = (plan.IndicatorValue(base), plan.IndicatorValue(base + 100), plan.IndicatorValue(base + 200))
    return plan.Indicator(f"PG.{code}.{index}", f"Deneme göstergesi {code} {index} (adet)", values)
