"""The difference for machines: only what differs, amounts as decimal strings in TL, every value with its place; and as
the data tree that templates/fark_raporu.xlsx is filled from, amounts as Decimal in TL."""

from collections.abc import Iterable, Iterator

from kars_xl import __version__
from kars_xl.base.money import format_tl, to_tl
from kars_xl.base.place import Place
from kars_xl.base.text import fold
from kars_xl.findings.as_text import said, where
from kars_xl.findings.blocks import Tl
from kars_xl.model.cost_rows import COLUMN_NAMES
from kars_xl.model.programme import Costs
from kars_xl.reports.diff import changes
from kars_xl.reports.diff.changes import KINDS, MARKS, SIDES, Difference, Entry, unit_label
from kars_xl.reports.diff.edition import Edition
from kars_xl.template.nodes import Node
from kars_xl.workbook.nodes.lists import Fields, indicator_cell

SAME = "İki kaynak arasında fark yok."
INCOMPLETE = "KARŞILAŞTIRMA EKSİK: rakamı olmayan satır, iki yanda da toplamlara katılmadı."
NO_FORM = "formu bilinmeyen"
KIND_NAMES = KINDS | {"indicator": "Gösterge", "note": "Açıklama"}
_UNREAD = "rakam yok"
# What became of an item, in the order in which it is said.
_WORDS = {
    "added": "eklendi", "removed": "çıkarıldı", "moved": "taşındı", "follows": "hedefiyle kodu değişti",
    "reworded": "metni değişti",
}  # fmt: skip
_COST_WORDS = {"amount": "tutarı değişti", "units": "birimi değişti"}


def difference_data(diff: Difference) -> Fields:
    """What `--format json` gives as "diff"."""
    entries = ("goals", "objectives", "targets", "notes", "activities", "indicators")
    return {
        "same": diff.same,
        "complete": diff.complete,
        "old": _edition(diff.old),
        "new": _edition(diff.new),
        "gaps": diff.gaps,
        "totals": {line.key: _amounts(line.pair) for line in diff.totals},
        "counts": diff.counted(),
        **{name: [_entry(entry) for entry in getattr(diff, name) if not entry.same] for name in entries},
        "columns": {column.kind: list(map(_code, column.codes)) for column in diff.columns if column.codes},
        "general_tables": diff.counts,
        **{name: [_sum(line) for line in getattr(diff, name)] for name in ("by_target", "by_unit", "by_code")},
        "by_form": [
            {"file": line.file or None, "difference": Tl(line.pair.difference)} | line.counts for line in diff.by_form
        ],
    }


def _sum(line: changes.Line) -> Fields:
    return {"key": line.key, "label": line.label} | _amounts(line.pair)


def _amounts(pair: changes.Pair) -> Fields:
    """Percent is None where there was nothing before."""
    return {"old": Tl(pair.old), "new": Tl(pair.new), "difference": Tl(pair.difference), "percent": pair.ratio}


def _edition(side: Edition) -> Fields:
    named: Fields = {"institution": side.programme.institution.name, "year": side.programme.year or None}
    unit = {"unit": side.unit.name or None, "revision": side.revision if side.unit else None}
    return {"file": side.file} | named | unit


def _entry(entry: Entry) -> Fields:
    found: Fields = {"changes": entry.marks} | dict(zip(SIDES, map(_item, entry.sides), strict=True))
    if entry.kind == "indicator":
        found["values"] = entry.values
    if entry.kind == "activity":
        # Where one side's figure is not known there is no difference.
        half = dict(zip(SIDES, entry.costs, strict=True)) | {"difference": None, "percent": None}
        found |= {
            "amount": _amounts(entry.pair) if entry.pair else half,
            "units": dict(zip(SIDES, entry.units, strict=True)),
            "codes": list(map(_code, entry.codes)),
            "parts": [_of_unit(part) | {"forms": part.forms} for part in entry.parts],
        }
    return found


def _item(item: changes.Item | None) -> Fields | None:
    if item is None:
        return None
    return {"code": item.code, "name": item.name, "parent": item.parent or None, "place": item.place}


def _code(code: changes.CodeChange) -> Fields:
    return {"code": code.row} | _of_unit(code)


def _of_unit(change: changes.CodeChange | changes.Part) -> Fields:
    cells = {"old_place": change.old_place, "new_place": change.new_place}
    return {"unit": unit_label(change.unit) or None} | _amounts(change.pair) | cells


def difference_tree(diff: Difference) -> Node:
    """The root node with all lists of the report."""
    rows: dict[str, Iterable[Fields]] = {
        "sayim": _counts(diff),
        "sutun": [_line(line) for line in diff.totals if line.key in COLUMN_NAMES],
        "eksik": [
            {"yan": SIDES[it.side], "metin": it.message, "yer": it.place and where(it.place)} for it in diff.gaps
        ],
        "faaliyet": map(_activity, diff.activities),
        "kod_farki": [_code_row(it, code) for it in (*diff.activities, *diff.columns) for code in it.codes],
        "gosterge": [row for change in diff.indicators for row in _values(change)],
        "hedef": map(_line, diff.by_target),
        "birim": map(_line, diff.by_unit),
        "ekonomik_kod": map(_line, diff.by_code),
        "form": [
            {"ad": line.file or NO_FORM, "fark": to_tl(line.pair.difference)}
            | dict(zip(("tutar", "deger", "metin", "kayit"), line.counts.values(), strict=True))
            for line in diff.by_form
        ],
        "kayit": [
            _codes(it) | {"tur": KIND_NAMES[it.kind], "durum": _state(it)} | _item_places(it)
            for it in diff.entries
            if not {"added", "removed", "moved", "follows"}.isdisjoint(it.marks)
        ],
        "metin": [
            *map(_text, (it for it in (*diff.entries, *diff.notes) if "reworded" in it.marks)),
            *map(_count, diff.counts),
        ],
    }
    sentence = SAME if diff.same else "" if diff.complete else f"{INCOMPLETE} Aşağıda sayılmıştır."
    fields = {
        # The workbook's date of creation, which must not be today's, where no source names a year.
        "yil": diff.new.programme.year or diff.old.programme.year or 2000,
        "surum": __version__,
        "sonuc": sentence or "Farklar aşağıda ve diğer sayfalardadır.",
        "eksik_sayisi": len(diff.gaps),
        "eski": _side(diff.old),
        "yeni": _side(diff.new),
    }
    lists = {kind: [Node(kind, str(at), row) for at, row in enumerate(found, start=1)] for kind, found in rows.items()}
    return Node("", "", fields, None, lists)


def _side(side: Edition) -> Fields:
    programme = side.programme
    unit = f"{side.unit}, revizyon {side.revision}" if side.unit else None
    named = {"idare": programme.institution.name or None, "yil": programme.year or None}
    return {"dosya": side.file, **named, "birim": unit}


def _counts(diff: Difference) -> Iterator[Fields]:
    for kind, found in diff.counted().items():
        figures: Fields = {fold(MARKS[mark]).replace(" ", "_"): count for mark, count in found.items()}
        if kind not in ("indicator", "activity"):
            figures["rakami_degisen"] = "-"
        yield {"ad": KINDS[kind]} | figures


def _line(line: changes.Line) -> Fields:
    return {"kod": line.key if line.key[:1].isdigit() else None, "ad": line.label} | _pair(line.pair)


def _pair(pair: changes.Pair) -> Fields:
    return {"eski": to_tl(pair.old), "yeni": to_tl(pair.new)}


def _places(old: Place | None, new: Place | None) -> Fields:
    return {"eski_yer": old and where(old), "yeni_yer": new and where(new)}


def _item_places(entry: Entry) -> Fields:
    return _places(*(item.place if item else None for item in entry.sides))


def _codes(entry: Entry) -> Fields:
    old, new = (item.code if item else None for item in entry.sides)
    return {"eski_kod": old, "yeni_kod": new, "ad": entry.item.name}


def _state(entry: Entry, *others: str) -> str:
    return ", ".join([*(word for mark, word in _WORDS.items() if mark in entry.marks), *others]) or "aynı"


def _activity(entry: Entry) -> Fields:
    forms = [where(form) for part in entry.parts if part.pair.difference for form in part.forms]
    words = [word for mark, word in _COST_WORDS.items() if mark in entry.marks]
    return _codes(entry) | {
        "durum": _state(entry, *words, *([] if entry.pair else ["karşılaştırılamadı"])),
        "birimler": ", ".join(map(str, entry.units[1] or entry.units[0])) or None,
        "eski": _amount(entry, entry.old),
        "yeni": _amount(entry, entry.new),
        "form": "; ".join(forms) or None,
    }


def _amount(entry: Entry, item: changes.Item | None) -> object:
    """What a side's activity costs; as text, which no sum takes in, where it can't be compared."""
    costs = item.costs if item else Costs()
    if costs is None:
        return _UNREAD
    if entry.pair is not None:
        return to_tl(costs.total)
    return f"{format_tl(costs.total)} (toplama katılmadı)" if item else "-"


def _code_row(entry: Entry, code: changes.CodeChange) -> Fields:
    named = {"kod": entry.item.code or None, "ad": entry.item.name, "birim": unit_label(code.unit) or None}
    return named | {"kalem": code.row.title} | _pair(code.pair) | _places(code.old_place, code.new_place)


def _values(entry: Entry) -> Iterator[Fields]:
    """A row for each value that differs; one without a value for an indicator that was added, removed or moved."""
    if not entry.values and not entry.same:
        yield _codes(entry) | {"durum": _state(entry)} | dict.fromkeys(("yil", "eski", "yeni", "eski_yer", "yeni_yer"))
    for value in entry.values:
        same_year = value.old_year == value.new_year
        yield _codes(entry) | {
            "durum": _state(entry, "değeri değişti" if value.readable else "karşılaştırılamadı"),
            "yil": str(value.new_year) if same_year else f"{value.old_year} → {value.new_year} hedefi",
            "eski": indicator_cell(value.old) if value.readable else _UNREAD,
            "yeni": indicator_cell(value.new) if value.readable else _UNREAD,
            **_places(value.old_place, value.new_place),
        }


def _text(entry: Entry) -> Fields:
    old, new = (item.name or None if item else None for item in entry.sides)
    return {"tur": KIND_NAMES[entry.kind], "kod": entry.item.code, "eski": old, "yeni": new} | _item_places(entry)


def _count(change: changes.CountChange) -> Fields:
    """A cell of a general table, among the texts: as it stands there."""
    old, new = (None if count is None else said(count) for count in (change.old, change.new))
    places = _places(change.old_place, change.new_place)
    return {"tur": change.table, "kod": change.cell, "eski": old, "yeni": new} | places
