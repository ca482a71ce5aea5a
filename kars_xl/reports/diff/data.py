"""The difference for machines, and as the data tree that templates/fark_raporu.xlsx is filled from. For machines: only
what differs, amounts as decimal strings in TL, every value with its place. In the tree amounts are exact TL
(Decimal)."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from kars_xl import __version__
from kars_xl.base.money import format_tl, to_tl
from kars_xl.base.place import Place
from kars_xl.findings.as_text import said, where
from kars_xl.findings.blocks import plain
from kars_xl.model.cost_rows import CostRow
from kars_xl.model.programme import Costs, IndicatorValue
from kars_xl.model.units import Unit
from kars_xl.reports.diff import changes
from kars_xl.reports.diff.amounts import KINDS, MARKS, counts
from kars_xl.template.nodes import Node
from kars_xl.workbook.nodes.lists import COLUMN_NAMES, Fields, indicator_cell

Data = dict[str, object]
SAME = "İki kaynak arasında fark yok."
INCOMPLETE = "KARŞILAŞTIRMA EKSİK: rakamı olmayan satır, iki yanda da toplamlara katılmadı."
SIDES = {"old": "eski", "new": "yeni"}
KIND_NAMES = KINDS | {"indicator": "Gösterge", "note": "Açıklama"}


def difference_data(diff: changes.Difference) -> Data:
    """What `--format json` gives as "diff"."""
    entries = {name: getattr(diff, name) for name in ("goals", "objectives", "targets", "notes")}
    return {
        "same": diff.same,
        "complete": diff.complete,
        **{name: _plain(getattr(diff, name)) for name in ("old", "new", "gaps")},
        "totals": {line.key: _plain(line.pair) for line in diff.totals},
        "counts": counts(diff),
        **{name: [_plain(entry) for entry in found if not entry.same] for name, found in entries.items()},
        "activities": [_plain(change) for change in diff.activities if not change.same],
        "indicators": [_plain(change) for change in diff.indicators if change.changed or not change.entry.same],
        "columns": {name: _plain(codes) for name, codes in diff.columns if codes},
        "general_tables": plain(diff.counts),
        **{name: _plain(getattr(diff, name)) for name in ("by_target", "by_unit", "by_code", "by_form")},
    }


def _plain(value: Any) -> Any:
    """A value of the comparison as JSON has it; what is no value of its own is told by its fields."""
    match value:
        case None | bool() | int() | str() | Place() | CostRow() | Costs() | IndicatorValue() | Unit():
            return plain(value)
        case tuple():
            return [_plain(item) for item in value]
        case changes.Pair():
            # Percent is None where there was nothing before.
            amounts = {name: str(to_tl(getattr(value, name))) for name in ("old", "new", "difference")}
            return amounts | {"percent": None if value.ratio is None else str(value.ratio)}
        case changes.Side():
            own = {"year": value.year or None, "unit": value.unit.name or None}
            return _fields(value) | own | {"revision": value.revision if value.unit else None}
        case changes.Item():
            return _fields(value) | {"parent": value.parent or None}
        case changes.Entry():
            return _entry(value)
        case changes.ActivityChange():
            marks = {"amount": value.changed, "units": value.units_changed}
            # Where one side's figure is not known there is no difference.
            half = {"old": _plain(value.old), "new": _plain(value.new), "difference": None, "percent": None}
            return _entry(value.entry, [mark for mark, is_so in marks.items() if is_so]) | {
                "amount": _plain(value.pair) if value.pair else half,
                "units": {"old": _plain(value.old_units), "new": _plain(value.new_units)},
                "codes": _plain(value.codes),
                "parts": _plain(value.parts),
            }
        case changes.IndicatorChange():
            values = [_plain(item) for item in value.values if item.changed]
            return _entry(value.entry, ["values"] if values else []) | {"values": values}
        case changes.CodeChange():
            return _fields(value, row="code") | {"unit": changes.unit_label(value.unit) or None}
        case changes.Part():
            return _fields(value) | {"unit": changes.unit_label(value.unit)}
        case changes.FormLine():
            counted = {name: getattr(value, name) for name in ("amounts", "values", "texts", "listed")}
            return {"file": value.file or None, "difference": str(to_tl(value.pair.difference)), **counted}
    return _fields(value)


def _fields(value: Any, **renamed: str) -> Data:
    """By name; the amounts of a pair stand among the other fields."""
    found: Data = {}
    for name in value.__struct_fields__:
        plain = _plain(getattr(value, name))
        found |= plain if name == "pair" else {renamed.get(name, name): plain}
    return found


def _entry(entry: changes.Entry, more: Iterable[str] = ()) -> Data:
    marks = [mark for mark in ("added", "removed", "reworded", "moved", "follows") if getattr(entry, mark)]
    return {"changes": [*marks, *more], "old": _plain(entry.old), "new": _plain(entry.new)}


_NONE = "-"
_UNREAD = "rakam yok"


def difference_tree(diff: changes.Difference) -> Node:
    """The root node with all lists of the report."""
    lists: dict[str, Iterable[Fields]] = {
        "sayim": _counts(diff),
        "sutun": [_line(line) for line in diff.totals if line.key in COLUMN_NAMES],
        "eksik": [
            {"yan": SIDES[it.side], "metin": it.message, "yer": it.place and where(it.place)} for it in diff.gaps
        ],
        "faaliyet": [_activity_row(change) for change in diff.activities],
        "kod_farki": _codes(diff),
        "gosterge": _values(diff.indicators),
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
        "kayit": [_listed(it) for it in diff.entries if it.added or it.removed or it.moved or it.follows],
        "metin": [
            *(_text(entry) for entry in (*diff.entries, *diff.notes) if entry.reworded),
            *map(_count, diff.counts),
        ],
    }
    sentence = SAME if diff.same else "" if diff.complete else f"{INCOMPLETE} Aşağıda sayılmıştır."
    fields = {
        # The workbook's date of creation, which must not be today's, where no source names a year.
        "yil": diff.new.year or diff.old.year or 2000,
        "surum": __version__,
        "sonuc": sentence or "Farklar aşağıda ve öteki sayfalardadır.",
        "eksik_sayisi": len(diff.gaps),
        "eski": _side(diff.old),
        "yeni": _side(diff.new),
    }
    nodes = {kind: [Node(kind, str(at), row) for at, row in enumerate(rows, start=1)] for kind, rows in lists.items()}
    return Node("", "", fields, None, nodes)


def _side(side: changes.Side) -> Fields:
    unit = f"{side.unit}, revizyon {side.revision}" if side.unit else None
    return {"dosya": side.file, "idare": side.institution or None, "yil": side.year or None, "birim": unit}


def _counts(diff: changes.Difference) -> Iterator[Fields]:
    names = ("eklenen", "cikarilan", "metni_degisen", "tasinan", "rakami_degisen")
    for kind, found in counts(diff).items():
        figures: list[object] = [found[mark] for mark in MARKS]
        if kind not in ("indicator", "activity"):
            figures[-1] = _NONE
        yield {"ad": KINDS[kind], **dict(zip(names, figures, strict=True))}


def _line(line: changes.Line) -> Fields:
    code = line.key if line.key[:1].isdigit() else None
    return {"kod": code, "ad": line.label, "eski": to_tl(line.pair.old), "yeni": to_tl(line.pair.new)}


def _places(old: Place | None, new: Place | None) -> Fields:
    return {"eski_yer": old and where(old), "yeni_yer": new and where(new)}


def _codes_of(entry: changes.Entry) -> Fields:
    old, new = (side.code if side else None for side in (entry.old, entry.new))
    return {"eski_kod": old, "yeni_kod": new, "ad": entry.item.name}


def _state(entry: changes.Entry, *others: str) -> str:
    """What became of it, in words."""
    marks = (
        (entry.added, "eklendi"),
        (entry.removed, "çıkarıldı"),
        (entry.moved, "taşındı"),
        (entry.follows, "hedefiyle kodu değişti"),
        (entry.reworded, "metni değişti"),
    )
    return ", ".join([*(word for is_so, word in marks if is_so), *others]) or "aynı"


def _activity_row(change: changes.ActivityChange) -> Fields:
    known = change.pair is not None
    words = [*(["tutarı değişti"] if change.changed else []), *(["birimi değişti"] if change.units_changed else [])]
    forms = [where(form) for part in change.parts if part.pair.difference for form in part.forms]
    return _codes_of(change.entry) | {
        "durum": _state(change.entry, *words, *([] if known else ["karşılaştırılamadı"])),
        "birimler": ", ".join(map(str, change.new_units or change.old_units)) or None,
        "eski": _amount(change.old, known, absent=change.entry.added),
        "yeni": _amount(change.new, known, absent=change.entry.removed),
        "form": "; ".join(forms) or None,
    }


def _amount(costs: Costs | None, known: bool, *, absent: bool) -> object:
    """The figure; as text, which no sum takes in, where it can't be compared."""
    if costs is None:
        return _UNREAD
    if not known:
        return _NONE if absent else f"{format_tl(costs.total)} (toplama katılmadı)"
    return to_tl(costs.total)


def _codes(diff: changes.Difference) -> Iterator[Fields]:
    own = ((it.entry.item.code, it.entry.item.name, code) for it in diff.activities for code in it.codes)
    others = ((None, COLUMN_NAMES[name], code) for name, codes in diff.columns for code in codes)
    for number, name, code in (*own, *others):
        yield {
            "kod": number,
            "ad": name,
            "birim": changes.unit_label(code.unit) or None,
            "kalem": code.row.title,
            "eski": to_tl(code.pair.old),
            "yeni": to_tl(code.pair.new),
            **_places(code.old_place, code.new_place),
        }


def _values(indicators: Sequence[changes.IndicatorChange]) -> Iterator[Fields]:
    """A row for each value that differs; one without a value for an indicator that was added, removed or moved."""
    for change in indicators:
        named = _codes_of(change.entry)
        values = [value for value in change.values if value.changed]
        blank = dict.fromkeys(("yil", "eski", "yeni", "eski_yer", "yeni_yer"))
        if not values and not change.entry.same:
            yield named | {"durum": _state(change.entry)} | blank
        for value in values:
            same_year = value.old_year == value.new_year
            state = _state(change.entry, "değeri değişti" if value.readable else "karşılaştırılamadı")
            yield named | {
                "durum": state,
                "yil": str(value.new_year) if same_year else f"{value.old_year} → {value.new_year} hedefi",
                "eski": indicator_cell(value.old) if value.readable else _UNREAD,
                "yeni": indicator_cell(value.new) if value.readable else _UNREAD,
                **_places(value.old_place, value.new_place),
            }


def _listed(entry: changes.Entry) -> Fields:
    return _codes_of(entry) | {
        "tur": KIND_NAMES[entry.kind],
        "durum": _state(entry),
        **_places(entry.old.place if entry.old else None, entry.new.place if entry.new else None),
    }


def _count(change: changes.CountChange) -> Fields:
    """A cell of a general table, among the texts: as it stands there."""
    return {
        "tur": change.table,
        "kod": change.cell,
        "eski": None if change.old is None else said(change.old),
        "yeni": None if change.new is None else said(change.new),
        **_places(change.old_place, change.new_place),
    }


def _text(entry: changes.Entry) -> Fields:
    assert entry.old
    assert entry.new
    return {
        "tur": KIND_NAMES[entry.kind],
        "kod": entry.new.code,
        "eski": entry.old.name or None,
        "yeni": entry.new.name or None,
        **_places(entry.old.place, entry.new.place),
    }
