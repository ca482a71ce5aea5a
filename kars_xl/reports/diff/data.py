"""The difference for machines: only what differs, amounts as decimal strings in TL, every value with its place."""

from kars_xl.findings.blocks import Tl
from kars_xl.reports.diff import changes
from kars_xl.reports.diff.changes import SIDES, Difference, Entry, unit_label
from kars_xl.reports.diff.edition import Edition

Fields = dict[str, object]


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
