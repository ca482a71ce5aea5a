"""The difference for machines, and as the data tree that templates/fark_raporu.xlsx is filled from. For machines: only
what differs, amounts as decimal strings in TL, every value with its place. In the tree amounts are exact TL
(Decimal)."""

from collections.abc import Iterable, Iterator

from kars_xl import __version__
from kars_xl.base.money import format_tl, to_tl
from kars_xl.base.place import Place
from kars_xl.findings.as_text import said, where
from kars_xl.findings.blocks import Tl
from kars_xl.reports.diff import changes
from kars_xl.reports.diff.amounts import KINDS, counts
from kars_xl.reports.diff.changes import unit_label
from kars_xl.reports.diff.edition import Edition
from kars_xl.template.nodes import Node
from kars_xl.workbook.nodes.lists import COLUMN_NAMES, Fields, indicator_cell

SAME = "İki kaynak arasında fark yok."
INCOMPLETE = "KARŞILAŞTIRMA EKSİK: rakamı olmayan satır, iki yanda da toplamlara katılmadı."
SIDES = {"old": "eski", "new": "yeni"}
KIND_NAMES = KINDS | {"indicator": "Gösterge", "note": "Açıklama"}
# In the JSON by these names.
_LISTS = ("goals", "objectives", "targets", "notes", "activities", "indicators")
_COUNTED = ("amounts", "values", "texts", "listed")


def difference_data(diff: changes.Difference) -> Fields:
    """What `--format json` gives as "diff"."""
    sums = {name: getattr(diff, name) for name in ("by_target", "by_unit", "by_code")}
    return {
        "same": diff.same,
        "complete": diff.complete,
        "old": _edition(diff.old),
        "new": _edition(diff.new),
        "gaps": diff.gaps,
        "totals": {line.key: _amounts(line.pair) for line in diff.totals},
        "counts": counts(diff),
        **{name: [_entry(entry) for entry in getattr(diff, name) if not entry.same] for name in _LISTS},
        "columns": {column.kind: [_code(code) for code in column.codes] for column in diff.columns if column.codes},
        "general_tables": diff.counts,
        **{name: [{"key": it.key, "label": it.label} | _amounts(it.pair) for it in sums[name]] for name in sums},
        "by_form": [
            {"file": line.file or None, "difference": Tl(line.pair.difference)}
            | {name: getattr(line, name) for name in _COUNTED}
            for line in diff.by_form
        ],
    }


def _amounts(pair: changes.Pair) -> Fields:
    """Percent is None where there was nothing before."""
    return {"old": Tl(pair.old), "new": Tl(pair.new), "difference": Tl(pair.difference), "percent": pair.ratio}


def _edition(side: Edition) -> Fields:
    named: Fields = {"institution": side.programme.institution.name, "year": side.programme.year or None}
    unit = {"unit": side.unit.name or None, "revision": side.revision if side.unit else None}
    return {"file": side.file} | named | unit


def _entry(entry: changes.Entry) -> Fields:
    old, new = (
        item and {"code": item.code, "name": item.name, "parent": item.parent or None, "place": item.place}
        for item in (entry.old, entry.new)
    )
    found: Fields = {"changes": entry.marks, "old": old, "new": new}
    if entry.kind == "indicator":
        found["values"] = entry.values
    if isinstance(entry, changes.CostChange):
        # Where one side's figure is not known there is no difference.
        half = {"old": entry.costs[0], "new": entry.costs[1], "difference": None, "percent": None}
        found |= {
            "amount": _amounts(entry.pair) if entry.pair else half,
            "units": dict(zip(SIDES, entry.units, strict=True)),
            "codes": [_code(code) for code in entry.codes],
            "parts": [
                {"unit": unit_label(part.unit)} | _amounts(part.pair) | _cells(part) | {"forms": part.forms}
                for part in entry.parts
            ],
        }
    return found


def _code(code: changes.CodeChange) -> Fields:
    return {"code": code.row, "unit": unit_label(code.unit) or None} | _amounts(code.pair) | _cells(code)


def _cells(change: changes.CodeChange | changes.Part) -> Fields:
    return {"old_place": change.old_place, "new_place": change.new_place}


_NONE = "-"
_UNREAD = "rakam yok"
# What became of an item, in the order in which it is said.
_WORDS = {
    "added": "eklendi",
    "removed": "çıkarıldı",
    "moved": "taşındı",
    "follows": "hedefiyle kodu değişti",
    "reworded": "metni değişti",
}
_COST_WORDS = {"amount": "tutarı değişti", "units": "birimi değişti"}


def difference_tree(diff: changes.Difference) -> Node:
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
            {
                "ad": line.file or "formu bilinmeyen",
                "fark": to_tl(line.pair.difference),
                "tutar": line.amounts,
                "deger": line.values,
                "metin": line.texts,
                "kayit": line.listed,
            }
            for line in diff.by_form
        ],
        "kayit": [
            _codes(it) | {"tur": KIND_NAMES[it.kind], "durum": _state(it)} | _sides(it)
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
        "sonuc": sentence or "Farklar aşağıda ve öteki sayfalardadır.",
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


def _counts(diff: changes.Difference) -> Iterator[Fields]:
    for kind, found in counts(diff).items():
        figures: Fields = dict(
            zip(("eklenen", "cikarilan", "metni_degisen", "tasinan", "rakami_degisen"), found.values(), strict=True)
        )
        if kind not in ("indicator", "activity"):
            figures["rakami_degisen"] = _NONE
        yield {"ad": KINDS[kind]} | figures


def _line(line: changes.Line) -> Fields:
    return {"kod": line.key if line.key[:1].isdigit() else None, "ad": line.label} | _pair(line.pair)


def _pair(pair: changes.Pair) -> Fields:
    return {"eski": to_tl(pair.old), "yeni": to_tl(pair.new)}


def _places(old: Place | None, new: Place | None) -> Fields:
    return {"eski_yer": old and where(old), "yeni_yer": new and where(new)}


def _sides(entry: changes.Entry) -> Fields:
    return _places(*(item.place if item else None for item in (entry.old, entry.new)))


def _codes(entry: changes.Entry) -> Fields:
    old, new = (side.code if side else None for side in (entry.old, entry.new))
    return {"eski_kod": old, "yeni_kod": new, "ad": entry.item.name}


def _state(entry: changes.Entry, *others: str) -> str:
    """What became of it, in words."""
    return ", ".join([*(word for mark, word in _WORDS.items() if mark in entry.marks), *others]) or "aynı"


def _activity(change: changes.CostChange) -> Fields:
    """The figures as text, which no sum takes in, where they can't be compared."""
    amounts: list[object] = []
    for item, costs in zip((change.old, change.new), change.costs, strict=True):
        if costs is None:
            amounts.append(_UNREAD)
        elif change.pair is None:
            amounts.append(f"{format_tl(costs.total)} (toplama katılmadı)" if item else _NONE)
        else:
            amounts.append(to_tl(costs.total))
    forms = [where(form) for part in change.parts if part.pair.difference for form in part.forms]
    words = [word for mark, word in _COST_WORDS.items() if mark in change.marks]
    return _codes(change) | {
        "durum": _state(change, *words, *([] if change.pair else ["karşılaştırılamadı"])),
        "birimler": ", ".join(map(str, change.units[1] or change.units[0])) or None,
        "eski": amounts[0],
        "yeni": amounts[1],
        "form": "; ".join(forms) or None,
    }


def _code_row(change: changes.CostChange, code: changes.CodeChange) -> Fields:
    named = {"kod": change.item.code or None, "ad": change.item.name, "birim": unit_label(code.unit) or None}
    return named | {"kalem": code.row.title} | _pair(code.pair) | _places(code.old_place, code.new_place)


def _values(change: changes.Entry) -> Iterator[Fields]:
    """A row for each value that differs; one without a value for an indicator that was added, removed or moved."""
    if not change.values and not change.same:
        blank = dict.fromkeys(("yil", "eski", "yeni", "eski_yer", "yeni_yer"))
        yield _codes(change) | {"durum": _state(change)} | blank
    for value in change.values:
        same_year = value.old_year == value.new_year
        yield _codes(change) | {
            "durum": _state(change, "değeri değişti" if value.readable else "karşılaştırılamadı"),
            "yil": str(value.new_year) if same_year else f"{value.old_year} → {value.new_year} hedefi",
            "eski": indicator_cell(value.old) if value.readable else _UNREAD,
            "yeni": indicator_cell(value.new) if value.readable else _UNREAD,
            **_places(value.old_place, value.new_place),
        }


def _text(entry: changes.Entry) -> Fields:
    old, new = (item.name or None if item else None for item in (entry.old, entry.new))
    return {"tur": KIND_NAMES[entry.kind], "kod": entry.item.code, "eski": old, "yeni": new} | _sides(entry)


def _count(change: changes.CountChange) -> Fields:
    """A cell of a general table, among the texts: as it stands there."""
    old, new = (None if count is None else said(count) for count in (change.old, change.new))
    places = _places(change.old_place, change.new_place)
    return {"tur": change.table, "kod": change.cell, "eski": old, "yeni": new} | places
