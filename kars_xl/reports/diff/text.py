"""The difference as a person reads it in a terminal of 100 columns: the summary first, the largest changes on top."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from textwrap import wrap

from kars_xl.base.money import format_signed, format_tl
from kars_xl.base.place import Place
from kars_xl.findings.as_text import where
from kars_xl.reading.cell_values import format_indicator
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
    Part,
    Side,
    ValueChange,
)
from kars_xl.reports.diff.sums import KINDS, MARKS, counts

SAME = "İki kaynak arasında fark yok."
SIDES = {"old": "eski", "new": "yeni"}
_SHOWN = 10
_KIND = 22

Section = tuple[str, Sequence[Iterable[str]]]


def difference_text(diff: Difference, *, everything: bool = False) -> str:
    """The whole comparison; of each section the first few, unless `everything` is asked for."""
    lines = [f"Eski: {_side(diff.old)}", f"Yeni: {_side(diff.new)}", ""]
    if diff.same:
        return "\n".join([*lines, SAME])
    if not diff.complete:
        lines += ["KARŞILAŞTIRMA EKSİK: rakamı olmayan satır, iki yanda da toplamlara katılmadı.", ""]
    summary = [_heads(), *map(sum_row, diff.totals), "", *_counts(diff)]
    lines += [*(f"  {line}".rstrip() for line in summary), ""]
    for title, rows in _sections(diff):
        if rows:
            lines += _section(title, rows, everything)
    return "\n".join(lines).rstrip()


def _side(side: Side) -> str:
    facts = [side.institution, str(side.year) if side.year else "yılı belli değil"]
    facts += [side.unit.name, f"revizyon {side.revision}"] if side.unit else []
    return f"{side.file} ({', '.join(filter(None, facts))})"


def _heads() -> str:
    heads = "".join(f"{name:>{AMOUNT}}" for name in ("Eski (TL)", "Yeni (TL)", "Fark (TL)"))
    return f"{'':<{NAME}}{heads}{'Fark %':>{PERCENT}}"


def _counts(diff: Difference) -> Iterator[str]:
    yield f"{'':<{_KIND}}" + "".join(f"{name:>15}" for name in MARKS.values())
    for kind, found in counts(diff).items():
        # Only indicators and activities have figures of their own.
        cells = [str(found[mark] or "-") for mark in MARKS if mark != "changed" or kind in ("indicator", "activity")]
        yield f"{KINDS[kind]:<{_KIND}}" + "".join(f"{text:>15}" for text in cells)


def _section(title: str, rows: Sequence[Iterable[str]], everything: bool) -> Iterator[str]:
    shown = rows if everything else rows[:_SHOWN]
    yield f"{title} ({len(rows)})"
    for row in shown:
        yield from (f"  {line}" for line in row)
    if len(rows) > len(shown):
        yield f"  … ve {len(rows) - len(shown)} tane daha (tümü için --all)."
    yield ""


def _sections(diff: Difference) -> Iterator[Section]:
    """Title and rows of each section."""
    yield "Karşılaştırılamayan", [_gap(diff, index) for index in range(len(diff.gaps))]
    amounts = sorted((change for change in diff.activities if change.changed), key=_weight)
    yield "Tutarı değişen faaliyetler", [amount_row(change) for change in amounts]
    for name, codes in diff.columns:
        label = next((line.label for line in diff.totals if line.key == name), name)
        yield f"{label}: değişen kodlar", [code_row(code) for code in codes]
    added = sorted((change for change in diff.activities if change.entry.added), key=_weight)
    yield "Eklenen faaliyetler", [whole_row(change) for change in added]
    removed = sorted((change for change in diff.activities if change.entry.removed), key=_weight)
    yield "Çıkarılan faaliyetler", [whole_row(change) for change in removed]
    yield "Sorumlu birimi değişen faaliyetler", [units_row(row) for row in diff.activities if row.units_changed]
    for title, lines in (("Hedefe", diff.by_target), ("Birime", diff.by_unit), ("Ekonomik koda", diff.by_code)):
        yield f"{title} göre değişen toplamlar", [[sum_row(line)] for line in _changed(lines)]
    yield "Formlara göre", [_form(line) for line in diff.by_form]
    yield "Değeri değişen göstergeler", [values_row(row) for row in diff.indicators if row.changed]
    others = [entry for entry in diff.entries if entry.kind != "activity" and (entry.added or entry.removed)]
    for kind, name in KINDS.items():
        own = [listed_row(entry) for entry in others if entry.kind == kind]
        yield f"{name}: eklenen (+) ve çıkarılan (-)", own
    yield "Taşınan ya da kodu değişen", [moved_row(entry) for entry in diff.entries if entry.moved]
    yield "Hedefiyle birlikte kodu değişen", [moved_row(entry) for entry in diff.entries if entry.follows]
    yield "Metni değişen", [reworded_row(entry) for entry in (*diff.entries, *diff.notes) if entry.reworded]


def _weight(change: ActivityChange) -> int:
    return -abs(change.pair.difference) if change.pair else 0


def _changed(lines: Sequence[Line]) -> list[Line]:
    """The largest difference first."""
    return sorted((line for line in lines if line.pair.difference), key=lambda line: -abs(line.pair.difference))


def _gap(diff: Difference, index: int) -> list[str]:
    gap = diff.gaps[index]
    place = f" [{where(gap.place)}]" if gap.place else ""
    return [f"{SIDES[gap.side]}: {gap.what}{place}"]


def _form(line: FormLine) -> list[str]:
    counted = (
        (line.amounts, "tutar"),
        (line.values, "gösterge değeri"),
        (line.texts, "metin"),
        (line.listed, "ekleme, çıkarma ya da taşıma"),
    )
    what = ", ".join(f"{count} {name}" for count, name in counted if count)
    name = clipped(line.file or "formu bilinmeyen", NAME - 2)
    return [f"{name:<{NAME}}{format_signed(line.pair.difference):>{AMOUNT}} TL", f"    {what}"]


WIDTH = 100
NAME, AMOUNT, PERCENT = 34, 18, 10
MISSING = "tutarı yok"
_BLANK = "boş"
_INNER = "    "


def clipped(text: str, width: int) -> str:
    """`text` on one line of at most `width` characters."""
    plain = " ".join(text.split())
    return plain if len(plain) <= width else plain[: width - 1].rstrip() + "…"


def sum_row(line: Line) -> str:
    """Name, old, new, difference and percent in columns."""
    label = f"{line.key} {line.label}" if line.key[:1].isdigit() else line.label
    return f"{clipped(label, NAME - 2):<{NAME}}{_columns(line.pair)}"


def _columns(pair: Pair) -> str:
    amounts = (format_tl(pair.old), format_tl(pair.new), format_signed(pair.difference))
    return "".join(f"{text:>{AMOUNT}}" for text in amounts) + f"{pair.percent:>{PERCENT}}"


def headed(item: Item, mark: str = "") -> str:
    return clipped(f"{mark}{item.code} {item.name}", WIDTH - 2)


def amount_row(change: ActivityChange) -> Iterator[str]:
    """The activity, its amounts, what of it is under which code, and the forms that the new amount comes from."""
    yield headed(change.entry.item)
    assert change.pair is not None
    yield f"{'':<{NAME}}{_columns(change.pair)}"
    for code in change.codes:
        yield from code_row(code)
    for part in change.parts:
        if part.pair.difference and len(change.parts) > 1:
            yield f"{_INNER}{clipped(part.whose, NAME - 6):<{NAME - 4}}{_columns(part.pair)}"
        if part.forms and (part.pair.difference or len(change.parts) == 1):
            yield _forms(part)


def code_row(change: CodeChange) -> Iterator[str]:
    """An economic code's amounts, and the cells where they stand."""
    label = change.row.title + (f" ({change.whose})" if change.unit is not None else "")
    yield f"{_INNER}{clipped(label, NAME - 6):<{NAME - 4}}{_columns(change.pair)}"
    if places := _places(change.old_place, change.new_place):
        yield f"{_INNER}  {places}"


def _places(old: Place | None, new: Place | None) -> str:
    """Both cells; nothing where neither is known."""
    named = [where(place) if place else "?" for place in (old, new)]
    return " → ".join(named) if old or new else ""


def listed_row(entry: Entry) -> list[str]:
    """An item that was added or removed, with its place."""
    place = entry.item.place
    return [headed(entry.item, "+ " if entry.added else "- "), *([f"{_INNER}{where(place)}"] if place else [])]


def whole_row(change: ActivityChange) -> list[str]:
    """An activity that was added or removed, with what it costs."""
    costs, units = (change.new, change.new_units) if change.entry.added else (change.old, change.old_units)
    amount = MISSING if costs is None else f"{format_tl(costs.total)} TL"
    heading, *places = listed_row(change.entry)
    facts = clipped(" – ".join(filter(None, (amount, ", ".join(map(str, units))))), WIDTH - 6)
    return [heading, f"{_INNER}{facts}", *places, *(_forms(part) for part in change.parts if part.forms)]


def _forms(part: Part) -> str:
    return f"{_INNER}form: {', '.join(map(where, part.forms))}"


def values_row(change: IndicatorChange) -> Iterator[str]:
    """The indicator, and each value that differs."""
    yield headed(change.entry.item)
    for value in change.values:
        if value.changed:
            yield f"{_INNER}{_value(value)}"
            if places := _places(value.old_place, value.new_place):
                yield f"{_INNER}  {places}"


def _value(change: ValueChange) -> str:
    year = str(change.new_year)
    if change.old_year != change.new_year:
        year = f"program yılı hedefi ({change.old_year} → {change.new_year})"
    old, new = (format_indicator(value) or _BLANK for value in (change.old, change.new))
    return f"{year}: {old} → {new}" if change.readable else f"{year}: okunamadı ya da belli değil, karşılaştırılamadı"


def moved_row(entry: Entry) -> list[str]:
    assert entry.old is not None
    assert entry.new is not None
    under = ""
    if entry.old.parent != entry.new.parent:
        under = f" ({entry.old.parent} → {entry.new.parent} altına)"
    return [clipped(f"{entry.old.code} → {entry.new.code}{under}: {entry.new.name}", WIDTH - 2)]


def reworded_row(entry: Entry) -> list[str]:
    """Both wordings in full: what was changed may be at their end."""
    assert entry.old is not None
    assert entry.new is not None
    rows = [f"{KIND_NAMES[entry.kind]} {entry.new.code}"]
    for side, item in (("eski", entry.old), ("yeni", entry.new)):
        inner = " " * (len(_INNER) + len(side) + 2)
        rows += wrap(f"{_INNER}{side}: {item.name or _BLANK}", WIDTH - 2, subsequent_indent=inner)
        rows += [f"{inner}{where(item.place)}"] if item.place else []
    return rows


KIND_NAMES = {
    "goal": "Amaç",
    "objective": "Hedef",
    "target": "Performans hedefi",
    "indicator": "Gösterge",
    "activity": "Faaliyet",
    "note": "Açıklama",
}


def units_row(change: ActivityChange) -> list[str]:
    old, new = (", ".join(map(str, units)) for units in (change.old_units, change.new_units))
    return [headed(change.entry.item), *wrap(f"{_INNER}{old} → {new}", WIDTH - 2, subsequent_indent=_INNER)]
