"""The nodes of the summary by spending unit: each unit's own activities, and its part of those that it shares.

A shared activity is never divided by guess. Its parts are the units' own cost tables; where a source has none (a
published programme names the units and gives one table), the units stand together in a line of their own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from kars_xl.model.programme import Activity, Programme
from kars_xl.model.sources import Contribution, Given
from kars_xl.model.units import Unit
from kars_xl.template.nodes import Node

_NOBODY = "Sorumlu birimi belirtilmeyen faaliyetler"


def unit_summary(programme: Programme, sources: Sequence[Given], activities: Sequence[Node]) -> dict[str, list[Node]]:
    """The root's lists `birim_ozeti`, `birim_faaliyeti` and `ortak_faaliyet`; the last two below their units too."""
    given = {activity.code: activity for activity in programme.activities}
    tables = _units_of_tables(sources)
    alone: dict[tuple[Unit, ...], list[Node]] = defaultdict(list)
    shared: dict[Unit, list[Node]] = defaultdict(list)
    for node in activities:
        activity = given[node.key]
        if _divided(activity, tables):
            for unit in activity.units:
                shared[unit].append(node)
        else:
            alone[tuple(sorted(activity.units))].append(node)
    lines = {units: _name(units) for units in alone} | {(unit,): unit.name for unit in shared}
    ordered = sorted(lines, key=lambda units: (not units, len(units) > 1, units))
    nodes = []
    for units in ordered:
        node = Node("birim_ozeti", "\n".join(map(str, units)), {"ad": lines[units]})
        node.lists["birim_faaliyeti"] = [_row("birim_faaliyeti", node, found, {}) for found in alone.get(units, ())]
        parts = shared.get(units[0], []) if len(units) == 1 else []
        node.lists["ortak_faaliyet"] = [_shared_row(node, found, given[found.key]) for found in parts]
        nodes.append(node)
    return {"birim_ozeti": nodes} | {
        kind: [row for node in nodes for row in node.lists[kind]] for kind in ("birim_faaliyeti", "ortak_faaliyet")
    }


def _units_of_tables(sources: Sequence[Given]) -> Mapping[str, set[Unit]]:
    """The units that gave a cost table, by activity."""
    found: dict[str, set[Unit]] = defaultdict(set)
    for item in sources:
        if isinstance(item, Contribution):
            found[item.activity].add(item.sender.unit)
    return found


def _divided(activity: Activity, tables: Mapping[str, set[Unit]]) -> bool:
    """Whether several units share the activity and each cost table is that of one of them, and of all of them one."""
    return len(activity.units) > 1 and tables.get(activity.code) == set(activity.units)


def _name(units: tuple[Unit, ...]) -> str:
    if not units:
        return _NOBODY
    return units[0].name if len(units) == 1 else ", ".join(map(str, units)) + " (birlikte)"


def _shared_row(unit: Node, activity: Node, given: Activity) -> Node:
    others = ", ".join(other.name for other in given.units if other.name != unit.key)
    return _row("ortak_faaliyet", unit, activity, {"diger_birimler": others})


def _row(kind: str, unit: Node, activity: Node, fields: Mapping[str, object]) -> Node:
    """A row below a unit; its owner is the activity, so that references find the activity's own cost table."""
    return Node(kind, f"{unit.key}/{activity.key}", dict(fields), activity)
