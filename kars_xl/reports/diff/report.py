"""The difference as a report: the totals first, then what changed, the largest changes on top."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import attrgetter
from typing import Any

from kars_xl.base.money import format_signed, format_tl
from kars_xl.base.place import Place
from kars_xl.findings import blocks
from kars_xl.findings.as_text import NOTHING_WRITTEN, clipped, count_line, said, where
from kars_xl.findings.finding import Result
from kars_xl.reading.cell_values import format_indicator
from kars_xl.reports.diff import changes
from kars_xl.reports.diff.amounts import KINDS, MARKS, counts
from kars_xl.reports.diff.data import INCOMPLETE, KIND_NAMES, SAME, SIDES, difference_data

_SHOWN = 10
_NAME = 96
_BLANK = "boş"

Notes = Callable[[Any], Iterator[blocks.Note]]


class Comparison(Result, frozen=True):
    """What a comparison found and wrote; `difference` is None where a source could not be read."""

    difference: changes.Difference | None = None
    written: tuple[str, ...] = ()


def diff_report(done: Comparison, *, asked: bool = False) -> blocks.Report:
    """The comparison, and what was found in the sources; `asked`: a workbook of it was to be written."""
    diff, findings = done.difference, done.findings
    parts: list[blocks.Block] = list(_comparison(diff)) if diff else []
    if findings:
        title = "Kaynaklar okunurken bulunanlar"
        parts += [
            blocks.Listed(title=title, findings=findings, err=done.failed),
            blocks.Lines(lines=[count_line(findings)], err=done.failed),
        ]
    written = done.written[0] if done.written else None
    end = [f"Yazıldı: {written}"] if written else [NOTHING_WRITTEN] if asked else []
    parts += [
        blocks.Lines(lines=end, err=not written),
        blocks.Data(key="output", value=written),
        blocks.Data(key="diff", value=difference_data(diff) if diff else None),
    ]
    return blocks.Report(command="diff", blocks=parts, findings=findings)


def _comparison(diff: changes.Difference) -> Iterator[blocks.Block]:
    yield blocks.Lines(lines=[f"Eski: {_side(diff.old)}", f"Yeni: {_side(diff.new)}"])
    if diff.same:
        yield blocks.Lines(title="", lines=[SAME])
        return
    if not diff.complete:
        yield blocks.Lines(title="Dikkat", lines=[INCOMPLETE])
    yield blocks.Table(title="Toplamlar", columns=_of_pairs(_line_name), rows=diff.totals)
    columns = [blocks.Column(lambda item: KINDS[item[0]], "Tür")]
    columns += [blocks.Column(_count(mark), name) for mark, name in MARKS.items()]
    yield blocks.Table(title="Sayılar", columns=columns, rows=list(counts(diff).items()))
    yield from sections(diff)


def _count(mark: str) -> Callable[[tuple[str, dict[str, int]]], object]:
    """Only indicators and activities have figures of their own."""
    return lambda item: "" if mark == "changed" and item[0] not in ("indicator", "activity") else item[1][mark] or "-"


def _side(side: changes.Side) -> str:
    facts = [side.institution, str(side.year) if side.year else "yılı belli değil"]
    facts += [side.unit.name, f"revizyon {side.revision}"] if side.unit else []
    return f"{side.file} ({', '.join(filter(None, facts))})"


def _of_pairs(name: Callable[[Any], str], title: str = "Ad") -> list[blocks.Column]:
    """A row's name, its amounts on both sides, and by how much they differ."""

    def of(what: Callable[[changes.Pair], object]) -> Callable[[Any], object]:
        return lambda row: "-" if row.pair is None else what(row.pair)

    return [
        blocks.Column(name, title),
        blocks.Column(of(lambda pair: blocks.Tl(pair.old)), "Eski (TL)"),
        blocks.Column(of(lambda pair: blocks.Tl(pair.new)), "Yeni (TL)"),
        blocks.Column(of(lambda pair: blocks.Tl(pair.difference, signed=True)), "Fark (TL)"),
        blocks.Column(of(attrgetter("percent")), "Fark %"),
    ]


def _line_name(line: Any) -> str:
    return f"{line.key} {line.label}" if line.key[:1].isdigit() else str(line.label)


def sections(diff: changes.Difference, *, sums: bool = True) -> Iterator[blocks.Block]:
    """What differs, a block each; without `sums` single things only, as of one form."""
    for block in _sections(diff, sums):
        if block.rows if isinstance(block, blocks.Table) else block.lines:
            yield block


def _sections(diff: changes.Difference, sums: bool) -> Iterator[blocks.Table | blocks.Lines]:
    """All of them, those without rows too."""

    def table(
        title: str, columns: Sequence[blocks.Column], rows: Iterable[Any], notes: Notes = lambda _: iter(())
    ) -> blocks.Table:
        return blocks.Table(title=title, columns=columns, rows=list(rows), notes=notes, counted=True, most=_SHOWN)

    def lines(title: str, found: Iterable[str]) -> blocks.Lines:
        listed = list(found)
        return blocks.Lines(title=f"{title} ({len(listed)})", lines=listed, bullet="  ", most=_SHOWN)

    gaps = [f"{SIDES[gap.side]}: {gap.message}" + (f" [{where(gap.place)}]" if gap.place else "") for gap in diff.gaps]
    yield lines("Karşılaştırılamayan", gaps)
    activity = _of_pairs(lambda change: _headed(change.entry.item), "Faaliyet")
    changed = sorted((change for change in diff.activities if change.changed), key=_weight)
    yield table("Tutarı değişen faaliyetler", activity, changed, _amount_notes)

    def notes(code: changes.CodeChange) -> Iterator[blocks.Note]:
        if cells := _cells(code):
            yield blocks.Note(cells.strip())

    for name, codes in diff.columns:
        label = next((line.label for line in diff.totals if line.key == name), name)
        yield table(f"{label}: değişen kodlar", _of_pairs(lambda code: code.row.title, "Kod"), codes, notes)
    for title, mark in (("Eklenen faaliyetler", "added"), ("Çıkarılan faaliyetler", "removed")):
        rows = sorted((change for change in diff.activities if getattr(change.entry, mark)), key=_weight)
        yield lines(title, map(_whole, rows))
    units = []
    for change in (change for change in diff.activities if change.units_changed):
        before, after = (", ".join(map(str, named)) for named in (change.old_units, change.new_units))
        units.append(f"{_headed(change.entry.item)}: {before} → {after}")
    yield lines("Sorumlu birimi değişen faaliyetler", units)
    if sums:
        for whose, found in (("Hedefe", diff.by_target), ("Birime", diff.by_unit), ("Ekonomik koda", diff.by_code)):
            differing = [line for line in found if line.pair.difference]
            differing.sort(key=lambda line: -abs(line.pair.difference))
            yield table(f"{whose} göre değişen toplamlar", _of_pairs(_line_name), differing)
        yield table("Formlara göre", _FORM, diff.by_form)
    values = [(change.entry.item, value) for change in diff.indicators for value in change.values if value.changed]
    yield lines("Değeri değişen göstergeler", map(_value, values))
    yield lines("Değişen genel tablolar", map(_count_change, diff.counts))
    for kind, name in KINDS.items():
        own = [it for it in diff.entries if it.kind == kind != "activity" and (it.added or it.removed)]
        yield lines(f"{name}: eklenen (+) ve çıkarılan (-)", map(_listed, own))
    yield lines("Taşınan ya da kodu değişen", (_moved(entry) for entry in diff.entries if entry.moved))
    yield lines("Hedefiyle birlikte kodu değişen", (_moved(entry) for entry in diff.entries if entry.follows))
    yield lines("Metni değişen", (_reworded(entry) for entry in (*diff.entries, *diff.notes) if entry.reworded))


_FORM = (
    blocks.Column(lambda line: line.file or "formu bilinmeyen", "Form"),
    blocks.Column(lambda line: blocks.Tl(line.pair.difference, signed=True), "Fark (TL)"),
    blocks.Column(attrgetter("amounts"), "Tutar"),
    blocks.Column(attrgetter("values"), "Gösterge değeri"),
    blocks.Column(attrgetter("texts"), "Metin"),
    blocks.Column(attrgetter("listed"), "Ekleme, çıkarma, taşıma"),
)


def _weight(change: changes.ActivityChange) -> int:
    return -abs(change.pair.difference) if change.pair else 0


def _headed(item: changes.Item) -> str:
    return clipped(f"{item.code} {item.name}", _NAME)


def _amount_notes(change: changes.ActivityChange) -> Iterator[blocks.Note]:
    """What of the amount is under which code and whose, and the forms that the new amount comes from."""
    for code in change.codes:
        whose = f" ({changes.unit_label(code.unit)})" if code.unit is not None else ""
        yield blocks.Note(f"{code.row.title}{whose}: {_change(code.pair)}{_cells(code)}")
    for part in change.parts:
        if part.pair.difference and len(change.parts) > 1:
            yield blocks.Note(f"{changes.unit_label(part.unit)}: {_change(part.pair)}")
        if part.forms and (part.pair.difference or len(change.parts) == 1):
            yield blocks.Note(f"form: {', '.join(map(where, part.forms))}")


def _change(pair: changes.Pair) -> str:
    return f"{format_tl(pair.old)} → {format_tl(pair.new)} ({format_signed(pair.difference)})"


def _cells(change: changes.CodeChange | changes.ValueChange | changes.CountChange) -> str:
    """Both cells; nothing where neither is known."""
    named = [where(place) if place else "?" for place in (change.old_place, change.new_place)]
    return f" [{' → '.join(named)}]" if change.old_place or change.new_place else ""


def _at(place: Place | None) -> str:
    return f" [{where(place)}]" if place else ""


def _whole(change: changes.ActivityChange) -> str:
    """An activity that was added or removed, with what it costs."""
    costs, units = (change.new, change.new_units) if change.entry.added else (change.old, change.old_units)
    amount = "tutarı yok" if costs is None else f"{format_tl(costs.total)} TL"
    forms = [where(form) for part in change.parts for form in part.forms]
    facts = [amount, ", ".join(map(str, units)), f"form: {', '.join(forms)}" if forms else ""]
    return f"{_listed(change.entry)} – {' – '.join(filter(None, facts))}"


def _listed(entry: changes.Entry) -> str:
    """An item that was added or removed, with its place."""
    return f"{'+' if entry.added else '-'} {_headed(entry.item)}{_at(entry.item.place)}"


def _value(changed: tuple[changes.Item, changes.ValueChange]) -> str:
    item, change = changed
    year = str(change.new_year)
    if change.old_year != change.new_year:
        year = f"program yılı hedefi ({change.old_year} → {change.new_year})"
    old, new = (format_indicator(value) or _BLANK for value in (change.old, change.new))
    said = f"{old} → {new}" if change.readable else "okunamadı ya da belli değil, karşılaştırılamadı"
    return f"{_headed(item)}: {year}: {said}{_cells(change)}"


def _count_change(change: changes.CountChange) -> str:
    old, new = (_BLANK if count is None else said(count) for count in (change.old, change.new))
    return f"{change.table} ▸ {change.cell}: {old} → {new}{_cells(change)}"


def _moved(entry: changes.Entry) -> str:
    assert entry.old
    assert entry.new
    under = f" ({entry.old.parent} → {entry.new.parent} altına)" if entry.old.parent != entry.new.parent else ""
    return f"{entry.old.code} → {entry.new.code}{under}: {entry.new.name}"


def _reworded(entry: changes.Entry) -> str:
    """Both wordings in full: what was changed may be at their end."""
    assert entry.old
    assert entry.new
    old, new = (f"“{item.name or _BLANK}”{_at(item.place)}" for item in (entry.old, entry.new))
    return f"{KIND_NAMES[entry.kind]} {entry.new.code}: eski {old}, yeni {new}"
