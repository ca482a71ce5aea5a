"""A trace as a report: the tree, the forms that it ends in, and what a form's cell feeds."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import groupby
from operator import attrgetter
from pathlib import PurePath

from kars_xl.base.money import format_tl, to_kurus, to_tl
from kars_xl.base.text import clipped
from kars_xl.findings import blocks
from kars_xl.findings.finding import Finding
from kars_xl.reading.grid.cells import CellValue
from kars_xl.reports.trace import CHANGED, MISSING, SAME, Feeds, Forms, Trace, origins_below
from kars_xl.reports.trace.book import Address
from kars_xl.reports.trace.facts import MONEY, ORDER, SHARE, Fact, Origin
from kars_xl.reports.trace.tree import Node
from kars_xl.reports.verdict import as_verdict, stopped

# Deeper than any table goes; a column of running totals would go on for thousands.
DEPTH = 40
_LISTED, _FORM_LINES = 6, 18
_FORMULA, _PART = 60, 36
_STATES = {SAME: "birleştirmeden beri değişmemiş", CHANGED: "birleştirmeden sonra DEĞİŞMİŞ", MISSING: "bulunamadı"}
_FEED = (
    blocks.Column(attrgetter("cell"), "Hücre", "cell"),
    blocks.Column(attrgetter("text"), "Değer", "text"),
    blocks.Column(lambda feed: _label(feed.fact), "Ne", words=True),
    *blocks.attributes("fact.label", "sheet", "fact.table", "fact.kind"),
    blocks.Column(lambda feed: _value(feed.value, feed.fact.kind), name="value"),
    blocks.Column(attrgetter("step"), name="step"),
)


def trace_report(trace: Trace) -> blocks.Report:
    """The tree, then each form once with what it gave, and with who filled it in and its hash, then the notes."""
    root, origins = trace.root, origins_below(trace.root)
    gave, records = _form_lines(origins, trace.forms)
    parts = [
        blocks.Tree(root=_branch(root, "", trace.forms, set(), 0), detail=True),
        blocks.Lines(title="Formlar", lines=gave, bullet="  ", most=_FORM_LINES),
        blocks.Lines(title="Formların kaydı", lines=records, bullet="  ", detail=True),
        blocks.Lines(lines=[f"Not: {note}" for note in trace.notes]),
    ]
    tree = _node(root, "", trace.forms, set(), 0)
    states = Counter(form.state for form in trace.forms.found.values())
    told = ", ".join(f"{count} form {_STATES[state]}" for state, count in states.items())
    came = f"{len(origins)} form hücresinden geliyor" if origins else "bir form hücresinden gelmiyor"
    end = [f"{root.sheet}!{root.cell}  {_label(root.fact)}: {root.text}, {came}{f'; {told}' if told else ''}."]
    if states[CHANGED]:
        end.append("Sıradaki adım: değişen formlarla yeniden birleştirin (kars-xl merge).")
    return _report([*parts, as_verdict(end)], trace.findings, trace=tree, feeds=[], notes=trace.notes)


def _report(parts: Sequence[blocks.Block], findings: Sequence[Finding], **values: object) -> blocks.Report:
    data = (blocks.Data(key=key, value=value) for key, value in values.items())
    *own, end = parts
    shown = [*own, *data, blocks.Listed(findings=findings), end]
    return blocks.Report(command="trace", blocks=shown, findings=findings)


def unopened_report(problem: Finding) -> blocks.Report:
    """Of a workbook or a form that can't be opened."""
    return _report([as_verdict(stopped([problem], "İzlenemedi"), bad=True)], [problem], trace=None, feeds=[])


def _branch(node: Node, role: str, forms: Forms, shown: set[Address], depth: int) -> blocks.Branch:
    """A figure with what it is made of; what was shown before is named again, but not all that is below it."""
    chain = _chain(node, shown)
    last = chain[-1]
    zeros, texts = sum(item.zeros for item in chain), sum(item.texts for item in chain)
    idle = ", ".join(f"{n} {what}" for n, what in ((zeros, "sıfır/boş hücre"), (texts, "metin hücresi")) if n)
    again = last.address in shown and bool(last.children or last.origins)
    deeper = depth >= DEPTH and bool(last.children)
    shown.update(item.address for item in chain)
    text = f"{role}: {node.text}" if role else node.text
    text = f"{text}  {_label(node.fact)}".rstrip()
    if again:
        return blocks.Branch(text, [f"{_where(chain)}  (yukarıda gösterildi)"])
    formula = f"  {clipped(last.formula, _FORMULA)}" if last.formula else ""
    lines = [_where(chain) + formula, *([f"({idle})"] if idle and not last.children else [])]
    lines += [f"! {note}" for note in dict.fromkeys(note for item in chain for note in item.notes)]
    lines += [_origin(origin, forms, named=len(last.origins) > 1) for origin in last.origins]
    if deeper:
        return blocks.Branch(text, [*lines, "… daha derine inmek için bu hücreyi izleyin"])
    below = [_branch(child, part, forms, shown, depth + 1) for part, child in last.children]
    return blocks.Branch(text, lines, [*below, *([blocks.Branch(f"… ve {idle}")] if below and idle else [])])


def _label(fact: Fact) -> str:
    """What a figure is, each part as much of it as tells which it is."""
    return " ▸ ".join(clipped(part, _PART) for part in fact.parts)


def _chain(node: Node, shown: set[Address]) -> list[Node]:
    """A figure that is passed on unchanged from cell to cell is shown once, with all of them."""
    chain = [node]
    while len(node.children) == 1 and not node.origins and node.address not in shown:
        child = node.children[0][1]
        if child.text != node.text or child.value != node.value or child in chain:
            break
        node = child
        chain.append(node)
    return chain


def _where(chain: Sequence[Node]) -> str:
    """The cells of a chain, each sheet named where it begins."""
    sheets = ["", *(node.sheet for node in chain)]
    named = zip(chain, sheets, strict=False)
    return " ← ".join(it.cell if it.sheet == before else f"{it.sheet}!{it.cell}" for it, before in named)


def _origin(origin: Origin, forms: Forms, *, named: bool) -> str:
    """The form's cell; with `named` the unit stands beside it, to tell several apart."""
    named_item = origin.row.item_text and not origin.row.is_indicator and not origin.whole
    item = f" ({origin.row.item_text})" if named_item else ""
    whole = " (tablonun toplamı)" if origin.whole else ""
    unit = f" – {origin.row.unit}" if named and origin.row.unit else ""
    line = f"⇐ {origin.row.file} ▸ {origin.row.sheet} ▸ {origin.cell}: {origin.text or 'boş'}{item}{whole}{unit}"
    now = forms.now(origin)
    return line + (f" – formda şimdi {now}" if now else "")


def _form_lines(origins: Iterable[Origin], forms: Forms) -> tuple[list[str], list[str]]:
    """For each form, the largest amount first, what it gave in all, its unit and the first of its cells; and who filled
    it in, with its hash."""
    by_form: dict[tuple[str, str], list[Origin]] = {}
    for origin in origins:
        by_form.setdefault((origin.row.file, origin.row.digest), []).append(origin)
    amounts = [sum((it.value or Decimal() for it in given), Decimal()) for given in by_form.values()]
    gave, records = list[tuple[str, str]](), list[str]()
    for amount, (origin, *others) in sorted(zip(amounts, by_form.values(), strict=True), key=lambda it: -it[0]):
        form, row = forms.form(origin), origin.row
        more = f" ve {len(others)} hücre daha" if others else ""
        changed = f" – {_STATES[CHANGED]}" if form.state == CHANGED else ""
        text = origin.text if origin.key[0] == "PHT" else f"{format_tl(to_kurus(amount)[0])} TL"
        gave.append((text, f"{row.unit} – {row.file} ▸ {row.sheet} ▸ {origin.cell}{more}{changed}"))
        filled_by = f"dolduran {row.filled_by}" if row.filled_by else "dolduran yazılmamış"
        records.append(f"{row.file} – {filled_by}, revizyon {row.revision or 0}")
        records.append(f"  {_STATES[form.state]}" + (f": {form.path}" if form.path else ""))
        records += [f"  SHA-256 {row.digest}"] if row.digest else []
    size = max((len(text) for text, _ in gave), default=0)
    return [f"{text:>{size}}  {whence}" for text, whence in gave], records


def feeds_report(found: Feeds) -> blocks.Report:
    """The form's cell, and below it by sheet all that it feeds; the checks and other sheets only counted."""
    start = found.start
    place = " ▸ ".join((PurePath(found.file).name, start.sheet, start.cell))
    parts: list[blocks.Block] = [blocks.Lines(lines=[f"{place}: {start.text}", *filter(None, [_label(start.fact)])])]
    if found.why:
        parts.append(blocks.Lines(title="Hiçbir hücreyi beslemez.", lines=[found.why]))
    for (table, sheet), cells in groupby(found.feeds, key=lambda feed: (feed.fact.table, feed.sheet)):
        parts += _fed(table, sheet, list(cells))
    form = {"file": found.file, "sheet": start.sheet, "cell": start.cell, **_fact(start.fact), "text": start.text}
    feeds = [blocks.record(_FEED, feed) for feed in found.feeds]
    fed = f"{len(found.feeds)} hücreyi besliyor." if found.feeds else "Hiçbir hücreyi beslemiyor."
    parts.append(as_verdict([f"{place} {fed}"]))
    return _report(parts, found.findings, trace=None, form=form, feeds=feeds, notes=list(filter(None, [found.why])))


def _fed(table: str, sheet: str, cells: Sequence[Node]) -> Iterator[blocks.Block]:
    """The cells of a sheet; shares, and what only checks or repeats, by their number."""
    counted = cells if table == ORDER[-1] else [feed for feed in cells if feed.fact.kind == SHARE]
    if amounts := [feed for feed in cells if feed not in counted]:
        yield blocks.Table(title=sheet, columns=_FEED, rows=amounts)
    if counted:
        named = ", ".join(feed.cell for feed in counted[:_LISTED]) + (", …" if len(counted) > _LISTED else "")
        yield blocks.Lines(lines=[f"{'Paylar' if amounts else sheet}: {len(counted)} hücre ({named})"])


def _node(node: Node, role: str, forms: Forms, seen: set[Address], depth: int) -> dict[str, object]:
    """A node with all below it; one that stands elsewhere in the tree already, or too deep, is only named."""
    found: dict[str, object] = {"sheet": node.sheet, "cell": node.cell, **_fact(node.fact)}
    found |= {"value": _value(node.value, node.fact.kind), "text": node.text, "role": role, "formula": node.formula}
    if node.address in seen:
        return found | {"repeated": True}
    if depth >= DEPTH and node.children:
        return found | {"deeper": True}
    seen.add(node.address)
    found |= {"zeros": node.zeros, "texts": node.texts, "notes": node.notes}
    sources = [_origin_data(origin, forms) for origin in node.origins]
    below = [_node(child, part, forms, seen, depth + 1) for part, child in node.children]
    return found | {"sources": sources, "children": below}


def _origin_data(origin: Origin, forms: Forms) -> dict[str, object]:
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


def _fact(fact: Fact) -> dict[str, object]:
    return {"table": fact.table, "label": fact.label, "kind": fact.kind}


def _value(value: CellValue, kind: str) -> str | None:
    """An amount with its kuruş, any other number with the decimals that it has."""
    if isinstance(value, Decimal):
        return str(to_tl(to_kurus(value)[0])) if kind == MONEY else format(value, "f")
    return None if value is None else getattr(value, "text", str(value))
