"""The difference for machines: only what differs, amounts as decimal strings in TL, every value with its place."""

from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from kars_xl.base.money import to_tl
from kars_xl.base.place import Place
from kars_xl.findings.as_json import plain
from kars_xl.model.cost_rows import CostRow
from kars_xl.model.programme import Costs, IndicatorValue
from kars_xl.model.units import Unit
from kars_xl.reports.diff import changes
from kars_xl.reports.diff.amounts import counts

Data = dict[str, object]
_MARKS = ("added", "removed", "reworded", "moved", "follows")


def difference_data(diff: changes.Difference) -> Data:
    """What `--format json` gives as "diff"."""
    entries = {name: getattr(diff, name) for name in ("goals", "objectives", "targets", "notes")}
    return {
        "same": diff.same,
        "complete": diff.complete,
        "old": _plain(diff.old),
        "new": _plain(diff.new),
        "gaps": _plain(diff.gaps),
        "totals": {line.key: _plain(line.pair) for line in diff.totals},
        "counts": counts(diff),
        **{name: [_plain(entry) for entry in found if not entry.same] for name, found in entries.items()},
        "activities": [_plain(change) for change in diff.activities if not change.same],
        "indicators": [_plain(change) for change in diff.indicators if change.changed or not change.entry.same],
        "columns": {name: _plain(codes) for name, codes in diff.columns if codes},
        "general_tables": plain(diff.counts),
        "by_target": _plain(diff.by_target),
        "by_unit": _plain(diff.by_unit),
        "by_code": _plain(diff.by_code),
        "by_form": _plain(diff.by_form),
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
            percent = None if value.ratio is None else str(value.ratio)
            return {"old": _tl(value.old), "new": _tl(value.new), "difference": _tl(value.difference)} | {
                "percent": percent
            }
        case changes.Side():
            own = {"year": value.year or None, "unit": value.unit.name or None}
            return _fields(value) | own | {"revision": value.revision if value.unit else None}
        case changes.Gap():
            return _fields(value, what="message")
        case changes.Item():
            return _fields(value) | {"parent": value.parent or None}
        case changes.Entry():
            return _entry(value)
        case changes.ActivityChange():
            return _activity(value)
        case changes.IndicatorChange():
            values = [_plain(item) for item in value.values if item.changed]
            return _entry(value.entry, ["values"] if values else []) | {"values": values}
        case changes.CodeChange():
            return _fields(value, row="code") | {"unit": value.whose or None}
        case changes.Part():
            return _fields(value) | {"unit": value.whose}
        case changes.FormLine():
            counted = {name: getattr(value, name) for name in ("amounts", "values", "texts", "listed")}
            return {"file": value.file or None, "difference": _tl(value.pair.difference), **counted}
    return _fields(value)


def _fields(value: Any, **renamed: str) -> Data:
    """By name; the amounts of a pair stand among the other fields."""
    found: Data = {}
    for field in fields(value):
        plain = _plain(getattr(value, field.name))
        found |= plain if field.name == "pair" else {renamed.get(field.name, field.name): plain}
    return found


def _tl(kurus: int) -> str:
    return str(to_tl(kurus))


def _entry(entry: changes.Entry, more: Iterable[str] = ()) -> Data:
    marks = [*(mark for mark in _MARKS if getattr(entry, mark)), *more]
    return {"changes": marks, "old": _plain(entry.old), "new": _plain(entry.new)}


def _activity(change: changes.ActivityChange) -> Data:
    marks = {"amount": change.changed, "units": change.units_changed}
    # Where one side's figure is not known there is no difference.
    half = {"old": _plain(change.old), "new": _plain(change.new), "difference": None, "percent": None}
    return _entry(change.entry, [mark for mark, is_so in marks.items() if is_so]) | {
        "amount": _plain(change.pair) if change.pair else half,
        "units": {"old": _plain(change.old_units), "new": _plain(change.new_units)},
        "codes": _plain(change.codes),
        "parts": _plain(change.parts),
    }
