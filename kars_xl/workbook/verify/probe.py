"""A small programme in which no figure is zero and no two are alike: a template's broken sum can't hide in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import count

from kars_xl.base.place import Place
from kars_xl.model.cost_rows import COST_TABLE_ROWS, CostRow
from kars_xl.model.programme import (
    Activity,
    Costs,
    Goal,
    Indicator,
    IndicatorValue,
    Institution,
    Objective,
    PolicyTask,
    Programme,
    ProgrammeTable,
    ProgrammeTableRow,
    Purpose,
    Target,
)
from kars_xl.model.sources import ColumnSource, Contribution, GeneralTableSource, Given, IndicatorSource, Sender
from kars_xl.model.units import Unit
from kars_xl.reading.general.kinds import KINDS, in_order

_UNITS = tuple(Unit(f"{nth} Deneme Müdürlüğü", "deneme@example.org") for nth in ("Birinci", "İkinci"))
_SENDER = Sender(unit=_UNITS[0], revision=1, filled_by="Deneme", digest="0" * 64)
_PLACE = Place("deneme.xlsx", "PH", 1, 1)
_ACTIVITIES = {"1.1": 2, "1.2": 1, "2.1": 3}


_COLUMNS = dict.fromkeys(("buildings", "hardware", "staff_by_cadre"), ("Sayı",))
_CAPTIONS = {"staff_by_unit": "Birimlere Göre Personel (müdürlük)", "service": "Personelin Hizmet Süresi (yıl)"}
_ROWS = {
    "staff_by_cadre": ("Memur", "İşçi"),
    "staff_by_unit": tuple(map(str, _UNITS)),
    "occupancy": ("Dolu", "Boş"),
    "gender": ("Kadın", "Erkek"),
    "education": ("Lise", "Lisans"),
    "age": ("18-25 yaş", "26-35 yaş"),
    "service": ("1-5 yıl", "6-10 yıl"),
}


def probe_programme(year: int) -> tuple[Programme, list[Given]]:
    """Three targets of two goals, six activities, one of them shared; every cell of every table is filled."""
    figures = _figures()
    targets = []
    sources: list[Given] = []
    for code, number in _ACTIVITIES.items():
        activities = []
        for index in range(1, number + 1):
            sharing = _UNITS if index == 1 else _UNITS[:1]
            parts = [_costs(figures, COST_TABLE_ROWS) for _ in sharing]
            name = f"Deneme faaliyeti {code} {index}"
            total = sum(parts[1:], parts[0])
            activity = Activity(f"F.{code}.{index}", name, sharing, total)
            activities.append(activity)
            sources += [
                Contribution(activity=activity.code, costs=part, place=_PLACE, sender=replace(_SENDER, unit=unit))
                for unit, part in zip(sharing, parts, strict=True)
            ]
        indicators = tuple(_indicator(code, index) for index in (1, 2))
        sources += [
            IndicatorSource(
                indicator=item.code, values=item.values, places=(_PLACE,) * 3, sender=Sender(unit=_UNITS[0])
            )
            for item in indicators
        ]
        name, note = f"Deneme hedefi {code}", f"Deneme notu {code}"
        targets.append(Target(code, name, code[0], code, note, indicators, tuple(activities)))
    goals = tuple(Goal(code, f"Deneme amacı {code}") for code in ("1", "2"))
    objectives = tuple(Objective(code, f"Deneme stratejik hedefi {code}") for code in _ACTIVITIES)
    institution = Institution("T.C. DENEME BELEDİYE BAŞKANLIĞI")
    administration, transfers = _costs(figures, CostRow), _costs(figures, CostRow)
    for column, costs in (("general", administration), ("transfers", transfers)):
        sources.append(ColumnSource(column=column, costs=costs, place=_PLACE, sender=Sender(unit=_UNITS[0])))
    tables = _general_tables()
    sources += [
        GeneralTableSource(table=table.title, row=table.rows[0].label, places=(_PLACE,), sender=_SENDER)
        for table in tables
    ]
    programme = Programme(
        institution,
        year,
        goals=goals,
        objectives=objectives,
        targets=tuple(targets),
        administration=administration,
        transfers=transfers,
        units=_UNITS,
        general_tables=tables,
        purpose=Purpose("Deneme misyonu", "Deneme vizyonu", ("Birinci deneme ilkesi", "İkinci deneme ilkesi")),
        policies=(PolicyTask("Deneme belgesi", "Deneme bölümü", "1.1.", "Deneme görevi"),),
    )
    return programme, sources


def _general_tables() -> tuple[ProgrammeTable, ...]:
    """One table of each kind; what tells the kinds of staff tables apart are their rows."""
    tables = []
    for number, kind in enumerate(KINDS, start=1):
        columns = () if kind in ("software", "systems") else _COLUMNS.get(kind, ("Memur", "İşçi"))
        rows = [
            ProgrammeTableRow(label, tuple(Decimal(100 * number + 10 * at + place) for place in range(len(columns))))
            for at, label in enumerate(_ROWS.get(kind, ("Birinci deneme", "İkinci deneme")), start=1)
        ]
        if kind == "buildings":
            rows.append(ProgrammeTableRow("Ara Toplam", (None,) * len(columns), subtotal=True))
        tables.append(ProgrammeTable(kind, _CAPTIONS.get(kind, KINDS[kind]), str(number), "Ad", columns, tuple(rows)))
    return in_order(tables)


def _figures() -> Iterator[int]:
    """Kuruş amounts that no two sums of few of them have in common: each has a digit of its own base."""
    return (10_007 * step * step + 13 * step for step in count(3))


def _costs(figures: Iterator[int], rows: Iterable[CostRow]) -> Costs:
    return Costs.of({row: next(figures) for row in rows})


def _indicator(code: str, index: int) -> Indicator:
    base = Decimal(10 * int(code.replace(".", "")) + index)
    values = (IndicatorValue(base), IndicatorValue(base + 100), IndicatorValue(base + 200))
    return Indicator(f"PG.{code}.{index}", f"Deneme göstergesi {code} {index} (adet)", values)
