"""The root's lists that the sheets of sources, of general tables and of policies are filled from.
Of a source that is for each figure the form, sheet and cell that it came from."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, groupby
from typing import TypeVar

from kars_xl.base.file_names import short_names
from kars_xl.base.money import to_tl
from kars_xl.base.place import Place
from kars_xl.model.cost_rows import COLUMN_NAMES, CostRow
from kars_xl.model.programme import Costs, IndicatorValue, PolicyTask, Programme, ProgrammeTable, Purpose
from kars_xl.model.sources import ColumnSource, Contribution, GeneralTableSource, Given, IndicatorSource
from kars_xl.model.units import Unit
from kars_xl.reading.general.kinds import CROSS, KINDS, LISTS, MOST_COLUMNS, STAFF, is_total, post_state
from kars_xl.template.nodes import Node, Styled

WHOLE_TABLE = "Toplam Kaynak İhtiyacı"

Fields = dict[str, object]
Names = Mapping[str, tuple[str, ...]]
T = TypeVar("T")
# The templates' names for the lists of the kinds.
KIND_LISTS = {
    "buildings": "bina_tablosu", "vehicles": "tasit_tablosu", "hardware": "donanim_tablosu",
    "software": "yazilim_tablosu", "systems": "sistem_tablosu", "staff_by_cadre": "kadro_tablosu",
    "staff_by_unit": "birim_kadro_tablosu", "occupancy": "doluluk_tablosu", "gender": "cinsiyet_tablosu",
    "education": "egitim_tablosu", "age": "yas_tablosu", "service": "hizmet_suresi_tablosu",
}  # fmt: skip
# The tables of which the workbook has a chart each, in the charts' order: the first ones behind that of the units.
CHARTED = ("doluluk_tablosu", "cinsiyet_tablosu", "egitim_tablosu", "yas_tablosu")
ALL, SECTION, ROW, SUBTOTAL, SPARE = "bilgi_tablosu", "bilgi_bolumu", "bilgi_satiri", "bilgi_ara_toplam", "bos_satir"
# The forms' sheets by the shape of a table.
LIST_FORM, SINGLE_FORM, CROSS_FORM = "liste", "tek_sutun", "cok_sutun"
_SPARE_ROWS = 5


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
        activity.lists["kaynak"].append(_cost_table(table, activity, key, names))
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
    sender = item.sender
    told: Fields = {"birim": sender.unit.name or None, "revizyon": sender.revision}
    return told | {"dolduran": sender.filled_by or None, "ozet": sender.digest or None}


def _places(places: Sequence[Place], names: Names) -> Fields:
    """The cells, all of one sheet."""
    cells = ", ".join(place.cell for place in places)
    return {"dosya": "/".join(names[places[0].file]), "sayfa": places[0].sheet, "hucre": cells}


def _cost_table(item: Contribution, activity: Node, key: str, names: Names) -> Node:
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
    kinds = {"birim_faaliyeti": alone, "ortak_faaliyet": shared}
    for units in sorted(alone.keys() | shared.keys(), key=lambda units: (not units, len(units) > 1, units)):
        name = ", ".join(map(str, units)) or "Sorumlu birimi belirtilmeyen faaliyetler"
        name += " (birlikte)" if len(units) > 1 else ""
        node = Node("birim_ozeti", "\n".join(map(str, units)), {"ad": name})
        # The owner of a row is the activity, so that references find the activity's own cost table.
        for kind, rows in kinds.items():
            own = rows.get(units, ())
            node.lists[kind] = [Node(kind, f"{node.key}/{above.key}", fields, above) for above, fields in own]
        nodes.append(node)
    return {"birim_ozeti": nodes} | {kind: [row for node in nodes for row in node.lists[kind]] for kind in kinds}


def cost_fields(costs: Costs | None) -> Fields:
    return {row.field: None if costs is None else to_tl(costs[row]) for row in CostRow}


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
    """As a cell holds it: %20 is 0,2 with a percent format, a dash is text, a blank is None. No more decimals than
    were given, so that a count has none, and no more than eight."""
    if value is None or value.amount is None:
        return None if value is None else "-"
    decimals = min(max(-int(value.amount.normalize().as_tuple().exponent), 0), 8)
    point = "." + "0" * decimals if decimals else ""
    return Styled(value.amount.scaleb(-2), f"%0{point}") if value.percent else Styled(value.amount, f"#,##0{point}")


def policy_lists(purpose: Purpose, tasks: Sequence[PolicyTask]) -> dict[str, list[Node]]:
    """The root's lists. Without tasks `politika_sayfasi` is empty, and so the sheet named by it is not made."""
    documents: list[Node] = []
    sections: list[Node] = []
    for number, name in enumerate(dict.fromkeys(task.document for task in tasks), start=1):
        documents.append(document := Node("politika_belgesi", str(number), {"ad": name}, lists={"politika_bolumu": []}))
        runs = groupby((task for task in tasks if task.document == name), key=lambda task: task.section)
        for at, (title, run) in enumerate(runs, start=1):
            section = Node("politika_bolumu", f"{number}.{at}", {"ad": title or None}, document)
            document.lists["politika_bolumu"].append(section)
            sections.append(section)
            # The row of its name, which a document without sections has not.
            heading = [Node("bolum_basligi", section.key, {"ad": title}, section)] if title else []
            section.lists = {"bolum_basligi": heading, "politika": []}
            for row, task in enumerate(run, start=1):
                fields = {"referans": task.reference or None, "gorev": task.text}
                section.lists["politika"].append(Node("politika", f"{section.key}.{row}", fields, section))
    titles = ["Temel Politika ve Öncelikler"] if documents else []
    texts = (("Misyon", purpose.mission), ("Vizyon", purpose.vision), ("İlkeler", "\n".join(purpose.principles)))
    return {
        "politika_sayfasi": [Node("politika_sayfasi", title, {"ad": title}) for title in titles],
        "politika_belgesi": documents,
        "politika_bolumu": sections,
        "bolum_basligi": [node for section in sections for node in section.lists["bolum_basligi"]],
        "politika": [node for section in sections for node in section.lists["politika"]],
        "kurum_metni": [Node("kurum_metni", name, {"baslik": name, "metin": text}) for name, text in texts if text],
    }


def general_table_lists(tables: Sequence[ProgrammeTable]) -> dict[str, list[Node]]:
    """The root's lists of general tables; lists that nobody gave are empty."""
    lists: dict[str, list[Node]] = {name: [] for name in (*KIND_LISTS.values(), SECTION, ROW, SUBTOTAL)}
    for table in tables:
        lists[KIND_LISTS[table.kind]].append(_table(KIND_LISTS[table.kind], table))
    for number, node in enumerate((node for name in CHARTED for node in lists[name]), start=2):
        node.fields = {**node.fields, "sekil": number}
    lists[ALL] = [_table(ALL, table) for table in tables]
    # The plan lists all rows below each other: a loop of its own, which says the same where there are no tables.
    lists[ROW] = [row for node in lists[ALL] for row in node.lists[ROW]]
    # One node where nobody gave a table of these: for the line that says so.
    for name, kinds in (("fiziksel_tablo_yok", LISTS), ("personel_tablosu_yok", STAFF)):
        lists[name] = [] if any(table.kind in kinds for table in tables) else [Node(name, name, {})]
    return lists


def form_lists(tables: Sequence[ProgrammeTable]) -> dict[str, list[Node]]:
    """The lists of a unit's form: its tables by shape, each with rows to spare."""
    lists: dict[str, list[Node]] = {name: [] for name in (LIST_FORM, SINGLE_FORM, CROSS_FORM, SPARE)}
    taken: set[str] = set()
    for position, table in enumerate(tables, start=1):
        shape = (LIST_FORM, SINGLE_FORM)[len(table.columns)] if len(table.columns) < 2 else CROSS_FORM
        node = _table(shape, table)
        # The number names the sheet, and no two sheets have one name.
        number = table.number if table.number not in taken | {""} else f"{table.number} ({position})".strip()
        taken.add(number)
        node.fields = {**node.fields, "sayfa_no": number}
        next_one = max((number for number in _numbers(table) if number), default=0) + 1
        spare = range(next_one, next_one + _SPARE_ROWS)
        node.lists[SPARE] = [Node(SPARE, f"{node.key}/{at}", {"sira": at}, node) for at in spare]
        lists[shape].append(node)
    return {**lists, "genel_bilgi": [Node("genel_bilgi", "genel_bilgi", {})] if tables else []}


def _table(kind: str, table: ProgrammeTable) -> Node:
    fields: Fields = {
        "no": table.number or None,
        "ad": table.caption,
        "baslik": table.title,
        "tur": KINDS[table.kind],
        "birim": table.unit.name or None,
        "satir_basligi": table.heading,
        "aciklama_basligi": "Açıklama" if any(row.note for row in table.rows) else None,
        "dolu_adi": next((row.label for row in table.rows if post_state(row.label) == "filled"), "Dolu"),
        "toplam_basligi": "Toplam" if table.kind in CROSS else None,
        **_by_column("sutun", table.columns),
    }
    node = Node(kind, f"{table.kind}/{table.title}", fields)
    node.lists[ROW] = []
    for at, (row, number) in enumerate(zip(table.rows, _numbers(table), strict=True)):
        # Counts are whole; an area may not be.
        values = [
            value if value is None or value == value.to_integral_value() else Styled(value, "#,##0.00")
            for value in row.values or (None,) * len(table.columns)
        ]
        own: Fields = {"sira": number, "ad": row.label, "aciklama": row.note or None} | _by_column("deger", values)
        own["ara_toplam"] = "Evet" if row.subtotal else None
        node.lists[ROW].append(Node(ROW, f"{node.key}/{at}", own, node))
    node.lists[SECTION] = _sections(table, node)
    return node


def _by_column(name: str, values: Sequence[object]) -> Fields:
    """The values from the first on (deger_1 …) and from the last back (deger_sondan_1 …)."""
    ways = ((name, values), (f"{name}_sondan", values[::-1]))
    none = (None,) * MOST_COLUMNS
    return {f"{way}_{at}": value for way, found in ways for at, value in enumerate([*found, *none][:MOST_COLUMNS], 1)}


def _numbers(table: ProgrammeTable) -> list[int | None]:
    """The rows' numbers; what is named as a total is none of the things counted."""
    counted = [not row.subtotal and not (is_total(row.label) and not any(row.values)) for row in table.rows]
    return [number if own else None for number, own in zip(accumulate(map(int, counted)), counted, strict=True)]


def _sections(table: ProgrammeTable, owner: Node) -> list[Node]:
    """The rows up to each subtotal, and the subtotal; at least one section."""
    sections: list[Node] = []
    for at, row in enumerate([*table.rows, None]):
        if not sections or (row is not None and sections[-1].lists[SUBTOTAL]):
            sections.append(Node(SECTION, f"{owner.key}/bolum{len(sections)}", {}, owner, {ROW: [], SUBTOTAL: []}))
        section = sections[-1]
        if row is not None and row.subtotal:
            section.lists[SUBTOTAL].append(Node(SUBTOTAL, f"{section.key}/toplam", {"ad": row.label}, section))
        elif row is not None:
            fields = owner.lists[ROW][at].fields
            section.lists[ROW].append(Node(ROW, f"{owner.key}/bolum/{at}", fields, section))
    return sections
