"""A trace for machines: nested nodes, figures as decimal strings."""

from __future__ import annotations

from decimal import Decimal

from kars_xl.base.money import to_kurus, to_tl
from kars_xl.reading.grid.cells import CellValue
from kars_xl.reports.trace import Feeds, Trace
from kars_xl.reports.trace.book import Address
from kars_xl.reports.trace.facts import MONEY, Fact
from kars_xl.reports.trace.forms import Forms
from kars_xl.reports.trace.origins import Origin
from kars_xl.reports.trace.show import DEPTH
from kars_xl.reports.trace.tree import Node

Json = dict[str, object]


def trace_json(trace: Trace) -> Json:
    return {"trace": _node(trace.root, "", trace.forms, set(), 0), "feeds": [], "notes": list(trace.notes)}


def _node(node: Node, role: str, forms: Forms, seen: set[Address], depth: int) -> Json:
    """A node with all below it; one that stands elsewhere in the tree already, or too deep, is only named."""
    found = {
        "sheet": node.sheet,
        "cell": node.cell,
        **_fact(node.fact),
        "value": _value(node.value, node.fact.kind),
        "text": node.text,
        "role": role,
        "formula": node.formula,
    }
    if node.address in seen:
        return found | {"repeated": True}
    if depth >= DEPTH and node.children:
        return found | {"deeper": True}
    seen.add(node.address)
    return found | {
        "zeros": node.zeros,
        "texts": node.texts,
        "notes": node.notes,
        "sources": [_origin(origin, forms) for origin in node.origins],
        "children": [_node(child, part, forms, seen, depth + 1) for part, child in node.children],
    }


def _origin(origin: Origin, forms: Forms) -> Json:
    form = forms.form(origin)
    return {
        "file": origin.row.file,
        "sheet": origin.row.sheet,
        "cell": origin.cell,
        "item": "" if origin.row.is_indicator else origin.row.item_text,
        "value": _value(origin.value, "" if origin.key[0] == "PHT" else MONEY),
        "text": origin.text,
        "unit": origin.row.unit.name,
        "filled_by": origin.row.filled_by,
        "revision": origin.row.revision,
        "sha256": origin.row.digest,
        "form": {"path": form.path or None, "state": form.state, "now": forms.now(origin) or None},
    }


def feeds_json(found: Feeds) -> Json:
    form = {"file": found.file, "sheet": found.address[0], "cell": found.cell, **_fact(found.fact), "text": found.text}
    feeds = [
        {
            "sheet": feed.address[0],
            "cell": feed.cell,
            **_fact(feed.fact),
            "value": _value(feed.value, feed.fact.kind),
            "text": feed.text,
            "step": feed.step,
        }
        for feed in found.feeds
    ]
    return {"trace": None, "form": form, "feeds": feeds, "notes": [found.why] if found.why else []}


def _fact(fact: Fact) -> Json:
    return {"table": fact.table, "label": fact.label, "kind": fact.kind}


def _value(value: CellValue, kind: str) -> str | None:
    """An amount with its kuruş, any other number with the decimals that it has."""
    if isinstance(value, Decimal):
        return str(to_tl(to_kurus(value)[0])) if kind == MONEY else format(value, "f")
    return None if value is None else getattr(value, "text", str(value))
