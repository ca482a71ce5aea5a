"""A trace for the terminal: the tree, the forms that it ends in, and what a form's cell feeds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import groupby
from pathlib import PurePath

from kars_xl.base.money import to_kurus, to_tl
from kars_xl.reading.grid.cells import CellValue
from kars_xl.reports.trace import Feeds, Trace, origins_below
from kars_xl.reports.trace.book import Address
from kars_xl.reports.trace.facts import MONEY, ORDER, SHARE, Fact, Origin
from kars_xl.reports.trace.forms import CHANGED, MISSING, SAME, Feed, Form, Forms
from kars_xl.reports.trace.tree import Node

WIDTH = 100
# Deeper than any table goes; a column of running totals would go on for thousands.
DEPTH = 40
_LISTED = 6
_LEAST = 12
_STATES = {SAME: "birleştirmeden beri değişmemiş", CHANGED: "birleştirmeden sonra DEĞİŞMİŞ", MISSING: "bulunamadı"}

# What is still to be written: first line's and further lines' beginning, role, node or finished line, depth.
Entry = tuple[str, str, str, "Node | str", int]


def trace_text(trace: Trace) -> str:
    """The tree, then each form once with who filled it in and its hash, then the notes."""
    lines = list(tree_lines(trace.root, trace.forms))
    if origins := origins_below(trace.root):
        lines += ["", "Formlar", *_form_lines(origins, trace.forms)]
    if trace.notes:
        lines += ["", *(f"Not: {note}" for note in trace.notes)]
    return "\n".join(lines)


def tree_lines(root: Node, forms: Forms) -> Iterator[str]:
    """The tree line by line; what was shown before is named again, but not all that is below it."""
    shown: set[tuple[str, int, int]] = set()
    waiting: list[Entry] = [("", "", "", root, 0)]
    while waiting:
        first, rest, role, entry, depth = waiting.pop()
        if isinstance(entry, str):
            yield first + entry
            continue
        chain = _chain(entry, shown)
        last = chain[-1]
        idle = _idle(chain)
        below: list[tuple[str, Node | str]] = [*last.children]
        if below and idle:
            below.append(("", f"… ve {idle}"))
        again = last.address in shown and bool(below or last.origins)
        deeper = depth >= DEPTH and bool(last.children)
        shown.update(node.address for node in chain)
        value = f"{role}: {entry.text}" if role else entry.text
        yield first + _fitted(f"{value}  ", entry.fact, WIDTH - len(first))
        inner = rest + ("│  " if below and not again and not deeper else "   ")
        if again:
            yield f"{inner}{_where(chain)}  (yukarıda gösterildi)"
            continue
        where = inner + _where(chain)
        aside = f"  ({idle})" if idle and not below else ""
        yield where + _formula(last, WIDTH - len(where) - len(aside)) + (aside if len(where + aside) <= WIDTH else "")
        if len(where + aside) > WIDTH:
            yield inner + aside.lstrip()
        for note in dict.fromkeys(note for node in chain for note in node.notes):
            yield f"{inner}! {note}"
        for origin in last.origins:
            yield inner + _origin(origin, forms, named=len(last.origins) > 1)
        if deeper:
            yield f"{inner}… daha derine inmek için bu hücreyi izleyin"
            continue
        waiting += reversed([_entry(rest, item, at == len(below), depth) for at, item in enumerate(below, start=1)])


def _entry(rest: str, item: tuple[str, Node | str], final: bool, depth: int) -> Entry:
    role, entry = item
    return rest + ("└─ " if final else "├─ "), rest + ("   " if final else "│  "), role, entry, depth + 1


def _chain(node: Node, shown: set[tuple[str, int, int]]) -> list[Node]:
    """A figure that is passed on unchanged from cell to cell is shown once, with all of them."""
    chain = [node]
    while len(node.children) == 1 and not node.origins and node.address not in shown:
        child = node.children[0][1]
        if child.text != node.text or child.value != node.value or child in chain:
            break
        node = child
        chain.append(node)
    return chain


def _idle(chain: Sequence[Node]) -> str:
    """How many cells of the formulas add nothing; "" for none."""
    zeros, texts = sum(node.zeros for node in chain), sum(node.texts for node in chain)
    counted = ((zeros, "sıfır/boş hücre"), (texts, "metin hücresi"))
    return ", ".join(f"{count} {what}" for count, what in counted if count)


def _where(chain: Sequence[Node]) -> str:
    """The cells of a chain, each sheet named where it begins."""
    parts = []
    sheet = ""
    for node in chain:
        parts.append(node.cell if node.sheet == sheet else f"{node.sheet}!{node.cell}")
        sheet = node.sheet
    return " ← ".join(parts)


def _formula(node: Node, width: int) -> str:
    """The formula, cut to `width`; left out where there is no room for any of it."""
    return f"  {_cut(node.formula, width - 2)}" if node.formula and width > 2 * _LEAST else ""


def _fitted(begin: str, fact: Fact, width: int) -> str:
    """The label after `begin`, its longest part cut so that the line fits."""
    parts = list(fact.parts)
    over = len(begin) + len(fact.label) - width
    if parts and over > 0:
        longest = max(range(len(parts)), key=lambda at: len(parts[at]))
        parts[longest] = _cut(parts[longest], max(len(parts[longest]) - over, _LEAST))
    return (begin + " ▸ ".join(parts)).rstrip()


def _cut(text: str, width: int) -> str:
    return text if len(text) <= max(width, _LEAST) else text[: max(width, _LEAST) - 1].rstrip() + "…"


def _origin(origin: Origin, forms: Forms, *, named: bool) -> str:
    """The form's cell; with `named` the unit stands beside it, to tell several apart."""
    named_item = origin.row.item_text and not origin.row.is_indicator and not origin.whole
    item = f" ({origin.row.item_text})" if named_item else ""
    whole = " (tablonun toplamı)" if origin.whole else ""
    unit = f" – {origin.row.unit}" if named and origin.row.unit else ""
    line = f"⇐ {origin.row.file} ▸ {origin.row.sheet} ▸ {origin.cell}: {origin.text or 'boş'}{item}{whole}{unit}"
    now = forms.now(origin)
    return line + (f" – formda şimdi {now}" if now else "")


def _form_lines(origins: Iterable[Origin], forms: Forms) -> Iterator[str]:
    by_form: dict[tuple[str, str], Origin] = {}
    for origin in origins:
        by_form.setdefault((origin.row.file, origin.row.digest), origin)
    for origin in by_form.values():
        form = forms.form(origin)
        facts = [
            origin.row.unit.name,
            f"dolduran {origin.row.filled_by}" if origin.row.filled_by else "dolduran yazılmamış",
        ]
        facts.append(f"revizyon {origin.row.revision or '0'}")
        yield f"  {origin.row.file} – {', '.join(filter(None, facts))}"
        yield f"    {_state(form)}"
        if origin.row.digest:
            yield f"    SHA-256 {origin.row.digest}"


def _state(form: Form) -> str:
    return f"{_STATES[form.state]}: {form.path}" if form.path else _STATES[form.state]


def feeds_text(found: Feeds) -> str:
    """The form's cell, and below it by sheet all that it feeds; the checks and other sheets only counted."""
    place = " ▸ ".join((PurePath(found.file).name, found.address[0], found.cell))
    lines = [f"{place}: {found.text}", *([_fitted("", found.fact, WIDTH)] if found.fact.parts else []), ""]
    if found.why:
        return "\n".join([*lines, f"Hiçbir hücreyi beslemez. {found.why}"])
    for (table, sheet), group in groupby(found.feeds, key=lambda feed: (feed.fact.table, feed.address[0])):
        cells = list(group)
        if table == ORDER[-1]:
            lines.append(f"{sheet}: {_counted(cells)}")
            continue
        lines.append(sheet)
        shares = [feed for feed in cells if feed.fact.kind == SHARE]
        amounts = (feed for feed in cells if feed.fact.kind != SHARE)
        lines += [f"  {feed.cell:<6}" + _fitted(f"{feed.text:>20}  ", feed.fact, WIDTH - 8) for feed in amounts]
        if shares:
            lines.append(f"  Paylar: {_counted(shares)}")
    return "\n".join(lines)


def _counted(cells: Sequence[Feed]) -> str:
    named = ", ".join(feed.cell for feed in cells[:_LISTED])
    return f"{len(cells)} hücre ({named}{', …' if len(cells) > _LISTED else ''})"


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
        "sources": [_origin_data(origin, forms) for origin in node.origins],
        "children": [_node(child, part, forms, seen, depth + 1) for part, child in node.children],
    }


def _origin_data(origin: Origin, forms: Forms) -> Json:
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
