"""The nodes of policies for the templates: documents, their sections and tasks; mission, vision and principles."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import accumulate, groupby

from kars_xl.model.general_tables import PolicyTask, ProgrammeTable, ProgrammeTableRow, Purpose
from kars_xl.reading.general.keepers import CROSS, MOST_COLUMNS
from kars_xl.reading.general.kinds import KINDS, LISTS, STAFF, is_total, post_state
from kars_xl.template.nodes import Node, Styled
from kars_xl.workbook.nodes.sources import Fields

_SHEET = "Temel Politika ve Öncelikler"


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
    texts = (("Misyon", purpose.mission), ("Vizyon", purpose.vision), ("İlkeler", "\n".join(purpose.principles)))
    return {
        "politika_sayfasi": [Node("politika_sayfasi", _SHEET, {"ad": _SHEET})] if documents else [],
        "politika_belgesi": documents,
        "politika_bolumu": sections,
        "bolum_basligi": [node for section in sections for node in section.lists["bolum_basligi"]],
        "politika": [node for section in sections for node in section.lists["politika"]],
        "kurum_metni": [Node("kurum_metni", name, {"baslik": name, "metin": text}) for name, text in texts if text],
    }


# The templates' names for the lists of the kinds.
KIND_LISTS = {
    "buildings": "bina_tablosu",
    "vehicles": "tasit_tablosu",
    "hardware": "donanim_tablosu",
    "software": "yazilim_tablosu",
    "systems": "sistem_tablosu",
    "staff_by_cadre": "kadro_tablosu",
    "staff_by_unit": "birim_kadro_tablosu",
    "occupancy": "doluluk_tablosu",
    "gender": "cinsiyet_tablosu",
    "education": "egitim_tablosu",
    "age": "yas_tablosu",
    "service": "hizmet_suresi_tablosu",
}
ALL, SECTION, ROW, SUBTOTAL, SPARE = "bilgi_tablosu", "bilgi_bolumu", "bilgi_satiri", "bilgi_ara_toplam", "bos_satir"
# The forms' sheets by the shape of a table.
LIST_FORM, SINGLE_FORM, CROSS_FORM = "liste", "tek_sutun", "cok_sutun"
# One node where nobody gave a table of these: for the line that says so.
_NONE = {"fiziksel_tablo_yok": LISTS, "personel_tablosu_yok": STAFF}
_SPARE_ROWS = 5


def general_table_lists(tables: Sequence[ProgrammeTable]) -> dict[str, list[Node]]:
    """The root's lists of general tables; lists that nobody gave are empty."""
    lists: dict[str, list[Node]] = {name: [] for name in (*KIND_LISTS.values(), SECTION, ROW, SUBTOTAL)}
    for table in tables:
        lists[KIND_LISTS[table.kind]].append(_table(KIND_LISTS[table.kind], table))
    lists[ALL] = [_table(ALL, table) for table in tables]
    # The plan lists all rows below each other: a loop of its own, which says the same where there are no tables.
    lists[ROW] = [row for node in lists[ALL] for row in node.lists[ROW]]
    for name, kinds in _NONE.items():
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
    filled = next((row.label for row in table.rows if post_state(row.label) == "filled"), "Dolu")
    fields: Fields = {
        "no": table.number or None,
        "ad": table.caption,
        "baslik": table.title,
        "tur": KINDS[table.kind],
        "birim": table.unit.name or None,
        "satir_basligi": table.heading,
        "aciklama_basligi": "Açıklama" if any(row.note for row in table.rows) else None,
        "dolu_adi": filled,
        "toplam_basligi": "Toplam" if table.kind in CROSS else None,
        **_by_column("sutun", table.columns),
    }
    node = Node(kind, f"{table.kind}/{table.title}", fields)
    numbered = zip(table.rows, _numbers(table), strict=True)
    node.lists[ROW] = [_row(table, row, number, f"{node.key}/{at}", node) for at, (row, number) in enumerate(numbered)]
    node.lists[SECTION] = _sections(table, node)
    return node


def _figure(value: Decimal | None) -> object:
    """Counts are whole; an area may not be."""
    whole = value is None or value == value.to_integral_value()
    return value if whole else Styled(value, "#,##0.00")


def _by_column(name: str, values: Sequence[object]) -> Fields:
    """The values from the first on (deger_1 …) and from the last back (deger_sondan_1 …)."""
    count = len(values)
    forward = {f"{name}_{at}": values[at - 1] if at <= count else None for at in range(1, MOST_COLUMNS + 1)}
    back = {f"{name}_sondan_{at}": values[-at] if at <= count else None for at in range(1, MOST_COLUMNS + 1)}
    return {**forward, **back}


def _numbers(table: ProgrammeTable) -> list[int | None]:
    """The rows' numbers; what is named as a total is none of the things counted."""
    counted = [not row.subtotal and not (is_total(row.label) and not any(row.values)) for row in table.rows]
    return [number if own else None for number, own in zip(accumulate(map(int, counted)), counted, strict=True)]


def _row(table: ProgrammeTable, row: ProgrammeTableRow, number: int | None, key: str, owner: Node) -> Node:
    fields: Fields = {
        "sira": number,
        "ad": row.label,
        "aciklama": row.note or None,
        "ara_toplam": "Evet" if row.subtotal else None,
        **_by_column("deger", [_figure(value) for value in row.values or (None,) * len(table.columns)]),
    }
    return Node(ROW, key, fields, owner)


def _sections(table: ProgrammeTable, owner: Node) -> list[Node]:
    """The rows up to each subtotal, and the subtotal; at least one section."""
    sections: list[Node] = []
    for at, row in enumerate(table.rows):
        if not sections or sections[-1].lists[SUBTOTAL]:
            sections.append(_section(len(sections), owner))
        section = sections[-1]
        if row.subtotal:
            section.lists[SUBTOTAL].append(Node(SUBTOTAL, f"{section.key}/toplam", {"ad": row.label}, section))
        else:
            fields = owner.lists[ROW][at].fields
            section.lists[ROW].append(Node(ROW, f"{owner.key}/bolum/{at}", fields, section))
    return sections or [_section(0, owner)]


def _section(number: int, owner: Node) -> Node:
    return Node(SECTION, f"{owner.key}/bolum{number}", {}, owner, {ROW: [], SUBTOTAL: []})
