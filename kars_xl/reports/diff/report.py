"""The difference as a report: the totals first, then what changed, the largest changes on top."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import attrgetter
from typing import Any

from kars_xl.base.money import format_tl
from kars_xl.base.place import Place
from kars_xl.base.text import clipped
from kars_xl.findings import blocks
from kars_xl.findings.as_text import count_line, said, where
from kars_xl.findings.finding import Finding, Result
from kars_xl.reading.cell_values import format_indicator
from kars_xl.reports.diff import changes
from kars_xl.reports.diff.changes import KINDS, MARKS, SIDES
from kars_xl.reports.diff.data import difference_data
from kars_xl.reports.diff.edition import Edition
from kars_xl.reports.verdict import as_verdict, stopped

_SHOWN = 10
_NAME = 96
_BLANK = "boş"
_KIND_NAMES = KINDS | {"indicator": "Gösterge", "note": "Açıklama"}
_INCOMPLETE = "KARŞILAŞTIRMA EKSİK: rakamı olmayan satır, iki yanda da toplamlara katılmadı."
_FORM = (
    blocks.Column(lambda line: line.file or "formu bilinmeyen", "Form"),
    blocks.Column(lambda line: blocks.Tl(line.pair.difference, signed=True), "Fark (TL)"),
    blocks.Column(attrgetter("amounts"), "Tutar"),
    blocks.Column(attrgetter("values"), "Gösterge değeri"),
    blocks.Column(attrgetter("texts"), "Metin"),
    blocks.Column(attrgetter("listed"), "Ekleme, çıkarma, taşıma"),
)


class Comparison(Result, frozen=True):
    """What a comparison found and wrote; `difference` is None where a source could not be read. `unwritten` says what
    kept its page from being written."""

    difference: changes.Difference | None = None
    written: tuple[str, ...] = ()
    unwritten: tuple[Finding, ...] = ()


def diff_report(done: Comparison) -> blocks.Report:
    """The comparison, and what was found in the sources."""
    diff, findings = done.difference, done.findings
    parts: list[blocks.Block] = list(_comparison(diff)) if diff else []
    if diff is None:
        parts.append(blocks.Listed(findings=[found for found in findings if found.is_error], err=True))
    elif findings:
        title = "Kaynaklar okunurken bulunanlar"
        groups = [blocks.Group("kaynak", title, findings)]
        parts += [
            blocks.Listed(title=title, findings=findings, groups=groups, err=done.failed, detail=True),
            blocks.Lines(lines=[count_line(findings)], err=done.failed, on=blocks.IN_TEXT),
        ]
    end = stopped(done.unwritten) if done.unwritten else [f"Kaydedildi: {file}" for file in done.written]
    end += stopped(findings, "Karşılaştırılamadı") if diff is None else [_verdict(diff)]
    parts += [
        as_verdict(end, bad=done.failed, err=diff is None or bool(done.unwritten)),
        blocks.Data(key="written", value=done.written),
        blocks.Data(key="diff", value=diff and difference_data(diff)),
    ]
    heading = diff.new.programme.title if diff else ""
    return blocks.Report(command="diff", kind="Karşılaştırma", heading=heading, blocks=parts, findings=findings)


def _verdict(diff: changes.Difference) -> str:
    """By how much the sums differ, and where most of all."""
    if diff.same:
        return "İki kaynak aynı."
    total = diff.total(changes.GRAND) or diff.total(changes.ACTIVITIES)
    said = "karşılaştırılamadı" if total is None else total.as_text(" TL") if total.difference else "aynı"
    largest = min((it for it in diff.activities if it.pair and it.pair.difference), key=_weight, default=None)
    most = f"; en büyük fark {_headed(largest.item)}: {largest.pair.as_text(' TL')}" if largest and largest.pair else ""
    return f"Toplam {said}{most}{'' if diff.complete else '; okunamayan rakamlar toplamlara katılmadı'}."


def _comparison(diff: changes.Difference) -> Iterator[blocks.Block]:
    yield blocks.Lines(lines=[f"Eski: {_side(diff.old)}", f"Yeni: {_side(diff.new)}"])
    if diff.same:
        yield blocks.Lines(title="", lines=["İki kaynak arasında fark yok."])
        return
    if not diff.complete:
        yield blocks.Lines(title="Dikkat", lines=[_INCOMPLETE], look=blocks.BAD)
    yield blocks.Table(title="Toplamlar", columns=_of_pairs(_line_name), rows=diff.totals)
    columns = [blocks.Column(lambda item: KINDS[item[0]], "Tür")]
    columns += [blocks.Column(_count(mark), name) for mark, name in MARKS.items()]
    yield blocks.Table(title="Sayılar", columns=columns, rows=list(diff.counted().items()))
    yield from sections(diff)


def _count(mark: str) -> Callable[[tuple[str, dict[str, int]]], object]:
    """Only indicators and activities have figures of their own."""
    return lambda item: "" if mark == "changed" and item[0] not in ("indicator", "activity") else item[1][mark] or "-"


def _side(side: Edition) -> str:
    year = side.programme.year
    facts = [side.programme.institution.name, str(year) if year else "yılı belli değil"]
    facts += [side.unit.name, f"revizyon {side.revision}"] if side.unit else []
    return f"{side.file} ({', '.join(filter(None, facts))})"


def _of_pairs(name: Callable[[Any], str], title: str = "Ad") -> list[blocks.Column]:
    """A row's name, its amounts on both sides, and by how much they differ."""
    return [
        blocks.Column(name, title),
        blocks.Column(lambda row: blocks.Tl(row.pair.old), "Eski (TL)"),
        blocks.Column(lambda row: blocks.Tl(row.pair.new), "Yeni (TL)"),
        blocks.Column(lambda row: blocks.Tl(row.pair.difference, signed=True), "Fark (TL)"),
        blocks.Column(attrgetter("pair.percent"), "Fark %"),
    ]


def _line_name(line: Any) -> str:
    return f"{line.key} {line.label}" if line.key[:1].isdigit() else str(line.label)


def sections(diff: changes.Difference, *, sums: bool = True) -> Iterator[blocks.Block]:
    """What differs, a block each; without `sums` single things only, as of one form."""
    yield from _lines("Karşılaştırılamayan", (f"{SIDES[it.side]}: {it.message}{_at(it.place)}" for it in diff.gaps))
    activity = _of_pairs(lambda change: _headed(change.item), "Faaliyet")
    changed = [it for it in diff.activities if "amount" in it.marks]
    yield from _table("Tutarı değişen faaliyetler", activity, sorted(changed, key=_weight), notes=_amount_notes)
    for column in diff.columns:
        codes = _of_pairs(lambda code: code.row.title, "Kod")
        yield from _table(f"{column.item.name}: değişen kodlar", codes, column.codes, notes=_code_notes)
    for title, mark in (("Eklenen faaliyetler", "added"), ("Çıkarılan faaliyetler", "removed")):
        yield from _lines(title, map(_whole, sorted((it for it in diff.activities if mark in it.marks), key=_weight)))
    charged = ((it.item, map(_named, it.units)) for it in diff.activities if "units" in it.marks)
    lines = (f"{_headed(item)}: {' → '.join(sides)}" for item, sides in charged)
    yield from _lines("Sorumlu birimi değişen faaliyetler", lines)
    if sums:
        for whose, found in (("Hedefe", diff.by_target), ("Birime", diff.by_unit), ("Ekonomik koda", diff.by_code)):
            differing = sorted((it for it in found if it.pair.difference), key=_weight)
            yield from _table(f"{whose} göre değişen toplamlar", _of_pairs(_line_name), differing)
        yield from _table("Formlara göre", _FORM, diff.by_form)
    values = (_value(change.item, value) for change in diff.indicators for value in change.values)
    yield from _lines("Değeri değişen göstergeler", values)
    yield from _lines("Değişen genel tablolar", map(_count_change, diff.counts))
    for kind, name in KINDS.items():
        own = (it for it in diff.entries if it.kind == kind != "activity" and not (it.old and it.new))
        yield from _lines(f"{name}: eklenen (+) ve çıkarılan (-)", map(_listed, own))
    for title, mark, shown in (
        ("Taşınan ya da kodu değişen", "moved", _moved),
        ("Hedefiyle birlikte kodu değişen", "follows", _moved),
        ("Metni değişen", "reworded", _reworded),
    ):
        yield from _lines(title, (shown(it) for it in (*diff.entries, *diff.notes) if mark in it.marks))


def _table(title: str, columns: Sequence[blocks.Column], rows: Sequence[Any], **more: Any) -> Iterator[blocks.Table]:
    if rows:
        yield blocks.Table(title=title, columns=columns, rows=rows, counted=True, most=_SHOWN, detail=True, **more)


def _lines(title: str, found: Iterable[str]) -> Iterator[blocks.Lines]:
    if lines := list(found):
        yield blocks.Lines(title=f"{title} ({len(lines)})", lines=lines, bullet="  ", most=_SHOWN, detail=True)


def _weight(change: changes.Entry | changes.Line) -> int:
    return -abs(change.pair.difference) if change.pair else 0


def _named(units: Iterable[object]) -> str:
    return ", ".join(map(str, units))


def _headed(item: changes.Item) -> str:
    return clipped(f"{item.code} {item.name}", _NAME)


def _code_notes(code: changes.CodeChange) -> list[blocks.Note]:
    return [blocks.Note(cells.strip())] if (cells := _cells(code)) else []


def _amount_notes(change: changes.Entry) -> Iterator[blocks.Note]:
    """What of the amount is under which code and whose, and the forms that the new amount comes from."""
    for code in change.codes:
        whose = f" ({changes.unit_label(code.unit)})" if code.unit is not None else ""
        yield blocks.Note(f"{code.row.title}{whose}: {code.pair.as_text()}{_cells(code)}")
    for part in change.parts:
        if part.pair.difference and len(change.parts) > 1:
            yield blocks.Note(f"{changes.unit_label(part.unit)}: {part.pair.as_text()}")
        if part.forms and (part.pair.difference or len(change.parts) == 1):
            yield blocks.Note(f"form: {', '.join(map(where, part.forms))}")


def _cells(change: changes.Placed) -> str:
    """Both cells; nothing where neither is known."""
    named = [where(place) if place else "?" for place in (change.old_place, change.new_place)]
    return f" [{' → '.join(named)}]" if change.old_place or change.new_place else ""


def _at(place: Place | None) -> str:
    return f" [{where(place)}]" if place else ""


def _whole(change: changes.Entry) -> str:
    """An activity that was added or removed, with what it costs."""
    item = change.item
    amount = "tutarı yok" if item.costs is None else f"{format_tl(item.costs.total)} TL"
    forms = [where(form) for part in change.parts for form in part.forms]
    facts = [amount, _named(item.units), f"form: {', '.join(forms)}" if forms else ""]
    return f"{_listed(change)} – {' – '.join(filter(None, facts))}"


def _listed(entry: changes.Entry) -> str:
    """An item that was added or removed, with its place."""
    return f"{'+' if entry.new else '-'} {_headed(entry.item)}{_at(entry.item.place)}"


def _value(item: changes.Item, change: changes.ValueChange) -> str:
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
    (code, parent), (now, below) = ((item.code, item.parent) for item in entry.sides if item)
    under = f" ({parent} → {below} altına)" if parent != below else ""
    return f"{code} → {now}{under}: {entry.item.name}"


def _reworded(entry: changes.Entry) -> str:
    """Both wordings in full: what was changed may be at their end."""
    old, new = (f"“{item.name or _BLANK}”{_at(item.place)}" for item in entry.sides if item)
    return f"{_KIND_NAMES[entry.kind]} {entry.item.code}: eski {old}, yeni {new}"
