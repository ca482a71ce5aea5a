"""The difference for machines: only what differs, amounts as decimal strings in TL, every value with its place."""

from __future__ import annotations

from collections.abc import Sequence

from kars_xl.base.money import to_tl
from kars_xl.base.place import Place
from kars_xl.model.programme import Costs, IndicatorValue
from kars_xl.reports.diff.changes import (
    ActivityChange,
    CodeChange,
    Difference,
    Entry,
    FormLine,
    IndicatorChange,
    Item,
    Line,
    Pair,
    Side,
)
from kars_xl.reports.diff.counts import counts

Data = dict[str, object]


def difference_data(diff: Difference) -> Data:
    """What `--format json` gives as "diff"."""
    return {
        "same": diff.same,
        "complete": diff.complete,
        "old": _side(diff.old),
        "new": _side(diff.new),
        "gaps": [
            {"side": gap.side, "key": gap.key, "message": gap.what, "place": _place(gap.place)} for gap in diff.gaps
        ],
        "totals": {line.key: _pair(line.pair) for line in diff.totals},
        "counts": counts(diff),
        "goals": _entries(diff.goals),
        "objectives": _entries(diff.objectives),
        "targets": _entries(diff.targets),
        "notes": _entries(diff.notes),
        "activities": [_activity(change) for change in diff.activities if not change.same],
        "indicators": [_indicator(change) for change in diff.indicators if change.changed or not change.entry.same],
        "columns": {name: [_code(code) for code in codes] for name, codes in diff.columns if codes},
        "by_target": _lines(diff.by_target),
        "by_unit": _lines(diff.by_unit),
        "by_code": _lines(diff.by_code),
        "by_form": [_form(line) for line in diff.by_form],
    }


def _side(side: Side) -> Data:
    return {
        "file": side.file,
        "institution": side.institution,
        "year": side.year or None,
        "unit": side.unit.name or None,
        "revision": side.revision if side.unit else None,
    }


def _place(place: Place | None) -> Data | None:
    return {"file": place.file, "sheet": place.sheet, "cell": place.cell} if place else None


def _tl(kurus: int) -> str:
    return str(to_tl(kurus))


def _pair(pair: Pair | None) -> Data:
    """Percent is None where there was nothing before, all is None where a figure is not known."""
    if pair is None:
        return dict.fromkeys(("old", "new", "difference", "percent"))
    percent = None if pair.ratio is None else str(pair.ratio)
    return {"old": _tl(pair.old), "new": _tl(pair.new), "difference": _tl(pair.difference), "percent": percent}


def _item(item: Item | None) -> Data | None:
    if item is None:
        return None
    return {"code": item.code, "name": item.name, "parent": item.parent or None, "place": _place(item.place)}


def _entry(entry: Entry) -> Data:
    marks = ("added", "removed", "reworded", "moved", "follows")
    return {
        "changes": [mark for mark in marks if getattr(entry, mark)],
        "old": _item(entry.old),
        "new": _item(entry.new),
    }


def _entries(entries: Sequence[Entry]) -> list[Data]:
    return [_entry(entry) for entry in entries if not entry.same]


def _activity(change: ActivityChange) -> Data:
    found = _entry(change.entry)
    changes = [*_names(found["changes"])]
    if change.changed:
        changes.append("amount")
    if change.units_changed:
        changes.append("units")
    return found | {
        "changes": changes,
        "amount": _pair(change.pair) if change.pair else _half(change),
        "units": {"old": list(map(str, change.old_units)), "new": list(map(str, change.new_units))},
        "codes": [_code(code) for code in change.codes],
        "parts": [
            {"unit": part.whose, **_pair(part.pair)}
            | {"old_place": _place(part.old_place), "new_place": _place(part.new_place)}
            | {"forms": [_place(form) for form in part.forms]}
            for part in change.parts
        ],
    }


def _names(found: object) -> list[str]:
    return list(found) if isinstance(found, list) else []


def _half(change: ActivityChange) -> Data:
    """The amount of the side that has one; without a difference."""
    return _pair(None) | {"old": _total(change.old), "new": _total(change.new)}


def _total(costs: Costs | None) -> str | None:
    return None if costs is None else _tl(costs.total)


def _code(change: CodeChange) -> Data:
    places = {"old_place": _place(change.old_place), "new_place": _place(change.new_place)}
    return {"code": change.key, "unit": change.whose or None, **_pair(change.pair), **places}


def _indicator(change: IndicatorChange) -> Data:
    found = _entry(change.entry)
    values = [
        {
            "old_year": value.old_year,
            "new_year": value.new_year,
            "old": _value(value.old),
            "new": _value(value.new),
            "readable": value.readable,
            "old_place": _place(value.old_place),
            "new_place": _place(value.new_place),
        }
        for value in change.values
        if value.changed
    ]
    return found | {"changes": [*_names(found["changes"]), *(["values"] if values else [])], "values": values}


def _value(value: IndicatorValue | None) -> str | None:
    """A decimal with its percent sign; "-" for the dash, None for a blank cell."""
    if value is None or value.amount is None:
        return None if value is None else "-"
    return f"{value.amount:f}" + ("%" if value.percent else "")


def _lines(lines: Sequence[Line]) -> list[Data]:
    return [{"key": line.key, "label": line.label, **_pair(line.pair)} for line in lines]


def _form(line: FormLine) -> Data:
    counted = {name: getattr(line, name) for name in ("amounts", "values", "texts", "listed")}
    return {"file": line.file or None, "difference": _tl(line.pair.difference), **counted}
