"""Where the wordings and values of a source stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kars_xl.base.place import Place
from kars_xl.base.text import code_key
from kars_xl.merging.targets import target_code
from kars_xl.reading.tables import Document, TargetTable

Places = Mapping[tuple[str, ...], Place]


def place_index(documents: Sequence[Document]) -> Places:
    """The first place of each thing: (kind, code) for wordings, ("value", indicator, "0".."2"), ("note", target)."""
    found: dict[tuple[str, ...], Place] = {}
    for document in documents:
        for line in document.goals:
            found.setdefault((line.kind, line.code), line.text.place)
        for table in document.targets:
            _target(table, found)
    return found


def _target(table: TargetTable, found: dict[tuple[str, ...], Place]) -> None:
    code = target_code(table)
    codes = {
        "goal": table.heading.codes.get("goal") or ".".join(map(str, code_key(code)[:1])),
        "objective": table.heading.codes.get("objective") or ".".join(map(str, code_key(code)[:2])),
        "target": code,
        "note": code,
    }
    for kind, own in codes.items():
        text = table.heading.texts.get(kind)
        if text is not None:
            found.setdefault((kind, own), text.place)
    for row in table.indicators:
        found.setdefault(("indicator", row.code), row.name.place)
        for index, place in enumerate(row.places):
            found.setdefault(("value", row.code, str(index)), place)
    for activity in table.activities:
        found.setdefault(("activity", activity.code), activity.name.place)
