"""How many items of each kind changed, and how."""

from __future__ import annotations

from kars_xl.reports.diff.changes import Difference, Entry

KINDS = {
    "goal": "Amaç",
    "objective": "Hedef",
    "target": "Performans hedefi",
    "indicator": "Performans göstergesi",
    "activity": "Faaliyet",
}
MARKS = {
    "added": "eklenen",
    "removed": "çıkarılan",
    "reworded": "metni değişen",
    "moved": "taşınan",
    "changed": "rakamı değişen",
}


def counts(diff: Difference) -> dict[str, dict[str, int]]:
    """By kind: added, removed, reworded, moved; changed is of values and amounts."""
    found = {kind: _marks(kind, diff.entries) for kind in KINDS}
    found["indicator"]["changed"] = sum(change.changed for change in diff.indicators)
    found["activity"]["changed"] = sum(change.changed for change in diff.activities)
    return found


def _marks(kind: str, entries: tuple[Entry, ...]) -> dict[str, int]:
    own = [entry for entry in entries if entry.kind == kind]
    return {mark: sum(bool(getattr(entry, mark, False)) for entry in own) for mark in MARKS}
